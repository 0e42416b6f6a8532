"""Catalogues from files of agencies and programs."""

import json
from pathlib import Path

import numpy as np
import obspy
import pytest

from quakeview.errors import QuakeViewError
from quakeview.events.event import Event, EventStatus, Magnitude, Origin
from quakeview.jobs import Cancelled, Progress
from quakeview.project import PickBook, Project, ReplaceEvents
from quakeview.seismicity.reading import catalogue_of_events, read_catalogue
from tests.seismicity.reading.test_csv import seconds, written

OBSPY = Path(obspy.__file__).parent / "io"
EVENT = """<event publicID="smi:a/{number}"><type>{kind}</type><preferredOriginID>smi:o/2</preferredOriginID>
<preferredMagnitudeID>smi:m/2</preferredMagnitudeID>
<origin publicID="smi:o/1"><time><value>2000-01-01T00:00:00Z</value></time>
<latitude><value>1</value></latitude><longitude><value>2</value></longitude></origin>
<origin publicID="smi:o/2"><time><value>2011-03-11T05:46:{number:02d}Z</value></time>
<latitude><value>38.3</value></latitude><longitude><value>142.5</value></longitude>
<depth><value>24000</value></depth></origin>
<magnitude publicID="smi:m/1"><mag><value>7.9</value></mag><type>mb</type></magnitude>
<magnitude publicID="smi:m/2"><mag><value>9.1</value></mag><type>Mww</type></magnitude></event>"""


def quakeml(*events: str) -> str:
    return (
        '<?xml version="1.0"?><q:quakeml xmlns="http://quakeml.org/xmlns/bed/1.2" '
        f'xmlns:q="http://quakeml.org/xmlns/quakeml/1.2"><eventParameters publicID="smi:p">{"".join(events)}'
        "</eventParameters></q:quakeml>"
    )


@pytest.mark.parametrize(
    "name",
    [
        "quakeml/tests/data/neries_events.xml",
        "quakeml/tests/data/iris_events.xml",
        "iaspei/tests/data/19670130012028.isf",
        "zmap/tests/data/templates.txt",
        "ndk/tests/data/multiple_events.ndk",
        "nordic/tests/data/collect.out",
        "nlloc/tests/data/nlloc.hyp",
        "hypodd/tests/data/example.pha",
        "seiscomp/tests/data/iris_events.sc3ml",
    ],
)
@pytest.mark.filterwarnings("ignore:Cannot check whether Nordic")
def test_files_read_as_obspy_reads_them(name: str) -> None:
    events = obspy.read_events(OBSPY / name)
    origins = sorted((event.preferred_origin() or event.origins[0] for event in events), key=lambda each: each.time)
    catalogue = read_catalogue(OBSPY / name).catalogue
    np.testing.assert_allclose(catalogue.time, [each.time.timestamp for each in origins], atol=1e-3)
    np.testing.assert_allclose(catalogue.latitude, [each.latitude for each in origins], atol=1e-4)
    np.testing.assert_allclose(catalogue.longitude, [each.longitude for each in origins], atol=1e-4)
    expected = [np.nan if each.depth is None else each.depth for each in origins]
    np.testing.assert_allclose(catalogue.depth, expected, atol=1e-6)


def test_quakeml_gives_what_is_preferred(tmp_path: Path) -> None:
    path = written(
        tmp_path, quakeml(*(EVENT.format(number=n, kind=kind) for n, kind in enumerate(["earthquake", "quarry blast"])))
    )
    read = read_catalogue(path)
    assert read.catalogue.time.tolist() == [seconds("2011-03-11T05:46:00")]
    assert read.catalogue.magnitude.tolist() == [9.1]
    assert read.catalogue.magnitude_type.tolist() == ["Mww"]
    assert read.catalogue.depth.tolist() == [24_000]
    assert "quarry blast 1" in read.notes[-1]


def test_quakeml_that_is_cut_off_gives_what_is_whole(tmp_path: Path) -> None:
    text = quakeml(*(EVENT.format(number=n, kind="earthquake") for n in range(10)))
    read = read_catalogue(written(tmp_path, text[: int(0.8 * len(text))]))
    assert 5 <= len(read.catalogue) <= 9
    assert "cut off or damaged" in read.notes[0]


def test_quakeml_can_be_cancelled(tmp_path: Path) -> None:
    path = written(tmp_path, quakeml(EVENT.format(number=1, kind="earthquake")))
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        read_catalogue(path, progress=progress)


