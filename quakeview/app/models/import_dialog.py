"""Which checkpoint becomes a model, and what belongs to it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from quakeview.app.widgets.file_field import FileField
from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.model_import import WAVECASTNET_SUFFIX

_CHECKPOINTS = "Checkpoints (*.pth *.pt)"
_NOTE = (
    "SeisMoLLM and SeisT (.pth) need no more. WaveCastNet (.pt) forecasts only with the mean and standard deviation of "
    "every pixel it was trained with (3 x 344 x 224, m/s); a network for stations needs their rows and columns."
)


class CheckpointDialog(FormDialog):
    """The checkpoint; for WaveCastNet's also normalisation and stations."""

    importRequested = Signal(object, dict)
    """The path of the checkpoint; name, stations, mean and deviation as ``model_import.import_checkpoint`` has them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Import checkpoint", 560, "caption", parent)
        self.checkpoint = FileField("Checkpoint", _CHECKPOINTS)
        self.name = QLineEdit()
        self.name.setAccessibleName("Name")
        self.name.setPlaceholderText("That of the file")
        self.mean, self.deviation, self.stations = map(FileField, ("Mean", "Standard deviation", "Stations"))
        self.form.addRow("&Checkpoint", self.checkpoint)
        self.form.addRow("&Name", self.name)
        for label, field in (("&Mean", self.mean), ("&Deviation", self.deviation), ("&Stations", self.stations)):
            self.form.addRow(label, field)
        self.said.setText(_NOTE)
        self.add_buttons("&Import")
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
