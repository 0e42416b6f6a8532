"""A model as a file or a folder for other programs, written only if it says what the original says."""

import io
import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from quakeview import __version__
from quakeview.atomic import hidden_beside, make_folder, write_atomically, written_whole
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.model_folders import copy_model, read_readme
from quakeview.registry import SEISMICITY, ModelCard, read_card

if TYPE_CHECKING:
    from torch import Tensor
    from torch.jit import ScriptModule

    from quakeview.model_export.networks import Portable

FOLDER, ARCHIVE, TORCHSCRIPT, SEISBENCH = "folder", "zip", "torchscript", "seisbench"
FORMATS = {
    FOLDER: "a model folder, for QuakeView elsewhere",
    ARCHIVE: "the same as a zip file",
    TORCHSCRIPT: "TorchScript, for Python and C++ with PyTorch alone",
    SEISBENCH: "a picker that SeisBench loads; needs 'pip install quakeview[seisbench]'",
}
"""What a model can be exported as, in words."""
SUFFIXES = {ARCHIVE: ".zip", TORCHSCRIPT: ".torchscript"}
"""Of formats that are one file; the others are folders."""
LARGEST_DIFFERENCE = 1e-4
"""Between original and copy, as a part of the largest value that the original says."""
_TRACED, _TRIED = 1, 2
"""Seeds of the inputs that a copy is made with and tried with."""


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        path: the file or folder.
        difference: the largest between what original and copy say about the same input, as a part of the largest value.
    """

    path: Path
    difference: float

    @property
    def sentence(self) -> str:
        """What was done, and how it was checked."""
        alike = f"differ by {self.difference:.0e} of the largest value at most" if self.difference else "are identical"
        return f"{self.path} was written; its answers and those of the original to the same input {alike}."


def export_model(card: ModelCard, kind: str, path: Path, progress: Progress = Progress()) -> Exported:
    """Write a model for other programs, run both on the same input, and keep the copy only if they say the same.

    Args:
        kind: one of ``FORMATS``.
        path: of the file or the new folder.

    Raises:
        QuakeViewError: if the model or the path cannot be used, a package is missing, or the copy says something else.
        Cancelled: through ``progress``; nothing is written.
    """
    if kind not in FORMATS:
        raise QuakeViewError(f"There is no format {kind!r}; choose one of {', '.join(FORMATS)}.")
    suffix = SUFFIXES.get(kind, "")
    if suffix and path.suffix != suffix:
        path = path.with_name(f"{path.name}{suffix}")
    if path.is_dir() or (not suffix and path.exists()):
        raise QuakeViewError(f"{path} exists already; choose another name.")
    progress.advance(0, 4, f"Loading {card.name}")
    difference = _WRITERS[kind](card, path, progress)
    progress.advance(4, 4)
    return Exported(path, difference)


def description(card: ModelCard, facts: dict[str, Any]) -> dict[str, Any]:
    """Return what an exported model says about itself, for JSON."""
    return {
        "name": card.name,
        "system": card.system,
        "task": card.task,
        "trained_on": card.trained_on or "not stated",
        "scores": card.scored or "not scored",
        "licence": card.licence or "not stated",
        "exported_by": f"QuakeView {__version__}",
        **facts,
    }


def checked_difference(original: "tuple[Tensor, ...]", copy: "tuple[Tensor, ...]") -> float:
    """Return the largest difference of two answers, as a part of the largest value of the original.

    Raises:
        QuakeViewError: if nothing is a number, if they differ by more than ``LARGEST_DIFFERENCE``, or in shape, or in
            where they say nothing.
    """
    found = 0.0
    for ours, theirs in zip(original, copy, strict=True):
        if ours.shape != theirs.shape or not bool((ours.isfinite() == theirs.isfinite()).all()):
            raise QuakeViewError("The copy answers in another shape than the original, so it was not written.")
        there = ours.isfinite()
        if not there.any():
            raise QuakeViewError("The original answers no numbers to what it was tried with, so no copy was written.")
        scale = ours[there].abs().max().clamp(min=1e-12)
        found = max(found, float((ours - theirs)[there].abs().max() / scale))
    if found > LARGEST_DIFFERENCE:
        raise QuakeViewError(
            f"The copy differs from the original by {found:.1e} of the largest value, so it was not written."
        )
    return found


def _write_folder(card: ModelCard, path: Path, progress: Progress) -> float:
    """Copy the model folder; the copy is loaded from where it will be."""
    make_folder(path.parent)
    try:
        copy_model(card.folder, path, card.name, progress.part(0, 2, 4))
        return _difference_of_folder(card, path, progress)
    except BaseException:
        rmtree(path, ignore_errors=True)
        raise


def _write_archive(card: ModelCard, path: Path, progress: Progress) -> float:
    part = hidden_beside(path.with_suffix(""))
    try:
        copy_model(card.folder, part, card.name, progress.part(0, 2, 4))
        difference = _difference_of_folder(card, part, progress)
        progress.advance(3, 4, "Writing the archive")
        with written_whole(path) as file:
            with ZipFile(file, "w", ZIP_DEFLATED) as archive:
                for each in sorted(part.rglob("*")):
                    archive.write(each, Path(card.folder.name, each.relative_to(part)))
            with ZipFile(file) as archive:
                if archive.testzip() is not None:
                    raise BadZipFile
    except BadZipFile as error:
        raise QuakeViewError(f"{path} could not be read back; choose another place.") from error
    finally:
        rmtree(part, ignore_errors=True)
    return difference


def _difference_of_folder(card: ModelCard, folder: Path, progress: Progress) -> float:
    from quakeview.model_export.networks import portable, seismicity_answers

    progress.advance(2, 4, "Running original and copy")
    if card.task == SEISMICITY:
        return checked_difference(seismicity_answers(card.folder), seismicity_answers(folder))
    original, copy = portable(card), portable(read_card(folder))
    inputs = original.inputs(_TRIED)
    return checked_difference(original.original(*inputs), copy.original(*inputs))


def _write_torchscript(card: ModelCard, path: Path, progress: Progress) -> float:
    from quakeview.model_export.networks import portable

    network = portable(card)
    progress.advance(1, 4, "Tracing the network")
    content, copy = torchscript(network, {"config.json": _json(card, network), "README.md": read_readme(card.folder)})
    progress.advance(2, 4, "Running original and copy")
    difference = _difference(network, copy)
    write_atomically(path, content)
    return difference


def torchscript(network: "Portable", extra_files: dict[str, str]) -> "tuple[bytes, ScriptModule]":
    """Return a network as a file of TorchScript, with further files in it, and what is read from that.

    Raises:
        QuakeViewError: if it does what TorchScript cannot.
    """
    import torch

    buffer, files = io.BytesIO(), {name: text.encode() for name, text in extra_files.items()}
    with warnings.catch_warnings(), torch.inference_mode(False), torch.no_grad():
        warnings.simplefilter("ignore")  # shapes that are fixed in the copy, and that tracing is not the newest way
        try:
            traced = torch.jit.trace(network.module, network.inputs(_TRACED), check_trace=False)
            torch.jit.save(traced, buffer, _extra_files=files)
            copy = torch.jit.load(io.BytesIO(buffer.getvalue()))
        except RuntimeError as error:
            raise QuakeViewError("TorchScript cannot hold this network; export it in another format.") from error
    return buffer.getvalue(), copy


def _write_seisbench(card: ModelCard, path: Path, progress: Progress) -> float:
    from quakeview.model_export.seisbench_format import seisbench_copy, write_seisbench

    make_folder(path.parent)
    part = hidden_beside(path)
    try:
        network = write_seisbench(card, part, progress)
        progress.advance(2, 4, "Running original and copy")
        difference = _difference(network, seisbench_copy(card, part))
        part.rename(path)
    except OSError as error:
        raise QuakeViewError(
            f"{path} could not be written ({error.strerror or error}); choose another place."
        ) from error
    finally:
        rmtree(part, ignore_errors=True)
    return difference


def _difference(network: "Portable", copy: Callable[..., Any]) -> float:
    """Run both on inputs that the copy was not made with."""
    import torch

    inputs = network.inputs(_TRIED)
    with torch.no_grad():
        told = copy(*inputs)
    return checked_difference(network.original(*inputs), told if isinstance(told, tuple) else (told,))


def _json(card: ModelCard, network: "Portable") -> str:
    return json.dumps(description(card, network.facts), indent=2, default=str)


_WRITERS: dict[str, Callable[[ModelCard, Path, Progress], float]] = {
    FOLDER: _write_folder,
    ARCHIVE: _write_archive,
    TORCHSCRIPT: _write_torchscript,
    SEISBENCH: _write_seisbench,
}
