"""What an inventory says of a channel at a time: in which direction it points, what it records, and its response."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.stations.inventories import alone_and_silent
from quakeview.stations.station_lists import flat_response, gain_of

if TYPE_CHECKING:
    from obspy import Inventory, UTCDateTime
    from obspy.core.inventory import Channel, Station

    from quakeview.waveforms.channels import ChannelId

Floats = NDArray[np.float64]
Response = Callable[[Floats], NDArray[np.complex128]]
"""Counts per m/s of ground velocity against frequency (Hz)."""

UNITS = {prefix + unit for prefix in ("", "N", "M", "C") for unit in ("M", "M/S", "M/S**2", "M/S/S")}
"""Of ground motion, with the prefixes that evalresp converts."""
_USUAL = {"Z": (0.0, -90.0), "N": (0.0, 0.0), "E": (90.0, 0.0)}


def metadata_of(channel: "ChannelId", inventory: "Inventory", when: "UTCDateTime") -> "Channel":
    """Return the epoch of a channel that holds at a time.

    Raises:
        QuakeViewError: if the metadata do not know the channel then.
    """
    stations = [s for network in inventory if network.code == channel.network for s in network]
    return epoch_of(channel, [station for station in stations if station.code == channel.station], when)


def epoch_of(channel: "ChannelId", stations: "Iterable[Station]", when: "UTCDateTime") -> "Channel":
    """Return the epoch of a channel that holds at a time; of several the one that began last, and that has a response.

    A station list that gives a gain gives it for all channels of the station.

    Args:
        stations: the epochs of its station.

    Raises:
        QuakeViewError: if none knows the channel then.
    """
    stations = list(stations)
    epochs = [
        about
        for station in stations
        for about in station
        if (about.code, about.location_code) == (channel.channel, channel.location) and about.is_active(time=when)
    ]
    epochs.sort(key=lambda about: about.start_date.ns if about.start_date else 0)
    with_response = [about for about in epochs if about.response is not None]
    if with_response:
        return with_response[-1]
    for station in reversed(stations):
        if (gain := gain_of(station)) is not None:
            return _of_gain(channel, station, gain)
    if not epochs:
        raise QuakeViewError(f"{channel} is left out: the metadata {_why_not_known(channel, stations, when)}.")
    return epochs[-1]


def _why_not_known(channel: "ChannelId", stations: "Iterable[Station]", when: "UTCDateTime") -> str:
    """Whether another location code is all that is wrong."""
    same = (about for station in stations for about in station if about.code == channel.channel)
    codes = sorted({about.location_code or "none" for about in same if about.is_active(time=when)})
    return f"know it with another location code only ({', '.join(codes)})" if codes else "do not know it at that time"


def axis_by_name(channel: "ChannelId") -> tuple[float, float, float] | None:
    """The unit vector (north, east, up) of a channel whose code ends in Z, N or E; None of another."""
    return _vector(*_USUAL[letter]) if (letter := channel.channel[-1:]) in _USUAL else None


def _of_gain(channel: "ChannelId", station: "Station", gain: float) -> "Channel":
    from obspy.core.inventory import Channel

    place = station.latitude, station.longitude, station.elevation
    return Channel(channel.channel, channel.location, *place, depth=0.0, response=flat_response(gain))


def axis(channel: "ChannelId", about: "Channel") -> tuple[float, float, float]:
    """Return the unit vector (north, east, up) along which a sensor is positive; Z, N and E say so by their names.

    Raises:
        QuakeViewError: for another channel without azimuth and dip.
    """
    azimuth, dip = about.azimuth, about.dip
    if azimuth is None or dip is None:
        named = axis_by_name(channel)
        if named is None:
            raise QuakeViewError(f"{channel} is left out: the metadata do not say in which direction it points.")
        return named
    return _vector(float(azimuth), float(dip))


def _vector(azimuth: float, dip: float) -> tuple[float, float, float]:
    azimuth, dip = np.radians(azimuth), np.radians(dip)
    return float(np.cos(azimuth) * np.cos(dip)), float(np.sin(azimuth) * np.cos(dip)), float(-np.sin(dip))


def response_of(channel: "ChannelId", about: "Channel") -> Response:
    """Return counts per m/s of ground velocity against frequency; a gain alone is taken to hold at all frequencies.

    Raises:
        QuakeViewError: here, if there is no response or it is not to ground motion; later, if it cannot be evaluated.
    """
    from obspy.core.inventory import Response as Metadata

    response = about.response
    units = input_units(about)
    if units not in UNITS:
        said = f"it records {units}" if units else "the metadata have no response"
        raise QuakeViewError(f"{channel} is left out: {said}, which cannot be made ground motion.")
    if not response.response_stages:
        gain = response.instrument_sensitivity.value
        response = Metadata.from_paz([], [], gain, input_units=units, output_units="COUNTS")

    def counts(frequencies: Floats) -> NDArray[np.complex128]:
        try:
            with alone_and_silent():
                found: NDArray[np.complex128] = response.get_evalresp_response_for_frequencies(
                    frequencies, output="VEL", hide_sensitivity_mismatch_warning=True
                )
        except Exception as error:  # whatever evalresp stumbles over
            raise QuakeViewError(f"{channel} is left out: its response cannot be evaluated.") from error
        if not (np.isfinite(found).all() and np.abs(found).all()):
            raise QuakeViewError(f"{channel} is left out: its response cannot be inverted.")
        return found

    return counts


def is_accelerometer(channel: "ChannelId", about: "Channel") -> bool:
    """Say so by the instrument code N, or because its response takes in acceleration."""
    return channel.channel[1:2] == "N" or input_units(about).endswith(("M/S**2", "M/S/S"))


def input_units(about: "Channel") -> str:
    """Of what the response takes in; empty if it is not said."""
    response = about.response
    if response is None:
        return ""
    parts = [*response.response_stages[:1], response.instrument_sensitivity]
    said = [part.input_units for part in parts if part is not None and part.input_units]
    return str(said[0]).upper() if said else ""
