"""The Wavefield workspace: the scenarios, or the replay of one with maps, playback, panels and inspector."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from quakeview.app.maps.overlays import Layer
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.shell.notice import Notice
from quakeview.app.shell.preferences import Preferences
from quakeview.app.wavefield.exporting.exporting import Exporting
from quakeview.app.wavefield.forecast.forecast_actions import NO_FORECAST, ForecastActions
from quakeview.app.wavefield.forecast.forecast_controls import ForecastStrip, build_bar
from quakeview.app.wavefield.forecast.forecasting import NO_SCENARIO
from quakeview.app.wavefield.gallery import Gallery, show_in_folder
from quakeview.app.wavefield.inspector import WavefieldInspector
from quakeview.app.wavefield.panels.earth_panel import EarthPanel
from quakeview.app.wavefield.panels.measures_panel import MeasuresPanel
from quakeview.app.wavefield.panels.record_section import RecordSection
from quakeview.app.wavefield.panels.rupture_panel import RupturePanel
from quakeview.app.wavefield.panels.scores_panel import ScoresPanel
from quakeview.app.wavefield.panels.traces_panel import TracesPanel
from quakeview.app.wavefield.panels.warning_panel import WarningPanel
from quakeview.app.wavefield.playback.replay import Replay
from quakeview.app.wavefield.session import LONGEST_WAIT, WavefieldSession
from quakeview.app.wavefield.toolbar import COMPONENTS, MEASURES, LimitControl, build_toolbar, refresh_icons
from quakeview.app.widgets.model_list import ModelList
from quakeview.app.work.background import wait_for_all
from quakeview.app.work.running import JobRunner
from quakeview.atomic import make_folder, remove_file
from quakeview.errors import QuakeViewError
from quakeview.registry import ModelCard
from quakeview.wavefield.components import Component
from quakeview.wavefield.ground_motion.mapped_measures import PEAKS, Measure
from quakeview.wavefield.scenarios import samples
from quakeview.wavefield.scenarios.library import scenarios_dir

if TYPE_CHECKING:
    from quakeview.app.wavefield.dialogs.new_scenario import NewScenarioDialog

_LAYERS = {
    "wavefield.cities": Layer.CITIES,
    "wavefield.stations": Layer.STATIONS,
    "wavefield.faults": Layer.FAULT_NAMES,
}
_MOST_OF_PANELS = 0.48
"""Of the height, for the panels below the maps, after the window became smaller."""


class WavefieldWorkspace(QMainWindow):
    """Arranges the views of the stage, and binds the actions.

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
        self.stage = self.session.stage
        self.exporting = Exporting(self.session, self)
        self.notice = Notice()
        self.gallery = Gallery(registry)
        self.replay = Replay(self.stage)
        self.map, self.player = self.replay.map, self.replay.player
        self.inspector = WavefieldInspector(self.stage)
        self.limit = LimitControl(registry)
        self.strip = ForecastStrip(self.stage, registry)
        self.dialog: NewScenarioDialog | None = None
        self._arrange()
        self._connect()
        self._bind()
        self.forecasts = ForecastActions(self.session, self.strip, self.player, registry, self)
        self.strip.restore(self.session.state.get("forecast") or {})
        self._show_models()
        self._show_replay(False)

    # --- made once ---------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self.traces, self.section = TracesPanel(self.stage), RecordSection(self.stage)
        self.measures, self.rupture = MeasuresPanel(self.stage), RupturePanel(self.stage)
        self.earth = EarthPanel(self.stage)
        self.warning, self.scores = WarningPanel(self.stage), ScoresPanel(self.stage)
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
        session, stage, player = self.session, self.stage, self.player
        stage.opened.connect(self._show_wavefield)
        stage.replaced.connect(self._remember)
        stage.looksChanged.connect(self._show_looks)
        stage.grown.connect(self._show_looks)
        stage.pointsChanged.connect(self.registry.refresh)
        stage.forecastChanged.connect(self.registry.refresh)
        stage.pointChosen.connect(lambda _: self.tabs.setCurrentWidget(self.traces))
        session.noticed.connect(self.notice.say)
        session.confirmed.connect(self.notice.confirm)
        session.workChanged.connect(self.refresh)
        self.gallery.openRequested.connect(lambda path: self.open([path]))
        self.gallery.deleteRequested.connect(self._delete)
        self.gallery.liveRequested.connect(session.show_live)
        self.gallery.problemsFound.connect(lambda found: self.notice.say(found[0], found[1:]))
        player.stateChanged.connect(self._show_state)
        self.replay.failed.connect(self.notice.say)
        self.replay.hoverText.connect(self.statusChanged)
        self.limit.chosen.connect(stage.choose_limit)
        self.traces.timeChosen.connect(player.seek_time)
        self.warning.inputsWanted.connect(session.forecasting.make_inputs)
        self.models.changed.connect(self._show_models)
        self.models.used.connect(self._use_model)

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
            "wavefield.film": lambda: self.exporting.ask_for_film(self.map.scene, self.map.view),
            "wavefield.traces": self.exporting.ask_for_traces,
            "wavefield.waveforms": lambda: self.exporting.ask_for_waveforms(self.waveformsWritten.emit),
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
        registry.bind("wavefield.clear", self.traces.clear, lambda: bool(self.stage.points) or "No point is chosen.")
        registry.bind("wavefield.shakemap", self.exporting.ask_for_shakemap, self._can_export_shakemap)
        registry.bind(
            "forecast.export",
            lambda: self.exporting.ask_for_forecast(self.warning, self.traces),
            lambda: self.stage.forecast is not None or NO_FORECAST,
        )
        registry.bind("wavefield.folder", self._open_folder)
        registry["wavefield.auto_limit"].setChecked(True)

    # --- when an action makes sense ----------------------------------------------------------------------------

    @property
    def has_wavefield(self) -> bool:
        return self.stage.wavefield is not None

    def _can_show(self) -> bool | str:
        return self.has_wavefield or NO_SCENARIO

    def _can_export_shakemap(self) -> bool | str:
        wavefield = self.stage.wavefield
        if wavefield is None:
            return NO_SCENARIO
        known = wavefield.magnitude is not None and wavefield.hypocentre is not None
        return known or "A ShakeMap needs a magnitude and a hypocentre; this scenario has none."

    # --- opening and closing -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Show the scenarios, or what was shown at the end of the last session."""
        layout = self.preferences.layout("wavefield")
        if isinstance(layout, QByteArray):
            self.restoreState(layout)
        self._show_replay(self.has_wavefield)
        state = self.session.state
        if self.preferences[self.preferences.REOPEN] and (path := state.get("path")):
            self.tabs.setCurrentIndex(state.get("tab", 0))
            self.session.reopen(Path(path))
        self.refresh()

    def open(self, paths: Sequence[Path]) -> None:
        """Show a scenario; of several the first, the others are among the scenarios then."""
        self.notice.clear()
        for path in reversed(paths):
            self.preferences.remember_file(str(path))
        self.session.open(paths[0])

    def open_sample(self) -> None:
        """Show the scenario that ships with QuakeView."""
        self.session.open(samples.sample_scenario())

    def _show_wavefield(self) -> None:
        """Another wavefield, or the scenarios."""
        self._show_replay(self.has_wavefield)
        if self.has_wavefield:
            self.map.setFocus()
        self._remember()

    def _remember(self) -> None:
        """Tell which file is open."""
        if self.stage.path is not None:
            self.opened.emit(self.stage.path)
        self.refresh()

    def _show_models(self) -> None:
        """With the model of the last session, at first."""
        state = self.session.state.get("forecast") or {}
        first = self.strip.settings is None
        self.strip.show_models(self.models.forecasters, str(state.get("model", "")) if first else "")
        self.registry.refresh()

    def _use_model(self, card: ModelCard) -> None:
        if card.forecasts:
            self.strip.show_models(self.models.forecasters, card.name)

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
        self.stage.choose_component(component)

    def _choose_measure(self, measure: Measure, _: bool) -> None:
        self.stage.choose_measure(measure)

    def _set_auto_limit(self, on: bool) -> None:
        self.stage.choose_limit(None if on else self.stage.limit)

    def _show_looks(self) -> None:
        """In the tool bar."""
        stage = self.stage
        self.registry[COMPONENTS[list(Component).index(stage.component)]].setChecked(True)
        self.registry[MEASURES[PEAKS.index(stage.measure)]].setChecked(True)
        self.registry["wavefield.auto_limit"].setChecked(stage.chosen_limit is None)
        self.limit.show_limit(stage.limit, stage.component.is_signed)

    def _show_state(self) -> None:
        self.registry["wavefield.play"].setText("Pause" if self.player.playing else "Play")

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
        from quakeview.app.wavefield.dialogs.new_scenario import NewScenarioDialog

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
        self.notice.clear()
        self.session.simulate(request, path, device)

    def ask_for_arrays(self) -> None:
        """Let the user choose official WaveCastNet arrays, and make a scenario of them."""
        from quakeview.app.wavefield.dialogs.import_dialog import ImportDialog

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

    # --- the end -----------------------------------------------------------------------------------------------

    def shut_down(self) -> None:
        """Stop the playback, keep what is shown for the next start, close the file. The jobs have ended."""
        state = self.session.state
        if self.has_wavefield:
            state.update(self.stage.looks, time=self.player.time, tab=self.tabs.currentIndex())
        state["forecast"] = self.strip.state
        self.preferences.save_layout("wavefield", self.saveState())
        for panel in self.panels:
            panel.forget()
        self.inspector.forget()
        self.replay.measures.forget()
        self.forecasts.shut_down()
        self.player.shut_down(LONGEST_WAIT)
        self.gallery.stop()
        if self.dialog is not None:
            self.dialog.shut_down()
        wait_for_all(LONGEST_WAIT)
        self.session.close()
