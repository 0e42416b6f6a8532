"""What a model begins as: the choices of a person, and the ``[model]`` table that says the same."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from quakeview.registry import FORECASTING, PICKING, ModelCard
from quakeview.training.planning.goals import Goal

LAYERS = (1, 2, 3, 6, 12)
"""Numbers of GPT-2 blocks that are offered; the paper compares 2, 3, 6 and 12."""
BLOCKS = {
    "gpt2": "GPT-2 blocks, as in the paper",
    "attention": "One layer of attention in their place",
    "none": "Nothing in their place",
}
"""What may be between embedder and head, by the value of ``blocks`` in ``[model]``: the paper's ablations."""
CELLS = ("ConvLEM", "ConvLSTM", "ConvGRU")
CACHED = "cache"
FEW = 0.1
"""Part of the events that a few-shot run learns from."""
_OURS = ("SeisMoLLM", "WaveCastNet")
"""Systems whose networks the engine trains; those of other programs can be used and not fine-tuned."""
_KEYS = {"init", "trunk", "pretrained", "preset", "n_layers", "blocks", "cell"}


class Way(StrEnum):
    """How a run may begin."""

    TUNE = "tune"
    TRUNK = "trunk"
    GPT2 = "gpt2"
    SCRATCH = "scratch"


@dataclass(frozen=True)
class ModelChoice:
    """What is chosen on the page of models.

    Attributes:
        way: how the run begins.
        model: name or folder of the trained model, of ``TUNE`` and ``TRUNK``.
        gpt2: folder with GPT-2, or ``CACHED``.
        paper: whether the network has the paper's sizes, or those for a laptop.
        layers: number of GPT-2 blocks.
        blocks: what is between embedder and head, a key of ``BLOCKS``.
        cell: of a forecaster.
        rest: other keys of the table, which a run file may have.
    """

    way: Way
    model: str = ""
    gpt2: str = ""
    paper: bool = False
    layers: int = 3
    blocks: str = "gpt2"
    cell: str = CELLS[0]
    rest: Mapping[str, Any] = field(default_factory=dict)

    def problem(self) -> str:
        """Return why one cannot begin so, in a sentence; empty if one can. Whether GPT-2 is there is not looked up."""
        if self.way in (Way.TUNE, Way.TRUNK) and not self.model:
            return "Choose the model to start from; if there is none, begin in another way."
        return ""

    def table(self, goal: Goal) -> dict[str, Any]:
        """Return the ``[model]`` table."""
        match self.way:
            case Way.TUNE:
                return {"init": self.model}
            case Way.TRUNK:
                return {"trunk": self.model, **self.rest}
            case Way.GPT2:
                return {"preset": "paper", "pretrained": self.gpt2, "n_layers": self.layers, **self.rest}
        if goal.is_seismicity:
            return dict(self.rest)
        if goal.is_wavefield:
            return {"cell": self.cell, **self.rest}
        between = {"n_layers": self.layers} if self.blocks == "gpt2" else {"blocks": self.blocks}
        return {"preset": "paper" if self.paper else "small", **between, **self.rest}


def ways(goal: Goal) -> tuple[Way, ...]:
    """Return how a run for a goal may begin; the first is suggested."""
    if goal.is_seismicity:
        return (Way.SCRATCH,)
    if goal.is_wavefield:
        return Way.TUNE, Way.SCRATCH
    return (Way.TRUNK, Way.TUNE) if goal.trunk else (Way.TUNE, Way.GPT2, Way.SCRATCH)


def start_task(goal: Goal, way: Way) -> str:
    """Return the task of the models that can be started from."""
    return PICKING if way is Way.TRUNK else FORECASTING if goal.is_wavefield else goal.task


def can_start_from(card: ModelCard, goal: Goal, way: Way) -> bool:
    """Whether a run for a goal may begin with an installed model."""
    return card.task == start_task(goal, way) and card.system in _OURS


def choice_of(goal: Goal, table: Mapping[str, Any]) -> ModelChoice:
    """Return the choice that a table stands for; without a table, the suggested way with no model chosen yet."""
    rest = {key: value for key, value in table.items() if key not in _KEYS}
    layers, cell = int(table.get("n_layers", 3)), str(table.get("cell", CELLS[0]))
    blocks, paper = str(table.get("blocks", "gpt2")), table.get("preset") == "paper"
    common: dict[str, Any] = {"layers": layers, "blocks": blocks, "cell": cell, "rest": rest, "paper": paper}
    if "init" in table:
        return ModelChoice(Way.TUNE, model=str(table["init"]), **common)
    if "trunk" in table:
        return ModelChoice(Way.TRUNK, model=str(table["trunk"]), **common)
    if "pretrained" in table:
        return ModelChoice(Way.GPT2, gpt2=str(table["pretrained"]), **common)
    return ModelChoice(Way.SCRATCH if table else ways(goal)[0], **common)


def gpt2_problem(where: str) -> str:
    """Return why pre-trained blocks cannot be taken from there, in a sentence; empty if they seem to be there."""
    if where == CACHED:
        if cached_gpt2() is not None:
            return ""
        return (
            "GPT-2 is not in the cache of Hugging Face on this computer; choose a folder with its config.json and "
            "model.safetensors, or begin from scratch without pre-training."
        )
    if not where:
        return "Choose the folder with GPT-2 (config.json and model.safetensors)."
    folder = Path(where)
    try:
        kind = json.loads((folder / "config.json").read_text("utf-8")).get("model_type")
    except (OSError, ValueError, AttributeError):
        kind = None
    if kind != "gpt2" or not (folder / "model.safetensors").is_file():
        return f"{folder} holds no GPT-2; choose a folder with its config.json and model.safetensors."
    return ""


def cached_gpt2() -> Path | None:
    """Return the folder of GPT-2 small in the cache of Hugging Face; None if it is not there."""
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache("openai-community/gpt2", "model.safetensors")
    return Path(found).parent if isinstance(found, str) else None
