"""What the metadata of a data set say, in columns of numbers: a million records in 0.2 GB, and no waveform is read."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import nan

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.monitoring.picks import Polarity
from quakeview.texts import counted
from quakeview.training.layouts import (
    Columns,
    Part,
    Row,
    diting_parts,
    number_of,
    seconds_of,
    seisbench_parts,
    stead_parts,
)
from quakeview.training.record_config import SourceConfig
from quakeview.training.records import LabelledRecord
from quakeview.training.splits import dataset_name

Numbers = NDArray[np.float64]

NUMBERS = (
    "sampling_rate",
    "start",
    "samples",
    "p",
    "s",
    "origin_time",
    "latitude",
    "longitude",
    "depth",
    "station_latitude",
    "station_longitude",
    "magnitude",
    "distance",
    "back_azimuth",
    "signal_to_noise",
    "polarity",
)
"""Hz; times in s after 1970 UTC, ``p`` and ``s`` after the start of the record; degrees, m, dB; 1 is up, 0 down."""

KINDS = ("seisbench", "stead", "diting")
"""Of data sets that have a table with a row for each record."""
_EVERY = 2000
_FIRST_MOTIONS = {Polarity.UP: 1.0, Polarity.DOWN: 0.0}


@dataclass(frozen=True)
class RecordTable:
    """The records of one data set.

    Attributes:
        name: of the data set.
        names: of the records.
        events, stations: names; ``event`` and ``station``, (n,), are their numbers.
        split: of each record, as the data set has it; "" where it has none.
        numbers: (n,) each, see ``NUMBERS``; NaN where nothing is said.
        noise: (n,), whether the data set calls the record noise.
    """

    name: str
    names: Sequence[str]
    events: Sequence[str]
    event: NDArray[np.int64]
    stations: Sequence[str]
    station: NDArray[np.int64]
    split: NDArray[np.str_]
    noise: NDArray[np.bool_]
    numbers: dict[str, Numbers] = field(repr=False)

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, name: str) -> Numbers:
        return self.numbers[name]

    @property
    def has_splits(self) -> bool:
        """Whether the data set says which part each record is in."""
        return len(self) > 0 and bool((self.split != "").all())

    @property
    def s_minus_p(self) -> Numbers:
        """Seconds, (n,)."""
        return self["s"] - self["p"]

    def of_events(self, name: str) -> Numbers:
        """A number of each event: the first that any of its records gives."""
        values = np.full(len(self.events), nan)
        known = np.flatnonzero(np.isfinite(self[name]))[::-1]
        values[self.event[known]] = self[name][known]
        return values

    def of_stations(self, name: str) -> Numbers:
        """A number of each station: the first that any of its records gives."""
        values = np.full(len(self.stations), nan)
        known = np.flatnonzero(np.isfinite(self[name]))[::-1]
        values[self.station[known]] = self[name][known]
        return values


def parts_of(config: SourceConfig) -> list[Part]:
    """The tables of a data set of one of ``KINDS``.

    Raises:
        QuakeViewError: if files are missing.
    """
    if config.path is None or not config.path.exists():
        raise QuakeViewError(f"There is no data set at {config.path or 'a place without a name'}; was it moved?")
    if config.kind == "stead":
        if config.waveforms is None:
            raise QuakeViewError(f"The waveforms of {config.path.name} are missing; name their HDF5 file too.")
        return stead_parts(config.path, config.waveforms)
    return {"seisbench": seisbench_parts, "diting": diting_parts}[config.kind](config.path)


@dataclass(frozen=True)
class KeptRow:
    """A row whose waveform is looked at: the ``index`` of its record, and where it stands."""

    index: int
    part: Part
    row: Row


def read_record_table(
    config: SourceConfig, progress: Progress = Progress(), keep: int = 0
) -> tuple[RecordTable, list[KeptRow]]:
    """Read the metadata of a data set of one of ``KINDS``; no waveform is read.

    Args:
        keep: so many rows are kept whole, all equally likely (reservoir sampling, always the same ones).

    Raises:
        QuakeViewError: if files are missing or not in this layout.
        Cancelled: through ``progress``.
    """
    parts, columns, kept = parts_of(config), RecordColumns(), _Reservoir(keep)
    for number, part in enumerate(parts):
        for count, row in enumerate(part.rows()):
            if count % _EVERY == 0:
                progress.advance(number, len(parts), f"{counted(len(columns.names), 'record')} read")
            entry = _entry(part, row)
            kept.offer(KeptRow(len(columns.names), part, row))
            columns.add(
                row.get(part.columns.name, ""), entry, row.get("split") or "", _numbers(row, entry, part.columns)
            )
    progress.advance(1, 1)
    return columns.table(name_of(config)), kept.rows


class _Reservoir:
    """So many of the rows that are offered, all equally likely (Vitter 1985, algorithm R)."""

    def __init__(self, size: int) -> None:
        self._size, self._random = size, np.random.default_rng(0)
        self._rows: list[KeptRow] = []

    @property
    def rows(self) -> list[KeptRow]:
        return sorted(self._rows, key=lambda kept: kept.index)

    def offer(self, row: KeptRow) -> None:
        if len(self._rows) < self._size:
            self._rows.append(row)
        elif self._size and (place := int(self._random.integers(row.index + 1))) < self._size:
            self._rows[place] = row


def name_of(config: SourceConfig) -> str:
    """What a data set is called in a file of splits and on screen."""
    return dataset_name(config.path) if config.path else config.kind


class RecordColumns:
    """A ``RecordTable`` that grows record by record."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._events: dict[str, int] = {}
        self._stations: dict[str, int] = {}
        self._event, self._station = array("q"), array("q")
        self._split: list[str] = []
        self._noise = bytearray()
        self._numbers = {name: array("d") for name in NUMBERS}

    def add(self, name: str, entry: LabelledRecord, split: str, numbers: Mapping[str, float | None]) -> None:
        """Add a record with what is said of it; what is not in ``numbers`` is not known."""
        self.names.append(name)
        self._event.append(self._events.setdefault(entry.event_id, len(self._events)))
        self._station.append(self._stations.setdefault(entry.station_id, len(self._stations)))
        self._split.append(split)
        self._noise.append(entry.complete and not entry.picks)
        for column, values in self._numbers.items():
            value = numbers.get(column)
            values.append(nan if value is None else value)

    def table(self, name: str) -> RecordTable:
        """What was added, as the data set of this name."""
        return RecordTable(
            name,
            self.names,
            list(self._events),
            np.array(self._event, np.int64),
            list(self._stations),
            np.array(self._station, np.int64),
            np.array(self._split, np.str_),
            np.array(self._noise, np.bool_),
            {name: np.array(values, np.float64) for name, values in self._numbers.items()},
        )


