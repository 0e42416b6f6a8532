"""Peaks of a forecast beside those of the truth, over the frames from the issue of the forecast on."""

import threading
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quakeview.jobs import Progress
from quakeview.wavefield.forecasting.comparison import Comparison
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.forecasting.scores import PGV_FLOOR
from quakeview.wavefield.ground_motion.attenuation import Attenuation, attenuation
from quakeview.wavefield.ground_motion.intensity import mmi_from_pgv
from quakeview.wavefield.ground_motion.measures import PeakMeasures, Quantity
from quakeview.wavefield.scenarios.header import Wavefield

FEWEST = 4
"""Nodes in a bin before its median is taken."""


def peak_values(wavefield: Wavefield, quantity: Quantity) -> NDArray[np.floating]:
    """Map PGV, T_PGV or MMI (nx, ny) of the frames there are so far; m/s, s or intensity."""
    return _values(wavefield, quantity)


def _values(peaks: Wavefield | PeakMeasures, quantity: Quantity) -> NDArray[np.floating]:
    if quantity is Quantity.T_PGV:
        return peaks.t_pgv
    pgv = peaks.pgv
    return pgv if quantity is Quantity.PGV else mmi_from_pgv(pgv).astype(pgv.dtype)


@dataclass(frozen=True)
class ComparedMeasure:
    """PGV, T_PGV or MMI over the frames from the issue of a forecast on, each (nx, ny).

    Attributes:
        truth, forecast: m/s, s or intensity; the truth is NaN where nothing was recorded, the forecast where it has not
            enough stations.
        error: ln(forecast / truth) of PGV, else forecast - truth. NaN where there is no truth, and for PGV and T_PGV
            where the ground hardly moved: below ``PGV_FLOOR`` of the largest PGV.
        spread: calibrated standard deviation in the unit of the error; NaN where there is none.
    """

    truth: NDArray[np.floating]
    forecast: NDArray[np.floating]
    error: NDArray[np.floating]
    spread: NDArray[np.floating]


class TruePeaks:
    """PGV and T_PGV of the truth over the same frames as a forecast, which may both still grow. Any thread may ask."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self._peaks = PeakMeasures(*comparison.header.frame_shape[1:])
        self._next = comparison.forecast.issued
        self._lock = threading.Lock()

    def compare(self, quantity: Quantity, progress: Progress = Progress()) -> ComparedMeasure | None:
        """Compare the frames there are of both; None before there is any."""
        comparison = self.comparison
        stop = min(comparison.counts)
        if stop <= comparison.forecast.issued:
            return None
        with self._lock:
            for index in range(self._next, stop):
                progress.advance(index - self._next, stop - self._next, "Peaks of the truth")
                time = comparison.header.start_time + index * comparison.header.frame_step
                self._peaks.update(time, comparison.truth.frame(index))
                self._next = index + 1
            return _compared(self._peaks, comparison.forecast, quantity, comparison.sites)


def _compared(
    peaks: PeakMeasures, forecast: Forecast, quantity: Quantity, sites: NDArray[np.bool_] | None
) -> ComparedMeasure:
    truth, expected = _values(peaks, quantity).copy(), _values(forecast, quantity).copy()
    expected[~forecast.support.enough] = np.nan
    if sites is not None:
        truth[~sites] = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.log(expected / truth) if quantity is Quantity.PGV else expected - truth
    if quantity is not Quantity.MMI:
        error[peaks.pgv < PGV_FLOOR * peaks.pgv.max()] = np.nan
    return ComparedMeasure(truth, expected, error, _spread(forecast, quantity))


def _spread(forecast: Forecast, quantity: Quantity) -> NDArray[np.floating]:
    """Calibrated standard deviation; that of MMI to first order."""
    if quantity is Quantity.T_PGV:
        return forecast.t_pgv_std
    sigma = forecast.ln_pgv_std
    if quantity is Quantity.PGV:
        return sigma
    pgv = forecast.pgv
    spread = (mmi_from_pgv(pgv * np.exp(sigma)) - mmi_from_pgv(pgv * np.exp(-sigma))) / 2
    return spread.astype(pgv.dtype)


@dataclass(frozen=True)
class PeakPairs:
    """PGV (n,), m/s, of the nodes that can be compared: see ``ComparedMeasure``."""

    since: str
    truth: NDArray[np.floating]
    forecast: NDArray[np.floating]

    @property
    def error(self) -> NDArray[np.floating]:
        """(n,), percent of the truth."""
        return 100 * (self.forecast / self.truth - 1)

    def by_intensity(self) -> list[tuple[int, NDArray[np.floating]]]:
        """Whole intensities of the truth with 16th, 50th and 84th percentile of the errors, where there are a few."""
        levels = np.rint(mmi_from_pgv(self.truth)).astype(int)
        groups = [(int(level), self.error[levels == level]) for level in np.unique(levels)]
        return [(level, np.percentile(errors, (16, 50, 84))) for level, errors in groups if errors.size >= FEWEST]


def peak_pairs(peaks: TruePeaks, progress: Progress = Progress()) -> PeakPairs | None:
    """Pair the PGV of the frames that are both forecast and known; None before there are any."""
    compared = peaks.compare(Quantity.PGV, progress)
    if compared is None:
        return None
    counted = np.isfinite(compared.error) & (compared.truth > 0)
    since = f"from {peaks.comparison.forecast.issue_time:.1f} s on"
    return PeakPairs(since, compared.truth[counted].astype(float), compared.forecast[counted].astype(float))


def attenuation_beside(peaks: TruePeaks, relation: str, progress: Progress = Progress()) -> Attenuation:
    """Collect the same with a forecast, over the frames from its issue on.

    Raises:
        QuakeViewError: if it is not known where the source was.
    """
    truth, forecast = peaks.comparison.truth, peaks.comparison.forecast
    shown, compared = attenuation(truth, relation, progress), peaks.compare(Quantity.PGV, progress)
    if compared is None:
        return shown
    moved = truth.pgv > 0
    since = f"from {forecast.issue_time:.1f} s on"
    return replace(shown, since=since, forecast=compared.forecast[moved], later=compared.truth[moved])


def median_pgv_error(peaks: TruePeaks, progress: Progress = Progress()) -> float:
    """Find by how much the forecast of PGV is off in the median, percent of the truth; NaN where there is none."""
    compared = peaks.compare(Quantity.PGV, progress)
    if compared is None or not np.isfinite(compared.error).any():
        return float("nan")
    return 100 * float(np.nanmedian(np.abs(np.expm1(compared.error))))
