"""The dialog that asks a data centre for a catalogue, which is saved and opened."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDate, QObject, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QHBoxLayout, QWidget

from quakeview.app.texts import captioned
from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.app.widgets.numberbox import NumberBox
from quakeview.app.widgets.saving import ask_for_path
from quakeview.app.work.running import JobRunner
from quakeview.errors import QuakeViewError
from quakeview.jobs import Job
from quakeview.seismicity.catalogue import DAY
from quakeview.seismicity.reading.fdsn_events import CENTRES, USUAL_CENTRE, EventQuery, save_events

Box = tuple[float, float, float, float]

_EPOCH = QDate(1970, 1, 1)
_YEARS = -10
"""Before today, from when on earthquakes are asked for at first."""
_SIDES = ("West", "South", "East", "North")
_EARTH: Box = (-180.0, -90.0, 180.0, 90.0)


class EventsDialog(FormDialog):
    """Which data centre, time, magnitude and region."""

    def __init__(self, box: Box | None, parent: QWidget | None = None) -> None:
        """``box`` is the region to begin with: west, south, east, north, degrees; None is the whole Earth."""
        super().__init__("Download a catalogue", 480, "caption", parent)
        self.centre = QComboBox(editable=True)
        self.centre.addItems(list(CENTRES))
        self.centre.setCurrentText(USUAL_CENTRE)
        self.start, self.end = QDateEdit(), QDateEdit()
        self.magnitude = NumberBox(minimum=-2.0, maximum=9.0, decimals=1, singleStep=0.5, value=4.5)
        self.everywhere = QCheckBox("The whole Earth")
        self.sides = [NumberBox(minimum=-limit, maximum=limit, decimals=2, suffix="°") for limit in (360, 90, 360, 90)]
        self._arrange(box or _EARTH)
        self.everywhere.toggled.connect(self._check)
        self.everywhere.setChecked(box is None)
        self._check()

    def _arrange(self, box: Box) -> None:
        today = QDate.currentDate()
        for edit, day in ((self.start, today.addYears(_YEARS)), (self.end, today)):
            edit.setCalendarPopup(True)
            edit.setDisplayFormat("yyyy-MM-dd")
            edit.setDate(day)
            edit.dateChanged.connect(self._check)
        for side, name, value in zip(self.sides, _SIDES, box, strict=True):
            side.setValue(value)
            side.setAccessibleName(name)
            side.valueChanged.connect(self._check)
        for widget, name, tip in (
            (self.centre, "Data centre", "A data centre with FDSN web services, or the address of one"),
            (self.start, "From", "The first day, UTC"),
            (self.end, "To", "The day before which the catalogue ends, UTC"),
            (self.magnitude, "Smallest magnitude", "Earthquakes of this magnitude and more"),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
        self.form.addRow("&Data centre", self.centre)
        self.form.addRow("&From", self.start)
        self.form.addRow("&To", self.end)
        self.form.addRow("&Magnitude at least", self.magnitude)
        self.form.addRow("Region", self.everywhere)
        self.form.addRow("Longitudes", _in_a_row("from", self.sides[0], "to", self.sides[2]))
        self.form.addRow("Latitudes", _in_a_row("from", self.sides[1], "to", self.sides[3]))
        self.centre.editTextChanged.connect(self._check)
        self.add_buttons("&Download…")

    def wanted(self) -> tuple[str, EventQuery]:
        """Return the data centre and what to ask it for.

        Raises:
            QuakeViewError: if it is contradictory.
        """
        west, south, east, north = (side.value() for side in self.sides)
        box = None if self.everywhere.isChecked() else (west, south, east, north)
        start, end = (float(_EPOCH.daysTo(edit.date())) * DAY for edit in (self.start, self.end))
        return self.centre.currentText().strip(), EventQuery(start, end, round(self.magnitude.value(), 1), box)

    def _check(self) -> None:
        for side in self.sides:
            side.setEnabled(not self.everywhere.isChecked())
        try:
            centre, query = self.wanted()
        except QuakeViewError as error:
            self.said.setText(str(error))
            self.accept_button.setEnabled(False)
            return
        self.said.setText(f"{str(query).capitalize()} are saved as a file and opened.")
        self.accept_button.setEnabled(bool(centre))


class EventsDownload(QObject):
    """Asks what is wanted and where to, and downloads.

    Signals:
        saved: path of the file, which is to be opened, and sentences about it.
    """

    saved = Signal(Path, list)

    def __init__(self, runner: JobRunner, window: QWidget) -> None:
        super().__init__(window)
        self._runner, self._window = runner, window

    def ask(self, folder: Path, box: Box | None = None) -> None:
        """Let the user choose; ``box`` is the region to begin with, the file is suggested in ``folder``."""
        dialog = EventsDialog(box, self._window)
        dialog.accepted.connect(lambda: self._save(*dialog.wanted(), folder))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save(self, centre: str, query: EventQuery, folder: Path) -> None:
        path = ask_for_path(self._window, "Save the catalogue", str(folder / "catalogue.csv"), "Catalogue (*.csv)")
        if path is None:
            return
        job = self._runner.start(
            Job(f"Downloading earthquakes from {centre}", partial(save_events, centre, query, path))
        )
        job.finished.connect(lambda notes: self._tell(path, notes))

    def _tell(self, path: Path, notes: Sequence[str]) -> None:
        self.saved.emit(path, list(notes))


def _in_a_row(*parts: str | QWidget) -> QWidget:
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        row.addWidget(captioned(part, "caption") if isinstance(part, str) else part, 0 if isinstance(part, str) else 1)
    return whole
