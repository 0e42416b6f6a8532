"""Records that nothing sound can be learnt from are refused before the first step, or told of."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from accelerate.state import AcceleratorState

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.training.characterisation import MagnitudeTask
from quakeview.training.config import read_run
from quakeview.training.engine import train
from quakeview.training.records import LabelledRecord
from quakeview.training.tasks import make_task
from tests.training.test_processes import RECORDS, TRAINING
from tests.training.waveform_files import write_seisbench, write_table

Row = dict[str, str]


@pytest.fixture
def run_file(tmp_path: Path) -> Callable[..., Path]:
    """Write the run file of a task; ``change`` alters the rows of its records, ``old`` and ``new`` its text."""
    AcceleratorState._reset_state(reset_partial_state=True)
    write_seisbench(tmp_path / "records")

    def write(task: str, change: Callable[[Row], Row] = dict, old: str = "", new: str = "") -> Path:
        table = tmp_path / "records" / "metadata.csv"
        with table.open(newline="") as file:
            rows = [change(row) for row in csv.DictReader(file)]
        write_table(table, rows)
        path = tmp_path / "run.toml"
        text = (RECORDS + TRAINING).format(task=task, batch_size=2)
        path.write_text(text.replace(old, new) if old else text)
        return path

    return write


def test_sound_records_need_no_caution(run_file: Callable[..., Path]) -> None:
    assert make_task(read_run(run_file("picking"))).cautions() == []


def test_an_event_that_trains_does_not_validate(run_file: Callable[..., Path]) -> None:
    path = run_file("picking", lambda row: {**row, "split": "dev" if row["station_code"] == "S1" else "train"})
    with pytest.raises(QuakeViewError, match=r"6 earthquakes are both learnt from and in \[data.validation\]"):
        make_task(read_run(path)).cautions()


def test_labels_outside_their_records_are_told_and_not_learnt(run_file: Callable[..., Path]) -> None:
    def late(row: Row) -> Row:
        return {**row, "trace_s_arrival_sample": "9000"} if row["trace_name"] == "trace2" else row

    task = make_task(read_run(run_file("picking", late)))
    assert [text for text in task.cautions() if "trace2 of records (1 of 8 that" in text]
    path = run_file("picking", lambda row: {**row, "trace_p_arrival_sample": "7e6", "trace_s_arrival_sample": "8e6"})
    with pytest.raises(QuakeViewError, match=r"All labels of .* lie outside their records, such as those of trace0"):
        make_task(read_run(path)).cautions()


@pytest.mark.parametrize("rate", ["-100", "1", "1e9"])
def test_a_sampling_rate_that_cannot_be_is_a_sentence(run_file: Callable[..., Path], rate: str) -> None:
    path = run_file("picking", lambda row: {**row, "trace_sampling_rate_hz": rate})
    with pytest.raises(QuakeViewError, match=r"trace8 of records has a sampling rate of .* Hz, which cannot be"):
        make_task(read_run(path))


def test_one_class_only_is_a_sentence(run_file: Callable[..., Path]) -> None:
    path = run_file("polarity", lambda row: {**row, "trace_p_polarity": "U"})
    with pytest.raises(QuakeViewError, match="All first motions of the training records are up"):
        make_task(read_run(path)).cautions()
    path = run_file("picking", lambda row: {**row, "trace_s_arrival_sample": ""})
    said = make_task(read_run(path)).cautions()
    assert [text.partition(" have no S labels")[0] for text in said] == [
        "The training records",
        "The validation records",
    ]


def test_an_empty_split_and_values_that_nobody_knows_are_sentences(run_file: Callable[..., Path]) -> None:
    path = run_file("picking", old='split = "dev"', new='split = "deb"')
    with pytest.raises(QuakeViewError, match=r"No labelled record of .* is left; check split"):
        make_task(read_run(path))
    path = run_file("magnitude", lambda row: {**row, "source_magnitude": ""})
    with pytest.raises(QuakeViewError, match="No validation record has a P and a magnitude"):
        make_task(read_run(path))


def test_the_records_of_a_bad_batch_are_named_and_kept(
    run_file: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsound(cls: type[MagnitudeTask], record: LabelledRecord) -> float | None:
        return float("nan") if record.name == "trace3 of records" else record.magnitude

    monkeypatch.setattr(MagnitudeTask, "value", classmethod(unsound))
    path = run_file("magnitude", old="batch_size = 2", new="batch_size = 8")
    with pytest.raises(QuakeViewError, match=r"step \d is not a number, because of .* \(trace3 of records") as said:
        train(read_run(path))
    assert "Mend or remove" in str(said.value)
    (path,) = (tmp_path / "magnitude-2").glob("bad-batch-0000000?-0.npz")
    kept: dict[str, Any] = dict(np.load(path))
    assert kept["waveforms"].shape == (8, 3, 1024)
    assert [str(name) for name in kept["names"][~np.isfinite(kept["value"])]] == ["trace3 of records"] * int(
        (~np.isfinite(kept["value"])).sum()
    )


def test_cautions_are_told_when_a_run_begins(run_file: Callable[..., Path]) -> None:
    class Log(Progress):
        def __init__(self) -> None:
            super().__init__()
            self.lines: list[str] = []

        def on_log(self, text: str) -> None:
            self.lines.append(text)

    log = Log()
    train(read_run(run_file("picking", lambda row: {**row, "trace_s_arrival_sample": ""})), log)
    assert any("no S labels" in line for line in log.lines), json.dumps(log.lines)
