"""Labelled records on disk: SeisBench, STEAD and DiTing layouts, and continuous seismograms with a list of picks.

Every reader gives a ``RecordSet``: the labels of all records in memory, the waveforms read when asked for.
"""

import csv
import glob
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.monitoring.picks import Polarity
from quakeview.training.records import COMPONENTS, Arrival, LabelledRecord, resampled

Row = dict[str, str]

NOTHING = np.zeros((3, 0), dtype=np.float32)
POLARITIES = {"u": Polarity.UP, "c": Polarity.UP, "+": Polarity.UP, "p": Polarity.UP} | {
    "d": Polarity.DOWN,
    "r": Polarity.DOWN,
    "-": Polarity.DOWN,
    "n": Polarity.UNDECIDABLE,
}
FIRST_ARRIVALS = {"P": ("p", "pg", "pn", "p1"), "S": ("s", "sg", "sn", "s1")}


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
        record = resampled(replace(self.entries[index], data=self.read(index)), self.sampling_rate)
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


def open_seisbench(folder: Path, sampling_rate: float, in_memory: bool = False) -> RecordSet:
    """A data set in SeisBench layout: ``metadata.csv`` and ``waveforms.hdf5``, or chunks of both.

    A record is complete when it is noise, or both its P and its S were picked. The event is ``event_group``,
    ``source_id`` or the origin time, whichever there is.

    Raises:
        QuakeViewError: if the files are missing or not in this layout.
    """
    chunk_list = folder / "chunks"
    chunks = chunk_list.read_text().split() if chunk_list.exists() else [""]
    rows, files, rates = [], [], []
    for chunk in chunks:
        path = folder / f"waveforms{chunk}.hdf5"
        chunk_rows = _read_csv(folder / f"metadata{chunk}.csv")
        layout = _seisbench_layout(path)
        rows += chunk_rows
        files += [(path, layout)] * len(chunk_rows)
        rates += [layout.get("sampling_rate", "")] * len(chunk_rows)
    entries = [_seisbench_entry(row, rate) for row, rate in zip(rows, rates, strict=True)]

    def read(index: int) -> NDArray[np.float32]:
        (path, layout), row = files[index], rows[index]
        name, _, slices = row["trace_name"].partition("$")
        where = tuple(_slice(part) for part in slices.split(",")) if slices else ()
        data = _read_hdf5(path, f"data/{name}", where)
        if layout.get("dimension_order", "CW").replace("N", "") == "WC":
            data = data.T
        return _ordered(data, row.get("trace_component_order") or layout.get("component_order", COMPONENTS))

    return RecordSet(entries, rows, read, sampling_rate, in_memory)


def open_stead(csv_path: Path, hdf5_path: Path, sampling_rate: float, in_memory: bool = False) -> RecordSet:
    """STEAD's own files (Mousavi et al. 2019): 60 s at 100 Hz, ``data/<trace_name>`` of shape (6000, 3), order E, N, Z.

    Raises:
        QuakeViewError: if the files are missing or not in this layout.
    """
    rows = _read_csv(csv_path)
    entries = [_stead_entry(row) for row in rows]

    def read(index: int) -> NDArray[np.float32]:
        return _ordered(_read_hdf5(hdf5_path, f"data/{rows[index]['trace_name']}").T, "ENZ")

    return RecordSet(entries, rows, read, sampling_rate, in_memory)


