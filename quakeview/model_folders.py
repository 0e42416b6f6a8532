"""Model folders are read and written here, and nowhere else.

A model folder holds ``config.json`` (the network, the card, and sections such as a calibration),
``model.safetensors`` (the weights) and ``README.md`` (the card to read). PyTorch is imported when weights are.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quakeview.atomic import hidden_beside, make_folder, write_atomically
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress

if TYPE_CHECKING:
    from torch import Tensor, nn

CONFIG, WEIGHTS, README = "config.json", "model.safetensors", "README.md"
CHECKSUM = "checksum"
"""Section of ``config.json`` with the ``sha256`` of the weights as they were when the model was added or made."""
_LARGEST_HEADER = 100_000_000
"""Bytes, of a file of tensors, as its readers limit it."""


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
        QuakeViewError: if it is not there, or damaged: no file of tensors, or other weights than were sealed.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load

    path = folder / file
    try:
        content = path.read_bytes()
        tensors: dict[str, Tensor] = load(content)
    except OSError as error:
        raise QuakeViewError(f"{path} cannot be read; get the model again.") from error
    except SafetensorError as error:
        raise QuakeViewError(f"{path} is not a safetensors file, or it is damaged; get the model again.") from error
    if file == WEIGHTS and sealed_digest(folder) not in ("", hashlib.sha256(content).hexdigest()):
        raise damaged(path)
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


def weights_digest(folder: Path) -> str:
    """Return the SHA-256 of a model's weights.

    Raises:
        QuakeViewError: if they cannot be read.
    """
    path = folder / WEIGHTS
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise QuakeViewError(f"{path} cannot be read; get the model again.") from error


def seal(folder: Path) -> None:
    """Keep the checksum of the weights in ``config.json``, so that damage is noticed from then on.

    Raises:
        QuakeViewError: if the folder cannot be read or written.
    """
    write_section(folder, CHECKSUM, {"sha256": weights_digest(folder)})


def sealed_digest(folder: Path) -> str:
    """Return the checksum of the weights that ``config.json`` keeps; empty if it keeps none.

    Raises:
        QuakeViewError: as ``read_config``.
    """
    section = read_config(folder).get(CHECKSUM)
    return str(section.get("sha256", "")) if isinstance(section, dict) else ""


def copy_model(folder: Path, target: Path, name: str, progress: Progress = Progress()) -> None:
    """Copy a model folder to one that does not exist yet, under another name, with a checksum of its weights.

    Raises:
        QuakeViewError: if it cannot be copied, or its weights are damaged; then there is no ``target``.
        Cancelled: through ``progress``; the same.
    """
    check_whole(folder)
    part = hidden_beside(target)
    try:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        for number, path in enumerate(files):
            progress.advance(number, len(files), f"Copying {path.name}")
            copy = part / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        rename_card(part, name)
        seal(part)
        part.rename(target)
    except OSError as error:
        raise QuakeViewError(
            f"{folder} could not be copied to {target} ({error.strerror or error}); make room, or choose another place."
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    progress.advance(1, 1)


def rename_card(folder: Path, name: str, formerly: Sequence[str] = ()) -> None:
    """Give the model in a folder another name, in ``config.json`` and on its card, with those it had before.

    Raises:
        QuakeViewError: if the folder cannot be read or written.
    """
    card, readme = dict(read_config(folder)["card"]), read_readme(folder)
    if readme:
        write_atomically(folder / README, readme.replace(f"# {card['name']}\n", f"# {name}\n", 1).encode())
    write_section(folder, "card", card | {"name": name} | ({"formerly": list(formerly)} if formerly else {}))


def remove_model(folder: Path) -> None:
    """Delete a model folder; a link to one is deleted, and not what it leads to.

    Raises:
        QuakeViewError: if it cannot be deleted.
    """
    try:
        if folder.is_symlink():
            folder.unlink()
            return
        hidden = hidden_beside(folder)
        folder.rename(hidden)  # at once: half a model is never listed
        shutil.rmtree(hidden)
    except OSError as error:
        raise QuakeViewError(f"{folder} could not be deleted ({error.strerror or error}).") from error


def folder_size(folder: Path) -> int:
    """Return the bytes of all files of a model."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def check_whole(folder: Path) -> None:
    """Check that the weights are a whole file of tensors, and those that were sealed; no tensor is read.

    Raises:
        QuakeViewError: if not, or if they cannot be read.
    """
    path = folder / WEIGHTS
    try:
        with path.open("rb") as file:
            start = file.read(8)
            header = json.loads(file.read(min(int.from_bytes(start, "little"), _LARGEST_HEADER)))
        ends = [tensor["data_offsets"][1] for name, tensor in header.items() if name != "__metadata__"]
        whole = path.stat().st_size == len(start) + int.from_bytes(start, "little") + max(ends, default=0)
    except OSError as error:
        raise QuakeViewError(f"{path} cannot be read; get the model again.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise damaged(path) from error
    if not whole or sealed_digest(folder) not in ("", weights_digest(folder)):
        raise damaged(path)


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
        lines += [f"| `{name}` | {score_text(value)} |" for name, value in scores.items()]
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


def score_text(value: Any) -> str:
    """A number; or a score of a report with its interval and what it rests on, ``0.91 [0.84, 0.96], 97 labels``.

    Of a report there are ``value``, ``low``, ``high`` and ``of``, as far as they are known.
    """
    if not isinstance(value, Mapping):
        return f"{value:.4g}" if isinstance(value, float) else str(value)
    figure = f"{value['value']:.2f}" if "value" in value else "not known"
    interval = f" [{value['low']:.2f}, {value['high']:.2f}]" if "low" in value and "high" in value else ""
    return f"{figure}{interval}, {value['of']}" if "of" in value else figure + interval


def _with_section(readme: str, title: str, text: str) -> str:
    """Return a card with a section, in the place of the one of that title."""
    before, found, rest = readme.partition(title)
    after = "\n## " + rest.split("\n## ", 1)[1] if "\n## " in rest else ""
    return (before if found else before.rstrip("\n") + "\n\n" * bool(before)) + f"{title}\n\n{text.strip()}\n" + after


def _bytes(tensors: "Mapping[str, Tensor]") -> bytes:
    from safetensors.torch import save

    content: bytes = save({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()})
    return content
