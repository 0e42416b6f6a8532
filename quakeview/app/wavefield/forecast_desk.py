"""Forecasting in the Wavefield workspace: binds its actions, and keeps strip, maps and panels at the same forecast."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from quakeview.app.actions import ActionRegistry
from quakeview.app.background import Background
from quakeview.app.model_list import NO_FORECASTER, ModelList
from quakeview.app.texts import counted
from quakeview.app.wavefield.comparison import Comparison
from quakeview.app.wavefield.forecast_controls import ForecastStrip
from quakeview.app.wavefield.forecasting import INPUTS
from quakeview.app.wavefield.inspector import WavefieldInspector
from quakeview.app.wavefield.measures import PGV, TruePeaks
from quakeview.app.wavefield.replay import Replay
from quakeview.app.wavefield.session import WavefieldSession
from quakeview.jobs import Progress

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.forecast import Forecast
    from quakeview.wavefield.header import Wavefield

NO_FORECAST = "There is no forecast yet; press Forecast."
NO_SCENARIO = "Open or simulate a scenario first."
_LONGEST_WAIT = 2.0
"""Seconds for a comparison under way, at the end of the window."""
_IS_FORECAST = "This is a forecast; open the scenario that it is of to forecast again."


class ShowsForecast(Protocol):
    """What shows a forecast, and more of it as it grows."""

    def set_forecast(self, forecast: "Forecast | None") -> None: ...
    def grow_forecast(self) -> None: ...


class ShowsForecasts(ShowsForecast, Protocol):
    """What shows how forecasts of one event follow each other."""

    def set_forecasts(self, forecasts: "list[Forecast]") -> None: ...


class ForecastDesk(QObject):
    """Owns nothing but the wires."""

    def __init__(
        self,
        session: WavefieldSession,
        strip: ForecastStrip,
        replay: Replay,
        registry: ActionRegistry,
        models: ModelList,
        inspector: WavefieldInspector,
        single: Sequence[ShowsForecast],
        sequence: Sequence[ShowsForecasts],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session, self._strip, self._replay, self._registry = session, strip, replay, registry
        self._models, self._inspector, self._parent = models, inspector, parent
        self._views: tuple[ShowsForecast, ...] = (replay, inspector, *single, *sequence)
        self._sequence = sequence
        self._shown: Forecast | None = None
        self._comparing = Background("The error of the forecast")
        self._comparing.ready.connect(self._show_outcome)
        replay.set_window_choices(INPUTS)
        session.opened.connect(self._show_opened)
        session.replaced.connect(lambda _: self._compare())
        session.forecastChanged.connect(lambda _: self._show())
        session.forecastGrown.connect(self._grow)
        session.workChanged.connect(self.refresh)
        session.as_it_happened.progressed.connect(self._say)
        session.as_it_happened.ended.connect(lambda _: self.refresh())
        strip.inputChosen.connect(self._choose_input)
        strip.speedChosen.connect(self._choose_speed)
        replay.windowChosen.connect(self._choose_input)
        models.changed.connect(self._show_models)
        self._bind()
        strip.restore(session.state.get("forecast") or {})
        self._show_models()

    def _bind(self) -> None:
        bind, forecasting = self._registry.bind, self._session.forecasting
        bind("forecast.run", self.run, self.can_run)
        bind("forecast.cancel", forecasting.cancel, lambda: forecasting.busy or "No forecast is under way.")
        bind("forecast.next", lambda: self._strip.step_input(1), self._can_choose_input)
        bind("forecast.previous", lambda: self._strip.step_input(-1), self._can_choose_input)
        bind("forecast.live", self.replay_as_it_happened, self.can_replay)
        bind("forecast.stations", self.ask_for_stations, lambda: self._strip.settings is not None or NO_FORECASTER)
        bind("forecast.clear", forecasting.clear, lambda: bool(self._session.forecasts) or NO_FORECAST)

    # --- when an action makes sense ----------------------------------------------------------------------------

    def can_run(self) -> bool | str:
        """True, or why there can be no forecast."""
        from quakeview.wavefield.forecasting.forecast import Forecast

        if self._session.wavefield is None:
            return NO_SCENARIO
        if isinstance(self._session.wavefield, Forecast):
            return _IS_FORECAST
        return self._strip.settings is not None or NO_FORECASTER

    def can_replay(self) -> bool | str:
        """True, or why it cannot be replayed as it happened."""
        wavefield = self._session.wavefield
        if wavefield is not None and wavefield is self._session.live:
            return "Wait until the simulation is finished."
        return self.can_run()

    def _can_choose_input(self) -> bool | str:
        return self._session.wavefield is not None or NO_SCENARIO

    # --- doing -------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Forecast from the input that is chosen, again if that was done."""
        settings, wavefield = self._strip.settings, self._session.wavefield
        if settings is not None and wavefield is not None:
            self._session.forecasting.run(wavefield, settings, self._strip.until)

    def replay_as_it_happened(self, on: bool) -> None:
        """Start it, or end it."""
        live, settings, wavefield = self._session.as_it_happened, self._strip.settings, self._session.wavefield
        player = self._replay.player
        if live.running:
            time = player.time
            live.stop()
            player.seek_time(time)
        elif on and settings is not None and wavefield is not None:
            player.pause()
            live.start(wavefield, settings)
        self.refresh()

    def ask_for_stations(self, paths: Sequence[Path] = ()) -> None:
        """Let the user choose records of stations, and show them; ``paths``: what is known of them already."""
        from quakeview.app.wavefield.station_dialog import StationDialog

        settings = self._strip.settings
        if settings is None:
            self._session.noticed.emit(NO_FORECASTER, [])
            return
        dialog = StationDialog(paths, self._parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.openRequested.connect(partial(self._session.open_stations, settings.card))
        dialog.open()

    def _choose_input(self, until: float) -> None:
        """Show the forecast of this input; if others were made, make it too."""
        forecasting, live = self._session.forecasting, self._session.as_it_happened
        self._strip.choose_input(until)
        until = self._strip.until
        if (made := forecasting.at(until)) is not None:
            forecasting.show(made)
        elif self._session.forecasts and not live.running and self.can_run() is True:
            self.run()
        self._say()

    def _choose_speed(self, speed: float) -> None:
        self._session.as_it_happened.speed = speed

    # --- showing -----------------------------------------------------------------------------------------------

    def _show_opened(self, wavefield: "Wavefield | None") -> None:
        """Another wavefield, which has no forecast yet, or is one."""
        from quakeview.wavefield.forecasting.forecast import Forecast

        self._shown = None
        self._inspector.set_forecast(wavefield if isinstance(wavefield, Forecast) else None)
        self.refresh()

    def _show(self) -> None:
        """The forecast that is chosen, everywhere."""
        forecast, forecasts = self._session.forecast, self._session.forecasts
        if forecast is not None:
            self._strip.choose_input(forecast.issue_time)
        for each in self._sequence:
            each.set_forecasts(forecasts)
        for view in self._views:
            if forecast is self._shown:
                view.grow_forecast()
            else:
                view.set_forecast(forecast)
        self._shown = forecast
        self._strip.show_made([each.issue_time for each in forecasts if each.complete])
        self._compare()
        self.refresh()

    def _compare(self) -> None:
        """The error of PGV, for the inspector, once forecast and truth are there."""
        truth, forecast = self._session.wavefield, self._session.forecast
        self._comparing.forget()
        if truth is not None and forecast is not None and forecast.complete and truth.complete:
            self._comparing.ask(partial(pgv_error, truth, forecast))
        self._inspector.show_outcome(self._session.forecasting.seconds.get(forecast) if forecast else None, "")

    def _show_outcome(self, found: "tuple[Forecast, str]") -> None:
        forecast, said = found
        if forecast is self._session.forecast:
            self._inspector.show_outcome(self._session.forecasting.seconds.get(forecast), said)

    def _grow(self) -> None:
        for view in self._views:
            view.grow_forecast()
        self._say()

    def _show_models(self) -> None:
        state = self._session.state.get("forecast") or {}
        self._strip.show_models(self._models.forecasters, str(state.get("model", "")))
        self._registry.refresh()

    def refresh(self) -> None:
        """What can be done now, and how things are."""
        from quakeview.wavefield.forecasting.stations import StationWavefield

        self._strip.show_busy(self._session.forecasting.busy)
        self._strip.show_stations(own=isinstance(self._session.wavefield, StationWavefield))
        self._registry.refresh()
        self._registry["forecast.live"].setChecked(self._session.as_it_happened.running)
        self._say()

    def _say(self) -> None:
        self._strip.say(self.line)

    @property
    def line(self) -> str:
        """What is known now, and which forecast is shown."""
        live, forecast = self._session.as_it_happened, self._session.forecast
        if live.running:
            known = f"{observed(forecast)}, " if forecast is not None else ""
            which = (
                f"forecast {_number(forecast)} of {len(INPUTS)}"
                if forecast is not None
                else (f"first forecast at {INPUTS[0]:.1f} s")
            )
            return f"Now {live.now:.1f} s: {known}{which}"
        if forecast is None:
            return "Computing…" if self._session.forecasting.busy else ""
        if not forecast.complete:
            reached = forecast.start_time + forecast.n_frames * forecast.frame_step
            return f"Forecast from {forecast.issue_time:.1f} s: until {reached:.1f} s so far"
        return f"Made from {observed(forecast)} until {forecast.issue_time:.1f} s"

    def shut_down(self) -> None:
        """Keep what is chosen for the next start, and compare no further."""
        self._session.state["forecast"] = self._strip.state
        self._comparing.forget()
        self._comparing.wait(_LONGEST_WAIT)


def observed(forecast: "Forecast") -> str:
    """``all nodes``, or ``564 stations``."""
    seen = forecast.observation
    return counted(len(seen.stations), "station") if seen.stations else "all nodes"


def _number(forecast: "Forecast") -> int:
    return 1 + min(range(len(INPUTS)), key=lambda row: abs(INPUTS[row] - forecast.issue_time))


def pgv_error(truth: "Wavefield", forecast: "Forecast", progress: Progress) -> "tuple[Forecast, str]":
    """The forecast and, in words, how far its PGV is off in the median. For a worker thread."""
    compared = TruePeaks(Comparison(truth, forecast)).compare(PGV, progress)
    if compared is None or not np.isfinite(compared.error).any():
        return forecast, ""
    off = 100 * float(np.nanmedian(np.abs(np.expm1(compared.error))))
    return forecast, f"{off:.0f} % (median, from {forecast.issue_time:.1f} s on)"
