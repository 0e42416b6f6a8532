"""What a model begins as: every choice is a table, and comes back from it."""

import json
from pathlib import Path

import pytest

from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.registry import ModelCard
from quakeview.training.planning.goals import GOALS, goal_named
from quakeview.training.planning.model_choice import (
    BLOCKS,
    CACHED,
    ModelChoice,
    Way,
    can_start_from,
    choice_of,
    gpt2_problem,
    ways,
)


@pytest.mark.parametrize(("goal", "way"), [(goal, way) for goal in GOALS for way in ways(goal)])
def test_a_choice_comes_back_from_its_table(goal: object, way: Way) -> None:
    choice = ModelChoice(way, "SeisMoLLM-S", "/gpt2", way is Way.GPT2, 3)
    table = choice.table(goal)  # type: ignore[arg-type]
    back = choice_of(goal, table)  # type: ignore[arg-type]
    assert back.way is way
    assert back.table(goal) == table  # type: ignore[arg-type]


def test_keys_that_only_a_run_file_has_are_kept() -> None:
    table = {"preset": "small", "n_layers": 6, "window_samples": 2048}
    goal = goal_named("picking")
    assert choice_of(goal, table).table(goal) == table


@pytest.mark.parametrize("blocks", BLOCKS)
def test_what_is_between_embedder_and_head_is_in_the_table(blocks: str) -> None:
    goal = goal_named("picking")
    table = ModelChoice(Way.SCRATCH, blocks=blocks, layers=6).table(goal)
    assert ("n_layers" in table) is (blocks == "gpt2")
    assert choice_of(goal, table).blocks == blocks
    config = SeisMoLLMConfig(**{key: value for key, value in table.items() if key != "preset"})
    assert config.blocks == blocks


def test_fine_tuning_is_suggested_and_needs_a_model() -> None:
    choice = choice_of(goal_named("picking"), {})
    assert choice.way is Way.TUNE
    assert "Choose the model" in choice.problem()
    assert choice_of(goal_named("characterisation"), {}).way is Way.TRUNK


@pytest.mark.parametrize(
    ("system", "task", "starts"),
    [("SeisMoLLM", "picking", True), ("SeisBench", "picking", False), ("SeisMoLLM", "magnitude", False)],
)
def test_only_networks_that_the_engine_trains_are_offered(system: str, task: str, starts: bool) -> None:
    card = ModelCard("x", system, task, Path(), "", {}, "", 0, "")
    assert can_start_from(card, goal_named("picking"), Way.TUNE) is starts


def test_a_folder_without_gpt2_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Choose the folder" in gpt2_problem("")
    assert "holds no GPT-2" in gpt2_problem(str(tmp_path))
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    (tmp_path / "model.safetensors").touch()
    assert "holds no GPT-2" in gpt2_problem(str(tmp_path))
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "gpt2"}))
    assert gpt2_problem(str(tmp_path)) == ""
    monkeypatch.setattr("quakeview.training.planning.model_choice.cached_gpt2", lambda: None)
    assert "begin from scratch without pre-training" in gpt2_problem(CACHED)
