"""A batch that cannot be learnt from: which of its examples are to blame; it is kept to be looked at."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError
from quakeview.texts import counted
from quakeview.training.tasks import Batch, Task

MOST_NAMED = 3
"""Examples that a sentence names."""


def wrong_examples(task: Task, model: nn.Module, batch: Batch) -> list[int]:
    """The examples whose own loss, or its gradient, is not a finite number: that of a batch of nothing else.

    Args:
        model: as it was before the batch; its weights stay as they are.
    """
    learning = [parameter for parameter in model.parameters() if parameter.requires_grad]
    wrong = []
    for number in range(len(next(iter(batch.values())))):
        with torch.enable_grad():
            loss, _ = task.loss(model, {name: value[number].expand_as(value) for name, value in batch.items()})
            gradients = torch.autograd.grad(loss, learning, allow_unused=True)
        if not all(bool(torch.isfinite(value).all()) for value in (loss, *gradients) if value is not None):
            wrong.append(number)
    return wrong


def save_batch(path: Path, batch: Batch, names: list[str]) -> str:
    """Write the arrays of a batch and the name of each example (``names``) as ``.npz``; say where it is, or why not."""
    file = io.BytesIO()
    arrays: dict[str, Any] = {name: value.cpu().numpy() for name, value in batch.items()}
    np.savez_compressed(file, names=np.array(names), **arrays)
    try:
        write_atomically(path, file.getvalue())
    except QuakeViewError as error:
        return f"Its batch could not be kept: {error}"
    return f"Its batch is in {path}."


def told(what: str, wrong: list[str], examples: int, kept: str) -> QuakeViewError:
    """What happened, why, and what to do, in words.

    Args:
        what: is wrong, such as "The loss of step 3 is not a number".
        wrong: names of the examples that are wrong by themselves, of ``examples`` in the batch.
        kept: where the batch is.
    """
    if wrong and len(wrong) < examples:
        names = list(dict.fromkeys(wrong))
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        named = ", ".join(names[:MOST_NAMED]) + more
        return QuakeViewError(
            f"{what}, because of {counted(len(wrong), 'example')} ({named}). {kept} "
            "Mend or remove what is named there, and resume the run."
        )
    why = "every example of the batch is wrong" if wrong else "the weights have run away, no example is wrong by itself"
    also = " Look at what is learnt there, or lower" if wrong else " Lower"
    return QuakeViewError(f"{what}: {why}. {kept}{also} learning_rate, and resume the run.")
