"""A model is evaluated with one click, and a worst record opens with another."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from PySide6.QtCore import Qt, QUrl

from quakeview.app.reports.evaluate_dialog import EvaluateDialog
from quakeview.app.reports.report_view import ReportView
from quakeview.errors import QuakeViewError
from quakeview.training.reports.making import model_of_run
from tests.app.conftest import is_loaded
from tests.training.reports.test_evaluate import KnownPicker
from tests.training.waveform_files import write_seisbench


@pytest.fixture
def records(tmp_path: Path) -> Path:
    return write_seisbench(tmp_path / "records", n_events=4, stations=2)


@pytest.fixture
def models(make_window, card, monkeypatch) -> Any:
    """The Models workspace in front; the picker is late by 0.2 s."""
    monkeypatch.setattr(
        "quakeview.training.reports.picker_evaluation.load_picker", lambda card, *_: KnownPicker(_late(card))
    )
    card.folder.mkdir(exist_ok=True)
    (card.folder / "config.json").write_text(json.dumps({"card": {"name": card.name}}))
    controller = make_window(models=[card])
    controller.registry["view.models"].trigger()
    return controller


def _late(card: Any) -> Any:
    return replace(card, name="late")


def evaluated(controller: Any, records: Path, qtbot: Any) -> ReportView:
    assert controller.registry["models.evaluate"].isEnabled()
    controller.registry["models.evaluate"].trigger()
    evaluations = controller.workspaces["view.models"].evaluations
    dialog = evaluations.dialog
    assert isinstance(dialog, EvaluateDialog)
    assert not dialog.accept_button.isEnabled()
    dialog.add_data(records)
    dialog.split.setCurrentText("dev")
    qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: evaluations.view is not None)
    return evaluations.view


def test_the_report_is_shown_and_its_worst_records_open(models, records, qtbot, monkeypatch, tmp_path) -> None:
    records_p = (records / "metadata.csv").read_text().replace("2000.0", "3000.0")
    (records / "metadata.csv").write_text(records_p)  # all P labels are 10 s off
    view = evaluated(models, records, qtbot)
    assert "Measured on records, split “dev”" in view.text.toPlainText()
    address = re.search(r'href="(report%20worst%20records/\d[^"]+)"', view.text.toHtml())[1]
    view.text.anchorClicked.emit(QUrl(address))
    qtbot.waitUntil(lambda: is_loaded(models) and len(models.session.book) > 0)
    assert {pick.comment for pick in models.session.book if pick.phase == "P"} >= {"label"}
    assert len(models.session.archive.channels) == 3
    written = tmp_path / "mine.html"
    monkeypatch.setattr("quakeview.app.reports.report_view.ask_for_path", lambda *_: written)
    qtbot.mouseClick(view.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(written.exists)
    assert (tmp_path / "mine worst records" / unquote(address).split("/")[1] / "record.mseed").exists()
    view.close()


def test_pictures_are_shown_in_the_window(models, records, qtbot) -> None:
    view = evaluated(models, records, qtbot)
    html = view.text.toHtml()
    assert html.count("data:image/png") >= 3
    image = view.text.document().resource(2, QUrl(re.search(r'src="(data:image/png[^"]+)"', html)[1]))
    assert not image.isNull()
    view.close()


def test_no_model_chosen_is_said(make_window) -> None:
    controller = make_window(models=[])
    controller.registry["view.models"].trigger()
    assert not controller.registry["models.evaluate"].isEnabled()


@pytest.fixture
def run(tmp_path: Path, records: Path) -> Path:
    """A run folder with a model."""
    run = tmp_path / "run"
    (run / "model").mkdir(parents=True)
    text = 'name = "r"\ntask = "picking"\nfolder = "."\n[training]\nmax_steps = 1\n'
    text += f'[data.validation]\nkind = "seisbench"\npath = "{records}"\n'
    (run / "run.toml").write_text(text)
    (run / "model" / "config.json").write_text(json.dumps({"card": {"name": "r", "system": "S", "task": "picking"}}))
    (run / "model" / "model.safetensors").write_bytes(b"weights")
    return run


def test_a_run_suggests_what_it_was_validated_on(run: Path, records: Path) -> None:
    card, folders = model_of_run(run)
    assert card.name == "r"
    assert folders == [records.resolve()]


def test_the_training_workspace_asks_about_the_model_of_a_run(models, run, records, qtbot) -> None:
    models.registry["view.training"].trigger()
    models.training_workspace.evaluateRequested.emit(run)
    evaluations = models.workspaces["view.training"].evaluations
    qtbot.waitUntil(lambda: evaluations.dialog is not None)
    assert evaluations.dialog.windowTitle() == "Evaluate r"
    assert evaluations.dialog.data.item(0).toolTip() == str(records.resolve())
    assert [evaluations.dialog.rivals.item(0).text()] == ["Fake"]
    evaluations.dialog.reject()


def test_a_run_without_a_model_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match="has made no model yet"):
        model_of_run(tmp_path)
