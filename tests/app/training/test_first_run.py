"""A newcomer's first run: the sample teaches the shipped picker, the window is killed, the next one finds the run."""

import csv
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from quakeview import paths
from quakeview.monitoring.annotate import pick_archive
from quakeview.registry import available_models, find_model
from quakeview.training.planning.sample import SHIPPED_PICKER
from quakeview.training.reports.document import report_text
from quakeview.training.reports.picker_evaluation import evaluate_pickers
from quakeview.training.runs.known import known_runs
from quakeview.training.runs.run_state import Status
from quakeview.training.samples import sample_records
from quakeview.waveforms.sample_data import SAMPLES
from tests.training.runs.conftest import until

WAIT = 200_000
"""Milliseconds for what another process computes."""
WINDOW = """
import sys
from dataclasses import replace
from pathlib import Path
from PySide6.QtCore import QTimer
from quakeview.app.main import application, build
from quakeview.registry import all_models
from quakeview.training.config import TrainingConfig
from quakeview.training.planning import sample

sample.sample_records = lambda: Path(sys.argv[1])
tiny = TrainingConfig(max_steps=4, batch_size=2, warmup_steps=1, validate_every=2, log_every=1, workers=0, threads=1)
app = application()
controller = build(all_models)
window = controller.window
window.show()
controller.start()


def begin():
    if window.models.picker is None:
        return
    timer.stop()
    entries = {entry.accessibleName(): entry for entry in window.welcome.entries}
    entries["Try: Teach the picker a network"].click()
    wizard = controller.workspaces["view.training"].workspace.wizard
    wizard.the_plan = replace(wizard.the_plan, settings=tiny)
    wizard.page.show_plan(wizard.the_plan)
    wizard.started.connect(lambda run: print(run.path, flush=True))
    wizard.page.begin.click()


timer = QTimer(interval=50)
timer.timeout.connect(begin)
timer.start()
app.exec()
"""


@pytest.fixture
def few_records(tmp_path: Path) -> Path:
    """Some records of each part of the sample."""
    folder = tmp_path / "few"
    folder.mkdir()
    (folder / "waveforms.hdf5").symlink_to(sample_records() / "waveforms.hdf5")
    with (sample_records() / "metadata.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    chosen = [row for split in ("train", "dev", "test") for row in [r for r in rows if r["split"] == split][:4]]
    with (folder / "metadata.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(chosen)
    return folder


@pytest.fixture(autouse=True)
def shipped(user_folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quakeview.registry.shipped_models_dir", paths.shipped_models_dir)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def test_the_sample_run_outlives_the_window_and_its_model_picks(make_window, qtbot, few_records):
    path = start_and_kill_the_window(few_records)
    (run,) = known_runs()
    assert run.path == path
    assert run.config.model == {"init": SHIPPED_PICKER}

    controller = make_window(SAMPLES[0].paths(), pick=pick_archive, models=(models := available_models()))
    controller.registry["view.training"].trigger()
    workspace = controller.training_workspace
    qtbot.waitUntil(lambda: workspace.chosen is not None and workspace.chosen.path == path, timeout=WAIT)
    qtbot.waitUntil(lambda: workspace.chosen.status is Status.FINISHED, timeout=WAIT)
    run.metrics.refresh()
    assert run.metrics.validation[0]["step"] == 0, "the curve does not begin with the model as it was shipped"

    tuned = find_model(run.name)
    assert SHIPPED_PICKER in tuned.trained_on
    controller.window.models.use(tuned)
    qtbot.waitUntil(lambda: find_model(tuned.name).chosen, timeout=WAIT)
    models[:] = available_models()
    controller.window.models.refresh()
    qtbot.waitUntil(lambda: controller.window.models.picker.name == tuned.name, timeout=WAIT)

    controller.registry["view.waveforms"].trigger()
    controller.registry["picks.all"].trigger()
    qtbot.waitUntil(lambda: bool(controller.session.project.picks()), timeout=WAIT)
    qtbot.waitUntil(lambda: not controller.window.runner.active, timeout=WAIT)
    assert {pick.model for pick in controller.session.project.picks()} == {tuned.name}

    report = report_text(evaluate_pickers([tuned, find_model(SHIPPED_PICKER)], [few_records]).report())
    assert f"{tuned.name} − {SHIPPED_PICKER}" in report


def start_and_kill_the_window(records: Path) -> Path:
    """The welcome page's entry and one button start the run; then the window dies as by a power cut."""
    window = subprocess.Popen(
        [sys.executable, "-c", WINDOW, str(records)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    assert window.stdout is not None
    path = Path(window.stdout.readline().strip())
    os.kill(window.pid, signal.SIGKILL)
    window.wait()
    window.stdout.close()
    until(lambda: path.is_dir())
    return path
