"""Which column is what: said, changed, and tried before a table is read."""

from pathlib import Path

import pytest

from quakeview.errors import QuakeViewError
from quakeview.seismicity.reading import ColumnMap, UnknownColumns, read_catalogue, table_of, try_columns
from tests.seismicity.reading.test_csv import seconds, written

STRANGE = "wann,y,x,tief,staerke\n2019-07-04 17:33:49,35.7,-117.5,10500,6.4\n2019-07-05 17:33:49,35.8,-117.6,8000,5\n"
COLUMNS = "time=wann,latitude=y,longitude=x,depth_m=tief,magnitude=staerke,zone=+9"


def test_strange_columns_are_asked_for_and_can_be_said(tmp_path: Path) -> None:
    path = written(tmp_path, STRANGE)
    with pytest.raises(UnknownColumns, match="no column is the latitude"):
        read_catalogue(path)
    catalogue = read_catalogue(path, ColumnMap.parse(COLUMNS)).catalogue
    assert catalogue.time[0] == seconds("2019-07-04T08:33:49")
    assert catalogue.depth.tolist() == [10_500, 8000]
    assert catalogue.magnitude.tolist() == [6.4, 5]
    numbered = read_catalogue(path, ColumnMap.parse("time=1,latitude=2,longitude=3,magnitude=staerke"))
    assert numbered.catalogue.latitude.tolist() == [35.7, 35.8]


def test_a_choice_is_tried_on_the_first_rows(tmp_path: Path) -> None:
    table = table_of(written(tmp_path, STRANGE))
    assert table is not None
    good = try_columns(table, ColumnMap.parse(COLUMNS))
    assert good.problems == {}
    assert good.lacking == ""
    assert good.first == "2019-07-04 08:33:49.000 UTC, 35.700° N, 117.500° W, 10.5 km deep, M 6.4"
    wrong = try_columns(table, ColumnMap.parse("time=y,latitude=x,longitude=tief,magnitude=staerke"))
    assert "2 cells of 2 cannot be the latitude, such as '-117.5'" in wrong.problems["x"]
    assert "cannot be the origin time" in wrong.problems["y"]
    assert wrong.lacking == "With these columns no line is an earthquake; choose others."
    assert "origin time" in try_columns(table, ColumnMap()).lacking


def test_no_two_columns_are_the_same(tmp_path: Path) -> None:
    columns = ColumnMap.parse(COLUMNS).with_role("x", "latitude")
    assert columns.columns["latitude"] == "x"
    assert "longitude" not in columns.columns
    assert columns.with_role("x", None).role_of("x") is None
    assert ColumnMap.from_dict(columns.to_dict()) == columns


@pytest.mark.parametrize("text", ["time", "colour=x", "zone=far", "zone=+20"])
def test_what_is_no_choice_is_said(text: str) -> None:
    with pytest.raises(QuakeViewError):
        ColumnMap.parse(text)


def test_a_column_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnknownColumns, match="no column 'breite'"):
        read_catalogue(written(tmp_path, STRANGE), ColumnMap.parse("time=wann,latitude=breite,longitude=x"))


def test_formats_with_columns_of_their_own_have_none_to_choose(tmp_path: Path) -> None:
    assert table_of(written(tmp_path, '{"type": "FeatureCollection", "features": []}')) is None
