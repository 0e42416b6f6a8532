"""Catalogues from tables of text with any columns."""

import csv
import gzip
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.seismicity.reading import ColumnMap, read_catalogue
from tests.shared import SHARED, needs_shared

CATALOGUES = SHARED / "data/catalogs"


def seconds(text: str) -> float:
    return float(np.datetime64(text, "us").astype(np.int64)) / 1e6


def written(folder: Path, text: str, name: str = "catalogue.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_columns_are_known_by_their_names(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "Event ID;Origin time;Lat;Lon;Depth (km);ML\n"
        "a;2019-07-04T17:33:49,5Z;35,705;-117,504;10,5;6,4\n"
        "b;2019-07-06T03:19:53,0Z;35,770;-117,599;8,0;7,1\n",
    )
    read = read_catalogue(path)
    assert read.catalogue.time.tolist() == [seconds("2019-07-04T17:33:49.5"), seconds("2019-07-06T03:19:53")]
    assert read.catalogue.latitude.tolist() == [35.705, 35.77]
    assert read.catalogue.longitude.tolist() == [-117.504, -117.599]
    assert read.catalogue.depth.tolist() == [10500, 8000]
    assert read.catalogue.magnitude.tolist() == [6.4, 7.1]
    assert read.catalogue.magnitude_type.tolist() == ["ML", "ML"]
    assert read.catalogue.identifier.tolist() == ["a", "b"]
    assert "origin time = 'Origin time'" in read.notes[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-07-04 17:33:49.25", "2019-07-04T17:33:49.25"),
        ("2019/07/04 17:33", "2019-07-04T17:33:00"),
        ("2019-07-04T17:33:49+09:00", "2019-07-04T08:33:49"),
        ("2019-07-04T17:33:49.1-0330", "2019-07-04T21:03:49.1"),
        ("20190704T173349", "2019-07-04T17:33:49"),
        ("20190704173349.5", "2019-07-04T17:33:49.5"),
        ("4-Jul-2019 17:33:49", "2019-07-04T17:33:49"),
        ("2019 July 4 17:33:49 UTC", "2019-07-04T17:33:49"),
        ("2019-185T17:33:49Z", "2019-07-04T17:33:49"),
        ("1562261629.5", "2019-07-04T17:33:49.5"),
        ("1562261629500", "2019-07-04T17:33:49.5"),
        ("-15622616.5", "1969-07-04T04:23:03.5"),
        ("2019.50", "2019-07-02T12:00:00"),
        ("31/12/2019 23:59:59", "2019-12-31T23:59:59"),
        ("1906-04-18T13:12:21Z", "1906-04-18T13:12:21"),
        ("2016-12-31T23:59:60.0Z", "2017-01-01T00:00:00"),
        ("2019-07-04T24:00:00Z", "2019-07-05T00:00:00"),
        ("2000-02-29T00:00:00Z", "2000-02-29T00:00:00"),
    ],
)
def test_times_as_they_are_written(text: str, expected: str, tmp_path: Path) -> None:
    path = written(tmp_path, f"time,latitude,longitude,magnitude\n{text},1.5,2.5,3\n2019-12-31T00:00:00Z,1,2,3\n")
    assert np.isclose(read_catalogue(path).catalogue.time, seconds(expected), atol=1e-6, rtol=0).any()


def test_times_in_parts(tmp_path: Path) -> None:
    numbers = written(tmp_path, "yr,mo,dy,hr,mi,sec,lat,lon,mag\n2019,7,4,17,33,60.0,35.7,-117.5,6.4\n" * 1)
    dates = written(
        tmp_path, "Date,Time,lat,lon,mag\n04/07/2019,17:34:00,35.7,-117.5,6.4\n25/07/2019,01:00:00,1,2,3\n", "d"
    )
    assert read_catalogue(numbers).catalogue.time[0] == seconds("2019-07-04T17:34:00")
    assert read_catalogue(dates).catalogue.time[0] == seconds("2019-07-04T17:34:00")
    assert any("second 60" in note for note in read_catalogue(numbers).notes)


def test_a_month_that_comes_first_is_seen(tmp_path: Path) -> None:
    path = written(tmp_path, "time,lat,lon,mag\n07/04/2019 17:34:00,35.7,-117.5,6.4\n07/25/2019 01:00:00,1,2,3\n")
    assert read_catalogue(path).catalogue.time[0] == seconds("2019-07-04T17:34:00")


def test_dates_that_could_be_either_are_said(tmp_path: Path) -> None:
    path = written(tmp_path, "time,lat,lon,mag\n04/07/2019 17:34:00,35.7,-117.5,6.4\n")
    read = read_catalogue(path)
    assert read.catalogue.time[0] == seconds("2019-07-04T17:34:00")
    assert "04/07/2019 17:34:00 are read with the day first" in read.notes[1]
    columns = ColumnMap.parse("time=time,latitude=lat,longitude=lon,day_first=no")
    assert read_catalogue(path, columns).catalogue.time[0] == seconds("2019-04-07T17:34:00")


