"""What an edit did to an event: how far it moved, and whether its picks agree better."""

from dataclasses import dataclass
from typing import Self

from quakeview.events.event import Event
from quakeview.stations.coordinates import Coordinates, epicentral_path

_COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
_STILL = 50.0
"""Metres below which nothing is said to have moved."""


@dataclass(frozen=True)
class Shift:
    """From one version of an event to a later one.

    Attributes:
        distance: of the epicentres, m.
        azimuth: from the old to the new epicentre, degrees clockwise from north.
        deeper: m; None if a depth is not known.
        rms: s, before and after; None if one is not known.
        magnitude: before and after, of the same kind; None if there are no such two.
        kind: of the magnitude, ``ML``.
    """

    distance: float
    azimuth: float
    deeper: float | None
    rms: tuple[float, float] | None
    magnitude: tuple[float, float] | None
    kind: str

    @classmethod
    def between(cls, old: Event, new: Event) -> Self:
        """What changed from ``old`` to ``new``."""
        before, after = old.origin, new.origin
        path = epicentral_path(before.latitude, before.longitude, Coordinates(after.latitude, after.longitude, 0.0))
        deeper = None if before.depth is None or after.depth is None else after.depth - before.depth
        rms = None if before.rms is None or after.rms is None else (before.rms, after.rms)
        one, two = old.magnitude, new.magnitude
        same = one is not None and two is not None and one.kind == two.kind
        sizes = (one.value, two.value) if one is not None and two is not None and same else None
        return cls(path.distance, path.azimuth, deeper, rms, sizes, two.kind if two is not None else "")

    @property
    def text(self) -> str:
        """``moved 0.8 km NE, 1.2 km deeper, RMS 0.21 → 0.14 s, ML 2.9 → 3.0``."""
        parts = []
        if self.distance >= _STILL:
            parts.append(f"moved {self.distance / 1000:.1f} km {_COMPASS[round(self.azimuth / 45) % 8]}")
        if self.deeper is not None and abs(self.deeper) >= _STILL:
            parts.append(f"{abs(self.deeper) / 1000:.1f} km {'deeper' if self.deeper > 0 else 'shallower'}")
        if not parts:
            parts.append("did not move")
        if self.rms is not None:
            parts.append(f"RMS {self.rms[0]:.2f} → {self.rms[1]:.2f} s")
        if self.magnitude is not None:
            parts.append(f"{self.kind} {self.magnitude[0]:.1f} → {self.magnitude[1]:.1f}")
        return ", ".join(parts)
