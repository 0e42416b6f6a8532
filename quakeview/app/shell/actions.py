"""Every action of the window, once: name, icon, keys, tip.

Menus, tool bars, command palette, shortcut sheet and the documentation read it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcutEvent
from PySide6.QtWidgets import QWidget

from quakeview.app.drawing import theme
from quakeview.app.keys.scheme import KeyScheme, names_of
from quakeview.app.shell import window_actions
from quakeview.app.shell.action_spec import ActionSpec
from quakeview.app.workspaces import PLUGS

WORKSPACES = tuple(plug.actions for plug in PLUGS)
"""Those of each workspace, in the order of the rail."""
ACTIONS = (
    *window_actions.FIRST,
    *(workspace.show for workspace in WORKSPACES),
    *(spec for workspace in WORKSPACES for spec in workspace.actions),
    *window_actions.LAST,
)
CATEGORIES = ("File", "Edit", "View", *(name for workspace in WORKSPACES for name in workspace.categories), "Help")
SUBMENUS = {inner: outer for workspace in WORKSPACES for inner, outer in workspace.submenus.items()}
"""Categories whose menu is inside that of another."""
WIDGET_KEYS = {
    **{name: keys for workspace in WORKSPACES for name, keys in workspace.widget_keys.items()},
    "Tables": window_actions.TABLE_KEYS,
    "Guide": window_actions.GUIDE_KEYS,
}
"""What widgets do by themselves, under their names."""


def shortcut_tables(scheme: KeyScheme) -> str:
    """Tables of every action that has a key, a Markdown part for each menu and widget, for the user's guide."""
    keys = scheme.keys(ACTIONS)
    parts: dict[str, list[tuple[tuple[str, ...], str]]] = {category: [] for category in CATEGORIES}
    for spec in ACTIONS:
        parts[spec.category].append((keys[spec.id], f"**{spec.text.rstrip('…')}**: {spec.tip}"))
    tables = {name: rows for name, rows in {**parts, **WIDGET_KEYS}.items() if any(keys for keys, _ in rows)}
    return "\n\n".join(_shortcut_table(name, rows) for name, rows in tables.items())


def _shortcut_table(name: str, rows: Iterable[tuple[tuple[str, ...], str]]) -> str:
    lines = [f"| {' or '.join(f'`{key}`' for key in keys)} | {text} |" for keys, text in rows if keys]
    return "\n".join([f"## {name}", "| Keys | What they do |", "| --- | --- |", *lines])


@dataclass
class _Bound:
    action: QAction
    spec: ActionSpec
    enabled: Callable[[], bool | str] = field(default=lambda: False)
    answer: bool | str | None = None


class _Action(QAction):
    """Takes a key that fits two of its own: Shift+1 is ``Shift+1`` and, on many keyboards, ``!``.

    Qt would call that ambiguous and do nothing. No two actions share a key, which a test makes sure of.
    """

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QShortcutEvent) and event.isAmbiguous():
            self.trigger()
            return True
        return super().event(event)


class ActionRegistry(QObject):
    """The actions as ``QAction``s. Whoever can do one binds it; what nobody has bound stays disabled.

    Attributes:
        scheme: whose keys are in force.
        keys: those of each action, by its id.

    Signals:
        keysChanged: others are in force.
    """

    keysChanged = Signal()

    def __init__(self, parent: QWidget, scheme: KeyScheme) -> None:
        super().__init__(parent)
        self._bound: dict[str, _Bound] = {}
        self._workspace = ""
        for spec in ACTIONS:
            action = _Action(spec.text, parent)
            action.setObjectName(spec.id)
            action.setCheckable(spec.checkable)
            action.setEnabled(False)
            if spec.local:
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            else:
                parent.addAction(action)
            self._bound[spec.id] = _Bound(action, spec)
        self.set_scheme(scheme)
        self.refresh_icons()

    def __getitem__(self, action_id: str) -> QAction:
        return self._bound[action_id].action

    def key_of(self, action_id: str) -> str:
        """The first key of an action, as the system writes it; its name if it has none."""
        action = self[action_id]
        return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText) or action.text().rstrip("…")

    def __iter__(self) -> Iterator[tuple[ActionSpec, QAction]]:
        return ((bound.spec, bound.action) for bound in self._bound.values())

    def bind(
        self, action_id: str, callback: Callable[..., object], enabled: Callable[[], bool | str] = lambda: True
    ) -> QAction:
        """Do ``callback()`` (``callback(checked)`` if checkable) when the action is triggered.

        Args:
            enabled: asked by ``refresh``. A text means no, and says why in the tool tip.
        """
        bound = self._bound[action_id]
        bound.enabled = enabled
        if bound.spec.checkable:
            bound.action.triggered.connect(lambda checked=False: callback(checked))
        else:
            bound.action.triggered.connect(lambda: callback())
        self._refresh(bound)
        return bound.action

    def rename(self, action_id: str, text: str, tip: str) -> None:
        """Call an action otherwise, such as after a phase that the user has named."""
        bound = self._bound[action_id]
        bound.spec, bound.answer = replace(bound.spec, text=text, tip=tip), None
        bound.action.setText(text)
        self._refresh(bound)

    def set_workspace(self, workspace: str) -> None:
        """The workspace now in front; the actions of the others are disabled, so that no key reaches what is hidden."""
        self._workspace = workspace
        self.refresh()

    def refresh(self) -> None:
        """Ask every bound action whether it makes sense now."""
        for bound in self._bound.values():
            self._refresh(bound)

    def set_scheme(self, scheme: KeyScheme) -> None:
        """Use these keys."""
        self.scheme = scheme
        self.keys = scheme.keys(ACTIONS)
        for bound in self._bound.values():
            names = [name for key in self.keys[bound.spec.id] for name in names_of(key)]
            bound.action.setShortcuts([QKeySequence(name) for name in names])
            bound.answer = None
        self.refresh()
        self.keysChanged.emit()

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the theme now on screen."""
        colors = theme.current()
        tints = {"picks.phase_p": colors.p, "picks.phase_s": colors.s}
        for bound in self._bound.values():
            if bound.spec.icon:
                bound.action.setIcon(theme.icon(bound.spec.icon, tints.get(bound.spec.id)))

    def _refresh(self, bound: _Bound) -> None:
        home = bound.spec.workspace
        answer = bound.enabled() if home in ("", self._workspace) else f"Only in the {self[home].text()} workspace."
        if answer == bound.answer:
            return
        bound.answer = answer
        bound.action.setEnabled(answer is True)
        self._describe(bound, answer if isinstance(answer, str) else "")

    def _describe(self, bound: _Bound, why_not: str) -> None:
        keys = bound.action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        title = bound.spec.text.rstrip("…") + (f" ({keys})" if keys else "")
        bound.action.setToolTip("\n".join(line for line in (title, bound.spec.tip, why_not) if line))
        bound.action.setStatusTip(why_not or bound.spec.tip)
