"""Aligning by cross-correlation in the window: result, stacks, bad traces, and picks moved in one step."""

import numpy as np
import obspy
import pytest
from obspy import UTCDateTime
from obspy.core.inventory import Inventory, Network, Station

from quakeview.analysis.correlation import Window
from quakeview.app.waveforms.correlation_dialog import CorrelationDialog
from quakeview.events.event import Arrival, Event, Origin
from quakeview.monitoring.picks import Pick
from quakeview.project import AddPicks
from quakeview.project.event_edits import ReplaceEvents
from tests.app.program import drop

TIME = UTCDateTime("2019-07-04T17:02:55")
RATE = 100.0
LATE = {"AAA": 0.0, "BBB": 0.12, "CCC": -0.08, "DDD": 0.04, "BAD": 0.0}
"""Seconds by which waves come after their picks."""
WINDOW = Window(0.5, 1.5, 0.3, 0.6)


@pytest.fixture
def controller(make_window, qtbot, tmp_path):
    """Five stations with a P each that was read too early or too late; one records nothing but noise."""
    rng, stream, picks = np.random.default_rng(4), obspy.Stream(), []
    times = np.arange(0, 60, 1 / RATE)
    for number, (code, late) in enumerate(LATE.items()):
        onset = 20.0 + number
        t = times - onset - late
        wave = np.where(t > 0, np.sin(2 * np.pi * 3 * t) * t * np.exp(-3 * np.clip(t, 0, None)), 0.0)
        sign = {"BAD": 0.0, "DDD": -1.0}.get(code, 1.0)
        data = 1e5 * sign * wave + (2e4 if code == "BAD" else 100) * rng.standard_normal(len(times))
        header = {"network": "XX", "station": code, "channel": "HHZ", "starttime": TIME, "sampling_rate": RATE}
        stream += obspy.Trace(data.astype("i4"), header)
        picks.append(Pick(obspy_id(code), "P", TIME + onset, resource_id=code))
    stream.write(str(tmp_path / "event.mseed"), "MSEED")
    controller = make_window([tmp_path / "event.mseed"])
    stations = [Station(code, 35.0 + 0.1 * number, -117.5, 500.0) for number, code in enumerate(LATE)]
    Inventory([Network("XX", stations)], "test").write(str(tmp_path / "stations.xml"), "STATIONXML")
    drop(controller.window, [tmp_path / "stations.xml"])
    qtbot.waitUntil(lambda: bool(controller.session.coordinates) and not controller.window.runner.active)
    arrivals = tuple(Arrival(pick.resource_id, "P", None, None) for pick in picks)
    event = Event(Origin(TIME, 34.9, -117.5, 8000.0, arrivals=arrivals, velocity_model="iasp91"), resource_id="event")
    controller.session.book.apply(AddPicks(picks))
    controller.session.book.apply(ReplaceEvents((), (event,), "Add"))
    with qtbot.waitSignal(controller.workspace.event_traces.arrived):
        controller.workspace.event_traces.open(event)
    return controller


def obspy_id(code: str):
    from quakeview.waveforms.channels import ChannelId

    return ChannelId("XX", code, "", "HHZ")


@pytest.fixture
def correlating(controller, qtbot):
    correlating = controller.workspace.sections.correlating
    correlating.correlate("P", WINDOW)
    qtbot.waitUntil(lambda: correlating.found is not None)
    return correlating


def shifts(controller) -> dict[str, float]:
    return {station.station: shift for station, shift in controller.workspace.view.scene.alignment.shifts.items()}


def test_traces_are_aligned_on_what_fits_best_and_the_bad_one_is_named(controller, correlating):
    found = shifts(controller)
    assert set(found) == {"AAA", "BBB", "CCC", "DDD"}
    assert found["BBB"] - found["AAA"] == pytest.approx(1.12, abs=0.01)
    assert found["CCC"] - found["AAA"] == pytest.approx(1.92, abs=0.01)
    assert controller.registry["view.align_correlation"].isChecked()
    said = correlating.panel.subject.toolTip()
    assert "4 of 5 traces fit each other" in said
    assert "Not used, with their coefficients: XX.BAD" in said
    assert "Reversed polarity: XX.DDD" in said
    assert controller.workspace.view.scene.alignment.label == "s after correlated time"


def test_picks_are_moved_in_one_step_that_can_be_undone(controller, correlating):
    book = controller.session.book
    before = {pick.resource_id: pick.time for pick in book}
    controller.registry["picks.move_correlated"].trigger()
    moved = {pick.resource_id: pick.time - before[pick.resource_id] for pick in book}
    mean = np.mean([LATE[code] for code in ("AAA", "BBB", "CCC", "DDD")])
    for code in ("AAA", "BBB", "CCC", "DDD"):
        assert moved[code] == pytest.approx(LATE[code] - mean, abs=0.01)
    assert moved["BAD"] == 0
    assert not controller.registry["picks.move_correlated"].isEnabled()
    assert "correlated times" in controller.session.project.undo_text
    book.undo()
    assert {pick.resource_id: pick.time for pick in book} == before


def test_pictures_and_numbers_of_the_stations_can_be_saved(correlating):
    assert correlating.panel.picture(".svg").startswith(b"<?xml")
    table = correlating.panel.numbers().decode()
    assert table.startswith("station,phase,shift_s,uncertainty_s,coefficient,reversed,used")
    assert "XX.DDD,P," in table
    row = next(line for line in table.splitlines() if line.startswith("XX.BAD"))
    assert row.endswith("no")


def test_another_alignment_and_a_closed_event_leave_nothing_behind(controller, correlating):
    controller.registry["view.align_none"].trigger()
    assert controller.workspace.view.scene.alignment is None
    assert not controller.registry["view.align_correlation"].isChecked()
    controller.workspace.event_traces.open(None)
    assert correlating.found is None
    assert not controller.registry["picks.move_correlated"].isEnabled()


def test_what_cannot_be_correlated_is_said_in_its_place(controller, qtbot):
    correlating = controller.workspace.sections.correlating
    correlating.correlate("S", WINDOW)
    qtbot.waitUntil(lambda: "at least 3 traces" in correlating.panel.empty.text())
    correlating.correlate("P", Window(19.0, 2.0, 1.0))
    qtbot.waitUntil(lambda: correlating.found is not None)
    assert "XX.AAA..HHZ does not reach" in correlating.panel.subject.toolTip()
    correlating.correlate("P", Window(19.5, 2.0, 1.0))
    qtbot.waitUntil(lambda: correlating.found is None)
    assert "Fewer than 3 traces fit" in correlating.panel.empty.text()
    assert "XX.BBB..HHZ does not reach" in correlating.panel.empty.text()


def test_the_dialog_refuses_a_window_that_makes_no_sense(controller, qtbot):
    dialog = CorrelationDialog("S", WINDOW)
    qtbot.addWidget(dialog)
    assert dialog.chosen() == ("S", WINDOW)
    dialog.lag.setValue(5.0)
    assert "longer than the window" in dialog.said.text()
    assert not dialog.accept_button.isEnabled()
