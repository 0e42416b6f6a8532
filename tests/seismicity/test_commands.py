"""``quakeview seismicity``: the frame, and forecasts on the command line."""

import re
from pathlib import Path

import numpy as np
import pytest

from quakeview import cli, seismicity
from quakeview.seismicity.catalogue import Catalogue, date_of
from quakeview.seismicity.model_folder import load_forecaster
from quakeview.seismicity.reference_names import REFERENCES
from tests.seismicity.catalogues import FIRST, clustered, scattered

REGION = ("--region", "35", "138", "39", "142", "--cell-size", "50")


def written(found: Catalogue, path: Path) -> str:
    """A file of the earthquakes, and one of unknown magnitude."""
    days = (found.time * 1e6).astype("datetime64[us]")
    columns = zip(days, found.latitude, found.longitude, found.magnitude, strict=True)
    lines = [f"{day},{north:.4f},{east:.4f},{size:.2f}" for day, north, east, size in columns]
    path.write_text("\n".join(["time,latitude,longitude,magnitude", *lines, f"{days[-1]},36,140,"]))
    return str(path)


@pytest.fixture
def catalogue_file(tmp_path: Path) -> str:
    return written(clustered(400), tmp_path / "clustered.csv")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    """stdout and stderr of a command that works."""
    assert cli.main(["seismicity", *arguments]) == 0
    shown = capsys.readouterr()
    return shown.out, shown.err


@pytest.mark.parametrize("name", REFERENCES)
def test_a_reference_forecasts_each_cell(
    name: str, catalogue_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "map.csv"
    out, err = said(capsys, "forecast", catalogue_file, *REGION, "--reference", name, "-o", str(path))
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    total = sum(float(line.split(",")[2]) for line in lines[1:])
    assert out.startswith(f"{total:.2f} earthquakes of magnitude 4.5 and more are expected on ")
    assert "not scored yet" in out
    assert "magnitude" in err.splitlines()[0]
    chances = [float(line.split()[-2]) for line in out.splitlines()[2:-1]]
    assert len(chances) == 10
    assert chances == sorted(chances, reverse=True)


def test_a_forecast_for_an_earlier_day_is_drawn(
    tmp_path: Path, catalogue_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "map.png"
    out, _ = said(
        capsys, "forecast", catalogue_file, *REGION, "--reference", "recent", "--day", date_of(FIRST + 200),
        "--window", "10", "20", "-o", str(path),
    )  # fmt: skip
    assert f"{date_of(FIRST + 210)} to {date_of(FIRST + 219)}" in out
    assert path.read_bytes().startswith(b"\x89PNG")


def test_etas_says_its_law_and_is_kept(tmp_path: Path, catalogue_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "fitted"
    out, _ = said(capsys, "etas", catalogue_file, *REGION, "-o", str(folder))
    assert out.startswith("ETAS of clustered.csv, magnitude 4.5 and more, fitted to ")
    assert {"background", "alpha", "p", "q"} <= {line.split()[0] for line in out.splitlines()[1:]}
    assert load_forecaster(folder).name == "fitted"
    out, _ = said(capsys, "forecast", catalogue_file, *REGION, "--model", str(folder))
    assert "Made by fitted, fitted on " in out
    inside = ("--inside", "36", "138", "38", "141", "--least", "5.5")
    out, _ = said(capsys, "forecast", catalogue_file, *REGION, "--model", str(folder), *inside)
    text = out.splitlines()[-1]
    assert text.startswith("In 36.0° N to 38.0° N, 138.0° E to 141.0° E, ")
    chance = float(re.search(r"a probability of ([\d.e-]+) %", text)[1])
    simulated, scatter = map(float, re.search(r"at least one in ([\d.]+) ± ([\d.]+) % of them", text).groups())
    assert simulated == pytest.approx(chance, abs=2 * scatter + 0.2 * chance)
    assert re.search(r"rarer with b = 1.\d+ ± 0.\d+", text)
    assert cli.main(["seismicity", "forecast", catalogue_file, "--model", str(folder), *inside[:-1], "4"]) == 1
    assert "magnitude 4.5 and more, not of 4" in capsys.readouterr().err


def test_no_earthquake_is_a_sentence(catalogue_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["seismicity", "forecast", catalogue_file, "--magnitude", "9.5"]) == 1
    assert "no earthquake of magnitude 9.5 or more" in capsys.readouterr().err


def test_what_is_incomplete_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = scattered(4000, 400)
    kept = np.random.default_rng(0).random(4000) < np.where(whole.magnitude < 4.95, 0.2, 1.0)
    path = written(whole.where(kept), tmp_path / "incomplete.csv")
    _, err = said(capsys, "forecast", path, *REGION, "--reference", "uniform")
    assert "Earthquakes from magnitude 4.5 on are used, but the catalogue is complete only from" in err
    _, err = said(capsys, "forecast", path, *REGION, "--reference", "uniform", "--magnitude", "5.2")
    assert "complete only" not in err


def test_names_for_python_are_imported_when_they_are_used() -> None:
    assert {name for name in seismicity.__all__ if not hasattr(seismicity, name)} == set()
    assert set(seismicity.__all__) <= set(dir(seismicity))
    with pytest.raises(AttributeError, match="no attribute 'forecast_it'"):
        _ = seismicity.forecast_it
