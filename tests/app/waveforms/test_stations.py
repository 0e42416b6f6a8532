"""Stations in the window: their files are opened, their places shown, and what is missing or contradictory is told."""

import obspy
import pytest
from obspy import UTCDateTime
from obspy.core.event import Catalog, Event, Origin

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
