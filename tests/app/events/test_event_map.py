"""The map of events: where they are, what the mouse and the keys do, and what is in the picture."""

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QToolTip

from quakeview.app.drawing import theme
from quakeview.app.events.beach_balls import RADIUS, STEM
from quakeview.app.events.dots import Dots, levels, radii
from quakeview.app.events.event_map import EventMap
from quakeview.app.maps.overlays import Layer
from quakeview.colours import DARK, LIGHT
from quakeview.errors import QuakeViewError
from quakeview.events.event import EventStatus, FocalMechanism
from quakeview.events.event_scales import ColourBy
from quakeview.stations.coordinates import Coordinates
from tests.app.events.making import EVENTS, PICKS, STATIONS, made_event
from tests.app.pointer import double_click, leave, move


@pytest.fixture
def view(qtbot: Any) -> Iterator[EventMap]:
    view = EventMap()
    qtbot.addWidget(view)
    view.resize(700, 560)
    view.show()
    view.set_stations(STATIONS)
    view.set_events(EVENTS)
    view.shown.set_picks(PICKS)
    yield view
    view.ground.forget()
    view.ground.wait()


def place(view: EventMap, name: str) -> QPoint:
    """The pixel of an event."""
    columns = view.shown.columns
    index = columns.ids.index(name)
    return view.frame.at(columns.x[index], columns.y[index]).toPoint()


def station(view: EventMap, name: str) -> QPoint:
    columns = view.shown.station_columns
    index = [key[1] for key in columns.keys].index(name)
    return view.frame.at(columns.x[index], columns.y[index]).toPoint()


def drag(view: EventMap, qtbot: Any, start: QPoint, end: QPoint, shift: bool = False) -> None:
    modifiers = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, modifiers, start)
    for part in (0.3, 0.7, 1.0):
        move(view, start + (end - start) * part, Qt.MouseButton.LeftButton, modifiers)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, modifiers, end)


def colour(view: EventMap, at: QPoint) -> QColor:
    return view.grab().toImage().pixelColor(at)


def pixels(view: EventMap) -> np.ndarray:
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGBX8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[:, : image.width(), :3].copy()


def test_everything_is_in_view_at_first(view: EventMap) -> None:
    plot = view.frame.plot.toAlignedRect()
    assert all(plot.contains(place(view, event.resource_id)) for event in EVENTS)
    assert all(plot.contains(station(view, name)) for _, name in STATIONS)


def test_east_is_right_and_north_is_up(view: EventMap) -> None:
    assert place(view, "west").x() < place(view, "main").x()
    assert place(view, "north").y() < place(view, "main").y()


def test_an_event_has_the_colour_of_its_depth(view: EventMap) -> None:
    scale = view.shown.scale
    at = place(view, "west") + QPoint(0, 1)
    red, green, blue, _ = scale.rgba(np.array([3_000.0]))[0].tolist()
    seen = colour(view, at)
    assert abs(seen.red() - red) + abs(seen.green() - green) + abs(seen.blue() - blue) < 120
    view.shown.set_colour_by(ColourBy.TIME)
    assert view.shown.scale.name == "Time"
    assert colour(view, at) != seen


def test_an_unknown_magnitude_is_a_small_hollow_circle(view: EventMap) -> None:
    view.show_stations(False)
    at = place(view, "north")
    middle = colour(view, at)
    assert min(middle.red(), middle.green(), middle.blue()) > 215  # the page, not a fill
    edge = [colour(view, at + QPoint(dx, 0)).lightnessF() for dx in (2, 3)]
    assert min(edge) < 0.75


def test_a_rejected_event_is_faint(view: EventMap) -> None:
    at = place(view, "west")
    shown = colour(view, at)
    view.change_events([], [EVENTS[1].with_(status=EventStatus.REJECTED)])
    assert colour(view, at).lightnessF() > shown.lightnessF() + 0.2


def test_sizes_grow_with_magnitude() -> None:
    found = radii(np.array([-1.0, 2.0, 4.0, np.nan]), among=10)
    assert found[0] < found[1] < found[2]
    assert found[3] < found[1]
    assert radii(np.array([4.0]), among=10_000)[0] < found[2]


