"""Jobs on worker threads: signals on the GUI thread, cancel, errors, shutdown."""

import itertools
import threading
import time
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QPushButton

from quakeview.app.jobs_panel import CurrentJob, JobsPanel
from quakeview.app.running import JobRunner, State
from quakeview.errors import QuakeViewError
from quakeview.jobs import Job
from tests.conftest import PATIENCE


@pytest.fixture
def runner(qtbot):
    runner = JobRunner()
    yield runner
    assert runner.shutdown(PATIENCE)


def sleeper(progress):
    """Goes on until it is cancelled."""
    for step in itertools.count():
        progress.advance(step, step + 1000, f"step {step}")
        progress.publish(step)
        time.sleep(0.01)


def test_results_arrive_on_the_gui_thread(runner, qtbot):
    seen = []

    def work(progress):
        seen.append(threading.current_thread())
        progress.publish("half")
        progress.log("a line")
        progress.advance(1, 1, "done")
        return 42

    job = runner.start(Job("Count", work))
    job.published.connect(lambda part: seen.append((part, threading.current_thread())))
    with qtbot.waitSignal(job.finished) as finished:
        pass
    main = threading.current_thread()
    assert seen[0] is not main
    assert seen[1:] == [("half", main)]
    assert finished.args == [42]
    assert job.state is State.FINISHED
    assert job.lines == ["a line"]


def test_cancel_stops_at_the_next_step_and_keeps_what_was_published(runner, qtbot):
    job = runner.start(Job("Sleep", sleeper))
    parts = []
    job.published.connect(parts.append)
    qtbot.waitUntil(lambda: len(parts) > 3)
    with qtbot.waitSignal(job.cancelled):
        job.cancel()
    assert job.state is State.CANCELLED
    assert parts == list(range(len(parts)))


def test_an_error_is_a_sentence_and_the_traceback_is_kept(runner, qtbot):
    def fail(progress):
        raise QuakeViewError("The disk is full; make room and try again.")

    with qtbot.waitSignal(runner.failed):
        job = runner.start(Job("Write", fail))
    assert job.error == "The disk is full; make room and try again."
    assert "in fail" in job.details


def test_the_panel_shows_progress_log_and_error(runner, qtbot):
    panel = JobsPanel(runner)
    qtbot.addWidget(panel)
    panel.show()

    def fail(progress):
        progress.advance(1, 4, "a quarter")
        progress.log("reading the first file")
        raise ValueError("bad number")

    job = runner.start(Job("Read", fail))
    qtbot.waitUntil(lambda: job.state is State.FAILED)
    row = panel.rows[0]
    assert "bad number" in row.line.text()
    assert not row.text.isVisible()
    row.more.click()
    assert "reading the first file" in row.text.toPlainText()
    assert "ValueError" in row.text.toPlainText()
    row.copy.click()
    assert "ValueError" in QApplication.clipboard().text()


def test_the_status_bar_shows_the_job_that_runs_and_cancels_it(runner, qtbot):
    current = CurrentJob(runner)
    qtbot.addWidget(current)
    assert current.isHidden()
    job = runner.start(Job("Sleep", sleeper))
    qtbot.waitUntil(lambda: "step" in current.text.text() and current.bar.value() > 0)
    current.cancel.click()
    qtbot.waitUntil(lambda: not current.isVisible())
    assert job.state is State.CANCELLED


def test_the_gui_thread_stays_free_while_a_job_works(runner, qtbot):
    """The job waits for an event of the window; if the window waited for the job, neither would go on."""
    clicked, heard = threading.Event(), []

    def work(progress):
        while not clicked.wait(0.01):
            progress.advance(0, 1)
        return "clicked"

    job = runner.start(Job("Wait for a click", work))
    job.finished.connect(heard.append)
    qtbot.waitUntil(lambda: job.state is State.RUNNING)
    button = QPushButton()
    qtbot.addWidget(button)
    button.clicked.connect(clicked.set)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: heard == ["clicked"])


def test_shutdown_stops_what_runs(qtbot):
    runner = JobRunner()
    jobs = [runner.start(Job(f"Sleep {number}", sleeper)) for number in range(6)]
    qtbot.waitUntil(lambda: any(job.state is State.RUNNING for job in jobs))
    assert runner.shutdown(PATIENCE)
    assert all(job.progress.cancelled for job in jobs)


def test_an_ampersand_in_the_name_of_a_file_is_shown(runner, qtbot):
    current = CurrentJob(runner)
    qtbot.addWidget(current)
    job = runner.start(Job("Opening P&S.mseed", sleeper))
    qtbot.waitUntil(lambda: "P&&S.mseed" in current.text.text())
    assert "P&S.mseed" in current.text.toolTip()
    job.cancel()


def test_the_status_bar_has_room_for_everything_in_a_small_window(make_window, qtbot):
    """Texts are cut, and nothing lies over anything else."""
    window = make_window().window
    window.resize(1100, 700)
    job = window.runner.start(Job("Opening " + "a very long name of a file " * 8, sleeper))
    window.cursor_label.setText("X 12.3 km, Y 45.6 km  ·  37.1234° N, 122.5678° W  ·  PGV 12.3 cm/s  ·  " * 3)
    qtbot.waitUntil(lambda: window.current_job.bar.isVisible() and "step" in window.current_job.text.toolTip())
    qtbot.waitUntil(lambda: window.width() == 1100)
    bar = window.statusBar()
    parts = [window.current_job.text, window.current_job.bar, window.current_job.left, window.current_job.cancel]
    parts += [window.cursor_label, window.model_label]
    places = [QRect(part.mapTo(bar, QPoint(0, 0)), part.size()) for part in parts if part.isVisible()]
    assert all(not one.intersects(other) for one, other in combinations(places, 2))
    assert all(bar.rect().contains(place) for place in places)
    assert window.model_label.width() >= window.model_label.sizeHint().width()
    assert window.cursor_label.shown.endswith("…")
    job.cancel()