def test_zones_are_converted_and_mixed_ones_said(tmp_path: Path) -> None:
    rows = "2019-07-04T12:00:00+09:00,1,2,3\n2019-07-04T12:00:00Z,1,2,4\n2019-07-04T12:00:00,1,2,5\n"
    path = written(tmp_path, f"time,latitude,longitude,magnitude\n{rows}")
    read = read_catalogue(
        path, ColumnMap.parse("time=time,latitude=latitude,longitude=longitude,magnitude=magnitude,zone=-8")
    )
    assert read.catalogue.magnitude.tolist() == [3, 4, 5]
    assert read.catalogue.time.tolist() == [seconds(f"2019-07-04T{hour}:00:00") for hour in ("03", "12", "20")]
    (said,) = (note for note in read.notes if "times" in note)
    assert "UTC+9" in said
    assert "UTC-8" in said


def test_a_table_without_names_is_read_by_its_values(tmp_path: Path) -> None:
    path = written(
        tmp_path, "".join(f"2019-07-{day:02d}T00:00:00Z 35.{day} -117.5 1{day}.5 2.{day}\n" for day in range(1, 9))
    )
    read = read_catalogue(path)
    assert read.catalogue.latitude[0] == 35.1
    assert read.catalogue.longitude[0] == -117.5
    assert read.catalogue.depth[0] == 11_500
    assert read.catalogue.magnitude[0] == 2.1
    assert "latitude (°) = 'column 2'" in read.notes[0]
    assert "guessed from their values" in read.notes[0]


def test_what_is_wrong_is_said_and_nothing_else_is_lost(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "time,latitude,longitude,depth,magnitude,type\n"
        "2019-02-30T00:00:00Z,1,2,3,4,earthquake\n"
        "2019-02-28T00:00:00Z,95,2,3,4,earthquake\n"
        "2019-02-28T00:00:00Z,0,0,3,4,earthquake\n"
        "2019-02-28T00:00:00Z,x,2,3,4,earthquake\n"
        "2019-02-28T00:00:00Z,1,2,3,4,quarry blast\n"
        "2019-02-28T00:00:00Z,1,2,,0.000,earthquake\n"
        "2019-02-28T00:00:01Z,1,182,9999,,earthquake\n"
        "2019-02-28T00:00:02Z,1,2,3,4.5,earthquake\n"
        "2019-02-28T00:00:02Z,1,2,3,4.5,earthquake\n"
        "2019-02-28T00:00:03Z,1",
    )
    read = read_catalogue(path)
    assert len(read.catalogue) == 3
    assert read.catalogue.longitude.tolist() == [2, -178, 2]
    np.testing.assert_array_equal(read.catalogue.magnitude, [np.nan, np.nan, 4.5])
    np.testing.assert_array_equal(read.catalogue.depth, [np.nan, np.nan, 3000])
    said = " ".join(read.notes)
    for words in (
        "line 2, '2019-02-30T00:00:00Z'",
        "line 5, 'x 2'",
        "line 11",
        "latitude 95",
        "latitude 0, longitude 0",
        "quarry blast 1",
        "1 magnitude of exactly 0 counts as unknown",
        "1 depth is impossible",
        "2 events have no magnitude",
        "1 event is listed again later",
    ):
        assert words in said


def test_types_of_event(tmp_path: Path) -> None:
    kinds = ("earthquake", "induced or triggered event", "ke", "eq", "", "manual")
    others = ("quarry_blast", "Explosion", "km", "qb", "mining explosion", "not existing", "rock burst", "landslide")
    rows = "".join(f"2019-07-04T00:00:{n:02d}Z,1.{n},2.5,4,{kind}\n" for n, kind in enumerate((*kinds, *others), 10))
    read = read_catalogue(written(tmp_path, f"time,lat,lon,mag,type\n{rows}"))
    assert len(read.catalogue) == len(kinds)
    assert any("8 events that are no earthquakes are left out" in note for note in read.notes)
    assert any("1 event of a type that is not known counts as an earthquake: manual 1" in note for note in read.notes)


def test_magnitudes_of_zero_among_others_near_zero_are_kept(tmp_path: Path) -> None:
    magnitudes = np.round(np.linspace(-1, 1, 401), 2)
    rows = "".join(f"2019-07-04T00:{n // 60:02d}:{n % 60:02d}Z,1.5,2.5,{m}\n" for n, m in enumerate(magnitudes))
    assert np.sum(read_catalogue(written(tmp_path, f"time,lat,lon,mag\n{rows}")).catalogue.magnitude == 0) == 1


