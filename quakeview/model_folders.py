"""Model folders are read and written here, and nowhere else.

A model folder holds ``config.json`` (the network, the card, and sections such as a calibration),
``model.safetensors`` (the weights) and ``README.md`` (the card to read). PyTorch is imported when weights are.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quakeview.atomic import make_folder, write_atomically
from quakeview.errors import QuakeViewError

if TYPE_CHECKING:
    from torch import Tensor, nn

CONFIG, WEIGHTS, README = "config.json", "model.safetensors", "README.md"


def write_model(
    folder: Path,
    sections: Mapping[str, Any],
    weights: "Mapping[str, Tensor]",
    more_tensors: "Mapping[str, Mapping[str, Tensor]] | None" = None,
) -> None:
    """Write a model folder; a model that is in it is replaced.

    Args:
        folder: made if it does not exist.
        sections: of ``config.json``: ``network``, whatever builds it again; ``card``, with ``name``, ``system``,
            ``task``, ``parameters`` and whatever else a user of the model should know; and others.
        weights: by name.
        more_tensors: further files of tensors, by file name.

    Raises:
        QuakeViewError: if the folder cannot be written.
    """
    config = json.dumps(sections, indent=2, default=str) + "\n"
    make_folder(folder)
    for file, tensors in {WEIGHTS: weights, **(more_tensors or {})}.items():
        write_atomically(folder / file, _bytes(tensors))
    write_atomically(folder / README, card_text(sections["card"]).encode())
    write_atomically(folder / CONFIG, config.encode())  # last: without it, a folder is no model


def read_config(folder: Path) -> dict[str, Any]:
    """Read all sections of a model's ``config.json``.

    Raises:
        QuakeViewError: if it is no model folder, or damaged.
    """
    path = folder / CONFIG
    try:
        config = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise QuakeViewError(
            f"{folder} is not a model folder: its {CONFIG} cannot be read; choose a folder with {CONFIG} and {WEIGHTS}."
        ) from error
    except ValueError as error:
        raise damaged(path) from error
    if not isinstance(config, dict):
        raise damaged(path)
    return config


def read_weights(folder: Path, file: str = WEIGHTS) -> "dict[str, Tensor]":
    """Read the tensors of a file in a model folder, by name.

    Raises:
        QuakeViewError: if it is not there, or damaged.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load

    path = folder / file
    try:
        tensors: dict[str, Tensor] = load(path.read_bytes())
    except OSError as error:
        raise QuakeViewError(f"{path} cannot be read; get the model again.") from error
    except SafetensorError as error:
        raise QuakeViewError(f"{path} is not a safetensors file, or it is damaged; get the model again.") from error
    return tensors


def fill(network: "nn.Module", weights: "Mapping[str, Tensor]", path: Path) -> None:
    """Put the weights that were read from ``path`` into a network, and set it to evaluation.

    Raises:
        QuakeViewError: if they do not fit, one and all.
    """
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        raise QuakeViewError(
            f"{path} does not fit {type(network).__name__}: tensors are missing, extra or of another shape; "
            "get the model again."
        ) from error
    network.eval()


def write_section(folder: Path, name: str, section: Mapping[str, Any], title: str = "", text: str = "") -> None:
    """Put a section into ``config.json``, and with a title into ``README.md`` too, each in place of one that is there.

    Raises:
        QuakeViewError: if the folder cannot be read or written.
    """
    config = json.dumps(read_config(folder) | {name: section}, indent=2, default=str) + "\n"
    write_atomically(folder / CONFIG, config.encode())
    if title:
        write_atomically(folder / README, _with_section(read_readme(folder), f"## {title}", text).encode())


def read_readme(folder: Path) -> str:
    """Read what a model says about itself, Markdown; empty if it says nothing.

    Raises:
        QuakeViewError: if the file cannot be read.
    """
    path = folder / README
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise QuakeViewError(f"{path} cannot be read; get the model again.") from error


def card_text(card: Mapping[str, Any]) -> str:
    """Return a model card in Markdown: a summary, the scores, the command and its run files."""
    told = {"name", "system", "task", "parameters", "trained_on", "scores", "command", "run", "runs", "unusable"}
    lines = [
        f"# {card['name']}",
        "",
        f"{card['system']} for {str(card['task']).replace('_', ' ')}, {card['parameters']:,} parameters.",
        *(["", str(card["unusable"])] if card.get("unusable") else []),
        "",
        f"- Trained on: {card.get('trained_on') or 'not stated'}",
    ]
    lines += [f"- {key.replace('_', ' ').capitalize()}: {value}" for key, value in card.items() if key not in told]
    if scores := card.get("scores"):
        lines += ["", "## Scores", "", "| score | value |", "|---|---|"]
        lines += [f"| `{name}` | {_shown(value)} |" for name, value in scores.items()]
    return "\n".join([*lines, *_recipe(card)]) + "\n"


def damaged(path: Path) -> QuakeViewError:
    """Return the error that a file of a model folder is damaged."""
    return QuakeViewError(f"{path} is damaged; get the model again.")


def _recipe(card: Mapping[str, Any]) -> list[str]:
    """Lines that say how a model was made."""
    lines = ["", "## Made with", "", "```", str(card["command"]), "```"] if card.get("command") else []
    runs: Sequence[Any] = card.get("runs") or [card.get("run")]
    for run in filter(None, runs):
        lines += ["", "`run.toml`:", "", "```toml", str(run).strip(), "```"]
    return lines


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _with_section(readme: str, title: str, text: str) -> str:
    """Return a card with a section, in the place of the one of that title."""
    before, found, rest = readme.partition(title)
    after = "\n## " + rest.split("\n## ", 1)[1] if "\n## " in rest else ""
    return (before if found else before.rstrip("\n") + "\n\n" * bool(before)) + f"{title}\n\n{text.strip()}\n" + after


def _bytes(tensors: "Mapping[str, Tensor]") -> bytes:
    from safetensors.torch import save

    content: bytes = save({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()})
    return content
