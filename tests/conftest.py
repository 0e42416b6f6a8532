"""What every test stands on: folders of its own, one thread a worker, and patience with a machine that is busy."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

if "PYTEST_XDIST_WORKER" in os.environ:  # the workers share the cores; before torch and numba are imported
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ.setdefault(name, "1")

PATIENCE = 60_000
"""Milliseconds until a test gives up waiting. A test never says how long something may take."""


@pytest.fixture(scope="session", autouse=True)
def _own_folders() -> Iterator[None]:
    """No test reads, writes or waits for the user's own settings, models and sessions, or another worker's."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for name in ("STATE", "DATA", "CONFIG"):
            patch.setenv(f"XDG_{name}_HOME", str(Path(folder, name.lower())))
        yield


@pytest.fixture(scope="session", autouse=True)
def _patient_qtbot() -> Iterator[None]:
    """``qtbot`` waits as long as it takes on a machine where several workers share the cores."""
    from pytestqt.qtbot import QtBot

    with pytest.MonkeyPatch.context() as patch:
        for wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitExposed):
            patch.setitem(wait.__kwdefaults__, "timeout", PATIENCE)
        yield


@pytest.fixture
def user_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where models that a test adds go, and nothing else is."""
    folder = tmp_path / "models of the user"
    for name in ("quakeview.registry", "quakeview.paths"):
        monkeypatch.setattr(f"{name}.user_models_dir", lambda: folder)
    return folder
