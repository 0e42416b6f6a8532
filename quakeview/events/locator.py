"""Where and when an earthquake was: a probabilistic search in which a wrong pick has no pull.

The likelihood of a pick is a normal distribution of its residual plus a small uniform one: the chance that the pick
is of something else (Tarantola & Valette 1982 for the probabilistic formulation; mixture as in Jeffreys 1932). Of the
origin time the best one is taken at every node. A box of nodes shrinks around what is probable until its nodes
resolve it; the probabilities of the last box are the posterior, from which all uncertainties come.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.events.travel_times import TravelTimes
from quakeview.events.velocity_models import Floats, P, S

LEAST_PICKS = 4
"""Unknowns of a hypocentre with its origin time."""
WRONG = 0.05
"""Share of picks expected to be of something else."""
_WRONG_WITHIN = 30.0
"""Seconds in which a pick of something else may lie anywhere."""
MODEL_ERROR = 0.02
"""Error of travel times in a one-dimensional model, as a part of the travel time ..."""
LEAST_ERROR = 0.05
"""... and at least so many seconds."""
_NODES = (15, 15, 11)
_FINE = (21, 21, 21)
_UNLIKELY = 9.0
"""Difference of ln probability from the best beyond which nodes are given up."""
_ROUNDS = 12
_RESOLVED = 20.0
"""Metres; no pick is good enough for less."""


@dataclass(frozen=True)
class Readings:
    """What is to be explained by one earthquake, in a local Cartesian frame.

    Attributes:
        x, y: (n,) of the stations, metres east and north of an origin.
        elevation: (n,) metres above sea level.
        phase: n times ``"P"`` or ``"S"``.
        time: (n,) seconds after a reference.
        sigma: (n,) standard deviation of reading, s.
    """

    x: Floats
    y: Floats
    elevation: Floats
    phase: Sequence[str]
    time: Floats
    sigma: Floats


@dataclass(frozen=True)
class Box:
    """Where the earthquake is looked for: least and greatest x, y and depth, metres."""

    low: Floats
    high: Floats

    def nodes(self, numbers: tuple[int, int, int]) -> list[Floats]:
        """Centres of equal cells along each axis; one where the box has no extent."""
        found = []
        for low, high, number in zip(self.low, self.high, numbers, strict=True):
            number = number if high > low else 1
            found.append(low + (np.arange(number) + 0.5) * (high - low) / number)
        return found


@dataclass(frozen=True)
class Posterior:
    """Probability of the hypocentre on a regular grid of cells.

    Attributes:
        x, y, depth: cell centres, metres.
        probability: (depth, x, y), sums to one.
    """

    x: Floats
    y: Floats
    depth: Floats
    probability: Floats

    def mean_and_covariance(self) -> tuple[Floats, Floats]:
        """(3,) metres and (3, 3) m² of x, y and depth; cells count with their own extent."""
        z, x, y = np.meshgrid(self.depth, self.x, self.y, indexing="ij")
        points = np.stack((x, y, z)).reshape(3, -1)
        weight = self.probability.ravel()
        mean = points @ weight
        centred = points - mean[:, None]
        cells = [np.diff(axis).mean() if len(axis) > 1 else 0.0 for axis in (self.x, self.y, self.depth)]
        return mean, (centred * weight) @ centred.T + np.diag(np.square(cells) / 12)

    def holds(self, level: float, x: float, y: float, depth: float) -> bool:
        """Is a point in the smallest region that has a probability of ``level``?"""
        ordered = np.sort(self.probability.ravel())[::-1]
        threshold = ordered[np.searchsorted(np.cumsum(ordered), level)]
        cell = []
        for axis, value in ((self.depth, depth), (self.x, x), (self.y, y)):
            half = np.diff(axis).mean() / 2 if len(axis) > 1 else np.inf
            nearest = int(np.abs(axis - value).argmin())
            if abs(axis[nearest] - value) > half:
                return False
            cell.append(nearest)
        return bool(self.probability[tuple(cell)] >= threshold)


@dataclass(frozen=True)
class Hypocentre:
    """The most probable place and time, and how well both are known.

    Attributes:
        x, y, depth: metres.
        time: origin time, s after the reference of the readings.
        covariance: (3, 3) of x, y, depth, m².
        time_error: standard deviation of the origin time, s.
        residuals: (n,) of the readings, s.
        belonging: (n,) probability that each reading is of this earthquake.
        posterior: what the uncertainties were taken from.
    """

    x: float
    y: float
    depth: float
    time: float
    covariance: Floats
    time_error: float
    residuals: Floats
    belonging: Floats
    posterior: Posterior


def locate(readings: Readings, times: TravelTimes, box: Box) -> Hypocentre:
    """Find the earthquake that explains the readings.

    Raises:
        QuakeViewError: for fewer than four readings.
    """
    if len(readings.time) < LEAST_PICKS:
        raise QuakeViewError(
            f"{LEAST_PICKS} picks are needed to locate an earthquake, and there are {len(readings.time)}; pick more."
        )
    search = _Search(readings, times)
    bounds = box
    for _ in range(_ROUNDS):
        around = _probable(search, box, bounds)
        if np.all(around.high - around.low > 0.6 * (box.high - box.low)):
            break
        box = around
    axes = box.nodes(_FINE)
    log_p, origins = search.evaluate(axes, 0.0)
    p = np.exp(log_p - log_p.max())
    return search.hypocentre(Posterior(axes[0], axes[1], axes[2], p / p.sum()), log_p, origins, bounds)


def _probable(search: "_Search", box: Box, bounds: Box) -> Box:
    """The part of a box where an earthquake is probable, with a cell to spare on each side."""
    axes = box.nodes(_NODES)
    cells = np.array([(high - low) / len(axis) for low, high, axis in zip(box.low, box.high, axes, strict=True)])
    log_p, _ = search.evaluate(axes, float(np.linalg.norm(cells)) / 2)
    kept = log_p > log_p.max() - _UNLIKELY
    low, high = box.low.copy(), box.high.copy()
    for number, others in enumerate(((0, 2), (0, 1), (1, 2))):  # of x, y, depth in (depth, x, y)
        there = np.flatnonzero(kept.any(axis=others))
        low[number] = max(axes[number][there[0]] - 1.5 * cells[number], bounds.low[number])
        high[number] = min(axes[number][there[-1]] + 1.5 * cells[number], bounds.high[number])
    return Box(low, high)


def variance(sigma: Floats, travel: Floats) -> Floats:
    """Of residuals, s²: of reading, and of travel times in a model that is not the Earth."""
    return np.asarray(sigma**2 + LEAST_ERROR**2 + (MODEL_ERROR * travel) ** 2)


class _Search:
    """Likelihoods of one set of readings."""

    def __init__(self, readings: Readings, times: TravelTimes) -> None:
        self.readings, self.times = readings, times
        self._is = {phase: np.flatnonzero(np.array(readings.phase) == phase) for phase in (P, S)}

    def travel(self, axes: Sequence[Floats]) -> Floats:
        """(depth, x, y, n) travel times, s."""
        x, y, depth = axes
        seen = self.readings
        distance = np.hypot(x[:, None, None] - seen.x, y[None, :, None] - seen.y)
        travel = np.empty((len(depth), *distance.shape))
        for phase, which in self._is.items():
            travel[..., which] = self.times.on_grid(phase, distance[..., which], depth, seen.elevation[which])
        return travel

    def evaluate(self, axes: Sequence[Floats], radius: float) -> tuple[Floats, Floats]:
        """Of all nodes (depth, x, y): ln probability but for a constant, and origin time, s.

        Args:
            axes: x, y and depth of the nodes, metres.
            radius: of the cell that a node stands for, metres; travel times are as uncertain as that makes them.
        """
        travel = self.travel(axes)
        slowness = np.array([self.times.surface[phase] for phase in self.readings.phase])
        sigma2 = variance(self.readings.sigma, travel) + (0.5 * radius * slowness) ** 2
        origins = self.readings.time - travel
        origin = np.median(origins, axis=-1)
        for _ in range(4):
            belonging, _ = _mixture(origins - origin[..., None], sigma2)
            weight = belonging / sigma2
            origin = (weight * origins).sum(-1) / np.maximum(weight.sum(-1), 1e-12)
        belonging, log_p = _mixture(origins - origin[..., None], sigma2)
        information = np.maximum((belonging / sigma2).sum(-1), 1e-12)
        return log_p.sum(-1) - 0.5 * np.log(information), origin

    def hypocentre(self, posterior: Posterior, log_p: Floats, origins: Floats, bounds: Box) -> Hypocentre:
        """The most probable point, between the nodes of the posterior, with all that is told of it."""
        best = self._peak([posterior.x, posterior.y, posterior.depth], log_p, bounds)
        at_best = [np.array([value]) for value in best]
        travel = self.travel(at_best)[0, 0, 0]
        origin = self.evaluate(at_best, 0.0)[1].item()
        sigma2 = variance(self.readings.sigma, travel)
        residuals = self.readings.time - travel - origin
        belonging, _ = _mixture(residuals, sigma2)
        _, covariance = posterior.mean_and_covariance()
        spread = np.sqrt((posterior.probability * (origins - origin) ** 2).sum())
        of_picks = 1 / np.sqrt((belonging / sigma2).sum())
        return Hypocentre(*best, origin, covariance, float(np.hypot(spread, of_picks)), residuals, belonging, posterior)

    def _peak(self, axes: list[Floats], log_p: Floats, bounds: Box) -> tuple[float, float, float]:
        """Zoom in on the best node until cells are smaller than ``_RESOLVED``."""
        for _ in range(8):
            z, x, y = np.unravel_index(int(log_p.argmax()), log_p.shape)
            centre = np.array([axes[0][x], axes[1][y], axes[2][z]])
            cells = np.array([axis[1] - axis[0] if len(axis) > 1 else 0.0 for axis in axes])
            if cells.max() < _RESOLVED:
                break
            box = Box(np.maximum(centre - 1.5 * cells, bounds.low), np.minimum(centre + 1.5 * cells, bounds.high))
            axes = box.nodes((7, 7, 7))
            log_p, _ = self.evaluate(axes, 0.0)
        return float(centre[0]), float(centre[1]), float(centre[2])


def _mixture(residuals: Floats, sigma2: Floats) -> tuple[Floats, Floats]:
    """Of each reading: the probability that it belongs to the earthquake, and ln of its likelihood."""
    right = (1 - WRONG) * np.exp(-0.5 * residuals**2 / sigma2) / np.sqrt(2 * np.pi * sigma2)
    total = right + WRONG / _WRONG_WITHIN
    return right / total, np.log(total)
