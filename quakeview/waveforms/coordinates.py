"""Where stations are."""

import glob
from pathlib import Path
from typing import NamedTuple

from quakeview.errors import QuakeViewError


class Coordinates(NamedTuple):
    """Latitude and longitude in degrees, elevation in metres above the sea."""

    latitude: float
    longitude: float
    elevation: float


def read_coordinates(path: Path | str) -> dict[tuple[str, str], Coordinates]:
    """Coordinates by (network, station) from station metadata that ObsPy reads: StationXML, dataless SEED, SC3ML.

    Raises:
        QuakeViewError: if the file is not station metadata.
    """
    import obspy

    path = Path(path)
    try:
        inventory = obspy.read_inventory(glob.escape(str(path)))  # a name may hold [ ] or *
    except Exception as error:
        raise QuakeViewError(f"{path.name} could not be read as station metadata; is it StationXML?") from error
    return {
        (network.code, station.code): Coordinates(station.latitude, station.longitude, station.elevation)
        for network in inventory
        for station in network
    }
