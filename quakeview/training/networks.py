"""The SeisMoLLM network that a run file's ``[model]`` table asks for."""

from dataclasses import fields
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.monitoring.checkpoints import load_model
from quakeview.monitoring.config import SeisMoLLMConfig
from quakeview.monitoring.seismollm import SeisMoLLM
from quakeview.training.config import RunConfig, read_table


def read_network(config: RunConfig) -> tuple[SeisMoLLMConfig, Path | None]:
    """The network that ``[model]`` describes, and the model folder its weights start from (None: random).

    Keys: ``preset`` (``small`` or ``paper``), any field of ``SeisMoLLMConfig``, or ``init`` alone, a model folder.

    Raises:
        QuakeViewError: if a key is unknown, or a value has the wrong type.
    """
    table = dict(config.model)
    init, preset = table.pop("init", None), table.pop("preset", "small")
    if init is not None:
        if table:
            raise QuakeViewError(f"[model] with init takes its sizes from there; remove {', '.join(table)}.")
        path = (config.base / str(init)).resolve()
        network = load_model(path).config
        if network.task != config.task:
            raise QuakeViewError(f"{path} holds a {network.task} model, not one for {config.task}.")
        return network, path
    if preset not in ("small", "paper"):
        raise QuakeViewError(f"'preset' in [model] must be 'small' or 'paper', not {preset!r}.")
    base = getattr(SeisMoLLMConfig, preset)(config.task)
    defaults = {f.name: getattr(base, f.name) for f in fields(base) if f.name not in ("task", "backbone")}
    for key in table:
        if key not in defaults:
            raise QuakeViewError(
                f"{key!r} in [model] is unknown; it knows {', '.join(sorted(defaults))}, preset, init."
            )
    given = read_table(SeisMoLLMConfig, table, "[model]", config.base)
    chosen = {key: getattr(given, key) if key in table else value for key, value in defaults.items()}
    return SeisMoLLMConfig(task=config.task, **chosen), None


def build_network(network: SeisMoLLMConfig, init: Path | None) -> SeisMoLLM:
    """The network, with the weights of a model folder if one is given."""
    return load_model(init) if init is not None else SeisMoLLM(network)
