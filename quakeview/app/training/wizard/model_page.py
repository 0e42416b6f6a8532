"""The step that says what the model begins as: a trained model, GPT-2, or nothing."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from quakeview.app.texts import captioned
from quakeview.app.training.wizard.page import ScrolledPage, WizardContext
from quakeview.app.widgets.file_field import FolderField
from quakeview.app.widgets.model_list import summary
from quakeview.app.work.background import Background
from quakeview.training import record_config
from quakeview.training.planning.goals import Goal
from quakeview.training.planning.model_choice import (
    BLOCKS,
    CACHED,
    CELLS,
    FEW,
    LAYERS,
    ModelChoice,
    Way,
    can_start_from,
    choice_of,
    gpt2_problem,
    ways,
)
from quakeview.training.planning.plan import TrainingPlan

_TITLES = {
    Way.TUNE: "Fine-tune a trained model",
    Way.TRUNK: "Build on a picker",
    Way.GPT2: "Begin with GPT-2 (LoRA)",
    Way.SCRATCH: "From scratch",
}
_TEXTS = {
    Way.TUNE: "The model goes on learning from your data. A few hundred records and some minutes are enough; what it "
    "knew before helps where yours are few.",
    Way.TRUNK: "The network of a picker stays as it is, and four small ones on top of it learn from your data.",
    Way.GPT2: "The paper's network: blocks of the language model GPT-2, which stay as they were trained on text, with "
    "small adapters that learn. Needs GPT-2 on this computer, thousands of records, and better a graphics card.",
    Way.SCRATCH: "All weights begin at random. Needs thousands of records and hours of time.",
}
_CELLS = "ConvLEM is that of the paper; the others are what it is compared with."
_SIZES = ("For a laptop (2.5 million weights)", "As in the paper (23.7 million weights, better on a graphics card)")
_FEW_SHOT = f"Learn from {100 * FEW:.0f} % of the earthquakes alone (few-shot)"
_FEW_SHOT_TEXT = (
    "As in the paper's few-shot test: the earthquakes are drawn by the seed, and what scores the model stays whole. "
    "It shows what a small data set would give."
)


class ModelPage(ScrolledPage):
    """A radio button for each way to begin, and below it what belongs to it."""

    title = "Model"
    question = "What does the model begin as?"

    def __init__(self, context: WizardContext) -> None:
        super().__init__()
        self._models = context.models
        self._goal: Goal | None = None
        self._choice: ModelChoice | None = None
        self._group = QButtonGroup(self)
        self.buttons: dict[Way, QRadioButton] = {}
        self._texts: dict[Way, QWidget] = {}
        self._places: dict[Way, QVBoxLayout] = {}
        self._options = QWidget()
        self._form = QFormLayout(self._options)
        self.model, self.about = QComboBox(), captioned("", "caption")
        self.gpt2 = FolderField("Folder with GPT-2")
        self.sizes, self.layers, self.blocks, self.cell = QComboBox(), QComboBox(), QComboBox(), QComboBox()
        self.few_shot = QCheckBox(_FEW_SHOT)
        self._few_text = captioned(_FEW_SHOT_TEXT, "caption")
        self._looking = Background("Looking for GPT-2")
        self._gpt2_problem = ""
        self._arrange()
        self._connect()

    # --- the plan ----------------------------------------------------------------------------------------------

    def is_for(self, plan: TrainingPlan) -> bool:
        """What forecasters of seismicity begin as is asked for beside their days."""
        return not plan.the_goal.is_seismicity

    def show_plan(self, plan: TrainingPlan) -> None:
        self._goal = plan.the_goal
        self._choice = choice_of(self._goal, plan.model)
        fraction = plan.data.fraction if isinstance(plan.data, record_config.DataConfig) else None
        for widget in (self.few_shot, self._few_text):
            widget.setVisible(fraction is not None)
        self.few_shot.setChecked(fraction is not None and fraction < 1)
        self.buttons[self._choice.way].setChecked(True)
        self._look_for_gpt2()
        self._fill()

    def plan(self, before: TrainingPlan) -> TrainingPlan:
        if self._choice is None:
            return before
        data = before.data
        if isinstance(data, record_config.DataConfig) and self.few_shot.isChecked() != (data.fraction < 1):
            data = replace(data, fraction=FEW if self.few_shot.isChecked() else 1.0)
        return replace(before, model=self._choice.table(before.the_goal), data=data)

    def problem(self) -> str:
        if self._choice is None:
            return ""
        return self._gpt2_problem if self._choice.way is Way.GPT2 else self._choice.problem()

    def leave(self) -> None:
        self._looking.forget()

    shut_down = leave

    # --- layout ------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        for box, name, items in (
            (self.model, "Model to start from", ()),
            (self.sizes, "Size", _SIZES),
            (self.blocks, "Between embedder and head", tuple(BLOCKS.values())),
            (self.layers, "Number of GPT-2 blocks", tuple(map(str, LAYERS))),
            (self.cell, "Recurrent cell", CELLS),
        ):
            box.setAccessibleName(name)
            box.addItems(items)
        self.gpt2.line.setPlaceholderText("That in the cache of Hugging Face")
        self.about.setWordWrap(True)
        self.about.setContentsMargins(24, 0, 0, 6)
        self._few_text.setWordWrap(True)
        self._few_text.setContentsMargins(24, 0, 0, 0)
        self._form.setContentsMargins(24, 4, 0, 6)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for label, field in (
            ("&Model", self.model),
            ("&Folder", self.gpt2),
            ("&Size", self.sizes),
            ("&Blocks", self.blocks),
            ("&Number of blocks", self.layers),
            ("&Cell", self.cell),
        ):
            self._form.addRow(label, field)
        for way in Way:
            self._add_way(way)
        self.column.addSpacing(8)
        self.column.addWidget(self.few_shot, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self._few_text)
        self.column.addStretch()

    def _add_way(self, way: Way) -> None:
        button, text = QRadioButton(_TITLES[way]), captioned(_TEXTS[way], "caption")
        text.setWordWrap(True)
        text.setContentsMargins(24, 0, 0, 0)
        button.setAccessibleDescription(_TEXTS[way])
        self._group.addButton(button)
        self._places[way] = QVBoxLayout()
        self._places[way].setSpacing(2)
        self._places[way].addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._places[way].addWidget(text)
        self.buttons[way], self._texts[way] = button, text
        self.column.addLayout(self._places[way])

    def _connect(self) -> None:
        self._group.buttonClicked.connect(self._choose_way)
        self.model.activated.connect(lambda _: self._take(model=self.model.currentData()))
        self.gpt2.changed.connect(lambda: self._take(gpt2=self.gpt2.text or CACHED))
        self.sizes.activated.connect(lambda number: self._take(paper=number == 1))
        self.layers.activated.connect(lambda number: self._take(layers=LAYERS[number]))
        self.blocks.activated.connect(lambda number: self._choose_blocks(list(BLOCKS)[number]))
        self.cell.activated.connect(lambda number: self._take(cell=CELLS[number]))
        self.few_shot.clicked.connect(lambda _: self.changed.emit())
        self._models.changed.connect(self._follow_models)
        self._looking.ready.connect(self._say_gpt2)

    # --- what is chosen ----------------------------------------------------------------------------------------

    def _take(self, **chosen: Any) -> None:
        assert self._choice is not None
        self._choice = replace(self._choice, **chosen)
        if "gpt2" in chosen:
            self._look_for_gpt2()
        self._show_about()
        self.changed.emit()

    def _choose_way(self, button: Any) -> None:
        way = next(way for way, each in self.buttons.items() if each is button)
        assert self._choice is not None
        if way is not self._choice.way:
            self._choice = ModelChoice(way, gpt2=CACHED if way is Way.GPT2 else "", paper=way is Way.GPT2)
            self._look_for_gpt2()
            self._fill()
        self.changed.emit()

    def _look_for_gpt2(self) -> None:
        """Look on a thread whether the pre-trained blocks are there."""
        assert self._choice is not None
        where = self._choice.gpt2
        if self._choice.way is Way.GPT2:
            self._gpt2_problem = "GPT-2 is being looked for."
            self._looking.ask(lambda _: (where, gpt2_problem(where)))

    def _say_gpt2(self, found: tuple[str, str]) -> None:
        where, problem = found
        if self._choice is not None and where == self._choice.gpt2:
            self._gpt2_problem = problem
            self.changed.emit()

    def _choose_blocks(self, blocks: str) -> None:
        self._take(blocks=blocks)
        self._fill()

    def _fill(self) -> None:
        """Show what belongs to the way that is chosen, with what is chosen of it."""
        assert self._goal is not None
        assert self._choice is not None
        offered, choice = ways(self._goal), self._choice
        for way in Way:
            for widget in (self.buttons[way], self._texts[way]):
                widget.setVisible(way in offered)
        self._places[choice.way].addWidget(self._options)
        self._places[choice.way].addWidget(self.about)
        asked = self._fields(choice.way)
        for field in (self.model, self.gpt2, self.sizes, self.blocks, self.layers, self.cell):
            self._form.setRowVisible(field, field in asked)
        self.about.setVisible(self.model in asked)
        self.sizes.setCurrentIndex(int(choice.paper))
        self.layers.setCurrentIndex(LAYERS.index(choice.layers) if choice.layers in LAYERS else -1)
        self.blocks.setCurrentText(BLOCKS.get(choice.blocks, ""))
        self.cell.setCurrentText(choice.cell)
        self.gpt2.show_text("" if choice.gpt2 == CACHED else choice.gpt2)
        self._show_models()

    def _fields(self, way: Way) -> tuple[QWidget, ...]:
        """What is asked of a way to begin."""
        assert self._goal is not None
        if way in (Way.TUNE, Way.TRUNK):
            return (self.model,)
        if way is Way.GPT2:
            return self.gpt2, self.layers
        if self._goal.is_wavefield:
            return (self.cell,)
        between = (self.sizes, self.blocks)
        return (*between, self.layers) if self._choice is not None and self._choice.blocks == "gpt2" else between

    def _follow_models(self) -> None:
        """Other models are installed."""
        self._show_models()
        self.changed.emit()

    def _show_models(self) -> None:
        """List the models that can be started from; the chosen one is kept, another folder than theirs too."""
        if self._goal is None or self._choice is None or self._choice.way not in (Way.TUNE, Way.TRUNK):
            return
        cards = [card for card in self._models.cards if can_start_from(card, self._goal, self._choice.way)]
        self.model.clear()
        for card in cards:
            self.model.addItem(card.name, card.name)
        wanted = self._choice.model or (cards[0].name if cards else "")
        if wanted and self.model.findData(wanted) < 0:
            self.model.addItem(wanted, wanted)
        self.model.setCurrentIndex(self.model.findData(wanted))
        self.model.setEnabled(bool(wanted))
        self._choice = replace(self._choice, model=wanted)
        self._show_about()

    def _show_about(self) -> None:
        card = next((card for card in self._models.cards if card.name == self.model.currentData()), None)
        none = "" if self.model.count() else "No such model is installed; import one in Models, or begin from scratch."
        self.about.setText(summary(card) if card is not None else none)