def test_geojson_of_comcat(tmp_path: Path) -> None:
    features = [
        {
            "type": "Feature",
            "id": "us1",
            "properties": {"mag": 5.4, "time": -1562261629500, "magType": "mww", "type": "earthquake"},
            "geometry": {"type": "Point", "coordinates": [151.5, -3.8, 10.5]},
        },
        {"type": "Feature", "id": "us2", "properties": {"mag": None, "time": 0}, "geometry": None},
    ]
    path = written(tmp_path, json.dumps({"type": "FeatureCollection", "features": features}), "query.geojson")
    read = read_catalogue(path)
    assert read.catalogue.time.tolist() == [-1562261629.5]
    assert read.catalogue.depth.tolist() == [10_500]
    assert read.catalogue.magnitude_type.tolist() == ["mww"]
    assert "1 entry" in read.notes[0]
    with pytest.raises(QuakeViewError, match="cut off or damaged"):
        read_catalogue(written(tmp_path, json.dumps({"type": "FeatureCollection", "features": features})[:-30]))


def test_hypocentre_file_of_the_jma(tmp_path: Path) -> None:
    lines = [
        jma_line(second="1812", latitude=" 38", north="0620", magnitude="84", kind="D"),
        jma_line(second="20  ", latitude="-38", north="0620", depth=" 10  ", magnitude="-5", kind="v"),
        jma_line(second="3000", magnitude="B5", kind="V"),
        jma_line(second="4000", magnitude="  ", kind=" "),
        jma_line(second="5000", event="3"),
        "_N.KKWH" + " " * 80,
        jma_line(second="5500")[:30],
    ]
    read = read_catalogue(written(tmp_path, "\n".join(lines) + "\n", "h201103"))
    catalogue = read.catalogue
    assert catalogue.time[0] == pytest.approx(seconds("2011-03-11T05:46:18.12"), abs=1e-6)
    assert catalogue.time[1] == seconds("2011-03-11T05:46:20")
    np.testing.assert_allclose(catalogue.latitude[:2], [38 + 6.2 / 60, -(38 + 6.2 / 60)])
    np.testing.assert_allclose(catalogue.longitude[0], 142 + 51.66 / 60)
    np.testing.assert_allclose(catalogue.depth[:2], [23_740, 10_000])
    np.testing.assert_allclose(catalogue.magnitude, [8.4, -0.5, -2.5, np.nan])
    assert catalogue.magnitude_type.tolist() == ["Mj", "Mv", "Mv", ""]
    said = " ".join(read.notes)
    assert "UTC+9" in said
    assert "artificial event 1" in said
    assert "1 line is cut off" in said


def jma_line(
    second: str = "1812",
    latitude: str = " 38",
    north: str = "0620",
    depth: str = " 2374",
    magnitude: str = "84",
    kind: str = "D",
    event: str = "1",
) -> str:
    """A line of 96 columns as the description of the format lays them out."""
    time = f"J201103111446{second}0020"
    place = f"{latitude}{north}0023 14251660030{depth}040"
    line = f"{time}{place}{magnitude}{kind}90V52" + event
    assert len(line) == 61
    return line.ljust(96)


def test_catalogue_of_the_isc_as_csv(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "ISC: Event catalogue\nCoordinates: 17.193,165.938,-64.826,165.234\n"
        "----EVENT-----|-------------ORIGIN (PRIME HYPOCENTRE)----|---MAGNITUDES\n"
        "  EVENTID,TYPE,AUTHOR   ,DATE      ,TIME       ,LAT     ,LON      ,DEPTH,DEPFIX,AUTHOR   ,TYPE  ,MAG\n"
        "600516598,ke  ,ISC      ,2011-03-11,05:46:23.00, 38.2963, 142.4980, 19.7,   ,ISC ,mb    , 7.2,GCMT,MW, 9.1\n"
        "600516599,km  ,ISC      ,2011-03-11,06:46:23.00, 38.2963, 142.4980, 19.7,      ,ISC      ,mb    , 4.2\n"
        "\nSTOP\n",
    )
    read = read_catalogue(path)
    assert read.catalogue.time.tolist() == [seconds("2011-03-11T05:46:23")]
    assert read.catalogue.magnitude.tolist() == [7.2]
    assert read.catalogue.magnitude_type.tolist() == ["mb"]
    assert read.catalogue.identifier.tolist() == ["600516598"]
    assert any("km 1" in note for note in read.notes)


