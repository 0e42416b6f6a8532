"""What is read from run folders: numbers as they come, comparisons, and folders in which something is wrong."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.paths import user_runs_dir
from quakeview.training.runs import starting
from quakeview.training.runs.comparing import compared
from quakeview.training.runs.curves import curves_csv, curves_of, scores_in, smoothed
from quakeview.training.runs.known import find_run, known_runs, remember
from quakeview.training.runs.reading import RunsReader
from quakeview.training.runs.run_folder import RunFolder
from quakeview.training.runs.run_state import Status
from quakeview.training.runs.summary import AllRuns
from quakeview.training.splits import SPLITS_FILE
from tests.training.runs.made import make_run, write_lines


def test_numbers_are_read_once_as_they_come() -> None:
    run = make_run(steps=20)
    metrics = run.metrics
    assert metrics.refresh()
    assert [line["step"] for line in metrics.train] == [0, 10, 20]
    first = metrics.train[0]
    with metrics.path.open("a") as file:
        file.write('{"event": "train", "step": 30, "seco')
    assert not metrics.refresh()
    with metrics.path.open("a") as file:
        file.write('nds": 60.0, "loss": null}\n')
    assert metrics.refresh()
    assert metrics.train[0] is first
    steps, loss = curves_of(run, "tiny").train["loss"]
    assert list(steps) == [0, 10, 20, 30]
    assert np.isnan(loss[-1])
    assert metrics.best() == {"event": "validation", "step": 20, "score": 0.2, "p_f1@0.1": 0.5, "best": True}


def test_numbers_that_a_resumed_run_wrote_anew_are_read_anew() -> None:
    run = make_run(steps=60)
    run.metrics.refresh()
    kept = run.metrics.path.read_text().splitlines(keepends=True)[:3]
    fresh = run.path / "fresh"
    fresh.write_text("".join(kept))
    fresh.replace(run.metrics.path)
    write_lines(run.path, [15])
    assert run.metrics.refresh()
    assert [line["step"] for line in run.metrics.train] == [0, 10, 15]


def test_what_is_left_is_told_from_the_pace() -> None:
    run = make_run(steps=60)
    run.metrics.refresh()
    assert run.spent() == pytest.approx(0.6)
    assert run.seconds_left() == pytest.approx(80.0)


def test_smoothing_is_a_running_mean_that_leaves_gaps() -> None:
    values = np.array([1.0, np.nan, 1.0, 3.0])
    assert smoothed(values, 0.0)[[0, 2, 3]] == pytest.approx([1, 1, 3])
    half = smoothed(values, 0.5)
    assert np.isnan(half[1])
    assert half[[0, 2]] == pytest.approx([1, 1])
    assert half[3] == pytest.approx((0.125 + 0.25 + 1.5) / 0.875)


def test_runs_are_compared_by_scores_and_by_what_differs() -> None:
    runs = [make_run("one"), make_run("two", steps=40, rate=3e-3)]
    rows = {(row.of, row.name): row.values for row in compared(runs)}
    assert rows["score of the best weights", "Score"] == ("0.6", "0.4")
    assert rows["score of the best weights", "At step"] == ("60", "40")
    assert rows["[training]", "learning_rate"] == ("0.001", "0.003")
    assert ("[training]", "max_steps") not in rows
    assert ("[training]", "max_steps") in {(row.of, row.name) for row in compared(runs[:1])}


def test_runs_of_one_name_are_told_apart() -> None:
    first = make_run("same")
    second = RunFolder(first.path.with_name("other"))
    shutil.copytree(first.path, second.path)
    read = RunsReader().read([first.path, second.path])
    assert read.names == ("same (same)", "same (other)")
    assert scores_in(read.curves) == ["score", "p_f1@0.1"]
    assert "same (other),validation,60,score,0.6" in curves_csv(read.curves)
    with pytest.raises(QuakeViewError, match="Several runs are called same"):
        find_run("same")
    assert find_run("other") == second


def test_a_run_folder_of_a_newer_version_is_a_sentence_in_the_list() -> None:
    run = make_run()
    state = json.loads((run.path / "state.json").read_text())
    (run.path / "state.json").write_text(json.dumps(state | {"version": 2, "colour": "green"}))
    (summary,) = AllRuns().look()
    assert summary.status is None
    assert summary.message == "The run tiny was made by a newer QuakeView; update QuakeView to open it."
    (run.path / "state.json").write_text("{")
    with pytest.raises(QuakeViewError, match="is damaged; delete this file"):
        _ = run.state


def test_a_run_folder_that_moved_goes_on_with_its_own_run_file_and_is_missed_at_its_old_place(tmp_path: Path) -> None:
    run = make_run()
    moved = RunFolder(shutil.move(run.path, tmp_path / "moved"))
    remember(moved)
    assert known_runs() == [moved]
    assert moved.run_file == moved.path / "run.toml"
    assert moved.config.folder == moved.path
    shutil.rmtree(moved.path)
    (summary,) = AllRuns().look()
    assert "if the run was moved, open it at its new place" in summary.message
    starting.delete(moved)
    assert known_runs() == []


def test_a_run_whose_run_file_is_gone_says_so(tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text('name = "mine"\ntask = "picking"\nfolder = "elsewhere"\n[training]\nmax_steps = 1\n')
    run = starting.prepare(own)
    assert run.run_file == own
    own.unlink()
    with pytest.raises(QuakeViewError, match=r"mine.toml with which mine began does not lead to this folder any more"):
        starting.resume(run)


def test_the_copy_in_a_run_folder_opens_that_run_and_no_other(tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text('name = "mine"\ntask = "picking"\nfolder = "deep/inside"\n[training]\nmax_steps = 1\n')
    run = starting.add(own)
    assert run.path == tmp_path / "deep" / "inside"
    moved = shutil.move(run.path, tmp_path / "moved")
    assert starting.add(moved / "run.toml").path == moved
    assert not (moved / "deep").exists()


def test_a_clone_asks_for_the_same_in_a_folder_of_its_own() -> None:
    run = make_run("first", rate=0.02)
    cloned = starting.clone(run, "Second: try")
    assert cloned.path == user_runs_dir().resolve() / "Second--try"
    assert (cloned.name, cloned.state.status) == ("Second: try", Status.READY)
    assert cloned.config.training.learning_rate == 0.02
    assert cloned.config.folder == cloned.path
    assert not cloned.has_checkpoint


def test_deleting_leaves_what_others_put_into_the_folder() -> None:
    run = make_run()
    for name in ("notes.txt", SPLITS_FILE, "bad-batch-00000007-0.npz", ".training.lock"):
        (run.path / name).write_text("mine")
    starting.delete(run)
    assert [path.name for path in run.path.iterdir()] == ["notes.txt"]
    assert known_runs() == []


def test_the_run_file_a_person_wrote_is_not_deleted(tmp_path: Path) -> None:
    own = tmp_path / "run.toml"
    own.write_text('name = "mine"\ntask = "picking"\nfolder = "."\n[training]\nmax_steps = 1\n')
    run = starting.prepare(own)
    starting.delete(run)
    assert own.exists()
    assert known_runs() == []
