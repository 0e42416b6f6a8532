"""What the model that a run starts from has learnt from already, and was scored on: no test of those data is one."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.model_folders import read_config
from quakeview.registry import find_model
from quakeview.texts import counted
from quakeview.training.planning.problems import Problem
from quakeview.training.planning.record_table import KINDS, RecordTable, read_record_table
from quakeview.training.planning.splitting import AsGiven, AsTable, Division, divide
from quakeview.training.record_config import DataConfig
from quakeview.training.splits import SPLITS_FILE, read_splits

_FOREBEARS = 10
"""Models that a model may come from, one after the other; more is a circle."""

Purpose = Literal["trained", "chosen"]
SAID: dict[Purpose, str] = {"trained": "was trained on", "chosen": "was chosen by its scores on"}
"""What a model did with data, in words."""


@dataclass(frozen=True)
class Use:
    """Data that a model has seen.

    Attributes:
        dataset: name of the data set's folder or table.
        split: the part that was used; "" means all of it.
        splits: the file that says what the parts are; None: the data set's own column.
    """

    purpose: Purpose
    dataset: str
    split: str
    splits: Path | None

    def of(self, table: RecordTable) -> NDArray[np.bool_]:
        """Which records of a data set, (n,), were used, as far as it can be told."""
        if self.dataset != table.name:
            return np.zeros(len(table), bool)
        if not self.split:
            return np.ones(len(table), bool)
        if self.splits is not None:
            part = read_splits(self.splits).get(table.name, {})
            return np.array([part.get(name) == self.split for name in table.events])[table.event]
        return np.array(table.split == self.split)


@dataclass(frozen=True)
class Past:
    """What a model has behind it.

    Attributes:
        model: its name.
        uses: of data, by it and by the models that it came from.
        scored_on: what its card says of that.
    """

    model: str
    uses: tuple[Use, ...]
    scored_on: str


def past_of(folder: Path) -> Past:
    """Read what the run files and the card of a model folder name, and those of the models that it came from.

    Raises:
        QuakeViewError: if the folder holds no model.
    """
    card = read_config(folder).get("card", {})
    scored = " ".join(str(value) for key, value in card.items() if "scored" in key)
    return Past(str(card.get("name", folder.name)), tuple(_uses(folder)), scored)


def _uses(folder: Path) -> Iterator[Use]:
    waiting, known = [folder.resolve()], set[Path]()
    while waiting and len(known) < _FOREBEARS:
        here = waiting.pop(0)
        known.add(here)
        for table in _run_tables(here):
            yield from _uses_of_run(here, table)
            model = table.get("model", {})
            parent = here / str(model.get("init") or model.get("trunk") or "")
            if parent.resolve() not in known and (parent / "config.json").is_file():
                waiting.append(parent.resolve())


def _run_tables(folder: Path) -> Iterator[dict[str, Any]]:
    """The run files in a model folder, and the one in its card."""
    card = read_config(folder).get("card", {})
    texts = [path.read_text("utf-8", errors="replace") for path in sorted(folder.glob("*.toml"))]
    for text in (*texts, str(card.get("run", ""))):
        try:
            yield tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            continue


def _uses_of_run(folder: Path, run: Mapping[str, Any]) -> Iterator[Use]:
    data = run.get("data", {})
    used: list[tuple[Purpose, dict[str, Any]]] = [("trained", source) for source in data.get("sources", [])]
    for purpose, source in (*used, ("chosen", data.get("validation", {}))):
        if isinstance(source, dict) and "path" in source:
            kept = folder / SPLITS_FILE if "splits" in source and (folder / SPLITS_FILE).is_file() else None
            yield Use(purpose, Path(source["path"]).name, source.get("split", ""), kept)


def past_problems(division: Division, past: Past) -> list[Problem]:
    """The earthquakes that would be tested on, although the model to start from has seen them."""
    problems = []
    for purpose, said in SAID.items():
        seen = [
            group[np.any([use.of(table) for use in past.uses if use.purpose == purpose], axis=0)]
            for table, group in zip(division.tables, division.earthquakes.group, strict=True)
            if any(use.purpose == purpose for use in past.uses)
        ]
        tested = np.flatnonzero(division.part_of_event == "test")
        both = np.intersect1d(tested, np.concatenate(seen)) if seen else np.empty(0, np.int64)
        if len(both):
            names = [division.earthquakes.names[index] for index in both.tolist()]
            what = f"{past.model} {said} {counted(len(names), 'earthquake')} that would be tested on"
            problems.append(Problem(what, names, "keep its own split, or start from another model"))
    return problems


def past_notes(division: Division, past: Past) -> list[str]:
    """Say which data the model to start from was scored on that would now be learnt from."""
    notes = []
    for table, parts in zip(division.tables, division.parts, strict=True):
        learnt = int(((parts == "train") & (table.split == "test")).sum())
        if learnt and re.search(rf"\b{re.escape(table.name)}\b", past.scored_on):
            notes.append(
                f"{past.model} was scored on {table.name}, and {counted(learnt, 'record')} of its test part would be "
                "learnt from now: compare the two models on other data."
            )
    return notes


def refuse_seen(data: DataConfig, model: str, progress: Progress = Progress()) -> None:
    """Refuse data of which the model to start from has seen what would be tested on.

    Args:
        model: name or folder.

    Raises:
        QuakeViewError: that names the first earthquakes; or if data or model cannot be read.
        Cancelled: through ``progress``.
    """
    sources = [source for source in data.sources if source.kind in KINDS]
    tables = [read_record_table(source, progress)[0] for source in sources]
    if not tables:
        return
    splits = next((source.splits for source in sources if source.splits is not None), None)
    if splits is None and not all(table.has_splits for table in tables):
        return
    division = divide(tables, AsGiven() if splits is None else AsTable(splits))
    for problem in past_problems(division, past_of(find_model(model).folder)):
        raise QuakeViewError(problem.sentence)
