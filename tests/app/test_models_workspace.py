"""The Models workspace: what is listed, what a card says, importing, and the empty list."""

from dataclasses import replace

import pytest
import torch

from quakeview.app.models.importing import import_checkpoint
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.registry import read_card
from tests.wavefield.networks.published import recurrent


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
    row = [workspace.table.model().index(0, column).data() for column in range(7)]
    assert row[0] == "Described"
    assert row[3:5] == ["nothing at all", "P F1 ±0.1 s 0.50"]
    assert row[6] == "3,000,000"
    qtbot.waitUntil(lambda: "Trained on real records." in workspace.card.toPlainText())
    workspace.table.select_key("Fake")
    qtbot.waitUntil(lambda: "nothing at all" in workspace.card.toPlainText())


def test_an_empty_list_says_how_to_get_a_model(make_window):
    controller = make_window(models=[])
    workspace = open_models(controller)
    assert workspace.empty.isVisible()
    assert "Import an official checkpoint of SeisMoLLM" in workspace.empty.text()


def test_the_preferred_model_picks(make_window, two_cards):
    controller = make_window(models=two_cards)
    assert controller.window.models.picker.name == "Described"
    assert "Described" in controller.window.model_label.text()
    controller.preferences[controller.preferences.MODEL] = "Fake"
    assert controller.window.models.picker.name == "Fake"
    assert "Fake" in controller.window.model_label.text()


def test_a_checkpoint_is_imported_in_the_background(make_window, monkeypatch, qtbot, tmp_path):
    controller = make_window()
    workspace = open_models(controller)
    done = []
    monkeypatch.setattr(
        "quakeview.app.models.workspace.import_checkpoint", lambda path, progress: done.append(path.name)
    )
    workspace.import_checkpoint(tmp_path / "diting.pth")
    qtbot.waitUntil(lambda: done == ["diting.pth"] and not controller.window.runner.active)


def test_a_file_that_is_no_checkpoint_is_a_sentence(make_window, monkeypatch, qtbot, tmp_path):
    def refuse(path, progress):
        raise QuakeViewError("letter.pth is not a SeisMoLLM checkpoint.")

    controller = make_window()
    workspace = open_models(controller)
    monkeypatch.setattr("quakeview.app.models.workspace.import_checkpoint", refuse)
    workspace.import_checkpoint(tmp_path / "letter.pth")
    qtbot.waitUntil(workspace.notice.isVisible)
    assert "letter.pth" in workspace.notice.sentence.text()


def test_a_checkpoint_of_wavecastnet_becomes_one_of_its_models(monkeypatch, tmp_path):
    monkeypatch.setattr("quakeview.wavefield.networks.importing.user_models_dir", lambda: tmp_path / "models")
    torch.save(recurrent("convlem", doubling=True), tmp_path / "dense.pt")
    made = import_checkpoint(tmp_path / "dense.pt", Progress())
    assert (made.name, read_card(made).system) == ("dense", "WaveCastNet")