def test_several_files_report_an_earthquake_once(tmp_path: Path) -> None:
    one = written(tmp_path, "time,lat,lon,Mw\n2019-07-04T17:33:49Z,35.7,-117.5,6.4\n", "one.csv")
    two = written(
        tmp_path,
        "time,lat,lon,ML\n2019-07-04T17:33:51Z,35.8,-117.6,6.6\n2019-07-04T17:34:30Z,35.7,-117.5,4.0\n",
        "two.csv",
    )
    read = read_catalogue([one, two])
    assert read.catalogue.magnitude.tolist() == [6.4, 4.0]
    assert read.name == "one.csv and 1 more"
    assert any("two.csv: 1 event is in a file before" in note for note in read.notes)
    assert any("of several types and used as they are: Mw 1, ML 1" in note for note in read.notes)


def test_an_earthquake_located_twice_is_said_and_kept(tmp_path: Path) -> None:
    rows = "2019-07-04T17:33:49.00Z,35.700,-117.5,6.4\n2019-07-04T17:33:49.20Z,35.701,-117.5,6.3\n"
    read = read_catalogue(written(tmp_path, f"time,lat,lon,mag\n{rows}2019-07-04T17:33:55Z,35.701,-117.5,4\n"))
    assert len(read.catalogue) == 3
    assert "1 event is within 0.5 s and 2 km of another" in read.notes[-1]


@pytest.mark.parametrize("aftershocks", [True, False])
def test_a_catalogue_without_aftershocks_is_said(aftershocks: bool, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    days = np.sort(random.uniform(0, 3000, 3000))
    magnitude = 4 + random.exponential(0.4, 3000)
    large = np.arange(100, 3000, 300)
    magnitude[large] = 6.8
    north, east = random.uniform(30, 45, 3000), random.uniform(130, 145, 3000)
    if aftershocks:
        near = large[:, None] + np.arange(1, 30)
        days[near] = days[large][:, None] + np.sort(random.uniform(0, 20, near.shape), axis=1)
        north[near], east[near] = north[large][:, None], east[large][:, None]
        magnitude[near] = np.maximum(magnitude[near], 4.3)
    moments = np.datetime_as_string((days * 86400).astype("datetime64[s]"))
    columns = zip(moments, north, east, magnitude, strict=True)
    rows = "".join(f"{time}Z,{y:.3f},{x:.3f},{m:.1f}\n" for time, y, x, m in columns)
    read = read_catalogue(written(tmp_path, f"time,lat,lon,mag\n{rows}"))
    assert any("looks thinned" in note for note in read.notes) != aftershocks


@pytest.mark.parametrize(
    "text",
    [
        "Evento;Fecha;Hora;Latitud;Longitud;Prof. (km);Mag.;Tipo Mag.\n"
        "es1;04/07/2019;17:33:49;35.7;-117.5;10.5;6.4;ML\n"
        "es2;25/07/2019;17:33:49;35.7;-117.5;10;4;ML\n",
        "#YYY/MM/DD HH:mm:SS.ss ET GT MAG  M    LAT     LON     DEPTH Q  EVID NPH NGRM\n"
        "2019/07/04 17:33:49.00 eq l 6.4 l 35.7 -117.5 10.5 A 38443183 10 20\n",
        "Date Time Lat. [°N] Long. [°E] Depth [km] Mag\n".replace(" ", ",").replace(",[", " [")
        + "2019-07-04,17:33:49.0,35.7,-117.5,10.5,6.4\n",
        "DateTime,Latitude,Longitude,Depth,Magnitude,MagType,EventID\n"
        "2019/07/04 17:33:49.00,35.7N,117.5W,10.5,6.4,ML,1\n",
    ],
    ids=["IGN", "SCEDC", "units", "NCEDC"],
)
def test_tables_of_agencies(text: str, tmp_path: Path) -> None:
    catalogue = read_catalogue(written(tmp_path, text)).catalogue
    assert catalogue.time[0] == seconds("2019-07-04T17:33:49")
    assert (catalogue.latitude[0], catalogue.longitude[0]) == (35.7, -117.5)
    assert (catalogue.depth[0], catalogue.magnitude[0]) == (10_500, 6.4)


def test_a_quotation_mark_that_is_not_closed_hides_nothing(tmp_path: Path) -> None:
    lines = [f'2019-07-0{day}T00:00:00Z,1.5,2.5,4,"a, b",c\n' for day in range(1, 8)]
    lines[2] = lines[2].replace('b"', "b")
    read = read_catalogue(written(tmp_path, "time,lat,lon,mag,place,more\n" + "".join(lines)))
    assert len(read.catalogue) == 5
    assert any("2 lines are cut off" in note and "line 4" in note for note in read.notes)


def test_a_packed_table_that_is_cut_off_gives_what_is_whole(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    rows = "".join(
        f"{np.datetime64(1000 * n, 's')}Z,{y:.4f},{x:.4f},4.5\n"
        for n, (y, x) in enumerate(random.uniform(1, 9, (60000, 2)))
    )
    packed = gzip.compress(f"time,lat,lon,mag\n{rows}".encode())
    (tmp_path / "cut.csv.gz").write_bytes(packed[: int(0.95 * len(packed))])
    read = read_catalogue(tmp_path / "cut.csv.gz")
    assert 40_000 < len(read.catalogue) < 60_000
    assert any("cut off after" in note for note in read.notes)


def test_identifiers_that_tell_no_events_apart_lose_none(tmp_path: Path) -> None:
    rows = "".join(f"us,2019-07-04T00:00:{n:02d}Z,1.{n},2.5,4\n" for n in range(10, 40))
    assert len(read_catalogue(written(tmp_path, f"id,time,lat,lon,mag\n{rows}")).catalogue) == 30


def test_packed_and_utf16_files_are_read(tmp_path: Path) -> None:
    text = "time,latitude,longitude,magnitude\n2019-07-04T17:33:49Z,35.7,-117.5,6.4\n"
    packed, wide = tmp_path / "a.csv.gz", tmp_path / "b.csv"
    packed.write_bytes(gzip.compress(text.encode()))
    wide.write_bytes(text.encode("utf-16"))
    assert read_catalogue(packed).catalogue.magnitude.tolist() == [6.4]
    assert read_catalogue(wide).catalogue.magnitude.tolist() == [6.4]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("a,b,c\nd,e,f\n", "no line with a time and a place"),
        ("time,y,x,magnitude\n2019-07-04T17:33:49Z,35.7,x,6.4\n", "no column is the latitude"),
        ("one word\n", "no catalogue"),
        ("time;latitude;longitude\n", "no earthquake that can be used"),
        ("time,latitude,longitude\n2019-02-30T00:00:00Z,1.5,2.5\n", "no earthquake that can be used"),
    ],
)
def test_a_file_that_is_no_catalogue_says_why(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match=words):
        read_catalogue(written(tmp_path, text))


