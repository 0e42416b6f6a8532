"""The tool bar of the Waveforms workspace."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QMenu, QStyle, QToolBar, QToolButton, QWidget

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.waveforms.filter_dialog import PRESETS
from quakeview.app.waveforms.picking_actions import PHASE_KEYS
from quakeview.app.waveforms.showing import SHOW_AS
from quakeview.waveforms.filters import Filter

_GROUPS = (
    ("file.open",),
    ("@filter", "view.detrend", "@show_as", "view.common_scale"),
    ("@sort", "@picks"),
    ("picks.all", "picks.station", "events.find", "view.map"),
    ("picks.phase_p", "picks.phase_s", "@modes"),
    ("edit.undo", "edit.redo"),
)
_SORT = ("view.sort_name", "view.sort_distance")
_WITH_TEXT = (
    "view.detrend",
    "view.common_scale",
    "view.map",
    "picks.station",
    "file.open",
    "picks.all",
    "events.find",
)
"""Buttons with a text. Where there is no room, they give it up in this order."""


class FilterMenu(QToolButton):
    """Says which filter is on; the button switches it, the menu offers the presets."""

    chosen = Signal(object, object)  # lower and upper corner, Hz or None

    def __init__(self, registry: ActionRegistry, parent: QWidget) -> None:
        super().__init__(parent)
        self._toggle = registry["view.filter"]
        self.setDefaultAction(self._toggle)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setAccessibleName("Filter")
        menu = QMenu(self)
        group = QActionGroup(menu)
        self._presets: dict[tuple[float | None, float | None], QAction] = {}
        for low, high in PRESETS:
            label = "No filter" if low is None and high is None else Filter(True, low, high).label
            action = menu.addAction(label)
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, low=low, high=high: self.chosen.emit(low, high))
            group.addAction(action)
            self._presets[low, high] = action
        menu.addSeparator()
        menu.addAction(registry["view.zero_phase"])
        menu.addAction(registry["view.custom_filter"])
        self.setMenu(menu)

    def show_filter(self, filter: Filter) -> None:
        """Show its name on the button and its place in the menu."""
        none = filter.low is None and filter.high is None
        self._toggle.setIconText("No filter" if none else filter.name)
        for corners, action in self._presets.items():
            action.setChecked(corners == (filter.low, filter.high))


class Toolbar(QToolBar):
    """Keeps every button in sight: in a narrow window some are without their text."""

    def __init__(self) -> None:
        super().__init__("Waveforms")
        self.wordy: list[QToolButton] = []

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for button in self.wordy:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for button in self.wordy:
            if self._needed() <= event.size().width():
                break
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)

    def _needed(self) -> int:
        """Pixels for all buttons as they are, and for the one that Qt shows as soon as they are tight."""
        layout = self.layout()
        if layout is None:
            return 0
        layout.invalidate()
        return layout.sizeHint().width() + self.style().pixelMetric(QStyle.PixelMetric.PM_ToolBarExtensionExtent)


def build_toolbar(registry: ActionRegistry, filter_menu: FilterMenu, picks_button: QToolButton) -> QToolBar:
    """Groups of actions with lines between them."""
    bar = Toolbar()
    bar.setObjectName("waveforms-toolbar")
    bar.setMovable(False)
    bar.setIconSize(bar.iconSize() * 0.8)
    bar.toggleViewAction().setVisible(False)
    choices: list[QToolButton] = []
    for number, group in enumerate(_GROUPS):
        if number:
            bar.addSeparator()
        for name in group:
            if name == "@filter":
                bar.addWidget(filter_menu)
            elif name == "@picks":
                bar.addWidget(picks_button)
            elif name == "@sort":
                choices.append(_choice_button(registry, bar, _SORT, "Order of the stations"))
                bar.addWidget(choices[-1])
            elif name == "@modes":
                bar.addWidget(_modes_button(registry))
            elif name == "@show_as":
                choices.append(_choice_button(registry, bar, SHOW_AS, "What the traces show"))
                bar.addWidget(choices[-1])
            else:
                bar.addAction(registry[name])
                button = bar.widgetForAction(registry[name])
                if isinstance(button, QToolButton):
                    button.setAccessibleName(registry[name].text())
                    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    buttons = [bar.widgetForAction(registry[name]) for name in _WITH_TEXT]
    bar.wordy = [button for button in (*buttons, *reversed(choices)) if isinstance(button, QToolButton)]
    return bar


def _choice_button(registry: ActionRegistry, parent: QObject, action_ids: Sequence[str], name: str) -> QToolButton:
    """A button with a menu of actions, that shows the one that is checked."""
    button = QToolButton()
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    menu = QMenu(button)
    for action_id in action_ids:
        action = registry[action_id]
        menu.addAction(action)
        action.changed.connect(lambda action=action: _show_choice(button, action) if action.isChecked() else None)
    button.setMenu(menu)
    _show_choice(button, registry[action_ids[0]])
    return button


def _modes_button(registry: ActionRegistry) -> QToolButton:
    """A button with a menu of the phases beyond P and S, that shows the one of the mode."""
    button = QToolButton()
    button.setAccessibleName("Mode of another phase")
    button.setToolTip("Space and double-click set another phase than P and S")
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu, actions = QMenu(button), [registry[f"picks.mode_{key}"] for key in PHASE_KEYS]
    menu.addActions(actions)
    button.setMenu(menu)

    def show() -> None:
        chosen = (action.text().removesuffix(" Mode") for action in actions if action.isChecked())
        button.setText(next(chosen, "…"))

    for action in actions:
        action.changed.connect(show)
    show()
    return button


def _show_choice(button: QToolButton, action: QAction) -> None:
    button.setText(action.text())
    button.setIcon(action.icon())
