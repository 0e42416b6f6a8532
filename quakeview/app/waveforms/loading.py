"""The records on the screen: read and filtered in the background, those in view first."""

from collections.abc import Hashable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from quakeview.app.waveforms.reading import Records, read_records
from quakeview.app.work.running import JobRunner, RunningJob
from quakeview.jobs import Job
from quakeview.stations.motion import Motion
from quakeview.texts import counted
from quakeview.waveforms.archive import Archive, Segment
from quakeview.waveforms.channels import ChannelId
from quakeview.waveforms.filters import Filter


class RecordLoader(QObject):
    """Keeps the records of the channels that are shown as they should be.

    Signals:
        loaded: channel id and its records.
        failed: channel id and a sentence.
        finished: everything has been read.
    """

    loaded = Signal(object, object)  # ChannelId, Records
    failed = Signal(object, str)  # ChannelId, sentence
    finished = Signal()

    def __init__(self, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self.records: dict[ChannelId, Records] = {}
        self._runner = runner
        self._segments: dict[ChannelId, tuple[Segment, ...]] = {}
        self._keys: dict[ChannelId, Hashable] = {}  # of the motion with which they were read
        self._job: RunningJob | None = None

    def load(self, archive: Archive, channels: Sequence[ChannelId], filter: Filter, motion: Motion) -> None:
        """Read, convert or filter what is not yet as it should be, in this order; stops a run under way."""
        self.stop()
        segments = {channel_id: archive.segments(channel_id) for channel_id in channels}
        keys = {channel_id: motion.key(channel_id) for channel_id in channels}
        current = {
            c: r
            for c, r in self.records.items()
            if self._segments.get(c) == segments.get(c) and self._keys.get(c) == keys.get(c)
        }
        wanted = [c for c in channels if c not in current or not is_filtered(current[c], filter)]
        self._segments, self._keys = segments, keys
        self.records = current
        if not wanted:
            return
        verb = "Filtering" if all(channel_id in current for channel_id in wanted) else "Reading"
        work = partial(read_records, archive, wanted, dict(current), filter, motion)
        job = self._runner.start(Job(f"{verb} {counted(len(wanted), 'channel')}", work))
        job.published.connect(lambda found: self._take(*found) if job is self._job else None)
        job.finished.connect(lambda _: self.finished.emit() if job is self._job else None)
        self._job = job

    def stop(self) -> None:
        """Read no further."""
        if self._job is not None and self._job.active:
            self._job.cancel()
        self._job = None

    def forget(self) -> None:
        """Stop, and hold nothing any more."""
        self.stop()
        self.records, self._segments, self._keys = {}, {}, {}

    def _take(self, channel_id: ChannelId, found: Records | str) -> None:
        if isinstance(found, str):
            self.failed.emit(channel_id, found)
        else:
            self.records[channel_id] = found
            self.loaded.emit(channel_id, found)


def is_filtered(records: Records, filter: Filter) -> bool:
    """Whether records are as a filter makes them, as far as their rate allows it."""
    return bool(records) and records[0].filter == filter.fitted(records[0].sampling_rate)