def _entry(part: Part, row: Row) -> LabelledRecord:
    """The labels of a row.

    Raises:
        QuakeViewError: if a column is missing.
    """
    try:
        return part.entry(row)
    except KeyError as error:
        raise QuakeViewError(
            f"The table {part.table} has no column {error.args[0]!r}; choose the kind of data set that it is."
        ) from error


def labelled_numbers(entry: LabelledRecord) -> dict[str, float | None]:
    """What the labels of a record say."""
    rate, p, s = entry.sampling_rate, entry.first("P"), entry.first("S")
    return {
        "sampling_rate": rate,
        "p": None if p is None else p / rate,
        "s": None if s is None else s / rate,
        "magnitude": entry.magnitude,
        "distance": entry.epicentral_distance,
        "back_azimuth": entry.back_azimuth,
        "polarity": None if entry.polarity is None else _FIRST_MOTIONS.get(entry.polarity),
    }


def _numbers(row: Row, entry: LabelledRecord, columns: Columns) -> dict[str, float | None]:
    depth = number_of(row.get(columns.depth))
    return labelled_numbers(entry) | {
        "start": seconds_of(row.get(columns.start)),
        "samples": number_of(row.get(columns.samples)),
        "origin_time": seconds_of(row.get(columns.origin_time)),
        "latitude": number_of(row.get(columns.latitude)),
        "longitude": number_of(row.get(columns.longitude)),
        "depth": None if depth is None else 1000 * depth,
        "station_latitude": number_of(row.get(columns.station_latitude)),
        "station_longitude": number_of(row.get(columns.station_longitude)),
        "signal_to_noise": _first_number(row.get(name) for name in columns.signal_to_noise),
    }


def _first_number(texts: Iterable[str | None]) -> float | None:
    """The first number that is given; the mean of those in ``[56.8 55.4 47.4]``, as STEAD has them."""
    for text in texts:
        given = [value for part in (text or "").strip("[] ").split() if (value := number_of(part)) is not None]
        if given:
            return sum(given) / len(given)
    return None
