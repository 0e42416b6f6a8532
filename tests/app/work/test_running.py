"""Jobs on worker threads: signals on the GUI thread, cancel, errors, shutdown."""

import threading

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from quakeview.app.work.running import JobRunner, State
from quakeview.errors import QuakeViewError
from quakeview.jobs import Job
from tests.conftest import PATIENCE


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


def test_cancel_stops_at_the_next_step_and_keeps_what_was_published(runner, qtbot, sleeper):
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


def test_shutdown_stops_what_runs(qtbot, sleeper):
    runner = JobRunner()
    jobs = [runner.start(Job(f"Sleep {number}", sleeper)) for number in range(6)]
    qtbot.waitUntil(lambda: any(job.state is State.RUNNING for job in jobs))
    assert runner.shutdown(PATIENCE)
    assert all(job.progress.cancelled for job in jobs)
