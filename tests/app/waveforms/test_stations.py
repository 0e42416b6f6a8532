"""Stations in the window: their files are opened, their places shown, and what is missing or contradictory is told."""

import numpy as np
import obspy
import pytest
from obspy import UTCDateTime
from obspy.clients.fdsn.header import FDSNNoServiceException
from obspy.core.event import Catalog, Event, Origin
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from quakeview.app.waveforms.station_download import DownloadDialog
from quakeview.app.waveforms.stations_table import COLUMNS
from tests.app.conftest import BAVARIA
from tests.app.program import drop

PLACES = "id,lat,lon,elevation_m\nBW.UH1,48.3,11.6,500\nBW.UH2,48.2,11.6,510\nBW.UH3,48.1,11.6,520\n"


@pytest.fixture
def controller(make_window):
    return make_window(BAVARIA)


def notices(controller):
    return [(said.sentence, said.more) for said in controller.workspace.notice._said]


def cells(controller, column):
    """Of the table of stations, by station code."""
    rows = controller.workspace.stations.model.rows
    return {row.station.station: controller.workspace.stations.model.text(row, column) for row in rows}


def drop_text(controller, path, text):
    path.write_text(text)
    drop(controller.window, [path])


def test_a_station_list_is_opened_and_what_it_lacks_is_told(controller, qtbot, tmp_path):
    assert notices(controller) == []
    assert set(cells(controller, "Response").values()) == {""}
    drop_text(controller, tmp_path / "stations.csv", PLACES)
    qtbot.waitUntil(lambda: bool(notices(controller)))
    assert notices(controller) == [
        ("3 stations, no responses came from stations.csv.", ["1 station has no coordinates: BW.UH4."])
    ]
    qtbot.waitUntil(lambda: cells(controller, "Latitude (°)")["UH1"] == "48.3000")
    assert cells(controller, "Elevation (m)") == {"UH1": "500", "UH2": "510", "UH3": "520", "UH4": ""}
    assert set(cells(controller, "Response").values()) == {"none"}
    assert "Its coordinates are not known." in cells(controller, "Data")["UH4"]
    assert not controller.session.book.picks()


def test_with_an_event_stations_have_a_distance_and_an_azimuth(controller, qtbot, tmp_path):
    drop_text(controller, tmp_path / "stations.csv", PLACES)
    origin = Origin(time=UTCDateTime("2010-05-27T16:24:30"), latitude=48.15, longitude=11.6)
    Catalog([Event(origins=[origin])]).write(str(tmp_path / "event.xml"), "QUAKEML")
    drop(controller.window, [tmp_path / "event.xml"])
    qtbot.waitUntil(lambda: controller.session.earthquake is not None)
    qtbot.waitUntil(lambda: cells(controller, "Distance (km)")["UH1"] == "16.7")
    assert cells(controller, "Azimuth (°)") == {"UH1": "0", "UH2": "0", "UH3": "180", "UH4": ""}
    controller.workspace._choose_station(next(s for s in controller.session.stations if s.station == "UH1"))
    section = controller.workspace.inspector.station_section
    assert section.value("Latitude") == "48.3000°"
    assert section.value("Distance") == "16.7 km"
    assert section.value("Back-azimuth") == "180°"
    assert COLUMNS.index("Distance (km)") < COLUMNS.index("Data")


def test_a_gain_and_stages_are_told_apart_and_contradictions_are_details(controller, qtbot, tmp_path):
    drop_text(controller, tmp_path / "a.csv", "id,lat,lon,elevation_m,gain_counts_per_m_s\nBW.UH1,48.3,11.6,500,1e9\n")
    qtbot.waitUntil(lambda: cells(controller, "Response")["UH1"] == "gain only")
    drop_text(controller, tmp_path / "b.csv", "id,lat,lon,elevation_m\nBW.UH1,48.4,11.6,500\n")
    qtbot.waitUntil(lambda: len(notices(controller)) == 2)
    sentence, more = notices(controller)[-1]
    assert sentence == "1 station, no responses came from b.csv."
    assert more[0] == "BW.UH1 stands 11.1 km apart in a.csv and b.csv; b.csv is believed."


