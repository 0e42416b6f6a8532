"""TOML files become dataclasses here, and nowhere else; what is wrong in one is told in a sentence.

The fields of a dataclass are the keys of its table, with their types, defaults and literals. pydantic compares them;
it is imported when a file is read.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from quakeview.errors import QuakeViewError

T = TypeVar("T")

_WANTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "string_type": "a text",
    "path_type": "a path",
    "bool_type": "true or false",
    "dict_type": "a table",
    "dataclass_type": "a table",
    "tuple_type": "an array",
    "list_type": "an array",
}
"""What should be there, by pydantic's name of the error."""


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """Read the tables of a file, and its text.

    Raises:
        QuakeViewError: if the file cannot be read, or is not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text), text
    except OSError as error:
        raise QuakeViewError(f"{path} cannot be read ({error.strerror}); choose another file.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise QuakeViewError(f"{path} is not valid TOML: {error}.") from error


def read_table(cls: type[T], table: Mapping[str, Any], name: str, base: Path) -> T:
    """Make a dataclass of a TOML table; paths become absolute, starting from ``base``.

    Args:
        name: of the table or its file, for sentences.

    Raises:
        QuakeViewError: if a key is unknown or missing, or a value has the wrong type; or what the dataclass refuses.
    """
    from pydantic import TypeAdapter, ValidationError

    _check_keys(cls, table, name)
    try:
        made = TypeAdapter(cls).validate_json(json.dumps(table, default=str), strict=True)
    except ValidationError as error:
        raise QuakeViewError(_sentence({**error.errors()[0]}, name)) from error
    absolute: T = _absolute(made, base)
    return absolute


def _check_keys(kind: Any, value: Any, name: str) -> None:
    """Refuse keys that a dataclass, or one of those inside it, does not have.

    Raises:
        QuakeViewError: for the first, with the one that may be meant.
    """
    if isinstance(value, list):
        for each in value:
            _check_keys(kind, each, name)
    dataclasses = [each for each in (kind, *get_args(kind)) if is_dataclass(each)]
    if not dataclasses or not isinstance(value, Mapping):
        return
    hints = get_type_hints(dataclasses[0])
    for key, inner in value.items():
        if key not in hints:
            meant = get_close_matches(str(key), hints, 1)
            instead = f"did you mean {meant[0]!r}?" if meant else f"it knows {', '.join(sorted(hints))}."
            raise QuakeViewError(f"{key!r} in {name} is unknown; {instead}")
        _check_keys(hints[key], inner, f"[{key}] of {name}")


def _sentence(error: Mapping[str, Any], name: str) -> str:
    """Say what is wrong with the value that pydantic stumbled over."""
    keys = [part for part in error["loc"] if isinstance(part, str)]
    if not keys:
        return f"{name} must be a table, not {error['input']!r}."
    key = f"{keys[-1]!r} in {name if len(keys) == 1 else f'[{keys[-2]}] of {name}'}"
    kind, given = error["type"], error["input"]
    if (kind == "missing" and isinstance(error["loc"][-1], int)) or kind == "too_long":
        return f"{key} has {'too many values' if kind == 'too_long' else 'too few values'}: {given!r}."
    if kind == "missing":
        return f"{key} is missing."
    if kind == "literal_error":
        return f"{key} must be one of {error['ctx']['expected'].replace(' or ', ', ')}, not {given!r}."
    return f"{key} must be {_WANTED.get(kind, error['msg'])}, not {given!r}."


def _absolute(value: Any, base: Path) -> Any:
    """Return the value with every path in it made absolute."""
    if isinstance(value, Path):
        return (base / value.expanduser()).resolve()
    if isinstance(value, tuple):
        return tuple(_absolute(each, base) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: _absolute(getattr(value, each.name), base) for each in fields(value)})
    return value


def toml_text(table: Mapping[str, Any]) -> str:
    """Write tables as TOML: texts, numbers, paths, lists and tables, lists of tables among them; None is left out."""
    return "\n".join(_lines(table, "")).strip("\n") + "\n"


def _lines(table: Mapping[str, Any], name: str) -> list[str]:
    """First the values of a table, then the tables inside it, each under its full name."""
    there = {key: value for key, value in table.items() if value is not None}
    lines = [f"{key} = {_value(value)}" for key, value in there.items() if not _is_tables(value)]
    for key, value in there.items():
        inner = f"{name}{key}"
        if isinstance(value, Mapping):
            inside = _lines(value, f"{inner}.")
            lines += inside if inside[:1] == [""] else ["", f"[{inner}]", *inside]
        elif _is_tables(value):
            for each in value:
                lines += ["", f"[[{inner}]]", *_lines(each, f"{inner}.")]
    return lines


def _is_tables(value: Any) -> bool:
    if isinstance(value, Mapping):
        return True
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
