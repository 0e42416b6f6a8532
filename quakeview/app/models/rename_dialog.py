"""Another name for a model."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.registry import ModelCard

_NOTE = "Picks, forecasts and sessions that carry the old name still find the model."


class RenameDialog(FormDialog):
    """The name, which the folder of the model has too.

    Signals:
        nameChosen: another name.
    """

    nameChosen = Signal(str)

    def __init__(self, card: ModelCard, parent: QWidget | None = None) -> None:
        super().__init__("Rename model", 420, "caption", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._before = card.name
        self.name = QLineEdit(card.name)
        self.name.setAccessibleName("Name")
        self.name.selectAll()
        self.form.addRow("&Name", self.name)
        self.said.setText(_NOTE)
        self.add_buttons("&Rename")
        self.name.textChanged.connect(self._check)
        self._check()

    def accept(self) -> None:
        self.nameChosen.emit(self.name.text().strip())
        super().accept()

    def _check(self) -> None:
        self.accept_button.setEnabled(self.name.text().strip() not in ("", self._before))
