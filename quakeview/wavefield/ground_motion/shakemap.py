"""ShakeMap's ``grid.xml`` and ``uncertainty.xml``, for the programs that read them (ShakeCast, HAZUS, GIS)."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

import quakeview
from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError
from quakeview.wavefield.ground_motion.intensity import mmi_from_pgv
from quakeview.wavefield.ground_motion.measures import lower_bound
from quakeview.wavefield.scenarios.header import Header, Wavefield
from quakeview.wavefield.scenarios.virtual_stations import ORIGIN_TIME

_KM_PER_DEGREE = 111.2
_TIME = "%Y-%m-%dT%H:%M:%SUTC"

Floats = NDArray[np.float64]


class Field(NamedTuple):
    """A column of a grid."""

    name: str
    units: str
    style: str
    values: Floats


def write_grid_xml(wavefield: Wavefield, path: Path, origin_time: datetime = ORIGIN_TIME) -> None:
    """Write PGV (cm/s) and MMI on an even grid of longitude and latitude, rows from north to south, NaN off the map.

    Fields that a simulation of long periods does not have (PGA, PSA) are left out. PGV and MMI are lower bounds,
    because the simulation ends at its highest frequency; the description of the event says so.

    Raises:
        QuakeViewError: if magnitude or hypocentre is not known, or if the file cannot be written.
    """
    pgv = _gridded(wavefield.header, wavefield.pgv)
    fields = [Field("PGV", "cms", "%.5g", 100 * pgv), Field("MMI", "intensity", "%.3f", mmi_from_pgv(pgv))]
    _write(wavefield.header, fields, path, origin_time)


def write_uncertainty_xml(
    header: Header, ln_pgv_std: NDArray[np.floating], path: Path, origin_time: datetime = ORIGIN_TIME
) -> None:
    """Write the standard deviation of ln PGV, (nx, ny), on the grid of ``write_grid_xml``.

    Raises:
        QuakeViewError: as ``write_grid_xml``.
    """
    field = Field("STDPGV", "ln(cms)", "%.4f", _gridded(header, ln_pgv_std))
    _write(header, [field], path, origin_time)


def _gridded(header: Header, values: NDArray[np.floating]) -> Floats:
    return at_lon_lat(header, values, *np.meshgrid(*lon_lat_axes(header)))


def _write(header: Header, fields: list[Field], path: Path, origin_time: datetime) -> None:
    longitude, latitude = lon_lat_axes(header)
    columns, rows = np.meshgrid(longitude, latitude)
    fields = [Field("LON", "dd", "%.5f", columns), Field("LAT", "dd", "%.5f", rows), *fields]
    root = _root(header, fields, longitude, latitude, origin_time)
    table = np.column_stack([field.values.ravel() for field in fields])
    line = " ".join(field.style for field in fields)
    text = "\n".join(line % tuple(row) for row in table.tolist()).replace("nan", "NaN")
    ElementTree.SubElement(root, "grid_data").text = f"\n{text}\n"
    ElementTree.indent(root, space="")
    write_atomically(path, ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n")


def lon_lat_axes(header: Header) -> tuple[Floats, Floats]:
    """Longitudes from west to east and latitudes from north to south around the map, as dense as its nodes."""
    x, y = np.meshgrid(header.x[[0, -1]], header.y[[0, -1]])
    corners = np.array(header.region.to_geographic(x.ravel(), y.ravel()))
    (west, south), (east, north) = corners.min(axis=1), corners.max(axis=1)
    degrees = (header.x[1] - header.x[0]) / 1000 / _KM_PER_DEGREE
    wide, high = degrees / np.cos(np.radians((south + north) / 2)), degrees
    n_lon, n_lat = (int(np.ceil(extent / step)) for extent, step in ((east - west, wide), (north - south, high)))
    return west + wide * np.arange(n_lon + 1), north - high * np.arange(n_lat + 1)


def at_lon_lat(header: Header, values: NDArray[np.floating], longitude: Floats, latitude: Floats) -> Floats:
    """A map (nx, ny) between its nodes, at points in degrees; NaN outside."""
    from scipy.ndimage import map_coordinates

    x, y = header.region.to_local(longitude, latitude)
    spacing_x, spacing_y = header.x[1] - header.x[0], header.y[1] - header.y[0]
    indices = np.array([(x - header.x[0]) / spacing_x, (y - header.y[0]) / spacing_y])
    interpolated: Floats = map_coordinates(np.asarray(values, float), indices, order=1, cval=np.nan)
    return interpolated


def _root(
    header: Header, fields: list[Field], longitude: Floats, latitude: Floats, origin_time: datetime
) -> ElementTree.Element:
    if header.magnitude is None or header.hypocentre is None:
        raise QuakeViewError(f"{header.name} has no magnitude or hypocentre, which a ShakeMap needs.")
    x, y, depth = header.hypocentre
    lon, lat = (float(value) for value in header.region.to_geographic(x, y))
    event_id = "_".join(header.name.split()) or "scenario"
    root = ElementTree.Element(
        "shakemap_grid",
        {
            "xmlns": "http://earthquake.usgs.gov/eqcenter/shakemap",
            "event_id": event_id,
            "shakemap_id": event_id,
            "shakemap_version": "1",
            "code_version": f"QuakeView {quakeview.__version__}",
            "process_timestamp": datetime.now(UTC).strftime(_TIME),
            "shakemap_originator": "QuakeView",
            "map_status": "AUTOMATIC",
            "shakemap_event_type": "SCENARIO",
        },
    )
    ElementTree.SubElement(
        root,
        "event",
        {
            "event_id": event_id,
            "magnitude": f"{header.magnitude:.2f}",
            "depth": f"{depth / 1000:.2f}",
            "lat": f"{lat:.5f}",
            "lon": f"{lon:.5f}",
            "event_timestamp": origin_time.astimezone(UTC).strftime(_TIME),
            "event_network": "",
            "event_description": f"{header.name}; {header.model_name}; {lower_bound(header.frequency)}",
        },
    )
    ElementTree.SubElement(
        root,
        "grid_specification",
        {
            "lon_min": f"{longitude[0]:.5f}",
            "lat_min": f"{latitude[-1]:.5f}",
            "lon_max": f"{longitude[-1]:.5f}",
            "lat_max": f"{latitude[0]:.5f}",
            "nominal_lon_spacing": f"{longitude[1] - longitude[0]:.7f}",
            "nominal_lat_spacing": f"{latitude[0] - latitude[1]:.7f}",
            "nlon": str(longitude.size),
            "nlat": str(latitude.size),
        },
    )
    for index, field in enumerate(fields, start=1):
        attributes = {"index": str(index), "name": field.name, "units": field.units}
        ElementTree.SubElement(root, "grid_field", attributes)
    return root
