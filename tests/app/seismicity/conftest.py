"""The workspace with a catalogue that was opened."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quakeview.app.seismicity.actions import SEISMICITY
from tests.app.program import Program
from tests.app.seismicity.catalogue_files import write_catalogue


@pytest.fixture
def catalogue_file(tmp_path: Path) -> Path:
    return write_catalogue(tmp_path / "kanto.csv")


@pytest.fixture
def without_forecasts(monkeypatch: pytest.MonkeyPatch) -> None:
    """No forecast comes, under which the map would show fewer earthquakes."""
    monkeypatch.setattr("quakeview.app.seismicity.forecasts.making.ForecastMaking._begin", lambda self: None)


@pytest.fixture
def program(make_window: Callable[..., Program]) -> Program:
    program = make_window()
    program.registry[SEISMICITY].trigger()
    return program


@pytest.fixture
def seismicity(program: Program, qtbot: Any, catalogue_file: Path) -> Any:
    """The workspace, in front, with the catalogue."""
    workspace = program.seismicity
    workspace.open([catalogue_file])
    qtbot.waitUntil(lambda: workspace.has_catalogue)
    return workspace
