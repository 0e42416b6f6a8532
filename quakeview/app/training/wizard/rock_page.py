"""The layers of rock of a region, and how finely waves are simulated in them."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from quakeview.app.events.velocity_model_view import VelocityModelView
from quakeview.app.texts import captioned
from quakeview.app.training.wizard.page import WizardPage
from quakeview.app.training.wizard.region_page import is_for_region
from quakeview.app.widgets.numberbox import NumberBox
from quakeview.errors import QuakeViewError
from quakeview.events.velocity_models import PUBLISHED, VelocityModel, of_layers, suggested
from quakeview.simulation.regional_model import GridTable, LayerTable, VelocityTable, regional_model
from quakeview.training.planning.plan import TrainingPlan
from quakeview.training.planning.regions import example_region, velocity_table, wave_words

_CHANGED = " (changed)"


class RockPage(WizardPage):
    """A published model or one's own layers, their picture, the grid, and what both can hold."""

    title = "Rock and grid"
    question = "How fast is the rock, and how finely are waves simulated?"

    def __init__(self) -> None:
        super().__init__()
        self._region = example_region()
        self.models = QComboBox()
        self.models.setAccessibleName("Velocity model")
        self.models.addItems(list(PUBLISHED))
        self.suggest = QPushButton("Suggest for the Place")
        self.add, self.remove = QPushButton("Add Layer"), QPushButton("Remove Layer")
        self.view = VelocityModelView(editable=True)
        self.said = captioned("", "caption")
        self.said.setWordWrap(True)
        self.boxes: dict[str, NumberBox] = {}
        self._arrange()
        self.models.activated.connect(lambda _: self._choose(PUBLISHED[self.models.currentText()]))
        self.suggest.clicked.connect(lambda: self._choose(suggested(self._region.latitude, self._region.longitude)))
        self.add.clicked.connect(self.view.table.add_layer)
        self.remove.clicked.connect(self.view.table.remove_layer)
        self.view.table.edited.connect(self._take_layers)

    def show_plan(self, plan: TrainingPlan) -> None:
        if plan.region is not None:
            self._region = plan.region.region
        self._show()

    def plan(self, before: TrainingPlan) -> TrainingPlan:
        if before.region is None or before.region.region == self._region:
            return before
        return replace(before, region=replace(before.region, region=self._region), data=None)

    def problem(self) -> str:
        try:
            _model_of(self._region.velocity_model)
            regional_model(self._region)
        except QuakeViewError as error:
            return str(error)
        return ""

    def is_for(self, plan: TrainingPlan) -> bool:
        return is_for_region(plan)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        for widget in (self.models, self.suggest):
            top.addWidget(widget)
        top.addStretch()
        for widget in (self.add, self.remove):
            top.addWidget(widget)
        grid = QFormLayout()
        for key, label, low, high, step, decimals, unit in (
            ("frequency", "Highest frequency", 0.01, 20, 0.05, 3, " Hz"),
            ("spacing", "Spacing of the nodes", 0.01, 20, 0.1, 3, " km"),
            ("minimum_vs", "Slower rock is made as fast as", 0.1, 3, 0.1, 2, " km/s"),
            ("frame_step", "Between pictures", 0.01, 10, 0.02, 3, " s"),
            ("duration", "Length of an event", 1, 600, 5, 1, " s"),
        ):
            box = NumberBox(minimum=low, maximum=high, singleStep=step, decimals=decimals, suffix=unit)
            box.setAccessibleName(label)
            box.valueChanged.connect(lambda value, key=key: self._take_grid(key, value))
            self.boxes[key] = box
            grid.addRow(label, box)
        foot = QWidget()
        foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        below = QHBoxLayout(foot)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(24)
        below.addLayout(grid)
        below.addWidget(self.said, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 4, 24, 12)
        column.setSpacing(10)
        column.addLayout(top)
        column.addWidget(self.view, 1)
        column.addWidget(foot)

    def _choose(self, model: VelocityModel) -> None:
        self._region = replace(self._region, velocity_model=velocity_table(model))
        self._show()
        self.changed.emit()

    def _take_layers(self) -> None:
        """The table was edited: the model is no longer the published one."""
        name = self._region.velocity_model.name.removesuffix(_CHANGED) + _CHANGED
        layers = [LayerTable(*layer) for layer in self.view.table.layers()]
        self._region = replace(self._region, velocity_model=VelocityTable(name, layers))
        self._draw()
        self.changed.emit()

    def _take_grid(self, key: str, value: float) -> None:
        self._region = replace(self._region, grid=_changed(self._region.grid, key, value))
        self._draw()
        self.changed.emit()

    def _show(self) -> None:
        table = self._region.velocity_model
        self.models.setCurrentIndex(self.models.findText(table.name))
        self.view.table.show_layers([(each.depth_km, each.vp, each.vs) for each in table.layers])
        for key, box in self.boxes.items():
            with QSignalBlocker(box):
                box.setValue(getattr(self._region.grid, key))
        self._draw()

    def _draw(self) -> None:
        """The picture of the layers, and what they and the grid can hold."""
        try:
            self.view.plot.draw_model(_model_of(self._region.velocity_model))
            model = regional_model(self._region)
            self.said.setText("\n".join((wave_words(self._region, model), *model.changes)))
        except QuakeViewError:  # the page says it beside the buttons
            self.view.plot.draw_model(None)
            self.said.clear()


def _changed(grid: GridTable, key: str, value: float) -> GridTable:
    number: dict[str, Any] = {key: value}
    return replace(grid, **number)


def _model_of(table: VelocityTable) -> VelocityModel:
    """The layers as those of any velocity model.

    Raises:
        QuakeViewError: if they are none.
    """
    return of_layers(table.name, "the table", [(each.depth_km, each.vp, each.vs) for each in table.layers])
