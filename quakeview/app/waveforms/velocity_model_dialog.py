"""The dialog in which a copy of a velocity model is made one's own and saved."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from quakeview.app.events.velocity_model_view import VelocityModelView
from quakeview.app.texts import captioned
from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.app.widgets.saving import ask_for_path
from quakeview.app.work.background import Background
from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError
from quakeview.events.velocity_models import VelocityModel, cautions, layers_csv, of_layers


class VelocityModelDialog(FormDialog):
    """Layers to change, what is wrong with them and what they cannot do.

    Signals:
        saved: the path of the file.
    """

    saved = Signal(Path)

    def __init__(
        self, model: VelocityModel, deepest: float | None, folder: Path, parent: QWidget | None = None
    ) -> None:
        """``deepest`` is the depth of the deepest earthquake, m; the file is suggested to be in ``folder``."""
        super().__init__(f"Edit a copy of {model.name}", 720, "error", parent)
        self._deepest, self._folder = deepest, folder
        self._model: VelocityModel | None = None
        self._writing = Background("Saving the velocity model")
        self._writing.failed.connect(self._fail)
        self.name = QLineEdit(f"{model.name} copy")
        self.name.setAccessibleName("Name")
        self.name.setToolTip("The model has the name of its file")
        self.form.addRow("&Name", self.name)
        self.layers = VelocityModelView(editable=True)
        self.layers.show_model(model)
        self.caution = captioned("", "warning")
        self.caution.setWordWrap(True)
        self.rows.insertLayout(1, self._buttons())
        self.rows.insertWidget(1, self.layers, 1)
        self.rows.insertWidget(3, self.caution)
        self.add_buttons("&Save…")
        self.layers.table.edited.connect(self._check)
        self.name.textChanged.connect(self._check)
        self._check()

    def accept(self) -> None:
        """Ask for the file and write it; the dialog stays until it is there."""
        if self._model is None:
            return
        suggested = str(self._folder / f"{self._model.name}.csv")
        path = ask_for_path(self, "Save velocity model", suggested, "Velocity model (*.csv)")
        if path is None:
            return
        content = layers_csv(self._model).encode()
        self.accept_button.setEnabled(False)
        self._writing.ready.connect(lambda _: self._close(path))
        self._writing.ask(lambda _: write_atomically(path, content))

    def done(self, result: int) -> None:
        self._writing.forget()
        super().done(result)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.add, self.remove = (QPushButton(text, autoDefault=False) for text in ("&Add Layer", "&Remove Layer"))
        self.add.setToolTip("Divide the layer of the table's cursor")
        self.add.clicked.connect(self.layers.table.add_layer)
        self.remove.clicked.connect(self.layers.table.remove_layer)
        row.addWidget(self.add)
        row.addWidget(self.remove)
        row.addStretch()
        return row

    def _check(self) -> None:
        """Say what is wrong with the layers, or draw them."""
        name = self.name.text().strip()
        try:
            self._model = of_layers(name, name, self.layers.table.layers())
            problem = "" if name else "Give the model a name."
            self.layers.plot.draw_model(self._model)
            self.caution.setText(" ".join(cautions(self._model, self._deepest)))
        except QuakeViewError as error:
            self._model, problem = None, str(error)
            self.caution.clear()
        self.said.setText(problem)
        self.caution.setVisible(bool(self.caution.text()))
        self.accept_button.setEnabled(not problem)
        self.remove.setEnabled(self.layers.table.rowCount() > 1)

    def _fail(self, sentence: str) -> None:
        self.said.setText(sentence)
        self.accept_button.setEnabled(True)

    def _close(self, path: Path) -> None:
        self.saved.emit(path)
        super().accept()
