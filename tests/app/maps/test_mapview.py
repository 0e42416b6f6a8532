"""The map: where things are on the screen, what the mouse and the keys do, and what is in the picture."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication

from quakeview.app.drawing import theme
from quakeview.app.drawing.plane import Bounds, Decorations, PlaneFrame
from quakeview.app.drawing.shades import Shades, shades
from quakeview.app.maps import mapscene, overlays
from quakeview.app.maps.mapscene import MapScene
from quakeview.app.maps.mapview import NARROWEST_VIEW, MapView
from quakeview.app.maps.overlays import Layer, Overlays, Site, paint_overlays
from quakeview.app.wavefield.region_map import X_TITLES, Y_TITLES
from quakeview.colours import DARK, LIGHT, MARKS, Colours
from quakeview.errors import QuakeViewError
from quakeview.geography import City, Fault, Geography, Station, geography
from quakeview.simulation.region import HAYWARD
from quakeview.wavefield.ground_motion.motion_scales import diverging, mmi_scale, pgv_scale, speed_scale
from tests.app.pointer import double_click

X, Y = np.arange(500.0, 120_000, 1000.0), np.arange(500.0, 80_000, 1000.0)
HERE = (30_000.0, 60_000.0)
NOWHERE = Geography((), (), (), ())


@pytest.fixture
def view(qtbot: Any) -> MapView:
    return made(qtbot)


def made(qtbot: Any, size: tuple[int, int] = (640, 480)) -> MapView:
    view = MapView("Vertical")
    view.set_region(HAYWARD)
    view.set_axis_titles(X_TITLES, Y_TITLES)
    qtbot.addWidget(view)
    view.set_nodes(X, Y)
    view.set_scale(diverging(0.1))
    view.resize(*size)
    view.show()
    return view


@pytest.fixture
def dark() -> Iterator[None]:
    QApplication.setPalette(theme.palette(DARK))
    yield
    QApplication.setPalette(theme.palette(LIGHT))


def frame_of(view: MapView) -> PlaneFrame:
    return view.scene.fitted(QSizeF(view.size()), view.view, view.font())


def pixel(view: MapView, x: float, y: float) -> QPoint:
    return frame_of(view).at(x, y).toPoint()


def colour(view: MapView, x: float, y: float) -> QColor:
    return view.grab().toImage().pixelColor(pixel(view, x, y))


def is_page(colour: QColor) -> bool:
    return min(colour.red(), colour.green(), colour.blue()) >= 253


def one_quadrant() -> np.ndarray:
    """0.1 m/s where x is small and y is large, -0.1 where x is large and y is small."""
    values = np.zeros((len(X), len(Y)), np.float32)
    values[:60, 40:] = 0.1
    values[60:, :40] = -0.1
    return values


@pytest.mark.parametrize("size", [(640, 480), (900, 300), (300, 700), (1600, 1000)])
def test_axes_hug_the_region(qtbot: Any, size: tuple[int, int]) -> None:
    frame = frame_of(made(qtbot, size))
    assert frame.plot.width() / frame.plot.height() == pytest.approx(1.5, rel=0.01)
    assert QRectF(0, 0, *size).contains(frame.plot)
    free = QRectF(0, 0, *size)
    assert frame.plot.width() > 0.8 * free.width() - 60 or frame.plot.height() > 0.8 * free.height() - 60


def test_no_room_is_left_over_at_the_preferred_height(qtbot: Any) -> None:
    width = 500
    view = made(qtbot, (width, 400))
    view.resize(width, view.heightForWidth(width))
    hint = frame_of(view).plot
    view.resize(width, view.heightForWidth(width) + 300)
    assert frame_of(view).plot.size() == hint.size()


def test_x_runs_right_and_y_runs_up(view: MapView) -> None:
    view.set_image(one_quadrant())
    red, blue = colour(view, 30e3, 60e3), colour(view, 90e3, 20e3)
    assert red.red() > red.blue() + 40
    assert blue.blue() > blue.red() + 40
    assert is_page(colour(view, 90e3, 60e3))


def test_a_node_is_where_the_axes_say(view: MapView) -> None:
    values = np.zeros((len(X), len(Y)), np.float32)
    values[100, 10] = -1.0
    view.set_image(values)
    for zoom in (1.0, 6.0):
        view.zoom(zoom, X[100], Y[10])
        image, at = view.grab().toImage(), pixel(view, X[100], Y[10])
        reach = round(900 * frame_of(view).pixels_per_unit)
        box = [
            (image.pixelColor(at.x() + dx, at.y() + dy).red(), (dx, dy))
            for dx in range(-reach, reach + 1)
            for dy in range(-reach, reach + 1)
        ]
        darkest = min(box)[0]
        centre = np.mean([offset for red, offset in box if red <= darkest + 5], axis=0)
        assert np.abs(centre).max() <= 1.0


def test_values_that_are_not_numbers_show_the_page(view: MapView) -> None:
    view.set_image(np.full((len(X), len(Y)), np.nan, np.float32))
    assert colour(view, *HERE) == QColor("#ffffff")


def test_colours_follow_the_theme(view: MapView, dark: None) -> None:
    QApplication.processEvents()
    view.set_image(np.zeros((len(X), len(Y)), np.float32))
    assert colour(view, *HERE).lightnessF() < 0.15
    assert view.scene.colors == shades(DARK)


def test_wheel_zooms_around_the_mouse(view: MapView) -> None:
    at = QPointF(pixel(view, *HERE))
    wheel(view, at, 360)
    assert view.view.width == pytest.approx(120e3 / 1.25**3)
    assert frame_of(view).position(at) == pytest.approx(HERE, abs=500)
    wheel(view, at, -3600)
    assert view.view == view.scene.bounds


def wheel(view: MapView, at: QPointF, angle: int) -> None:
    buttons, modifiers, phase = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, view.mapToGlobal(at), QPoint(), QPoint(0, angle), buttons, modifiers, phase, False)
    QApplication.sendEvent(view, event)


def test_view_stays_inside_the_region_and_keeps_its_proportions(view: MapView) -> None:
    for wanted in (Bounds(-50e3, -9e3, 10e3, 90e3), Bounds(110e3, 70e3, 150e3, 110e3), Bounds(50e3, 40e3, 50e3, 40e3)):
        view.set_view(wanted)
        seen = view.view
        assert seen.width / seen.height == pytest.approx(1.5)
        assert 0 <= seen.left < seen.right <= 120e3
        assert 0 <= seen.bottom < seen.top <= 80e3
    assert view.view.width == pytest.approx(NARROWEST_VIEW)


def test_dragging_moves_the_map_with_the_mouse(view: MapView, qtbot: Any) -> None:
    clicks: list[tuple[float, float]] = []
    view.pointClicked.connect(lambda x, y: clicks.append((x, y)))
    view.zoom(4, *HERE)
    start = pixel(view, *HERE)
    end = start + QPoint(-60, 25)
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view, start + QPoint(-30, 10))
    qtbot.mouseMove(view, end)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)
    assert frame_of(view).position(QPointF(end)) == pytest.approx(HERE, abs=1000)
    qtbot.wait(QApplication.doubleClickInterval() + 50)
    assert not clicks


def test_click_chooses_a_point(view: MapView, qtbot: Any) -> None:
    with qtbot.waitSignal(view.pointClicked) as chosen:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=pixel(view, *HERE))
    assert chosen.args == pytest.approx(HERE, abs=300)


def test_double_click_shows_everything_and_chooses_nothing(view: MapView, qtbot: Any) -> None:
    clicks: list[tuple[float, float]] = []
    view.pointClicked.connect(lambda x, y: clicks.append((x, y)))
    view.zoom(3, *HERE)
    double_click(view, pixel(view, *HERE))
    assert view.view == view.scene.bounds
    qtbot.wait(QApplication.doubleClickInterval() + 50)
    assert not clicks


def test_keys(view: MapView, qtbot: Any) -> None:
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    zoomed = view.view
    assert zoomed.width < 120e3
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.view.left > zoomed.left
    assert view.view.bottom > zoomed.bottom
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.view == view.scene.bounds


def test_points_can_be_chosen_by_keys(view: MapView, qtbot: Any) -> None:
    for _ in range(5):
        qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(view.pointClicked) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert chosen.args == pytest.approx([60e3 - 5 * 1200, 40e3])


def test_linked_maps_share_zoom_and_crosshair(qtbot: Any) -> None:
    first, second, third = made(qtbot), made(qtbot), made(qtbot)
    second.zoom(2)
    second.link(first)
    assert first.view == second.view
    first.link(third)
    third.zoom(2, *HERE)
    assert first.view == second.view == third.view
    before = second.grab().toImage()
    qtbot.mouseMove(first, pixel(first, *first.view.centre))
    assert second.grab().toImage() != before
    assert frame_of(first).plot == frame_of(third).plot


def test_text_under_the_mouse(view: MapView, qtbot: Any) -> None:
    view.set_geography(geography())
    view.set_image(one_quadrant())
    with qtbot.waitSignal(view.hoverText) as said:
        qtbot.mouseMove(view, pixel(view, *HERE))
    assert "X 30." in said.args[0] or "X 29." in said.args[0]
    assert "10 cm/s" in said.args[0]
    assert "38.0" in said.args[0]
    assert view.text_at(60_000, 38_400).endswith("Hayward fault")
    assert "S" not in view.text_at(*HERE).split("·")[1]


def test_value_of_the_nearest_node(view: MapView) -> None:
    values = np.arange(len(X) * len(Y), dtype=np.float32).reshape(len(X), len(Y))
    assert view.value_at(0, 0) is None
    view.set_image(values)
    assert view.value_at(30_400, 59_600) == values[30, 59]
    assert view.value_at(120e3, 80e3) == values[-1, -1]
    assert view.value_at(-1, 5) is None


def test_marked_points_are_numbered_and_coloured(view: MapView) -> None:
    assert [view.mark(*HERE), view.mark(90e3, 20e3)] == [0, 1]
    assert view.marks == [HERE, (90e3, 20e3)]
    at = pixel(view, *HERE) - QPoint(6, 0)
    assert view.grab().toImage().pixelColor(at).name() == MARKS[0]
    view.set_marks([])
    assert view.grab().toImage().pixelColor(at) == QColor("#ffffff")


@pytest.mark.parametrize(
    "what", ["epicentre", "outline", "sites", "coastlines", "faults", "cities", "stations", "names"]
)
def test_everything_is_drawn(view: MapView, what: str) -> None:
    line = np.array([[30e3, 60e3], [90e3, 60e3]])
    places = {
        "coastlines": Geography((line,), (), (), ()),
        "faults": Geography((), (Fault("Long", line),), (), ()),
        "cities": Geography((), (), (City("Town", 60e3, 60e3, 1),), ()),
        "stations": Geography((), (), (), (Station("VS01", 60e3, 60e3),)),
    }
    before = view.grab().toImage()
    match what:
        case "epicentre":
            view.set_epicentre((60e3, 60e3))
        case "outline":
            view.set_rupture_outline(line)
        case "sites":
            view.set_sites([Site(60e3, 60e3, "A")])
        case "names":
            view.set_geography(places["faults"])
            before = view.grab().toImage()
            view.show_layer(Layer.FAULT_NAMES, True)
        case _:
            view.set_geography(places[what])
    drawn = view.grab().toImage()
    assert drawn != before
    if what in places:
        view.show_layer(Layer(what), False)
        assert view.grab().toImage() == before
    assert differs_only_near(before, drawn, frame_of(view).at(60e3, 60e3), 260)


def differs_only_near(one: QImage, other: QImage, at: QPointF, reach: int) -> bool:
    changed = np.argwhere((pixels(one) != pixels(other)).any(axis=2))
    return bool((np.abs(changed - [at.y(), at.x()]) <= reach).all())


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)


@pytest.mark.parametrize("zoom", [1, 2, 5])
@pytest.mark.parametrize("size", [(260, 220), (480, 380), (1200, 860)])
def test_labels_never_touch_one_another_nor_the_border(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], zoom: int
) -> None:
    written = labels_of(monkeypatch, geography(), size, zoom)
    rects = list(written.values())
    assert not any(a.intersects(b) for i, a in enumerate(rects) for b in rects[:i])
    frame = MapScene(shades(LIGHT)).fitted(QSizeF(*size), Bounds(0, 0, 120e3, 80e3).zoomed(zoom, *HERE), QFont())
    assert all(frame.plot.contains(rect) for rect in rects)
    assert len(rects) >= 4 or zoom > 2


def test_large_cities_are_named_before_small_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = tuple(City(f"Town {rank}", 60e3 + 500 * rank, 40e3, rank) for rank in (3, 2, 1))
    written = labels_of(monkeypatch, Geography((), (), crowd, ()), (300, 240), 1)
    assert "Town 1" in written
    assert "Town 3" not in written


def test_labels_come_back_when_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    few = labels_of(monkeypatch, geography(), (300, 240), 1)
    many = labels_of(monkeypatch, geography(), (1600, 1100), 1)
    assert len(few) < len(many)
    assert {"San Francisco", "Oakland", "San Jose"} <= set(many)


def labels_of(
    monkeypatch: pytest.MonkeyPatch, places: Geography, size: tuple[int, int], zoom: float
) -> dict[str, QRectF]:
    """The rectangles of all texts that a map of this size writes."""
    written: dict[str, QRectF] = {}

    def record(painter: QPainter, base: QPointF, text: str, font: QFont, *colours: QColor) -> None:
        metrics = QFontMetricsF(font)
        written[text] = QRectF(base.x(), base.y() - metrics.ascent(), metrics.horizontalAdvance(text), metrics.height())

    monkeypatch.setattr(overlays, "write_with_halo", record)
    image = QImage(QSize(*size), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    frame = MapScene(shades(LIGHT)).fitted(QSizeF(*size), Bounds(0, 0, 120e3, 80e3).zoomed(zoom, *HERE), QFont())
    painter.setFont(frame.fonts.small)
    content = Overlays(geography=places, epicentre=(40e3, 38e3), marks=[(70e3, 50e3)], hidden=set())
    paint_overlays(painter, frame, content, shades(LIGHT))
    painter.end()
    return written


def test_message_while_there_is_nothing_to_show(view: MapView) -> None:
    blank = view.grab().toImage()
    view.set_message("Open a scenario.")
    assert view.grab().toImage() != blank
    view.set_image(np.zeros((len(X), len(Y)), np.float32))
    assert is_page(colour(view, 60e3, 40e3))


def test_pictures_hold_the_whole_map(view: MapView, tmp_path: Path) -> None:
    view.set_geography(geography())
    view.set_image(one_quadrant())
    view.zoom(2, *HERE)
    (tmp_path / "map.png").write_bytes(view.picture(".png"))
    image = QImage(str(tmp_path / "map.png"))
    assert image.size() == view.size() * 2
    screen = view.grab().toImage()
    assert image.pixelColor(2 * pixel(view, *HERE)).red() == pytest.approx(
        screen.pixelColor(pixel(view, *HERE)).red(), abs=3
    )
    (tmp_path / "map.svg").write_bytes(view.picture(".svg"))
    tree = ElementTree.parse(tmp_path / "map.svg")
    texts = ["".join(node.itertext()) for node in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Vertical", "cm/s", "X, along the fault (km)", "Y, across the fault (km)", "N"} <= set(texts)
    assert len(list(tree.iter("{http://www.w3.org/2000/svg}image"))) == 2


def test_pictures_that_cannot_be_written_are_said(view: MapView, tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match=r"\.png or \.svg"):
        (tmp_path / "map.pdf").write_bytes(view.picture(".pdf"))


def test_film_frames(view: MapView) -> None:
    scene = view.scene.with_values(one_quadrant(), "t = 1.0 s")
    frame = scene.pixels(QSize(321, 240), view.view, view.font())
    assert frame.shape == (240, 321, 3)
    assert frame.dtype == np.uint8
    place = scene.fitted(QSizeF(321, 240), view.view, view.font()).at(*HERE).toPoint()
    red, _, blue = frame[place.y(), place.x()].astype(int)
    assert red > blue + 40
    assert view.scene.values is None


def test_a_film_of_one_of_several_maps_has_all_decorations_and_the_same_dots(view: MapView) -> None:
    view.set_decorations(Decorations(x_axis=False, y_axis=False, bar=False, north=False))
    values = np.full((60, 40), np.nan, np.float32)
    values[30, 20] = 1.0
    view.set_image(values, sparse=True)
    scene = view.scene.with_values(np.ones((60, 40), np.float32))
    assert scene.decorations is None
    assert scene.values is not None
    np.testing.assert_array_equal(scene.values, values)


def test_accessible(view: MapView) -> None:
    assert view.accessibleName() == "Map: Vertical"
    view.zoom(2)
    assert view.accessibleDescription() == "X 30 to 90 km, Y 20 to 60 km"
    assert view.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_another_grid(view: MapView) -> None:
    view.zoom(3)
    view.set_nodes(np.arange(250, 50_000, 500.0), np.arange(250, 50_000, 500.0))
    assert view.view == Bounds(0, 0, 50e3, 50e3)
    view.set_scale(speed_scale(1.0))
    view.set_image(np.ones((100, 100), np.float32))
    plot = frame_of(view).plot
    assert plot.width() == pytest.approx(plot.height(), abs=1)


@pytest.mark.parametrize("page", [LIGHT, DARK])
def test_lines_contrast_with_the_values_under_them(
    view: MapView, dark: None, monkeypatch: pytest.MonkeyPatch, page: Colours[str]
) -> None:
    QApplication.setPalette(theme.palette(page))
    QApplication.processEvents()
    used: list[Shades] = []
    monkeypatch.setattr(mapscene, "paint_overlays", lambda painter, frame, content, colors: used.append(colors))
    values = np.ones((len(X), len(Y)), np.float32)
    view.set_image(values)
    on_page = shades(page)
    expected = {pgv_scale(values): shades(DARK), mmi_scale(): shades(LIGHT), diverging(1.0): on_page}
    for scale, colors in expected.items():
        view.set_scale(scale)
        view.grab()
        assert used[-1] == colors
    view.set_image(None)
    view.set_scale(mmi_scale())
    view.grab()
    assert used[-1] == on_page
