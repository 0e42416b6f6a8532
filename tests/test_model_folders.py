"""Model folders come back as they were written; what is wrong with one is told in a sentence that says what to do."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from quakeview.errors import QuakeViewError
from quakeview.model_folders import (
    card_text,
    fill,
    read_config,
    read_readme,
    read_weights,
    write_model,
    write_section,
)

CARD = {
    "name": "Tiny",
    "system": "SeisMoLLM",
    "task": "back_azimuth",
    "parameters": 12345,
    "trained_on": "noise",
    "scores": {"mean_error": 0.91234},
    "command": "quakeview train run.toml",
    "run": 'task = "back_azimuth"',
    "training_minutes": 3,
}


def sentence(call: Callable[..., Any], *given: Any) -> str:
    with pytest.raises(QuakeViewError) as error:
        call(*given)
    text = str(error.value)
    assert "\n" not in text
    assert text.endswith(".")
    return text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    weights = {"weight": torch.arange(6.0).reshape(2, 3).T, "bias": torch.ones(3)}
    write_model(
        tmp_path / "deep" / "tiny", {"network": {"width": 3}, "card": CARD}, weights, {"more": {"a": torch.ones(1)}}
    )
    return tmp_path / "deep" / "tiny"


def test_a_model_comes_back(folder: Path) -> None:
    assert read_config(folder) == {"network": {"width": 3}, "card": CARD}
    torch.testing.assert_close(read_weights(folder)["weight"], torch.tensor([[0.0, 3], [1, 4], [2, 5]]))
    assert list(read_weights(folder, "more")) == ["a"]
    assert read_readme(folder) == card_text(CARD)
    network = nn.Linear(2, 3)
    fill(network, read_weights(folder), folder)
    assert not network.training
    assert network(torch.tensor([1.0, 2.0])).tolist() == [7.0, 10.0, 13.0]


def test_a_card_says_what_there_is_to_know() -> None:
    lines = card_text(CARD).splitlines()
    assert lines[0] == "# Tiny"
    assert "SeisMoLLM for back azimuth, 12,345 parameters." in lines
    assert "- Trained on: noise" in lines
    assert "- Training minutes: 3" in lines
    assert "| `mean_error` | 0.9123 |" in lines
    assert lines[-3:] == ["```toml", 'task = "back_azimuth"', "```"]
    bare = {name: CARD[name] for name in ("name", "system", "task", "parameters")}
    assert card_text(bare).endswith("- Trained on: not stated\n")
    assert "It cannot." in card_text(bare | {"unusable": "It cannot."}).splitlines()
    assert card_text(bare | {"runs": ["a = 1", "b = 2"]}).count("```toml") == 2


def test_a_section_takes_the_place_of_the_one_before(folder: Path) -> None:
    write_section(folder, "calibration", {"P": 1}, "How far off", "old")
    readme = read_readme(folder)
    assert readme == card_text(CARD) + "\n## How far off\n\nold\n"
    (folder / "README.md").write_text(readme + "\n## More\n\nthis\n")
    write_section(folder, "calibration", {"P": 2}, "How far off", "new")
    assert read_config(folder) == {"network": {"width": 3}, "card": CARD, "calibration": {"P": 2}}
    assert read_readme(folder) == card_text(CARD) + "\n## How far off\n\nnew\n\n## More\n\nthis\n"
    write_section(folder, "calibration", {"P": 3})
    assert "new" in read_readme(folder)


def test_a_model_replaced_loses_what_was_measured_of_the_other(folder: Path) -> None:
    write_section(folder, "calibration", {"P": 1}, "How far off", "old")
    write_model(folder, {"network": {}, "card": CARD}, {})
    assert "calibration" not in read_config(folder)
    assert "old" not in read_readme(folder)


def test_folders_that_are_wrong_truncated_or_foreign(folder: Path, tmp_path: Path) -> None:
    assert "choose a folder with config.json and model.safetensors" in sentence(read_config, tmp_path)
    config, weights = folder / "config.json", folder / "model.safetensors"
    whole = config.read_bytes(), weights.read_bytes()
    for content in (whole[0][:40], b"[]", b"\xff\xfe\xe9"):
        config.write_bytes(content)
        assert "damaged; get the model again" in sentence(read_config, folder)
        assert "damaged; get the model again" in sentence(write_section, folder, "calibration", {})
    for content in (whole[1][:40], b"", b"weights"):
        weights.write_bytes(content)
        assert "damaged; get the model again" in sentence(read_weights, folder)
    weights.unlink()
    assert "cannot be read; get the model again" in sentence(read_weights, folder)
    assert f"{weights} does not fit Linear" in sentence(fill, nn.Linear(2, 3), {"w": torch.ones(1)}, weights)
    (folder / "README.md").write_bytes(b"\xff\xfe\xe9")
    assert "cannot be read" in sentence(read_readme, folder)


def test_nothing_is_half_written(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    sections = {"network": {}, "card": CARD}
    assert "could not be made" in sentence(write_model, tmp_path / "file" / "model", sections, {})
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(TypeError):
        write_model(folder, {"network": {(1, 2): 3}, "card": CARD}, {})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert json.loads(before["config.json"])["card"]["name"] == "Tiny"
