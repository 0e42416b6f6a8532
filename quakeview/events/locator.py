"""Where and when an earthquake was: a probabilistic search in which a wrong pick has no pull.

The likelihood of a pick is a normal distribution of its residual plus a small uniform one: the chance that the pick
is of something else (Tarantola & Valette 1982 for the probabilistic formulation; mixture as in Jeffreys 1932). Of the
origin time the best one is taken at every node. A box of nodes shrinks around what is probable; what is left of it is
resolved by a lattice along its principal axes, whose probabilities are the posterior: all uncertainties come from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.events.travel_times import TravelTimes
from quakeview.events.velocity_models import Floats

LEAST_PICKS = 4
"""Unknowns of a hypocentre with its origin time."""
WRONG = 0.15
"""Share of picks expected to be of something else."""
_WRONG_WITHIN = 30.0
"""Seconds in which a pick of something else may lie anywhere."""
MODEL_ERROR = 0.02
"""Error of travel times in a one-dimensional model, as a part of the travel time ..."""
LEAST_ERROR = 0.05
"""... and at least so many seconds."""
INDEPENDENT = 6
"""Picks whose errors of travel time are independent: the ways of more share errors, which do not average out. Chosen so
that the ellipses of half of the Ridgecrest sequence held what they say."""
_MOST_SHARED = 8
"""Times the variance of one; beyond, as in large networks, the posterior is flattened instead."""
_NODES = (11, 11, 9)
_UNLIKELY = 9.0
"""Difference of ln probability from the best beyond which nodes are given up."""
_ROUNDS = 12
_REACH = 3.75
"""Standard deviations to which the posterior is computed ..."""
_ACROSS = (9, 15)
"""... at so many nodes along each principal axis: to find the axes, and then along them."""
_AT_ONCE = 16_384
"""Travel times that are computed at once: they fit into the cache of a processor."""
_ITERATIONS = 4
"""Of the origin time of a node, from the median on."""
_DEEP = 12.0
"""Difference of ln probability from the best at which nodes count as empty when a region is drawn."""
_NEVER = -60.0
"""A ln probability that is none; beyond it processors slow down with numbers near the smallest they know."""
_RESOLVED = 20.0
"""Metres; no pick is good enough for less."""
_MIDDLE = 13
_ROUNDING = 1e-3
"""Metres."""
_NEIGHBOURS = np.stack(np.meshgrid(*[(-1.0, 0.0, 1.0)] * 3, indexing="ij"), -1).reshape(-1, 3)


@dataclass(frozen=True)
class Readings:
    """What is to be explained by one earthquake, in a local Cartesian frame.

    Attributes:
        x, y: (n,) of the stations, metres east and north of an origin.
        elevation: (n,) metres above sea level.
        phase: n names of phases that the travel times have, such as ``"P"``, ``"S"`` or ``"Pn"``.
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

    def contains(self, points: Floats) -> NDArray[np.bool_]:
        """Which of the points (..., 3) are inside, or beyond by no more than rounding."""
        return np.all((points >= self.low - _ROUNDING) & (points <= self.high + _ROUNDING), axis=-1)


@dataclass(frozen=True)
class Posterior:
    """Probability of the hypocentre on a regular lattice along the principal axes of its uncertainty.

    Attributes:
        centre: (3,) x, y and depth of the middle node, metres.
        steps: (3, 3) from node to node; the columns are the axes, metres. A column of zeros: one node.
        probability: (k, l, m), sums to one; odd numbers of nodes.
    """

    centre: Floats
    steps: Floats
    probability: Floats

    @property
    def points(self) -> Floats:
        """(k * l * m, 3) x, y and depth of the nodes, metres."""
        return self.centre + _lattice(self.probability.shape) @ self.steps.T

    def mean_and_covariance(self) -> tuple[Floats, Floats]:
        """(3,) metres and (3, 3) m² of x, y and depth; cells count with their own extent."""
        mean, covariance = _moments(self.points, self.probability.ravel())
        return mean, covariance + self.steps @ self.steps.T / 12

    def holds(self, level: float, x: float, y: float, depth: float) -> bool:
        """Is a point in the smallest region that has a probability of ``level``? Smooth between the nodes."""
        from scipy.ndimage import map_coordinates, spline_filter

        log_p = np.log(np.maximum(self.probability / self.probability.max(), np.exp(-_DEEP)))
        smooth = spline_filter(log_p, order=3)
        fine = np.stack(np.meshgrid(*(np.linspace(0, n - 1, 3 * n - 2) for n in log_p.shape), indexing="ij"))
        ordered = np.sort(map_coordinates(smooth, fine, prefilter=False).ravel())[::-1]
        held = np.cumsum(np.exp(ordered))
        threshold = ordered[np.searchsorted(held, level * held[-1])]
        place = np.linalg.pinv(self.steps) @ (np.array([x, y, depth]) - self.centre)
        node = (place + (np.array(log_p.shape) - 1) / 2)[:, None]
        return bool(map_coordinates(smooth, node, prefilter=False, cval=-np.inf)[0] >= threshold)


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
    search = Search(readings, times, box)
    mean, covariance = search.roughly(box)
    for number in _ACROSS:
        posterior, origins = search.posterior(mean, covariance, number)
        mean, covariance = posterior.mean_and_covariance()
    return search.hypocentre(posterior, origins)


