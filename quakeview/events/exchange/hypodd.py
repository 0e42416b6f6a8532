"""hypoDD: phases in (``phase.dat``, the input of ph2dt), relocated events out (``hypoDD.reloc``, ``hypoDD.loc``).

Waldhauser, 2001: hypoDD, a program to compute double-difference hypocenter locations, USGS Open-File Report 01-113.
"""

from collections.abc import Sequence
from math import isfinite, sqrt

from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.events.event import Event, Magnitude, Origin, Uncertainty
from quakeview.events.exchange.losses import FOR_NO_LOCATOR, left_out, renamed, written_as_zero
from quakeview.events.exchange.readings import WEIGHTS, P, Reading, S, by_id, numbers, readings
from quakeview.monitoring.picks import Pick
from quakeview.texts import counted

NAME = "hypoDD phase.dat"
_LACKS = (
    *FOR_NO_LOCATOR, "polarities", "second magnitudes", "amplitudes",
    "directions of errors", "names of events", "names of velocity models", "focal mechanisms",
    "review statuses", "types of events", "reviewers",
)  # fmt: skip
_COLUMNS = {24: True, 18: False}
"""Numbers in a line, and whether it is of a ``.reloc`` file, which has counts and RMS values before the cluster."""


def format_phases(events: Sequence[Event], picks: Sequence[Pick]) -> tuple[str, list[str]]:
    """The text of a ``phase.dat``, and sentences about what it cannot hold."""
    known = by_id(picks)
    lines: list[str] = []
    phases: list[str] = []
    other = 0
    for number, event in numbers(events):
        seen = readings(event, known)
        timed = [reading for reading in seen if reading.family in (P, S)]
        other += len(seen) - len(timed)
        phases += [reading.arrival.phase for reading in timed]
        lines += [_event_line(number, event), *(_phase_line(event, reading) for reading in timed)]
    losses = left_out(NAME, events, picks, _LACKS)
    if other:
        losses.append(f"{NAME} holds P and S only: {counted(other, 'pick was', 'picks were')} left out.")
    losses += renamed(NAME, phases)
    losses += written_as_zero(events, "depth", "errors", "RMS", "magnitude")
    if lines:
        losses.append("Station codes stand without their networks, uncertainties as weights of 1, 0.5, 0.2, 0.1 or 0.")
    return "".join(f"{line}\n" for line in lines), losses


def is_relocated(data: bytes) -> bool:
    """Is it a ``.reloc`` or ``.loc`` file?"""
    first = next((line.split() for line in data[:10_000].splitlines() if line.strip()), [])
    if len(first) not in _COLUMNS or not first[0].isdigit():
        return False
    try:
        _time([float(field) for field in first])
    except (ValueError, OverflowError):
        return False
    return True


def parse_relocated(data: bytes, name: str) -> tuple[list[Event], list[str]]:
    """The events of a ``.reloc`` or ``.loc`` file, and a sentence for each line that is none.

    Raises:
        QuakeViewError: if not a single line can be read.
    """
    events, left = [], []
    for number, line in enumerate(data.decode("ascii", errors="replace").splitlines(), start=1):
        fields = line.split()
        if not fields:
            continue
        try:
            events.append(_relocated(fields))
        except (ValueError, OverflowError):
            left.append(f"{name}, line {number} is not an event that hypoDD relocated (18 or 24 numbers).")
    if left and not events:
        raise QuakeViewError(left[0])
    return events, left


def _event_line(number: int, event: Event) -> str:
    """Zero stands for errors that are not known, as in the published examples."""
    origin, time = event.origin, UTCDateTime(ns=round(event.time.ns, -4))
    known = origin.uncertainty
    horizontal = sqrt((known.east + known.north) / 2) / 1e3 if known else 0.0
    vertical = known.depth_error / 1e3 if known else 0.0
    return (
        f"# {time.year} {time.month:2d} {time.day:2d} {time.hour:2d} {time.minute:2d} "
        f"{time.second + time.microsecond * 1e-6:8.5f} {origin.latitude:9.5f} {origin.longitude:10.5f} "
        f"{(origin.depth or 0.0) / 1e3:8.4f} {event.magnitude.value if event.magnitude else 0.0:5.2f} "
        f"{horizontal:7.4f} {vertical:7.4f} {origin.rms or 0.0:7.4f} {number:9d}"
    )


def _phase_line(event: Event, reading: Reading) -> str:
    weight = WEIGHTS.get(reading.weight_code, 0.0) * reading.arrival.weight
    travel = reading.pick.time - event.time
    return f"{reading.pick.channel_id.station:<7} {travel:9.4f} {weight:6.4f} {reading.family}"


def _relocated(fields: Sequence[str]) -> Event:
    """ID LAT LON DEPTH X Y Z EX EY EZ YR MO DY HR MI SC MAG [NCCP NCCS NCTP NCTS RCC RCT] CID; errors in m."""
    values = [float(field) for field in fields]
    if len(values) not in _COLUMNS or not all(map(isfinite, values[:4])) or abs(values[1]) > 90:
        raise ValueError
    east, north, depth = values[7:10]
    known = all(isfinite(error) and error > 0 for error in (east, north, depth))
    rms = values[22] if _COLUMNS[len(values)] and values[22] > 0 else None
    origin = Origin(
        _time(values),
        values[1],
        values[2],
        values[3] * 1e3,
        uncertainty=Uncertainty(None, east**2, north**2, depth**2) if known else None,
        rms=rms,
        method="hypoDD",
    )
    magnitudes = (Magnitude("M", values[16]),) if isfinite(values[16]) and values[16] != 0 else ()
    return Event(origin, magnitudes, resource_id=f"smi:local/hypodd/{int(values[0])}")


def _time(values: Sequence[float]) -> UTCDateTime:
    """Seconds may be 60."""
    year, month, day, hour, minute = (int(value) for value in values[10:15])
    return UTCDateTime(year, month, day, hour, minute) + values[15]
