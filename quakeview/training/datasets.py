"""Labelled records on disk: SeisBench, STEAD and DiTing layouts, and continuous seismograms with a list of picks.

Every reader gives a ``RecordSet``: the labels of all records in memory, the waveforms read when asked for.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.training.layouts import (
    FIRST_ARRIVALS,
    NOTHING,
    Part,
    Row,
    diting_parts,
    read_rows,
    seisbench_parts,
    stead_parts,
)
from quakeview.training.records import Arrival, LabelledRecord, resampled


@dataclass(frozen=True)
class RecordSet:
    """Records whose waveforms are read on demand, and kept if ``in_memory``.

    Attributes:
        entries: the records without their data, at the rate of the file.
        rows: the metadata row of each record, as text.
        read: waveform of an entry by its index, (3, n) Z, N, E.
        sampling_rate: Hz at which records are given.
    """

    entries: Sequence[LabelledRecord]
    rows: Sequence[Row]
    read: Callable[[int], NDArray[np.float32]] = field(repr=False)
    sampling_rate: float
    in_memory: bool = False
    _kept: dict[int, LabelledRecord] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, index: int) -> LabelledRecord:
        if index in self._kept:
            return self._kept[index]
        if not 0 <= index < len(self.entries):
            raise IndexError(index)
        record = _inside(replace(self.entries[index], data=self.read(index)))
        record = resampled(record, self.sampling_rate)
        if self.in_memory:
            self._kept[index] = record
        return record

    def __iter__(self) -> Iterator[LabelledRecord]:
        return (self[i] for i in range(len(self)))

    def select(self, keep: Callable[[Row, LabelledRecord], bool]) -> "RecordSet":
        """Only the records for which ``keep(row, entry)`` is true."""
        return self.take(
            [i for i, (row, entry) in enumerate(zip(self.rows, self.entries, strict=True)) if keep(row, entry)]
        )

    def take(self, indices: Sequence[int]) -> "RecordSet":
        """Only the records with these indices, in this order."""
        chosen = [int(i) for i in indices]
        read = self.read
        return replace(
            self,
            entries=[self.entries[i] for i in chosen],
            rows=[self.rows[i] for i in chosen],
            read=lambda i: read(chosen[i]),
            _kept={},
        )


def _inside(record: LabelledRecord) -> LabelledRecord:
    """The record without labels that lie outside it; whether the others are right nobody knows then."""
    picks = tuple(pick for pick in record.picks if 0 <= pick.sample < record.data.shape[1])
    return record if len(picks) == len(record.picks) else replace(record, picks=picks, complete=False)


def open_seisbench(folder: Path, sampling_rate: float, in_memory: bool = False) -> RecordSet:
    """A data set in SeisBench layout: ``metadata.csv`` and ``waveforms.hdf5``, or chunks of both.

    A record is complete when it is noise, or both its P and its S were picked. The event is ``event_group``,
    ``source_id`` or the origin time, whichever there is.

    Raises:
        QuakeViewError: if the files are missing or not in this layout.
    """
    return _record_set(seisbench_parts(folder), sampling_rate, in_memory)


def open_stead(csv_path: Path, hdf5_path: Path, sampling_rate: float, in_memory: bool = False) -> RecordSet:
    """STEAD's own files, see ``stead_parts``.

    Raises:
        QuakeViewError: if the files are missing or not in this layout.
    """
    return _record_set(stead_parts(csv_path, hdf5_path), sampling_rate, in_memory)


def open_diting(folder: Path, sampling_rate: float, in_memory: bool = False) -> RecordSet:
    """DiTing's own files, see ``diting_parts``.

    Raises:
        QuakeViewError: if the files are missing or not in this layout.
    """
    return _record_set(diting_parts(folder), sampling_rate, in_memory)


def _record_set(parts: Sequence[Part], sampling_rate: float, in_memory: bool) -> RecordSet:
    tables = [list(part.rows()) for part in parts]
    rows = [row for table in tables for row in table]
    entries = [_named(part, row) for part, table in zip(parts, tables, strict=True) for row in table]
    ends = list(accumulate(map(len, tables)))

    def read(index: int) -> NDArray[np.float32]:
        return parts[bisect_right(ends, index)].waveform(rows[index])

    return RecordSet(entries, rows, read, sampling_rate, in_memory)


def _named(part: Part, row: Row) -> LabelledRecord:
    return replace(part.entry(row), name=f"{row.get(part.columns.name)} of {part.table.parent.name}")


def open_continuous(
    waveforms: Path,
    picks: Path,
    sampling_rate: float,
    min_probability: float = 0.0,
    background: bool = False,
    until: str | None = None,
) -> RecordSet:
    """One long record per station from a folder (or file) ObsPy reads, with picks from a CSV, kept in memory.

    The CSV has the columns ``network,station,phase,time`` and, for machine picks, ``probability...``: picks whose
    largest probability is below ``min_probability`` are doubtful. Stations without picks are left out.

    Args:
        background: what nobody picked is noise (a catalogue checked by hand); otherwise only the picks count.
        until: time (ISO 8601, UTC) from which on the records are kept for testing.

    Raises:
        QuakeViewError: if a file is missing or cannot be read, or ``until`` is not a time.
    """
    from quakeview.training.continuous import read_stations

    by_station: dict[str, list[Row]] = {}
    for row in read_rows(picks):
        by_station.setdefault(f"{row['network']}.{row['station']}", []).append(row)
    records = [
        _with_picks(_until(record, start, until), start, by_station[record.station_id], min_probability, background)
        for record, start in read_stations(waveforms, sampling_rate, set(by_station))
    ]
    return _in_memory(records, waveforms, sampling_rate)


def open_noise(waveforms: Path, sampling_rate: float) -> RecordSet:
    """One long record per station without earthquakes, from a folder (or file) ObsPy reads, kept in memory.

    Raises:
        QuakeViewError: if a file cannot be read.
    """
    from quakeview.training.continuous import read_stations

    return _in_memory([record for record, _ in read_stations(waveforms, sampling_rate)], waveforms, sampling_rate)


# --- continuous records


def _in_memory(records: Sequence[LabelledRecord], waveforms: Path, sampling_rate: float) -> RecordSet:
    entries = [replace(each, data=NOTHING, name=f"{each.station_id} of {waveforms.name}") for each in records]
    return RecordSet(entries, [{} for _ in records], lambda i: records[i].data, sampling_rate)


def _with_picks(
    record: LabelledRecord, start: float, rows: Iterable[Row], min_probability: float, background: bool
) -> LabelledRecord:
    from obspy import UTCDateTime

    sure: list[Arrival] = []
    doubtful: list[Arrival] = []
    for row in rows:
        given = [float(value) for name, value in row.items() if name.startswith("probability") and value]
        arrival = Arrival(row["phase"][0].upper(), (UTCDateTime(row["time"]).timestamp - start) * record.sampling_rate)
        if arrival.phase in FIRST_ARRIVALS and 0 <= arrival.sample < record.data.shape[1]:
            (sure if max(given, default=1.0) >= min_probability else doubtful).append(arrival)
    return replace(record, picks=tuple(sure), doubtful=tuple(doubtful), complete=background)


def _until(record: LabelledRecord, start: float, time: str | None) -> LabelledRecord:
    """The record's part before a time."""
    from obspy import UTCDateTime

    if time is None:
        return record
    try:
        seconds = UTCDateTime(time).timestamp - start
    except (TypeError, ValueError) as error:
        raise QuakeViewError(
            f"'until' in the run file must be a time such as 2019-07-04T17:30:00, not {time!r}."
        ) from error
    return replace(record, data=record.data[:, : max(round(seconds * record.sampling_rate), 0)])
