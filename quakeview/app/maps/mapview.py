"""A map of a region in axes of its own: values over coastline, faults, cities and stations, in kilometres."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from quakeview.app.drawing import shades
from quakeview.app.drawing.plane import Bounds, Decorations, Margins, PlaneFrame
from quakeview.app.drawing.shades import faded
from quakeview.app.maps.mapscene import MapScene
from quakeview.app.maps.overlays import NOTHING, Layer, Site, fault_at
from quakeview.geography import Geography
from quakeview.scales import Scale
from quakeview.simulation.region import Region
from quakeview.texts import geographic

ZOOM_STEP = 1.25
NARROWEST_VIEW = 2000.0
PAN_STEP = 0.1
CROSSHAIR_STEP = 0.01
PALE = 0.3
"""Opacity of values that are not worth much."""
ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class MapView(QWidget):
    """Wheel, + and - zoom, dragging and arrows pan, double-click and Home show the whole region; a click, or Enter at
    the crosshair (moved by Shift and arrows), chooses a point. Linked maps share zoom and crosshair.
    """

    pointClicked = Signal(float, float)  # x, y, m
    pointHovered = Signal(float, float)  # x, y, m
    hoverText = Signal(str)  # what is under the mouse, in words; empty once it has left
    viewChanged = Signal(object)  # Bounds

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = MapScene(shades.current())
        self._view = self._scene.bounds
        self._region: Region | None = None
        self._message = ""
        self._faded = False
        self._linked: list[MapView] = [self]
        self._crosshair: tuple[float, float] | None = None
        self._mouse: QPointF | None = None
        self._pressed: QPointF | None = None
        self._grabbed: Bounds | None = None
        self._image: QImage | None = None
        self._decorations: QPixmap | None = None
        self._click = QTimer(self, singleShot=True)
        self._click.timeout.connect(self._choose_clicked)
        self._clicked = (0.0, 0.0)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.set_title(title)

    @property
    def scene(self) -> MapScene:
        """What the map shows, to be painted elsewhere."""
        return self._scene

    @property
    def view(self) -> Bounds:
        """The part of the region in view, m."""
        return self._view

    @property
    def marks(self) -> list[tuple[float, float]]:
        """The marked points, m, in the order of their numbers."""
        return list(self._scene.overlays.marks)

    def set_title(self, title: str, subtitle: str = "") -> None:
        """What the map shows, and in fainter letters what else is worth knowing."""
        if (title, subtitle) == (self._scene.title, self._scene.subtitle) and self.accessibleName():
            return
        self._scene.title, self._scene.subtitle = title, subtitle
        self.setAccessibleName(f"Map: {title}" if title else "Map")
        self._redraw()

    def set_message(self, sentence: str) -> None:
        """Said in the middle of the map as long as it has no image."""
        self._message = sentence
        self.update()

    def set_faded(self, faded: bool) -> None:
        """Show the values pale: they are not worth much."""
        if faded != self._faded:
            self._faded = faded
            self.update()

    def set_region(self, region: Region) -> None:
        """Whose azimuth and projection north, longitudes and latitudes follow."""
        self._region = region
        self._scene.x_azimuth = region.x_azimuth
        self._set_bounds(Bounds(0.0, 0.0, region.length, region.width))

    def set_axis_titles(self, x: Sequence[str], y: Sequence[str]) -> None:
        """What runs along the axes, with the unit, km; of titles that get shorter the first that fits is shown."""
        self._scene.x_titles, self._scene.y_titles = x, y
        self._redraw()

    def set_nodes(self, x: ArrayLike, y: ArrayLike) -> None:
        """Where the values are: evenly spaced, m. The map ends half a step beyond the last ones."""
        x, y = np.asarray(x, float), np.asarray(y, float)
        dx, dy = (x[-1] - x[0]) / (len(x) - 1) / 2, (y[-1] - y[0]) / (len(y) - 1) / 2
        self._set_bounds(Bounds(float(x[0] - dx), float(y[0] - dy), float(x[-1] + dx), float(y[-1] + dy)))

    def set_geography(self, geography: Geography | None) -> None:
        """Shorelines, faults, cities and stations; None: none of them."""
        self._scene.overlays.geography = geography or NOTHING
        self._redraw()

    def show_layer(self, layer: Layer, shown: bool) -> None:
        """Show or hide a part of the geography; the names of faults are hidden at first."""
        (self._scene.overlays.hidden.discard if shown else self._scene.overlays.hidden.add)(layer)
        self._redraw()

    def set_decorations(self, decorations: Decorations) -> None:
        """What is around the plot, whatever the room."""
        if decorations != self._scene.decorations:
            self._scene.decorations = decorations
            self._redraw()

    def set_image(self, values: NDArray[np.float32] | None, sparse: bool = False) -> None:
        """Values (nx, ny) at the nodes, in the units of the scale; None: no image.

        ``sparse``: they are numbers at single nodes only, and drawn as dots.
        """
        if (values is None) != (self._scene.values is None):
            self._redraw()
        self._scene.values, self._scene.sparse = values, sparse
        self._image = None
        self.update(self._plot_rect())
        if self._mouse is not None:
            self._say_what_is_here()

    def set_scale(self, scale: Scale | None) -> None:
        """What the colours mean."""
        if scale is not self._scene.scale:
            self._scene.scale = scale
            self._redraw()

    def set_sites(self, sites: Sequence[Site]) -> None:
        """Named points, drawn larger than the stations of the geography."""
        self._scene.overlays.sites = tuple(sites)
        self._redraw()

    def mark(self, x: float, y: float) -> int:
        """Mark a point (m) with the next number and its colour; returns the number, counted from 0."""
        self.set_marks([*self._scene.overlays.marks, (x, y)])
        return len(self._scene.overlays.marks) - 1

    def set_marks(self, points: Sequence[tuple[float, float]]) -> None:
        """Mark these points instead (m)."""
        self._scene.overlays.marks = list(points)
        self._redraw()

    def set_epicentre(self, position: tuple[float, float] | None) -> None:
        """A star at x, y (m)."""
        self._scene.overlays.epicentre = position
        self._redraw()

    def set_rupture_outline(self, points: ArrayLike | None) -> None:
        """A line (n, 2), m, over the fault that breaks."""
        self._scene.overlays.outline = None if points is None else np.asarray(points, float)
        self._redraw()

    def set_crosshair(self, x: float | None, y: float | None = None) -> None:
        """Lines through a point (m); None: no lines."""
        self._crosshair = None if x is None or y is None else (x, y)
        self.update(self._plot_rect())

    def set_theme(self) -> None:
        """Take the colours now on screen. Happens by itself when the palette changes."""
        self._scene.colors = shades.current()
        self._redraw()

    def link(self, other: "MapView") -> None:
        """Share zoom and crosshair with another map from now on."""
        linked = list(dict.fromkeys([*self._linked, *other._linked]))
        for view in linked:
            view._linked = linked
        other._take_view(self._view)

    def set_view(self, view: Bounds) -> None:
        """Show a part of the region, here and on linked maps; kept inside the region and to its proportions."""
        bounds = self._scene.bounds
        width = min(max(view.width, min(NARROWEST_VIEW, bounds.width)), bounds.width)
        height = width * bounds.height / bounds.width
        x, y = view.centre
        view = Bounds(x - width / 2, y - height / 2, x + width / 2, y + height / 2).within(bounds)
        for linked in self._linked:
            linked._take_view(view)

    def reset_view(self) -> None:
        """Show the whole region."""
        self.set_view(self._scene.bounds)

    def zoom(self, factor: float, x: float | None = None, y: float | None = None) -> None:
        """Larger by ``factor`` around a point (m), by default around the middle."""
        centre = self._view.centre
        at = (centre[0] if x is None else x, centre[1] if y is None else y)
        widest = self._view.width / min(NARROWEST_VIEW, self._view.width)
        self.set_view(self._view.zoomed(min(factor, widest), *at))

    def picture(self, suffix: str) -> bytes:
        """The map as it is on screen, with title, axes and colour bar: the content of a ``.png`` or ``.svg``.

        Raises:
            QuakeViewError: for another suffix.
        """
        return self._scene.picture(suffix, self.size(), self._view, self.font())

    def paint_picture(self, painter: QPainter, area: QRectF) -> None:
        """Paint the map into ``area``."""
        painter.save()
        painter.translate(area.topLeft())
        self._scene.paint(painter, area.size(), self._view, self.font())
        painter.restore()

    def text_at(self, x: float, y: float) -> str:
        """Coordinates, value and fault at a point (m), in words."""
        parts = [f"X {x / 1000:.1f} km, Y {y / 1000:.1f} km"]
        if self._region is not None:
            longitude, latitude = self._region.to_geographic(x, y)
            parts.append(geographic(float(longitude), float(latitude)))
        value = self.value_at(x, y)
        if value is not None and self._scene.scale is not None:
            parts.append(self._scene.scale.text(value))
        if fault := fault_at(self._frame(), self._scene.overlays.geography, x, y):
            parts.append(f"{fault} fault")
        return "  ·  ".join(parts)

    def value_at(self, x: float, y: float) -> float | None:
        """The value of the nearest node; None outside the map or without an image."""
        values, bounds = self._scene.values, self._scene.bounds
        if values is None or not bounds.contains(x, y):
            return None
        nx, ny = values.shape
        column = min(int((x - bounds.left) / bounds.width * nx), nx - 1)
        row = min(int((y - bounds.bottom) / bounds.height * ny), ny - 1)
        return float(values[column, row])

    def sizeHint(self) -> QSize:
        return QSize(480, self.heightForWidth(480))

    def minimumSizeHint(self) -> QSize:
        return QSize(180, self.heightForWidth(180))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """The height at which no room is left over."""
        margins, bounds = Margins.of(self.font()), self._scene.bounds
        plot = max(width - margins.left - margins.right, 20.0)
        return round(plot * bounds.height / bounds.width + margins.top + margins.bottom)

    def _set_bounds(self, bounds: Bounds) -> None:
        if bounds != self._scene.bounds:
            self._scene.bounds = bounds
            self._take_view(bounds)
            self.updateGeometry()

    def _take_view(self, view: Bounds) -> None:
        if view == self._view:
            return
        self._view = view
        left, bottom, right, top = (value / 1000 for value in (view.left, view.bottom, view.right, view.top))
        self.setAccessibleDescription(f"X {left:.0f} to {right:.0f} km, Y {bottom:.0f} to {top:.0f} km")
        self._redraw()
        self.viewChanged.emit(view)

    def _frame(self) -> PlaneFrame:
        return self._scene.fitted(QSizeF(self.size()), self._view, self.font())

    def _plot_rect(self) -> QRect:
        return self._frame().plot.toAlignedRect()

    def _redraw(self) -> None:
        """Everything must be painted anew."""
        self._image = self._decorations = None
        self.update()

    def _say_what_is_here(self) -> None:
        if self._crosshair is not None:
            self.hoverText.emit(self.text_at(*self._crosshair))

    def _point_at(self, place: tuple[float, float] | None) -> None:
        """Move the crosshair of all linked maps; None takes it away."""
        for view in self._linked:
            view.set_crosshair(*(place or (None,)))
        if place is None:
            self.hoverText.emit("")
        else:
            self.pointHovered.emit(*place)
            self._say_what_is_here()

    def _choose_clicked(self) -> None:
        self.pointClicked.emit(*self._clicked)

    def wheelEvent(self, event: QWheelEvent) -> None:
        frame = self._frame()
        if frame.plot.contains(event.position()):
            self.zoom(ZOOM_STEP ** (event.angleDelta().y() / 120), *frame.position(event.position()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._frame().plot.contains(event.position()):
            self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        frame, position = self._frame(), event.position()
        if self._pressed is not None:
            moved = position - self._pressed
            if self._grabbed is None and moved.manhattanLength() >= QApplication.startDragDistance():
                self._grabbed = self._view
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
            if self._grabbed is not None:
                scale = frame.pixels_per_unit
                self.set_view(self._grabbed.moved(-moved.x() / scale, moved.y() / scale))
        inside = frame.plot.contains(position)
        self._mouse = position if inside else None
        self._point_at(self._frame().position(position) if inside else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """On a zoomed map a click waits until it is clear that it is not the first half of a double-click."""
        if self._pressed is not None and self._grabbed is None:
            self._clicked = self._frame().position(event.position())
            zoomed = self._view != self._scene.bounds
            self._click.start(QApplication.doubleClickInterval() if zoomed else 0)
        self._pressed = self._grabbed = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._click.stop()
        self.reset_view()

    def leaveEvent(self, event: QEvent) -> None:
        self._mouse = None
        self._point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case key if key in ARROWS and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._move_crosshair(*ARROWS[key])
            case key if key in ARROWS:
                dx, dy = ARROWS[key]
                self.set_view(self._view.moved(PAN_STEP * dx * self._view.width, PAN_STEP * dy * self._view.height))
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(ZOOM_STEP)
            case Qt.Key.Key_Minus:
                self.zoom(1 / ZOOM_STEP)
            case Qt.Key.Key_Home:
                self.reset_view()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._crosshair is not None:
                self.pointClicked.emit(*self._crosshair)
            case _:
                super().keyPressEvent(event)

    def _move_crosshair(self, dx: int, dy: int) -> None:
        view = self._view
        x, y = self._crosshair or view.centre
        x = min(max(x + CROSSHAIR_STEP * dx * view.width, view.left), view.right)
        y = min(max(y + CROSSHAIR_STEP * dy * view.width, view.bottom), view.top)
        self._point_at((x, y))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.set_theme()
        super().changeEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        frame = self._frame()
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._scene.colors.base)
        if self._image is None:
            self._image = self._scene.image()
        painter.setOpacity(PALE if self._faded else 1.0)
        self._scene.paint_values(painter, frame, self._image)
        painter.setOpacity(1.0)
        painter.drawPixmap(0, 0, self._decorations_of(frame))
        if self._scene.values is None and self._message:
            self._paint_message(painter, frame)
        if self._crosshair is not None:
            self._paint_crosshair(painter, frame, *self._crosshair)
        if self.hasFocus():
            painter.setPen(QPen(self._scene.colors.accent, 1))
            painter.drawRect(frame.plot.adjusted(-0.5, -0.5, 0.5, 0.5))

    def _decorations_of(self, frame: PlaneFrame) -> QPixmap:
        ratio = self.devicePixelRatioF()
        if self._decorations is None or self._decorations.devicePixelRatio() != ratio:
            self._decorations = QPixmap(self.size() * ratio)
            self._decorations.setDevicePixelRatio(ratio)
            self._decorations.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._decorations)
            self._scene.paint_decorations(painter, frame)
            painter.end()
        return self._decorations

    def _paint_message(self, painter: QPainter, frame: PlaneFrame) -> None:
        colors = self._scene.colors
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.setFont(self.font())
        words = painter.boundingRect(frame.plot.adjusted(24, 16, -24, -16), flags, self._message)
        painter.fillRect(frame.plot, faded(colors.base, 0.5))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colors.line, 1))
        painter.setBrush(colors.base)
        painter.drawRoundedRect(words.adjusted(-14, -9, 14, 9), 6, 6)
        painter.setPen(colors.text)
        painter.drawText(words, flags, self._message)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_crosshair(self, painter: QPainter, frame: PlaneFrame, x: float, y: float) -> None:
        at, plot = frame.at(x, y), frame.plot
        if not plot.contains(at):
            return
        px, py = round(at.x()) + 0.5, round(at.y()) + 0.5
        painter.setPen(QPen(faded(self._scene.colors.text, 0.45), 1))
        painter.drawLine(QLineF(px, plot.top(), px, plot.bottom()))
        painter.drawLine(QLineF(plot.left(), py, plot.right(), py))
