"""What is to be forecast from which catalogue, in one row."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from quakeview.app.seismicity.filter_row import EPOCH, day_edit
from quakeview.app.seismicity.state import SeismicityState
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.texts import captioned
from quakeview.app.widgets.numberbox import NumberBox
from quakeview.app.widgets.tool_button import ToolButton, tool_button
from quakeview.seismicity.choices import days_of
from quakeview.seismicity.windows import BASE_CODE, NEXT_DAY, PAPER, Window

_NUMBER_WIDTH = 92
_WINDOWS = {"the next day": NEXT_DAY, "days 10 to 19": PAPER, "days 10 to 49": BASE_CODE}
_REGION = ("seismicity.box", "seismicity.polygon", "seismicity.type_region", "seismicity.no_region", "seismicity.area")


class ChoicesBar(QWidget):
    """Shows and changes the choices of the catalogue that is shown.

    Signals:
        openRequested: another catalogue is wanted.
        notesRequested: what is to know about the catalogue is to be said.
    """

    openRequested = Signal()
    notesRequested = Signal()

    def __init__(self, state: SeismicityState, registry: ActionRegistry) -> None:
        super().__init__()
        self._state = state
        self.catalogues = QComboBox()
        self.catalogues.setAccessibleName("Catalogue")
        self.catalogues.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.catalogues.setMinimumWidth(140)
        self.catalogues.setMaximumWidth(320)
        self.catalogues.activated.connect(lambda index: state.show(state.opened[index]))
        self.magnitude = NumberBox(minimum=-3.0, maximum=9.0, decimals=1, singleStep=0.1, prefix="M ≥ ")
        self.cell = NumberBox(minimum=1.0, maximum=500.0, decimals=0, singleStep=5.0, suffix=" km")
        self.window_choice = QComboBox()
        self.window_choice.addItems(list(_WINDOWS))
        self.day = day_edit("Last known day", "The forecast knows the earthquakes until the end of this day, UTC")
        for widget, name, tip in (
            (self.magnitude, "Magnitude to forecast", "Earthquakes of this magnitude and more are forecast"),
            (self.cell, "Size of cells", "Side of the square cells of the forecast"),
            (self.window_choice, "Days to forecast", "For which days after the last known one"),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
        for box in (self.magnitude, self.cell):
            box.setKeyboardTracking(False)
            box.setFixedWidth(_NUMBER_WIDTH)
        self.region = ToolButton("selection-drag", "Region")
        self.region.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.region)
        menu.addActions([registry[action_id] for action_id in _REGION])
        self.region.setMenu(menu)
        self._arrange()
        self._connect()
        self._show_list()

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(6)
        row.addWidget(self.catalogues, 1)
        row.addWidget(tool_button("information-outline", "How the catalogue was read", self.notesRequested.emit))
        row.addWidget(tool_button("folder-open-outline", "Open a Catalogue…", self.openRequested.emit))
        row.addSpacing(8)
        for words, widget in (
            ("Forecast", self.magnitude),
            ("in cells of", self.cell),
            ("for", self.window_choice),
            ("after", self.day),
        ):
            row.addWidget(captioned(words, "caption"))
            row.addWidget(widget)
        row.addSpacing(8)
        row.addWidget(self.region)
        row.addStretch(1)

    def _connect(self) -> None:
        state = self._state
        self.magnitude.valueChanged.connect(lambda value: state.choose(magnitude=round(value, 1)))
        self.cell.valueChanged.connect(lambda value: state.choose(cell_size=1000.0 * value))
        self.window_choice.activated.connect(lambda _: state.choose(window=_WINDOWS[self.window_choice.currentText()]))
        self.day.dateChanged.connect(lambda day: state.choose(day=EPOCH.daysTo(day)))
        state.listChanged.connect(self._show_list)
        state.catalogueChanged.connect(self._show_list)
        state.settingChanged.connect(self._show_choices)
        state.dayChanged.connect(self._show_choices)
        state.regionChanged.connect(self._show_choices)

    def _show_list(self) -> None:
        with QSignalBlocker(self.catalogues):
            self.catalogues.clear()
            self.catalogues.addItems([each.name for each in self._state.opened])
            current = self._state.current
            if current is not None:
                first, last = days_of(current.catalogue)
                with QSignalBlocker(self.day):
                    self.day.setDateRange(EPOCH.addDays(first), EPOCH.addDays(last - 1))
            self.catalogues.setCurrentIndex(-1 if current is None else self._state.opened.index(current))
        self._show_choices()

    def _show_choices(self) -> None:
        choices = self._state.choices
        blocked = [QSignalBlocker(each) for each in (self.magnitude, self.cell, self.window_choice, self.day)]
        self.magnitude.setValue(choices.magnitude)
        self.cell.setValue(choices.cell_size / 1000)
        self._show_window(choices.window)
        self.day.setDate(EPOCH.addDays(choices.day))
        region = "no region" if choices.region is None else str(choices.region)
        self.region.setToolTip(f"Region: {region}")
        del blocked

    def _show_window(self, window: Window) -> None:
        """Of the choice; a forecaster may have another one."""
        named = list(_WINDOWS.values())
        self.window_choice.setCurrentIndex(named.index(window) if window in named else -1)
        self.window_choice.setPlaceholderText(str(window))
