"""Which checkpoint becomes a model, and what belongs to it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from quakeview.app.texts import captioned
from quakeview.app.widgets.file_field import FileField
from quakeview.model_import import WAVECASTNET_SUFFIX

_CHECKPOINTS = "Checkpoints (*.pth *.pt)"
_NOTE = (
    "SeisMoLLM (.pth) needs no more. WaveCastNet (.pt) forecasts only with the mean and standard deviation of every "
    "pixel it was trained with (3 x 344 x 224, m/s); a network for stations needs their rows and columns."
)


class CheckpointDialog(QDialog):
    """The checkpoint; for WaveCastNet's also normalisation and stations."""

    importRequested = Signal(object, dict)
    """The path of the checkpoint; name, stations, mean and deviation as ``model_import.import_checkpoint`` has them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Import checkpoint")
        self.setMinimumWidth(560)
        self.checkpoint = FileField("Checkpoint", _CHECKPOINTS)
        self.name = QLineEdit()
        self.name.setAccessibleName("Name")
        self.name.setPlaceholderText("That of the file")
        self.mean, self.deviation, self.stations = map(FileField, ("Mean", "Standard deviation", "Stations"))
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(9)
        form.addRow("&Checkpoint", self.checkpoint)
        form.addRow("&Name", self.name)
        for label, field in (("&Mean", self.mean), ("&Deviation", self.deviation), ("&Stations", self.stations)):
            form.addRow(label, field)
        note = captioned(_NOTE, "caption")
        note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.accept_button = buttons.addButton("&Import", QDialogButtonBox.ButtonRole.AcceptRole)
        self.accept_button.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(14)
        layout.addLayout(form)
        layout.addWidget(note)
        layout.addWidget(buttons, 0, Qt.AlignmentFlag.AlignRight)
        for field in (self.checkpoint, self.mean, self.deviation):
            field.changed.connect(self._check)
        self._check()

    def accept(self) -> None:
        known = {field: getattr(self, field).path for field in ("stations", "mean", "deviation")}
        self.importRequested.emit(self.checkpoint.path, {"name": self.name.text().strip() or None, **known})
        super().accept()

    def _check(self) -> None:
        """Arrays belong to checkpoints of WaveCastNet; mean and deviation to each other."""
        path = self.checkpoint.path
        for field in (self.mean, self.deviation, self.stations):
            field.setEnabled(path is not None and path.suffix == WAVECASTNET_SUFFIX)
        both = (self.mean.path is None) == (self.deviation.path is None)
        self.accept_button.setEnabled(path is not None and both)
