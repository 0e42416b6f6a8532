"""Which files a forecast can be written to, by the end of their names."""

from collections.abc import Callable
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.maps import figures
from quakeview.seismicity.maps.csep import write_csep_csv, write_csep_dat, write_csep_xml
from quakeview.seismicity.maps.day_forecast import DayForecast
from quakeview.seismicity.maps.geotiff import write_geotiff
from quakeview.seismicity.maps.tables import write_csv, write_geojson

WRITERS: dict[str, tuple[str, Callable[[Path, DayForecast], None]]] = {
    ".tif": ("GeoTIFF, expected number in each cell", write_geotiff),
    ".geojson": ("GeoJSON, a polygon for each cell", write_geojson),
    ".csv": ("CSV, a line for each cell", write_csv),
    ".xml": ("CSEP ForecastML", write_csep_xml),
    ".dat": ("CSEP table", write_csep_dat),
    ".csep.csv": ("CSEP table with a column for each magnitude", write_csep_csv),
}
"""What a file is, and who writes it, by its suffix."""


def suffix_of(path: Path) -> str:
    """Return the end of a name that says what the file is, such as ``.csep.csv``, in small letters."""
    name = path.name.lower()
    return next((suffix for suffix in (".csep.csv",) if name.endswith(suffix)), path.suffix.lower())


def write_forecast(path: Path, forecast: DayForecast, catalogue: Catalogue | None = None) -> None:
    """Write the forecast of a day as the end of the file's name says: a table, a map, a file of CSEP, or a figure.

    Args:
        catalogue: whose earthquakes are drawn on a figure; None: none.

    Raises:
        QuakeViewError: for another suffix, or a file that cannot be written.
    """
    suffix = {".tiff": ".tif", ".json": ".geojson"}.get(suffix_of(path), suffix_of(path))
    if suffix in figures.SUFFIXES:
        figures.write_figure(path, forecast, catalogue)
    elif suffix in WRITERS:
        WRITERS[suffix][1](path, forecast)
    else:
        known = ", ".join((*WRITERS, *figures.SUFFIXES))
        raise QuakeViewError(f"A forecast cannot be written to “{path.name}”; let its name end in {known}.")
