"""Model folders: ``config.json`` (network and card), ``model.safetensors``, ``README.md`` (the card to read)."""

import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from quakeview.atomic import make_folder, write_atomically
from quakeview.errors import QuakeViewError
from quakeview.monitoring.config import SeisMoLLMConfig
from quakeview.monitoring.official import fill, read_official
from quakeview.monitoring.seismollm import SeisMoLLM

CONFIG, WEIGHTS, README = "config.json", "model.safetensors", "README.md"
SYSTEM = "SeisMoLLM"


def save_model(folder: Path, model: SeisMoLLM, card: dict[str, Any]) -> None:
    """Write ``model`` as a model folder.

    Args:
        folder: made if it does not exist; a model in it is replaced.
        card: ``name``, ``trained_on``, ``scores``, ``command`` and whatever else a user of the model should know;
            system, task, backbone and number of parameters are added.

    Raises:
        QuakeViewError: if the folder cannot be written.
    """
    card = card | {
        "system": SYSTEM,
        "task": model.config.task,
        "backbone": model.config.backbone,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
    }
    make_folder(folder)
    config = json.dumps({"network": model.config.to_dict(), "card": card}, indent=2, default=str)
    write_atomically(folder / WEIGHTS, save({name: w.contiguous() for name, w in model.state_dict().items()}))
    write_atomically(folder / README, model_card_text(card, model.config).encode())
    write_atomically(folder / CONFIG, config.encode())


def load_model(path: Path | str, device: str = "cpu") -> SeisMoLLM:
    """The network of a model folder or of an official checkpoint (``.pth``), in evaluation mode on ``device``.

    Raises:
        QuakeViewError: if it is neither, or damaged.
    """
    path = Path(path)
    if not path.exists():
        raise QuakeViewError(f"There is no model {path}; check the name.")
    return (_read_folder(path) if path.is_dir() else read_official(path)).to(device)


def model_card_text(card: dict[str, Any], config: SeisMoLLMConfig) -> str:
    """The model card in Markdown: a summary, the scores, the command and its run file."""
    lines = [
        f"# {card.get('name', SYSTEM)}",
        "",
        f"{card['system']} for {card['task'].replace('_', ' ')}, {card['parameters']:,} parameters.",
        "",
        f"- Backbone: {card['backbone']}",
        f"- Input: 3 components (Z, N, E) at {config.sampling_rate:g} Hz, windows of {config.window_samples} samples",
        f"- Trained on: {card.get('trained_on') or 'not stated'}",
    ]
    told = {"name", "system", "task", "parameters", "backbone", "trained_on", "scores", "command", "run"}
    lines += [f"- {key.replace('_', ' ').capitalize()}: {value}" for key, value in card.items() if key not in told]
    if scores := card.get("scores"):
        lines += ["", "## Scores", "", "| score | value |", "|---|---|"]
        lines += [f"| `{name}` | {_shown(value)} |" for name, value in scores.items()]
    if command := card.get("command"):
        lines += ["", "## Made with", "", "```", str(command), "```"]
    if run := card.get("run"):
        lines += ["", "`run.toml`:", "", "```toml", str(run).strip(), "```"]
    return "\n".join(lines) + "\n"


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _read_folder(folder: Path) -> SeisMoLLM:
    config = _read_config(folder / CONFIG)
    return fill(SeisMoLLM(config), _read_weights(folder / WEIGHTS), folder / WEIGHTS, config.backbone)


def _read_config(path: Path) -> SeisMoLLMConfig:
    try:
        network = json.loads(path.read_text("utf-8"))["network"]
    except OSError as error:
        raise QuakeViewError(f"{path.parent} is not a model folder: {path.name} cannot be read.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise QuakeViewError(f"{path} does not describe a SeisMoLLM network; get the model again.") from error
    if not isinstance(network, dict):
        raise QuakeViewError(f"{path} does not describe a SeisMoLLM network; get the model again.")
    return SeisMoLLMConfig.from_dict(network)


def _read_weights(path: Path) -> dict[str, Tensor]:
    try:
        return load(path.read_bytes())
    except OSError as error:
        raise QuakeViewError(f"{path} cannot be read; get the model again.") from error
    except SafetensorError as error:
        raise QuakeViewError(f"{path} is not a safetensors file, or it is damaged; get the model again.") from error
