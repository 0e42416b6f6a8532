"""Which official WaveCastNet arrays become a scenario."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QSpinBox, QVBoxLayout, QWidget

from quakeview.app.texts import captioned
from quakeview.app.widgets.file_field import FileField


class ImportDialog(QDialog):
    """The array, what it was normalised with, and which event of many."""

    importRequested = Signal(object, object, object, object)  # array, mean, deviation: Path or None; event: int or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Import official arrays")
        self.setMinimumWidth(560)
        self.array, self.mean, self.deviation = map(FileField, ("Array", "Mean", "Standard deviation"))
        self.event_number = QSpinBox(minimum=-1, maximum=99_999, value=-1)
        self.event_number.setSpecialValueText("The only one")
        self.event_number.setAccessibleName("Event")
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(9)
        for label, field in (("&Array", self.array), ("&Mean", self.mean), ("&Deviation", self.deviation)):
            form.addRow(label, field)
        form.addRow("&Event", self.event_number)
        note = captioned(
            "WaveCastNet's arrays: components x X x Y x time, 3 x 344 x 224 x any number, already cropped. Give mean "
            "and standard deviation of every pixel only if the array was normalised with them.",
            "caption",
        )
        note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.accept_button = buttons.addButton("&Import", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(14)
        layout.addLayout(form)
        layout.addWidget(note)
        layout.addWidget(buttons, 0, Qt.AlignmentFlag.AlignRight)
        for field in (self.array, self.mean, self.deviation):
            field.changed.connect(self._check)
        self.accept_button.setDefault(True)
        self._check()

    def accept(self) -> None:
        event = self.event_number.value()
        self.importRequested.emit(self.array.path, self.mean.path, self.deviation.path, event if event >= 0 else None)
        super().accept()

    def _check(self) -> None:
        both = (self.mean.path is None) == (self.deviation.path is None)
        self.accept_button.setEnabled(self.array.path is not None and both)
