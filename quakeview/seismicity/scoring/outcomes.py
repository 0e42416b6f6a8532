"""What came after each of the days that forecasts are scored on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY, Catalogue, date_of, day_number
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.windows import Window

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

LARGER_BY = 2.0
"""How much larger than what is forecast an earthquake is that is called large."""


@dataclass(frozen=True)
class Outcomes:
    """The earthquakes that came in the windows after some days.

    Attributes:
        targets: earthquakes of the catalogue inside the grid that are large enough.
        days: the last known days, (n,) ascending.
        window: the days after each of them.
    """

    targets: Catalogue
    grid: CellGrid
    magnitude: float
    days: Integers
    window: Window

    @classmethod
    def of(
        cls, catalogue: Catalogue, grid: CellGrid, magnitude: float, days: Sequence[int], window: Window
    ) -> "Outcomes":
        """Return what came of a catalogue."""
        targets = catalogue.above(magnitude)
        targets = targets.where(grid.cells(targets) >= 0)
        return cls(targets, grid, magnitude, np.asarray(days, np.int64), window)

    @cached_property
    def cells(self) -> Integers:
        """Of the targets."""
        return self.grid.cells(self.targets)

    @cached_property
    def _of_day(self) -> Integers:
        return day_number(self.targets.time)

    def after(self, day: int) -> slice:
        """Return which of the targets are in the window after a day."""
        first, last = np.searchsorted(self._of_day, (day + self.window.first, day + self.window.last))
        return slice(int(first), int(last))

    @cached_property
    def pairs(self) -> tuple[Integers, Integers]:
        """The place among the days, and that among the targets, of each forecast of a target, in order of the days."""
        slices = [self.after(int(day)) for day in self.days]
        lengths = np.array([each.stop - each.start for each in slices], np.int64)
        numbers = [np.arange(each.start, each.stop) for each in slices]
        return np.repeat(np.arange(len(self.days)), lengths), np.concatenate([np.empty(0, np.int64), *numbers])

    @cached_property
    def observed(self) -> Integers:
        """Earthquakes in the window after each of the days, (n,)."""
        return np.bincount(self.pairs[0], minlength=len(self.days)).astype(np.int64)

    @cached_property
    def since_large(self) -> Floats:
        """Days at the end of each of the days since the last large earthquake, (n,); infinite before the first."""
        large = self.targets.above(self.magnitude + LARGER_BY).time
        ends = (self.days + 1) * DAY
        before = np.searchsorted(large, ends)
        times = np.concatenate(([-np.inf], large))
        return np.asarray((ends - times[before]) / DAY)

    @property
    def apart(self) -> NDArray[np.bool_]:
        """Days whose windows do not overlap, (n,): what is tested as independent."""
        return (self.days - self.days[0]) % self.window.length == 0


def held_out(last: int, number: int, window: Window, first: int) -> list[int]:
    """Return the last known days of the forecasts for the last days of a catalogue.

    Args:
        last: day after the catalogue's last one.
        number: of days that are held out.
        first: the catalogue's first day.

    Raises:
        QuakeViewError: if there are not so many, or no window fits into them.
    """
    if not window.length <= number < last - first:
        raise QuakeViewError(
            f"{number:,} days cannot be held out of the {last - first:,} days of the catalogue (until "
            f"{date_of(last - 1)}) for windows of {window.length}; choose another number of days."
        )
    return list(range(last - number - window.first, last - window.last + 1))
