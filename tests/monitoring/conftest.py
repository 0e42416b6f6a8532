"""A folder of models for tests that add some."""

from pathlib import Path

import pytest


@pytest.fixture
def user_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where models that a test adds go, and nothing else is."""
    folder = tmp_path / "models of the user"
    for name in ("quakeview.registry", "quakeview.paths"):
        monkeypatch.setattr(f"{name}.user_models_dir", lambda: folder)
    return folder
