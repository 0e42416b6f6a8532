"""Training HierarchicalQuake as printed: daily maps one after the other, in three phases, with a heavy class weight."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.seismicity.catalogue import date_of
from quakeview.seismicity.model_folder import save
from quakeview.seismicity.networks.calibration import ScoreHistogram
from quakeview.seismicity.networks.daily_maps import DailyMaps
from quakeview.seismicity.networks.forecaster import PrintedForecast, said_after
from quakeview.seismicity.networks.hierarchical import LOGITS, Carried, HierarchicalConfig, HierarchicalQuake
from quakeview.texts import counted
from quakeview.toml_files import read_table
from quakeview.training.config import RunConfig
from quakeview.training.seismicity.config import DataConfig
from quakeview.training.seismicity.data import read_data
from quakeview.training.seismicity.phases import PARTS, Phases
from quakeview.training.seismicity.printed_config import PrintedConfig
from quakeview.training.tasks import Batch

SYSTEM = "HierarchicalQuake"


class PrintedTask:
    """The paper's network on the paper's loss.

    The best weights are those whose scores, calibrated on the days of validation, gain most over the same number in
    every cell. That is a number of the days that they were calibrated on: a report on later days says what it is worth.
    """

    selecting = "gain_over_uniform"

    def __init__(self, config: RunConfig, progress: Progress = Progress()) -> None:
        self.config, self._progress = config, progress
        self.model = read_table(PrintedConfig, config.model, "[model] of the run file", config.base)
        self.options = read_table(DataConfig, config.data, "[data] of the run file", config.base)
        self.data = read_data(self.options)
        fitting = self.data.fitting
        self.maps = DailyMaps(fitting.catalogue, fitting.grid, fitting.magnitude, fitting.window)
        days, together = self.data.training_days, config.training.batch_size
        self.phases = Phases(days, together, self.model.phases == 3, config.seed)
        self._validated: dict[bytes, ScoreHistogram] = {}

    def build_model(self) -> Carried:
        of = self.model
        config = HierarchicalConfig(
            self.data.fitting.grid.shape,
            of.embedding,
            of.hidden,
            of.region,
            attention=of.attention,
            gate=of.gate,
            memory=of.memory,
        )
        network = HierarchicalQuake(config)
        network.frequency.copy_(torch.from_numpy(self.maps.frequency(self.data.training_days)))
        return Carried(network)

    def batches(self, first_step: int, batch_size: int, rank: int, processes: int, workers: int) -> Iterator[Batch]:
        if processes > 1:
            raise QuakeViewError("Days follow each other in this form of the network; train it with one process.")
        step = first_step
        while True:
            yield self._batch(step)
            step += 1

    def _batch(self, step: int) -> Batch:
        stretch, shape = self.phases.stretch(step), self.data.fitting.grid.shape
        days = range(stretch.first, stretch.last)
        anew = torch.zeros(len(days), dtype=torch.bool)
        anew[0] = stretch.anew
        return {
            "magnitudes": torch.from_numpy(np.stack([self.maps.magnitudes(day) for day in days])),
            "came": torch.from_numpy(np.stack([self.maps.numbers(day).reshape(shape) > 0 for day in days])),
            "anew": anew,
        }

    def cautions(self) -> list[str]:
        said, steps, phases = list(self.data.notes), self.config.training.max_steps, self.phases
        if phases.three and steps is not None and steps != phases.steps:
            said.append(
                f"The three phases take {counted(phases.steps, 'step')}, which are {counted(phases.full, 'step')} of "
                f"all days, {PARTS} of parts and {phases.full:,} of all days again; this run has {steps:,}."
            )
        return said

    def names(self, step: int, batch_size: int, rank: int, processes: int) -> list[str]:
        stretch = self.phases.stretch(step)
        return [date_of(day) for day in range(stretch.first, stretch.last)]

    def loss(self, model: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """The paper's: cross-entropy where cells with earthquakes count ``class_weight`` times, mean of the days."""
        said, came = model(batch["magnitudes"], batch["anew"]), batch["came"].float()
        weight = 1 + (self.model.class_weight - 1) * came
        lost = functional.binary_cross_entropy_with_logits(said, came, weight, reduction="none")
        return (lost.sum(dim=(1, 2)) / weight.sum(dim=(1, 2))).mean(), {}

    def validate(self, model: nn.Module, device: torch.device, progress: Progress) -> dict[str, float]:
        """The information gain of calibrated scores over the same number everywhere, nats for each earthquake; the area
        under the ROC curve; and how many earthquakes the scores would be, taken as probabilities, of those observed."""
        histogram = self._histogram(cast(Carried, model).network, progress)
        middle = (histogram.edges[1:] + histogram.edges[:-1]) / 2
        as_printed = histogram.cells @ (1 / (1 + np.exp(-middle)))
        return {
            self.selecting: histogram.gain_over_uniform(histogram.calibration()),
            "roc_auc": histogram.area_under_curve(),
            "printed_expected": float(as_printed / histogram.earthquakes.sum()),
        }

    def _histogram(self, network: HierarchicalQuake, progress: Progress) -> ScoreHistogram:
        """Of the logits on the days of validation; those of weights that were validated are not made again."""
        weights = b"".join(value.cpu().numpy().tobytes() for value in network.state_dict().values())
        digest = hashlib.sha256(weights).digest()
        if digest not in self._validated:
            self._validated[digest] = ScoreHistogram.of(self._days_of_validation(network, progress), *LOGITS)
        return self._validated[digest]

    def _days_of_validation(
        self, network: HierarchicalQuake, progress: Progress
    ) -> Iterator[tuple[NDArray[np.float32], NDArray[np.int64]]]:
        """For each the logits, and the numbers of earthquakes that came, (cells,) both."""
        days = self.data.validation_days
        for number, (day, said) in enumerate(zip(days, said_after(network, self.maps, days), strict=True)):
            progress.advance(number + 1, len(days), "validating")
            yield said.logit.cpu().numpy().ravel(), self.maps.numbers(day)

    def save(self, model: nn.Module, folder: Path, card: dict[str, Any]) -> None:
        """Write the network with the calibration of its scores on the days of validation."""
        network, fitting = cast(Carried, model).network.eval(), self.data.fitting
        forecast = PrintedForecast(
            self.config.name,
            fitting.grid,
            fitting.magnitude,
            fitting.window,
            self.options.least_magnitude,
            network,
            self._histogram(network, Progress()).calibration(),
            (fitting.first, self.data.last),
        )
        facts = {
            "system": SYSTEM,
            "parameters": sum(parameter.numel() for parameter in network.parameters()),
            "trained_on": f"{self.data.description}; its scores are no probabilities, and were calibrated on "
            f"{date_of(fitting.last)} to {date_of(self.data.last - 1)}",
        }
        save(forecast, folder, card | facts)
