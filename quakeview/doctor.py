"""``quakeview doctor``: what this installation lacks."""

import importlib
import os
import platform
import sys
from collections.abc import Iterator
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import NamedTuple

from quakeview import __version__
from quakeview.desktop import has_display, installation_advice, missing_libraries, why_no_window
from quakeview.paths import shipped_models_dir, user_models_dir, user_state_dir


class Verdict(StrEnum):
    """A note is worth knowing; something missing stops a part of QuakeView from working."""

    OK = "ok"
    NOTE = "note"
    MISSING = "MISSING"


class Finding(NamedTuple):
    verdict: Verdict
    text: str


def main() -> int:
    """Print the findings as they come; the exit code is 1 if something necessary is missing."""
    print(f"QuakeView {__version__} on {platform.platform()}")
    healthy = True
    for finding in findings():
        print(f"{finding.verdict:<8} {finding.text}", flush=True)
        healthy = healthy and finding.verdict is not Verdict.MISSING
    print("Everything necessary is there." if healthy else "Something necessary is missing, see above.")
    return 0 if healthy else 1


def findings() -> Iterator[Finding]:
    """All that is checked, in the order in which one thing needs another."""
    yield _python()
    yield from _dependencies()
    yield _qt()
    yield _window()
    yield _device()
    yield from _models()
    yield _pretrained_backbone()
    yield from (_writable(folder) for folder in (user_state_dir(), user_models_dir()))


def _python() -> Finding:
    verdict = Verdict.OK if sys.version_info >= (3, 11) else Verdict.MISSING
    return Finding(verdict, f"Python {platform.python_version()} (3.11 or newer is needed)")


def _dependencies() -> Iterator[Finding]:
    try:
        from packaging.requirements import Requirement

        needed = [Requirement(text) for text in requires("quakeview") or ()]
    except (ImportError, PackageNotFoundError):
        yield Finding(Verdict.MISSING, "QuakeView is not installed; run 'pip install .' where pyproject.toml is")
        return
    for requirement in needed:
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        wanted = f"{requirement.name}{requirement.specifier}"
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            yield Finding(Verdict.MISSING, f"{requirement.name}: run 'pip install \"{wanted}\"'")
            continue
        if requirement.specifier.contains(found, prereleases=True):
            yield Finding(Verdict.OK, f"{requirement.name} {found}")
        else:
            yield Finding(Verdict.MISSING, f"{requirement.name} {found} does not fit: run 'pip install \"{wanted}\"'")


def _qt() -> Finding:
    """Qt's own version: a newer or older full PySide6 beside PySide6-Essentials replaces its files."""
    try:
        found = importlib.import_module("PySide6").__version__
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as error:
        return Finding(Verdict.MISSING, f"Qt cannot be loaded ({error})")
    if found in ("6.9.1", "6.9.2"):
        return Finding(
            Verdict.MISSING, f"Qt for Python {found} breaks pyqtgraph: run 'pip install -U PySide6-Essentials'"
        )
    if found == "6.12.0" and sys.version_info < (3, 12):
        return Finding(Verdict.MISSING, f"Qt for Python {found} aborts on Python older than 3.12: update either")
    return Finding(Verdict.OK, f"Qt for Python {found}")


def _window() -> Finding:
    if not has_display():
        lacking = f" (a window would need {installation_advice(missing)})" if (missing := missing_libraries()) else ""
        return Finding(Verdict.NOTE, f"no display; commands such as 'quakeview pick' need none{lacking}")
    problem = why_no_window()
    return Finding(Verdict.MISSING, problem) if problem else Finding(Verdict.OK, "a window can open")


def _device() -> Finding:
    try:
        from quakeview.devices import pick_device

        return Finding(Verdict.OK, f"models run on: {pick_device('auto').type}")
    except (ImportError, OSError) as error:
        return Finding(Verdict.MISSING, f"PyTorch cannot be loaded ({error})")


def _models() -> Iterator[Finding]:
    from quakeview.registry import available_models, unusable_models

    yield from (Finding(Verdict.NOTE, problem.sentence) for problem in unusable_models())
    names = [card.name for card in available_models()]
    if names:
        yield Finding(Verdict.OK, f"models: {', '.join(names)}")
    else:
        yield Finding(Verdict.MISSING, f"no models in {shipped_models_dir()} or {user_models_dir()}")


def _pretrained_backbone() -> Finding:
    """Only training from scratch needs it: trained models carry their backbone."""
    try:
        from huggingface_hub import try_to_load_from_cache
    except ImportError:
        return Finding(Verdict.NOTE, "huggingface_hub cannot be loaded, so pre-trained GPT-2 cannot be looked for")
    cached = try_to_load_from_cache("openai-community/gpt2", "model.safetensors")
    if isinstance(cached, str):
        return Finding(Verdict.OK, f"pre-trained GPT-2: {Path(cached).parent}")
    return Finding(
        Verdict.NOTE, "no pre-trained GPT-2 in the cache: a training downloads it, or its model is labelled as without"
    )


def _writable(folder: Path) -> Finding:
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if os.access(existing, os.W_OK) and existing.is_dir():
        return Finding(Verdict.OK, f"can write in {folder}")
    return Finding(Verdict.MISSING, f"cannot write in {folder}: check the permissions of {existing}")
