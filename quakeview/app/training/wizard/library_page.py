"""How many earthquakes are simulated for a region, what that costs here, and the files that say so."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QProgressBar, QPushButton

from quakeview.app.training.wizard.page import ScrolledPage
from quakeview.app.training.wizard.region_page import is_for_region
from quakeview.app.widgets.numberbox import NumberBox, WholeNumberBox
from quakeview.app.work.background import Background
from quakeview.jobs import Progress
from quakeview.paths import user_regions_dir
from quakeview.simulation.regional_model import FILE, regional_model
from quakeview.training.planning.plan import TrainingPlan
from quakeview.training.planning.regions import (
    RegionPlan,
    free_folder,
    in_words,
    limits,
    suggested_places,
    write_files,
)

Prepared = tuple[RegionPlan, TrainingPlan, list[str]]
"""What was asked for, the run that was made of it, and what it costs in sentences."""


class LibraryPage(ScrolledPage):
    """Numbers of events; a button measures this machine and writes the files that the run is made of."""

    title = "Earthquakes"
    question = "How many earthquakes shall be simulated?"

    def __init__(self) -> None:
        super().__init__()
        self._plan: RegionPlan | None = None
        self._prepared: Prepared | None = None
        self._preparing = Background("Preparing a region")
        self.boxes = {
            "places": _count("Places of the library, five events at each", 3, 5000),
            "validation": _count("Events to validate", 2, 1000),
            "test": _count("Events to test", 1, 1000),
            "members": _count("Members of the ensemble", 1, 10),
        }
        self.minutes = NumberBox(minimum=0.1, maximum=10_000, decimals=1, suffix=" min")
        self.minutes.setAccessibleName("Training after the simulations")
        self.prepare = QPushButton("Measure and Prepare")
        self.prepare.setToolTip("Measure the speed of this machine, and write the files of the region")
        self.busy = QProgressBar(maximum=0, textVisible=False)
        self.busy.hide()
        self.add_text(
            "Every earthquake to learn from is a sum of the events of the library. The run simulates them first; what "
            "is finished stays, also when the run is stopped or the window is closed. Test events are at places of "
            "their own. Two members and more know how far they are off."
        )
        form = QFormLayout()
        for box in self.boxes.values():
            form.addRow(box.accessibleName(), box)
            box.valueChanged.connect(self._take)
        form.addRow(self.minutes.accessibleName(), self.minutes)
        self.minutes.valueChanged.connect(self._take)
        self.column.addLayout(form)
        self.column.addWidget(self.prepare, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.busy)
        self.said = self.add_text(role="")
        self.column.addStretch()
        self.prepare.clicked.connect(self._ask)
        self._preparing.ready.connect(self._show_prepared)
        self._preparing.failed.connect(self._fail)

    def show_plan(self, plan: TrainingPlan) -> None:
        region = plan.region
        if region is None:
            return
        if plan.data is None and region.places == RegionPlan.places:
            region = replace(region, places=suggested_places(regional_model(region.region)))
        self._plan = region
        for name, box in self.boxes.items():
            box.blockSignals(True)
            box.setValue(getattr(region, name))
            box.blockSignals(False)
        self.minutes.blockSignals(True)
        self.minutes.setValue(region.minutes)
        self.minutes.blockSignals(False)
        self._refresh()

    def plan(self, before: TrainingPlan) -> TrainingPlan:
        if self._plan is None:
            return before
        if self._prepared is None or self._prepared[0] != self._plan:
            return replace(before, region=self._plan, data=None)
        if before.data is not None and before.region == self._plan:
            return before
        made = self._prepared[1]
        name = before.name or made.name
        data = made.with_goal(before.goal).data
        return replace(before, name=name, region=self._plan, data=data, model=made.model, settings=made.settings)

    def problem(self) -> str:
        if self._preparing.busy:
            return "The speed of this machine is being measured; wait a moment."
        if self._prepared is None or self._prepared[0] != self._plan:
            return f"Press {self.prepare.text()} to see what it costs."
        return ""

    def is_for(self, plan: TrainingPlan) -> bool:
        return is_for_region(plan)

    def leave(self) -> None:
        self._preparing.forget()
        self.busy.hide()

    def shut_down(self) -> None:
        self._preparing.forget()

    def _take(self) -> None:
        if self._plan is not None:
            numbers: dict[str, Any] = {name: box.value() for name, box in self.boxes.items()}
            self._plan = replace(self._plan, **numbers, minutes=self.minutes.value())
        self._refresh()
        self.changed.emit()

    def _ask(self) -> None:
        plan = self._plan
        if plan is None:
            return
        self._preparing.ask(lambda progress: prepared(plan, user_regions_dir(), progress))
        self.busy.show()
        self.changed.emit()

    def _show_prepared(self, answer: Prepared) -> None:
        self._prepared = answer
        self.busy.hide()
        self._refresh()
        self.changed.emit()

    def _fail(self, sentence: str) -> None:
        self.busy.hide()
        self.said.setText(sentence)
        self.changed.emit()

    def _refresh(self) -> None:
        known = self._prepared is not None and self._prepared[0] == self._plan
        self.said.setText("\n".join(self._prepared[2]) if known and self._prepared is not None else "")


def prepared(plan: RegionPlan, base: Path, progress: Progress) -> Prepared:
    """Measure what a region costs, and write its files into a new folder. For a worker thread."""
    progress.advance(0, 1, "Measuring the speed of this machine")
    said = in_words(plan, limits(plan))
    folder = free_folder(base, plan.region.name)
    write_files(plan, folder / FILE)
    said.append(f"The files are in {folder}; 'quakeview simulate test.toml' there makes the events to test.")
    return plan, TrainingPlan.from_run_toml(folder / "run.toml"), said


def _count(name: str, low: int, high: int) -> WholeNumberBox:
    box = WholeNumberBox(minimum=low, maximum=high)
    box.setAccessibleName(name)
    return box
