"""``quakeview models``: what is done to models without a window, and a sentence where it cannot be done."""

from pathlib import Path

import pytest
import torch

from quakeview import cli, model_folders, registry
from quakeview.jobs import Cancelled, Progress
from quakeview.model_export.exporting import Exported
from quakeview.model_speed import Speed, measure_speed
from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.monitoring.picker import find_picker
from quakeview.monitoring.seismollm import SeisMoLLM
from quakeview.monitoring.seismollm_folder import save_model
from quakeview.registry import find_model
from tests.model_export.test_exporting import SIZES


@pytest.fixture
def mine(tmp_path: Path, user_models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shipped model and one of the user's; the folder of the latter."""
    monkeypatch.setattr("quakeview.registry.shipped_models_dir", lambda: tmp_path / "shipped")
    for name in ("Shipped", "run"):
        card = {"name": name, "system": "SeisMoLLM", "task": "picking", "parameters": 2, "licence": "CC0"}
        model_folders.write_model(tmp_path / "shipped" / name, {"network": {}, "card": card}, {"a": torch.zeros(2)})
    folder = registry.add_model(tmp_path / "shipped" / "run", "Mine").folder
    registry.remove_model(tmp_path / "shipped" / "run")
    return folder


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command that works says on stdout."""
    assert cli.main(["models", *arguments]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The sentence of a command that does not."""
    assert cli.main(["models", *arguments]) == 1
    return capsys.readouterr().err


def test_the_chosen_model_has_a_star_and_is_used_without_a_name(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys).startswith("* Shipped\n")
    assert "Mine is used for picking" in said(capsys, "use", "Mine")
    assert "\n* Mine\n" in said(capsys, "list")
    assert registry.chosen_model(None, "picking").name == "Mine"


def test_a_model_is_shown_with_its_card_and_checksum(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = said(capsys, "show", "Mine")
    for part in ("licence:    CC0", model_folders.weights_digest(mine)[:16], "size:", "# Mine"):
        assert part in shown


def test_a_renamed_model_picks_under_its_old_name(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "rename", "Mine", "Yours").strip() == str(mine.parent / "Yours")
    assert find_picker("Mine").name == "Yours"
    assert "formerly:   Mine" in said(capsys, "show", "Mine")
    assert "There is a model called Shipped already" in refused(capsys, "rename", "Yours", "Shipped")
    assert "cannot be the name of a model" in refused(capsys, "rename", "Yours", "a/b")


def test_a_deleted_model_is_gone_and_a_shipped_one_stays(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "delete", "Mine") == "Mine was deleted.\n"
    assert not mine.exists()
    assert "There is no model 'Mine'" in refused(capsys, "delete", "Mine")
    assert "Shipped is not among your models" in refused(capsys, "delete", "Shipped")
    assert find_model("Shipped").folder.is_dir()


def test_damaged_weights_are_said(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "The weights of Mine are as they were" in said(capsys, "check", "Mine")
    assert "no checksum was kept" in said(capsys, "check", "Shipped")
    weights = mine / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    assert "model.safetensors is damaged" in refused(capsys, "check", "Mine")


def test_export_and_speed_are_told(
    mine: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(
        "quakeview.model_export.exporting.export_model", lambda card, kind, path, _: Exported(path / kind, 0.0)
    )
    assert said(capsys, "export", "Mine", "-o", str(tmp_path), "--format", "zip").strip() == str(tmp_path / "zip")
    speed = Speed("the processor, 1 core", (("a record of 60 s", 0.5),))
    monkeypatch.setattr("quakeview.model_speed.measure_speed", lambda *_: speed)
    assert said(capsys, "speed", "Mine") == "Mine on the processor, 1 core:\n  a record of 60 s: 500 ms\n"


def test_a_picker_is_timed(tmp_path: Path) -> None:
    save_model(tmp_path / "m", SeisMoLLM(SeisMoLLMConfig(**SIZES)), {"name": "Small", "trained_on": "nothing"})
    card = registry.read_card(tmp_path / "m")
    speed = measure_speed(card, "cpu")
    assert [what for what, _ in speed.times] == ["a record of 60 s", "an hour of three components"]
    assert 0 < speed.times[0][1] < speed.times[1][1]
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        measure_speed(card, "cpu", progress)