def test_of_several_files_one_that_is_none_is_left_out(tmp_path: Path) -> None:
    good = written(tmp_path, "time,lat,lon,mag\n2019-07-04T17:33:49Z,35.7,-117.5,6.4\n")
    read = read_catalogue([good, tmp_path / "missing.csv"])
    assert len(read.catalogue) == 1
    assert any("missing.csv is left out" in note for note in read.notes)


@needs_shared
@pytest.mark.parametrize(
    ("name", "time", "magnitude", "number"),
    [
        ("california_sanjacinto_qtm.csv", "time", "magnitude", 21291),
        ("japan_earthquakenpp.csv", "time", "magnitude", 37581),
        ("japan_jma_pycsep.csv", "timestamp", "magnitude", 22284),
        ("pnw_pnsn_2018_2022.csv", "timestamp", "magnitude", 11262),
        ("ridgecrest_trugman2020_scsn.csv", "time", "magnitude", 12943),
        ("usgs_seismostats.csv", "time", "mag", 4117),
    ],
)
def test_real_catalogues(name: str, time: str, magnitude: str, number: int) -> None:
    """Compared with the cells of the file, each read on its own."""
    text = (CATALOGUES / name).read_text("utf-8-sig")
    lines = csv.DictReader(text.splitlines(), delimiter=";" if "jma" in name else ",")
    rows = [row for row in lines if row.get("event_type", row.get("type", "earthquake")) == "earthquake"]
    rows.sort(key=lambda row: parsed(row[time]))
    read = read_catalogue(CATALOGUES / name)
    catalogue = read.catalogue
    assert len(catalogue) == len(rows) == number
    np.testing.assert_allclose(catalogue.time, [parsed(row[time]) for row in rows], atol=2e-6, rtol=0)
    np.testing.assert_array_equal(catalogue.latitude, [float(row["latitude"]) for row in rows])
    np.testing.assert_array_equal(catalogue.longitude, [around(float(row["longitude"])) for row in rows])
    expected = np.array([float(row[magnitude]) for row in rows])
    if "jma" in name:
        assert np.sum(expected == 0) == 445
        expected[expected == 0] = np.nan
    np.testing.assert_array_equal(catalogue.magnitude, expected)
    assert any("looks thinned" in note for note in read.notes) == ("jma" in name)


def around(longitude: float) -> float:
    return round(longitude - 360, 4) if longitude > 180 else longitude


def parsed(text: str) -> float:
    if text.replace(".", "").isdigit():
        return float(text)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
