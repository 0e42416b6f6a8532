"""How the error grows with time after the input, and falls as the input gets longer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from quakeview.app.drawing import theme
from quakeview.app.drawing.plots import Curves, Entry, Plots, curve_pen
from quakeview.app.drawing.shades import line_colour
from quakeview.wavefield.forecasting.baselines import FORECAST, NEAREST, PERSISTENCE, RIDGE, ScoreColumn

AGAINST_LEAD, AGAINST_TIME, AGAINST_INPUT = VIEWS = ("Against lead time", "Against time", "Against end of input")
_AXES = {
    AGAINST_LEAD: "Time after the input (s)",
    AGAINST_TIME: "Time after origin (s)",
    AGAINST_INPUT: "End of the input (s)",
}
FAINTEST = 0.3
"""Share of its colour that the curve of the first input has."""
SHOWN = (1.0, 2.6)
"""Share of the colour, and width, of what is shown on the maps."""
BELOW_ITS_RIGHT_END = {"position": 0.98, "anchors": [(1, 0), (1, 0)]}
"""Of a line, where a label is in nobody's way: forecasts without skill end above it."""
WORST_ACC, WORST_RFNE = -0.25, 2.0
"""Where the axes end at the latest."""
_LINES: dict[str, tuple[str | int, Qt.PenStyle]] = {
    PERSISTENCE: ("muted", Qt.PenStyle.DotLine),
    NEAREST: (0, Qt.PenStyle.DashLine),
    RIDGE: (3, Qt.PenStyle.DashDotLine),
}
"""Colour, of the theme or of a mark, and style of the baselines."""
_DASHES = {PERSISTENCE: "···", NEAREST: "– –", RIDGE: "– ·"}


@dataclass(frozen=True)
class Issue:
    """All that was said when an input ended, s after the origin time; the forecast is the first of ``columns``."""

    time: float
    columns: tuple[ScoreColumn, ...]


