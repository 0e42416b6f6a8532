"""Pieces of one channel put in time order: duplicates removed, overlaps resolved, contiguous pieces joined."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from quakeview.waveforms.clock import NANOSECONDS, same_rate, sample_time

_QUALITIES = {"M": 0, "Q": 0, "D": 1, "R": 2}
_UNSTATED = 1


@dataclass(frozen=True, eq=False)
class Piece:
    """Regularly sampled stretch of one channel. ``start`` in nanoseconds since 1970, ``sampling_rate`` in Hz.

    ``priority`` decides which of two overlapping pieces that begin together is kept: the smaller one. ``quality`` is
    the letter of MiniSEED, or empty.
    """

    start: int
    sampling_rate: float
    data: NDArray[Any]
    priority: tuple[Any, ...] = ()
    quality: str = ""

    @property
    def end(self) -> int:
        """Time of the last sample (ns)."""
        return sample_time(self.start, self.sampling_rate, len(self.data) - 1)

    def cut(self, start: int, end: int) -> "Piece | None":
        """The samples from ``start`` to ``end`` (ns, both included) without copying, or None if there are none."""
        first = max(0, sample_at_or_after(start - self.start, self.sampling_rate))
        last = min(len(self.data) - 1, sample_at_or_before(end - self.start, self.sampling_rate))
        if last < first:
            return None
        if first == 0 and last == len(self.data) - 1:
            return self
        begin = sample_time(self.start, self.sampling_rate, first)
        return replace(self, start=begin, data=self.data[first : last + 1])


class Overlap(NamedTuple):
    """Two pieces that claim the same time (ns); ``conflicting`` if their samples differ, ``kept`` in words."""

    start: int
    end: int
    conflicting: bool
    kept: str = "those of the file that starts first"


def sample_at_or_after(elapsed: int, sampling_rate: float) -> int:
    """Index of the first sample at or after ``elapsed`` ns; times within 1/1000 sample count as equal."""
    return int(np.ceil(elapsed * sampling_rate / NANOSECONDS - 1e-3))


def sample_at_or_before(elapsed: int, sampling_rate: float) -> int:
    """Index of the last sample at or before ``elapsed`` ns; times within 1/1000 sample count as equal."""
    return int(np.floor(elapsed * sampling_rate / NANOSECONDS + 1e-3))


@dataclass(frozen=True)
class Spliced:
    """``pieces`` in time order, none overlapping another; ``overlaps`` that there were before."""

    pieces: list[Piece]
    overlaps: list[Overlap]

    def cut(self, start: int, end: int) -> list[Piece]:
        """What lies between ``start`` and ``end`` (ns, both included)."""
        stop = bisect_right(self.pieces, end, key=lambda piece: piece.start)
        first = max(0, bisect_right(self.pieces, start, key=lambda piece: piece.start) - 1)
        return [inside for piece in self.pieces[first:stop] if (inside := piece.cut(start, end))]


def splice(pieces: Iterable[Piece]) -> Spliced:
    """Join pieces into the fewest, in time order and without overlap.

    A piece that follows the one before within half a sample, from its first sample to its last, continues it, also at
    a rate that is a trifle different. Where two overlap, the one that records something is kept, then the one with the
    higher sampling rate, then the one of better quality (M and Q, which were checked, before D, before R), then the
    one that starts first, then the one of smaller ``priority``.
    """
    ranked: defaultdict[tuple[Any, ...], list[Piece]] = defaultdict(list)
    pieces = list(pieces)
    for piece in pieces:
        ranked[_rate_and_quality(piece)].append(piece)
    if len(ranked) <= 1:
        return _splice_equals(pieces)
    ranked.clear()
    for piece in pieces:
        ranked[(_is_constant(piece.data), *_rate_and_quality(piece))].append(piece)
    kept: list[Piece] = []
    overlaps: list[Overlap] = []
    for rank in sorted(ranked):
        spliced = _splice_equals(ranked[rank])
        overlaps += spliced.overlaps
        remaining = [rest for piece in spliced.pieces for rest in _beside(piece, kept, overlaps)]
        kept = sorted([*kept, *remaining], key=lambda piece: piece.start)
    return Spliced(_splice_equals(kept).pieces, overlaps)


def _rate_and_quality(piece: Piece) -> tuple[int, int]:
    """What is better sorts first; rates that differ by the drift of a clock are equal."""
    return -round(50 * np.log(piece.sampling_rate)), _QUALITIES.get(piece.quality, _UNSTATED)


def _is_constant(data: NDArray[Any]) -> bool:
    return len(data) > 1 and bool((data == data[0]).all())


def _beside(piece: Piece, kept: list[Piece], overlaps: list[Overlap]) -> list[Piece]:
    """What of ``piece`` lies at times that no piece of ``kept``, in time order, claims; adds to ``overlaps``."""
    rest: list[Piece] = []
    begin = piece.start
    for better in kept:
        half = round(0.5 * NANOSECONDS / better.sampling_rate)
        if better.end + half < piece.start or better.start - half > piece.end:
            continue
        overlaps += _decided(piece, better)
        if before := piece.cut(begin, better.start - half):
            rest.append(before)
        begin = max(begin, better.end + half)
    if after := piece.cut(begin, piece.end):
        rest.append(after)
    return rest


def _decided(piece: Piece, better: Piece) -> list[Overlap]:
    """The overlap of two pieces of which one is better; none if they only touch."""
    start, end = max(piece.start, better.start), min(piece.end, better.end)
    ours, theirs = better.cut(start, end), piece.cut(start, end)
    if ours is None or theirs is None:
        return []
    same = len(ours.data) == len(theirs.data) and np.array_equal(
        ours.data, theirs.data, equal_nan="f" == ours.data.dtype.kind == theirs.data.dtype.kind
    )
    if _is_constant(piece.data) and not _is_constant(better.data):
        kept = "those that are not constant"
    elif _rate_and_quality(piece)[0] != _rate_and_quality(better)[0]:
        kept = f"those at {better.sampling_rate:g} Hz, not those at {piece.sampling_rate:g} Hz,"
    else:
        kept = f"those of quality {better.quality or 'unstated'}, not those of quality {piece.quality or 'unstated'},"
    return [Overlap(start, end, not same, kept)]


def _splice_equals(pieces: Iterable[Piece]) -> Spliced:
    """``splice`` of pieces of which none is better. Linear in the number of samples."""
    joined: list[Piece] = []
    overlaps: list[Overlap] = []
    run: list[Piece] = []
    run_samples = 0

    def close_run() -> None:
        if run:
            joined.append(_concatenate(run))

    for piece in sorted(pieces, key=lambda piece: (piece.start, piece.priority)):
        if run:
            rate = piece.sampling_rate
            head = run[0]
            late = (piece.start - sample_time(head.start, head.sampling_rate, run_samples)) * rate / NANOSECONDS
            if late < -0.5:
                known = round(-late) if same_rate(rate, head.sampling_rate) else int(np.ceil(-late))
                overlaps.append(_compare(run, run_samples, piece, known))
                if known >= len(piece.data):
                    continue
                start = sample_time(piece.start, rate, known)
                piece = replace(piece, start=start, data=piece.data[known:])
                late += known
            late_at_end = late + len(piece.data) * (head.sampling_rate / rate - 1)
            if late <= 0.5 and abs(late_at_end) <= 0.5 and same_rate(rate, head.sampling_rate):
                run.append(piece)
                run_samples += len(piece.data)
                continue
        close_run()
        run, run_samples = [piece], len(piece.data)
    close_run()
    return Spliced(joined, overlaps)


def _concatenate(run: list[Piece]) -> Piece:
    if len(run) == 1:
        return run[0]
    data = np.concatenate([piece.data for piece in run])
    worst = max((piece.quality for piece in run), key=lambda quality: _QUALITIES.get(quality, _UNSTATED))
    return replace(run[0], data=data, quality=worst)


def _compare(run: list[Piece], run_samples: int, piece: Piece, known: int) -> Overlap:
    """Are the first ``known`` samples of ``piece`` those that the run already has there?"""
    claimed = piece.data[:known]
    span = (piece.start, sample_time(piece.start, piece.sampling_rate, len(claimed) - 1))
    if not same_rate(piece.sampling_rate, run[0].sampling_rate):
        return Overlap(*span, conflicting=True)
    tail = _tail(run, min(known, run_samples))[: len(claimed)]
    return Overlap(*span, conflicting=not np.array_equal(tail, claimed, equal_nan=claimed.dtype.kind == "f"))


def _tail(run: list[Piece], count: int) -> NDArray[Any]:
    """The last ``count`` samples of a run."""
    parts: list[NDArray[Any]] = []
    for piece in reversed(run):
        if count <= 0:
            break
        parts.append(piece.data[-count:])
        count -= len(parts[-1])
    return np.concatenate(parts[::-1])
