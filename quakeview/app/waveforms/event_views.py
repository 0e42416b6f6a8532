"""Where the events of the session are seen: table, map and plots, kept on the same events."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabWidget, QVBoxLayout, QWidget

from quakeview.app.events.events_table import EventsPanel
from quakeview.app.events.map_panel import MapPanel
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.shell.preferences import Preferences
from quakeview.app.waveforms.centre import Centre
from quakeview.app.waveforms.event_editing import is_ours
from quakeview.app.waveforms.event_review import EventReview
from quakeview.app.waveforms.reviewer import Reviewer
from quakeview.app.waveforms.reviewing import PickReview
from quakeview.app.work.background import Background
from quakeview.events.event import Event
from quakeview.monitoring.picks import Pick
from quakeview.project import EventsChanged

if TYPE_CHECKING:
    from quakeview.app.events.event_plots import EventPlots
    from quakeview.app.waveforms.session import WaveformsSession
    from quakeview.events.locating import Locator

_HOW = "No events yet. Press E to find them, with the stations' coordinates open."
_MENU = (
    "events.open",
    "events.review",
    "events.final",
    "events.kind",
    "events.reject",
    "events.relocate",
    "events.fix_depth",
    "events.free_depth",
    "events.merge",
    "events.delete",
    "file.export_events",
)


class EventViews(QObject):
    """Makes the widgets and keeps them showing the events of the session's book.

    Signals:
        hoverText: what is under the mouse, in words.
        stationClicked: a station on the map, ``NET.STA``.
    """

    hoverText = Signal(str)
    stationClicked = Signal(str)

    def __init__(
        self, session: "WaveformsSession", picks: PickReview, preferences: Preferences, parent: QMainWindow
    ) -> None:
        super().__init__(parent)
        self.table, self.map = EventsPanel(), MapPanel()
        self._plots: EventPlots | None = None
        self._place_of_plots = QWidget()
        self.review = EventReview(session, picks, self.table, self.map, Reviewer(preferences, parent), parent)
        self._session, self._picks, self._preferences, self._parent = session, picks, preferences, parent
        self._posterior = Background("Where an event is probable")
        self._posterior.ready.connect(self._show_posterior)
        self._locators = Background("Reading the velocity model")
        self._locators.ready.connect(self._take_locator)
        self._locators.failed.connect(lambda sentence: self.plots.set_locator(None, sentence))
        self.map.hoverText.connect(self.hoverText)
        self.map.stationClicked.connect(self.stationClicked)
        self.review.changed.connect(self._show_selected)
        session.events.changed.connect(self._follow)
        session.stationsChanged.connect(self.show_stations)
        session.workChanged.connect(self.explain)
        session.events.search.found.connect(self.present)

    def arrange(self, tabs: QTabWidget, centre: Centre) -> None:
        """Take places in the window: tabs for table and plots, a dock for the map, or the centre if it is large."""
        tabs.insertTab(1, self.table, "Events")
        tabs.addTab(self._place_of_plots, "Event Plots")
        tabs.currentChanged.connect(self._show_plots)
        self._tabs = tabs
        self._centre = centre
        self._place_of_map = QWidget()  # of the large one
        self._map_layout = QVBoxLayout(self._place_of_map)
        self._map_layout.setContentsMargins(0, 0, 0, 0)
        centre.add("view.large_map", self._place_of_map, self._has_places)
        centre.changed.connect(self._place_map)
        self._dock = QDockWidget("Map")
        self._dock.setObjectName("Map")
        self._dock.setTitleBarWidget(QWidget())
        self._dock.setWidget(self.map)
        self._parent.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._dock)
        self._dock.hide()

    @property
    def plots(self) -> "EventPlots":
        """The plots, made when they are first wanted: they take a moment."""
        if self._plots is None:
            from quakeview.app.events.event_plots import EventPlots

            self._plots = plots = EventPlots()
            plots.hoverText.connect(self.hoverText)
            plots.pickClicked.connect(self._choose_pick)
            layout = QVBoxLayout(self._place_of_plots)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.addWidget(plots)
        return self._plots

    def bind(self, registry: ActionRegistry) -> None:
        """Do the actions on events and on the map."""
        self._registry = registry
        self.review.bind(registry)
        registry.bind("events.find", self._session.events.find, self._can_find)
        registry.bind("events.method", self._ask_method)
        registry.bind("events.first_motions", self._show_first_motions, self.review.has_one)
        registry.bind("view.map", self.show_map, self._has_places)
        self.table.table.menu_actions = [registry[action_id] for action_id in _MENU]
        self._dock.visibilityChanged.connect(self._check_box)

    # --- what can be done --------------------------------------------------------------------------------------

    def _can_find(self) -> bool | str:
        session = self._session
        if session.events.search.active:
            return "Events are being looked for; it can be cancelled in the status bar."
        if session.picking.active:
            return "Picking is under way; it can be cancelled in the status bar."
        if not session.stations and not len(session.book):
            return "Open waveforms or picks first."
        if not session.coordinates:
            return "No station has coordinates; open a station list or StationXML."
        return (
            session.models.picker is not None
            or bool(len(session.book))
            or "There is no model to pick with, and no pick."
        )

    def _ask_method(self) -> None:
        """Let the user choose how events are located."""
        from quakeview.app.waveforms.event_method_dialog import EventMethodDialog

        session = self._session
        deepest = max((event.origin.depth or 0.0 for event in session.book.events), default=None)
        dialog = EventMethodDialog(self._preferences, session.coordinates, deepest, self._parent)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _has_places(self) -> bool | str:
        has_some = self._session.coordinates or len(self._session.book.events)
        return bool(has_some) or "There is nothing on the map yet: open coordinates of stations, or events."

    # --- the map -----------------------------------------------------------------------------------------------

    def present(self) -> None:
        """Events were found: bring table and map to the front."""
        self._tabs.setCurrentWidget(self.table)
        if not self._is_large:
            self._dock.show()

    def show_map(self, shown: bool) -> None:
        """Show the map beside the traces, or hide it."""
        if self._is_large:
            self._centre.show_traces()
        self._dock.setVisible(shown)
        self._check_box()

    @property
    def _is_large(self) -> bool:
        return self._centre.page == "view.large_map"

    def _place_map(self) -> None:
        """Put the map into the centre, or beside the traces again."""
        was_large = self._map_layout.count() > 0
        if self._is_large and not was_large:
            self._dock.hide()
            self._map_layout.addWidget(self.map)
        elif was_large and not self._is_large:
            self._dock.setWidget(self.map)
            self._dock.show()
        self.map.show()
        self._check_box()

    def _check_box(self) -> None:
        self._registry["view.map"].setChecked(self._is_large or not self._dock.isHidden())

    # --- what is shown -----------------------------------------------------------------------------------------

    def show_project(self) -> None:
        """Show the events of the session's project from scratch."""
        book = self._session.book
        self.review.forget()
        self.table.show_all()
        self.table.show_rows(book.events)
        self.map.set_events(list(book.events))
        self.show_stations()
        self._name_tab()

    def show_stations(self) -> None:
        """Show where stations stand; those without data are pale."""
        session = self._session
        with_data = {station[:2] for station in session.stations}
        hidden = [place for place in session.coordinates if place not in with_data]
        self.map.set_stations(session.coordinates, hidden if with_data else ())
        self.explain()

    def explain(self) -> None:
        """Say why there is no event."""
        search = self._session.events.search
        self.table.explain("Looking for events…" if search.active else search.why_none or _HOW)

    def restore(self, state: dict[str, Any]) -> None:
        """Show the map as it was."""
        self.map.restore(state.get("map", {}))

    def state(self) -> dict[str, Any]:
        """What is to come back."""
        return {"map": self.map.state()}

    def _follow(self, changed: EventsChanged) -> None:
        self.table.change_rows(changed.gone, changed.came)
        self.map.change_events(changed.gone, changed.came)
        self._name_tab()

    def _name_tab(self) -> None:
        number = len(self._session.book.events)
        self._tabs.setTabText(self._tabs.indexOf(self.table), f"Events  {number:,}" if number else "Events")

    @property
    def _one(self) -> Event | None:
        """The selected event, if it is one alone."""
        events = self.review.selected
        return events[0] if len(events) == 1 else None

    def _picks_of(self, event: Event | None) -> dict[str, Pick]:
        """By id."""
        found = [] if event is None else self._session.book.find(event.pick_ids)
        return {pick.resource_id: pick for pick in found}

    def _show_selected(self) -> None:
        event = self._one
        self.map.set_picks(self._picks_of(event))
        self._show_plots()
        if event is not None and is_ours(event) and event.origin.used:
            self._ask_posterior(event)

    def _show_plots(self) -> None:
        """Plot the one selected event, if the plots are in front."""
        if self._tabs.currentWidget() is not self._place_of_plots:
            return
        event = self._one
        self.plots.set_stations(self._session.coordinates)
        self.plots.set_picks(self._picks_of(event))
        self.plots.set_event(event)
        if event is not None:
            make = self._session.events.revision()
            self._locators.ask(lambda _: (event, make().locator))

    def _take_locator(self, found: "tuple[Event, Locator]") -> None:
        """The velocity model is drawn if the event was located with it."""
        event, locator = found
        own = locator.model.name == event.origin.velocity_model
        self.plots.set_velocity_model(locator.model if own else None)
        self.plots.set_locator(locator)

    def show_plots(self) -> None:
        """Bring the plots of one event to the front."""
        self._tabs.setCurrentWidget(self._place_of_plots)

    def _show_first_motions(self) -> None:
        self.plots.show_first_motions()
        self.show_plots()
        self.plots.first_motions.setFocus()

    def _choose_pick(self, pick_id: str) -> None:
        self._picks.select([pick_id])

    def shut_down(self) -> None:
        """Let go of threads."""
        self.map.forget()
        if self._plots is not None:
            self._plots.forget()

    def _ask_posterior(self, event: Event) -> None:
        make, picks = self._session.events.revision(), self._session.book.find(event.pick_ids)
        depth = event.origin.depth if event.origin.depth_fixed else None
        self._posterior.ask(lambda _: (event, make().locator.with_(depth=depth).probable(picks)))

    def _show_posterior(self, found: tuple[Event, Sequence[Any]]) -> None:
        event, points = found
        if [event] == self.review.selected:
            self.map.set_posterior(*points)
