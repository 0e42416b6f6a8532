"""Events with everything an event can have."""

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
from quakeview.waveforms.channels import ChannelId

TIME = UTCDateTime("2019-07-04T17:02:55.462001Z")


def full_event(pick_ids: tuple[str, ...] = ("smi:local/pick/a", "smi:local/pick/b"), after: float = 0.0) -> Event:
    """One with arrivals, uncertainty, magnitudes and amplitudes, ``after`` seconds after ``TIME``."""
    arrivals = tuple(
        Arrival(pick_id, "PS"[number % 2], 12_345.6 + number, 271.25, 0.0312 * number, 0.97)
        for number, pick_id in enumerate(pick_ids)
    )
    origin = Origin(
        TIME + after,
        35.70851,
        -117.50126,
        11_121.5,
        False,
        arrivals,
        Uncertainty(0.051, 250_000.0, 90_000.0, 1_210_000.0, 30_000.0, -12_000.0, 4_000.0),
        0.082,
        73.5,
        "grid search",
        "Southern California",
        "QuakeView",
    )
    amplitudes = (
        Amplitude(ChannelId("CI", "CCC", "", "HHN"), TIME + after + 7.25, 3.2e-6, 0.42, 3.95),
        Amplitude(ChannelId("CI", "CLC", "", "HHE"), TIME + after + 6.5, 9.1e-6, None, None, True, "clipped"),
    )
    magnitudes = (
        Magnitude("ML", 3.98, 0.21, 14, "Hutton & Boore (1987)", "QuakeView"),
        Magnitude("Mw", 4.0, None, None, "", "CI"),
    )
    mechanism = FocalMechanism(321.5, 82.25, -178.0, 17.5, 24, 0.08, 0.61, 48.5, "A", "HASH", "CI")
    return Event(
        *(origin, magnitudes, amplitudes, EventStatus.AUTOMATIC, "Searles Valley"),
        mechanism=mechanism,
        kind="earthquake",
    )
