"""Tables of labelled records as SeisBench, STEAD and DiTing have them: read row by row, the samples when asked for."""

import csv
import glob
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.monitoring.picks import Polarity
from quakeview.training.records import COMPONENTS, Arrival, LabelledRecord

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
class Columns:
    """Which columns of a table say where and when things were; "" where the layout has none.

    Attributes:
        name: of the record.
        origin_time, start: UTC, of the earthquake and of the first sample.
        latitude, longitude, station_latitude, station_longitude: degrees.
        depth: km.
        samples: how many the record has.
        signal_to_noise: dB, the first one counts that is given.
    """

    name: str = "trace_name"
    origin_time: str = "source_origin_time"
    latitude: str = "source_latitude_deg"
    longitude: str = "source_longitude_deg"
    depth: str = "source_depth_km"
    station_latitude: str = "station_latitude_deg"
    station_longitude: str = "station_longitude_deg"
    start: str = "trace_start_time"
    samples: str = "trace_npts"
    signal_to_noise: tuple[str, ...] = ("trace_p_snr_db", "trace_snr_db", "trace_s_snr_db")


STEAD_COLUMNS = Columns(
    latitude="source_latitude",
    longitude="source_longitude",
    station_latitude="receiver_latitude",
    station_longitude="receiver_longitude",
    samples="",
    signal_to_noise=("snr_db",),
)
DITING_COLUMNS = Columns("key", "", "", "", "", "", "", "", "", ("Z_P_power_snr",))


@dataclass(frozen=True)
class Part:
    """One table of a data set.

    Attributes:
        table: the CSV file.
        entry: what a row says of its record, without samples.
        samples: of a row as the file has them, (components, n), and the order of the components.
    """

    table: Path
    columns: Columns
    entry: Callable[[Row], LabelledRecord]
    samples: Callable[[Row], tuple[NDArray[Any], str]]

    def rows(self) -> Iterator[Row]:
        """Read the table row by row.

        Raises:
            QuakeViewError: if it cannot be read.
        """
        return read_rows(self.table)

    def waveform(self, row: Row) -> NDArray[np.float32]:
        """Return the samples in the order Z, N, E, zeros where there are none.

        Raises:
            QuakeViewError: if they cannot be read.
        """
        return ordered(*self.samples(row))


def seisbench_parts(folder: Path) -> list[Part]:
    """The chunks of a data set in SeisBench layout: ``metadata.csv`` and ``waveforms.hdf5``, or several of both.

    Raises:
        QuakeViewError: if a waveform file is missing or none.
    """
    chunks = folder / "chunks"
    names = chunks.read_text().split() if chunks.exists() else [""]
    return [_seisbench_part(folder, name) for name in names]


def stead_parts(table: Path, waveforms: Path) -> list[Part]:
    """STEAD's own files (Mousavi et al. 2019): 60 s at 100 Hz, ``data/<trace_name>`` (6000, 3) in the order E, N, Z."""

    def samples(row: Row) -> tuple[NDArray[Any], str]:
        return _read_hdf5(waveforms, f"data/{row['trace_name']}").T, "ENZ"

    return [Part(table, STEAD_COLUMNS, _stead_entry, samples)]


def diting_parts(folder: Path) -> list[Part]:
    """DiTing's own files (Zhao et al. 2023): tables and HDF5 by part, 50 Hz, ``earthquake/<key>`` (n, 3) Z, N, E.

    Raises:
        QuakeViewError: if the folder holds no table.
    """
    tables = sorted(folder.glob("*.csv"))
    if not tables:
        raise QuakeViewError(f"{folder} holds no DiTing table; choose the folder with the .csv and .hdf5 files.")
    return [_diting_part(folder, table) for table in tables]


