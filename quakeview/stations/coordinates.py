"""Where a station stands, and in what unit the samples of its records are."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from quakeview.waveforms.channels import ChannelId

COUNTS, VELOCITY = "counts", "m/s"
SYNTHETIC = "SY"
"""Network code of synthetic seismograms (FDSN)."""
_SYNTHESISED = "X"
"""Instrument code of what no instrument recorded."""


class Coordinates(NamedTuple):
    """Latitude and longitude in degrees, elevation in metres above the sea."""

    latitude: float
    longitude: float
    elevation: float


class EpicentralPath(NamedTuple):
    """The shortest way from an epicentre to a station.

    Attributes:
        distance: epicentral, m.
        azimuth: of the station seen from the epicentre, degrees clockwise from north.
        back_azimuth: of the epicentre seen from the station, degrees clockwise from north.
    """

    distance: float
    azimuth: float
    back_azimuth: float


@lru_cache(maxsize=2**16)
def epicentral_path(latitude: float, longitude: float, station: Coordinates) -> EpicentralPath:
    """Along the ellipsoid WGS 84, from an epicentre (degrees) to a station."""
    from obspy.geodetics import gps2dist_azimuth

    return EpicentralPath(*gps2dist_azimuth(latitude, longitude, station.latitude, station.longitude))


def unit_of(channel_id: ChannelId, units: Mapping[ChannelId, str]) -> str:
    """Of the samples of a channel: what metadata say, ``m/s`` for synthetic seismograms of QuakeView, else counts."""
    synthetic = channel_id.network == SYNTHETIC and channel_id.channel[1:2] == _SYNTHESISED
    return units.get(channel_id, VELOCITY if synthetic else COUNTS)
