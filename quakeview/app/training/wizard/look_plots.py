"""Samples and histograms of a data set."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg

from quakeview.app.drawing import theme
from quakeview.app.drawing.plots import Curves, Plots, curve_pen
from quakeview.training.planning.looking import Histogram, Sample

SAMPLES = 6
COLUMNS = 2
"""Records that are shown at once, and how many side by side."""
HISTOGRAMS = 6
FILLED = 0.35
ROW = 2.2
"""From one component to the next, in amplitudes of the largest sample."""


class SamplesView(Plots):
    """Some records with their labels, each component at its own height; P and S are lines in their colours."""

    def __init__(self) -> None:
        super().__init__("Samples of the data")
        self._samples: Sequence[Sample] = ()
        self.first = 0
        for number in range(SAMPLES):
            plot = self.add(
                number // COLUMNS, number % COLUMNS, "Time (s)" if number >= SAMPLES - COLUMNS else "", title=" "
            )
            plot.showAxis("bottom")
        self._curves = [Curves(plot) for plot in self.plots]
        self._phases: list[list[pg.InfiniteLine]] = [[] for _ in self.plots]
        self.restyled.connect(self._draw)

    @property
    def shown(self) -> Sequence[Sample]:
        """The records on screen."""
        return self._samples[self.first : self.first + SAMPLES]

    def show_samples(self, samples: Sequence[Sample]) -> None:
        """Show the first ones."""
        self._samples, self.first = samples, 0
        self._draw()

    def go(self, by: int) -> None:
        """Show the next ones, or those before."""
        last = max((len(self._samples) - 1) // SAMPLES, 0) * SAMPLES
        self.first = min(max(self.first + by * SAMPLES, 0), last)
        self._draw()

    def _draw(self) -> None:
        for number, plot in enumerate(self.plots):
            plot.setVisible(number < len(self.shown))
            if number < len(self.shown):
                self._draw_sample(number, self.shown[number])

    def _draw_sample(self, number: int, sample: Sample) -> None:
        plot, curves, colours = self.plots[number], self._curves[number], theme.current()
        time = np.arange(sample.data.shape[1]) / sample.sampling_rate
        curves.begin()
        for row, (trace, letter) in enumerate(zip(sample.data, sample.components, strict=True)):
            centred = trace - trace.mean()
            curves.line(
                letter, time, centred / max(np.abs(centred).max(), 1e-30) - 2.2 * row, curve_pen(colours.ink, 1.0)
            )
        curves.end()
        for line in self._phases[number]:
            plot.removeItem(line)
        self._phases[number] = [_label(phase, at) for phase, at in sample.labels.items()]
        for line in self._phases[number]:
            plot.addItem(line)
        plot.getAxis("left").setTicks([[(-ROW * row, letter) for row, letter in enumerate(sample.components)]])
        plot.vb.set_home(0, max(float(time[-1]) if len(time) else 1.0, 1e-3), -5.6, 1.2)
        plot.vb.go_home()
        self.set_title(plot, sample.title)


def _label(phase: str, at: float) -> pg.InfiniteLine:
    colour = theme.current().phase(phase)
    options = {"color": colour, "position": 0.95, "movable": False}
    return pg.InfiniteLine(at, pen=curve_pen(colour, 1.6), label=phase, labelOpts=options)


class HistogramsView(Plots):
    """How the quantities of the records are spread."""

    def __init__(self) -> None:
        super().__init__("Histograms of the data")
        for number in range(HISTOGRAMS):
            self.add(number // COLUMNS, number % COLUMNS, "x", "", title=" ")
        self._curves = [Curves(plot) for plot in self.plots]
        self._histograms: Sequence[Histogram] = ()
        self.restyled.connect(self._draw)

    def show_histograms(self, histograms: Sequence[Histogram]) -> None:
        """Show these and no others."""
        self._histograms = histograms
        self._draw()

    def _draw(self) -> None:
        for number, plot in enumerate(self.plots):
            plot.setVisible(number < len(self._histograms))
            if number < len(self._histograms):
                self._draw_histogram(number, self._histograms[number])

    def _draw_histogram(self, number: int, histogram: Histogram) -> None:
        plot = self.plots[number]
        self._curves[number].begin()
        x, y = np.repeat(histogram.edges, 2)[1:-1], np.repeat(histogram.counts, 2).astype(float)
        accent = pg.mkColor(theme.current().accent)
        self._curves[number].band(
            "bars", x, np.zeros_like(y), y, pg.mkColor(accent.red(), accent.green(), accent.blue(), 90)
        )
        self._curves[number].line("outline", x, y, curve_pen(accent, 1.2))
        self._curves[number].end()
        unit = f" ({histogram.unit})" if histogram.unit else ""
        self.set_axis_title(plot, "bottom", histogram.title + unit)
        plot.getAxis("bottom").showLabel(True)
        plot.vb.set_home(float(x[0]), float(x[-1]), 0, 1.08 * max(float(y.max()), 1.0))
        plot.vb.go_home()
        self.set_title(plot, histogram.sentence or "All records")
