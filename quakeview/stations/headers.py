"""Station metadata in the headers of waveform files: SAC says where its station is, full SEED has it all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.stations.inventories import StationFile, read_station_file
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId
from quakeview.waveforms.sac import place_of

_SEED = b"000001V 0"


def stations_in_headers(files: Mapping[Path, Iterable[ChannelId]]) -> Iterator[StationFile]:
    """What waveform files say of the stations of their channels, each station once.

    Args:
        files: paths and the channels in each. A file that says nothing, or cannot be read, is passed over.
    """
    known: set[tuple[str, str]] = set()
    for path, channels in files.items():
        new = {channel[:2] for channel in channels} - known
        if new and (file := _stations_in(path, new)):
            known |= new
            yield file


def channels_by_file(archive: Archive) -> dict[Path, set[ChannelId]]:
    """The channels of each file of an archive."""
    found: defaultdict[Path, set[ChannelId]] = defaultdict(set)
    for channel_id in archive.channels:
        for segment in archive.segments(channel_id):
            found[segment.path].add(channel_id)
    return dict(found)


def _stations_in(path: Path, stations: set[tuple[str, str]]) -> StationFile | None:
    try:
        with path.open("rb") as file:
            begins_as_seed = file.read(len(_SEED)) == _SEED
        if begins_as_seed:
            return read_station_file(path)
        place = place_of(path)
    except (OSError, QuakeViewError):
        return None
    return _of_place(path, stations, place) if place and len(stations) == 1 else None


def _of_place(path: Path, stations: set[tuple[str, str]], place: tuple[float, float, float]) -> StationFile:
    from obspy import Inventory
    from obspy.core.inventory import Network, Station

    ((network, station),) = stations
    return StationFile(path, Inventory([Network(network, [Station(station, *place)])]))
