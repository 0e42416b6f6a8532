"""Stations on the map: where they are, whether they count, and how well the selected event fits them."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from quakeview.app.drawing.plane import PlaneFrame
from quakeview.app.drawing.shades import Shades, faded
from quakeview.app.events.shown import EventsShown
from quakeview.app.maps.overlays import Labels, paint_triangle, square
from quakeview.scales import Scale

SIZE, USED_SIZE, GROWTH = 4.2, 5.0, 2.5
"""Half heights, pixels: of stations, of those of the selected event, and what the largest residual adds."""
PALE = 0.35
MOST_NAMES = 60
"""Stations in view of which names are shown, where there is room."""


@dataclass(frozen=True)
class StationMark:
    """A triangle.

    Attributes:
        residual: s; NaN if the selected event has none there.
        used: whether the selected event has an arrival there that counts.
    """

    name: str
    at: QPointF
    residual: float
    used: bool
    hidden: bool


def station_marks(shown: EventsShown, frame: PlaneFrame) -> list[StationMark]:
    """Those in the plot, the ones of the selected event last."""
    columns, way, plot = shown.station_columns, frame.transform, frame.plot
    x, y = columns.x * way.m11() + way.dx(), columns.y * way.m22() + way.dy()
    inside = (x >= plot.left()) & (x <= plot.right()) & (y >= plot.top()) & (y <= plot.bottom())
    marks = []
    for index in np.flatnonzero(inside).tolist():
        key = columns.keys[index]
        used = any(each.weight > 0 for each in shown.residuals.get(key, ()))
        at = QPointF(x[index], y[index])
        marks.append(StationMark(key[1], at, shown.residual_at(key), used, key in shown.hidden))
    return sorted(marks, key=lambda mark: (mark.used, not mark.hidden))


def paint_stations(painter: QPainter, frame: PlaneFrame, shown: EventsShown, colors: Shades) -> None:
    """Triangles, and names where there are few."""
    marks, scale = station_marks(shown, frame), shown.residual_colours()
    painter.save()
    painter.setClipRect(frame.plot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for mark in marks:
        _paint_mark(painter, mark, scale, shown.selected_event is not None, colors)
    if len(marks) <= MOST_NAMES:
        labels = Labels(painter, frame, colors, [square(mark.at, SIZE) for mark in marks], [])
        for mark in reversed(marks):
            labels.place(mark.name, mark.at, SIZE)
    painter.restore()


def _paint_mark(painter: QPainter, mark: StationMark, scale: Scale, one_event: bool, colors: Shades) -> None:
    if mark.hidden:
        paint_triangle(painter, mark.at, SIZE, faded(colors.base, PALE), faded(colors.ink, PALE))
    elif not one_event:
        paint_triangle(painter, mark.at, SIZE, colors.ink, colors.base)
    elif not mark.used:
        paint_triangle(painter, mark.at, SIZE, colors.base, faded(colors.ink, 0.6))
    elif np.isnan(mark.residual):
        paint_triangle(painter, mark.at, USED_SIZE, colors.muted, colors.ink)
    else:
        size = USED_SIZE + GROWTH * min(abs(mark.residual) / scale.high, 1.0)
        fill = scale.rgba([mark.residual], colors.is_dark)[0].tolist()
        paint_triangle(painter, mark.at, size, type(colors.ink)(*fill), colors.ink)


def paint_rays(painter: QPainter, frame: PlaneFrame, shown: EventsShown, colors: Shades) -> None:
    """From the epicentre of the selected event to the stations that it was located with."""
    event = shown.selected_event
    if event is None:
        return
    start = event.origin.longitude, event.origin.latitude
    painter.save()
    painter.setClipRect(frame.plot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(faded(colors.ink, 0.35), 1.0, Qt.PenStyle.SolidLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for key, arrivals in shown.residuals.items():
        place = shown.stations.get(key)
        if place is not None and any(each.weight > 0 for each in arrivals):
            way = shown.way(start, (place.longitude, place.latitude))
            for piece in np.split(way, np.flatnonzero(np.isnan(way[:, 0]))):
                known = piece[np.isfinite(piece[:, 0])]
                painter.drawPolyline(QPolygonF([frame.at(x, y) for x, y in known.tolist()]))
    painter.restore()
