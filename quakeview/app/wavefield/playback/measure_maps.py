"""A measure of truth and forecast, its error, and how sure the forecast was of it."""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from quakeview.app.maps.mapview import MapView
from quakeview.app.wavefield.playback.wave_maps import forecast_name, truth_name
from quakeview.app.wavefield.region_map import region_map
from quakeview.app.work.background import Background
from quakeview.jobs import Progress
from quakeview.scales import Scale
from quakeview.wavefield.forecasting.comparison import Comparison
from quakeview.wavefield.forecasting.peaks import ComparedMeasure, TruePeaks
from quakeview.wavefield.ground_motion.mapped_measures import PGV, Measure
from quakeview.wavefield.ground_motion.motion_scales import error_scale, spread_scale


class MeasureMaps(QObject):
    """Four maps of the frames from the issue on; the truth's peaks are computed in the background.

    Signals:
        failed: a sentence for the user.
    """

    failed = Signal(str)

    def __init__(self, truth: MapView) -> None:
        super().__init__()
        self.truth, self.forecast, self.error, self.spread = truth, region_map(), region_map(), region_map()
        self.views = (self.truth, self.forecast, self.error, self.spread)
        self._peaks: TruePeaks | None = None
        self._measure = PGV
        self._background = Background("Comparing peaks")
        self._background.ready.connect(self._show)
        self._background.failed.connect(self.failed)

    def show(self, comparison: Comparison, measure: Measure) -> None:
        """Of the frames there are; ask again when there are more."""
        another = self._peaks is None or self._peaks.comparison is not comparison
        if another:
            self._background.forget()
            self._peaks = TruePeaks(comparison)
        if another or measure is not self._measure:
            self._measure = measure
            for view in self.views:
                view.set_image(None)
                view.set_message("Comparing…")
        self._show_titles(comparison, measure)
        assert self._peaks is not None
        self._background.ask(partial(_compare, self._peaks, measure))

    def forget(self) -> None:
        """The wavefield is about to be closed."""
        self._peaks = None
        self._background.forget()

    def _show_titles(self, comparison: Comparison, measure: Measure) -> None:
        since = f"{measure.name} from {comparison.forecast.issue_time:.1f} s on"
        self.truth.set_title(truth_name(comparison), since)
        self.forecast.set_title(forecast_name(comparison), since)
        self.error.set_title("Error", measure.error)
        self.spread.set_title("Standard deviation", "calibrated")

    def _show(self, result: tuple[TruePeaks, Measure, ComparedMeasure | None]) -> None:
        peaks, measure, compared = result
        if peaks is not self._peaks or measure is not self._measure:
            return
        if compared is None:
            for view in self.views:
                view.set_message("No frame is both forecast and known yet.")
            return
        comparison = peaks.comparison
        shared = measure.scale(compared.forecast if comparison.sites is not None else compared.truth)
        unit, sparse = measure.error_unit, comparison.sites is not None
        _paint(self.truth, compared.truth, shared, sparse)
        forecast = comparison.forecast
        if forecast.support.reason:
            for view in (self.forecast, self.error, self.spread):
                view.set_image(None)
                view.set_message(forecast.support.reason)
            return
        _paint(self.forecast, compared.forecast, shared)
        _paint(self.error, compared.error, error_scale(compared.error, f"Error of {measure.name}", unit), sparse)
        if np.isfinite(compared.spread).any():
            _paint(self.spread, compared.spread, spread_scale(compared.spread, "Standard deviation", unit))
        else:
            self.spread.set_image(None)
            self.spread.set_message(forecast.band_text.replace("No band", "No standard deviation"))


def _compare(
    peaks: TruePeaks, measure: Measure, progress: Progress
) -> tuple[TruePeaks, Measure, ComparedMeasure | None]:
    return peaks, measure, peaks.compare(measure.name, progress)


def _paint(view: MapView, values: NDArray[np.floating], scale: Scale, sparse: bool = False) -> None:
    if scale != view.scene.scale:
        view.set_scale(scale)
    view.set_image(values, sparse)
