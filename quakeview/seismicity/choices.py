"""What of a catalogue a person looks at, and what is to be forecast from it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY, Catalogue, day_number
from quakeview.seismicity.grid import DEFAULT_SIZE, CellGrid
from quakeview.seismicity.region import Region
from quakeview.seismicity.windows import NEXT_DAY, Window

ENOUGH = 200
"""Earthquakes that there are at least of the magnitude that is proposed, if there are as many."""
Days = tuple[int, int]
"""[first, last), numbers since 1 January 1970 UTC."""


@dataclass(frozen=True)
class Choices:
    """Choices for one catalogue, which are remembered with it.

    Attributes:
        magnitude: earthquakes of at least this are forecast.
        cell_size: side of a cell, m.
        window: days after the last known one that are forecast.
        day: the last known day, a number since 1 January 1970 UTC.
        area: where is forecast; None: wherever the catalogue has earthquakes.
        region: of which a person wants to know more; None: of none.
        period: days whose earthquakes are looked at; None: all.
        least, most: magnitudes that are looked at; None: no limit.
    """

    magnitude: float = 4.5
    cell_size: float = DEFAULT_SIZE
    window: Window = NEXT_DAY
    day: int = 0
    area: Region | None = None
    region: Region | None = None
    period: Days | None = None
    least: float | None = None
    most: float | None = None

    @classmethod
    def first_of(cls, catalogue: Catalogue) -> "Choices":
        """Return the choices to begin with: from where the catalogue is complete, after its last day.

        A magnitude that few earthquakes reach is lowered until there is something to learn from.
        """
        from quakeview.seismicity.statistics.completeness import completeness
        from quakeview.seismicity.statistics.magnitudes import rounding

        known = np.sort(catalogue.magnitude[np.isfinite(catalogue.magnitude)])
        day = days_of(catalogue)[1] - 1
        if not known.size:
            return cls(day=day)
        try:
            complete = completeness(catalogue, rounding(catalogue.magnitude).step).magnitude
        except QuakeViewError:  # too few earthquakes to say
            complete = float(known[0])
        reached = float(known[max(len(known) - ENOUGH, 0)])
        return cls(magnitude=float(np.floor(10 * min(complete, reached) + 0.01) / 10), day=day)

    def with_(self, **changes: Any) -> Self:
        """Return the choices with some changed."""
        return replace(self, **changes)

    def grid(self, catalogue: Catalogue) -> CellGrid:
        """Return the cells of ``area``, or of all earthquakes of ``magnitude`` and more.

        Raises:
            QuakeViewError: if there would be none or too many.
        """
        if self.area is not None:
            south, west, north, east = self.area.bounds
            middle = (west + east) / 2
            return CellGrid.around([south, north] * 3, [west, east, middle, west, east, middle], self.cell_size)
        large = catalogue.above(self.magnitude)
        return CellGrid.around(large.latitude, large.longitude, self.cell_size)

    def passing(
        self, catalogue: Catalogue, by_region: bool = True, by_period: bool = True, by_magnitude: bool = True
    ) -> NDArray[np.bool_]:
        """Return which earthquakes, (n,), are looked at; those of unknown magnitude where no magnitude is asked for."""
        chosen = np.ones(len(catalogue), bool)
        if by_magnitude and self.least is not None:
            chosen &= catalogue.magnitude >= self.least - 1e-9
        if by_magnitude and self.most is not None:
            chosen &= catalogue.magnitude <= self.most + 1e-9
        if by_period and self.period is not None:
            first, last = np.searchsorted(catalogue.time, (self.period[0] * DAY, self.period[1] * DAY))
            chosen[:first] = False
            chosen[last:] = False
        if by_region and self.region is not None:
            chosen &= self.region.contains(catalogue.latitude, catalogue.longitude)
        return chosen

    def to_dict(self) -> dict[str, Any]:
        """Return them as JSON has them."""
        return {**asdict(self), "window": [self.window.first, self.window.last]}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Choices":
        """Return what ``to_dict`` made; what cannot be read is as at first."""
        readers: dict[str, Callable[[Any], Any]] = {
            "magnitude": float,
            "cell_size": float,
            "day": int,
            "window": lambda value: Window(*value),
            "area": _region,
            "region": _region,
            "period": lambda value: (int(value[0]), int(value[1])),
            "least": float,
            "most": float,
        }
        found: dict[str, Any] = {}
        for name, read in readers.items():
            if values.get(name) is not None:
                try:
                    found[name] = read(values[name])
                except (TypeError, ValueError, KeyError, IndexError, QuakeViewError):
                    continue
        return cls(**found)


def days_of(catalogue: Catalogue) -> Days:
    """Return the days [first, last) of a catalogue with at least one earthquake."""
    first, last = day_number(catalogue.time[[0, -1]]).tolist()
    return first, last + 1


def _region(value: dict[str, Any]) -> Region:
    return Region(tuple((float(latitude), float(longitude)) for latitude, longitude in value["corners"]))
