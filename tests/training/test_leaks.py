"""A run that would learn from what chooses its weights does not begin."""

from pathlib import Path

import pytest

from quakeview import cli
from quakeview.errors import QuakeViewError
from quakeview.training.leaks import refuse_shared_earthquakes
from quakeview.training.record_config import SourceConfig
from quakeview.training.reports.held_out import HeldOut
from quakeview.training.sources import open_records
from quakeview.training.splits import write_splits
from tests.training.planning.data_sets import rows_of, write_data
from tests.training.run_files import write_run


def check(source: SourceConfig, validation: SourceConfig) -> None:
    learnt, chosen_by = open_records(source, 50.0), open_records(validation, 50.0, validation=True)
    refuse_shared_earthquakes(source, learnt, validation, chosen_by)


def test_train_refuses_an_earthquake_that_is_also_validated_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_run(tmp_path, old='split = "train"\n')
    assert cli.main(["train", str(path)]) == 1
    said = capsys.readouterr().err
    assert "2 earthquakes are both learnt from and in [data.validation] (event4, event5); give both tables" in said


def test_data_sets_share_earthquakes_by_origin_and_folds_by_event_do_not(tmp_path: Path) -> None:
    mine = write_data(tmp_path / "mine").path
    other = [row | {"source_id": f"x{row['source_id']}", "station_code": "Z"} for row in rows_of()]
    theirs = write_data(tmp_path / "theirs", other).path
    with pytest.raises(QuakeViewError, match=r"2 earthquakes are both .*\(xevent4, xevent5\)"):
        check(SourceConfig("seisbench", mine), SourceConfig("seisbench", theirs, splits=splits(tmp_path), split="dev"))
    check(SourceConfig("seisbench", mine, split="train"), SourceConfig("seisbench", theirs, split="dev"))
    check(SourceConfig("seisbench", mine, folds=3), SourceConfig("seisbench", mine, folds=3))
    by_station = SourceConfig("seisbench", mine, folds=3, group="station")
    check(by_station, by_station)


def splits(folder: Path) -> Path:
    write_splits(folder / "s.csv", {"theirs": {"xevent4": "dev", "xevent5": "dev"}, "mine": {"event1": "test"}})
    return folder / "s.csv"


def test_a_report_reads_the_table_of_splits(tmp_path: Path) -> None:
    folder = write_data(tmp_path / "mine").path
    for table, event in ((splits(tmp_path), "event1"), (None, "event4")):
        records = HeldOut([folder], "test", table).records(folder, 50.0)
        assert {row["source_id"] for row in records.rows} == {event}