def open_diting(folder: Path, sampling_rate: float, in_memory: bool = False) -> RecordSet:
    """DiTing's own files (Zhao et al. 2023): tables and HDF5 by part, 50 Hz, ``earthquake/<key>`` (n, 3) Z, N, E.

    Magnitudes other than local are turned into ML by the data set's own relations.

    Raises:
        QuakeViewError: if the files are missing or not in this layout.
    """
    tables = sorted(folder.glob("*.csv"))
    if not tables:
        raise QuakeViewError(f"{folder} holds no DiTing table; choose the folder with the .csv and .hdf5 files.")
    rows, files = [], []
    for table in tables:
        table_rows = [{k: v.strip() for k, v in row.items()} for row in _read_csv(table)]
        rows += table_rows
        files += [_diting_file(folder, table, row) for row in table_rows]
    entries = [_diting_entry(row) for row in rows]

    def read(index: int) -> NDArray[np.float32]:
        whole, _, decimals = rows[index]["key"].partition(".")
        return _ordered(_read_hdf5(files[index], f"earthquake/{whole:0>6}.{decimals:0<4}").T, COMPONENTS)

    return RecordSet(entries, rows, read, sampling_rate, in_memory)


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
    for row in _read_csv(picks):
        by_station.setdefault(f"{row['network']}.{row['station']}", []).append(row)
    records = [
        _with_picks(_until(record, start, until), start, by_station[record.station_id], min_probability, background)
        for record, start in read_stations(waveforms, sampling_rate, set(by_station))
    ]
    return RecordSet(
        [replace(record, data=NOTHING) for record in records],
        [{} for _ in records],
        lambda i: records[i].data,
        sampling_rate,
    )


def open_noise(waveforms: Path, sampling_rate: float) -> RecordSet:
    """One long record per station without earthquakes, from a folder (or file) ObsPy reads, kept in memory.

    Raises:
        QuakeViewError: if a file cannot be read.
    """
    from quakeview.training.continuous import read_stations

    records = [record for record, _ in read_stations(waveforms, sampling_rate)]
    entries = [replace(record, data=NOTHING) for record in records]
    return RecordSet(entries, [{} for _ in records], lambda i: records[i].data, sampling_rate)


# -- the rows of each layout


def _seisbench_entry(row: Row, file_rate: str) -> LabelledRecord:
    rate = _number(row.get("trace_sampling_rate_hz")) or _number(file_rate)
    if rate is None and (step := _number(row.get("trace_dt_s"))):
        rate = 1 / step
    if rate is None:
        raise QuakeViewError(
            f"The sampling rate of {row.get('trace_name')} is not in its metadata; add a column for it."
        )
    picks = _first_arrivals(row)
    oriented = not re.search(r"[123](,|$)", row.get("trace_channel", ""))
    distance = _number(row.get("path_ep_distance_km"))
    return LabelledRecord(
        NOTHING,
        rate,
        picks,
        magnitude=_number(row.get("source_magnitude")),
        epicentral_distance=None if distance is None else 1000 * distance,
        back_azimuth=_number(row.get("path_back_azimuth_deg")) if oriented else None,
        polarity=_polarity(row.get("trace_p_polarity") or row.get("trace_polarity", "")),
        event_id=_first_given(row, "event_group", "source_id", "source_origin_time", "trace_name"),
        station_id=f"{row.get('station_network_code', '')}.{row.get('station_code', '')}",
        complete=len(picks) == 2 or row.get("trace_category") == "noise",
    )


def _stead_entry(row: Row) -> LabelledRecord:
    distance = _number(row.get("source_distance_km"))
    noise = row.get("trace_category") == "noise"
    picks = () if noise else _first_arrivals({f"trace_{p}_arrival_sample": row[f"{p}_arrival_sample"] for p in "ps"})
    return LabelledRecord(
        NOTHING,
        100.0,
        picks,
        magnitude=_number(row.get("source_magnitude")),
        epicentral_distance=None if distance is None else 1000 * distance,
        back_azimuth=_number(row.get("back_azimuth_deg")),
        event_id=_first_given(row, "source_id", "source_origin_time", "trace_name"),
        station_id=f"{row.get('network_code', '')}.{row.get('receiver_code', '')}",
        complete=noise or len(picks) == 2,
    )