def test_a_folder_with_its_station_list_is_opened_at_once(make_window, qtbot, tmp_path):
    folder = tmp_path / "records"
    folder.mkdir()
    obspy.read().write(str(folder / "a.mseed"), "MSEED")
    (folder / "stations.csv").write_text("id,lat,lon,elevation_m\nBW.RJOB,47.74,12.8,860\n")
    controller = make_window([folder])
    qtbot.waitUntil(lambda: not controller.window.runner.active)
    assert controller.session.coordinates == {("BW", "RJOB"): (47.74, 12.8, 860.0)}
    assert notices(controller) == [("1 station, no responses came from stations.csv.", [])]


# --- as what the traces are shown --------------------------------------------------------------------------------


def is_shown(controller, unit):
    """Every trace has been read anew and has this unit."""
    view = controller.workspace.view
    drawn = controller.session.records
    return not controller.window.runner.active and all(view.scene.unit_of(channel) == unit for channel in drawn)


def with_gains(controller, qtbot, tmp_path, codes=("UH1", "UH2", "UH3", "UH4")):
    lines = [f"BW.{code},48.{number},11.6,500,1e9" for number, code in enumerate(codes)]
    text = "\n".join(["id,lat,lon,elevation_m,gain_counts_per_m_s", *lines])
    drop_text(controller, tmp_path / "gains.csv", text)
    qtbot.waitUntil(lambda: bool(controller.session.coordinates))


def test_ground_motion_needs_metadata_and_has_its_unit_everywhere(controller, qtbot, tmp_path):
    action = controller.registry["view.velocity"]
    assert not action.isEnabled()
    assert "Open station metadata" in action.toolTip()
    with_gains(controller, qtbot, tmp_path)
    channel = controller.workspace.view.scene.channel_ids()[0]
    counts = controller.session.records[channel][0].data
    action.trigger()
    qtbot.waitUntil(lambda: is_shown(controller, "m/s"))
    velocity = controller.session.records[channel][0].data
    assert np.nanmax(np.abs(velocity)) == pytest.approx(1e-9 * np.nanmax(np.abs(counts - np.median(counts))), rel=0.5)
    time = controller.workspace.view.view[0] + 1
    said = []
    controller.workspace.statusChanged.connect(said.append)
    controller.workspace._describe_cursor(channel, time, 2.5e-6)
    assert said[-1].endswith("2.5 µm/s")
    controller.registry["view.counts"].trigger()
    qtbot.waitUntil(lambda: is_shown(controller, "counts"))
    assert np.array_equal(controller.session.records[channel][0].data, counts, equal_nan=True)


def test_what_is_shown_stays_with_the_filter_and_the_inspector_says_it(controller, qtbot, tmp_path):
    with_gains(controller, qtbot, tmp_path)
    controller.registry["view.wood_anderson"].trigger()
    qtbot.waitUntil(lambda: is_shown(controller, "m"))
    controller.workspace.filter.choose(2.0, 10.0)
    records = controller.session.records
    qtbot.waitUntil(lambda: is_shown(controller, "m") and all(r[0].filter.low == 2.0 for r in records.values()))
    controller.workspace._choose_station(next(iter(controller.session.stations)))
    assert controller.workspace.inspector.station_section.value("Shown as").startswith("Wood-Anderson, ")
    assert controller.registry["view.wood_anderson"].isChecked()
    assert not controller.registry["view.counts"].isChecked()


def test_channels_without_a_response_stay_in_counts_and_say_so(controller, qtbot, tmp_path):
    with_gains(controller, qtbot, tmp_path, codes=("UH1", "UH2"))
    controller.registry["view.displacement"].trigger()
    qtbot.waitUntil(lambda: any("no usable response" in sentence for sentence, _ in notices(controller)))
    scene = controller.workspace.view.scene
    units = {channel.station: scene.unit_of(channel) for channel in scene.channel_ids()}
    assert units == {"UH1": "m", "UH2": "m", "UH3": "counts", "UH4": "counts"}
    notes = {channel.station: scene.notes.get(channel, "") for channel in scene.channel_ids()}
    assert notes["UH1"] == ""
    assert notes["UH3"] == "in counts: no usable response"


