"""The window for tests: its own settings and user folders, no leaked threads, a picker that needs no model."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import obspy
import pytest
from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication, QMainWindow

from quakeview.app.main import build
from quakeview.registry import ModelCard
from tests.app import fake_picker
from tests.app.fake_forecaster import FakeForecaster, forecaster_card
from tests.app.forecast_steps import is_shown
from tests.app.program import Program
from tests.app.wavefield_files import write_scenario
from tests.conftest import PATIENCE

OBSPY = Path(obspy.__file__).parent
MONTSERRAT = OBSPY / "io/seisan/tests/data/9701-30-1048-54S.MVO_21_1"
BAVARIA = sorted((OBSPY / "signal/tests/data").glob("BW.UH*.147.cut.slist.gz"))


@pytest.fixture(autouse=True)
def _no_widget_outlives_its_test() -> Iterator[None]:
    """A widget without a parent, such as a plot's menu, outlives its window, and each later window styles it again.

    The window goes first: Qt crashes if a plot or a combo box is left without its menu or list.
    """
    before = set(QApplication.topLevelWidgets())
    yield
    after = set(QApplication.topLevelWidgets()) - before
    for widget in sorted(after, key=lambda widget: not isinstance(widget, QMainWindow)):
        widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def user_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing is read from or written to the folders of whoever runs the tests."""
    for name in ("STATE", "DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "config"))
    monkeypatch.setattr("quakeview.registry.shipped_models_dir", lambda: tmp_path / "models")
    return tmp_path


@pytest.fixture
def card(tmp_path: Path) -> ModelCard:
    return ModelCard(
        name=fake_picker.NAME,
        system="SeisMoLLM",
        task="picking",
        folder=tmp_path / "fake",
        trained_on="nothing at all",
        scores={"p_f1@0.1": 0.5},
        backbone="none",
        parameters=12,
        command="",
    )


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeForecaster:
    """The forecaster that any model folder holds."""
    fake = FakeForecaster()
    monkeypatch.setattr("quakeview.wavefield.forecasting.forecaster.load_forecaster", fake.load)
    return fake


@pytest.fixture
def make_window(
    qtbot: Any, user_folders: Path, card: ModelCard, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Program]]:
    """``make_window(files, pick=..., models=[...])`` opens the window as the command line does, and closes it."""
    monkeypatch.setattr(QApplication, "quit", lambda: None)
    threads = set(threading.enumerate())
    made: list[Program] = []

    def make(files: list[Path] | None = None, pick: Callable = fake_picker.pick_archive, models: Any = None) -> Program:
        cards = [card] if models is None else models
        monkeypatch.setattr("quakeview.app.waveforms.model_picking.pick_archive", pick)
        controller = Program(build(lambda: cards))
        made.append(controller)
        controller.preferences[controller.preferences.REVIEWER] = "Ana Ruiz"
        controller.window.show()
        qtbot.waitExposed(controller.window)
        controller.start(files or [])
        known = controller.window.models
        qtbot.waitUntil(lambda: [*known.cards, *known.problems] == cards)
        if files:
            qtbot.waitUntil(lambda: is_loaded(controller))
        return controller

    yield make
    for controller in made:
        controller.window.close()
        controller.window.theme.deleteLater()
        controller.window.deleteLater()
    qtbot.wait(10)
    begun = [t for t in set(threading.enumerate()) - threads if not isinstance(t, threading._DummyThread)]
    for thread in begun:
        thread.join(PATIENCE / 1000)
    leaked = [thread for thread in begun if thread.is_alive()]
    assert not leaked, f"threads still run: {leaked}"


# --- a scenario and a forecaster; modules with another window have their own ``controller`` --------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_scenario(tmp_path / "m6.h5")


@pytest.fixture
def cards(card: ModelCard, tmp_path: Path) -> list[ModelCard]:
    return [card, forecaster_card(tmp_path / "forecaster")]


@pytest.fixture
def controller(
    make_window: Callable[..., Program], qtbot: Any, file: Path, fake: FakeForecaster, cards: list[ModelCard]
) -> Program:
    controller = make_window(models=cards)
    controller.open([file])
    qtbot.waitUntil(lambda: is_shown(controller))
    return controller


@pytest.fixture
def workspace(controller: Program) -> Any:
    return controller.wavefield


def is_loaded(controller: Program) -> bool:
    """Everything that was opened is on the screen and no job is under way."""
    session = controller.session
    return (
        bool(session.archive.channels)
        and set(session.records) == set(session.archive.channels)
        and not (controller.window.runner.active)
    )
