"""Particle motion, spectrum and statistics of what is selected on the traces, in the window."""

import csv
import io

import numpy as np
import pytest
from obspy import Stream, Trace, UTCDateTime
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from quakeview.app.traces import TimeSelection
from quakeview.errors import QuakeViewError
from quakeview.monitoring.picks import Pick
from quakeview.project import AddPicks
from quakeview.waveforms.channels import Instrument
from tests.app.conftest import BAVARIA

START, ONSET, RATE = UTCDateTime("2020-01-01"), 60.0, 100.0
BACK_AZIMUTH = 130.0


def write_record(folder, codes: str = "ZNE", station: str = "AAA", clip: float = np.inf) -> list:
    """Two minutes of noise with a P wave from the south-east, which comes up under 40 degrees."""
    rng, time = np.random.default_rng(4), np.arange(3000) / RATE
    pulse = 1e5 * np.sin(2 * np.pi * 4 * time) * np.exp(-2 * time)
    away, incidence = np.radians(BACK_AZIMUTH + 180), np.radians(40)
    shares = np.cos(incidence), np.sin(incidence) * np.cos(away), np.sin(incidence) * np.sin(away)
    paths = []
    for code, share in zip(codes, shares, strict=False):
        data = 100 * rng.standard_normal(12_000)
        data[6000:9000] += share * pulse
        header = {"network": "XX", "station": station, "channel": f"HH{code}", "sampling_rate": RATE}
        trace = Trace(np.clip(data, -clip, clip).astype(np.int32), {**header, "starttime": START})
        paths.append(folder / f"{station}.HH{code}.mseed")
        Stream([trace]).write(str(paths[-1]), format="MSEED")
    return paths


@pytest.fixture
def controller(make_window, tmp_path):
    return with_pick(make_window(write_record(tmp_path)))


def with_pick(controller, phase: str = "P"):
    channel = controller.workspace.view.scene.channel_ids()[0]
    controller.session.book.apply(AddPicks((Pick(channel, phase, START + ONSET, resource_id="p"),)))
    return controller


def vertical(controller):
    return controller.workspace.view.scene.channel_ids()[0]


def select(controller, first: float, last: float) -> None:
    begin = float(START)
    controller.workspace.view.set_selection(TimeSelection(vertical(controller), begin + first, begin + last))


def show(controller, qtbot, action: str, panel: str):
    """Bring a view to the front and wait for what it shows."""
    controller.registry[action].trigger()
    found = getattr(controller.workspace.analysis, panel)
    qtbot.waitUntil(lambda: found.stack.currentWidget() is not found.empty or bool(found.empty.text()))
    return found


def words(panel) -> str:
    return panel.stack.currentWidget().heading if panel.stack.currentWidget() is not panel.empty else panel.empty.text()


def says(panel, text: str):
    return lambda: text in words(panel)


def rows_of(panel) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(panel.numbers().decode())))


def test_the_views_are_made_when_they_are_first_wanted_and_a_key_brings_each_to_the_front(controller, qtbot):
    tabs, view = controller.workspace.tabs, controller.workspace.view
    assert controller.workspace.analysis._motion_panel is None
    for key, title in ((Qt.Key.Key_K, "Particle Motion"), (Qt.Key.Key_U, "Spectrum")):
        qtbot.keyClick(view, key)
        assert tabs.tabText(tabs.currentIndex()) == title


def test_particle_motion_after_the_selected_pick_tells_the_back_azimuth(controller, qtbot):
    controller.workspace.review.select(["p"])
    panel = show(controller, qtbot, "view.particle_motion", "motion")
    qtbot.waitUntil(says(panel, f"back-azimuth {BACK_AZIMUTH:.0f}°"))
    assert "incidence 40°" in words(panel)
    assert "onset" in words(panel)
    assert "2020-01-01 00:00:59.75" in panel.subject.text()
    assert "Detrended" in panel.subject.text()
    rows = rows_of(panel)
    assert len(rows) == 126
    assert {row["unit"] for row in rows} == {"counts"}
    panel.seconds.setValue(2.0)
    qtbot.waitUntil(lambda: len(rows_of(panel)) == 251)
    assert panel.picture(".png").startswith(b"\x89PNG")
    assert b"back-azimuth" in panel.picture(".svg")


def test_a_selection_counts_more_than_the_pick_and_a_long_view_asks_for_one(controller, qtbot):
    panel = show(controller, qtbot, "view.particle_motion", "motion")
    controller.workspace.view.show_all()
    qtbot.waitUntil(says(panel, "up to 60 s"))
    assert panel.subject.text() == ""
    with pytest.raises(QuakeViewError, match="There is no picture to save"):
        panel.picture(".png")
    select(controller, 60.0, 60.5)
    qtbot.waitUntil(says(panel, "back-azimuth 130°"))
    assert len(rows_of(panel)) == 51
    select(controller, 10.0, 12.0)
    qtbot.waitUntil(says(panel, "No direction: the motion is not along a line"))
    select(controller, 200.0, 210.0)
    qtbot.waitUntil(says(panel, "has no data in this window"))


