"""What can be trained: a task brings the model, the data, the loss and the scores; the engine does the rest."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.training.config import RunConfig
from quakeview.training.runs.examples import Examples

Batch = dict[str, Tensor]

MAKERS = {
    "picking": "quakeview.training.picking:PickingTask",
    "magnitude": "quakeview.training.characterisation:MagnitudeTask",
    "distance": "quakeview.training.characterisation:DistanceTask",
    "back_azimuth": "quakeview.training.characterisation:BackAzimuthTask",
    "polarity": "quakeview.training.characterisation:PolarityTask",
    "characterisation": "quakeview.training.one_station:OneStationTask",
    "forecasting": "quakeview.training.forecasting:ForecastingTask",
    "seismicity": "quakeview.training.seismicity.forms:seismicity_task",
}


class Task(Protocol):
    """One thing to learn.

    Attributes:
        selecting: name of the one score that chooses the best weights; larger is better.
    """

    selecting: str

    def build_model(self) -> nn.Module:
        """The network, freshly initialised from torch's random state or from the weights it starts from."""

    def batches(self, first_step: int, batch_size: int, rank: int, processes: int, workers: int) -> Iterator[Batch]:
        """The endless stream of one process from a step on. A step's batch does not depend on ``first_step``."""

    def cautions(self) -> list[str]:
        """What should be known of the data before the first step, in sentences.

        Raises:
            QuakeViewError: if nothing sound can be learnt from them.
        """

    def names(self, step: int, batch_size: int, rank: int, processes: int) -> list[str]:
        """Where each example of such a batch comes from, in words: its records and their data sets."""

    def loss(self, model: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """Scalar loss of a batch, and further scalars for the log."""

    def validate(self, model: nn.Module, device: torch.device, progress: Progress) -> dict[str, float]:
        """Scores on the validation data; ``selecting`` is one of the names."""

    def save(self, model: nn.Module, folder: Path, card: dict[str, Any]) -> None:
        """Write the finished model with its card."""


@runtime_checkable
class ShowsExamples(Protocol):
    """A task that shows what the model makes of a few held-out examples, always the same ones."""

    def examples(self, model: nn.Module, device: torch.device) -> Examples | None:
        """What the model makes of them; None if there are none."""


def make_task(config: RunConfig, progress: Progress = Progress()) -> Task:
    """The task a run file names, with its ``[model]`` and ``[data]`` tables read and its data made, if it makes them.

    Raises:
        QuakeViewError: if there is no such task or a table is wrong.
        Cancelled: through ``progress``; what was made is kept.
    """
    if config.task not in MAKERS:
        raise QuakeViewError(f"There is no task {config.task!r} to train; there are {', '.join(MAKERS)}.")
    module, _, name = MAKERS[config.task].partition(":")
    return getattr(importlib.import_module(module), name)(config, progress)
