"""MiniSEED 2 and the data records of full SEED, record by record: one bad record costs one record.

The headers are read here, all at once with NumPy (SEED manual 2.4, chapter 8), because ObsPy's reader gives up on a
file at its first impossible time and does not give the times of the records. It decodes the samples.
"""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from obspy.io.mseed.core import _read_mseed

from quakeview.waveforms.channels import ChannelId
from quakeview.waveforms.clock import NANOSECONDS, sample_time, stretches
from quakeview.waveforms.recorded import Recorded, channel_id, possible_times

_HEADER = 48
_NEXT_HEADER = re.compile(rb"[0-9 \0]{6}[DRQMVAST][ \0*]")
_CONTROL = b"VAST"
_MAX_BLOCKETTES = 20
_MAX_ROWS = 2**14
_TEXT = 0
_UNKNOWN = 255
_MAX_HEADER = 512
_MAX_SAMPLES_PER_BYTE = 2  # Steim2 packs seven in four bytes
_PROBED = 20
_FEW = 10
_MOST = 0.9
_NEAR = 31 * 86400 * NANOSECONDS
_FAR = 365 * 86400 * NANOSECONDS


@dataclass(frozen=True, eq=False)
class _Headers:
    """One row per record. ``source`` are its quality and codes; ``start`` in ns since 1970, 0 if not ``dated``."""

    offset: NDArray[np.int64]
    length: NDArray[np.int64]
    source: NDArray[np.bytes_]
    start: NDArray[np.int64]
    dated: NDArray[np.bool_]
    year: NDArray[np.int64]
    npts: NDArray[np.int64]
    rate: NDArray[np.float64]
    encoding: NDArray[np.uint8]

    def __getitem__(self, rows: NDArray[Any] | slice) -> "_Headers":
        return _Headers(**{name: values[rows] for name, values in vars(self).items()})


@dataclass(frozen=True)
class _Channel:
    """Rows ``first`` to ``last`` (excluded) of the records are of this channel."""

    channel_id: ChannelId
    quality: str
    first: int
    last: int


def is_miniseed(path: Path, within: int = 2**16) -> bool:
    """Does a data record begin in the first bytes of the file?"""
    with path.open("rb") as file:
        data = np.frombuffer(file.read(within + _MAX_HEADER), np.uint8)
    position = 0
    while position < min(within, len(data)):
        if _record_length(data, position) is not None:
            return True
        position = _next_header(data, position + 1)
    return False