def read_rows(path: Path) -> Iterator[Row]:
    """Read a table row by row.

    Raises:
        QuakeViewError: if it cannot be read.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            yield from csv.DictReader(file)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path) from error


def _unreadable(table: Path) -> QuakeViewError:
    return QuakeViewError(f"The table {table} cannot be read; check the path in the run file.")


def number_of(text: str | None) -> float | None:
    """The finite number that a cell holds; None if it holds none."""
    try:
        value = float(text or "nan")
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def seconds_of(text: str | None) -> float | None:
    """Seconds after 1970 of a time in UTC; None if the text is none."""
    try:
        moment = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def ordered(data: NDArray[Any], order: str) -> NDArray[np.float32]:
    """(components, n) in ``order`` as (3, n) Z, N, E; 1 and 2 stand for N and E; zeros where there is nothing."""
    order = order.upper().replace("1", "N").replace("2", "E")
    result = np.zeros((3, data.shape[1]), dtype=np.float32)
    for row, letter in zip(data, order, strict=False):
        if letter in COMPONENTS:
            result[COMPONENTS.index(letter)] = row
    return np.nan_to_num(result)


# --- SeisBench -------------------------------------------------------------------------------------------------------


def _seisbench_part(folder: Path, chunk: str) -> Part:
    table, path = folder / f"metadata{chunk}.csv", folder / f"waveforms{chunk}.hdf5"
    if not table.is_file():
        raise _unreadable(table)
    layout = _seisbench_layout(path)

    def entry(row: Row) -> LabelledRecord:
        return _seisbench_entry(row, layout.get("sampling_rate", ""))

    def samples(row: Row) -> tuple[NDArray[Any], str]:
        name, _, slices = row["trace_name"].partition("$")
        where = tuple(_slice(part) for part in slices.split(",")) if slices else ()
        data = _read_hdf5(path, f"data/{name}", where)
        if layout.get("dimension_order", "CW").replace("N", "") == "WC":
            data = data.T
        return data, row.get("trace_component_order") or layout.get("component_order", COMPONENTS)

    return Part(table, Columns(), entry, samples)


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


def _seisbench_entry(row: Row, file_rate: str) -> LabelledRecord:
    rate = number_of(row.get("trace_sampling_rate_hz")) or number_of(file_rate)
    if rate is None and (step := number_of(row.get("trace_dt_s"))):
        rate = 1 / step
    if rate is None:
        raise QuakeViewError(
            f"The sampling rate of {row.get('trace_name')} is not in its metadata; add a column for it."
        )
    picks = _first_arrivals(row)
    oriented = not re.search(r"[123](,|$)", row.get("trace_channel", ""))
    distance = number_of(row.get("path_ep_distance_km"))
    return LabelledRecord(
        NOTHING,
        rate,
        picks,
        magnitude=number_of(row.get("source_magnitude")),
        epicentral_distance=None if distance is None else 1000 * distance,
        back_azimuth=number_of(row.get("path_back_azimuth_deg")) if oriented else None,
        polarity=_polarity(row.get("trace_p_polarity") or row.get("trace_polarity", "")),
        event_id=_first_given(row, "event_group", "source_id", "source_origin_time", "trace_name"),
        station_id=f"{row.get('station_network_code', '')}.{row.get('station_code', '')}",
        complete=len(picks) == 2 or row.get("trace_category") == "noise",
    )


# --- STEAD and DiTing ------------------------------------------------------------------------------------------------


def _stead_entry(row: Row) -> LabelledRecord:
    distance = number_of(row.get("source_distance_km"))
    noise = row.get("trace_category") == "noise"
    picks = () if noise else _first_arrivals({f"trace_{p}_arrival_sample": row[f"{p}_arrival_sample"] for p in "ps"})
    return LabelledRecord(
        NOTHING,
        100.0,
        picks,
        magnitude=number_of(row.get("source_magnitude")),
        epicentral_distance=None if distance is None else 1000 * distance,
        back_azimuth=number_of(row.get("back_azimuth_deg")),
        event_id=_first_given(row, "source_id", "source_origin_time", "trace_name"),
        station_id=f"{row.get('network_code', '')}.{row.get('receiver_code', '')}",
        complete=noise or len(picks) == 2,
    )


def _diting_part(folder: Path, table: Path) -> Part:
    def samples(row: Row) -> tuple[NDArray[Any], str]:
        whole, _, decimals = row["key"].strip().partition(".")
        return _read_hdf5(_diting_file(folder, table, row), f"earthquake/{whole:0>6}.{decimals:0<4}").T, COMPONENTS

    return Part(table, DITING_COLUMNS, _diting_entry, samples)


def _diting_file(folder: Path, table: Path, row: Row) -> Path:
    """A part's table names its own waveforms; the light table names the part in each row."""
    own = table.with_suffix(".hdf5")
    if own.exists():
        return own
    return next(iter(sorted(folder.glob(f"*part_{glob.escape(row.get('part', '').strip())}.hdf5"))), own)


def _diting_entry(spaced: Row) -> LabelledRecord:
    """Magnitudes other than local are turned into ML by the data set's own relations."""
    row = {name: (text or "").strip() for name, text in spaced.items()}
    magnitude, kind = number_of(row.get("evmag")), row.get("mag_type", "").lower()
    if magnitude is not None and kind == "ms":
        magnitude = (magnitude + 1.08) / 1.13
    elif magnitude is not None and kind == "mb":
        magnitude = (1.17 * magnitude + 0.67) / 1.13
    distance, azimuth = number_of(row.get("dis")), number_of(row.get("baz"))
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


# --- cells -----------------------------------------------------------------------------------------------------------


def _first_arrivals(row: Row) -> tuple[Arrival, ...]:
    """First P and first S of a row with ``trace_<phase>_arrival_sample`` columns."""
    found: dict[str, list[float]] = {phase: [] for phase in FIRST_ARRIVALS}
    for column, text in row.items():
        phase = _phase_of(column)
        sample = number_of(text) if phase else None
        if phase and sample is not None and sample >= 0:
            found[phase].append(sample)
    return tuple(Arrival(phase, min(samples)) for phase, samples in found.items() if samples)


@cache
def _phase_of(column: str) -> str:
    """``P`` or ``S``; "" of a column that is for no first arrival."""
    match = re.fullmatch(r"trace_(\w+)_arrival_sample", column or "")
    return next((phase for phase, names in FIRST_ARRIVALS.items() if match and match[1].lower() in names), "")


def _polarity(text: str) -> Polarity | None:
    """From ``U``/``D``, ``C``/``R``, ``positive``/``negative``, ``+``/``-``."""
    text = text.strip().lower()
    return Polarity.DOWN if text == "negative" else POLARITIES.get(text[:1])


def _first_given(row: Row, *names: str) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _read_hdf5(path: Path, name: str, where: tuple[slice | int, ...] = ()) -> NDArray[Any]:
    import h5py

    try:
        with h5py.File(path) as file:
            return np.asarray(file[name][where])
    except (OSError, KeyError, ValueError, IndexError) as error:
        raise QuakeViewError(f"The waveform {name} cannot be read from {path}; download the file again.") from error
