"""What lies over the waves: shorelines, faults, cities, stations, the rupture, marked points; scale and north."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from pyqtgraph import arrayToQPath
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from quakeview.app.drawing.plane import GAP, PlaneFrame
from quakeview.app.drawing.shades import Shades, faded, mark_colour
from quakeview.app.drawing.symbols import STAR_RADIUS, paint_star, round_pen, write_with_halo
from quakeview.geography import Geography
from quakeview.scales import TICK_STEPS, number

LINE_WIDTH, LINE_HALO, RUPTURE_WIDTH = 1.0, 1.0, 2.6
SHORE_WIDTH, BORDER_WIDTH = 0.8, 0.8
WATER = 0.09
"""Opacity of the blue of water over the page."""
STATION_SIZE, SITE_SIZE = 3.2, 4.6
CITY_RADIUS = 2.6
MARK_RADIUS = 8.5
LONGEST_SCALE = 0.3
NARROWEST_WITH_SCALE = 190.0
FAULT_REACH = 6.0
"""Pixels from a fault within which the mouse names it."""


class Layer(StrEnum):
    """What can be shown or hidden."""

    COASTLINES = "coastlines"
    BORDERS = "borders"
    FAULTS = "faults"
    FAULT_NAMES = "fault names"
    CITIES = "cities"
    STATIONS = "stations"


@dataclass(frozen=True)
class Site:
    """A named point, m; ``silent``: nothing comes from it, and it is drawn hollow."""

    x: float
    y: float
    label: str = ""
    silent: bool = False


NOTHING = Geography((), (), (), ())


@dataclass
class Overlays:
    """The content, in metres."""

    geography: Geography = NOTHING
    sites: Sequence[Site] = ()
    marks: list[tuple[float, float]] = field(default_factory=list)
    epicentre: tuple[float, float] | None = None
    outline: NDArray[np.float64] | None = None
    hidden: set[Layer] = field(default_factory=lambda: {Layer.FAULT_NAMES})

    def shows(self, layer: Layer) -> bool:
        return layer not in self.hidden


def paint_overlays(painter: QPainter, frame: PlaneFrame, content: Overlays, colors: Shades) -> None:
    """Everything inside the plot. Labels that would touch one another give way by rank."""
    painter.save()
    painter.setClipRect(frame.plot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    geography = content.geography
    if geography.land:
        _ground(painter, frame, content, colors)
    elif content.shows(Layer.COASTLINES):
        _lines(painter, frame, geography.coastlines, colors.ink, LINE_WIDTH, colors)
    if content.shows(Layer.FAULTS):
        _lines(painter, frame, (fault.points for fault in geography.faults), colors.fault, LINE_WIDTH, colors)
    if content.outline is not None:
        _lines(painter, frame, (content.outline,), colors.ink, RUPTURE_WIDTH, colors)
    if content.shows(Layer.STATIONS):
        for station in geography.stations:
            paint_triangle(painter, frame.at(station.x, station.y), STATION_SIZE, colors.base, colors.ink)
    for site in content.sites:
        fill, edge = (colors.base, colors.accent) if site.silent else (colors.accent, colors.base)
        paint_triangle(painter, frame.at(site.x, site.y), SITE_SIZE, fill, edge)
    labels = Labels(painter, frame, colors, *_obstacles(frame, content))
    for index, (x, y) in enumerate(content.marks):
        _mark(painter, frame, frame.at(x, y), index, colors)
    for site in content.sites:
        labels.place(site.label, frame.at(site.x, site.y), SITE_SIZE)
    if content.shows(Layer.CITIES):
        for city in sorted(geography.cities, key=lambda city: city.population_rank):
            _city(painter, labels, city.name, frame.at(city.x, city.y), colors)
    if content.shows(Layer.FAULTS) and content.shows(Layer.FAULT_NAMES):
        for fault in geography.faults:
            labels.along(fault.name, fault.points, colors.fault)
    if content.epicentre is not None:
        paint_star(painter, frame.at(*content.epicentre), colors)
    painter.restore()


def fault_at(frame: PlaneFrame, geography: Geography, x: float, y: float) -> str:
    """The name of the fault that the point (m) touches on screen, or nothing."""
    reach = FAULT_REACH / frame.pixels_per_unit
    for fault in geography.faults:
        if _distance(fault.points, np.array([x, y])) <= reach:
            return fault.name
    return ""


def paint_scale_and_north(
    painter: QPainter, frame: PlaneFrame, azimuth: float, colors: Shades, enlargement: float = 1.0
) -> float:
    """Above the plot, at its right: a length in km, and where north is. Returns where they begin, pixels.

    ``enlargement``: units of the plane that are one metre on the ground.
    """
    plot, small = frame.plot, frame.fonts.small
    if plot.width() < NARROWEST_WITH_SCALE:
        return plot.right()
    metrics = QFontMetricsF(small)
    middle = plot.top() - GAP - metrics.height() / 2
    radius = 0.58 * metrics.height()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    centre = QPointF(plot.right() - radius - 1, middle)
    _north(painter, centre, radius, azimuth, colors)
    painter.setFont(small)
    painter.setPen(colors.muted)
    letter = metrics.horizontalAdvance("N")
    painter.drawText(QPointF(centre.x() - radius - 3 - letter, middle + metrics.capHeight() / 2), "N")
    right = centre.x() - radius - 3 - letter - 3 * GAP
    length = _round_length(LONGEST_SCALE * frame.view.width / enlargement)
    text = f"{number(length / 1000) if length < 1e6 else f'{length / 1000:,.0f}'} km"
    left = right - length * enlargement * frame.pixels_per_unit
    bar = [QPointF(left, middle - 3), QPointF(left, middle + 3), QPointF(right, middle + 3), QPointF(right, middle - 3)]
    painter.setPen(QPen(colors.muted, 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(bar))
    begin = left - GAP - metrics.horizontalAdvance(text)
    painter.setPen(colors.muted)
    painter.drawText(QPointF(begin, middle + metrics.capHeight() / 2), text)
    painter.restore()
    return begin


class Labels:
    """Texts beside symbols: none over another or a symbol, none cut by the border, off the stations if possible."""

    def __init__(
        self, painter: QPainter, frame: PlaneFrame, colors: Shades, taken: list[QRectF], avoided: list[QRectF]
    ) -> None:
        self._painter, self._frame, self._colors = painter, frame, colors
        self._font = frame.fonts.small
        self._metrics = QFontMetricsF(self._font)
        self._room = frame.plot.adjusted(3, 2, -3, -2)
        self._taken, self._avoided = taken, avoided

    def place(self, text: str, point: QPointF, radius: float) -> bool:
        """Right of, left of, above or below the symbol at ``point``; False if there is no room."""
        width, height = self._metrics.horizontalAdvance(text), self._metrics.height()
        off = radius + 3
        corners = (
            (off, -height / 2),
            (-off - width, -height / 2),
            (-width / 2, -off - height + 1),
            (-width / 2, off - 1),
        )
        rects = [QRectF(point.x() + dx, point.y() + dy, width, height) for dx, dy in corners]
        free = [rect for rect in rects if self.is_free(rect)]
        if free and text:
            clear = [rect for rect in free if not any(rect.intersects(other) for other in self._avoided)]
            self._write(text, (clear or free)[0], self._colors.text)
        return bool(free)

    def take(self, rect: QRectF) -> None:
        """No label may lie here."""
        self._taken.append(rect)

    def is_free(self, rect: QRectF) -> bool:
        return self._room.contains(rect) and not any(rect.intersects(other) for other in self._taken)

    def along(self, text: str, points: NDArray[np.float64], colour: QColor) -> None:
        """Beside the first corner of a line, from its middle outwards, where there is room."""
        width, height = self._metrics.horizontalAdvance(text), self._metrics.height()
        outwards = np.argsort(np.abs(np.arange(len(points)) - len(points) / 2), kind="stable")
        for x, y in points[outwards].tolist():
            at = self._frame.at(x, y)
            rect = QRectF(at.x() + 5, at.y() - height, width, height)
            if self.is_free(rect):
                self._write(text, rect, colour)
                return

    def _write(self, text: str, rect: QRectF, colour: QColor) -> None:
        self.take(rect.adjusted(-3, 0, 3, 0))
        base = QPointF(rect.left(), rect.top() + self._metrics.ascent())
        write_with_halo(self._painter, base, text, self._font, colour, self._colors.base)


def _obstacles(frame: PlaneFrame, content: Overlays) -> tuple[list[QRectF], list[QRectF]]:
    """Where labels may not lie: marks, named sites, the epicentre; where they better do not: the rest."""
    taken = [square(frame.at(x, y), MARK_RADIUS) for x, y in content.marks]
    taken += [square(frame.at(site.x, site.y), SITE_SIZE) for site in content.sites]
    if content.epicentre is not None:
        taken.append(square(frame.at(*content.epicentre), STAR_RADIUS))
    stations = content.geography.stations if content.shows(Layer.STATIONS) else ()
    cities = content.geography.cities if content.shows(Layer.CITIES) else ()
    avoided = [square(frame.at(station.x, station.y), STATION_SIZE) for station in stations]
    avoided += [square(frame.at(city.x, city.y), CITY_RADIUS) for city in cities]
    if content.outline is not None:
        corners = [frame.at(x, y) for x, y in content.outline.tolist()]
        avoided += [QRectF(a, b).normalized().adjusted(-2, -2, 2, 2) for a, b in pairwise(corners)]
    return taken, avoided


def square(centre: QPointF, half: float) -> QRectF:
    """Around a symbol."""
    return QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half)


def _ground(painter: QPainter, frame: PlaneFrame, content: Overlays, colors: Shades) -> None:
    """Land, water, shores and borders."""
    geography, water = content.geography, faded(colors.s, WATER)
    painter.fillRect(frame.plot, water)
    _areas(painter, frame, geography.land, colors.base)
    _areas(painter, frame, geography.lakes, water)
    if content.shows(Layer.BORDERS):
        _thin_lines(painter, frame, geography.provinces, QPen(colors.border, BORDER_WIDTH))
        _thin_lines(painter, frame, geography.borders, QPen(colors.line, BORDER_WIDTH, Qt.PenStyle.DashLine))
    if content.shows(Layer.COASTLINES):
        _thin_lines(painter, frame, geography.coastlines, QPen(faded(colors.ink, 0.7), SHORE_WIDTH))


def _path(frame: PlaneFrame, lines: Iterable[NDArray[np.float64]]) -> QPainterPath:
    """In pixels."""
    every = [points for points in lines if len(points)]
    if not every:
        return QPainterPath()
    ends = np.cumsum([len(points) for points in every]) - 1
    goes_on = np.ones(ends[-1] + 1, np.int32)
    goes_on[ends] = 0
    way, (x, y) = frame.transform, np.concatenate(every).T
    return arrayToQPath(x * way.m11() + way.dx(), y * way.m22() + way.dy(), goes_on)


def _areas(painter: QPainter, frame: PlaneFrame, areas: Iterable[NDArray[np.float64]], colour: QColor) -> None:
    painter.fillPath(_path(frame, areas), colour)


def _thin_lines(painter: QPainter, frame: PlaneFrame, lines: Iterable[NDArray[np.float64]], pen: QPen) -> None:
    painter.strokePath(_path(frame, lines), pen)


def _lines(
    painter: QPainter,
    frame: PlaneFrame,
    lines: Iterable[NDArray[np.float64]],
    colour: QColor,
    width: float,
    colors: Shades,
) -> None:
    path = _path(frame, lines)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (round_pen(colors.base, width + LINE_HALO), round_pen(colour, width)):
        painter.setPen(pen)
        painter.drawPath(path)


def paint_triangle(painter: QPainter, at: QPointF, size: float, fill: QColor, edge: QColor) -> None:
    """A station."""
    corners = [QPointF(0, -size), QPointF(0.9 * size, 0.7 * size), QPointF(-0.9 * size, 0.7 * size)]
    painter.setPen(QPen(edge, 0.9))
    painter.setBrush(fill)
    painter.drawPolygon(QPolygonF([at + corner for corner in corners]))


def _city(painter: QPainter, labels: Labels, name: str, at: QPointF, colors: Shades) -> None:
    """A dot with its name; neither, where there is no room for both."""
    dot = square(at, CITY_RADIUS)
    if labels.is_free(dot) and labels.place(name, at, CITY_RADIUS):
        labels.take(dot)
        painter.setPen(QPen(faded(colors.base, 0.8), 1.2))
        painter.setBrush(colors.text)
        painter.drawEllipse(at, CITY_RADIUS, CITY_RADIUS)


def _mark(painter: QPainter, frame: PlaneFrame, at: QPointF, index: int, colors: Shades) -> None:
    fill = mark_colour(index)
    painter.setPen(QPen(colors.base, 1.6))
    painter.setBrush(fill)
    painter.drawEllipse(at, MARK_RADIUS, MARK_RADIUS)
    painter.setFont(frame.fonts.flag)
    painter.setPen(QColor("#ffffff" if fill.lightnessF() < 0.42 else "#10161c"))
    painter.drawText(square(at, MARK_RADIUS), Qt.AlignmentFlag.AlignCenter, str(index + 1))


def _north(painter: QPainter, centre: QPointF, radius: float, azimuth: float, colors: Shades) -> None:
    """An arrow to north on a map whose X axis has this azimuth in degrees."""
    painter.save()
    painter.translate(centre)
    painter.rotate(90 - azimuth)
    arrow = [(0.0, -radius), (0.55 * radius, 0.8 * radius), (0.0, 0.45 * radius), (-0.55 * radius, 0.8 * radius)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colors.muted)
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in arrow]))
    painter.restore()


def _round_length(longest: float) -> float:
    """1, 2 or 5 times a power of ten, m, not above ``longest``."""
    decade = 10.0 ** math.floor(math.log10(longest))
    return max(step * decade for step in TICK_STEPS if step * decade <= longest)


def _distance(line: NDArray[np.float64], point: NDArray[np.float64]) -> float:
    """From a point to a line of straight pieces."""
    start, along = line[:-1], np.diff(line, axis=0)
    part = ((point - start) * along).sum(1) / np.maximum((along**2).sum(1), 1e-12)
    nearest = start + np.clip(part, 0, 1)[:, None] * along
    return float(np.sqrt(((point - nearest) ** 2).sum(1).min()))
