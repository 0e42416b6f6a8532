"""Runs are started, stopped, paused, resumed, cloned and deleted here.

A run is a process of its own session: it goes on when whoever started it ends, and writes its log into its folder.
"""

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from quakeview.atomic import make_folder, write_atomically
from quakeview.errors import QuakeViewError
from quakeview.paths import user_runs_dir
from quakeview.training.config import read_run
from quakeview.training.event_files import FOLDER as EVENT_FILES
from quakeview.training.runs.known import forget, new_folder, remember
from quakeview.training.runs.metrics import METRICS
from quakeview.training.runs.requests import REQUEST, Request, ask
from quakeview.training.runs.run_folder import CHECKPOINTS, EXAMPLES, LOG, MODEL, RUN_FILE, RunFolder
from quakeview.training.runs.run_state import LOCK, STATE, RunState, Status, write_state

SPLITS, BAD_BATCHES = "splits.csv", "bad-batch-*.npz"
"""Files that the engine may put into a run folder: the parts of the data, and batches that could not be learnt from."""
_PATIENCE = 300.0
"""Seconds in which a process has said that it lives."""

_started: list[subprocess.Popen[bytes]] = []
"""Processes that were started here and have not been seen to end."""


def start(run_toml: Path, resume: bool = False) -> RunFolder:
    """Start a run as a process that survives this one; it waits until those before it on this machine have trained.

    Args:
        resume: go on from the last checkpoint.

    Returns:
        Its folder, in which the process has said that it lives.

    Raises:
        QuakeViewError: if the run file is wrong, the folder holds a run already (or none, when resuming), the process
            fails at once, or the disk is full.
    """
    run = RunFolder(read_run(run_toml).folder)
    _check_startable(run, resume)
    prepare(run_toml)
    _copy(run_toml, run)
    command = [*program(), "train", str(run_toml.resolve()), "--json", "--queue", *(["--resume"] if resume else [])]
    begun = time.time()
    try:
        with (run.path / LOG).open("ab") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
    except OSError as error:
        raise QuakeViewError(f"{run.name} could not be started ({error.strerror}); look at the disk.") from error
    _started[:] = [each for each in _started if each.poll() is None] + [process]
    _wait_until_it_lives(run, process, begun)
    return run


def prepare(run_toml: Path) -> RunFolder:
    """Make the folder of a run that is not started, if it is not there, so that the run is known.

    Raises:
        QuakeViewError: if the run file is wrong, or the folder cannot be written.
    """
    run = RunFolder(read_run(run_toml).folder)
    make_folder(run.path)
    if not (run.path / STATE).exists():
        write_state(run.path, RunState(Status.READY, run_file=str(run_toml.resolve()), host="", pid=0, changed=0.0))
        _copy(run_toml, run)
    remember(run)
    return run


def add(run_toml: Path) -> RunFolder:
    """List the run that a run file describes, or the run in whose folder the file lies.

    Raises:
        QuakeViewError: as ``prepare``.
    """
    if not (run_toml.parent / STATE).exists():
        return prepare(run_toml)
    run = RunFolder(run_toml.parent)
    remember(run)
    return run


def stop(run: RunFolder) -> None:
    """Ask a run to end after the step at hand; what it reached is kept, and a waiting one leaves the line.

    Raises:
        QuakeViewError: if it has no process.
    """
    _ask(run, Request.STOP)


def pause(run: RunFolder) -> None:
    """As ``stop``, of a run that is meant to go on later; memory and graphics card are free meanwhile.

    Raises:
        QuakeViewError: if it has no process.
    """
    _ask(run, Request.PAUSE)


def resume(run: RunFolder) -> RunFolder:
    """Let a run go on from its last checkpoint, or begin if it has none.

    Raises:
        QuakeViewError: as ``start``.
    """
    return start(run.run_file, resume=run.has_checkpoint)


