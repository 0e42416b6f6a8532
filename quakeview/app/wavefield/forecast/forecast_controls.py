"""The strip above the maps that says from what a forecast is made, and what is known now."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QActionGroup, QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QWidget,
)

from quakeview.app.drawing import theme
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.texts import captioned
from quakeview.app.wavefield.forecast.live_forecast import SPEEDS
from quakeview.app.wavefield.stage import Stage
from quakeview.app.wavefield.status import status
from quakeview.app.widgets.elided import ElidedLabel
from quakeview.app.widgets.model_list import NO_FORECASTER, summary
from quakeview.app.widgets.numberbox import WholeNumberBox
from quakeview.registry import named
from quakeview.wavefield.forecasting.forecast_making import INPUTS, USUAL_INPUT, Settings
from quakeview.wavefield.forecasting.station_choice import FEW, MANY, MOST_MISSING, StationChoice, StationKind

_STATIONS = {
    StationKind.EVERYWHERE: ("Everywhere", "The ground velocity of every node is known"),
    StationKind.MANY: (f"{MANY} stations", "Nodes drawn at random, as many as in the WaveCastNet paper"),
    StationKind.FEW: (f"{FEW} stations", "Nodes drawn at random, as many as ShakeAlert has stations in the region"),
    StationKind.VIRTUAL: ("Virtual stations", "The station sites of the map"),
    StationKind.FILE: ("From a file…", "StationXML, or a table (CSV) with the columns name, lon and lat"),
}
_MOST_MEMBERS = 50
_NARROWEST_LINE = 40
_FILES = "Stations (*.xml *.stationxml *.csv *.tsv *.txt);;All files (*)"


class ForecastStrip(QWidget):
    """Model, input, stations, ensemble; Forecast, Cancel, Replay as it happened; and a line that says how things are.

    Signals:
        fileChosen: path of a list of stations.
        speedChosen: of the replay as it happened, a multiple of real time.
    """

    fileChosen = Signal(object)
    speedChosen = Signal(float)

    def __init__(self, stage: Stage, registry: ActionRegistry) -> None:
        super().__init__()
        self.stage = stage
        self._registry = registry
        self._path: Path | None = None
        self._row_before = 0
        self.model = _box("Forecaster", 124)
        self.input = _box("Input window", 114)
        for until in INPUTS:
            self.input.addItem(_input_text(until), until)
        self.input.setCurrentIndex(INPUTS.index(USUAL_INPUT))
        self.input.setToolTip("The forecast is made from what was known until then; a tick: it is there already")
        self.stations = _box("Stations", 124)
        for kind, (text, tip) in _STATIONS.items():
            self.stations.addItem(text, kind)
            self.stations.setItemData(self.stations.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.missing = WholeNumberBox(maximum=MOST_MISSING, singleStep=5, suffix=" % missing")
        self.missing.setFixedWidth(118)
        self.missing.setAccessibleName("Missing stations, percent")
        self.missing.setToolTip("Part of the stations that send nothing, drawn at random")
        self.members = WholeNumberBox(maximum=_MOST_MEMBERS, suffix=" members", specialValueText="All members")
        self.members.setFixedWidth(118)
        self.members.setAccessibleName("Members of the ensemble")
        self.members.valueChanged.connect(lambda n: self.members.setSuffix(" member" if n == 1 else " members"))
        self.members.setToolTip("How many networks forecast; their spread says how sure they are")
        self.run = _button(registry, "forecast.run")
        self.cancel = _button(registry, "forecast.cancel")
        self.live = self._live_button()
        self.line = ElidedLabel("Forecast", _NARROWEST_LINE, Qt.AlignmentFlag.AlignRight)
        self.line.setProperty("role", "caption")
        policy = self.line.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.line.setSizePolicy(policy)
        self._arrange()
        self.input.activated.connect(lambda _: stage.choose_input(self.input.currentData()))
        self.stations.activated.connect(self._choose_stations)
        self.stations.currentIndexChanged.connect(lambda _: self._choose())
        self.model.currentIndexChanged.connect(lambda _: self._choose())
        for box in (self.missing, self.members):
            box.setKeyboardTracking(False)
            box.valueChanged.connect(lambda _: self._choose())
        self.show_models([], "")
        self._follow_stations()
        for changed in (stage.opened, stage.replaced, stage.forecastsChanged, stage.workChanged, stage.inputChosen):
            changed.connect(self._show_stage)
        stage.frameCame.connect(self._say)

    def _arrange(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 4, 0)
        row.setSpacing(5)
        row.addWidget(self.model)
        row.addWidget(captioned("Input", "caption"))
        row.addWidget(self.input)
        for widget in (self.stations, self.missing, self.members, self.run, self.cancel, self.live):
            row.addWidget(widget)
        row.addWidget(self.line, 1)
        self.cancel.hide()

    def _live_button(self) -> QToolButton:
        self._registry["forecast.live"].setIconText("As it happened")
        self._registry["forecast.cancel"].setIconText("Cancel")
        button = _button(self._registry, "forecast.live")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = QMenu(button)
        group = QActionGroup(menu)
        for speed in SPEEDS:
            action = group.addAction(menu.addAction(f"× {speed:g}" + (" (real time)" if speed == 1 else "")))
            action.setCheckable(True)
            action.setChecked(speed == SPEEDS[0])
            action.triggered.connect(lambda _=False, speed=speed: self.speedChosen.emit(speed))
        button.setMenu(menu)
        return button

    # --- what is chosen ----------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings | None:
        """What the next forecast is made with; None without a model."""
        card = self.model.currentData()
        return None if card is None else Settings(card, self.choice, self.members.value() or None)

    @property
    def choice(self) -> StationChoice:
        kind = StationKind(self.stations.currentData())
        missing = self.missing.value() if kind is not StationKind.EVERYWHERE else 0
        return StationChoice(kind, missing, self._path if kind is StationKind.FILE else None)

    def _choose(self) -> None:
        self.stage.choose_settings(self.settings)

    def step_input(self, count: int) -> None:
        """The input ``count`` steps later, earlier if negative."""
        row = min(max(self.input.currentIndex() + count, 0), len(INPUTS) - 1)
        if row != self.input.currentIndex():
            self.stage.choose_input(INPUTS[row])

    # --- what is shown -----------------------------------------------------------------------------------------

    def show_models(self, cards: list[Any], name: str) -> None:
        """The forecasters there are; the one of that name, else the one before, else the first is chosen."""
        chosen = named(cards, name or self.model.currentText())
        with QSignalBlocker(self.model):
            self.model.clear()
            for card in cards:
                self.model.addItem(card.name, card)
                self.model.setItemData(self.model.count() - 1, summary(card), Qt.ItemDataRole.ToolTipRole)
            if not cards:
                self.model.addItem("No forecaster", None)
            self.model.setCurrentIndex(cards.index(chosen) if chosen else 0)
        self.model.setEnabled(bool(cards))
        self._choose()
        self.model.setToolTip("\n".join(summary(card) for card in cards) or NO_FORECASTER)

    def _show_stage(self) -> None:
        """What is made, and what can be chosen: no input while forecasts follow what happens, no stations of records
        that have their own."""
        stage, live = self.stage, self.stage.live is not None
        with QSignalBlocker(self.input):
            self.input.setCurrentIndex(INPUTS.index(stage.until))
        self._tick_inputs([each.issue_time for each in stage.forecasts if each.complete])
        self._show_busy(stage.making is not None)
        self.stations.setEnabled(not stage.has_own_stations)
        self._follow_stations()
        self.input.setEnabled(not live)
        self.line.setVisible(not live)
        self._say()

    def _say(self) -> None:
        """How things are, in the line at the end."""
        self.line.setText(status(self.stage))
        self.line.setToolTip(self.line.text())

    def _tick_inputs(self, made: list[float]) -> None:
        """Mark the inputs that there are forecasts of; ``made``: when these end, s."""
        for row, until in enumerate(INPUTS):
            done = any(abs(until - other) < 1e-3 for other in made)
            self.input.setItemIcon(row, theme.icon("check", theme.current().good) if done else QIcon())

    def _show_busy(self, busy: bool) -> None:
        """Cancel in the place of Forecast while one is made."""
        going, coming = (self.run, self.cancel) if busy else (self.cancel, self.run)
        going.hide()  # first: a window that had to be wide for both would stay so
        coming.show()

    # --- state -------------------------------------------------------------------------------------------------

    @property
    def state(self) -> dict[str, Any]:
        """For the next start."""
        return {
            "model": self.model.currentText() if self.model.currentData() is not None else "",
            "until": self.stage.until,
            "stations": str(self.choice.kind),
            "path": str(self._path or ""),
            "missing": self.missing.value(),
            "members": self.members.value(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """As it was at the end of the last session; the model comes with ``show_models``."""
        self.stage.choose_input(float(state.get("until", USUAL_INPUT)))
        path = Path(state.get("path") or "")
        if path.is_file():
            self._use_file(path)
        row = self.stations.findData(state.get("stations", ""))
        if row >= 0 and (row != self.stations.findData(StationKind.FILE) or self._path is not None):
            self.stations.setCurrentIndex(row)
        self.missing.setValue(int(state.get("missing", 0)))
        self.members.setValue(int(state.get("members", 0)))
        self._follow_stations()

    def _choose_stations(self) -> None:
        if self.choice.kind is StationKind.FILE:
            name, _ = QFileDialog.getOpenFileName(self, "Choose stations", str(self._path or ""), _FILES)
            if name:
                self._use_file(Path(name))
                self.fileChosen.emit(Path(name))
            elif self._path is None:
                self.stations.setCurrentIndex(self._row_before)
        if self.choice.kind is not StationKind.FILE:
            self._row_before = self.stations.currentIndex()
        self._follow_stations()

    def refuse_file(self) -> None:
        """The file is no list of stations: what was chosen before it is again."""
        self._path = None
        self.stations.setItemText(self.stations.findData(StationKind.FILE), _STATIONS[StationKind.FILE][0])
        self.stations.setCurrentIndex(self._row_before)
        self._follow_stations()

    def _use_file(self, path: Path) -> None:
        if path != self._path:
            self._path = path
            self._choose()
        row = self.stations.findData(StationKind.FILE)
        self.stations.setItemText(row, path.name)
        self.stations.setCurrentIndex(row)

    def _follow_stations(self) -> None:
        some = self.choice.kind is not StationKind.EVERYWHERE
        self.missing.setEnabled(some and not self.stage.has_own_stations)
        self.stations.setToolTip(_STATIONS[self.choice.kind][1])


def build_bar(strip: ForecastStrip) -> QToolBar:
    """The strip as a tool bar, which follows the width of the window."""
    bar = QToolBar("Forecast")
    bar.setObjectName("forecast-toolbar")
    bar.setMovable(False)
    bar.toggleViewAction().setVisible(False)
    bar.addWidget(strip)
    return bar


def _input_text(until: float) -> str:
    return f"0–{until:.1f} s"


def _box(name: str, width: int) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setFixedWidth(width)
    box.view().setMinimumWidth(width)
    return box


def _button(registry: ActionRegistry, action_id: str) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(registry[action_id])
    button.setAccessibleName(registry[action_id].text())
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
