"""What is said of an event and of a station under the mouse."""

from collections.abc import Sequence

from quakeview.events.event import NOISE, Arrival, Event
from quakeview.events.readings import Reading
from quakeview.texts import clock, date


def event_text(event: Event) -> str:
    """``2019-07-04 17:03:00 UTC  ·  ML 3.1  ·  8.2 km deep``."""
    time, origin, magnitude = event.time.timestamp, event.origin, event.magnitude
    parts = [f"{date(time)} {clock(time, 1)} UTC"]
    parts.append("magnitude unknown" if magnitude is None else f"{magnitude.kind} {magnitude.value:.1f}")
    if origin.depth is None:
        parts.append("depth unknown")
    else:
        parts.append(f"{origin.depth / 1000:.1f} km deep{', fixed' if origin.depth_fixed else ''}".replace("-", "−"))
    if not event.is_earthquake:
        parts.append(kind_text(event))
    return "  ·  ".join([*parts, event.name] if event.name else parts)


def kind_text(event: Event) -> str:
    """What kind of event it is, in words; empty if nobody said."""
    return "noise" if event.kind == NOISE else event.kind


def distance_text(distance: float) -> str:
    """``23.4 km``, ``1,234 km`` of metres."""
    return f"{distance / 1000:.1f} km" if distance < 100e3 else f"{distance / 1000:,.0f} km"


def arrival_text(reading: Reading) -> str:
    """``KS.GIJA  ·  P 4.50 s after origin  ·  23.4 km  ·  residual −0.12 s``."""
    parts = [".".join(reading.station), f"{reading.phase} {reading.time:.2f} s after origin".replace("-", "−")]
    if reading.distance is not None:
        parts.append(distance_text(reading.distance))
    if reading.residual is not None:
        parts.append(f"residual {reading.residual:+.2f} s".replace("-", "−"))
    return "  ·  ".join(parts if reading.used else [*parts, "not used"])


def arrivals_text(name: str, arrivals: Sequence[Arrival]) -> str:
    """``KS.GIJA  ·  23.4 km  ·  P −0.12 s  ·  S 0.31 s, not used``."""
    parts = [name]
    known = [arrival.distance for arrival in arrivals if arrival.distance is not None]
    parts += [distance_text(distance) for distance in known[:1]]
    for arrival in arrivals:
        residual = "no residual" if arrival.residual is None else f"{arrival.residual:+.2f} s".replace("-", "−")
        parts.append(f"{arrival.phase} {residual}{'' if arrival.weight > 0 else ', not used'}")
    return "  ·  ".join(parts)
