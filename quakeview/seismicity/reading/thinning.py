"""Whether a catalogue looks as if earthquakes had been taken out of it."""

import numpy as np

from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.texts import counted

_BATH = 1.2
"""By how much the largest aftershock is smaller than its mainshock (Båth 1965)."""
_COMPARED = 3.0
"""Aftershocks are counted down to this much below the mainshock."""
_CORRECTION = 0.2
"""Above the most frequent magnitude a catalogue is complete at best (Woessner and Wiemer 2005)."""
_LARGEST, _AFTER = 20, 30 * DAY
"""How many of the largest earthquakes are looked at, and for how long after each, s."""
_FEW, _ENOUGH = 0.05, 50.0
"""Part of the usual number below which a catalogue is thinned, and how many have to be usual to say so."""
_METRES_PER_DEGREE = 111_195.0


def thinned(catalogue: Catalogue, name: str) -> list[str]:
    """Return a sentence if the largest earthquakes have next to no aftershocks; they are in all complete catalogues."""
    known = catalogue.where(np.isfinite(catalogue.magnitude))
    if len(known) < _ENOUGH:
        return []
    bins, numbers = np.unique(np.round(known.magnitude, 1), return_counts=True)
    least = float(bins[np.argmax(numbers)]) + _CORRECTION
    large = np.argsort(-known.magnitude, kind="stable")[:_LARGEST]
    large = large[(known.magnitude[large] >= least + _BATH + 1) & (known.time[large] + _AFTER <= known.time[-1])]
    usual, seen = 0.0, 0
    for number in large:
        magnitude = float(known.magnitude[number])
        lowest = max(magnitude - _COMPARED, least)
        usual += 10 ** (magnitude - _BATH - lowest)
        seen += _aftershocks(known, int(number), lowest)
    if usual < _ENOUGH or seen >= _FEW * usual:
        return []
    few, around = counted(seen, "other follows", "others follow"), f"about {_two_digits(usual):,.0f}"
    return [
        f"{name} looks thinned or declustered: near its {counted(len(large), 'largest earthquake')} {few} within 30 "
        f"days, where {around} are usual; forecasts and statistics of clusters need the whole catalogue."
    ]


def _two_digits(number: float) -> float:
    return round(number, 1 - int(np.log10(number)))


def _aftershocks(catalogue: Catalogue, mainshock: int, least: float) -> int:
    """How many there are within the distance of Gardner and Knopoff (1974)."""
    start = float(catalogue.time[mainshock])
    after = catalogue.between(np.nextafter(start, np.inf), start + _AFTER).above(least)
    north = after.latitude - catalogue.latitude[mainshock]
    east = (after.longitude - catalogue.longitude[mainshock] + 180) % 360 - 180
    distance = _METRES_PER_DEGREE * np.hypot(north, east * np.cos(np.radians(catalogue.latitude[mainshock])))
    reach = 10 ** (0.1238 * float(catalogue.magnitude[mainshock]) + 0.983)
    return int(np.sum(distance <= 1000 * reach))
