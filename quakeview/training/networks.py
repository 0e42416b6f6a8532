"""The SeisMoLLM network that a run file's ``[model]`` table asks for."""

from dataclasses import dataclass, fields
from math import log
from pathlib import Path

from torch import nn

from quakeview.errors import QuakeViewError
from quakeview.monitoring.network_config import NO_PRETRAINING, SeisMoLLMConfig
from quakeview.monitoring.seismollm import SeisMoLLM
from quakeview.monitoring.seismollm_folder import load_model
from quakeview.registry import find_model, read_card
from quakeview.toml_files import read_table
from quakeview.training.config import RunConfig
from quakeview.training.record_config import DataConfig, describe_data

PRIOR = 0.01
"""Probability of P and of S at any sample before anything was learnt."""


@dataclass(frozen=True)
class Start:
    """Where the first weights come from; those from nowhere are random.

    Attributes:
        model: folder of a trained model, which gives all of them.
        gpt2: where those of the GPT-2 blocks are, a folder, ``cache`` or ``hub``; see
            ``monitoring.backbone.gpt2_blocks``.
    """

    model: Path | None = None
    gpt2: str | None = None


def read_network(config: RunConfig) -> tuple[SeisMoLLMConfig, Start]:
    """The network that ``[model]`` describes, and where its weights start from.

    Keys: ``preset`` (``small`` or ``paper``), any field of ``SeisMoLLMConfig``, and ``pretrained``; or ``init`` alone,
    a model folder or the name of a model at hand.

    Raises:
        QuakeViewError: if a key is unknown, a value has the wrong type, or there is no such model.
    """
    table = dict(config.model)
    init, preset = table.pop("init", None), table.pop("preset", "small")
    if init is not None:
        if table:
            raise QuakeViewError(f"[model] with init takes its sizes from there; remove {', '.join(table)}.")
        path = trained_model(str(init), config.base)
        network = load_model(path).config
        if network.task != config.task:
            raise QuakeViewError(f"{path} holds a {network.task} model, not one for {config.task}.")
        return network, Start(model=path)
    gpt2 = _gpt2_of(table.pop("pretrained", None), config.base)
    if preset not in ("small", "paper"):
        raise QuakeViewError(f"'preset' in [model] must be 'small' or 'paper', not {preset!r}.")
    base = getattr(SeisMoLLMConfig, preset)(config.task)
    defaults = {f.name: getattr(base, f.name) for f in fields(base) if f.name not in ("task", "backbone")}
    for key in table:
        if key not in defaults:
            raise QuakeViewError(
                f"{key!r} in [model] is unknown; it knows {', '.join(sorted(defaults))}, preset, pretrained, init."
            )
    given = read_table(SeisMoLLMConfig, table, "[model] of the run file", config.base)
    chosen = {key: getattr(given, key) if key in table else value for key, value in defaults.items()}
    return SeisMoLLMConfig(task=config.task, **chosen), Start(gpt2=gpt2)


def trained_model(named: str, base: Path) -> Path:
    """The folder of a model that a run file names: a folder, from ``base`` on, or a name in the list of models.

    Raises:
        QuakeViewError: if there is neither.
    """
    path = (base / named).resolve()
    return path if path.is_dir() else find_model(named).folder


def describe_training(data: DataConfig, start: Start) -> str:
    """What a model learnt from, in words, for its card; with what it began, if it was fine-tuned."""
    if start.model is None:
        return describe_data(data)
    began = read_card(start.model)
    before = f" ({began.trained_on})" if began.trained_on else ""
    return f"{describe_data(data)}; began with {began.name}{before}"


def build_network(network: SeisMoLLMConfig, start: Start) -> SeisMoLLM:
    """The network, with the weights that it starts from.

    A fresh picker begins by saying ``PRIOR`` everywhere instead of one half, so that no steps are spent on learning
    that onsets are rare (Lin et al. 2017, ICCV, section 4.1).
    """
    if start.model is not None:
        return load_model(start.model)
    model = SeisMoLLM(network, start.gpt2)
    if start.gpt2 is not None and model.config.backbone == NO_PRETRAINING:
        raise QuakeViewError(
            "The pre-trained GPT-2 is not in the Hugging Face cache; set pretrained in [model] to the folder that has "
            "it, or to 'hub' to download it, or remove it."
        )
    if network.task == "picking":
        nn.init.constant_(model.get_parameter("head.output.bias"), log(PRIOR / (1 - PRIOR)))
    return model


def _gpt2_of(where: object, base: Path) -> str | None:
    """Where GPT-2 is: ``cache``, ``hub``, or a folder from ``base`` on."""
    if where is None or where in ("cache", "hub"):
        return None if where is None else str(where)
    return str((base / str(where)).resolve())
