"""The model of a run among the user's models."""

from pathlib import Path

import pytest
import torch

from quakeview.errors import QuakeViewError
from quakeview.model_folders import write_model
from quakeview.registry import PICKING, available_models, chosen_model
from quakeview.training.runs.run_folder import RunFolder
from quakeview.training.runs.using import use_model
from tests.training.runs.made import make_run


@pytest.fixture(autouse=True)
def nothing_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quakeview.registry.shipped_models_dir", lambda: tmp_path / "shipped")


def with_model(run: RunFolder, weight: float, task: str = "picking") -> RunFolder:
    card = {"name": run.name, "system": "SeisMoLLM", "task": task, "parameters": 1}
    write_model(run.path / "model", {"network": {}, "card": card}, {"weight": torch.full((1,), weight)})
    return run


def test_a_model_is_added_once_and_used() -> None:
    run = with_model(make_run("mine"), 1.0)
    for _ in range(2):
        used = use_model(run)
        assert (used.card.name, used.problem) == ("mine", "")
    assert [card.name for card in available_models()] == ["mine"]
    assert chosen_model(None, PICKING).name == "mine"


def test_another_model_of_the_same_name_gets_a_number_and_is_the_one_that_is_used() -> None:
    use_model(with_model(run := make_run("mine"), 1.0))
    assert use_model(with_model(run, 2.0)).card.name == "mine 2"
    assert {card.name for card in available_models()} == {"mine", "mine 2"}
    assert chosen_model(None, PICKING).name == "mine 2"


def test_a_model_that_answers_one_question_is_added_and_says_how_it_is_named() -> None:
    used = use_model(with_model(make_run("sizes"), 1.0, "magnitude"))
    assert used.card.name == "sizes"
    assert "name it where it is wanted" in used.problem


def test_a_run_without_a_model_says_what_to_do() -> None:
    with pytest.raises(QuakeViewError, match="has not made a model yet; let it validate once and stop it"):
        use_model(make_run())
