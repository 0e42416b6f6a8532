"""``quakeview train run.toml --trial 20``: what a run will cost, from some seconds of it."""

import sys
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.progressbar import terminal_progress
from quakeview.texts import aligned
from quakeview.training.planning.trial import Trial, try_run
from quakeview.training.train_command import JsonLines


def main(run_toml: Path, seconds: float, json_lines: bool = False) -> int:
    """Try a run and print what it will cost; nothing of the trial is kept. The exit code is as that of a run.

    Raises:
        QuakeViewError: for what cannot be read or trained, without ``json_lines``.
    """
    if not json_lines:
        with terminal_progress() as bar:
            trial = _try(run_toml, seconds, bar)
        _print(run_toml, trial)
        return 0
    lines = JsonLines(sys.stdout)
    try:
        lines.publish({"event": "trial", **_try(run_toml, seconds, lines).to_dict()})
    except QuakeViewError as error:
        lines.error(str(error))
        return 1
    return 0


def _try(run_toml: Path, seconds: float, progress: Progress) -> Trial:
    from quakeview.training.config import read_run

    return try_run(read_run(run_toml), seconds, progress)


def _print(run_toml: Path, trial: Trial) -> None:
    from quakeview.training.planning.estimate import free_room, from_trial
    from quakeview.training.planning.plan import TrainingPlan

    found = from_trial(trial.to_dict(), TrainingPlan.from_run_toml(run_toml), free_room(run_toml.resolve().parent))
    print(aligned([row for row in found.rows() if row[1]]), end="")
    for caution in found.cautions():
        print(caution)
