"""A forecast, written from the window."""

import csv
from xml.etree import ElementTree

import imageio_ffmpeg
import numpy as np
import obspy
import pytest
from PIL import Image
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from quakeview.app.wavefield.exporting.export_dialogs import (
    FIGURE,
    FILM,
    FORECAST,
    KINDS,
    SEISMOGRAMS,
    SHAKEMAP,
    SITES,
    TRACES,
    ForecastDialog,
)
from quakeview.app.wavefield.exporting.exporting import Exporting
from quakeview.app.wavefield.panels.warning_panel import WarningPanel
from quakeview.app.wavefield.stage import Stage
from quakeview.app.work.running import JobRunner, State
from quakeview.geography import Station, geography
from quakeview.jobs import Job
from quakeview.wavefield.components import Component
from quakeview.wavefield.forecasting.comparison import Comparison
from quakeview.wavefield.forecasting.forecast_file import open_forecast
from tests.app.fake_wavefield import HEADER, expanding_wave
from tests.wavefield.forecasting.fakes import fake_forecast

POINT = Station("P01", 30_000.0, 20_000.0)


class FakeSession(QObject):
    """Starts jobs and hears what is said of them."""

    noticed = Signal(str, list)
    confirmed = Signal(str)

    def __init__(self):
        super().__init__()
        self.runner, self.said, self.stage = JobRunner(self), [], Stage()
        self.noticed.connect(lambda sentence, _: self.said.append(sentence))
        self.confirmed.connect(self.said.append)

    def start(self, name, work, done):
        job = self.runner.start(Job(name, work))
        job.finished.connect(done)
        return job


class FakeTraces:
    """A panel whose picture is asked for."""

    asked = 0

    def ask_for_picture(self):
        self.asked += 1


@pytest.fixture
def session(qtbot):
    session = FakeSession()
    yield session
    assert session.runner.shutdown()


