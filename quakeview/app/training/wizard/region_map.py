"""The map on which a region and its fault are drawn and dragged."""

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPen, QPolygonF

from quakeview.app.drawing.plane import Bounds, PlaneFrame
from quakeview.app.drawing.shades import faded
from quakeview.app.events.event_map import EventMap
from quakeview.errors import QuakeViewError
from quakeview.simulation.regional_model import RegionFile
from quakeview.training.planning.regions import Handle, moved, outlines

REACH, RADIUS = 12.0, 6.0
"""Pixels around a handle within which it is meant, and its size."""
MARGIN = 0.35
"""Room around a box that is shown whole, as a part of it."""


class RegionMap(EventMap):
    """Box, fault plane and their handles. Handles are dragged; elsewhere the map is panned and zoomed as any other.

    Signals:
        edited: the region, after something was dragged.
    """

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.region: RegionFile | None = None
        self.setAccessibleName("Map of the region and its fault")
        self._dragged: Handle | None = None

    def show_region(self, region: RegionFile, whole: bool = False) -> None:
        """Show a region; ``whole``: bring all of it into view."""
        self.region = region
        if whole:
            self._show_whole()
        self.update()

    def handle_points(self, frame: PlaneFrame) -> dict[Handle, QPointF]:
        """Where the handles are, in pixels; none while there is no region that can be drawn."""
        region, lines = self.region, self._outlines()
        if region is None or lines is None:
            return {}
        places = {
            Handle.CENTRE: (region.longitude, region.latitude),
            Handle.CORNER: tuple(lines[0][2].tolist()),
            Handle.START: region.fault.start,
            Handle.END: region.fault.end,
        }
        return {handle: next(self._pixels(frame, np.array([place]))) for handle, place in places.items()}

    # --- painting ------------------------------------------------------------------------------------------------

    def paint_over(self, painter: QPainter, frame: PlaneFrame) -> None:
        super().paint_over(painter, frame)
        if (lines := self._outlines()) is None:
            return
        box, plane = (QPolygonF(list(self._pixels(frame, line))) for line in lines)
        colors = self.colors
        painter.save()
        painter.setClipRect(frame.plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(faded(colors.accent, 0.08))
        painter.setPen(QPen(colors.accent, 1.6))
        painter.drawPolygon(box)
        painter.setBrush(faded(colors.p, 0.25))
        painter.setPen(QPen(colors.p, 1))
        painter.drawPolygon(plane)
        painter.setPen(QPen(colors.p, 3))
        painter.drawLine(plane.at(0), plane.at(1))
        for handle, at in self.handle_points(frame).items():
            of_fault = handle in (Handle.START, Handle.END)
            painter.setBrush(colors.base)
            painter.setPen(QPen(colors.p if of_fault else colors.accent, 2))
            painter.drawEllipse(at, RADIUS, RADIUS)
        painter.restore()

    # --- mouse ---------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged = self._handle_at(event.position())
        if self._dragged is None:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is None or self.region is None:
            super().mouseMoveEvent(event)
            handle = self._handle_at(event.position())
            if handle is not None and not event.buttons():
                self.setToolTip(f"Drag the {handle.value}")
                self.setCursor(Qt.CursorShape.SizeAllCursor)
            elif not event.buttons():
                self.setToolTip("")
                self.unsetCursor()
            return
        longitude, latitude = self.shown.projection.to_geographic(*self.frame.position(event.position()))
        self.region = moved(self.region, self._dragged, float(longitude), float(latitude))
        self.update()
        self.edited.emit(self.region)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragged is None:
            super().mouseReleaseEvent(event)
        self._dragged = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._show_whole()

    def _handle_at(self, position: QPointF) -> Handle | None:
        points = self.handle_points(self.frame)
        away = {handle: float(np.hypot(*(at - position).toTuple())) for handle, at in points.items()}
        nearest = min(away, key=lambda handle: away[handle], default=None)
        return nearest if nearest is not None and away[nearest] <= REACH else None

    # --- places --------------------------------------------------------------------------------------------------

    def _outlines(self) -> tuple[np.ndarray, np.ndarray] | None:
        try:
            return None if self.region is None else outlines(self.region)
        except QuakeViewError:  # the page says what is wrong
            return None

    def _pixels(self, frame: PlaneFrame, places: np.ndarray) -> Iterator[QPointF]:
        x, y = self.shown.on_map(places[:, 0], places[:, 1])
        return (frame.at(*point) for point in zip(x.tolist(), y.tolist(), strict=True))

    def _show_whole(self) -> None:
        if (lines := self._outlines()) is None:
            return
        x, y = self.shown.on_map(*np.concatenate(lines).T)
        dx, dy = MARGIN * np.ptp(x), MARGIN * np.ptp(y)
        self.shown.set_view(Bounds(float(x.min() - dx), float(y.min() - dy), float(x.max() + dx), float(y.max() + dy)))
