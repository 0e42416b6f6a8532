"""What a network is told of each cell: how often earthquakes were there lately, and how many aftershocks they promise.

Every earthquake counts three times: as one, by its productivity, and by its moment-like size. Each is spread by
Gaussians of three widths and decays with six times; beside these there are two rates since the catalogue began.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.decaying import DECAYS
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.networks.regions import Regions
from quakeview.simulation.waves.kernels import kernel

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

WIDTHS = (0.32, 1.2, 3.6)
"""Standard deviations of the Gaussians, in cells: 8, 30 and 90 km where a cell has a side of 25 km."""
STEEPNESS = (0.0, 0.56, 1.0)
"""An earthquake counts 10^(steepness (magnitude - target)): as one, by its aftershocks, by its size."""
LARGEST = 8.5
"""Magnitude from which on earthquakes count the same."""
SINCE_THE_BEGINNING = WIDTHS[:2]
"""Widths of the rates that do not decay, in cells."""
LEAST_RATE = 1e-7
"""Earthquakes a day and cell that are added, so that there is a logarithm where there was none."""
_REACH = 5.0
"""Widths within which an earthquake is spread."""


@dataclass(frozen=True)
class RateFeatures:
    """Logarithms of recent rates, ``number`` for each cell.

    Attributes:
        grid: the cells.
        magnitude: of the earthquakes that are forecast.
        input_magnitude: earthquakes of at least this tell something.
    """

    grid: CellGrid
    magnitude: float
    input_magnitude: float

    @property
    def number(self) -> int:
        """How many values there are for a cell."""
        return len(WIDTHS) * len(STEEPNESS) * len(DECAYS) + len(SINCE_THE_BEGINNING)

    @cached_property
    def recent(self) -> NDArray[np.int64]:
        """Which values are decaying counts spread by the middle Gaussian."""
        return len(STEEPNESS) * len(DECAYS) + np.arange(len(DECAYS))

    @cached_property
    def regional(self) -> NDArray[np.int64]:
        """Which values regions are described by: ``recent``, and what does not decay."""
        return np.concatenate((self.recent, np.arange(self.number - len(SINCE_THE_BEGINNING), self.number)))

    def rates_at_ends(self, catalogue: Catalogue, days: Sequence[int]) -> Iterator[Singles]:
        """Yield the rates at the end of each of the days (ascending), earthquakes a day and cell.

        Args:
            catalogue: its earthquakes after a day are not used for it; those outside the grid are.

        Yields:
            (cells, number), the same array each time.
        """
        history = catalogue.above(self.input_magnitude)
        x, y = self.grid.project(history.latitude, history.longitude)
        factors, decays = self._factors(history.magnitude), np.tile(DECAYS, len(STEEPNESS))
        decaying = np.zeros((len(WIDTHS), *self.grid.shape, len(decays)), np.float32)
        counted = np.zeros((len(SINCE_THE_BEGINNING), *self.grid.shape, 1), np.float32)
        rates = np.empty((self.grid.number, self.number), np.float32)
        done, before = 0, 0.0
        for day in days:
            end = float(day + 1)
            decaying *= np.exp((before - end) / decays).astype(np.float32)
            last = int(np.searchsorted(history.time, end * DAY))
            new = slice(done, last)
            age = end - history.time[new, None] / DAY
            self._spread(decaying, factors[new] * np.exp(-age / decays) / decays, x[new], y[new], WIDTHS)
            self._spread(counted, np.ones((last - done, 1)), x[new], y[new], SINCE_THE_BEGINNING)
            done, before = last, end
            known = max(end - float(history.time[0]) / DAY, 1.0) if last else 1.0
            both = [each.reshape(len(each), self.grid.number, -1) for each in (decaying, counted / np.float32(known))]
            np.concatenate([image for each in both for image in each], axis=1, out=rates)
            yield rates

    def _factors(self, magnitudes: Floats) -> Floats:
        """How much earthquakes count, (earthquakes, steepness x decays)."""
        above = np.minimum(magnitudes, LARGEST) - self.magnitude
        return np.repeat(10 ** (above[:, None] * np.array(STEEPNESS)), len(DECAYS), axis=1)

    def _spread(self, images: Singles, weights: Floats, x: Floats, y: Floats, widths: Sequence[float]) -> None:
        across, along = (x - self.grid.west) / self.grid.size, (y - self.grid.south) / self.grid.size
        for image, width in zip(images, widths, strict=True):
            _add(image, weights.astype(np.float32), across, along, width)

    @cached_property
    def regions(self) -> Regions:
        """The squares of cells that are looked at as wholes."""
        return Regions(self.grid.shape)

    def of_regions(self, rates: Singles) -> Singles:
        """Return what networks read of regions, (regions, values of a region): logarithms of mean rates."""
        columns, rows = (np.arange(0, cells, self.regions.side) for cells in self.grid.shape)
        images = rates[:, self.regional].reshape(*self.grid.shape, -1)
        sums = np.add.reduceat(np.add.reduceat(images, columns, axis=0), rows, axis=1)
        cells = np.bincount(self.regions.of_cells, minlength=self.regions.number)
        means = sums.reshape(self.regions.number, -1) / cells[:, None]
        return logarithms(means.astype(np.float32))


def logarithms(rates: Singles) -> Singles:
    """Return what networks read of rates."""
    return np.log(rates + np.float32(LEAST_RATE))


@kernel
def _add(image: Singles, weights: Singles, x: Floats, y: Floats, width: float) -> None:
    """Add earthquakes, spread by Gaussians, to the cells within reach.

    Args:
        image: (nx, ny, channels), added to.
        weights: (earthquakes, channels).
        x, y: from the corner of the grid, in cells.
        width: in cells.
    """
    scale, reach = 1 / (math.sqrt(2) * width), _REACH * width
    columns, rows, channels = image.shape
    along = np.empty(rows, np.float32)
    for number in range(len(x)):
        bottom = max(math.floor(y[number] - reach), 0)
        top = min(math.floor(y[number] + reach) + 1, rows)
        for row in range(bottom, top):
            below = row - y[number]
            along[row] = 0.5 * (math.erf((below + 1) * scale) - math.erf(below * scale))
        west = max(math.floor(x[number] - reach), 0)
        for column in range(west, min(math.floor(x[number] + reach) + 1, columns)):
            left = column - x[number]
            across = np.float32(0.5 * (math.erf((left + 1) * scale) - math.erf(left * scale)))
            for row in range(bottom, top):
                share = across * along[row]
                for channel in range(channels):
                    image[column, row, channel] += share * weights[number, channel]