@pytest.fixture
def exporting(session, qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    session.parent_widget = parent
    return Exporting(session, parent)


@pytest.fixture(scope="module")
def beside():
    truth = expanding_wave(80, planned_frames=80)
    return Comparison(truth, fake_forecast(truth, 15.6))


def finish(job, qtbot):
    qtbot.waitUntil(lambda: not job.active, timeout=60_000)
    assert job.state is State.FINISHED, job.details


def test_a_figure_has_a_row_for_each_moment(exporting, session, beside, qtbot, tmp_path):
    one, two = tmp_path / "one.png", tmp_path / "two.png"
    finish(exporting.write_forecast_figure(beside, Component.Y, 0.1, [20.0], one), qtbot)
    finish(exporting.write_forecast_figure(beside, Component.Y, 0.1, [20.0, 30.0], two), qtbot)
    with Image.open(one) as first, Image.open(two) as second:
        assert second.height > 1.5 * first.height
    assert str(two) in session.said[-1]


def test_an_animation_lasts_as_long_as_the_waves_at_its_speed(exporting, beside, qtbot, tmp_path):
    path = tmp_path / "film.mp4"
    finish(exporting.write_forecast_film(beside, Component.HORIZONTAL, 0.1, 8.0, path), qtbot)
    _, seconds = imageio_ffmpeg.count_frames_and_secs(str(path))
    assert seconds == pytest.approx(80 * HEADER.frame_step / 8, rel=0.1)


def test_a_cancelled_animation_leaves_nothing(exporting, beside, qtbot, tmp_path):
    job = exporting.write_forecast_film(beside, Component.X, 0.1, 1.0, tmp_path / "film.gif")
    job.cancel()
    qtbot.waitUntil(lambda: not job.active, timeout=60_000)
    assert job.state is State.CANCELLED
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_the_forecast(exporting, beside, qtbot, tmp_path):
    path = tmp_path / "forecast.h5"
    finish(exporting.write_forecast(beside.forecast, path), qtbot)
    again = open_forecast(path)
    assert again.issue_time == beside.forecast.issue_time
    np.testing.assert_allclose(again.pgv, beside.forecast.pgv, rtol=1e-3)


def test_the_table_has_peaks_and_warnings_of_every_site(exporting, beside, qtbot, tmp_path):
    path, places = tmp_path / "sites.csv", list(geography().cities)
    finish(exporting.write_forecast_sites(beside, [], 5.0, places, path), qtbot)
    with path.open() as lines:
        rows = list(csv.DictReader(lines))
    assert [row["name"] for row in rows] == [place.name for place in places]
    assert {row["warning_mmi"] for row in rows} == {"5"}


def test_the_grid_and_its_uncertainty(exporting, session, beside, qtbot, tmp_path):
    path = tmp_path / "grid.xml"
    finish(exporting.write_forecast_shakemap(beside.forecast, path), qtbot)
    names = {field.get("name") for field in ElementTree.parse(path).iter() if field.tag.endswith("grid_field")}
    assert {"PGV", "MMI"} <= names
    assert (tmp_path / "uncertainty.xml").is_file()
    assert "lower bounds" in session.said[-1]


def test_seismograms_begin_with_the_issue(exporting, beside, qtbot, tmp_path):
    path = tmp_path / "forecast.mseed"
    finish(exporting.write_forecast_seismograms(beside.forecast, [POINT], path), qtbot)
    stream = obspy.read(path)
    assert len(stream) == 3
    assert stream[0].stats.npts == 80 - beside.forecast.issued
    assert path.with_suffix(".xml").is_file()


@pytest.mark.parametrize("name", ["figure.png", "forecast.h5", "sites.csv", "grid.xml", "points.mseed", "film.mp4"])
def test_a_folder_that_is_not_there_is_a_sentence(exporting, beside, qtbot, tmp_path, name):
    path = tmp_path / "none" / name
    job = {
        "png": lambda: exporting.write_forecast_figure(beside, Component.Y, 0.1, [20.0], path),
        "h5": lambda: exporting.write_forecast(beside.forecast, path),
        "csv": lambda: exporting.write_forecast_sites(beside, [], 5.0, list(geography().cities), path),
        "xml": lambda: exporting.write_forecast_shakemap(beside.forecast, path),
        "mseed": lambda: exporting.write_forecast_seismograms(beside.forecast, [POINT], path),
        "mp4": lambda: exporting.write_forecast_film(beside, Component.Y, 0.1, 8.0, path),
    }[name.rsplit(".", 1)[1]]()
    qtbot.waitUntil(lambda: not job.active, timeout=60_000)
    assert job.state is State.FAILED
    assert "unexpectedly" not in job.error
    assert "none" in job.error


def test_the_dialog_asks_for_what_the_choice_needs(qtbot):
    dialog = ForecastDialog([20.8, 25.6, 45.6], [("1 point", [POINT])])
    qtbot.addWidget(dialog)
    dialog.show()
    seen = {}
    for kind in KINDS:
        dialog.kinds.setCurrentText(kind)
        seen[kind] = [box.isVisible() for box in (dialog.moments, dialog.speeds, dialog.places)]
        assert dialog.said.text()
    assert seen[FIGURE] == [True, False, False]
    assert seen[FILM] == [False, True, False]
    assert seen[SEISMOGRAMS] == [False, False, True]
    assert seen[SHAKEMAP] == seen[FORECAST] == seen[SITES] == seen[TRACES] == [False] * 3
    assert dialog.times == [20.8]
    dialog.moments.setCurrentIndex(1)
    assert dialog.times == [25.6, 45.6]
    assert dialog.stations() == [POINT]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_chosen_is_written(exporting, session, beside, qtbot, tmp_path, monkeypatch, kind):
    asked = []

    def answer(*arguments):
        asked.append(arguments)
        return str(tmp_path / arguments[2].replace("grid.xml", "my-grid.xml")), ""

    monkeypatch.setattr(QDialog, "exec", lambda _: QDialog.DialogCode.Accepted)
    monkeypatch.setattr(ForecastDialog, "kind", kind)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    warning, traces = WarningPanel(session.stage), FakeTraces()
    qtbot.addWidget(warning)
    session.stage.open(beside.truth)
    session.stage.show_forecasts(beside.forecast, [beside.forecast])
    session.stage.show_time(20.8)
    session.stage.choose_point(30_000.0, 20_000.0)
    exporting.ask_for_forecast(warning, traces)
    if kind == TRACES:
        assert traces.asked == 1
        assert not asked
        return
    qtbot.waitUntil(lambda: not session.runner.active, timeout=60_000)
    assert session.runner.jobs[-1].state is State.FINISHED, session.runner.jobs[-1].details
    assert list(tmp_path.iterdir())


def test_moments_are_those_that_both_have(exporting, session, qtbot, monkeypatch, beside):
    made = []
    monkeypatch.setattr(QDialog, "exec", lambda dialog: made.append(dialog) or QDialog.DialogCode.Rejected)
    warning = WarningPanel(session.stage)
    qtbot.addWidget(warning)
    session.stage.open(beside.truth)
    session.stage.show_forecasts(beside.forecast, [])
    session.stage.show_time(200.0)
    exporting.ask_for_forecast(warning, FakeTraces())
    assert made[0].times == [pytest.approx(79 * HEADER.frame_step)]
    assert [made[0].places.itemText(row) for row in range(made[0].places.count())] == ["80 sites of virtual stations"]
