"""From forecasters and folders of scenarios to a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.registry import ModelCard
from quakeview.training.reports.document import Report
from quakeview.training.reports.evaluation import ALL, Headline
from quakeview.training.reports.forecast_outcomes import Outcomes, forecast_outcomes
from quakeview.training.reports.forecast_report import forecast_headline, forecast_report
from quakeview.training.reports.held_out import HeldOut
from quakeview.wavefield.forecasting.evaluation import LONGER_INPUTS, PAPER_CONDITIONS, Conditions
from quakeview.wavefield.forecasting.forecaster import Forecaster, load_forecaster
from quakeview.wavefield.forecasting.reference import (
    Forecasting,
    Library,
    NearestEvent,
    Persistence,
    RidgeCombination,
    read_events,
)
from quakeview.wavefield.scenarios.library import list_scenarios

CONDITIONS: tuple[Conditions, ...] = tuple(dict.fromkeys((*PAPER_CONDITIONS, *LONGER_INPUTS)))


@dataclass(frozen=True)
class ForecastEvaluation:
    """What forecasters made of scenarios.

    Attributes:
        models: names, the first one is what is evaluated.
        data: the scenarios, in words.
        has_library: whether references made of training events stand beside them.
    """

    outcomes: list[Outcomes]
    models: list[str]
    data: str
    has_library: bool

    def report(self, folder: str = "") -> Report:
        """Return the report; with a ``folder`` the worst events are linked where they are."""
        return forecast_report(self.outcomes, self.models, self.data, self.has_library, folder)

    def write_worst(self, folder: Path) -> None:
        """Write nothing: the report leads to the scenarios themselves."""

    def headline(self) -> Headline:
        """Return ACC, RFNE and PGV errors with their intervals."""
        return forecast_headline(self.outcomes, self.models, self.data, self.has_library)


def evaluate_forecasters(
    cards: Sequence[ModelCard],
    datasets: Sequence[Path],
    split: str = "test",
    library: Path | None = None,
    device: str = "auto",
    progress: Progress = Progress(),
) -> ForecastEvaluation:
    """Forecast the scenarios of folders: everything known, at stations, and late and noisy; then with longer inputs.

    Args:
        cards: of the forecasters, the one to be evaluated first; persistence and an attenuation relation stand beside.
        split: as ``metadata.csv`` of a data set says, or ``all``; a folder without one is taken as it is.
        library: a data set of training events on the same grid, for the nearest event and the ridge.

    Raises:
        QuakeViewError: if a model, an event or the library cannot be read, or there is no event in the split.
        Cancelled: through ``progress``.
    """
    events = [path for folder in datasets for path in _events(folder, split)]
    if not events:
        raise QuakeViewError(
            f"There are no scenarios of the split {split!r} in {', '.join(folder.name for folder in datasets)}; "
            "make some with 'quakeview simulate dataset.toml', or give --split all."
        )
    forecasters = [load_forecaster(card.folder, device) for card in cards]
    _check_grid(forecasters, events)
    references: list[Forecasting] = [Persistence()]
    scale = None
    if library is not None:
        opened = Library.open(library, progress.part(0, 1, 10))
        references += [NearestEvent(opened), RidgeCombination(opened)]
        scale = opened.deviation()
    outcomes = forecast_outcomes([*forecasters, *references], events, CONDITIONS, scale, progress.part(1, 10, 10))
    models = [each.model.name for each in forecasters]
    return ForecastEvaluation(outcomes, models, str(HeldOut(datasets, split)), library is not None)


def _events(folder: Path, split: str) -> list[Path]:
    if (folder / "metadata.csv").is_file():
        return [folder / event.file for event in read_events(folder) if split in (ALL, event.split)]
    cards, _ = list_scenarios(folder)
    return [card.path for card in cards if card.complete]


def _check_grid(forecasters: Sequence[Forecaster], events: Sequence[Path]) -> None:
    """Raises QuakeViewError if the first event is not as the forecasters know wavefields."""
    from quakeview.wavefield.scenarios.scenario import Scenario

    with Scenario.open(events[0]) as scenario:
        for forecaster in forecasters:
            if problem := forecaster.said_of_grid(scenario.header):
                raise QuakeViewError(
                    f"{events[0].name} is not on the grid of {forecaster.model.name}: {problem} "
                    "Give scenarios that were simulated for it."
                )
