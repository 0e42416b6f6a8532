"""Opens what is played: a scenario, or a forecast with the scenario that it is of."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.wavefield.scenarios import samples
from quakeview.wavefield.scenarios.library import list_scenarios, read_card, scenarios_dir
from quakeview.wavefield.scenarios.scenario import Scenario, opened

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.forecast import Forecast
    from quakeview.wavefield.scenarios.header import Wavefield


@dataclass(frozen=True)
class OpenedFile:
    """A scenario; or a forecast and the scenario that it is of, for which it stands itself if there is none."""

    wavefield: "Wavefield"
    forecast: "Forecast | None" = None


def open_file(path: Path, progress: Progress) -> OpenedFile:
    """Open what is at ``path``.

    Raises:
        QuakeViewError: if it is gone, damaged or neither a scenario nor a forecast.
        Cancelled: through ``progress``.
    """
    if not path.exists():
        raise QuakeViewError(f"{path} is no longer there.")
    if path.is_dir():
        raise QuakeViewError(f"{path} is a folder, not a scenario; rename it to open the waveforms in it.")
    with opened(path) as file:
        is_forecast = "forecast" in file
    if not is_forecast:
        return OpenedFile(Scenario.open(path))
    from quakeview.wavefield.forecasting.forecast_file import open_forecast

    forecast = open_forecast(path, progress)
    truth = _truth_of(forecast)
    return OpenedFile(forecast if truth is None else truth, forecast)


def _truth_of(forecast: "Forecast") -> Scenario | None:
    """The scenario that was observed, if it is among the scenarios."""
    seen = forecast.observation.header
    sample = read_card(samples.sample_scenario())
    for card in [*([sample] if sample is not None else []), *list_scenarios(scenarios_dir())[0]]:
        if (card.name, card.hypocentre, card.magnitude) == (seen.name, seen.hypocentre, seen.magnitude):
            scenario = Scenario.open(card.path)
            axes = (scenario.frame_step, scenario.start_time, scenario.header.frame_shape)
            if axes == (seen.frame_step, seen.start_time, seen.frame_shape):
                return scenario
            scenario.close()
    return None
