"""Three components of an instrument on one time grid, block by block."""

from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.texts import counted
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId, Instrument, arrange, measures_pressure
from quakeview.waveforms.clock import sample_time
from quakeview.waveforms.filters import finite_stretches
from quakeview.waveforms.flaws import find_spikes, without_spikes
from quakeview.waveforms.gridding import patches
from quakeview.waveforms.resampling import margin_seconds, resample
from quakeview.waveforms.roles import Roles

MIN_SAMPLING_RATE = 5.0
"""Hz. Slower recordings have nothing of the P and S waves of local earthquakes."""

_LOW_SAMPLING_RATE = 40.0
_BRIDGED_GAP = 60.0
_SHORTEST_SECOND_SENSOR = 10.0  # s; shorter overlaps are those of files when a component is renamed
_DEAD_AFTER = 10.0  # s
_EDGE = 0.5  # s
_NOTABLE = 60.0  # s by which a component may begin late or end early without a word

Span = tuple[UTCDateTime, UTCDateTime]


@dataclass(frozen=True, eq=False)
class ThreeComponents:
    """A block of three-component data on a common time grid.

    Attributes:
        candidates: the channels that the instrument has.
        start: time of sample 0; sample k is at ``start + k / sampling_rate``.
        sampling_rate: Hz.
        data: (3, n) float32 vertical, first and second horizontal without offset, 0 where nothing was recorded.
        sources: (3, n) int8, the place in ``candidates`` of the one that each sample comes from; -1 where it was not
            recorded, is not finite, or comes from a dead channel.
    """

    station: Instrument
    candidates: tuple[ChannelId, ...]
    start: UTCDateTime
    sampling_rate: float
    data: NDArray[np.float32]
    sources: NDArray[np.int8]

    @property
    def npts(self) -> int:
        return self.data.shape[1]

    @property
    def end(self) -> UTCDateTime:
        """Time of the last sample."""
        return self.start + (self.npts - 1) / self.sampling_rate

    @property
    def valid(self) -> NDArray[np.bool_]:
        """(3, n), where there are data."""
        return self.sources >= 0

    @property
    def channels(self) -> tuple[ChannelId | None, ...]:
        """The channel that gave most of each row; None where no channel gave any."""
        counts = [np.bincount(row[row >= 0], minlength=1) for row in self.sources]
        return tuple(self.candidates[int(count.argmax())] if count.any() else None for count in counts)


