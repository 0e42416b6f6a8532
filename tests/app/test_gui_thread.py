"""The window's thread asks nothing of a disk that may not answer."""

import builtins
import io
import os
import shutil
import threading
import traceback
from pathlib import Path

import numpy as np
import obspy
import pytest

from quakeview.training.runs.examples import Values, write_examples
from quakeview.training.runs.known import remember
from quakeview.training.runs.run_folder import RunFolder
from tests.app.conftest import is_loaded
from tests.app.program import drop
from tests.app.wavefield_files import write_scenario
from tests.training.runs.made import make_run


@pytest.fixture
def mount(tmp_path):
    """A folder that stands for a network disk."""
    folder = tmp_path / "mount"
    folder.mkdir()
    obspy.read().write(str(folder / "waves.mseed"), "MSEED")
    obspy.read_inventory().write(str(folder / "stations.xml"), "STATIONXML")
    write_scenario(folder / "m6.h5")
    return folder


@pytest.fixture
def asked(mount, monkeypatch):
    """What the window's thread asks of the mount, and from where."""
    asked: list[str] = []

    def watched(function):
        def run(path, *arguments, **options):
            on_mount = isinstance(path, str | os.PathLike) and str(path).startswith(str(mount))
            if on_mount and threading.current_thread() is threading.main_thread():
                asked.append("".join(traceback.format_stack(limit=4)[:-1]))
            return function(path, *arguments, **options)

        return run

    for module, names in (
        (os, ("stat", "lstat", "scandir", "listdir", "readlink", "mkdir", "unlink")),
        (io, ("open",)),
        (builtins, ("open",)),
    ):
        for name in names:
            monkeypatch.setattr(module, name, watched(getattr(module, name)))
    return asked


def test_the_watch_sees_what_it_should(mount, asked):
    for ask in (Path.exists, Path.is_dir, Path.resolve, lambda path: list(path.iterdir())):
        before = len(asked)
        ask(mount)
        assert len(asked) > before


def test_opening_and_starting_again_do_not_wait_for_a_mount(make_window, mount, asked, qtbot):
    controller = make_window()
    drop(controller.window, [mount / "waves.mseed", mount / "stations.xml"])
    qtbot.waitUntil(lambda: is_loaded(controller))
    controller.open([mount])
    qtbot.waitUntil(lambda: not controller.window.runner.active)
    controller.open([mount / "m6.h5"])
    qtbot.waitUntil(lambda: controller.wavefield.has_wavefield)
    controller.window.recent_menu.aboutToShow.emit()
    controller.window.close()
    again = make_window()
    qtbot.waitUntil(lambda: again.wavefield is not None and again.wavefield.has_wavefield)
    again.registry["view.waveforms"].trigger()
    qtbot.waitUntil(lambda: is_loaded(again))
    assert asked == []


def test_what_was_open_and_is_gone_is_a_note_at_the_next_start(make_window, mount, qtbot):
    controller = make_window()
    controller.open([mount / "m6.h5"])
    qtbot.waitUntil(lambda: controller.wavefield is not None and controller.wavefield.has_wavefield)
    controller.window.close()
    (mount / "m6.h5").unlink()
    again = make_window()
    qtbot.waitUntil(lambda: again.wavefield is not None and again.wavefield.notice.isVisible())
    assert "no longer there" in again.wavefield.notice.sentence.text()
    assert not again._dialogs


def test_following_a_run_does_not_wait_for_a_mount(make_window, user_folders, mount, asked, qtbot):
    run = RunFolder(shutil.move(make_run().path, mount / "run"))
    remember(run)
    write_examples(run.path / "examples", 20, Values(np.array(["Magnitude"]), np.ones((1, 2)), np.ones((1, 2))))
    asked.clear()
    controller = make_window()
    controller.registry["view.training"].trigger()
    page = controller.training_workspace.page
    qtbot.waitUntil(lambda: page.examples.said.text() == "after step 20")
    for number in range(page.tabs.count()):
        page.tabs.setCurrentIndex(number)
    assert "Learning." in page.log.toPlainText()
    controller.registry["training.pause"].trigger()
    assert asked == []
