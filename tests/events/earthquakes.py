"""An earthquake with everything that an event can have."""

from obspy import UTCDateTime

from quakeview.events.event import (
    Amplitude,
    Arrival,
    Event,
    EventStatus,
    FocalMechanism,
    Magnitude,
    Origin,
    Uncertainty,
)
from quakeview.monitoring.picks import Pick, PickStatus, Polarity
from quakeview.waveforms.channels import ChannelId

TIME = UTCDateTime("2019-07-04T17:02:55.160000Z")
STATIONS = {"CCC": (12e3, 30.0), "TOW2": (21e3, 120.0), "WRC2": (33e3, 260.0)}
"""Epicentral distance in metres and azimuth in degrees."""


def earthquake(number: int = 1) -> tuple[Event, list[Pick]]:
    """The event of the ``number``-th hour, and its six picks."""
    time = TIME + 3600 * number
    picks, arrivals = [], []
    for order, (station, (distance, azimuth)) in enumerate(STATIONS.items()):
        for phase, velocity in (("P", 6e3), ("S", 3.4e3)):
            pick = Pick(
                ChannelId("CI", station, "", "HHZ" if phase == "P" else "HHN"),
                phase,
                UTCDateTime(ns=round((time + distance / velocity).ns, -4)),
                status=PickStatus.MANUAL if order else PickStatus.AUTOMATIC,
                probability=None if order else 0.9,
                lower_uncertainty=0.04,
                upper_uncertainty=0.04,
                polarity=Polarity.UP if phase == "P" else None,
                onset="impulsive",
                resource_id=f"smi:local/pick/{number}-{station}-{phase}",
            )
            picks.append(pick)
            weight = 1.0 if order < 2 else 0.5
            arrivals.append(Arrival(pick.resource_id, phase, distance, azimuth, 0.03 * order, weight))
    origin = Origin(
        time,
        35.714193,
        -117.496118,
        8210.0,
        False,
        tuple(arrivals),
        Uncertainty(0.05, 90e3, 160e3, 640e3, 20e3, -10e3, 30e3),
        0.08,
        144.0,
        "QuakeView grid search",
        "southern California (Hutton ~1987), 100 %",
        "QuakeView 0.1",
    )
    amplitudes = (
        Amplitude(ChannelId("CI", "CCC", "", "HHN"), time + 6, 1.2e-6, 0.4, 3.1, True),
        Amplitude(ChannelId("CI", "TOW2", "", "HHE"), time + 9, 7e-7, 0.3, None, False, "clipped"),
    )
    magnitudes = (Magnitude("ML", 3.14, 0.2, 2, "Hutton and Boore (1987)", "QuakeView"), Magnitude("Mw", 3.3))
    mechanism = FocalMechanism(
        321.5, 82.25, -178.0, 17.5, 24, 0.08, 0.61, 48.5, "A", "QuakeView first motions", "QuakeView"
    )
    identity = f"smi:local/event/{number}"
    event = Event(
        *(origin, magnitudes, amplitudes, EventStatus.REVIEWED, "Searles Valley", identity, mechanism),
        kind="earthquake",
        reviewer="Ana Ruiz",
        reviewed_at=TIME + 86400,
    )
    return event, picks
