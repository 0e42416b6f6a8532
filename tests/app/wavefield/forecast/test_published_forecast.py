"""A published array and a published checkpoint play as a forecast in the window."""

import pytest
import torch

from quakeview.registry import read_card
from tests.app.forecast_steps import forecast_it, is_shown, said
from tests.wavefield.published_files import FRAMES, dense, write_array, write_model


@pytest.fixture
def cards(tmp_path, monkeypatch):
    """The folder of a checkpoint that can forecast, and of one that cannot."""
    monkeypatch.setattr("quakeview.registry.user_models_dir", lambda: tmp_path / "models")
    ready = write_model(tmp_path, dense())
    return [read_card(folder) for folder in (write_model(tmp_path, dense(), "bare", normalised=False), ready)]


def test_f5_plays_a_published_checkpoint_on_a_published_array(make_window, qtbot, cards, tmp_path):
    torch.set_num_threads(1)
    controller = make_window(models=cards)
    controller.open([write_array(tmp_path)])
    qtbot.waitUntil(lambda: is_shown(controller))
    workspace = controller.wavefield
    strip = workspace.strip
    assert [strip.model.itemText(row) for row in range(strip.model.count())] == ["published"]
    forecast = forecast_it(controller, qtbot)
    qtbot.waitUntil(lambda: is_shown(controller))
    assert forecast.complete
    assert (forecast.issued, forecast.n_frames) == (30, FRAMES // 2)
    assert workspace.stage.comparison.forecast is forecast
    assert workspace.stage.wavefield.frame_step == pytest.approx(0.52)
    section = workspace.inspector.forecast
    assert section.value("Model") == "published"
    assert section.value("Score") == "not scored yet"
    assert section.value("Band") == "no band"
    assert said(workspace).startswith("The scenario is shown as the forecaster knows it")