def test_older_catalogue_of_the_isc(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "EVENTID,AUTHOR,DATE,TIME,LAT,LON,DEPTH,DEPFIX,AUTHOR,TYPE,MAG\n"
        "1,ISC,2011-03-11,05:46:23.00,38.2963,142.4980,19.7,,ISC,MW,9.1\n",
    )
    assert read_catalogue(path).catalogue.magnitude_type.tolist() == ["MW"]


def test_text_of_fdsn_services(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "#EventID | Time | Latitude | Longitude | Depth/km | Author | Catalog | Contributor | ContributorID | MagType |"
        " Magnitude | MagAuthor | EventLocationName\n"
        "us1|2019-07-06T03:19:53.040|35.7695|-117.5993|8.0|us|us|us|us1|mw|7.1|us|Ridgecrest, California\n",
    )
    catalogue = read_catalogue(path).catalogue
    assert catalogue.time[0] == pytest.approx(seconds("2019-07-06T03:19:53.04"), abs=1e-6)
    assert (catalogue.depth[0], catalogue.magnitude[0], catalogue.magnitude_type[0]) == (8000, 7.1, "mw")
    assert catalogue.identifier.tolist() == ["us1"]


@pytest.mark.parametrize(
    "header", ["lon,lat,M,time_string,depth,catalog_id,event_id\n", ""], ids=["with names", "without"]
)
def test_catalogue_of_csep(header: str, tmp_path: Path) -> None:
    path = written(
        tmp_path, f"{header}12.5,42.1,4.5,2009-04-06T01:32:39.0,8.3,0,1\n12.6,42.2,3,2009-04-07T01:00:00,7,0,2\n"
    )
    catalogue = read_catalogue(path).catalogue
    assert catalogue.latitude.tolist() == [42.1, 42.2]
    assert catalogue.longitude.tolist() == [12.5, 12.6]
    assert catalogue.depth.tolist() == [8300, 7000]
    assert catalogue.time[0] == seconds("2009-04-06T01:32:39")


def test_zmap_and_hypodd(tmp_path: Path) -> None:
    zmap = written(tmp_path, "-117.5\t35.7\t2019.5054\t7\t4\t6.4\t10.5\t17\t33\t49.5\n", "zmap.dat")
    moved = written(
        tmp_path,
        "1 35.7 -117.5 10.5 1.0 2.0 3.0 0.1 0.1 0.1 2019 7 4 17 33 49.5 6.4 0 0 0 0 -9 0.1 1\n",
        "hypoDD.reloc",
    )
    listed = written(tmp_path, "20190704  17334950   35.7000  -117.5000  10.5  6.4  0.1  0.1  0.1  1\n", "event.dat")
    for path, words in ((zmap, "ZMAP"), (moved, "hypoDD"), (listed, "hypoDD")):
        read = read_catalogue(path)
        assert read.catalogue.time.tolist() == [seconds("2019-07-04T17:33:49.5")], path
        assert read.catalogue.latitude.tolist() == [35.7]
        assert read.catalogue.longitude.tolist() == [-117.5]
        assert read.catalogue.depth.tolist() == [10_500]
        assert read.catalogue.magnitude.tolist() == [6.4]
        assert words in read.notes[0]


def test_events_of_a_project(tmp_path: Path) -> None:
    time = obspy.UTCDateTime("2019-07-04T17:33:49")
    event = Event(Origin(time, 35.7, -117.5, 10_500.0), (Magnitude("ML", 6.4),), resource_id="smi:local/event/1")
    rejected = event.with_(status=EventStatus.REJECTED, resource_id="smi:local/event/2")
    blast = event.with_(kind="quarry blast", resource_id="smi:local/event/3")
    catalogue, notes = catalogue_of_events([event, rejected, blast])
    assert catalogue.identifier.tolist() == ["smi:local/event/1"]
    assert catalogue.magnitude.tolist() == [6.4]
    assert "1 event was rejected" in notes[0]
    assert "quarry blast 1" in notes[1]
    with Project(tmp_path / "own.qvproj") as project:
        PickBook(project).apply(ReplaceEvents((), (event, rejected, blast), "Locate"))
    read = read_catalogue(tmp_path / "own.qvproj")
    assert read.catalogue.time.tolist() == [time.timestamp]
    assert read.catalogue.depth.tolist() == [10_500]
