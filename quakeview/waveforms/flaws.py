"""Samples that no seismometer recorded: gaps filled by a converter, spikes of telemetry, numbers out of range."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LARGEST = 1e30  # what is beyond cannot be squared in float32, and is no ground motion
_BLOCK = 10
_SHORTEST_FILL = 20
_LOOKED_AT = 50
_BUSY = 0.7
_FOREIGN = 10.0
_SPIKE = 200.0  # times the range of the samples around; the ringing of a digitiser's own filter keeps a pulse below 20
_BESIDE_SPIKE = 10.0
_LONGEST_SPIKE = 3
_AROUND = 20
_SPIKE_BLOCK = 32
_FULL_SCALE = 2**23  # counts of a digitiser of 24 bits
_NEAR_FULL_SCALE = 0.9, 1.5  # the filter of the digitiser makes of a flat top one that rings, by up to 42 %
_FLAT = 3
_LEVELS = 1000


@dataclass(frozen=True)
class Flaws:
    """Which samples are no record: ``stretches`` in order, and how many were filled with each value, or too large."""

    stretches: tuple[slice, ...]
    fills: dict[float, int]
    too_large: int

    def good(self, n: int) -> Iterator[slice]:
        """What is left of ``n`` samples."""
        begin = 0
        for bad in self.stretches:
            if bad.start > begin:
                yield slice(begin, bad.start)
            begin = max(begin, bad.stop)
        if begin < n:
            yield slice(begin, n)


def find_flaws(data: NDArray[Any]) -> Flaws:
    """Filled gaps, and samples beyond 1e30, in (n,) samples.

    A run of 20 or more equal samples is the filling of a gap if the record on either side is alive (seven in ten
    samples differ from the one before) and the run cannot be a part of it: it is reached by a jump of ten times the
    largest step around it, or lies within the range of what is around it, where a living record is not still.
    """
    stretches: list[slice] = []
    fills: dict[float, int] = {}
    for run in _constant_runs(data):
        if _is_fill(data, run):
            value = float(data[run.start])
            fills[value] = fills.get(value, 0) + run.stop - run.start
            stretches.append(run)
    too_large = _too_large(data)
    stretches += [slice(place, place + 1) for place in too_large]
    return Flaws(tuple(sorted(stretches, key=lambda each: each.start)), fills, len(too_large))


def _too_large(data: NDArray[Any]) -> list[int]:
    """Places of finite samples beyond 1e30."""
    if data.dtype.kind != "f" or not len(data):
        return []
    with np.errstate(invalid="ignore"):
        if not (np.fmax.reduce(data) > _LARGEST or np.fmin.reduce(data) < -_LARGEST):
            return []
        return np.flatnonzero((np.abs(data) > _LARGEST) & np.isfinite(data)).tolist()


def _constant_runs(data: NDArray[Any]) -> Iterator[slice]:
    """Runs of at least ``_SHORTEST_FILL`` equal samples."""
    blocks = data[: len(data) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
    first, middle, last = blocks[:, 0], blocks[:, _BLOCK // 2], blocks[:, -1]
    constant = np.flatnonzero((first == middle) & (middle == last))  # quick: most blocks are out already
    constant = constant[(blocks[constant] == blocks[constant, :1]).all(axis=1)]
    stop = 0
    for block in constant:
        if block * _BLOCK < stop:
            continue
        begin = int(block) * _BLOCK
        while begin > stop and data[begin - 1] == data[block * _BLOCK]:
            begin -= 1
        stop = _end_of_run(data, int(block) * _BLOCK)
        if stop - begin >= _SHORTEST_FILL:
            yield slice(begin, stop)


def _end_of_run(data: NDArray[Any], begin: int) -> int:
    """The first place after ``begin`` whose sample differs from the one there."""
    size, place = 2 * _BLOCK, begin
    while place < len(data):
        different = data[place : place + size] != data[begin]
        if different.any():
            return place + int(different.argmax())
        place, size = place + size, 2 * size
    return len(data)


def _is_fill(data: NDArray[Any], run: slice) -> bool:
    value = float(data[run.start])
    sides = [
        side.astype(np.float64)
        for side in (data[max(0, run.start - _LOOKED_AT) : run.start][::-1], data[run.stop : run.stop + _LOOKED_AT])
        if len(side)
    ]
    if not sides:
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        steps = [np.abs(np.diff(side)) for side in sides]
        if not all(len(step) and np.isfinite(step).all() and (step > 0).mean() >= _BUSY for step in steps):
            return False
        if all(abs(side[0] - value) > _FOREIGN * step.max() for side, step in zip(sides, steps, strict=True)):
            return True
    return len(sides) == 2 and all(side.min() < value < side.max() for side in sides)


def is_clipped(data: NDArray[Any]) -> bool:
    """Say whether (n,) finite samples reach what their instrument can record.

    Either three samples or more in a row have the largest or the least value (of a record that does not rest there and
    has a thousand levels), or whole numbers come near the full scale of a digitiser of 24 bits.
    """
    if len(data) < _FLAT:
        return False
    lowest, highest = float(data.min()), float(data.max())
    largest = max(-lowest, highest) / _FULL_SCALE
    if data.dtype.kind in "iu" and _NEAR_FULL_SCALE[0] <= largest <= _NEAR_FULL_SCALE[1]:
        return True
    flat = data[1:] == data[:-1]
    tops = flat[1:] & flat[:-1] & ((data[2:] == highest) | (data[2:] == lowest))
    if not tops.any():
        return False
    steps = np.abs(np.diff(data.astype(np.float64)))
    return highest - lowest >= _LEVELS * steps[steps > 0].min(initial=np.inf)


def find_spikes(data: NDArray[Any]) -> NDArray[np.intp]:
    """Places of up to three samples, or a few equal ones, that stand out from both sides by 200 times their range.

    No ground motion does: the filter of the digitiser spreads the shortest pulse over more samples.
    """
    n = len(data) // _SPIKE_BLOCK
    if n < 2:
        return np.empty(0, np.intp)
    blocks = data[: n * _SPIKE_BLOCK].reshape(n, _SPIKE_BLOCK)
    ranges = blocks.max(axis=1).astype(np.float64) - blocks.min(axis=1)
    beside = np.minimum(np.append(ranges[1:], ranges[-2]), np.insert(ranges[:-1], 0, ranges[1]))
    places = [
        place
        for block in np.flatnonzero(ranges > _BESIDE_SPIKE * beside)
        for place in _spikes_around(data, int(block) * _SPIKE_BLOCK)
    ]
    return np.unique(np.array(places, np.intp))


def without_spikes(data: NDArray[Any]) -> NDArray[Any]:
    """The samples with a straight line in place of each spike."""
    places = find_spikes(data)
    if not len(places):
        return data
    bridged = data.astype(np.float64)
    others = np.delete(np.arange(len(data)), places)
    bridged[places] = np.interp(places, others, data[others])
    return bridged


def _spikes_around(data: NDArray[Any], begin: int) -> Iterator[int]:
    """Spikes that begin in the block at ``begin``."""
    first = max(0, begin - _AROUND)
    near = data[first : begin + _SPIKE_BLOCK + 2 * _AROUND].astype(np.float64)
    away = np.abs(near - np.median(near))
    candidates = np.flatnonzero(away > away.max() / _BESIDE_SPIKE)
    for run in np.split(candidates, np.flatnonzero(np.diff(candidates) > 1) + 1):
        short = 1 <= len(run) <= _LONGEST_SPIKE or (1 <= len(run) < _SHORTEST_FILL and np.ptp(near[run]) == 0)
        if not short:
            continue
        before, after = near[max(0, run[0] - _AROUND) : run[0]], near[run[-1] + 1 : run[-1] + 1 + _AROUND]
        if min(len(before), len(after)) >= _AROUND // 2:
            span = max(np.ptp(before), np.ptp(after))
            if np.abs(near[run] - np.median(np.append(before, after))).min() > _SPIKE * span > 0:
                yield from (first + run).tolist()
