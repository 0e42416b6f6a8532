"""What the jobs panel and the status bar show of jobs."""

from itertools import combinations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication

from quakeview.app.work.jobs_panel import CurrentJob, JobsPanel
from quakeview.app.work.running import State
from quakeview.jobs import Job


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


def test_the_status_bar_shows_the_job_that_runs_and_cancels_it(runner, qtbot, sleeper):
    current = CurrentJob(runner)
    qtbot.addWidget(current)
    assert current.isHidden()
    job = runner.start(Job("Sleep", sleeper))
    qtbot.waitUntil(lambda: "step" in current.text.text() and current.bar.value() > 0)
    current.cancel.click()
    qtbot.waitUntil(lambda: not current.isVisible())
    assert job.state is State.CANCELLED


def test_an_ampersand_in_the_name_of_a_file_is_shown(runner, qtbot, sleeper):
    current = CurrentJob(runner)
    qtbot.addWidget(current)
    job = runner.start(Job("Opening P&S.mseed", sleeper))
    qtbot.waitUntil(lambda: "P&&S.mseed" in current.text.text())
    assert "P&S.mseed" in current.text.toolTip()
    job.cancel()


def test_the_status_bar_has_room_for_everything_in_a_small_window(make_window, qtbot, sleeper):
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
