"""Onsets from probability curves."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

MIN_SEPARATION = 1.0
"""Seconds between two onsets of the same phase, as in the SeisMoLLM evaluation."""


@dataclass(frozen=True)
class Thresholds:
    """Least probability of a P and of an S pick."""

    p: float = 0.3
    s: float = 0.3


@dataclass(frozen=True)
class Onset:
    """A peak of a probability curve: ``sample`` is fractional, ``probability`` is the curve's maximum."""

    sample: float
    probability: float


def find_onsets(curve: NDArray[np.floating], threshold: float, sampling_rate: float) -> list[Onset]:
    """Peaks of ``curve`` (n,) that reach ``threshold``, at least ``MIN_SEPARATION`` apart, in time order.

    The position is refined between samples by the parabola through the peak and its two neighbours.
    """
    padded = np.pad(np.asarray(curve, dtype=np.float64), 1)
    distance = max(1, round(MIN_SEPARATION * sampling_rate))
    peaks, _ = find_peaks(padded, height=threshold, distance=distance)
    return [Onset(peak - 1 + _vertex(*padded[peak - 1 : peak + 2]), float(padded[peak])) for peak in peaks]


def _vertex(before: float, at: float, after: float) -> float:
    """Offset of a parabola's vertex from its middle point, in samples, within ±0.5."""
    curvature = before - 2 * at + after
    return 0.0 if curvature >= 0 else float(np.clip(0.5 * (before - after) / curvature, -0.5, 0.5))
