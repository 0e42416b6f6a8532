"""An event on the traces: opened, followed, closed; its theoretical arrivals."""

import numpy as np
import pytest
from obspy import UTCDateTime
from obspy.core.inventory import Inventory, Network, Station
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QDoubleSpinBox, QSlider

from quakeview.app.traces.picks_layer import residual_text
from quakeview.events.event import Arrival, Event, Magnitude, Origin
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.project import AddPicks
from quakeview.project.event_edits import ReplaceEvents
from quakeview.waveforms.channels import Instrument
from tests.app.conftest import BAVARIA, is_loaded
from tests.app.program import drop
from tests.app.traces.records import drag

TIME = UTCDateTime("2010-05-27T16:24:30")
PLACES = {"UH1": 48.3, "UH2": 48.2, "UH3": 48.1, "UH4": 48.0}

OTHERS = tuple(Event(Origin(TIME + hours * 3600, 48.5, 11.6, 8000.0), resource_id=f"{hours} h") for hours in (1, 2))


def trigger(controller, *action_ids):
    for action_id in action_ids:
        assert controller.registry[action_id].isEnabled(), controller.registry[action_id].toolTip()
        controller.registry[action_id].trigger()


def station_of(controller, code: str) -> Instrument:
    return next(station for station in controller.session.stations if station.station == code)


def names(controller) -> list[str]:
    return [row.station.station for row in controller.workspace.view.scene.rows]


@pytest.fixture
def controller(make_window, qtbot, tmp_path):
    """Four stations in a row, an event south of them with P and S at two, and a pick of no event."""
    controller = make_window(BAVARIA)
    stations = [Station(code, latitude, 11.6, 500.0) for code, latitude in PLACES.items()]
    Inventory([Network("BW", stations)], "test").write(str(tmp_path / "stations.xml"), "STATIONXML")
    drop(controller.window, [tmp_path / "stations.xml"])
    qtbot.waitUntil(lambda: bool(controller.session.coordinates) and not controller.window.runner.active)
    return controller


@pytest.fixture
def event(controller) -> Event:
    channel = {code: controller.session.components(station_of(controller, code))[0][1] for code in PLACES}
    picks = [
        Pick(channel["UH4"], "P", TIME + 2.0, resource_id="p4"),
        Pick(channel["UH4"], "S", TIME + 3.4, resource_id="s4"),
        Pick(channel["UH3"], "P", TIME + 2.9, PickStatus.AUTOMATIC, 0.9, resource_id="p3"),
        Pick(channel["UH1"], "P", TIME + 9.0, PickStatus.AUTOMATIC, 0.3, resource_id="other"),
    ]
    arrivals = (
        Arrival("p4", "P", 0.0, 0.0, 0.02),
        Arrival("s4", "S", 0.0, 0.0, -0.11),
        Arrival("p3", "P", 11_000.0, 0.0, 0.64),
    )
    origin = Origin(TIME, 47.98, 11.6, 8000.0, arrivals=arrivals, velocity_model="iasp91")
    event = Event(origin, (Magnitude("ML", 1.4),), resource_id="event")
    controller.session.book.apply(AddPicks(tuple(picks)))
    controller.session.book.apply(ReplaceEvents((), (event, *OTHERS), "Add Events"))
    return event


@pytest.fixture
def opened(controller, event, qtbot):
    with qtbot.waitSignal(controller.workspace.event_traces.arrived):
        controller.workspace.event_traces.open(event)
    return controller.workspace.event_traces


def test_an_opened_event_is_in_view_with_its_stations_by_distance_and_comes_off_again(controller, event, qtbot):
    view, traces = controller.workspace.view, controller.workspace.event_traces
    assert names(controller) == ["UH1", "UH2", "UH3", "UH4"]
    before = view.view
    with qtbot.waitSignal(traces.arrived):
        traces.open(event)
    assert names(controller) == ["UH4", "UH3", "UH2", "UH1"]
    assert view.scene.rows[1].subtitle == "13 km, 0°"
    first, last = view.view
    assert first < TIME + 2 < TIME + 6 < last < TIME + 15
    assert view.scene.events == ((float(TIME), "M 1.4"),)
    assert set(view.scene.theory) == set(controller.session.stations)
    traces.open(None)
    assert names(controller) == ["UH1", "UH2", "UH3", "UH4"]
    assert view.view == pytest.approx(before)
    assert view.scene.events == ()
    assert view.scene.theory == {}
    assert not controller.registry["view.theory"].isEnabled()


