"""Seismograms in the order of distance along a line: the traces of a record section."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.geography import geography
from quakeview.jobs import Progress
from quakeview.simulation.region import HAYWARD
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.scenarios.header import Wavefield

Floats = NDArray[np.float64]
ALONG, ACROSS, TO_POINT, STATIONS = LINES = (
    "Along the fault",
    "Across the fault",
    "To the last point",
    "Stations by distance",
)
MOST_TRACES = 32
_NO_POINT = "Click a point of the map: the section then runs from the epicentre to it."


@dataclass(frozen=True)
class Line:
    """Where the traces are taken: nodes (n,) along X and Y, and how far along the line they are, m.

    ``distance`` is what the axis shows; ``epicentral`` is the distance from the epicentre.
    """

    ix: NDArray[np.int_]
    iy: NDArray[np.int_]
    distance: Floats
    epicentral: Floats
    title: str


def epicentre(wavefield: Wavefield) -> tuple[float, float]:
    """Find X and Y, m; the middle of the map if it is not known."""
    if wavefield.hypocentre is not None:
        return wavefield.hypocentre[0], wavefield.hypocentre[1]
    return float(np.mean(wavefield.x)), float(np.mean(wavefield.y))


def section_line(wavefield: Wavefield, kind: str, point: tuple[float, float] | None = None) -> Line:
    """Find the nodes of one of ``LINES``.

    Raises:
        QuakeViewError: if the line needs a point, or stations, that are not there.
    """
    x0, y0 = epicentre(wavefield)
    if kind == ALONG:
        x = _thinned(wavefield.x)
        return _line(wavefield, x, np.full(len(x), y0), x - x0, "Along the fault (km)")
    if kind == ACROSS:
        y = _thinned(wavefield.y)
        return _line(wavefield, np.full(len(y), x0), y, y - y0, "Across the fault (km)")
    if kind == TO_POINT:
        if point is None:
            raise QuakeViewError(_NO_POINT)
        part = np.linspace(0, 1, MOST_TRACES)
        x, y = x0 + part * (point[0] - x0), y0 + part * (point[1] - y0)
        return _line(wavefield, x, y, np.hypot(x - x0, y - y0), "Distance (km)")
    if wavefield.region != HAYWARD:
        raise QuakeViewError("There are no stations in this region; choose another line.")
    stations = geography(HAYWARD).stations
    x, y = np.array([station.x for station in stations]), np.array([station.y for station in stations])
    order = np.argsort(np.hypot(x - x0, y - y0))
    x, y = _thinned(x[order]), _thinned(y[order])
    return _line(wavefield, x, y, np.hypot(x - x0, y - y0), "Distance (km)")


def _thinned(values: Floats) -> Floats:
    """At most ``MOST_TRACES`` of them, evenly chosen."""
    return values[:: max(1, int(np.ceil(len(values) / MOST_TRACES)))]


def _line(wavefield: Wavefield, x: Floats, y: Floats, distance: Floats, title: str) -> Line:
    nearest = [wavefield.nearest(*place) for place in zip(x, y, strict=True)]
    ix, iy = np.array(nearest).T
    x0, y0 = epicentre(wavefield)
    return Line(ix, iy, distance, np.hypot(x - x0, y - y0), title)


@dataclass(frozen=True)
class Section:
    """``velocity`` (n, 3, nt), m/s, of the traces of ``line`` at ``times`` (nt,), s; and what was ``forecast`` of them
    at ``forecast_times``, if it was."""

    line: Line
    times: Floats
    velocity: NDArray[np.float32]
    forecast_times: Floats | None = None
    forecast: NDArray[np.float32] | None = None


def read_section(
    wavefield: Wavefield,
    kind: str,
    point: tuple[float, float] | None,
    forecast: Forecast | None = None,
    progress: Progress = Progress(),
) -> Section:
    """Read the traces there are so far, and what is forecast of them so far. Raises as ``section_line`` does."""
    line = section_line(wavefield, kind, point)
    traces = []
    for number, (ix, iy) in enumerate(zip(line.ix, line.iy, strict=True)):
        progress.advance(number, len(line.ix))
        traces.append(wavefield.traces([ix], [iy])[0])
    length = min(trace.shape[1] for trace in traces)
    times = wavefield.start_time + wavefield.frame_step * np.arange(length, dtype=np.float64)
    velocity = np.stack([trace[:, :length] for trace in traces])
    if forecast is None or forecast.n_frames <= forecast.issued:
        return Section(line, times, velocity)
    expected = forecast.traces(line.ix, line.iy)[..., forecast.issued :]
    later = forecast.issue_time + forecast.frame_step * np.arange(expected.shape[-1], dtype=np.float64)
    return Section(line, times, velocity, later, expected)
