"""Makes a data set of reviewed picks: what would be in it, and what was left out and why, before it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QListWidget, QPushButton, QWidget

from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.app.widgets.numberbox import WholeNumberBox
from quakeview.app.work.running import JobRunner, RunningJob
from quakeview.errors import QuakeViewError
from quakeview.events.event import Event
from quakeview.jobs import Job, Progress
from quakeview.monitoring.picks import Pick
from quakeview.stations.coordinates import Coordinates
from quakeview.texts import counted
from quakeview.training.building.building import PARTS, BuiltDataset, PreparedDataset, Window, prepare_dataset
from quakeview.training.building.labelled import labels_and_others
from quakeview.waveforms.archive import Archive

_INTRO = "Each record is a window around the P and S of one earthquake at one station. Check it before it is written."


@dataclass(frozen=True)
class Reviewed:
    """What a data set is made of, as it was when the dialog was opened."""

    picks: Sequence[Pick]
    events: Sequence[Event]
    archive: Archive
    coordinates: Mapping[tuple[str, str], Coordinates]


class DatasetDialog(FormDialog):
    """Asks where, how it is divided and what counts; checks, and writes.

    Signals:
        built: the ``BuiltDataset``.
    """

    built = Signal(object)

    def __init__(self, reviewed: Reviewed, runner: JobRunner, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__("Make a data set of this project's picks", 560, "caption", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._reviewed, self._runner = reviewed, runner
        self._job: RunningJob | None = None
        self.prepared: PreparedDataset | None = None
        self.folder = QLineEdit(str(folder))
        self.shares = {part: WholeNumberBox() for part in PARTS}
        self.before, self.after = WholeNumberBox(), WholeNumberBox()
        self.automatic = QCheckBox("Use picks too that nobody has looked at")
        self.remarks = QListWidget()
        self._arrange()
        self.said.setText(_INTRO)
        for changed in (
            self.folder.textChanged,
            self.before.valueChanged,
            self.after.valueChanged,
            self.automatic.toggled,
            *(box.valueChanged for box in self.shares.values()),
        ):
            changed.connect(lambda *_: self._start_over())

    def accept(self) -> None:
        """Check first; what was checked is written."""
        if self._job is not None:
            return
        if self.prepared is None:
            self._check()
            return
        prepared, self.prepared = self.prepared, None
        try:
            built: BuiltDataset = prepared.keep()
        except QuakeViewError as error:
            self._fail(str(error))
            return
        super().accept()
        self.built.emit(built)

    def reject(self) -> None:
        """Nothing is left of what was checked."""
        self._start_over()
        super().reject()

    # --- inside ------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        browse = QPushButton("Browse…", autoDefault=False)
        browse.setAccessibleName("Browse for a folder")
        browse.clicked.connect(self._ask)
        self.folder.setAccessibleName("Folder")
        place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.folder, 1)
        row.addWidget(browse)
        self.form.addRow("Folder", place)
        parts = QWidget()
        row = QHBoxLayout(parts)
        row.setContentsMargins(0, 0, 0, 0)
        for part, share in PARTS.items():
            box = self.shares[part]
            box.setRange(0, 100)
            box.setValue(round(100 * share))
            box.setPrefix(f"{part} ")
            box.setSuffix(" %")
            box.setAccessibleName(f"Share of {part}")
            row.addWidget(box, 1)
        self.form.addRow("Earthquakes", parts)
        window = Window()
        for title, box, value in (
            ("Before the first pick", self.before, window.before),
            ("After the last pick", self.after, window.after),
        ):
            box.setRange(0, 600)
            box.setValue(round(value))
            box.setSuffix(" s")
            box.setAccessibleName(title)
            self.form.addRow(title, box)
        self.form.addRow("", self.automatic)
        self.remarks.setAccessibleName("What the checks found")
        self.remarks.setWordWrap(True)
        self.remarks.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.remarks.setMinimumHeight(170)
        self.remarks.hide()
        self.rows.addWidget(self.remarks, 1)
        self.add_buttons("Check")

    def _ask(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "A new or empty folder", self.folder.text())
        if folder:
            self.folder.setText(folder)

    def _start_over(self) -> None:
        """What was checked is no longer what is asked for."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        if self.prepared is not None:
            self.prepared.discard()
            self.prepared = None
        self.remarks.hide()
        self.said.setText(_INTRO)
        self._set_button("Check", True)

    def _check(self) -> None:
        shares = {part: box.value() / 100 for part, box in self.shares.items()}
        if round(100 * sum(shares.values())) != 100:
            self._fail("The shares of train, dev and test must add up to 100 %.")
            return
        if not self.folder.text().strip():
            self._fail("Choose a new or empty folder for the data set.")
            return
        window = Window(self.before.value(), self.after.value())
        folder = Path(self.folder.text().strip())
        work = partial(_prepare, self._reviewed, folder, self.automatic.isChecked(), window, shares)
        job = self._job = self._runner.start(Job("Making a data set", work), announced=False)
        job.advanced.connect(lambda: self._tell(job))
        job.finished.connect(lambda prepared: self._take(job, prepared))
        job.failed.connect(lambda sentence, _: self._fail(sentence) if self._job is job else None)
        job.cancelled.connect(lambda: self._start_over() if self._job is job else None)
        self._set_button("Checking…", False)

    def _tell(self, job: RunningJob) -> None:
        if self._job is job and job.total:
            self.said.setText(f"{job.message.capitalize()}, {100 * job.done / job.total:.0f} %")

    def _take(self, job: RunningJob, prepared: PreparedDataset) -> None:
        if self._job is not job:
            prepared.discard()
            return
        self._job, self.prepared = None, prepared
        parts = ", ".join(f"{prepared.records.get(part, 0):,} {part}" for part in PARTS)
        self.said.setText(f"{counted(sum(prepared.records.values()), 'record')}: {parts}.")
        self.remarks.clear()
        self.remarks.addItems(prepared.sentences or ["Nothing was left out, and nothing was found to be wrong."])
        self.remarks.show()
        self._set_button("Write Data Set", True)

    def _fail(self, sentence: str) -> None:
        self._job = None
        self.said.setText(sentence)
        self._set_button("Check", True)

    def _set_button(self, text: str, enabled: bool) -> None:
        self.accept_button.setText(text)
        self.accept_button.setEnabled(enabled)


def _prepare(
    reviewed: Reviewed, folder: Path, automatic: bool, window: Window, shares: Mapping[str, float], progress: Progress
) -> PreparedDataset:
    labels, others, wrong = labels_and_others(reviewed.picks, reviewed.events, automatic)
    prepared = prepare_dataset(labels, reviewed.archive, folder, others, window, shares, reviewed.coordinates, progress)
    prepared.sentences[:0] = wrong
    return prepared
