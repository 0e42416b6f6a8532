"""Expected numbers from scores that are no probabilities: the higher the score, the more earthquakes there were."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError

Floats = NDArray[np.float64]

_FINE = 20_000
"""Steps of the score that are told apart."""
FEWEST = 20
"""Earthquakes to a step of the calibration."""


@dataclass(frozen=True)
class MonotoneCalibration:
    """How many earthquakes cells of a score had: steps that never go down.

    Attributes:
        edges: (steps - 1,) scores between the steps, ascending.
        rates: (steps,) earthquakes to a cell and window, ascending.
    """

    edges: Floats
    rates: Floats

    def expected(self, scores: NDArray[np.floating]) -> Floats:
        """Return the expected number of earthquakes for scores of any shape."""
        numbers: Floats = self.rates[np.searchsorted(self.edges, scores, side="right")]
        return numbers


@dataclass(frozen=True)
class ScoreHistogram:
    """How often scores were given, and how many earthquakes came where they were.

    Attributes:
        edges: (n + 1,) of the steps of the score.
        cells: (n,) cells that had such a score, on all days.
        earthquakes: (n,) that came in them.
    """

    edges: Floats
    cells: NDArray[np.int64]
    earthquakes: NDArray[np.int64]

    @classmethod
    def of(
        cls, days: Iterable[tuple[NDArray[np.floating], NDArray[np.integer]]], lowest: float, highest: float
    ) -> "ScoreHistogram":
        """Count.

        Args:
            days: for each the scores and the numbers of earthquakes that came, (cells,) both.
            lowest, highest: that a score can be.
        """
        edges = np.linspace(lowest, highest, _FINE + 1)
        cells, earthquakes = np.zeros(_FINE, np.int64), np.zeros(_FINE, np.int64)
        for scores, came in days:
            steps = np.clip(np.searchsorted(edges, scores, side="right") - 1, 0, _FINE - 1)
            cells += np.bincount(steps, minlength=_FINE)
            earthquakes += np.bincount(steps, came, minlength=_FINE).astype(np.int64)
        return cls(edges, cells, earthquakes)

    def calibration(self) -> MonotoneCalibration:
        """Return the calibration that makes what came likeliest, with enough earthquakes to each step.

        Isotonic regression of rates is the monotone maximum likelihood of Poisson's law too.

        Raises:
            QuakeViewError: if there were no earthquakes.
        """
        from scipy.optimize import isotonic_regression

        total = int(self.earthquakes.sum())
        if not total:
            raise QuakeViewError("There are no earthquakes to calibrate a forecast by; choose more days.")
        wanted = np.arange(FEWEST, total - FEWEST + 1, FEWEST)
        cuts = np.unique(np.searchsorted(self.earthquakes.cumsum(), wanted) + 1)
        starts = np.concatenate(([0], cuts[cuts < len(self.cells)]))
        cells, came = (np.add.reduceat(each, starts) for each in (self.cells, self.earthquakes))
        found = isotonic_regression(came / cells, weights=cells.astype(np.float64))
        rising = np.diff(found.x, prepend=-1.0) > 0
        return MonotoneCalibration(self.edges[starts[rising]][1:], np.asarray(found.x[rising], np.float64))

    def area_under_curve(self) -> float:
        """Return the area under the curve of hits over false alarms, cell by cell: .5 knows nothing.

        A cell with several earthquakes counts as often.
        """
        quiet = np.maximum(self.cells - self.earthquakes, 0)
        below = quiet.cumsum() - quiet / 2
        return float(self.earthquakes @ below / (self.earthquakes.sum() * quiet.sum()))

    def average_precision(self) -> float:
        """Return the mean, over earthquakes, of how many came in each cell whose score was as high or higher."""
        came = self.earthquakes[::-1]
        precision = came.cumsum() / np.maximum(self.cells[::-1].cumsum(), 1)
        return float(came @ precision / came.sum())

    def gain_over_uniform(self, calibration: MonotoneCalibration) -> float:
        """Return the information gain of calibrated scores over the same number everywhere, nats for each earthquake.

        It is that on the days that were counted.
        """
        middle = (self.edges[1:] + self.edges[:-1]) / 2
        expected = calibration.expected(middle)
        number, total = self.earthquakes.sum(), expected @ self.cells
        likelier = self.earthquakes @ np.log(expected * self.cells.sum() / number)
        return float((likelier - total + number) / number)
