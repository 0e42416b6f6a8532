"""Forms that are generated: the fields of a run file's dataclass, with the sentence that its docstring has for each."""

import inspect
import re
from collections.abc import Collection
from dataclasses import dataclass, fields
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from quakeview.errors import QuakeViewError

_ENTRY = re.compile(r"^    (?P<names>\w[\w, ]*): (?P<text>.+(?:\n {8}.+)*)", re.MULTILINE)
_LABELS = {
    "max_minutes": "Time (minutes)",
    "max_steps": "Steps at most",
    "patience": "Validations without progress",
    "validate_every": "Steps between validations",
    "checkpoint_minutes": "Minutes between checkpoints",
    "ema_decay": "Averaging of weights",
    "clip_norm": "Largest gradient",
    "sigma": "Width of onsets (s)",
    "latest_start": "Latest start after P (s)",
    "min_p_snr_db": "Weakest P (dB)",
    "min_s_snr_db": "Weakest S (dB)",
    "train_from": "Learn from",
    "validation_from": "Choose from",
    "test_from": "Test from",
    "input_magnitude": "Smallest magnitude used",
    "window": "Days ahead",
    "region": "Map (degrees)",
    "cell_size": "Size of a cell (m)",
    "cells": "Cells drawn of a day",
    "form": "Network",
    "reference": "Improves on",
    "hidden": "Width of the network",
}
"""Where the name of a key is not yet what a person would call it."""


@dataclass(frozen=True)
class FormField:
    """One value that a person may change.

    Attributes:
        name: of the attribute.
        label, help: what it is called, and what it means, in a sentence.
        kind: of each number, or ``choice`` or ``switch``.
        count: how many numbers there are.
        optional: whether it may be left empty.
        choices: of a ``choice``.
    """

    name: str
    label: str
    help: str
    kind: Literal["whole", "number", "text", "choice", "switch"]
    count: int = 1
    optional: bool = False
    choices: tuple[str, ...] = ()

    def text(self, value: Any) -> str:
        """Return a value as it is written in the form."""
        if value is None:
            return ""
        values = value if isinstance(value, tuple) else (value,)
        return ", ".join(f"{each:g}" if isinstance(each, float) else str(each) for each in values)

    def value(self, text: str) -> Any:
        """Return the value of what is written.

        Raises:
            QuakeViewError: if it is none for this field.
        """
        text = text.strip()
        if not text and self.optional:
            return None
        parts = text.split(",") if self.count > 1 else [text]
        try:
            values = tuple(self._one(part.strip()) for part in parts)
        except ValueError:
            values = ()
        if len(values) != self.count:
            raise QuakeViewError(f"{self.label} must be {self._wanted()}, not {text!r}.")
        return values[0] if self.count == 1 else values

    def _one(self, text: str) -> Any:
        match self.kind:
            case "whole":
                return int(text)
            case "number":
                return float(text)
            case "choice" if text not in self.choices:
                raise ValueError(text)
            case "switch":
                return text == str(True)
        return text

    def _wanted(self) -> str:
        if self.kind == "choice":
            return f"one of {', '.join(self.choices)}"
        what = {"whole": "whole number", "number": "number"}.get(self.kind, "text")
        return f"{self.count} {what}s with a comma between" if self.count > 1 else f"a {what}"


def form_fields(cls: type, names: Collection[str] = (), without: Collection[str] = ()) -> list[FormField]:
    """Return the fields of a dataclass that can be written in one line, in the order of the class.

    Args:
        names: only these, if any are given.
        without: none of these.
    """
    hints, texts = get_type_hints(cls), descriptions(cls)
    chosen = [each.name for each in fields(cls) if (not names or each.name in names) and each.name not in without]
    made = (_field(name, hints[name], texts.get(name, ""), hints) for name in chosen)
    return [each for each in made if each is not None]


def descriptions(cls: type) -> dict[str, str]:
    """Return what the docstring of a dataclass says of each attribute."""
    _, _, section = (inspect.getdoc(cls) or "").partition("Attributes:\n")
    return {
        name: re.sub(r"\s+", " ", entry["text"]).replace("``", "`")
        for entry in _ENTRY.finditer(section)
        for name in entry["names"].split(", ")
    }


def label_of(name: str) -> str:
    """Return what a key is called on the screen."""
    return _LABELS.get(name, name.replace("_", " ").capitalize())


def _spoken(text: str, names: Collection[str]) -> str:
    """A sentence of a docstring as it is read in the form, where other keys go by their labels."""
    named = re.sub(r"`(\w+)`", lambda key: f"“{label_of(key[1])}”" if key[1] in names else key[1], text)
    plain = named.replace("`", "")
    return plain[:1].upper() + plain[1:]


def _field(name: str, hint: Any, text: str, names: Collection[str]) -> FormField | None:
    """A field for a type that a line can hold; None for tables and paths."""
    optional = False
    if get_origin(hint) in (Union, UnionType):
        inner = [each for each in get_args(hint) if each is not type(None)]
        optional, hint = len(inner) < len(get_args(hint)), inner[0]
    label, said = label_of(name), _spoken(text, names)
    if get_origin(hint) is Literal:
        return FormField(name, label, said, "choice", choices=get_args(hint), optional=optional)
    count = 1
    if get_origin(hint) is tuple and Ellipsis not in get_args(hint):
        count, hint = len(get_args(hint)), get_args(hint)[0]
    kinds: dict[Any, Literal["whole", "number", "text", "switch"]] = {
        int: "whole",
        float: "number",
        str: "text",
        bool: "switch",
    }
    return FormField(name, label, said, kinds[hint], count, optional) if hint in kinds else None
