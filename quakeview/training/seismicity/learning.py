"""The seismicity task: by what factor a reference forecast is wrong, cell by cell and day by day."""

from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.seismicity.catalogue import date_of
from quakeview.seismicity.learned.features import RateFeatures
from quakeview.seismicity.learned.forecaster import LearnedForecast
from quakeview.seismicity.learned.network import GATED, MLP, Members, NetworkConfig, RateNetwork
from quakeview.seismicity.learned.sampling import SampledDays, batch_of, parts_of, sample
from quakeview.seismicity.model_folder import save
from quakeview.texts import counted
from quakeview.toml_files import read_table
from quakeview.training.config import RunConfig
from quakeview.training.seismicity.config import DataConfig, ModelConfig
from quakeview.training.seismicity.data import CatalogueData, kept_reference, read_data
from quakeview.training.tasks import Batch
from quakeview.training.windows import items_of

SYSTEMS = {GATED: "HierarchicalQuake", MLP: "Rate network"}
"""What the forms of networks are called on a card."""
_VALIDATION_CELLS = 300
"""Drawn of each day of validation."""
_TOGETHER = 64
"""Days that are validated at once."""


class SeismicityTask:
    """Networks that correct a reference forecast by what happened lately."""

    selecting = "gain"

    def __init__(self, config: RunConfig, progress: Progress = Progress()) -> None:
        self.config = config
        self.model = read_table(ModelConfig, config.model, "[model] of the run file", config.base)
        self.options = read_table(DataConfig, config.data, "[data] of the run file", config.base)
        if self.model.members < 1 or config.training.batch_size % self.model.members:
            raise QuakeViewError(
                f"batch_size in [training] must be a multiple of the {counted(self.model.members, 'member')} in "
                "[model], so that each has days."
            )
        self.data: CatalogueData = read_data(self.options)
        fitting = self.data.fitting
        self.reference = kept_reference(self.model.reference, fitting, config.folder, progress)
        self.features = RateFeatures(fitting.grid, fitting.magnitude, self.options.least_magnitude)
        self._training = self._sample(self.data.training_days, self.options.cells, progress)
        self._validation = self._sample(self.data.validation_days, _VALIDATION_CELLS, progress)

    def _sample(self, days: range, cells: int, progress: Progress) -> SampledDays:
        catalogue, seed = self.data.fitting.catalogue, self.config.seed
        return sample(self.features, self.reference, catalogue, days, cells, seed, progress)

    def build_model(self) -> Members:
        features = self.features
        config = NetworkConfig(
            self.model.form, features.number, len(features.regional), features.regions.number, self.model.hidden
        )
        members = [RateNetwork(config) for _ in range(self.model.members)]
        for member in members:
            _normalise(member.mean, member.scale, self._training.rates)
            _normalise(member.regional_mean, member.regional_scale, self._training.regions)
        return Members(members)

    def batches(self, first_step: int, batch_size: int, rank: int, processes: int, workers: int) -> Iterator[Batch]:
        step = first_step
        while True:
            yield self._batch(self._training, self._days_of(step, batch_size, rank, processes))
            step += 1

    def cautions(self) -> list[str]:
        return list(self.data.notes)

    def names(self, step: int, batch_size: int, rank: int, processes: int) -> list[str]:
        return [date_of(self._training.days[day]) for day in self._days_of(step, batch_size, rank, processes)]

    def _days_of(self, step: int, batch_size: int, rank: int, processes: int) -> NDArray[np.int64]:
        """Each member goes through all days in an order of its own, again and again in other orders."""
        days, members = len(self._training.days), self.model.members
        chosen = []
        for item in items_of(step, batch_size, rank, processes):
            number, member = divmod(item, members)
            chosen.append(_order(self.config.seed, member, number // days, days)[number % days])
        return np.array(chosen, np.int64)

    def _batch(self, sampled: SampledDays, days: NDArray[np.int64]) -> Batch:
        return {name: torch.from_numpy(value) for name, value in batch_of(sampled, self.features.regions, days).items()}

    @cached_property
    def _earthquakes_a_day(self) -> float:
        return self._training.earthquakes / len(self._training.days)

    def loss(self, model: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """Information lost to the reference for each earthquake, nats; what is expected in all is estimated."""
        said = model(batch["rates"], batch["regions"], batch["region"])
        lost = _expected_change(said, batch).sum() - (batch["number"] * said).sum()
        return lost / (self._earthquakes_a_day * len(said)), {}

    def validate(self, model: nn.Module, device: torch.device, progress: Progress) -> dict[str, float]:
        """The information gain of the members together over the reference on the days of validation, nats for each
        earthquake; and the numbers of earthquakes that they and the reference expect, of those observed."""
        network, days = cast(Members, model), self._validation
        gained, more, reference = 0.0, 0.0, 0.0
        for part in parts_of(len(days.days), _TOGETHER):
            batch = {name: value.to(device) for name, value in self._batch(days, part).items()}
            said = network.together(batch["rates"], batch["regions"], batch["region"])
            more += float(_expected_change(said, batch).sum())
            gained += float((batch["number"] * said).sum())
            reference += float((batch["weight"] * batch["reference"]).sum())
            progress.advance(int(part[-1]) + 1, len(days.days), "validating")
        earthquakes = days.earthquakes
        return {
            "gain": (gained - more) / earthquakes,
            "expected": (reference + more) / earthquakes,
            "reference_expected": reference / earthquakes,
        }

    def save(self, model: nn.Module, folder: Path, card: dict[str, Any]) -> None:
        """Write the networks together with the reference that they improve on."""
        members, data = cast(Members, model), self.data
        facts = {
            "system": SYSTEMS[self.model.form],
            "parameters": sum(parameter.numel() for parameter in members.each[0].parameters()),
            "members": len(members.each),
            "trained_on": data.description,
        }
        days = data.fitting.first, data.last
        save(LearnedForecast(self.config.name, self.features, self.reference, members, days), folder, card | facts)


def _normalise(mean: Tensor, scale: Tensor, values: NDArray[np.float32]) -> None:
    """Fill in mean and scatter of the last axis of values."""
    axes = tuple(range(values.ndim - 1))
    scatter = values.std(axis=axes, dtype=np.float64)
    mean.copy_(torch.from_numpy(values.mean(axis=axes, dtype=np.float64)))
    scale.copy_(torch.from_numpy(np.where(scatter > 0, scatter, 1.0)))


def _expected_change(said: Tensor, batch: Batch) -> Tensor:
    """How many more earthquakes are expected than the reference expects, of what each sample stands for."""
    return batch["weight"] * batch["reference"] * torch.expm1(said)


@lru_cache(maxsize=64)
def _order(seed: int, member: int, epoch: int, days: int) -> NDArray[np.int64]:
    return np.random.default_rng([seed, member, epoch]).permutation(days)
