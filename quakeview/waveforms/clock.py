"""The time axis of a channel from the start times of its records, which need not agree with its nominal rate."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

NANOSECONDS = 1_000_000_000

_SAME_RATE = 1e-4  # relative; what differs less is one rate, as in libmseed
_FOLLOWS = 0.5  # of a sample
_AS_SAID = 0.1  # of a sample: the nominal rate stands while it explains all times to this
_TICK = 1.2e-4  # s; times in MiniSEED are given to 0.1 ms
_WORTH_SAYING = 0.5  # of a sample, from one end of a stretch to the other


class Stretch(NamedTuple):
    """Records ``first`` to ``last`` (excluded) are sampled at ``rate`` (Hz) from ``start`` (ns since 1970) on."""

    first: int
    last: int
    start: int
    rate: float


def same_rate(one: float, other: float) -> bool:
    """Is it the same sampling rate but for the drift of a clock?"""
    return abs(one - other) <= _SAME_RATE * other


def sample_time(start: int, sampling_rate: float, index: int) -> int:
    """Time of sample ``index`` (ns), rounded once, so that it never drifts."""
    return start + round(index * NANOSECONDS / sampling_rate)


def stretches(starts: NDArray[np.int64], npts: NDArray[np.int64], rates: NDArray[np.float64]) -> Iterator[Stretch]:
    """Put records on as few regular time axes as it takes for no sample to be more than half a sample off.

    A record that begins within half a sample of where the one before ends continues it. Where the start times of such
    records agree with the nominal rate it stands. Otherwise the rate is fitted to the times, over as many records as
    one rate explains.

    Args:
        starts: (n,) ns since 1970, in the order of the records.
        npts: (n,) their samples.
        rates: (n,) their nominal rates, Hz.
    """
    due = starts[:-1] + np.rint(npts[:-1] / rates[:-1] * NANOSECONDS).astype(np.int64)
    late = np.abs(starts[1:] - due) * rates[1:] / NANOSECONDS
    follows = late <= np.maximum(_FOLLOWS, _TICK * rates[1:])
    follows &= np.abs(rates[1:] - rates[:-1]) <= _SAME_RATE * rates[:-1]
    edges = np.flatnonzero(~follows) + 1
    for begin, end in zip([0, *edges.tolist()], [*edges.tolist(), len(starts)], strict=True):
        if end - begin == 1:
            yield Stretch(begin, end, int(starts[begin]), float(rates[begin]))
        else:
            for first, last, start, rate in _fit(
                starts[begin:end], npts[begin:end], float(np.median(rates[begin:end]))
            ):
                yield Stretch(begin + first, begin + last, start, rate)


def _fit(starts: NDArray[np.int64], npts: NDArray[np.int64], nominal: float) -> Iterator[Stretch]:
    """Stretches of records that follow each other.

    A line through the first time is kept as long as some slope passes all times by less than half a sample.
    """
    samples = np.append(0, np.cumsum(npts))
    tolerance = max(_FOLLOWS, _TICK * nominal)
    first, start = 0, int(starts[0])
    while first < len(starts):
        counts = samples[first + 1 : -1] - samples[first]
        late = (starts[first + 1 :] - start) * (nominal / NANOSECONDS) - counts  # in samples, at the nominal rate
        if np.abs(late).max(initial=0) <= max(_AS_SAID, _TICK * nominal):
            yield Stretch(first, len(starts), start, nominal)
            return
        lowest = np.maximum.accumulate((late - tolerance) / counts)
        highest = np.minimum.accumulate((late + tolerance) / counts)
        broken = np.flatnonzero(lowest > highest)
        kept = int(broken[0]) if len(broken) else len(counts)
        rate = nominal / (1 + (lowest[kept - 1] + highest[kept - 1]) / 2) if kept else nominal
        last = first + kept + 1
        yield Stretch(first, last, start, rate)
        if last < len(starts):
            due, leeway = (
                sample_time(start, rate, int(samples[last] - samples[first])),
                int(_FOLLOWS * NANOSECONDS / rate),
            )
            start = min(max(int(starts[last]), due - leeway), due + leeway)  # neither a gap nor an overlap
        first = last


def drift(nominal: float, rate: float, npts: int) -> float:
    """By how many seconds ``npts`` samples at ``rate`` (Hz) take longer than at the ``nominal`` one; 0 if it is less
    than half a sample."""
    seconds = npts / rate - npts / nominal
    return seconds if abs(seconds) * nominal > _WORTH_SAYING else 0.0