def test_theoretical_arrivals_are_dotted_where_the_model_puts_them_and_hidden_by_a_key(controller, opened, qtbot):
    view = controller.workspace.view
    marks = {mark.phase: mark for mark in view.scene.theory[station_of(controller, "UH1")]}
    assert set(marks) == {"P", "S"}
    distance = 35_600.0
    assert marks["P"].time - float(TIME) == pytest.approx(np.hypot(distance, 8500) / 5800, abs=0.05)
    assert marks["S"].time - float(TIME) == pytest.approx(np.hypot(distance, 8500) / 3360, abs=0.05)
    with_lines = view.grab().toImage()
    qtbot.keyClick(view, Qt.Key.Key_T)
    assert view.scene.theory == {}
    assert view.grab().toImage() != with_lines
    assert controller.session.state["theory"] is False
    trigger(controller, "view.theory")
    assert view.scene.theory


def test_an_event_that_is_moved_takes_its_arrivals_along_and_one_that_is_deleted_closes(
    controller, opened, event, qtbot
):
    view, book = controller.workspace.view, controller.session.book
    there = Origin(TIME + 1, 48.3, 11.6, 8000.0, arrivals=event.origin.arrivals)
    with qtbot.waitSignal(opened.arrived):
        book.apply(ReplaceEvents((), (event.with_(origin=there),), "Move"))
    assert names(controller)[0] == "UH1"
    assert view.scene.events[0][0] == float(TIME + 1)
    book.apply(ReplaceEvents(("event",), (), "Delete"))
    assert opened.opened is None
    assert view.scene.events == ()
    with qtbot.waitSignal(opened.arrived):
        book.undo()
        opened.open(book.events.get("event"))
    assert names(controller)[0] == "UH1"


def test_an_event_without_a_depth_says_that_nothing_can_be_computed(controller, event, qtbot):
    flat = event.with_(origin=Origin(TIME, 48.0, 11.6, None))
    with qtbot.waitSignal(controller.session.noticed) as noticed:
        controller.workspace.event_traces.open(flat)
    assert "depth" in noticed.args[0]
    assert controller.workspace.view.scene.theory == {}


def test_the_project_comes_back_with_its_event_open(controller, opened, qtbot):
    view, path, stretch = controller.workspace.view, controller.session.project.path, controller.workspace.view.view
    trigger(controller, "view.theory")
    controller.sessions.begin()
    assert opened.opened is None
    controller.open([path])
    qtbot.waitUntil(lambda: is_loaded(controller) and bool(opened.theory))
    assert opened.opened.resource_id == "event"
    assert names(controller) == ["UH4", "UH3", "UH2", "UH1"]
    assert view.view == pytest.approx(stretch)
    assert view.scene.theory == {}
    trigger(controller, "view.theory")
    assert view.scene.theory


# --- picks that are shown -----------------------------------------------------------------------------------------


def flags(controller) -> dict[str, object]:
    controller.workspace.view.grab()
    found = {pick_id: controller.workspace.view.scene.picks.flag_of(pick_id) for pick_id in ("p4", "s4", "p3", "other")}
    return {pick_id: flag for pick_id, flag in found.items() if flag is not None}


