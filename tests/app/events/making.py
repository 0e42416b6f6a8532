"""Events, stations and picks for the tests of maps and plots."""

from obspy import UTCDateTime

from quakeview.events.event import Arrival, Event, Magnitude, Origin, Uncertainty
from quakeview.monitoring.picks import Pick
from quakeview.stations.coordinates import Coordinates
from quakeview.waveforms.channels import ChannelId

TIME = UTCDateTime("2019-07-04T17:02:55")
STATIONS = {
    ("CI", "TOW2"): Coordinates(35.81, -117.76, 700.0),
    ("CI", "SLA"): Coordinates(35.89, -117.28, 1200.0),
    ("CI", "LRL"): Coordinates(35.48, -117.68, 1300.0),
    ("PB", "B916"): Coordinates(36.19, -117.67, 1800.0),
}
PICKS = {
    pick.resource_id: pick
    for pick in (
        Pick(ChannelId("CI", "TOW2", "", "HHZ"), "P", TIME + 4.5, resource_id="p1"),
        Pick(ChannelId("CI", "TOW2", "", "HHN"), "S", TIME + 8.0, resource_id="s1"),
        Pick(ChannelId("CI", "SLA", "", "HHZ"), "P", TIME + 5.0, resource_id="p2"),
        Pick(ChannelId("CI", "LRL", "", "HHZ"), "P", TIME + 5.5, resource_id="p3"),
    )
}
ARRIVALS = (
    Arrival("p1", "P", 26_000.0, 294.0, 0.12),
    Arrival("s1", "S", 26_000.0, 294.0, -0.31),
    Arrival("p2", "P", 28_000.0, 44.0, -0.4),
    Arrival("p3", "P", 30_000.0, 213.0, 2.1, weight=0.0),
)


def made_event(
    name: str,
    longitude: float = -117.5,
    latitude: float = 35.71,
    depth: float | None = 8_000.0,
    magnitude: float | None = 3.1,
    arrivals: tuple[Arrival, ...] = (),
) -> Event:
    """An earthquake with the id ``name``."""
    uncertainty = Uncertainty(0.1, 2.5e6, 4e5, 1e6)
    return Event(
        Origin(TIME, latitude, longitude, depth, arrivals=arrivals, uncertainty=uncertainty),
        () if magnitude is None else (Magnitude("ML", magnitude),),
        resource_id=name,
    )


EVENTS = (
    made_event("main", arrivals=ARRIVALS, magnitude=4.0),
    made_event("west", longitude=-117.62, latitude=35.6, depth=3_000.0),
    made_event("north", longitude=-117.5, latitude=35.95, depth=None, magnitude=None),
)
