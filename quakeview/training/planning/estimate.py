"""How long a run will take and what it needs, from a trial of some seconds in a process of its own."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.texts import counted, duration, file_size
from quakeview.training import forecaster_config
from quakeview.training.config import TrainingConfig
from quakeview.training.planning.plan import Data, TrainingPlan
from quakeview.training.runs.known import known_runs
from quakeview.training.runs.run_state import Status
from quakeview.training.runs.starting import program
from quakeview.training.seismicity import config as seismicity_config

SECONDS = 20.0
"""Of a trial."""
MUCH_WAITING = 0.1
"""Part of a step spent on waiting for data that deserves a word."""
FEW_STEPS = 100
_EVERY = 0.2
"""Seconds between two looks at a trial."""
_CHECKPOINTS = 2
"""Of which there are so many while one is written."""


@dataclass(frozen=True)
class Estimate:
    """What a run will cost.

    Attributes:
        steps, seconds: of the whole run.
        validations: how often it is scored.
        memory, disk, free: bytes at their highest, of all that is written, and that are free where it is written.
        data: bytes of the data that are read; 0 if not known.
        data_wait: part of a step in which the network waits for data.
        seconds_per_step: seconds of one.
        examples_per_record: how often each training record, or day, is seen; 0 if their number is not known.
        beside_another: whether another run trained on this machine meanwhile.
    """

    steps: int
    seconds: float
    validations: int
    memory: int
    disk: int
    free: int
    data: int
    data_wait: float
    seconds_per_step: float
    examples_per_record: float = 0.0
    beside_another: bool = False

    def rows(self) -> list[tuple[str, str]]:
        """Return the figures in words: what it is, and how much."""
        often = counted(round(self.examples_per_record), "time") if self.examples_per_record else ""
        return [
            ("Time", f"{duration(self.seconds)}, {counted(self.steps, 'step')} of {duration(self.seconds_per_step)}"),
            ("Scored", f"{counted(self.validations, 'time')} on what is kept aside"),
            ("Each example is seen", f"about {often}" if often else ""),
            ("Memory", f"{file_size(self.memory)} at its highest"),
            ("Disk", f"{file_size(self.disk)} for checkpoints and the model; {file_size(self.free)} are free"),
            ("Data", file_size(self.data) if self.data else ""),
            ("Waiting for data", f"{100 * self.data_wait:.0f} % of each step"),
        ]

    def cautions(self) -> list[str]:
        """Return what may be wrong with the plan, in sentences that say what to do."""
        said = []
        if self.beside_another:
            said.append("Another run is training on this computer; alone, this one takes less time.")
        if self.steps < FEW_STEPS:
            said.append(
                f"There is time for {counted(self.steps, 'step')} only, too few to learn much; give the run more "
                "time, or smaller batches."
            )
        if self.validations < 2:
            said.append("The run is scored only once; lower the steps between validations so that the best is kept.")
        if self.disk > self.free:
            said.append("The disk has too little room for the run; make some, or keep runs on another disk.")
        if self.data_wait > MUCH_WAITING:
            said.append(
                f"The network waits for data {100 * self.data_wait:.0f} % of the time; more workers (experts' "
                "settings) may help where there are cores to spare."
            )
        return said


def estimate(plan: TrainingPlan, folder: Path, seconds: float = SECONDS, progress: Progress = Progress()) -> Estimate:
    """Try a plan and say what the whole run will cost.

    Args:
        folder: where the run will be written.

    Raises:
        QuakeViewError: for all that would end the run at its start, such as data that cannot be read.
        Cancelled: through ``progress``, within a second.
    """
    _check_made(plan.data)
    with tempfile.TemporaryDirectory(prefix="quakeview-plan-") as name:
        run_toml = Path(name) / "run.toml"
        write_atomically(run_toml, replace(plan, name=plan.name or "Trial").run_toml().encode())
        figures = _try(run_toml, seconds, progress)
    return replace(from_trial(figures, plan, free_room(folder)), beside_another=another_trains())


def from_trial(figures: dict[str, Any], plan: TrainingPlan, free: int) -> Estimate:
    """Return the cost of the whole from what a trial (``trial.Trial``) has shown."""
    settings, step = plan.training, float(figures["seconds_per_step"])
    validation = float(figures["seconds_per_validation"])
    steps = _steps(settings, step, validation)
    validations = steps // settings.validate_every + 1
    return Estimate(
        steps=steps,
        seconds=float(figures["seconds_to_begin"]) + steps * step + validations * validation,
        validations=validations,
        memory=int(figures["memory"]),
        disk=_CHECKPOINTS * int(figures["checkpoint"]) + int(figures["model"]),
        free=free,
        data=_size_of(plan.data),
        data_wait=float(figures["data_wait"]),
        seconds_per_step=step,
        examples_per_record=steps * settings.batch_size / plan.records if plan.records else 0.0,
    )


def _steps(settings: TrainingConfig, step: float, validation: float) -> int:
    """That the budget allows: a validation is part of the time."""
    each = step + validation / settings.validate_every
    by_time = int(60 * settings.max_minutes / each) if settings.max_minutes else None
    return min(number for number in (by_time, settings.max_steps) if number is not None)


def _try(run_toml: Path, seconds: float, progress: Progress) -> dict[str, Any]:
    """Let a process try the run; the figures it says last."""
    said = run_toml.with_name("said.jsonl")
    command = [*program(), "train", str(run_toml), "--trial", f"{seconds:g}", "--json"]
    beside = {name: str(run_toml.parent) for name in ("TMPDIR", "TEMP", "TMP")}  # is deleted whatever ends the process
    begun = time.monotonic()
    with said.open("wb") as out:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env={**os.environ, **beside}
        )
    try:
        while process.poll() is None:
            progress.advance(min(time.monotonic() - begun, 2 * seconds), 2 * seconds, _doing(said))
            time.sleep(_EVERY)
    finally:
        process.kill()
        process.wait()
    for line in reversed(_lines(said)):
        if line.get("event") == "trial":
            return line
        if line.get("event") == "error":
            raise QuakeViewError(str(line["message"]))
    last = said.read_text("utf-8", "replace").strip().splitlines()
    raise QuakeViewError(f"The trial ended without figures{': ' + last[-1] if last else ''}.")


def _doing(said: Path) -> str:
    """What the trial is at."""
    messages = (str(line.get("message", "")) for line in reversed(_lines(said)) if line.get("event") == "progress")
    return next(messages, "reading programs and data")


def _lines(said: Path) -> list[dict[str, Any]]:
    """The whole lines of JSON that there are."""
    found = []
    for text in said.read_text("utf-8", "replace").splitlines():
        with suppress(ValueError):
            line = json.loads(text)
            found += [line] if isinstance(line, dict) else []
    return found


def _check_made(data: Data | None) -> None:
    """A run that begins with hours of simulation cannot be tried in seconds.

    Raises:
        QuakeViewError: if the earthquakes to learn from are not there yet.
    """
    if not isinstance(data, forecaster_config.DataConfig):
        return
    if data.library.suffix == ".toml" or not data.pool.file.with_suffix(".json").exists():
        raise QuakeViewError(
            "The run begins with making the earthquakes that it learns from, so that it cannot be tried in seconds; "
            "start it, and look at the time that it says."
        )


def another_trains() -> bool:
    """Return whether a run trains on this machine."""
    for run in known_runs():
        with suppress(QuakeViewError):
            if run.state.status is Status.RUNNING:
                return True
    return False


def free_room(folder: Path) -> int:
    """Bytes that are free where a folder is or will be."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(there).free


def _size_of(data: Data | None) -> int:
    """Bytes of the files that are read."""
    if data is None:
        return 0
    if isinstance(data, forecaster_config.DataConfig):
        paths = {data.library, data.validation}
    elif isinstance(data, seismicity_config.DataConfig):
        paths = {data.catalogue}
    else:
        paths = {path for source in data.sources for path in (source.path, source.waveforms) if path is not None}
    files = (file for path in paths for file in (path.rglob("*") if path.is_dir() else [path]))
    return sum(file.stat().st_size for file in files if file.is_file())
