"""The tool bar of the Wavefield workspace."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolBar, QToolButton, QWidget

from quakeview.app.drawing import theme
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.texts import captioned
from quakeview.app.widgets.numberbox import NumberBox

COMPONENTS = ("wavefield.x", "wavefield.y", "wavefield.z", "wavefield.horizontal")
MEASURES = ("wavefield.pgv", "wavefield.t_pgv", "wavefield.mmi")
LAYERS = ("wavefield.cities", "wavefield.stations", "wavefield.faults")
EXPORTS = ("file.picture", "wavefield.film", "wavefield.traces", "wavefield.shakemap", "wavefield.waveforms")


class LimitControl(QWidget):
    """The velocity at which the colours end, and whether it follows from the scenario."""

    chosen = Signal(float)  # m/s

    def __init__(self, registry: ActionRegistry) -> None:
        super().__init__()
        self.box = NumberBox(minimum=0.001, maximum=10_000, decimals=3, prefix="± ", suffix=" cm/s")
        self.box.setStepType(NumberBox.StepType.AdaptiveDecimalStepType)
        self.box.setKeyboardTracking(False)
        self.box.setAccessibleName("Limit of the colours")
        self.box.setToolTip("The colours end at this velocity, at all times alike")
        self.box.valueChanged.connect(lambda value: self.chosen.emit(value / 100))
        self.box.setFixedWidth(132)
        auto = QToolButton()
        registry["wavefield.auto_limit"].setIconText("Auto")
        auto.setDefaultAction(registry["wavefield.auto_limit"])
        auto.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        auto.setAccessibleName("Automatic limit of the colours")
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(4)
        row.addWidget(captioned("Colours", "caption"))
        row.addWidget(self.box)
        row.addWidget(auto)

    def show_limit(self, limit: float, signed: bool) -> None:
        """Say where the colours end (m/s) without choosing it; ``signed``: on both sides of zero."""
        self.box.blockSignals(True)
        self.box.setPrefix("± " if signed else "0 – ")
        self.box.setDecimals(1 if 100 * limit >= 10 else 2 if 100 * limit >= 1 else 3)
        self.box.setValue(100 * limit)
        self.box.blockSignals(False)


def build_toolbar(registry: ActionRegistry, limit: LimitControl) -> QToolBar:
    """Which scenario; what of it is seen; layers and exports."""
    bar = QToolBar("Wavefield")
    bar.setObjectName("wavefield-toolbar")
    bar.setMovable(False)
    bar.setIconSize(bar.iconSize() * 0.8)
    bar.toggleViewAction().setVisible(False)
    _add(bar, registry, "wavefield.close", Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    for action_id in ("wavefield.new", "file.open"):
        _add(bar, registry, action_id)
    bar.addSeparator()
    group = QActionGroup(bar)
    for action_id in COMPONENTS:
        action = group.addAction(registry[action_id])
        action.setIconText(action.text().removeprefix("Component ").removesuffix(" Velocity"))
        _add(bar, registry, action_id, Qt.ToolButtonStyle.ToolButtonTextOnly)
    bar.addWidget(limit)
    bar.addSeparator()
    bar.addWidget(_measure_button(registry))
    bar.addWidget(_menu_button(registry, "Layers", "layers-outline", LAYERS))
    bar.addWidget(_menu_button(registry, "Export", "export", EXPORTS))
    refresh_icons(bar)
    return bar


def refresh_icons(bar: QToolBar) -> None:
    """Draw the icons that are not an action's in the colours of the theme."""
    for button in bar.findChildren(QToolButton):
        if name := button.property("icon_name"):
            button.setIcon(theme.icon(name))


def _add(
    bar: QToolBar,
    registry: ActionRegistry,
    action_id: str,
    style: Qt.ToolButtonStyle = Qt.ToolButtonStyle.ToolButtonIconOnly,
) -> None:
    action = registry[action_id]
    bar.addAction(action)
    button = bar.widgetForAction(action)
    if isinstance(button, QToolButton):
        button.setAccessibleName(action.text())
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolButtonStyle(style)


def _measure_button(registry: ActionRegistry) -> QToolButton:
    """Says what the map beside the waves shows."""
    button = _menu_button(registry, "Map beside the waves", "map-outline", MEASURES)
    button.setToolTip("What the map beside the waves shows")
    group = QActionGroup(button)
    for action_id in MEASURES:
        action = group.addAction(registry[action_id])
        action.setIconText(action.text().removeprefix("Map Beside: "))
        action.toggled.connect(partial(_say_chosen, button, action.iconText()))
    registry[MEASURES[0]].setChecked(True)
    return button


def _say_chosen(button: QToolButton, name: str, chosen: bool) -> None:
    if chosen:
        button.setText(name)


def _menu_button(registry: ActionRegistry, name: str, icon: str, action_ids: tuple[str, ...]) -> QToolButton:
    button = QToolButton()
    button.setText(name)
    button.setProperty("icon_name", icon)
    button.setAccessibleName(name)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    menu = QMenu(button)
    menu.addActions([registry[action_id] for action_id in action_ids])
    button.setMenu(menu)
    return button
