"""GeoTIFF (OGC 19-008r4): a map as pixels with the projection that they are in, for any geographic information system.

Pillow writes the pixels; the tags that say where they are on Earth are written here.
"""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.atomic import write_atomically
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.maps.day_forecast import DayForecast, Quantity
from quakeview.seismicity.maps.degrees import STEP, to_degrees

PIXEL_SCALE, TIE_POINT, KEYS, DOUBLES, TEXTS, NO_DATA = 33550, 33922, 34735, 34736, 34737, 42113
"""Tags of the file."""
_DESCRIPTION, _SOFTWARE = 270, 305
_DOUBLE = 12
"""Type of a tag's values in TIFF 6.0."""


def write_geotiff(
    path: Path, forecast: DayForecast, quantity: Quantity = Quantity.EXPECTED, degrees: float | None = None
) -> None:
    """Write the map of a day as one band of 32-bit numbers; what is not known is NaN.

    Args:
        quantity: what the numbers are.
        degrees: side of the pixels, degrees; None: the cells of the grid in its own equal-area projection. On degrees
            the numbers are those of the new cells, and so are the probabilities.

    Raises:
        QuakeViewError: if the file cannot be written, or there would be too many pixels.
    """
    if degrees is None:
        rows, grid = forecast.values(quantity).T[::-1], forecast.grid
        top = grid.south + grid.size * grid.shape[1]
        _write(path, rows, (grid.west, top), grid.size, _projected(grid), _words(forecast, quantity))
        return
    cells = to_degrees(forecast.grid, forecast.expected, degrees)
    rows = _on_degrees(forecast, quantity, cells.expected, degrees)[::-1]
    corner = (cells.west, cells.south + degrees * len(rows))
    _write(path, rows, corner, degrees, _geographic(), _words(forecast, quantity))


def _on_degrees(
    forecast: DayForecast, quantity: Quantity, expected: NDArray[np.float64], degrees: float = STEP
) -> NDArray[np.float64]:
    if quantity is Quantity.EXPECTED:
        return expected
    if quantity is Quantity.PROBABILITY:
        return -np.expm1(-expected)
    if forecast.long_term is None:
        return np.full_like(expected, np.nan)
    usual = to_degrees(forecast.grid, forecast.long_term, degrees).expected
    return np.where(usual > 0, expected / np.where(usual > 0, usual, 1.0), np.nan)


def _words(forecast: DayForecast, quantity: Quantity) -> str:
    said = f"{quantity.capitalize()}: {forecast.what}, {forecast.when} UTC. {forecast.provenance}."
    return said.replace("≥", ">=").encode("ascii", "replace").decode()


def _projected(grid: CellGrid) -> tuple[list[int], list[float], str]:
    """Keys of Lambert's azimuthal equal-area projection on WGS 84, in metres."""
    name = "Lambert azimuthal equal area|"
    keys = [
        *(1024, 0, 1, 1),  # a projection
        *(1025, 0, 1, 1),  # a pixel is an area
        *(1026, 34737, len(name), 0),
        *(2048, 0, 1, 4326),  # WGS 84
        *(2054, 0, 1, 9102),  # degrees
        *(3072, 0, 1, 32767),  # defined here
        *(3074, 0, 1, 32767),
        *(3075, 0, 1, 10),  # Lambert azimuthal equal area
        *(3076, 0, 1, 9001),  # metres
        *(3082, 34736, 1, 2),  # false easting and northing
        *(3083, 34736, 1, 2),
        *(3088, 34736, 1, 0),  # longitude and latitude of the centre
        *(3089, 34736, 1, 1),
    ]
    return [1, 1, 0, len(keys) // 4, *keys], [grid.longitude, grid.latitude, 0.0], name


def _geographic() -> tuple[list[int], list[float], str]:
    name = "WGS 84|"
    keys = [1024, 0, 1, 2, 1025, 0, 1, 1, 1026, 34737, len(name), 0, 2048, 0, 1, 4326, 2054, 0, 1, 9102]
    return [1, 1, 0, len(keys) // 4, *keys], [], name


def _write(
    path: Path,
    rows: NDArray[np.float64],
    corner: tuple[float, float],
    size: float,
    system: tuple[list[int], list[float], str],
    words: str,
) -> None:
    """Write rows, the northernmost first, whose north-western corner is at ``corner``."""
    from PIL import Image
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    keys, doubles, texts = system
    tags = ImageFileDirectory_v2()
    tags[_DESCRIPTION], tags[_SOFTWARE], tags[NO_DATA] = words, "QuakeView", "nan"
    for tag, values in (
        (PIXEL_SCALE, (size, size, 0.0)),
        (TIE_POINT, (0.0, 0.0, 0.0, *corner, 0.0)),
        (DOUBLES, tuple(doubles)),
    ):
        if values:
            tags.tagtype[tag] = _DOUBLE
            tags[tag] = values
    tags.tagtype[KEYS] = 3
    tags[KEYS] = tuple(keys)
    tags[TEXTS] = texts
    content = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(rows, np.float32)).save(
        content, "tiff", tiffinfo=tags, compression="tiff_deflate"
    )
    write_atomically(path, content.getvalue())
