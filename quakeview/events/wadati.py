"""Vp/Vs and the origin time of one earthquake from P and S alone, without any velocity model (Wadati 1933).

Where Vp/Vs is the same everywhere, S minus P grows with the arrival time of P along a straight line, whose slope is
Vp/Vs − 1 and which is zero at the origin time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError

Floats = NDArray[np.float64]

FEWEST = 3
"""Pairs of P and S that a line and its error need."""
_LEAST_SCATTER = 0.1
"""Seconds; picks are read no better, so that a smaller difference makes no outlier."""
_OUTLYING = 3.0
"""Standard deviations from the line at which a pair is left out."""
_NORMAL = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""


@dataclass(frozen=True)
class WadatiLine:
    """The line through pairs of P and S.

    Attributes:
        ratio: Vp/Vs.
        ratio_error: standard deviation of it.
        origin: origin time, s in the time of the pairs.
        origin_error: standard deviation of it, s.
        residuals: (n,) S−P minus that of the line, s, of all pairs.
        used: (n,) whether a pair is on the line; others are outliers.
    """

    ratio: float
    ratio_error: float
    origin: float
    origin_error: float
    residuals: Floats
    used: NDArray[np.bool_]

    def difference(self, p: Floats) -> Floats:
        """S−P of the line, s, at arrival times of P."""
        return (self.ratio - 1) * (p - self.origin)


def wadati_line(p: Sequence[float] | Floats, s: Sequence[float] | Floats) -> WadatiLine:
    """Fit S−P against P; outliers have no pull.

    The slope is first the median of the slopes between all pairs (Theil 1950, Sen 1968); pairs that lie further from
    that line than three standard deviations, estimated from the median, are left out of the least-squares line.

    Args:
        p: (n,) arrival times of P, s.
        s: (n,) arrival times of S at the same stations, s.

    Raises:
        QuakeViewError: if the pairs do not determine a line.
    """
    p, difference = np.asarray(p, float), np.asarray(s, float) - np.asarray(p, float)
    if len(p) < FEWEST:
        raise QuakeViewError(
            f"A Wadati diagram needs P and S at {FEWEST} stations or more, and there are {len(p)}; pick more S."
        )
    first, second = np.triu_indices(len(p), 1)
    apart = np.abs(p[second] - p[first]) > _LEAST_SCATTER
    if not apart.any():
        raise QuakeViewError("P arrives everywhere at the same time, so that no Vp/Vs follows; pick farther stations.")
    first, second = first[apart], second[apart]
    slope = float(np.median((difference[second] - difference[first]) / (p[second] - p[first])))
    away = difference - slope * p
    away -= np.median(away)
    few = 1 + 5 / (len(p) - 2)  # so that the median of few is not too small (Rousseeuw & Leroy 1987, section 5.1)
    scatter = max(_NORMAL * few * float(np.median(np.abs(away))), _LEAST_SCATTER)
    used = np.abs(away) <= _OUTLYING * scatter
    if used.sum() < FEWEST or np.ptp(p[used]) <= _LEAST_SCATTER:
        raise QuakeViewError("P and S of this earthquake lie on no common line; look for wrong S picks.")
    return _least_squares(p, difference, used)


def _least_squares(p: Floats, difference: Floats, used: NDArray[np.bool_]) -> WadatiLine:
    """The line through the pairs in use, with errors from their scatter about it."""
    x, y = p[used], difference[used]
    middle = x - x.mean()
    slope = float(middle @ y / (middle @ middle))
    height = float(y.mean())
    if slope <= 0:
        raise QuakeViewError("S comes no later at farther stations, which no Vp/Vs explains; look for wrong S picks.")
    residuals = difference - height - slope * (p - x.mean())
    variance = max(float((residuals[used] ** 2).sum()) / max(len(x) - 2, 1), 1e-12)
    slope_variance = variance / float(middle @ middle)
    origin = float(x.mean()) - height / slope
    origin_variance = variance / len(x) / slope**2 + slope_variance * (height / slope**2) ** 2
    return WadatiLine(
        1 + slope, float(np.sqrt(slope_variance)), origin, float(np.sqrt(origin_variance)), residuals, used
    )
