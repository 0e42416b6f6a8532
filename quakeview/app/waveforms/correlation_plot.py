"""Traces aligned by cross-correlation, with their coefficients, and the stacks of those that fit."""

import numpy as np
from PySide6.QtGui import QResizeEvent

from quakeview.analysis.correlation import Correlated
from quakeview.analysis.phase_correlation import PhaseCorrelation, name
from quakeview.app.drawing import theme
from quakeview.app.drawing.plots import Curves, Entry, Plots, curve_pen
from quakeview.app.drawing.section_curves import joined

_HEIGHT = 0.9
"""Of the largest trace, in distances between traces."""
_LABELS = 190
"""Pixels for the names of the traces."""
_LEAST_LABEL = 13.0
"""Pixels between two labels."""


class CorrelationPlot(Plots):
    """One row for each station, the best fitting one on top; those that are not used are pale."""

    def __init__(self) -> None:
        super().__init__("Aligned traces and their stacks")
        self._traces = self.add(0, 0, "Time after the correlated time (s)")
        self._stacks = self.add(0, 1, "Stacks: time after the correlated time (s)")
        self.ci.layout.setColumnStretchFactor(0, 2)
        self.ci.layout.setColumnStretchFactor(1, 1)
        self._stacks.setXLink(self._traces)
        for plot in (self._traces, self._stacks):
            plot.setMouseEnabled(True, False)
            plot.getAxis("left").setStyle(showValues=False)
        self._traces.showAxis("right")
        self._traces.getAxis("right").setStyle(tickLength=0, showValues=True)
        self._traces.getAxis("right").setWidth(_LABELS)
        self._curves = Curves(self._traces), Curves(self._stacks)
        self._shown: PhaseCorrelation | None = None
        self._names: list[tuple[int, str]] = []
        self.restyled.connect(self._draw)

    def show_correlation(self, found: PhaseCorrelation) -> None:
        """Draw it."""
        self._shown = found
        self._draw()

    def _draw(self) -> None:
        if self._shown is None:
            return
        found, times = self._shown.correlation, self._shown.correlation.times
        colors = theme.current()
        order = sorted(range(len(found.traces)), key=lambda i: found.traces[i].coefficient)
        names = list(self._shown.picks)
        largest = np.abs(found.aligned).max() or 1.0
        rows, stacked = self._curves
        rows.begin()
        for used in (False, True):
            places = [(row, i) for row, i in enumerate(order) if found.traces[i].counts is used]
            lines = [row + _HEIGHT * found.aligned[i] / largest for row, i in places]
            colour = colors.ink if used else colors.disabled
            rows.line(used, *joined([times] * len(lines), lines), curve_pen(colour, 1.0))
        rows.end()
        stacked.begin()
        for number, (stack, colour) in enumerate(((found.linear, colors.muted), (found.phase_weighted, colors.accent))):
            stacked.line(number, times, stack / (np.abs(found.linear).max() or 1.0), curve_pen(colour, 1.6))
        stacked.end()
        self._traces.vb.set_home(float(times[0]), float(times[-1]), -1.2, len(order) + 0.2)
        self._stacks.vb.set_home(float(times[0]), float(times[-1]), -1.1, 1.1)
        self._names = [(row, f"{name(names[i])}  {_words(found.traces[i])}") for row, i in enumerate(order)][::-1]
        self._thin_names()
        self.set_legend(
            [
                Entry(f"{self._shown.phase}: coefficient with the stack of the others, shift from the pick"),
                Entry("linear stack", colors.muted, "—"),
                Entry("phase-weighted", colors.accent, "—"),
            ]
        )

    def _thin_names(self) -> None:
        """As many as there is room for."""
        height = max(self._traces.vb.height(), 1.0)
        every = max(1, int(np.ceil(_LEAST_LABEL * (len(self._names) + 1.4) / height)))
        self._traces.getAxis("right").setTicks([self._names[::every]])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_names"):
            self._thin_names()


def _words(trace: Correlated) -> str:
    """Beside a trace."""
    said = f"{trace.coefficient:.2f}  {trace.shift:+.3f} s".replace("-", "−")
    if not trace.counts:
        return f"{trace.coefficient:.2f}  not used".replace("-", "−")
    return f"{said}  reversed" if trace.reversed else said
