"""The dialog that asks a data centre for the earthquakes of a region."""

from datetime import UTC, datetime

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from quakeview.app.seismicity.filter_row import EPOCH, day_edit
from quakeview.app.texts import captioned
from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.app.widgets.numberbox import NumberBox
from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY
from quakeview.seismicity.reading.fdsn_events import CENTRES, USUAL_CENTRE, EventQuery
from quakeview.seismicity.region import Region

_USUAL_DAYS, _USUAL_MAGNITUDE = 365, 4.0


class DownloadDialog(FormDialog):
    """Where from, which days, magnitudes and box.

    Signals:
        wanted: the data centre and the ``EventQuery``.
    """

    wanted = Signal(str, object)

    def __init__(self, region: Region | None, parent: QWidget | None) -> None:
        super().__init__("Download events", 460, "caption", parent)
        self.centre = QComboBox(editable=True)
        self.centre.addItems(CENTRES)
        self.centre.setCurrentText(USUAL_CENTRE)
        self.centre.setAccessibleName("Data centre")
        self.centre.setToolTip("A data centre with FDSN web services, or the address of one")
        today = EPOCH.daysTo(QDate(*datetime.now(UTC).timetuple()[:3]))
        self.first = day_edit("First day", "Earthquakes from this day on, UTC")
        self.last = day_edit("Last day", "Earthquakes until the end of this day, UTC")
        self.first.setDate(EPOCH.addDays(today - _USUAL_DAYS))
        self.last.setDate(EPOCH.addDays(today))
        self.magnitude = NumberBox(minimum=-3.0, maximum=9.0, decimals=1, singleStep=0.1, value=_USUAL_MAGNITUDE)
        self.magnitude.setAccessibleName("Smallest magnitude")
        sides = ("South", "West", "North", "East")
        bounds = (-90.0, -180.0, 90.0, 180.0) if region is None else region.bounds
        self.sides = [NumberBox(minimum=-360.0, maximum=360.0, decimals=2, value=value) for value in bounds]
        for box, side in zip(self.sides, sides, strict=True):
            box.setAccessibleName(side)
            box.valueChanged.connect(lambda _: self._check())
        self.form.addRow("&Data centre", self.centre)
        self.form.addRow("Days", _row(self.first, "to", self.last))
        self.form.addRow("Smallest &magnitude", self.magnitude)
        self.form.addRow("South, west", _row(self.sides[0], "", self.sides[1]))
        self.form.addRow("North, east", _row(self.sides[2], "", self.sides[3]))
        self.add_buttons("Download")
        for edit in (self.first, self.last):
            edit.dateChanged.connect(lambda _: self._check())
        self.centre.editTextChanged.connect(lambda _: self._check())
        self.magnitude.valueChanged.connect(lambda _: self._check())
        self._check()

    def query(self) -> EventQuery:
        """Return what is asked for.

        Raises:
            QuakeViewError: if it is contradictory.
        """
        start, end = (EPOCH.daysTo(edit.date()) * DAY for edit in (self.first, self.last))
        south, west, north, east = (box.value() for box in self.sides)
        everywhere = (south, west, north, east) == (-90.0, -180.0, 90.0, 180.0)
        box = None if everywhere else (west, south, east, north)
        return EventQuery(start, end + DAY, round(self.magnitude.value(), 1), box)

    def _check(self) -> None:
        """Say what is asked for, or why that cannot be."""
        try:
            said, fits = f"{self.query()}.".capitalize(), bool(self.centre.currentText().strip())
        except QuakeViewError as error:
            said, fits = str(error), False
        self.said.setText(said)
        self.accept_button.setEnabled(fits)

    def accept(self) -> None:
        self.wanted.emit(self.centre.currentText().strip(), self.query())
        super().accept()


def _row(first: QWidget, between: str, second: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(first)
    if between:
        row.addWidget(captioned(between, "caption"))
    row.addWidget(second)
    row.addStretch()
    return row
