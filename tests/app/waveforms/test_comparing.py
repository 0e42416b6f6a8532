"""Two models on what the traces show: asked for, picked, seen side by side, taken over, ended, and never stale."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from quakeview.app.waveforms.comparison_panel import ComparisonDialog
from quakeview.errors import QuakeViewError
from quakeview.registry import ModelCard
from tests.app import fake_picker
from tests.app.conftest import BAVARIA, MONTSERRAT
from tests.app.program import Program

LATER = 0.04
"""Seconds by which the second model is later."""


def pick_twice(*args: Any, pause: float = 0.0, **kwargs: Any) -> Any:
    """As ``fake_picker``; the model called Other is later, and has no S."""
    results = fake_picker.pick_archive(*args, pause=pause, **kwargs)
    if args[1] != "Other":
        return results
    return [
        replace(result, picks=tuple(pick.with_(time=pick.time + LATER) for pick in result.picks if pick.phase == "P"))
        for result in results
    ]


@pytest.fixture
def cards(card: ModelCard) -> list[ModelCard]:
    return [card, replace(card, name="Other")]


@pytest.fixture
def controller(make_window: Callable[..., Program], cards: list[ModelCard]) -> Program:
    return make_window([MONTSERRAT], pick=pick_twice, models=cards)


def compare(controller: Program, qtbot: Any) -> Any:
    """Ask for the comparison as a user does; returns it with its table."""
    comparison = controller.workspace.comparison
    controller.registry["picks.compare"].trigger()
    (dialog,) = controller.window.findChildren(ComparisonDialog)
    assert dialog.second.currentText() == "Other"
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: comparison.panel.model.total > 0 and not controller.window.runner.active)
    return comparison


def rows(comparison: Any) -> list[list[str]]:
    model = comparison.panel.table.model()
    return [[model.index(row, column).data() for column in range(8)] for row in range(model.rowCount())]


def ghosts(controller: Program) -> list[tuple[str, str]]:
    found = controller.workspace.view.scene.ghosts
    return sorted((ghost.model, ghost.mark.phase) for marks in found.values() for ghost in marks)


def test_picks_of_two_models_stand_side_by_side(controller: Program, qtbot: Any) -> None:
    comparison = compare(controller, qtbot)
    stations = {band.row.station for band in controller.workspace.view.bands}
    assert {row[0] for row in rows(comparison)} <= {str(station) for station in stations}
    found = {row[1]: row for row in rows(comparison)}
    assert found["P"][3:7] == ["both", "+0.040", "0.97", "0.97"]
    assert found["S"][3:7] == ["only Fake", "", "0.81", ""]
    said = comparison.panel.said.text()
    assert "the second minus the first: median +0.040 s, median deviation 0.000 s" in said
    assert "0 only by Other" in said
    assert {*ghosts(controller)} == {("Fake", "P"), ("Fake", "S"), ("Other", "P")}
    marks = [ghost for found in controller.workspace.view.scene.ghosts.values() for ghost in found]
    assert all(ghost.second == (ghost.model == "Other") for ghost in marks)
    assert len(controller.session.book) == 0
    assert controller.registry["picks.compare"].isChecked()


def test_a_pick_is_taken_over_in_one_step_and_taken_back(controller: Program, qtbot: Any) -> None:
    comparison = compare(controller, qtbot)
    before = len(ghosts(controller))
    table = comparison.panel.table
    table.selectAll()
    comparison.panel.take_over.click()
    taken = [row for row in rows(comparison) if row[1] == "P"]
    assert len(controller.session.book) == len(taken) > 1
    assert {(pick.model, pick.status.value, pick.phase) for pick in controller.session.book} == {
        ("Other", "automatic", "P")
    }
    assert {row[7] for row in taken} == {"yes"}
    assert len(ghosts(controller)) == before - len(taken)
    assert not comparison.panel.take_over.isEnabled()
    controller.registry["edit.undo"].trigger()
    assert len(controller.session.book) == 0
    qtbot.waitUntil(lambda: len(ghosts(controller)) == before)
    assert comparison.panel.take_over.isEnabled()


def test_a_click_goes_there(controller: Program, qtbot: Any) -> None:
    comparison = compare(controller, qtbot)
    view, table = controller.workspace.view, comparison.panel.table
    pair = comparison.panel.model.row_at(0)
    time = pair.pick.time.ns / 1e9
    view.set_view(time + 5, time + 10)
    table.clearSelection()
    table.select_key(comparison.panel.model.key(pair))
    assert view.view[0] < time < view.view[1]
    assert view.view[1] - view.view[0] == pytest.approx(5)
    assert view.current_channel == pair.pick.channel_id


def test_what_the_model_picked_before_is_not_drawn_twice(controller: Program, qtbot: Any) -> None:
    controller.registry["picks.all"].trigger()
    qtbot.waitUntil(lambda: len(controller.session.book) > 0 and not controller.window.runner.active)
    compare(controller, qtbot)
    assert {model for model, _ in ghosts(controller)} == {"Other"}


@pytest.mark.parametrize("where", ["traces", "table"])
def test_escape_ends_it(controller: Program, qtbot: Any, where: str) -> None:
    comparison = compare(controller, qtbot)
    workspace = controller.workspace
    assert workspace.tabs.currentWidget() is comparison.panel
    qtbot.keyClick(workspace.view if where == "traces" else comparison.panel.table, Qt.Key.Key_Escape)
    assert not comparison.active
    assert ghosts(controller) == []
    assert workspace.tabs.indexOf(comparison.panel) == -1
    assert not controller.registry["picks.compare"].isChecked()


def test_the_action_ends_it_too(controller: Program, qtbot: Any) -> None:
    comparison = compare(controller, qtbot)
    controller.registry["picks.compare"].trigger()
    assert not comparison.active
    assert not controller.registry["picks.compare"].isChecked()


def test_another_record_or_model_ends_it(controller: Program, cards: list[ModelCard], qtbot: Any) -> None:
    comparison = compare(controller, qtbot)
    controller.open(BAVARIA)
    qtbot.waitUntil(lambda: len(controller.session.stations) > 8 and not controller.window.runner.active)
    assert comparison.active, "the record of the compared stations is the same"
    controller.window.models.use(cards[1])
    qtbot.waitUntil(lambda: not comparison.active)
    assert ghosts(controller) == []


def test_a_file_that_goes_ends_it(controller: Program, qtbot: Any) -> None:
    comparison = compare(controller, qtbot)
    controller.session.remove_files([MONTSERRAT])
    qtbot.waitUntil(lambda: not comparison.active)
    assert ghosts(controller) == []


def test_what_comes_too_late_is_dropped(
    make_window: Callable[..., Program], cards: list[ModelCard], qtbot: Any
) -> None:
    controller = make_window([MONTSERRAT], pick=partial(pick_twice, pause=0.1), models=cards)
    comparison = controller.workspace.comparison
    comparison.start(cards[1])
    qtbot.waitUntil(lambda: bool(controller.window.runner.active))
    controller.window.models.use(cards[1])
    qtbot.waitUntil(lambda: not controller.window.runner.active)
    assert ghosts(controller) == []
    assert controller.workspace.tabs.indexOf(comparison.panel) == -1


def test_a_model_that_cannot_pick_is_a_sentence(
    make_window: Callable[..., Program], cards: list[ModelCard], qtbot: Any
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        if args[1] == "Other":
            raise QuakeViewError("SeisBench is not installed; install it with 'pip install seisbench'.")
        return pick_twice(*args, **kwargs)

    controller = make_window([MONTSERRAT], pick=refuse, models=cards)
    controller.workspace.comparison.start(cards[1])
    qtbot.waitUntil(controller.workspace.notice.isVisible)
    assert "SeisBench is not installed" in controller.workspace.notice.sentence.text()
    assert not controller.workspace.comparison.active


def test_one_picker_alone_cannot_be_compared(make_window: Callable[..., Program], card: ModelCard) -> None:
    controller = make_window([MONTSERRAT])
    action = controller.registry["picks.compare"]
    assert not action.isEnabled()
    assert "There is only one picker" in action.toolTip()


def test_a_picture_of_the_traces_has_them(controller: Program, qtbot: Any, tmp_path: Path) -> None:
    view = controller.workspace.view
    before = view.grab().toImage()
    comparison = compare(controller, qtbot)
    qtbot.waitUntil(lambda: view.grab().toImage() != before)
    comparison.end()
    assert ghosts(controller) == []
