"""The context menu acts where one clicks."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from quakeview.app.traces import TraceView
from tests.app.conftest import MONTSERRAT


@pytest.fixture
def controller(make_window: Any) -> Any:
    return make_window([MONTSERRAT])


def menus(view: TraceView) -> list[QMenu]:
    return view.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)


def right_click(controller: Any, point: QPoint) -> QMenu:
    """The menu that opens there."""
    view = controller.workspace.view
    before = set(menus(view))
    QTest.mouseClick(view, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, point)
    (menu,) = set(menus(view)) - before
    return menu


def action(menu: QMenu, text: str) -> Any:
    return next(each for each in menu.actions() if each.text() == text)


def places(controller: Any) -> tuple[QPointF, QPointF]:
    """On two different traces, at different times."""
    view = controller.workspace.view
    plot, (first, second) = view.plot_rect(), [row for band in view.bands for row in band.components][:2]
    at = [
        QPointF(plot.left() + share * plot.width(), row.rect.center().y())
        for share, row in ((0.2, first), (0.7, second))
    ]
    return at[0], at[1]


def test_pick_here_picks_where_the_menu_was_opened(controller: Any) -> None:
    view, (here, there) = controller.workspace.view, places(controller)
    menu = right_click(controller, here.toPoint())
    QTest.mouseMove(view, there.toPoint())
    action(menu, "Pick S Here").trigger()
    (pick,) = controller.session.book
    channel, time = view.place_at(QPointF(here.toPoint()))
    assert (pick.phase, pick.channel_id) == ("S", channel)
    assert abs(pick.time.ns / 1e9 - time) < 1e-3
    menu.close()


def test_on_a_pick_the_menu_is_that_of_this_pick_and_not_of_the_one_selected_before(
    controller: Any,
) -> None:
    view, (here, there) = controller.workspace.view, places(controller)
    for place, phase in ((here, "P"), (there, "S")):
        view.pickRequested.emit(*view.place_at(place), phase)
    one, other = sorted(controller.session.book, key=lambda pick: pick.phase)
    assert controller.workspace.review.ids == [other.resource_id]
    view.grab()
    menu = right_click(controller, QPoint(round(view.x_at(one.time.ns / 1e9)), here.toPoint().y()))
    texts = [each.text() for each in menu.actions()]
    assert "Pick P Here" not in texts
    assert {"Change Phase", "Weight"} <= set(texts)
    action(menu, "Delete Pick").trigger()
    assert list(controller.session.book) == [other]
    menu.close()


def test_on_an_empty_trace_nothing_that_was_selected_is_touched(controller: Any) -> None:
    view, (here, there) = controller.workspace.view, places(controller)
    view.pickRequested.emit(*view.place_at(here), "P")
    menu = right_click(controller, there.toPoint())
    assert not {"Delete Pick", "Reject and Next"} & {each.text() for each in menu.actions()}
    menu.close()


def test_beside_the_traces_nothing_is_picked(controller: Any) -> None:
    _, there = places(controller)
    menu = right_click(controller, QPoint(5, there.toPoint().y()))
    assert not any(each.text().startswith("Pick P") for each in menu.actions())
    assert action(menu, "Pick Station").isEnabled()
    menu.close()
