"""Forecasting in the Wavefield workspace: binds its actions, and keeps strip, maps and panels at the same forecast."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from quakeview.app.actions import ActionRegistry
from quakeview.app.model_list import NO_FORECASTER, ModelList
from quakeview.app.wavefield.forecast_controls import ForecastStrip
from quakeview.app.wavefield.forecasting import INPUT_STEP, INPUTS, Settings, never
from quakeview.app.wavefield.inspector import WavefieldInspector
from quakeview.app.wavefield.replay import Replay
from quakeview.app.wavefield.session import WavefieldSession
from quakeview.app.work.background import Background
from quakeview.jobs import Progress
from quakeview.texts import counted
from quakeview.wavefield.forecasting.comparison import Comparison
from quakeview.wavefield.forecasting.peaks import TruePeaks
from quakeview.wavefield.forecasting.station_choice import StationChoice, StationList, read_stations
from quakeview.wavefield.measures import Quantity

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.forecast import Forecast
    from quakeview.wavefield.header import Wavefield

NO_FORECAST = "There is no forecast yet; press Forecast."
NO_SCENARIO = "Open or simulate a scenario first."
_GROWTH_MS = 100
"""Between two looks at the new frames of a forecast: many may come at once."""
_FOLLOWS = "Forecasts follow by themselves while it is replayed as it happened."
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
        self._tried: list[tuple[Settings, float]] = []
        self._comparing = Background("The error of the forecast")
        self._comparing.ready.connect(self._show_outcome)
        self._checking = Background("Reading the stations")
        self._checking.ready.connect(self._accept_file)
        self._checking.failed.connect(self._refuse_file)
        replay.set_window_choices(INPUTS)
        session.opened.connect(self._show_opened)
        session.resampled.connect(self._show_opened)
        session.replaced.connect(lambda _: self._compare())
        session.forecastChanged.connect(lambda _: self._show())
        self._growth = QTimer(self, singleShot=True, interval=_GROWTH_MS)
        self._growth.timeout.connect(self._grow)
        session.forecastGrown.connect(lambda: self._growth.isActive() or self._growth.start())
        session.workChanged.connect(self.refresh)
        session.as_it_happened.progressed.connect(self._follow_time)
        session.as_it_happened.ended.connect(lambda _: self._end_replay())
        strip.inputChosen.connect(self._choose_input)
        strip.settingsChanged.connect(self._follow_settings)
        strip.fileChosen.connect(self._check_file)
        strip.speedChosen.connect(self._choose_speed)
        replay.windowChosen.connect(self._choose_input)
        models.changed.connect(self._show_models)
        self._bind()
        strip.restore(session.state.get("forecast") or {})
        self._show_models()

    def _bind(self) -> None:
        bind, forecasting = self._registry.bind, self._session.forecasting
        bind("forecast.run", self.run, lambda: _FOLLOWS if self._session.as_it_happened.running else self.can_run())
        bind("forecast.cancel", self.cancel, lambda: forecasting.busy or "No forecast is under way.")
        bind("forecast.next", lambda: self._strip.step_input(1), self._can_choose_input)
        bind("forecast.previous", lambda: self._strip.step_input(-1), self._can_choose_input)
        bind("forecast.live", self.replay_as_it_happened, self.can_replay)
        bind("forecast.stations", self.ask_for_stations, lambda: self._strip.settings is not None or NO_FORECASTER)
        bind("forecast.clear", forecasting.clear, lambda: bool(self._session.forecasts) or NO_FORECAST)

    # --- when an action makes sense ----------------------------------------------------------------------------

    @property
    def settings(self) -> Settings | None:
        """What the next forecast is made with; None without a model. Records come from their own stations."""
        settings = self._strip.settings
        if settings is not None and self._has_own_stations:
            return replace(settings, stations=StationChoice())
        return settings

    @property
    def _has_own_stations(self) -> bool:
        """Whether what is open was recorded at stations."""
        wavefield = self._session.wavefield
        return wavefield is not None and wavefield.known is not None

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
        if self._session.as_it_happened.running:
            return _FOLLOWS
        return self._session.wavefield is not None or NO_SCENARIO

    # --- doing -------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Forecast from the input that is chosen, again if that was done."""
        settings, wavefield = self.settings, self._session.wavefield
        if settings is not None and wavefield is not None:
            self._session.forecasting.run(wavefield, settings, self._strip.until)

    def cancel(self) -> None:
        """Give up what is being forecast, and what would follow it by itself."""
        if (settings := self._session.forecasting.asked) is not None:
            self._tried += [(settings, until) for until in INPUTS]
        self._session.forecasting.cancel()

    def make_inputs(self, untils: Sequence[float]) -> None:
        """Forecast from further inputs, s, beside what is shown, one whenever nothing else is under way."""
        forecasting, wavefield = self._session.forecasting, self._session.wavefield
        settings = forecasting.settings
        if settings is None or wavefield is None or forecasting.busy or self._session.as_it_happened.running:
            return
        wanted = next((until for until in untils if (settings, until) not in self._tried), None)
        if wanted is not None and wavefield.complete:
            self._tried.append((settings, wanted))
            forecasting.run(wavefield, settings, wanted, ready=never, beside=True)

    def replay_as_it_happened(self, on: bool) -> None:
        """Start it, or end it."""
        live, settings, wavefield = self._session.as_it_happened, self.settings, self._session.wavefield
        player = self._replay.player
        if live.running:
            live.stop()
        elif on and settings is not None and wavefield is not None:
            player.pause()
            live.start(wavefield, settings)
            player.set_happening(live)
        self.refresh()

    def _end_replay(self) -> None:
        """Everything is known again."""
        self._replay.player.set_happening(None)
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
        forecasting = self._session.forecasting
        self._strip.choose_input(until)
        until = self._strip.until
        if (made := forecasting.at(until)) is not None:
            forecasting.show(made)
        elif self._session.forecasts and self.can_run() is True:
            self.run()
        self._say()

    def _follow_settings(self) -> None:
        """Other settings: a replay as it happened goes on with them, other forecasts are marked as made without."""
        if (settings := self.settings) is not None:
            self._session.as_it_happened.choose(settings)
        self._say()

    def _check_file(self, path: Path) -> None:
        """Refuse at once what is no list of stations."""
        if (wavefield := self._session.wavefield) is not None:
            self._checking.ask(lambda _: read_stations(path, wavefield.region))

    def _accept_file(self, listed: StationList) -> None:
        if listed.left_out:
            used = counted(len(listed.stations), "station")
            self._session.noticed.emit(f"{used} of the file can be used.", list(listed.left_out))

    def _refuse_file(self, sentence: str) -> None:
        self._strip.refuse_file()
        self._session.noticed.emit(sentence, [])

    def _choose_speed(self, speed: float) -> None:
        self._session.as_it_happened.speed = speed

    # --- showing -----------------------------------------------------------------------------------------------

    def _show_opened(self, wavefield: "Wavefield | None") -> None:
        """Another wavefield, which has no forecast yet, or is one."""
        from quakeview.wavefield.forecasting.forecast import Forecast

        self._shown = None
        self._tried.clear()
        self._replay.player.set_happening(None)
        self._inspector.set_forecast(wavefield if isinstance(wavefield, Forecast) else None)
        self.refresh()

    def _show(self) -> None:
        """The forecast that is chosen, everywhere."""
        forecast, forecasts = self._session.forecast, self._session.forecasts
        if forecast is not None:
            self._strip.choose_input(forecast.issue_time)
        self._replay.show_silent(self._session.forecasting.silent if forecast is not None else ())
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
        self._strip.show_busy(self._session.forecasting.busy)
        self._strip.show_stations(own=self._has_own_stations)
        self._registry.refresh()
        running = self._session.as_it_happened.running
        self._registry["forecast.live"].setChecked(running)
        self._strip.show_live(running)
        self._replay.set_window_choices(() if running else INPUTS)
        self._say()

    def _follow_time(self) -> None:
        """A frame of what happens has come."""
        self._replay.player.look_for_growth()
        self._say()

    def _say(self) -> None:
        self._strip.say(self.line)
        self._replay.show_live(self.line if self._session.as_it_happened.running else "")
        self._replay.show_input(self._strip.until, self.staleness)

    @property
    def staleness(self) -> str:
        """In words, if the forecast that is shown was made with other settings than are chosen; else empty."""
        forecasting, forecast, chosen = self._session.forecasting, self._session.forecast, self.settings
        made_with = forecasting.settings
        if forecast is None or made_with is None or chosen is None:
            return ""
        if made_with == chosen and abs(forecast.issue_time - self._strip.until) < INPUT_STEP / 2:
            return ""
        under_way = forecasting.busy and forecasting.asked == chosen
        return "settings changed: forecasting again…" if under_way else "settings changed: press F5"

    @property
    def line(self) -> str:
        """What is known now, and which forecast is shown."""
        live, forecast = self._session.as_it_happened, self._session.forecast
        if live.running:
            if live.loading:
                return "Loading the forecaster…"
            if forecast is not None:
                which = f"{observed(forecast)}, forecast {_number(forecast)} of {len(INPUTS)}"
            elif self._session.forecasting.busy:
                which = "computing the first forecast"
            else:
                which = f"first forecast at {INPUTS[0]:.1f} s"
            return f"{'Held at' if live.held else 'Now'} {live.now:.1f} s: {which}"
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
        self._checking.forget()


def observed(forecast: "Forecast") -> str:
    """``all nodes``, or ``564 stations``."""
    seen = forecast.observation
    return counted(len(seen.stations), "station") if seen.stations else "all nodes"


def _number(forecast: "Forecast") -> int:
    return 1 + min(range(len(INPUTS)), key=lambda row: abs(INPUTS[row] - forecast.issue_time))


def pgv_error(truth: "Wavefield", forecast: "Forecast", progress: Progress) -> "tuple[Forecast, str]":
    """The forecast and, in words, how far its PGV is off in the median. For a worker thread."""
    compared = TruePeaks(Comparison(truth, forecast)).compare(Quantity.PGV, progress)
    if compared is None or not np.isfinite(compared.error).any():
        return forecast, ""
    off = 100 * float(np.nanmedian(np.abs(np.expm1(compared.error))))
    return forecast, f"{off:.0f} % (median, from {forecast.issue_time:.1f} s on)"
