"""Where a forecaster is for: the box of its region and the fault, on a map and as numbers."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from quakeview.app.texts import captioned
from quakeview.app.training.wizard.page import WizardPage
from quakeview.app.training.wizard.region_map import RegionMap
from quakeview.app.widgets.numberbox import NumberBox
from quakeview.errors import QuakeViewError
from quakeview.simulation.regional_model import RegionFile, regional_model
from quakeview.training.planning.plan import TrainingPlan
from quakeview.training.planning.regions import RegionPlan, example_region, fitted_to_fault

_FORM_WIDTH = 330


class RegionPage(WizardPage):
    """A map to drag on the right, the same in numbers on the left."""

    title = "Region"
    question = "Which region is it for, and which fault is in it?"

    def __init__(self) -> None:
        super().__init__()
        self._plan: RegionPlan | None = None
        self._region = example_region()
        self.map = RegionMap()
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the region")
        self.boxes: dict[str, NumberBox] = {}
        self.fit = QPushButton("Fit Box to Fault")
        self.fit.setToolTip("Turn the box along the fault, and leave 12 km around it")
        self._arrange()
        self.name.textEdited.connect(lambda _: self._take(replace(self._region, name=self.name.text())))
        self.fit.clicked.connect(self._fit)
        self.map.edited.connect(self._take)

    @property
    def region(self) -> RegionFile:
        """As it is on the page."""
        return self._region

    def show_plan(self, plan: TrainingPlan) -> None:
        self._plan = plan.region
        self._region = plan.region.region if plan.region is not None else self._region
        self._show_numbers()
        self.map.show_region(self._region, whole=True)

    def plan(self, before: TrainingPlan) -> TrainingPlan:
        if before.region is not None and before.region.region == self._region:
            return before
        made = RegionPlan(self._region) if before.region is None else replace(before.region, region=self._region)
        return replace(before, region=made, data=None)

    def problem(self) -> str:
        try:
            regional_model(self._region)
        except QuakeViewError as error:
            return str(error)
        return ""

    def is_for(self, plan: TrainingPlan) -> bool:
        return is_for_region(plan)

    def _arrange(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 0, 12, 12)
        box, fault = QFormLayout(), QFormLayout()
        box.addRow("Name", self.name)
        for key, label, low, high, step, decimals, unit in (
            ("latitude", "Centre, latitude", -80, 80, 0.05, 4, "°"),
            ("longitude", "Centre, longitude", -180, 180, 0.05, 4, "°"),
            ("azimuth", "X axis from north", 0, 360, 1, 1, "°"),
            ("length", "Length along X", 1, 1000, 1, 1, " km"),
            ("width", "Width", 1, 1000, 1, 1, " km"),
            ("depth", "Depth", 1, 1000, 1, 1, " km"),
        ):
            box.addRow(label, self._number(key, label, low, high, step, decimals, unit))
        for key, label, low, high, step, decimals, unit in (
            ("start.1", "Start, latitude", -85, 85, 0.01, 4, "°"),
            ("start.0", "Start, longitude", -180, 180, 0.01, 4, "°"),
            ("end.1", "End, latitude", -85, 85, 0.01, 4, "°"),
            ("end.0", "End, longitude", -180, 180, 0.01, 4, "°"),
            ("dip", "Dip, to the right", 5, 90, 5, 0, "°"),
            ("depth.0", "Upper edge", 0, 500, 1, 1, " km"),
            ("depth.1", "Lower edge", 0, 500, 1, 1, " km"),
            ("rake", "Rake", -180, 180, 10, 0, "°"),
        ):
            fault.addRow(
                label, self._number(f"fault.{key}", f"Fault: {label.lower()}", low, high, step, decimals, unit)
            )
        column.addWidget(captioned("Box", "heading"))
        column.addLayout(box)
        column.addWidget(self.fit)
        column.addSpacing(8)
        column.addWidget(captioned("Fault", "heading"))
        column.addLayout(fault)
        column.addStretch()
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFixedWidth(_FORM_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 12, 0)
        row.addWidget(area)
        row.addWidget(self.map, 1)

    def _number(self, key: str, name: str, low: float, high: float, step: float, decimals: int, unit: str) -> NumberBox:
        box = NumberBox(minimum=low, maximum=high, singleStep=step, decimals=decimals, suffix=unit)
        box.setAccessibleName(name)
        box.valueChanged.connect(lambda value: self._take(_with(self._region, key, value)))
        self.boxes[key] = box
        return box

    def _take(self, region: RegionFile) -> None:
        """Something was dragged or typed."""
        self._region = region
        self._show_numbers()
        self.map.show_region(region)
        self.changed.emit()

    def _fit(self) -> None:
        try:
            self._take(fitted_to_fault(self._region))
        except QuakeViewError:  # no plane; the page says why
            return
        self.map.show_region(self._region, whole=True)

    def _show_numbers(self) -> None:
        if self.name.text() != self._region.name:
            self.name.setText(self._region.name)
        for key, box in self.boxes.items():
            with QSignalBlocker(box):
                box.setValue(_value(self._region, key))


def is_for_region(plan: TrainingPlan) -> bool:
    """Whether a forecaster is planned whose data are still to be simulated."""
    return plan.the_goal.is_wavefield and (plan.data is None or plan.region is not None)


def _value(region: RegionFile, key: str) -> float:
    """The number at ``length``, ``fault.dip`` or ``fault.start.0``."""
    value: Any = region
    for part in key.split("."):
        value = value[int(part)] if part.isdigit() else getattr(value, part)
    return float(value)


def _with(region: RegionFile, key: str, value: float) -> RegionFile:
    """The region with another number there."""
    first, _, rest = key.partition(".")
    changed: dict[str, Any] = {first: value}
    if first == "fault":
        name, _, index = rest.partition(".")
        ends = dict(enumerate(getattr(region.fault, name))) if index else {}
        part: dict[str, Any] = {name: tuple((ends | {int(index): value}).values()) if index else value}
        changed = {"fault": replace(region.fault, **part)}
    return replace(region, **changed)
