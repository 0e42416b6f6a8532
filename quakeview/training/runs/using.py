"""The model of a run becomes one of the user's models, and the one that is used for its task."""

from dataclasses import dataclass

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.model_folders import weights_digest
from quakeview.registry import ModelCard, add_model, available_models, choose_model
from quakeview.training.runs.run_folder import RunFolder


@dataclass(frozen=True)
class Used:
    """A model that a run made, among the user's models; ``problem``: why it is not the one that is used, a sentence."""

    card: ModelCard
    problem: str = ""


def use_model(run: RunFolder, progress: Progress = Progress()) -> Used:
    """Copy the model of a run to the user's models, unless it is there, and use it for its task from now on.

    Raises:
        QuakeViewError: if the run has made no model, or it cannot be copied.
        Cancelled: through ``progress``; nothing is added.
    """
    folder = run.model_folder
    if folder is None:
        raise QuakeViewError(f"{run.name} has not made a model yet; let it validate once and stop it.")
    digest, known = weights_digest(folder), available_models()
    card = next((each for each in known if weights_digest(each.folder) == digest), None)
    card = card or add_model(folder, _free_name(run.name, [each.name for each in known]), progress)
    try:
        choose_model(card)
    except QuakeViewError as error:
        return Used(card, str(error))
    return Used(card)


def _free_name(name: str, taken: list[str]) -> str:
    """The name, with a number if a model has it."""
    free, number = name, 2
    while free in taken:
        free, number = f"{name} {number}", number + 1
    return free
