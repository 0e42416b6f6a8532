"""The station book: what files of every kind say together, and what is told of them."""

from pathlib import Path

import numpy as np
import obspy
import pytest
from obspy import Inventory, UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.stations.book import StationBook, read_stations
from quakeview.stations.inventories import StationFile, holds_stations
from quakeview.stations.responses import response_of
from quakeview.waveforms.channels import ChannelId
from tests.shared import SHARED

OBSPY = Path(obspy.__file__).parent
WHEN = UTCDateTime(2009, 8, 24)
RJOB = ChannelId("BW", "RJOB", "", "EHZ")
KINDS = {
    "stationxml/tests/data/IRIS_single_channel_with_response.xml": (("IU", "ANMO"), 1),
    "xseed/tests/data/dataless.seed.BW_FURT": (("BW", "FURT"), 3),
    "xseed/tests/data/dataless.seed.BW_FURT.xml": (("BW", "FURT"), 3),
    "seiscomp/tests/data/EB_response_sc3ml": (("EB", "EBR"), 3),
    "stationtxt/tests/data/channel_level_fdsn.txt": (("AK", "BAGL"), 3),
}


@pytest.mark.parametrize("name", KINDS)
def test_files_of_every_kind_are_known_by_how_they_begin(tmp_path: Path, name: str) -> None:
    path = tmp_path / "metadata"
    path.write_bytes((OBSPY / "io" / name).read_bytes())
    place, channels = KINDS[name]
    assert holds_stations(path)
    book = read_stations([path])
    assert -90 < book.coordinates[place].latitude < 90
    assert f"{channels} channel{'s' if channels > 1 else ''} with response" in book.summary


def test_resp_has_a_response_and_no_place_and_nothing_is_said_of_it() -> None:
    book = read_stations([OBSPY / "io/xseed/tests/data/RESP.BW.FURT..EHZ"])
    assert book.summary == "1 station, 1 channel with response, no coordinates for 1"
    assert book.notes == ()
    furt = ChannelId("BW", "FURT", "", "EHZ")
    assert abs(book.response(furt, WHEN)(np.array([10.0]))[0]) == pytest.approx(6.7e8, rel=0.05)


def test_two_files_are_one_book_coordinates_from_one_and_responses_from_the_other(tmp_path: Path) -> None:
    (tmp_path / "places.txt").write_text(
        "#Network|Station|Latitude|Longitude|Elevation|SiteName|StartTime|EndTime\n"
        "BW|FURT|48.1629|11.2752|565.0|Fürstenfeldbruck|2001-01-01T00:00:00|\n"
    )
    book = read_stations([tmp_path / "places.txt", OBSPY / "io/xseed/tests/data/RESP.BW.FURT..EHZ"])
    assert book.coordinates == {("BW", "FURT"): (48.1629, 11.2752, 565.0)}
    assert book.summary == "1 station, 1 channel with response"


def test_a_file_that_is_opened_again_replaces_itself() -> None:
    file = StationFile(Path("a.xml"), obspy.read_inventory())
    book = StationBook().with_files([file]).with_files([file])
    assert len(book.files) == 1
    assert book.notes == ()


def test_a_channel_has_the_response_of_its_epoch_and_a_sentence_says_when_it_has_none() -> None:
    book = StationBook((StationFile(Path("a.xml"), obspy.read_inventory()),))
    f = np.array([0.5, 5.0])
    assert book.response(RJOB, WHEN)(f) == pytest.approx(response_of(RJOB, book.channel(RJOB, WHEN))(f))
    assert book.axis(RJOB, WHEN) == pytest.approx((0, 0, 1), abs=1e-9)
    for channel, when in ((RJOB, UTCDateTime(1980, 1, 1)), (RJOB._replace(station="NONE"), WHEN)):
        with pytest.raises(QuakeViewError, match="do not know it at that time"):
            book.response(channel, when)


def moved(kilometres: float, when: str = "2008-01-01") -> Inventory:
    """The station BW.RJOB, north of where it is."""
    inventory = obspy.read_inventory().select(station="RJOB")
    for station in inventory[0]:
        station.latitude = float(station.latitude) + kilometres / 111.2
        station.start_date = UTCDateTime(when)
        for channel in station:
            channel.latitude = station.latitude
    return inventory


def test_a_station_in_two_places_is_told_and_the_last_file_is_believed() -> None:
    one, other = (StationFile(Path(name), moved(shift)) for name, shift in (("a.xml", 0.0), ("b.xml", 1.5)))
    book = StationBook((one, other))
    assert book.notes == ("BW.RJOB stands 1.5 km apart in a.xml and b.xml; b.xml is believed.",)
    assert book.coordinates["BW", "RJOB"].latitude == pytest.approx(float(one.inventory[0][0].latitude) + 1.5 / 111.2)
    assert StationBook((one, StationFile(Path("c.xml"), moved(0.5)))).notes == ()


def test_a_station_that_moved_is_where_it_was_at_the_time() -> None:
    early, late = moved(0.0, "2007-01-01"), moved(3.0, "2010-01-01")
    early[0][0].end_date = UTCDateTime(2010, 1, 1)
    book = StationBook((StationFile(Path("a.xml"), early + late),))
    assert book.coordinates_at(WHEN)["BW", "RJOB"].latitude == pytest.approx(float(early[0][0].latitude))
    assert book.coordinates["BW", "RJOB"].latitude == pytest.approx(float(late[0][0].latitude))


def test_ridgecrest_s_lists_give_places_and_gains() -> None:
    folder = SHARED / "data/continuous/ridgecrest_20190704_1650_1810"
    if not folder.is_dir():
        pytest.skip("needs the shared data")
    book = read_stations([folder])
    assert book.summary == "21 stations, a gain for 14"
    assert book.notes == ()
    assert book.coordinates["CI", "CCC"].elevation == 670
    gain = book.response(ChannelId("PB", "B916", "", "EHZ"), UTCDateTime(2019, 7, 4))
    assert gain(np.array([1.0, 10.0])) == pytest.approx([7.81398e8, 7.81398e8])


def test_another_location_code_is_named() -> None:
    book = StationBook((StationFile(Path("a.xml"), obspy.read_inventory()),))
    with pytest.raises(QuakeViewError, match=r"the metadata know it with another location code only \(none\)"):
        book.response(RJOB._replace(location="00"), WHEN)
