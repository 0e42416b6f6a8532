"""A forecast as GeoJSON (RFC 7946) and as a table (CSV), a cell each."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakeview.atlas.world import Box, clipped
from quakeview.atomic import write_atomically
from quakeview.seismicity.catalogue import date_of
from quakeview.seismicity.maps.day_forecast import DayForecast, Quantity

COLUMNS = ("longitude", "latitude", "expected_number", "probability", "times_long_term_rate")
_DIGITS = 5
"""Of degrees: a metre."""
_EARTH = Box(-180.0, -90.0, 180.0, 90.0)


def write_geojson(path: Path, forecast: DayForecast) -> None:
    """Write the cells as areas with their numbers; a cell across the date line has two parts.

    Raises:
        QuakeViewError: if the file cannot be written.
    """
    numbers = _columns(forecast)
    features = [
        {"type": "Feature", "geometry": _geometry(ring), "properties": dict(zip(COLUMNS[2:], values, strict=True))}
        for ring, values in zip(_rings(forecast), zip(*numbers, strict=True), strict=True)
    ]
    content = {"type": "FeatureCollection", "forecast": described(forecast), "features": features}
    write_atomically(path, json.dumps(content, separators=(",", ":"), allow_nan=False).encode())


def write_csv(path: Path, forecast: DayForecast) -> None:
    """Write a line for each cell: where its middle is, and its numbers; lines with # say what they are.

    Raises:
        QuakeViewError: if the file cannot be written.
    """
    text = io.StringIO()
    for name, value in described(forecast).items():
        text.write(f"# {name}: {value}\n")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    latitude, longitude = forecast.grid.geographic(*forecast.grid.centres)
    for east, north, *values in zip(longitude.tolist(), latitude.tolist(), *_columns(forecast), strict=True):
        written = ("" if value is None else f"{value:.6g}" for value in values)
        table.writerow([f"{east:.{_DIGITS}f}", f"{north:.{_DIGITS}f}", *written])
    write_atomically(path, text.getvalue().encode())


def described(forecast: DayForecast) -> dict[str, Any]:
    """Return what a file says about the forecast in it, by name."""
    said = forecast.provenance
    return {
        "forecaster": said.forecaster,
        "fitted_on": said.fitted,
        "worth": said.worth,
        "magnitude": forecast.magnitude,
        "last_known_day": date_of(forecast.day),
        "first_day": date_of(forecast.first),
        "last_day": date_of(forecast.last),
        "expected_number_in_all": round(forecast.total, 6),
    }


def _columns(forecast: DayForecast) -> list[list[float | None]]:
    """Of each number, a value for each cell; None where there is none."""
    return [
        [value if np.isfinite(value) else None for value in map(_short, forecast.values(quantity).ravel().tolist())]
        for quantity in Quantity
    ]


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def _rings(forecast: DayForecast) -> NDArray[np.float64]:
    """(cells, 5, 2) longitudes, which may be beyond 180, and latitudes of closed outlines, anticlockwise."""
    grid = forecast.grid
    east, north = grid.centres
    half = grid.size / 2 * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)])
    latitude, longitude = grid.geographic(east[:, None] + half[:, 0], north[:, None] + half[:, 1])
    first = longitude[:, :1]
    unbroken = first + (longitude - first + 180) % 360 - 180
    return np.asarray(np.round(np.stack((unbroken, latitude), axis=-1), _DIGITS), np.float64)


def _geometry(ring: NDArray[np.float64]) -> dict[str, Any]:
    """An outline, cut at 180 degrees as RFC 7946 asks for."""
    ring = ring - np.array([360 * np.floor((ring[:, 0].mean() + 180) / 360), 0.0])
    if np.abs(ring[:, 0]).max() <= 180:
        return {"type": "Polygon", "coordinates": [ring.tolist()]}
    beyond = ring - np.array([360 * np.sign(ring[np.abs(ring[:, 0]).argmax(), 0]), 0.0])
    parts = [clipped(part[:-1], _EARTH) for part in (ring, beyond)]
    closed = [np.round(np.vstack((part, part[:1])), _DIGITS).tolist() for part in parts if len(part)]
    return {"type": "MultiPolygon", "coordinates": [[part] for part in closed]}
