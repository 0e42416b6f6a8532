"""Double couples from first motions: which ones the polarities allow, the middle of them, and how good it is.

As in HASH (Hardebeck & Shearer 2002, BSSA 92, 2264-2276), every double couple is tried with many sets of rays, and the
answer is the set of those that are acceptable. How acceptable one is, is a probability: each polarity is wrong with its
own probability, and besides an unknown share of all is wrong, which the polarities themselves tell. The classes A to D
are those of HASH.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from quakeview.events.double_couple import all_frames, mean_frame, planes_of, rotations
from quakeview.events.event import FIRST_MOTIONS, Event, FocalMechanism
from quakeview.events.first_motions import FirstMotions, Place, direction, first_motions
from quakeview.events.locating import AUTHOR, azimuthal_gap
from quakeview.events.travel_times import TravelTimes
from quakeview.events.velocity_models import Floats
from quakeview.monitoring.picks import Pick
from quakeview.stations.coordinates import Coordinates
from quakeview.texts import counted

LEAST_POLARITIES = 8
WIDEST_GAP = 180.0
"""Degrees of azimuth without a ray, those that leave upwards reversed, beyond which nothing is fitted."""
LARGEST_SPREAD = 60.0
"""Degrees beyond which the polarities allow almost anything: there is no mechanism."""
_TRIED = 10_000
"""Double couples, about 7 degrees apart."""
_RESOLVED = 4.0
"""Degrees; more is not resolved by those that are tried."""
_AT_ONCE = 65_536
"""Amplitudes that are computed at once: they fit into the cache of a processor."""
_REVERSED = (0.0, 0.1, 0.2, 0.3)
"""Shares of all polarities that may be wrong beyond what is expected of each, equally probable beforehand."""
ACCEPTABLE = 300
"""Of the double couples drawn by their probability."""
_HELD = 0.68
"""Share of the acceptable mechanisms within the spread. Of true ones it held 81, 82 and 77 % where 0, 10 and 20 % of
the polarities of 8 to 21 stations were reversed (``python -m tests.benchmarks mechanisms``)."""
_CLASSES = ((0.15, 0.5, 25.0), (0.2, 0.4, 35.0), (0.3, 0.3, 45.0))
"""Of A, B and C: greatest misfit, least station distribution ratio, greatest spread in degrees."""
_GAPS = (90.0, 60.0)
"""Degrees of azimuth and of take-off angle without a ray, beyond which the quality is D."""


@dataclass(frozen=True, eq=False)
class Solution:
    """What the first motions of an event say.

    Attributes:
        motions: the polarities, of which there may be none.
        mechanism: None if there is none.
        why_none: a sentence; empty if there is one.
        acceptable: (k, 3, 3) axes T, B and P of double couples, as often as they are probable.
        disagrees: (n,) of the polarities, which the mechanism does not explain.
        takeoff_gap: largest gap of take-off angles, degrees; None if nothing was fitted.
    """

    motions: FirstMotions
    mechanism: FocalMechanism | None
    why_none: str
    acceptable: Floats
    disagrees: NDArray[np.bool_]
    takeoff_gap: float | None = None


def solve(
    event: Event, picks: Mapping[str, Pick], coordinates: Mapping[Place, Coordinates], times: TravelTimes
) -> Solution:
    """Fit a double couple to the first motions of an event.

    Args:
        picks: of its arrivals, by id.
        coordinates: of the stations, by network and station code.
        times: tables of the velocity model by which the event was located.
    """
    known = {} if event.origin.depth is None else picks
    motions = first_motions(event, known, coordinates, times)
    if event.origin.depth is None:
        return _none(
            motions, "The depth of this event is not known, so that nobody knows where rays left it; locate it."
        )
    return fit(motions)


def fit(motions: FirstMotions) -> Solution:
    """Fit a double couple to polarities."""
    if why_none := _why_none(motions):
        return _none(motions, why_none)
    tried = _tried()
    acceptable = tried[_drawn(_probabilities(tried, motions))]
    frame, spread = _middle(acceptable)
    if spread > LARGEST_SPREAD:
        return _none(
            motions,
            f"The {len(motions)} first motions allow almost any double couple: 68 % of those that fit are within "
            f"{spread:.0f}° of their middle, and more than {LARGEST_SPREAD:.0f}° say nothing. Read more of them.",
        )
    return _described(frame, spread, motions, acceptable)


def _described(frame: Floats, spread: float, motions: FirstMotions, acceptable: Floats) -> Solution:
    """The preferred frame (3, 3) with how well it explains the polarities (Reasenberg & Oppenheimer 1985, FPFIT)."""
    amplitude = _amplitudes(frame[None], direction(motions.takeoff, motions.azimuth))[0]
    disagrees = (amplitude > 0) != motions.up
    sure = 1 - 2 * motions.wrong
    weight = sure * np.sqrt(np.abs(amplitude))
    misfit = float(weight[disagrees].sum() / max(weight.sum(), 1e-9))
    distribution = float(weight.sum() / max(sure.sum(), 1e-9))
    gap, takeoff_gap = gaps(motions)
    strike, dip, rake = (round(angle, 1) for angle in min(planes_of(frame)))
    mechanism = FocalMechanism(
        *(strike % 360, dip, rake, round(spread, 1), len(motions), round(misfit, 3), round(distribution, 3)),
        gap=round(gap, 1),
        quality=_letter(misfit, distribution, spread, gap, takeoff_gap),
        method=FIRST_MOTIONS,
        author=AUTHOR,
    )
    return Solution(motions, mechanism, "", acceptable, disagrees, takeoff_gap)


def with_mechanism(
    event: Event, picks: Mapping[str, Pick], coordinates: Mapping[Place, Coordinates], times: TravelTimes
) -> Event:
    """The event with the mechanism that its first motions have now; one that was published stays."""
    if event.mechanism is not None and not event.mechanism.is_fitted:
        return event
    return event.with_(mechanism=solve(event, picks, coordinates, times).mechanism)


def gaps(motions: FirstMotions) -> tuple[float, float]:
    """Largest gaps of azimuth and of take-off angle, degrees, of rays of which those upwards are reversed."""
    rises = motions.takeoff > 90
    azimuth = np.where(rises, motions.azimuth + 180, motions.azimuth)
    takeoff = np.sort(np.where(rises, 180 - motions.takeoff, motions.takeoff))
    gap = azimuthal_gap(azimuth.tolist())
    return 360.0 if gap is None else gap, float(np.diff(takeoff, prepend=0.0, append=90.0).max())


def _why_none(motions: FirstMotions) -> str:
    number = len(motions)
    if number < LEAST_POLARITIES:
        has = f"has {counted(number, 'first motion')}" if number else "has no first motion"
        return f"This event {has} of P at stations that are known; {LEAST_POLARITIES} are needed for a double couple."
    if motions.up.all() or not motions.up.any():
        sign = "up" if motions.up.all() else "down"
        return f"All {number} first motions are {sign}; a double couple needs both signs. Are all polarities right?"
    gap, _ = gaps(motions)
    if gap > WIDEST_GAP:
        return f"All rays left to one side, none in {gap:.0f}° of azimuth; a double couple needs rays all around."
    return ""


def _none(motions: FirstMotions, why: str) -> Solution:
    return Solution(motions, None, why, np.empty((0, 3, 3)), np.zeros(len(motions), dtype=bool))


@lru_cache(maxsize=1)
def _tried() -> Floats:
    return all_frames(_TRIED)


def _amplitudes(frames: Floats, rays: Floats) -> NDArray[np.float32]:
    """(m, n) of P, from -1 to 1, of double couples (m, 3, 3) along rays (n, 3): (γ·T)² − (γ·P)²."""
    axes, rays = np.ascontiguousarray(frames, np.float32), np.ascontiguousarray(rays.T, np.float32)
    amplitudes: NDArray[np.float32] = np.square(axes[:, 0] @ rays) - np.square(axes[:, 2] @ rays)
    return amplitudes


def _probabilities(tried: Floats, motions: FirstMotions) -> Floats:
    """(m,) of double couples, from all shares of wrong polarities and all sets of rays, each of which counts the same
    (of many polarities one set alone would, by chance, fit better than all others); they sum to one."""
    share = np.array(_REVERSED)
    wrong = np.clip(motions.wrong[:, None] + (1 - 2 * motions.wrong[:, None]) * share, 1e-3, 0.5)
    odds = np.log(wrong / (1 - wrong)).T.astype(np.float32)
    all_right = np.log(1 - wrong).sum(0)
    p = np.empty((len(motions.rays), len(tried)))
    size = max(1, _AT_ONCE // len(motions))
    for first in range(0, len(tried), size):
        some = slice(first, first + size)
        for trial, rays in enumerate(motions.rays):
            disagrees = (_amplitudes(tried[some], rays) > 0) != motions.up
            p[trial, some] = _ln_sum(odds @ disagrees.T.astype(np.float32) + all_right[:, None])
    p = np.exp(p - p.max(axis=1, keepdims=True))
    return np.asarray((p / p.sum(axis=1, keepdims=True)).mean(axis=0))


def _ln_sum(values: Floats) -> Floats:
    """The logarithm of the sum of exponentials along the first axis."""
    top = values.max(axis=0)
    return np.asarray(top + np.log(np.exp(values - top).sum(axis=0)))


def _drawn(probability: Floats) -> NDArray[np.intp]:
    """(``ACCEPTABLE``,) indices, each as often as it is probable; the same at every call."""
    steps = (np.arange(ACCEPTABLE) + 0.5) / ACCEPTABLE
    return np.searchsorted(np.cumsum(probability), steps).clip(0, len(probability) - 1)


def _middle(acceptable: Floats) -> tuple[Floats, float]:
    """The frame around which 68 % of the acceptable ones are within the smallest rotation, and that rotation.

    It is the mean of those around the best of them.
    """
    turns = rotations(acceptable[:, None], acceptable[None])
    radius = np.quantile(turns, _HELD, axis=1)
    best = int(radius.argmin())
    frame = mean_frame(acceptable[turns[best] <= radius[best]])
    spread = np.quantile(rotations(acceptable, frame), _HELD)
    return frame, float(np.hypot(spread, _RESOLVED))


def _letter(misfit: float, distribution: float, spread: float, gap: float, takeoff_gap: float) -> str:
    if gap > _GAPS[0] or takeoff_gap > _GAPS[1]:
        return "D"
    fits = [misfit <= a and distribution >= b and spread <= c for a, b, c in _CLASSES]
    return "ABC"[fits.index(True)] if any(fits) else "D"
