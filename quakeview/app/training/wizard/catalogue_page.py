"""The step that says which earthquakes a forecaster of seismicity learns from, and what it is to forecast."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QPushButton

from quakeview.app.training.wizard.form import Form
from quakeview.app.training.wizard.page import ScrolledPage
from quakeview.app.widgets.file_field import FileField
from quakeview.app.work.background import Background
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.seismicity.sample import sample_catalogue
from quakeview.training.planning.catalogues import CatalogueLook, look_at_catalogue, suggested_data
from quakeview.training.planning.forms import form_fields
from quakeview.training.planning.plan import TrainingPlan
from quakeview.training.seismicity.config import DataConfig

_ASKED = ("magnitude", "input_magnitude", "window", "region", "cell_size")
_NO_CATALOGUE = "Choose a catalogue; the sample catalogue is there to try."
_READING = "The catalogue is being read."


class CatalogueReader(QObject):
    """Reads the catalogue of the plan on a worker thread, once for all pages.

    Attributes:
        look: at the catalogue that was asked for last; None while it is read, or if it cannot be.
        failure: why it cannot be, in a sentence.

    Signals:
        changed: there is another look, or none.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.look: CatalogueLook | None = None
        self.failure = ""
        self._path: Path | None = None
        self._reading = Background("Reading a catalogue")
        self._reading.ready.connect(self._take)
        self._reading.failed.connect(self._fail)

    def want(self, path: Path) -> None:
        """Read this catalogue, unless that was done."""
        if path == self._path:
            return
        self._path, self.look, self.failure = path, None, ""
        self._reading.forget()
        self._reading.ask(partial(_look, path))
        self.changed.emit()

    def shut_down(self) -> None:
        """Let go of what is being read."""
        self._reading.forget()
        self._path = None

    def _take(self, look: CatalogueLook) -> None:
        if look.path == self._path:
            self.look = look
            self.changed.emit()

    def _fail(self, sentence: str) -> None:
        self.failure = sentence
        self.changed.emit()


class CataloguePage(ScrolledPage):
    """A file, what it holds, and a form of what is to be forecast."""

    title = "Catalogue"
    question = "Which earthquakes does it learn from, and which shall it forecast?"

    def __init__(self, reader: CatalogueReader) -> None:
        super().__init__()
        self._reader = reader
        self._data: DataConfig | None = None
        self._problem = ""
        self.file = FileField("Catalogue", "Catalogues (*.csv *.txt *.xml *.qml *.dat *.cat *.json);;All files (*)")
        self.sample = QPushButton("Use the Sample Catalogue")
        self.sample.setToolTip("Earthquakes that our own ETAS model brought forth: enough to try everything in minutes")
        self.column.addWidget(self.file)
        self.column.addWidget(self.sample, 0, Qt.AlignmentFlag.AlignLeft)
        self.said = self.add_text()
        self.form = Form(form_fields(DataConfig, _ASKED))
        self.column.addWidget(self.form)
        self.column.addStretch()
        self.file.changed.connect(self._choose)
        self.sample.clicked.connect(lambda: self.file.line.setText(str(sample_catalogue())))
        self.form.changed.connect(self._write)
        reader.changed.connect(self._take_look)

    # --- the plan ----------------------------------------------------------------------------------------------

    def is_for(self, plan: TrainingPlan) -> bool:
        return plan.the_goal.is_seismicity

    def show_plan(self, plan: TrainingPlan) -> None:
        self._data = plan.data if isinstance(plan.data, DataConfig) else None
        self._problem = ""
        path = self._data.catalogue if self._data is not None else None
        self.file.line.blockSignals(True)
        self.file.line.setText(str(path) if path is not None else "")
        self.file.line.blockSignals(False)
        if path is not None:
            self._reader.want(path)
        self._refresh()

    def plan(self, before: TrainingPlan) -> TrainingPlan:
        data = self._data
        if isinstance(before.data, DataConfig) and data is not None and before.data.catalogue != data.catalogue:
            return replace(before, data=data, name="", records=0)
        return replace(before, data=data)

    def problem(self) -> str:
        if self.file.path is None:
            return _NO_CATALOGUE
        return self._problem or self._reader.failure or ("" if self._data is not None else _READING)

    def shut_down(self) -> None:
        self._reader.shut_down()

    # --- what is chosen ----------------------------------------------------------------------------------------

    def _choose(self) -> None:
        """Another file: what was chosen for the one before does not fit it."""
        self._data, self._problem = None, ""
        if self.file.path is not None:
            self._reader.want(self.file.path)
        self._take_look()

    def _take_look(self) -> None:
        look = self._reader.look
        if self._data is None and look is not None and look.path == self.file.path:
            self._data = suggested_data(look)
        self._refresh()
        self.changed.emit()

    def _write(self) -> None:
        if self._data is None:
            return
        try:
            self._data, self._problem = self.form.values(self._data), ""
        except QuakeViewError as error:
            self._problem = str(error)
        self.changed.emit()

    def _refresh(self) -> None:
        look, path = self._reader.look, self.file.path
        known = look is not None and look.path == path
        self.said.setText(" ".join(look.sentences()) if look is not None and known else _READING if path else "")
        if self._reader.failure and path is not None:
            self.said.setText("")
        self.form.setVisible(self._data is not None)
        if self._data is not None:
            self.form.show_values(self._data)


def _look(path: Path, progress: Progress) -> CatalogueLook:
    return look_at_catalogue(path)