def _diting_entry(row: Row) -> LabelledRecord:
    magnitude, kind = _number(row.get("evmag")), row.get("mag_type", "").lower()
    if magnitude is not None and kind == "ms":
        magnitude = (magnitude + 1.08) / 1.13
    elif magnitude is not None and kind == "mb":
        magnitude = (1.17 * magnitude + 0.67) / 1.13
    distance, azimuth = _number(row.get("dis")), _number(row.get("baz"))
    picks = _first_arrivals({f"trace_{p}_arrival_sample": row.get(f"{p}_pick", "") for p in "ps"})
    return LabelledRecord(
        NOTHING,
        50.0,
        picks,
        magnitude=magnitude,
        epicentral_distance=None if distance is None else 1000 * distance,
        back_azimuth=None if azimuth is None else azimuth % 360,
        polarity=_polarity(row.get("p_motion", "")),
        event_id=row["ev_id"],
        station_id=f"{row.get('net', '')}.{row.get('sta_id', '')}",
        complete=len(picks) == 2,
    )


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


def _first_arrivals(row: Row) -> tuple[Arrival, ...]:
    """First P and first S of a row with ``trace_<phase>_arrival_sample`` columns."""
    found = {phase: [] for phase in FIRST_ARRIVALS}  # type: dict[str, list[float]]
    for column, text in row.items():
        match = re.fullmatch(r"trace_(\w+)_arrival_sample", column)
        sample = _number(text) if match else None
        if match and sample is not None and sample >= 0:
            for phase, names in FIRST_ARRIVALS.items():
                if match[1].lower() in names:
                    found[phase].append(sample)
    return tuple(Arrival(phase, min(samples)) for phase, samples in found.items() if samples)


def _polarity(text: str) -> Polarity | None:
    """From ``U``/``D``, ``C``/``R``, ``positive``/``negative``, ``+``/``-``."""
    text = text.strip().lower()
    return Polarity.DOWN if text == "negative" else POLARITIES.get(text[:1])


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "nan")
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _first_given(row: Row, *names: str) -> str:
    return next((row[name] for name in names if row.get(name)), "")


# -- files


def _read_csv(path: Path) -> list[Row]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise QuakeViewError(f"The table {path} cannot be read; check the path in the run file.") from error


def _read_hdf5(path: Path, name: str, where: tuple[slice | int, ...] = ()) -> NDArray[np.float32]:
    import h5py

    try:
        with h5py.File(path) as file:
            return np.nan_to_num(np.asarray(file[name][where], dtype=np.float32))
    except (OSError, KeyError, ValueError, IndexError) as error:
        raise QuakeViewError(f"The waveform {name} cannot be read from {path}; download the file again.") from error


def _seisbench_layout(path: Path) -> dict[str, str]:
    import h5py

    try:
        with h5py.File(path) as file:
            items = {name: value[()] for name, value in file.get("data_format", {}).items()}
    except OSError as error:
        raise QuakeViewError(f"{path} is not a SeisBench waveform file; check the path in the run file.") from error
    return {name: value.decode() if isinstance(value, bytes) else str(value) for name, value in items.items()}


def _slice(text: str) -> slice | int:
    """``12`` or ``:6000`` of a SeisBench bucket address."""
    return int(text) if ":" not in text else slice(*(int(part) if part else None for part in text.split(":")))


def _diting_file(folder: Path, table: Path, row: Row) -> Path:
    """A part's table names its own waveforms; the light table names the part in each row."""
    own = table.with_suffix(".hdf5")
    if own.exists():
        return own
    return next(iter(sorted(folder.glob(f"*part_{glob.escape(row.get('part', ''))}.hdf5"))), own)


def _ordered(data: NDArray[np.float32], order: str) -> NDArray[np.float32]:
    """(components, n) in ``order`` as (3, n) Z, N, E; 1 and 2 stand for N and E; zeros where missing."""
    order = order.upper().replace("1", "N").replace("2", "E")
    ordered = np.zeros((3, data.shape[1]), dtype=np.float32)
    for row, letter in zip(data, order, strict=False):
        if letter in COMPONENTS:
            ordered[COMPONENTS.index(letter)] = row
    return ordered
