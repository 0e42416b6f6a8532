"""What map and sections have in common: dots of events that are looked at, selected and opened, zoom and pan."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from quakeview.app.drawing import shades
from quakeview.app.drawing.picture import draw_picture
from quakeview.app.drawing.plane import Bounds, PlaneFrame
from quakeview.app.drawing.shades import Shades, faded
from quakeview.app.events.dots import Dots, fill_colours, paint_dot
from quakeview.app.events.event_columns import StationKey
from quakeview.app.events.hover_texts import event_text
from quakeview.app.events.layer import Draw, Layer
from quakeview.app.events.shown import EventsShown
from quakeview.texts import counted

ZOOM_STEP, PAN_STEP = 1.25, 0.1
REACH = 7.0
"""Pixels from a symbol within which the mouse means it."""
MOST_RINGS = 300
"""Selected events that are marked one by one; of more only so many."""
ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


@dataclass(frozen=True)
class Hit:
    """What is under the mouse: an event or a station."""

    event: str = ""
    station: StationKey = ("", "")


class EventPlane(QWidget):
    """Wheel, + and - zoom, dragging and arrows pan, Home and a double-click beside events show everything. A click
    selects, with Ctrl it adds, as does dragging with Shift; a double-click or Enter opens. Shift and arrows go from
    event to event, Ctrl and arrows from station to station.
    """

    def __init__(self, shown: EventsShown, name: str) -> None:
        super().__init__()
        self.shown = shown
        self.pointed = Hit()
        self._name = name
        self._dots_layer = Layer()
        self._pressed: QPointF | None = None
        self._grabbed: tuple[QPointF, Bounds] | None = None
        self._band: QRectF | None = None
        self._exports = False
        shown.changed.connect(self._take_changes)
        shown.selectionChanged.connect(self._take_selection)
        shown.viewChanged.connect(self._take_view)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(name)
        self._describe()

    # --- what a plane is -----------------------------------------------------------------------------------------

    def frame_in(self, size: QSizeF) -> PlaneFrame:
        """Where the plane lies in a picture of this size."""
        raise NotImplementedError

    def positions(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(n,) x and y of all events on the plane; NaN where one is not on it."""
        raise NotImplementedError

    def paint_under(self, painter: QPainter, frame: PlaneFrame) -> None:
        """What lies under the dots."""

    def paint_over(self, painter: QPainter, frame: PlaneFrame) -> None:
        """What lies over the dots, and around the plot."""

    def pan(self, extent: Bounds, dx: float, dy: float) -> None:
        """Move what was shown as ``extent`` of the map by so many pixels to the right and down."""
        raise NotImplementedError

    def zoom_at(self, factor: float, x: float, y: float) -> None:
        """Larger by ``factor`` around a point of the plane."""
        raise NotImplementedError

    def stations_in(self, frame: PlaneFrame) -> tuple[tuple[StationKey, ...], NDArray[np.float64], NDArray[np.float64]]:
        """Stations that can be pointed at, and their pixels."""
        return (), np.empty(0), np.empty(0)

    def station_text(self, key: StationKey) -> str:
        """What is said of a station."""
        return ".".join(key)

    # --- events on it --------------------------------------------------------------------------------------------

    @property
    def frame(self) -> PlaneFrame:
        """As it is on screen."""
        return self.frame_in(QSizeF(self.size()))

    @cached_property
    def dots(self) -> Dots:
        """Of all events."""
        shown, columns = self.shown, self.shown.columns
        return Dots(*self.positions(), shown.radii(columns.magnitude), shown.levels, columns.pale)

    def hit(self, position: QPointF) -> Hit:
        """The nearest symbol, as far as one is meant."""
        frame = self.frame
        if not frame.plot.contains(position):
            return Hit()
        x, y = self.dots.pixels(frame)
        away = np.hypot(x - position.x(), y - position.y()) - 0.7 * self.dots.radius
        away[np.isnan(away)] = np.inf
        keys, sx, sy = self.stations_in(frame)
        to_stations = np.hypot(sx - position.x(), sy - position.y())
        event = away.min(initial=np.inf)
        station = to_stations.min(initial=np.inf)
        if min(event, station) > REACH:
            return Hit()
        if event <= station:
            return Hit(event=self.shown.columns.ids[int(away.argmin())])
        return Hit(station=keys[int(to_stations.argmin())])

    def text_of(self, hit: Hit) -> str:
        """What is said of it."""
        if hit.event:
            return event_text(self.shown.events[hit.event])
        return self.station_text(hit.station) if hit.station[1] else ""

    # --- painting ------------------------------------------------------------------------------------------------

    @property
    def colors(self) -> Shades:
        """Now on screen."""
        return shades.current()

    def paintEvent(self, event: QPaintEvent) -> None:
        frame, colors = self.frame, self.colors
        painter = QPainter(self)
        painter.fillRect(event.rect(), colors.base)
        self.paint_under(painter, frame)
        scale = self.shown.scale
        self.paint_layer(self._dots_layer, painter, frame, lambda on, part: self.dots.paint(on, part, scale, colors))
        self.paint_over(painter, frame)
        self._paint_marks(painter, frame)
        if self._band is not None:
            painter.setPen(QPen(colors.accent, 1, Qt.PenStyle.DashLine))
            painter.setBrush(faded(colors.accent, 0.12))
            painter.drawRect(self._band)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colors.accent, 1))
            painter.drawRect(frame.plot.adjusted(-0.5, -0.5, 0.5, 0.5))

    def paint_layer(self, layer: Layer, painter: QPainter, frame: PlaneFrame, draw: Draw) -> None:
        """From the cache on screen; into a picture as lines and text."""
        if self._exports:
            draw(painter, frame)
        else:
            layer.paint(painter, frame, draw, self.shown.moving)

    def _paint_marks(self, painter: QPainter, frame: PlaneFrame) -> None:
        """Selected events, and what is pointed at."""
        painter.save()
        painter.setClipRect(frame.plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors, dots, ids = self.colors, self.dots, self.shown.columns.ids
        index_of = self.shown.columns.index
        selected = set(self.shown.selection[:MOST_RINGS])
        fills = fill_colours(self.shown.scale, colors.is_dark)
        x, y = dots.pixels(frame)
        for index in sorted(index_of[each] for each in selected | {self.pointed.event} if each):
            if not np.isfinite(x[index] + y[index]):
                continue
            at, radius = QPointF(x[index], y[index]), float(dots.radius[index])
            paint_dot(painter, at, radius, fills[dots.level[index]], colors)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = (colors.accent, 2.2) if ids[index] in selected else (colors.text, 1.2)
            painter.setPen(QPen(colors.base, ring[1] + 2))
            painter.drawEllipse(at, radius + 3, radius + 3)
            painter.setPen(QPen(*ring))
            painter.drawEllipse(at, radius + 3, radius + 3)
        painter.restore()

    def paint_picture(self, painter: QPainter, area: QRectF) -> None:
        """Paint what is shown into ``area``, as shapes."""
        painter.save()
        painter.translate(area.topLeft())
        frame = self.frame_in(area.size())
        painter.fillRect(QRectF(QPointF(0, 0), area.size()), self.colors.base)
        self._exports = True
        self.paint_under(painter, frame)
        self.dots.draw(painter, frame, self.shown.scale, self.colors)
        self.paint_over(painter, frame)
        self._paint_marks(painter, frame)
        self._exports = False
        painter.restore()

    def picture(self, suffix: str) -> bytes:
        """What is shown: the content of a ``.png`` or ``.svg``.

        Raises:
            QuakeViewError: for another suffix.
        """
        area = QRectF(self.rect())
        return draw_picture(suffix, self.size(), lambda painter: self.paint_picture(painter, area), self._name)

    # --- changes -------------------------------------------------------------------------------------------------

    def _take_changes(self) -> None:
        self.__dict__.pop("dots", None)
        self.pointed = Hit()
        self.redraw_events()
        self._describe()

    def _take_selection(self) -> None:
        self.update()
        self._describe()

    def _take_view(self) -> None:
        self.update()

    def redraw_events(self) -> None:
        """Other events are shown."""
        self.redraw()

    def redraw(self) -> None:
        """Everything must be painted anew."""
        self._dots_layer.forget()
        self.update()

    def _describe(self) -> None:
        shown = self.shown
        words = [counted(len(shown.events), "event"), counted(len(shown.stations), "station")]
        if shown.selected_event is not None:
            words.append(f"selected: {event_text(shown.selected_event)}")
        elif shown.selection:
            words.append(f"{len(shown.selection)} selected")
        self.setAccessibleDescription(", ".join(words))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.redraw()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.redraw()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(420, 320)

    # --- mouse ---------------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        frame = self.frame
        if frame.plot.contains(event.position()):
            self.zoom_at(ZOOM_STEP ** (event.angleDelta().y() / 120), *frame.position(event.position()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.frame.plot.contains(event.position()):
            self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        if self._pressed is None:
            self.point_at(self.hit(position))
            QToolTip.showText(event.globalPosition().toPoint(), self.text_of(self.pointed), self)
            return
        moved = position - self._pressed
        if self._band is not None or (event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._grabbed is None):
            self._band = QRectF(self._pressed, position).normalized()
            self.update()
            return
        if self._grabbed is None and moved.manhattanLength() >= QApplication.startDragDistance():
            self._grabbed = self._pressed, self.shown.extent
            self.shown.set_moving(True)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            QToolTip.hideText()
        if self._grabbed is not None:
            self.pan(self._grabbed[1], round(moved.x()), round(moved.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        adds = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self._band is not None:
            self.shown.choose([*self.shown.selection, *self._inside(self._band)])
        elif self._pressed is not None and self._grabbed is None:
            self._click(self.hit(event.position()), adds)
        if self._grabbed is not None:
            self.shown.set_moving(False)
        self._pressed = self._grabbed = self._band = None
        self.unsetCursor()
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        hit = self.hit(event.position())
        if hit.event:
            self.shown.opened.emit(hit.event)
        elif not hit.station[1]:
            self.shown.show_everything()

    def leaveEvent(self, event: QEvent) -> None:
        self.point_at(Hit())

    def point_at(self, hit: Hit) -> None:
        """Say what it is, and mark it."""
        if hit != self.pointed:
            self.pointed = hit
            self.shown.hoverText.emit(self.text_of(hit))
            self.update()

    def _click(self, hit: Hit, adds: bool) -> None:
        if hit.station[1]:
            self.shown.stationClicked.emit(".".join(hit.station))
        elif hit.event and adds:
            others = [each for each in self.shown.selection if each != hit.event]
            self.shown.choose(others if hit.event in self.shown.selection else [*others, hit.event])
        elif not adds:
            self.shown.choose([hit.event] if hit.event else [])

    def _inside(self, band: QRectF) -> list[str]:
        x, y = self.dots.pixels(self.frame)
        inside = (x >= band.left()) & (x <= band.right()) & (y >= band.top()) & (y <= band.bottom())
        return [self.shown.columns.ids[index] for index in np.flatnonzero(inside)]

    # --- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown, modifiers = self.shown, event.modifiers()
        match event.key():
            case key if key in ARROWS and modifiers & Qt.KeyboardModifier.ShiftModifier:
                self._step_to_event(*ARROWS[key])
            case key if key in ARROWS and modifiers & Qt.KeyboardModifier.ControlModifier:
                self._step_to_station(*ARROWS[key])
            case key if key in ARROWS:
                (dx, dy), plot = ARROWS[key], self.frame.plot
                self.pan(shown.extent, -PAN_STEP * dx * plot.width(), -PAN_STEP * dy * plot.height())
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom_at(ZOOM_STEP, *self.frame.view.centre)
            case Qt.Key.Key_Minus:
                self.zoom_at(1 / ZOOM_STEP, *self.frame.view.centre)
            case Qt.Key.Key_Home if modifiers & Qt.KeyboardModifier.ShiftModifier:
                shown.show_events(shown.selection)
            case Qt.Key.Key_Home:
                shown.show_everything()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.pointed.station[1]:
                shown.stationClicked.emit(".".join(self.pointed.station))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if shown.selection:
                shown.opened.emit(shown.selection[0])
            case Qt.Key.Key_Escape if shown.selection:
                shown.choose([])
            case Qt.Key.Key_A if modifiers & Qt.KeyboardModifier.ControlModifier:
                shown.choose(shown.columns.ids)
            case _:
                super().keyPressEvent(event)

    def _step_to_event(self, dx: int, dy: int) -> None:
        ids = self.shown.columns.ids
        x, y = self.dots.pixels(self.frame)
        here = self.shown.columns.index[self.shown.selection[-1]] if self.shown.selection else None
        if (index := self._next(x, y, here, dx, dy)) is not None:
            self.pointed = Hit()
            self.shown.choose([ids[index]])
            self.shown.hoverText.emit(self.text_of(Hit(event=ids[index])))

    def _step_to_station(self, dx: int, dy: int) -> None:
        keys, x, y = self.stations_in(self.frame)
        here = keys.index(self.pointed.station) if self.pointed.station in keys else None
        if (index := self._next(x, y, here, dx, dy)) is not None:
            self.point_at(Hit(station=keys[index]))

    def _next(self, x: NDArray[np.float64], y: NDArray[np.float64], here: int | None, dx: int, dy: int) -> int | None:
        """The nearest point from ``here``, by default the middle, in a direction; None if there is none."""
        centre = self.frame.plot.center()
        from_x, from_y = (centre.x(), centre.y()) if here is None else (x[here], y[here])
        along = (x - from_x) * dx + (y - from_y) * dy
        across = np.abs((x - from_x) * dy - (y - from_y) * dx)
        ahead = (along > 0) & (across <= along) if here is not None else np.isfinite(along)
        if here is not None:
            ahead[here] = False
        cost = np.where(ahead, np.hypot(along, 2 * across), np.inf)
        return int(cost.argmin()) if ahead.any() else None
