"""What is told of an event in words, name by name."""

from quakeview.app.events.hover_texts import kind_text
from quakeview.app.events.mechanism_texts import mechanism_text
from quakeview.events.event import Event
from quakeview.events.quality import quality
from quakeview.texts import counted


def event_rows(event: Event) -> list[tuple[str, str]]:
    """(name, text) of everything that is known."""
    origin, uncertainty = event.origin, event.origin.uncertainty
    ellipse = uncertainty.ellipse if uncertainty else None
    return [
        ("Date", f"{origin.time.strftime('%Y-%m-%d')} UTC"),
        (
            "Origin time",
            origin.time.strftime("%H:%M:%S.%f")[:-4] + (f" ± {uncertainty.time:.2f} s" if uncertainty else ""),
        ),
        ("Epicentre", f"{_degrees(origin.latitude, 'N', 'S')}, {_degrees(origin.longitude, 'E', 'W')}"),
        ("68 % ellipse", f"{ellipse[0] / 1000:.1f} × {ellipse[1] / 1000:.1f} km, {ellipse[2]:.0f}°" if ellipse else ""),
        ("Depth", _depth(event)),
        *_magnitude_rows(event),
        ("Picks", _picks(event)),
        ("Gap", "" if origin.gap is None else f"{origin.gap:.0f}°"),
        ("Nearest station", "" if origin.nearest is None else f"{origin.nearest / 1000:.0f} km"),
        ("RMS", "" if origin.rms is None else f"{origin.rms:.2f} s"),
        ("Quality", quality(origin)),
        ("Mechanism", mechanism_text(event.mechanism) if event.mechanism else ""),
        ("Status", _status(event)),
        ("Type", kind_text(event)),
        ("Velocity model", origin.velocity_model),
        ("Located by", origin.author),
    ]


def _status(event: Event) -> str:
    """With who judged it, and when."""
    by = f" by {event.reviewer}" if event.reviewer else ""
    at = f", {event.reviewed_at.strftime('%Y-%m-%d %H:%M')} UTC" if event.reviewed_at is not None else ""
    return f"{event.status}{by}{at}"


def _degrees(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):.4f}° {positive if value >= 0 else negative}"


def _depth(event: Event) -> str:
    origin = event.origin
    if origin.depth is None:
        return "not known"
    if origin.depth_fixed or origin.uncertainty is None:
        return f"{origin.depth / 1000:.1f} km" + (", fixed" if origin.depth_fixed else "")
    return f"{origin.depth / 1000:.1f} ± {origin.uncertainty.depth_error / 1000:.1f} km below sea level"


def _picks(event: Event) -> str:
    used, every = len(event.origin.used), len(event.origin.arrivals)
    return counted(used, "pick") + (f", {every - used} not used" if every > used else "")


def _magnitude_rows(event: Event) -> list[tuple[str, str]]:
    rows = []
    for magnitude in event.magnitudes:
        spread = f" ± {magnitude.spread:.2f}" if magnitude.spread is not None else ""
        of = f", {counted(magnitude.stations, 'station')}" if magnitude.stations else ""
        by = f", {magnitude.author}" if magnitude.author else ""
        rows.append((magnitude.kind, f"{magnitude.value:.2f}{spread}{of}{by}"))
    return rows
