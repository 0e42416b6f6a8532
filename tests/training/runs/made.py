"""Run folders as processes leave them, made in no time."""

import json
from pathlib import Path
from typing import Any

from quakeview.paths import user_runs_dir
from quakeview.training.runs.run_folder import LOG, RUN_FILE, RunFolder
from quakeview.training.runs.run_state import RunState, Status, write_state

TEXT = """name = {name}
task = "picking"
folder = "."
[training]
max_steps = 100
learning_rate = {rate}
[data]
"""


def make_run(
    name: str = "tiny", status: Status = Status.STOPPED, steps: int = 60, message: str = "", rate: float = 1e-3
) -> RunFolder:
    """A run in the user's folder, with a line of training every 10 steps and of validation every 20."""
    folder = user_runs_dir() / name.replace(" ", "-")
    (folder / "checkpoints" / f"last-{steps:08d}").mkdir(parents=True)
    (folder / RUN_FILE).write_text(TEXT.format(name=json.dumps(name), rate=rate))
    write_lines(folder, range(0, steps + 1, 10))
    (folder / LOG).write_text('{"event": "log", "message": "Learning."}\nTraceback: of no run\n')
    write_state(folder, RunState(status, message, str(folder / RUN_FILE), changed=1.0))
    return RunFolder(folder)


def write_lines(folder: Path, steps: Any) -> None:
    """Append lines of training and validation to the metrics."""
    with (folder / "metrics.jsonl").open("a") as file:
        for step in steps:
            train = {"loss": 1 / (1 + step), "learning_rate": 1e-3, "gradient_norm": 1.0, "seconds": 2.0 * step}
            lines = [{"event": "train", "step": step, **train}]
            if step % 20 == 0:
                lines += [{"event": "validation", "step": step, "score": step / 100, "p_f1@0.1": 0.5, "best": True}]
            file.writelines(json.dumps(line) + "\n" for line in lines)
