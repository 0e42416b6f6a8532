"""The Wavefield workspace: the scenarios, or the replay of one with maps, playback, panels and inspector."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from quakeview.app.actions import ActionRegistry
from quakeview.app.maps.overlays import Layer
from quakeview.app.model_list import ModelList
from quakeview.app.notice import Notice
from quakeview.app.preferences import Preferences
from quakeview.app.wavefield.earth_panel import EarthPanel
from quakeview.app.wavefield.exporting import Exporting
from quakeview.app.wavefield.forecast_controls import ForecastStrip, build_bar
from quakeview.app.wavefield.forecast_desk import NO_FORECAST, NO_SCENARIO, ForecastDesk
from quakeview.app.wavefield.gallery import Gallery, show_in_folder
from quakeview.app.wavefield.inspector import WavefieldInspector
from quakeview.app.wavefield.measures import PEAKS, Measure
from quakeview.app.wavefield.measures_panel import MeasuresPanel
from quakeview.app.wavefield.record_section import RecordSection
from quakeview.app.wavefield.replay import Replay
from quakeview.app.wavefield.rupture_panel import RupturePanel
from quakeview.app.wavefield.scores_panel import ScoresPanel
from quakeview.app.wavefield.session import LONGEST_WAIT, WavefieldSession
from quakeview.app.wavefield.toolbar import COMPONENTS, MEASURES, LimitControl, build_toolbar, refresh_icons
from quakeview.app.wavefield.traces_panel import TracesPanel
from quakeview.app.wavefield.warning_panel import WarningPanel
from quakeview.app.work.background import wait_for_all
from quakeview.app.work.running import JobRunner
from quakeview.atomic import make_folder, remove_file
from quakeview.errors import QuakeViewError
from quakeview.wavefield import samples
from quakeview.wavefield.components import Component
from quakeview.wavefield.library import scenarios_dir

if TYPE_CHECKING:
    from quakeview.app.wavefield.new_scenario import NewScenarioDialog
    from quakeview.wavefield.header import Wavefield

_LAYERS = {
    "wavefield.cities": Layer.CITIES,
    "wavefield.stations": Layer.STATIONS,
    "wavefield.faults": Layer.FAULT_NAMES,
}
_GROWTH_MS = 500
"""Milliseconds between two looks at what a simulation has changed in inspector and colours."""
_MOST_OF_PANELS = 0.48
"""Of the height, for the panels below the maps, after the window became smaller."""


class WavefieldWorkspace(QMainWindow):
    """Connects the widgets with the session, and keeps them at the same time, component and points.

    Signals:
        statusChanged: what is under the mouse.
        opened: path of a scenario that was opened.
        waveformsWritten: files that are to be opened in the Waveforms workspace.
    """

    statusChanged = Signal(str)
    opened = Signal(object)
    waveformsWritten = Signal(list)

    def __init__(
        self, runner: JobRunner, registry: ActionRegistry, preferences: Preferences, models: ModelList
    ) -> None:
        super().__init__()
        self.setWindowFlags(Qt.WindowType.Widget)
        self.registry = registry
        self.preferences = preferences
        self.models = models
        self.session = WavefieldSession(runner, preferences)
        self.exporting = Exporting(self.session, self)
        self.notice = Notice()
        self.gallery = Gallery(registry)
        self.replay = Replay()
        self.map, self.player = self.replay.map, self.replay.player
        self.inspector = WavefieldInspector()
        self.limit = LimitControl(registry)
        self.strip = ForecastStrip(registry)
        self.dialog: NewScenarioDialog | None = None
        self._restoring: dict[str, Any] = {}
        self._growth_timer = QTimer(self, singleShot=True, interval=_GROWTH_MS)
        self._growth_timer.timeout.connect(self._show_growth)
        self._arrange()
        self._connect()
        self._bind()
        self.desk = ForecastDesk(
            self.session,
            self.strip,
            self.replay,
            registry,
            models,
            self.inspector,
            (self.traces, self.section, self.measures),
            (self.scores, self.warning),
            self,
        )
        self.warning.inputsWanted.connect(self.desk.make_inputs)
        self._show_replay(False)

    # --- made once ---------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self.traces, self.section = TracesPanel(), RecordSection()
        self.measures, self.rupture, self.earth = MeasuresPanel(), RupturePanel(), EarthPanel()
        self.warning, self.scores = WarningPanel(), ScoresPanel()
        titled = {
            "Traces": self.traces,
            "Record section": self.section,
            "Measures": self.measures,
            "Warning time": self.warning,
            "Forecast scores": self.scores,
            "Rupture": self.rupture,
            "Earth model": self.earth,
        }
        self.panels = tuple(titled.values())
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Panels")
        for title, panel in titled.items():
            self.tabs.addTab(panel, title)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.gallery)
        self.pages.addWidget(self.replay)
        centre = QWidget()
        rows = QVBoxLayout(centre)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.notice)
        rows.addWidget(self.pages, 1)
        self.setCentralWidget(centre)
        self.toolbar = build_toolbar(self.registry, self.limit)
        self.forecast_bar = build_bar(self.strip)
        self.addToolBar(self.toolbar)
        self.addToolBarBreak()
        self.addToolBar(self.forecast_bar)
        self._dock("Inspector", self.inspector, Qt.DockWidgetArea.RightDockWidgetArea)
        self.panels_dock = self._dock("Panels", self.tabs, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.resizeDocks(self.findChildren(QDockWidget), [290, 290], Qt.Orientation.Horizontal)
        self.resizeDocks(self.findChildren(QDockWidget), [395, 395], Qt.Orientation.Vertical)

    def _dock(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(title)
        dock.setTitleBarWidget(QWidget())
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        return dock

    def _connect(self) -> None:
        session, player = self.session, self.player
        session.opened.connect(self._show_wavefield)
        session.replaced.connect(self._replace_wavefield)
        session.resampled.connect(self._show_resampled)
        session.noticed.connect(self.notice.say)
        session.confirmed.connect(self.notice.confirm)
        session.workChanged.connect(self.refresh)
        self.gallery.openRequested.connect(lambda path: self.open([path]))
        self.gallery.deleteRequested.connect(self._delete)
        self.gallery.liveRequested.connect(session.show_live)
        self.gallery.problemsFound.connect(lambda found: self.notice.say(found[0], found[1:]))
        player.stateChanged.connect(self._show_state)
        player.grown.connect(lambda _: self._growth_timer.isActive() or self._growth_timer.start())
        player.failed.connect(self.notice.say)
        self.replay.failed.connect(self.notice.say)
        self.replay.pointClicked.connect(self._add_point)
        self.replay.hoverText.connect(self.statusChanged)
        self.limit.chosen.connect(self.replay.choose_limit)
        self.replay.timeChanged.connect(lambda _: self._show_time())
        self.replay.looksChanged.connect(self._show_looks)
        self.traces.pointsChanged.connect(self._show_points)
        self.traces.timeChosen.connect(player.seek_time)
        self.tabs.currentChanged.connect(lambda _: self._show_time())

    def _bind(self) -> None:
        registry, player = self.registry, self.player
        playing = {
            "wavefield.play": player.toggle,
            "wavefield.next": lambda: player.step(1),
            "wavefield.previous": lambda: player.step(-1),
            "wavefield.first": lambda: player.seek(0),
            "wavefield.last": lambda: player.seek(player.n_frames - 1),
        }
        shown = {
            "wavefield.zoom_in": lambda: self.map.zoom(2.0),
            "wavefield.zoom_out": lambda: self.map.zoom(0.5),
            "wavefield.all": self.map.reset_view,
            "wavefield.film": self._export_film,
            "wavefield.traces": lambda: self.exporting.ask_for_traces(self._wavefield(), self.traces.points),
            "wavefield.waveforms": lambda: self.exporting.ask_for_waveforms(
                self._wavefield(), self.traces.points, self.waveformsWritten.emit
            ),
            "wavefield.close": self.session.close_wavefield,
        }
        for action_id, do in {**playing, **shown}.items():
            registry.bind(action_id, do, self._can_show)
        for action_id in playing:
            for widget in (*self.replay.maps, self.replay.bar.scrubber):
                widget.addAction(registry[action_id])
        for action_id, component in zip(COMPONENTS, Component, strict=True):
            registry.bind(action_id, partial(self._choose_component, component), self._can_show)
        for action_id, measure in zip(MEASURES, PEAKS, strict=True):
            registry.bind(action_id, partial(self._choose_measure, measure), self._can_show)
        for action_id, layer in _LAYERS.items():
            registry.bind(action_id, partial(self.replay.show_layer, layer), self._can_show)
            registry[action_id].setChecked(layer is Layer.CITIES)
            self.replay.show_layer(layer, layer is Layer.CITIES)
        registry.bind("wavefield.auto_limit", self._set_auto_limit, self._can_show)
        registry.bind("wavefield.clear", self.traces.clear, lambda: bool(self.traces.points) or "No point is chosen.")
        registry.bind("wavefield.shakemap", self._export_shakemap, self._can_export_shakemap)
        registry.bind("forecast.export", self._export_forecast, self._has_forecast)
        registry.bind("wavefield.folder", self._open_folder)
        registry["wavefield.auto_limit"].setChecked(True)

    # --- when an action makes sense ----------------------------------------------------------------------------

    @property
    def has_wavefield(self) -> bool:
        return self.session.wavefield is not None

    def _can_show(self) -> bool | str:
        return self.has_wavefield or NO_SCENARIO

    def _has_forecast(self) -> bool | str:
        return self.session.forecast is not None or NO_FORECAST

    def _can_export_shakemap(self) -> bool | str:
        wavefield = self.session.wavefield
        if wavefield is None:
            return NO_SCENARIO
        known = wavefield.magnitude is not None and wavefield.hypocentre is not None
        return known or "A ShakeMap needs a magnitude and a hypocentre; this scenario has none."

    def _wavefield(self) -> "Wavefield":
        assert self.session.wavefield is not None
        return self.session.wavefield

    # --- opening and closing -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Show the scenarios, or what was shown at the end of the last session."""
        state = self.preferences.layout("wavefield")
        if isinstance(state, QByteArray):
            self.restoreState(state)
        self._show_replay(self.has_wavefield)
        self._restoring = dict(self.session.state)
        if self.preferences[self.preferences.REOPEN] and (path := self._restoring.get("path")):
            self.session.reopen(Path(path))
        self.refresh()

    def open(self, paths: Sequence[Path]) -> None:
        """Show a scenario; of several the first, the others are among the scenarios then."""
        self._restoring = {}
        self.notice.clear()
        for path in reversed(paths):
            self.preferences.remember_file(str(path))
        self.session.open(paths[0])

    def open_sample(self) -> None:
        """Show the scenario that ships with QuakeView."""
        self._restoring = {}
        self.session.open(samples.sample_scenario())

    def _show_wavefield(self, wavefield: "Wavefield | None") -> None:
        """Another wavefield, or the scenarios."""
        self.replay.set_wavefield(wavefield)
        for panel in self.panels:
            panel.set_wavefield(wavefield)
        self._show_replay(wavefield is not None)
        if wavefield is not None:
            self.inspector.show_wavefield(wavefield, self.session.path)
            self._restore()
            self.map.setFocus()
            if self.session.path is not None:
                self.opened.emit(self.session.path)
        self.refresh()

    def _replace_wavefield(self, wavefield: "Wavefield") -> None:
        """The file in place of the frames in memory: the same picture, time and points."""
        self.replay.replace_wavefield(wavefield)
        for panel in self.panels:
            panel.replace_wavefield(wavefield)
        self.inspector.show_wavefield(wavefield, self.session.path)
        self._show_time()
        if self.session.path is not None:
            self.opened.emit(self.session.path)
        self.refresh()

    def _show_resampled(self, wavefield: "Wavefield") -> None:
        """The same earthquake on another grid and time axis: the same looks, time and points."""
        self._restoring = self._looks()
        self._show_wavefield(wavefield)

    def _looks(self) -> dict[str, Any]:
        """What ``_restore`` brings back."""
        return {
            "component": str(self.replay.component),
            "measure": self.replay.measure.name,
            "limit": self.replay.chosen_limit,
            "points": self.traces.points,
            "tab": self.tabs.currentIndex(),
            "time": self.player.time,
        }

    def _restore(self) -> None:
        """Component, limit, points, tab and time as they were, once."""
        state, self._restoring = self._restoring, {}
        if not state:
            return
        if state.get("component") in list(Component):
            self.replay.choose_component(Component(state["component"]))
        measures = {str(measure.name): measure for measure in PEAKS}
        self.replay.choose_measure(measures.get(str(state.get("measure")), self.replay.measure))
        self.replay.choose_limit(state.get("limit"))
        for x, y in state.get("points", []):
            self.traces.add_point(x, y)
        self.tabs.setCurrentIndex(state.get("tab", 0))
        self.player.seek_time(state.get("time", 0.0))

    def _show_replay(self, replay: bool) -> None:
        """The replay with its docks and tools, or the scenarios alone."""
        self.pages.setCurrentIndex(int(replay))
        self.toolbar.setVisible(replay)
        self.forecast_bar.setVisible(replay)
        for dock in self.findChildren(QDockWidget):
            dock.setVisible(replay)
        self._share_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_height()

    def _share_height(self) -> None:
        """Leave the maps their part of a small window."""
        most = round(_MOST_OF_PANELS * self.height())
        if self.panels_dock.isVisible() and self.panels_dock.height() > most:
            self.resizeDocks([self.panels_dock], [most], Qt.Orientation.Vertical)

    # --- what is seen ------------------------------------------------------------------------------------------

    def _choose_component(self, component: Component, _: bool) -> None:
        self.replay.choose_component(component)

    def _choose_measure(self, measure: Measure, _: bool) -> None:
        self.replay.choose_measure(measure)

    def _set_auto_limit(self, on: bool) -> None:
        self.replay.choose_limit(None if on else self.replay.limit)

    def _show_looks(self) -> None:
        """In the tool bar."""
        component = self.replay.component
        self.registry[COMPONENTS[list(Component).index(component)]].setChecked(True)
        self.registry[MEASURES[PEAKS.index(self.replay.measure)]].setChecked(True)
        self.registry["wavefield.auto_limit"].setChecked(self.replay.chosen_limit is None)
        self.limit.show_limit(self.replay.limit, component.is_signed)

    def _show_time(self) -> None:
        """On the panel that is seen."""
        panel = self.tabs.currentWidget()
        if panel in self.panels and self.has_wavefield:
            panel.set_time(self.player.time)

    def _show_state(self) -> None:
        self.registry["wavefield.play"].setText("Pause" if self.player.playing else "Play")

    def _show_growth(self) -> None:
        """Inspector and colours of a simulation under way."""
        wavefield = self.session.wavefield
        if wavefield is not None:
            self.inspector.show_growth(wavefield, self.session.path)
            if self.replay.chosen_limit is None:
                self.replay.show_looks()

    def _add_point(self, x: float, y: float) -> None:
        self.traces.add_point(x, y)
        self.tabs.setCurrentWidget(self.traces)

    def _show_points(self, points: list[tuple[float, float]]) -> None:
        self.replay.set_marks(points)
        self.section.set_points(points)
        self.registry.refresh()

    def set_colors(self) -> None:
        """Follow the theme."""
        refresh_icons(self.toolbar)

    def refresh(self) -> None:
        """What can be done now, and which scenarios there are."""
        recent = [Path(text) for text in self.preferences[self.preferences.RECENT]]
        if not self.has_wavefield:
            self.gallery.refresh([path for path in recent if path.suffix.lower() in (".h5", ".hdf5")])
        self.gallery.set_running(self.session.is_simulating and self.session.live is not None)
        self.registry.refresh()

    # --- scenarios ---------------------------------------------------------------------------------------------

    def ask_for_scenario(self) -> None:
        """Let the user describe an earthquake, and simulate it."""
        from quakeview.app.wavefield.new_scenario import NewScenarioDialog

        if self.session.is_simulating:
            self.notice.say("A scenario is being simulated; wait for it, or cancel it in the status bar.")
            return
        device = self.preferences[self.preferences.DEVICE]
        preset = "forecast" if self.models.forecasters else "tiny"
        self.dialog = NewScenarioDialog(scenarios_dir(), device, self, preset)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.simulateRequested.connect(self.simulate)
        self.dialog.finished.connect(self._forget_dialog)
        self.dialog.open()

    def _forget_dialog(self) -> None:
        self.dialog = None

    def simulate(self, request: Any, path: Path, device: str) -> None:
        """Simulate in the background and show the wavefield as it grows."""
        self._restoring = {}
        self.notice.clear()
        self.session.simulate(request, path, device)

    def ask_for_arrays(self) -> None:
        """Let the user choose official WaveCastNet arrays, and make a scenario of them."""
        from quakeview.app.wavefield.import_dialog import ImportDialog

        dialog = ImportDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.importRequested.connect(self.import_arrays)
        dialog.open()

    def import_arrays(
        self, path: Path, mean: Path | None = None, deviation: Path | None = None, event: int | None = None
    ) -> None:
        """Make a scenario of an array in the user's folder, and show it."""
        self.session.import_arrays(path, mean, deviation, event, lambda made: self.open([made]))

    def _open_folder(self) -> None:
        try:
            show_in_folder(make_folder(scenarios_dir()) / "any.h5")
        except QuakeViewError as error:
            self.notice.say(str(error))

    def _delete(self, path: Path) -> None:
        if self.session.is_simulating_to(path):
            self.notice.say(f"{path.name} is being simulated; cancel that in the status bar first.")
            return
        self.session.start(f"Deleting {path.name}", lambda _: remove_file(path), lambda _: self.refresh())

    # --- exports -----------------------------------------------------------------------------------------------

    def picture(self, suffix: str) -> bytes:
        """The map at this time, or those of a forecast: the content of a ``.png`` or ``.svg``.

        Raises:
            QuakeViewError: for another suffix.
        """
        return self.replay.picture(suffix)

    def _export_film(self) -> None:
        self.exporting.ask_for_film(self._wavefield(), self.map.scene, self.replay.component, self.map.view)

    def _export_shakemap(self) -> None:
        self.exporting.ask_for_shakemap(self._wavefield())

    def _export_forecast(self) -> None:
        assert self.replay.comparison is not None
        self.exporting.ask_for_forecast(
            self.replay.comparison,
            self.session.forecasts,
            self.replay.component,
            self.player.time,
            self.traces.points,
            self.warning,
            self.traces,
        )

    # --- the end -----------------------------------------------------------------------------------------------

    def shut_down(self) -> None:
        """Stop the playback, keep what is shown for the next start, close the file. The jobs have ended."""
        if self.has_wavefield:
            self.session.state.update(self._looks())
        self.desk.shut_down()
        self.preferences.save_layout("wavefield", self.saveState())
        for panel in self.panels:
            panel.set_wavefield(None)
        self.replay.measures.forget()
        self.player.shut_down(LONGEST_WAIT)
        self.gallery.stop()
        if self.dialog is not None:
            self.dialog.shut_down()
        wait_for_all(LONGEST_WAIT)
        self.session.close()
