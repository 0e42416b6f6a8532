"""Forecasts as the Collaboratory for the Study of Earthquake Predictability (CSEP) reads them: XML, .dat and CSV.

CSEP's cells are of equal degrees; one open bin of magnitude holds all that are large enough.
"""

import io
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

from quakeview.atomic import write_atomically
from quakeview.seismicity.catalogue import DAY
from quakeview.seismicity.maps.day_forecast import DayForecast
from quakeview.seismicity.maps.degrees import STEP, Floats, to_degrees

DEPTHS = 0.0, 100.0
"""km; our forecasts do not tell depths apart."""
LARGEST = 10.0
"""Magnitude at which CSEP's last bin is said to end."""
NAMESPACE = "http://www.scec.org/xml-ns/csep/forecast/0.1"


def write_csep_dat(path: Path, forecast: DayForecast, step: float = STEP) -> None:
    """Write the table of CSEP: edges of longitude, latitude, depth (km) and magnitude, expected number, 1 for used.

    Args:
        step: side of the cells, degrees.

    Raises:
        QuakeViewError: if the file cannot be written, or there would be too many cells.
    """
    places, expected = _cells(forecast, step)
    same = np.ones_like(expected)
    columns = [*places, forecast.magnitude * same, LARGEST * same, expected, same]
    text = io.StringIO()
    np.savetxt(text, np.column_stack(columns), fmt=["%.6g"] * 8 + ["%.8e", "%d"], delimiter="\t")
    write_atomically(path, text.getvalue().encode())


def write_csep_csv(path: Path, forecast: DayForecast, step: float = STEP) -> None:
    """Write the newer table of CSEP: a line for each cell, the expected number under the magnitude from which it is.

    Args:
        step: side of the cells, degrees.

    Raises:
        QuakeViewError: if the file cannot be written, or there would be too many cells.
    """
    places, expected = _cells(forecast, step)
    columns = [*places, expected]
    text = io.StringIO()
    text.write(f"lon_min,lon_max,lat_min,lat_max,depth_min,depth_max,{forecast.magnitude:g}\n")
    np.savetxt(text, np.column_stack(columns), fmt=["%.6g"] * 6 + ["%.8e"], delimiter=",")
    write_atomically(path, text.getvalue().encode())


def _cells(forecast: DayForecast, step: float) -> tuple[list[Floats], Floats]:
    """West, east, south, north, upper and lower side of each cell, and what is expected in it."""
    west, south, expected = to_degrees(forecast.grid, forecast.expected, step).corners()
    same = np.ones_like(west)
    return [west, west + step, south, south + step, DEPTHS[0] * same, DEPTHS[1] * same], expected


def write_csep_xml(path: Path, forecast: DayForecast, step: float = STEP) -> None:
    """Write CSEP's ForecastML: the middle of each cell with the expected number.

    Args:
        step: side of the cells, degrees.

    Raises:
        QuakeViewError: if the file cannot be written, or there would be too many cells.
    """
    west, south, expected = to_degrees(forecast.grid, forecast.expected, step).corners()
    lines = [
        "<?xml version='1.0' encoding='UTF-8'?>",
        f"<CSEPForecast xmlns='{NAMESPACE}'>",
        "  <forecastData publicID='smi:quakeview/forecast/1'>",
        f"    <modelName>{escape(forecast.provenance.forecaster)}</modelName>",
        "    <version>1.0</version>",
        f"    <author>{escape(str(forecast.provenance))}</author>",
        f"    <issueDate>{_moment(forecast.day + 1)}</issueDate>",
        f"    <forecastStartDate>{_moment(forecast.first)}</forecastStartDate>",
        f"    <forecastEndDate>{_moment(forecast.last + 1)}</forecastEndDate>",
        f"    <defaultCellDimension latRange='{step:g}' lonRange='{step:g}'/>",
        "    <defaultMagBinDimension>0.1</defaultMagBinDimension>",
        "    <lastMagBinOpen>1</lastMagBinOpen>",
        f"    <depthLayer max='{DEPTHS[1]:g}' min='{DEPTHS[0]:g}'>",
    ]
    for east, north, number in zip(west + step / 2, south + step / 2, expected, strict=True):
        lines.append(
            f"      <cell lat='{north:.6g}' lon='{east:.6g}'><bin m='{forecast.magnitude:g}'>{number:.8e}</bin></cell>"
        )
    lines += ["    </depthLayer>", "  </forecastData>", "</CSEPForecast>", ""]
    write_atomically(path, "\n".join(lines).encode())


def _moment(day: int) -> str:
    return f"{datetime.fromtimestamp(day * DAY, UTC):%Y-%m-%dT%H:%M:%SZ}"
