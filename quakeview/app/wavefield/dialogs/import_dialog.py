"""Which official WaveCastNet arrays become a scenario."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from quakeview.app.widgets.file_field import FileField
from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.app.widgets.numberbox import WholeNumberBox


class ImportDialog(FormDialog):
    """The array, what it was normalised with, and which event of many."""

    importRequested = Signal(object, object, object, object)  # array, mean, deviation: Path or None; event: int or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Import official arrays", 560, "caption", parent)
        self.array, self.mean, self.deviation = map(FileField, ("Array", "Mean", "Standard deviation"))
        self.event_number = WholeNumberBox(minimum=-1, maximum=99_999, value=-1)
        self.event_number.setSpecialValueText("The only one")
        self.event_number.setAccessibleName("Event")
        for label, field in (("&Array", self.array), ("&Mean", self.mean), ("&Deviation", self.deviation)):
            self.form.addRow(label, field)
        self.form.addRow("&Event", self.event_number)
        self.said.setText(
            "WaveCastNet's arrays: components x X x Y x time, 3 x 344 x 224 x any number, already cropped. Give mean "
            "and standard deviation of every pixel only if the array was normalised with them."
        )
        self.add_buttons("&Import")
        for field in (self.array, self.mean, self.deviation):
            field.changed.connect(self._check)
        self._check()

    def accept(self) -> None:
        event = self.event_number.value()
        self.importRequested.emit(self.array.path, self.mean.path, self.deviation.path, event if event >= 0 else None)
        super().accept()

    def _check(self) -> None:
        both = (self.mean.path is None) == (self.deviation.path is None)
        self.accept_button.setEnabled(self.array.path is not None and both)
