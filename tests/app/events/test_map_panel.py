"""Map and sections together: the same events, colours and selection, and how the panel arranges itself."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QToolButton

from quakeview.app.events.depth_view import DepthView
from quakeview.app.events.event_plane import EventPlane
from quakeview.app.events.map_panel import MapPanel
from quakeview.app.widgets import saving
from quakeview.errors import QuakeViewError
from quakeview.events.event_scales import ColourBy
from tests.app.events.making import EVENTS, PICKS, STATIONS, made_event
from tests.app.pointer import double_click, move


@pytest.fixture
def panel(qtbot: Any) -> Iterator[MapPanel]:
    panel = MapPanel()
    qtbot.addWidget(panel)
    panel.resize(900, 640)
    panel.show()
    panel.set_stations(STATIONS)
    panel.set_events(EVENTS)
    panel.set_picks(PICKS)
    yield panel
    panel.forget()
    panel.map.ground.wait()


def place(view: EventPlane, name: str) -> QPoint:
    index = view.shown.columns.index[name]
    return view.frame.at(view.dots.x[index], view.dots.y[index]).toPoint()


def pixels(view: EventPlane) -> np.ndarray:
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGBX8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[:, : image.width(), :3].copy()


def button(panel: MapPanel, name: str) -> QToolButton:
    (found,) = [each for each in panel.findChildren(QToolButton) if each.accessibleName() == name]
    return found


def test_a_wide_panel_has_both_sections_and_a_narrow_one_only_that_below(panel: MapPanel, qtbot: Any) -> None:
    assert panel.south_north.isVisible()
    assert panel.west_east.isVisible()
    assert panel.south_north.geometry().left() >= panel.map.geometry().right()
    panel.resize(310, 560)
    qtbot.waitUntil(lambda: panel.map.width() > 280)
    assert not panel.south_north.isVisible()
    assert panel.west_east.geometry().top() >= panel.map.geometry().bottom()
    panel.with_sections.trigger()
    assert not panel.west_east.isVisible()


def test_sections_lie_where_the_map_does(panel: MapPanel) -> None:
    for event in ("main", "west"):
        on_map = panel.map.mapTo(panel, place(panel.map, event))
        assert panel.west_east.mapTo(panel, place(panel.west_east, event)).x() == pytest.approx(on_map.x(), abs=1)
        assert panel.south_north.mapTo(panel, place(panel.south_north, event)).y() == pytest.approx(on_map.y(), abs=1)


def test_depth_grows_downwards_and_to_the_right(panel: MapPanel) -> None:
    assert place(panel.west_east, "west").y() < place(panel.west_east, "main").y()
    assert place(panel.south_north, "west").x() < place(panel.south_north, "main").x()
    low, high = panel.west_east.depths
    assert low == 0.0
    assert high >= 8_000.0


def test_an_event_above_the_sea_is_on_the_section(panel: MapPanel) -> None:
    panel.set_events([made_event("hill", depth=-1_500.0), made_event("deep", depth=12_000.0)])
    assert panel.west_east.frame.plot.contains(place(panel.west_east, "hill"))


def test_sections_show_what_the_map_shows(panel: MapPanel) -> None:
    panel.shown.show_events(["west"])
    for view in (panel.west_east, panel.south_north):
        shown = {panel.shown.columns.ids[i] for i in view.dots.visible(view.frame)}
        assert shown == {"west"}


def test_a_section_without_any_depth_is_empty_and_calm(panel: MapPanel, qtbot: Any) -> None:
    panel.set_events([made_event("one", depth=None), made_event("two", depth=None)])
    centre = panel.west_east.frame.plot.center().toPoint()
    qtbot.mouseClick(panel.west_east, Qt.MouseButton.LeftButton, pos=centre)
    qtbot.keyClick(panel.west_east, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    move(panel.west_east, centre)
    panel.select(["one"])
    panel.grab()
    assert not np.isfinite(panel.west_east.dots.y).any()


def test_events_without_depth_are_told(panel: MapPanel) -> None:
    before = pixels(panel.west_east)
    panel.change_events([], [replace(EVENTS[2], origin=replace(EVENTS[2].origin, depth=5_000.0))])
    assert np.isfinite(panel.west_east.dots.y).all()
    assert (pixels(panel.west_east) != before).any()


@pytest.mark.parametrize("section", ["west_east", "south_north"])
def test_selecting_and_opening_in_a_section(panel: MapPanel, qtbot: Any, section: str) -> None:
    view: DepthView = getattr(panel, section)
    with qtbot.waitSignal(panel.selected) as chosen:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place(view, "west"))
    assert chosen.args == [["west"]]
    marked = pixels(panel.map)
    with qtbot.waitSignal(panel.opened) as opened:
        double_click(view, place(view, "main"))
    assert opened.args == ["main"]
    panel.select(["main"])
    assert (pixels(panel.map) != marked).any()


def test_selecting_from_outside_sends_no_signal(panel: MapPanel, qtbot: Any) -> None:
    with qtbot.assertNotEmitted(panel.selected):
        panel.select(["north"])
    panel.grab()


def test_the_error_in_depth_is_drawn(panel: MapPanel) -> None:
    panel.shown.show_events(["main"])
    panel.select(["main"])
    known = pixels(panel.west_east)
    exact = replace(EVENTS[0], origin=replace(EVENTS[0].origin, uncertainty=None))
    panel.change_events([], [exact])
    rows = np.flatnonzero((pixels(panel.west_east) != known).any((1, 2)))
    at = place(panel.west_east, "main").y()
    frame = panel.west_east.frame
    error = 1_000.0 * frame.plot.height() / frame.view.height
    assert rows.max() - at == pytest.approx(error, abs=4)


def test_zoom_and_pan_in_a_section_are_those_of_the_map(panel: MapPanel, qtbot: Any) -> None:
    before = panel.shown.extent
    qtbot.keyClick(panel.west_east, Qt.Key.Key_Plus)
    assert panel.shown.extent.width == pytest.approx(before.width / 1.25)
    middle = panel.shown.extent.centre
    qtbot.keyClick(panel.west_east, Qt.Key.Key_Right)
    qtbot.keyClick(panel.south_north, Qt.Key.Key_Up)
    assert panel.shown.extent.centre[0] > middle[0]
    assert panel.shown.extent.centre[1] > middle[1]
    x = panel.map.frame.position(panel.map.frame.plot.center())[0]
    panel.west_east.zoom_at(2.0, x, 1_000.0)
    assert panel.shown.extent.centre[0] == pytest.approx(x)


def test_the_posterior_is_on_all_three(panel: MapPanel) -> None:
    panel.select(["main"])
    views = (panel.map, panel.west_east, panel.south_north)
    before = [pixels(view) for view in views]
    axis = np.arange(11) - 5.0
    east, north, down = (each.ravel() for each in np.meshgrid(axis, axis, axis))
    probability = np.exp(-(east**2 + north**2 + down**2) / 4)
    panel.set_posterior(-117.5 + 0.02 * east, 35.71 + 0.02 * north, 8_000 + 300 * down, probability)
    for view, without in zip(views, before, strict=True):
        changed = np.argwhere((pixels(view) != without).any(2)).mean(0)
        at = place(view, "main")
        assert changed == pytest.approx([at.y(), at.x()], abs=12)


def test_controls(panel: MapPanel, qtbot: Any) -> None:
    panel.colour_by.setCurrentIndex(panel.colour_by.findText("Magnitude"))
    assert panel.shown.scale.name == "Magnitude"
    panel.colour_by.setCurrentIndex(panel.colour_by.findText("Time"))
    assert panel.shown.scale.name == "Time"
    everything = panel.shown.extent
    button(panel, "Zoom to the events").click()
    events = panel.shown.extent
    assert events.width < everything.width
    panel.select(["west"])
    button(panel, "Zoom to the selected events").click()
    assert panel.shown.extent.width < events.width
    button(panel, "Show all events and stations").click()
    assert panel.shown.extent == everything
    names = [action.text() for action in panel.layers.menu().actions() if action.text()]
    assert names[:2] == ["Stations", "Lines to stations"]
    before = pixels(panel.map)
    panel.layers.menu().actions()[0].trigger()
    assert (pixels(panel.map) != before).any()


def test_the_picture_holds_map_and_sections(panel: MapPanel, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    image = QImage.fromData(panel.picture(".png"))
    assert image.width() >= 2 * (panel.map.width() + panel.south_north.width())
    svg = panel.picture(".svg").decode()
    assert "Depth (km)" in svg
    assert svg.count("<image") < 6  # events are shapes
    with pytest.raises(QuakeViewError, match="png"):
        panel.picture(".gif")
    asked = []
    monkeypatch.setattr(saving.QFileDialog, "getSaveFileName", lambda *given: (asked.append(given[2]), ("", ""))[1])
    panel.ask_for_picture()
    assert asked == ["map.png"]


def test_what_was_chosen_comes_back(panel: MapPanel, qtbot: Any) -> None:
    panel.colour_by.setCurrentIndex(1)
    panel.layers.menu().actions()[0].trigger()
    state = json.loads(json.dumps(panel.state()))
    other = MapPanel()
    qtbot.addWidget(other)
    other.restore(state)
    assert other.shown.colour_by is ColourBy.TIME
    assert not other.map.shows_stations
    assert other.map.shows_rays
    other.restore({"colour": "no such", "parts": {"Dragons": True}})
    assert other.shown.colour_by is ColourBy.DEPTH


def test_accessible(panel: MapPanel) -> None:
    views = (panel.map, panel.west_east, panel.south_north)
    assert len({view.accessibleName() for view in views}) == 3
    assert all(view.focusPolicy() == Qt.FocusPolicy.StrongFocus for view in views)
    assert all(each.accessibleName() for each in panel.findChildren(QToolButton))
    panel.select(["main"])
    assert "ML 4.0" in panel.west_east.accessibleDescription()
