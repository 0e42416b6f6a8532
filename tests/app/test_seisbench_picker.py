"""A picker of SeisBench from the window: the dialog, what it asks for, and the sentences where there is no network."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quakeview.app.models import seisbench_dialog
from quakeview.app.models.seisbench_dialog import SeisBenchDialog
from quakeview.errors import QuakeViewError
from quakeview.model_folders import write_model
from tests.app.program import Program

TEXT = "Model trained on STEAD for 100 epochs."


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seisbench_dialog, "find_spec", lambda _: object())


def open_dialog(controller: Program) -> SeisBenchDialog:
    controller.registry["view.models"].trigger()
    controller.registry["models.seisbench"].trigger()
    (dialog,) = controller.window.findChildren(SeisBenchDialog)
    return dialog


def listing(monkeypatch: pytest.MonkeyPatch, answer: Callable[[str], dict[str, str]]) -> None:
    monkeypatch.setattr(seisbench_dialog, "_weights_of", lambda picker, _: (picker, answer(picker)))


def test_weights_are_listed_with_what_they_say_and_added(
    make_window: Callable[..., Program], installed: None, monkeypatch: pytest.MonkeyPatch, qtbot: Any, tmp_path: Path
) -> None:
    asked: list[Any] = []

    def add(what: Any, *, progress: Any, **known: Any) -> Path:
        asked.append((what, known))
        network = {"picker": "PhaseNet", "model_args": {}, "default_args": {}}
        card = {"name": "PhaseNet/stead", "system": "SeisBench", "task": "picking", "parameters": 1}
        write_model(tmp_path / "models" / "PhaseNet-stead", {"network": network, "card": card}, {})
        return tmp_path / "models" / "PhaseNet-stead"

    monkeypatch.setattr("quakeview.app.models.workspace.add_seisbench_picker", add)
    listing(monkeypatch, lambda picker: {"stead": TEXT, "geofon": f"{picker} of GEOFON."})
    controller = make_window()
    dialog = open_dialog(controller)
    assert not dialog.accept_button.isEnabled()
    assert not dialog.trained_on.isEnabled()
    dialog.list_weights.click()
    qtbot.waitUntil(lambda: dialog.weights.count() == 2)
    assert dialog.said.text() == "PhaseNet of GEOFON."
    dialog.weights.setCurrentText("stead")
    assert dialog.said.text() == TEXT
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: asked == [("seisbench:PhaseNet/stead", {})])
    qtbot.waitUntil(lambda: not controller.window.runner.active)


def test_a_saved_one_is_added_with_what_it_was_trained_on(
    make_window: Callable[..., Program], installed: None, qtbot: Any, tmp_path: Path
) -> None:
    dialog = open_dialog(make_window())
    requests: list[Any] = []
    dialog.addRequested.disconnect()
    dialog.addRequested.connect(lambda what, known: requests.append((what, known)))
    dialog.picker.setCurrentText("EQTransformer")
    dialog.saved.line.setText(str(tmp_path / "mine.pt"))
    assert not dialog.weights.isEnabled()
    dialog.trained_on.setText("my own records")
    dialog.accept_button.click()
    known = {"picker": "EQTransformer", "trained_on": "my own records", "name": None}
    assert requests == [(tmp_path / "mine.pt", known)]


def test_no_network_is_a_sentence_in_the_dialog(
    make_window: Callable[..., Program], installed: None, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    def refuse(_: str) -> dict[str, str]:
        raise QuakeViewError("https://example.org cannot be reached.")

    listing(monkeypatch, refuse)
    dialog = open_dialog(make_window())
    dialog.list_weights.click()
    qtbot.waitUntil(lambda: dialog.said.text() == "https://example.org cannot be reached.")


def test_a_list_of_another_picker_is_dropped(
    make_window: Callable[..., Program], installed: None, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    listing(monkeypatch, lambda picker: {f"weights of {picker}": TEXT})
    dialog = open_dialog(make_window())
    dialog.list_weights.click()
    dialog.picker.setCurrentText("GPD")
    dialog.list_weights.click()
    qtbot.waitUntil(lambda: dialog.weights.count() > 0)
    assert dialog.weights.itemText(0) == "weights of GPD"


def test_without_seisbench_the_dialog_says_how_to_get_it(
    make_window: Callable[..., Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seisbench_dialog, "find_spec", lambda _: None)
    dialog = open_dialog(make_window())
    dialog.weights.setCurrentText("stead")
    assert "pip install seisbench" in dialog.said.text()
    assert not dialog.accept_button.isEnabled()
    assert not dialog.list_weights.isEnabled()


def test_what_cannot_be_downloaded_is_a_sentence_above_the_models(
    make_window: Callable[..., Program], monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    def refuse(*_: Any, **__: Any) -> Path:
        raise QuakeViewError("https://example.org cannot be reached: check the network.")

    monkeypatch.setattr("quakeview.app.models.workspace.add_seisbench_picker", refuse)
    controller = make_window()
    controller.registry["view.models"].trigger()
    controller.models_workspace.add_seisbench_picker("seisbench:PhaseNet/stead", {})
    qtbot.waitUntil(controller.models_workspace.notice.isVisible)
    assert "cannot be reached" in controller.models_workspace.notice.sentence.text()
