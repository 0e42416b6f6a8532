"""``quakeview seismicity``: the frame, and forecasts on the command line."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from quakeview import cli
from quakeview.seismicity.catalogue_arguments import day_of, day_text
from quakeview.seismicity.reference_names import REFERENCES
from tests.seismicity.catalogues import FIRST, clustered

REGION = ("--region", "35", "138", "39", "142", "--cell-size", "50")


@pytest.fixture(autouse=True)
def catalogue_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever file is named holds the clustered catalogue."""
    reading = ModuleType("quakeview.seismicity.reading")
    read = SimpleNamespace(catalogue=clustered(400), name="clustered", notes=["An earthquake was left out."])
    reading.read_catalogue = lambda paths: read  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "quakeview.seismicity.reading", reading)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    """stdout and stderr of a command that works."""
    assert cli.main(["seismicity", *arguments]) == 0
    shown = capsys.readouterr()
    return shown.out, shown.err


@pytest.mark.parametrize("name", REFERENCES)
def test_a_reference_forecasts_each_cell(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = said(capsys, "forecast", "c.csv", *REGION, "--reference", name)
    head, *lines = out.splitlines()
    assert head == "longitude,latitude,expected_number,probability"
    total = sum(float(line.split(",")[2]) for line in lines)
    assert f"expects {total:.2f} earthquakes of magnitude 4.5 and more" in err
    assert "An earthquake was left out." in err


def test_a_forecast_for_an_earlier_day_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = said(
        capsys, "forecast", "c.csv", *REGION, "--reference", "recent", "--day", day_text(FIRST + 200),
        "--window", "10", "20", "-o", str(tmp_path / "map.csv"),
    )  # fmt: skip
    assert out == ""
    assert f"{day_text(FIRST + 210)} to {day_text(FIRST + 219)}" in err
    assert (tmp_path / "map.csv").read_text().startswith("longitude,")


def test_etas_says_its_law(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = said(capsys, "etas", "c.csv", *REGION)
    assert out.startswith("ETAS of clustered, magnitude 4.5 and more, fitted to ")
    assert {"background", "alpha", "p", "q"} <= {line.split()[0] for line in out.splitlines()[1:]}


def test_no_earthquake_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["seismicity", "forecast", "c.csv", "--magnitude", "9.5"]) == 1
    assert "no earthquake of magnitude 9.5 or more" in capsys.readouterr().err


def test_days_are_dates() -> None:
    assert day_of("1970-01-02") == 1
    assert day_text(day_of("2019-12-31")) == "2019-12-31"
