"""Keys as a file that people read, keep and give to each other."""

import json
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

from PySide6.QtGui import QKeySequence

from quakeview.app.keys.scheme import PRESETS, KeyScheme, clash
from quakeview.app.shell.action_spec import ActionSpec
from quakeview.errors import QuakeViewError
from quakeview.toml_files import read_toml

_HEAD = """\
# Keys of QuakeView. Those of every action that is not named here are the ones of the preset.
# An action may have several keys, or none: []."""


def key_file_text(scheme: KeyScheme) -> str:
    """The text of a file with these keys, TOML."""
    lines = [f"{json.dumps(name)} = {json.dumps(list(keys))}" for name, keys in sorted(scheme.own.items())]
    return "\n".join([_HEAD, "", f"preset = {json.dumps(scheme.preset)}", "", "[keys]", *lines, ""])


def read_keys(path: Path, specs: Iterable[ActionSpec]) -> KeyScheme:
    """Read such a file. Actions that are not among ``specs``, perhaps of a newer version, are kept.

    Raises:
        QuakeViewError: if it cannot be read or is something else, if there is no such preset or key, or if two
            actions have one key.
    """
    tables, _ = read_toml(path)
    preset, own = tables.get("preset"), tables.get("keys")
    if preset not in PRESETS:
        raise QuakeViewError(f"'preset' in {path} must be one of {', '.join(PRESETS)}, not {preset!r}.")
    if not isinstance(own, dict):
        raise QuakeViewError(f"{path} has no table [keys]; it is no file of keys.")
    scheme = KeyScheme(str(preset), {name: _keys(name, keys, path) for name, keys in own.items()})
    chosen = [(spec, key) for spec in specs for key in scheme.own.get(spec.id, ())]
    for (spec, key), (other, other_key) in combinations(chosen, 2):
        if clash(spec, key, other, other_key):
            raise QuakeViewError(f"{path} gives {key} to {spec.id} as well as to {other.id}; take it away from one.")
    return scheme


def _keys(name: str, keys: Any, path: Path) -> tuple[str, ...]:
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise QuakeViewError(f'{name!r} in {path} must be a list of keys such as ["Ctrl+K"], not {keys!r}.')
    names = [QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText) for key in keys]
    for key, known in zip(keys, names, strict=True):
        if not known:
            raise QuakeViewError(f"{key!r} of {name!r} in {path} is no key; write it as in 'Ctrl+K'.")
    return tuple(names)
