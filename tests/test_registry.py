import json
import subprocess
import sys
from pathlib import Path

import pytest

from quakeview import registry
from quakeview.errors import QuakeViewError
from quakeview.registry import ModelCard


@pytest.fixture
def models(tmp_path, monkeypatch):
    """Shipped and user's model folders, both empty; the user's does not exist."""
    shipped, user = tmp_path / "shipped", tmp_path / "user"
    shipped.mkdir()
    monkeypatch.setattr(registry, "shipped_models_dir", lambda: shipped)
    monkeypatch.setattr(registry, "user_models_dir", lambda: user)
    return shipped, user


def write_model(folder, name, **card):
    folder.mkdir(parents=True)
    card = {"name": name, "system": "SeisMoLLM", "task": "picking", "parameters": 12} | card
    (folder / "config.json").write_text(json.dumps({"network": {}, "card": card}))
    (folder / "model.safetensors").write_bytes(b"")
    return folder


def test_shipped_models_come_first(models):
    shipped, user = models
    write_model(user / "a", "mine")
    write_model(shipped / "z", "small", scores={"P F1": 0.9}, trained_on="noise", backbone="none", command="train")
    (shipped / "README.md").write_text("not a model")
    first, second = registry.available_models()
    assert (first.name, second.name) == ("small", "mine")
    assert first == registry.ModelCard(
        "small", "SeisMoLLM", "picking", shipped / "z", "noise", {"P F1": 0.9}, "none", 12, "train"
    )
    assert registry.unusable_models() == []
    assert registry.find_model("mine") == second
    assert registry.find_model(shipped / "z") == first


def test_broken_folders_are_told_and_the_rest_stays(models):
    shipped, _ = models
    write_model(shipped / "good", "good")
    (shipped / "empty").mkdir()
    write_model(shipped / "no-weights", "light").joinpath("model.safetensors").unlink()
    write_model(shipped / "twin", "good")
    write_model(shipped / "scores", "odd", scores=3)
    for name, text in {"half": '{"card": {"na', "list": "[]", "nameless": '{"card": {}}', "binary": "\x00"}.items():
        write_model(shipped / name, name).joinpath("config.json").write_text(text)
    (shipped / "latin").mkdir()
    (shipped / "latin" / "config.json").write_bytes(b"\xff\xfe\xe9")
    assert [card.name for card in registry.available_models()] == ["good"]
    told = {problem.folder.name: problem.sentence for problem in registry.unusable_models()}
    assert set(told) == {"empty", "no-weights", "twin", "scores", "half", "list", "nameless", "binary", "latin"}
    assert "not a model folder" in told["empty"]
    assert "no weights" in told["no-weights"]
    assert "same name, good" in told["twin"]
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in told.values())


def test_a_missing_model_is_answered_with_what_there_is(models):
    shipped, user = models
    with pytest.raises(QuakeViewError, match=r"none is installed: train one with 'quakeview train run.toml'") as error:
        registry.find_model("small")
    assert str(user) in str(error.value)
    write_model(shipped / "one", "one")
    write_model(user / "two", "two")
    with pytest.raises(QuakeViewError, match=r"no model 'three'; choose one of one, two, or give a model folder"):
        registry.find_model("three")


def test_a_folder_that_is_no_model(models, tmp_path):
    with pytest.raises(QuakeViewError, match="not a model folder"):
        registry.find_model(tmp_path)


def test_torch_is_not_imported():
    code = "import sys, quakeview.registry, quakeview.monitoring.network_config; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_headline_of_a_picker_is_its_f1_and_residuals_in_words() -> None:
    scores = {"score": 0.7, "p_f1@0.1": 0.8123, "p_f1@0.5": 0.9, "s_residual_std": 0.1, "p_labels": 20.0}
    card = ModelCard("M", "SeisMoLLM", "picking", Path(), "", scores, "", 0, "")
    assert card.headline() == [("P F1 ±0.1 s", "0.81"), ("S residual (s)", "0.10"), ("Scored records", "20")]
    other = ModelCard("M", "SeisMoLLM", "magnitude", Path(), "", {"mean_error": 0.123}, "", 0, "")
    assert other.headline() == [("mean error", "0.12")]


def test_the_headline_of_a_forecaster_names_what_a_ridge_combination_of_events_reaches() -> None:
    scores = {"ACC ruptures": 0.854, "ridge ACC ruptures": 0.801, "ACC of sites": 0.5, "scored events": 32}
    card = ModelCard("M", "WaveCastNet", "forecasting", Path(), "", scores, "", 0, "")
    assert card.scored == "ACC 0.85 (ridge 0.80), ruptures; ACC of sites 0.50; scored events 32"


def test_what_nothing_uses_is_said_and_not_offered(models) -> None:
    shipped, _ = models
    write_model(shipped / "a", "filler", task="gap_filling")
    write_model(shipped / "b", "bare", task="frame_forecasting", unusable="It cannot forecast.")
    filler, bare = registry.available_models()
    assert "nothing uses models for gap filling yet" in filler.unusable
    assert bare.unusable == "It cannot forecast."
    with pytest.raises(QuakeViewError, match="filler: It can be trained and scored"):
        registry.find_model("filler", "gap_filling")
    with pytest.raises(QuakeViewError, match="No model for forecasting"):
        registry.chosen_model(None, registry.FORECASTING)
