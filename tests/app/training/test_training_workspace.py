"""The Training workspace: what it lists and shows, what can be done with a run, and that runs outlive the window."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox

from quakeview.training.runs.examples import Values, write_examples
from quakeview.training.runs.known import known_runs
from quakeview.training.runs.run_state import Status
from tests.training.run_files import ENDLESS, write_run
from tests.training.runs.conftest import trains, until
from tests.training.runs.made import make_run, write_lines

WINDOW = """
import sys
from pathlib import Path
from quakeview.app.main import application, build

app = application()
controller = build(list)
controller.window.show()
controller.start()
controller.registry["view.training"].trigger()
workspace = controller.workspaces["view.training"].workspace
start = controller.registry["training.start"]
workspace.watch.changed.connect(lambda: start.trigger() if workspace.chosen else None)
workspace.open_run(Path(sys.argv[1]))
app.exec()
"""


@pytest.fixture
def window(make_window, qtbot):
    """A window with the Training workspace in front, once the runs have been looked at."""

    def make(models=None):
        controller = make_window(models=models)
        controller.registry["view.training"].trigger()
        qtbot.waitUntil(lambda: controller.training_workspace.watch.runs is not None)
        return controller

    return make


def test_without_runs_it_says_what_to_do(window):
    controller = window()
    workspace = controller.training_workspace
    assert workspace.empty.isVisible()
    assert controller.registry["training.new"].isEnabled()
    assert not controller.registry["training.start"].isEnabled()
    controller.window.resize(1100, 700)
    assert controller.window.size().toTuple() == (1100, 700)


def test_a_run_file_is_listed_and_can_be_started(window, qtbot, tmp_path):
    controller = window()
    workspace = controller.training_workspace
    workspace.open_run(write_run(tmp_path))
    qtbot.waitUntil(lambda: workspace.chosen is not None)
    assert workspace.list.item(0).text() == "tiny\nnot started"
    assert workspace.page.title.text() == "tiny"
    assert controller.registry["training.start"].isEnabled()
    assert not controller.registry["training.stop"].isEnabled()


def test_curves_grow_and_several_runs_are_compared(user_folders, window, qtbot):
    first, second = make_run("one", rate=0.5), make_run("two", Status.FAILED, message="The disk is full.")
    controller = window()
    workspace, page = controller.training_workspace, controller.training_workspace.page
    workspace.choose(first.path)
    loss = page.curves.plot.panels["loss"]
    qtbot.waitUntil(lambda: page.title.text() == "one" and len(loss.listDataItems()) == 1)
    assert len(loss.listDataItems()[0].xData) == 7
    write_lines(first.path, [70, 80])
    qtbot.waitUntil(lambda: len(page.curves.plot.panels["loss"].listDataItems()[0].xData) == 9)
    page.curves.log.setChecked(True)
    page.curves.smoothing.setValue(50)
    assert len(page.curves.plot.panels["loss"].listDataItems()) == 2
    workspace.list.selectAll()
    qtbot.waitUntil(lambda: len(page.curves.plot.panels["score"].listDataItems()) == 2)
    assert page.compare.rows.columns[2:] in (("one", "two"), ("two", "one"))
    assert ("[training]", "learning_rate") in {page.compare.rows.key(row) for row in page.compare.rows.rows}
    assert page.curves.picture(".png")[1:4] == b"PNG"
    workspace.list.clearSelection()
    workspace.choose(second.path)
    qtbot.waitUntil(lambda: page.message.text() == "The disk is full.")
    qtbot.waitUntil(lambda: "Traceback: of no run" in page.log.toPlainText())


def test_examples_are_gone_through_by_validation(user_folders, window, qtbot):
    import numpy as np

    run = make_run()
    for step in (0, 20, 40):
        values = Values(np.array(["Magnitude"]), np.arange(5.0)[None], np.full((1, 5), float(step)))
        write_examples(run.path / "examples", step, values)
    panel = window().training_workspace.page.examples
    qtbot.waitUntil(lambda: panel.said.text() == "after step 40")
    panel.slider.setValue(0)
    qtbot.waitUntil(lambda: panel.said.text() == "after step 0")
    (run.path / "examples" / "step-00000020.npz").write_bytes(b"half")
    panel.slider.setValue(1)
    qtbot.waitUntil(lambda: "cannot be read" in panel.empty.text())


def test_a_run_is_deleted_if_it_is_meant(user_folders, window, qtbot, monkeypatch):
    run = make_run("one")
    controller = window()
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.No)
    controller.registry["training.delete"].trigger()
    assert run.path.exists()
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    controller.registry["training.delete"].trigger()
    qtbot.waitUntil(lambda: controller.training_workspace.watch.runs == {})
    assert not run.path.exists()


def test_what_cannot_be_done_is_said_above_the_runs(user_folders, window, qtbot):
    run = make_run()
    controller = window()
    workspace = controller.training_workspace
    shutil.rmtree(run.path / "checkpoints")
    (run.path / "run.toml").write_text("name = 1")
    controller.registry["training.start"].trigger()
    qtbot.waitUntil(lambda: "does not lead to this folder any more" in workspace.notice.sentence.text())


def test_a_run_outlives_a_killed_and_a_closed_window_and_its_model_is_used(window, qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    process = subprocess.Popen(
        [sys.executable, "-c", WINDOW, str(write_run(tmp_path, ENDLESS))], cwd=Path(__file__).parents[3]
    )
    until(lambda: bool(known_runs()) and trains(known_runs()[0]))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    (run,) = known_runs()
    assert run.state.status is Status.RUNNING
    seen = window()
    qtbot.waitUntil(lambda: "running" in seen.training_workspace.list.item(0).text())
    loss = seen.training_workspace.page.curves.plot.panels["loss"]
    qtbot.waitUntil(lambda: bool(loss.listDataItems()))
    seen.window.close()
    assert run.state.status is Status.RUNNING
    again = window()
    workspace = again.training_workspace
    qtbot.waitUntil(lambda: again.registry["training.stop"].isEnabled())
    again.registry["training.stop"].trigger()
    qtbot.waitUntil(lambda: "stopped" in workspace.list.item(0).text())
    qtbot.waitUntil(lambda: again.registry["training.use"].isEnabled())
    again.registry["training.use"].trigger()
    qtbot.waitUntil(lambda: "tiny is among the models" in workspace.notice.sentence.text())
