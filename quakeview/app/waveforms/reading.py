"""Reading, filtering and indexing of records for the screen. No Qt: this runs on a worker thread."""

import logging
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.stations.motion import Motion
from quakeview.texts import counted
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId
from quakeview.waveforms.display import DisplayRecord, load_display_records, refilter
from quakeview.waveforms.filters import Filter

log = logging.getLogger(__name__)

Records = tuple[DisplayRecord, ...]
"""Of one channel, in time order; gaps of more than an hour separate them."""

_THREADS = max(1, min(4, os.cpu_count() or 1))
_KEEP_UNFILTERED = 150_000_000
"""Samples in all records up to which the unfiltered ones stay in memory beside the filtered (4 bytes each)."""


def read_records(
    archive: Archive,
    channels: Sequence[ChannelId],
    known: dict[ChannelId, Records],
    filter: Filter,
    motion: Motion,
    progress: Progress,
) -> None:
    """Publish ``(channel_id, Records)`` or ``(channel_id, sentence)`` for each channel, in about their order.

    Args:
        filter: records whose rate is too low for a corner have as much of it as they can.
        motion: what is made of the samples before that.
        known: records that only need another filter; emptied, so that the old ones leave the memory.

    Raises:
        Cancelled: through ``progress``.
    """
    samples = sum(segment.npts for channel_id in archive.channels for segment in archive.segments(channel_id))
    keep_raw = samples <= _KEEP_UNFILTERED
    part = progress.silent()

    def read(channel_id: ChannelId) -> Records | str:
        try:
            if old := known.pop(channel_id, None):
                return tuple(refilter(each, filter.fitted(each.sampling_rate), part, archive) for each in old)
            fitted = filter.fitted(min((s.sampling_rate for s in archive.segments(channel_id)), default=np.inf))
            change = motion.change(channel_id, archive)
            records = tuple(load_display_records(archive, channel_id, fitted, part, keep_raw=keep_raw, change=change))
            return records or f"{channel_id} has no samples."
        except QuakeViewError as error:
            return str(error)
        except Cancelled:
            raise
        except Exception:
            log.exception("%s", channel_id)
            return f"{channel_id} could not be prepared for drawing; the log says why."

    progress.advance(0, max(len(channels), 1))
    with ThreadPoolExecutor(_THREADS) as pool:
        waiting = {pool.submit(read, channel_id): channel_id for channel_id in channels}
        try:
            for done, future in enumerate(as_completed(waiting), start=1):
                progress.publish((waiting[future], future.result()))
                progress.advance(done, len(channels), f"{done} of {len(channels)}")
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def in_counts(records: Mapping[ChannelId, Records]) -> list[str]:
    """Say which channels stay in counts although ground motion was asked for, and why; empty if none does."""
    reasons = {c: change.reason for c, found in records.items() if (change := found[0].change) and change.reason}
    if not reasons:
        return []
    stay = counted(len(reasons), "channel has", "channels have")
    return [f"{stay} no usable response and {'stays' if len(reasons) == 1 else 'stay'} in counts.", *reasons.values()]
