"""Response and metadata of the selected station."""

import numpy as np
import pytest
from obspy import UTCDateTime
from obspy.core.inventory import Channel, Inventory, Network, Response, Station
from obspy.core.inventory.util import Equipment
from PySide6.QtWidgets import QApplication

from quakeview.app.waveforms.response_dialog import ResponseDialog
from tests.app.conftest import BAVARIA
from tests.app.program import drop


@pytest.fixture
def controller(make_window, qtbot, tmp_path):
    """UH1 has two epochs with a response, UH2 none."""
    controller = make_window(BAVARIA)
    omega = 2 * np.pi / 20.0
    poles = [omega * complex(-0.7, 0.714), omega * complex(-0.7, -0.714)]

    def channel(gain: float, start: str, end: str) -> Channel:
        response = Response.from_paz([0j, 0j], poles, gain, 1.0, input_units="M/S", output_units="COUNTS")
        place = {"latitude": 48.3, "longitude": 11.6, "elevation": 500.0, "depth": 0.0}
        dates = {"start_date": UTCDateTime(start), "end_date": UTCDateTime(end)}
        sensor = Equipment(description=f"Seismometer of gain {gain:g}")
        return Channel(
            "SHZ", "", response=response, sample_rate=200.0, azimuth=0.0, dip=-90.0, sensor=sensor, **place, **dates
        )

    epochs = [channel(100.0, "2000-01-01", "2008-01-01"), channel(900.0, "2008-01-01", "2020-01-01")]
    stations = [Station("UH1", 48.3, 11.6, 500.0, channels=epochs), Station("UH2", 48.2, 11.6, 500.0)]
    Inventory([Network("BW", stations)], "test").write(str(tmp_path / "stations.xml"), "STATIONXML")
    drop(controller.window, [tmp_path / "stations.xml"])
    qtbot.waitUntil(lambda: bool(controller.session.coordinates) and not controller.window.runner.active)
    return controller


def dialog_of(controller, qtbot, code: str) -> ResponseDialog:
    channel = next(each for each in controller.session.channels if each.station == code and each.channel.endswith("Z"))
    controller.workspace.view.set_current_channel(channel)
    controller.registry["view.response"].trigger()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ResponseDialog))
    return QApplication.activeModalWidget()


def test_the_epoch_of_the_record_is_shown_and_another_can_be_chosen(controller, qtbot):
    dialog = dialog_of(controller, qtbot, "UH1")
    qtbot.waitUntil(lambda: dialog.plot._shown is not None)
    assert dialog.epoch.currentText().startswith("2008-01-01")
    assert "Seismometer of gain 900" in dialog.facts.text()
    assert "2 poles and 2 zeros" in dialog.facts.text()
    assert np.interp(2.0, dialog.plot._shown.frequency, dialog.plot._shown.amplitude) == pytest.approx(900, rel=0.01)
    assert "0.0495 Hz" in dialog.plot.heading
    assert "200 samples per second, the record has 50" in dialog.problem.text()
    dialog.epoch.setCurrentIndex(0)
    qtbot.waitUntil(lambda: dialog.plot._shown.amplitude.max() < 200)
    assert "Seismometer of gain 100" in dialog.facts.text()
    assert dialog.panel.numbers().startswith(b"frequency_hz,amplitude_counts_per_m/s,phase_deg")
    assert dialog.panel.picture(".png").startswith(b"\x89PNG")
    dialog.reject()


def test_a_station_without_metadata_says_what_to_do(controller, qtbot):
    dialog = dialog_of(controller, qtbot, "UH2")
    qtbot.waitUntil(lambda: dialog.panel.empty.text() not in ("", "Computing…"))
    assert "do not know" in dialog.panel.empty.text()
    assert not dialog.epoch.isVisible()
    dialog.reject()