def test_horizontals_are_rotated_when_an_event_is_known_and_say_so(make_window, qtbot, tmp_path):
    folder = tmp_path / "records"
    folder.mkdir()
    obspy.read().write(str(folder / "a.mseed"), "MSEED")
    controller = make_window([folder])
    rotate = controller.registry["view.rotate"]
    assert not rotate.isEnabled()
    drop_text(controller, tmp_path / "stations.csv", "id,lat,lon,elevation_m\nBW.RJOB,47.74,12.8,860\n")
    origin = Origin(time=UTCDateTime("2009-08-24T00:20:03"), latitude=46.74, longitude=12.8)
    Catalog([Event(origins=[origin])]).write(str(tmp_path / "event.xml"), "QUAKEML")
    drop(controller.window, [tmp_path / "event.xml"])
    qtbot.waitUntil(lambda: controller.session.earthquake is not None)
    records = controller.session.records
    north = next(channel for channel in records if channel.channel == "EHN")
    before = records[north][0].data
    rotate.trigger()
    qtbot.waitUntil(lambda: not controller.window.runner.active)
    (row,) = controller.workspace.view.scene.rows
    assert [letter for letter, _ in row.channels] == ["Z", "R", "T"]
    radial = controller.session.records[north][0].data
    assert radial == pytest.approx(before, rel=1e-3, abs=1)  # the event is south of the station: away is north
    said = []
    controller.workspace.statusChanged.connect(said.append)
    controller.workspace._describe_cursor(north, 0.0, 1.0)
    assert said[-1].startswith("BW.RJOB..EH R")
    rotate.trigger()
    qtbot.waitUntil(lambda: not controller.window.runner.active)
    assert [letter for letter, _ in controller.workspace.view.scene.rows[0].channels] == ["Z", "N", "E"]


def test_counts_and_ground_motion_have_no_common_scale(controller, qtbot, tmp_path):
    with_gains(controller, qtbot, tmp_path, codes=("UH1", "UH2"))
    controller.registry["view.velocity"].trigger()
    controller.registry["view.common_scale"].trigger()
    qtbot.waitUntil(lambda: any("no usable response" in sentence for sentence, _ in notices(controller)))
    view = controller.workspace.view
    view.grab()
    scales = {channel.station: found.full_scale for channel, found in view.scene.amplitudes.items()}
    assert scales["UH1"] == scales["UH2"] < 1e-3
    assert scales["UH3"] == scales["UH4"] > 1


# --- from a data centre ------------------------------------------------------------------------------------------


@pytest.fixture
def centre(monkeypatch):
    """A data centre that knows what ObsPy's example inventory has, and a place to save it."""

    class Client:
        def get_stations_bulk(self, bulk, level):
            codes = [(network, station) for network, station, *_ in bulk]
            assert codes == [("BW", "RJOB")]
            return obspy.read_inventory().select(network="BW", station="RJOB")

    monkeypatch.setattr("quakeview.stations.fdsn._client", lambda name: Client())


def ask_for_stations(controller, qtbot):
    controller.registry["file.download_stations"].trigger()
    (dialog,) = controller.window.findChildren(DownloadDialog)
    qtbot.waitExposed(dialog)
    return dialog


def test_stations_are_downloaded_saved_and_opened(make_window, qtbot, tmp_path, centre, monkeypatch):
    folder = tmp_path / "records"
    folder.mkdir()
    obspy.read().write(str(folder / "a.mseed"), "MSEED")
    controller = make_window([folder])
    path = tmp_path / "saved.xml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    dialog = ask_for_stations(controller, qtbot)
    assert [dialog.which.itemText(row) for row in range(dialog.which.count())] == [
        "1 station without coordinates",
        "1 station without a response",
        "All that are open: 1 station",
    ]
    dialog.centre.setCurrentText("")
    assert not dialog.accept_button.isEnabled()
    dialog.centre.setCurrentText("GEOFON")
    qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: ("BW", "RJOB") in controller.session.coordinates)
    assert path.is_file()
    qtbot.waitUntil(lambda: bool(notices(controller)))
    assert notices(controller)[-1][0] == "1 station, 3 channels with response came from saved.xml."
    qtbot.waitUntil(lambda: cells(controller, "Response") == {"RJOB": "yes"})


def test_without_a_network_one_sentence_is_said_and_nothing_is_written(controller, qtbot, tmp_path, monkeypatch):
    def no_network(name):
        raise FDSNNoServiceException("No FDSN services could be discovered")

    monkeypatch.setattr("quakeview.stations.fdsn._client", no_network)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "saved.xml"), ""))
    dialog = ask_for_stations(controller, qtbot)
    failures = []
    controller.window.runner.failed.connect(lambda job: failures.append(job.error))
    dialog.accept()
    qtbot.waitUntil(lambda: bool(failures))
    assert failures == ["EARTHSCOPE could not be reached; check the network connection, or choose another data centre."]
    assert not (tmp_path / "saved.xml").exists()
