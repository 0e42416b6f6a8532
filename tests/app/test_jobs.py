"""Jobs on worker threads: signals on the GUI thread, cancel, errors, shutdown."""

import threading
import time

import pytest
from PySide6.QtWidgets import QApplication

from quakeview.app.jobs_panel import CurrentJob, JobsPanel
from quakeview.app.running import JobRunner, State
from quakeview.errors import QuakeViewError
from quakeview.jobs import Job


@pytest.fixture
def runner(qtbot):
    runner = JobRunner()
    yield runner
    assert runner.shutdown(5000)


def sleeper(progress):
    for step in range(1000):
        progress.advance(step, 1000, f"step {step}")
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


def test_cancel_works_within_a_second_and_keeps_what_was_published(runner, qtbot):
    job = runner.start(Job("Sleep", sleeper))
    parts = []
    job.published.connect(parts.append)
    qtbot.waitUntil(lambda: len(parts) > 3)
    started = time.monotonic()
    with qtbot.waitSignal(job.cancelled, timeout=1000):
        job.cancel()
    assert time.monotonic() - started < 1
    assert job.state is State.CANCELLED
    assert parts[:3] == [0, 1, 2]


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
    current.show()
    assert current.isHidden() or not current.text.text()
    job = runner.start(Job("Sleep", sleeper))
    qtbot.waitUntil(lambda: "step" in current.text.text() and current.bar.value() > 0)
    current.cancel.click()
    qtbot.waitUntil(lambda: not current.isVisible(), timeout=1000)
    assert job.state is State.CANCELLED


def test_the_gui_thread_stays_free_while_a_job_works(runner, qtbot):
    job = runner.start(Job("Sleep", sleeper))
    ticks = []
    qtbot.waitUntil(lambda: ticks.append(time.monotonic()) or len(ticks) > 20)
    assert job.active
    job.cancel()


def test_shutdown_stops_what_runs(qtbot):
    runner = JobRunner()
    jobs = [runner.start(Job(f"Sleep {number}", sleeper)) for number in range(6)]
    qtbot.waitUntil(lambda: any(job.state is State.RUNNING for job in jobs))
    assert runner.shutdown(3000)
    assert all(job.progress.cancelled for job in jobs)
