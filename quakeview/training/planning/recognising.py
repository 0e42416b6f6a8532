"""What kind of data set a file or folder is, by its names and the heads of its tables."""

from dataclasses import replace
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.training.record_config import SourceConfig

TITLES = {
    "seisbench": "SeisBench data set",
    "stead": "STEAD",
    "diting": "DiTing",
    "continuous": "Continuous records with picks",
    "noise": "Records without earthquakes",
    "synthetic": "Synthetic seismograms",
}
"""What kinds of sources are called."""


def recognise(path: Path) -> SourceConfig:
    """The source that a dropped file or folder is.

    Raises:
        QuakeViewError: if it is none that can be told from its names; the sentence says what to do with it.
    """
    if not path.exists():
        raise QuakeViewError(f"There is nothing at {path}; was it moved?")
    folder = path if path.is_dir() else path.parent
    if (folder / "chunks").is_file() or ((folder / "metadata.csv").is_file() and (folder / "waveforms.hdf5").is_file()):
        return SourceConfig("seisbench", folder)
    for table in [path] if path.suffix == ".csv" else sorted(folder.glob("*.csv")):
        columns = _columns(table)
        if {"ev_id", "p_pick"} <= columns:
            return SourceConfig("diting", folder)
        if {"receiver_code", "p_arrival_sample"} <= columns:
            return SourceConfig("stead", table, waveforms=_waveforms(table))
    raise QuakeViewError(_advice(path))


def _columns(table: Path) -> set[str]:
    try:
        with table.open(encoding="utf-8", errors="replace") as file:
            return {name.strip() for name in file.readline(100_000).split(",")}
    except OSError:
        return set()


def _waveforms(table: Path) -> Path:
    """The HDF5 file beside a table.

    Raises:
        QuakeViewError: if it is not clear which.
    """
    files = sorted(table.parent.glob("*.hdf5")) + sorted(table.parent.glob("*.h5"))
    same = [file for file in files if file.stem == table.stem]
    if len(same or files) != 1:
        raise QuakeViewError(f"It is not clear which HDF5 file belongs to {table.name}; choose both with STEAD…")
    return (same or files)[0]


def _advice(path: Path) -> str:
    if path.suffix == ".qvproj":
        return f"{path.name} is a project: open it, and choose Training > Make a Data Set of This Project's Picks."
    if path.suffix.lower() in (".xml", ".qml", ".quakeml"):
        return f"{path.name} holds no waveforms: 'quakeview dataset' makes a data set of it and an archive."
    return f"{path.name} is no labelled data set that QuakeView knows; choose what it is with Add data."


def bare(source: SourceConfig) -> SourceConfig:
    """The source without what a split decides."""
    return replace(source, split=None, splits=None)


def is_same_data(one: SourceConfig, other: SourceConfig) -> bool:
    """Whether two sources are the same files."""
    return key_of(one) == key_of(other)


def key_of(source: SourceConfig) -> tuple[str, ...]:
    """What tells the data of two sources apart."""
    return tuple(str(part) for part in (source.kind, source.path, source.waveforms, source.picks))
