"""Plots of the arrivals of one event: residuals, travel times, Wadati diagram. Every point is a pick."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent

from quakeview.app.drawing import theme
from quakeview.app.drawing.plots import Curves as PlotLines
from quakeview.app.drawing.plots import Entry, Plots, curve_pen
from quakeview.app.events.hover_texts import arrival_text
from quakeview.errors import QuakeViewError
from quakeview.events.readings import Reading, pairs
from quakeview.events.theoretical import Curves
from quakeview.events.wadati import WadatiLine, wadati_line

Floats = NDArray[np.float64]

SIZE, RING = 9, 17
"""Pixels of a point and of the ring around the one that is pointed at."""
SYMBOLS = {"P": "o", "S": "s"}
SIGNS = {"P": "●", "S": "■"}
MOST_NAMES = 12
REDUCTION = 6_000.0
"""m/s; waves of this speed are level in the plot of reduced times."""
ROOM = 0.06


class View(StrEnum):
    """What is plotted."""

    RESIDUALS = "Residuals by distance"
    RESIDUALS_BY_AZIMUTH = "Residuals by azimuth"
    TIMES = "Travel times"
    REDUCED = "Reduced travel times"
    WADATI = "Wadati diagram"
    ARRIVALS = "Arrival times on the map"
    FIRST_MOTIONS = "First motions"


DISTANCE = "Distance (km)"
AXES = {
    View.RESIDUALS: (DISTANCE, "Residual (s)"),
    View.RESIDUALS_BY_AZIMUTH: ("Azimuth (degrees)", "Residual (s)"),
    View.TIMES: (DISTANCE, "Time after origin (s)"),
    View.REDUCED: (DISTANCE, f"Time − distance / {REDUCTION / 1000:g} km/s (s)"),
    View.WADATI: ("P after origin (s)", "S − P (s)"),
}


@dataclass(frozen=True)
class Point:
    """A pick in a plot; one that does not count is hollow, and its station is named."""

    reading: Reading
    x: float
    y: float
    counts: bool = True


@dataclass
class Drawn:
    """The points of a plot, lines (x, y, colour, dotted), and what is said about it."""

    points: list[Point] = field(default_factory=list)
    lines: list[tuple[Floats, Floats, str, bool]] = field(default_factory=list)
    words: str = ""
    problem: str = ""


class ReadingsPlot(Plots):
    """A click on a point, or Shift and arrows and Enter, chooses its pick.

    Signals:
        pickClicked: id of the pick.
        hoverText: what is under the mouse, in words; empty where there is nothing.
    """

    pickClicked = Signal(str)
    hoverText = Signal(str)

    def __init__(self) -> None:
        super().__init__("Plot of one event")
        self._plot = self.add(0, 0, " ", " ")
        self._dots = pg.ScatterPlotItem(hoverable=True, tip=None, hoverSize=SIZE + 4)
        self._dots.sigClicked.connect(lambda _, spots, __: self._choose(spots))
        self._dots.sigHovered.connect(lambda _, spots, __: self.mark_pick(spots[0].data() if len(spots) else None))
        self._ring = pg.ScatterPlotItem(symbol="o", size=RING, brush=None)
        self._plot.addItem(self._ring)
        self._plot.addItem(self._dots)
        self._dots.setZValue(100)  # a click is of a pick, not of the ring around it
        self._lines = PlotLines(self._plot)
        self._names: list[pg.TextItem] = []
        self.drawn = Drawn()
        self.pointed: str | None = None
        self._shown: tuple[View, Sequence[Reading], Curves | None] = (View.RESIDUALS, (), None)
        self.restyled.connect(lambda: self.show_readings(*self._shown))

    def show_readings(self, view: View, readings: Sequence[Reading], curves: Curves | None) -> None:
        """Draw one of the plots; ``curves`` may come later."""
        self._shown = view, readings, curves
        self.drawn = _DRAWERS[view](readings, curves)
        self.setAccessibleName(view)
        colors, plot = theme.current(), self._plot
        for side, title in zip(("bottom", "left"), AXES[view], strict=True):
            self.set_axis_title(plot, side, title)
        self._lines.begin()
        for number, (x, y, colour, dotted) in enumerate(self.drawn.lines):
            self._lines.line(number, x, y, curve_pen(getattr(colors, colour), 1.4, dotted=dotted))
        self._lines.end()
        self._draw_points()
        self._set_range()
        self.set_legend(_legend(view, self.drawn, curves))
        self.write(plot, self.drawn.problem, colors.warning, (0.0, 1.0))

    def _draw_points(self) -> None:
        colors, points = theme.current(), self.drawn.points
        self._dots.setData(
            x=[point.x for point in points],
            y=[point.y for point in points],
            data=[point.reading.pick_id for point in points],
            symbol=[SYMBOLS.get(point.reading.family, "t") for point in points],
            size=SIZE,
            pen=[pg.mkPen(colors.base if point.counts else _colour(point), width=1) for point in points],
            brush=[pg.mkBrush(_colour(point)) if point.counts else pg.mkBrush(None) for point in points],
            hoverPen=pg.mkPen(colors.accent, width=2),
        )
        self._ring.setPen(pg.mkPen(colors.accent, width=2))
        for name in self._names:
            self._plot.removeItem(name)
        self._names.clear()
        for point in [point for point in points if not point.counts][:MOST_NAMES]:
            name = pg.TextItem(point.reading.station[1], color=colors.text, anchor=(-0.12, 0.5))
            name.setFont(self.small_font)
            name.setPos(point.x, point.y)
            self._plot.addItem(name, ignoreBounds=True)
            self._names.append(name)
        self.mark_pick(self.pointed if any(point.reading.pick_id == self.pointed for point in points) else None)

    def _set_range(self) -> None:
        if not self.drawn.points:
            return
        x, y = np.array([(point.x, point.y) for point in self.drawn.points]).T
        for line in self.drawn.lines:
            inside = (line[0] >= x.min()) & (line[0] <= x.max())
            y = np.append(y, line[1][inside])
        across, up = max(float(np.ptp(x)), 1e-3), max(float(np.ptp(y)), 0.2)
        low, high = float(y.min()) - 2 * ROOM * up, float(y.max()) + 2 * ROOM * up
        self._plot.vb.set_home(float(x.min()) - ROOM * across, float(x.max()) + 2 * ROOM * across, low, high)

    def _choose(self, spots: Sequence[Any]) -> None:
        if len(spots):
            self.pickClicked.emit(spots[0].data())

    def mark_pick(self, pick_id: str | None) -> None:
        """Put a ring around a pick and say what it is."""
        chosen = [point for point in self.drawn.points if point.reading.pick_id == pick_id]
        self._ring.setData([point.x for point in chosen], [point.y for point in chosen])
        words = arrival_text(chosen[0].reading) if chosen else ""
        if pick_id != self.pointed:
            self.pointed = pick_id
            self.hoverText.emit(words)
        self.setToolTip(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        if step and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._step(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.pointed is not None:
            self.pickClicked.emit(self.pointed)
        else:
            super().keyPressEvent(event)

    def _step(self, step: int) -> None:
        """To the next point on the right or on the left."""
        ids = [point.reading.pick_id for point in sorted(self.drawn.points, key=lambda point: (point.x, point.y))]
        if ids:
            here = ids.index(self.pointed) if self.pointed in ids else (-1 if step > 0 else len(ids))
            self.mark_pick(ids[min(max(here + step, 0), len(ids) - 1)])


def _colour(point: Point) -> str:
    return theme.current().phase(point.reading.phase)


def _residuals(readings: Sequence[Reading], curves: Curves | None, by_azimuth: bool = False) -> Drawn:
    points = []
    for reading in readings:
        place = reading.azimuth if by_azimuth else reading.distance
        if reading.residual is not None and place is not None:
            x = place if by_azimuth else place / 1000
            points.append(Point(reading, x, reading.residual, reading.used))
    if not points:
        return Drawn(problem="No residual of this event is known; locate it.")
    ends = np.array([0.0, 360.0 if by_azimuth else (1 + 3 * ROOM) * max(point.x for point in points)])
    values = np.array([point.reading.residual for point in points if point.counts], float)
    words = f"RMS {np.sqrt((values**2).mean()):.2f} s of those that count" if values.size else ""
    return Drawn(points, [(ends, np.zeros(2), "line", False)], words)


def _times(readings: Sequence[Reading], curves: Curves | None, reduction: float = np.inf) -> Drawn:
    points = [
        Point(reading, reading.distance / 1000, reading.time - reading.distance / reduction, reading.used)
        for reading in readings
        if reading.distance is not None
    ]
    if not points:
        return Drawn(problem="No distance is known; open the coordinates of the stations.")
    lines: list[tuple[Floats, Floats, str, bool]] = []
    for phase, time in (curves.times if curves is not None else {}).items():
        assert curves is not None
        lines.append((curves.distance / 1000, time - curves.distance / reduction, phase.lower(), True))
    return Drawn(points, lines)


def _wadati(readings: Sequence[Reading], curves: Curves | None) -> Drawn:
    both = pairs(list(readings))
    p, s = np.array([(first.time, second.time) for first, second in both]).reshape(-1, 2).T
    try:
        line = wadati_line(p, s)
    except QuakeViewError as error:
        return Drawn(
            [Point(second, first.time, second.time - first.time) for first, second in both], problem=str(error)
        )
    points = [
        Point(second, first.time, second.time - first.time, used)
        for (first, second), used in zip(both, line.used.tolist(), strict=True)
    ]
    ends = np.array([line.origin, p.max()])
    return Drawn(points, [(ends, line.difference(ends), "text", False)], wadati_text(line))


def wadati_text(line: WadatiLine) -> str:
    """``Vp/Vs 1.74 ± 0.02, origin 0.12 ± 0.08 s later than located``; the time of the line is after that origin."""
    than = "later" if line.origin >= 0 else "earlier"
    origin = f"origin {abs(line.origin):.2f} ± {line.origin_error:.2f} s {than} than located"
    digits = 2 if line.ratio_error >= 0.01 else 3
    words = f"Vp/Vs {line.ratio:.{digits}f} ± {line.ratio_error:.{digits}f}, {origin}"
    left_out = int(np.count_nonzero(~line.used))
    return f"{words}, {left_out} left out" if left_out else words


_DRAWERS: dict[View, Callable[[Sequence[Reading], Curves | None], Drawn]] = {
    View.RESIDUALS: _residuals,
    View.RESIDUALS_BY_AZIMUTH: lambda readings, curves: _residuals(readings, curves, by_azimuth=True),
    View.TIMES: _times,
    View.REDUCED: lambda readings, curves: _times(readings, curves, REDUCTION),
    View.WADATI: _wadati,
}


def _legend(view: View, drawn: Drawn, curves: Curves | None) -> list[Entry]:
    colors = theme.current()
    families = sorted({point.reading.family for point in drawn.points} & set(SIGNS))
    entries = [Entry(family, colors.phase(family), SIGNS[family]) for family in families if view is not View.WADATI]
    if any(not point.counts for point in drawn.points):
        entries.append(Entry("hollow: does not count"))
    if view in (View.TIMES, View.REDUCED) and curves is not None:
        entries.append(Entry(f"{curves.model}, first arrival", QColor(colors.muted).name(), "┅"))
    return [*entries, *(Entry(words) for words in drawn.words.split(", ") if words)]