def variance(sigma: Floats, travel: Floats, picks: int = 1) -> Floats:
    """Of residuals, s²: of reading, and of travel times in a model that is not the Earth.

    Args:
        sigma: of reading, s.
        travel: travel times, s.
        picks: explained by one earthquake.
    """
    shared = min(max(1.0, picks / INDEPENDENT), _MOST_SHARED)
    return np.asarray(sigma**2 + shared * (LEAST_ERROR**2 + (MODEL_ERROR * travel) ** 2))


class Search:
    """Likelihoods of one set of readings within bounds."""

    def __init__(self, readings: Readings, times: TravelTimes, bounds: Box) -> None:
        self.readings, self.times, self.bounds = readings, times, bounds
        self._is = {phase: np.flatnonzero(np.array(readings.phase) == phase) for phase in set(readings.phase)}
        self._slowness = np.array([times.surface[phase] for phase in readings.phase])

    def travel(self, points: Floats) -> Floats:
        """(m, n) travel times, s, from points (m, 3) to the stations of the readings."""
        seen = self.readings
        distance = np.hypot(points[:, :1] - seen.x, points[:, 1:2] - seen.y)
        travel = np.empty_like(distance)
        for phase, which in self._is.items():
            travel[:, which] = self.times.first(phase, distance[:, which], points[:, 2:], seen.elevation[which])
        return travel

    def evaluate(self, points: Floats, radius: float = 0.0) -> tuple[Floats, Floats]:
        """Of points (m, 3): ln probability but for a constant, and origin time, s.

        Args:
            points: x, y and depth, metres.
            radius: of the cell that a point stands for, metres; travel times are as uncertain as that makes them.
        """
        log_p, origin = np.empty((2, len(points)))
        blur = (0.5 * radius * self._slowness) ** 2
        size = max(1, _AT_ONCE // len(blur))
        for first in range(0, len(points), size):
            some = slice(first, first + size)
            travel = self.travel(points[some])
            mixture = _Mixture(variance(self.readings.sigma, travel, len(blur)) + blur)
            log_p[some], origin[some] = mixture.best_origin(self.readings.time - travel)
        return log_p, origin

    def roughly(self, box: Box) -> tuple[Floats, Floats]:
        """Mean (3,) and covariance (3, 3) of the hypocentre, from a box that shrinks around what is probable."""
        for _ in range(_ROUNDS):
            axes = box.nodes(_NODES)
            cells = np.array(
                [(high - low) / len(axis) for low, high, axis in zip(box.low, box.high, axes, strict=True)]
            )
            points = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 3)
            log_p, _ = self.evaluate(points, float(np.linalg.norm(cells)) / 2)
            kept = points[log_p > log_p.max() - _UNLIKELY]
            low = np.maximum(kept.min(0) - 1.5 * cells, self.bounds.low)
            high = np.minimum(kept.max(0) + 1.5 * cells, self.bounds.high)
            if np.all(high - low > 0.6 * (box.high - box.low)):
                break
            box = Box(low, high)
        mean, covariance = _moments(points, _normalised(log_p))
        return mean, covariance + np.diag(np.square(cells) / 12)

    def posterior(self, mean: Floats, covariance: Floats, across: int) -> tuple[Posterior, Floats]:
        """On a lattice along the principal axes of a covariance; with the origin time of each node, s."""
        variances, axes = np.linalg.eigh(covariance)
        deviations = np.sqrt(np.maximum(variances, 0))
        deviations[deviations < 1e-3 * deviations[-1]] = 0  # the depth is fixed
        steps = axes * deviations * 2 * _REACH / (across - 1)
        shape = tuple(across if deviation else 1 for deviation in deviations)
        points = mean + _lattice(shape) @ steps.T
        log_p, origins = self.evaluate(points)
        log_p *= min(1.0, _MOST_SHARED * INDEPENDENT / len(self.readings.time))
        log_p[~self.bounds.contains(points)] = -np.inf
        return Posterior(mean, steps, _normalised(log_p).reshape(shape)), origins

    def climb(self, start: Floats, steps: Floats, resolved: float = _RESOLVED) -> tuple[Floats, float, float]:
        """From a point (3,) to the most probable one near it, with its ln probability and origin time.

        Args:
            start: x, y and depth, metres.
            steps: (3, 3) how far to look first; the columns are the axes, metres.
            resolved: how near is near enough, metres.
        """
        best = np.asarray(start)
        while True:
            points = best + _NEIGHBOURS @ steps.T
            points = np.clip(points, self.bounds.low, self.bounds.high)
            log_p, origin = self.evaluate(points)
            top = int(log_p.argmax())
            if log_p[top] <= log_p[_MIDDLE] + 1e-9:
                if np.abs(steps).max() < resolved:
                    return best, float(log_p[_MIDDLE]), float(origin[_MIDDLE])
                steps = steps / 2
            best = points[top] if log_p[top] > log_p[_MIDDLE] + 1e-9 else best

    def hypocentre(self, posterior: Posterior, origins: Floats) -> Hypocentre:
        """The most probable point, between the nodes of the posterior, with all that is told of it."""
        p = posterior.probability.ravel()
        best, _, origin = self.climb(posterior.points[p.argmax()], posterior.steps / 2)
        travel = self.travel(best[None])[0]
        sigma2 = variance(self.readings.sigma, travel, len(travel))
        residuals = self.readings.time - travel - origin
        belonging = _Mixture(sigma2).weight(residuals) * sigma2
        _, covariance = posterior.mean_and_covariance()
        spread = np.sqrt((p * (origins - origin) ** 2).sum())
        of_picks = 1 / np.sqrt((belonging / sigma2).sum())
        x, y, depth = best.tolist()
        error = float(np.hypot(spread, of_picks))
        return Hypocentre(x, y, depth, origin, covariance, error, residuals, belonging, posterior)


