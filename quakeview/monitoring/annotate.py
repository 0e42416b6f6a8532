"""From records of any length to picks: stream, annotate, find onsets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.monitoring.peaks import Thresholds, find_onsets
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.monitoring.stitching import Stitcher
from quakeview.registry import find_model
from quakeview.texts import counted
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.assembly import ThreeComponents, describe_problems, three_component_blocks
from quakeview.waveforms.channels import ChannelId, Station

if TYPE_CHECKING:
    from quakeview.monitoring.picker import Picker

_QUIET = 0.05
"""Where both probabilities are below this, a curve may be cut without cutting a peak."""


@dataclass(frozen=True)
class Curves:
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
        curves: probability curves, one per stretch of data.
    """

    station: Station
    picks: tuple[Pick, ...]
    reason: str | None
    curves: tuple[Curves, ...] = ()


@dataclass
class _Stretch:
    """Probabilities of contiguous data: whole (as float16) for display, and the end that is still to be searched."""

    start: UTCDateTime
    sampling_rate: float
    channels: tuple[ChannelId | None, ...]
    stitcher: Stitcher
    received: int = 0
    searched: int = 0
    tail: NDArray[np.float32] = field(default_factory=lambda: np.zeros((2, 0), np.float32))
    parts: list[NDArray[np.float16]] = field(default_factory=list)

    def continues_with(self, block: ThreeComponents) -> bool:
        gap = block.start - (self.start + self.received / self.sampling_rate)
        return abs(gap) * self.sampling_rate < 0.5 and block.channels == self.channels

    def extend(self, probabilities: NDArray[np.float32]) -> None:
        self.tail = np.concatenate([self.tail, probabilities], axis=1)
        self.parts.append(probabilities.astype(np.float16))

    def search(self, thresholds: Thresholds, picker: "Picker", *, to_end: bool = False) -> Iterator[Pick]:
        """Picks of the tail up to its last quiet sample (or its end); the rest waits for more."""
        quiet = np.flatnonzero(self.tail.max(axis=0) < _QUIET)
        cut = self.tail.shape[1] if to_end else (int(quiet[-1]) if len(quiet) else 0)
        z, n, e = self.channels
        channel_of = {"P": z or n or e, "S": n or e or z}
        for phase, threshold, curve in zip("PS", (thresholds.p, thresholds.s), self.tail[:, :cut], strict=True):
            channel_id = channel_of[phase]
            assert channel_id is not None
            for onset in find_onsets(curve, threshold, self.sampling_rate):
                time = self.start + (self.searched + onset.sample) / self.sampling_rate
                yield Pick(
                    channel_id,
                    phase,
                    time,
                    PickStatus.AUTOMATIC,
                    round(onset.probability, 4),
                    lower_uncertainty=picker.uncertainty[phase],
                    upper_uncertainty=picker.uncertainty[phase],
                    model=picker.name,
                )
        self.tail = self.tail[:, cut:]
        self.searched += cut

    def curves(self) -> Curves:
        p, s = np.concatenate(self.parts, axis=1)
        return Curves(self.start, self.sampling_rate, p, s)


def annotate_station(
    picker: "Picker",
    archive: Archive,
    station: Station,
    thresholds: Thresholds = Thresholds(),
    *,
    start: UTCDateTime | None = None,
    end: UTCDateTime | None = None,
    keep_curves: bool = True,
    progress: Progress = Progress(),
) -> StationResult:
    """Pick one instrument's record, all of it or from ``start`` to ``end``.

    Args:
        keep_curves: keep the probability curves (4 bytes per sample of the picker's rate).

    Raises:
        Cancelled: at the next batch after ``progress.cancel()``.
    """
    seconds = _duration(archive, archive.stations[station].values(), start, end)
    picks: list[Pick] = []
    curves: list[Curves] = []
    highest = np.zeros(2)
    annotated = 0
    blocks = three_component_blocks(archive, station, picker.sampling_rate, start=start, end=end)
    for stretch, probabilities, last in _probabilities(picker, blocks):
        stretch.extend(probabilities)
        picks += stretch.search(thresholds, picker, to_end=last)
        highest = np.maximum(highest, probabilities.max(axis=1, initial=0))
        annotated += probabilities.shape[1]
        progress.advance(min(annotated / picker.sampling_rate, seconds), seconds, str(station))
        if last and keep_curves:
            curves.append(stretch.curves())
        if not keep_curves:
            stretch.parts.clear()
    reason = None if picks else _why_no_pick(archive, station, annotated, highest, thresholds)
    return StationResult(station, tuple(sorted(picks, key=lambda pick: pick.time)), reason, tuple(curves))


