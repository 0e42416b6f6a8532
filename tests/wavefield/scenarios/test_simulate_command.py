import argparse
from pathlib import Path

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled
from quakeview.simulation.sources.rupture import make_rupture
from quakeview.simulation.sources.srf import read_srf
from quakeview.wavefield.scenarios import dataset_making, making, superposition
from quakeview.wavefield.scenarios.making import FrameReady, ScenarioRequest
from quakeview.wavefield.scenarios.scenario import ScenarioWriter
from quakeview.wavefield.scenarios.simulate_command import add_arguments, main, request_of
from tests.wavefield.fields import header, velocity


def options(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(arguments)


def written(frames: int, stopped: bool = False):
    """Stands in for the simulation: writes known frames."""

    def make(request, path, device, progress):
        with ScenarioWriter(path, header()) as writer:
            for index in range(frames):
                writer.write(index, velocity()[..., index])
                progress.publish(FrameReady(index, 0.0, velocity()[..., index]))
            if stopped:
                raise Cancelled
        return path

    return make


def test_options_become_a_request(tmp_path: Path) -> None:
    output = tmp_path / "a.h5"
    assert request_of(options("--magnitude", "6.0", "-o", str(output))) == ScenarioRequest(magnitude=6.0)
    point = options(
        *("--preset", "standard", "--magnitude", "4.5", "--hypocentre", "40,38,8.5", "--point", "--strike", "20"),
        *("--dip", "45", "--rake", "-90", "--model", "gil7", "--duration", "60", "--no-attenuation", "-o", str(output)),
    )
    assert request_of(point) == ScenarioRequest(
        magnitude=4.5,
        hypocentre=(40_000.0, 38_000.0, 8_500.0),
        preset="standard",
        source="point",
        strike=20.0,
        dip=45.0,
        rake=-90.0,
        model="gil7",
        duration=60.0,
        attenuation=False,
    )
    assert request_of(options("--srf", "r.srf", "-o", str(output))).srf == Path("r.srf")


def test_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match="Add -o"):
        main(options("--magnitude", "6"))
    with pytest.raises(QuakeViewError, match="Add --magnitude"):
        main(options("-o", str(tmp_path / "a.h5")))
    (tmp_path / "a.h5").write_text("")
    with pytest.raises(QuakeViewError, match="exists already"):
        main(options("--magnitude", "6", "-o", str(tmp_path / "a.h5")))
    with pytest.raises(SystemExit):
        options("--hypocentre", "40;38")


def test_options_that_exclude_each_other_are_refused(tmp_path: Path) -> None:
    output = str(tmp_path / "a.h5")
    with pytest.raises(QuakeViewError, match="its own magnitude"):
        main(options("--magnitude", "6", "--srf", "r.srf", "-o", output))
    with pytest.raises(QuakeViewError, match="leave the other options out"):
        main(options("dataset.toml", "-o", output))
    with pytest.raises(QuakeViewError, match="is a folder"):
        main(options("--magnitude", "6", "-o", str(tmp_path)))


def test_the_cost_is_said_before_and_the_result_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(making, "make_scenario", written(40))
    assert main(options("--magnitude", "6", "-o", str(tmp_path / "a.h5"))) == 0
    out, err = capsys.readouterr()
    assert "\nAbout " in err
    assert "MB of memory" in err
    assert "40 frames" in out
    peak = 100 * np.hypot(*velocity()[:2]).max()
    assert f"Peak ground velocity {peak:.3g} cm/s at X = " in out
    assert "a lower bound: only waves below 0.15 Hz" in out
    assert "Bay Area (illustrative); its geometry is simplified and no hazard estimate" in out


def test_stopped_it_keeps_the_frames_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(making, "make_scenario", written(7, stopped=True))
    assert main(options("--magnitude", "6", "-o", str(tmp_path / "a.h5"))) == 130
    out, err = capsys.readouterr()
    assert "7 of 40 frames" in out
    assert "Stopped before the end" in err
    monkeypatch.setattr(making, "make_scenario", written(0, stopped=True))
    assert main(options("--magnitude", "6", "-o", str(tmp_path / "b.h5"))) == 130
    assert "nothing was kept" in capsys.readouterr().err


def test_a_rupture_is_put_together_from_impulses_and_written_as_srf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    used: list[Path] = []

    def put_together(request, events, path, progress):
        used.extend(events)
        return written(40)(request, path, "cpu", progress)

    monkeypatch.setattr(superposition, "make_superposed", put_together)
    for name in ("b.h5", "a.h5", "metadata.csv"):
        (tmp_path / name).touch()
    (tmp_path / "made").mkdir()
    made, srf = tmp_path / "made" / "a.h5", tmp_path / "r.srf"
    rupture = ("--magnitude", "6", "--hypocentre", "40,38,8", "--seed", "3")
    both = options(*rupture, "--impulses", str(tmp_path), "--save-srf", str(srf), "-o", str(made))
    assert main(both) == 0
    assert used == [tmp_path / "a.h5", tmp_path / "b.h5"]
    assert "Peak ground velocity" in capsys.readouterr().out
    assert read_srf(srf).moment == pytest.approx(make_rupture(6.0, (40e3, 38e3, 8e3), 3).moment, rel=1e-3)
    point = options(*rupture, "--point", "--save-srf", str(srf), "-o", str(tmp_path / "p.h5"))
    with pytest.raises(QuakeViewError, match="leave --save-srf out"):
        main(point)


def test_a_data_set_is_described_by_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(QuakeViewError, match="cannot be read"):
        main(options(str(tmp_path / "none.toml")))
    (tmp_path / "dataset.toml").write_text('events = 960\noutput = "hayward"')
    monkeypatch.setattr(dataset_making, "make_dataset", lambda dataset, *_: dataset.events - 10)
    assert main(options(str(tmp_path / "dataset.toml"))) == 0
    out, err = capsys.readouterr()
    assert err.startswith("960 events of about ")
    assert f"950 new events in {tmp_path / 'hayward'}" in out