def three_component_blocks(
    archive: Archive,
    station: Instrument,
    sampling_rate: float,
    block_seconds: float = 1800.0,
    overlap_seconds: float = 0.0,
    start: UTCDateTime | None = None,
    end: UTCDateTime | None = None,
    *,
    context: int = 0,
    sensor: int = 0,
) -> Iterator[ThreeComponents]:
    """The waveforms of an instrument in time order, in blocks of ``block_seconds``, each sharing its first
    ``overlap_seconds`` with the one before.

    Within a stretch the time grid goes on from block to block; a gap of more than 60 s in all components begins a new
    stretch. Data are resampled with an anti-alias filter that sees across the edges of the blocks, so blocks have no
    seams. Which channel is the vertical and which are the horizontals is decided at each moment by what has data
    (``roles``). Samples that are not finite count as gaps, and so does a channel that is constant for 10 s.

    Args:
        start, end: first and last moment that is wanted; the grid is that of the whole stretch.
        context: samples wanted before and after these too; the beginning is then at a multiple of ``context`` from that
            of the stretch, so that work in windows of that length finds them where it finds them without ``start``.
        sensor: 1 for what a second sensor recorded beside the first, where there is one.

    Raises:
        QuakeViewError: if the station is unknown, or no channel has at least 5 Hz.
    """
    roles = _usable_roles(archive, station)
    length = round(block_seconds * sampling_rate)
    step = length - round(overlap_seconds * sampling_rate)
    if step <= 0:
        raise ValueError("Blocks must be longer than their overlap.")
    for first, last in _stretches(archive, roles, sensor):
        offsets = _Offsets()
        begin, count = 0, int((last - first) * sampling_rate + 1e-3) + 1
        if (start and last < start) or (end and first > end):
            continue
        if start:
            wanted = max(0, int(np.ceil((start - first) * sampling_rate - 1e-3)))
            begin = max(0, wanted // context - 1) * context if context else wanted
        if end:
            count = min(count, int((end - first) * sampling_rate + 1e-3) + 1 + 2 * context)
        for at in range(begin, max(begin + 1, count - length + step), step):
            size = min(length, count - at)
            yield _block(archive, station, roles, first + at / sampling_rate, sampling_rate, size, offsets, sensor)


def count_sensors(archive: Archive, station: Instrument) -> int:
    """How many sensors recorded at the same time under the codes of one instrument: 1, rarely 2 or more."""
    roles = Roles.of(archive.stations.get(station, {}))
    most = max(len(roles.verticals), len(roles.pairs), 1)
    return next((number for number in range(1, most) if not _stretches(archive, roles, number)), most)


def describe_problems(archive: Archive, station: Instrument, progress: Progress | None = None) -> list[str]:
    """What is unusual in the waveforms of an instrument, in sentences. Reads the waveforms.

    Raises:
        Cancelled: through ``progress``.
    """
    progress = progress or Progress()
    components = archive.stations.get(station, {})
    roles = Roles.of(components)
    sentences = list(_describe_roles(archive, roles, components))
    for channel in roles.channels:
        sentences += _describe_headers(archive, channel)
        sentences += _describe_samples(archive, channel, progress)
    paths = {segment.path for channel in components.values() for segment in archive.segments(channel)}
    sentences += [problem.sentence for problem in archive.problems if problem.path in paths]
    return sentences


class _Offsets(dict[ChannelId, float]):
    """The constant that is taken off each channel, the same in all blocks of a stretch."""

    def remove(self, channel: ChannelId, samples: NDArray[Any]) -> NDArray[np.float32]:
        if channel not in self:
            self[channel] = float(np.mean(samples, dtype=np.float64))
        return (samples - self[channel]).astype(np.float32)


def _usable_roles(archive: Archive, station: Instrument) -> Roles:
    components = archive.stations.get(station)
    if components is None:
        raise QuakeViewError(f"There are no waveforms of {station}.")
    roles = Roles.of(components)
    rates = [segment.sampling_rate for channel in roles.channels for segment in archive.segments(channel)]
    if max(rates) < MIN_SAMPLING_RATE:
        raise QuakeViewError(f"{station} is recorded at {max(rates):g} Hz; picking needs at least 5 Hz.")
    return roles


def _stretches(archive: Archive, roles: Roles, sensor: int = 0) -> list[Span]:
    """First and last sample time of stretches in which no gap common to all channels exceeds 60 s; of the second
    sensor those in which two verticals or two pairs were recorded at the same time."""
    verticals = [archive.coverage(channel, MIN_SAMPLING_RATE) for channel in roles.verticals]
    pairs = [
        _at_least(1, [archive.coverage(channel, MIN_SAMPLING_RATE) for channel in pair if channel])
        for pair in (*roles.pairs, *([roles.rotated] if roles.rotated and sensor == 0 else []))
    ]
    stretches: list[Span] = []
    for first, last in _at_least(1, [_at_least(sensor + 1, verticals), _at_least(sensor + 1, pairs)]):
        if stretches and first - stretches[-1][1] <= _BRIDGED_GAP:
            stretches[-1] = stretches[-1][0], max(last, stretches[-1][1])
        else:
            stretches.append((first, last))
    return [(first, last) for first, last in stretches if sensor == 0 or last - first >= _SHORTEST_SECOND_SENSOR]


def _at_least(number: int, coverages: list[list[Span]]) -> list[Span]:
    """The times that at least ``number`` of the coverages hold, in order."""
    edges = sorted(edge for spans in coverages for first, last in spans for edge in ((first.ns, 0), (last.ns, 1)))
    held, began = 0, 0
    found: list[Span] = []
    for time, is_end in edges:
        if not is_end:
            held += 1
            began = time if held == number else began
        else:
            if held == number:
                found.append((UTCDateTime(ns=began), UTCDateTime(ns=time)))
            held -= 1
    return found


def _block(
    archive: Archive,
    station: Instrument,
    roles: Roles,
    start: UTCDateTime,
    sampling_rate: float,
    count: int,
    offsets: _Offsets,
    sensor: int,
) -> ThreeComponents:
    samples = np.zeros((len(roles.channels), count), np.float32)
    alive = np.zeros((len(roles.channels), count), bool)
    for place, channel in enumerate(roles.channels):
        _fill(archive, channel, start, sampling_rate, offsets, samples[place], alive[place])
    sources = roles.sources(alive, round(_BRIDGED_GAP * sampling_rate), sensor)
    data = np.where(sources >= 0, np.take_along_axis(samples, np.maximum(sources, 0).astype(np.intp), axis=0), 0)
    return ThreeComponents(station, roles.channels, start, sampling_rate, data.astype(np.float32, copy=False), sources)


def _fill(
    archive: Archive,
    channel: ChannelId,
    start: UTCDateTime,
    sampling_rate: float,
    offsets: _Offsets,
    data: NDArray[np.float32],
    alive: NDArray[np.bool_],
) -> None:
    """Resample one channel into the (n,) arrays ``data`` and ``alive`` whose first sample is at ``start``."""
    rates = {segment.sampling_rate for segment in archive.segments(channel)}
    usable = [rate for rate in rates if rate >= MIN_SAMPLING_RATE]
    if not usable:
        return
    margin = max(_DEAD_AFTER, margin_seconds(min(usable), sampling_rate))
    end = start + (len(data) - 1) / sampling_rate
    pieces = archive.pieces(channel, start - margin, end + margin)
    fast = [piece for piece in pieces if piece.sampling_rate >= MIN_SAMPLING_RATE]
    for here, samples, rate, first in patches(fast, start.ns, sampling_rate, len(data)):
        flat = offsets.remove(channel, without_spikes(samples))
        data[here] = resample(flat, rate, sampling_rate, first, here.stop - here.start)
        alive[here] = True
        for dead in dead_stretches(samples, rate):
            since, until = ((sample / rate - first) * sampling_rate for sample in (dead.start, dead.stop - 1))
            low, high = int(np.ceil(since - 1e-3)), int(np.floor(until + 1e-3))
            alive[here][max(0, low) : max(0, high + 1)] = False


def dead_stretches(samples: NDArray[Any], sampling_rate: float) -> Iterator[slice]:
    """Where (n,) samples keep one value for 10 s or from end to end, and so record nothing.

    Half a second at both ends does not count: an onset may be there, on an instrument so coarse that it shows no noise.
    """
    half = max(1, int(_DEAD_AFTER * sampling_rate / 2))  # a dead stretch holds two neighbours at this distance
    equal = np.flatnonzero(samples[:-half:half] == samples[half::half]) * half
    if len(samples) > half and not any((samples[first : first + half] == samples[first]).all() for first in equal):
        return
    changes = np.flatnonzero(samples[1:] != samples[:-1]) + 1
    if len(samples) > 1 and not len(changes):
        yield slice(0, len(samples))
        return
    edges = np.concatenate([[0], changes, [len(samples)]])
    for place in np.flatnonzero(np.diff(edges) >= _DEAD_AFTER * sampling_rate):
        first, stop = int(edges[place]), int(edges[place + 1])
        edge = round(_EDGE * sampling_rate)
        yield slice(first + edge if first else 0, stop - edge if stop < len(samples) else stop)


def _describe_roles(archive: Archive, roles: Roles, components: dict[str, ChannelId]) -> Iterator[str]:
    """Which components are missing, end early, or come twice."""
    if pressure := [channel.channel for channel in roles.channels if measures_pressure(channel.channel)]:
        verb = "measures" if len(pressure) == 1 else "measure"
        yield f"{' and '.join(pressure)} {verb} pressure: only P is picked."
        return
    if left_out := [channel for channel in components.values() if channel not in roles.channels]:
        yield f"{_listed(left_out)} {_is(left_out)} left out: what the last letter means is not known."
    present = [channel for channel in arrange(components) if channel]
    if len(present) < 3:
        yield _missing(components)
    if _stretches(archive, roles, 1):
        groups = [roles.verticals, *(tuple(channel for channel in pair if channel) for pair in roles.pairs)]
        told = "; ".join(_listed(group) for group in groups if group)
        yield f"More than one sensor was recorded at the same time ({told}): all are picked."
    spans = {channel: archive.coverage(channel, MIN_SAMPLING_RATE) for channel in roles.channels}
    spans = {channel: found for channel, found in spans.items() if found}
    for group in (roles.verticals, *zip(*roles.pairs, strict=True)):
        yield from _describe_turns([channel for channel in group if channel in spans], spans)


def _describe_turns(group: list[ChannelId], spans: dict[ChannelId, list[Span]]) -> Iterator[str]:
    """The channels of one role begin or end before the instrument does, or follow one another."""
    if not group:
        return
    first, last = min(found[0][0] for found in spans.values()), max(found[-1][1] for found in spans.values())
    turns = sorted(group, key=lambda channel: spans[channel][0][0])
    for before, after in pairwise(turns):
        if spans[after][0][0] >= spans[before][-1][1] - _SHORTEST_SECOND_SENSOR:
            yield f"{before.channel} is followed by {after.channel} from {_moment(spans[after][0][0])} on."
    if (begin := min(spans[channel][0][0] for channel in group)) - first > _NOTABLE:
        yield f"{_listed(group)} {'begins' if len(group) == 1 else 'begin'} only at {_moment(begin)}."
    if last - (end := max(spans[channel][-1][1] for channel in group)) > _NOTABLE:
        yield f"{_listed(group)} {'ends' if len(group) == 1 else 'end'} at {_moment(end)}, before the others."


def _missing(components: dict[str, ChannelId]) -> str:
    """``HHE is missing``, named as the components that are there suggest."""
    rows = arrange(components)
    codes = [channel.channel for channel in rows if channel]
    horizontals = next((pair for pair in ("12", "RT", "NE") if set(pair) & set(components)), "NE")
    stem = codes[0][:-1] if codes else ""
    missing = [stem + letter for letter, channel in zip("Z" + horizontals, rows, strict=True) if channel is None]
    return f"{' and '.join(missing)} {_is(missing)} missing."


def _describe_headers(archive: Archive, channel: ChannelId) -> Iterator[str]:
    code = channel.channel or str(channel)
    rates = sorted({segment.sampling_rate for segment in archive.segments(channel)})
    if len(rates) > 1:
        yield f"{code} has several sampling rates: {', '.join(f'{rate:g}' for rate in rates)} Hz."
    if rates[0] < MIN_SAMPLING_RATE:
        yield f"{code} at {rates[0]:g} Hz is too slow for picking and left out."
    elif rates[-1] < _LOW_SAMPLING_RATE:
        yield f"{code} is recorded at {rates[-1]:g} Hz: picks will be less precise."
    coverage = archive.coverage(channel)
    if len(coverage) > 1:
        missing = sum(after[0] - before[1] for before, after in pairwise(coverage))
        yield f"{code} has {counted(len(coverage) - 1, 'gap')} ({_duration(missing)} in all)."
    conflicts = [overlap for overlap in archive.overlaps(channel) if overlap.conflicting]
    for kept in dict.fromkeys(overlap.kept for overlap in conflicts):
        times = counted(sum(overlap.kept == kept for overlap in conflicts), "time")
        yield f"{code} has different samples for the same time {times}; {kept} are used."


def _describe_samples(archive: Archive, channel: ChannelId, progress: Progress) -> Iterator[str]:
    code = channel.channel or str(channel)
    odd, spikes, lowest, highest = 0, 0, np.inf, -np.inf
    dead: list[float] = []
    first_dead = 0
    for first, last in archive.coverage(channel):
        for piece in archive.pieces(channel, first, last, progress):
            odd += len(piece.data)
            for stretch in finite_stretches(piece.data):
                samples = piece.data[stretch]
                odd -= len(samples)
                spikes += len(find_spikes(samples))
                lowest, highest = min(lowest, samples.min()), max(highest, samples.max())
                for constant in dead_stretches(samples, piece.sampling_rate):
                    place = stretch.start + constant.start
                    first_dead = first_dead if dead else sample_time(piece.start, piece.sampling_rate, place)
                    dead.append((constant.stop - constant.start) / piece.sampling_rate)
    if odd:
        yield f"{code} has {counted(odd, 'sample')} without a finite value; they count as gaps."
    if spikes:
        yield f"{code} has {counted(spikes, 'sample')} that are spikes of telemetry; picking passes over them."
    if lowest == highest:
        yield f"{code} is constant: the channel is dead."
    elif dead:
        how_long = _duration(sum(dead)) + ("" if len(dead) == 1 else f" in {len(dead)} stretches, the first")
        since = _moment(UTCDateTime(ns=first_dead))
        yield f"{code} is constant for {how_long} from {since} on: the channel is dead there."


def _listed(channels: Iterable[ChannelId]) -> str:
    codes = [channel.channel or str(channel) for channel in channels]
    return codes[0] if len(codes) == 1 else f"{', '.join(codes[:-1])} and {codes[-1]}"


def _is(things: Sized) -> str:
    return "is" if len(things) == 1 else "are"


def _moment(time: UTCDateTime) -> str:
    return f"{time.strftime('%Y-%m-%d %H:%M:%S')} UTC"


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.3g} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
