"""Training of the network for one station: magnitude, distance, back-azimuth and first motion at once.

Windows begin 5 s before the first P, as in use; a value that nobody knows does not count. Every loss is a negative
log-likelihood, so that the network learns how far off it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log, pi
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.monitoring.seismollm_folder import load_model
from quakeview.single_station.folder import load_characteriser, save_characteriser
from quakeview.single_station.inputs import BEFORE_P, LENGTH, P_SAMPLE, RATE, Inputs, network_inputs
from quakeview.single_station.network import Answers, Characteriser, HeadSizes
from quakeview.toml_files import read_table
from quakeview.training.augmentations import Generator, Window
from quakeview.training.characterisation import FIRST_MOTIONS
from quakeview.training.checks import cautions
from quakeview.training.config import RunConfig
from quakeview.training.networks import trained_model
from quakeview.training.record_config import DataConfig, describe_data
from quakeview.training.records import Arrival, LabelledRecord
from quakeview.training.runs.examples import MOST_VALUES, Examples, Values, spread
from quakeview.training.scores import wrapped
from quakeview.training.sources import cut_at_p, open_records
from quakeview.training.tasks import Batch
from quakeview.training.together import share_of
from quakeview.training.windows import WindowStream, batches

OUTLIERS = 0.1
"""Share of records whose back-azimuth the ground says nothing of: scattered waves, weak onsets."""
WITHOUT_S = 0.2
"""Share of windows whose S is kept from the network, which must do without one too."""
P_ERROR, S_ERROR = 0.03, 0.15
"""Seconds by which picks are off while training, one standard deviation."""
VALUES = ("magnitude", "distance", "back_azimuth", "polarity")


@dataclass(frozen=True)
class ModelTable:
    """The ``[model]`` table.

    Attributes:
        trunk: name or folder of the picking model whose trunk it is.
        record, onset: channels of the heads.
        init: name or folder of a network for one station to go on from, in place of the others.
    """

    trunk: str | None = None
    record: int = 64
    onset: int = 48
    init: str | None = None


class OneStationTask:
    """Four heads on the frozen trunk of a picker."""

    selecting = "score"

    def __init__(self, config: RunConfig, progress: Progress = Progress()) -> None:
        progress.advance(0, 1, "Opening the data")
        self.table = read_table(ModelTable, config.model, "[model] of the run file", config.base)
        if (self.table.trunk is None) == (self.table.init is None):
            raise QuakeViewError("[model] needs either trunk, the folder of a picking model, or init.")
        self.config = config
        self.data = read_table(DataConfig, config.data, "[data] of the run file", config.base)
        records = open_records(self.data.validation, RATE, validation=True)
        self._validation = records.select(lambda _, entry: _is_known(entry))
        if not len(self._validation):
            raise QuakeViewError(
                "No validation record has a P and a known earthquake; choose another [data.validation]."
            )

    def build_model(self) -> Characteriser:
        if self.table.init is not None:
            return load_characteriser(trained_model(self.table.init, self.config.base))
        picker = load_model(trained_model(cast(str, self.table.trunk), self.config.base))
        trunk: SeisMoLLMConfig = picker.config
        model = Characteriser(trunk, HeadSizes(self.table.record, self.table.onset))
        model.take_trunk(picker)
        return model

    def batches(self, first_step: int, batch_size: int, rank: int, processes: int, workers: int) -> Iterator[Batch]:
        return batches(self._stream, first_step, batch_size, rank, processes, workers)

    def cautions(self) -> list[str]:
        return cautions(self.data, self._stream.maker, self._validation, phases=())

    def names(self, step: int, batch_size: int, rank: int, processes: int) -> list[str]:
        return self._stream.names(step, batch_size, rank, processes)

    @cached_property
    def _stream(self) -> "_Stream":
        return _Stream(self.data, LENGTH, RATE, self.config.seed)

    def loss(self, model: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        answers = model(batch["waveforms"], batch["onset"], batch["s_minus_p"])
        losses = {
            name: (errors * batch[f"{name}_known"]).sum() / share_of(batch[f"{name}_known"].sum())
            for name, errors in likelihoods(answers, batch).items()
        }
        return torch.stack(list(losses.values())).sum(), {f"loss_{name}": loss for name, loss in losses.items()}

    def validate(self, model: nn.Module, device: torch.device, progress: Progress) -> dict[str, float]:
        """Scores on the validation records; ``score`` is minus the mean of the four losses."""
        return validation_scores(*self._answers(model, device, range(len(self._validation)), progress))

    def examples(self, model: nn.Module, device: torch.device) -> Examples | None:
        chosen = spread(len(self._validation), MOST_VALUES)
        if not chosen:
            return None
        answers, batch = self._answers(model, device, chosen, Progress())
        direction = np.degrees(np.arctan2(*answers.back_azimuth.numpy().T[::-1])) % 360
        said = {
            "magnitude": ("Magnitude", answers.magnitude[:, 0].numpy(), 0.0),
            "distance": ("Distance (km)", 10 ** answers.distance[:, 0].numpy(), 0.0),
            "back_azimuth": ("Back-azimuth (degrees)", direction, 360.0),
            "polarity": ("Upward (probability)", answers.polarity.sigmoid().numpy(), 0.0),
        }
        known = [np.where(batch[f"{name}_known"] > 0, batch[name], np.nan) for name in said]
        names, values, periods = zip(*said.values(), strict=True)
        return Values(np.array(names), np.array(known), np.array(values), np.array(periods))

    def _answers(
        self, model: nn.Module, device: torch.device, chosen: Sequence[int], progress: Progress
    ) -> tuple[Answers, Batch]:
        """What the model says of some validation records, and what is known of them."""
        items, answers = [], []
        for done, number in enumerate(chosen, 1):
            record = self._validation[number]
            item = _item(cut_at_p(record, LENGTH, BEFORE_P), inputs_of(record))
            items.append(item)
            answers.append(model(*(torch.as_tensor(item[name])[None].to(device) for name in Inputs.__annotations__)))
            progress.advance(done, len(chosen), "validating")
        batch = {name: torch.as_tensor(np.array([item[name] for item in items])) for name in items[0]}
        return Answers(*(torch.cat(each).float().cpu() for each in zip(*answers, strict=True))), batch

    def save(self, model: nn.Module, folder: Path, card: dict[str, Any]) -> None:
        trained_on = {"trained_on": describe_data(self.data)}
        save_characteriser(folder, cast(Characteriser, model), card | trained_on)


def likelihoods(answers: Answers, batch: Batch) -> dict[str, Tensor]:
    """The negative log-likelihood (B,) of each value.

    Laplace for the magnitude and the log of the distance, von Mises with outliers for the direction, Bernoulli.
    """
    angle = torch.deg2rad(batch["back_azimuth"])
    concentration = answers.back_azimuth.norm(dim=1)
    along = (answers.back_azimuth * torch.stack([angle.cos(), angle.sin()], dim=1)).sum(dim=1)
    von_mises = along - concentration - torch.log(2 * pi * torch.special.i0e(concentration))
    inside, outside = log(1 - OUTLIERS) + von_mises, torch.full_like(von_mises, log(OUTLIERS / (2 * pi)))
    return {
        "magnitude": _laplace(answers.magnitude, batch["magnitude"]),
        "distance": _laplace(answers.distance, torch.log10(batch["distance"].clamp(min=0.5))),
        "back_azimuth": -torch.logaddexp(inside, outside),
        "polarity": F.binary_cross_entropy_with_logits(answers.polarity, batch["polarity"], reduction="none"),
    }


def _laplace(answer: Tensor, value: Tensor) -> Tensor:
    median, log_scale = answer.unbind(dim=1)
    return (value - median).abs() * torch.exp(-log_scale) + log_scale


def validation_scores(answers: Answers, batch: Batch) -> dict[str, float]:
    """Mean losses and errors of the records whose values are known; distances in km."""
    known = {name: batch[f"{name}_known"] > 0 for name in VALUES}
    losses = {
        name: float(each[known[name]].mean()) for name, each in likelihoods(answers, batch).items() if known[name].any()
    }
    direction = np.degrees(np.arctan2(*answers.back_azimuth.numpy().T[::-1]))
    off = {
        "magnitude_mae": (answers.magnitude[:, 0] - batch["magnitude"]).abs()[known["magnitude"]].mean(),
        "distance_mae": (10 ** answers.distance[:, 0] - batch["distance"]).abs()[known["distance"]].mean(),
        "back_azimuth_median": np.median(
            np.abs(wrapped(direction - batch["back_azimuth"].numpy()))[known["back_azimuth"].numpy()]
        ),
        "polarity_accuracy": ((answers.polarity > 0) == (batch["polarity"] > 0.5))[known["polarity"]].float().mean(),
    }
    return {
        "score": -float(np.mean(list(losses.values()))),
        **{name: float(value) for name, value in off.items()},
        **{f"loss_{name}": loss for name, loss in losses.items()},
    }


def inputs_of(record: LabelledRecord) -> Inputs:
    """What the network is given of a labelled record at ``RATE``, its picks those of the label."""
    window = cut_at_p(record, LENGTH, BEFORE_P)
    return network_inputs(window.data, window.valid, _s_minus_p(window.picks))


class _Stream(WindowStream):
    """Changed windows from 5 s before a P, with all that is known of them."""

    def window(self, rng: Generator, index: int) -> Window:
        return self.maker.window_at_p(rng, index, BEFORE_P, _is_known)

    def item(self, rng: Generator, index: int) -> dict[str, NDArray[Any]]:
        window = self.window(rng, index)
        s_minus_p = None if rng.random() < WITHOUT_S else _s_minus_p(window.picks)
        if s_minus_p is not None:
            s_minus_p = max(s_minus_p + rng.normal(0, S_ERROR) * min(1.0, s_minus_p), 0.1)
        return _item(window, network_inputs(window.data, window.valid, s_minus_p, round(rng.normal(0, P_ERROR) * RATE)))


def _item(window: Window, inputs: Inputs) -> dict[str, NDArray[Any]]:
    item: dict[str, NDArray[Any]] = dict(inputs.arrays())
    for name, value in _values(window).items():
        item[name] = np.asarray(value or 0.0, dtype=np.float32)
        item[f"{name}_known"] = np.asarray(value is not None, dtype=np.float32)
    return item


def _values(window: Window) -> dict[str, float | None]:
    """What is known of a window: magnitude, distance in km, back-azimuth in degrees, 1 for up and 0 for down.

    Magnitudes of synthetic records do not count: how far an earthquake stands above the noise of a made-up site says
    little of real ones (without them the mean error on the dev split fell from .48 to .43).
    """
    record = cast(LabelledRecord, window.record)
    motion = None if record.polarity is None else FIRST_MOTIONS.get(record.polarity)
    whole = bool(window.valid[:, P_SAMPLE].all())
    return {
        "magnitude": record.magnitude if record.event_id else None,
        "distance": None if record.epicentral_distance is None else record.epicentral_distance / 1000,
        "back_azimuth": window.back_azimuth if whole else None,
        "polarity": float(motion == window.flipped) if motion is not None and window.valid[0, P_SAMPLE] else None,
    }


def _is_known(record: LabelledRecord) -> bool:
    values = (record.magnitude, record.epicentral_distance, record.back_azimuth)
    return record.first("P") is not None and (any(value is not None for value in values) or record.polarity is not None)


def _s_minus_p(picks: tuple[Arrival, ...]) -> float | None:
    """Seconds from the P, which is where it belongs, to the first S; None without one."""
    first = min((pick.sample for pick in picks if pick.phase == "S" and pick.sample > P_SAMPLE), default=None)
    return None if first is None else (first - P_SAMPLE) / RATE
