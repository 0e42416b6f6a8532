"""What of a forecast goes to other programs: tables of sites, ShakeMap's grids, seismograms.

All of it begins with the first frame that is a forecast, and ends with the frames so far of one that still grows. The
files themselves are written as those of every wavefield (``shakemap``, ``virtual_stations``); forecasts to be opened
again by ``forecast_file``, pictures and films by ``figures``.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError
from quakeview.geography import City, Station
from quakeview.jobs import Progress
from quakeview.wavefield.forecasting.delays import USUAL_DELAYS, Delays
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.forecasting.warning import Saying, place_cells, warning_cells, warning_map
from quakeview.wavefield.ground_motion.intensity import mmi_from_pgv
from quakeview.wavefield.ground_motion.shakemap import write_grid_xml, write_uncertainty_xml
from quakeview.wavefield.scenarios.header import Frames, Header, Wavefield
from quakeview.wavefield.scenarios.virtual_stations import ORIGIN_TIME, write_miniseed

FORECAST_LOCATION = "FC"
"""Location code of the channels of a forecast; those of a scenario have none."""
SITE_COLUMNS = (
    *("name", "x_km", "y_km", "lon", "lat", "issue_time_s"),
    *("forecast_pgv_cm_s", "ln_pgv_std", "forecast_t_pgv_s", "t_pgv_std_s", "forecast_mmi"),
    *("true_pgv_cm_s", "true_t_pgv_s", "true_mmi"),
    "enough_stations",
    *("warning_mmi", "alert_time_s", "exceedance_time_s", "warning_s", "outcome", "probability"),
)


class Coming(Wavefield):
    """The frames of a forecast from its issue on, as a wavefield of its own; it grows with the forecast. PGV is NaN
    where there are not enough stations."""

    def __init__(self, forecast: Forecast) -> None:
        self._forecast, self._issued = forecast, forecast.issued
        self.header: Header = replace(
            forecast.header,
            name=f"{forecast.name}, from then on",
            start_time=forecast.issue_time,
            planned_frames=forecast.planned_frames - forecast.issued,
        )

    @property
    def n_frames(self) -> int:
        return self._forecast.n_frames - self._issued

    @property
    def peak(self) -> float:
        return max((float(np.abs(self.frame(index)).max()) for index in range(self.n_frames)), default=0.0)

    @property
    def pgv(self) -> Frames:
        return np.where(self._forecast.support.enough, self._forecast.pgv, np.float32(np.nan))

    @property
    def t_pgv(self) -> Frames:
        return self._forecast.t_pgv

    def frame(self, index: int) -> Frames:
        return self._forecast.frame(self._issued + index)

    def frames(self, start: int, stop: int) -> Frames:
        return self._forecast.frames(self._issued + start, self._issued + stop)

    def traces(self, ix: ArrayLike, iy: ArrayLike) -> Frames:
        return self._forecast.traces(ix, iy)[..., self._issued :]


def write_forecast_shakemap(forecast: Forecast, path: Path, origin_time: datetime = ORIGIN_TIME) -> list[Path]:
    """Write PGV and MMI from the issue on as ShakeMap's grid.xml, and the calibrated standard deviation of ln PGV
    beside it as ``uncertainty.xml`` if there is one; NaN where there are not enough stations.

    Returns:
        the files.

    Raises:
        QuakeViewError: if there is no frame yet, there are not enough stations anywhere, magnitude or hypocentre is not
            known, or a file cannot be written.
    """
    coming = _believed(forecast)
    write_grid_xml(coming, path, origin_time)
    if not np.isfinite(forecast.ln_pgv_std).any():
        return [path]
    name = "uncertainty.xml" if path.name == "grid.xml" else f"{path.stem}-uncertainty.xml"
    write_uncertainty_xml(coming.header, forecast.ln_pgv_std, path.with_name(name), origin_time)
    return [path, path.with_name(name)]


def write_forecast_miniseed(
    forecast: Forecast,
    stations: Sequence[Station],
    path: Path,
    origin_time: datetime = ORIGIN_TIME,
    progress: Progress = Progress(),
) -> Path:
    """Write the members' mean from the issue on as ``virtual_stations.write_miniseed`` does, which returns the path of
    the StationXML. Channels have the location code ``FORECAST_LOCATION``: truth and forecast can be open together.

    Raises:
        QuakeViewError: if there is no frame yet, a station is where the forecast says nothing, or as
            ``virtual_stations.write_miniseed``.
        Cancelled: through ``progress``; nothing is written then.
    """
    coming = _believed(forecast)
    for station in stations:
        if why := forecast.support.why(*forecast.nearest(station.x, station.y)):
            raise QuakeViewError(f"{station.code}: {why} Leave it out.")
    return write_miniseed(coming, stations, path, origin_time, progress, location=FORECAST_LOCATION)


def write_forecast_sites_csv(
    truth: Wavefield,
    forecast: Forecast,
    sequence: Sequence[Saying],
    mmi: float,
    sites: Sequence[City | Station],
    path: Path,
    progress: Progress = Progress(),
    probability: float | None = None,
    delays: Delays = USUAL_DELAYS,
) -> None:
    """Write a line for each place (``SITE_COLUMNS``): what a forecast said and what came, over the same frames from the
    issue on, and what warning the sequence of forecasts of the event gave of an intensity. What is missing is empty,
    and so is what a forecast says where it has not enough stations.

    Raises:
        QuakeViewError: if there is no place or no frame yet, truth and forecast have no frames in common, or as
            ``warning.warning_map``; or if the file cannot be written.
        Cancelled: through ``progress``; nothing is written then.
    """
    if not sites:
        raise QuakeViewError("There is no site to write a line for; add one.")
    _with_frames(forecast)
    warnings = warning_map(truth, sequence, mmi, progress, probability, delays).at(sites)
    pgv, ln_pgv_std, t_pgv, t_pgv_std = forecast.pgv, forecast.ln_pgv_std, forecast.t_pgv, forecast.t_pgv_std
    rows = []
    for warning in warnings:
        node = truth.nearest(warning.x, warning.y)
        true_pgv, true_t_pgv = _true_peak(truth, forecast, *node)
        enough = bool(forecast.support.enough[node])
        said = [_figure(100 * pgv[node], "4g"), _figure(ln_pgv_std[node], "3f"), _figure(t_pgv[node], "2f")]
        said += [_figure(t_pgv_std[node], "2f"), _figure(float(mmi_from_pgv(pgv[node])), "2f")]
        cells = said if enough else [""] * len(said)
        cells += [_figure(100 * true_pgv, "4g"), _figure(true_t_pgv, "2f"), f"{mmi_from_pgv(true_pgv):.2f}"]
        cells += ["yes" if enough else "no", f"{mmi:g}", *warning_cells(warning)]
        place = place_cells(truth.region, warning.x, warning.y)
        rows.append([warning.name, *place, _figure(forecast.issue_time, "2f"), *cells])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([SITE_COLUMNS, *rows])
    write_atomically(path, text.getvalue().encode())


def _with_frames(forecast: Forecast) -> Coming:
    coming = Coming(forecast)
    if coming.n_frames == 0:
        raise QuakeViewError("The forecast has no frame yet; wait until the first ones are computed.")
    return coming


def _believed(forecast: Forecast) -> Coming:
    """Its frames, if they may be believed anywhere."""
    if reason := forecast.support.reason:
        raise QuakeViewError(f"{reason} Nothing is written that could be taken for a forecast.")
    return _with_frames(forecast)


def _true_peak(truth: Wavefield, forecast: Forecast, ix: int, iy: int) -> tuple[float, float]:
    """PGV, m/s, and T_PGV, s, of a node over the frames that are forecast."""
    speed = np.hypot(*truth.traces([ix], [iy])[0, :2, forecast.issued : forecast.n_frames])
    if speed.size == 0:
        raise QuakeViewError(f"{truth.name} has no frames after the forecast was issued; wait until it has.")
    peak = int(speed.argmax())
    return float(speed[peak]), forecast.issue_time + peak * truth.frame_step


def _figure(value: float, style: str) -> str:
    return f"{value:.{style}}" if np.isfinite(value) else ""
