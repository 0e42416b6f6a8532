"""``quakeview forecast``, with a forecaster that knows the truth but for some noise."""

import argparse
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from quakeview import cli, registry
from quakeview.errors import QuakeViewError
from quakeview.geography import geography
from quakeview.jobs import Progress
from quakeview.registry import ModelCard
from quakeview.wavefield.forecasting import baselines, known_events, reference
from quakeview.wavefield.forecasting import forecaster as forecasters
from quakeview.wavefield.forecasting.forecast import Forecast, ForecastModel
from quakeview.wavefield.forecasting.forecast_command import add_arguments, main, output_paths
from quakeview.wavefield.forecasting.forecast_file import open_forecast
from quakeview.wavefield.forecasting.observation import Observation
from quakeview.wavefield.forecasting.reference import Library
from quakeview.wavefield.forecasting.station_choice import stations_called
from quakeview.wavefield.scenarios.datasets import DatasetEvent
from quakeview.wavefield.scenarios.header import Header, Wavefield
from quakeview.wavefield.scenarios.scenario import Scenario, ScenarioWriter
from quakeview.wavefield.scenarios.virtual_stations import ORIGIN_TIME, write_miniseed
from tests.wavefield.fields import header, velocity
from tests.wavefield.forecasting.fakes import plain_calibration

GRID = header(nx=40, ny=40, frames=80, x=1500.0 + 3000 * np.arange(40), y=1000.0 + 2000 * np.arange(40))
ORIGIN = ("--origin-time", ORIGIN_TIME.isoformat())


class Fake:
    """A forecaster of this truth; ``stop_after`` forecasts it is interrupted."""

    def __init__(self, truth: Wavefield, stop_after: int = 100) -> None:
        self.truth, self.left = truth, stop_after
        self.seen: list[Observation] = []
        self.region, self.x, self.y = truth.region, truth.x, truth.y
        self.frame_step, self.frequency = truth.frame_step, truth.frequency
        self.said = ""

    def on_its_grid(self, wavefield: Wavefield, progress: Progress = Progress()) -> Wavefield:
        return wavefield

    def said_of_grid(self, header: Header) -> str:
        return self.said

    def forecast(
        self, observation: Observation, duration: float, members: int | None = None, progress: Progress = Progress()
    ) -> Forecast:
        if not self.left:
            progress.cancel()
        self.left -= 1
        progress.advance(0, 1, "Forecasting")
        self.seen.append(observation)
        n = min(round(duration / self.frame_step), self.truth.n_frames - observation.stop)
        model = ForecastModel(
            "Fake", members or 3, skill="ACC 0.9", fewest_stations=5, calibration=plain_calibration(3)
        )
        forecast = Forecast(observation, n, model)
        future = self.truth.frames(observation.stop, observation.stop + n)
        scales = np.linspace(0.8, 1.2, members or 3, dtype=np.float32)
        forecast.append(scales[:, None, None, None, None] * future[None])
        return forecast


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """Forty nodes each way over the whole region, half a second between frames."""
    path = tmp_path / "event.h5"
    with ScenarioWriter(path, GRID) as writer:
        waves = velocity(40, 40, 80)
        for index in range(80):
            writer.write(index, waves[..., index])
    return path


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Fake]:
    """Installs a model folder and the fake forecaster that is loaded from it."""
    folder = tmp_path / "models" / "Fake"
    folder.mkdir(parents=True)
    card = {"name": "Fake", "system": "WaveCastNet", "task": "forecasting"}
    (folder / "config.json").write_text(json.dumps({"card": card}))
    (folder / "model.safetensors").touch()
    monkeypatch.setattr(registry, "shipped_models_dir", lambda: tmp_path / "models")
    monkeypatch.setattr(registry, "user_models_dir", lambda: tmp_path / "none")

    def install(path: Path, stop_after: int = 100) -> Fake:
        fake = Fake(Scenario.open(path), stop_after)
        monkeypatch.setattr(forecasters, "load_forecaster", lambda folder, device: fake)
        return fake

    return install


def options(*arguments: object) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(list(map(str, arguments)))


def records(scenario: Path, folder: Path, n: int = 5) -> tuple[Path, Path]:
    with Scenario.open(scenario) as truth:
        path = folder / "records.mseed"
        return path, write_miniseed(truth, geography(truth.region).stations[:n], path)


