"""The steps of data and split, driven as a person would: add, look, divide, and be told what is wrong."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from quakeview.app.training.dataset_dialog import DatasetDialog
from quakeview.app.training.wizard.data_page import DataPage
from quakeview.app.training.wizard.goal_page import GoalPage
from quakeview.app.training.wizard.looks import Looks
from quakeview.app.training.wizard.split_page import SplitPage
from quakeview.app.training.wizard.wizard import TrainingWizard
from quakeview.app.work.running import JobRunner
from quakeview.training.planning.split_files import with_table_beside
from quakeview.training.planning.splitting import AsGiven, ByEvent, ByTime
from quakeview.training.sources import open_records
from tests.training.building.test_building import write_catalogues_and_sds, write_day
from tests.training.planning.data_sets import rows_of, write_data

PATIENCE = 60_000


@pytest.fixture
def wizard(qtbot: Any, user_folders: Path) -> Any:
    runner = JobRunner()
    looks = Looks(runner)
    wizard = TrainingWizard([GoalPage(), DataPage(looks, runner), SplitPage(looks)])
    qtbot.addWidget(wizard)
    wizard.resize(1100, 700)
    wizard.show()
    wizard.next.click()
    yield wizard
    wizard.shut_down()
    runner.shutdown()


def drop(page: DataPage, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, keys))


def divided(qtbot: Any, wizard: TrainingWizard) -> SplitPage:
    wizard.next.click()
    page = wizard.page
    assert isinstance(page, SplitPage)
    qtbot.waitUntil(lambda: page.problem() != "The data are being divided.", timeout=PATIENCE)
    return page


def test_data_are_dropped_looked_at_and_divided_into_a_run_file(qtbot: Any, wizard: Any, tmp_path: Path) -> None:
    page = wizard.page
    assert wizard.said.text() == "Add data to learn from, or drop a folder here."
    drop(page, write_data(tmp_path / "mine", rows_of(20)).path)
    qtbot.waitUntil(lambda: wizard.next.isEnabled(), timeout=PATIENCE)
    assert page.list.item(0).text() == "mine\nSeisBench data set\n60 records, no remarks"
    assert page.panel.problems.item(0).text() == "Nothing was found to be wrong."
    assert "Earthquakes&nbsp;<b>20</b>" in page.panel.counts.text()
    assert len(page.panel.map.shown.events) == 20
    assert len(page.panel.map.shown.stations) == 3
    assert page.panel.samples.shown[0].labels.keys() == {"P", "S"}
    before = page.panel.samples.shown[0].name
    page.panel._go(1)
    assert page.panel.samples.shown[0].name != before
    assert page.panel.which.text() == "7 to 12 of 60 records drawn at random"

    split = divided(qtbot, wizard)
    assert split.buttons[AsGiven].isChecked()
    assert split.counts.text().startswith("train: 42 records of 14 earthquakes")
    split.buttons[ByEvent].click()
    split.fractions["train"].setValue(60)
    qtbot.waitUntil(
        lambda: split.problem() == "The shares of train, dev and test must add up to 100 %.", timeout=PATIENCE
    )
    split.fractions["test"].setValue(25)
    qtbot.waitUntil(lambda: split.problem() == "", timeout=PATIENCE)
    assert split.counts.text().startswith("train: 36 records of 12 earthquakes")
    assert wizard.the_plan.records == 36
    data = with_table_beside(wizard.the_plan.data, tmp_path / "run")
    assert (tmp_path / "run" / "splits.csv").is_file()
    assert len(open_records(wizard.the_plan.data.validation, 50.0)) == 9
    assert str(data.sources[0].splits) == "splits.csv"


def test_what_is_wrong_stops_and_what_is_removed_is_forgotten(qtbot: Any, wizard: Any, tmp_path: Path) -> None:
    page = wizard.page
    (tmp_path / "empty").mkdir()
    page.open(tmp_path / "empty")
    assert "no labelled data set" in page.notice.sentence.text()
    source = write_data(tmp_path / "broken")
    (source.path / "waveforms.hdf5").write_bytes(b"no")
    page.open(source.path)
    qtbot.waitUntil(lambda: "not a SeisBench waveform file" in wizard.said.text(), timeout=PATIENCE)
    assert "cannot be used" in page.list.item(0).text()
    page.remove_button.click()
    assert wizard.said.text() == "Add data to learn from, or drop a folder here."
    page.open(write_data(tmp_path / "good").path)
    page.open(tmp_path / "good")
    assert "among the data already" in page.notice.sentence.text()


def test_a_leak_in_the_data_s_own_split_cannot_be_gone_on_with(qtbot: Any, wizard: Any, tmp_path: Path) -> None:
    rows = rows_of(12)
    rows[1]["split"] = "test"
    wizard.page.open(write_data(tmp_path / "leaky", rows).path)
    qtbot.waitUntil(lambda: wizard.next.isEnabled(), timeout=PATIENCE)
    split = divided(qtbot, wizard)
    assert split.problem().startswith("1 earthquake is in more than one part: in train (event0 of leaky) and in test")
    assert split.remarks.item(0).text() == split.problem()
    split.buttons[ByTime].click()
    qtbot.waitUntil(lambda: split.problem() == "", timeout=PATIENCE)
    assert wizard.the_plan.data.sources[0].splits.is_file()


def test_a_goal_without_its_labels_says_so(qtbot: Any, wizard: Any, tmp_path: Path) -> None:
    wizard.back.click()
    wizard.page.buttons["polarity"].click()
    wizard.next.click()
    rows = [row | {"trace_p_polarity": "U"} for row in rows_of()]
    wizard.page.open(write_data(tmp_path / "up", rows).path)
    qtbot.waitUntil(lambda: "one class" in wizard.said.text(), timeout=PATIENCE)
    assert not wizard.next.isEnabled()


def test_event_files_and_waveforms_are_made_a_data_set_and_learnt_from(qtbot: Any, wizard: Any, tmp_path: Path) -> None:
    write_day(tmp_path / "day")
    catalogues, archive = write_catalogues_and_sds(tmp_path)
    page = wizard.page
    page.make_of([catalogues, archive])
    qtbot.waitUntil(lambda: bool(page.findChildren(DatasetDialog)), timeout=PATIENCE)
    assert "broken.xml" in page.notice.sentence.text()
    (dialog,) = page.findChildren(DatasetDialog)
    dialog.folder.setText(str(tmp_path / "made"))
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: dialog.accept_button.text() == "Write Data Set", timeout=PATIENCE)
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: "16 records" in page.list.item(0).text(), timeout=PATIENCE)
    assert page.list.item(0).text().startswith("made\nSeisBench data set")
