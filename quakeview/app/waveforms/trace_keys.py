"""The actions on the traces, and who gets a key that others use as well: one looks at the traces, whatever was
clicked last."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.traces import TraceView
from quakeview.app.traces.timewidget import PAN_PAGE, PAN_STEP
from quakeview.app.waveforms.trace_actions import PICKED_BY_KEY, pick_action

_GAIN_STEP = 1.25
_FAR = 10
"""Pixels of a long step of cursor and pick."""
_STEPS = ("Left", "Right", "Up", "Down")
SHARED_KEYS = (
    "Space",
    "Return",
    "Enter",
    "PgUp",
    "PgDown",
    "Home",
    "End",
    *(f"{modifier}{arrow}" for modifier in ("", "Shift+") for arrow in _STEPS),
    *(f"{modifier}{arrow}" for modifier in ("Ctrl+", "Ctrl+Shift+", "Alt+", "Alt+Shift+") for arrow in _STEPS[:2]),
)
"""Keys that other widgets use as well: who went to one with Tab wants to use it."""
_CHANGING = (
    "picks.up",
    "picks.down",
    "traces.nudge_back",
    "traces.nudge_forward",
    "traces.nudge_far_back",
    "traces.nudge_far_forward",
)
"""What changes picks, and has keys that move through a table under some sets of keys."""
_TEXT_FIELDS = (QLineEdit, QAbstractSpinBox, QTextEdit, QPlainTextEdit)


def _codes(keys: Iterable[str]) -> set[int]:
    """Keys as Qt's events have them, with their modifiers; a chord is none of these."""
    sequences = [QKeySequence(key) for key in keys]
    return {sequence[0].toCombined() for sequence in sequences if sequence.count() == 1}  # type: ignore[index]


_SHARED = _codes(SHARED_KEYS)
_OF_TABLES = _codes((*_STEPS, *(f"Shift+{step}" for step in _STEPS)))


def how_to_pick(registry: ActionRegistry) -> str:
    """What one does to set a pick, with the keys in force."""
    keys = " or ".join(registry.key_of(pick_action(phase)) for phase in PICKED_BY_KEY)
    return f"put the cursor on an onset and press {keys}"


class ZoomBetween:
    """Shows what is between two times that the cursor had, and goes back, as SAC does."""

    def __init__(self) -> None:
        self._before: list[tuple[float, float]] = []

    def press(self, view: TraceView) -> None:
        """Remember the time of the cursor, or show what is between it and the one that is remembered."""
        time = view.cursor_on_axis[1]
        if view.mark is None:
            view.set_mark(time)
            return
        first, last = sorted((view.mark, time))
        view.set_mark(None)
        if last > first:
            self._before.append(view.view)
            view.set_view(first, last)

    def back(self, view: TraceView) -> None:
        """Show what was shown before, or the whole record."""
        view.set_mark(None)
        if self._before:
            view.set_view(*self._before.pop())
        else:
            view.show_all()


class TraceActions:
    """Does the actions on the traces.

    Attributes:
        view: on which they are done; a page that takes the place of the traces may put its own here.
    """

    def __init__(self, view: TraceView, registry: ActionRegistry, has_data: Callable[[], bool | str]) -> None:
        self.view = view
        self.zoom = ZoomBetween()
        for name, do in self._actions().items():
            registry.bind(name, do, has_data)

    def _actions(self) -> dict[str, Callable[[], object]]:
        moves: dict[str, Callable[[], object]] = {
            "pick": lambda: self.view.pick_at_cursor(),
            "pick_next": self._pick_and_step,
            "zoom_between": lambda: self.zoom.press(self.view),
            "zoom_back": lambda: self.zoom.back(self.view),
            "start": lambda: self.view.go_to_end(last=False),
            "end": lambda: self.view.go_to_end(last=True),
            "fit": lambda: self.view.set_gain(1.0),
            "larger": lambda: self.view.set_gain(self.view.scene.gain * _GAIN_STEP),
            "smaller": lambda: self.view.set_gain(self.view.scene.gain / _GAIN_STEP),
            "trace_up": lambda: self.view.step_trace(-1),
            "trace_down": lambda: self.view.step_trace(1),
            "stations_up": lambda: self.view.page_stations(-1),
            "stations_down": lambda: self.view.page_stations(1),
        }
        for direction, sign in (("back", -1), ("forward", 1)):
            moves[direction] = partial(self._pan, sign * PAN_STEP)
            moves[f"page_{direction}"] = partial(self._pan, sign * PAN_PAGE)
            for length, pixels in (("", sign), ("far_", sign * _FAR)):
                moves[f"cursor_{length}{direction}"] = partial(self._move_cursor, pixels)
                moves[f"nudge_{length}{direction}"] = partial(self._move_pick, pixels)
        picks = {pick_action(phase): partial(self._pick, phase) for phase in PICKED_BY_KEY}
        return {f"traces.{name}": do for name, do in moves.items()} | picks

    def _pick(self, phase: str) -> None:
        self.view.pick_at_cursor(phase)

    def _pick_and_step(self) -> None:
        if self.view.pick_at_cursor():
            self.view.step_trace(1)

    def _pan(self, fraction: float) -> None:
        self.view.pan(fraction)

    def _move_cursor(self, pixels: int) -> None:
        self.view.nudge_cursor(pixels)

    def _move_pick(self, pixels: int) -> None:
        self.view.nudge_pick(pixels)


class TraceKeys(QObject):
    """Says who gets a key that means something to the focus as well as to the window, while the workspace is in front.

    A text field keeps all of its keys; letters it keeps by itself. A table or a button that was reached with Tab keeps
    those that mean something there (``SHARED_KEYS``), unless the pointer is over the traces; so does a table that was
    clicked if the key would change a pick, and everything while no traces are seen.
    """

    def __init__(self, traces: TraceActions, registry: ActionRegistry, workspace: QWidget) -> None:
        super().__init__(workspace)
        self._traces = traces
        self._registry = registry
        self._workspace = workspace
        QApplication.instance().focusChanged.connect(self._watch)  # type: ignore[union-attr]

    def _watch(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None:
            old.removeEventFilter(self)
        if new is not None and not isinstance(new, TraceView):
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt asks the focus first: who accepts the question gets the key, else the window does."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            key = event.key() | modifiers.value
            if key in _SHARED and self._workspace.isVisible() and self._keeps(watched, key):
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def _keeps(self, focus: QObject, key: int) -> bool:
        if isinstance(focus, _TEXT_FIELDS) or (isinstance(focus, QComboBox) and focus.isEditable()):
            return True
        view = self._traces.view
        if view.isVisible() and view.underMouse():
            return False
        tabbed = isinstance(focus, QWidget) and focus.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        in_table = isinstance(focus, QAbstractItemView) and key in _OF_TABLES
        return tabbed or not view.isVisible() or (in_table and self._changes_picks(key))

    def _changes_picks(self, key: int) -> bool:
        return key in _codes(name for action in _CHANGING for name in self._registry.keys[action])
