"""MiniSEED 3, record by record, with EarthScope's own library."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from quakeview.texts import counted
from quakeview.waveforms.channels import ChannelId
from quakeview.waveforms.clock import stretches
from quakeview.waveforms.recorded import Recorded, channel_id, possible_times

_BEGINS = re.compile(rb"MS\x03")
_HEADER = 40


def is_miniseed3(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(3) == b"MS\x03"


def read_miniseed3(path: Path, name: str, samples: bool) -> tuple[list[Recorded], list[str]]:
    """The stretches without gap of each channel, and sentences on what is lost.

    Args:
        name: of the file, for the sentences.
        samples: decode them too.
    """
    content = path.read_bytes()
    channels: defaultdict[tuple[str, int], list[Any]] = defaultdict(list)
    position = bad = impossible = 0
    first, last = possible_times()
    while position < len(content):
        record = _parse(content[position : position + _length(content[position : position + _HEADER])], samples)
        if record is None:
            bad += 1
            following = _BEGINS.search(content, position + 1)
            position = following.start() if following else len(content)
            continue
        position += record.reclen
        if not first <= record.starttime <= last:
            impossible += 1
        elif record.samplecnt > 0 and record.samprate > 0 and record.encoding != 0:
            channels[record.sourceid, record.pubversion].append(record)
    remarks = []
    if bad:
        remarks.append(f"{name} is damaged: {counted(bad, 'record')} cannot be read; the rest is open.")
    if impossible:
        verb = "is" if impossible == 1 else "are"
        what = f"{counted(impossible, 'record')} {verb} left out"
        remarks.append(f"{name}: {what} because the date cannot be right.")
    found = [each for (source, _), records in channels.items() for each in _recorded(source, records, samples)]
    return found, remarks


def _length(header: bytes) -> int:
    """Of a record with its fixed header, identifier, extra headers and samples."""
    identifier, extra, data = header[33:34], header[34:36], header[36:40]
    return _HEADER + sum(int.from_bytes(part, "little") for part in (identifier, extra, data))


def _parse(content: bytes, samples: bool) -> Any:
    """The record at the beginning, or None if it is damaged."""
    from pymseed import MiniSEEDError, MS3Record

    try:
        return MS3Record.parse(content, unpack_data=samples, validate_crc=True)
    except (MiniSEEDError, ValueError):
        return None


def _codes(source: str) -> ChannelId:
    """From an FDSN source identifier."""
    from pymseed import sourceid2nslc

    try:
        return channel_id(*sourceid2nslc(source))
    except ValueError:
        return channel_id("", source.removeprefix("FDSN:"), "", "")


def _recorded(source: str, records: list[Any], samples: bool) -> list[Recorded]:
    codes = _codes(source)
    starts = np.array([record.starttime for record in records], np.int64)
    npts = np.array([record.samplecnt for record in records], np.int64)
    rates = np.array([record.samprate for record in records], float)
    found = []
    for a, b, start, rate in stretches(starts, npts, rates):
        data = np.concatenate([record.np_datasamples for record in records[a:b]]) if samples else None
        found.append(Recorded(codes, start, rate, int(npts[a:b].sum()), float(rates[a]), data))
    return found
