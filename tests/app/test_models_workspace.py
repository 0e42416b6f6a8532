"""The Models workspace: what is listed, what a card says, importing, and the empty list."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from quakeview.app.models.import_dialog import CheckpointDialog
from quakeview.app.shell.dialogs import PreferencesDialog
from quakeview.errors import QuakeViewError
from quakeview.model_import import import_checkpoint
from quakeview.registry import read_card
from quakeview.wavefield.networks.network_folder import load_normalisation
from tests.wavefield.networks.published import recurrent
from tests.wavefield.published_files import dense, write_model, write_normalisation


@pytest.fixture
def two_cards(card, tmp_path):
    folder = tmp_path / "described"
    folder.mkdir()
    (folder / "README.md").write_text("# Described\n\nTrained on **real** records.\n")
    return [replace(card, name="Described", folder=folder, parameters=3_000_000), card]


def open_models(controller):
    controller.registry["view.models"].trigger()
    return controller.models_workspace


def test_models_are_listed_with_their_provenance_and_scores(make_window, two_cards, qtbot):
    controller = make_window(models=two_cards)
    workspace = open_models(controller)
    assert controller.window.stack.currentWidget() is workspace
    row = [workspace.table.model().index(0, column).data() for column in range(8)]
    assert row[0] == "Described"
    assert row[3:6] == ["yes", "nothing at all", "P F1 ±0.1 s 0.50"]
    assert row[7] == "3,000,000"
    qtbot.waitUntil(lambda: "Trained on real records." in workspace.card.toPlainText())
    workspace.table.select_key("Fake")
    qtbot.waitUntil(lambda: "nothing at all" in workspace.card.toPlainText())


def test_an_empty_list_says_how_to_get_a_model(make_window):
    controller = make_window(models=[])
    workspace = open_models(controller)
    assert workspace.empty.isVisible()
    assert "Import an official checkpoint of SeisMoLLM" in workspace.empty.text()


def test_the_model_that_is_chosen_in_the_preferences_picks(make_window, two_cards, qtbot):
    controller = make_window(models=two_cards)
    assert controller.window.models.picker.name == "Described"
    assert "Described" in controller.window.model_label.text()
    dialog = PreferencesDialog(controller.preferences, controller.window.models, controller.window)
    assert dialog.model.currentText() == "Described"
    qtbot.keyClicks(dialog.model, "Fake")
    dialog.model.activated.emit(1)
    qtbot.waitUntil(lambda: controller.window.models.picker.name == "Fake")
    assert "Fake" in controller.window.model_label.text()


def test_a_checkpoint_is_imported_in_the_background(make_window, monkeypatch, qtbot, tmp_path):
    controller = make_window()
    workspace = open_models(controller)
    done = []
    monkeypatch.setattr(
        "quakeview.app.models.workspace.import_checkpoint",
        lambda path, progress, name: done.append(path.name) or write_model(tmp_path, dense(), name, normalised=False),
    )
    monkeypatch.setattr("quakeview.registry.user_models_dir", lambda: tmp_path / "models")
    workspace.import_checkpoint(tmp_path / "diting.pth", {"name": "bare"})
    qtbot.waitUntil(lambda: done == ["diting.pth"] and not controller.window.runner.active)
    assert "bare was imported. It cannot forecast without the mean" in workspace.notice.sentence.text()


def test_a_file_that_is_no_checkpoint_is_a_sentence(make_window, monkeypatch, qtbot, tmp_path):
    def refuse(path, progress, **known):
        raise QuakeViewError("letter.pth is not a SeisMoLLM checkpoint.")

    controller = make_window()
    workspace = open_models(controller)
    monkeypatch.setattr("quakeview.app.models.workspace.import_checkpoint", refuse)
    workspace.import_checkpoint(tmp_path / "letter.pth", {})
    qtbot.waitUntil(workspace.notice.isVisible)
    assert "letter.pth" in workspace.notice.sentence.text()


def test_a_checkpoint_of_wavecastnet_becomes_one_of_its_models(monkeypatch, tmp_path):
    monkeypatch.setattr("quakeview.registry.user_models_dir", lambda: tmp_path / "models")
    torch.save(recurrent("convlem", doubling=True), tmp_path / "dense.pt")
    made = import_checkpoint(tmp_path / "dense.pt")
    assert (made.name, read_card(made).system) == ("dense", "WaveCastNet")
    with pytest.raises(QuakeViewError, match="belong to checkpoints of WaveCastNet"):
        import_checkpoint(tmp_path / "picker.pth", mean=tmp_path / "mean.npy")


def test_why_a_model_cannot_be_used_is_in_the_table_and_on_its_card(make_window, two_cards, qtbot):
    problem = "It can be trained and scored, but nothing uses models for magnitude yet."
    controller = make_window(models=[replace(two_cards[0], task="magnitude", unusable=problem), two_cards[1]])
    workspace = open_models(controller)
    assert workspace.table.model().index(0, 3).data() == f"no: {problem}"
    qtbot.waitUntil(lambda: problem in workspace.card.toPlainText())
    assert controller.window.models.picker.name == "Fake"


def test_the_window_imports_what_the_command_line_does(make_window, monkeypatch, qtbot, tmp_path):
    monkeypatch.setattr("quakeview.registry.user_models_dir", lambda: tmp_path / "models")
    controller = make_window()
    open_models(controller)
    controller.registry["models.import"].trigger()
    (dialog,) = controller.window.findChildren(CheckpointDialog)
    assert not dialog.accept_button.isEnabled()
    dialog.checkpoint.line.setText("picker.pth")
    assert dialog.accept_button.isEnabled()
    assert not dialog.mean.isEnabled()
    torch.save(dense(), tmp_path / "dense.pt")
    dialog.checkpoint.line.setText(str(tmp_path / "dense.pt"))
    files = write_normalisation(tmp_path)
    dialog.mean.line.setText(str(files["mean"]))
    assert not dialog.accept_button.isEnabled()
    dialog.deviation.line.setText(str(files["deviation"]))
    dialog.name.setText("Mine")
    dialog.accept_button.click()
    folder = tmp_path / "models" / "Mine"
    qtbot.waitUntil(lambda: (folder / "config.json").exists() and not controller.window.runner.active)
    assert read_card(folder).unusable == ""
    seen = load_normalisation(folder)
    np.testing.assert_allclose(seen.deviation, 0.01)