def test_a_click_selects_and_control_adds(view: EventMap, qtbot: Any) -> None:
    with qtbot.waitSignal(view.selected) as chosen:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place(view, "main"))
    assert chosen.args == [["main"]]
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, place(view, "west"))
    assert view.shown.selection == ("main", "west")
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, place(view, "main"))
    assert view.shown.selection == ("west",)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.frame.plot.topLeft().toPoint() + QPoint(4, 4))
    assert view.shown.selection == ()


def test_a_rubber_band_adds(view: EventMap, qtbot: Any) -> None:
    view.select(["north"])
    reach = QPoint(12, 12)
    drag(view, qtbot, place(view, "west") - reach, place(view, "west") + reach, shift=True)
    assert view.shown.selection == ("north", "west")
    plot = view.frame.plot.toRect()
    drag(view, qtbot, plot.topLeft() + QPoint(2, 2), plot.bottomRight() - QPoint(2, 2), shift=True)
    assert set(view.shown.selection) == {"main", "west", "north"}


def test_a_double_click_opens(view: EventMap, qtbot: Any) -> None:
    with qtbot.waitSignal(view.opened) as opened:
        double_click(view, place(view, "west"))
    assert opened.args == ["west"]


def test_a_click_on_a_station(view: EventMap, qtbot: Any) -> None:
    with qtbot.waitSignal(view.stationClicked) as clicked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=station(view, "SLA"))
    assert clicked.args == ["CI.SLA"]


def test_what_is_under_the_mouse_is_said(view: EventMap, qtbot: Any) -> None:
    said: list[str] = []
    view.shown.hoverText.connect(said.append)
    move(view, place(view, "main"))
    assert said[-1] == "2019-07-04 17:02:55.0 UTC  ·  ML 4.0  ·  8.0 km deep"
    move(view, place(view, "north"))
    assert said[-1].endswith("magnitude unknown  ·  depth unknown")
    view.select(["main"])
    move(view, station(view, "TOW2"))
    assert said[-1] == "CI.TOW2  ·  26.0 km  ·  P +0.12 s  ·  S −0.31 s"
    assert QToolTip.text() == said[-1]
    move(view, station(view, "LRL"))
    assert said[-1].endswith("P +2.10 s, not used")
    move(view, station(view, "B916"))
    assert said[-1].startswith("PB.B916  ·  55.")
    assert said[-1].endswith("km  ·  no pick of this event")
    leave(view)
    assert said[-1] == ""


def test_stations_have_the_colour_of_the_residual(view: EventMap) -> None:
    before = colour(view, station(view, "SLA"))
    view.select(["main"])
    early, late = (colour(view, station(view, name)) for name in ("SLA", "TOW2"))
    assert early != before
    assert early.blue() > early.red()
    assert late.red() > late.blue()
    unused = colour(view, station(view, "LRL"))
    assert min(unused.red(), unused.blue()) > 240


def test_hidden_stations_are_pale(view: EventMap) -> None:
    shown = colour(view, station(view, "B916"))
    view.set_stations(STATIONS, hidden=[("PB", "B916")])
    view.shown.set_view(view.shown.everything())
    view.shown.show_events()
    view.zoom_at(0.3, *view.shown.extent.centre)
    assert colour(view, station(view, "B916")).lightnessF() > shown.lightnessF() + 0.3


def test_the_selected_event_has_an_ellipse_and_rays(view: EventMap) -> None:
    view.clearFocus()
    view.select(["main"])
    view.shown.show_events(["main"])
    accent = np.array(QColor(LIGHT.accent).getRgb()[:3])
    marked = np.argwhere((np.abs(pixels(view).astype(int) - accent) < 8).all(2))
    middle = place(view, "main")
    reach = np.abs(marked - [middle.y(), middle.x()]).max(0)
    east = np.sqrt(2.5e6 * 2.279) * view.frame.pixels_per_unit / np.cos(np.radians(35.71))
    assert reach[1] == pytest.approx(east, abs=4)
    view.show_rays(False)
    without = pixels(view)
    view.show_rays(True)
    assert (pixels(view) != without).any()


