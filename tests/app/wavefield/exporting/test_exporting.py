"""Pictures, films, seismograms and grids, saved from the window."""

import csv
import threading
from xml.etree import ElementTree

import imageio_ffmpeg
import numpy as np
import obspy
import pytest
from PIL import Image
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QFileDialog

from quakeview.app.shell.controller import Controller
from quakeview.app.wavefield.dialogs.import_dialog import ImportDialog
from quakeview.app.wavefield.exporting.export_dialogs import FilmDialog, PlacesDialog
from quakeview.app.wavefield.exporting.exporting import Film
from quakeview.errors import QuakeViewError
from quakeview.geography import geography
from quakeview.wavefield.components import Component
from quakeview.wavefield.scenarios.scenario import Scenario
from tests.app.conftest import is_loaded
from tests.app.fake_wavefield import HEADER
from tests.app.program import Program, drop
from tests.app.wavefield_files import write_scenario
from tests.conftest import PATIENCE


@pytest.fixture
def workspace(make_window, qtbot, tmp_path):
    path = write_scenario(tmp_path / "m6.h5", 40)
    controller = make_window()
    controller.open([path])
    qtbot.waitUntil(lambda: controller.wavefield is not None and controller.wavefield.map.scene.values is not None)
    return controller.wavefield


@pytest.fixture
def save_as(monkeypatch, tmp_path):
    """Answers every file dialog with a name in ``tmp_path``, and every dialog before it with OK."""
    monkeypatch.setattr(QDialog, "exec", lambda _: QDialog.DialogCode.Accepted)

    def answer(name):
        path = tmp_path / name
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
        return path

    return answer


def controller_of(workspace):
    return Program(workspace.window().findChild(Controller))


def export(workspace, qtbot, action_id):
    """Trigger the action and wait for the sentence that says where the file is."""
    assert workspace.registry[action_id].isEnabled(), workspace.registry[action_id].toolTip()
    workspace.notice.clear()
    workspace.registry[action_id].trigger()
    qtbot.waitUntil(workspace.notice.isVisible, timeout=30_000)


@pytest.mark.parametrize("name", ["map.png", "map.svg"])
def test_the_picture_is_the_map_at_this_time(workspace, save_as, name, qtbot):
    path = save_as(name)
    workspace.registry["file.picture"].trigger()
    qtbot.waitUntil(path.exists)
    assert path.stat().st_size > 1000
    if name.endswith("png"):
        with Image.open(path) as picture:
            assert picture.width == 2 * workspace.map.width()


def test_an_animation_has_a_picture_for_every_frame_it_needs(workspace, qtbot, save_as):
    path = save_as("m6.mp4")
    export(workspace, qtbot, "wavefield.film")
    assert str(path) in workspace.notice.sentence.text()
    frames, seconds = imageio_ffmpeg.count_frames_and_secs(str(path))
    assert frames == 40
    assert seconds == pytest.approx(40 * HEADER.frame_step / 4, rel=0.05)


def test_a_film_moves_and_leaves_out_pictures_no_screen_shows(workspace):
    scene, view = workspace.map.scene, workspace.map.view
    wavefield = workspace.stage.wavefield
    film = Film(scene, Component.Y, view, QSize(320, 240), workspace.font(), 4.0)
    pictures = list(film.pictures(wavefield))
    assert len(pictures) == film.count(wavefield) == 40
    assert pictures[0].shape == (240, 320, 3)
    assert not np.array_equal(pictures[5], pictures[30])
    fast = Film(scene, Component.Y, view, QSize(320, 240), workspace.font(), 64.0)
    assert fast.fps(wavefield) <= 30
    assert fast.count(wavefield) / fast.fps(wavefield) == pytest.approx(40 * HEADER.frame_step / 64, rel=0.1)


def test_a_cancelled_film_leaves_nothing_behind(workspace, qtbot, tmp_path):
    path = tmp_path / "film.gif"
    film = Film(workspace.map.scene, Component.X, workspace.map.view, QSize(640, 480), workspace.font(), 1.0)
    job = workspace.exporting.write_film(workspace.stage.wavefield, film, path)
    job.cancel()
    with qtbot.waitSignal(job.cancelled, timeout=20_000):
        pass
    assert [file.name for file in tmp_path.iterdir() if "film" in file.name or file.suffix == ".gif"] == []


def test_a_file_is_read_to_the_end_although_another_is_opened_and_closed_then(workspace, qtbot):
    session, begun, go, read = workspace.session, threading.Event(), threading.Event(), []
    wavefield = session.stage.wavefield

    def work(_):
        begun.set()
        assert go.wait(PATIENCE / 1000)
        return wavefield.frames(0, 40)

    session.start("Reading", work, read.append)
    assert begun.wait(PATIENCE / 1000)
    session.close_wavefield()
    qtbot.wait(50)
    go.set()
    qtbot.waitUntil(lambda: len(read) == 1)
    assert read[0].shape[-1] == 40
    qtbot.waitUntil(lambda: is_closed(wavefield))


def is_closed(wavefield):
    try:
        wavefield.frames(0, 1)
    except QuakeViewError:
        return True
    return False


