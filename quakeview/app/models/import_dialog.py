"""Which checkpoint becomes a model, and what belongs to it."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from quakeview.app.widgets.file_field import FileField
from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.model_import import ARCHIVE_SUFFIX, WAVECASTNET_SUFFIX
from quakeview.registry import PICKING, SINGLE_TASKS

_CHECKPOINTS = "Checkpoints and exported models (*.pth *.pt *.zip)"
_RATES: dict[str, float | None] = {"50 Hz, that of DiTing": None, "100 Hz, that of STEAD": 100.0}
_TASKS = {"What the file or its name tells": None} | {
    task.replace("_", "-").capitalize(): task for task in (PICKING, *SINGLE_TASKS)
}
_NOTE = (
    "SeisMoLLM and SeisT (.pth) need no more; SeisT was trained at 50 Hz and works at 100 Hz too. WaveCastNet (.pt) "
    "forecasts only with the mean and standard deviation of "
    "every pixel it was trained with (3 x 344 x 224, m/s); a network for stations needs their rows and columns."
)


class CheckpointDialog(FormDialog):
    """The checkpoint; of SeisMoLLM and SeisT also rate and task, for WaveCastNet's normalisation and stations."""

    importRequested = Signal(object, dict)
    """The path of the checkpoint, and what belongs to it as ``model_import.import_checkpoint`` has it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Import checkpoint", 560, "caption", parent)
        self.checkpoint = FileField("Checkpoint", _CHECKPOINTS)
        self.name = QLineEdit()
        self.name.setAccessibleName("Name")
        self.name.setPlaceholderText("That of the file")
        self.mean, self.deviation, self.stations = map(FileField, ("Mean", "Standard deviation", "Stations"))
        self.form.addRow("&Checkpoint", self.checkpoint)
        self.form.addRow("&Name", self.name)
        self.rate, self.task = self._choice("&Sampling rate", _RATES), self._choice("&Task", _TASKS)
        self.trained_on = QLineEdit()
        self.trained_on.setAccessibleName("Trained on")
        self.trained_on.setPlaceholderText("If you know it")
        self.form.addRow("T&rained on", self.trained_on)
        for label, field in (("&Mean", self.mean), ("&Deviation", self.deviation), ("Stati&ons", self.stations)):
            self.form.addRow(label, field)
        self.said.setText(_NOTE)
        self.add_buttons("&Import")
        for field in (self.checkpoint, self.mean, self.deviation):
            field.changed.connect(self._check)
        self._check()

    def accept(self) -> None:
        known = {field: getattr(self, field).path for field in ("stations", "mean", "deviation")}
        known |= {"name": self.name.text().strip() or None, "trained_on": self.trained_on.text().strip()}
        known |= {name: box.currentData() for name, box in self._of_pickers.items() if box.isEnabled()}
        self.importRequested.emit(self.checkpoint.path, known)
        super().accept()

    @property
    def _of_pickers(self) -> dict[str, QComboBox]:
        return {"sampling_rate": self.rate, "task": self.task}

    def _choice(self, label: str, choices: Mapping[str, Any]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(label.replace("&", ""))
        for words, value in choices.items():
            box.addItem(words, value)
        self.form.addRow(label, box)
        return box

    def _check(self) -> None:
        """Arrays belong to checkpoints of WaveCastNet, rate and task to the others; mean goes with deviation."""
        path = self.checkpoint.path
        for field in (self.mean, self.deviation, self.stations):
            field.setEnabled(path is not None and path.suffix == WAVECASTNET_SUFFIX)
        for box in self._of_pickers.values():
            box.setEnabled(path is not None and path.suffix not in (WAVECASTNET_SUFFIX, ARCHIVE_SUFFIX))
        self.trained_on.setEnabled(path is None or path.suffix != ARCHIVE_SUFFIX)
        both = (self.mean.path is None) == (self.deviation.path is None)
        self.accept_button.setEnabled(path is not None and both)