def _lattice(shape: tuple[int, ...]) -> Floats:
    """(k * l * m, 3) whole numbers around zero."""
    axes = [np.arange(number) - (number - 1) / 2 for number in shape]
    return np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 3)


def _normalised(log_p: Floats) -> Floats:
    p = np.exp(log_p - log_p.max())
    return np.asarray(p / p.sum())


def _moments(points: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Mean (3,) and covariance (3, 3) of weighted points (m, 3)."""
    mean = weight @ points
    centred = points - mean
    return mean, (centred.T * weight) @ centred


class _Mixture:
    """A normal distribution of residuals (..., n) with a variance of each, and a uniform one of wrong picks."""

    def __init__(self, sigma2: Floats) -> None:
        self._inverse = 1 / sigma2
        self._height = np.sqrt(self._inverse) * ((1 - WRONG) / np.sqrt(2 * np.pi))

    def _right(self, residuals: Floats) -> Floats:
        """Density of right picks, 1/s."""
        exponent = np.square(residuals) * self._inverse
        exponent *= -0.5
        np.maximum(exponent, _NEVER, out=exponent)
        np.exp(exponent, out=exponent)
        exponent *= self._height
        return exponent

    def weight(self, residuals: Floats) -> Floats:
        """The probability that each is of the earthquake, over its variance."""
        right = self._right(residuals)
        right /= right + WRONG / _WRONG_WITHIN
        right *= self._inverse
        return right

    def best_origin(self, origins: Floats) -> tuple[Floats, Floats]:
        """The ln probability (...) of nodes whose readings say these origin times (..., n), and the best ones (...)."""
        origin = np.median(origins, axis=-1)
        for _ in range(_ITERATIONS):
            weight = self.weight(origins - origin[..., None])
            origin = np.einsum("...n,...n", weight, origins) / np.maximum(weight.sum(-1), 1e-12)
        total = self._right(origins - origin[..., None]) + WRONG / _WRONG_WITHIN
        information = (self._inverse * (1 - WRONG / _WRONG_WITHIN / total)).sum(-1)
        return np.log(total).sum(-1) - 0.5 * np.log(np.maximum(information, 1e-12)), origin
