"""A forecaster for a region of one's own, through the pages of the wizard."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt

from quakeview.app.training.wizard.goal_page import GoalPage
from quakeview.app.training.wizard.library_page import LibraryPage
from quakeview.app.training.wizard.region_page import RegionPage
from quakeview.app.training.wizard.rock_page import RockPage
from quakeview.app.training.wizard.wizard import TrainingWizard
from quakeview.simulation.regional_model import read_regional_model
from quakeview.training.config import read_run
from quakeview.training.forecaster_config import DataConfig
from quakeview.training.planning.plan import TrainingPlan
from quakeview.training.planning.regions import Handle
from tests.training.planning.test_plan import plan_for


@pytest.fixture
def wizard(qtbot: Any, user_folders: Path) -> TrainingWizard:
    wizard = TrainingWizard([GoalPage(), RegionPage(), RockPage(), LibraryPage()])
    qtbot.addWidget(wizard)
    wizard.resize(1100, 700)
    wizard.show()
    return wizard


def go_to(qtbot: Any, wizard: TrainingWizard, kind: type) -> Any:
    """Click through to a page, from the goal on."""
    goals = wizard.page
    assert isinstance(goals, GoalPage)
    qtbot.mouseClick(goals.buttons["stations"], Qt.MouseButton.LeftButton)
    while not isinstance(wizard.page, kind):
        assert wizard.next.isEnabled(), wizard.said.text()
        qtbot.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    return wizard.page


def drag(qtbot: Any, page: RegionPage, handle: Handle, by: QPoint) -> None:
    at = page.map.handle_points(page.map.frame)[handle].toPoint()
    qtbot.mousePress(page.map, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(page.map, at + by)
    qtbot.mouseRelease(page.map, Qt.MouseButton.LeftButton, pos=at + by)


def test_only_forecasters_are_asked_for_a_region(qtbot: Any, wizard: TrainingWizard) -> None:
    assert [type(page) for page in wizard.steps_now] == [GoalPage]
    go_to(qtbot, wizard, RegionPage)
    assert [type(page) for page in wizard.steps_now] == [GoalPage, RegionPage, RockPage, LibraryPage]


def test_ends_of_the_fault_and_the_box_are_dragged(qtbot: Any, wizard: TrainingWizard) -> None:
    page = go_to(qtbot, wizard, RegionPage)
    before = page.region
    drag(qtbot, page, Handle.END, QPoint(-20, 10))
    after = page.region
    assert after.fault.start == before.fault.start
    assert after.fault.end[0] < before.fault.end[0]
    assert after.fault.end[1] < before.fault.end[1]
    assert page.boxes["fault.end.0"].value() == pytest.approx(after.fault.end[0])
    drag(qtbot, page, Handle.CORNER, QPoint(-40, -40))
    assert page.region.length > before.length
    assert (page.region.longitude, page.region.latitude) == (before.longitude, before.latitude)
    drag(qtbot, page, Handle.CENTRE, QPoint(30, 0))
    moved = page.region.longitude - before.longitude
    assert moved > 0.01
    assert page.region.fault.start[0] - before.fault.start[0] == pytest.approx(moved, abs=2e-4)


def test_elsewhere_the_map_is_panned(qtbot: Any, wizard: TrainingWizard) -> None:
    page = go_to(qtbot, wizard, RegionPage)
    before, extent = page.region, page.map.shown.extent
    at = page.map.frame.plot.topLeft().toPoint() + QPoint(20, 20)
    qtbot.mousePress(page.map, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(page.map, at + QPoint(30, 30))
    qtbot.mouseMove(page.map, at + QPoint(60, 60))
    qtbot.mouseRelease(page.map, Qt.MouseButton.LeftButton, pos=at + QPoint(60, 60))
    assert page.region == before
    assert page.map.shown.extent != extent


def test_a_fault_that_leaves_the_box_is_told_and_the_box_can_be_fitted(qtbot: Any, wizard: TrainingWizard) -> None:
    page = go_to(qtbot, wizard, RegionPage)
    page.boxes["fault.end.1"].setValue(36.4)
    assert "leaves the box" in wizard.said.text()
    assert not wizard.next.isEnabled()
    qtbot.mouseClick(page.fit, Qt.MouseButton.LeftButton)
    assert wizard.next.isEnabled()
    assert page.boxes["length"].value() > 80


def test_layers_are_chosen_changed_and_refused(qtbot: Any, wizard: TrainingWizard) -> None:
    page = go_to(qtbot, wizard, RockPage)
    page.models.setCurrentText("Northern California (GIL7)")
    page.models.activated.emit(page.models.currentIndex())
    plan = wizard.the_plan.region
    assert plan is not None
    assert [layer.vs for layer in plan.region.velocity_model.layers][:2] == [1.5, 2.4]
    assert "6.0 km long: 6.0 nodes of 1 km" in page.said.text()
    page.view.table.item(0, 2).setText("1.0")
    page.view.table.item(0, 1).setText("2.5")
    assert "Vs 1.50 km/s (in the model 2.50 and 1.00)" in page.said.text()
    page.view.table.item(1, 0).setText("word")
    assert not wizard.next.isEnabled()
    assert "not a number" in wizard.said.text()
    page.view.table.item(1, 0).setText("1")
    page.boxes["spacing"].setValue(3.0)
    assert "points to the shortest S wave" in wizard.said.text()


def test_what_is_prepared_is_a_run_that_can_be_started(qtbot: Any, wizard: TrainingWizard, user_folders: Path) -> None:
    page = go_to(qtbot, wizard, RegionPage)
    page.name.setText("Gyeongju")
    page.name.textEdited.emit("Gyeongju")
    for _ in range(2):
        qtbot.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    library = wizard.page
    assert isinstance(library, LibraryPage)
    assert library.boxes["places"].value() == 12
    assert "Press Measure and Prepare" in wizard.said.text()
    library.boxes["places"].setValue(4)
    qtbot.mouseClick(library.prepare, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not library.problem(), timeout=60_000)
    assert "all 40 events" in library.said.text()
    plan = wizard.the_plan
    assert plan.name == "WaveCastNet-Gyeongju"
    assert isinstance(plan.data, DataConfig)
    assert plan.data.windows.dense < 1
    assert plan.model["members"] == 2
    assert read_regional_model(plan.data.library.parent / "region.toml").region.name == "Gyeongju"
    run = user_folders / "run.toml"
    run.write_text(plan.run_toml())
    assert read_run(run).task == "forecasting"
    assert TrainingPlan.from_run_toml(run).data == plan.data
    library.boxes["members"].setValue(3)
    assert wizard.the_plan.data is None
    assert "Press Measure and Prepare" in library.problem()


def test_a_plan_with_data_of_its_own_is_not_asked_for_a_region(
    qtbot: Any, wizard: TrainingWizard, tmp_path: Path
) -> None:
    wizard.start(plan_for("stations", tmp_path))
    assert [type(page) for page in wizard.steps_now] == [GoalPage]
