"""When a wave arrived where: the picks of one event on the map, with the times between stations in colour."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QPolygonF

from quakeview.app.drawing.images import values_image
from quakeview.app.drawing.plane import GAP, PlaneFrame
from quakeview.app.drawing.shades import faded
from quakeview.app.drawing.symbols import paint_star
from quakeview.app.events.event_columns import StationKey
from quakeview.app.events.event_map import EventMap
from quakeview.app.events.event_plane import Hit
from quakeview.app.events.hover_texts import arrival_text
from quakeview.app.events.legend import legend_height, paint_bar
from quakeview.app.maps.overlays import Labels, paint_scale_and_north, paint_triangle, square
from quakeview.app.work.background import Background
from quakeview.events.event import Event
from quakeview.events.readings import Reading, first_arrivals
from quakeview.events.time_field import TimeField, outliers, time_field
from quakeview.scales import Scale, property_scale, round_ticks
from quakeview.stations.coordinates import Coordinates

SIZE = 6.0
SHADE = 0.55
LINES = 10
MOST_NAMES = 60


class ArrivalMap(EventMap):
    """A click on a station chooses its pick.

    Signals:
        pickClicked: id of the pick.
    """

    pickClicked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Arrival times on the map")
        self.shows_mechanisms = False
        self.readings: dict[StationKey, Reading] = {}
        self.wrong: set[StationKey] = set()
        self.times: Scale = property_scale("P time", [], "s")
        self._field: TimeField | None = None
        self._background = Background("Interpolating arrival times")
        self._background.ready.connect(self._take_field)
        self.shown.stationClicked.connect(self._choose)

    def show_arrivals(
        self, event: Event, readings: Sequence[Reading], family: str, stations: Mapping[StationKey, Coordinates]
    ) -> None:
        """The first ``"P"`` or ``"S"`` at the stations whose coordinates are known."""
        first = [each for each in first_arrivals(list(readings), family) if each.station in stations]
        self.readings = {reading.station: reading for reading in first}
        time = np.array([reading.time for reading in first], float)
        distance = np.array([np.nan if reading.distance is None else reading.distance for reading in first], float)
        ray = np.hypot(distance, event.origin.depth or 0.0)
        late = outliers(ray, time) if np.isfinite(ray).all() else np.zeros(len(first), bool)
        self.wrong = {reading.station for reading, is_wrong in zip(first, late, strict=True) if is_wrong}
        self.times = property_scale(f"{family} time", time[~late], "s")
        self._field = None
        is_new = event.resource_id not in self.shown.events
        self.shown.set_stations({key: stations[key] for key in self.readings})
        self.shown.set_events([event])
        if is_new:
            self.shown.show_everything()
        columns = self.shown.station_columns
        x, y, kept = columns.x[~late], columns.y[~late], time[~late]
        self._background.ask(lambda progress: time_field(x, y, kept))

    def mark_pick(self, pick_id: str | None) -> None:
        """Put a ring around the station of a pick."""
        found = [key for key, reading in self.readings.items() if reading.pick_id == pick_id]
        self.point_at(Hit(station=found[0]) if found else Hit())

    def forget(self) -> None:
        """Compute no further; before the map goes."""
        self._background.forget()
        self.ground.forget()

    def wait(self) -> None:
        """Until the times between stations are known; for tests."""
        self._background.wait()

    def station_text(self, key: StationKey) -> str:
        words = arrival_text(self.readings[key]) if key in self.readings else ".".join(key)
        return f"{words}  ·  not as stations at this distance" if key in self.wrong else words

    def _choose(self, name: str) -> None:
        self.pickClicked.emit(self.readings[tuple(name.split("."))].pick_id)  # type: ignore[index]

    def _take_field(self, field: TimeField | None) -> None:
        self._field = field
        self.redraw()

    # --- painting ------------------------------------------------------------------------------------------------

    def _draw_stations(self, painter: QPainter, frame: PlaneFrame) -> None:
        painter.save()
        painter.setClipRect(frame.plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._field is not None:
            self._draw_field(painter, frame, self._field)
        keys, x, y = self.stations_in(frame)
        for key, at in zip(keys, map(QPointF, x.tolist(), y.tolist()), strict=True):
            self._draw_station(painter, key, at)
        self._draw_names(painter, frame, keys, x, y)
        painter.restore()

    def _draw_field(self, painter: QPainter, frame: PlaneFrame, field: TimeField) -> None:
        from contourpy import contour_generator

        painter.setOpacity(SHADE)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(frame.at(field.x[0], field.y[-1]), frame.at(field.x[-1], field.y[0]))
        image = values_image(field.time.T[::-1], self.times, self.colors.is_dark)
        painter.drawImage(area, image, QRectF(QPointF(0, 0), QSizeF(image.size())))
        painter.setOpacity(1.0)
        contours = contour_generator(field.x, field.y, np.ma.masked_invalid(field.time.T))
        painter.setPen(QPen(faded(self.colors.ink, 0.5), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for time in round_ticks(self.times.low, self.times.high, LINES):
            for line in contours.lines(time):
                painter.drawPolyline(QPolygonF([frame.at(x, y) for x, y in np.asarray(line).tolist()]))

    def _draw_station(self, painter: QPainter, key: StationKey, at: QPointF) -> None:
        fill = self.times.rgba([self.readings[key].time], self.colors.is_dark)[0].tolist()
        paint_triangle(painter, at, SIZE, type(self.colors.ink)(*fill), self.colors.text)
        if key in self.wrong:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for colour, width in ((self.colors.base, 4.0), (self.colors.error, 2.0)):
                painter.setPen(QPen(colour, width))
                painter.drawEllipse(at, SIZE + 5, SIZE + 5)

    def _draw_names(
        self,
        painter: QPainter,
        frame: PlaneFrame,
        keys: Sequence[StationKey],
        x: NDArray[np.float64],
        y: NDArray[np.float64],
    ) -> None:
        """Of outliers always, of others where there are few."""
        places = {key: QPointF(*at) for key, *at in zip(keys, x.tolist(), y.tolist(), strict=True)}
        labels = Labels(painter, frame, self.colors, [square(at, SIZE) for at in places.values()], [])
        named = sorted(keys, key=lambda key: key not in self.wrong)
        for key in named if len(keys) <= MOST_NAMES else named[: len(self.wrong)]:
            labels.place(key[1], places[key], SIZE + 5 * (key in self.wrong))

    def paint_over(self, painter: QPainter, frame: PlaneFrame) -> None:
        super().paint_over(painter, frame)
        painter.setClipRect(frame.plot)
        for x, y in zip(self.shown.columns.x.tolist(), self.shown.columns.y.tolist(), strict=True):
            paint_star(painter, frame.at(x, y), self.colors)
        painter.setClipping(False)

    def _paint_legend(self, painter: QPainter, frame: PlaneFrame) -> None:
        _, latitude = self.shown.projection.to_geographic(*frame.view.centre)
        enlargement = float(self.shown.projection.enlargement(latitude))
        paint_scale_and_north(painter, frame, 90.0, self.colors, enlargement)
        top = frame.plot.top() - legend_height(frame.fonts) + GAP
        paint_bar(painter, frame.plot.left(), top, self.times, frame.fonts, self.colors, frame.plot.width())
