"""First motions on the focal sphere: what is seen, said and clicked."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from quakeview.app.drawing.picture import picture_of
from quakeview.app.events.stereonet import RADIUS, Stereonet
from quakeview.colours import LIGHT
from quakeview.events.event import FocalMechanism
from quakeview.events.focal_mechanism import Solution, fit
from tests.app.pointer import move
from tests.events.test_focal_mechanism import around, clearest, flipped

MOTIONS = around(30, error=8.0)
FITTED = fit(flipped(MOTIONS, clearest(MOTIONS)[:1]))
WRONG = MOTIONS.pick_ids[clearest(MOTIONS)[0]]


@pytest.fixture
def net(qtbot: Any) -> Stereonet:
    net = Stereonet()
    qtbot.addWidget(net)
    net.resize(900, 400)
    net.show_solution(FITTED)
    net.show()
    return net


def lone(solution: Solution, up: bool) -> str:
    """A pick whose symbol no other one and no ring touches."""
    net = Stereonet()
    net.resize(900, 400)
    net.show_solution(solution)
    ids = solution.motions.pick_ids
    places = [net.place_of(pick_id) for pick_id in ids]
    for number, at in enumerate(places):
        others = [QPointF(at - other).manhattanLength() for k, other in enumerate(places) if k != number]
        if min(others) > 6 * RADIUS and bool(solution.motions.up[number]) is up and not solution.disagrees[number]:
            return ids[number]
    raise AssertionError("no symbol stands alone")


def test_up_is_filled_and_down_is_open(net: Stereonet) -> None:
    image = net.grab().toImage()
    for up, colour in ((True, LIGHT.text), (False, LIGHT.base)):
        at = net.place_of(lone(FITTED, up))
        assert image.pixelColor(at.toPoint()) == QColor(colour)


def test_one_that_disagrees_is_ringed_and_the_words_count_it(net: Stereonet) -> None:
    image, at = net.grab().toImage(), net.place_of(WRONG).toPoint()
    red = QColor(LIGHT.error)
    ring = [image.pixelColor(at + QPoint(0, dy)) for dy in range(5, 11)]
    assert min(abs(each.red() - red.red()) + abs(each.green() - red.green()) for each in ring) < 20
    assert any("30 first motions, 1 not as the mechanism says" in line for line in net.lines())
    assert net.lines()[0].startswith(f"Strike-slip, quality {FITTED.mechanism.quality}")


def test_hovering_names_the_station_and_a_click_chooses_its_pick(net: Stereonet, qtbot: Any) -> None:
    said: list[str] = []
    net.hoverText.connect(said.append)
    move(net, net.place_of(WRONG).toPoint())
    assert said[-1].startswith(f"XX.{WRONG}  ·  ")
    assert said[-1].endswith("not as the mechanism says")
    with qtbot.waitSignal(net.pickClicked) as clicked:
        qtbot.mouseClick(net, Qt.MouseButton.LeftButton, pos=net.place_of(WRONG).toPoint())
    assert clicked.args == [WRONG]
    move(net, QPoint(5, 5))
    assert said[-1] == ""
    with qtbot.assertNotEmitted(net.pickClicked):
        qtbot.mouseClick(net, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))


def test_symbols_by_keys(net: Stereonet, qtbot: Any) -> None:
    seen = set()
    for _ in range(30):
        qtbot.keyClick(net, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
        seen.add(net.pointed)
    assert seen == set(FITTED.motions.pick_ids)
    here = net.pointed
    qtbot.keyClick(net, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(net, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(net.pickClicked) as clicked:
        qtbot.keyClick(net, Qt.Key.Key_Return)
    assert clicked.args == [here]


def test_why_there_is_none_is_said_beside_the_motions(net: Stereonet) -> None:
    net.show_solution(fit(around(5)))
    assert net.lines()[:2] == [
        "No mechanism",
        "This event has 5 first motions of P at stations that are known; 8 are needed for a double couple.",
    ]
    assert net.place_of("p4") is not None
    assert "8 are needed" in net.accessibleDescription()
    net.show_solution(None, note="Fitting a focal mechanism…")
    assert net.lines() == ["Fitting a focal mechanism…"]
    assert net.place_of("p4") is None


def test_a_published_mechanism_is_drawn_beside_and_named(net: Stereonet) -> None:
    before = net.grab().toImage()
    net.show_solution(FITTED, FocalMechanism(130.0, 70.0, -20.0, author="SED"))
    assert "Dashed, published: strike 130°, dip 70°, rake −20°, SED" in net.lines()
    assert net.grab().toImage() != before


@pytest.mark.parametrize("size", [(900, 250), (330, 620), (200, 120)])
def test_words_stay_inside_at_any_shape(net: Stereonet, size: tuple[int, int]) -> None:
    net.resize(*size)
    image = QImage(size[0], size[1], QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.base))
    painter = QPainter(image)
    net.paint_picture(painter, QRectF(0, 0, *size))
    painter.end()
    edge = {image.pixelColor(x, size[1] - 1).name() for x in range(size[0])}
    assert edge == {QColor(LIGHT.base).name()}


def test_pictures(net: Stereonet) -> None:
    assert QImage.fromData(picture_of(".png", [net], LIGHT.base)).width() > 1500
    assert b"<svg" in picture_of(".svg", [net], LIGHT.base)
