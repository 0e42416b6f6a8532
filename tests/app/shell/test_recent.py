"""Recent files and unsaved sessions: found without making anybody wait."""

import errno
import threading
from pathlib import Path

import pytest

from quakeview.app.shell import recent
from quakeview.project import Project
from tests.app.conftest import MONTSERRAT


@pytest.fixture
def dead_disk(monkeypatch):
    """Whatever asks for something below /dead waits until the test ends, and may not be the window."""
    release, asked = threading.Event(), []
    stat = Path.stat

    def slow(self, **options):
        if str(self).startswith("/dead"):
            asked.append(threading.current_thread())
            release.wait(20)
            raise FileNotFoundError(errno.ENOENT, "gone", str(self))
        return stat(self, **options)

    monkeypatch.setattr(Path, "stat", slow)  # what exists and is_dir ask
    yield asked
    release.set()


def test_a_disk_that_does_not_answer_holds_up_nothing(make_window, qtbot, dead_disk):
    controller = make_window()
    here = controller.window.recent
    for path in ("/dead/day.mseed", "/no/such/file", str(MONTSERRAT)):
        controller.preferences.remember_file(path)
    here.look()
    qtbot.waitUntil(lambda: [file.path.name for file in here.files] == [MONTSERRAT.name, "day.mseed"])
    assert dead_disk
    controller.preferences.session = "/dead/last.qvproj"
    controller.sessions.restore()
    controller.window.recent_menu.aboutToShow.emit()
    controller.registry["view.waveforms"].trigger()
    assert threading.main_thread() not in dead_disk


def test_unsaved_sessions_are_on_the_welcome_page_and_in_the_menu(make_window, qtbot):
    controller = make_window([MONTSERRAT])
    view = controller.workspace.view
    view.pickRequested.emit(view.scene.rows[0].channels[0][1], view.view[0] + 5, "P")
    controller.registry["file.sample"].trigger()
    assert "Untitled 1 with its 1 pick was put aside" in controller.workspace.notice.sentence.text()
    qtbot.waitUntil(lambda: len(controller.window.recent.unsaved) == 1)
    controller.window.recent_menu.aboutToShow.emit()
    action = controller.window.recent_menu.actions()[0]
    assert action.text() == f"Untitled 1: not saved · 1 pick · {MONTSERRAT.name}"
    action.trigger()
    qtbot.waitUntil(lambda: controller.session.project.title == "Untitled 1")
    assert len(controller.session.project) == 1


def test_the_answer_of_a_path_is_kept_until_it_changes(qtbot, make_window, tmp_path):
    controller = make_window()
    path = tmp_path / "day.mseed"
    path.mkdir()
    controller.preferences.remember_file(str(path))
    here = controller.window.recent
    here.look()
    qtbot.waitUntil(lambda: here.files == [recent.RecentFile(path, folder=True)])
    path.rmdir()
    here.look()
    qtbot.waitUntil(lambda: here.files == [])


def test_a_recent_project_that_is_open_elsewhere_is_one_sentence(make_window, qtbot, tmp_path):
    path = tmp_path / "alps.qvproj"
    controller = make_window([MONTSERRAT])
    with Project(path):
        controller.open([path])
        qtbot.waitUntil(lambda: bool(controller._dialogs))
    assert "open in another QuakeView window" in controller._dialogs[0].sentence.text()
    assert controller.session.stations
