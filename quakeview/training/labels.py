"""Targets of the picker: a bell around each onset, and where the loss counts."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from quakeview.training.records import Arrival

PHASES = ("P", "S")
LabelShape = Literal["gaussian", "official"]

OFFICIAL_SIGMA = 10.0
"""Samples, at any rate, in the published code of SeisMoLLM and SeisT."""
OFFICIAL_WIDTH = 0.5
"""Seconds at which the published code cuts the bell off."""

OTHER_PHASE_TRUST = 0.5
"""Seconds around an onset in which the other phase is known to be absent although nobody looked for it."""
DOUBT = 1.5
"""Seconds around a doubtful onset that the loss leaves out."""


def phase_targets(
    arrivals: Sequence[Arrival], n: int, sampling_rate: float, sigma: float = 0.15, shape: LabelShape = "gaussian"
) -> NDArray[np.float32]:
    """Target probabilities (2, n) of P and S.

    Args:
        sigma: seconds, of the ``gaussian`` shape, which keeps its whole tail.
        shape: ``official`` has ``OFFICIAL_SIGMA`` samples, cut off at half of ``OFFICIAL_WIDTH`` on either side.
    """
    targets = np.zeros((2, n), dtype=np.float32)
    for phase, sample in arrivals:
        row = targets[PHASES.index(phase)]
        first, bell = (
            _official(sample, sampling_rate) if shape == "official" else _gaussian(sample, sigma * sampling_rate)
        )
        begin, end = max(first, 0), min(first + len(bell), n)
        if begin < end:
            np.maximum(row[begin:end], bell[begin - first : end - first], out=row[begin:end])
    return targets


def _gaussian(centre: float, sigma: float) -> tuple[int, NDArray[np.float32]]:
    """First sample and values of a bell out to four standard deviations; the centre is not rounded."""
    first = int(np.ceil(centre - 4 * sigma))
    at = np.arange(first, int(np.floor(centre + 4 * sigma)) + 1)
    return first, np.exp(-0.5 * ((at - centre) / sigma) ** 2).astype(np.float32)


def _official(centre: float, sampling_rate: float) -> tuple[int, NDArray[np.float32]]:
    width = int(OFFICIAL_WIDTH * sampling_rate)
    left = width // 2
    at = np.arange(-left, width - left + 1)
    return round(centre) - left, np.exp(-0.5 * (at / OFFICIAL_SIGMA) ** 2).astype(np.float32)


def loss_mask(
    picks: Sequence[Arrival],
    doubtful: Sequence[Arrival],
    complete: bool,
    n: int,
    sampling_rate: float,
    trust: float = 2.0,
) -> NDArray[np.bool_]:
    """Where the loss of P and S counts, (2, n).

    A complete record counts everywhere but around its doubtful onsets. In an incomplete one only ``trust`` seconds on
    either side of a pick count for its own phase, ``OTHER_PHASE_TRUST`` for the other one.
    """
    mask = np.full((2, n), complete)
    if not complete:
        for phase, sample in picks:
            own = PHASES.index(phase)
            _mark(mask[own], sample, trust * sampling_rate, True)
            _mark(mask[1 - own], sample, OTHER_PHASE_TRUST * sampling_rate, True)
    for phase, sample in doubtful:
        _mark(mask[PHASES.index(phase)], sample, DOUBT * sampling_rate, False)
    return mask


def _mark(row: NDArray[np.bool_], centre: float, reach: float, value: bool) -> None:
    row[max(round(centre - reach), 0) : max(round(centre + reach) + 1, 0)] = value
