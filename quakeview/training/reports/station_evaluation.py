"""From models for one station and data sets to a report."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.registry import ModelCard
from quakeview.single_station.networks import load_station_network
from quakeview.training.reports.document import Report
from quakeview.training.reports.evaluation import Headline
from quakeview.training.reports.held_out import HeldOut
from quakeview.training.reports.station_answers import CONSTANT, Answered, ask_everybody, constant_guesses
from quakeview.training.reports.station_report import station_headline, station_report
from quakeview.training.reports.station_worst import worst_answers, write_worst

_TRAIN = "train"


@dataclass(frozen=True)
class StationEvaluation:
    """What models for one station say of a split of data sets.

    Attributes:
        models: names, the first one is what is evaluated.
        data: the data sets, in words.
    """

    answers: list[Answered]
    models: list[str]
    data: str

    def report(self, folder: str = "") -> Report:
        """Return the report; ``folder`` is where the worst records lie, seen from the report."""
        return station_report(self.answers, self.models, self.data, folder)

    def write_worst(self, folder: Path) -> None:
        """Write the worst records with their labels.

        Raises:
            OSError: if they cannot be written.
        """
        write_worst(worst_answers(self.answers, self.models[0]), folder)

    def headline(self) -> Headline:
        """Return errors with their intervals."""
        return station_headline(self.answers, self.models, self.data)


def evaluate_station_models(
    cards: Sequence[ModelCard],
    datasets: Sequence[Path],
    split: str = "test",
    progress: Progress = Progress(),
    splits: Path | None = None,
) -> StationEvaluation:
    """Ask models and rules about a split of data sets in SeisBench layout; a constant guess comes from the train split.

    Args:
        splits: a table ``dataset,event,split`` in place of the column of the metadata.

    Raises:
        QuakeViewError: if a model or the data cannot be read, nothing is in the split, or nothing in it is labelled
            that the first model says something of.
        Cancelled: through ``progress``.
    """
    networks = [load_station_network(card) for card in cards]
    held_out = HeldOut(datasets, split, splits)
    held_out.check()
    asked = [each for each in ask_everybody(networks, held_out, progress) if each.task in networks[0].tasks]
    if not asked:
        wanted = ", ".join(task.replace("_", "-") for task in networks[0].tasks)
        raise QuakeViewError(f"No record of {held_out} has a P and a label of {wanted}; choose data that say it.")
    guesses = constant_guesses(held_out.part(_TRAIN)) if split != _TRAIN else {}
    answers = [replace(each, said={**each.said, CONSTANT: guesses.get(each.task)}) for each in asked]
    return StationEvaluation(answers, [network.name for network in networks], str(held_out))
