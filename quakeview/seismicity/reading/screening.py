"""What of a file counts as an earthquake, and sentences about the rest."""

import re
from collections import Counter
from dataclasses import replace

import numpy as np

from quakeview.seismicity.reading.rows import Floats, Rows
from quakeview.texts import counted

DEPTHS = (-10e3, 1000e3)
"""m; what is outside is no depth of an earthquake."""
MAGNITUDES = (-5.0, 11.0)
_EARTHQUAKES = {
    "", "earthquake", "eq", "le", "re", "ts", "ke", "se", "de", "fe", "e", "uk", "si", "ki", "i", "null",
    "not reported", "not_reported", "none", "nan", "unknown", "induced or triggered event", "induced earthquake",
    "induced", "tectonic", "tectonic earthquake", "local", "regional", "teleseism", "natural earthquake", "natural",
    "felt earthquake", "a", "d", "f", "k", "l",
}  # fmt: skip
"""Types of event that are earthquakes, as QuakeML, ISC, SCSN and others call them."""
_OTHERS = re.compile(
    r".*(explo|blast|quarr|\bmin(e|ing)\b|collapse|burst|bump|slide|avalanche|sonic|nuclear|ice ?quake|not existing|"
    r"not locatable|other|noise|anthropogenic|volcanic eruption|acoustic|thunder|meteor|chemical|artificial|cavity|"
    r"crash|road ?cut|duplicate|low frequency|tremor|slow|calving|shot).*|[ks][mhxnr]|qb|ex|sn|nt|mc|rb|ls|sl|av|th|"
    r"ot|lp|vt|px|ce"
)
"""Types that are none, in words or as codes of ISC and SCSN."""
_NEAR, _STEPS = 0.25, 0.5
_SAID = 6
"""Kinds that are named in a sentence."""


def screened(rows: Rows, name: str) -> tuple[Rows, list[str]]:
    """Leave out what is no earthquake, count impossible depths and magnitudes as unknown, and say it."""
    screening = _Screening(name)
    for step in (screening.earthquakes, screening.places, screening.depths, screening.magnitudes):
        rows = step(rows)
    return rows, [*screening.notes, *mixed_types(rows, name)]


def mixed_types(rows: Rows, name: str) -> list[str]:
    """Return a sentence if magnitudes are of more than one kind, such as Mw and mb."""
    numbers = Counter(rows.magnitude_type[np.isfinite(rows.magnitude)].tolist())
    if len({kind.lower()[:2] for kind in numbers if kind}) < 2:
        return []
    return [f"{name}: magnitudes are of several types and used as they are: {_listed(numbers)}."]


