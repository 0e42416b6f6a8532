"""Examples as plots: traces with labels and curves, maps of truth, forecast and error, values against values."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF

from quakeview.app.drawing import theme
from quakeview.app.drawing.plots import Curves, Entry, Plots, curve_pen
from quakeview.colours import FIRE
from quakeview.training.runs.examples import Maps, Traces, Values

PHASES = "PS"
_FAINT = 0.45
_COLUMNS = 2
_SEEN = 0.02
"""Probability below which a curve is left out: it would only hide the trace."""
MAPS = ("Truth", "Forecast", "Error")


class ExamplePlots(Plots):
    """Plots that are made for as many examples as there are, and kept while their number is the same."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._axes: tuple[tuple[int, int, str, str], ...] = ()
        self._curves: list[Curves] = []
        self._shown: Any = None
        self.restyled.connect(lambda: self.show_examples(self._shown))

    def show_examples(self, shown: Any) -> None:
        """Draw these examples; None are none yet."""
        self._shown = shown
        if shown is not None:
            self._draw(shown)

    def _draw(self, shown: Any) -> None:
        """Draw the examples of one kind."""
        raise NotImplementedError

    def lay_out(self, axes: tuple[tuple[int, int, str, str], ...]) -> bool:
        """Make plots with these rows, columns and axis titles, unless they are there; return whether they were made."""
        if axes == self._axes:
            return False
        self._axes = axes
        self.ci.clear()
        self._plots.clear()
        self._curves = [Curves(self.add(row, column, x, y)) for row, column, x, y in axes]
        return True


class TracePlots(ExamplePlots):
    """The vertical of each record with its labels, and the probability of P upwards, of S downwards.

    A perfect curve has a peak at each label and nowhere else.
    """

    def __init__(self) -> None:
        super().__init__("Records with labels and probabilities")

    def _draw(self, shown: Traces) -> None:
        colors = theme.current()
        count = len(shown.names)
        rows = -(-count // _COLUMNS)
        self.lay_out(
            tuple(
                (number // _COLUMNS, number % _COLUMNS, "Time (s)" if number // _COLUMNS == rows - 1 else "", "")
                for number in range(count)
            )
        )
        for number, (plot, curves) in enumerate(zip(self.plots, self._curves, strict=True)):
            self._draw_record(shown, number, curves)
            seconds = shown.data.shape[2] / shown.sampling_rate
            plot.getAxis("left").setStyle(showValues=False)
            plot.getAxis("left").setWidth(8)
            plot.vb.set_home(0.0, seconds, -1.05, 1.05)
            self.write(plot, str(shown.names[number]), colors.muted, (0.0, 0.0))
        self.set_legend(
            [
                Entry("vertical", colors.ink, "━"),
                Entry("P: label and probability (up)", colors.p, "━"),
                Entry("S: label and probability (down)", colors.s, "━"),
            ]
        )

    def _draw_record(self, shown: Traces, number: int, curves: Curves) -> None:
        colors = theme.current()
        time = np.arange(shown.data.shape[2]) / shown.sampling_rate
        curves.begin()
        curves.line("Z", time, shown.data[number, 0].astype(float), curve_pen(colors.ink, 1.0, _FAINT))
        for row, phase in enumerate(PHASES):
            up = 1 if row == 0 else -1
            label = shown.labels[number, row] / shown.sampling_rate
            ends = np.array([0.0, up])
            curves.line(f"{phase} label", np.array([label, label]), ends, curve_pen(colors.phase(phase), 1.2))
            chance = shown.probabilities[number, row].astype(float)
            seen = np.where(chance > _SEEN, up * chance, np.nan)
            curves.line(phase, time, seen, curve_pen(colors.phase(phase), 1.8))
        curves.end()


class MapPlots(ExamplePlots):
    """A row for each moment: truth, forecast and error in one range of colours."""

    def __init__(self) -> None:
        super().__init__("Truth, forecast and error")
        self._images: list[pg.ImageItem] = []

    def _draw(self, shown: Maps) -> None:
        colors = theme.current()
        count = len(shown.names)
        if self.lay_out(tuple((row, column, "", "") for row in range(count) for column in range(len(MAPS)))):
            self._images = [self._make_map(plot) for plot in self.plots]
            for column in range(len(MAPS)):
                self.ci.layout.setColumnPreferredWidth(column, 100)
                self.ci.layout.setColumnStretchFactor(column, 1)
        table = FIRE.dark_table if colors.is_dark else FIRE.light_table
        for row in range(count):
            top = float(shown.truth[row].max()) or 1.0
            for column, values in enumerate((shown.truth[row], shown.forecast[row], shown.error[row])):
                number = len(MAPS) * row + column
                self._images[number].setImage(values.astype(np.float32), levels=(0.0, top), lut=table)
                self._images[number].setBorder(pg.mkPen(colors.border))
                self.plots[number].vb.home = area = QRectF(0, 0, *values.shape)
                self.plots[number].vb.setRange(area, padding=0.02)
                if row == 0:
                    self.set_title(self.plots[number], MAPS[column])
            said = f"{shown.names[row]}, up to {100 * top:.2g} cm/s"
            self.write(self.plots[len(MAPS) * row], said, colors.muted, (0.0, 0.0))
        self.set_heading("Size of the velocity; a row has one range of colours, from rest to the most in the truth.")

    def _make_map(self, plot: pg.PlotItem) -> pg.ImageItem:
        """A map without axes, as wide as it is high on the ground."""
        image = pg.ImageItem(axisOrder="col-major")
        plot.addItem(image)
        plot.showAxes(False)
        plot.vb.setAspectLocked(True)
        return image


class ValuePlots(ExamplePlots):
    """What was said against what is known, a plot for each quantity; the line is where both are the same."""

    def __init__(self) -> None:
        super().__init__("Said against known")

    def _draw(self, shown: Values) -> None:
        colors = theme.current()
        names = [str(name) for name in shown.names]
        columns = 1 if len(names) == 1 else _COLUMNS
        self.lay_out(
            tuple((n // columns, n % columns, f"{name}, known", f"{name}, model") for n, name in enumerate(names))
        )
        for number, (plot, curves) in enumerate(zip(self.plots, self._curves, strict=True)):
            there = np.isfinite(shown.truth[number]) & np.isfinite(shown.said[number])
            truth, said = shown.truth[number][there].astype(float), shown.said[number][there].astype(float)
            both = np.concatenate([truth, said, [0.0, shown.period[number]] if shown.period[number] else []])
            low, high = (float(both.min()), float(both.max())) if len(both) else (0.0, 1.0)
            room = 0.05 * (high - low) or 0.5
            curves.begin()
            curves.line("same", np.array([low, high]), np.array([low, high]), curve_pen(colors.muted, 1.2, dotted=True))
            curves.points("values", truth, said, colors.accent)
            curves.end()
            plot.vb.set_home(low - room, high + room, low - room, high + room)
            self.write(plot, "" if len(truth) else "Nothing is known of these records.", colors.muted, (0.0, 0.0))
        self.set_heading("Held-out records; on the dotted line the model says what is known.")
