"""No earthquake is on both sides, under any name and in any data set, and what a model has seen is no test for it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.training.planning.parents import past_notes, past_of, past_problems, refuse_seen
from quakeview.training.planning.record_table import RecordTable, read_record_table
from quakeview.training.planning.splitting import (
    AsGiven,
    ByEvent,
    ByRegion,
    ByTime,
    Division,
    divide,
    division_notes,
    division_problems,
    leaks,
)
from quakeview.training.record_config import DataConfig, SourceConfig
from quakeview.training.sources import open_records
from quakeview.training.splits import copy_splits, read_splits, write_splits
from tests.shared import SHARED, needs_shared
from tests.training.planning.data_sets import BEGIN, rows_of, write_data


def table(folder: Path, **changes: object) -> RecordTable:
    return read_record_table(write_data(folder, [row | changes for row in rows_of(20)]))[0]


def parts_by_event(division: Division) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each, parts in zip(division.tables, division.parts, strict=True):
        for event, part in zip(each.event, parts, strict=True):
            found.setdefault(each.events[event], set()).add(str(part))
    return found


def test_by_event_each_part_has_its_share_and_no_event_is_in_two(tmp_path: Path) -> None:
    division = divide([table(tmp_path / "set")], ByEvent({"train": 0.6, "dev": 0.2, "test": 0.2}))
    assert division.counts() == {"train": (36, 12), "dev": (12, 4), "test": (12, 4)}
    assert all(len(parts) == 1 for parts in parts_by_event(division).values())
    assert division_problems(division) == []
    again = divide([table(tmp_path / "again")], ByEvent({"train": 0.6, "dev": 0.2, "test": 0.2}))
    assert (division.parts[0] == again.parts[0]).all()


def test_one_earthquake_of_two_data_sets_is_kept_together(tmp_path: Path) -> None:
    """Under other names: by its origin, or, where there is no origin, by a record that both have."""
    first = table(tmp_path / "first")
    renamed = [row | {"source_id": f"other{row['source_id']}"} for row in rows_of(20)]
    nearly = [row | {"source_latitude_deg": row["source_latitude_deg"] + 0.05, "station_code": "Z"} for row in renamed]
    without = [row | {"source_latitude_deg": "", "source_origin_time": ""} for row in renamed]
    for name, rows in (("origin", nearly), ("record", without)):
        second = read_record_table(write_data(tmp_path / name, rows))[0]
        division = divide([first, second], ByEvent())
        assert len(division.earthquakes) == 20
        assert "chosen on the dev part of first alone" in division_notes(division)[-1]
        parts = parts_by_event(division)
        assert all(parts[f"event{number}"] == parts[f"otherevent{number}"] for number in range(20))


def test_far_or_later_earthquakes_are_others(tmp_path: Path) -> None:
    first = table(tmp_path / "first")
    far = [row | {"source_longitude_deg": 11.0, "station_code": "Z"} for row in rows_of(20)]
    division = divide([first, read_record_table(write_data(tmp_path / "far", far))[0]], ByEvent())
    assert len(division.earthquakes) == 40


def test_by_time_and_by_region(tmp_path: Path) -> None:
    records = table(tmp_path / "set")
    division = divide([records], ByTime(BEGIN.timestamp + 3600 * 10, BEGIN.timestamp + 3600 * 15))
    assert division.counts() == {"train": (30, 10), "dev": (15, 5), "test": (15, 5)}
    assert parts_by_event(division)["event19"] == {"test"}
    division = divide([records], ByRegion(44, 45.65, 9, 11, dev=0.0))
    assert [event for event, parts in parts_by_event(division).items() if parts == {"test"}] == [
        "event0",
        "event1",
        "event2",
    ]
    across = divide([table(tmp_path / "date line", source_longitude_deg=-179.5)], ByRegion(40, 60, 179, -179, dev=0.0))
    assert across.counts()["test"] == (60, 20)


def test_records_without_time_or_place_are_used_nowhere_and_that_is_said(tmp_path: Path) -> None:
    records = table(tmp_path / "set", source_origin_time="", source_latitude_deg="", trace_start_time="")
    for way in (ByTime(0, 1), ByRegion(44, 50, 9, 11)):
        division = divide([records], way)
        assert division.counts()["train"] == (0, 0)
        assert "60 records have no time or place" in division_notes(division)[0]
        assert "There is no record in train and dev and test: there is nothing to learn from" in (
            division_problems(division)[0].sentence
        )


def test_leaks_of_a_given_split_are_named_within_and_across_data_sets(tmp_path: Path) -> None:
    rows = rows_of(6)
    rows[1]["split"] = "test"
    first = read_record_table(write_data(tmp_path / "mine", rows))[0]
    (problem,) = leaks(divide([first], AsGiven()))
    assert problem.sentence.startswith(
        "1 earthquake is in more than one part: in train (event0 of mine) and in test (event0 of mine);"
    )
    other = [
        row | {"source_id": "us70", "station_code": "Z", "split": "test", "path_ep_distance_km": ""}
        for row in rows_of(6)[3:4]
    ]
    second = read_record_table(write_data(tmp_path / "theirs", other))[0]
    good = read_record_table(write_data(tmp_path / "good", rows_of(6)))[0]
    (problem,) = leaks(divide([good, second], AsGiven()))
    assert "in train (event1 of good) and in test (us70 of theirs)" in problem.sentence


def test_what_cannot_be_divided_is_one_sentence(tmp_path: Path) -> None:
    records = table(tmp_path / "set", split="")
    for way, sentence in (
        (AsGiven(), "set has no split of its own"),
        (ByEvent({"train": 0.9, "dev": 0.2, "test": 0.2}), "add up to 100 %"),
        (ByTime(5, 4), "must not begin before the dev part"),
        (ByRegion(5, 4, 1, 2), "north must be above its south"),
    ):
        with pytest.raises(QuakeViewError, match=sentence):
            divide([records], way)
    with pytest.raises(QuakeViewError, match="Two data sets are called set"):
        divide([records, records], ByEvent())
    with pytest.raises(QuakeViewError, match="no records"):
        divide([], ByEvent())


def test_a_table_of_splits_gives_training_the_same_parts(tmp_path: Path) -> None:
    source = write_data(tmp_path / "set", rows_of(20))
    division = divide([read_record_table(source)[0]], ByEvent())
    file = tmp_path / "splits.csv"
    write_splits(file, division.events())
    for part, (records, _) in division.counts().items():
        opened = open_records(SourceConfig("seisbench", source.path, split=part, splits=file), 50.0)
        wanted = {division.tables[0].names[index] for index in np.flatnonzero(division.parts[0] == part)}
        assert {row["trace_name"] for row in opened.rows} == wanted
        assert len(opened) == records


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("event,part\na,train\n", "needs dataset, event, split"),
        ("dataset,event,split\nset,event0,train\nset,event0,test\n", "event0 of set in train and in test"),
        ("dataset,event,split\nother,event0,train\n", "names no earthquake of set"),
        (None, "cannot be read"),
    ],
)
def test_a_bad_table_of_splits_is_one_sentence(tmp_path: Path, text: str | None, sentence: str) -> None:
    source, file = write_data(tmp_path / "set"), tmp_path / "splits.csv"
    if text is not None:
        file.write_text(text)
    with pytest.raises(QuakeViewError, match=sentence):
        open_records(SourceConfig("seisbench", source.path, split="train", splits=file), 50.0)
    with pytest.raises(QuakeViewError, match="needs split too"):
        open_records(SourceConfig("seisbench", source.path, splits=file), 50.0)


def test_a_run_keeps_its_table_of_splits(tmp_path: Path) -> None:
    write_splits(tmp_path / "mine.csv", {"set": {"event1": "train"}})
    data = {"sources": [{"kind": "synthetic"}], "validation": {"splits": "mine.csv"}}
    (tmp_path / "run").mkdir()
    copy_splits(data, tmp_path, tmp_path / "run")
    assert read_splits(tmp_path / "run" / "splits.csv") == {"set": {"event1": "train"}}
    copy_splits({"validation": {"path": "set"}}, tmp_path, tmp_path)
    assert not (tmp_path / "splits.csv").exists()


def write_model(folder: Path, card: dict[str, str]) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"card": {"name": folder.name, **card}}))
    return folder


def run_text(split: str, validation: str, more: str = "") -> str:
    return (
        f'[model]\n{more}\n[[data.sources]]\nkind = "seisbench"\npath = "far/away/set"\nsplit = "{split}"\n'
        f'[data.validation]\nkind = "seisbench"\npath = "set"\nsplit = "{validation}"\n'
    )


def test_what_the_first_model_has_seen_is_no_test(tmp_path: Path) -> None:
    """By its own run, and by that of the model it came from."""
    write_model(tmp_path / "grandparent", {"run": run_text("train", "train")})
    parent = write_model(
        tmp_path / "parent",
        {"run": run_text("dev", "dev", 'init = "../grandparent"'), "scored_on": "the test part of set"},
    )
    division = divide([table(tmp_path / "set")], ByEvent({"train": 0.5, "dev": 0.0, "test": 0.5}))
    trained, chosen = past_problems(division, past_of(parent))
    assert (
        "parent was trained on 10 earthquakes that would be tested on (event" not in trained.sentence
    )  # not test's own
    assert trained.sentence.startswith("parent was trained on ")
    seen = {event for event, parts in parts_by_event(division).items() if parts == {"test"}}
    own = {
        event for event, part in zip(division.tables[0].event, division.tables[0].split, strict=True) if part != "test"
    }
    assert set(trained.records) == seen & {division.tables[0].events[index] for index in own}
    assert chosen.sentence.startswith("parent was chosen by its scores on ")
    (note,) = past_notes(division, past_of(parent))
    assert "parent was scored on set, and " in note
    as_before = divide([table(tmp_path / "as before" / "set")], AsGiven())
    assert past_problems(as_before, past_of(parent)) == []


def test_the_table_of_splits_in_a_model_folder_counts(tmp_path: Path) -> None:
    run = run_text("train", "none").replace('split = "train"', 'split = "train"\nsplits = "splits.csv"')
    parent = write_model(tmp_path / "parent", {"run": run})
    write_splits(parent / "splits.csv", {"set": {"event19": "train"}})
    division = divide([table(tmp_path / "set")], AsGiven())
    assert parts_by_event(division)["event19"] == {"dev"}
    moved = divide([table(tmp_path / "moved" / "set")], ByTime(0, BEGIN.timestamp + 3600 * 18.5))
    (problem,) = past_problems(moved, past_of(parent))
    assert problem.records == ["event19"]


def test_a_run_that_would_test_on_what_its_first_model_learnt_is_refused(tmp_path: Path) -> None:
    card = {"system": "SeisMoLLM", "task": "picking", "run": run_text("train", "none")}
    parent = write_model(tmp_path / "parent", card)
    (parent / "model.safetensors").write_bytes(b"")
    source = write_data(tmp_path / "set", rows_of(20))
    own = replace(source, split="train")
    refuse_seen(DataConfig((own,), replace(source, split="dev")), str(parent))
    write_splits(tmp_path / "splits.csv", {"set": {"event0": "test", "event1": "train", "event2": "dev"}})
    other = replace(own, splits=tmp_path / "splits.csv")
    with pytest.raises(QuakeViewError, match=r"trained on 1 earthquake that would be tested on \(event0\)"):
        refuse_seen(DataConfig((other,), replace(other, split="dev")), str(parent))


@needs_shared
def test_the_shipped_picker_has_seen_records_that_another_split_would_test_on() -> None:
    from quakeview.paths import shipped_models_dir

    tables = [
        read_record_table(SourceConfig("seisbench", SHARED / "data" / name))[0]
        for name in ("real_picks", "real_picks_2")
    ]
    past = past_of(shipped_models_dir() / "SeisMoLLM-S")
    assert past_problems(divide(tables, AsGiven()), past) == []
    assert leaks(divide(tables, AsGiven())) == []
    assert "was trained on" in past_problems(divide(tables, ByEvent()), past)[0].sentence
