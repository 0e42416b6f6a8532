"""Who is whose parent under an ETAS model: pairs of earthquakes, each with its probability (Zhuang et al. 2002)."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.jobs import Progress
from quakeview.seismicity.aftershock_maps import reach
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.etas import Triggering
from quakeview.seismicity.grid import CellGrid
from quakeview.simulation.waves.kernels import kernel

Floats = NDArray[np.float64]

DELAYS = np.logspace(-6, 4.5, 211)
DISTANCES = np.logspace(1, 6.7, 136)
"""Edges of the histograms, days and m."""
MAGNITUDE_STEP = 0.1
_TOGETHER = 2000
"""Earthquakes between two looks whether somebody wants it to stop."""
_ANGLES = 36
"""Directions in which it is looked whether a place is inside the grid."""
PARAMETERS = ("background", "productivity", "alpha", "c", "p", "d", "gamma", "q")
"""Of an ETAS model, in the order of their scores."""


@dataclass(frozen=True)
class History:
    """Earthquakes that a model is fitted to.

    Attributes:
        times: (n,) days since 1 January 1970 UTC, ascending.
        x, y: (n,) m from the centre of the grid.
        magnitudes: (n,).
        counted: (n,) whose parents are asked for; the others are parents only.
        inside: (n, distances) part of a circle around each that lies inside the grid.
    """

    times: Floats
    x: Floats
    y: Floats
    magnitudes: Floats
    counted: NDArray[np.bool_]
    inside: Floats

    @classmethod
    def of(cls, past: Catalogue, counted: NDArray[np.bool_], grid: CellGrid) -> "History":
        """Return the earthquakes of a catalogue with the parts of circles that are inside a grid."""
        times, (x, y) = past.time / DAY, grid.project(past.latitude, past.longitude)
        middle = np.sqrt(DISTANCES[1:] * DISTANCES[:-1])
        inside = np.zeros((len(times), len(middle)))
        angles = 2 * np.pi * (np.arange(_ANGLES) + 0.5) / _ANGLES
        _count_inside(x - grid.west, y - grid.south, middle, np.cos(angles), np.sin(angles), *_sides(grid), inside)
        return cls(times, x, y, past.magnitude, counted, inside)


@dataclass(frozen=True)
class Families:
    """Histograms of likely parents and children.

    Attributes:
        children: (earthquakes,) that each has.
        delays: (bins,) pairs by delay.
        distances: (magnitudes, bins) pairs by magnitude of the parent and distance.
        orphans: (earthquakes,) probability to be background; 0 of those that are not counted.
        information: (parameters, parameters) of the counted earthquakes on logarithms of ``PARAMETERS`` (of p - 1 and
            q - 1; alpha and gamma as they are): the sum of products of derivatives of their rate (Ogata 1978).
    """

    children: Floats
    delays: Floats
    distances: Floats
    orphans: Floats
    information: Floats


def rows_of(law: Triggering, magnitudes: Floats) -> NDArray[np.int64]:
    """Return the row of ``Families.distances`` of each magnitude."""
    return np.round((magnitudes - law.reference) / MAGNITUDE_STEP).astype(np.int64)


def families_of(law: Triggering, background: Floats, history: History, progress: Progress = Progress()) -> Families:
    """Ask of every pair of earthquakes how likely the earlier one is the parent of the later one.

    Args:
        background: (earthquakes,) where each is, a day and m².

    Raises:
        Cancelled: through ``progress``.
    """
    magnitudes, number = history.magnitudes, len(history.times)
    rows = rows_of(law, magnitudes)
    families = Families(
        np.zeros(number),
        np.zeros(len(DELAYS) - 1),
        np.zeros((int(rows.max()) + 1, len(DISTANCES) - 1)),
        np.zeros(number),
        np.zeros((len(PARAMETERS), len(PARAMETERS))),
    )
    squares = law.scales(magnitudes) ** 2
    densities = law.aftershocks(magnitudes) * (law.p - 1) / law.c * (law.q - 1) / math.pi / squares
    for first in range(0, number, _TOGETHER):
        progress.advance(first, number, "Fitting ETAS")
        _count_families(
            first, min(first + _TOGETHER, number),
            history.times, history.x, history.y, rows, magnitudes - law.reference, densities, squares,
            reach(law.q) ** 2, background, history.counted, law.c, law.p, law.q,
            families.children, families.delays, families.distances, families.orphans, families.information,
            math.log10(DELAYS[0]), math.log10(DELAYS[1] / DELAYS[0]),
            math.log10(DISTANCES[0]), math.log10(DISTANCES[1] / DISTANCES[0]),
        )  # fmt: skip
    return families


def density_of_others(x: Floats, y: Floats, widths: Floats, weights: Floats, progress: Progress = Progress()) -> Floats:
    """Return the density at each earthquake, 1/m², of all others, each spread by (1 + r² / width²)^-3/2.

    With itself among them, every earthquake would look like background.

    Args:
        x, y: (n,) m.
        widths: (n,) m.
        weights: (n,) numbers that the earthquakes stand for.

    Raises:
        Cancelled: through ``progress``.
    """
    density = np.zeros(len(x))
    for first in range(0, len(x), _TOGETHER):
        progress.advance(0, 1, "Fitting ETAS")
        _add_others(first, min(first + _TOGETHER, len(x)), x, y, widths, weights, density)
    return density


def _sides(grid: CellGrid) -> tuple[float, float]:
    return grid.size * grid.shape[0], grid.size * grid.shape[1]


@kernel
def _add_others(first: int, last: int, x: Floats, y: Floats, widths: Floats, weights: Floats, density: Floats) -> None:
    for one in range(first, last):
        for other in range(len(x)):
            if weights[other] > 0 and one != other:
                square = widths[other] ** 2
                ratio = 1 + ((x[one] - x[other]) ** 2 + (y[one] - y[other]) ** 2) / square
                density[one] += weights[other] / (2 * math.pi * square * ratio * math.sqrt(ratio))


@kernel
def _count_inside(
    x: Floats, y: Floats, distances: Floats, cosines: Floats, sines: Floats, width: float, height: float, inside: Floats
) -> None:
    """Fill ``inside`` (see ``History``); x and y from the lower left corner."""
    for number in range(len(x)):
        for ring in range(len(distances)):
            for angle in range(len(cosines)):
                east = x[number] + distances[ring] * cosines[angle]
                north = y[number] + distances[ring] * sines[angle]
                if 0 <= east < width and 0 <= north < height:
                    inside[number, ring] += 1 / len(cosines)


@kernel
def _count_families(
    first: int,
    last: int,
    times: Floats,
    x: Floats,
    y: Floats,
    rows: NDArray[np.int64],
    excess: Floats,
    densities: Floats,
    squares: Floats,
    farthest: float,
    background: Floats,
    counted: NDArray[np.bool_],
    c: float,
    p: float,
    q: float,
    children: Floats,
    delays: Floats,
    distances: Floats,
    orphans: Floats,
    information: Floats,
    first_delay: float,
    delay_step: float,
    first_distance: float,
    distance_step: float,
) -> None:
    """Add earthquakes [first, last) and their parents to ``Families``."""
    parents = np.empty(len(times), np.int64)
    logarithms = np.empty((len(times), 2))
    shares = np.empty(len(times))
    score = np.empty(8)
    ten = math.log(10.0)
    for later in range(first, last):
        if not counted[later]:
            continue
        total, found = background[later], 0
        for earlier in range(later):
            square = ((x[later] - x[earlier]) ** 2 + (y[later] - y[earlier]) ** 2) / squares[earlier]
            delay = (times[later] - times[earlier]) / c
            if square < farthest and delay > 0:
                logarithms[found, 0], logarithms[found, 1] = math.log1p(delay), math.log1p(square)
                share = densities[earlier] * math.exp(-p * logarithms[found, 0] - q * logarithms[found, 1])
                parents[found], shares[found] = earlier, share
                total += share
                found += 1
        orphans[later] = background[later] / total
        score[:] = 0.0
        score[0] = orphans[later]
        for number in range(found):
            earlier, part = parents[number], shares[number] / total
            children[earlier] += part
            column = int((math.log10(times[later] - times[earlier]) - first_delay) / delay_step)
            delays[min(max(column, 0), len(delays) - 1)] += part
            square = (x[later] - x[earlier]) ** 2 + (y[later] - y[earlier]) ** 2
            column = int((0.5 * math.log10(max(square, 1.0)) - first_distance) / distance_step)
            distances[rows[earlier], min(max(column, 0), distances.shape[1] - 1)] += part
            bend_in_time = p * (1 - math.exp(-logarithms[number, 0])) - 1
            bend_in_space = q * (1 - math.exp(-logarithms[number, 1])) - 1
            score[1] += part
            score[2] += part * ten * excess[earlier]
            score[3] += part * bend_in_time
            score[4] += part * (1 - (p - 1) * logarithms[number, 0])
            score[5] += part * 2 * bend_in_space
            score[6] += part * ten * excess[earlier] * bend_in_space
            score[7] += part * (1 - (q - 1) * logarithms[number, 1])
        for one in range(8):
            for other in range(8):
                information[one, other] += score[one] * score[other]
