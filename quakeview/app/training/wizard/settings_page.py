"""The step that says for how long and how the model learns; what only experts change is behind a button."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from quakeview.app.drawing import theme
from quakeview.app.texts import captioned
from quakeview.app.training.wizard.form import Form
from quakeview.app.training.wizard.page import ScrolledPage
from quakeview.errors import QuakeViewError
from quakeview.training import forecaster_config, record_config
from quakeview.training.config import RunConfig, TrainingConfig
from quakeview.training.planning.forms import form_fields
from quakeview.training.planning.plan import TrainingPlan
from quakeview.training.seismicity import config as seismicity_config

_PLAIN = ("max_minutes", "max_steps", "batch_size", "learning_rate", "patience")
_SUGGESTED = "These are suggested for what you chose."
_OWN = "These are your own."


class SettingsPage(ScrolledPage):
    """A form of the four settings that matter, and others for experts."""

    title = "Settings"
    question = "How long shall it learn, and how?"

    def __init__(self) -> None:
        super().__init__()
        self._plan = TrainingPlan()
        self._problem = ""
        self.said = captioned("", "caption")
        self.suggest = QPushButton("Use Suggested")
        self.suggest.setToolTip("Go back to the settings that are suggested for goal, model and data")
        self.plain = Form(form_fields(TrainingConfig, _PLAIN))
        self.more = QToolButton()
        self.more.setText("Settings for experts")
        self.more.setCheckable(True)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.experts = Form(form_fields(TrainingConfig, without=_PLAIN))
        self.seed = Form(form_fields(RunConfig, ("seed",)))
        self.data = Form(form_fields(record_config.DataConfig, without=("fraction",)))
        self.windows = Form(form_fields(record_config.WindowConfig))
        self.seen = Form(form_fields(forecaster_config.WindowConfig))
        self.sampled = Form(form_fields(seismicity_config.DataConfig, ("cells", "source")))
        self._hidden = QWidget()
        self._arrange()
        self._connect()
        self._disclose(False)

    # --- the plan ----------------------------------------------------------------------------------------------

    def show_plan(self, plan: TrainingPlan) -> None:
        self._plan, self._problem = plan, ""
        for form in (self.plain, self.experts):
            form.show_values(plan.training)
        self.seed.show_values(plan)
        data = plan.data
        of_records = isinstance(data, record_config.DataConfig)
        self._of_records.setVisible(of_records)
        self._of_waves.setVisible(isinstance(data, forecaster_config.DataConfig))
        self._of_catalogues.setVisible(isinstance(data, seismicity_config.DataConfig))
        if isinstance(data, record_config.DataConfig):
            self.data.show_values(data)
            self.windows.show_values(data.windows)
        elif isinstance(data, forecaster_config.DataConfig):
            self.seen.show_values(data.windows)
        elif data is not None:
            self.sampled.show_values(data)
        self._say_whose()

    def plan(self, before: TrainingPlan) -> TrainingPlan:
        """Return the plan with what is written; as it was before, if that is not possible."""
        try:
            settings = self.experts.values(self.plain.values(before.training))
            made = self.seed.values(replace(before, data=self._data_of(before)))
        except QuakeViewError as error:
            self._problem = str(error)
            return before
        self._problem = ""
        own = settings if settings != replace(before, settings=None).training else None
        self._plan = replace(made, settings=own)
        self._say_whose()
        return self._plan

    def problem(self) -> str:
        return self._problem

    # --- layout ------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.said, 1)
        head.addWidget(self.suggest)
        self.column.addLayout(head)
        self.column.addWidget(self.plain)
        self.column.addSpacing(6)
        self.column.addWidget(self.more)
        inside = QVBoxLayout(self._hidden)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(10)
        self._of_records = _section("Windows cut from records", self.data, self.windows)
        self._of_waves = _section("Windows of wavefields", self.seen)
        self._of_catalogues = _section("Days of catalogues", self.sampled)
        for part in (self.experts, self.seed, self._of_records, self._of_waves, self._of_catalogues):
            inside.addWidget(part)
        self.column.addWidget(self._hidden)
        self.column.addStretch()

    def _connect(self) -> None:
        for form in (self.plain, self.experts, self.seed, self.data, self.windows, self.seen, self.sampled):
            form.changed.connect(self.changed)
        self.more.toggled.connect(self._disclose)
        self.suggest.clicked.connect(self._use_suggested)

    def _disclose(self, shown: bool) -> None:
        self._hidden.setVisible(shown)
        self.more.setIcon(theme.icon("chevron-down" if shown else "chevron-right"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._disclose(self.more.isChecked())

    def _use_suggested(self) -> None:
        self.show_plan(replace(self._plan, settings=None))
        self.changed.emit()

    def _say_whose(self) -> None:
        own = self._plan.settings is not None
        self.said.setText(_OWN if own else _SUGGESTED)
        self.suggest.setEnabled(own)

    def _data_of(self, before: TrainingPlan) -> Any:
        data = before.data
        if isinstance(data, record_config.DataConfig):
            return self.data.values(replace(data, windows=self.windows.values(data.windows)))
        if isinstance(data, forecaster_config.DataConfig):
            return replace(data, windows=self.seen.values(data.windows))
        return data if data is None else self.sampled.values(data)


def _section(title: str, *forms: Form) -> QWidget:
    section = QWidget()
    inside = QVBoxLayout(section)
    inside.setContentsMargins(0, 8, 0, 0)
    inside.setSpacing(10)
    inside.addWidget(captioned(title, "heading"))
    for form in forms:
        inside.addWidget(form)
    return section