def test_a_posterior_is_a_shade_until_another_event_is_selected(view: EventMap) -> None:
    view.select(["main"])
    without = pixels(view)
    along = np.linspace(-1, 1, 41)
    view.set_posterior(-117.4 + 0.1 * along, 35.6 + 0.02 * along, np.full(41, 8e3), np.full(41, 1 / 41))
    changed = np.argwhere((pixels(view) != without).any(2))
    x, y = view.shown.projection.to_map([-117.5, -117.3], [35.6, 35.6])
    left, right = (view.frame.at(*place) for place in zip(x.tolist(), y.tolist(), strict=True))
    assert changed[:, 1].min() == pytest.approx(left.x(), abs=16)
    assert changed[:, 1].max() == pytest.approx(right.x(), abs=16)
    assert changed[:, 0].mean() == pytest.approx(left.y(), abs=4)
    view.select(["west"])
    assert view.shown.posterior is None


def test_the_wheel_zooms_around_the_mouse_and_dragging_moves(view: EventMap, qtbot: Any) -> None:
    at = QPointF(place(view, "west"))
    before = view.frame.position(at)
    view.zoom_at(2.0, *before)
    assert view.frame.position(at) == pytest.approx(before)
    start, end = place(view, "west"), place(view, "west") + QPoint(60, -40)
    drag(view, qtbot, start, end)
    assert place(view, "west") == end
    assert view.shown.selection == ()


def test_the_picture_moves_with_the_mouse_while_dragging(view: EventMap, qtbot: Any) -> None:
    view.ground.wait()
    qtbot.wait(50)
    start = place(view, "main")
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    move(view, start + QPoint(30, 0), Qt.MouseButton.LeftButton)
    moving = colour(view, start + QPoint(30, 2))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QPoint(30, 0))
    assert colour(view, start + QPoint(30, 2)) == moving


def test_keys(view: EventMap, qtbot: Any) -> None:
    view.setFocus()
    home = view.shown.extent
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.shown.extent.width == pytest.approx(home.width / 1.25)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.shown.extent.centre[0] > home.centre[0]
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.shown.extent == home
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    first = view.shown.selection
    assert len(first) == 1
    view.select(["main"])
    qtbot.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert view.shown.selection == ("north",)
    with qtbot.waitSignal(view.opened) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == ["north"]
    qtbot.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    assert view.shown.extent.width < home.width / 2
    qtbot.keyClick(view, Qt.Key.Key_Home)
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(view.shown.selection) == 3
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.shown.selection == ()


def test_stations_by_keys(view: EventMap, qtbot: Any) -> None:
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    for _ in STATIONS:
        qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert view.pointed.station == ("CI", "SLA")
    with qtbot.waitSignal(view.stationClicked) as clicked:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert clicked.args == ["CI.SLA"]


def test_changes_keep_view_and_selection(view: EventMap) -> None:
    view.select(["main", "west"])
    view.zoom_at(2.0, *view.shown.extent.centre)
    extent = view.shown.extent
    view.change_events(["west"], [made_event("new", longitude=-117.55), made_event("main", depth=20_000.0)])
    assert view.shown.extent == extent
    assert view.shown.selection == ("main",)
    assert set(view.shown.columns.ids) == {"main", "north", "new"}
    assert view.shown.columns.depth[view.shown.columns.index["main"]] == 20_000.0


def test_events_elsewhere_are_shown_at_once(view: EventMap) -> None:
    view.zoom_at(3.0, *view.shown.extent.centre)
    view.set_events([made_event("italy", 13.1, 42.8)])
    assert view.frame.plot.contains(QPointF(place(view, "italy")))


def test_an_event_without_a_place_hides_no_other(view: EventMap, qtbot: Any) -> None:
    view.set_events([*EVENTS, made_event("nowhere", np.nan, np.nan)])
    view.shown.show_everything()
    view.shown.show_events()
    view.shown.show_events(["nowhere"])
    view.select(["nowhere"])
    assert view.frame.plot.contains(QPointF(place(view, "main")))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place(view, "main"))
    assert view.shown.selection == ("main",)


def test_events_on_both_sides_of_180_degrees_are_neighbours(view: EventMap) -> None:
    view.set_stations({("IU", "MSVF"): Coordinates(-17.7, 178.05, 800.0)})
    view.set_events([made_event("fiji", 179.5, -18.0), made_event("tonga", -175.0, -20.0)])
    assert view.shown.extent.width < 1.5e6
    assert place(view, "fiji").x() < place(view, "tonga").x()
    assert all(view.frame.plot.contains(QPointF(place(view, name))) for name in ("fiji", "tonga"))


