"""Magnitude, distance, back-azimuth and first motion from one station: the paper's losses, scored honestly.

Windows begin a fixed time before the first P, as an analyst's request would; a batch may hold records whose value
nobody knows, which do not count.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.monitoring.picks import Polarity
from quakeview.monitoring.preprocessing import normalise
from quakeview.monitoring.seismollm import SeisMoLLM
from quakeview.monitoring.seismollm_folder import save_model
from quakeview.toml_files import read_table
from quakeview.training.augmentations import Generator, Window
from quakeview.training.checks import cautions, check_both_motions
from quakeview.training.config import RunConfig
from quakeview.training.datasets import RecordSet
from quakeview.training.networks import build_network, describe_training, read_network
from quakeview.training.record_config import DataConfig
from quakeview.training.records import LabelledRecord
from quakeview.training.runs.examples import MOST_VALUES, Examples, Values, spread
from quakeview.training.scores import circular_scores, class_scores, regression_scores
from quakeview.training.sources import cut_at_p, open_records
from quakeview.training.tasks import Batch
from quakeview.training.together import share_of
from quakeview.training.windows import WindowStream, batches

BEFORE_P = 5.0
"""Seconds from the start of a window to its first P."""
FIRST_MOTIONS = {Polarity.UP: 0, Polarity.DOWN: 1}


class CharacterisationTask:
    """What the four tasks share; each says what it learns, from which value, and how it is scored.

    Attributes:
        quantity: what it learns, with its unit.
        period: after which the quantity begins anew; 0 if it does not.
    """

    selecting = "score"
    quantity: ClassVar[str]
    period: ClassVar[float] = 0.0

    def __init__(self, config: RunConfig, progress: Progress = Progress()) -> None:
        progress.advance(0, 1, "Opening the data")
        self.config = config
        self.network, self._start = read_network(config)
        self.data = read_table(DataConfig, config.data, "[data] of the run file", config.base)
        self._validation = self.known(open_records(self.data.validation, self.network.sampling_rate, validation=True))
        if not len(self._validation):
            raise QuakeViewError(
                f"No validation record has a P and a {config.task.replace('_', '-')}; choose another [data.validation]."
            )

    def known(self, records: RecordSet) -> RecordSet:
        """The records with a P and a value."""
        return records.select(lambda _, entry: entry.first("P") is not None and self.value(entry) is not None)

    @classmethod
    def value(cls, record: LabelledRecord) -> float | None:
        """What is known of the record; None if nothing is."""
        raise NotImplementedError

    @classmethod
    def value_of_window(cls, window: Window) -> float | None:
        """The same after the window was changed."""
        return None if window.record is None else cls.value(window.record)

    def errors(self, output: Tensor, values: Tensor) -> Tensor:
        """The loss of each example, (B,), from the network's output (B, k) and the values (B,)."""
        raise NotImplementedError

    def estimates(self, output: NDArray[np.float32]) -> NDArray[np.float64]:
        """Values (n,) from the network's output (n, k)."""
        raise NotImplementedError

    def scores(self, estimated: NDArray[np.float64], true: NDArray[np.float64]) -> dict[str, float]:
        """All scores, ``score`` (larger is better) among them."""
        raise NotImplementedError

    def build_model(self) -> nn.Module:
        return build_network(self.network, self._start)

    def batches(self, first_step: int, batch_size: int, rank: int, processes: int, workers: int) -> Iterator[Batch]:
        return batches(self._stream, first_step, batch_size, rank, processes, workers)

    def cautions(self) -> list[str]:
        return cautions(self.data, self._stream.maker, self._validation, phases=())

    def names(self, step: int, batch_size: int, rank: int, processes: int) -> list[str]:
        return self._stream.names(step, batch_size, rank, processes)

    @cached_property
    def _stream(self) -> "_ValueStream":
        return _ValueStream(type(self), self.data, self.network, self.config.seed)

    def loss(self, model: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        output = model(batch["waveforms"])
        with torch.autocast(output.device.type, enabled=False):
            errors = self.errors(output.float(), batch["value"])
        known = batch["known"]
        return (errors * known).sum() / share_of(known.sum()), {"known": known.mean()}

    def validate(self, model: nn.Module, device: torch.device, progress: Progress) -> dict[str, float]:
        """Scores on windows that begin ``BEFORE_P`` before the P of each validation record."""
        return self.scores(*self.estimated(model, self._validation, device, progress))

    def estimated(
        self, model: nn.Module, records: RecordSet, device: torch.device, progress: Progress
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What the network says of each record, and what is known, (n,) each."""
        outputs, true = [], []
        for number, record in enumerate(records):
            outputs.append(self._output(model, record, device))
            true.append(self.value(record))
            progress.advance(number + 1, len(records), "validating")
        return self.estimates(np.array(outputs)), np.array(true, dtype=np.float64)

    def examples(self, model: nn.Module, device: torch.device) -> Examples | None:
        records = [self._validation[number] for number in spread(len(self._validation), MOST_VALUES)]
        if not records:
            return None
        said = self.estimates(np.array([self._output(model, record, device) for record in records]))
        true = np.array([self.value(record) for record in records], dtype=np.float64)
        return Values(np.array([self.quantity]), true[None], said[None], np.array([self.period]))

    def _output(self, model: nn.Module, record: LabelledRecord, device: torch.device) -> NDArray[np.float32]:
        """What the network makes of the window that begins ``BEFORE_P`` before the P of a record, (k,)."""
        window = cut_at_p(record, self.network.window_samples, BEFORE_P)
        waveforms = torch.from_numpy(normalise(window.data, window.valid, self.network.sampling_rate))[None]
        output: NDArray[np.float32] = model(waveforms.to(device))[0].float().cpu().numpy()
        return output

    def save(self, model: nn.Module, folder: Path, card: dict[str, Any]) -> None:
        save_model(folder, cast(SeisMoLLM, model), card | {"trained_on": describe_training(self.data, self._start)})


class MagnitudeTask(CharacterisationTask):
    """Magnitude from 0 to 8, Huber loss."""

    quantity = "Magnitude"

    @classmethod
    def value(cls, record: LabelledRecord) -> float | None:
        return record.magnitude

    def errors(self, output: Tensor, values: Tensor) -> Tensor:
        return F.huber_loss(output[:, 0], values, reduction="none")

    def estimates(self, output: NDArray[np.float32]) -> NDArray[np.float64]:
        return output[:, 0].astype(np.float64)

    def scores(self, estimated: NDArray[np.float64], true: NDArray[np.float64]) -> dict[str, float]:
        scores = regression_scores(estimated, true)
        return {"score": -scores["mae"], **scores}


class DistanceTask(MagnitudeTask):
    """Epicentral distance from 0 to 500 km, Huber loss; values and residuals in kilometres, as the head gives them."""

    quantity = "Distance (km)"

    @classmethod
    def value(cls, record: LabelledRecord) -> float | None:
        return None if record.epicentral_distance is None else record.epicentral_distance / 1000


class BackAzimuthTask(CharacterisationTask):
    """Back-azimuth as (cosine, sine), mean squared error; residuals in degrees, wrapped."""

    quantity, period = "Back-azimuth (degrees)", 360.0

    @classmethod
    def value(cls, record: LabelledRecord) -> float | None:
        return record.back_azimuth

    @classmethod
    def value_of_window(cls, window: Window) -> float | None:
        return window.back_azimuth

    def errors(self, output: Tensor, values: Tensor) -> Tensor:
        angle = torch.deg2rad(values)
        return F.mse_loss(output, torch.stack([angle.cos(), angle.sin()], dim=1), reduction="none").mean(dim=1)

    def estimates(self, output: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.degrees(np.arctan2(output[:, 1], output[:, 0])) % 360

    def scores(self, estimated: NDArray[np.float64], true: NDArray[np.float64]) -> dict[str, float]:
        scores = circular_scores(estimated, true)
        return {"score": -scores["mae"], **scores}


class PolarityTask(CharacterisationTask):
    """First motion on the vertical, up (0) or down (1), cross-entropy; records without a clear one do not count."""

    quantity = "First motion (0 up, 1 down)"

    @classmethod
    def value(cls, record: LabelledRecord) -> float | None:
        return None if record.polarity is None else FIRST_MOTIONS.get(record.polarity)

    @classmethod
    def value_of_window(cls, window: Window) -> float | None:
        value = super().value_of_window(window)
        if value is None or not window.valid[0].any():
            return None
        return 1 - value if window.flipped else value

    def cautions(self) -> list[str]:
        training = [records for _, records in self._stream.maker.records]
        if all(source.kind != "synthetic" for source in self.data.sources):
            check_both_motions("training records", self._motions(training))
        check_both_motions("validation records", self._motions([self._validation]))
        return super().cautions()

    def _motions(self, sets: Sequence[RecordSet]) -> set[float]:
        values = {self.value(entry) for records in sets for entry in records.entries}
        return {value for value in values if value is not None}

    def errors(self, output: Tensor, values: Tensor) -> Tensor:
        return F.nll_loss(output.clamp(min=1e-7).log(), values.long(), reduction="none")

    def estimates(self, output: NDArray[np.float32]) -> NDArray[np.float64]:
        return output.argmax(axis=1).astype(np.float64)

    def scores(self, estimated: NDArray[np.float64], true: NDArray[np.float64]) -> dict[str, float]:
        scores = class_scores(estimated.astype(np.int64), true.astype(np.int64))
        return {"score": scores["f1"], **scores}


class _ValueStream(WindowStream):
    """Normalised windows from ``BEFORE_P`` before a P on, the value, and whether it is known."""

    def __init__(self, task: type[CharacterisationTask], data: DataConfig, network: SeisMoLLMConfig, seed: int) -> None:
        super().__init__(data, network.window_samples, network.sampling_rate, seed)
        self.task = task

    def window(self, rng: Generator, index: int) -> Window:
        return self.maker.window_at_p(rng, index, BEFORE_P, self._is_known)

    def item(self, rng: Generator, index: int) -> dict[str, NDArray[Any]]:
        window = self.window(rng, index)
        value = self.task.value_of_window(window)
        return {
            "waveforms": normalise(window.data, window.valid, self.sampling_rate),
            "value": np.asarray(value or 0.0, dtype=np.float32),
            "known": np.asarray(value is not None, dtype=np.float32),
        }

    def _is_known(self, record: LabelledRecord) -> bool:
        return self.task.value(record) is not None
