"""Picks of an archive on disk: a Parquet file for each day, in folders that pandas, Polars and DuckDB read as one.

``picks/day=2024-01-31/picks.parquet`` holds the picks of all stations of a day by time. What was picked with, and how
each station fared, is in its metadata, under the key ``quakeview``.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from obspy import UTCDateTime

from quakeview.atomic import make_folder, write_atomically
from quakeview.errors import QuakeViewError
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.waveforms.channels import ChannelId, Instrument

if TYPE_CHECKING:
    import pyarrow as pa

_FILE = "picks.parquet"
_KEY = b"quakeview"


@dataclass(frozen=True)
class Settings:
    """What the picks of a folder were made with.

    Attributes:
        model: name of the picker.
        checksum: SHA-256 of its weights.
        p_threshold, s_threshold: least probabilities.
        start, end: bounds within a day of the time that is picked, UTC; empty without them.
    """

    model: str
    checksum: str
    p_threshold: float
    s_threshold: float
    start: str = ""
    end: str = ""


@dataclass(frozen=True)
class Outcome:
    """How a station fared on a day.

    Attributes:
        samples: of its channels that were there: with others it is picked again.
        picks: how many were found.
        said: why there are none, and what is odd in the data.
        failed: why it could not be picked; empty if it could.
    """

    samples: int
    picks: int = 0
    said: str = ""
    failed: str = ""


@dataclass(frozen=True)
class DayPicks:
    """The picks of a day, or of some stations of it.

    Attributes:
        settings: what they were made with.
        outcomes: of each station by its code, such as ``XX.A01..HH``.
        picks: by time.
    """

    settings: Settings
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    picks: Sequence[Pick] = ()

    def without(self, stations: Iterable[str]) -> "DayPicks":
        """Return what is of other stations."""
        gone = set(stations)
        outcomes = {station: outcome for station, outcome in self.outcomes.items() if station not in gone}
        picks = [pick for pick in self.picks if station_of(pick) not in gone]
        return DayPicks(self.settings, outcomes, picks)

    def joined(self, others: Iterable["DayPicks"]) -> "DayPicks":
        """Return these and others, in an order that does not depend on when they were made."""
        parts = [self, *others]
        outcomes = {station: each for part in parts for station, each in part.outcomes.items()}
        picks = sorted((pick for part in parts for pick in part.picks), key=_order)
        return DayPicks(self.settings, dict(sorted(outcomes.items())), picks)


def station_of(pick: Pick) -> str:
    """Return the code of the instrument of a pick."""
    return str(Instrument.of(pick.channel_id))


def _order(pick: Pick) -> tuple[int, ChannelId, str]:
    return pick.time.ns, pick.channel_id, pick.phase


def schema() -> "pa.Schema":
    """Return the columns of the files.

    Codes of the channel; ``phase`` P or S; ``time`` UTC, microseconds; ``probability`` 0-1; ``uncertainty`` standard
    deviation, s, empty if the picker has none.
    """
    import pyarrow as pa

    codes = [(name, pa.string()) for name in ("network", "station", "location", "channel", "phase")]
    numbers = [("probability", pa.float32()), ("uncertainty", pa.float32())]
    return pa.schema([*codes, ("time", pa.timestamp("us", "UTC")), *numbers])


def day_file(folder: Path, day: str) -> Path:
    """Return where the picks of a day (2024-01-31) are in a folder of picks."""
    return folder / f"day={day}" / _FILE


def days(folder: Path) -> list[str]:
    """Return the days of which a folder has picks, in order of time."""
    return sorted(path.parent.name.removeprefix("day=") for path in folder.glob(f"day=*/{_FILE}"))


def write_picks(path: Path, found: DayPicks) -> None:
    """Write picks; equal picks make equal files.

    Raises:
        QuakeViewError: if the file cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    about = {**asdict(found.settings), "stations": {name: asdict(each) for name, each in found.outcomes.items()}}
    rows: dict[str, list[Any]] = {name: [] for name in schema().names}
    for pick in found.picks:
        values = (*pick.channel_id, pick.phase, pick.probability, pick.uncertainty, pick.time.ns // 1000)
        for column, value in zip(rows.values(), (*values[:5], values[7], *values[5:7]), strict=True):
            column.append(value)
    table = pa.table(rows, schema().with_metadata({_KEY: json.dumps(about)}))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    make_folder(path.parent)
    write_atomically(path, sink.getvalue().to_pybytes())


def read_picks(path: Path) -> DayPicks:
    """Read a file of picks.

    Raises:
        QuakeViewError: if it is none of QuakeView, or damaged.
    """
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path, partitioning=None)
        about = json.loads(table.schema.metadata[_KEY])
        outcomes = {name: Outcome(**each) for name, each in about.pop("stations").items()}
        settings = Settings(**about)
        return DayPicks(settings, outcomes, list(_picks(table, settings.model)))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise QuakeViewError(f"{path} is damaged or was not written by quakeview pick; delete it.") from error


def read_outcomes(path: Path) -> tuple[Settings, dict[str, Outcome]]:
    """Read what a file says of its making, without its picks.

    Raises:
        QuakeViewError: as ``read_picks``.
    """
    import pyarrow.parquet as pq

    try:
        about = json.loads(pq.read_schema(path).metadata[_KEY])
        outcomes = {name: Outcome(**each) for name, each in about.pop("stations").items()}
        return Settings(**about), outcomes
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise QuakeViewError(f"{path} is damaged or was not written by quakeview pick; delete it.") from error


def _picks(table: "pa.Table", model: str) -> Iterator[Pick]:
    times = table["time"].cast("int64").to_pylist()
    columns = (table[name].to_pylist() for name in ("network", "station", "location", "channel", "phase"))
    rest = (table[name].to_pylist() for name in ("probability", "uncertainty"))
    for network, station, location, channel, phase, time, probability, uncertainty in zip(
        *columns, times, *rest, strict=True
    ):
        yield Pick(
            ChannelId(network, station, location, channel),
            phase,
            UTCDateTime(ns=time * 1000),
            PickStatus.AUTOMATIC,
            probability,
            uncertainty,
            uncertainty,
            model=model,
        )
