"""The picking task: P and S probabilities from mixed sources, selected by picks on whole real records."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from quakeview.jobs import Progress
from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.monitoring.preprocessing import normalise
from quakeview.monitoring.seismollm import SeisMoLLM
from quakeview.monitoring.seismollm_folder import save_model
from quakeview.monitoring.stitching import Stitcher, Windowing, WindowPicker
from quakeview.toml_files import read_table
from quakeview.training.augmentations import Generator, Window
from quakeview.training.checks import cautions
from quakeview.training.config import RunConfig
from quakeview.training.datasets import RecordSet
from quakeview.training.labels import PHASES, phase_targets
from quakeview.training.networks import build_network, describe_training, read_network
from quakeview.training.record_config import DataConfig
from quakeview.training.records import LabelledRecord
from quakeview.training.runs.examples import MOST_RECORDS, Examples, spread, traces_of
from quakeview.training.scores import pick_scores, top_pick
from quakeview.training.sources import open_records
from quakeview.training.tasks import Batch
from quakeview.training.together import share_of
from quakeview.training.windows import WindowStream, batches

THRESHOLD = 0.3
SELECTING_TOLERANCES = (0.1, 0.3)


class PickingStream(WindowStream):
    """Normalised windows with their targets and the places where they count."""

    def __init__(self, data: DataConfig, network: SeisMoLLMConfig, seed: int) -> None:
        super().__init__(data, network.window_samples, network.sampling_rate, seed)

    def window(self, rng: Generator, index: int) -> Window:
        return self.maker.window(rng, index)

    def item(self, rng: Generator, index: int) -> dict[str, NDArray[Any]]:
        window = self.window(rng, index)
        return {
            "waveforms": normalise(window.data, window.valid, self.sampling_rate),
            "targets": phase_targets(window.picks, self.n, self.sampling_rate, self.data.sigma, self.data.labels),
            "counts": window.counts,
        }


class PickingTask:
    """SeisMoLLM as a picker."""

    selecting = "score"

    def __init__(self, config: RunConfig, progress: Progress = Progress()) -> None:
        progress.advance(0, 1, "Opening the data")
        self.config = config
        self.network, self._start = read_network(config)
        self.data = read_table(DataConfig, config.data, "[data] of the run file", config.base)
        self._validation: RecordSet = open_records(self.data.validation, self.network.sampling_rate, validation=True)

    def build_model(self) -> SeisMoLLM:
        return build_network(self.network, self._start)

    def batches(self, first_step: int, batch_size: int, rank: int, processes: int, workers: int) -> Iterator[Batch]:
        return batches(self._stream, first_step, batch_size, rank, processes, workers)

    def cautions(self) -> list[str]:
        return cautions(self.data, self._stream.maker, self._validation)

    def names(self, step: int, batch_size: int, rank: int, processes: int) -> list[str]:
        return self._stream.names(step, batch_size, rank, processes)

    @cached_property
    def _stream(self) -> PickingStream:
        return PickingStream(self.data, self.network, self.config.seed)

    def loss(self, model: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        p, s = picking_losses(model(batch["waveforms"]), batch["targets"], batch["counts"])
        return (p + s) / 3, {"loss_p": p, "loss_s": s}

    def validate(self, model: nn.Module, device: torch.device, progress: Progress) -> dict[str, float]:
        curves = TorchCurves(model, self.network.sampling_rate, self.network.window_samples, device)
        return validate_picker(curves, self._validation, progress)

    def examples(self, model: nn.Module, device: torch.device) -> Examples | None:
        curves = TorchCurves(model, self.network.sampling_rate, self.network.window_samples, device)
        records = [self._validation[number] for number in spread(len(self._validation), MOST_RECORDS)]
        if not records:
            return None
        return traces_of(
            [" ".join(filter(None, (record.station_id, record.event_id))) for record in records],
            [record.data for record in records],
            [probability_curves(curves, record) for record in records],
            [[record.first(phase) for phase in PHASES] for record in records],
            self.network.sampling_rate,
        )

    def save(self, model: nn.Module, folder: Path, card: dict[str, Any]) -> None:
        save_model(folder, cast(SeisMoLLM, model), card | {"trained_on": describe_training(self.data, self._start)})


def picking_losses(probabilities: Tensor, targets: Tensor, counts: Tensor) -> tuple[Tensor, Tensor]:
    """Binary cross-entropy of P and of S, each the mean over the samples that count.

    The paper's loss is (BCE_P + BCE_S) / 3: the mean over three channels of which the first, noise, has weight zero.

    Args:
        probabilities: (B, 3, L) noise, P, S.
        targets: (B, 2, L) P, S.
        counts: (B, 2, L), True where the loss counts.
    """
    with torch.autocast(probabilities.device.type, enabled=False):
        each = F.binary_cross_entropy(probabilities[:, 1:].float(), targets.float(), reduction="none")
    weights = counts.to(each.dtype)
    p, s = (each * weights).sum(dim=(0, 2)) / share_of(weights.sum(dim=(0, 2)))
    return p, s


@dataclass
class TorchCurves:
    """A network being trained, as the stitcher wants it."""

    model: nn.Module
    sampling_rate: float
    window_samples: int
    device: torch.device
    batch_size: int = 8
    windowing: Windowing = field(default_factory=Windowing)

    def probabilities(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """(b, 3, n) normalised windows to (b, 2, n) P and S."""
        with torch.inference_mode():
            return self.model(torch.from_numpy(windows).to(self.device))[:, 1:].float().cpu().numpy()


def probability_curves(curves: WindowPicker, record: LabelledRecord) -> NDArray[np.float32]:
    """P and S probability (2, n) of a whole record, from half-overlapping windows as in use."""
    stitcher = Stitcher(curves)
    valid = np.broadcast_to(np.ptp(record.data, axis=1, keepdims=True) > 0, record.data.shape)
    return np.concatenate([*stitcher.add(record.data, valid), stitcher.finish()], axis=1)


def validate_picker(curves: WindowPicker, records: RecordSet, progress: Progress) -> dict[str, float]:
    """Scores of one pick per phase and trace at ``THRESHOLD``, names ``p_f1@0.1`` and so on.

    ``score`` is the mean of the F1 at 0.1 and 0.3 s of P and S.
    """
    picked: dict[str, list[float | None]] = {phase: [] for phase in PHASES}
    true: dict[str, list[float | None]] = {phase: [] for phase in PHASES}
    for number, record in enumerate(records):
        for phase, curve in zip(PHASES, probability_curves(curves, record), strict=True):
            at, label = top_pick(curve, THRESHOLD), record.first(phase)
            picked[phase].append(None if at is None else at / record.sampling_rate)
            true[phase].append(None if label is None else label / record.sampling_rate)
        progress.advance(number + 1, len(records), "validating")
    scores = {
        f"{phase.lower()}_{name}": value
        for phase in PHASES
        for name, value in pick_scores(picked[phase], true[phase]).items()
    }
    chosen = [scores[f"{phase.lower()}_f1@{t}"] for phase in PHASES for t in SELECTING_TOLERANCES]
    return {"score": float(np.mean(chosen)), **scores}
