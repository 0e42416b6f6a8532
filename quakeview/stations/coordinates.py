"""What station metadata say of records: where the stations are, and in what unit their samples."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from quakeview.stations.inventories import read_inventory
from quakeview.waveforms.channels import ChannelId

if TYPE_CHECKING:
    from obspy import Inventory

COUNTS, VELOCITY = "counts", "m/s"
SYNTHETIC = "SY"
"""Network code of synthetic seismograms (FDSN)."""
_SYNTHESISED = "X"
"""Instrument code of what no instrument recorded."""
_UNITS = {"M/S": VELOCITY, "M/S**2": "m/s²", "M/S/S": "m/s²", "M": "m"}


class Coordinates(NamedTuple):
    """Latitude and longitude in degrees, elevation in metres above the sea."""

    latitude: float
    longitude: float
    elevation: float


@dataclass(frozen=True)
class StationFile:
    """What a file of station metadata says.

    Attributes:
        coordinates: by (network, station).
        units: of the channels whose samples are not counts but ``m/s``, ``m/s²`` or ``m``.
    """

    coordinates: dict[tuple[str, str], Coordinates]
    units: dict[ChannelId, str]


def unit_of(channel_id: ChannelId, units: Mapping[ChannelId, str]) -> str:
    """Of the samples of a channel: what metadata say, ``m/s`` for synthetic seismograms of QuakeView, else counts."""
    synthetic = channel_id.network == SYNTHETIC and channel_id.channel[1:2] == _SYNTHESISED
    return units.get(channel_id, VELOCITY if synthetic else COUNTS)


def read_coordinates(path: Path | str) -> dict[tuple[str, str], Coordinates]:
    """Coordinates by (network, station); see ``read_station_file``."""
    return read_station_file(path).coordinates


def read_station_file(path: Path | str) -> StationFile:
    """Coordinates and units from station metadata that ObsPy reads: StationXML, dataless SEED, SC3ML.

    Raises:
        QuakeViewError: if the file is not station metadata.
    """
    inventory = read_inventory(Path(path))
    coordinates = {
        (network.code, station.code): Coordinates(station.latitude, station.longitude, station.elevation)
        for network in inventory
        for station in network
    }
    return StationFile(coordinates, dict(_physical_units(inventory)))


def _physical_units(inventory: "Inventory") -> Iterator[tuple[ChannelId, str]]:
    """Channels whose response gives out ground motion; most give out counts."""
    for network in inventory:
        for station in network:
            for channel in station:
                sensitivity = channel.response.instrument_sensitivity if channel.response else None
                written = str(sensitivity.output_units or "").upper() if sensitivity else ""
                if unit := _UNITS.get(written):
                    yield ChannelId(network.code, station.code, channel.location_code, channel.code), unit
