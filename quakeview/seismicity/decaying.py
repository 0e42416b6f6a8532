"""Recent rates: earthquakes count where they were, less and less as time goes by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.catalogue import DAY, Catalogue, day_number
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.smoothing import gaussian_shares

Floats = NDArray[np.float64]

DECAYS = (1.0, 4.0, 15.0, 60.0, 250.0, 1000.0)
"""Days after which an earthquake counts 1/e."""


@dataclass(frozen=True)
class RecentRates:
    """Rates that decay exponentially, an image for each width of the Gaussian in space and each decay in time.

    Attributes:
        grid: the cells.
        widths: standard deviations of the Gaussians, m.
        decays: in days.
    """

    grid: CellGrid
    widths: Sequence[float]
    decays: Sequence[float] = DECAYS

    def at_ends(self, catalogue: Catalogue, days: Sequence[int], weights: Floats | None = None) -> Iterator[Floats]:
        """Yield the state at the end of each of the days (ascending): earthquakes a day and cell.

        Args:
            catalogue: its earthquakes after a day are not used for it.
            weights: (earthquakes,) how much each counts; None: 1.

        Yields:
            (widths, decays, cells), the same array each time.
        """
        decays = np.array(self.decays)
        state = np.zeros((len(self.widths), len(decays), self.grid.number))
        if not len(catalogue):
            yield from (state for _ in days)
            return
        factors = np.ones(len(catalogue)) if weights is None else weights
        x, y = self.grid.project(catalogue.latitude, catalogue.longitude)
        of_day, fraction = day_number(catalogue.time), catalogue.time / DAY
        wanted = iter(days)
        day = next(wanted, None)
        for now in range(int(of_day[0]), (days[-1] if len(days) else 0) + 1):
            while day is not None and day < now:  # before the catalogue begins
                yield state
                day = next(wanted, None)
            state *= np.exp(-1 / decays)[:, None]
            first, last = np.searchsorted(of_day, (now, now + 1))
            if last > first:
                age = now + 1 - fraction[first:last]
                in_time = factors[first:last] * np.exp(-age / decays[:, None]) / decays[:, None]
                for number, width in enumerate(self.widths):
                    state[number] += self._spread(in_time, x[first:last], y[first:last], width)
            if day == now:
                yield state
                day = next(wanted, None)

    def _spread(self, in_time: Floats, x: Floats, y: Floats, width: float) -> Floats:
        """(decays, cells)."""
        total = np.zeros((len(in_time), self.grid.number))
        first = 0
        for shares in gaussian_shares(self.grid, x, y, np.full(len(x), width)):
            total += in_time[:, first : first + len(shares)] @ shares.reshape(len(shares), -1)
            first += len(shares)
        return total
