"""Station lists: tables of coordinates as text, one line for each station or channel, some with a gain."""

import csv
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from quakeview.errors import QuakeViewError
from quakeview.texts import counted

if TYPE_CHECKING:
    from obspy import Inventory
    from obspy.core.inventory import Channel, Response, Station

GAIN = "gain_counts_per_m_s"
"""Column, and tag in ``Station.extra``: counts per m/s of ground velocity, of all channels, at all frequencies."""
NAMESPACE = "urn:quakeview:stations"
"""Of that tag in StationXML."""
_ALIASES = {
    "network": ("network", "net", "network_code"),
    "station": ("station", "sta", "station_code"),
    "location": ("location", "loc", "location_code"),
    "channel": ("channel", "chan", "cha", "channel_code"),
    "id": ("id", "station_id", "seed_id"),
    "latitude": ("latitude", "lat", "latitude_deg"),
    "longitude": ("longitude", "lon", "long", "lng", "longitude_deg"),
    "elevation": ("elevation", "elevation_m", "elevation(m)", "elev", "elev_m", "elv(m)"),
    "elevation_km": ("elevation_km", "elev_km"),
    GAIN: (GAIN,),
}
_NAMES = {alias: name for name, aliases in _ALIASES.items() for alias in aliases}
_OF_OTHERS = {"phase", "phase_type", "phase_hint", "mag", "magnitude", "depth", "depth_km"}
"""Columns of picks and catalogues."""
_CHANNEL_CODE = 3
_LARGEST = {"latitude": 90.0, "longitude": 360.0}


class _Row(NamedTuple):
    network: str
    station: str
    location: str
    channel: str
    latitude: float
    longitude: float
    elevation: float | None
    gain: float | None


def is_station_list(head: bytes) -> bool:
    """Whether a file that begins so is a table of stations, and not one of picks or earthquakes."""
    columns = {*_columns(_text(head).lstrip().partition("\n")[0])}
    of_stations = {"latitude", "longitude"} <= columns and not columns.isdisjoint({"station", "id"})
    return of_stations and columns.isdisjoint(_OF_OTHERS)


def read_station_list(content: bytes, name: str) -> tuple["Inventory", list[str]]:
    """Read a table whose first line names the columns.

    These are network, station, latitude and longitude (degrees) and elevation (m), also ``net``, ``sta``, ``lat``,
    ``lon``, ``elev``, ``elevation_m``; ``id`` instead of the codes (``NET.STA`` or ``NET.STA.LOC.CHA``); location and
    channel where lines are of channels; ``gain_counts_per_m_s``. Others are passed over.

    Returns:
        The stations, and a sentence for each line that is left out and for what is missing.

    Raises:
        QuakeViewError: if there is no such header, or no line that can be read.
    """
    if not is_station_list(content):
        raise QuakeViewError(
            f"{name} is no list of stations; its first line has to be such as network,station,latitude,longitude,"
            "elevation_m."
        )
    header, *lines = _text(content).lstrip().splitlines()
    columns, delimiter = _columns(header), _delimiter(header)
    rows, notes = [], []
    for number, fields in enumerate(csv.reader(lines, delimiter=delimiter, skipinitialspace=True), start=2):
        values = {column: field.strip() for column, field in zip(columns, fields, strict=False) if field.strip()}
        if not values:
            continue
        try:
            rows.append(_row(values))
        except ValueError as error:
            notes.append(f"{name}, line {number} is left out: {error}.")
    if not rows:
        raise QuakeViewError(notes[0] if notes else f"{name} has no stations.")
    if low := sum(row.elevation is None for row in rows):
        notes.append(f"{name} gives no elevation in {counted(low, 'line')}, which is taken to be 0 m.")
    if any(not row.network for row in rows):
        notes.append(f"{name} has stations without a network code; they match records without one.")
    return _inventory(rows), notes


def gain_of(station: "Station") -> float | None:
    """Counts per m/s of all its channels, if a list said so."""
    tag = getattr(station, "extra", {}).get(GAIN)
    return None if tag is None else float(tag["value"])


def flat_response(gain: float) -> "Response":
    """Counts per m/s of ground velocity that hold at all frequencies."""
    from obspy.core.inventory import InstrumentSensitivity, Response

    return Response(instrument_sensitivity=InstrumentSensitivity(gain, 1.0, "M/S", "COUNTS"))


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig", "replace")


def _delimiter(header: str) -> str:
    return max(",;\t|", key=header.count)


def _columns(header: str) -> list[str]:
    """Our names of the columns; those that mean nothing here keep theirs."""
    fields = (field.strip(" #\"'\r").lower() for field in header.split(_delimiter(header)))
    return [_NAMES.get(field, field) for field in fields]


def _row(values: Mapping[str, str]) -> _Row:
    """Raises:
    ValueError: with what is wrong.
    """
    network, station, location, channel = _codes(values)
    if not station:
        raise ValueError("it has no station code")
    latitude, longitude = _angle(values, "latitude"), _angle(values, "longitude")
    elevation, kilometres = _number(values, "elevation"), _number(values, "elevation_km")
    if kilometres is not None and elevation is None:
        elevation = 1000 * kilometres
    gain = _number(values, GAIN)
    if gain == 0:
        raise ValueError("its gain is 0")
    return _Row(
        network,
        station,
        location,
        channel,
        latitude,
        longitude - 360 if longitude > 180 else longitude,
        elevation,
        gain,
    )


def _codes(values: Mapping[str, str]) -> tuple[str, str, str, str]:
    """Network, station, location and channel, from columns of their own or from an id; without a channel's band."""
    whole = values.get("id") or ("" if "network" in values else values.get("station", ""))
    network, station, location, channel, *_ = [*whole.split("."), "", "", "", ""] if "." in whole else [""] * 4
    if not station:
        network, station = values.get("network", ""), values.get("station", "")
    location, channel = values.get("location", location), values.get("channel", channel)
    return network, station, "" if location == "--" else location, channel if len(channel) >= _CHANNEL_CODE else ""


def _angle(values: Mapping[str, str], name: str) -> float:
    angle = _number(values, name)
    if angle is None:
        raise ValueError(f"its {name} is missing")
    if abs(angle) > _LARGEST[name]:
        raise ValueError(f"its {name} {angle:g} is on no globe")
    return angle


def _number(values: Mapping[str, str], name: str) -> float | None:
    if name not in values:
        return None
    try:
        number = float(values[name])
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"its {name.replace('_', ' ')} {values[name]!r} is no number")
    return number


def _inventory(rows: Iterable[_Row]) -> "Inventory":
    """Lines of one place are one station."""
    from obspy import Inventory
    from obspy.core.inventory import Network, Station

    networks: dict[str, Network] = {}
    stations: dict[tuple[str, str, float, float, float], Station] = {}
    for row in rows:
        place = row.latitude, row.longitude, row.elevation or 0.0
        network = networks.setdefault(row.network, Network(row.network))
        station = stations.get((row.network, row.station, *place))
        if station is None:
            station = stations[row.network, row.station, *place] = Station(row.station, *place)
            network.stations.append(station)
        if row.channel:
            station.channels.append(_channel(row))
        elif row.gain is not None:
            station.extra = {GAIN: {"value": repr(row.gain), "namespace": NAMESPACE}}
    return Inventory(list(networks.values()))


def _channel(row: _Row) -> "Channel":
    from obspy.core.inventory import Channel

    response = None if row.gain is None else flat_response(row.gain)
    place = row.latitude, row.longitude, row.elevation or 0.0
    return Channel(row.channel, row.location, *place, depth=0.0, response=response)
