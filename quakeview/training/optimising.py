"""How weights are moved: the optimiser, the running mean of the weights, and the devices and processes that do it."""

import os
from datetime import timedelta
from typing import Any

import numpy as np
import torch
from torch import nn

from quakeview.training.config import TrainingConfig

NEVER = timedelta(days=365)
"""How long a process waits for the others, which may validate, or be paused."""


def make_accelerator(options: TrainingConfig) -> Any:
    """What knows the device, the precision and the other processes of a run."""
    from accelerate import Accelerator
    from accelerate.utils import DistributedDataParallelKwargs, InitProcessGroupKwargs

    launched = int(os.environ.get("WORLD_SIZE", "1"))
    return Accelerator(
        mixed_precision=options.precision,
        cpu=options.device == "cpu" or (launched > 1 and not torch.cuda.is_available()),
        kwargs_handlers=[
            DistributedDataParallelKwargs(find_unused_parameters=True),
            InitProcessGroupKwargs(timeout=NEVER),
        ],
    )


def make_optimiser(options: TrainingConfig, model: nn.Module) -> torch.optim.Optimizer:
    """AdamW, or Adam without weight decay as in the paper, over the parameters that learn.

    Weight decay spares biases and normalisation (parameters of one dimension).
    """
    learning = [p for p in model.parameters() if p.requires_grad]
    if options.optimiser == "adam":
        return torch.optim.Adam(learning, lr=options.learning_rate)
    groups = [
        {"params": [p for p in learning if p.ndim > 1], "weight_decay": options.weight_decay},
        {"params": [p for p in learning if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=options.learning_rate)


@torch.no_grad()
def update_average(average: nn.Module, model: nn.Module, decay: float) -> None:
    """Move the averaged weights (and normalisation statistics) towards the model's: a <- decay a + (1 - decay) m."""
    for mean, value in zip(average.state_dict().values(), model.state_dict().values(), strict=True):
        if mean.is_floating_point():
            mean.lerp_(value, 1 - decay)
        else:
            mean.copy_(value)


def step_seed(seed: int, step: int, process: int) -> int:
    """A seed for the dropout of one step of one process."""
    return int(np.random.SeedSequence([seed, step, process]).generate_state(1)[0])
