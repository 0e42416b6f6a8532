"""The Models workspace: what is listed, what a card says, importing, and the empty list."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PySide6.QtWidgets import QLabel, QMessageBox

from quakeview import model_folders, registry
from quakeview.app.models.export_dialog import ExportDialog
from quakeview.app.models.import_dialog import CheckpointDialog
from quakeview.app.models.rename_dialog import RenameDialog
from quakeview.app.shell.dialogs import PreferencesDialog
from quakeview.errors import QuakeViewError
from quakeview.model_export.exporting import Exported
from quakeview.model_import import import_checkpoint
from quakeview.model_speed import Speed
from quakeview.registry import ModelProblem, add_model, chosen_model, find_model, read_card
from quakeview.wavefield.networks.network_folder import load_normalisation
from tests.app.fake_forecaster import forecaster_card
from tests.wavefield.networks.published import recurrent
from tests.wavefield.published_files import dense, write_model, write_normalisation


@pytest.fixture
def two_cards(card, tmp_path):
    folder = tmp_path / "described"
    sections = {"network": {}, "card": {"name": "Described", "system": "SeisMoLLM", "task": "picking", "parameters": 3}}
    model_folders.write_model(folder, sections, {"a": torch.zeros(3)})
    (folder / "README.md").write_text("# Described\n\nTrained on **real** records.\n")
    return [replace(card, name="Described", folder=folder, parameters=3_000_000), card]


def open_models(controller):
    controller.registry["view.models"].trigger()
    return controller.models_workspace


def names(workspace):
    return [item.text(0) for item in workspace.tree._items()]


def choose(workspace, name):
    (item,) = [item for item in workspace.tree._items() if item.text(0) == name]
    workspace.tree.setCurrentItem(item)


def told(page):
    """What the labels of a page say."""
    return " ".join(label.text() for label in page.findChildren(QLabel))


def test_models_are_listed_with_their_provenance_and_scores(make_window, two_cards, qtbot):
    controller = make_window(models=two_cards)
    workspace = open_models(controller)
    assert controller.window.stack.currentWidget() is workspace
    assert names(workspace) == ["Described", "Fake"]
    assert workspace.tree.topLevelItem(0).text(0) == "Pick P and S"
    qtbot.waitUntil(lambda: "Trained on real records." in workspace.page.card.toPlainText())
    text = told(workspace.page)
    for part in ("Described", "used where no model is named", "P F1 ±0.1 s", "0.50", "nothing at all", "3,000,000"):
        assert part in text
    choose(workspace, "Fake")
    assert "Trained on real records." not in workspace.page.card.toPlainText()
    assert "used where no model is named" not in told(workspace.page)


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


def test_why_a_model_cannot_be_used_is_on_its_page(make_window, two_cards):
    problem = "It can be trained and scored, but nothing uses models for magnitude yet."
    broken = ModelProblem(two_cards[0].folder / "half", "half is damaged; get the model again.")
    controller = make_window(models=[replace(two_cards[0], task="magnitude", unusable=problem), two_cards[1], broken])
    workspace = open_models(controller)
    choose(workspace, "Described")
    assert workspace.page.problem.text() == problem
    assert controller.window.models.picker.name == "Fake"
    choose(workspace, "half")
    assert workspace.page.problem.text() == "half is damaged; get the model again."
    assert not controller.registry["models.export"].isEnabled()


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


@pytest.fixture
def mine(user_folders, tmp_path):
    """A whole model among the user's, and one that came with QuakeView."""
    for name, folder in (("Shipped", tmp_path / "models" / "Shipped"), ("run", tmp_path / "run")):
        card = {"name": name, "system": "SeisMoLLM", "task": "picking", "parameters": 2, "licence": "CC0"}
        model_folders.write_model(folder, {"network": {}, "card": card}, {"a": torch.zeros(2)})
    return add_model(tmp_path / "run", "Mine")


@pytest.fixture
def models(mine, make_window, qtbot, monkeypatch):
    """The window with the models that are on the disk, seen from the Models workspace."""
    controller = make_window(models=[])
    controller.window.models._read = registry.all_models
    controller.window.models.refresh()
    workspace = open_models(controller)
    qtbot.waitUntil(lambda: names(workspace) == ["Shipped", "Mine"])
    return controller, workspace


def is_quiet(controller):
    return not controller.window.runner.active


def test_a_model_is_used_from_its_page_and_on_the_command_line(models, qtbot):
    controller, workspace = models
    assert not controller.registry["models.use"].isEnabled()
    choose(workspace, "Mine")
    controller.registry["models.use"].trigger()
    qtbot.waitUntil(lambda: controller.window.models.picker.name == "Mine")
    assert chosen_model(None, "picking").name == "Mine"
    assert workspace.chosen.name == "Mine"
    assert "used where no model is named" in told(workspace.page)
    assert "Mine" in controller.window.model_label.text()


def test_a_renamed_model_is_found_by_its_old_name(models, qtbot):
    controller, workspace = models
    choose(workspace, "Mine")
    controller.registry["models.rename"].trigger()
    (dialog,) = controller.window.findChildren(RenameDialog)
    assert not dialog.accept_button.isEnabled()
    dialog.name.setText("Shipped")
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: "There is a model called Shipped already" in workspace.notice.sentence.text())
    workspace._registry["models.rename"].trigger()
    dialog = controller.window.findChildren(RenameDialog)[-1]
    dialog.name.setText("Yours")
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: names(workspace) == ["Shipped", "Yours"])
    assert workspace.chosen.name == "Yours"
    assert find_model("Mine").name == "Yours"
    assert "Mine" in told(workspace.page)


