"""Sections in depth beside the map: what is in view there, seen from the south or from the east."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from quakeview.app.drawing.axes import paint_plane_axes
from quakeview.app.drawing.fonts import Fonts
from quakeview.app.drawing.plane import GAP, Bounds, Decorations, PlaneFrame
from quakeview.app.drawing.symbols import round_pen
from quakeview.app.events.event_map import map_margins
from quakeview.app.events.event_plane import EventPlane
from quakeview.app.events.posterior import paint_shade
from quakeview.app.events.shown import EventsShown
from quakeview.scales import round_up
from quakeview.texts import counted

SHALLOWEST_RANGE = 5_000.0
"""Least depth that a section goes down to, m."""
ROOM_BELOW = 1.05
TITLES = ("Depth (km)", "km")
KILOMETRE = 1000.0
BOTTOM = Qt.AlignmentFlag.AlignBottom


class DepthView(EventPlane):
    """A section from west to east, below the map, with depth downwards; or one from south to north, right of it, with
    depth to the right. It shows the events that the map shows; zoom and pan are those of the map.
    """

    def __init__(self, shown: EventsShown, east: bool) -> None:
        super().__init__(shown, "Section from west to east" if east else "Section from south to north")
        self._east = east

    # --- the plane -----------------------------------------------------------------------------------------------

    @cached_property
    def depths(self) -> tuple[float, float]:
        """Where the section begins and ends, m: sea level, or the highest event above it, to below the deepest one."""
        depth = self.shown.columns.depth[self._in_view()]
        depth = depth[np.isfinite(depth)]
        lowest = max(float(depth.max(initial=0.0)) * ROOM_BELOW, SHALLOWEST_RANGE)
        return min(float(depth.min(initial=0.0)) * ROOM_BELOW, 0.0), KILOMETRE * round_up(lowest / KILOMETRE)

    def frame_in(self, size: QSizeF) -> PlaneFrame:
        """Its edges that are shared with the map lie where those of the map are."""
        fonts = Fonts.of(self.font())
        left, top, right, bottom = map_margins(fonts)
        margins = (
            (left, 0.5 * QFontMetricsF(fonts.small).height(), right, -2 * GAP)
            if self._east
            else (2 * GAP, top, right, bottom)
        )
        plot = QRectF(QPointF(0, 0), size).adjusted(*margins)
        plot = plot.united(QRectF(plot.topLeft(), QSizeF(20, 20)))
        extent, (low, high) = self.shown.extent, self.depths
        if self._east:
            view = Bounds(extent.left, low, extent.right, high)
        else:
            view = Bounds(low, extent.bottom, high, extent.top)
        around = Decorations(x_axis=not self._east, y_axis=self._east, bar=False)
        return PlaneFrame(plot, view, fonts, around, downward=self._east)

    def positions(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        columns = self.shown.columns
        depth = np.where(self._in_view(), columns.depth, np.nan)
        return (columns.x, depth) if self._east else (depth, columns.y)

    def _in_view(self) -> NDArray[np.bool_]:
        columns, extent = self.shown.columns, self.shown.extent
        across = (columns.x >= extent.left) & (columns.x <= extent.right)
        return across & (columns.y >= extent.bottom) & (columns.y <= extent.top)

    def pan(self, extent: Bounds, dx: float, dy: float) -> None:
        scale = extent.width / (self.frame.plot.width() if self._east else self.frame.plot.height() * self.shown.aspect)
        self.shown.set_view(extent.moved(-dx * scale, 0.0) if self._east else extent.moved(0.0, dy * scale))

    def zoom_at(self, factor: float, x: float, y: float) -> None:
        extent = self.shown.extent
        middle_x, middle_y = extent.centre
        self.shown.set_view(extent.zoomed(factor, *((x, middle_y) if self._east else (middle_x, y))))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 90) if self._east else QSize(90, 120)

    # --- painting ------------------------------------------------------------------------------------------------

    def paint_under(self, painter: QPainter, frame: PlaneFrame) -> None:
        posterior = self.shown.posterior
        if posterior is not None:
            shade = posterior.from_south if self._east else posterior.from_east
            paint_shade(painter, frame, shade, self.colors)

    def paint_over(self, painter: QPainter, frame: PlaneFrame) -> None:
        self._paint_errors(painter, frame)
        self._paint_words(painter, frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        paint_plane_axes(painter, frame, self.colors, [""], TITLES, KILOMETRE)
        if not self._east:
            metrics = QFontMetricsF(frame.fonts.small)
            painter.setPen(self.colors.muted)
            above = QRectF(frame.plot.left(), 0, frame.plot.width(), frame.plot.top() - GAP)
            title = next((each for each in TITLES if metrics.horizontalAdvance(each) <= above.width()), TITLES[-1])
            painter.drawText(above, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter, title)

    def _paint_errors(self, painter: QPainter, frame: PlaneFrame) -> None:
        """One standard deviation of the selected event, along the section and in depth."""
        event = self.shown.selected_event
        if event is None or event.origin.uncertainty is None or event.origin.depth is None:
            return
        uncertainty, index = event.origin.uncertainty, self.shown.columns.index[event.resource_id]
        enlargement = float(self.shown.projection.enlargement(event.origin.latitude))
        along = enlargement * float(np.sqrt(uncertainty.east if self._east else uncertainty.north))
        x, y = self.dots.x[index], self.dots.y[index]
        dx, dy = (along, uncertainty.depth_error) if self._east else (uncertainty.depth_error, along)
        painter.save()
        painter.setClipRect(frame.plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((self.colors.base, 3.6), (self.colors.accent, 1.6)):
            painter.setPen(round_pen(colour, width))
            painter.drawLine(frame.at(x - dx, y), frame.at(x + dx, y))
            painter.drawLine(frame.at(x, y - dy), frame.at(x, y + dy))
        painter.restore()

    def _paint_words(self, painter: QPainter, frame: PlaneFrame) -> None:
        """The ends of the section, and which events are not on it."""
        unknown = int(np.count_nonzero(self._in_view() & np.isnan(self.shown.columns.depth)))
        painter.setFont(frame.fonts.small)
        painter.setPen(self.colors.muted)
        inside = frame.plot.adjusted(5, 3, -5, -3)
        left, right = BOTTOM | Qt.AlignmentFlag.AlignLeft, BOTTOM | Qt.AlignmentFlag.AlignRight
        if self._east:
            painter.drawText(inside, left, "W")
            painter.drawText(inside, right, "E")
            inside.setLeft(inside.left() + 3 * GAP)
        else:
            painter.drawText(inside, right, "S")
            painter.drawText(inside, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, "N")
            inside.setRight(inside.right() - 3 * GAP)
        if unknown:
            words = f"{counted(unknown, 'event has', 'events have')} no depth"
            painter.drawText(inside, left | Qt.TextFlag.TextWordWrap, words)

    # --- changes -------------------------------------------------------------------------------------------------

    def _take_changes(self) -> None:
        self.__dict__.pop("depths", None)
        super()._take_changes()

    def _take_view(self) -> None:
        """Which events are in view is found out when the map rests."""
        if self.shown.moving:
            self.update()
            return
        for name in ("dots", "depths"):
            self.__dict__.pop(name, None)
        self.redraw()
