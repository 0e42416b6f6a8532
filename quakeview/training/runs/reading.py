"""All that is shown of the runs that are looked at, read at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quakeview.training.runs.comparing import Compared, compared
from quakeview.training.runs.curves import RunCurves, curves_of
from quakeview.training.runs.run_folder import RunFolder


@dataclass(frozen=True, eq=False)
class RunsRead:
    """What was read of some runs; the first is the one in front.

    Attributes:
        names: of the runs, each another one.
        run_file, log: of the first.
        disk: what all files of the first take, bytes.
    """

    paths: tuple[Path, ...]
    names: tuple[str, ...]
    curves: list[RunCurves]
    compared: list[Compared]
    run_file: str
    log: str
    disk: int
    examples: list[Path]


class RunsReader:
    """Reads runs again and again; of their numbers only what has come since."""

    def __init__(self) -> None:
        self._runs: dict[Path, RunFolder] = {}

    def read(self, paths: Sequence[Path]) -> RunsRead:
        """All of these runs; at least one."""
        self._runs = {path: self._runs.get(path) or RunFolder(path) for path in paths}
        runs = list(self._runs.values())
        first, names = runs[0], _different([run.name for run in runs], paths)
        return RunsRead(
            tuple(paths),
            names,
            [curves_of(run, name) for run, name in zip(runs, names, strict=True)],
            compared(runs),
            first.text,
            "\n".join(first.log_tail()),
            first.disk_use(),
            first.examples,
        )


def _different(names: Sequence[str], paths: Sequence[Path]) -> tuple[str, ...]:
    """Names of which no two are the same: with the folder, where they would be."""
    return tuple(
        f"{name} ({path.name})" if names.count(name) > 1 else name for name, path in zip(names, paths, strict=True)
    )
