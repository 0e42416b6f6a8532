"""Which runs there are: those in the user's folder, and those elsewhere that were started or opened."""

import json
from contextlib import suppress
from pathlib import Path

from quakeview.atomic import make_folder, write_atomically
from quakeview.errors import QuakeViewError
from quakeview.paths import user_runs_dir
from quakeview.training.runs.run_folder import RunFolder, is_run

_ELSEWHERE = ".elsewhere.json"


def known_runs() -> list[RunFolder]:
    """All runs, the one that was made last first; a folder that is not there any more is among them and says so."""
    paths = [path for path in _own() if is_run(path)] + _elsewhere()
    return [RunFolder(path) for path in sorted(paths, key=_made, reverse=True)]


def find_run(name_or_path: str) -> RunFolder:
    """The run of this name, or in this folder.

    Raises:
        QuakeViewError: if there is none, or several have the name.
    """
    if is_run(Path(name_or_path)):
        return RunFolder(Path(name_or_path))
    runs = known_runs()
    found = [run for run in runs if name_or_path in (run.name, run.path.name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise QuakeViewError(f"Several runs are called {name_or_path}; give the folder: {_listed(found)}.")
    instead = f"choose one of {', '.join(run.name for run in runs)}, or give" if runs else "give"
    raise QuakeViewError(f"There is no run {name_or_path!r}; {instead} the folder of a run.")


def remember(run: RunFolder) -> None:
    """Keep a run that is not in the user's folder among those that are known.

    Raises:
        QuakeViewError: if there is no run in it, or the list cannot be written.
    """
    if not is_run(run.path):
        raise QuakeViewError(f"There is no training run in {run.path}; choose a folder with a run.toml in it.")
    if run.path.parent != user_runs_dir().resolve():
        _write([*_elsewhere(), run.path])


def forget(run: RunFolder) -> None:
    """No longer know a run that is not in the user's folder; nothing is deleted.

    Raises:
        QuakeViewError: if the list cannot be written.
    """
    if run.path in (known := _elsewhere()):
        _write([path for path in known if path != run.path])


def new_folder(name: str, beside: Path | None = None) -> Path:
    """A path for a new run of this name, in the user's folder or ``beside`` another run, that nothing has yet."""
    folder = beside.parent if beside is not None else user_runs_dir()
    plain = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name).strip("-.") or "run"
    path, number = folder / plain, 2
    while path.exists():
        path, number = folder / f"{plain}-{number}", number + 1
    return path


def _own() -> list[Path]:
    try:
        return [path for path in user_runs_dir().resolve().iterdir() if not path.name.startswith(".")]
    except OSError:
        return []


def _elsewhere() -> list[Path]:
    with suppress(OSError, ValueError, TypeError):
        return [Path(name) for name in json.loads((user_runs_dir() / _ELSEWHERE).read_text("utf-8"))]
    return []


def _write(paths: list[Path]) -> None:
    names = json.dumps([str(path) for path in dict.fromkeys(paths)])
    write_atomically(make_folder(user_runs_dir()) / _ELSEWHERE, names.encode())


def _made(path: Path) -> float:
    with suppress(OSError):
        return path.stat().st_ctime
    return 0.0


def _listed(runs: list[RunFolder]) -> str:
    return ", ".join(str(run.path) for run in runs)
