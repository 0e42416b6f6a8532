"""Which magnitudes and days of a catalogue are looked at, typed."""

import numpy as np
from PySide6.QtCore import QDate, QSignalBlocker
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QWidget

from quakeview.app.seismicity.state import SeismicityState
from quakeview.app.texts import captioned
from quakeview.app.widgets.numberbox import NumberBox
from quakeview.app.widgets.tool_button import tool_button
from quakeview.seismicity.choices import days_of

EPOCH = QDate(1970, 1, 1)
_MAGNITUDE_WIDTH, _DATE_WIDTH = 68, 118


def day_edit(name: str, tip: str) -> QDateEdit:
    """A field for a UTC day."""
    edit = QDateEdit()
    edit.setCalendarPopup(True)
    edit.setDisplayFormat("yyyy-MM-dd")
    edit.setKeyboardTracking(False)
    edit.setAccessibleName(name)
    edit.setToolTip(tip)
    edit.setFixedWidth(_DATE_WIDTH)
    return edit


class FilterRow(QWidget):
    """Shows all magnitudes and days of the catalogue until others are chosen, here or on the time line."""

    def __init__(self, state: SeismicityState) -> None:
        super().__init__()
        self._state = state
        self.least, self.most = (NumberBox(decimals=1, singleStep=0.1, minimum=-9.0, maximum=9.9) for _ in range(2))
        for box, which in ((self.least, "Smallest"), (self.most, "Largest")):
            box.setAccessibleName(f"{which} magnitude")
            box.setToolTip(f"{which} magnitude that is looked at")
            box.setKeyboardTracking(False)
            box.setFixedWidth(_MAGNITUDE_WIDTH)
        self.first = day_edit("First day", "Earthquakes from this day on are looked at, UTC")
        self.last = day_edit("Last day", "Earthquakes until the end of this day are looked at, UTC")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 6)
        row.setSpacing(5)
        for piece in ("M", self.least, "to", self.most, "Days", self.first, "to", self.last):
            row.addWidget(captioned(piece, "caption") if isinstance(piece, str) else piece)
        row.addWidget(tool_button("filter-remove-outline", "All magnitudes and days", self._clear))
        row.addStretch()
        self.least.valueChanged.connect(lambda value: state.choose(least=round(value, 1)))
        self.most.valueChanged.connect(lambda value: state.choose(most=round(value, 1)))
        for edit in (self.first, self.last):
            edit.dateChanged.connect(lambda _: self._choose_days())
        state.catalogueChanged.connect(self._show)
        state.filterChanged.connect(self._show)
        self._show()

    def _choose_days(self) -> None:
        first, last = (EPOCH.daysTo(edit.date()) for edit in (self.first, self.last))
        self._state.choose(period=(min(first, last), max(first, last) + 1))

    def _clear(self) -> None:
        self._state.choose(period=None, least=None, most=None)

    def _show(self) -> None:
        catalogue, choices = self._state.catalogue, self._state.choices
        if not len(catalogue):
            return
        first, last = choices.period or days_of(catalogue)
        known = catalogue.magnitude[np.isfinite(catalogue.magnitude)]
        low, high = (known.min(), known.max()) if known.size else (0.0, 9.0)
        blocked = [QSignalBlocker(each) for each in (self.least, self.most, self.first, self.last)]
        self.least.setValue(np.floor(10 * low) / 10 if choices.least is None else choices.least)
        self.most.setValue(np.ceil(10 * high) / 10 if choices.most is None else choices.most)
        self.first.setDate(EPOCH.addDays(first))
        self.last.setDate(EPOCH.addDays(last - 1))
        del blocked
