"""The map of earthquakes and stations, anywhere on Earth."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF, QResizeEvent

from quakeview.app.drawing.axes import paint_x_axis, paint_y_axis
from quakeview.app.drawing.fonts import Fonts
from quakeview.app.drawing.plane import GAP, TICK, Bounds, Decorations, PlaneFrame
from quakeview.app.drawing.shades import faded
from quakeview.app.drawing.symbols import round_pen
from quakeview.app.events.beach_balls import paint_beach_balls
from quakeview.app.events.event_columns import StationKey
from quakeview.app.events.event_plane import EventPlane
from quakeview.app.events.graticule import latitude_ticks, longitude_ticks
from quakeview.app.events.ground import Ground
from quakeview.app.events.hover_texts import arrivals_text, distance_text
from quakeview.app.events.layer import Layer
from quakeview.app.events.legend import legend_height, paint_bar, paint_sizes
from quakeview.app.events.posterior import paint_shade
from quakeview.app.events.region import paint_region
from quakeview.app.events.shown import EventsShown
from quakeview.app.events.station_marks import paint_rays, paint_stations
from quakeview.app.maps.overlays import Layer as Part
from quakeview.app.maps.overlays import Overlays, paint_overlays, paint_scale_and_north
from quakeview.events.event import Event
from quakeview.stations.coordinates import Coordinates, epicentral_path

NARROWEST_WITH_SCALE = 260.0
"""Width of a plot, pixels, below which the colours of events need the room of the scale."""
WIDEST_LATITUDE = "88.88° N"
ELLIPSE_WIDTH = 1.6
TRAIL_WIDTH, TRAIL_RADIUS = 1.4, 5.0


class EventMap(EventPlane):
    """Events by magnitude and colour, stations by residual, over land and water."""

    def __init__(self, shown: EventsShown | None = None) -> None:
        super().__init__(shown or EventsShown(), "Map of events")
        self.selected, self.opened = self.shown.selected, self.shown.opened
        self.stationClicked = self.shown.stationClicked
        self.ground = Ground()
        self.ground.changed.connect(self._take_ground)
        self.overlays = Overlays(hidden={Part.STATIONS, Part.FAULT_NAMES})
        self.shows_rays = self.shows_stations = self.shows_mechanisms = True
        self._ground_layer, self._stations_layer = Layer(), Layer()
        self._projection = self.shown.projection

    # --- what is shown: see ``EventsShown`` ----------------------------------------------------------------------

    def set_events(self, events: Sequence[Event]) -> None:
        """Show these and no others."""
        self.shown.set_events(events)

    def change_events(self, gone: Iterable[str], came: Iterable[Event]) -> None:
        """Some have gone, others came."""
        self.shown.change_events(gone, came)

    def set_stations(self, stations: Mapping[StationKey, Coordinates], hidden: Collection[StationKey] = ()) -> None:
        """By network and station code; ``hidden`` ones are pale."""
        self.shown.set_stations(stations, hidden)

    def select(self, ids: Iterable[str]) -> None:
        """These are selected."""
        self.shown.select(ids)

    def set_posterior(
        self, longitude: ArrayLike, latitude: ArrayLike, depth: ArrayLike, probability: ArrayLike
    ) -> None:
        """Shade where the selected hypocentre is probable; see ``EventsShown.set_posterior``."""
        self.shown.set_posterior(longitude, latitude, depth, probability)

    def show_part(self, part: Part, shown: bool) -> None:
        """Show or hide a part of the geography."""
        (self.overlays.hidden.discard if shown else self.overlays.hidden.add)(part)
        self.redraw()

    def show_stations(self, shown: bool) -> None:
        """Show or hide the stations."""
        self.shows_stations = shown
        self.redraw()

    def show_mechanisms(self, shown: bool) -> None:
        """Show or hide the focal mechanisms of events."""
        self.shows_mechanisms = shown
        self.update()

    def show_rays(self, shown: bool) -> None:
        """Show or hide lines from the selected event to its stations."""
        self.shows_rays = shown
        self.update()

    # --- the plane -----------------------------------------------------------------------------------------------

    def frame_in(self, size: QSizeF) -> PlaneFrame:
        """The plot fills what legend and labels leave; the extent has its shape."""
        fonts = Fonts.of(self.font())
        plot = QRectF(QPointF(0, 0), size).adjusted(*map_margins(fonts))
        plot = plot.united(QRectF(plot.topLeft(), QSizeF(20, 20)))
        return PlaneFrame(plot, self.shown.extent, fonts, Decorations(bar=False))

    def positions(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return self.shown.columns.x, self.shown.columns.y

    def stations_in(self, frame: PlaneFrame) -> tuple[tuple[StationKey, ...], NDArray[np.float64], NDArray[np.float64]]:
        if not self.shows_stations:
            return super().stations_in(frame)
        columns, way = self.shown.station_columns, frame.transform
        return columns.keys, columns.x * way.m11() + way.dx(), columns.y * way.m22() + way.dy()

    def station_text(self, key: StationKey) -> str:
        event, arrivals, name = self.shown.selected_event, self.shown.residuals.get(key, ()), ".".join(key)
        if event is not None and not arrivals:
            path = epicentral_path(event.origin.latitude, event.origin.longitude, self.shown.stations[key])
            name = f"{name}  ·  {distance_text(path.distance)}  ·  no pick of this event"
        return arrivals_text(name, arrivals) + ("  ·  hidden" if key in self.shown.hidden else "")

    def pan(self, extent: Bounds, dx: float, dy: float) -> None:
        scale = self.frame.pixels_per_unit
        self.shown.set_view(extent.moved(-dx / scale, dy / scale))

    def zoom_at(self, factor: float, x: float, y: float) -> None:
        self.shown.set_view(self.shown.extent.zoomed(factor, x, y))

    # --- painting ------------------------------------------------------------------------------------------------

    def paint_under(self, painter: QPainter, frame: PlaneFrame) -> None:
        self.ground.want(self.shown.projection, frame.view, 1 / frame.pixels_per_unit)
        self.overlays.geography = self.ground.geography
        self.paint_layer(self._ground_layer, painter, frame, self._draw_ground)
        if self.shown.posterior is not None:
            paint_shade(painter, frame, self.shown.posterior.from_above, self.colors)
        if self.shows_rays and self.shows_stations:
            paint_rays(painter, frame, self.shown, self.colors)
        if self.shows_stations:
            self.paint_layer(self._stations_layer, painter, frame, self._draw_stations)

    def paint_over(self, painter: QPainter, frame: PlaneFrame) -> None:
        paint_region(painter, frame, self.shown, self.colors)
        if self.shows_mechanisms:
            paint_beach_balls(painter, frame, self.shown, self.dots, self.colors)
        self._paint_uncertainty(painter, frame)
        self._paint_trail(painter, frame)
        self._paint_pointed_station(painter, frame)
        self._paint_axes(painter, frame)
        self._paint_legend(painter, frame)

    def _draw_ground(self, painter: QPainter, frame: PlaneFrame) -> None:
        paint_overlays(painter, frame, self.overlays, self.colors)
        plot, projection = frame.plot, self.shown.projection
        painter.setPen(QPen(faded(self.colors.line, 0.25), 1))
        lines = [QLineF(tick.at, plot.top(), tick.at, plot.bottom()) for tick in longitude_ticks(frame, projection)]
        lines += [QLineF(plot.left(), tick.at, plot.right(), tick.at) for tick in latitude_ticks(frame, projection)]
        painter.drawLines(lines)

    def _draw_stations(self, painter: QPainter, frame: PlaneFrame) -> None:
        paint_stations(painter, frame, self.shown, self.colors)

    def _paint_uncertainty(self, painter: QPainter, frame: PlaneFrame) -> None:
        event = self.shown.selected_event
        if event is None or event.origin.uncertainty is None:
            return
        origin = event.origin
        line = self.shown.projection.ellipse(origin.longitude, origin.latitude, *event.origin.uncertainty.ellipse)
        ellipse = QPolygonF([frame.at(x, y) for x, y in line.tolist()])
        painter.save()
        painter.setClipRect(frame.plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((self.colors.base, ELLIPSE_WIDTH + 2), (self.colors.accent, ELLIPSE_WIDTH)):
            painter.setPen(round_pen(colour, width))
            painter.drawPolygon(ellipse)
        painter.restore()

    def _paint_trail(self, painter: QPainter, frame: PlaneFrame) -> None:
        """A hollow mark where the selected event was before the last edit, and the way from there."""
        event, before = self.shown.selected_event, self.shown.trail
        if event is None or before is None:
            return
        way = self.shown.way((before.longitude, before.latitude), (event.origin.longitude, event.origin.latitude))
        line = QPolygonF([frame.at(x, y) for x, y in way.tolist()])
        painter.save()
        painter.setClipRect(frame.plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((self.colors.base, TRAIL_WIDTH + 2), (self.colors.text, TRAIL_WIDTH)):
            painter.setPen(round_pen(colour, width))
            painter.drawPolyline(line)
            painter.drawEllipse(line.first(), TRAIL_RADIUS, TRAIL_RADIUS)
        painter.restore()

    def _paint_pointed_station(self, painter: QPainter, frame: PlaneFrame) -> None:
        keys, x, y = self.stations_in(frame)
        if self.pointed.station in keys:
            index = keys.index(self.pointed.station)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.colors.accent, 2))
            painter.drawEllipse(QPointF(x[index], y[index]), 9, 9)

    def _paint_axes(self, painter: QPainter, frame: PlaneFrame) -> None:
        colors, projection = self.colors, self.shown.projection
        border = frame.plot.adjusted(-0.5, -0.5, 0.5, 0.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(colors.line, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(border)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_x_axis(painter, border, longitude_ticks(frame, projection), frame.fonts.small, colors, overhang=0.0)
        paint_y_axis(painter, border, latitude_ticks(frame, projection), frame.fonts.small, colors, overhang=0.0)

    def _paint_legend(self, painter: QPainter, frame: PlaneFrame) -> None:
        shown, fonts, colors, plot = self.shown, frame.fonts, self.colors, frame.plot
        _, latitude = shown.projection.to_geographic(*frame.view.centre)
        enlargement = float(shown.projection.enlargement(latitude))
        right = plot.right()
        if plot.width() >= NARROWEST_WITH_SCALE or not len(shown.columns):
            right = paint_scale_and_north(painter, frame, 90.0, colors, enlargement) - 2 * GAP
        left, top = plot.left(), plot.top() - legend_height(fonts) + GAP
        if len(shown.columns):
            left = paint_bar(painter, left, top, shown.scale, fonts, colors, plot.width())
        if shown.residuals and right - left > 0.3 * plot.width():
            left = paint_bar(painter, left, top, shown.residual_colours(), fonts, colors, plot.width())
        paint_sizes(painter, left, top, shown.columns.magnitude, shown.radii, fonts, colors, right)

    # --- changes -------------------------------------------------------------------------------------------------

    def _take_ground(self) -> None:
        self._ground_layer.forget()
        self.update()

    def _take_selection(self) -> None:
        self._stations_layer.forget()
        super()._take_selection()

    def redraw_events(self) -> None:
        """The ground below them stays, unless the map was cut elsewhere."""
        if self._projection != self.shown.projection:
            self._projection = self.shown.projection
            self._ground_layer.forget()
        self._stations_layer.forget()
        self._dots_layer.forget()
        self.update()

    def redraw(self) -> None:
        self._ground_layer.forget()
        self._stations_layer.forget()
        super().redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        plot = self.frame.plot
        self.shown.set_aspect(plot.width() / plot.height())
        super().resizeEvent(event)


def map_margins(fonts: Fonts) -> tuple[float, float, float, float]:
    """What is left of the plot, above, right and below it, as ``QRectF.adjusted`` takes it."""
    small = QFontMetricsF(fonts.small)
    left = round(small.horizontalAdvance(WIDEST_LATITUDE) + TICK + 2 * GAP)
    return left, round(legend_height(fonts)), -2 * GAP, -round(TICK + 2 + small.height() + GAP)
