"""WIN files of the Japanese networks, second by second, so that seconds that are missing are gaps.

ObsPy's reader joins whatever seconds there are.
"""

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quakeview.waveforms.channels import ChannelId
from quakeview.waveforms.clock import NANOSECONDS
from quakeview.waveforms.recorded import Recorded, possible_times

_DIFFERENCES = {1: "i1", 2: ">i2", 4: ">i4"}


class _Second(NamedTuple):
    """One channel's samples of one second: ``size`` bytes per difference (0 is half a byte) at ``offset``."""

    start: int
    rate: int
    first: int
    size: int
    offset: int


def read_win(path: Path, name: str, samples: bool) -> tuple[list[Recorded], list[str]]:
    """The stretches without gap of each channel, named by its number, and sentences on what is lost.

    Args:
        name: of the file, for the sentences.
        samples: decode them too.
    """
    content = path.read_bytes()
    channels: defaultdict[str, list[_Second]] = defaultdict(list)
    position, damaged = 0, False
    while position + 10 <= len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        start = _time(content[position + 4 : position + 10])
        if length == 0:
            break
        if start is None or length < 10 or position + length > len(content):
            damaged = True
            break
        damaged |= not _add_second(content, position + 10, position + length, start, channels)
        position += length
    remarks = [f"{name} is damaged: a part of it cannot be read; what is readable is open."] if damaged else []
    found = [_recorded(content, number, run, samples) for number, seconds in channels.items() for run in _runs(seconds)]
    return found, remarks


def _time(digits: bytes) -> int | None:
    """Binary-coded year, month, day, hour, minute and second as ns since 1970; of the last hundred years."""
    try:
        year, month, day, hour, minute, second = (int(f"{digit:02x}") for digit in digits)
        for century in (2000, 1900):
            moment = datetime(century + year, month, day, hour, minute, second, tzinfo=UTC)
            start = int(moment.timestamp()) * NANOSECONDS
            if start <= possible_times()[1]:
                return start
    except ValueError:
        pass
    return None


def _add_second(content: bytes, position: int, end: int, start: int, channels: defaultdict[str, list[_Second]]) -> bool:
    """Note where the samples of each channel are; False if the block does not hold what it says."""
    while position + 8 <= end:
        number = content[position : position + 2].hex()
        size, rate = content[position + 2] >> 4, (content[position + 2] & 15) << 8 | content[position + 3]
        first = int.from_bytes(content[position + 4 : position + 8], "big", signed=True)
        n_bytes = rate // 2 if size == 0 else (rate - 1) * size
        if rate == 0 or size > 4 or position + 8 + n_bytes > end:
            return False
        channels[number].append(_Second(start, rate, first, size, position + 8))
        position += 8 + n_bytes
    return position == end


def _runs(seconds: list[_Second]) -> list[list[_Second]]:
    """Seconds that follow each other at one rate."""
    runs: list[list[_Second]] = []
    for second in seconds:
        if runs and second.rate == runs[-1][-1].rate and second.start - runs[-1][-1].start == NANOSECONDS:
            runs[-1].append(second)
        else:
            runs.append([second])
    return runs


def _recorded(content: bytes, number: str, run: list[_Second], samples: bool) -> Recorded:
    rate = float(run[0].rate)
    data = np.concatenate([_decode(content, second) for second in run]) if samples else None
    return Recorded(ChannelId("", "", "", number), run[0].start, rate, len(run) * run[0].rate, rate, data)


def _decode(content: bytes, second: _Second) -> NDArray[np.int32]:
    n = second.rate - 1
    if second.size == 0:
        packed = np.frombuffer(content, np.uint8, second.rate // 2, second.offset).astype(np.int32)
        nibbles = np.stack([packed >> 4, packed & 15], axis=1).ravel()[:n]
        differences = np.where(nibbles > 7, nibbles - 16, nibbles)
    elif second.size == 3:
        packed = np.frombuffer(content, np.uint8, 3 * n, second.offset).reshape(n, 3).astype(np.int32)
        differences = (packed[:, 0] << 24 | packed[:, 1] << 16 | packed[:, 2] << 8) >> 8
    else:
        differences = np.frombuffer(content, _DIFFERENCES[second.size], n, second.offset)
    return np.cumsum(np.append(second.first, differences), dtype=np.int64).astype(np.int32)
