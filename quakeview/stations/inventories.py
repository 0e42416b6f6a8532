"""Inventories: station metadata that ObsPy reads, StationXML, dataless SEED, SC3ML and RESP."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from quakeview.errors import QuakeViewError
from quakeview.waveforms.deadline import deadline
from quakeview.waveforms.formats import OBSPY_LOCK

if TYPE_CHECKING:
    from obspy import Inventory

METADATA_SUFFIXES = (".xml", ".stationxml", ".dataless", ".resp")
"""Of files that are meant to be station metadata. A .seed may hold them, but may as well hold waveforms."""


@dataclass(frozen=True)
class Metadata:
    """What was read of stations.

    Attributes:
        files: that hold station metadata.
        report: a sentence for each file of a folder that does not, and cannot be waveforms either.
    """

    inventory: "Inventory"
    files: frozenset[Path]
    report: tuple[str, ...] = ()


def is_metadata(path: Path) -> bool:
    """Say whether a file is meant to be station metadata, by its name."""
    return path.suffix.lower() in METADATA_SUFFIXES


def read_metadata(paths: "Sequence[Path] | Inventory") -> Metadata:
    """Read the station metadata of all files together, and of everything below folders; an inventory is there already.

    Raises:
        QuakeViewError: if a file cannot be read, a folder has no metadata, or there is none.
    """
    import obspy

    if isinstance(paths, obspy.Inventory):
        return Metadata(paths, frozenset())
    if not paths:
        raise QuakeViewError("Where do the stations stand? Add their metadata, a StationXML file.")
    inventory, files, report = obspy.Inventory(), set(), []
    for path in paths:
        if not path.is_dir():
            inventory += read_inventory(path)
            files.add(path.resolve())
            continue
        found = 0
        for file in sorted(each for each in path.rglob("*") if each.is_file() and not each.name.startswith(".")):
            try:
                inventory += read_inventory(file)
            except QuakeViewError:
                if is_metadata(file) or file.suffix.lower() == ".seed":
                    report.append(f"{file.name} could not be read as station metadata and is left out.")
                continue
            files.add(file.resolve())
            found += 1
        if not found:
            raise QuakeViewError(f"There are no station metadata in the folder {path}; choose another.")
    return Metadata(inventory, frozenset(files), tuple(report))


def read_inventory(path: Path) -> "Inventory":
    """Read a file of station metadata.

    Raises:
        QuakeViewError: if the file is something else, or cannot be read.
    """
    import obspy

    try:
        content = path.read_bytes()  # ObsPy takes a name for a pattern, and it may hold [ ] or *
        with alone_and_silent(), deadline(path, path.name):
            return obspy.read_inventory(BytesIO(content))
    except QuakeViewError:
        raise
    except OSError as error:
        raise QuakeViewError(f"{path} could not be read ({error.strerror}); choose another file.") from error
    except Exception as error:  # whatever the readers of ObsPy stumble over
        raise QuakeViewError(f"{path.name} could not be read as station metadata; is it StationXML?") from error


@contextmanager
def alone_and_silent() -> Iterator[None]:
    """Let ObsPy work without warnings; evalresp and the warning filters are global, so this is for one at a time."""
    with OBSPY_LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
