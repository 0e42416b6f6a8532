"""What a leak of the test days into a map of frequencies is worth, without any learning.

The published protocol forecasts by a map of how often each cell had earthquakes, which is counted over all days, those
of the test among them, and measures the area under the ROC curve of cells of 10 km. Here the same map is counted with
and without the days of the test.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.choices import days_of
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.scoring.outcomes import Outcomes, held_out
from quakeview.seismicity.scoring.ranks import weighted_auc, weighted_average_precision
from quakeview.seismicity.smoothing import adaptive_widths, smoothed
from quakeview.seismicity.windows import BASE_CODE, Window

Floats = NDArray[np.float64]

SHAPE, SIZE = (200, 250), 10e3
"""Cells to the east and to the north, and their side in m, as published."""
HELD_OUT = 1000


class MapScore(NamedTuple):
    """Of one map.

    Attributes:
        name: what it is counted from.
        sees_test: whether days of the test are counted.
        auc, average_precision: of cells with and without an earthquake in the window.
    """

    name: str
    sees_test: bool
    auc: float
    average_precision: float


@dataclass(frozen=True)
class Leak:
    """The experiment.

    Attributes:
        grid: the cells.
        trained_until, tested_from: days, numbers since 1 January 1970: the first after those of training, and the first
            that forecasts are for.
        base_rate: part of the cells and days with an earthquake.
        maps: from the one that sees the days of the test.
    """

    grid: CellGrid
    trained_until: int
    tested_from: int
    base_rate: float
    maps: list[MapScore]

    @property
    def sentence(self) -> str:
        """What it means."""
        leaky, honest, smooth = self.maps
        return (
            f"A map counted over all days has an AUC of {leaky.auc:.3f} because it has seen where the earthquakes of "
            f"the test came: nothing was learnt. Counted on days of training alone the same map has {honest.auc:.3f}, "
            f"and smoothed {smooth.auc:.3f}; an AUC near the first, reached with such a map inside, is the leak."
        )


def leak(
    catalogue: Catalogue,
    magnitude: float,
    window: Window = BASE_CODE,
    number: int = HELD_OUT,
    trained_until: int | None = None,
    progress: Progress = Progress(),
) -> Leak:
    """Score maps of the past that see the days of the test, and such that do not.

    Args:
        catalogue: the cells lie around its mean; earthquakes below ``magnitude`` are smoothed too, and not counted.
        magnitude: earthquakes of at least this are counted, and forecast.
        number: of days held out at the end.
        trained_until: first day after those of training; None: as many days before the held-out ones again, which a
            network would need to be chosen on.

    Raises:
        QuakeViewError: if there are too few days or earthquakes.
        Cancelled: through ``progress``.
    """
    first, last = days_of(catalogue)
    grid = around_mean(catalogue)
    outcomes = Outcomes.of(catalogue, grid, magnitude, held_out(last, number, window, first), window)
    until = last - 2 * number if trained_until is None else trained_until
    past = outcomes.targets.between(-np.inf, min(until, last - number) * DAY)
    if not len(past) or not outcomes.observed.any():
        raise QuakeViewError(
            f"There are no earthquakes of magnitude {magnitude:g} or more before the days of the test, or on them; "
            "choose fewer days or a lower magnitude."
        )
    active = _active_days(outcomes)
    quiet = len(outcomes.days) - active
    progress.advance(0, 1, "Smoothing the map")
    history = catalogue.between(-np.inf, min(until, last - number) * DAY)
    x, y = grid.project(history.latitude, history.longitude)
    maps = {
        "frequency map, all days": _counts(outcomes.targets, grid),
        "frequency map, training days": _counts(past, grid),
        "smoothed seismicity, training days": smoothed(grid, x, y, adaptive_widths(x, y)),
    }
    scores = [
        MapScore(name, number == 0, weighted_auc(each, active, quiet), weighted_average_precision(each, active, quiet))
        for number, (name, each) in enumerate(maps.items())
    ]
    return Leak(grid, min(until, last - number), last - number, float(active.mean()) / len(outcomes.days), scores)


def around_mean(catalogue: Catalogue) -> CellGrid:
    """Return cells as published around the mean place of the earthquakes."""
    wide = CellGrid.around(catalogue.latitude, catalogue.longitude, 10 * SIZE)
    x, y = wide.project(catalogue.latitude, catalogue.longitude)
    west, south = (float(each.mean()) - count * SIZE / 2 for each, count in zip((x, y), SHAPE, strict=True))
    return CellGrid(wide.latitude, wide.longitude, west, south, SIZE, SHAPE)


def _active_days(outcomes: Outcomes) -> Floats:
    """On how many days each cell had an earthquake in the window after them, (cells,)."""
    day, target = outcomes.pairs
    number = outcomes.grid.number
    places = np.unique(day * number + outcomes.cells[target])
    return np.bincount(places % number, minlength=number).astype(np.float64)


def _counts(earthquakes: Catalogue, grid: CellGrid) -> Floats:
    return np.bincount(grid.cells(earthquakes), minlength=grid.number).astype(np.float64)
