"""The Waveforms workspace: overview, traces, inspector and tables around one session."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabWidget, QVBoxLayout, QWidget

from quakeview.app.drawing import shades
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.shell.notice import Notice
from quakeview.app.shell.preferences import Preferences
from quakeview.app.texts import literal
from quakeview.app.traces import OverviewBar, Scaling, TraceView, amplitude_text
from quakeview.app.waveforms.aligning import TraceAlignment
from quakeview.app.waveforms.analysis_views import AnalysisViews
from quakeview.app.waveforms.centre import Centre
from quakeview.app.waveforms.comparing import ModelComparison
from quakeview.app.waveforms.event_traces import EventTraces
from quakeview.app.waveforms.event_views import EventViews
from quakeview.app.waveforms.filtering import FilterControl
from quakeview.app.waveforms.heights import StationHeights
from quakeview.app.waveforms.inspector import Inspector
from quakeview.app.waveforms.opening import Opened
from quakeview.app.waveforms.panels import Panels
from quakeview.app.waveforms.pick_choices import PickChoices, uncertainties, uncertainty_of_new
from quakeview.app.waveforms.pick_marks import joined_curves
from quakeview.app.waveforms.picks_shown import PicksButton, PicksShown
from quakeview.app.waveforms.picks_table import PicksPanel
from quakeview.app.waveforms.records_shown import RecordsShown
from quakeview.app.waveforms.review_loop import ReviewLoop
from quakeview.app.waveforms.reviewing import PickReview
from quakeview.app.waveforms.section_views import SectionViews
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.waveforms.session_files import SessionFilesDialog
from quakeview.app.waveforms.showing import ShowAsControl
from quakeview.app.waveforms.spectrogram_tab import SpectrogramTab
from quakeview.app.waveforms.station_alone import StationAlone
from quakeview.app.waveforms.station_picker import StationPicker
from quakeview.app.waveforms.stations_shown import StationsShown
from quakeview.app.waveforms.stations_table import StationsPanel, response_text, station_rows
from quakeview.app.waveforms.toolbar import FilterMenu, build_toolbar
from quakeview.app.waveforms.trace_keys import TraceActions, TraceKeys
from quakeview.app.waveforms.trace_menu import TraceMenu
from quakeview.app.widgets.model_list import NO_MODEL
from quakeview.events.reviewing import arrival_of
from quakeview.project import PicksChanged
from quakeview.stations.coordinates import COUNTS
from quakeview.texts import clock, date
from quakeview.waveforms.channels import ChannelId, Instrument

_MENU = (
    "picks.confirm",
    "picks.reject",
    "picks.delete",
    "picks.up",
    "picks.down",
    "picks.no_polarity",
)
_ROWS_AFTER = 60
"""Milliseconds after which the table of stations follows what changed: picks and problems come in bursts."""


class WaveformsWorkspace(QMainWindow):
    """Connects the widgets with the session, and keeps them showing the same pick, station and time."""

    statusChanged = Signal(str)  # what is under the cursor

    def __init__(self, session: WaveformsSession, registry: ActionRegistry, preferences: Preferences) -> None:
        super().__init__()
        self.setWindowFlags(Qt.WindowType.Widget)
        self.session = session
        self.registry = registry
        self.preferences = preferences
        self.notice = Notice()
        self.overview = OverviewBar()
        self.view = TraceView()
        self.inspector = Inspector(registry)
        self.picks = PicksPanel()
        self.stations = StationsPanel()
        self.spectrogram = SpectrogramTab(preferences)
        self._station: Instrument | None = None
        self._sort = "name"
        self.records = RecordsShown(session, self.view, self.overview, self.spectrogram)
        self._rows_timer = QTimer(self, singleShot=True, interval=_ROWS_AFTER)
        self._rows_timer.timeout.connect(self._show_station_rows)
        of_new = partial(uncertainty_of_new, preferences)
        self.review = PickReview(session, self.view, self.picks, of_new, self)
        self.events = EventViews(session, self.review, preferences, self)
        self._arrange()
        self._connect()
        self._bind()
        self.show_project()

    def _arrange(self) -> None:
        traces = QWidget()
        layout = QVBoxLayout(traces)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.overview)
        layout.addWidget(self.view, 1)
        menu = FilterMenu(self.registry, self)
        self.filter = FilterControl(self.session, self.registry, self.preferences, menu, self)
        self.picks_button = PicksButton(self.registry)
        self.addToolBar(build_toolbar(self.registry, menu, self.picks_button))
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Tables")
        for widget, title in ((self.picks, "Picks"), (self.stations, "Stations"), (self.spectrogram, "Spectrogram")):
            self.tabs.addTab(widget, title)
        self.centre = Centre(traces, self.registry)
        self.setCentralWidget(self._below_notice(self.centre))
        self.events.arrange(self.tabs, self.centre)
        inspector = self._dock("Inspector", self.inspector, Qt.DockWidgetArea.RightDockWidgetArea)
        tables = self._dock("Tables", self.tabs, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.tabs.setMinimumSize(200, 90)
        self.panels = Panels(inspector, tables, self.overview, self.registry, self.preferences)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        docks = self.findChildren(QDockWidget)
        self.resizeDocks(docks, [300] * len(docks), Qt.Orientation.Horizontal)
        self.resizeDocks(docks, [240] * len(docks), Qt.Orientation.Vertical)

    def _below_notice(self, widget: QWidget) -> QWidget:
        """What is said stands above whatever the centre shows."""
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notice)
        layout.addWidget(widget, 1)
        return whole

    def _dock(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(title)
        dock.setTitleBarWidget(QWidget())
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        return dock

    def _connect(self) -> None:
        session, view = self.session, self.view
        session.visible_channels = self._visible_channels
        session.stationsChanged.connect(self._show_stations)
        session.picksChanged.connect(self._follow_picks)
        session.picking.found.connect(self._station_picked)
        session.problemsFound.connect(self._problems_found)
        session.noticed.connect(self.notice.say)
        session.confirmed.connect(self.notice.confirm)
        session.opened.connect(self._opened)
        session.projectChanged.connect(self.show_project)
        session.workChanged.connect(self._work_changed)
        session.models.changed.connect(self.refresh)
        session.loader.finished.connect(self._inspect_station)
        view.viewChanged.connect(self._remember_view)
        view.cursorMoved.connect(self._describe_cursor)
        view.channelClicked.connect(self._choose_channel)
        self.filter.used.connect(self.records.show_notes)
        self.review.changed.connect(self._show_selection)
        self.registry.keysChanged.connect(self._show_selection)
        self.review.shown.connect(self._inspect)
        self.stations.chosen.connect(self._choose_station)
        self.events.review.changed.connect(self._show_events)
        self.events.hoverText.connect(self.statusChanged)
        self.events.stationClicked.connect(self._choose_place)

    def _bind(self) -> None:
        bind, view, session = self.registry.bind, self.view, self.session
        has_data = self._has_data
        bind("view.filter", self.filter.switch, has_data)
        bind("view.custom_filter", self.filter.ask, has_data)
        bind("view.next_filter", lambda: self.filter.step(1), has_data)
        bind("view.previous_filter", lambda: self.filter.step(-1), has_data)
        bind("view.zero_phase", self.filter.set_zero_phase, has_data)
        bind("view.detrend", self.filter.set_detrend, has_data)
        bind("view.common_scale", self._set_common_scale, has_data)
        bind("view.sort_name", lambda _: self._set_sort("name"), has_data)
        bind("view.sort_distance", lambda _: self._set_sort("distance"), has_data)
        bind("view.zoom_in", lambda: self.trace_actions.view.zoom_at_cursor(2.0), has_data)
        bind("view.zoom_out", lambda: self.trace_actions.view.zoom_at_cursor(0.5), has_data)
        bind("view.all", lambda: self.trace_actions.view.show_all(), has_data)
        bind("view.spectrogram", self._show_spectrogram, has_data)
        self.events.bind(self.registry)
        bind("picks.all", lambda: self._pick(list(session.stations)), self._can_pick)
        bind("picks.station", self._pick_station, lambda: self._can_pick() if self._station else "Click a trace first.")
        self.registry["view.sort_name"].setChecked(True)
        self.review.bind(self.registry)
        self.trace_actions = TraceActions(view, self.registry, has_data)
        self.pick_choices = PickChoices(self.review, self.trace_actions, self.registry, self.preferences, has_data)
        self.trace_menu = TraceMenu(view, self.registry, self.pick_choices)
        self.preferences.changed.connect(self._show_uncertainties)
        self._show_uncertainties(self.preferences.UNCERTAINTIES.key)
        bind("file.remove_station", self._remove_stations, lambda: bool(self._station) or "Click a trace first.")
        bind("file.files", self._show_files, lambda: session.project.has_waveforms or "No file is open.")
        self.picks.table.menu_actions = [self.registry[action_id] for action_id in _MENU]
        self.stations.table.menu_actions = [
            self.registry[action_id] for action_id in ("picks.station", "file.remove_station")
        ]
        self.show_as = ShowAsControl(session, self.registry, self)
        self.heights = StationHeights(view, self.registry, has_data)
        self.heights.changed.connect(self.statusChanged)
        self.loop = ReviewLoop(session, view, self.registry, self.review, self.events, self.centre)
        self.loop.relocation.changed.connect(self._show_events)
        self.event_traces = EventTraces(session, view, self.registry, lambda: self.trace_actions.view.cursor_position)
        self.events.review.opened.connect(self.event_traces.open)
        self.picks_shown = PicksShown(session, view, self.registry, self.picks_button, self.event_traces)
        self.stations_shown = StationsShown(session, view, self.registry, self.records)
        self.stations_shown.asked.connect(self._choose_station)
        self.stations_shown.said.connect(self.statusChanged)
        self.alone = StationAlone(
            session, view, self.registry, self.review, self.inspector.alone, self.events.map, lambda: self._station
        )
        self.alignment = TraceAlignment(session, view, self.registry, self.event_traces)
        self.picks_shown.said.connect(self.statusChanged)
        self.sections = SectionViews(
            session, view, self.registry, self.centre, self.event_traces, self.alignment, self.tabs
        )
        self.sections.said.connect(self.statusChanged)
        self.sections.channelAsked.connect(self._show_channel)
        self.comparison = ModelComparison(session, view, self.registry, self.preferences, session.runner, self.tabs)
        self.comparison.said.connect(self.statusChanged)
        self.analysis = AnalysisViews(
            session, view, self.review, self.inspector, self.tabs, self.spectrogram, self.registry
        )
        self.picker = StationPicker(
            session,
            view,
            self.review,
            self.event_traces,
            self.trace_actions,
            self.registry,
            self.centre,
            self.analysis.put_motion,
        )
        self.picker.shown.connect(self.panels.make_room)
        self.picker.shown.connect(lambda here: self.loop.zoom.use(self.picker.view if here else view))
        self.trace_menu.follow(self.picker.view)
        self.keys = TraceKeys(self.trace_actions, self.registry, self)

    def _work_changed(self) -> None:
        """Picks that came may have changed the distances."""
        if self._sort == "distance" and not self.session.picking.active:
            self._show_stations()
        self.refresh()

    # --- when an action makes sense ----------------------------------------------------------------------------

    def _has_data(self) -> bool | str:
        return bool(self.session.stations) or "Open a file first."

    def _can_pick(self) -> bool | str:
        if self.session.models.picker is None:
            return NO_MODEL
        if self.session.picking.active:
            return "Picking is under way; it can be cancelled in the status bar."
        return self._has_data()

    # --- project and stations ----------------------------------------------------------------------------------

    def show_project(self) -> None:
        """Show the session's project from scratch."""
        self._station = None
        self.records.clear()
        self.picks_shown.start()
        self.view.set_events([])
        self.notice.clear()
        self.inspector.show_station(None, None, None)
        self.picks.show_all()
        self.picks.show_rows(self.session.book)
        self.review.ids = []
        self.events.show_project()
        self._show_stations()
        self._show_picks()
        self.review.refresh()
        self.show_as.follow()

    def restore(self) -> None:
        """Open what the project says was open, and show it as it was."""
        self.session.restore()
        state = self.session.state
        self.records.restore(tuple(state["view"]) if "view" in state else None)
        if "filter" in state:
            self.filter.restore(self.session.filter)
        else:
            self.filter.start()
        self.show_as.follow()
        self._sort = state.get("sort", "name")
        self.stations_shown.restore()
        self.event_traces.restore()
        self.picks_shown.restore()
        self._set_common_scale(state.get("common_scale", False))
        self._check_boxes()
        self.events.restore(state.get("events", {}))
        if self.event_traces.opened is not None:
            self.events.review.select([self.event_traces.opened.resource_id])

    def _opened(self, opened: Opened) -> None:
        if opened.waveforms:
            self.view.setFocus()
        if opened.picks and not self.session.stations:
            self.notice.say("The picks are in the table; open their waveforms to see them on the traces.")
        self.refresh()

    def start_fresh(self) -> None:
        """A session that had nothing: use the preferred filter."""
        self.filter.start()

    def _show_stations(self) -> None:
        session = self.session
        order = session.order(self._sort)
        self.records.show_stations(order)
        self.registry["view.sort_distance"].setStatusTip(order.label)
        self._order_label = order.label
        if self._station is not None and self._station not in session.stations:
            self._station = None
            self.inspector.show_station(None, None, None)
        earthquake = session.earthquake
        self.view.set_events([(earthquake.time.ns / 1e9, earthquake.label)] if earthquake is not None else [])
        self.picks.model.follow_data(session.has_data)
        self._inspect_station()
        self._rows_timer.start()
        self.refresh()

    def _choose_channel(self, channel_id: ChannelId) -> None:
        self._station = Instrument.of(channel_id)
        self.stations.select(self._station)
        self.records.show_channel(channel_id)
        self._inspect_station()
        self.refresh()

    def _choose_station(self, station: Instrument) -> None:
        channels = self.session.components(station)
        if channels:
            self._show_channel(channels[0][1])

    def _show_channel(self, channel_id: ChannelId) -> None:
        self.view.set_current_channel(channel_id)
        self._choose_channel(channel_id)

    def _choose_place(self, name: str) -> None:
        """A station on the map: its first instrument."""
        for station in self.session.stations:
            if ".".join(station[:2]) == name:
                self._choose_station(station)
                return

    def _show_events(self) -> None:
        events = self.events.review.selected
        first = events[0] if events else None
        self.inspector.show_event(first, len(events), self.loop.relocation.text_of(first))
        self._inspect_pick()
        if self.session.state.get("events") != self.events.state():
            self._remember("events", self.events.state())
        self.refresh()

    def _show_selection(self) -> None:
        self._inspect_pick()
        self.refresh()

    def _inspect_pick(self) -> None:
        ids, book = self.review.ids, self.session.book
        pick = book.get(ids[0]) if ids else None
        arrival = None if pick is None else arrival_of(book.events.of_pick(pick.resource_id), pick)
        options = uncertainties(self.preferences), uncertainty_of_new(self.preferences)
        self.inspector.show_pick(pick, len(ids), arrival, *options)

    def _inspect(self, station: Instrument) -> None:
        self._station = station
        self.records.follow_channel()
        self._inspect_station()

    def _inspect_station(self) -> None:
        if self._station is not None:
            session, station = self.session, self._station
            problems = session.problems.get(station)
            place, path = session.coordinates.get(station[:2]), session.path_to(station)
            response = response_text(session, station)
            shown = session.shown_as(station)
            self.inspector.show_station(station, session.archive, problems, place, path, response, shown)

    def _problems_found(self, station: Instrument, _: list[str]) -> None:
        self._rows_timer.start()
        if station == self._station:
            self._inspect_station()

    def _show_station_rows(self) -> None:
        self.stations.show_rows(station_rows(self.session))

    # --- picks -------------------------------------------------------------------------------------------------

    def _follow_picks(self, changed: PicksChanged) -> None:
        self.picks.change_rows(changed.gone, changed.came)
        self._show_picks()
        self.review.forget(changed.gone)
        self.stations.count_picks(self.session.book)

    def _show_picks(self) -> None:
        book = self.session.book
        self.view.refresh_picks()
        onsets = book.onsets()
        self.overview.set_pick_times(onsets.get("P", np.empty(0)), onsets.get("S", np.empty(0)))
        self.tabs.setTabText(0, f"Picks  {len(book):,}" if len(book) else "Picks")

    def _station_picked(self, result: object) -> None:
        curves = joined_curves(result.curves)  # type: ignore[attr-defined]
        if curves is not None:
            self.view.set_curves(result.station, *curves)  # type: ignore[attr-defined]
        self._rows_timer.start()

    def _pick_station(self) -> None:
        if self._station is not None:
            self._pick([self._station])

    def _pick(self, stations: Sequence[Instrument]) -> None:
        self.session.picking.start(self.session.archive, self.session.book, stations)

    def _remove_stations(self) -> None:
        """Those selected in the table, if the station at hand is among them, else that one."""
        chosen = self.stations.table.selected_keys()
        if self._station is not None:
            self.session.remove_stations(chosen if self._station in chosen else [self._station])

    def _show_files(self) -> None:
        dialog = SessionFilesDialog(self.session, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _show_uncertainties(self, key: str) -> None:
        if key == self.preferences.UNCERTAINTIES.key:
            self.picks.model.set_uncertainties(uncertainties(self.preferences))
            self._show_selection()

    # --- what is shown -----------------------------------------------------------------------------------------

    def _visible_channels(self) -> list[ChannelId]:
        return [row.channel_id for band in self.view.bands for row in band.components]

    def _set_common_scale(self, on: bool) -> None:
        self.registry["view.common_scale"].setChecked(on)
        self.view.set_scaling(Scaling.COMMON if on else Scaling.TRACE)
        self._remember("common_scale", on)

    def _set_sort(self, by: str) -> None:
        self._sort = by
        self._remember("sort", by)
        self._check_boxes()
        self._show_stations()
        self.statusChanged.emit(self._order_label)

    def _check_boxes(self) -> None:
        self.registry["view.sort_name"].setChecked(self._sort == "name")
        self.registry["view.sort_distance"].setChecked(self._sort == "distance")

    def _show_spectrogram(self) -> None:
        self.tabs.setCurrentWidget(self.spectrogram)
        self.records.show_any_channel()

    def _remember_view(self, first: float, last: float) -> None:
        if self.session.stations:
            self._remember("view", [first, last])

    def _remember(self, name: str, value: object) -> None:
        self.session.state[name] = value
        self.session.save_later()

    def _describe_cursor(self, channel_id: ChannelId | None, time: float, value: float) -> None:
        parts = [f"{date(time)} {clock(time, 3)} UTC"]
        if channel_id is not None:
            parts.insert(0, self.session.shown_name(channel_id))
        if value == value:
            unit = self.view.scene.unit_of(channel_id) if channel_id else COUNTS
            parts.append(f"{value:,.4g} {unit}" if unit == COUNTS else amplitude_text(value, unit))
        self.statusChanged.emit("    ".join(parts))

    def set_colors(self) -> None:
        """Follow the theme."""
        colors = shades.current()
        drum = self.sections.helicorder.drum
        for widget in (self.view, self.picker.view, self.overview, self.spectrogram.panel, drum):
            widget.set_colors(colors)
        self._show_selection()

    def refresh(self) -> None:
        """What can be done now, and what the empty places say."""
        session, options = self.session, self.preferences
        thresholds = options[options.P_THRESHOLD], options[options.S_THRESHOLD]
        self.inspector.show_model(session.models.picker, NO_MODEL, thresholds)
        self.picks.explain(session.picking.why_no_picks(self.registry))
        self.view.placeholder = "Opening…" if session.is_opening else "No seismograms are open."
        undo, redo = session.project.undo_text, session.project.redo_text
        self.registry["edit.undo"].setText(f"Undo: {literal(undo)}" if undo else "Undo")
        self.registry["edit.redo"].setText(f"Redo: {literal(redo)}" if redo else "Redo")
        self.registry.refresh()
