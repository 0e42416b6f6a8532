"""One way in to the evaluation of any model: what its task is decides what is measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.registry import CHARACTERISATION, FORECASTING, PICKING, SEISMICITY, SINGLE_TASKS, ModelCard
from quakeview.texts import counted
from quakeview.training.reports.caution import Cautioned, seen_before
from quakeview.training.reports.document import write_report
from quakeview.training.reports.evaluation import TEST, Evaluation

STATION_TASKS = (CHARACTERISATION, *SINGLE_TASKS)


@dataclass(frozen=True)
class Request:
    """What is to be evaluated.

    Attributes:
        cards: of the models, the one that the report is about first.
        datasets: folders of labelled records, or of scenarios for forecasters.
        split: which part of them, or ``all``.
        splits: a table ``dataset,event,split`` in place of the column ``split`` of labelled records.
        quiet: continuous records without earthquakes, for pickers.
        library: folder of the training events that the references of forecasters are made of.
        device: what pickers and forecasters compute on.
    """

    cards: Sequence[ModelCard]
    datasets: Sequence[Path]
    split: str = TEST
    quiet: Path | None = None
    library: Path | None = None
    device: str = "auto"
    splits: Path | None = None


def evaluate(request: Request, progress: Progress = Progress()) -> Evaluation:
    """Measure the models of a request, and what can be said without them.

    Raises:
        QuakeViewError: if a model or the data cannot be read, models are of several kinds, or the data say nothing that
            the models could be measured by.
        Cancelled: through ``progress``.
    """
    _check(request)
    if request.cards[0].is_for(FORECASTING):
        return _measured(request, progress)
    seen = seen_before(request.cards, request.datasets, request.split, request.splits)
    measured = _measured(request, progress)
    return Cautioned(measured, seen) if seen else measured


def _measured(request: Request, progress: Progress) -> Evaluation:
    first = request.cards[0]
    if first.is_for(PICKING):
        from quakeview.training.reports.picker_evaluation import evaluate_pickers

        return evaluate_pickers(
            request.cards,
            request.datasets,
            request.split,
            request.quiet,
            request.device,
            progress,
            request.splits,
        )
    if first.is_for(FORECASTING):
        from quakeview.training.reports.forecast_evaluation import evaluate_forecasters

        return evaluate_forecasters(
            request.cards, request.datasets, request.split, request.library, request.device, progress
        )
    from quakeview.training.reports.station_evaluation import evaluate_station_models

    return evaluate_station_models(request.cards, request.datasets, request.split, progress, request.splits)


def write_all(evaluation: Evaluation, path: Path) -> None:
    """Write a report, and beside it the worst records.

    Raises:
        QuakeViewError: for a suffix that is no report's.
        OSError: if they cannot be written.
    """
    folder = path.with_name(f"{path.stem} worst records")
    evaluation.write_worst(folder)
    write_report(evaluation.report(folder.name), path)


def rivals_of(card: ModelCard, cards: Sequence[ModelCard]) -> list[ModelCard]:
    """Those of some models that can stand beside a model in its report."""
    return [other for other in cards if other.name != card.name and _family(other) == _family(card) != ""]


def _check(request: Request) -> None:
    names = [card.name for card in request.cards]
    if len(set(names)) < len(names):
        raise QuakeViewError("Two of the models have one name; rename one of their folders.")
    first = request.cards[0]
    for card in request.cards:
        if card.unusable:
            raise QuakeViewError(f"{card.name}: {card.unusable}")
        if card.is_for(SEISMICITY):
            raise QuakeViewError(
                f"{card.name} forecasts seismicity, which is scored on a catalogue: 'quakeview seismicity evaluate'."
            )
        if not _family(card):
            raise QuakeViewError(f"{card.name} is a {_words(card)} model; there is no report on such models.")
        if _family(card) != _family(first):
            raise QuakeViewError(
                f"{card.name} is a {_words(card)} model and {first.name} a {_words(first)} model; "
                "give models of one kind."
            )
    if request.quiet is not None and not first.is_for(PICKING):
        raise QuakeViewError("Continuous records without earthquakes are for pickers; leave them out.")
    if request.library is not None and not first.is_for(FORECASTING):
        raise QuakeViewError("A library of training events is for forecasters; leave it out.")
    if request.splits is not None and first.is_for(FORECASTING):
        raise QuakeViewError("A table of splits is for labelled records; scenarios have theirs in metadata.csv.")
    missing = [folder for folder in request.datasets if not folder.is_dir()]
    if missing:
        number = counted(len(missing), "folder is", "folders are")
        raise QuakeViewError(f"{number} not there: {', '.join(map(str, missing))}; choose the folder of a data set.")


def _family(card: ModelCard) -> str:
    """The kind of report; empty if there is none."""
    if card.is_for(PICKING):
        return PICKING
    if card.is_for(FORECASTING):
        return FORECASTING
    return CHARACTERISATION if card.task in STATION_TASKS else ""


def _words(card: ModelCard) -> str:
    return card.task.replace("_", "-")
