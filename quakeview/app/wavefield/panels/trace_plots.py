"""Seismograms along three axes and their amplitude spectra, with what was forecast of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QResizeEvent

from quakeview.app.drawing import theme
from quakeview.app.drawing.plots import Curves, Entry, Plots, curve_pen
from quakeview.app.drawing.shades import line_colour
from quakeview.wavefield.forecasting.point_traces import PointForecast, PointTrace

COMPONENTS = ("X", "Y", "Z")
_TIP = "Ground velocity: X along the fault, Y across it, Z up. Click to go to a time."
_FORECAST_TIP = (
    f"{_TIP} r: correlation of forecast and truth since the forecast was made. Where the forecast is pale, such "
    "forecasts were no better than predicting no motion on validation events."
)
HEADROOM = 1.12
SPECTRA_WIDTH, SHARES = 300, (3, 2)
DECADES = 3.5
"""Of the spectra on screen."""
SHORTEST = 16
"""Samples before a spectrum is drawn."""
SPECTRA_HEADROOM, FAINTEST = 1.5, 1e-12
BAND_ALPHA, INPUT_ALPHA, BEYOND_ALPHA = 0.24, 0.09, 0.4
JUDGEMENT_MARGIN = 10
CHOSEN, OTHERS = (1.6, 1.0), (1.0, 0.75)
"""Width and opacity of the curves of the points chosen in the table, and of the others."""


class TracePlots(Plots):
    """The velocities of all points over one another; of a point with a forecast that point alone, truth and forecast.

    Signals:
        timeChosen: a click into the traces, s after the origin time.
    """

    timeChosen = Signal(float)

    def __init__(self) -> None:
        super().__init__("Traces and spectra")
        self._judgements: list[Sequence[str]] = []
        self._traces = [
            self.add(row, 0, "Time after origin (s)" if row == 2 else "", f"{component} (cm/s)")
            for row, component in enumerate(COMPONENTS)
        ]
        self._spectra = self.add(0, 1, "Frequency (Hz)", "Amplitude (cm)", log=True, rowspan=3)
        self._spectra.setMouseEnabled(False, False)
        self._curves = [Curves(plot) for plot in (*self._traces, self._spectra)]
        self.cursors = [pg.InfiniteLine(angle=90) for _ in self._traces]
        self.inputs = [pg.LinearRegionItem((0, 0), movable=False) for _ in self._traces]
        self.issues = [pg.InfiniteLine(angle=90) for _ in self._traces]
        self._beyond = pg.LinearRegionItem((0, 0), movable=False)
        for plot, *marks in zip(self._traces, self.inputs, self.issues, self.cursors, strict=True):
            plot.setMouseEnabled(True, False)
            plot.setXLink(self._traces[0])
            for mark, depth in zip(marks, (-20, -10, 100), strict=True):
                mark.setZValue(depth)
                plot.addItem(mark, ignoreBounds=True)
        self._beyond.setZValue(-20)
        self._spectra.addItem(self._beyond, ignoreBounds=True)
        for column, share in enumerate(SHARES):
            self.ci.layout.setColumnStretchFactor(column, share)
            self.ci.layout.setColumnPreferredWidth(column, 100 * share)
        self.ci.layout.setColumnMaximumWidth(1, SPECTRA_WIDTH)
        self.scene().sigMouseClicked.connect(self._choose_time)

    def set_time(self, time: float) -> None:
        for cursor in self.cursors:
            cursor.setValue(time)

    def draw(
        self,
        points: Sequence[PointTrace],
        chosen: Sequence[int],
        component: int,
        own_scales: bool,
        span: tuple[float, float],
        frequency: float | None,
    ) -> None:
        """Draw the traces of ``points`` and the spectra of a component of them (3: of X and Y together).

        Args:
            chosen: numbers of the points that stand out; of a forecast only the last of them is drawn.
            span: of the time axis, s.
            frequency: up to which waves were simulated, Hz; None if that is not known.
        """
        order = [number for number in range(len(points)) if number not in chosen] + list(chosen)
        last = points[order[-1]]
        if last.forecast is not None:
            order = order[-1:]
        peaks = 100 * np.max([_largest(points[number]) for number in order], axis=0)
        if not own_scales:
            peaks[:] = peaks.max()
        for curves in self._curves:
            curves.begin()
        for axis, plot in enumerate(self._traces):
            limit = HEADROOM * max(float(peaks[axis]), 1e-6)
            plot.vb.set_home(*span, -limit, limit)
            if last.forecast is None:
                self._draw_traces(axis, points, order, chosen)
            else:
                self._draw_forecast(axis, last, last.forecast)
        self._draw_spectra(points, order, chosen, component, frequency)
        for curves in self._curves:
            curves.end()
        self._mark_input(last.forecast)
        self._judgements = [] if last.forecast is None else [_judgement(axis, last, last.forecast) for axis in range(3)]
        self._write_judgements()
        self.set_legend([] if last.forecast is None else _legend(order[-1], last.forecast))
        self.setToolTip(_TIP if last.forecast is None else last.forecast.why_not or _FORECAST_TIP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_judgements"):
            self._write_judgements()

    def _draw_traces(
        self, axis: int, points: Sequence[PointTrace], order: Sequence[int], chosen: Sequence[int]
    ) -> None:
        for number in order:
            pen = curve_pen(line_colour(number), *(CHOSEN if number in chosen else OTHERS))
            self._curves[axis].line(number, points[number].times, 100 * points[number].velocity[axis], pen)
        velocity = points[order[-1]].velocity[axis]
        recorded = np.isfinite(velocity).any()
        words = f"peak {100 * np.nanmax(np.abs(velocity)):.3g} cm/s" if recorded else "no station here"
        self.write(self._traces[axis], words, line_colour(order[-1]).name(), (1.0, 0.0))

    def _draw_forecast(self, axis: int, point: PointTrace, forecast: PointForecast) -> None:
        """Truth with its input part strong, then the mean forecast in its band."""
        colors, curves = theme.current(), self._curves[axis]
        truth = 100 * point.velocity[axis]
        expected, band = 100 * forecast.mean[axis], 100 * forecast.band[axis]
        times = point.times[0] + (point.times[1] - point.times[0]) * np.arange(forecast.frames.stop)
        later = times[forecast.frames]
        held = np.isfinite(band)
        if held.any():
            low, high = expected - band, expected + band
            curves.band("band", later[held], low[held], high[held], _faint(colors.p, BAND_ALPHA))
        curves.line("truth", point.times, truth, curve_pen(colors.text, 1.1, 0.9))
        if forecast.measured:
            seen = (point.times >= forecast.input[0] - 1e-6) & (point.times <= forecast.input[1] + 1e-6)
            curves.line("input", point.times[seen], truth[seen], curve_pen(colors.text, 2.2))
        if forecast.why_not:
            return
        worth = later < (np.inf if forecast.skill_end is None else forecast.skill_end)
        curves.line("forecast", later[worth], expected[worth], curve_pen(colors.p, 1.6))
        if not worth.all():
            curves.line("beyond", later[~worth], expected[~worth], curve_pen(colors.p, 1.0, BEYOND_ALPHA))

    def _write_judgements(self) -> None:
        """The longest that there is room for."""
        metrics = QFontMetricsF(self.small_font)
        for plot, texts in zip(self._traces, self._judgements, strict=False):
            room = plot.vb.width() - 2 * JUDGEMENT_MARGIN
            fitting = [text for text in texts if metrics.horizontalAdvance(text) <= room]
            self.write(plot, fitting[0] if fitting else "", theme.current().text, (1.0, 0.0))

    def _mark_input(self, forecast: PointForecast | None) -> None:
        colors = theme.current()
        for window, issue, cursor in zip(self.inputs, self.issues, self.cursors, strict=True):
            cursor.setPen(pg.mkPen(colors.accent, width=1.2))
            window.setVisible(forecast is not None)
            issue.setVisible(forecast is not None)
            if forecast is not None:
                window.setRegion(forecast.input)
                window.setBrush(pg.mkBrush(_faint(colors.text, INPUT_ALPHA)))
                for edge in window.lines:
                    edge.setPen(None)
                issue.setValue(forecast.input[1])
                issue.setPen(pg.mkPen(colors.text, width=1.2, style=Qt.PenStyle.DashLine))

    def _draw_spectra(
        self,
        points: Sequence[PointTrace],
        order: Sequence[int],
        chosen: Sequence[int],
        component: int,
        frequency: float | None,
    ) -> None:
        colors, plot, curves = theme.current(), self._spectra, self._curves[3]
        shown: list[tuple[Any, Any, object]] = []
        for number in order:
            point = points[number]
            with_forecast = point.forecast is not None
            if point.judged.shape[1] >= SHORTEST and np.isfinite(point.judged).all():
                colour = colors.text if with_forecast else line_colour(number)
                pen = curve_pen(colour, *(CHOSEN if number in chosen else OTHERS))
                shown.append((number, point.spectrum(component), pen))
            forecast = point.forecast
            if forecast is not None and not forecast.why_not and forecast.mean.shape[1] >= SHORTEST:
                shown.append(("forecast", point.forecast_spectrum(component), curve_pen(colors.p, 1.6)))
        self._beyond.setVisible(bool(shown))
        if not shown:
            self.write(plot, "The record is still too short.", colors.muted, (0.0, 1.0))
            return
        limit = frequency or float(shown[0][1][0][-1])
        highest, lowest = 0.0, limit
        for name, (frequencies, amplitudes), pen in shown:
            known = (frequencies > 0) & (frequencies <= limit)
            curves.line(name, frequencies[known], 100 * np.maximum(amplitudes[known], FAINTEST), pen)
            highest = max(highest, float(amplitudes[known].max(initial=0.0)))
            lowest = min(lowest, float(frequencies[1]))
        top = float(np.log10(SPECTRA_HEADROOM * 100 * max(highest, FAINTEST)))
        plot.vb.set_home(float(np.log10(lowest)), float(np.log10(max(2 * limit, 2 * lowest))), top - DECADES, top)
        known_limit = f"up to {limit:g} Hz" if frequency else "highest frequency not known"
        self.write(plot, known_limit, colors.muted, (0.0, 1.0))
        self._beyond.setRegion((float(np.log10(limit)), float(np.log10(1000 * limit))))
        self._beyond.setBrush(pg.mkBrush(colors.window))
        for edge in self._beyond.lines:
            edge.setPen(pg.mkPen(colors.muted))

    def _choose_time(self, event: Any) -> None:
        for plot in self._traces:
            if plot.vb.sceneBoundingRect().contains(event.scenePos()) and not event.double():
                self.timeChosen.emit(float(plot.vb.mapSceneToView(event.scenePos()).x()))


def _largest(point: PointTrace) -> Any:
    """(3,) amounts that have to fit, m/s."""
    largest = np.nan_to_num(np.abs(point.velocity)).max(axis=1)
    if point.forecast is not None:
        mean, band = point.forecast.mean, point.forecast.band
        largest = np.maximum(largest, (np.abs(mean) + np.nan_to_num(band)).max(axis=1))
    return largest


def _judgement(axis: int, point: PointTrace, forecast: PointForecast) -> Sequence[str]:
    """Correlation and peaks of one component from the issue on; the same in fewer words."""
    if forecast.why_not:
        return ("not enough stations",)
    truth, at = point.judged[axis], int(np.abs(forecast.mean[axis]).argmax())
    band = float(forecast.band[axis, at])
    around = f" ± {100 * band:.2g}" if np.isfinite(band) else ""
    expected = f"{100 * abs(forecast.mean[axis, at]):.3g}{around} cm/s"
    if not truth.size or np.isnan(truth).all():
        return f"forecast {expected}", expected
    peak, r = f"{100 * np.nanmax(np.abs(truth)):.3g}", f"r {point.correlation(axis):.2f}"
    return f"{r} · peak {peak}, forecast {expected}", f"{r} · {peak}, {expected}", r


def _legend(number: int, forecast: PointForecast) -> list[Entry]:
    """What the curves are."""
    colors = theme.current()
    until = f"input until {forecast.input[1]:.1f} s"
    said = f"forecast, {forecast.band_label}"
    if forecast.skill_end is not None:
        said += f", pale after {forecast.skill_end:.0f} s"
    return [
        Entry(f"Point {number + 1}", line_colour(number).name()),
        Entry("truth", colors.text, "—"),
        Entry(until, colors.text, "━") if forecast.measured else Entry(f"{until}, none from here"),
        Entry("not enough stations", colors.warning) if forecast.why_not else Entry(said, colors.p, "━"),
    ]


def _faint(colour: str, alpha: float) -> QColor:
    shade = QColor(colour)
    shade.setAlphaF(alpha)
    return shade
