"""``quakeview measures`` says what shakes a place."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from quakeview import cli
from quakeview.wavefield.ground_motion.intensity import mmi_from_pgv
from quakeview.wavefield.ground_motion.measures import resolved_periods, response_spectrum
from quakeview.wavefield.scenarios.scenario import Scenario, ScenarioWriter
from tests.wavefield.fields import header, velocity


def test_a_line_for_each_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.h5"
    known = header(frames=200, frame_step=0.5)
    frames = velocity(frames=200)
    with ScenarioWriter(path, known) as writer:
        for index in range(200):
            writer.write(index, frames[..., index])
    x, y = float(known.x[3]), float(known.y[2])
    sites = tmp_path / "sites.csv"
    sites.write_text(f"name,x_km,y_km\nHere,{x / 1000},{y / 1000}\n")
    assert cli.main(["measures", str(path), "--sites", str(sites)]) == 0
    captured = capsys.readouterr()
    (row,) = csv.DictReader(io.StringIO(captured.out))
    with Scenario.open(path) as scenario:
        trace, pgv, time = scenario.trace(x, y), scenario.pgv[3, 2], scenario.t_pgv[3, 2]
    assert (row["name"], float(row["x_km"])) == ("Here", pytest.approx(x / 1000))
    assert float(row["pgv_cm_s"]) == pytest.approx(100 * pgv, rel=1e-3)
    assert float(row["t_pgv_s"]) == pytest.approx(time, abs=0.01)
    assert float(row["mmi"]) == pytest.approx(mmi_from_pgv(pgv), abs=0.06)
    periods = resolved_periods(known.frequency, 100.0, 12)
    expected = np.sqrt(response_spectrum(trace[:2], 0.5, periods, known.frequency).prod(axis=0))
    columns = [name for name in row if name.startswith("psv_")]
    np.testing.assert_allclose([float(row[name]) for name in columns], 100 * expected, rtol=1e-3)
    assert "lower bounds" in captured.err


def test_a_scenario_that_is_too_short_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with ScenarioWriter(tmp_path / "a.h5", header()) as writer:
        writer.write(0, velocity()[..., 0])
    assert cli.main(["measures", str(tmp_path / "a.h5")]) == 1
    assert "simulate longer" in capsys.readouterr().err
