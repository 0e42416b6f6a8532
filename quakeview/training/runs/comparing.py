"""Runs side by side: the settings in which they differ, and their scores."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from quakeview.errors import QuakeViewError
from quakeview.training.runs.metrics import numbers
from quakeview.training.runs.run_folder import RunFolder
from quakeview.training.runs.words import score_title

SCORE = "score of the best weights"


@dataclass(frozen=True)
class Compared:
    """One line of a comparison.

    Attributes:
        of: the table of the run file that the setting is in, or ``SCORE``.
        values: of each run; empty where it has none.
    """

    of: str
    name: str
    values: tuple[str, ...]


def compared(runs: Sequence[RunFolder]) -> list[Compared]:
    """The scores of the runs, then the settings that are not the same in all of them; of one run, all settings."""
    return [*_scores(runs), *_settings(runs)]


def _scores(runs: Sequence[RunFolder]) -> Iterator[Compared]:
    scores = []
    for run in runs:
        run.metrics.refresh()
        best = run.metrics.best() or {}
        scores.append(numbers(best) | ({"at step": best["step"]} if best else {}))
    for name in dict.fromkeys(name for each in scores for name in each):
        yield Compared(SCORE, score_title(name), tuple(f"{each[name]:.4g}" if name in each else "" for each in scores))


def _settings(runs: Sequence[RunFolder]) -> Iterator[Compared]:
    settings = [_all_settings(run) for run in runs]
    for table, name in dict.fromkeys(key for each in settings for key in each):
        values = tuple(each.get((table, name), "") for each in settings)
        if len(runs) == 1 or len(set(values)) > 1:
            yield Compared(table, name, values)


def _all_settings(run: RunFolder) -> dict[tuple[str, str], str]:
    """What the run file says, with the defaults of ``[training]``; empty if it cannot be read."""
    try:
        config = run.config
    except QuakeViewError:
        return {}
    top = {"task": config.task, "seed": config.seed}
    tables: dict[str, Mapping[str, Any]] = {
        "": top,
        "[training]": asdict(config.training),
        "[model]": config.model,
        "[data]": config.data,
    }
    return {(table, name): value for table, content in tables.items() for name, value in _flat("", content)}


def _flat(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """The values in nested tables, by their path with dots."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for number, inner in enumerate(value, 1):
            yield from _flat(f"{path}.{number}", inner)
    elif value is not None:
        yield path, str(value)
