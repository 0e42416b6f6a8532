"""The last step: the run file as it is, to be saved for a colleague, and the start."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout

from quakeview.app.texts import captioned
from quakeview.app.training.wizard.page import WizardContext, WizardPage
from quakeview.app.widgets.saving import save_as
from quakeview.app.work.background import Background
from quakeview.errors import QuakeViewError
from quakeview.training.planning.beginning import begin, suggested_name
from quakeview.training.planning.plan import TrainingPlan, folder_name

_WHAT = (
    "This run file says all that was chosen. Whoever has it and the data can repeat the run with 'quakeview train', or "
    "open it here."
)


class StartPage(WizardPage):
    """The name, the text of the run file, and two buttons.

    Signals:
        started: the folder of the run.
    """

    title = "Run"
    question = "Ready to train?"

    started = Signal(object)

    def __init__(self, context: WizardContext) -> None:
        super().__init__()
        self._models = context.models
        self._plan = TrainingPlan()
        self._starting = Background("Starting a training run")
        self.name = QLineEdit()
        self.text = QPlainTextEdit()
        self.save, self.begin = QPushButton("Save Run File…"), QPushButton("Start Training")
        self.failure = captioned("", "error")
        self._arrange()
        self.name.textEdited.connect(lambda _: self._rename())
        self.save.clicked.connect(self._save)
        self.begin.clicked.connect(self._begin)
        self._starting.ready.connect(self._tell)
        self._starting.failed.connect(self._fail)

    # --- the plan ----------------------------------------------------------------------------------------------

    def show_plan(self, plan: TrainingPlan) -> None:
        name = plan.name or suggested_name(plan, self._taken)
        self._plan = replace(plan, name=name)
        if name != self.name.text().strip():
            self.name.setText(name)
        self._show_text()

    def plan(self, before: TrainingPlan) -> TrainingPlan:
        return replace(before, name=self.name.text().strip())

    def problem(self) -> str:
        name = self.name.text().strip()
        if not name:
            return "Give the model a name."
        if name in self._taken:
            return f"There is a model called {name} already; choose another name."
        return ""

    def shut_down(self) -> None:
        self._starting.forget()

    # --- layout ------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self.name.setAccessibleName("Name of the model")
        self.text.setAccessibleName("Run file")
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.save.setToolTip("Write the run file; 'quakeview train' and this wizard read it")
        self.begin.setToolTip("Start the run as a process of its own, which goes on when the window is closed")
        self.begin.setDefault(True)
        what = captioned(_WHAT, "caption")
        for label in (what, self.failure):
            label.setWordWrap(True)
        form = QFormLayout()
        form.addRow("&Name of the model", self.name)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        buttons = QHBoxLayout()
        buttons.addWidget(self.begin)
        buttons.addWidget(self.save)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 4, 24, 12)
        layout.setSpacing(10)
        layout.addLayout(form)
        layout.addWidget(what)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.failure)
        layout.addLayout(buttons)

    @property
    def _taken(self) -> set[str]:
        return {card.name for card in self._models.cards}

    def _rename(self) -> None:
        self._plan = self.plan(self._plan)
        self._show_text()
        self.changed.emit()

    def _show_text(self) -> None:
        """Show the run file as it will be saved."""
        try:
            self.text.setPlainText(self._plan.run_toml())
            self.failure.setText("")
        except QuakeViewError as error:
            self.text.setPlainText("")
            self.failure.setText(str(error))
        can = bool(self.text.toPlainText()) and not self.problem()
        self.begin.setEnabled(can and not self._starting.busy)
        self.save.setEnabled(bool(self.text.toPlainText()))

    # --- what can be done --------------------------------------------------------------------------------------

    def _save(self) -> None:
        text = self.text.toPlainText()
        name = f"{folder_name(self._plan.name)}.toml"
        save_as(self, "Save run file", name, "Run files (*.toml)", lambda _: text.encode())

    def _begin(self) -> None:
        plan = self._plan
        self.failure.setText("")
        self.begin.setEnabled(False)
        self.begin.setText("Starting…")
        self._starting.ask(lambda _: begin(plan))

    def _tell(self, run: object) -> None:
        self._end()
        self.started.emit(run)

    def _fail(self, sentence: str) -> None:
        self._end()
        self.failure.setText(sentence)

    def _end(self) -> None:
        self.begin.setText("Start Training")
        self._show_text()