class MiniSeedFile:
    """The records of a file by channel and on the time axes that their own times give (``clock.stretches``).

    Attributes:
        name: of the file, for the person.
        remarks: sentences on what is left out.
    """

    def __init__(self, path: Path, name: str) -> None:
        """Read the headers of a file called ``name`` for the person.

        Raises:
            OSError: if the file cannot be read.
        """
        self._path, self.name = path, name
        self.remarks: list[str] = []
        headers = self._scan()
        headers = headers[(headers.npts > 0) & (headers.rate > 0) & (headers.encoding != _TEXT)]
        headers = headers[self._honest(headers)]
        headers = headers[np.argsort(headers.source, kind="stable")]
        self._headers = headers[self._possible(headers)]
        self._channels: list[_Channel] = []
        self._stretch = np.zeros(len(self._headers.start), np.int64)
        self._first_sample = np.zeros(len(self._headers.start), np.int64)  # of each record in its stretch
        self._stretch_start: list[int] = []
        self._stretch_rate: list[float] = []
        self._lay_out()

    def headers(self) -> list[Recorded]:
        """Each channel, stretch by stretch, without samples."""
        return [self._recorded(channel, *rows, None) for channel in self._channels for rows in self._runs(channel)]

    def read(
        self, start: int | None = None, end: int | None = None, channel: ChannelId | None = None
    ) -> tuple[list[Recorded], list[str]]:
        """The records that have samples from ``start`` to ``end`` (ns), and what was lost of them in sentences.

        Must be called under ``OBSPY_LOCK``.
        """
        found: list[Recorded] = []
        lost = doubtful = 0
        content = np.memmap(self._path, np.uint8, "r")
        for each in self._channels:
            if channel is not None and each.channel_id != channel:
                continue
            rows, data, bad, wrong = self._decode(content, self._in_window(each, start, end))
            lost, doubtful = lost + bad, doubtful + wrong
            first_samples = np.append(0, np.cumsum(self._headers.npts[rows]))
            breaks = self._breaks(rows).tolist()
            for a, b in zip([0, *breaks], [*breaks, len(rows)], strict=True):
                if b > a:
                    samples = data[first_samples[a] : first_samples[b]]
                    found.append(self._recorded(each, int(rows[a]), int(rows[b - 1]) + 1, samples))
        return found, _decoding_losses(self.name, lost, doubtful)

    def _scan(self) -> _Headers:
        """All data records, in the order of the file; what else there is of it is remarked."""
        data = np.memmap(self._path, np.uint8, "r").view(np.ndarray)  # a cut of which costs a third
        parts: list[_Headers] = []
        foreign = truncated = False
        position, rows = 0, 1
        while position < len(data):
            length = _record_length(data, position)
            if length is None:
                following = _next_header(data, position + 1)
                between = data[position:following]
                if following == len(data) and len(between) < _HEADER:
                    truncated = True
                else:
                    foreign |= not _is_expected(between)
                position, rows = following, 1
            elif position + length > len(data):
                truncated, position = True, len(data)
            else:
                count = min(rows, (len(data) - position) // length)
                parts.append(_parse(data[position : position + count * length].reshape(count, length), position))
                found = len(parts[-1].offset)
                position += found * length
                rows = min(2 * rows, _MAX_ROWS) if found == count else 1
        if truncated:
            last = "its last record is incomplete; everything before it is open"
            self.remarks.append(f"{self.name} is truncated: {last}.")
        if foreign:
            self.remarks.append(f"{self.name} is damaged: a part of it is no MiniSEED; what is readable is open.")
        parts = parts or [_parse(np.zeros((0, _HEADER), np.uint8), 0)]
        return _Headers(**{name: np.concatenate([vars(part)[name] for part in parts]) for name in vars(parts[0])})

    def _honest(self, headers: _Headers) -> NDArray[np.bool_]:
        """Which records can hold as many samples as they say; the others are remarked."""
        good = headers.npts <= _MAX_SAMPLES_PER_BYTE * headers.length
        if n := int((~good).sum()):
            what = "1 record promises" if n == 1 else f"{n} records promise"
            self.remarks.append(
                f"{self.name} is damaged: {what} more samples than a record can hold; the rest is open."
            )
        return good

    def _possible(self, headers: _Headers) -> NDArray[np.bool_]:
        """Which records have times that can be right; the others are remarked.

        Impossible are the future, the time before there were seismograms, and what is a year or more away from a
        channel that otherwise fills a month.
        """
        first, last = possible_times()
        good = headers.dated & (headers.start >= first) & (headers.start <= last)
        for a, b in _groups(headers.source):
            own = np.flatnonzero(good[a:b]) + a
            if len(own) >= _FEW:
                away = np.abs(headers.start[own] - int(np.median(headers.start[own])))
                if (away <= _NEAR).mean() >= _MOST:
                    good[own[away > _FAR]] = False
        if not good.all():
            years = ", ".join(str(year) for year in np.unique(headers.year[~good])[:5])
            n = int((~good).sum())
            what = "1 record is" if n == 1 else f"{n} records are"
            self.remarks.append(f"{self.name}: {what} left out because the date cannot be right (year {years}).")
        return good

    def _lay_out(self) -> None:
        """Sort the records into channels and stretches."""
        headers = self._headers
        for first, last in _groups(headers.source):
            text = bytes(headers.source[first]).decode("latin-1").replace("\0", " ").ljust(13)
            codes = channel_id(text[11:13], text[1:6], text[6:8], text[8:11])
            self._channels.append(_Channel(codes, text[0], first, last))
            samples = np.append(0, np.cumsum(headers.npts[first:last]))
            for a, b, start, rate in stretches(
                headers.start[first:last], headers.npts[first:last], headers.rate[first:last]
            ):
                self._stretch[first + a : first + b] = len(self._stretch_start)
                self._first_sample[first + a : first + b] = samples[a:b] - samples[a]
                self._stretch_start.append(start)
                self._stretch_rate.append(rate)

    def _runs(self, channel: _Channel) -> Iterator[tuple[int, int]]:
        breaks = (self._breaks(np.arange(channel.first, channel.last)) + channel.first).tolist()
        yield from zip([channel.first, *breaks], [*breaks, channel.last], strict=True)

    def _breaks(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where in ``rows`` a record does not go on where the one before ends."""
        stretch = self._stretch[rows]
        return np.flatnonzero((np.diff(rows) > 1) | (np.diff(stretch) != 0)) + 1

    def _recorded(self, channel: _Channel, first: int, last: int, data: NDArray[Any] | None) -> Recorded:
        stretch = self._stretch[first]
        rate = self._stretch_rate[stretch]
        start = sample_time(self._stretch_start[stretch], rate, int(self._first_sample[first]))
        npts = int(self._headers.npts[first:last].sum())
        nominal = float(self._headers.rate[first])
        return Recorded(channel.channel_id, start, rate, npts, nominal, data, channel.quality)

    def _in_window(self, channel: _Channel, start: int | None, end: int | None) -> NDArray[np.int64]:
        rows = np.arange(channel.first, channel.last)
        if start is None and end is None:
            return rows
        rates = np.array(self._stretch_rate)[self._stretch[rows]]
        begins = np.array(self._stretch_start)[self._stretch[rows]] + self._first_sample[rows] / rates * NANOSECONDS
        ends = begins + self._headers.npts[rows] / rates * NANOSECONDS
        inside = np.ones(len(rows), bool)
        if start is not None:
            inside &= ends >= start
        if end is not None:
            inside &= begins <= end
        return rows[inside]

    def _decode(
        self, content: NDArray[np.uint8], rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[Any], int, int]:
        """The rows that can be decoded and their samples one after the other, how many cannot, and how many fail the
        check of their compression. These are left out, unless it is most of them: some recorders write it wrongly.
        """
        if self._mostly_fail_the_check(content, rows):
            data, _ = self._samples(content, rows)
            if data is not None:
                return rows, data, 0, len(rows)
        good: list[tuple[NDArray[np.int64], NDArray[Any]]] = []
        lost = doubtful = 0
        pending = [rows] if len(rows) else []
        while pending:
            part = pending.pop()
            data, checked = self._samples(content, part)
            if data is not None and checked:
                good.append((part, data))
            elif len(part) == 1:
                lost, doubtful = lost + (data is None), doubtful + (data is not None)
            else:
                pending += [part[len(part) // 2 :], part[: len(part) // 2]]
        if not good:
            return rows[:0], np.empty(0), lost, doubtful
        kept, parts = zip(*good, strict=True)
        return np.concatenate(kept), parts[0] if len(parts) == 1 else np.concatenate(parts), lost, doubtful

    def _mostly_fail_the_check(self, content: NDArray[np.uint8], rows: NDArray[np.int64]) -> bool:
        """Of some of the records."""
        some = rows[:: len(rows) // _PROBED + 1]
        if not len(some) or self._samples(content, some)[1]:
            return False
        each = [self._samples(content, some[k : k + 1]) for k in range(len(some))]
        return sum(data is not None and not checked for data, checked in each) > len(some) / 2

    def _samples(self, content: NDArray[np.uint8], rows: NDArray[np.int64]) -> tuple[NDArray[Any] | None, bool]:
        """The samples of the records one after the other, or None; and whether their compression is consistent."""
        offset, length = self._headers.offset[rows], self._headers.length[rows]
        breaks = np.flatnonzero(offset[1:] != offset[:-1] + length[:-1]) + 1
        firsts, lasts = offset[np.append(0, breaks)], (offset + length)[np.append(breaks - 1, len(rows) - 1)]
        packed = b"".join(content[a:b].data for a, b in zip(firsts.tolist(), lasts.tolist(), strict=True))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                traces = _read_mseed(BytesIO(packed)).traces
            except Exception:  # libmseed's, of many kinds
                return None, False
        parts = [trace.data for trace in traces]
        if sum(map(len, parts)) != self._headers.npts[rows].sum() or any(part.dtype.kind not in "if" for part in parts):
            return None, False
        checked = not any("integrity check" in str(warning.message) for warning in caught)
        return parts[0] if len(parts) == 1 else np.concatenate(parts), checked


def _groups(source: NDArray[np.bytes_]) -> list[tuple[int, int]]:
    """First and last row (excluded) of each source in sorted rows."""
    edges = (np.flatnonzero(source[1:] != source[:-1]) + 1).tolist()
    return list(zip([0, *edges], [*edges, len(source)], strict=True)) if len(source) else []


def _decoding_losses(name: str, lost: int, doubtful: int) -> list[str]:
    losses = []
    if lost:
        what = "1 record is a gap" if lost == 1 else f"{lost} records are gaps"
        losses.append(f"{name} is damaged: {what} because decoding fails; the rest is open.")
    if doubtful:
        what = "1 record fails" if doubtful == 1 else f"{doubtful} records fail"
        losses.append(f"{name} is damaged: {what} the integrity check of the compression.")
    return losses


def _are_headers(table: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which rows of (n, >= 48) bytes begin as a data record does."""
    head = table[:, :28]
    sequence = head[:, :6]
    good = (((sequence >= ord("0")) & (sequence <= ord("9"))) | (sequence == ord(" ")) | (sequence == 0)).all(axis=1)
    good &= np.isin(head[:, 6], list(b"DRQM")) & ((head[:, 7] == ord(" ")) | (head[:, 7] == 0))
    codes = head[:, 8:20]
    good &= (((codes >= 32) & (codes < 127)) | (codes == 0)).all(axis=1)
    return good & (head[:, 24] < 24) & (head[:, 25] < 60) & (head[:, 26] <= 60)


def _record_length(data: NDArray[np.uint8], position: int) -> int | None:
    """Bytes of the data record that begins at ``position``; None if none does."""
    head = data[position : position + _MAX_HEADER].reshape(1, -1)
    if head.shape[1] < _HEADER or not _are_headers(head)[0]:
        return None
    if exponent := int(_blockettes(head, _little_endian(head)).exponent[0]):
        return 2**exponent
    length = _next_header(data, position + _HEADER) - position
    return length if length.bit_count() == 1 else None


def _next_header(data: NDArray[np.uint8], position: int) -> int:
    """Where the next data or control record begins; the end if there is none."""
    for match in _NEXT_HEADER.finditer(data.data, position):
        start, found = match.start(), match.group()
        if found[6] in _CONTROL:
            if found[:6].isdigit():
                return start
        elif start + _HEADER <= len(data) and _are_headers(data[start : start + _HEADER].reshape(1, -1))[0]:
            return start
    return len(data)


def _is_expected(between: NDArray[np.uint8]) -> bool:
    """Is what lies between two data records a control record of full SEED, or filling?"""
    if between[:6].tobytes().isdigit() and between[6:7].tobytes() in (b"V", b"A", b"S", b"T"):
        return True
    return bool(np.isin(between, (0, ord(" "))).all())


@dataclass(frozen=True, eq=False)
class _Blockettes:
    exponent: NDArray[np.uint8]
    encoding: NDArray[np.uint8]
    rate: NDArray[np.float64]  # NaN where there is none
    microseconds: NDArray[np.int64]


def _little_endian(table: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The byte order of each header, from what its numbers can be."""
    head = np.ascontiguousarray(table[:, :_HEADER])

    def plausible(order: str) -> NDArray[np.int64]:
        year, day = (head.view(f"{order}u2")[:, column] for column in (10, 11))
        data, blockette = (head.view(f"{order}u2")[:, column] for column in (22, 23))
        length = max(table.shape[1], 4096)
        good = ((day >= 1) & (day <= 366)).astype(np.int64) + ((year >= 1900) & (year <= 2100))
        return good + ((blockette >= _HEADER) & (blockette < length)) + ((data >= _HEADER) & (data <= length))

    return plausible("<") > plausible(">")


def _blockettes(table: NDArray[np.uint8], little: NDArray[np.bool_]) -> _Blockettes:
    """Follow the chains of blockettes of (n, length) bytes of records, all at once."""
    n, length = table.shape
    found = _Blockettes(
        np.zeros(n, np.uint8), np.full(n, _UNKNOWN, np.uint8), np.full(n, np.nan), np.zeros(n, np.int64)
    )
    rows = np.arange(n)

    def number(at: NDArray[np.int64], who: NDArray[np.int64]) -> NDArray[np.int64]:
        high, low = table[who, at].astype(np.int64), table[who, at + 1].astype(np.int64)
        return np.where(little[who], low * 256 + high, high * 256 + low)

    place = number(np.full(n, 46), rows)
    for _ in range(_MAX_BLOCKETTES):
        inside = (place >= _HEADER) & (place + 8 <= length)
        rows, place = rows[inside], place[inside]
        if not len(rows):
            break
        kind = number(place, rows)
        who, at = rows[kind == 1000], place[kind == 1000]
        found.encoding[who], found.exponent[who] = table[who, at + 4], table[who, at + 6]
        who, at = rows[kind == 1001], place[kind == 1001]
        found.microseconds[who] = table[who, at + 5].astype(np.int8)
        who, at = rows[kind == 100], place[kind == 100]
        values = np.stack([table[who, at + 4 + k] for k in range(4)], axis=-1)
        found.rate[who] = np.where(little[who], values.view("<f4")[:, 0], values.view(">f4")[:, 0])
        following = number(place + 2, rows)
        place = np.where(following > place, following, 0)
    found.exponent[(found.exponent < 7) | (found.exponent > 20)] = 0
    return found


def _parse(table: NDArray[np.uint8], position: int) -> _Headers:
    """Headers of (n, length) bytes of records at ``position``, up to the first row that is none of this length."""
    good = _are_headers(table)
    table = table[: int(good.argmin()) if not good.all() else len(good)]
    length = table.shape[1]
    little = _little_endian(table)
    blockettes = _blockettes(table, little)
    fits = (blockettes.exponent == 0) | (2 ** blockettes.exponent.astype(np.int64) == length)
    count = int(fits.argmin()) if not fits.all() else len(fits)
    table, little = table[:count], little[:count]
    head = np.ascontiguousarray(table[:, :_HEADER])

    def field(kind: str, at: int) -> NDArray[np.int64]:
        size = int(kind[1])
        raw = np.ascontiguousarray(head[:, at : at + size])
        return np.where(little, raw.view("<" + kind)[:, 0], raw.view(">" + kind)[:, 0]).astype(np.int64)

    year, day = field("u2", 20), field("u2", 22)
    dated = (year >= 1900) & (year <= 2200) & (day >= 1) & (day <= 366)
    days = (np.where(dated, year, 1970) - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    seconds = (
        (days + day - 1) * 86400 + head[:, 24].astype(np.int64) * 3600 + head[:, 25].astype(np.int64) * 60 + head[:, 26]
    )
    correction = np.where(head[:, 36] & 2, 0, field("i4", 40))
    start = seconds * NANOSECONDS + (field("u2", 28) + correction) * 100_000 + blockettes.microseconds[:count] * 1000
    nominal = _rate(field("i2", 32), field("i2", 34))
    exact = blockettes.rate[:count]
    rate = np.where(np.isfinite(exact) & (exact > 0), exact, nominal)
    source = np.ascontiguousarray(head[:, [6, *range(8, 20)]]).view("S13")[:, 0]
    offset = position + length * np.arange(count)
    lengths = np.full(count, length, np.int64)
    encoding = blockettes.encoding[:count]
    return _Headers(offset, lengths, source, np.where(dated, start, 0), dated, year, field("u2", 30), rate, encoding)


def _rate(factor: NDArray[np.int64], multiplier: NDArray[np.int64]) -> NDArray[np.float64]:
    """Negative factors and multipliers divide; 0 where either is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(factor > 0, factor, -1 / factor) * np.where(multiplier > 0, multiplier, -1 / multiplier)
    return np.where((factor != 0) & (multiplier != 0), rate, 0.0)