def test_nothing_shows_the_earth(qtbot: Any) -> None:
    view = EventMap()
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.show()
    assert view.shown.extent.width == pytest.approx(view.shown.whole.width)
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert view.shown.selection == ()
    qtbot.waitUntil(lambda: bool(view.ground.geography.land), timeout=20_000)
    water, land = (
        colour(view, view.frame.at(*(float(each) for each in view.shown.projection.to_map(*at))).toPoint())
        for at in ((-140.0, 0.5), (20.0, 23.0))
    )
    assert land == QColor(LIGHT.base)
    assert water != land


def test_the_ground_can_be_hidden(view: EventMap, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: bool(view.ground.geography.land), timeout=20_000)
    view.shown.set_view(view.shown.whole)
    qtbot.waitUntil(lambda: len(view.ground.geography.cities) > 100, timeout=20_000)
    for part in (Layer.COASTLINES, Layer.BORDERS, Layer.CITIES):
        before = pixels(view)
        view.show_part(part, False)
        assert (pixels(view) != before).any()


def test_pictures(view: EventMap) -> None:
    view.select(["main"])
    image = QImage.fromData(view.picture(".png"))
    assert image.size() == view.size() * 2
    texts = {
        "".join(node.itertext())
        for node in ElementTree.fromstring(view.picture(".svg")).iter("{http://www.w3.org/2000/svg}text")
    }
    assert {"Depth, km", "Residual, s", "N", "TOW2", "117.8° W"} <= texts
    with pytest.raises(QuakeViewError, match=r"\.png or \.svg"):
        view.picture(".pdf")


def test_pictures_of_circles_and_circles_are_the_same(view: EventMap) -> None:
    columns, scale = view.shown.columns, view.shown.scale
    level = levels(columns.depth, scale, columns.magnitude)
    dots = Dots(columns.x, columns.y, radii(columns.magnitude, 3), level, columns.pale)
    image = view.grab().toImage()
    picture = QImage.fromData(view.picture(".png")).scaled(
        image.size(), mode=Qt.TransformationMode.SmoothTransformation
    )
    x, y = dots.pixels(view.frame)
    for at in zip(x.astype(int).tolist(), y.astype(int).tolist(), strict=True):
        assert abs(image.pixelColor(*at).lightness() - picture.pixelColor(*at).lightness()) < 60


def test_dark(view: EventMap) -> None:
    QApplication.setPalette(theme.palette(DARK))
    try:
        QApplication.processEvents()
        assert colour(view, QPoint(2, 2)) == QColor(DARK.base)
        assert "3 events, 4 stations" in view.accessibleDescription()
        assert view.accessibleName() == "Map of events"
    finally:
        QApplication.setPalette(theme.palette(LIGHT))


def test_a_mechanism_is_a_small_disc_above_its_event(view: EventMap, qtbot: Any) -> None:
    west = next(event for event in EVENTS if event.resource_id == "west")
    plain = view.grab().toImage()
    view.change_events((), [west.with_(mechanism=FocalMechanism(0.0, 90.0, 0.0))])
    image, index = view.grab().toImage(), view.shown.columns.index["west"]
    x, y = (values[index] for values in view.dots.pixels(view.frame))
    centre = QPointF(x, y - view.dots.radius[index] - STEM - RADIUS).toPoint()
    colours = [image.pixelColor(centre + QPoint(dx, dy)) for dx, dy in ((4, -4), (-4, 4), (4, 4), (-4, -4))]
    assert colours[0] == colours[1]  # the north-eastern quadrant moves up, as the south-western
    assert colours[2] == colours[3] == view.colors.base
    assert colours[0] != view.colors.base
    view.show_mechanisms(False)
    assert view.grab().toImage() == plain
    view.show_mechanisms(True)
    view.change_events((), [west.with_(mechanism=FocalMechanism(0.0, 90.0, 0.0), status=EventStatus.REJECTED)])
    assert view.grab().toImage().pixelColor(centre + QPoint(4, -4)) != colours[0]
    assert b"<svg" in view.picture(".svg")
