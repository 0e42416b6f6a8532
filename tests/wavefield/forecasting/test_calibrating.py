"""Bands by lead time, from events that the forecaster did not learn from."""

import csv
import json
from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from quakeview import cli
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.wavefield.forecasting import ensemble
from quakeview.wavefield.forecasting.calibrating import Ratios, calibrate, table, validation_events
from quakeview.wavefield.forecasting.calibration import Calibration
from quakeview.wavefield.forecasting.forecast import Forecast, ForecastModel
from quakeview.wavefield.forecasting.model_files import read_calibration
from quakeview.wavefield.forecasting.observation import Observation
from quakeview.wavefield.scenarios.datasets import DatasetEvent
from quakeview.wavefield.scenarios.header import Wavefield
from quakeview.wavefield.scenarios.scenario import Scenario, ScenarioWriter
from tests.wavefield.fields import header
from tests.wavefield.forecasting.fakes import plain_calibration

NX, NY, FRAMES, STEP = 20, 16, 60, 0.5
GRID = header(NX, NY, FRAMES, frame_step=STEP)


class Wrong:
    """Errors are normal, and ``wrong`` times as large as the members differ; after 10 s ``later`` times."""

    def __init__(self, events: list[Path], wrong: float = 3.0, later: float = 6.0, members: int = 40) -> None:
        self.model = ForecastModel("Wrong", members)
        self.facts = SimpleNamespace(
            fewest_stations=50, input_frames=round(10 / STEP), frame_step=STEP, earliest_input=None
        )
        self.seen: list[Observation] = []
        self._random, self._events = np.random.default_rng(0), events
        self._wrong, self._later = wrong, later

    def on_its_grid(self, wavefield: Wavefield, progress: Progress = Progress()) -> Wavefield:
        self._truth = wavefield
        return wavefield

    def forecast(self, observation: Observation, duration: float) -> Forecast:
        self.seen.append(observation)
        n = round(duration / STEP)
        forecast = Forecast(observation, n, self.model)
        future = self._truth.frames(observation.stop, observation.stop + n)
        factor = np.where(STEP * np.arange(n) < 10, self._wrong, self._later)
        off = future + 0.05 * factor * self._random.standard_normal(future.shape)
        members = off + 0.05 * self._random.standard_normal((self.model.members, *future.shape))
        forecast.append(members.astype(np.float32))
        return forecast


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Three events for validation and one for training."""
    folder = tmp_path / "set"
    folder.mkdir()
    with (folder / "metadata.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(each.name for each in fields(DatasetEvent))
        for number in range(4):
            split = "validation" if number else "train"
            writer.writerow([number, f"{number}.h5", split, 1e4, 1e4, 1e4, 5.0, 0.0, 90.0, 0.0])
    for number in range(4):
        random = np.random.default_rng(number)
        with ScenarioWriter(folder / f"{number}.h5", GRID) as writer:
            for index in range(FRAMES):
                writer.write(index, random.uniform(-0.1, 0.1, (3, NX, NY)).astype(np.float32))
    return folder


def test_a_band_holds_as_much_as_it_says_at_every_lead_time(dataset: Path) -> None:
    events = validation_events([dataset])
    assert [path.name for path in events] == ["1.h5", "2.h5", "3.h5"]
    found = calibrate(Wrong(events), events, (0,), (5.0, 10.0))  # type: ignore[arg-type]
    (everywhere,) = found.by_stations
    assert (found.members, found.events, found.inputs) == (40, 3, (5.0, 10.0))
    early, late = np.array(everywhere.band[:2]), np.array(everywhere.band[2:4])
    np.testing.assert_allclose(early, 1.645 * 3, rtol=0.05)  # 90 % of a normal law
    np.testing.assert_allclose(late, 1.645 * 6, rtol=0.1)
    np.testing.assert_allclose(everywhere.coverage[:4], 0.9, atol=0.01)
    assert np.isnan(everywhere.band[6:]).all()
    assert everywhere.lead_rfne[3] == pytest.approx(2 * everywhere.lead_rfne[0], rel=0.05)


def test_stations_are_those_asked_for_and_the_fewest_of_the_model(dataset: Path) -> None:
    events = validation_events([dataset])[:2]
    forecaster = Wrong(events, members=3)
    found = calibrate(forecaster, events, inputs=(10.0,))  # type: ignore[arg-type]
    assert [each.stations for each in found.by_stations] == [0, 50, 101, 564]
    assert {int(seen.known[..., -1].sum()) for seen in forecaster.seen} == {50, 101, NX * NY}


def test_what_cannot_be_calibrated_says_why(dataset: Path) -> None:
    events = validation_events([dataset])
    with pytest.raises(QuakeViewError, match="give two or more"):
        calibrate(Wrong(events), events[:1])  # type: ignore[arg-type]
    with pytest.raises(QuakeViewError, match="one member"):
        calibrate(Wrong(events, members=1), events)  # type: ignore[arg-type]
    text = (dataset / "metadata.csv").read_text().replace("validation", "train")
    (dataset / "metadata.csv").write_text(text)
    with pytest.raises(QuakeViewError, match="no events for validation"):
        validation_events([dataset])


def test_the_factor_of_the_others_is_judged_on_each_event() -> None:
    ratios = Ratios(1, 2)
    ratios.add(0, 0, np.full(100, 2.0, np.float32), np.ones(100, np.float32))
    ratios.add(0, 1, np.full(100, 8.0, np.float32), np.ones(100, np.float32))
    assert ratios.factors(0.9)[0] == pytest.approx(8, rel=0.03)
    assert ratios.coverage(0.9)[0] == pytest.approx(0.5)  # the first holds nothing of the second, the second all


def test_the_command_keeps_what_it_finds(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    card = {"name": "Wrong", "system": "WaveCastNet", "task": "forecasting"}
    (folder / "config.json").write_text(json.dumps({"card": card, "wavefield": {"spacing": 1000.0}}))
    (folder / "model.safetensors").touch()
    fake = Wrong(validation_events([dataset]), members=3)
    monkeypatch.setattr(ensemble.EnsembleForecaster, "load", lambda folder, device: fake)
    monkeypatch.setattr("quakeview.wavefield.forecasting.calibrating.INPUTS", (1.0,))
    assert cli.main(["models", "calibrate", str(folder), str(dataset)]) == 0
    kept = read_calibration(folder)
    assert kept is not None
    assert (kept.members, kept.events) == (3, 3)
    assert json.loads((folder / "config.json").read_text())["wavefield"] == {"spacing": 1000.0}
    assert "held of an event left out" in capsys.readouterr().out
    assert cli.main(["models", "calibrate", str(folder), str(dataset), "--split", "dev"]) == 1
    assert "a forecaster is calibrated on all events" in capsys.readouterr().err


def test_it_survives_as_json_and_fewer_stations_take_the_next_fewer() -> None:
    calibration = plain_calibration(3)
    few = replace(calibration.by_stations[1], stations=60, band=(np.nan, *calibration.by_stations[1].band[1:]))
    calibration = replace(calibration, by_stations=(*calibration.by_stations[:1], few, replace(few, stations=101)))
    kept = Calibration.from_dict(json.loads(json.dumps(calibration.to_dict(), allow_nan=False)))
    assert str(kept) == str(calibration)
    found = {count: kept.at(count) for count in (None, 59, 60, 100, 101, 9000)}
    assert {count: it and it.stations for count, it in found.items()} == {
        None: 0,
        59: None,
        60: 60,
        100: 60,
        101: 101,
        9000: 101,
    }
    assert "60" in table(kept)
    with pytest.raises(ValueError, match="another length"):
        Calibration.from_dict(calibration.to_dict() | {"lead_ends": [5.0]})


def test_the_scenarios_are_closed_again(dataset: Path) -> None:
    events = validation_events([dataset])[:2]
    calibrate(Wrong(events, members=3), events, (0,), (10.0,))  # type: ignore[arg-type]
    with Scenario.open(events[0]) as scenario:
        assert scenario.n_frames == FRAMES