def delete(run: RunFolder) -> None:
    """Delete what a run wrote, its model too; other files in its folder, and the run file it began with, are left.

    A run whose folder is gone is only forgotten.

    Raises:
        QuakeViewError: if it trains or waits, or cannot be deleted.
    """
    if not run.path.is_dir():
        forget(run)
        return
    state = run.state
    if state.status.lives:
        raise QuakeViewError(f"{run.name} is {state.status}; stop it before it is deleted.")
    is_copy = bool(state.run_file) and Path(state.run_file) != run.path / RUN_FILE
    in_ours = run.path.parent == user_runs_dir().resolve()
    try:
        for name in (CHECKPOINTS, EXAMPLES, MODEL, EVENT_FILES):
            if (run.path / name).is_dir():
                shutil.rmtree(run.path / name)
        asked = (RUN_FILE, SPLITS) if is_copy or in_ours else ()
        for pattern in (METRICS, LOG, REQUEST, STATE, LOCK, BAD_BATCHES, *asked):
            for path in run.path.glob(pattern):
                path.unlink()
        if not any(run.path.iterdir()):
            run.path.rmdir()
    except OSError as error:
        raise QuakeViewError(f"{run.path} could not be deleted ({error.strerror}); you may not write there.") from error
    forget(run)


def clone(run: RunFolder, name: str) -> RunFolder:
    """A new run, not started, that is asked to do the same under another name, in a folder beside.

    Raises:
        QuakeViewError: if the run file is gone, or the new one cannot be written.
    """
    source, folder = run.run_file, new_folder(name, beside=run.path)
    text = source.read_text("utf-8")
    make_folder(folder)
    if source.parent == run.path:  # paths in it are meant from its own folder, beside which the new one is
        target, place = folder / RUN_FILE, "."
    else:
        target, place = source.with_name(f"{folder.name}.toml"), str(folder)
        if target.exists():
            raise QuakeViewError(f"{target} exists already; choose another name.")
    write_atomically(target, with_keys(text, name=name, folder=place).encode())
    return prepare(target)


def with_keys(text: str, **values: str) -> str:
    """A run file with other texts as the values of its first table's keys; ``model_folder`` is left out, which would be
    that of another run."""
    head, table, rest = text.partition("\n[")
    for key in (*values, "model_folder"):
        head = re.sub(rf"(?m)^{key}\s*=.*\n?", "", head)
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([*lines, head.lstrip("\n")]) + table + rest


def program() -> list[str]:
    """The command line of this program, as it was installed or bundled."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "quakeview"]


def _copy(run_toml: Path, run: RunFolder) -> None:
    """Put the run file into the run folder, if it is not that one."""
    if run_toml.resolve() != run.path / RUN_FILE:
        write_atomically(run.path / RUN_FILE, run_toml.read_bytes())


def _check_startable(run: RunFolder, resume: bool) -> None:
    if run.path.is_dir() and (status := run.state.status).lives:
        raise QuakeViewError(f"{run.name} is {status} already.")
    if run.has_checkpoint and not resume:
        raise QuakeViewError(f"{run.path} already holds a run; resume it or choose another folder.")
    if resume and not run.has_checkpoint:
        raise QuakeViewError(f"{run.path} holds no checkpoint to resume from; start the run anew.")


def _ask(run: RunFolder, request: Request) -> None:
    if not run.state.status.lives:
        raise QuakeViewError(f"{run.name} is {run.state.status}; there is nothing to {request}.")
    ask(run.path, request)


def _wait_until_it_lives(run: RunFolder, process: subprocess.Popen[bytes], begun: float) -> None:
    """Return when the process, or one that it started in its place, has written its state.

    Raises:
        QuakeViewError: if it ended before, with what it said last.
    """
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if run.state.changed >= begun:
            return
        if process.poll() is not None:
            said = run.log_tail(1)
            raise QuakeViewError(said[0] if said else f"{run.name} could not be started; its log says nothing.")
        time.sleep(0.02)
    raise QuakeViewError(f"{run.name} has not begun within {_PATIENCE:.0f} s; look at {run.path / LOG}.")
