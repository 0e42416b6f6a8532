"""Every key of the sheet of shortcuts, pressed in the real window with the focus in many places."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton

from quakeview.app.keys.scheme import PRESETS, KeyScheme
from quakeview.app.shell.actions import ACTIONS
from quakeview.app.wavefield.actions import WAVEFIELD
from quakeview.app.waveforms.actions import WAVEFORMS
from quakeview.monitoring.picks import PickStatus
from tests.app.conftest import MONTSERRAT
from tests.app.keyboard import press
from tests.app.pointer import enter, leave
from tests.app.wavefield_files import write_scenario

NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def controller(make_window):
    controller = make_window([MONTSERRAT])
    view = controller.workspace.view
    for number in range(3):
        view.pickRequested.emit(view.scene.channel_ids()[number], view.view[0] + 5 + number, "P")
    return controller


def places(controller) -> dict[str, object]:
    """Where one may have clicked last."""
    workspace = controller.workspace
    inspector_button = workspace.inspector.findChildren(QToolButton)[0]
    return {
        "traces": workspace.view,
        "table": workspace.picks.table,
        "overview": workspace.overview,
        "inspector": workspace.inspector,
        "a button": inspector_button,
        "a combo box": workspace.picks.status,
        "rail": controller.window.rail_button("view.waveforms"),
        "nothing": None,
    }


def focus_on(controller, widget) -> object:
    """Give a widget the focus, and return who gets the keys."""
    if (known := QApplication.focusWidget()) is not None:
        known.clearFocus()
    if widget is not None:
        widget.setFocus(Qt.FocusReason.MouseFocusReason)
    return widget or controller.window


def record_instead_of_doing(controller, workspace: str) -> list[str]:
    """The actions of a workspace are possible and only noted."""
    done: list[str] = []
    for spec, action in controller.registry:
        action.triggered.disconnect()
        action.triggered.connect(lambda _=False, name=spec.id: done.append(name))
        action.setEnabled(spec.workspace in ("", workspace))
    return done


def test_every_key_of_the_waveforms_does_its_action_wherever_the_focus_is(controller):
    done = record_instead_of_doing(controller, WAVEFORMS)
    there = [(spec, key) for spec in ACTIONS for key in spec.keys if spec.workspace in ("", WAVEFORMS)]
    assert len(there) > 40
    for place, widget in places(controller).items():
        target = focus_on(controller, widget)
        for spec, key in there:
            done.clear()
            press(target, key)
            assert done == [spec.id], (place, key)


@pytest.mark.parametrize("preset", [name for name in PRESETS if name != "QuakeView"])
def test_every_key_of_another_program_does_its_action(controller, preset):
    controller.preferences[controller.preferences.KEYS] = preset
    done = record_instead_of_doing(controller, WAVEFORMS)
    keys = KeyScheme(preset).keys(ACTIONS)
    there = [(spec, key) for spec in ACTIONS for key in keys[spec.id] if spec.workspace in ("", WAVEFORMS)]
    target = focus_on(controller, controller.workspace.view)
    for spec, key in there:
        done.clear()
        press(target, key)
        assert done == [spec.id], key


def test_every_key_of_the_wavefield_does_its_action(make_window, qtbot, tmp_path):
    file = write_scenario(tmp_path / "m6.h5", n_frames=4)
    controller = make_window()
    controller.open([file])
    qtbot.waitUntil(lambda: controller.wavefield.map.scene.values is not None and not controller.window.runner.active)
    done = record_instead_of_doing(controller, WAVEFIELD)
    for spec in ACTIONS:
        target = controller.wavefield.map if spec.local else controller.window
        focus_on(controller, target)
        for key in spec.keys if spec.workspace in ("", WAVEFIELD) else ():
            done.clear()
            press(target, key)
            assert done == [spec.id], key


@pytest.mark.parametrize("key", ["P", "1", "S", "2", "Space"])
def test_picking_keys_act_on_the_traces_whatever_was_clicked_last(controller, key):
    view, asked = controller.workspace.view, []
    view.set_current_channel(view.scene.channel_ids()[0])
    view.pickRequested.connect(lambda *_: asked.append(key))
    for number, (place, widget) in enumerate(places(controller).items(), start=1):
        press(focus_on(controller, widget), key)
        assert len(asked) == number, place


def test_arrows_act_on_the_traces_whatever_was_clicked_last(controller):
    view = controller.workspace.view
    middle = sum(view.view) / 2
    for place, widget in places(controller).items():
        target = focus_on(controller, widget)
        view.set_view(middle - 5, middle + 5)
        press(target, "Right")
        assert view.view[0] == pytest.approx(middle - 4), place
        press(target, "Shift+Left")
        assert view.view[0] == pytest.approx(middle - 13), place
        view.set_current_channel(view.scene.channel_ids()[0])
        press(target, "Down")
        assert view.current_channel == view.scene.channel_ids()[1], place
        gain = view.scene.gain
        press(target, "Shift+Up")
        assert view.scene.gain > gain, place
        press(target, "End")
        assert view.view[1] == pytest.approx(view._limits[1]), place


def test_alt_arrows_move_the_pick_and_ctrl_arrows_the_cursor_with_the_focus_in_the_table(controller):
    workspace, project = controller.workspace, controller.session.project
    target = focus_on(controller, workspace.picks.table)
    pick = project.picks()[0]
    workspace.review.select([pick.resource_id])
    press(target, "Alt+Shift+Right")
    assert controller.session.book.get(pick.resource_id).time > pick.time
    before = workspace.view.cursor_position[1]
    press(target, "Ctrl+Left")
    assert workspace.view.cursor_position[1] < before


def test_return_confirms_with_the_focus_in_the_overview(controller):
    project, review = controller.session.project, controller.workspace.review
    pick = project.picks()[0]
    review.select([pick.resource_id])
    review.editor.reject([pick.resource_id])
    press(focus_on(controller, controller.workspace.overview), "Return")
    assert controller.session.book.get(pick.resource_id).status is PickStatus.MANUAL


def test_text_fields_keep_what_is_typed(controller):
    search, view = controller.workspace.picks.search, controller.workspace.view
    before, known = len(controller.session.project), view.view
    focus_on(controller, search)
    for key in ("P", "S", "1", "2", "[", "]", "Space", "0", "X", "Left", "Home", "Up", "Return"):
        press(search, key)
    assert search.text().lower() == "ps12[] 0x"
    assert (len(controller.session.project), view.view) == (before, known)


def test_who_comes_with_tab_can_use_the_keys_of_a_button(controller):
    """Until the pointer is over the traces."""
    workspace, asked, clicked = controller.workspace, [], []
    workspace.view.set_current_channel(workspace.view.scene.channel_ids()[0])
    workspace.view.pickRequested.connect(lambda *_: asked.append("pick"))
    leave(workspace.view)
    workspace.picks.status.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(workspace.picks.status, Qt.Key.Key_Tab)
    button = QApplication.focusWidget()
    button.clicked.connect(lambda: clicked.append(button))
    press(button, "Space")
    assert (clicked, asked) == ([button], [])
    press(button, "P")
    assert asked == ["pick"]
    enter(workspace.view)
    press(button, "Space")
    assert (clicked, asked) == ([button], ["pick", "pick"])


@pytest.mark.parametrize(
    ("key", "modifier"), [(Qt.Key.Key_1, SHIFT), (Qt.Key.Key_Exclam, SHIFT), (Qt.Key.Key_Exclam, NONE)]
)
def test_shift_1_sets_the_first_uncertainty_on_every_keyboard(controller, key, modifier):
    project = controller.session.project
    pick = project.picks()[0]
    controller.workspace.review.select([pick.resource_id])
    QTest.keyClick(controller.workspace.view, key, modifier)
    assert controller.session.book.get(pick.resource_id).upper_uncertainty == 0.02
    assert len(project) == 3


def test_a_key_that_fits_two_of_an_actions_own_is_taken(controller):
    """X11 offers Shift+1 and "!" for one press; Qt calls that ambiguous."""
    from PySide6.QtGui import QShortcutEvent

    pick = controller.session.project.picks()[0]
    controller.workspace.review.select([pick.resource_id])
    action = controller.registry["picks.weight_0"]
    QApplication.sendEvent(action, QShortcutEvent(QKeySequence("!"), 0, True))
    assert controller.session.book.get(pick.resource_id).upper_uncertainty == 0.02


def test_brackets_show_fewer_and_more_stations_down_to_their_names_and_back(controller):
    view, registry = controller.workspace.view, controller.registry
    target = focus_on(controller, controller.workspace.picks.table)
    readable = view.visible_stations
    press(target, "[")
    assert view.visible_stations < readable
    for _ in range(30):
        press(target, "]")
    assert view.visible_stations == view.most_stations
    assert min(band.rect.height() for band in view.bands) >= view.fontMetrics().height() - 2
    assert not registry["view.more_stations"].isEnabled()
    press(target, "Ctrl+0")
    assert view.visible_stations == readable
    assert not registry["view.readable_stations"].isEnabled()


@pytest.mark.parametrize("preset", PRESETS)
def test_every_key_is_on_the_sheet(controller, preset):
    controller.preferences[controller.preferences.KEYS] = preset
    controller.registry["help.shortcuts"].trigger()
    sheet = controller._dialogs[0]
    texts = [label.text() for label in sheet.findChildren(QLabel)]
    form = QKeySequence.SequenceFormat.NativeText
    keys = KeyScheme(preset).keys(ACTIONS)
    for spec in ACTIONS:
        if keys[spec.id]:
            assert ", ".join(QKeySequence(key).toString(form) for key in keys[spec.id]) in texts, spec.id
            assert spec.text.rstrip("…") in texts
    assert {each.keys for each in PRESETS[preset].absent} <= set(texts)
    assert (f"like {preset}" in sheet.windowTitle()) == (preset != "QuakeView")
