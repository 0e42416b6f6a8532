"""Inventories: station metadata of every kind of file that knows some.

StationXML, dataless SEED, XSEED, RESP, SC3ML and FDSN station text are ObsPy's to read, lists of coordinates
``station_lists``', headers of SAC files ``sac_headers``'.
"""

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from quakeview.errors import QuakeViewError
from quakeview.stations.contradictions import NO_COORDINATES, contradictions, use_empty_locations
from quakeview.stations.station_lists import is_station_list, read_station_list
from quakeview.waveforms.deadline import deadline
from quakeview.waveforms.formats import OBSPY_LOCK
from quakeview.waveforms.miniseed import is_miniseed

if TYPE_CHECKING:
    from obspy import Inventory

METADATA_SUFFIXES = (".xml", ".stationxml", ".dataless", ".resp")
"""Of files that are meant to be station metadata. A .seed may hold them, but may as well hold waveforms."""
_HEAD = 4096
_BEGINNINGS = (
    rb"FDSNStationXML",
    rb"^\s*000001V 0(05|08|10)",
    rb"<xseed",
    rb"^#?\s*Network\s*\|\s*Station\s*\|",
    rb"(?m)^B050F03 ",
    rb"(?s)<seiscomp.*<Inventory",
)
"""StationXML, SEED, XSEED, FDSN text, RESP and SC3ML, as they begin."""
_RESP = re.compile(_BEGINNINGS[4])
_LARGEST = {"Latitude": 90.0, "Longitude": 180.0}


@dataclass(frozen=True)
class StationFile:
    """One file of station metadata.

    Attributes:
        path: where it is; a name alone if it came from elsewhere.
        notes: sentences on what in it contradicts itself, is missing or was left out.
    """

    path: Path
    inventory: "Inventory"
    notes: tuple[str, ...] = ()


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


def holds_stations(path: Path) -> bool:
    """Say whether a file holds station metadata and no waveforms (full SEED has both), by how it begins."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if is_station_list(head):
            return True
        known = any(re.search(beginning, head, re.IGNORECASE) for beginning in _BEGINNINGS)
        return known and not is_miniseed(path)
    except OSError:
        return False


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
        found, left_out = read_station_files(path)
        report += left_out
        for file in found:
            inventory += file.inventory
            files.add(file.path.resolve())
    return Metadata(inventory, frozenset(files), tuple(report))


def read_station_files(path: Path) -> tuple[list[StationFile], list[str]]:
    """Read a file, or every file of station metadata below a folder.

    Returns:
        What was read, and a sentence for each file of a folder that is meant to be station metadata and is not.

    Raises:
        QuakeViewError: if the file cannot be read, or the folder has no metadata.
    """
    if not path.is_dir():
        return [read_station_file(path)], []
    found, left_out = [], []
    for file in sorted(each for each in path.rglob("*") if each.is_file() and not each.name.startswith(".")):
        meant = is_metadata(file) or file.suffix.lower() == ".seed"
        if not (meant or holds_stations(file)):
            continue
        try:
            found.append(read_station_file(file))
        except QuakeViewError:
            left_out.append(f"{file.name} could not be read as station metadata and is left out.")
    if not found:
        raise QuakeViewError(f"There are no station metadata in the folder {path}; choose another.")
    return found, left_out


def read_inventory(path: Path) -> "Inventory":
    """Read the stations of a file.

    Raises:
        QuakeViewError: if the file is something else, or cannot be read.
    """
    return read_station_file(path).inventory


def read_station_file(path: Path) -> StationFile:
    """Read a file of station metadata, of whatever kind.

    Raises:
        QuakeViewError: if the file is something else, or cannot be read.
    """
    from obspy.io.stationtxt.core import is_fdsn_station_text_file

    try:
        content = path.read_bytes()  # ObsPy takes a name for a pattern, and it may hold [ ] or *
    except OSError as error:
        raise QuakeViewError(f"{path} could not be read ({error.strerror}); choose another file.") from error
    if is_station_list(content[:_HEAD]) and not is_fdsn_station_text_file(BytesIO(content)):
        inventory, notes = read_station_list(content, path.name)
    else:
        inventory, notes = _read_with_obspy(path, content)
    with alone_and_silent():
        found = [*use_empty_locations(inventory), *contradictions(inventory)]
    if _RESP.search(content[:_HEAD]):
        found = [sentence for sentence in found if NO_COORDINATES not in sentence]
    if not any(network.stations for network in inventory):
        notes.append(f"{path.name} names no station.")
    return StationFile(path, inventory, (*notes, *found))


def _read_with_obspy(path: Path, content: bytes) -> tuple["Inventory", list[str]]:
    import obspy

    try:
        with alone_and_silent(), deadline(path, path.name):
            try:
                return obspy.read_inventory(BytesIO(content)), []
            except ValueError as error:
                if "out of bounds" not in str(error):
                    raise
                content, notes = _without_impossible_places(content)
                return obspy.read_inventory(BytesIO(content)), notes
    except QuakeViewError:
        raise
    except Exception as error:  # whatever the readers of ObsPy stumble over
        raise QuakeViewError(f"{path.name} could not be read as station metadata; is it StationXML?") from error


def _without_impossible_places(content: bytes) -> tuple[bytes, list[str]]:
    """StationXML whose coordinates are on the globe, or 0, 0; and a sentence for each station that was moved there."""
    root, notes = ElementTree.fromstring(content), []
    for station in (each for each in root.iter() if _tag(each) == "Station"):
        for element in (station, *(each for each in station if _tag(each) == "Channel")):
            place = {_tag(child): child for child in element}
            wrong = [name for name, largest in _LARGEST.items() if abs(float(place[name].text or 0)) > largest]
            if not wrong:
                continue
            said = f"{wrong[0].lower()} {place[wrong[0]].text}"
            place["Latitude"].text = place["Longitude"].text = "0"
            notes.append(f"{station.get('code')} has the {said}, which is on no globe; its place is not known.")
    return ElementTree.tostring(root), list(dict.fromkeys(notes))


def _tag(element: ElementTree.Element) -> str:
    """Without the name space."""
    return element.tag.rpartition("}")[2]


@contextmanager
def alone_and_silent() -> Iterator[None]:
    """Let ObsPy work without warnings; evalresp and the warning filters are global, so this is for one at a time."""
    with OBSPY_LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
