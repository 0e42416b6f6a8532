"""Events as tables."""

from pathlib import Path

import pytest
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.events.event import EventStatus
from quakeview.events.exchange import read_event_file, write_events
from quakeview.events.exchange.catalogue_table import COLUMNS, format_csv, is_table_of_events, parse_csv
from tests.events.earthquakes import earthquake
from tests.shared import SHARED, needs_shared

USGS = (
    "time,latitude,longitude,depth,mag,magType,nst,gap,dmin,rms,net,id,updated,place,type,horizontalError,depthError\n"
    '2024-05-16T06:31:36.891Z,-3.8229,151.5088,10,5.4,mww,64,64,4.499,0.67,us,us6000mywx,,"83 km WNW of Rabaul",'
    "earthquake,10,1.866\n"
)


def test_what_a_table_holds_comes_back() -> None:
    event, _ = earthquake()
    (back,), notes = parse_csv(format_csv([event]).encode(), "own.csv")
    assert notes == []
    assert (back.resource_id, back.time, back.name, back.status) == (
        event.resource_id, event.time, event.name, event.status,
    )  # fmt: skip
    for name in ("latitude", "longitude", "depth", "depth_fixed", "rms", "gap", "method", "velocity_model", "author"):
        assert getattr(back.origin, name) == getattr(event.origin, name)
    assert back.origin.uncertainty.time == 0.05
    assert back.origin.uncertainty.depth == pytest.approx(640e3)
    assert back.origin.uncertainty.east == pytest.approx(165311.29, rel=1e-6)  # the larger eigenvalue
    assert (back.magnitude.kind, back.magnitude.value, back.magnitude.stations) == ("ML", 3.14, 2)
    for name in ("strike", "dip", "rake", "spread", "quality"):
        assert getattr(back.mechanism, name) == getattr(event.mechanism, name)


def test_a_mechanism_that_is_not_possible_or_not_whole_is_none() -> None:
    header = "time,latitude,longitude,strike,dip,rake\n"
    rows = ("10,95,0", "10,,0", "10,80,-170")
    events, notes = parse_csv(
        (header + "".join(f"2020-01-01T00:00:0{n}Z,1,2,{row}\n" for n, row in enumerate(rows))).encode(), "a.csv"
    )
    assert [event.mechanism and event.mechanism.rake for event in events] == [None, None, -170]
    assert notes == ["a.csv: 1 mechanism is impossible and counted as not known."]


def test_the_columns_are_the_documented_ones() -> None:
    header, line = format_csv([earthquake()[0]]).splitlines()
    assert header.startswith("id,time,latitude,longitude,depth_km,magnitude,magnitude_type,gap,rms,picks,status,")
    row = dict(zip(COLUMNS, line.split(","), strict=False))
    assert (row["depth_km"], row["magnitude"], row["magnitude_type"], row["picks"]) == ("8.21", "3.14", "ML", "6")


def test_the_columns_of_the_usgs_are_known() -> None:
    (event,), notes = parse_csv(USGS.encode(), "query.csv")
    assert event.resource_id == "smi:local/query/us6000mywx"
    assert (event.origin.depth, event.origin.gap, event.origin.rms) == (10e3, 64, 0.67)
    assert (event.name, event.origin.author, event.magnitude.kind) == ("83 km WNW of Rabaul", "us", "mww")
    assert event.origin.uncertainty.depth_error == pytest.approx(1866)
    assert event.origin.uncertainty.time is None
    assert notes == ["query.csv: the columns dmin, updated were not used."]


@pytest.mark.parametrize(
    "text",
    [
        "time,lat,lon,dep\n2019-07-04T17:02:55.16Z,35.5,-117.5,8.2\n",
        "Origin Time;Latitude;Longitude;Depth(km)\n2019-07-04 17:02:55,160;35,5;-117,5;8,2\n",
        "date,time,latitude,longitude,depth_km\n2019/07/04,17:02:55.16,35.5,-117.5,8.2\n",
        "date\ttime\tlatitude\tlongitude\tdepth_m\n2019-07-04\t17:02:55.16\t35.5\t242.5\t8200\n",
        "Year, Month, Day, Hour, Minute, Seconds, Lat, Lon, Depth\n2019, 07, 04, 17, 02, 55.16, 35.5, -117.5, 8.2\n",
        "timestamp,latitude,longitude,depth\n1562259775.16,35.5,-117.5,8.2\n",
        "time,latitude,longitude,depth\n2019-07-05T02:02:55.16+0900,35.5,-117.5,8.2\n",
        "time,latitude,longitude,depth\n2019-07-04T17:01:115.16,35.5,-117.5,8.2\n",
        "#EventID | Time | Latitude | Longitude | Depth/km\n1|2019-07-04T17:02:55.16|35.5|-117.5|8.2\n",
    ],
)
def test_tables_of_other_programs_are_read(text: str) -> None:
    assert is_table_of_events(text.encode(), "a.csv")
    (event,), notes = parse_csv(text.encode(), "a.csv")
    origin = event.origin
    assert (origin.time, origin.latitude, origin.longitude) == (UTCDateTime("2019-07-04T17:02:55.16"), 35.5, -117.5)
    assert origin.depth == pytest.approx(8200)
    assert notes == []