def test_picks_of_the_opened_event_show_their_residuals_and_the_others_are_pale(controller, event, qtbot):
    view, traces = controller.workspace.view, controller.workspace.event_traces
    view.set_visible_stations(4)
    assert all(flag.residual_width == 0 and not flag.mark.pale for flag in flags(controller).values())
    traces.open(event)
    shown = flags(controller)
    assert residual_text(shown["s4"].mark.residual) == "−0.11 s"
    assert shown["s4"].residual_width > 20
    assert shown["other"].mark.residual is None
    assert [pick_id for pick_id, flag in shown.items() if flag.mark.pale] == ["other"]
    image, place = view.grab().toImage(), shown["p3"].rect
    late = image.pixelColor(round(place.right()) - 3, round(place.center().y()))
    assert late.red() > late.blue()
    view.set_view(view.view[0] - 120, view.view[1] + 120)
    assert 0 < flags(controller)["p4"].residual_width < 10
    traces.open(None)
    assert not any(flag.mark.pale for flag in flags(controller).values())


def test_picks_of_no_event_are_hidden_by_a_key_and_counted(controller, event, qtbot):
    view, button = controller.workspace.view, controller.workspace.picks_button
    view.set_visible_stations(4)
    qtbot.keyClick(view, Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    assert set(flags(controller)) == {"p4", "s4", "p3"}
    assert button.text() == "1 hidden"
    assert len(controller.session.book) == 4
    controller.session.book.apply(ReplaceEvents(("event",), (), "Delete"))
    qtbot.waitUntil(lambda: button.text() == "4 hidden")
    assert not flags(controller)
    qtbot.keyClick(view, Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    assert len(flags(controller)) == 4
    assert button.text() == ""


def test_the_threshold_hides_unsure_automatic_picks_while_it_is_moved(controller, event, qtbot):
    view, button = controller.workspace.view, controller.workspace.picks_button
    view.set_visible_stations(4)
    slider, field = button.menu().findChild(QSlider), button.menu().findChild(QDoubleSpinBox)
    slider.setValue(50)
    assert field.value() == 0.5
    assert set(flags(controller)) == {"p4", "s4", "p3"}
    field.setValue(0.95)
    assert set(flags(controller)) == {"p4", "s4"}
    assert button.text() == "2 hidden"
    path = controller.session.project.path
    controller.sessions.begin()
    assert (field.value(), button.text()) == (0.0, "")
    controller.open([path])
    qtbot.waitUntil(lambda: is_loaded(controller))
    assert field.value() == 0.95
    assert button.text() == "2 hidden"
    slider.setValue(0)
    assert len(flags(controller)) == 4


# --- aligned ------------------------------------------------------------------------------------------------------


def true_times(controller, name: str) -> dict[str, float]:
    """By station: the true time that is shown at the zero of the axis."""
    trigger(controller, name)
    alignment = controller.workspace.view.scene.alignment
    return {station.station: alignment.zero + shift - float(TIME) for station, shift in alignment.shifts.items()}


def test_stations_are_aligned_on_the_origin_p_s_and_theory(controller, opened):
    view = controller.workspace.view
    theory = {(place[1], phase): float(time - TIME) for (place, phase), time in opened.theory.items()}
    assert set(true_times(controller, "view.align_origin").values()) == {0.0}
    assert view.scene.alignment.label == "s after origin"
    p = true_times(controller, "view.align_p")
    assert (p["UH4"], p["UH3"]) == (pytest.approx(2.0), pytest.approx(2.9))
    assert p["UH1"] == pytest.approx(theory["UH1", "P"])
    assert true_times(controller, "view.align_s") == pytest.approx(
        {"UH4": 3.4} | {code: theory[code, "S"] for code in ("UH1", "UH2", "UH3")}
    )
    assert true_times(controller, "view.align_theory_p") == pytest.approx({code: theory[code, "P"] for code in PLACES})
    assert view.view[0] < view.scene.alignment.zero < view.view[1]
    trigger(controller, "view.align_none")
    assert view.scene.alignment is None


def test_a_pick_set_on_an_aligned_trace_is_at_the_true_time(controller, opened, qtbot):
    view, book, session = controller.workspace.view, controller.session.book, controller.session
    view.set_visible_stations(4)
    trigger(controller, "view.align_p")
    row = view.component_of(session.components(station_of(controller, "UH1"))[0][1])
    shift = view.shift_of(row.channel_id)
    assert shift > 3
    place = QPoint(round(row.rect.left() + 0.4 * row.rect.width()), round(row.rect.center().y()))
    heard = []
    view.cursorMoved.connect(lambda *told: heard.append(told))
    qtbot.mouseMove(view, place + QPoint(4, 0))
    qtbot.mouseMove(view, place)
    qtbot.keyClick(view, Qt.Key.Key_S)
    pick = next(pick for pick in book if pick.phase == "S" and pick.channel_id == row.channel_id)
    assert pick.time.ns / 1e9 == pytest.approx(view.time_at(place.x()) + shift, abs=1e-3)
    assert heard[-1][1] == pytest.approx(pick.time.ns / 1e9, abs=1e-3)
    (record,) = session.records[row.channel_id]
    assert heard[-1][2] == record.value(round((float(pick.time) - float(record.start)) * record.sampling_rate))
    trigger(controller, "view.align_none")
    flag = flags_of(controller, pick.resource_id)
    assert flag.line.x1() == pytest.approx(view.x_at(pick.time.ns / 1e9), abs=1)


def flags_of(controller, pick_id: str) -> object:
    controller.workspace.view.show_pick(pick_id)
    controller.workspace.view.grab()
    return controller.workspace.view.scene.picks.flag_of(pick_id)


def test_overview_and_spectrogram_follow_the_channel_at_its_own_time(controller, opened):
    workspace = controller.workspace
    view = workspace.view
    trigger(controller, "view.align_p")
    channel = controller.session.components(station_of(controller, "UH1"))[0][1]
    view.channelClicked.emit(channel)
    shift = view.shift_of(channel)
    assert workspace.overview._window == pytest.approx((view.view[0] + shift, view.view[1] + shift))
    assert workspace.spectrogram.panel.view[0] == pytest.approx(view.view[0] + shift)
    workspace.overview.windowChanged.emit(float(TIME) + 2, float(TIME) + 6)
    assert view.view == pytest.approx((float(TIME) + 2 - shift, float(TIME) + 6 - shift))


def test_a_p_that_is_moved_stays_at_zero_and_the_alignment_goes_with_the_event(controller, opened, qtbot):
    view, book = controller.workspace.view, controller.session.book
    trigger(controller, "view.align_p")
    controller.workspace.review.editor.move("p3", float(TIME) + 3.4)
    qtbot.waitUntil(lambda: true_times(controller, "view.align_p")["UH3"] == pytest.approx(3.4))
    opened.open(None)
    assert view.scene.alignment is None
    with qtbot.waitSignal(opened.arrived):
        opened.open(book.events.get("event"))
    assert view.scene.alignment.label == "s after P"


# --- fewer traces -------------------------------------------------------------------------------------------------


def test_verticals_alone_come_back_with_the_project(controller, qtbot):
    view = controller.workspace.view
    assert len(view.scene.channel_ids()) == 6
    qtbot.keyClick(view, Qt.Key.Key_V)
    assert [letter for row in view.scene.rows for letter, _ in row.channels] == ["Z"] * 4
    path = controller.session.project.path
    controller.sessions.begin()
    assert not controller.registry["view.vertical_only"].isChecked()
    controller.open([path])
    qtbot.waitUntil(lambda: is_loaded(controller))
    assert len(view.scene.channel_ids()) == 4
    trigger(controller, "view.vertical_only")
    assert len(view.scene.channel_ids()) == 6


def test_a_station_is_hidden_for_a_while(controller, qtbot):
    view = controller.workspace.view
    assert not controller.registry["view.hide_station"].isEnabled()
    controller.workspace._choose_station(station_of(controller, "UH2"))
    qtbot.keyClick(view, Qt.Key.Key_H)
    assert names(controller) == ["UH1", "UH3", "UH4"]
    assert view.current_channel.station == "UH3"
    qtbot.keyClick(view, Qt.Key.Key_H)
    assert names(controller) == ["UH1", "UH4"]
    assert len(controller.session.stations) == 4
    qtbot.keyClick(view, Qt.Key.Key_H, Qt.KeyboardModifier.ShiftModifier)
    assert names(controller) == ["UH1", "UH2", "UH3", "UH4"]
    assert not controller.registry["view.show_stations"].isEnabled()


def test_a_station_is_found_by_a_part_of_its_name(controller, qtbot):
    view, search = controller.workspace.view, controller.workspace.stations_shown.search
    view.set_visible_stations(1)
    trigger(controller, "view.find_station")
    assert search.isVisible()
    qtbot.keyClicks(search, "uh3")
    assert search.completer().completionCount() == 1
    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert not search.isVisible()
    assert view.current_channel.station == "UH3"
    assert view.bands[0].row.station.station == "UH3"
    trigger(controller, "view.find_station")
    qtbot.keyClicks(search, "nowhere")
    with qtbot.waitSignal(controller.workspace.stations_shown.said) as said:
        qtbot.keyClick(search, Qt.Key.Key_Return)
    assert "nowhere" in said.args[0]
    trigger(controller, "view.find_station")
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert not search.isVisible()
    assert view.current_channel.station == "UH3"


def test_an_amplitude_is_read_where_the_cursor_is_seen_on_the_trace_and_sizes_the_event(
    controller, opened, qtbot, tmp_path
):
    book, view = controller.session.book, controller.workspace.view
    channel = controller.session.components(station_of(controller, "UH3"))[1][1]
    gains = [f"BW.{code},{latitude},11.6,500,4e8" for code, latitude in PLACES.items()]
    lines = "\n".join(["id,latitude,longitude,elevation_m,gain_counts_per_m_s", *gains])
    (tmp_path / "gains.csv").write_text(lines)
    controller.open([tmp_path / "gains.csv"])
    qtbot.waitUntil(lambda: bool(controller.session.metadata.response_kind(channel, TIME)))
    view.set_current_channel(channel)
    time = view.cursor_position[1]
    trigger(controller, "events.amplitude")
    qtbot.waitUntil(lambda: bool(book.events.get("event").amplitudes))
    (amplitude,) = book.events.get("event").amplitudes
    assert (amplitude.channel_id, amplitude.manual) == (channel, True)
    assert amplitude.time - UTCDateTime(time) == pytest.approx(0, abs=0.02)
    assert book.events.get("event").magnitude.author in ("", "QuakeView")
    ours = [magnitude for magnitude in book.events.get("event").magnitudes if magnitude.author == "QuakeView"]
    assert [magnitude.stations for magnitude in ours] == [1]
    station = station_of(controller, "UH3")

    def shown() -> list[float]:
        return [mark.time for mark in view.scene.theory[station] if mark.phase == "A"]

    qtbot.waitUntil(lambda: shown() == pytest.approx([float(amplitude.time)]))
    view.show_station(station)
    view.grab()
    row = view.component_of(channel)
    place = QPointF(view.x_at(amplitude.time.ns / 1e9), row.rect.center().y())
    drag(qtbot, view, place.toPoint(), place.toPoint() + QPoint(30, 0))
    qtbot.waitUntil(lambda: book.events.get("event").amplitudes[0].time != amplitude.time)
    (dragged,) = book.events.get("event").amplitudes
    assert dragged.time - amplitude.time == pytest.approx(view.time_at(30) - view.time_at(0), abs=0.05)
    assert dragged.value != amplitude.value
    controller.registry["edit.undo"].trigger()
    assert book.events.get("event").amplitudes == (amplitude,)
    controller.registry["edit.undo"].trigger()
    assert not book.events.get("event").amplitudes


def test_where_no_amplitude_can_be_read_the_sentence_says_why(controller, opened, qtbot):
    said = []
    controller.session.noticed.connect(lambda sentence, _: said.append(sentence))
    controller.workspace.view.set_current_channel(controller.session.components(station_of(controller, "UH3"))[1][1])
    trigger(controller, "events.amplitude")
    qtbot.waitUntil(lambda: bool(said))
    assert "the metadata do not know it" in said[0]
