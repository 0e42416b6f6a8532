"""What station metadata contradict in themselves is told with the name of the station."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import obspy
import pytest
from obspy import Inventory, UTCDateTime
from obspy.core.inventory import Channel, Station

from quakeview.stations.book import read_stations
from quakeview.waveforms.channels import ChannelId

LATER = UTCDateTime(2011, 1, 1)


def told(tmp_path: Path, change: Callable[[Station], None]) -> tuple[str, ...]:
    """What is said of BW.RJOB after a change, written as StationXML and read."""
    inventory: Inventory = obspy.read_inventory().select(station="RJOB", time=UTCDateTime(2009, 8, 24))
    change(inventory[0][0])
    path = tmp_path / "a.xml"
    inventory.write(str(path), "STATIONXML")
    return read_stations([path]).notes


def first(station: Station) -> Channel:
    return station.channels[0]


def open_twice(station: Station) -> None:
    again = deepcopy(first(station))
    again.start_date = LATER
    station.channels.append(again)


def overlap(station: Station) -> None:
    open_twice(station)
    first(station).end_date = LATER + 1


def follow(station: Station) -> None:
    open_twice(station)
    first(station).end_date = LATER


def set_location(station: Station) -> None:
    first(station).location_code = "--"


def double_sensitivity(station: Station) -> None:
    first(station).response.instrument_sensitivity.value *= 2


def take_stages(station: Station) -> None:
    first(station).response.response_stages = []


def lose_place(station: Station) -> None:
    for place in (station, *station):
        place.latitude = place.longitude = 0.0


def stray(station: Station) -> None:
    first(station).latitude = float(first(station).latitude) + 0.1


def leave_stages_for_others(station: Station) -> None:
    """A gain that is said at another frequency contradicts nothing."""
    first(station).response.response_stages[0].stage_gain_frequency = 10.0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (open_twice, "BW.RJOB has several epochs without an end of EHZ; the latest is used."),
        (overlap, "BW.RJOB has overlapping epochs of EHZ; the later is used."),
        (set_location, "BW.RJOB has the location code '--', which is read as an empty one."),
        (
            double_sensitivity,
            "BW.RJOB has response stages that contradict the sensitivity of EHZ; the stages are used.",
        ),
        (
            take_stages,
            "BW.RJOB has a sensitivity but no response stages for EHZ; it is taken to hold at all frequencies.",
        ),
        (
            lose_place,
            "BW.RJOB stands at latitude 0 and longitude 0, which means that nobody knows; it has no coordinates.",
        ),
        (stray, "BW.RJOB has channels more than 1 km from the station itself: EHZ."),
    ],
)
def test_each_contradiction_is_told(tmp_path: Path, change: Callable[[Station], None], sentence: str) -> None:
    assert told(tmp_path, change) == (sentence,)


@pytest.mark.parametrize("change", [follow, leave_stages_for_others])
def test_what_only_looks_like_one_is_not(tmp_path: Path, change: Callable[[Station], None]) -> None:
    assert told(tmp_path, change) == ()


def test_two_places_at_once_are_told_and_the_later_epoch_counts(tmp_path: Path) -> None:
    inventory = obspy.read_inventory().select(station="RJOB", time=UTCDateTime(2009, 8, 24))
    other = deepcopy(inventory[0][0])
    other.start_date, other.latitude, other.channels = LATER, float(other.latitude) + 0.02, []
    inventory[0].stations.insert(0, other)
    inventory.write(str(tmp_path / "a.xml"), "STATIONXML")
    book = read_stations([tmp_path / "a.xml"])
    assert book.notes == ("BW.RJOB stands in two places at once, 2.22 km apart; the later epoch is used.",)
    assert book.coordinates["BW", "RJOB"].latitude == pytest.approx(float(other.latitude))


def test_a_place_on_no_globe_loses_that_station_its_place_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    obspy.read_inventory().write(str(path), "STATIONXML")
    text = path.read_text()
    latitude = str(obspy.read_inventory().select(station="RJOB")[0][0].latitude)
    assert latitude in text
    path.write_text(text.replace(latitude, "147.7"))
    book = read_stations([path])
    assert ("BW", "RJOB") not in book.coordinates
    assert ("GR", "FUR") in book.coordinates
    assert "RJOB has the latitude 147.7, which is on no globe; its place is not known." in book.notes


def test_the_dashes_of_a_location_do_not_keep_a_channel_from_its_response(tmp_path: Path) -> None:
    told(tmp_path, set_location)
    book = read_stations([tmp_path / "a.xml"])
    channel = ChannelId("BW", "RJOB", "", "EHZ")
    assert book.channel(channel, UTCDateTime(2009, 8, 24)).response is not None
