"""What a model is exported as."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.model_export.exporting import FORMATS, SEISBENCH, SUFFIXES
from quakeview.registry import PICKING, ModelCard

_NOTE = "Original and copy are run on the same input, and the copy is kept only if both say the same."


class ExportDialog(FormDialog):
    """The format; where to is asked next.

    Signals:
        formatChosen: one of ``FORMATS``, and the suffix of its file, empty for a folder.
    """

    formatChosen = Signal(str, str)

    def __init__(self, card: ModelCard, parent: QWidget | None = None) -> None:
        super().__init__(f"Export {card.name}", 520, "caption", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.kind = QComboBox()
        self.kind.setAccessibleName("Format")
        for name, words in FORMATS.items():
            if name != SEISBENCH or card.task == PICKING:
                self.kind.addItem(words[0].upper() + words[1:], name)
        self.form.addRow("&Format", self.kind)
        licence = f" Its licence goes with it: {card.licence}." if card.licence else " Its licence is not stated."
        self.said.setText(_NOTE + licence)
        self.add_buttons("&Choose Place…")

    def accept(self) -> None:
        kind = self.kind.currentData()
        self.formatChosen.emit(kind, SUFFIXES.get(kind, ""))
        super().accept()
