"""Seismograms side by side in the order of distance: waves become lines whose slope is their speed."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from quakeview.app.drawing import theme
from quakeview.app.drawing.plots import Plots, curve_pen
from quakeview.app.drawing.section_curves import draw_arrivals, draw_traces
from quakeview.app.texts import captioned
from quakeview.app.wavefield.panels.panel import NARROWEST_CHOICE, Panel, caveat, time_range
from quakeview.app.wavefield.stage import Stage
from quakeview.wavefield.forecasting.section_traces import LINES, TO_POINT, Line, Section, read_section
from quakeview.wavefield.ground_motion.mapped_measures import delay_note
from quakeview.wavefield.scenarios.header import Wavefield

COMPONENTS = ("X, along the fault", "Y, across the fault", "Z, up")
NORMALISED, COMMON = SCALES = ("Each trace to its peak", "Common scale")
OVERLAP, COMMON_OVERLAP = 1.5, 4.0
"""Of the largest amplitude, in distances between traces."""
P_SPEED, S_SPEED = 6000.0, 3460.0
"""Of the guide lines, m/s: a straight ray through granite, from the hypocentre."""
GUIDE_POINTS = 80
_NONE = "Open or simulate a scenario to see its seismograms in the order of distance here."
_BEFORE = "The simulation has not written a frame yet; the section will grow here as soon as it has."
_READING = "Reading the seismograms…"


class RecordSection(Panel):
    """Traces along a line, time to the right, distance upwards."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "Record section", _NONE)
        self._section: Section | None = None
        self._reader = self.background("Reading the section")
        self._reader.ready.connect(self._show)
        self._reader.failed.connect(self._refuse)
        self.line = _choice("Line of the section", LINES)
        self.component = _choice("Component of the section", COMPONENTS)
        self.component.setCurrentIndex(1)
        self.scale = _choice("Amplitude scale of the section", SCALES)
        self.guides = QCheckBox("Theoretical P and S")
        speeds = f"{P_SPEED / 1000:g} and {S_SPEED / 1000:g} km/s"
        self.guides.setToolTip(f"Theoretical arrivals of straight rays from the hypocentre at {speeds}")
        self.guides.setAccessibleName("Theoretical P and S arrivals")
        self.overlay = QCheckBox("Forecast")
        self.overlay.setToolTip("Draw the forecast over the truth, from the moment it was made on")
        self.overlay.setChecked(True)
        self.overlay.hide()
        self.plots = Plots("Record section")
        self._plot = self.plots.add(0, 0, "Time after origin (s)", "Distance (km)")
        self._plot.setMouseEnabled(True, False)
        self._cursor, self._issue = pg.InfiniteLine(angle=90), pg.InfiniteLine(angle=90)
        self.caveat = captioned("", "caption")
        self.caveat.setWordWrap(True)
        self.caveat.setContentsMargins(12, 4, 12, 8)
        self._arrange()
        self.show_empty()
        stage.pointsChanged.connect(self._follow_points)

    @property
    def section(self) -> Section | None:
        """What is drawn."""
        return self._section

    def _follow_points(self) -> None:
        """A line can lead to the last point that was chosen on the map."""
        if self.line.currentText() == TO_POINT:
            self._ask()

    def show_forecast(self) -> None:
        self.overlay.setVisible(self.stage.forecast is not None)
        self._ask()

    def show_wavefield(self) -> None:
        self._section = None
        self.overlay.hide()
        if self.wavefield is None:
            self.show_empty()
        else:
            self.show_empty(_READING if self.wavefield.n_frames else _BEFORE)
        self._ask()

    def grow(self) -> None:
        self._ask()

    def set_time(self, time: float) -> None:
        self._cursor.setValue(time)

    def restyle(self) -> None:
        self._draw()

    def picture_parts(self) -> Sequence[QWidget]:
        return [self.plots]

    def _arrange(self) -> None:
        tools = self.add_tools()
        for choice in (self.line, self.component, self.scale):
            tools.addWidget(choice)
        self.line.currentIndexChanged.connect(self._ask)
        for choice in (self.component, self.scale):
            choice.currentIndexChanged.connect(self._draw)
        for box in (self.guides, self.overlay):
            box.toggled.connect(self._draw)
        tools.addSpacing(6)
        tools.addWidget(self.guides)
        tools.addWidget(self.overlay)
        tools.addStretch()
        tools.addWidget(self.picture_button())
        self.rows.addWidget(self.plots, 1)
        self.rows.addWidget(self.caveat)

    def _ask(self) -> None:
        """Read again, if there is something to read and somebody to look."""
        stage, wavefield, kind = self.stage, self.wavefield, self.line.currentText()
        if wavefield is None or wavefield.n_frames == 0 or not self.isVisible():
            return
        point, forecast = stage.points[-1] if stage.points else None, stage.forecast
        self._reader.ask(lambda progress: read_section(wavefield, kind, point, forecast, progress))

    def _refuse(self, sentence: str) -> None:
        """The line cannot be drawn: the controls stay."""
        self._section = None
        self._plot.clear()
        self.plots.write(self._plot, sentence, theme.current().muted, (0.5, 0.5))
        self.show_body()

    def _show(self, section: Section) -> None:
        self._section = section
        self.plots.write(self._plot, "", theme.current().muted, (0.5, 0.5))
        self.show_body()
        self._draw()

    def _draw(self) -> None:
        section, wavefield = self._section, self.wavefield
        if section is None or wavefield is None:
            return
        colors = theme.current()
        distance = section.line.distance / 1000
        low, high = float(distance.min()), float(distance.max())
        spacing = max(high - low, 0.1) / max(len(distance) - 1, 1)
        velocity = section.velocity[:, self.component.currentIndex()]
        peaks = np.abs(velocity).max(axis=1, initial=0.0)
        largest = max(float(peaks.max()), 1e-12)
        if self.scale.currentText() == NORMALISED:
            gain = OVERLAP / np.maximum(peaks, 1e-3 * largest)[:, None]
        else:
            gain = COMMON_OVERLAP / largest
        self._plot.clear()
        pen = curve_pen(colors.text, 1.0, 0.85)
        traces = distance[:, None] + gain * spacing * velocity
        draw_traces(self._plot, [section.times] * len(traces), list(traces), pen)
        if section.forecast is not None and section.forecast_times is not None and self.overlay.isChecked():
            expected = section.forecast[:, self.component.currentIndex()]
            traces = distance[:, None] + gain * spacing * expected
            draw_traces(self._plot, [section.forecast_times] * len(traces), list(traces), curve_pen(colors.p, 1.2))
            self._mark_issue(float(section.forecast_times[0]))
        start, end = time_range(wavefield)
        self._plot.vb.set_home(start, end, low - 1.5 * spacing, high + 1.5 * spacing)
        self.plots.set_axis_title(self._plot, "left", section.line.title)
        origin = "epicentre" if wavefield.hypocentre is not None else "middle of the map"
        delay = delay_note(wavefield) if self.guides.isChecked() else ""
        mark = ""
        if section.forecast_times is not None and self.overlay.isChecked():
            mark = f"Orange: forecast from {section.forecast_times[0]:.1f} s on. "
        said = f"{mark}Distance from the {origin}. Largest {100 * largest:.3g} cm/s. {caveat(wavefield)} {delay}"
        self.caveat.setText(said.rstrip())
        if self.guides.isChecked():
            self._draw_guides(section.line, wavefield)
        self._cursor.setPen(pg.mkPen(colors.accent, width=1.2))
        self._plot.addItem(self._cursor, ignoreBounds=True)

    def _mark_issue(self, time: float) -> None:
        self._issue.setPen(pg.mkPen(theme.current().text, width=1.2, style=Qt.PenStyle.DashLine))
        self._issue.setValue(time)
        self._plot.addItem(self._issue, ignoreBounds=True)

    def _draw_guides(self, line: Line, wavefield: Wavefield) -> None:
        """Dotted, as theoretical arrivals are."""
        depth = wavefield.hypocentre[2] if wavefield.hypocentre is not None else 0.0
        along = np.linspace(line.distance.min(), line.distance.max(), GUIDE_POINTS)
        order = np.argsort(line.distance)
        epicentral = np.interp(along, line.distance[order], line.epicentral[order])
        for phase, speed in (("P", P_SPEED), ("S", S_SPEED)):
            draw_arrivals(self._plot, phase, np.hypot(epicentral, depth) / speed, along / 1000)


def _choice(name: str, texts: Sequence[str]) -> QComboBox:
    box = QComboBox()
    box.addItems(list(texts))
    box.setAccessibleName(name)
    box.setMinimumWidth(NARROWEST_CHOICE)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return box