class _Screening:
    """Looks through the rows of a file, and keeps sentences on what it changed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.notes: list[str] = []

    def say(self, number: int, singular: str, plural: str, more: str = "") -> None:
        """Note how many there were of something, if there were any."""
        if number:
            self.notes.append(f"{self.name}: {counted(number, singular, plural)}{more}.")

    def earthquakes(self, rows: Rows) -> Rows:
        """Leave out blasts and other events."""
        kinds, group = np.unique(rows.event_type, return_inverse=True)
        plain = [re.sub(r"[-_\s]+", " ", kind.strip().lower()) for kind in kinds.tolist()]
        natural = np.array([not _OTHERS.fullmatch(kind) for kind in plain], bool)
        numbers = np.bincount(group, minlength=len(kinds))
        left_out = Counter(dict(zip(kinds[~natural].tolist(), numbers[~natural].tolist(), strict=True)))
        self.say(
            left_out.total(),
            "event that is no earthquake is left out",
            "events that are no earthquakes are left out",
            f": {_listed(left_out)}",
        )
        odd = np.array([kind not in _EARTHQUAKES for kind in plain], bool) & natural
        unknown = Counter(dict(zip(kinds[odd].tolist(), numbers[odd].tolist(), strict=True)))
        self.say(
            unknown.total(),
            "event of a type that is not known counts as an earthquake",
            "events of types that are not known count as earthquakes",
            f": {_listed(unknown)}",
        )
        return rows.where(natural[group])

    def places(self, rows: Rows) -> Rows:
        """Leave out what is nowhere, and write longitudes from -180 to 180."""
        nowhere = (rows.latitude == 0) & (rows.longitude == 0)
        off = (np.abs(rows.latitude) > 90) | (np.abs(rows.longitude) > 360)
        example = rows.where(off).where(slice(1))
        self.say(
            int(off.sum()),
            "event is at a place on no globe and left out",
            "events are at places on no globe and left out",
            "".join(f", such as latitude {each:g}" for each in example.latitude)
            + "".join(f", longitude {each:g}" for each in example.longitude),
        )
        self.say(
            int(nowhere.sum()),
            "event at latitude 0, longitude 0, which stands for an unknown place, is left out",
            "events at latitude 0, longitude 0, which stand for unknown places, are left out",
        )
        kept = rows.where(~(off | nowhere))
        beyond = np.abs(kept.longitude) > 180
        return replace(
            kept, longitude=np.where(beyond, np.round((kept.longitude + 180) % 360 - 180, 9), kept.longitude)
        )

    def depths(self, rows: Rows) -> Rows:
        """Count impossible depths as unknown; what is written as a height is turned round."""
        depth = rows.depth
        known = np.isfinite(depth)
        if np.sum(depth[known] < 0) > 0.9 * known.sum() and np.any(depth[known] < DEPTHS[0]):
            self.notes.append(f"{self.name}: depths are below zero, and taken to be heights: -10 km is 10 km deep.")
            depth = -depth
        impossible = known & ((depth < DEPTHS[0]) | (depth > DEPTHS[1]))
        self.say(
            int(impossible.sum()),
            "depth is impossible and counts as unknown",
            "depths are impossible and count as unknown",
            "".join(f", such as {each / 1e3:g} km" for each in depth[impossible][:1]),
        )
        depth = np.where(impossible, np.nan, depth)
        self._lacking(int(np.isnan(depth).sum()), len(rows), "depth")
        return replace(rows, depth=depth)

    def magnitudes(self, rows: Rows) -> Rows:
        """Count impossible magnitudes as unknown, and those of exactly 0 where they stand for unknown ones."""
        magnitude = rows.magnitude.copy()
        impossible = (magnitude < MAGNITUDES[0]) | (magnitude > MAGNITUDES[1])
        self.say(
            int(impossible.sum()),
            "magnitude is impossible and counts as unknown",
            "magnitudes are impossible and count as unknown",
            "".join(f", such as {each:g}" for each in magnitude[impossible][:1]),
        )
        magnitude[impossible] = np.nan
        zero = magnitude == 0
        unknown = bool(zero.any()) and zeros_stand_out(magnitude)
        if unknown:
            magnitude[zero] = np.nan
        self.say(
            int(zero.sum()),
            *(
                ("magnitude of exactly 0 counts as unknown", "magnitudes of exactly 0 count as unknown")
                if unknown
                else ("magnitude of exactly 0 is kept", "magnitudes of exactly 0 are kept")
            ),
            ", as others near 0 are far fewer" if unknown else ", as others near 0 are as many",
        )
        self._lacking(int(np.isnan(magnitude).sum()), len(rows), "magnitude")
        return replace(rows, magnitude=magnitude)

    def _lacking(self, number: int, total: int, what: str) -> None:
        """Say how many lack a property; where all do, the sentence on the columns has said it."""
        if number < total:
            self.say(number, f"event has no {what}", f"events have no {what}")


def _listed(numbers: Counter[str]) -> str:
    """The most frequent kinds and how many there are of each."""
    most = ", ".join(f"{kind or 'not said'} {number:,}" for kind, number in numbers.most_common(_SAID))
    return most + (f" and {len(numbers) - _SAID} kinds more" if len(numbers) > _SAID + 1 else "")


def zeros_stand_out(magnitude: Floats) -> bool:
    """Whether magnitudes of exactly 0 are so many that they must stand for unknown ones.

    They are compared with those within 0.25 of zero, at the steps in which the magnitudes are given.
    """
    near = np.round(magnitude[np.abs(magnitude) <= _NEAR], 3)
    others = near[near != 0]
    if not len(others):
        return True
    step = max(float(np.diff(np.unique(near)).min()), 1e-3)
    return bool(np.sum(near == 0) > 3 * len(others) * step / _STEPS)
