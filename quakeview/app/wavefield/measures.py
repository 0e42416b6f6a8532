"""What is mapped of a whole wavefield: titles, colours, and how values are read out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quakeview.app.wavefield.comparison import Comparison
from quakeview.app.wavefield.scales import Scale, mmi_scale, pgv_scale, time_scale
from quakeview.jobs import Progress
from quakeview.wavefield.header import Wavefield
from quakeview.wavefield.intensity import mmi_from_pgv, roman
from quakeview.wavefield.measures import PeakMeasures

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.forecast import Forecast

PEAK_DELAY = 0.7
"""Of the low-pass of the simulated sources, in periods of the highest frequency: ``MomentSources.band_limited``."""


@dataclass(frozen=True)
class Measure:
    """A map: its title, its colours, how its values are said in words, what its error is and in what unit."""

    name: str
    subtitle: str
    scale: Callable[[NDArray], Scale]
    text: Callable[[float], str]
    error: str = "forecast − truth"
    error_unit: str = "s"


PGV = Measure(
    "PGV",
    "peak horizontal velocity",
    pgv_scale,
    lambda value: f"PGV {100 * value:.3g} cm/s",
    "ln(forecast / truth)",
    "ln",
)
T_PGV = Measure(
    "T_PGV", "time of the peak", lambda values: time_scale(values, "T_PGV"), lambda value: f"at {value:.1f} s"
)
MMI = Measure(
    "MMI",
    "intensity from PGV",
    lambda _: mmi_scale(),
    lambda value: f"MMI {roman(value)} ({value:.1f})",
    error_unit="MMI",
)
DURATION = Measure(
    "Duration",
    "5–95 % energy",
    lambda values: time_scale(values, "Duration"),
    lambda value: f"duration {value:.1f} s",
)
PEAKS = (PGV, T_PGV, MMI)
"""Those that are known at any time of a simulation."""
MEASURES = (*PEAKS, DURATION)


def peak_values(wavefield: Wavefield, measure: Measure) -> NDArray:
    """(nx, ny) of one of ``PEAKS``, of the frames there are so far; m/s, s or intensity."""
    return _values(wavefield, measure)


def _values(peaks: Wavefield | PeakMeasures, measure: Measure) -> NDArray:
    if measure is T_PGV:
        return peaks.t_pgv
    pgv = peaks.pgv
    return pgv if measure is PGV else mmi_from_pgv(pgv).astype(pgv.dtype)


@dataclass(frozen=True)
class ComparedMeasure:
    """One of ``PEAKS`` over the frames from the issue of a forecast on, each (nx, ny).

    Attributes:
        truth, forecast: m/s, s or intensity; the truth is NaN where nothing was recorded, the forecast where it has not
            enough stations.
        error: ln(forecast / truth) of PGV, else forecast - truth. NaN where there is no truth, and for PGV and T_PGV
            where the ground hardly moved: below ``PGV_FLOOR`` of the largest PGV.
        spread: calibrated standard deviation in the unit of the error; NaN where there is none.
    """

    truth: NDArray
    forecast: NDArray
    error: NDArray
    spread: NDArray


class TruePeaks:
    """PGV and T_PGV of the truth over the same frames as a forecast, which may both still grow."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self._peaks = PeakMeasures(*comparison.header.frame_shape[1:])
        self._next = comparison.forecast.issued

    def compare(self, measure: Measure, progress: Progress = Progress()) -> ComparedMeasure | None:
        """Of the frames there are of both; None before there is any. For one worker thread at a time."""
        comparison = self.comparison
        stop = min(comparison.counts)
        if stop <= comparison.forecast.issued:
            return None
        for index in range(self._next, stop):
            progress.advance(index - self._next, stop - self._next, "Peaks of the truth")
            time = comparison.header.start_time + index * comparison.header.frame_step
            self._peaks.update(time, comparison.truth.frame(index))
            self._next = index + 1
        return _compared(self._peaks, comparison.forecast, measure, comparison.sites)


def _compared(
    peaks: PeakMeasures, forecast: "Forecast", measure: Measure, sites: NDArray[np.bool_] | None
) -> ComparedMeasure:
    from quakeview.wavefield.forecasting.scores import PGV_FLOOR

    truth, expected = _values(peaks, measure).copy(), _values(forecast, measure).copy()
    expected[~forecast.support.enough] = np.nan
    if sites is not None:
        truth[~sites] = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.log(expected / truth) if measure is PGV else expected - truth
    if measure is not MMI:
        error[peaks.pgv < PGV_FLOOR * peaks.pgv.max()] = np.nan
    return ComparedMeasure(truth, expected, error, _spread(forecast, measure))


def _spread(forecast: "Forecast", measure: Measure) -> NDArray:
    """Calibrated standard deviation; that of MMI to first order."""
    if measure is T_PGV:
        return forecast.t_pgv_std
    sigma = forecast.ln_pgv_std
    if measure is PGV:
        return sigma
    pgv = forecast.pgv
    spread = (mmi_from_pgv(pgv * np.exp(sigma)) - mmi_from_pgv(pgv * np.exp(-sigma))) / 2
    return spread.astype(pgv.dtype)


def delay_note(wavefield: Wavefield) -> str:
    """By how much peaks come later than those of an unfiltered source; empty where that is not known."""
    if wavefield.frequency is None or wavefield.source["kind"] not in ("point", "rupture"):
        return ""
    return f"Times of peaks include {PEAK_DELAY / wavefield.frequency:.1f} s by the low-pass of the source."
