"""The helicorder in the place of the traces: a day of the current channel, its days, channels and marks."""

import numpy as np
import obspy
import pytest
from obspy import UTCDateTime
from PySide6.QtCore import QPoint, Qt

from quakeview.analysis.helicorder import DAY
from quakeview.events.event import Event, EventStatus, Magnitude, Origin
from quakeview.monitoring.picks import Pick
from quakeview.project import AddPicks
from quakeview.project.event_edits import ReplaceEvents

DAY_ONE = UTCDateTime("2019-07-04")
RATE = 2.0
GAP = 10 * 3600.0, 11 * 3600.0
SHAKEN = 5 * 3600.0


@pytest.fixture
def controller(make_window, qtbot, tmp_path):
    """Two days of three components: a gap on the first, a strong earthquake, and a low rumble."""
    rng, n = np.random.default_rng(1), round(1.9 * DAY * RATE)
    stream = obspy.Stream()
    for letter in "ZNE":
        data = 20 * rng.standard_normal(n) + 400 * np.sin(2 * np.pi * np.arange(n) / RATE / 40)
        shaken = slice(round(SHAKEN * RATE), round((SHAKEN + 120) * RATE))
        data[shaken] += 1e5 * rng.standard_normal(shaken.stop - shaken.start)
        header = {"network": "CI", "station": "TOW2", "channel": f"HH{letter}", "starttime": DAY_ONE}
        trace = obspy.Trace(data.astype("i4"), {**header, "sampling_rate": RATE})
        stream += trace.slice(endtime=DAY_ONE + GAP[0])
        stream += trace.slice(starttime=DAY_ONE + GAP[1])
    stream.write(str(tmp_path / "days.mseed"), "MSEED")
    controller = make_window([tmp_path / "days.mseed"])
    controller.window.resize(1100, 700)
    controller.workspace.view.set_view(float(DAY_ONE) + 3600, float(DAY_ONE) + 3900)
    return controller


@pytest.fixture
def page(controller, qtbot):
    page = controller.workspace.sections.helicorder
    with qtbot.waitSignal(page.drum.drawn):
        controller.registry["view.helicorder"].trigger()
    return page


def row_of(page, time: float) -> QPoint:
    return page.drum.frame().point(time).toPoint()


def test_a_day_of_the_current_channel_takes_the_place_of_the_traces(controller, page):
    assert page.drum.isVisible()
    assert not controller.workspace.view.isVisible()
    assert page.drum.drum.day == float(DAY_ONE)
    assert "CI.TOW2..HHZ" in page.title.text()
    assert "2019-07-04" in page.title.text()
    assert "counts" in page.scale.text()


def test_gaps_are_blank_and_what_was_recorded_is_drawn(controller, page):
    image, frame = page.drum.grab().toImage(), page.drum.frame()
    scale = image.devicePixelRatio()

    def ink(hours: float) -> int:
        """Pixels that are not of the page, around a row of fifteen minutes."""
        point = frame.point(float(DAY_ONE) + hours * 3600 + 30)
        area = [(point.x() + dx, point.y() + dy) for dx in range(8, 60) for dy in (-1, 0, 1)]
        colours = [image.pixelColor(round(x * scale), round(y * scale)) for x, y in area]
        return sum(colour.lightness() < 170 for colour in colours)

    assert ink(10.5) == 0
    assert ink(13.0) > 50


def test_a_click_leads_to_the_traces_at_that_time(controller, page, qtbot):
    time = float(DAY_ONE) + 9 * 3600 + 400
    qtbot.mouseClick(page.drum, Qt.MouseButton.LeftButton, pos=row_of(page, time))
    view = controller.workspace.view
    assert view.isVisible()
    assert not controller.registry["view.helicorder"].isChecked()
    first, last = view.view
    assert last - first == pytest.approx(300)
    assert abs((first + last) / 2 - time) < 900 / page.drum.plot_rect().width() + 1


def test_page_keys_show_the_days_and_the_keys_of_the_traces_the_channels(controller, page, qtbot):
    with qtbot.waitSignal(page.drum.drawn):
        qtbot.keyClick(page.drum, Qt.Key.Key_PageDown)
    assert page.drum.drum.day == float(DAY_ONE) + DAY
    with qtbot.waitSignal(page.drum.drawn):
        qtbot.keyClick(page.drum, Qt.Key.Key_PageUp)
    assert page.drum.drum.day == float(DAY_ONE)
    top = controller.workspace.view.scene.channel_ids()[0]
    controller.workspace.view.set_current_channel(top)
    with qtbot.waitSignal(page.drum.drawn):
        qtbot.keyClick(page.drum, Qt.Key.Key_Down)
    assert page.channel.channel == "HHN"
    assert str(page.channel) in page.title.text()


