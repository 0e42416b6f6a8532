"""What the map and its sections show together: events, stations, colours, the selection, the part in view."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QObject, Signal

from quakeview.app.drawing.plane import Bounds
from quakeview.app.events.dots import levels, radii
from quakeview.app.events.event_columns import EventColumns, StationColumns, StationKey
from quakeview.app.events.posterior import PosteriorShade
from quakeview.atlas.mercator import HIGHEST, Mercator, middle_longitude
from quakeview.events.event import Arrival, Event, Origin
from quakeview.events.event_scales import ColourBy, event_scale, residual_scale
from quakeview.monitoring.picks import Pick
from quakeview.scales import Scale
from quakeview.single_station.region import Region
from quakeview.stations.coordinates import Coordinates

NARROWEST, MARGIN = 4_000.0, 0.08
"""Of a view: least width, m, and room around what it shows, as a part of that."""
FARTHEST_FROM_MIDDLE = 150.0
"""Degrees of longitude from the middle of the map at which a point makes the map turn."""


class EventsShown(QObject):
    """Views follow the signals and keep nothing.

    Signals:
        changed: other events, stations or colours.
        selectionChanged: other events are selected.
        viewChanged: another part of the map is in view.
        selected: ids that the user selected.
        opened: id of the event that the user wants to work on.
        stationClicked: ``NET.STA``.
        hoverText: what is under the mouse, in words; empty where there is nothing.
    """

    changed = Signal()
    selectionChanged = Signal()
    viewChanged = Signal()
    selected = Signal(list)
    opened = Signal(str)
    stationClicked = Signal(str)
    hoverText = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.projection = Mercator()
        self.events: dict[str, Event] = {}
        self.stations: dict[StationKey, Coordinates] = {}
        self.hidden: frozenset[StationKey] = frozenset()
        self.colour_by = ColourBy.DEPTH
        self.selection: tuple[str, ...] = ()
        self.aspect = 1.5
        self.view = self.everything()
        self.posterior: PosteriorShade | None = None
        self.region: Region | None = None
        self.trail: Origin | None = None
        self._picks: Mapping[str, Pick] = {}
        self._own: tuple[Mapping[str, float], Scale] | None = None
        self._is_home = True
        self.moving = False

    # --- what is shown -------------------------------------------------------------------------------------------

    def set_events(self, events: Sequence[Event]) -> None:
        """Show these and no others."""
        self.events = {event.resource_id: event for event in events}
        self._keep_selection()
        self._change(places=True)
        extent, columns = self.extent, self.columns
        if len(columns) and not any(map(extent.contains, columns.x.tolist(), columns.y.tolist())):
            self.show_everything()

    def change_events(self, gone: Iterable[str], came: Iterable[Event]) -> None:
        """Some have gone, others came; one that came with a known id takes its place."""
        for resource_id in gone:
            self.events.pop(resource_id, None)
        for event in came:
            self.events[event.resource_id] = event
        self._keep_selection()
        self._change(places=True)

    def set_stations(self, stations: Mapping[StationKey, Coordinates], hidden: Collection[StationKey] = ()) -> None:
        """By network and station code; ``hidden`` ones are pale."""
        self.stations, self.hidden = dict(stations), frozenset(hidden)
        self._change(places=True)

    def set_picks(self, picks: Mapping[str, Pick]) -> None:
        """By id; they say at which station an arrival was."""
        self._picks = picks
        self._change(places=False)

    def set_posterior(
        self, longitude: ArrayLike, latitude: ArrayLike, depth: ArrayLike, probability: ArrayLike
    ) -> None:
        """Shade where a hypocentre is probable, until another event is selected.

        Args:
            longitude, latitude: (n,) of points, degrees.
            depth: (n,) m.
            probability: (n,) of the points.
        """
        x, y = self.projection.to_map(self.projection.near(longitude), latitude)
        self.posterior = PosteriorShade(x, y, np.asarray(depth, float), np.asarray(probability, float))
        self.selectionChanged.emit()

    def set_region(self, region: Region | None) -> None:
        """Draw where an epicentre lies as far as one station can tell, and bring it into view; None removes it."""
        self.region = region
        self.selectionChanged.emit()
        if region is None:
            return
        longitude, latitude = np.vstack(region.outline).T
        x, y = self.on_map(longitude, latitude)
        if not all(map(self.extent.contains, x.tolist(), y.tolist())):
            self.set_view(self._around(longitude, latitude))

    def set_trail(self, origin: Origin | None) -> None:
        """Mark where the selected event was before the last edit; None: nothing is marked."""
        self.trail = origin
        self.selectionChanged.emit()

    def set_colour_by(self, by: ColourBy) -> None:
        """What the colours of events tell."""
        self.colour_by = by
        self._change(places=False)

    def set_own_colours(self, values: Mapping[str, float], scale: Scale) -> None:
        """Colour events by a value of each, by id, in place of ``colour_by``."""
        self._own = values, scale
        self._change(places=False)

    def select(self, ids: Iterable[str]) -> None:
        """These are selected; those that are not shown are left out."""
        selection = tuple(each for each in dict.fromkeys(ids) if each in self.events)
        if selection != self.selection:
            self.selection, self.posterior = selection, None
            self.__dict__.pop("residuals", None)
            self.selectionChanged.emit()

    def choose(self, ids: Iterable[str]) -> None:
        """The user selects these."""
        self.select(ids)
        self.selected.emit(list(self.selection))

    # --- what follows from it ------------------------------------------------------------------------------------

    @cached_property
    def columns(self) -> EventColumns:
        """Of all events."""
        return EventColumns.of(self.events.values(), self.projection)

    @cached_property
    def station_columns(self) -> StationColumns:
        """Of all stations."""
        return StationColumns.of(self.stations, self.projection)

    @cached_property
    def scale(self) -> Scale:
        """What the colours of events mean."""
        if self._own is not None:
            return self._own[1]
        return event_scale(self.colour_by, self.columns.depth, self.columns.time, self.columns.magnitude)

    @property
    def levels(self) -> NDArray[np.intp]:
        """Which colour of the scale each event has, see ``dots.levels``."""
        columns = self.columns
        if self._own is not None:
            own = np.array([self._own[0].get(each, np.nan) for each in columns.ids])
            return levels(own, self.scale, np.zeros(len(own)))
        values = {
            ColourBy.DEPTH: columns.depth,
            ColourBy.TIME: columns.time,
            ColourBy.MAGNITUDE: columns.magnitude,
        }[self.colour_by]
        return levels(values, self.scale, columns.magnitude)

    def radii(self, magnitudes: NDArray[np.float64]) -> NDArray[np.float64]:
        """How large events of these magnitudes are drawn, pixels."""
        return radii(magnitudes, len(self.columns))

    @property
    def selected_event(self) -> Event | None:
        """The one that is selected; None if it is not exactly one."""
        return self.events[self.selection[0]] if len(self.selection) == 1 else None

    @cached_property
    def residuals(self) -> dict[StationKey, list[Arrival]]:
        """Arrivals of the selected event by station, the first before later ones."""
        found: dict[StationKey, list[Arrival]] = {}
        event = self.selected_event
        for arrival in event.origin.arrivals if event is not None else ():
            if (pick := self._picks.get(arrival.pick_id)) is not None:
                found.setdefault((pick.channel_id.network, pick.channel_id.station), []).append(arrival)
        return {key: sorted(arrivals, key=lambda each: each.phase) for key, arrivals in found.items()}

    def residual_at(self, key: StationKey) -> float:
        """Of the first used arrival there, s; NaN if there is none."""
        used = [each.residual for each in self.residuals.get(key, ()) if each.weight > 0 and each.residual is not None]
        return used[0] if used else np.nan

    def way(self, start: tuple[float, float], end: tuple[float, float]) -> NDArray[np.float64]:
        """(n, 2) of the shortest line between two (longitude, latitude), on the map."""
        longitude, other = self.projection.near([start[0], end[0]]).tolist()
        return self.projection.shortest_way((longitude, start[1]), (other, end[1]))

    def on_map(self, longitude: ArrayLike, latitude: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """x and y (n,) on the map, m, of places on the side of the Earth that the map shows."""
        return self.projection.to_map(self.projection.near(longitude), latitude)

    def residual_colours(self) -> Scale:
        """What the colours of stations mean."""
        return residual_scale([self.residual_at(key) for key in self.residuals])

    # --- what is in view -----------------------------------------------------------------------------------------

    @property
    def extent(self) -> Bounds:
        """What of the map is on screen: ``view`` and what else fits into the plot, but no more than the Earth."""
        view, whole = self.view, self.whole
        width = min(max(view.width, view.height * self.aspect), whole.width)
        height = width / self.aspect
        x, y = view.centre
        reach = max((whole.height - height) / 2, 0.0)
        y = min(max(y, whole.centre[1] - reach), whole.centre[1] + reach)
        around = Bounds(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        return around.moved(max(whole.left - around.left, 0) + min(whole.right - around.right, 0), 0.0)

    def set_moving(self, moving: bool) -> None:
        """Whether the map is being dragged: what is slow to paint is only moved meanwhile."""
        self.moving = moving
        self.viewChanged.emit()

    def set_aspect(self, aspect: float) -> None:
        """Width over height of the plot of the map."""
        if aspect != self.aspect:
            self.aspect = aspect
            self.viewChanged.emit()

    def set_view(self, view: Bounds) -> None:
        """Show this part of the map, and what lies around it if the plot has another shape."""
        if view.width >= NARROWEST / 4 and view != self.view:
            self.view, self._is_home = view, False
            self.viewChanged.emit()

    def show_everything(self) -> None:
        """Events and stations."""
        self.set_view(self.everything())
        self._is_home = True

    def show_events(self, ids: Iterable[str] = ()) -> None:
        """These events, by default all; nothing happens if there are none."""
        chosen = [self.events[each].origin for each in (tuple(ids) or self.events)]
        places = np.array([(origin.longitude, origin.latitude) for origin in chosen], float).reshape(-1, 2)
        known = places[np.isfinite(places).all(1)]
        if len(known):
            self.set_view(self._around(*known.T))

    @property
    def whole(self) -> Bounds:
        """The map of the Earth."""
        x, y = self.projection.to_map(self.projection.centre + np.array([-180, 180]), np.array([-HIGHEST, HIGHEST]))
        return Bounds(float(x[0]), float(y[0]), float(x[1]), float(y[1]))

    def everything(self) -> Bounds:
        """Where all events and stations are; the Earth if there are none."""
        longitude, latitude = self._places()
        return self._around(longitude, latitude) if longitude.size else self.whole

    def _places(self) -> tuple[np.ndarray, np.ndarray]:
        places = [(event.origin.longitude, event.origin.latitude) for event in self.events.values()]
        places += [(each.longitude, each.latitude) for key, each in self.stations.items() if key not in self.hidden]
        table = np.array(places, float).reshape(-1, 2)
        longitude, latitude = table[np.isfinite(table).all(1)].T
        return longitude, latitude

    def _around(self, longitude: np.ndarray, latitude: np.ndarray) -> Bounds:
        x, y = self.projection.to_map(self.projection.near(longitude), latitude)
        left, right, bottom, top = (float(value) for value in (x.min(), x.max(), y.min(), y.max()))
        margin = max(MARGIN * max(right - left, top - bottom), NARROWEST)
        return Bounds(left - margin, bottom - margin, right + margin, top + margin)

    # --- changes -------------------------------------------------------------------------------------------------

    def _keep_selection(self) -> None:
        self.select(self.selection)

    def _change(self, places: bool) -> None:
        """What follows from what is shown is computed anew when it is asked for."""
        for name in ("columns", "station_columns", "scale", "residuals"):
            self.__dict__.pop(name, None)
        if places:
            self._turn()
            if self._is_home:
                self.show_everything()
        self.changed.emit()

    def _turn(self) -> None:
        """Have the cut of the map far from all places."""
        longitude, _ = self._places()
        away = np.abs(self.projection.near(longitude) - self.projection.centre)
        if away.max(initial=0.0) > FARTHEST_FROM_MIDDLE:
            self.projection = Mercator(middle_longitude(longitude))
            self._is_home = True
