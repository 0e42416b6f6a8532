"""``quakeview seismicity summary``."""

import re
from pathlib import Path

import pytest

from quakeview import cli
from tests.seismicity.statistics.magnitudes import partly_seen


@pytest.fixture
def catalogue_file(tmp_path: Path) -> str:
    lines = [
        f"{2000 + n // 360:04d}-{n // 30 % 12 + 1:02d}-{n % 28 + 1:02d}T00:00:{n % 60:02d},36,140,{magnitude:.1f}"
        for n, magnitude in enumerate(partly_seen(10_000, 3.0, 0))
    ]
    path = tmp_path / "some.csv"
    path.write_text("\n".join(["time,latitude,longitude,magnitude", *lines]))
    return str(path)


def test_a_catalogue_is_summarised(catalogue_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["seismicity", "summary", catalogue_file]) == 0
    shown = capsys.readouterr()
    values = dict(re.split(r"  +", line, maxsplit=1) for line in shown.out.splitlines())
    assert values["Rounded to"] == "0.1"
    assert values["Complete from, by stability of b"] in ("2.9", "3.0", "3.1")
    assert values["b-value"].startswith(("0.9", "1.0"))
    assert "Mainshocks, by Gardner and Knopoff" in values
    assert "times do not say their time zone" in shown.err


def test_clusters_and_magnitude_are_chosen(catalogue_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["seismicity", "summary", catalogue_file, "--clusters", "nearest-neighbour", "--least-magnitude", "2"]
    assert cli.main(arguments) == 0
    shown = capsys.readouterr()
    assert "Mainshocks, by Nearest neighbour" in shown.out
    assert "from magnitude 2.0 on are used, but the catalogue is complete only from" in shown.err
