"""The actions of the menu Forecast, and the files of stations that they ask for."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.wavefield.forecast.forecast_controls import ForecastStrip
from quakeview.app.wavefield.forecast.forecasting import NO_SCENARIO
from quakeview.app.wavefield.playback.player import Player
from quakeview.app.wavefield.session import WavefieldSession
from quakeview.app.widgets.model_list import NO_FORECASTER
from quakeview.app.work.background import Background
from quakeview.texts import counted
from quakeview.wavefield.forecasting.station_choice import StationList, read_stations

NO_FORECAST = "There is no forecast yet; press Forecast."
_FOLLOWS = "Forecasts follow by themselves while it is replayed as it happened."


class ForecastActions(QObject):
    """Binds the actions, and says of each why it cannot be done now."""

    def __init__(
        self,
        session: WavefieldSession,
        strip: ForecastStrip,
        player: Player,
        registry: ActionRegistry,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session, self._stage, self._strip, self._player = session, session.stage, strip, player
        self._registry, self._parent = registry, parent
        self._checking = Background("Reading the stations")
        self._checking.ready.connect(self._accept_file)
        self._checking.failed.connect(self._refuse_file)
        strip.fileChosen.connect(self._check_file)
        strip.speedChosen.connect(self._choose_speed)
        self._stage.workChanged.connect(self._show_live)
        self._stage.settingsChanged.connect(registry.refresh)
        bind, forecasting = registry.bind, session.forecasting
        bind("forecast.run", forecasting.run, lambda: _FOLLOWS if self._stage.live else forecasting.can_run())
        bind("forecast.cancel", forecasting.cancel, lambda: forecasting.busy or "No forecast is under way.")
        bind("forecast.next", lambda: strip.step_input(1), self._can_choose_input)
        bind("forecast.previous", lambda: strip.step_input(-1), self._can_choose_input)
        bind("forecast.live", self._replay_as_it_happened, self._can_replay)
        bind("forecast.stations", self.ask_for_stations, lambda: self._stage.settings is not None or NO_FORECASTER)
        bind("forecast.clear", forecasting.clear, lambda: bool(self._stage.forecasts) or NO_FORECAST)

    def _can_replay(self) -> bool | str:
        if self._stage.wavefield is not None and self._stage.wavefield is self._session.live:
            return "Wait until the simulation is finished."
        return self._session.forecasting.can_run()

    def _can_choose_input(self) -> bool | str:
        return _FOLLOWS if self._stage.live else self._stage.wavefield is not None or NO_SCENARIO

    def _replay_as_it_happened(self, on: bool) -> None:
        """Start it, or end it."""
        live = self._session.as_it_happened
        if live.running:
            live.stop()
        elif on:
            self._player.pause()
            live.start()
        self._show_live()

    def _show_live(self) -> None:
        self._registry["forecast.live"].setChecked(self._stage.live is not None)

    def _choose_speed(self, speed: float) -> None:
        self._session.as_it_happened.speed = speed

    # --- files of stations -------------------------------------------------------------------------------------

    def ask_for_stations(self, paths: Sequence[Path] = ()) -> None:
        """Let the user choose records of stations, and show them; ``paths``: what is known of them already."""
        from quakeview.app.wavefield.dialogs.station_dialog import StationDialog

        settings = self._stage.settings
        if settings is None:
            self._session.noticed.emit(NO_FORECASTER, [])
            return
        dialog = StationDialog(paths, self._parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.openRequested.connect(partial(self._session.open_stations, settings.card))
        dialog.open()

    def _check_file(self, path: Path) -> None:
        """Refuse at once what is no list of stations."""
        if (wavefield := self._stage.wavefield) is not None:
            self._checking.ask(lambda _: read_stations(path, wavefield.region))

    def _accept_file(self, listed: StationList) -> None:
        if listed.left_out:
            used = counted(len(listed.stations), "station")
            self._session.noticed.emit(f"{used} of the file can be used.", list(listed.left_out))

    def _refuse_file(self, sentence: str) -> None:
        self._strip.refuse_file()
        self._session.noticed.emit(sentence, [])

    def shut_down(self) -> None:
        """Check no further."""
        self._checking.forget()
