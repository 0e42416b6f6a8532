"""Records to draw: one channel on a regular grid, filtered, with its min/max pyramid."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.buffers import BufferPool
from quakeview.waveforms.channels import ChannelId
from quakeview.waveforms.filters import Filter
from quakeview.waveforms.gridding import patches
from quakeview.waveforms.pyramid import MinMaxPyramid
from quakeview.waveforms.resampling import resample
from quakeview.waveforms.splicing import Piece, sample_at_or_before

UNFILTERED = Filter(detrend=False)

_LONG_GAP = 3600.0
_MAX_SAMPLES = 300_000_000
_SMALL = 30_000_000
_MAX_SPARSITY = 10
_CLOSE_BY, _LOOKED_AT = 16, 2000
_EXACT = 2**24  # below it float32 holds every integer
_COARSE = 0.05
_BUFFERS = BufferPool(capacity=2**28)


Samples = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Change:
    """What is made of the samples of a channel before they are filtered.

    Attributes:
        apply: from (n,) samples with NaN in gaps, their rate (Hz) and the time of the first one, to what is drawn.
        unit: of what it makes; empty if that of the samples stays.
        label: what it makes; empty likewise.
        note: that it does not make what was asked for, to be written on the trace; empty if it does.
        reason: why it does not, a sentence; empty likewise.
        band: frequencies (Hz) between which it makes it; None of what is as recorded.
    """

    apply: Callable[[Samples, float, UTCDateTime], Samples]
    unit: str = ""
    label: str = ""
    note: str = ""
    reason: str = ""
    band: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class DisplayRecord:
    """A channel as it is drawn.

    Attributes:
        start: time of ``data[0]``.
        sampling_rate: Hz.
        data: (n,) float32, NaN in gaps, filtered with ``filter``.
        pyramid: of ``data``.
        raw: (n,) float32 before the filter (the same array if there is none), or None if it was not kept.
        offset: was taken off ``raw``, because float32 could not hold the samples with it; 0 in most records.
        change: what was made of the samples before all that, ``raw`` included; None if they are as recorded.
        unsettled: (k, 2) first and last time, seconds since 1970-01-01 UTC, of what the filter made without knowing
            what came before a record or a gap.
    """

    channel_id: ChannelId
    start: UTCDateTime
    sampling_rate: float
    data: Samples
    pyramid: MinMaxPyramid
    filter: Filter
    raw: Samples | None
    offset: float = 0.0
    change: Change | None = None
    unsettled: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))

    def value(self, index: int) -> float:
        """Sample ``index`` as it is shown in numbers."""
        return float(self.data[index]) + (self.offset if self.filter == UNFILTERED else 0.0)

    @property
    def end(self) -> UTCDateTime:
        """Time of the last sample."""
        return self.start + (len(self.data) - 1) / self.sampling_rate

    @property
    def nbytes(self) -> int:
        kept = self.raw.nbytes if self.raw is not None and self.raw is not self.data else 0
        return self.data.nbytes + self.pyramid.nbytes + kept


def load_display_records(
    archive: Archive,
    channel_id: ChannelId,
    filter: Filter = UNFILTERED,
    progress: Progress | None = None,
    keep_raw: bool = True,
    change: Change | None = None,
) -> list[DisplayRecord]:
    """Everything of a channel, in time order; gaps of more than an hour separate records, shorter ones are NaN.

    Raises:
        QuakeViewError: if the filter does not fit the sampling rate, or nothing of the channel can be read.
        Cancelled: through ``progress``.
    """
    return [
        load_display_record(archive, channel_id, filter, progress, start, end, keep_raw, change)
        for start, end in _stretches(archive, channel_id)
    ]


def load_display_record(
    archive: Archive,
    channel_id: ChannelId,
    filter: Filter = UNFILTERED,
    progress: Progress | None = None,
    start: UTCDateTime | None = None,
    end: UTCDateTime | None = None,
    keep_raw: bool = True,
    change: Change | None = None,
) -> DisplayRecord:
    """A channel from ``start`` to ``end`` (all of it by default) as one record, gaps as NaN.

    Raises:
        QuakeViewError: if the filter does not fit the sampling rate, nothing of the channel can be read, or the span
            is too long for one record (then use ``load_display_records``).
        Cancelled: through ``progress``.
    """
    progress = progress or Progress()
    pieces = archive.pieces(channel_id, start, end, progress)
    if not pieces:
        raise QuakeViewError(f"Nothing of {channel_id} can be read.")
    offset = _offset(pieces)
    begin, rate, raw = _regular_grid(pieces, channel_id, offset)
    if change is not None:
        progress.advance(0, 1, f"preparing {channel_id} for drawing")
        raw, offset = change.apply(raw, rate, begin), offset if change.apply is as_recorded else 0.0
    return _record(channel_id, begin, rate, raw, filter, progress, keep_raw, offset, change)


def as_recorded(samples: Samples, rate: float, start: UTCDateTime) -> Samples:
    """The ``apply`` of a change that only has a note."""
    return samples


def samples_on_grid(archive: Archive, channel_id: ChannelId, start: UTCDateTime, rate: float, count: int) -> Samples:
    """A channel, (count,), resampled at ``rate`` (Hz) from ``start`` on; NaN where there is nothing of it.

    Raises:
        QuakeViewError: if it cannot be read.
    """
    pieces = archive.pieces(channel_id, start, start + count / rate, Progress())
    grid = np.full(count, np.nan, np.float32)
    offset = _offset(pieces) if pieces else 0.0
    _fill(grid, pieces, start.ns, rate, offset)
    return grid


def refilter(
    record: DisplayRecord, filter: Filter, progress: Progress | None = None, archive: Archive | None = None
) -> DisplayRecord:
    """The record with another filter, from its unfiltered samples or, if they were not kept, from the archive.

    Raises:
        QuakeViewError: if the filter does not fit the sampling rate.
        Cancelled: through ``progress``.
    """
    if record.raw is None:
        if archive is None:
            raise ValueError("The unfiltered samples were not kept; give the archive.")
        return load_display_record(
            archive, record.channel_id, filter, progress, record.start, record.end, False, record.change
        )
    progress = progress or Progress()
    channel_id, offset = record.channel_id, record.offset
    start, rate, raw = record.start, record.sampling_rate, record.raw
    return _record(channel_id, start, rate, raw, filter, progress, True, offset, record.change)


@dataclass(frozen=True, eq=False)
class UnfilteredRecord:
    """The samples of a ``DisplayRecord`` before its filter: (n,) float32, NaN in gaps."""

    start: UTCDateTime
    sampling_rate: float
    data: Samples


def unfiltered(record: DisplayRecord, archive: Archive) -> UnfilteredRecord:
    """What the record is without its filter; read again from the archive if that was not kept.

    Raises:
        QuakeViewError: if it has to be read and cannot be.
    """
    raw = record.raw if record.raw is not None else refilter(record, UNFILTERED, archive=archive).data
    return UnfilteredRecord(record.start, record.sampling_rate, raw)


def _record(
    channel_id: ChannelId,
    start: UTCDateTime,
    rate: float,
    raw: Samples,
    filter: Filter,
    progress: Progress,
    keep_raw: bool,
    offset: float,
    change: Change | None,
) -> DisplayRecord:
    unfiltered = filter == UNFILTERED
    data = raw if unfiltered else filter.apply(raw, rate, progress, out=_BUFFERS.take(len(raw)))
    progress.advance(1, 1, f"preparing {channel_id} for drawing")
    pyramid = MinMaxPyramid(data)
    kept = raw if keep_raw or unfiltered else None
    unsettled = start.ns / 1e9 + filter.unsettled(raw, rate) / rate
    return DisplayRecord(channel_id, start, rate, data, pyramid, filter, kept, offset, change, unsettled)


def _stretches(archive: Archive, channel_id: ChannelId) -> Iterator[tuple[UTCDateTime, UTCDateTime]]:
    """Coverage with gaps of up to an hour bridged."""
    begin = reached = None
    for first, last in archive.coverage(channel_id):
        if begin is None or first - reached > _LONG_GAP:
            if begin is not None:
                yield begin, reached
            begin = first
        reached = last
    if begin is not None:
        yield begin, reached


def _offset(pieces: list[Piece]) -> float:
    """What has to be taken off before float32 holds the differences between samples; 0 if nothing has to be."""
    data = max((piece.data for piece in pieces), key=len)
    some = data[: _CLOSE_BY * (len(data) // _CLOSE_BY)].reshape(-1, _CLOSE_BY)[:: len(data) // _LOOKED_AT + 1]
    some = some[np.isfinite(some).all(axis=1)].astype(np.float64)
    if not len(some):
        return 0.0
    largest, step = np.abs(some).max(), np.median(np.abs(np.diff(some, axis=1)))
    exact = data.dtype.kind != "f" and largest < _EXACT
    return float(np.rint(np.median(some))) if not exact and largest / _EXACT > _COARSE * step > 0 else 0.0


def _regular_grid(pieces: list[Piece], channel_id: ChannelId, offset: float) -> tuple[UTCDateTime, float, Samples]:
    """Start, rate and samples on the grid of the rate that most of the time was recorded with; the rest resampled."""
    duration: defaultdict[float, float] = defaultdict(float)
    for piece in pieces:
        duration[piece.sampling_rate] += len(piece.data) / piece.sampling_rate
    rate = max(duration, key=lambda rate: duration[rate])
    start = pieces[0].start
    count = 1 + sample_at_or_before(max(piece.end for piece in pieces) - start, rate)
    recorded = sum(len(piece.data) for piece in pieces)
    if count > _MAX_SAMPLES or count > max(_SMALL, _MAX_SPARSITY * recorded):
        hours, days = recorded / rate / 3600, count / rate / 86400
        raise QuakeViewError(
            f"{channel_id} has {hours:.3g} hours of records spread over {days:.3g} days, too long to show at once; "
            "open fewer files."
        )
    grid = _BUFFERS.take(count)
    if len(pieces) == 1 and not offset:
        grid[:] = pieces[0].data
        return UTCDateTime(ns=start), rate, grid
    grid[:] = np.nan
    _fill(grid, pieces, start, rate, offset)
    return UTCDateTime(ns=start), rate, grid


def _fill(grid: Samples, pieces: Sequence[Piece], start: int, rate: float, offset: float) -> None:
    """Put pieces less an offset where they belong on a grid that begins at ``start`` (ns)."""
    for patch in patches(pieces, start, rate, len(grid)):
        samples = patch.samples - offset if offset else patch.samples
        length = patch.here.stop - patch.here.start
        grid[patch.here] = resample(samples.astype(np.float32), patch.rate, rate, patch.first, length)
