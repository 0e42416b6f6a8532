"""The record section of the open event in the place of the traces."""

import csv

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from quakeview.events.event import Origin
from quakeview.project.event_edits import ReplaceEvents
from tests.app.waveforms.test_event_traces import TIME, controller, event, opened, station_of, trigger

__all__ = ["controller", "event", "opened"]  # fixtures


@pytest.fixture
def page(controller, opened, qtbot):
    trigger(controller, "view.record_section")
    page = controller.workspace.sections.record_section
    with qtbot.waitSignal(page.plot.drawn):
        pass
    return page


def curves(page) -> list[tuple[np.ndarray, np.ndarray]]:
    return [item.getData() for item in page.plot.plots[0].listDataItems()]


def read_again(page, qtbot) -> None:
    with qtbot.waitSignal(page.plot.drawn):
        page.read()


def test_it_needs_an_open_event(controller, qtbot):
    assert not controller.registry["view.record_section"].isEnabled()
    assert "Open an event" in controller.registry["view.record_section"].toolTip()


def test_traces_stand_at_their_distances_with_picks_and_theory(controller, page, qtbot):
    section = page.section
    assert [trace.station.station for trace in section.traces] == ["UH4", "UH3", "UH2", "UH1"]
    assert section.traces[0].distance < 5_000 < 30_000 < section.traces[-1].distance
    lines = page.plot._lines.getData()
    starts = lines[1][np.flatnonzero(np.isnan(lines[1]))[:-1] + 1]
    assert len(starts) == 3
    with_everything = len(curves(page))
    page.picks.click()
    assert len(curves(page)) < with_everything
    page.theory.click()
    assert len(curves(page)) == 1
    assert "4 traces of component Z" in page.caption.text()


def test_a_reduction_velocity_makes_waves_of_that_speed_upright(controller, page, qtbot):
    with qtbot.waitSignal(page.plot.drawn):
        page.velocity.setValue(5.8)
    assert "5.8 km/s" in page.plot.plots[0].getAxis("bottom").labelText
    first = page.plot.content.picks[0]
    assert page.plot.style_.reduced(first.time, first.distance) == pytest.approx(
        first.time - first.distance / 5800, abs=1e-6
    )


def test_true_amplitudes_in_counts_say_that_they_cannot_be_compared(controller, page, qtbot):
    assert not page.power.isVisible()
    page.true.click()
    assert page.power.isVisible()
    assert "cannot be compared" in page.caption.text()
    assert not page.plot.style_.normalised


def test_components_that_stations_do_not_have_are_named(controller, page, qtbot):
    read_again(page, qtbot)
    with qtbot.waitSignal(page._reader.ready):
        page.component.setCurrentText("R")
    said = page.caption.text() + page.empty.text()
    assert "component" in said


def test_a_click_on_a_trace_shows_its_station_among_the_traces(controller, page, qtbot):
    trace = page.section.traces[2]
    view = page.plot.plots[0].vb
    place = view.mapViewToScene(QPointF(view.viewRect().center().x(), trace.distance / 1000))
    assert page.plot.trace_at(place) is trace
    page.plot.traceClicked.emit(trace)
    assert controller.workspace.view.isVisible()
    assert controller.workspace.view.current_channel == trace.channel_id
    assert not controller.registry["view.record_section"].isChecked()


def test_it_follows_an_event_that_moves_and_says_when_it_is_closed(controller, page, event, qtbot):
    origin = Origin(TIME, 48.3, 11.6, None, arrivals=event.origin.arrivals)
    controller.session.book.apply(ReplaceEvents((), (event.with_(origin=origin),), "Move"))
    qtbot.waitUntil(lambda: page.section is not None and page.section.traces[0].station.station == "UH1")
    assert "depth of this event is not known" in page.caption.text()
    controller.workspace.event_traces.open(None)
    qtbot.waitUntil(lambda: page.section is None)
    assert "Open an event" in page.empty.text()


def test_pictures_and_a_table_can_be_saved(controller, page, qtbot):
    assert page.picture(".png").startswith(b"\x89PNG")
    rows = list(csv.DictReader(page.table().decode().splitlines()))
    assert [row["station"] for row in rows] == ["BW.UH4", "BW.UH3", "BW.UH2", "BW.UH1"]
    assert float(rows[0]["P_after_origin_s"]) == pytest.approx(2.0, abs=1e-3)
    assert station_of(controller, "UH1").network == "BW"
