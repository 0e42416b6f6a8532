"""A list of variants of one run: ablations, few-shot tests, kinds of cells. Each is trained alike and scored alike.

The list is one TOML file; ``quakeview train list.toml`` trains what is not trained yet, goes on where it was
interrupted, and prints a table with an interval by event for every variant.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quakeview.errors import QuakeViewError
from quakeview.toml_files import read_table, read_toml, toml_text
from quakeview.training.config import RunConfig
from quakeview.training.planning.plan import folder_name

Table = dict[str, Any]

PATHS = ("path", "splits", "waveforms", "picks", "library", "validation", "file", "trunk", "catalogue")
"""Keys of run files that are paths."""
MODELS = ("init", "pretrained")
"""Keys that are paths or names."""


@dataclass(frozen=True)
class Variant:
    """What one variant has of its own, put over the tables that all share.

    Attributes:
        name: in the table of results.
        training, model, data: as in a run file.
    """

    name: str
    training: Table = field(default_factory=dict)
    model: Table = field(default_factory=dict)
    data: Table = field(default_factory=dict)


@dataclass(frozen=True)
class VariantList:
    """The file.

    Attributes:
        folder: where the runs go, one folder for each variant and seed.
        base: a run file without name, folder and seed; all variants share it.
        test: held-out data that score all variants: tables like ``[data.validation]``, or, of forecasters, ``path`` and
            ``split`` of a folder of scenarios, and of forecasters of seismicity ``catalogue``, ``first`` and ``last``.
        variants: in the order of the table.
        seeds: each variant is trained with each of them.
        paper: tables that are put over ``base`` for the published sizes.
    """

    folder: Path
    base: Table
    test: tuple[Table, ...]
    variants: tuple[Variant, ...]
    seeds: tuple[int, ...] = (0,)
    paper: Table = field(default_factory=dict)


@dataclass(frozen=True)
class PlannedRun:
    """One variant with one seed."""

    variant: str
    config: RunConfig


def is_list(path: Path) -> bool:
    """Whether a file is a list of variants and no run file, or nothing that can be read."""
    with suppress(QuakeViewError):
        return "variants" in read_toml(path)[0]
    return False


def read_list(path: Path) -> VariantList:
    """Read a list of variants.

    Raises:
        QuakeViewError: if a key is unknown or missing, or two variants have one name.
    """
    table, _ = read_toml(path)
    made = read_table(VariantList, table, path.name, path.resolve().parent)
    names = [folder_name(variant.name) for variant in made.variants]
    if len(set(names)) < len(names):
        raise QuakeViewError(f"Two variants of {path.name} have one name; give each its own.")
    return made


def planned_runs(
    variants: VariantList, base: Path, paper_size: bool = False, steps: int | None = None
) -> Iterator[PlannedRun]:
    """Yield the runs of a list, variant by variant.

    Args:
        base: folder that its paths start from.
        paper_size: with the published sizes, in a folder of their own.
        steps: instead of the budget in the list, to try whether all run.

    Raises:
        QuakeViewError: if a run is not described well.
    """
    shared = merged(variants.base, variants.paper) if paper_size else variants.base
    folder = variants.folder / "paper-size" if paper_size else variants.folder
    for variant in variants.variants:
        own = {name: getattr(variant, name) for name in ("training", "model", "data")}
        table = absolute(merged(shared, own), base)
        if steps is not None:
            table["training"] = {**table["training"], "max_steps": steps, "validate_every": steps, "log_every": 1}
        for seed in variants.seeds:
            name = f"{folder_name(variant.name)}-{seed}"
            run = {"name": name, "folder": str(folder / name), "seed": seed, **table}
            text = toml_text(run)
            yield PlannedRun(variant.name, read_table(RunConfig, {**run, "base": str(base), "text": text}, name, base))


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> Table:
    """Tables with others put over them, key by key; lists are replaced."""
    result = dict(below)
    for key, value in above.items():
        under = result.get(key)
        result[key] = merged(under, value) if isinstance(value, Mapping) and isinstance(under, Mapping) else value
    return result


def absolute(value: Any, base: Path, key: str = "") -> Any:
    """Tables whose paths no longer depend on where they are read; ``key`` is the name of the value."""
    if isinstance(value, Mapping):
        return {name: absolute(each, base, name) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [absolute(each, base, key) for each in value]
    if isinstance(value, str) and (key in PATHS or (key in MODELS and (base / value).exists())):
        return str((base / value).resolve())
    return value
