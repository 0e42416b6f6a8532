"""``quakeview seismicity catalogue``."""

from pathlib import Path

import pytest

from quakeview.cli import main
from quakeview.seismicity.reading import read_catalogue
from tests.seismicity.reading.test_fdsn_events import Centre, centre

__all__ = ["centre"]

STRANGE = "wann,y,x,staerke\n2019-07-04 17:33:49,35.7,179.5,6.4\n2019-07-05 17:33:49,35.8,-179.5,0.000\n"


def test_columns_are_said_and_the_catalogue_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "strange.csv").write_text(STRANGE)
    columns = "time=wann,latitude=y,longitude=x,magnitude=staerke,zone=+9"
    words = ["seismicity", "catalogue", str(tmp_path / "strange.csv"), "--columns", columns]
    assert main([*words, "--write", str(tmp_path / "own.xml")]) == 0
    said = capsys.readouterr()
    assert "2019-07-04 08:33:49 to 2019-07-05 08:33:49 UTC" in said.out
    assert "179.50° E to 179.50° W" in said.out
    assert "1 magnitude of exactly 0 counts as unknown" in said.err
    assert len(read_catalogue(tmp_path / "own.xml").catalogue) == 2


def test_a_data_centre_is_asked(centre: tuple[Centre, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    days = ["--start", "1970-01-01", "--end", "1970-01-03", "--magnitude", "1", "--box", "170", "30", "180", "40"]
    own = ["--write", str(tmp_path / "own.csv")]
    assert main(["seismicity", "catalogue", "--fdsn", centre[1], *days, *own]) == 0
    said = capsys.readouterr()
    assert "earthquakes  24" in said.out
    assert "from 1970-01-01 to 1970-01-03" in said.err
    assert len(read_catalogue(tmp_path / "own.csv").catalogue) == 24


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Name either files"),
        (["--fdsn", "USGS"], "--start and --end"),
        (["--fdsn", "USGS", "--start", "soon", "--end", "2020-01-01"], "A day is written such as"),
        (["none.csv"], "There is no file none.csv"),
    ],
)
def test_what_cannot_be_done_is_said(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seismicity", "catalogue", *words]) == 1
    assert said in capsys.readouterr().err
