"""Pieces of a channel, each with its own start and rate, on one regular time grid."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from quakeview.waveforms.clock import NANOSECONDS
from quakeview.waveforms.filters import finite_stretches
from quakeview.waveforms.resampling import margin_seconds
from quakeview.waveforms.splicing import Piece

_ON_THE_GRID = 1e-3  # of a sample
_SIMILAR = 0.01  # rates of one recorder with a clock that wanders


class Patch(NamedTuple):
    """Samples ``here`` of the grid lie on ``samples`` at ``rate`` (Hz), the first of them ``first`` seconds after
    ``samples[0]``."""

    here: slice
    samples: NDArray[Any]
    rate: float
    first: float


def patches(pieces: Sequence[Piece], start: int, rate: float, count: int) -> Iterator[Patch]:
    """What each gap-free stretch of pieces in time order gives to the grid of ``count`` samples from ``start`` (ns).

    Where one piece goes on from another at a slightly different rate, the time between them belongs to the first, and
    each is given with as much of the other as interpolation needs, so that there is neither a gap nor an edge.
    """
    for number, piece in enumerate(pieces):
        own = piece.sampling_rate
        margin = int(np.ceil(margin_seconds(own, rate) * own))
        before = pieces[number - 1] if number and _continues(pieces[number - 1], piece) else None
        after = pieces[number + 1] if number + 1 < len(pieces) and _continues(piece, pieces[number + 1]) else None
        for stretch in finite_stretches(piece.data):
            samples = piece.data[stretch]
            begins = (piece.start - start) / NANOSECONDS + stretch.start / own
            low = int(np.ceil(begins * rate - _ON_THE_GRID))
            high = int(np.floor((begins + (len(samples) - 1) / own) * rate + _ON_THE_GRID))
            if after is not None and stretch.stop == len(piece.data):
                high = int(np.ceil((after.start - start) / NANOSECONDS * rate - _ON_THE_GRID)) - 1
                samples = np.concatenate([samples, _finite_beginning(after.data[:margin])])
            if before is not None and stretch.start == 0:
                context = _finite_beginning(before.data[::-1][:margin])[::-1]
                samples = np.concatenate([context, samples])
                begins -= len(context) / own
            low, high = max(low, 0), min(high, count - 1)
            if low <= high:
                yield Patch(slice(low, high + 1), samples, own, low / rate - begins)


def _continues(one: Piece, other: Piece) -> bool:
    """Does ``other`` begin where ``one`` ends?"""
    spacing = (other.start - one.end) * one.sampling_rate / NANOSECONDS
    return spacing <= 1.5 and abs(other.sampling_rate / one.sampling_rate - 1) < _SIMILAR


def _finite_beginning(samples: NDArray[Any]) -> NDArray[Any]:
    first = next(finite_stretches(samples), slice(0, 0))
    return samples[first] if first.start == 0 else samples[:0]
