"""The step that divides the days of a catalogue, on a time line, and says what the network begins as."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout

from quakeview.app.texts import captioned
from quakeview.app.training.wizard.catalogue_page import CatalogueReader
from quakeview.app.training.wizard.form import Form
from quakeview.app.training.wizard.page import WizardPage
from quakeview.app.training.wizard.parts import TimeLinePlot
from quakeview.app.work.background import Background
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.training.planning.catalogues import CatalogueLook, DividedDays, divided_days
from quakeview.training.planning.forms import form_fields
from quakeview.training.planning.plan import TrainingPlan
from quakeview.training.seismicity.config import DataConfig, ModelConfig

_SETTLE = 200
"""Milliseconds after the last key before the days are divided anew."""
_DATES = ("train_from", "validation_from", "test_from")
_NETWORK = ("form", "reference", "members")


class DaysPage(WizardPage):
    """Three dates above the earthquakes in time, and three choices about the network below."""

    title = "Days"
    question = "Which days does it learn from, and what does it begin as?"

    def __init__(self, reader: CatalogueReader) -> None:
        super().__init__()
        self._reader = reader
        self._data: DataConfig | None = None
        self._model = ModelConfig()
        self._divided: DividedDays | None = None
        self._problem = self._failed = ""
        self._dividing = Background("Dividing a catalogue")
        self._dividing.ready.connect(self._take)
        self._dividing.failed.connect(self._fail)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLE)
        self._settling.timeout.connect(self._divide)
        self.dates, self.network = Form(form_fields(DataConfig, _DATES)), Form(form_fields(ModelConfig, _NETWORK))
        self.line = TimeLinePlot()
        self.counts, self.notes = captioned("", ""), captioned("", "warning")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 4, 24, 12)
        layout.setSpacing(10)
        layout.addWidget(self.dates)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.counts)
        layout.addWidget(self.notes)
        layout.addWidget(self.network)
        self.notes.setWordWrap(True)
        self.dates.changed.connect(self._write)
        self.network.changed.connect(self._write)
        reader.changed.connect(self._divide_if_shown)

    # --- the plan ----------------------------------------------------------------------------------------------

    def is_for(self, plan: TrainingPlan) -> bool:
        return plan.the_goal.is_seismicity

    def show_plan(self, plan: TrainingPlan) -> None:
        self._problem = ""
        self._model = replace(ModelConfig(), **plan.model)
        self.network.show_values(self._model)
        if isinstance(plan.data, DataConfig):
            if plan.data != self._data:
                self._divided = None
            self._data = plan.data
            self.dates.show_values(plan.data)
            self._reader.want(plan.data.catalogue)
            self._divide()

    def plan(self, before: TrainingPlan) -> TrainingPlan:
        if self._data is None:
            return before
        days = self._divided.days if self._divided is not None else before.records
        chosen = {name: getattr(self._model, name) for name in _NETWORK}
        return replace(before, data=self._data, model={**before.model, **chosen}, records=days)

    def problem(self) -> str:
        if self._problem or self._failed or self._reader.failure:
            return self._problem or self._failed or self._reader.failure
        return "" if self._divided is not None else "The days are being divided."

    def shut_down(self) -> None:
        self._dividing.forget()

    # --- dividing ----------------------------------------------------------------------------------------------

    def _write(self) -> None:
        if self._data is None:
            return
        try:
            self._model = self.network.values(self._model)
            data, self._problem = self.dates.values(self._data), ""
        except QuakeViewError as error:
            self._problem = str(error)
        else:
            if data != self._data:
                self._data, self._divided, self._failed = data, None, ""
                self._settling.start()
        self.changed.emit()

    def _divide_if_shown(self) -> None:
        if self.isVisible():
            self._divide()

    def _divide(self) -> None:
        look, data = self._reader.look, self._data
        if look is None or data is None or look.path != data.catalogue:
            return
        self._failed = ""
        self._dividing.forget()
        self._dividing.ask(partial(_divided, look, data))

    def _take(self, answer: tuple[DataConfig, DividedDays]) -> None:
        data, divided = answer
        if data != self._data:
            return
        self._divided = divided
        self.line.show_line(divided.line)
        self.counts.setText(divided.counts)
        self.notes.setText(" ".join(divided.notes))
        self.changed.emit()

    def _fail(self, sentence: str) -> None:
        self._failed, self._divided = sentence, None
        self.counts.setText("")
        self.notes.setText("")
        self.changed.emit()


def _divided(look: CatalogueLook, data: DataConfig, progress: Progress) -> tuple[DataConfig, DividedDays]:
    return data, divided_days(look, data)