class ScorePlots(Plots):
    """ACC and RFNE of a sequence of forecasts and of the baselines of the one that is shown."""

    def __init__(self) -> None:
        super().__init__("ACC and RFNE")
        self._acc = self.add(0, 0, " ", "ACC")
        self._rfne = self.add(0, 1, " ", "RFNE")
        self._curves = [Curves(plot) for plot in (self._acc, self._rfne)]
        self._no_motion = pg.InfiniteLine(1.0, angle=0, label="no motion", labelOpts=BELOW_ITS_RIGHT_END)
        self._rfne.addItem(self._no_motion, ignoreBounds=True)
        self.setToolTip("RFNE = 1: predicting no motion. The wheel zooms, a double-click shows everything again.")
        for plot in (self._acc, self._rfne):
            plot.setMouseEnabled(True, False)

    def draw(self, view: str, issues: Sequence[Issue], shown: Issue) -> None:
        """One of ``VIEWS`` of forecasts in the order of their issue, among them the one that is ``shown``."""
        for curves in self._curves:
            curves.begin()
        if view == AGAINST_INPUT:
            points = self._draw_against_input(issues, shown)
        else:
            points = self._draw_against_time(issues, shown, 0.0 if view == AGAINST_LEAD else 1.0)
        for curves in self._curves:
            curves.end()
        self._set_ranges(*points)
        for plot in (self._acc, self._rfne):
            self.set_axis_title(plot, "bottom", _AXES[view])
        self._no_motion.setPen(curve_pen(theme.current().muted, 1.0, 0.6))
        self._no_motion.label.setColor(theme.current().muted)
        self._no_motion.label.setFont(self.small_font)
        self.set_legend(_legend(issues, shown))

    def _draw_against_time(
        self, issues: Sequence[Issue], shown: Issue, from_origin: float
    ) -> tuple[NDArray[np.floating], ...]:
        """Returns all abscissas, ACC and RFNE drawn."""
        drawn = []
        for issue in [*(issue for issue in issues if issue is not shown), shown]:
            with_curves = [column for column in issue.columns if column.lead_times.size]
            for column in with_curves if issue is shown else with_curves[:1]:
                times = column.lead_times + from_origin * issue.time
                pen = _pen(column.name, *(SHOWN if issue is shown else (_strength(issue, issues), 1.4)))
                name = column.name, issue.time
                self._curves[0].line(name, times, column.lead_acc, pen)
                self._curves[1].line(name, times, column.lead_rfne, pen)
                drawn.append((times, column.lead_acc, column.lead_rfne))
        times, acc, rfne = (np.concatenate(values) for values in zip(*drawn, strict=True))
        return np.append(times, from_origin * issues[0].time), acc, rfne

    def _draw_against_input(self, issues: Sequence[Issue], shown: Issue) -> tuple[NDArray[np.floating], ...]:
        """The score of whole forecasts; of baselines where they are known."""
        names = dict.fromkeys(column.name for issue in issues for column in issue.columns)
        drawn = []
        for name in reversed(names):
            known = [
                (issue.time, column.values["acc"], column.values["rfne"])
                for issue in issues
                for column in issue.columns
                if column.name == name and "acc" in column.values
            ]
            if not known:
                continue
            times, acc, rfne = np.array(known).T
            for curves, values in zip(self._curves, (acc, rfne), strict=True):
                curves.line(name, times, values, _pen(name, 1.0, 1.8), dots=True)
            drawn.append((times, acc, rfne))
        ring = curve_pen(theme.current().text, 0.0)
        for curves, name in zip(self._curves, ("acc", "rfne"), strict=True):
            value = shown.columns[0].values[name]
            curves.line("shown", np.array([shown.time]), np.array([value]), ring, dots=True)
        times, acc, rfne = (np.concatenate(values) for values in zip(*drawn, strict=True))
        return np.append(times, (times.min() - 1, times.max() + 1)), acc, rfne

    def _set_ranges(self, times: NDArray[np.floating], acc: NDArray[np.floating], rfne: NDArray[np.floating]) -> None:
        left, right = float(times.min()), max(float(times.max()), float(times.min()) + 1)
        lowest = max(min(float(np.nanmin(acc, initial=1.0)) - 0.05, 0.8), WORST_ACC)
        highest = min(max(float(np.nanmax(rfne, initial=0.0)) * 1.1, 0.3), WORST_RFNE)
        self._acc.vb.set_home(left, right, lowest, 1 + 0.03 * (1 - lowest))
        self._rfne.vb.set_home(left, right, 0.0, highest)


def _strength(issue: Issue, issues: Sequence[Issue]) -> float:
    """Share of the colour: later inputs are stronger."""
    place = [each.time for each in issues].index(issue.time)
    return 1.0 if len(issues) == 1 else FAINTEST + (1 - FAINTEST) * place / (len(issues) - 1)


def _colour(name: str) -> str:
    which = _LINES[name][0] if name in _LINES else "p"
    return line_colour(which).name() if isinstance(which, int) else str(getattr(theme.current(), which))


def _pen(name: str, strength: float, width: float) -> object:
    style = _LINES[name][1] if name in _LINES else Qt.PenStyle.SolidLine
    page, full = QColor(theme.current().base), QColor(_colour(name))
    parts = ((page.red(), full.red()), (page.green(), full.green()), (page.blue(), full.blue()))
    mixed = QColor(*(round(strength * own + (1 - strength) * under) for under, own in parts))
    return pg.mkPen(mixed, width=width, style=style)


def _legend(issues: Sequence[Issue], shown: Issue) -> list[Entry]:
    entries = [Entry(f"forecast from {shown.time:.1f} s", _colour(FORECAST), "━")]
    if len(issues) > 1:
        entries.append(Entry(f"thin: from {issues[0].time:.1f} to {issues[-1].time:.1f} s"))
    for column in shown.columns[1:]:
        if column.lead_times.size:
            entries.append(Entry(column.name.lower(), _colour(column.name), _DASHES[column.name]))
    return entries
