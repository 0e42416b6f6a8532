"""A collection of waveform files: indexed by their headers, read when samples are needed."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from obspy import Stream, Trace, UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.texts import counted
from quakeview.waveforms.cache import ByteCache
from quakeview.waveforms.channels import ChannelId, Instrument, component_of
from quakeview.waveforms.clock import NANOSECONDS, drift, sample_time
from quakeview.waveforms.flaws import Flaws, find_flaws
from quakeview.waveforms.formats import Contents, is_seismogram, open_records, read_part, read_samples
from quakeview.waveforms.header_index import MANY, HeaderIndex, Headers, read
from quakeview.waveforms.labels import are_complete, complete, file_label
from quakeview.waveforms.miniseed import MiniSeedFile
from quakeview.waveforms.recorded import Recorded
from quakeview.waveforms.scanning import FileProblem, find_files
from quakeview.waveforms.splicing import Overlap, Piece, Spliced, splice

_CHUNK_SAMPLES = 16_000_000
_SAMPLES_LIKE_A_TRACE = 5000  # take as long to read as the header of a trace
_CACHE_BYTES = 256_000_000

Samples = dict[ChannelId, Spliced]


@dataclass(frozen=True, slots=True)
class Segment:
    """A gap-free stretch of one channel in one file. ``sampling_rate`` in Hz, as its records' times give it;
    ``nominal_rate`` as its header says."""

    channel_id: ChannelId
    start: UTCDateTime
    sampling_rate: float
    npts: int
    path: Path
    nominal_rate: float

    @property
    def end(self) -> UTCDateTime:
        """Time of the last sample."""
        return UTCDateTime(ns=sample_time(self.start.ns, self.sampling_rate, self.npts - 1))


@dataclass
class _File:
    path: Path
    label: str
    in_parts: bool  # it is large, and a part of it can be read without the rest
    samples: Samples | None  # of waveforms that are in memory only
    records: MiniSeedFile | None = None  # once a part was read


@dataclass(frozen=True)
class _Timeline:
    """The segments of a channel by start time, and their first and last sample (ns) and rate (Hz) as arrays.

    ``reached`` is the latest of the ends so far.
    """

    segments: tuple[Segment, ...]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    reached: NDArray[np.int64]
    rates: NDArray[np.float64]

    @classmethod
    def of(cls, segments: list[Segment]) -> "_Timeline":
        ordered = tuple(sorted(segments, key=lambda segment: (segment.start.ns, str(segment.path))))
        starts = np.array([segment.start.ns for segment in ordered], np.int64)
        rates = np.array([segment.sampling_rate for segment in ordered], float)
        npts = np.array([segment.npts for segment in ordered], np.int64)
        ends = starts + np.rint((npts - 1) / rates * NANOSECONDS).astype(np.int64)
        return cls(ordered, starts, ends, np.maximum.accumulate(ends), rates)


class Archive:
    """Waveforms of many files (folders, SDS archives, single files) by channel and time. Thread-safe.

    ``add`` reads headers only. ``read`` reads the files that are needed and keeps the samples last used, up to
    ``cache_bytes``.
    """

    def __init__(self, cache_bytes: int = _CACHE_BYTES) -> None:
        self._lock = threading.RLock()
        self._files: dict[Path, _File] = {}
        self._labels: dict[str, Path] = {}
        self._segments: dict[ChannelId, list[Segment]] = {}
        self._timelines: dict[ChannelId, _Timeline] = {}
        self._problems: dict[FileProblem, None] = {}
        self._drifting: set[ChannelId] = set()
        self._cache = ByteCache(cache_bytes, _nbytes)

    def add(self, paths: Iterable[Path | str], progress: Progress | None = None) -> list[FileProblem]:
        """Index files and folders (with everything below them) by their headers.

        Files that are already here are left alone. A file that cannot be opened is reported and the rest stays open.

        Returns:
            the new problems, also kept in ``problems``.

        Raises:
            Cancelled: through ``progress``; what was indexed before stays.
        """
        progress = progress or Progress()
        named = [Path(path) for path in paths]
        found: list[FileProblem] = []
        files: list[Path] = []
        for item in find_files(named):
            if isinstance(item, FileProblem):
                found.append(item)
            else:
                files.append(item)
            if len(files) % 1000 == 1:
                progress.advance(0, len(files), f"{counted(len(files), 'file')} found")
        if not files and not found:
            found += [FileProblem(path, f"There are no files in {path}.") for path in named]
        self._report(found)
        new = [path for path in _resolved(files) if path not in self._files]
        for done, (path, headers) in enumerate(self._headers(new, progress)):
            progress.advance(done, len(new), path.name)
            problems = self._add_file(path, headers)
            self._report(problems)
            found += problems
        progress.advance(len(files), max(len(files), 1))
        return found

    def remove(self, paths: Iterable[Path | str], but: Iterable[Path | str] = ()) -> None:
        """Forget files, and everything below folders, except what is in or below ``but`` as well."""
        gone, kept = ({Path(path).resolve() for path in some} for some in (paths, but))

        def goes(file: Path) -> bool:
            above = (file, *file.parents)
            return not gone.isdisjoint(above) and kept.isdisjoint(above)

        with self._lock:
            self._files = {path: file for path, file in self._files.items() if not goes(path)}
            self._labels = {label: path for label, path in self._labels.items() if not goes(path)}
            self._problems = {problem: None for problem in self._problems if not goes(problem.path)}
            left = {c: [s for s in found if not goes(s.path)] for c, found in self._segments.items()}
            self._segments = {channel_id: found for channel_id, found in left.items() if found}
            self._timelines.clear()
            self._cache.clear()

    def add_stream(self, stream: Stream, name: str) -> None:
        """Add waveforms that are in memory under a name that stands for the path; masked samples are gaps.

        The stream stays as it is.
        """
        own = Stream([Trace(trace.data, deepcopy(trace.stats)) for trace in stream])  # ``split`` writes into headers
        recorded = tuple(Recorded.of(trace, samples=True) for trace in own.split() if is_seismogram(trace))
        with self._lock:
            self._index(Path(name), Contents(recorded), in_memory=True)

    @property
    def channels(self) -> tuple[ChannelId, ...]:
        with self._lock:
            return tuple(sorted(self._segments))

    @property
    def stations(self) -> dict[Instrument, dict[str, ChannelId]]:
        """The channels of each instrument by their component letter (Z, N, E, 1, 2, R, T, ...), sorted by id."""
        instruments: defaultdict[Instrument, dict[str, ChannelId]] = defaultdict(dict)
        for channel_id in self.channels:
            instruments[Instrument.of(channel_id)][component_of(channel_id.channel)] = channel_id
        return dict(sorted(instruments.items()))

    @property
    def problems(self) -> tuple[FileProblem, ...]:
        """Everything that could not be opened or, later, decoded."""
        with self._lock:
            return tuple(self._problems)

    def channels_by_file(self) -> dict[Path, set[ChannelId]]:
        """Which channels each file has data of."""
        found: defaultdict[Path, set[ChannelId]] = defaultdict(set)
        for channel_id in self.channels:
            for segment in self.segments(channel_id):
                found[segment.path].add(channel_id)
        return dict(found)

    def segments(self, channel_id: ChannelId) -> tuple[Segment, ...]:
        """All segments of a channel by start time; empty if there is no such channel."""
        return self._timeline(channel_id).segments

    def coverage(self, channel_id: ChannelId, min_sampling_rate: float = 0.0) -> list[tuple[UTCDateTime, UTCDateTime]]:
        """First and last sample of each stretch without a gap (of more than half a sample), in time order.

        Segments below ``min_sampling_rate`` (Hz) do not count.
        """
        timeline = self._timeline(channel_id)
        counts = timeline.rates >= min_sampling_rate
        starts, rates = timeline.starts[counts], timeline.rates[counts]
        if not len(starts):
            return []
        reached = np.maximum.accumulate(timeline.ends[counts])
        gaps = np.flatnonzero(starts[1:] - reached[:-1] > 1.5 * NANOSECONDS / rates[1:])
        firsts, lasts = starts[np.append(0, gaps + 1)], reached[np.append(gaps, len(starts) - 1)]
        return [(UTCDateTime(ns=int(a)), UTCDateTime(ns=int(b))) for a, b in zip(firsts, lasts, strict=True)]

    @property
    def span(self) -> tuple[UTCDateTime, UTCDateTime] | None:
        """First and last sample of everything, or None if there is nothing."""
        timelines = [self._timeline(channel_id) for channel_id in self.channels]
        if not timelines:
            return None
        first = min(int(timeline.starts[0]) for timeline in timelines)
        last = max(int(timeline.reached[-1]) for timeline in timelines)
        return UTCDateTime(ns=first), UTCDateTime(ns=last)

    def pieces(
        self,
        channel_id: ChannelId,
        start: UTCDateTime | None = None,
        end: UTCDateTime | None = None,
        progress: Progress | None = None,
    ) -> list[Piece]:
        """Samples of a channel from ``start`` to ``end`` (both included) in their own dtype, one piece per gap-free
        stretch, in time order. The samples may be shared with the archive: read only.

        Duplicates are removed; where files disagree the one that starts first is kept. A file that cannot be decoded
        is left out and reported in ``problems``.

        Raises:
            Cancelled: through ``progress``, between files.
        """
        first = start.ns if start is not None else np.iinfo(np.int64).min
        last = end.ns if end is not None else np.iinfo(np.int64).max
        return self._splice(channel_id, first, last, progress or Progress())[0]

    def read(self, channel_id: ChannelId, start: UTCDateTime | None = None, end: UTCDateTime | None = None) -> Stream:
        """``pieces`` as a stream of the caller's own."""
        return Stream([_as_trace(channel_id, piece) for piece in self.pieces(channel_id, start, end)])

    def overlaps(self, channel_id: ChannelId) -> list[Overlap]:
        """Times that more than one segment claims, from the samples (so this may read files)."""
        timeline = self._timeline(channel_id)
        shared: list[tuple[int, int]] = []
        for later in np.flatnonzero(timeline.starts[1:] < timeline.reached[:-1]) + 1:
            start, end = int(timeline.starts[later]), int(min(timeline.reached[later - 1], timeline.ends[later]))
            if shared and start <= shared[-1][1]:
                shared[-1] = shared[-1][0], max(end, shared[-1][1])
            else:
                shared.append((start, end))
        return sorted({overlap for window in shared for overlap in self._splice(channel_id, *window, Progress())[1]})

    def _headers(self, files: Sequence[Path], progress: Progress) -> Iterable[tuple[Path, Headers]]:
        if len(files) < MANY:
            return ((path, read(path)) for path in files)
        return HeaderIndex().of(files, progress)

    def _add_file(self, path: Path, headers: Headers) -> list[FileProblem]:
        if isinstance(headers, str):
            return [FileProblem(path, headers)]
        with self._lock:
            remarks = [*headers.remarks, *self._index(path, headers)]
        return [FileProblem(path, remark) for remark in remarks]

    def _index(self, path: Path, contents: Contents, in_memory: bool = False) -> list[str]:
        """Keep where the stretches of a file are; returns sentences on what is odd in them."""
        recorded = contents.recorded
        ids = [each.channel_id for each in recorded]
        label, remarks = "", []
        if not are_complete(ids):
            label = file_label(path, self._labels)
            ids, remark = complete(ids, path, label)
            remarks += [remark] if remark else []
        for channel_id, each in zip(ids, recorded, strict=True):
            start = UTCDateTime(ns=each.start)
            segment = Segment(channel_id, start, each.sampling_rate, each.npts, path, each.nominal_rate)
            self._segments.setdefault(channel_id, []).append(segment)
            self._timelines.pop(channel_id, None)
            late = drift(each.nominal_rate, each.sampling_rate, each.npts)
            if late and channel_id not in self._drifting:
                self._drifting.add(channel_id)
                remarks.append(_describe_drift(segment, late))
        size = sum(each.npts + _SAMPLES_LIKE_A_TRACE for each in recorded)
        samples = _samples_by_channel(recorded, ids, path) if in_memory else None
        in_parts = contents.in_parts and size > _CHUNK_SAMPLES and label == ""
        self._files[path] = _File(path, label, in_parts, samples)
        return remarks

    def _report(self, problems: Iterable[FileProblem]) -> None:
        with self._lock:
            self._problems.update(dict.fromkeys(problems))

    def _timeline(self, channel_id: ChannelId) -> "_Timeline":
        with self._lock:
            if channel_id not in self._timelines:
                self._timelines[channel_id] = _Timeline.of(self._segments.get(channel_id, []))
            return self._timelines[channel_id]

    def _splice(
        self, channel_id: ChannelId, first: int, last: int, progress: Progress
    ) -> tuple[list[Piece], list[Overlap]]:
        """Pieces of a channel from ``first`` to ``last`` (ns), and where they overlap."""
        timeline = self._timeline(channel_id)
        begin = np.searchsorted(timeline.reached, first)
        end = np.searchsorted(timeline.starts, last, side="right")
        cuts: list[Piece] = []
        overlaps: list[Overlap] = []
        paths = list(dict.fromkeys(segment.path for segment in timeline.segments[begin:end]))
        for done, path in enumerate(paths):
            progress.advance(done, len(paths), f"reading {path.name}")
            for spliced in self._samples(path, channel_id, first, last):
                cuts += spliced.cut(first, last)
                overlaps += [overlap for overlap in spliced.overlaps if overlap.start <= last and overlap.end >= first]
        joined = splice(cuts)
        return joined.pieces, overlaps + joined.overlaps

    def _samples(self, path: Path, channel_id: ChannelId, first: int, last: int) -> Iterator[Spliced]:
        """The samples of a channel in one file: at least those between ``first`` and ``last`` (ns)."""
        file = self._files.get(path)
        if file is None:  # removed while somebody read it
            return
        if file.samples is not None:
            yield file.samples[channel_id]
        elif not file.in_parts:
            loaded = self._load(file)
            if channel_id in loaded:
                yield loaded[channel_id]
        else:
            here = [segment for segment in self.segments(channel_id) if segment.path == path]
            first, last = max(first, here[0].start.ns), min(last, max(segment.end.ns for segment in here))
            chunk = int(_CHUNK_SAMPLES / 4 / here[0].sampling_rate * NANOSECONDS)
            for number in range(first // chunk, last // chunk + 1):
                window = number * chunk, (number + 1) * chunk - 1
                loaded = self._load(file, channel_id, window)
                if channel_id in loaded:
                    yield Spliced(loaded[channel_id].cut(*window), loaded[channel_id].overlaps)

    def _load(self, file: _File, channel_id: ChannelId | None = None, window: tuple[int, int] | None = None) -> Samples:
        """Samples of a file (of one of its channels in a window of time, ns) from the cache or from the disk."""

        def decode() -> Samples:
            try:
                if window:
                    file.records = file.records or open_records(file.path)
                    contents = read_part(file.records, *window, channel_id)
                else:
                    contents = read_samples(file.path)
            except QuakeViewError as error:
                self._report([FileProblem(file.path, str(error))])
                return {}
            self._report(FileProblem(file.path, remark) for remark in contents.remarks)
            ids = [each.channel_id for each in contents.recorded]
            if file.label:
                ids, _ = complete(ids, file.path, file.label)
            samples = _samples_by_channel(contents.recorded, ids, file.path)
            flaws = {channel: _without_flaws(spliced) for channel, spliced in samples.items()}
            self._report(FileProblem(file.path, sentence) for sentence in _describe_flaws(file.path.name, flaws))
            return {channel: spliced for channel, (spliced, _) in flaws.items()}

        return self._cache.get((file.path, channel_id, window), decode)


def _samples_by_channel(recorded: Sequence[Recorded], ids: Sequence[ChannelId], path: Path) -> Samples:
    pieces: defaultdict[ChannelId, list[Piece]] = defaultdict(list)
    for number, (each, channel_id) in enumerate(zip(recorded, ids, strict=True)):
        data = each.data
        assert data is not None
        if np.ma.isMaskedArray(data):
            data = np.ma.filled(data.astype(np.float64), np.nan)
        priority = (each.start, str(path), number)
        pieces[channel_id].append(Piece(each.start, each.sampling_rate, data, priority, each.quality))
    return {channel_id: splice(found) for channel_id, found in pieces.items()}


def _without_flaws(spliced: Spliced) -> tuple[Spliced, list[Flaws]]:
    """Samples that no seismometer recorded are gaps."""
    pieces: list[Piece] = []
    found: list[Flaws] = []
    for piece in spliced.pieces:
        flaws = find_flaws(piece.data)
        if not flaws.stretches:
            pieces.append(piece)
            continue
        found.append(flaws)
        for good in flaws.good(len(piece.data)):
            begin = sample_time(piece.start, piece.sampling_rate, good.start)
            pieces.append(replace(piece, start=begin, data=piece.data[good]))
    return Spliced(pieces, spliced.overlaps), found


def _describe_flaws(name: str, flaws: dict[ChannelId, tuple[Spliced, list[Flaws]]]) -> Iterator[str]:
    for channel_id, (_, found) in flaws.items():
        fills = sorted({value for each in found for value in each.fills})
        if filled := sum(sum(each.fills.values()) for each in found):
            values = ", ".join(f"{value:.10g}" for value in fills[:3]) + (", ..." if len(fills) > 3 else "")
            samples = counted(filled, "sample")
            yield f"{name}: {samples} of {channel_id} only fill gaps (with {values}): no data are there."
        if large := sum(each.too_large for each in found):
            yield f"{name}: {counted(large, 'sample')} of {channel_id} beyond 1e30: no data are there."


def _describe_drift(segment: Segment, late: float) -> str:
    hours = segment.npts / segment.nominal_rate / 3600
    return (
        f"{segment.path.name}: the clock of {segment.channel_id} drifts by {abs(late) / hours:.2g} s an hour: its "
        f"headers say {segment.nominal_rate:g} Hz, the times of its records {segment.sampling_rate:.7g} Hz, which is "
        "used."
    )


def _resolved(files: Iterable[Path]) -> Iterator[Path]:
    """The true paths of files, each once. Folders are resolved once, for all that is in them."""
    folders: dict[Path, Path] = {}
    seen: set[Path] = set()
    for path in files:
        parent = path.parent
        if parent not in folders:
            folders[parent] = parent.resolve()
        real = path.resolve() if path.is_symlink() else folders[parent] / path.name
        if real not in seen:
            seen.add(real)
            yield real


def _nbytes(samples: Samples) -> int:
    return sum(piece.data.nbytes + 500 for spliced in samples.values() for piece in spliced.pieces)


def _as_trace(channel_id: ChannelId, piece: Piece) -> Trace:
    header = dict(channel_id._asdict(), starttime=UTCDateTime(ns=piece.start), sampling_rate=piece.sampling_rate)
    return Trace(piece.data.copy(), header)
