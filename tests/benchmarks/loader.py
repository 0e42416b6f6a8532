"""How long training waits for its data, at the sizes of the run files that ship.

The engine itself trains, and says in its log which part of the time it waited. The picker learns from synthetic
records and the records that ship with QuakeView, the forecaster from noise in place of earthquakes: what windows are
made of does not matter for how long it takes. On a GPU the rest is the share of the time that it computes.
"""

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import torch
from torch import nn

from quakeview.jobs import Progress
from quakeview.training.config import RunConfig, TrainingConfig
from quakeview.training.engine import train
from quakeview.training.forecaster_config import DataConfig, ModelConfig, PoolConfig, WindowConfig
from quakeview.training.forecasting import ForecastingTask
from quakeview.training.picking import PickingTask
from quakeview.training.tasks import Task
from quakeview.training.wavefields import Pool

ROOT = Path(__file__).parents[2]
RECORDS = ROOT / "resources" / "records" / "geothermal-field"
FRAME, FRAMES, EARTHQUAKES = (120, 80), 240, 8
MOST = 0.10
"""Share of the time that training may wait."""


class Picking(PickingTask):
    """The picker of ``models/SeisMoLLM-S`` without its validation."""

    def validate(self, model: nn.Module, device: torch.device, progress: Progress) -> dict[str, float]:
        return {"score": 0.0}


class Forecasting(ForecastingTask):
    """The forecaster of ``models/WaveCastNet-Hayward`` on noise, without its validation."""

    def __init__(self, config: RunConfig) -> None:
        random = np.random.default_rng(0)
        frames = random.standard_normal((EARTHQUAKES, FRAMES, 3, *FRAME), dtype=np.float32).astype(np.float16)
        header = cast(Any, SimpleNamespace(frame_shape=(3, *FRAME)))
        typical = np.ones((3, *FRAME), np.float32)
        self.config, self._validation = config, []
        self.model = ModelConfig(cell="ConvLSTM")
        self.data = DataConfig(ROOT, ROOT, PoolConfig(Path("noise")), WindowConfig(steps=6, early=0.4, dense=0.6))
        scales, places = np.ones(EARTHQUAKES, np.float32), np.zeros(EARTHQUAKES, np.int64)
        self.pool = Pool(header, frames, scales, places, fault=cast(Any, None), typical=typical)

    def validate(self, model: nn.Module, device: torch.device, progress: Progress) -> dict[str, float]:
        return {"skill": 0.0}

    def save(self, model: nn.Module, folder: Path, card: dict[str, Any]) -> None:
        """There is nothing to keep."""


def run(quick: bool) -> dict[str, dict[str, float]]:
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU, one thread"
    every = 4 if quick else 20
    print(f"| on {device} | workers | ms a step | waiting for data | computing |\n| --- | ---: | ---: | ---: | ---: |")
    figures = {}
    for name in ("picking", "forecasting"):
        for workers in (0, 1):
            seconds, waiting = _measured(name, workers, every)
            figures[f"{name}, {workers}"] = {"ms": round(1000 * seconds, 1), "waiting": round(waiting, 3)}
            over = "" if waiting < MOST else f" (over {MOST:.0%})"
            print(
                f"| {name} | {workers} | {1000 * seconds:.0f} | {waiting:.1%}{over} | {1 - waiting:.1%} |", flush=True
            )
    return figures


def _measured(name: str, workers: int, every: int) -> tuple[float, float]:
    """Seconds of a step, and the part of them that is waited; the first ``every`` steps warm up."""
    training = TrainingConfig(
        max_steps=2 * every, log_every=every, validate_every=10 * every, workers=workers, precision="bf16", threads=1
    )
    with tempfile.TemporaryDirectory() as folder:
        config = RunConfig(name, name, Path(folder), training)
        task: Task
        if name == "picking":
            config = replace(config, training=replace(training, batch_size=16), data=_records())
            task = Picking(config)
        else:
            config = replace(config, training=replace(training, batch_size=4))
            task = Forecasting(config)
        train(config, task=task)
        lines = [json.loads(line) for line in (Path(folder) / "metrics.jsonl").read_text().splitlines()]
    last = [line for line in lines if line["event"] == "train"][-1]
    return config.training.batch_size / last["examples_per_second"], last["data_wait"]


def _records() -> dict[str, Any]:
    """As ``5-anneal.toml`` has it: a third synthetic, the others recorded; the pool is small, to be full at once."""
    recorded = {"kind": "seisbench", "path": str(RECORDS)}
    return {
        "sources": [
            {"kind": "synthetic", "weight": 0.32, "pool": 40, "reuse": 3},
            {**recorded, "split": "train", "weight": 0.68},
        ],
        "validation": {**recorded, "split": "dev"},
        "windows": {"noise_only": 0.15},
    }