def test_a_scenario_is_forecast_written_and_scored(
    scenario: Path, use: Callable[..., Fake], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = use(scenario)
    output = tmp_path / "out.h5"
    assert cli.main(["forecast", str(scenario), "--window", "15.6", "--ensemble", "2", "-o", str(output)]) == 0
    assert fake.seen[0].dense
    kept = open_forecast(output)
    assert (kept.issued, kept.model.name, kept.model.members) == (31, "Fake", 2)
    out, err = capsys.readouterr()
    head, own, persistence, relation = out.splitlines()
    assert head.split("  ")[0] == "input to (s)"
    assert own.split()[:4] == ["15.5", "Fake", "1.000", "0.000"]
    assert persistence.split()[1] == "Persistence"
    assert float(persistence.split()[2]) < 0.5
    assert "magnitude known" in relation
    assert "out.h5: Fake (2 members) from the ground everywhere until 15.6 s, 24 s ahead" in err
    assert "Nearest event and ridge are left out: There are no training events on this grid" in err


def test_training_events_on_the_grid_are_baselines_too(
    scenario: Path,
    use: Callable[..., Fake],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use(scenario)
    event = DatasetEvent(0, "0.h5", "train", 45_000.0, 38_000.0, 8000.0, 6.0, 0.0, 90.0, 180.0)
    with Scenario.open(scenario) as truth:
        waves = truth.frames(0, truth.n_frames)
        scale = np.sqrt(np.mean(np.square(waves)))
        library = Library(truth.header, [event], np.array([scale]), (waves / scale).astype(np.float16)[None])
    monkeypatch.setattr(baselines, "training_folder", lambda header: tmp_path)
    monkeypatch.setattr(reference, "training_files", lambda folder: [scenario])
    monkeypatch.setattr(Library, "open", lambda folder, progress: library)
    monkeypatch.setattr(known_events, "_SOON_READ", 0)
    assert main(options(scenario, "--stations", "9", "-o", tmp_path / "quick.h5")) == 0
    out, err = capsys.readouterr()
    assert "Nearest" not in out
    assert "left out: 1 training event, 0.0 GB, would have to be read; add --training-events" in err
    assert main(options(scenario, "--stations", "9", "--training-events", "-o", tmp_path / "out.h5")) == 0
    rows = [line.split(None, 1)[1] for line in capsys.readouterr().out.splitlines()[1:]]
    assert [row.split(",")[0] for row in rows] == ["Fake", "Persistence", "Nearest event", "Ridge", "BSSA14"]
    assert rows[3].startswith("Ridge, 9 stations  ")


def test_a_sliding_window_makes_a_file_for_each_input(
    scenario: Path, use: Callable[..., Fake], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = use(scenario)
    assert main(options(scenario, "--window", "18.2,15.6,20.8", "-o", tmp_path / "out.h5")) == 0
    assert [seen.stop for seen in fake.seen] == [31, 36, 41]
    assert sorted(path.name for path in tmp_path.glob("out*")) == ["out-15.6s.h5", "out-18.2s.h5", "out-20.8s.h5"]
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]] == [
        time for time in ("15.5", "18.0", "20.5") for _ in range(3)
    ]


def test_stations_are_drawn_virtual_or_from_a_file(scenario: Path, use: Callable[..., Fake], tmp_path: Path) -> None:
    fake = use(scenario)
    (tmp_path / "sites.csv").write_text("name,x_km,y_km\nA,10,10\nB,50,41\n")
    for number, stations in enumerate(("7", "virtual", tmp_path / "sites.csv")):
        assert main(options(scenario, "--stations", stations, "-o", tmp_path / f"{number}.h5")) == 0
    drawn, virtual, own = (seen.known[..., 0] for seen in fake.seen)
    assert drawn.sum() == 7
    assert 50 < virtual.sum() <= len(geography().stations)
    assert np.argwhere(own).tolist() == [[3, 4], [16, 20]]  # nodes at 10.5, 9 and 49.5, 41 km
    assert stations_called("7", GRID, 1) == stations_called("7", GRID, 1) != stations_called("7", GRID, 2)


def test_every_station_that_is_left_out_has_its_reason(
    scenario: Path, use: Callable[..., Fake], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(scenario)
    (tmp_path / "sites.csv").write_text("name,x_km,y_km\nA,10,10\nB,50,41\nB2,50.2,41\nFar,500,41\n")
    assert main(options(scenario, "--stations", tmp_path / "sites.csv", "-o", tmp_path / "out.h5")) == 0
    err = capsys.readouterr().err
    assert "Far (line 5) is outside the region and was left out" in err
    assert "B2 is left out: it shares its node with B, which is nearer to it" in err
    assert "Not enough stations: 2 stations report, and Fake was trained with 5 or more" in err


def test_with_too_few_stations_the_table_says_so_and_no_silence_is_correct(
    scenario: Path, use: Callable[..., Fake], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(scenario)
    assert main(options(scenario, "--stations", "4", "--mmi", "4", "-o", tmp_path / "out.h5")) == 0
    scores, table = capsys.readouterr().out.split("\n\n")
    lines = table.splitlines()[1:-2]
    assert len(lines) > 5
    assert all(line.endswith("not enough stations") for line in lines)
    assert "Fake, 4 stations" in scores
    kept = open_forecast(tmp_path / "out.h5")
    assert not kept.support.enough.any()
    assert "Not enough stations: 4 stations report" in kept.support.reason


def test_a_window_between_frames_says_what_it_becomes(
    scenario: Path, use: Callable[..., Fake], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = use(scenario)
    fake.said = "Waves up to 0.5 Hz were low-passed."
    assert main(options(scenario, "--window", "16.2", "-o", tmp_path / "out.h5")) == 0
    err = capsys.readouterr().err
    assert "An input until 16.2 s ends at 16.00 s: there is a frame every 0.5 s." in err
    assert fake.said in err
    assert main(options(scenario, "--window", "16", "-o", tmp_path / "whole.h5")) == 0
    assert "An input until" not in capsys.readouterr().err


def test_alerts_do_not_depend_on_the_windows_that_are_asked_for(
    scenario: Path, use: Callable[..., Fake], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = use(scenario)
    tables = []
    for number, window in enumerate(("10", "15.6", "20.8,31.2")):
        fake.seen.clear()
        assert main(options(scenario, "--mmi", "4", "--window", window, "-o", tmp_path / f"{number}.h5")) == 0
        tables.append(capsys.readouterr().out.split("\n\n")[1])
    assert len(set(tables)) == 1
    assert "10 forecasts, from inputs until 7.5 to 31.0 s" in tables[0]
    assert len(fake.seen) == 10  # of which two were asked for


def test_delays_and_probability_of_alerts_are_options(
    scenario: Path, use: Callable[..., Fake], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(scenario)
    asked = ("--mmi", "4", "--telemetry-delay", "4", "--computing-delay", "0.5", "--alert-probability", "0.8")
    assert main(options(scenario, *asked, "-o", tmp_path / "a.h5")) == 0
    table = capsys.readouterr().out.split("\n\n")[1]
    assert "Alerts come 4.5 s after their input ends: 4 s until the data arrive, 0.5 s to compute" in table
    assert "probability of 80 % or more" in table
    alerts = [line.split() for line in table.splitlines()[1:-2]]
    assert "12.0" in {cell for line in alerts for cell in line}  # 7.5 s and the delays


def test_warning_times_are_printed_for_cities_or_own_sites(
    scenario: Path, use: Callable[..., Fake], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(scenario)
    (tmp_path / "sites.csv").write_text("name,x_km,y_km\nHome,10,10\nAway,500,40\n")
    assert main(options(scenario, "--mmi", "6", "--window", "10", "-o", tmp_path / "a.h5")) == 0
    assert "San Francisco" in capsys.readouterr().out
    sites = ("--sites", tmp_path / "sites.csv")
    assert main(options(scenario, "--mmi", "6", *sites, "--window", "10", "-o", tmp_path / "b.h5")) == 0
    out, err = capsys.readouterr()
    _, table = out.split("\n\n")
    (home,) = [line.split() for line in table.splitlines() if line.startswith("Home")]
    assert (home[1], home[-1]) == ("10.5", "hit")  # input until 7.5 s, and 3 s of delays
    assert float(home[3]) == pytest.approx(float(home[2]) - 10.5)
    assert "lower bounds" in table
    assert "Away (line 3) is outside the region" in err


def test_records_are_forecast_and_scored_at_the_stations(
    scenario: Path, use: Callable[..., Fake], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = use(scenario)
    waveforms, metadata = records(scenario, tmp_path)
    asked = (waveforms, "--inventory", metadata, "--mmi", "6")
    assert main(options(*asked, *ORIGIN, "-o", tmp_path / "a.h5")) == 0
    out, err = capsys.readouterr()
    scores, warnings = out.split("\n\n")
    assert len(scores.splitlines()) == 6
    assert {tuple(line.split()[2:4]) for line in scores.splitlines()[1:]} == {("1.00", "1.00")}
    assert len(warnings.splitlines()) == 8
    assert "5 stations, 2000-01-01 00:00:00 UTC: records until 40.0 s" in err
    until = datetime(2000, 1, 1, 0, 0, 15, 600_000, tzinfo=UTC)
    assert main(options(*asked, "--until", until.isoformat(), "-o", tmp_path / "b.h5")) == 0
    first, second = (seen for seen in fake.seen if seen.stop == 31)
    np.testing.assert_array_equal(first.known, second.known)
    np.testing.assert_allclose(first.frames, second.frames, atol=1e-6)


def test_stopped_it_keeps_what_is_finished(
    scenario: Path, use: Callable[..., Fake], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(scenario, stop_after=1)
    assert main(options(scenario, "--window", "10,15", "-o", tmp_path / "out.h5")) == 130
    assert (tmp_path / "out-10s.h5").exists()
    assert not (tmp_path / "out-15s.h5").exists()
    out, err = capsys.readouterr()
    assert out == ""
    assert "1 of 2 forecasts are finished and kept" in err


def test_a_model_that_is_not_there_or_does_not_forecast_is_explained(
    scenario: Path, use: Callable[..., Fake], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(scenario)
    output = ("-o", tmp_path / "out.h5")
    with pytest.raises(QuakeViewError, match="There is no model 'Other'; choose one of Fake"):
        main(options(scenario, "--model", "Other", *output))
    picker = ModelCard("Picker", "SeisMoLLM", "picking", tmp_path, "", {}, "", 12, "")
    monkeypatch.setattr(registry, "available_models", lambda: [picker])
    with pytest.raises(QuakeViewError, match="Picker is a picking model, not for forecasting"):
        main(options(scenario, "--model", "Picker", *output))
    with pytest.raises(QuakeViewError, match="No model for forecasting is installed"):
        main(options(scenario, *output))
    assert not (tmp_path / "out.h5").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("event.h5", "--window", "50"), "there are frames until 40.0 s"),
        (("event.h5", "--window", "0.1"), "choose a later time"),
        (("event.h5", "--stations", "0"), "choose 1 to 1600"),
        (("event.h5", "--stations", "2000"), "choose 1 to 1600"),
        (("event.h5", "--stations", "none.csv"), "none.csv could not be read"),
        (("event.h5", "event.h5"), "One scenario is forecast at a time"),
        (("event.h5", "--inventory", "a.xml"), "leave --inventory out"),
        (("event.h5", "--sites", "a.csv"), "Add --mmi"),
        (("event.h5", "--mmi", "12"), "choose one from 2 to 10"),
        (("event.h5", "--alert-probability", "0.5"), "Add --mmi"),
        (("event.h5", "--mmi", "5", "--alert-probability", "50"), "between 0 and 1"),
        (("event.h5", "--telemetry-delay", "-1"), "0 to 60 s"),
        (("event.h5", "--stations", "text.mseed"), "is it StationXML"),
        (("none.h5",), "none.h5"),
        (("text.h5",), "text.h5"),
        (("text.mseed",), "Add --inventory"),
        (("text.mseed", "--inventory", "text.mseed"), "Add --origin-time, or --until"),
        (("text.mseed", "--inventory", "text.mseed", *ORIGIN), "is it StationXML"),
        (("text.mseed", "--stations", "5"), "records have stations of their own"),
        (("records.mseed", "--inventory", "records.xml", "--origin-time", "1999-01-01"), "No station can be used"),
        (("records.mseed", "--inventory", "records.xml", *ORIGIN, "--window", "50"), "the records end at 40.0 s"),
        (("text.mseed", "--inventory", "records.xml", *ORIGIN), "not a waveform file"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(
    arguments: tuple[str, ...],
    sentence: str,
    scenario: Path,
    use: Callable[..., Fake],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    use(scenario)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.h5").write_text("no data")
    (tmp_path / "text.mseed").write_text("no data")
    records(scenario, tmp_path)
    capsys.readouterr()
    assert cli.main(["forecast", *arguments, "-o", "out.h5"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert sentence in err.splitlines()[-1]
    assert err.splitlines()[-1].startswith("quakeview: ")
    assert not (tmp_path / "out.h5").exists()


def test_the_output_is_checked_first(tmp_path: Path) -> None:
    (tmp_path / "there.h5").touch()
    for output, sentence in (
        (None, "Add -o"),
        (tmp_path, "is a folder"),
        (tmp_path / "there.h5", "exists already"),
        (tmp_path / "out.csv", "call it .*out.h5"),
        (tmp_path / "none" / "out.h5", "There is no folder"),
    ):
        with pytest.raises(QuakeViewError, match=sentence):
            output_paths(output, (15.6,))
    (tmp_path / "out-18.2s.h5").touch()
    with pytest.raises(QuakeViewError, match=r"out-18.2s.h5 exists"):
        output_paths(tmp_path / "out.h5", (15.6, 18.2))


@pytest.mark.parametrize(
    "arguments", [("--window", "soon"), ("--window", "-3"), ("--window", "nan"), ("--until", "noon"), ("--mmi", "V")]
)
def test_options_that_mean_nothing_are_wrong_usage(arguments: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as usage:
        options("event.h5", *arguments)
    assert usage.value.code == 2
