"""The curves of one run or of several in one plot, while they come."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSlider, QStackedWidget, QVBoxLayout, QWidget

from quakeview.app.drawing import theme
from quakeview.app.drawing.picture import PICTURES, picture_of
from quakeview.app.drawing.plots import Curves, Entry, Plots, curve_pen
from quakeview.app.drawing.shades import line_colour
from quakeview.app.widgets.saving import save_as
from quakeview.app.widgets.tool_button import tool_button
from quakeview.training.runs.curves import (
    LOSS,
    NORM,
    RATE,
    SCORE,
    Curve,
    Floats,
    RunCurves,
    curves_csv,
    scores_in,
    smoothed,
)
from quakeview.training.runs.words import score_title

_SMOOTHEST = 99
_FAINT = 0.28
_FEW = 40
_ROOM = 0.06
_MARGIN = 1.02
"""To the right of the last step, so that its dot is seen whole."""
_RATE_UNITS = 1e3
"""Learning rates are drawn in thousandths."""


class CurvesPlot(Plots):
    """Loss, score, learning rate and norm of the gradient over the steps.

    Args:
        log: whether loss and norm have logarithmic axes.
    """

    def __init__(self, log: bool) -> None:
        super().__init__("Curves of the runs")
        self._log = (LOSS, NORM) if log else ()
        self._drawn: tuple[Sequence[RunCurves], str, float] = ((), "", 0.0)
        self.panels = {
            LOSS: self.add(0, 0, y="Loss", log_y=log),
            SCORE: self.add(0, 1, y="Score"),
            RATE: self.add(1, 0, "Step", "Learning rate (10⁻³)"),
            NORM: self.add(1, 1, "Step", "Norm of the gradient", log_y=log),
        }
        self._lines = {name: Curves(panel) for name, panel in self.panels.items()}
        for name, panel in self.panels.items():
            panel.setDownsampling(auto=True, mode="peak")
            panel.setClipToView(True)
            if name != LOSS:
                panel.setXLink(self.panels[LOSS])
        self.restyled.connect(lambda: self.draw(*self._drawn))

    def draw(self, runs: Sequence[RunCurves], score: str, smoothing: float) -> None:
        """Draw all curves.

        Args:
            score: the name of the score to show.
            smoothing: weight of the running mean of loss and norm, 0 to below 1.
        """
        self._drawn = runs, score, smoothing
        last = max((float(steps[-1]) for run in runs for steps, _ in run.train.values() if len(steps)), default=1.0)
        for name, lines in self._lines.items():
            lines.begin()
            values = [
                self._draw_one(lines, number, curve, name, smoothing)
                for number, run in enumerate(runs)
                if (curve := run.curve(score if name == SCORE else name)) is not None
            ]
            lines.end()
            self._set_range(name, values, last)
        self.set_axis_title(self.panels[SCORE], "left", score_title(score))
        self.set_legend([Entry(run.name, line_colour(number).name(), "━") for number, run in enumerate(runs)])

    def _draw_one(self, lines: Curves, number: int, curve: Curve, name: str, smoothing: float) -> Floats:
        """Draw the curve of one run, smoothed over what was measured; return the values that are to be seen."""
        steps, values = curve
        if name in self._log:
            values = np.where(values > 0, values, np.nan)
        if name == RATE:
            values = values * _RATE_UNITS
        colour = line_colour(number)
        if smoothing and name in (LOSS, NORM):
            lines.line((number, "measured"), steps, values, curve_pen(colour, 1.0, _FAINT))
            lines.line(number, steps, smoothed(values, smoothing), curve_pen(colour, 1.6))
        else:
            lines.line(number, steps, values, curve_pen(colour, 1.4), dots=len(steps) < _FEW)
        return values

    def _set_range(self, name: str, values: Sequence[Floats], last: float) -> None:
        """Room for all values."""
        every = np.concatenate([np.zeros(0), *values])
        every = every[np.isfinite(every)]
        every = np.log10(every) if name in self._log else every
        low, high = (float(every.min()), float(every.max())) if len(every) else (0.0, 1.0)
        room = _ROOM * (high - low) or _ROOM * abs(high) or 0.5
        self.panels[name].vb.set_home(0.0, _MARGIN * last, low - room, high + room)


class CurvesPanel(QWidget):
    """The plots, and how they are to look."""

    def __init__(self) -> None:
        super().__init__()
        self._runs: Sequence[RunCurves] = ()
        self.plots = QStackedWidget()
        self.plots.addWidget(CurvesPlot(log=False))
        self.plots.addWidget(CurvesPlot(log=True))
        self.score = QComboBox()
        self.score.setAccessibleName("Score")
        self.score.setToolTip("Which score of the validations is shown")
        self.score.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setRange(0, _SMOOTHEST)
        self.smoothing.setFixedWidth(110)
        self.smoothing.setAccessibleName("Smoothing of loss and gradient")
        self.smoothing.setToolTip("How much loss and gradient are smoothed; what was measured stays behind, faint")
        self.log = QCheckBox("Logarithmic")
        self.log.setToolTip("Loss and norm of the gradient on a logarithmic axis")
        self._arrange()
        self.score.activated.connect(self._draw)
        self.smoothing.valueChanged.connect(self._draw)
        self.log.toggled.connect(self._draw)

    def _arrange(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(16, 6, 8, 2)
        tools.setSpacing(8)
        for words, control in (("Score", self.score), ("Smoothing", self.smoothing)):
            label = QLabel(words)
            label.setBuddy(control)
            tools.addWidget(label)
            tools.addWidget(control)
        tools.addWidget(self.log)
        tools.addStretch()
        tools.addWidget(tool_button("table-arrow-down", "Save numbers…", self._ask_for_numbers))
        tools.addWidget(tool_button("image-outline", "Save picture…", self._ask_for_picture))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(tools)
        rows.addWidget(self.plots, 1)

    def show_runs(self, runs: Sequence[RunCurves]) -> None:
        """Draw the curves of these runs."""
        self._runs = runs
        names = scores_in(runs)
        if names != [self.score.itemData(number) for number in range(self.score.count())]:
            chosen = self.score.currentData()
            self.score.clear()
            for name in names:
                self.score.addItem(score_title(name), name)
            self.score.setCurrentIndex(max(self.score.findData(chosen), 0))
        self._draw()

    @property
    def plot(self) -> CurvesPlot:
        """The plots that are seen."""
        self.plots.setCurrentIndex(int(self.log.isChecked()))
        plot = self.plots.currentWidget()
        assert isinstance(plot, CurvesPlot)
        return plot

    def _draw(self) -> None:
        self.plot.draw(self._runs, self.score.currentData() or "", self.smoothing.value() / 100)

    def _ask_for_numbers(self) -> None:
        save_as(self, "Save numbers", "curves.csv", "CSV (*.csv)", lambda _: curves_csv(self._runs).encode())

    def _ask_for_picture(self) -> None:
        save_as(self, "Save picture", "curves.png", PICTURES, self.picture)

    def picture(self, suffix: str) -> bytes:
        """The plots as a picture.

        Raises:
            QuakeViewError: for another suffix than those of pictures.
        """
        return picture_of(suffix, [self.plot], theme.current().base)
