"""Checkpoints of published code, from the file to picks in the window and on the command line.

Their weights are random: what is asked is that they pick at all, through every step.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from quakeview import cli
from quakeview.monitoring.annotate import pick_archive
from quakeview.monitoring.seismollm import SeisMoLLM
from quakeview.monitoring.seist import SeisT
from quakeview.registry import available_models
from tests.app.conftest import MONTSERRAT
from tests.app.program import Program
from tests.monitoring.golden import official_names, tiny_config
from tests.monitoring.test_seist import published_names

ALWAYS = 0.01
"""A threshold that random weights reach."""


def seismollm(task: str, path: Path) -> Path:
    """Random weights of a test, in a file as the published SeisMoLLM code writes it."""
    torch.manual_seed(0)
    sizes: dict[str, Any] = {"conv_channels": (4, 6, 8, 8), "n_heads": 1, "n_positions": 128}
    network = SeisMoLLM(tiny_config(task, head_channels=(8, 8, 8, 6), lora_rank=4, **sizes))
    if task == "picking":
        torch.nn.init.zeros_(network.head.output.bias)
    torch.save({"model_dict": official_names(network.state_dict())}, path)
    return path


def seist(path: Path) -> Path:
    """Random weights of a test, in a file as the published SeisT code writes it."""
    torch.manual_seed(0)
    network = SeisT("S")
    torch.nn.init.zeros_(network.head.output.bias)
    torch.save(published_names(network), path)
    return path


@pytest.fixture
def user_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tqdm.tqdm.monitor_interval", 0)  # no thread of its own beside the command line's bar
    folder = tmp_path / "models of the user"
    monkeypatch.setattr("quakeview.registry.user_models_dir", lambda: folder)
    monkeypatch.setattr("quakeview.registry.shipped_models_dir", lambda: tmp_path / "none")
    return folder


@pytest.mark.parametrize("system", ["SeisMoLLM", "SeisT"])
def test_a_published_checkpoint_picks_in_the_window_and_on_the_command_line(
    system: str,
    tmp_path: Path,
    user_models: Path,
    make_window: Callable[..., Program],
    qtbot: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "random_dpk.pth"
    path = seismollm("picking", path) if system == "SeisMoLLM" else seist(path)
    assert cli.main(["models", "import", str(path)]) == 0
    capsys.readouterr()
    (card,) = available_models()
    assert (card.name, card.system, card.task, card.unusable) == ("random_dpk", system, "picking", "")
    thresholds = [f"--{phase}-threshold={ALWAYS}" for phase in "ps"]
    assert cli.main(["pick", str(MONTSERRAT), "--model", "random_dpk", "--device", "cpu", *thresholds]) == 0
    assert "random_dpk" in capsys.readouterr().out
    controller = make_window([MONTSERRAT], pick=pick_archive, models=[card])
    for option in (controller.preferences.P_THRESHOLD, controller.preferences.S_THRESHOLD):
        controller.preferences[option] = ALWAYS
    controller.registry["picks.all"].trigger()
    qtbot.waitUntil(lambda: len(controller.session.book) > 0)
    qtbot.waitUntil(lambda: not controller.window.runner.active)
    assert {pick.model for pick in controller.session.book} == {"random_dpk"}


@pytest.mark.parametrize(("task", "short"), [("magnitude", "emg"), ("distance", "dis"), ("polarity", "pmp")])
def test_a_checkpoint_of_another_task_is_refused_in_one_sentence(
    task: str, short: str, tmp_path: Path, user_models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["models", "import", str(seismollm(task, tmp_path / f"random_{short}.pth"))]) == 0
    capsys.readouterr()
    assert cli.main(["pick", str(MONTSERRAT), "--model", f"random_{short}"]) == 1
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert said == f"quakeview: random_{short} is a {task} model, not for picking; give a model folder."
    assert not any(card.can("picking") for card in available_models())
