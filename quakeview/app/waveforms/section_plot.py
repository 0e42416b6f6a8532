"""The plot of a record section of an earthquake: traces, picks and theoretical arrivals by distance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QTimer, Signal
from PySide6.QtGui import QResizeEvent

from quakeview.analysis.record_section import Section, SectionStyle, SectionTrace, Wiggle, wiggles
from quakeview.app.drawing import theme
from quakeview.app.drawing.plots import Plots, curve_pen
from quakeview.app.drawing.section_curves import draw_arrivals, draw_traces, joined
from quakeview.app.work.background import Background
from quakeview.events.theoretical import Curves
from quakeview.scales import number

_OVERLAP = 1.2
"""Of the largest trace, in distances between neighbouring traces."""
_LEAST_SHARE = 0.03
"""Of the whole axis of distance that the largest trace takes at least, where there are many."""
_LEAST_LABEL = 13.0
"""Pixels between the names of two stations."""
_PICK_HEIGHT = 0.4
_SETTLED = 40
"""Milliseconds after which the lines are made anew for another view."""


@dataclass(frozen=True)
class SectionPick:
    """A pick of the event: seconds after the origin, and m from the epicentre."""

    phase: str
    time: float
    distance: float
    automatic: bool


@dataclass(frozen=True, eq=False)
class SectionContent:
    """What is drawn.

    Attributes:
        window: that is shown at first, seconds after the origin.
        curves: theoretical arrivals; None if there are none.
    """

    section: Section
    window: tuple[float, float]
    picks: Sequence[SectionPick] = ()
    curves: Curves | None = None


class SectionPlot(Plots):
    """Wheel and keys zoom in time. The lines are made on a worker thread, as fine as the screen is.

    Signals:
        traceClicked: a ``SectionTrace``.
        hovered: words on what is under the mouse.
        drawn: the lines of another content, style or view are there.
    """

    traceClicked = Signal(object)
    hovered = Signal(str)
    drawn = Signal()

    def __init__(self) -> None:
        super().__init__("Record section")
        self.content: SectionContent | None = None
        self.style_ = SectionStyle()
        self.show_picks = self.show_theory = True
        self._plot = self.add(0, 0, "Time after origin (s)", "Distance (km)")
        self._plot.showAxis("right")
        self._plot.getAxis("right").setStyle(tickLength=0, showValues=True)
        self._plot.setMouseEnabled(True, False)
        self._items: list[pg.GraphicsObject] = []
        self._lines: pg.PlotDataItem | None = None
        self._asked: object = None
        self._worker = Background("Drawing the record section")
        self._worker.ready.connect(self._take)
        self._timer = QTimer(self, singleShot=True, interval=_SETTLED)
        self._timer.timeout.connect(self._ask)
        self._plot.vb.sigXRangeChanged.connect(lambda *_: self._timer.start())
        self.scene().sigMouseClicked.connect(self._click)
        self.scene().sigMouseMoved.connect(self._move)
        self.restyled.connect(self._draw)

    def show_content(self, content: SectionContent | None, style: SectionStyle) -> None:
        """Draw a section; None: nothing."""
        is_new = self.content is None or content is None or content.window != self.content.window
        is_new = is_new or style.velocity != self.style_.velocity
        self.content, self.style_ = content, style
        if content is not None and content.section.traces:
            self._set_home(content, is_new)
        self._draw()

    def forget(self) -> None:
        """Draw no further; before the widget goes."""
        self._worker.forget()

    # --- axes ----------------------------------------------------------------------------------------------------

    def _set_home(self, content: SectionContent, is_new: bool) -> None:
        low, high, spacing = self._distances(content.section)
        unit = content.section.unit
        first, last = self.style_.window(*content.window, low * unit, high * unit)
        room = max(_OVERLAP, 1.0) * spacing
        if is_new:
            self._plot.vb.home.setWidth(0)  # so that the range that was chosen of another one does not stay
        self._plot.vb.set_home(first, last, low - room, high + room)

    @staticmethod
    def _distances(section: Section) -> tuple[float, float, float]:
        """Smallest and largest, and how far apart traces are drawn, in the unit of the axis."""
        places = np.array([trace.distance for trace in section.traces]) / section.unit
        low, high = float(places.min()), float(places.max())
        if high - low <= 0:
            return low, high, max(0.1 * high, 1.0)
        return low, high, (high - low) / max(len(places) - 1, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_timer"):
            self._timer.start()

    def _name_axes(self, content: SectionContent) -> None:
        section, velocity = content.section, self.style_.velocity
        unit = "degrees" if section.in_degrees else "km"
        reduced = f"Time after origin − distance / {number(velocity / 1000)} km/s (s)"
        self.set_axis_title(self._plot, "bottom", reduced if velocity else "Time after origin (s)")
        self.set_axis_title(self._plot, "left", f"Epicentral distance ({unit})")
        pixels = max(self._plot.vb.height(), 1.0) / max(self._plot.vb.viewRect().height(), 1e-9)
        ticks: list[tuple[float, str]] = []
        for trace in section.traces:
            place = trace.distance / section.unit
            if not ticks or (place - ticks[-1][0]) * pixels >= _LEAST_LABEL:
                ticks.append((place, trace.name))
        self._plot.getAxis("right").setTicks([ticks])

    # --- drawing -------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Make the lines for what is in view."""
        content, style = self.content, self.style_
        if content is None or not self.isVisible():
            return
        (first, last), _ = self._plot.vb.viewRange()
        columns = max(round(self._plot.vb.width()), 100)
        self._asked = asked = (content, style, first, last, columns)
        section = content.section
        self._worker.ask(lambda _: (asked, wiggles(section, style, (first, last), columns)))
        self._name_axes(content)

    def _take(self, found: tuple[object, list[Wiggle]]) -> None:
        asked, lines = found
        if asked is not self._asked or self.content is None:
            return
        section = self.content.section
        low, high, spacing = self._distances(section)
        height = max(_OVERLAP * spacing, _LEAST_SHARE * (high - low))
        places = [trace.distance / section.unit for trace in section.traces]
        offsets = [place + height * line.offsets for place, line in zip(places, lines, strict=True)]
        if self._lines is not None:
            self._plot.removeItem(self._lines)
        pen = curve_pen(theme.current().ink, 1.0)
        self._lines = draw_traces(self._plot, [line.times for line in lines], offsets, pen)
        self._lines.setZValue(-1)
        self.drawn.emit()

    def _draw(self) -> None:
        """Everything but the lines of the traces, which follow."""
        for item in self._items:
            self._plot.removeItem(item)
        self._items = []
        if self._lines is not None and self.content is None:
            self._plot.removeItem(self._lines)
            self._lines = None
        if self.content is None or not self.content.section.traces:
            return
        if self.show_picks:
            self._draw_picks(self.content)
        if self.show_theory and self.content.curves is not None:
            self._draw_curves(self.content.section, self.content.curves)
        self._ask()

    def _draw_picks(self, content: SectionContent) -> None:
        """A short line at each pick, dashed if it is automatic."""
        section, colors = content.section, theme.current()
        half = _PICK_HEIGHT * self._distances(section)[2]
        groups: dict[tuple[str, bool], list[SectionPick]] = {}
        for pick in content.picks:
            groups.setdefault((pick.phase[:1].upper(), pick.automatic), []).append(pick)
        for (family, automatic), picks in groups.items():
            times = [np.full(2, self.style_.reduced(pick.time, pick.distance)) for pick in picks]
            ends = [pick.distance / section.unit + np.array([-half, half]) for pick in picks]
            pen = curve_pen(colors.phase(family), 2.2)
            if automatic:
                pen.setDashPattern([2, 1])  # type: ignore[attr-defined]
            self._items.append(self._plot.plot(*joined(times, ends), pen=pen, connect="finite"))

    def _draw_curves(self, section: Section, curves: Curves) -> None:
        inside = curves.distance <= 1.05 * section.traces[-1].distance
        distance = curves.distance[inside]
        if len(distance) > 1:
            for phase, times in curves.times.items():
                shown = np.asarray(self.style_.reduced(times[inside], distance))
                self._items += draw_arrivals(self._plot, phase, shown, distance / section.unit)

    # --- the mouse -----------------------------------------------------------------------------------------------

    def trace_at(self, position: QPointF) -> SectionTrace | None:
        """The trace nearest to a place of the scene; None beside the plot."""
        if self.content is None or not self._plot.vb.sceneBoundingRect().contains(position):
            return None
        section = self.content.section
        return section.nearest(self._plot.vb.mapSceneToView(position).y() * section.unit)

    def _click(self, event: object) -> None:
        trace = self.trace_at(event.scenePos())  # type: ignore[attr-defined]
        if trace is not None and not event.double():  # type: ignore[attr-defined]
            self.traceClicked.emit(trace)

    def _move(self, position: QPointF) -> None:
        trace = self.trace_at(position)
        if trace is None or self.content is None:
            return
        shown = self._plot.vb.mapSceneToView(position).x()
        distance, section = trace.distance, self.content.section
        far = f"{distance / section.unit:.2f}°" if section.in_degrees else f"{distance / 1000:.1f} km"
        reduced = "reduced time " if self.style_.velocity else ""
        self.hovered.emit(f"{trace.name}    {far}, azimuth {trace.azimuth:.0f}°    {reduced}{shown:.2f} s after origin")
