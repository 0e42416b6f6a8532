"""What one station alone says, asked by a key: inspector, map, and the polarity given to the pick."""

import numpy as np
import pytest
from obspy import UTCDateTime
from obspy.core.inventory import Inventory, Network, Station

from quakeview.monitoring.picks import Pick, Polarity
from quakeview.project import AddPicks
from quakeview.waveforms.channels import Instrument
from tests.app.conftest import BAVARIA
from tests.app.program import drop

P = UTCDateTime("2010-05-27T16:24:33.3")
S = P + 1.1


@pytest.fixture
def controller(make_window, qtbot, tmp_path):
    """Four stations with places; UH3 has a P and an S, UH2 a P alone."""
    controller = make_window(BAVARIA)
    places = {"UH1": 48.3, "UH2": 48.2, "UH3": 48.1, "UH4": 48.0}
    stations = [Station(code, latitude, 11.6, 500.0) for code, latitude in places.items()]
    Inventory([Network("BW", stations)], "test").write(str(tmp_path / "stations.xml"), "STATIONXML")
    drop(controller.window, [tmp_path / "stations.xml"])
    qtbot.waitUntil(lambda: bool(controller.session.coordinates) and not controller.window.runner.active)
    channel = {code: controller.session.components(station_of(controller, code))[0][1] for code in places}
    picks = (
        Pick(channel["UH3"], "P", P, resource_id="p3"),
        Pick(channel["UH3"], "S", S, resource_id="s3"),
        Pick(channel["UH2"], "P", P + 0.2, resource_id="p2"),
    )
    controller.session.book.apply(AddPicks(picks))
    return controller


def station_of(controller, code: str) -> Instrument:
    return next(station for station in controller.session.stations if station.station == code)


def ask(controller, qtbot, pick_id: str) -> None:
    controller.workspace.review.select([pick_id])
    controller.registry["picks.characterise"].trigger()
    qtbot.waitUntil(lambda: controller.workspace.alone.shown is not None)


def test_distance_direction_and_first_motion_stand_in_the_inspector_and_the_region_on_the_map(controller, qtbot):
    ask(controller, qtbot, "p3")
    section = controller.workspace.inspector.alone
    assert section.isVisibleTo(controller.workspace.inspector)
    assert "km (rule: S−P, iasp91" in section.value("Distance")
    assert "needs the response" in section.value("Magnitude")
    assert "No model for single stations" in section.value("Network")
    region = controller.workspace.events.map.shown.region
    (outer, *_) = region.outline
    assert np.abs(outer[:, 1] - 48.1).max() < 0.3  # about UH3, some km around it


def test_the_region_is_painted(controller, qtbot):
    controller.registry["view.map"].trigger()
    ask(controller, qtbot, "p3")
    map_ = controller.workspace.events.map
    with_region = map_.map.grab().toImage()
    map_.set_region(None)
    assert map_.map.grab().toImage() != with_region


def test_the_polarity_that_was_found_is_given_to_the_pick_in_one_step(controller, qtbot):
    ask(controller, qtbot, "p3")
    found = controller.workspace.alone.shown.answers["polarity"].best.polarity
    controller.registry["picks.use_polarity"].trigger()
    assert controller.session.book.get("p3").polarity is found
    assert found in (Polarity.UP, Polarity.DOWN, Polarity.UNDECIDABLE)
    controller.registry["edit.undo"].trigger()
    assert controller.session.book.get("p3").polarity is None


def test_without_an_s_the_distance_is_a_sentence_and_nothing_is_on_the_map(controller, qtbot):
    ask(controller, qtbot, "p2")
    section = controller.workspace.inspector.alone
    assert section.value("Distance").startswith("There is no S pick")
    assert section.value("First motion")
    assert controller.workspace.events.map.shown.region is None


def test_an_answer_goes_when_its_pick_is_deleted_and_comes_anew_when_it_is_moved(controller, qtbot):
    ask(controller, qtbot, "p3")
    alone = controller.workspace.alone
    before = alone.shown.answers["distance"].best.value
    controller.workspace.review.editor.move("s3", S.timestamp + 1.0)
    qtbot.waitUntil(lambda: alone.shown is not None and alone.shown.answers["distance"].best.value > before)
    controller.workspace.review.editor.delete(["p3"])
    qtbot.waitUntil(lambda: alone.shown is None)
    assert not controller.workspace.inspector.alone.isVisibleTo(controller.workspace.inspector)
    assert controller.workspace.events.map.shown.region is None


def test_the_station_that_was_clicked_is_asked_though_a_pick_of_another_one_is_selected(controller, qtbot):
    ask(controller, qtbot, "p3")
    channel = controller.session.components(station_of(controller, "UH2"))[0][1]
    controller.workspace.view.channelClicked.emit(channel)
    assert controller.workspace.alone.shown is None  # what UH3 said is no longer there
    controller.registry["picks.characterise"].trigger()
    qtbot.waitUntil(lambda: controller.workspace.alone.shown is not None)
    assert controller.workspace.alone.shown.station.station == "UH2"


def test_a_station_without_a_p_cannot_be_asked_and_the_action_says_why(controller):
    station = controller.session.components(station_of(controller, "UH4"))[0][1]
    controller.workspace.view.channelClicked.emit(station)
    controller.workspace.view.set_current_channel(station)
    controller.registry.refresh()
    action = controller.registry["picks.characterise"]
    assert not action.isEnabled()
    assert "no P pick" in action.toolTip()
