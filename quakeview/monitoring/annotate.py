"""From records of any length to picks: stream, annotate, find onsets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.monitoring.onset_peaks import MIN_SEPARATION, Thresholds, find_onsets
from quakeview.monitoring.picker import Picker, find_picker, load_picker
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.monitoring.stitching import Stitcher
from quakeview.texts import counted
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.assembly import ThreeComponents, count_sensors, describe_problems, three_component_blocks
from quakeview.waveforms.channels import ChannelId, Instrument, measures_pressure

_QUIET = 0.05
"""Where both probabilities are below this, a curve may be cut without cutting a peak."""


@dataclass(frozen=True)
class PickCurves:
    """P and S probability of one instrument over a stretch without a long gap.

    Attributes:
        start: time of the first sample, UTC.
        sampling_rate: Hz.
        p, s: float16 (n,), 0-1.
    """

    start: UTCDateTime
    sampling_rate: float
    p: NDArray[np.float16]
    s: NDArray[np.float16]


@dataclass(frozen=True)
class StationResult:
    """What the picker found at one instrument.

    Attributes:
        picks: in time order.
        reason: one sentence that says why there is no pick; None if there are picks.
        curves: probability curves, one per stretch of data; of a second sensor under the same codes there are none.
        remarks: sentences about what is unusual in the data; what is wrong with files the archive knows.
    """

    station: Instrument
    picks: tuple[Pick, ...]
    reason: str | None
    curves: tuple[PickCurves, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass
class _Stretch:
    """Probabilities of contiguous data: whole (as float16) for display, and the end that is still to be searched.

    ``sources`` (3, m) are those of the data from the first sample that is still to be searched on.
    """

    start: UTCDateTime
    sampling_rate: float
    candidates: tuple[ChannelId, ...]
    stitcher: Stitcher
    received: int = 0
    searched: int = 0
    tail: NDArray[np.float32] = field(default_factory=lambda: np.zeros((2, 0), np.float32))
    sources: NDArray[np.int8] = field(default_factory=lambda: np.zeros((3, 0), np.int8))
    parts: list[NDArray[np.float16]] = field(default_factory=list)

    def continues_with(self, block: ThreeComponents) -> bool:
        gap = block.start - (self.start + self.received / self.sampling_rate)
        return abs(gap) * self.sampling_rate < 0.5

    def receive(self, block: ThreeComponents) -> Iterator[NDArray[np.float32]]:
        """Take the next data; the (2, m) probabilities that they settle."""
        self.sources = np.concatenate([self.sources, block.sources], axis=1)
        self.received += block.npts
        yield from self.stitcher.add(block.data, block.valid)

    def extend(self, probabilities: NDArray[np.float32]) -> None:
        self.tail = np.concatenate([self.tail, probabilities], axis=1)
        self.parts.append(probabilities.astype(np.float16))

    def search(self, thresholds: Thresholds, picker: Picker, *, to_end: bool = False) -> Iterator[Pick]:
        """Picks of the tail up to its last quiet sample (or its end); the rest waits for more."""
        quiet = np.flatnonzero(self.tail.max(axis=0) < _QUIET)
        cut = self.tail.shape[1] if to_end else (int(quiet[-1]) if len(quiet) else 0)
        for phase, threshold, curve in zip("PS", (thresholds.p, thresholds.s), self.tail[:, :cut], strict=True):
            for onset in find_onsets(curve, threshold, self.sampling_rate):
                channel_id = self._channel(phase, onset.sample)
                if channel_id is None:
                    continue
                uncertainty = picker.uncertainty(phase, onset.probability)
                yield Pick(
                    channel_id,
                    phase,
                    self.start + (self.searched + onset.sample) / self.sampling_rate,
                    PickStatus.AUTOMATIC,
                    round(onset.probability, 4),
                    lower_uncertainty=uncertainty,
                    upper_uncertainty=uncertainty,
                    model=picker.name,
                )
        self.tail, self.sources = self.tail[:, cut:], self.sources[:, cut:]
        self.searched += cut

    def _channel(self, phase: str, sample: float) -> ChannelId | None:
        """The channel that an onset is read on: one that has data on both sides of it.

        P is read on the vertical if it is alive, else on a horizontal; S on a horizontal, else on the vertical, but
        not on pressure, which S does not change.
        """
        sides = [int(np.floor(sample)), int(np.ceil(sample))]
        if sides[0] < 0 or sides[1] >= self.sources.shape[1]:
            return None
        for row in ((0, 1, 2), (1, 2, 0))["PS".index(phase)]:
            before, after = self.sources[row, sides]
            channel = self.candidates[before]
            if 0 <= before == after and not (phase == "S" and measures_pressure(channel.channel)):
                return channel
        return None

    def curves(self, start: UTCDateTime | None, end: UTCDateTime | None) -> PickCurves | None:
        """From ``start`` to ``end``; None if nothing is there."""
        p, s = np.concatenate(self.parts, axis=1)
        first, stop = _span(self.start, self.sampling_rate, len(p), start, end)
        if stop <= first:
            return None
        return PickCurves(self.start + first / self.sampling_rate, self.sampling_rate, p[first:stop], s[first:stop])


def annotate_station(
    picker: Picker,
    archive: Archive,
    station: Instrument,
    thresholds: Thresholds = Thresholds(),
    *,
    start: UTCDateTime | None = None,
    end: UTCDateTime | None = None,
    keep_curves: bool = True,
    progress: Progress = Progress(),
) -> StationResult:
    """Pick one instrument's record, all of it or from ``start`` to ``end``.

    The picks from ``start`` to ``end`` are those of the whole record: data outside are read along as context.

    Args:
        keep_curves: keep the probability curves (4 bytes per sample of the picker's rate).

    Raises:
        Cancelled: at the next batch after ``progress.cancel()``.
    """
    seconds = _duration(archive, archive.stations[station].values(), start, end)
    picks: list[Pick] = []
    curves: list[PickCurves] = []
    highest = np.zeros(2)
    annotated = 0
    for sensor in range(count_sensors(archive, station)):
        blocks = three_component_blocks(
            archive,
            station,
            picker.sampling_rate,
            start=start,
            end=end,
            context=picker.window_samples if start or end else 0,
            sensor=sensor,
        )
        keep = keep_curves and sensor == 0
        for stretch, probabilities, last in _probabilities(picker, blocks):
            begin = stretch.start + (stretch.searched + stretch.tail.shape[1]) / picker.sampling_rate
            wanted = slice(*_span(begin, picker.sampling_rate, probabilities.shape[1], start, end))
            highest = np.maximum(highest, probabilities[:, wanted].max(axis=1, initial=0))
            annotated += wanted.stop - wanted.start
            stretch.extend(probabilities)
            picks += stretch.search(thresholds, picker, to_end=last)
            progress.advance(min(annotated / picker.sampling_rate, seconds), seconds, str(station))
            if last and keep and (part := stretch.curves(start, end)):
                curves.append(part)
            if not keep:
                stretch.parts.clear()
    within = [pick for pick in picks if (not start or pick.time >= start) and (not end or pick.time <= end)]
    found = _each_once(within)
    of_files = {problem.sentence for problem in archive.problems}
    remarks = tuple(remark for remark in describe_problems(archive, station) if remark not in of_files)
    reason = None if found else _why_no_pick(remarks, annotated, highest, thresholds)
    return StationResult(station, tuple(found), reason, tuple(curves), remarks)


def pick_archive(
    archive: Archive,
    model_name: str,
    p_threshold: float = 0.3,
    s_threshold: float = 0.3,
    device: str = "auto",
    stations: Iterable[Instrument] | None = None,
    *,
    start: UTCDateTime | None = None,
    end: UTCDateTime | None = None,
    keep_curves: bool = True,
    progress: Progress = Progress(),
) -> list[StationResult]:
    """Pick every instrument of ``archive`` (or only ``stations``); each result is published as soon as it is there.

    Raises:
        QuakeViewError: if the model or the device cannot be used.
        Cancelled: at the next batch after ``progress.cancel()``; what was published stays valid.
    """
    chosen = list(archive.stations) if stations is None else list(stations)
    progress.advance(0, max(1, len(chosen)), f"Loading {model_name}")
    picker = load_picker(find_picker(model_name, progress), device, progress)
    results = []
    for index, station in enumerate(chosen):
        place = f"{station} ({index + 1} of {len(chosen)})"
        try:
            result = annotate_station(
                picker,
                archive,
                station,
                Thresholds(p_threshold, s_threshold),
                start=start,
                end=end,
                keep_curves=keep_curves,
                progress=progress.part(index, index + 1, len(chosen), place),
            )
        except QuakeViewError as error:  # of this station's data; the others are picked all the same
            result = StationResult(station, (), str(error))
        progress.publish(result)
        results.append(result)
    progress.advance(len(chosen), max(1, len(chosen)), f"Picked {counted(len(chosen), 'station')}")
    return results


def picks_of(results: Iterable[StationResult]) -> list[Pick]:
    """Return the picks of all stations in time order."""
    picks = (pick for result in results for pick in result.picks)
    return sorted(picks, key=lambda pick: (pick.time, pick.channel_id))


def findings(archive: Archive, results: Iterable[StationResult]) -> list[str]:
    """Say, each once, what is odd in files and stations, and why a station has no pick."""
    sentences = [problem.sentence for problem in archive.problems]
    for result in results:
        about = result.reason or " ".join(result.remarks)
        if about:
            sentences.append(about if str(result.station) in about else f"{result.station}: {about}")
    return list(dict.fromkeys(sentences))


def _probabilities(
    picker: Picker, blocks: Iterable[ThreeComponents]
) -> Iterator[tuple[_Stretch, NDArray[np.float32], bool]]:
    """(stretch, its next probabilities, whether they are its last) through all blocks."""
    stretch: _Stretch | None = None
    for block in blocks:
        if stretch is not None and not stretch.continues_with(block):
            yield stretch, stretch.stitcher.finish(), True
            stretch = None
        if stretch is None:
            stretch = _Stretch(block.start, picker.sampling_rate, block.candidates, Stitcher(picker))
        for piece in stretch.receive(block):
            yield stretch, piece, False
    if stretch is not None:
        yield stretch, stretch.stitcher.finish(), True


def _span(
    begin: UTCDateTime, sampling_rate: float, count: int, start: UTCDateTime | None, end: UTCDateTime | None
) -> tuple[int, int]:
    """First and last place (excluded) of ``count`` samples from ``begin`` on that lie from ``start`` to ``end``."""
    first = max(0, int(np.ceil((start - begin) * sampling_rate - 1e-3))) if start else 0
    stop = min(count, int(np.floor((end - begin) * sampling_rate + 1e-3)) + 1) if end else count
    return min(first, count), max(stop, min(first, count))


def _each_once(picks: Iterable[Pick]) -> list[Pick]:
    """In time order; of picks of one phase that two sensors share a channel for, the most probable."""
    kept: list[Pick] = []
    for pick in sorted(picks, key=lambda pick: -(pick.probability or 0)):
        if not any(
            other.channel_id == pick.channel_id
            and other.phase == pick.phase
            and abs(other.time - pick.time) < MIN_SEPARATION
            for other in kept
        ):
            kept.append(pick)
    return sorted(kept, key=lambda pick: pick.time)


def _duration(
    archive: Archive, channels: Iterable[ChannelId], start: UTCDateTime | None, end: UTCDateTime | None
) -> float:
    """Seconds between the first and last sample of the channels, within ``start`` and ``end``."""
    segments = [segment for channel in channels for segment in archive.segments(channel)]
    first = max(min(segment.start for segment in segments), start or UTCDateTime(0))
    last = max(segment.end for segment in segments)
    return max(min(last, end) - first if end else last - first, 0.0)


def _why_no_pick(remarks: Iterable[str], annotated: int, highest: NDArray[np.floating], thresholds: Thresholds) -> str:
    """What is wrong with the data comes before what the model made of them."""
    if not annotated:
        return "There is no data in the chosen time."
    text = (
        f"No probability reached its threshold: the highest P was {highest[0]:.2f} (threshold {thresholds.p:.2f}), "
        f"the highest S {highest[1]:.2f} (threshold {thresholds.s:.2f})."
    )
    return " ".join([*remarks, text])
