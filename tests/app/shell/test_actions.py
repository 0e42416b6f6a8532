"""The action registry: one list behind menus, tool bars, palette and shortcut sheet."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from quakeview.app.keys.scheme import KeyScheme
from quakeview.app.shell.actions import (
    ACTIONS,
    CATEGORIES,
    shortcut_tables,
)
from quakeview.app.shell.palette import CommandPalette, match_score
from quakeview.app.workspaces import PLUGS
from tests.app.conftest import MONTSERRAT


def test_every_action_is_complete():
    assert len({spec.id for spec in ACTIONS}) == len(ACTIONS)
    assert all(spec.text and spec.tip and spec.category in CATEGORIES for spec in ACTIONS)


def test_keys_reach_only_the_workspace_that_is_seen(make_window, qtbot):
    controller = make_window([MONTSERRAT])
    controller.workspace.view.pickRequested.emit(
        controller.workspace.view.scene.rows[0].channels[0][1], controller.workspace.view.view[0] + 5, "P"
    )
    assert len(controller.session.project) == 1
    controller.registry["view.models"].trigger()
    for key, modifier in (
        (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier),
    ):
        qtbot.keyClick(controller.window, key, modifier)
    assert len(controller.session.project) == 1
    assert "Only in the Waveforms workspace" in controller.registry["edit.undo"].toolTip()
    controller.registry["view.waveforms"].trigger()
    qtbot.keyClick(controller.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(controller.session.project) == 0


def test_workspaces_named_by_actions_exist():
    assert {spec.workspace for spec in ACTIONS} <= {"", *(plug.actions.show.id for plug in PLUGS)}


def test_the_table_for_the_documentation_lists_every_key():
    table = shortcut_tables(KeyScheme())
    assert all(f"`{key}`" in table for spec in ACTIONS for key in spec.keys)
    assert "Pick P at the cursor" in table


def actions_below(actions):
    """Of menus and their submenus."""
    for action in actions:
        yield from actions_below(action.menu().actions()) if action.menu() else [action]


def test_every_action_is_bound_and_in_a_menu_or_of_the_traces(make_window):
    controller = make_window([MONTSERRAT])
    controller.registry["view.wavefield"].trigger()
    in_menus = set(actions_below(controller.window.menuBar().actions()))
    for spec, action in controller.registry:
        assert (action in in_menus) == spec.menu == (spec.category != "Traces")
        assert action.receivers("2triggered(bool)"), spec.id


def test_a_disabled_action_says_why(make_window):
    controller = make_window([MONTSERRAT], models=[])
    action = controller.registry["picks.all"]
    assert not action.isEnabled()
    assert "No picker that can be used" in action.toolTip()


def test_the_palette_finds_and_runs_an_action(make_window, qtbot):
    controller = make_window([MONTSERRAT])
    qtbot.keyClick(controller.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = next(w for w in QApplication.topLevelWidgets() if isinstance(w, CommandPalette) and w.isVisible())
    qtbot.keyClicks(palette.query, "common sc")
    assert palette.list.count() == 1
    qtbot.keyClick(palette.query, Qt.Key.Key_Return)
    assert controller.registry["view.common_scale"].isChecked()
    assert controller.workspace.view.scene.scaling == "common"


def test_words_match_in_any_order():
    assert match_score("all pick", "Picks: Pick All") is not None
    assert match_score("bla", "Picks: Pick All") is None
    assert match_score("pick", "Picks: Pick All") < match_score("ick", "Picks: Pick All")


def test_the_sheet_shows_the_keys(make_window):
    controller = make_window()
    controller.registry["help.shortcuts"].trigger()
    texts = {label.text() for label in controller._dialogs[0].findChildren(QLabel)}
    assert {"Ctrl+O", "Pick All", "Pick P"} <= texts
