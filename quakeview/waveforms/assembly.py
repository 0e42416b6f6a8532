"""Three components of an instrument on one time grid, block by block."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.texts import counted
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId, Station, arrange
from quakeview.waveforms.filters import finite_stretches
from quakeview.waveforms.gridding import patches
from quakeview.waveforms.resampling import margin_seconds, resample

MIN_SAMPLING_RATE = 5.0
"""Hz. Slower recordings have nothing of the P and S waves of local earthquakes."""

_LOW_SAMPLING_RATE = 40.0
_BRIDGED_GAP = 60.0


@dataclass(frozen=True, eq=False)
class ThreeComponents:
    """A block of three-component data on a common time grid.

    Attributes:
        channels: in the order Z, N (1, R), E (2, T); None where there is none.
        start: time of sample 0; sample k is at ``start + k / sampling_rate``.
        sampling_rate: Hz.
        data: (3, n) float32 without offset, 0 where nothing was recorded.
        valid: (3, n) bool, where something was recorded.
    """

    station: Station
    channels: tuple[ChannelId | None, ...]
    start: UTCDateTime
    sampling_rate: float
    data: NDArray[np.float32]
    valid: NDArray[np.bool_]

    @property
    def npts(self) -> int:
        return self.data.shape[1]

    @property
    def end(self) -> UTCDateTime:
        """Time of the last sample."""
        return self.start + (self.npts - 1) / self.sampling_rate


def three_component_blocks(
    archive: Archive,
    station: Station,
    sampling_rate: float,
    block_seconds: float = 1800.0,
    overlap_seconds: float = 0.0,
    start: UTCDateTime | None = None,
    end: UTCDateTime | None = None,
) -> Iterator[ThreeComponents]:
    """The waveforms of an instrument in time order, in blocks of ``block_seconds``, each sharing its first
    ``overlap_seconds`` with the one before.

    Within a stretch the time grid goes on from block to block; a gap of more than 60 s in all components begins a new
    stretch. Data are resampled with an anti-alias filter that sees across the edges of the blocks, so blocks have no
    seams. Samples that are not finite count as gaps, and so does a component that is constant over a block.

    Raises:
        QuakeViewError: if the station is unknown, or no channel has at least 5 Hz.
    """
    channels = _usable_channels(archive, station)
    length = round(block_seconds * sampling_rate)
    step = length - round(overlap_seconds * sampling_rate)
    if step <= 0:
        raise ValueError("Blocks must be longer than their overlap.")
    for first, last in _stretches(archive, channels, start, end):
        offsets = _Offsets()
        count = int((last - first) * sampling_rate + 1e-3) + 1
        for begin in range(0, max(1, count - length + step), step):
            size = min(length, count - begin)
            yield _block(archive, station, channels, first + begin / sampling_rate, sampling_rate, size, offsets)


def describe_problems(archive: Archive, station: Station, progress: Progress | None = None) -> list[str]:
    """What is unusual in the waveforms of an instrument, in sentences. Reads the waveforms.

    Raises:
        Cancelled: through ``progress``.
    """
    progress = progress or Progress()
    components = archive.stations.get(station, {})
    sentences = []
    present = [channel for channel in arrange(components) if channel]
    if len(present) < 3:
        sentences.append(_missing(components))
    for channel in present:
        sentences += _describe_headers(archive, channel)
        sentences += _describe_samples(archive, channel, progress)
    paths = {segment.path for channel in present for segment in archive.segments(channel)}
    sentences += [problem.sentence for problem in archive.problems if problem.path in paths]
    return sentences


class _Offsets(dict[ChannelId, float]):
    """The constant that is taken off each channel, the same in all blocks of a stretch."""

    def remove(self, channel: ChannelId, samples: NDArray) -> NDArray[np.float32]:
        if channel not in self:
            self[channel] = float(np.mean(samples, dtype=np.float64))
        return (samples - self[channel]).astype(np.float32)


def _usable_channels(archive: Archive, station: Station) -> tuple[ChannelId | None, ...]:
    components = archive.stations.get(station)
    if components is None:
        raise QuakeViewError(f"There are no waveforms of {station}.")
    channels = arrange(components)
    rates = [segment.sampling_rate for channel in channels if channel for segment in archive.segments(channel)]
    if max(rates) < MIN_SAMPLING_RATE:
        raise QuakeViewError(f"{station} is recorded at {max(rates):g} Hz; picking needs at least 5 Hz.")
    return channels


def _stretches(
    archive: Archive, channels: tuple[ChannelId | None, ...], start: UTCDateTime | None, end: UTCDateTime | None
) -> list[tuple[UTCDateTime, UTCDateTime]]:
    """First and last sample time of stretches in which no gap common to all channels exceeds 60 s."""
    covered = sorted(span for channel in channels if channel for span in archive.coverage(channel, MIN_SAMPLING_RATE))
    stretches: list[tuple[UTCDateTime, UTCDateTime]] = []
    for first, last in covered:
        first, last = max(first, start or first), min(last, end or last)
        if last < first:
            continue
        if stretches and first - stretches[-1][1] <= _BRIDGED_GAP:
            stretches[-1] = stretches[-1][0], max(last, stretches[-1][1])
        else:
            stretches.append((first, last))
    return stretches


def _block(
    archive: Archive,
    station: Station,
    channels: tuple[ChannelId | None, ...],
    start: UTCDateTime,
    sampling_rate: float,
    count: int,
    offsets: _Offsets,
) -> ThreeComponents:
    data = np.zeros((3, count), np.float32)
    valid = np.zeros((3, count), bool)
    for row, channel in enumerate(channels):
        if channel:
            _fill(archive, channel, start, sampling_rate, offsets, data[row], valid[row])
    return ThreeComponents(station, channels, start, sampling_rate, data, valid)


def _fill(
    archive: Archive,
    channel: ChannelId,
    start: UTCDateTime,
    sampling_rate: float,
    offsets: _Offsets,
    data: NDArray[np.float32],
    valid: NDArray[np.bool_],
) -> None:
    """Resample one channel into the (n,) arrays ``data`` and ``valid`` whose first sample is at ``start``."""
    rates = {segment.sampling_rate for segment in archive.segments(channel)}
    usable = [rate for rate in rates if rate >= MIN_SAMPLING_RATE]
    if not usable:
        return
    margin = margin_seconds(min(usable), sampling_rate)
    end = start + (len(data) - 1) / sampling_rate
    pieces = archive.pieces(channel, start - margin, end + margin)
    fast = [piece for piece in pieces if piece.sampling_rate >= MIN_SAMPLING_RATE]
    for here, samples, rate, first in patches(fast, start.ns, sampling_rate, len(data)):
        flat = offsets.remove(channel, samples)
        data[here] = resample(flat, rate, sampling_rate, first, here.stop - here.start)
        valid[here] = True
    recorded = data[valid]
    if len(recorded) > 1 and np.ptp(recorded) == 0:
        data[:] = 0
        valid[:] = False


def _missing(components: dict[str, ChannelId]) -> str:
    """``HHE is missing``, named as the components that are there suggest."""
    rows = arrange(components)
    codes = [channel.channel for channel in rows if channel]
    horizontals = next((pair for pair in ("12", "RT", "NE") if set(pair) & set(components)), "NE")
    stem = codes[0][:-1] if codes else ""
    missing = [stem + letter for letter, channel in zip("Z" + horizontals, rows, strict=True) if channel is None]
    return f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing."


def _describe_headers(archive: Archive, channel: ChannelId) -> Iterator[str]:
    code = channel.channel or str(channel)
    rates = sorted({segment.sampling_rate for segment in archive.segments(channel)})
    if len(rates) > 1:
        yield f"{code} has several sampling rates: {', '.join(f'{rate:g}' for rate in rates)} Hz."
    if rates[0] < MIN_SAMPLING_RATE:
        yield f"{code} at {rates[0]:g} Hz is too slow for picking and left out."
    elif rates[0] < _LOW_SAMPLING_RATE:
        yield f"{code} is recorded at {rates[0]:g} Hz: picks will be less precise."
    coverage = archive.coverage(channel)
    if len(coverage) > 1:
        missing = sum(after[0] - before[1] for before, after in pairwise(coverage))
        yield f"{code} has {counted(len(coverage) - 1, 'gap')} ({_duration(missing)} in all)."
    conflicts = [overlap for overlap in archive.overlaps(channel) if overlap.conflicting]
    if conflicts:
        times = counted(len(conflicts), "time")
        yield f"{code} has different samples for the same time {times}; those of the file that starts first are used."


def _describe_samples(archive: Archive, channel: ChannelId, progress: Progress) -> Iterator[str]:
    code = channel.channel or str(channel)
    odd, lowest, highest = 0, np.inf, -np.inf
    for first, last in archive.coverage(channel):
        for piece in archive.pieces(channel, first, last, progress):
            odd += len(piece.data)
            for stretch in finite_stretches(piece.data):
                samples = piece.data[stretch]
                odd -= len(samples)
                lowest, highest = min(lowest, samples.min()), max(highest, samples.max())
    if odd:
        yield f"{code} has {counted(odd, 'sample')} without a finite value; they count as gaps."
    if lowest == highest:
        yield f"{code} is constant: the channel is dead."


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.3g} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
