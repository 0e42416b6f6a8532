import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from quakeview import model_folders, registry
from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
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


def whole_model(folder, name, **card):
    """A model whose weights are a file of tensors."""
    weights = {"a": torch.arange(6.0).reshape(2, 3)}
    model_folders.write_model(
        folder,
        {"network": {}, "card": {"name": name, "system": "SeisMoLLM", "task": "picking", "parameters": 6} | card},
        weights,
    )
    return folder


def test_a_finished_run_becomes_a_model_with_a_checksum(models, tmp_path):
    _, user = models
    run = whole_model(tmp_path / "run" / "model", "run", scores={"p_f1@0.1": 0.5})
    card = registry.add_model(run, "Jeju picker")
    assert (card.name, card.folder, card.scores) == ("Jeju picker", user / "Jeju picker", {"p_f1@0.1": 0.5})
    assert registry.find_model("Jeju picker") == card
    assert model_folders.sealed_digest(card.folder) == model_folders.weights_digest(run)
    assert model_folders.read_readme(card.folder).startswith("# Jeju picker\n")
    assert json.loads((run / "config.json").read_text())["card"]["name"] == "run"


@pytest.mark.parametrize("name", ["", " ", ".hidden", "a/b", "a\\b", "..", "x" * 101, "a:b"])
def test_a_name_that_is_no_folder_is_refused(models, tmp_path, name):
    run = whole_model(tmp_path / "run", "run")
    with pytest.raises(QuakeViewError, match="cannot be the name of a model"):
        registry.add_model(run, name)
    assert registry.available_models() == []


def test_a_name_is_given_once(models, tmp_path):
    shipped, _ = models
    whole_model(shipped / "folder", "Shipped")
    run = whole_model(tmp_path / "run", "run")
    registry.add_model(run, "Mine")
    for taken in ("Mine", "Shipped"):
        with pytest.raises(QuakeViewError, match=f"There is a model called {taken} already"):
            registry.add_model(run, taken)


def test_a_truncated_model_is_not_added(models, tmp_path):
    _, user = models
    run = whole_model(tmp_path / "run", "run")
    weights = run / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4])
    with pytest.raises(QuakeViewError, match=r"model\.safetensors is damaged"):
        registry.add_model(run, "Mine")
    assert list(user.iterdir()) == []


def test_a_full_disk_adds_nothing(models, tmp_path, monkeypatch):
    _, user = models

    def full(*_):
        raise OSError(28, "No space left on device")

    run = whole_model(tmp_path / "run", "run")
    monkeypatch.setattr(model_folders.shutil, "copyfile", full)
    with pytest.raises(QuakeViewError, match="No space left on device"):
        registry.add_model(run, "Mine")
    assert list(user.iterdir()) == []


def test_a_cancelled_copy_adds_nothing(models, tmp_path):
    _, user = models
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        registry.add_model(whole_model(tmp_path / "run", "run"), "Mine", progress)
    assert list(user.iterdir()) == []


def test_a_renamed_model_is_found_by_the_names_it_had(models, tmp_path):
    card = registry.add_model(whole_model(tmp_path / "run", "run"), "First")
    registry.choose_model(card)
    card = registry.rename_model(registry.rename_model(card, "Second"), "Third")
    assert card.formerly == ("First", "Second")
    assert card.folder.name == "Third"
    assert [registry.find_model(name).folder for name in ("First", "Second", "Third")] == [card.folder] * 3
    assert registry.chosen_model(None, "picking") == card
    assert model_folders.read_readme(card.folder).startswith("# Third\n")
    again = registry.add_model(card.folder, "First")
    assert registry.find_model("First") == again, "whoever has a name now comes before whoever had it"
    assert registry.rename_model(card, "Second").formerly == ("First", "Third")


def test_a_deleted_model_is_let_go_of(models, tmp_path):
    shipped, user = models
    whole_model(shipped / "shipped", "Shipped")
    card = registry.add_model(whole_model(tmp_path / "run", "run"), "Mine")
    assert registry.chosen_model(None, "picking").name == "Shipped"
    registry.choose_model(card)
    assert registry.chosen_model(None, "picking") == card
    assert [each.name for each in registry.available_models() if each.chosen] == ["Mine"]
    registry.delete_model(card)
    assert registry.chosen_model(None, "picking").name == "Shipped"
    assert [path.name for path in user.iterdir()] == ["chosen.json"]


def test_shipped_models_are_neither_renamed_nor_deleted(models):
    shipped, _ = models
    card = registry.read_card(whole_model(shipped / "shipped", "Shipped"))
    for change in (registry.delete_model, lambda card: registry.rename_model(card, "Mine")):
        with pytest.raises(QuakeViewError, match="Shipped is not among your models"):
            change(card)
    assert registry.read_card(card.folder) == card


def test_a_link_to_a_model_is_deleted_and_the_model_stays(models, tmp_path):
    _, user = models
    run = whole_model(tmp_path / "run", "run")
    user.mkdir()
    (user / "linked").symlink_to(run, target_is_directory=True)
    registry.delete_model(registry.find_model("run"))
    assert registry.available_models() == []
    registry.read_card(run)


def test_only_what_can_be_used_is_chosen(models):
    shipped, _ = models
    broken = registry.read_card(whole_model(shipped / "broken", "Broken", unusable="It has no mean."))
    with pytest.raises(QuakeViewError, match="Broken: It has no mean"):
        registry.choose_model(broken)
    single = registry.read_card(whole_model(shipped / "single", "Single", task="distance"))
    with pytest.raises(QuakeViewError, match="quakeview characterise --model Single"):
        registry.choose_model(single)


def test_a_choice_that_is_damaged_or_gone_is_as_none(models):
    shipped, user = models
    whole_model(shipped / "shipped", "Shipped")
    user.mkdir()
    for text in ("[]", "{", '{"picking": "gone"}'):
        (user / "chosen.json").write_text(text)
        assert registry.chosen_model(None, "picking").name == "Shipped"