def pick_archive(
    archive: Archive,
    model_name: str,
    p_threshold: float = 0.3,
    s_threshold: float = 0.3,
    device: str = "auto",
    stations: Iterable[Station] | None = None,
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
    from quakeview.monitoring.picker import Picker

    chosen = list(archive.stations) if stations is None else list(stations)
    progress.advance(0, max(1, len(chosen)), f"Loading {model_name}")
    picker = Picker(find_model(model_name), device, progress)
    results = []
    for index, station in enumerate(chosen):
        share = _Share(progress, index, len(chosen))
        try:
            result = annotate_station(
                picker,
                archive,
                station,
                Thresholds(p_threshold, s_threshold),
                start=start,
                end=end,
                keep_curves=keep_curves,
                progress=share,
            )
        except QuakeViewError as error:  # of this station's data; the others are picked all the same
            result = StationResult(station, (), str(error))
        progress.publish(result)
        results.append(result)
    progress.advance(len(chosen), max(1, len(chosen)), f"Picked {counted(len(chosen), 'station')}")
    return results


class _Share(Progress):
    """One station's part of the progress of all."""

    def __init__(self, whole: Progress, index: int, count: int) -> None:
        super().__init__()
        self._whole, self._index, self._count = whole, index, count

    def advance(self, done: float, total: float, message: str = "") -> None:
        fraction = done / total if total else 1.0
        text = f"{message} ({self._index + 1} of {self._count})"
        self._whole.advance(self._index + fraction, self._count, text)


def _probabilities(
    picker: "Picker", blocks: Iterable[ThreeComponents]
) -> Iterator[tuple[_Stretch, NDArray[np.float32], bool]]:
    """(stretch, its next probabilities, whether they are its last) through all blocks."""
    stretch: _Stretch | None = None
    for block in blocks:
        if stretch is not None and not stretch.continues_with(block):
            yield stretch, stretch.stitcher.finish(), True
            stretch = None
        if stretch is None:
            stretch = _Stretch(block.start, picker.sampling_rate, block.channels, Stitcher(picker))
        for piece in stretch.stitcher.add(block.data, block.valid):
            yield stretch, piece, False
        stretch.received += block.data.shape[1]
    if stretch is not None:
        yield stretch, stretch.stitcher.finish(), True


def _duration(
    archive: Archive, channels: Iterable[ChannelId], start: UTCDateTime | None, end: UTCDateTime | None
) -> float:
    """Seconds between the first and last sample of the channels, within ``start`` and ``end``."""
    segments = [segment for channel in channels for segment in archive.segments(channel)]
    first = max(min(segment.start for segment in segments), start or UTCDateTime(0))
    last = max(segment.end for segment in segments)
    return max(min(last, end) - first if end else last - first, 0.0)


def _why_no_pick(
    archive: Archive, station: Station, annotated: int, highest: NDArray[np.floating], thresholds: Thresholds
) -> str:
    problems = describe_problems(archive, station)
    if not annotated:
        return problems[0] if problems else "There is no data in the chosen time."
    text = (
        f"No probability reached its threshold: the highest P was {highest[0]:.2f} (threshold {thresholds.p:.2f}), "
        f"the highest S {highest[1]:.2f} (threshold {thresholds.s:.2f})."
    )
    return " ".join([text, *problems])
