"""The models that can be used, read in the background and kept."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from quakeview.app.work.running import JobRunner
from quakeview.jobs import Job, Progress
from quakeview.registry import (
    FORECASTING,
    PICKING,
    ModelCard,
    ModelProblem,
    all_models,
    choose_model,
    with_choice,
)

NO_FORECASTER = (
    "No forecaster that can be used is installed. Import a checkpoint in the Models workspace, which also says why a "
    "model cannot be used, or train one with 'quakeview train run.toml'."
)
NO_MODEL = (
    "No picker that can be used is installed. Import a checkpoint in the Models workspace, or train one with "
    "'quakeview train run.toml'."
)


class ModelList(QObject):
    """The shipped and the user's models.

    Attributes:
        cards: of those that are whole.
        problems: folders that are broken.

    Signals:
        changed: they were read again.
        used: the card of a model that was chosen for its task, once all know.
    """

    changed = Signal()
    used = Signal(object)

    def __init__(self, runner: JobRunner, read: Callable[[], list[Any]] = all_models) -> None:
        super().__init__(runner)
        self.cards: list[ModelCard] = []
        self.problems: list[ModelProblem] = []
        self._runner = runner
        self._read = read

    def refresh(self) -> None:
        """Read the folders again; ``changed`` follows."""
        job = self._runner.start(Job("Looking for models", lambda _: _sorted_out(self._read())))
        job.finished.connect(self._take)

    def use(self, card: ModelCard) -> None:
        """Use a model for its task from now on; ``used`` follows."""

        def work(_: Progress) -> Any:
            choose_model(card)
            return _sorted_out(self._read())

        job = self._runner.start(Job(f"Using {card.name}", work))
        job.finished.connect(self._take)
        job.finished.connect(lambda _: self.used.emit(card))

    def chosen(self, task: str) -> ModelCard | None:
        """The model that is used for a task; None if there is none."""
        fitting = [card for card in self.cards if card.can(task)]
        return next((card for card in fitting if card.chosen), next(iter(fitting), None))

    @property
    def pickers(self) -> list[ModelCard]:
        return [card for card in self.cards if card.can(PICKING)]

    @property
    def picker(self) -> ModelCard | None:
        """The card of the model to pick with; None if there is none."""
        return self.chosen(PICKING)

    @property
    def forecasters(self) -> list[ModelCard]:
        """Of wavefields, the chosen one first."""
        first = self.chosen(FORECASTING)
        return [*([first] if first else []), *(card for card in self.cards if card.forecasts and card is not first)]

    def _take(self, read: tuple[list[ModelCard], list[ModelProblem]]) -> None:
        self.cards, self.problems = read
        self.changed.emit()


def _sorted_out(found: list[Any]) -> tuple[list[ModelCard], list[ModelProblem]]:
    """Return the cards, of each task one chosen, and the folders that are broken."""
    problems = [each for each in found if isinstance(each, ModelProblem)]
    return with_choice([each for each in found if not isinstance(each, ModelProblem)]), problems


def summary(card: ModelCard) -> str:
    """One line for wherever the model's output is shown: name, training data, scores."""
    parts = [
        f"trained on {card.trained_on}" if card.trained_on else "training data not stated",
        card.scored or "not scored yet",
    ]
    return f"{card.name}: {'; '.join(parts)}"
