"""The models that can be used, read in the background and kept."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from quakeview.app.shell.preferences import Preferences
from quakeview.app.work.running import JobRunner
from quakeview.jobs import Job
from quakeview.registry import PICKING

NO_FORECASTER = (
    "No forecaster that can be used is installed. Import a checkpoint in the Models workspace, which also says why a "
    "model cannot be used, or train one with 'quakeview train run.toml'."
)
NO_MODEL = (
    "No picker that can be used is installed. Import a checkpoint in the Models workspace, or train one with "
    "'quakeview train run.toml'."
)


def read_available_models() -> list[Any]:
    """``quakeview.registry.available_models``, imported when it is called."""
    from quakeview.registry import available_models

    return available_models()


class ModelList(QObject):
    """Cards (``quakeview.registry.ModelCard``) of the shipped and the user's models."""

    changed = Signal()

    def __init__(
        self, runner: JobRunner, preferences: Preferences, read: Callable[[], list[Any]] = read_available_models
    ) -> None:
        super().__init__(runner)
        self.cards: list[Any] = []
        self._runner = runner
        self._preferences = preferences
        self._read = read
        preferences.changed.connect(lambda key: self.changed.emit() if key == preferences.MODEL.key else None)

    def refresh(self) -> None:
        """Read the folders again; ``changed`` follows."""
        job = self._runner.start(Job("Looking for models", lambda progress: self._read()))
        job.finished.connect(self._use)

    @property
    def pickers(self) -> list[Any]:
        return [card for card in self.cards if card.can(PICKING)]

    @property
    def picker(self) -> Any | None:
        """The card of the model to pick with: the preferred one, else the first; None if there is none."""
        preferred = self._preferences[self._preferences.MODEL]
        return next((card for card in self.pickers if card.name == preferred), next(iter(self.pickers), None))

    @property
    def forecasters(self) -> list[Any]:
        """Of wavefields."""
        return [card for card in self.cards if card.forecasts]

    def _use(self, cards: list[Any]) -> None:
        self.cards = cards
        self.changed.emit()


def summary(card: Any) -> str:
    """One line for wherever the model's output is shown: name, training data, scores."""
    parts = [
        f"trained on {card.trained_on}" if card.trained_on else "training data not stated",
        card.scored or "not scored yet",
    ]
    return f"{card.name}: {'; '.join(parts)}"