def test_what_is_wrong_is_told_and_the_rest_is_read() -> None:
    lines = [
        "id,time,latitude,longitude,depth,magnitude,status",
        "1,2019-07-04T17:02:55Z,35.5,-117.5,8,3.1,manual",
        "2,2019-13-04T17:02:55Z,35.5,-117.5,8,3.1,",
        "3,2019-07-04T17:02:55Z,95.5,-117.5,8,3.1,",
        "4,2019-07-04T17:02:55Z,,-117.5,8,3.1,",
        "5,2019-07-04T17:02:55Z,35.5,-117.5,8200,-999,",
        "6,2019-07-04T17:02:55Z,35.5,-117.5,nan,null,deleted",
        "7,2019-07-04T17:02:55Z,35.5",
        "",
    ]
    events, notes = parse_csv("\n".join(lines).encode(), "a.csv")
    assert [event.resource_id[-1] for event in events] == ["1", "5", "6"]
    assert [event.status for event in events] == [EventStatus.REVIEWED, EventStatus.AUTOMATIC, EventStatus.REJECTED]
    assert (events[1].origin.depth, events[1].magnitude) == (None, None)
    assert (events[2].origin.depth, events[2].magnitude) == (None, None)
    assert notes[:2] == [
        "a.csv: 1 depth is impossible and counted as not known.",
        "a.csv: 1 magnitude is impossible and counted as not known.",
    ]
    assert [note[: len("a.csv, line 3")] for note in notes[2:]] == [f"a.csv, line {number}" for number in (3, 4, 5, 8)]


def test_types_of_events_are_those_of_quakeml() -> None:
    rows = ["quarry blast", "eq", "Quarry_Blast", "teapot", "", "other event"]
    lines = ["time,latitude,longitude,type", *(f"2019-07-04T17:02:55Z,35,-117,{kind}" for kind in rows)]
    events, notes = parse_csv("\n".join(lines).encode(), "a.csv")
    assert [event.kind for event in events] == ["quarry blast", "earthquake", "quarry blast", "", "", "other event"]
    assert notes == ["a.csv: 1 event type is impossible and counted as not known."]


def test_a_table_without_one_good_line_says_why() -> None:
    with pytest.raises(QuakeViewError, match="line 2: latitude 'north' is not a number"):
        parse_csv(b"time,latitude,longitude\n2019-07-04T17:02:55Z,north,1\n", "a.csv")


def test_two_events_with_one_id_are_told_apart_and_ids_last(tmp_path: Path) -> None:
    text = "id,time,latitude,longitude\n" + "7,2019-07-04T17:02:55Z,1,2\n" * 2 + ",2019-07-04T17:02:56Z,1,2\n"
    (tmp_path / "a b.csv").write_text(text)
    file = read_event_file(tmp_path / "a b.csv")
    assert [event.resource_id for event in file.events[:2]] == ["smi:local/a_b/7", "smi:local/a_b/7-2"]
    assert file.notes == ["a b.csv: the id 7 is that of several events; a later one became 7-2."]
    assert read_event_file(tmp_path / "a b.csv").events == file.events


def test_tables_of_picks_and_stations_are_no_tables_of_events() -> None:
    for header in ("station,phase,time", "network,station,latitude,longitude", "id,p_time,s_time"):
        assert not is_table_of_events(f"{header}\n1,2,3,4\n".encode(), "a.csv")


def test_a_table_says_what_it_leaves_out(tmp_path: Path) -> None:
    event, picks = earthquake()
    losses = write_events([event], picks, tmp_path / "a.csv")
    assert "A table of events holds no picks: 6 were left out." in losses
    assert "A table of events holds no second magnitudes: 1 was left out." in losses


@needs_shared
@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("catalogs/ridgecrest_trugman2020_scsn.csv", 12943),
        ("catalogs/usgs_seismostats.csv", 4118),
        ("catalogs/pnw_pnsn_2018_2022.csv", 13950),
        ("continuous/ridgecrest_20190704_1650_1810/catalog_pal_hypodd.csv", 44),
    ],
)
def test_published_catalogues_are_read(name: str, number: int) -> None:
    file = read_event_file(SHARED / "data" / name)
    assert len(file.events) == len({event.resource_id for event in file.events}) == number
    assert all(event.magnitude is not None and event.origin.depth is not None for event in file.events[:100])
