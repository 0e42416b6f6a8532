"""Which picker of SeisBench becomes a model: one to download, or one that SeisBench saved."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from quakeview.app.widgets.file_field import FileField
from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.app.work.background import Background
from quakeview.jobs import Progress
from quakeview.monitoring.seisbench_names import NOT_INSTALLED, PICKERS, PREFIX

_SAVED = "Pickers of SeisBench (*.pt *.pt.v*)"
_NOTE = (
    "Weights are downloaded from SeisBench and kept, so that they pick without a network from then on. Without one, "
    "choose a file that SeisBench saved on another machine; the .json beside it belongs to it."
)


class SeisBenchDialog(FormDialog):
    """The picker, and its weights by name or as a file.

    Signals:
        addRequested: what to add, and of a saved one ``picker``, ``trained_on`` and ``name``, as
            ``model_import.add_seisbench_picker`` has them.
    """

    addRequested = Signal(object, dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Add SeisBench picker", 560, "caption", parent)
        self._texts: dict[str, str] = {}  # what weights say about themselves, by name
        self._asking = Background("weights of SeisBench")
        self._asking.ready.connect(self._show_weights)
        self._asking.failed.connect(self.said.setText)
        self.picker = QComboBox()
        self.picker.setAccessibleName("Picker")
        self.picker.addItems(PICKERS)
        self.weights = QComboBox(editable=True)
        self.weights.setAccessibleName("Weights")
        self.weights.setLineEdit(QLineEdit(placeholderText="Their name, such as stead"))
        self.list_weights = QPushButton("List…", autoDefault=False)
        self.list_weights.setToolTip("Ask SeisBench which weights it has for this picker, and what they say about them")
        self.list_weights.clicked.connect(self._ask)
        self.saved = FileField("Saved file", _SAVED)
        self.trained_on, self.name = QLineEdit(), QLineEdit()
        self._arrange()
        self.picker.currentIndexChanged.connect(self._forget_weights)
        self.weights.currentTextChanged.connect(self._check)
        self.saved.changed.connect(self._check)
        self._check()

    def _arrange(self) -> None:
        weights = QWidget()
        weights.setFocusProxy(self.weights)
        row = QHBoxLayout(weights)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.weights, 1)
        row.addWidget(self.list_weights)
        self.trained_on.setAccessibleName("Trained on")
        self.trained_on.setPlaceholderText("If the file does not say it")
        self.name.setAccessibleName("Name")
        self.name.setPlaceholderText("That of picker and file")
        self.form.addRow("&Picker", self.picker)
        self.form.addRow("&Weights", weights)
        self.form.addRow("Or saved &file", self.saved)
        self.form.addRow("&Trained on", self.trained_on)
        self.form.addRow("&Name", self.name)
        self.add_buttons("&Add")

    def accept(self) -> None:
        picker, saved = self.picker.currentText(), self.saved.path
        if saved is None:
            self.addRequested.emit(f"{PREFIX}{picker}/{self.weights.currentText().strip()}", {})
        else:
            known = {"picker": picker, "trained_on": self.trained_on.text().strip()}
            self.addRequested.emit(Path(saved), known | {"name": self.name.text().strip() or None})
        super().accept()

    def done(self, result: int) -> None:
        self._asking.forget()
        super().done(result)

    def _ask(self) -> None:
        picker = self.picker.currentText()
        self.said.setText("Asking SeisBench…")
        self._asking.ask(lambda progress: _weights_of(picker, progress))

    def _show_weights(self, found: tuple[str, dict[str, str]]) -> None:
        picker, texts = found
        if picker == self.picker.currentText():
            self._texts = texts
            written = self.weights.currentText()
            self.weights.clear()
            self.weights.addItems(sorted(texts))
            if written:
                self.weights.setCurrentText(written)
            self._check()

    def _forget_weights(self) -> None:
        self._asking.forget()
        self._texts = {}
        self.weights.clear()
        self._check()

    def _check(self) -> None:
        """Names of weights and files are one or the other; what weights say about themselves is shown."""
        is_saved, installed = self.saved.path is not None, find_spec("seisbench") is not None
        for field in (self.trained_on, self.name):
            field.setEnabled(is_saved)
        self.weights.setEnabled(not is_saved)
        self.list_weights.setEnabled(installed and not is_saved)
        written = self.weights.currentText().strip()
        self.accept_button.setEnabled(installed and (is_saved or bool(written)))
        self.said.setText((self._texts.get(written) or _NOTE) if installed else NOT_INSTALLED)


def _weights_of(picker: str, progress: Progress) -> tuple[str, dict[str, Any]]:
    """``quakeview.monitoring.seisbench_folder.weights_of``, imported when it is called: it brings torch."""
    from quakeview.monitoring.seisbench_folder import weights_of

    found = weights_of(picker)
    progress.advance(1, 1)
    return picker, found