def test_a_deleted_model_is_let_go_of(models, qtbot, monkeypatch):
    controller, workspace = models
    for action in ("models.rename", "models.delete"):
        assert not controller.registry[action].isEnabled(), "what came with QuakeView stays"
    choose(workspace, "Mine")
    controller.registry["models.use"].trigger()
    qtbot.waitUntil(lambda: controller.window.models.picker.name == "Mine")
    asked = []
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *args: asked.append(args[2]) or answers.pop(0))
    controller.registry["models.delete"].trigger()
    assert names(workspace) == ["Shipped", "Mine"]
    controller.registry["models.delete"].trigger()
    qtbot.waitUntil(lambda: names(workspace) == ["Shipped"])
    assert "It is the one that is used for its task." in asked[0]
    assert controller.window.models.picker.name == "Shipped"


def test_weights_are_checked_and_damage_is_said(models, qtbot):
    controller, workspace = models
    choose(workspace, "Mine")
    controller.registry["models.check"].trigger()
    qtbot.waitUntil(lambda: "The weights of Mine are as they were" in workspace.notice.sentence.text())
    weights = find_model("Mine").folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    controller.window.models.refresh()
    qtbot.waitUntil(lambda: "model.safetensors is damaged" in workspace.page.problem.text())


def test_the_speed_is_measured_when_somebody_asks(models, qtbot, monkeypatch):
    speed = Speed("the processor, 2 cores", (("a record of 60 s", 0.25), ("an hour of three components", 15.0)))
    monkeypatch.setattr("quakeview.model_speed.measure_speed", lambda card, device, progress: speed)
    controller, workspace = models
    assert "not measured yet" in told(workspace.page)
    controller.registry["models.speed"].trigger()
    qtbot.waitUntil(lambda: "a record of 60 s: 250 ms; an hour of three components: 15 s" in told(workspace.page))
    choose(workspace, "Mine")
    assert "not measured yet" in told(workspace.page)


def test_a_model_is_exported_where_the_person_says(models, qtbot, monkeypatch, tmp_path):
    controller, workspace = models
    exported = []

    def export(card, kind, path, progress):
        exported.append((card.name, kind, path))
        return Exported(path, 5e-7)

    monkeypatch.setattr("quakeview.model_export.exporting.export_model", export)
    monkeypatch.setattr("quakeview.app.models.workspace.ask_for_path", lambda *_: tmp_path / "out.torchscript")
    controller.registry["models.export"].trigger()
    (dialog,) = controller.window.findChildren(ExportDialog)
    dialog.kind.setCurrentIndex(dialog.kind.findData("torchscript"))
    assert "CC0" in dialog.said.text()
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: "differ by 5e-07 of the largest value" in workspace.notice.sentence.text())
    assert exported == [("Shipped", "torchscript", tmp_path / "out.torchscript")]
    qtbot.waitUntil(lambda: is_quiet(controller))


def test_rate_and_task_of_a_checkpoint_are_asked_for_where_they_belong(make_window, qtbot, tmp_path):
    controller = make_window()
    open_models(controller)
    controller.registry["models.import"].trigger()
    (dialog,) = controller.window.findChildren(CheckpointDialog)
    requests = []
    dialog.importRequested.disconnect()
    dialog.importRequested.connect(lambda path, known: requests.append((path.name, known)))
    for name, enabled in (("dense.pt", False), ("mine.zip", False), ("seist.pth", True)):
        dialog.checkpoint.line.setText(name)
        assert (dialog.rate.isEnabled(), dialog.task.isEnabled()) == (enabled, enabled)
    dialog.rate.setCurrentIndex(1)
    dialog.task.setCurrentText("Back-azimuth")
    dialog.trained_on.setText("my own records")
    dialog.accept_button.click()
    ((name, known),) = requests
    assert name == "seist.pth"
    assert (known["sampling_rate"], known["task"]) == (100.0, "back_azimuth")
    assert known["trained_on"] == "my own records"


def test_a_forecaster_that_is_chosen_is_the_one_of_the_wavefield_workspace(make_window, tmp_path, qtbot):
    one = forecaster_card(tmp_path / "one")
    two = replace(one, name="Other forecaster", folder=tmp_path / "two")
    controller = make_window(models=[one, two])
    controller.registry["view.wavefield"].trigger()
    strip = controller.wavefield.strip
    qtbot.waitUntil(lambda: strip.model.currentText() == one.name)
    controller.window.models.use(two)
    qtbot.waitUntil(lambda: strip.model.currentText() == "Other forecaster")
    assert strip.settings.card.name == "Other forecaster"


def test_a_forecaster_of_seismicity_is_used_here_and_scored_elsewhere(make_window, two_cards, qtbot):
    reference = replace(two_cards[0], name="Smoothed", task="seismicity", system="Reference forecast")
    controller = make_window(models=[reference])
    workspace = open_models(controller)
    assert workspace.tree.topLevelItem(0).text(0) == "Forecast seismicity"
    qtbot.waitUntil(lambda: "Reference forecast for seismicity" in told(workspace.page))
    assert "It is used already." in controller.registry["models.use"].toolTip()
    assert "scored on a catalogue" in controller.registry["models.evaluate"].toolTip()