def test_the_motion_of_s_has_no_direction(make_window, tmp_path, qtbot):
    controller = with_pick(make_window(write_record(tmp_path)), "S")
    controller.workspace.review.select(["p"])
    panel = show(controller, qtbot, "view.particle_motion", "motion")
    qtbot.waitUntil(says(panel, "S does not move along its ray"))
    assert "back-azimuth" not in words(panel)


def test_rotated_components_are_turned_back(controller, qtbot, monkeypatch):
    """Radial and transverse samples with the directions that they have."""
    session, panel = controller.session, show(controller, qtbot, "view.particle_motion", "motion")
    controller.workspace.review.select(["p"])
    qtbot.waitUntil(says(panel, "back-azimuth 130°"))
    station = Instrument.of(vertical(controller))
    from quakeview.stations.motion import Motion

    session.motion = Motion(session.motion.quantity, session.metadata, {station: 70.0})
    session.stationsChanged.emit()
    session.load_records()
    qtbot.waitUntil(lambda: not controller.window.runner.active)
    assert session.letters(station)[1][0] == "R"
    qtbot.waitUntil(says(panel, "back-azimuth 130°"))


def test_unoriented_and_single_components_are_one_sentence(make_window, tmp_path, qtbot):
    controller = with_pick(make_window(write_record(tmp_path, "Z12")))
    controller.workspace.review.select(["p"])
    panel = show(controller, qtbot, "view.particle_motion", "motion")
    qtbot.waitUntil(says(panel, "The direction of XX.AAA..HH1 is not known"))


def test_one_component_is_one_sentence_and_has_a_spectrum_nevertheless(make_window, tmp_path, qtbot):
    controller = with_pick(make_window(write_record(tmp_path, "Z")))
    controller.workspace.review.select(["p"])
    panel = show(controller, qtbot, "view.particle_motion", "motion")
    qtbot.waitUntil(says(panel, "needs three components; here is only XX.AAA..HHZ"))
    spectrum = show(controller, qtbot, "view.spectrum", "spectrum")
    qtbot.waitUntil(says(spectrum, "of signal"))
    assert {row["component"] for row in rows_of(spectrum)} == {"XX.AAA..HHZ"}


def test_a_clipped_record_has_no_direction(make_window, tmp_path, qtbot):
    controller = with_pick(make_window(write_record(tmp_path, clip=30_000)))
    controller.workspace.review.select(["p"])
    panel = show(controller, qtbot, "view.particle_motion", "motion")
    qtbot.waitUntil(says(panel, "HHZ is clipped"))


def test_spectra_of_a_selection_with_the_noise_before_p(controller, qtbot):
    select(controller, 60.0, 70.0)
    panel = show(controller, qtbot, "view.spectrum", "spectrum")
    qtbot.waitUntil(says(panel, "10 s of noise up to 0.5 s before P at 00:01:00.0"))
    assert "signal above 3 times the noise" in words(panel)
    assert "not filtered" in panel.subject.text()
    rows = rows_of(panel)
    assert {row["component"] for row in rows} == {"XX.AAA..HHZ", "XX.AAA..HHN", "XX.AAA..HHE"}
    assert {row["unit"] for row in rows} == {"counts/Hz"}
    signal = [row for row in rows if row["of"] == "signal" and row["component"].endswith("Z")]
    strongest = max(signal, key=lambda row: float(row["amplitude"]))
    assert float(strongest["frequency_hz"]) == pytest.approx(4.0, rel=0.1)
    panel.choice.setCurrentText("Power")
    qtbot.waitUntil(says(panel, "dB relative to 1 (counts)²/Hz"))
    assert "no usable response" in words(panel)
    assert panel.picture(".png").startswith(b"\x89PNG")


def test_a_selection_has_numbers_that_can_be_copied_and_go_with_it(controller, qtbot):
    section = controller.workspace.inspector.selection
    assert section.isHidden()
    select(controller, 60.0, 70.0)
    qtbot.waitUntil(lambda: section.value("Dominant") != "")
    assert section.value("Dominant").startswith(("3.9", "4", "4.1"))
    assert section.value("Length") == "10 s, 1,001 samples"
    assert section.value("Maximum").endswith("counts")
    assert "before" in section.value("SNR")
    section.copy_button.click()
    copied = dict(line.split("\t") for line in QGuiApplication.clipboard().text().splitlines())
    assert copied["Selection"] == "XX.AAA..HHZ, Detrended"
    assert copied["RMS"] == section.value("RMS")
    qtbot.keyClick(controller.workspace.view, Qt.Key.Key_Escape)
    qtbot.waitUntil(section.isHidden)


def test_a_real_record_has_spectra_and_a_station_with_one_component_no_motion(make_window, qtbot):
    controller = make_window(BAVARIA)
    spectrum = show(controller, qtbot, "view.spectrum", "spectrum")
    qtbot.waitUntil(says(spectrum, "no noise: no P pick"))
    panel = show(controller, qtbot, "view.particle_motion", "motion")
    controller.workspace.view.set_view(*(float(UTCDateTime("2010-05-27T16:24:30")) + t for t in (0, 10)))
    qtbot.waitUntil(says(panel, "needs three components; here is only BW.UH1..SHZ"))