def test_another_filter_is_applied_to_the_day(controller, page, qtbot):
    loud = page.drum.drum.full_scale
    with qtbot.waitSignal(page.drum.drawn):
        controller.workspace.filter.choose(0.3, None)
    assert page.drum.drum.full_scale < loud / 5
    assert "> 0.3 Hz" in page.title.text()


def test_rows_heights_and_colours_are_chosen_and_come_back(controller, page, qtbot):
    with qtbot.waitSignal(page.drum.drawn):
        page.minutes.setCurrentIndex(4)
        page.minutes.activated.emit(4)
    assert len(page.drum.drum.low) == 24
    before = page.drum.grab().toImage()
    qtbot.keyClick(page.drum, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert page.drum.style_.gain == pytest.approx(1.25)
    assert page.drum.grab().toImage() != before
    page.alternating.click()
    assert controller.session.state["helicorder_minutes"] == 60
    assert controller.session.state["helicorder_colours"] is False
    page._follow_state()
    assert page.minutes.currentText() == "60 min rows"
    assert not page.alternating.isChecked()


def test_picks_and_events_are_marked_and_follow_edits(controller, page, qtbot):
    plain = page.drum.grab().toImage()
    time = DAY_ONE + 15 * 3600
    controller.session.book.apply(AddPicks((Pick(page.channel, "P", time),)))
    with_pick = page.drum.grab().toImage()
    assert with_pick != plain
    origin = Origin(time - 500, 35.0, -117.0, 5000.0)
    event = Event(origin, (Magnitude("ML", 2.1),), resource_id="e")
    controller.session.book.apply(ReplaceEvents((), (event,), "Add"))
    with_event = page.drum.grab().toImage()
    assert with_event != with_pick
    rejected = event.with_(status=EventStatus.REJECTED)
    controller.session.book.apply(ReplaceEvents((), (rejected,), "Reject"))
    assert page.drum.grab().toImage() != with_event


def test_no_pick_is_set_behind_the_helicorder(controller, page, qtbot):
    qtbot.keyClick(page.drum, Qt.Key.Key_P)
    controller.workspace.view.pick_at_cursor("P")
    assert len(controller.session.book) == 0


def test_pictures_are_made_and_a_day_without_data_says_so(controller, page, qtbot):
    assert page.drum.picture(".png").startswith(b"\x89PNG")
    assert b"<polyline" in page.drum.picture(".svg")
    assert controller.waveforms.picture(".svg") == page.drum.picture(".svg")
    controller.workspace.centre.show_traces()
    assert controller.waveforms.picture(".png") != page.drum.picture(".png")
    controller.workspace.centre.show_page("view.helicorder")
    page.drum.set_window(float(DAY_ONE) - 5 * DAY, float(DAY_ONE) - 5 * DAY + 10)
    qtbot.waitUntil(lambda: "Nothing was recorded on 2019-06-29" in page.drum.sentence)


# --- go to time ----------------------------------------------------------------------------------------------------


def go(controller, qtbot, text: str) -> str:
    controller.registry["view.go_to_time"].trigger()
    field = controller.workspace.sections.go_to_time.field
    qtbot.keyClicks(field, text)
    with qtbot.waitSignal(controller.workspace.sections.go_to_time.said) as said:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    return said.args[0]


@pytest.mark.parametrize(
    ("text", "hours"), [("16:30", 16.5), ("185 03:00", 3.0), ("2019-07-05T01:00", 25.0), ("+30 min", 1.5 + 150 / 3600)]
)
def test_the_view_goes_to_a_time_that_is_typed(controller, qtbot, text, hours):
    before = controller.workspace.view.view
    go(controller, qtbot, text)
    view = controller.workspace.view
    first, last = view.view
    expected = float(DAY_ONE) + hours * 3600
    assert (first + last) / 2 == pytest.approx(expected, abs=0.01)
    assert last - first == pytest.approx(before[1] - before[0])
    assert not controller.workspace.sections.go_to_time.field.isVisible()


def test_a_time_outside_of_the_records_is_said_and_the_view_stays(controller, qtbot):
    before = controller.workspace.view.view
    said = go(controller, qtbot, "2019-07-10T00:00")
    assert "outside of the records" in said
    assert "2019-07-05" in said
    assert controller.workspace.view.view == before


def test_a_time_in_a_gap_is_shown_and_said(controller, qtbot):
    assert "nothing was recorded then" in go(controller, qtbot, "10:30")


def test_what_is_no_time_is_said_and_can_be_typed_again_or_left(controller, qtbot):
    assert "is not a time" in go(controller, qtbot, "noon")
    field = controller.workspace.sections.go_to_time.field
    assert field.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()


def test_the_helicorder_follows_to_another_day(controller, page, qtbot):
    with qtbot.waitSignal(page.drum.drawn):
        go(controller, qtbot, "2019-07-05 12:00")
    assert page.drum.drum.day == float(DAY_ONE) + DAY
