"""A data set of the picks that are open, made in the window: checked first, then written."""

from pathlib import Path
from typing import Any

from quakeview.app.training.dataset_dialog import DatasetDialog
from quakeview.monitoring.picks import PickStatus
from quakeview.project import AddPicks
from quakeview.training.datasets import open_seisbench
from tests.app.waveforms.test_event_traces import trigger
from tests.training.building.test_building import QUAKES, RATE, picks_of, write_day

PATIENCE = 60_000


def dialog_of(controller: Any) -> DatasetDialog:
    trigger(controller, "training.dataset")
    return next(each for each in controller.window.findChildren(DatasetDialog) if each.isVisible())


def checked(qtbot: Any, dialog: DatasetDialog) -> str:
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: dialog.accept_button.isEnabled(), timeout=PATIENCE)
    return dialog.said.text()


def test_reviewed_picks_become_a_data_set(make_window: Any, qtbot: Any, tmp_path: Path) -> None:
    write_day(tmp_path / "day")
    controller = make_window([tmp_path / "day"])
    outside = [pick.with_(time=pick.time + 7200) for pick in picks_of(QUAKES[0])[:1]]
    picks = [pick for quake in QUAKES for pick in picks_of(quake)]
    controller.session.book.apply(AddPicks((*picks, *outside)))
    dialog = dialog_of(controller)
    folder = tmp_path / "mine"
    dialog.folder.setText(str(folder))
    assert checked(qtbot, dialog).startswith("16 records: ")
    assert "a label lies outside the waveforms" in dialog.remarks.item(0).text()
    assert not folder.exists()
    assert dialog.accept_button.text() == "Write Data Set"
    dialog.accept_button.click()
    assert len(open_seisbench(folder, RATE)) == 16
    assert "16 records are in" in controller.workspace.notice.sentence.text()


def test_what_cannot_be_is_said_and_nothing_is_left_of_what_was_only_checked(
    make_window: Any, qtbot: Any, tmp_path: Path
) -> None:
    write_day(tmp_path / "day")
    controller = make_window([tmp_path / "day"])
    automatic = picks_of(QUAKES[0], status=PickStatus.AUTOMATIC, probability=0.9)
    controller.session.book.apply(AddPicks(tuple(automatic)))
    dialog = dialog_of(controller)
    place = tmp_path / "sets"
    place.mkdir()
    dialog.folder.setText(str(place / "mine"))
    assert "no P or S that a person has picked" in checked(qtbot, dialog)
    dialog.automatic.setChecked(True)
    dialog.shares["train"].setValue(90)
    assert "must add up to 100 %" in checked(qtbot, dialog)
    dialog.shares["train"].setValue(70)
    assert checked(qtbot, dialog).startswith("2 records: ")
    assert len(list(place.iterdir())) == 1
    dialog.before.setValue(5)
    assert list(place.iterdir()) == []
    assert dialog.accept_button.text() == "Check"
    assert checked(qtbot, dialog).startswith("2 records: ")
    dialog.reject()
    assert list(place.iterdir()) == []
