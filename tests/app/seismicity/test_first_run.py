"""A newcomer's first run: the sample, tomorrow's forecast with its worth, a region; all of it after a restart."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QLabel

from quakeview.app.seismicity.actions import SEISMICITY
from tests.app.pointer import drag
from tests.app.program import Program


def _texts(workspace: Any) -> str:
    return " ".join(label.text() for label in workspace.findChildren(QLabel) if label.isVisible())


def _forecast_is_shown(workspace: Any) -> bool:
    return workspace.forecasts.ahead.shown is not None and workspace.forecasts.making.worth is not None


def test_sample_forecast_region_restart(make_window: Callable[..., Program], qtbot: Any) -> None:
    program = make_window()
    (entry,) = (each for each in program.window.welcome.entries if "simulated catalogue" in each.accessibleName())
    entry.click()
    assert program.controller._front.id == SEISMICITY
    workspace = program.seismicity
    qtbot.waitUntil(lambda: workspace.has_catalogue)
    assert "simulated" in workspace.notice.sentence.text()
    qtbot.waitUntil(lambda: _forecast_is_shown(workspace))
    assert "over smoothed seismicity" in _texts(workspace)

    program.registry["seismicity.box"].trigger()
    middle = workspace.map.frame.plot.center()
    drag(workspace.map, middle - QPointF(40, 40), middle + QPointF(40, 40))
    region = workspace.state.choices.region
    assert region is not None
    qtbot.waitUntil(lambda: f"Region: {region}" in _texts(workspace))
    assert "Probability of M ≥ 4" in _texts(workspace)
    program.window.close()

    again = make_window()
    assert again.controller._front.id == SEISMICITY
    qtbot.waitUntil(lambda: again.seismicity.has_catalogue)
    assert again.seismicity.state.choices.region == region
    qtbot.waitUntil(lambda: _forecast_is_shown(again.seismicity))
    qtbot.waitUntil(lambda: f"Region: {region}" in _texts(again.seismicity))