def test_traces_of_the_chosen_points_as_csv(workspace, qtbot, save_as):
    workspace.stage.choose_point(30_000, 20_000)
    workspace.stage.choose_point(61_000, 45_000)
    path = save_as("m6.csv")
    export(workspace, qtbot, "wavefield.traces")
    with path.open() as lines:
        rows = [row for row in csv.reader(lines) if not row[0].startswith("#")]
    assert len(rows[0]) == 1 + 2 * 3
    assert len(rows) == 1 + 40


def test_peaks_of_all_sites_as_csv(workspace, qtbot, tmp_path):
    path = tmp_path / "peaks.csv"
    sites = list(geography().stations)
    job = workspace.exporting.write_peaks(workspace.stage.wavefield, sites, path)
    with qtbot.waitSignal(job.finished, timeout=20_000):
        pass
    with path.open() as lines:
        rows = [row for row in csv.reader(lines) if not row[0].startswith("#")]
    assert [row[0] for row in rows[1:]] == [site.code for site in sites]


def test_virtual_seismograms_open_in_the_waveforms_workspace(workspace, qtbot, save_as):
    controller = controller_of(workspace)
    workspace.stage.choose_point(30_000, 20_000)
    path = save_as("m6.mseed")
    workspace.registry["wavefield.waveforms"].trigger()
    qtbot.waitUntil(lambda: is_loaded(controller), timeout=20_000)
    assert controller.window.stack.currentWidget() is controller.workspace
    assert len(obspy.read(path)) == 3
    assert len(controller.session.archive.stations) == 1
    assert controller.session.coordinates
    view = controller.workspace.view
    channels = view.scene.channel_ids()
    assert {view.scene.unit_of(channel) for channel in channels} == {"m/s"}
    said = []
    controller.workspace.statusChanged.connect(said.append)
    controller.workspace._describe_cursor(channels[0], 946_684_810.0, 0.0012)
    assert said[-1].endswith("1.2 mm/s")


def test_the_shakemap_grid_has_pgv_and_mmi(workspace, qtbot, save_as):
    path = save_as("grid.xml")
    export(workspace, qtbot, "wavefield.shakemap")
    names = {field.get("name") for field in ElementTree.parse(path).iter() if field.tag.endswith("grid_field")}
    assert {"LON", "LAT", "PGV", "MMI"} <= names
    assert "lower bounds" in workspace.notice.sentence.text()


def test_a_place_that_cannot_be_written_is_a_sentence(workspace, qtbot, save_as):
    save_as("no/such/folder/m6.mp4")
    workspace.registry["wavefield.film"].trigger()
    controller = controller_of(workspace)
    qtbot.waitUntil(lambda: bool(controller._dialogs), timeout=20_000)
    assert "m6.mp4" in controller._dialogs[0].sentence.text()


def test_the_dialogs_say_what_they_will_write(qtbot, workspace):
    film = FilmDialog(workspace.stage.wavefield)
    qtbot.addWidget(film)
    assert "5 s" in film.said.text()
    film.speeds.setCurrentIndex(0)
    assert "21 s" in film.said.text()
    places = PlacesDialog("Export traces", HEADER.region, [(30_000.0, 20_000.0)], ("CSV",))
    qtbot.addWidget(places)
    assert [station.code for station in places.stations()] == ["P01"]
    places.places.setCurrentIndex(1)
    assert len(places.stations()) == 80


def test_official_arrays_become_a_scenario(workspace, qtbot, tmp_path):
    arrays = tmp_path / "official.npy"
    np.save(arrays, np.random.default_rng(1).normal(0, 0.1, (3, 344, 224, 4)).astype(np.float32))
    drop(workspace.window(), [arrays])
    qtbot.waitUntil(lambda: workspace.stage.path is not None and workspace.stage.path.stem == "official")
    assert isinstance(workspace.stage.wavefield, Scenario)
    assert workspace.stage.wavefield.n_frames == 4
    assert workspace.inspector.earthquake.big.text() == "Magnitude not known"
    assert not workspace.registry["wavefield.shakemap"].isEnabled()


def test_the_import_dialog_asks_for_both_or_neither_of_mean_and_deviation(workspace, qtbot, tmp_path):
    frames = np.random.default_rng(1).normal(0, 1, (2, 3, 344, 224, 3)).astype(np.float32)
    for name, values in (("a", frames), ("mean", frames[0, ..., 0]), ("std", np.full((3, 344, 224), 0.5))):
        np.save(tmp_path / f"{name}.npy", values)
    workspace.registry["wavefield.import"].trigger()
    dialog = workspace.findChild(ImportDialog)
    assert not dialog.accept_button.isEnabled()
    dialog.array.line.setText(str(tmp_path / "a.npy"))
    assert dialog.accept_button.isEnabled()
    dialog.mean.line.setText(str(tmp_path / "mean.npy"))
    assert not dialog.accept_button.isEnabled()
    dialog.deviation.line.setText(str(tmp_path / "std.npy"))
    dialog.event_number.setValue(1)
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: workspace.stage.path is not None and workspace.stage.path.stem == "a-1")
    expected = frames[1, ..., 2] * 0.5 + frames[0, ..., 0]
    np.testing.assert_allclose(workspace.stage.wavefield.frame(2), expected, atol=0.01)
