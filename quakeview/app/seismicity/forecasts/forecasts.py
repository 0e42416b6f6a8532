"""Puts forecasts into the workspace: the rows above the map, the colours on it, two tabs, and their actions."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout

from quakeview.app.seismicity.catalogue_map import CatalogueMap
from quakeview.app.seismicity.forecasts.days_ahead import DaysAhead
from quakeview.app.seismicity.forecasts.exporting import ForecastExporting
from quakeview.app.seismicity.forecasts.forecast_bar import ForecastBar
from quakeview.app.seismicity.forecasts.forecast_layer import ForecastLayer
from quakeview.app.seismicity.forecasts.making import ForecastMaking
from quakeview.app.seismicity.forecasts.playing import DayPlayer
from quakeview.app.seismicity.forecasts.region_panel import RegionPanel
from quakeview.app.seismicity.forecasts.worth_panel import WorthPanel
from quakeview.app.seismicity.state import SeismicityState
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.shell.notice import Notice
from quakeview.app.work.running import JobRunner

_NO_FORECAST = "There is no forecast yet; open a catalogue, or wait until a forecaster is fitted."


class Forecasts(QObject):
    """The parts of the workspace that have to do with forecasts."""

    def __init__(
        self, state: SeismicityState, runner: JobRunner, registry: ActionRegistry, target: CatalogueMap, notice: Notice
    ) -> None:
        super().__init__()
        self._registry, self._map = registry, target
        self.making = ForecastMaking(state, runner)
        self.ahead = DaysAhead(self.making)
        self.layer = ForecastLayer(target, self.ahead)
        self.player = DayPlayer(self.ahead)
        self.bar = ForecastBar(self.ahead, self.layer, self.player, registry)
        self.region, self.worth = RegionPanel(self.ahead), WorthPanel(self.making)
        self.exporting = ForecastExporting(self.ahead, self.layer, runner, target)
        self.exporting.said.connect(notice.confirm)
        self.ahead.failed.connect(notice.say)
        self._bind()
        self.ahead.keptChanged.connect(registry.refresh)
        target.installEventFilter(self)

    def place(self, above: QVBoxLayout, tabs: QTabWidget) -> None:
        """Put what is seen where it belongs."""
        above.addWidget(self.bar)
        tabs.insertTab(0, self.region, "Forecast")
        tabs.insertTab(1, self.worth, "Worth")
        tabs.setCurrentIndex(0)

    def shut_down(self) -> None:
        """Compute nothing more."""
        self.player.pause()
        for each in (self.making, self.ahead, self.region, self.layer.attention):
            each.shut_down()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Say what is forecast under the mouse, where no earthquake is."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove and not self._map.pointed.event:
            self._map.shown.hoverText.emit(self.layer.text_at(event.position()))
        return False

    def _bind(self) -> None:
        registry, player = self._registry, self.player
        for action_id, do in (
            ("seismicity.play", player.toggle),
            ("seismicity.next_day", lambda: player.step(1)),
            ("seismicity.previous_day", lambda: player.step(-1)),
            ("seismicity.tomorrow", lambda: player.go_to_end(last=True)),
            ("seismicity.export_forecast", self.exporting.ask),
        ):
            registry.bind(action_id, do, self._has_forecast)
            for widget in (self._map, self.bar.slider):
                widget.addAction(registry[action_id])

    def _has_forecast(self) -> bool | str:
        return self.ahead.kept is not None or _NO_FORECAST
