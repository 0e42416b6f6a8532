"""Ground velocity at chosen points, and what was forecast there."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quakeview.jobs import Progress
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.forecasting.stations import StationWavefield
from quakeview.wavefield.ground_motion.measures import fourier_amplitude
from quakeview.wavefield.scenarios.header import Wavefield


@dataclass(frozen=True)
class PointForecast:
    """What was forecast at a node, as far as it has come: n frames.

    Attributes:
        issued: number of the first of them on the time axis.
        input: from when to when the network was given data, s after the origin time.
        measured: whether some of the data come from this node.
        mean: (3, n), m/s.
        band: (3, n), half the width of the calibrated band, m/s; NaN where there is none.
        band_label: ``90 % band``, or that there is none.
        skill_end: s; from then on such forecasts were no better than predicting no motion; None if that is not known.
        why_not: why the forecast may not be believed here, in a sentence; empty if it may.
        pgv, t_pgv: m/s and s; NaN if the forecast may not be believed here.
        ln_pgv_std, t_pgv_std: their calibrated standard deviations, NaN where there are none.
    """

    issued: int
    input: tuple[float, float]
    measured: bool
    mean: NDArray[np.float32]
    band: NDArray[np.float32]
    band_label: str
    skill_end: float | None
    why_not: str
    pgv: float
    t_pgv: float
    ln_pgv_std: float
    t_pgv_std: float

    @property
    def frames(self) -> slice:
        """On the time axis."""
        return slice(self.issued, self.issued + self.mean.shape[1])


@dataclass(frozen=True)
class PointTrace:
    """What was read at a node.

    Attributes:
        x, y: of the node, m.
        longitude, latitude: degrees.
        times: (nt,), s after the origin time.
        velocity: (3, nt) along X, Y and up, m/s; NaN where nothing was recorded.
        forecast: None if there is none.
    """

    x: float
    y: float
    longitude: float
    latitude: float
    times: NDArray[np.float64]
    velocity: NDArray[np.float32]
    forecast: PointForecast | None = None

    @cached_property
    def judged(self) -> NDArray[np.float32]:
        """(3, n): the velocity of the frames that were forecast, as far as they have happened; else all there is."""
        return self.velocity if self.forecast is None else self.velocity[:, self.forecast.frames]

    @property
    def pgv(self) -> float:
        """Of what is judged, m/s; NaN while not all that was forecast has happened."""
        forecast, judged = self.forecast, self.judged
        if judged.shape[1] == 0 or (forecast is not None and judged.shape[1] < forecast.mean.shape[1]):
            return float("nan")
        speeds = np.hypot(judged[0], judged[1])
        return float(np.nanmax(speeds)) if np.isfinite(speeds).any() else float("nan")

    @property
    def t_pgv(self) -> float:
        """s after the origin time; NaN where nothing has moved, and where PGV is."""
        if not self.pgv > 0:
            return float("nan")
        first = 0 if self.forecast is None else self.forecast.issued
        return float(self.times[first + np.nanargmax(np.hypot(self.judged[0], self.judged[1]))])

    @property
    def ln_error(self) -> float:
        """ln of PGV forecast over PGV; NaN without a forecast."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return float("nan") if self.forecast is None else float(np.log(self.forecast.pgv / np.float64(self.pgv)))

    def correlation(self, component: int) -> float:
        """Of the mean forecast with what happened since, not centred: the ACC of one trace; NaN if either is still."""
        assert self.forecast is not None
        truth = self.judged[component].astype(np.float64)
        known = np.isfinite(truth)
        mean = self.forecast.mean[component, : len(truth)][known].astype(np.float64)
        truth = truth[known]
        size = float(np.sqrt((truth @ truth) * (mean @ mean)))
        return float(truth @ mean) / size if size > 0 else float("nan")

    def spectrum(self, component: int) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """Frequencies, Hz, and amplitudes, m, of a component of what is judged, or of the horizontal ones (3)."""
        return self._spectrum(self.judged, component)

    def forecast_spectrum(self, component: int) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """The same of the mean forecast."""
        assert self.forecast is not None
        return self._spectrum(self.forecast.mean, component)

    def _spectrum(
        self, velocity: NDArray[np.floating], component: int
    ) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        frequencies, amplitudes = fourier_amplitude(velocity, self.times[1] - self.times[0])
        return frequencies, amplitudes[component] if component < 3 else np.hypot(amplitudes[0], amplitudes[1])


def read_points(
    wavefield: Wavefield,
    points: Sequence[tuple[float, float]],
    forecast: Forecast | None = None,
    progress: Progress = Progress(),
) -> list[PointTrace]:
    """Read the frames there are so far at each point (m), and what was forecast there."""
    if not points:
        return []
    forecasts = [None] * len(points) if forecast is None else _read_forecast(forecast, points)
    read = []
    for number, ((x, y), forecast_here) in enumerate(zip(points, forecasts, strict=True)):
        progress.advance(number, len(points))
        velocity = _recorded(wavefield, x, y)
        times = wavefield.start_time + wavefield.frame_step * np.arange(velocity.shape[1], dtype=np.float64)
        longitude, latitude = wavefield.region.to_geographic(x, y)
        read.append(PointTrace(x, y, float(longitude), float(latitude), times, velocity, forecast_here))
    return read


def _recorded(wavefield: Wavefield, x: float, y: float) -> NDArray[np.float32]:
    """(3, nt); of real stations NaN where there is no station, or it has no data."""
    velocity = wavefield.trace(x, y)
    if isinstance(wavefield, StationWavefield):
        records, node = wavefield.records, wavefield.nearest(x, y)
        here = [k for k, each in enumerate(zip(*records.nodes, strict=True)) if each == node]
        valid = records.valid[here[0]] if here else np.zeros(velocity.shape[1], np.bool_)
        velocity = np.where(valid, velocity, np.float32(np.nan))
    elif wavefield.known is not None and not wavefield.known[wavefield.nearest(x, y)]:
        velocity = np.full_like(velocity, np.nan)
    return velocity


def _read_forecast(forecast: Forecast, points: Sequence[tuple[float, float]]) -> list[PointForecast | None]:
    """None at all points before the first frame has come."""
    ix, iy = np.array([forecast.nearest(x, y) for x, y in points]).T
    seen, issued = forecast.observation, forecast.issued
    mean, band = (read(ix, iy)[..., issued:] for read in (forecast.traces, forecast.band_traces))
    n = min(mean.shape[-1], band.shape[-1])
    if n == 0:
        return [None] * len(points)
    begin = max(forecast.start_time + seen.start * forecast.frame_step, forecast.start_time)
    measured = seen.known[ix, iy].any(axis=-1)
    maps = forecast.pgv, forecast.t_pgv, forecast.ln_pgv_std, forecast.t_pgv_std
    enough = forecast.support.enough[ix, iy]
    peaks = zip(*(np.where(enough, values[ix, iy].astype(float), np.nan) for values in maps), strict=True)
    return [
        PointForecast(
            issued,
            (begin, forecast.issue_time),
            bool(measured[k]),
            mean[k, :, :n],
            band[k, :, :n],
            forecast.band_label if forecast.model.members > 1 else "one member, no spread",
            forecast.skill_end,
            forecast.support.why(ix[k], iy[k]),
            *values,
        )
        for k, values in enumerate(peaks)
    ]
