"""``quakeview runs`` as it is typed."""

import io
import json
from pathlib import Path

import pytest

from quakeview import cli
from quakeview.training.runs.known import known_runs
from quakeview.training.runs.run_state import Status
from tests.training.runs.made import make_run


def test_without_runs_it_says_how_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["runs"]) == 0
    assert "quakeview runs start run.toml" in capsys.readouterr().err


def test_runs_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    one = make_run("one", Status.FAILED, message="The disk is full.")
    make_run("two", rate=0.5)
    assert cli.main(["runs"]) == 0
    listed = capsys.readouterr().out
    assert listed.splitlines()[0].split() == ["run", "state", "best", "folder"]
    assert "one" in listed
    assert "score 0.6" in listed
    assert str(one.path) in listed
    assert cli.main(["runs", "list", "--json"]) == 0
    assert {json.loads(line)["status"] for line in capsys.readouterr().out.splitlines()} == {"failed", "stopped"}
    assert cli.main(["runs", "show", "one"]) == 0
    shown = capsys.readouterr().out
    assert "The disk is full.\nLearning.\nTraceback: of no run\n" in shown
    assert "learning_rate" not in shown
    assert cli.main(["runs", "show", "one", "two"]) == 0
    assert "learning_rate" in capsys.readouterr().out


def test_what_cannot_be_done_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    make_run("one", Status.FINISHED)
    assert cli.main(["runs", "stop", "one"]) == 1
    assert "one is finished; there is nothing to stop." in capsys.readouterr().err
    assert cli.main(["runs", "use", "one"]) == 1
    assert "one has not made a model yet" in capsys.readouterr().err
    assert cli.main(["runs", "show", "other"]) == 1
    assert "There is no run 'other'; choose one of one" in capsys.readouterr().err


def test_cloning_and_deleting(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run("one")
    assert cli.main(["runs", "clone", "one", "two"]) == 0
    clone = Path(capsys.readouterr().out.strip())
    assert 'name = "two"' in clone.read_text()
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert cli.main(["runs", "delete", "one"]) == 1
    assert run.path.exists()
    assert cli.main(["runs", "delete", "one", "--yes"]) == 0
    assert [run.name for run in known_runs()] == ["two"]
