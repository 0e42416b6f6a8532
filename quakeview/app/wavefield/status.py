"""What is known now and which forecast is shown, in words."""

from typing import TYPE_CHECKING

from quakeview.app.wavefield.stage import Stage
from quakeview.texts import counted
from quakeview.wavefield.forecasting.forecast_making import INPUT_STEP, INPUTS

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.forecast import Forecast


def status(stage: Stage) -> str:
    """Say what is known now, and which forecast is shown; empty if there is nothing to say."""
    forecast = stage.forecast
    if stage.live is not None:
        return _live_status(stage)
    if forecast is None:
        return "Computing…" if stage.making is not None else ""
    if not forecast.complete:
        reached = forecast.start_time + forecast.n_frames * forecast.frame_step
        return f"Forecast from {forecast.issue_time:.1f} s: until {reached:.1f} s so far"
    return f"Made from {_observed(forecast)} until {forecast.issue_time:.1f} s"


def _live_status(stage: Stage) -> str:
    live, forecast = stage.live, stage.forecast
    assert live is not None
    if live.loading:
        return "Loading the forecaster…"
    if forecast is not None:
        number = 1 + min(range(len(INPUTS)), key=lambda row: abs(INPUTS[row] - forecast.issue_time))
        which = f"{_observed(forecast)}, forecast {number} of {len(INPUTS)}"
    elif stage.making is not None:
        which = "computing the first forecast"
    else:
        which = f"first forecast at {INPUTS[0]:.1f} s"
    return f"{'Held at' if live.held else 'Now'} {live.now:.1f} s: {which}"


def staleness(stage: Stage) -> str:
    """Say if the forecast that is shown was made with other settings than are chosen; else empty."""
    forecast, made_with, chosen = stage.forecast, stage.made_with, stage.settings
    if forecast is None or made_with is None or chosen is None:
        return ""
    if made_with == chosen and abs(forecast.issue_time - stage.until) < INPUT_STEP / 2:
        return ""
    return "settings changed: forecasting again…" if stage.making == chosen else "settings changed: press F5"


def _observed(forecast: "Forecast") -> str:
    """``all nodes``, or ``564 stations``."""
    seen = forecast.observation
    return counted(len(seen.stations), "station") if seen.stations else "all nodes"
