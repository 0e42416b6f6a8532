"""The command line: what goes where, and the exit codes that scripts trust."""

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import obspy
import pytest
from obspy import UTCDateTime

from quakeview import __version__, cli
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.monitoring.annotate import StationResult
from quakeview.monitoring.exchange import read_picks
from quakeview.monitoring.pick_command import format_aligned
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.registry import ModelCard
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId, Instrument
from quakeview.waveforms.scanning import FileProblem

WAVEFORM = Path(obspy.__file__).parent / "io/mseed/tests/data/BW.BGLD.__.EHE.D.2008.001.first_10_records"
HHZ = ChannelId("CH", "DAVOX", "", "HHZ")
PICK = Pick(HHZ, "P", UTCDateTime(2024, 1, 1), PickStatus.AUTOMATIC, 0.9, model="fake")
RESULTS = [
    StationResult(Instrument.of(HHZ), (PICK,), None),
    StationResult(Instrument("CH", "EMPTY", "", "HH"), (), "HHE is missing."),
]

Picker = Callable[..., list[StationResult]]


@pytest.fixture
def picker(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Replaces the network: publishes RESULTS and records how it was called."""
    call: dict[str, Any] = {"results": RESULTS}

    def pick_archive(*arguments: Any, progress: Progress, **options: Any) -> list[StationResult]:
        call.update(arguments=arguments, options=options)
        call.get("meanwhile", lambda _: None)(arguments[0])
        for number, result in enumerate(call["results"]):
            progress.advance(number, len(call["results"]), str(result.station))
            progress.publish(result)
        return call["results"]

    monkeypatch.setattr("quakeview.monitoring.annotate.pick_archive", pick_archive)
    return call


def run(program: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """``program`` in another process, where ``main`` is the command line's."""
    command = [sys.executable, "-c", f"import sys; from quakeview.cli import main\n{program}", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    for option, words in (("--version", __version__), ("--help", "doctor")):
        with pytest.raises(SystemExit) as exit_:
            cli.main([option])
        assert exit_.value.code == 0
        assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [["--unknown"], ["pick"], ["pick", "x", "--p-threshold", "1.5"], ["pick", "x", "--start", "now"], ["train"]],
)
def test_wrong_usage_is_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        cli.main(arguments)
    assert exit_.value.code == 2
    assert "usage: quakeview" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "files"),
    [([], []), (["a.mseed", "b"], ["a.mseed", "b"]), (["--", "pick"], ["pick"]), (["./pick"], ["pick"])],
)
def test_without_a_command_the_window_opens(
    arguments: list[str], files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[list[Path]] = []
    window = SimpleNamespace(run=lambda paths: opened.append(paths) or 0)
    monkeypatch.setitem(sys.modules, "quakeview.app.main", window)
    monkeypatch.setattr("quakeview.desktop.why_no_window", lambda: None)
    assert cli.main(arguments) == 0
    assert opened == [[Path(file) for file in files]]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can lack a display")
def test_no_display_is_one_sentence() -> None:
    result = run("sys.exit(main([]))", DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith("quakeview: There is no display")
    assert result.stderr.count("\n") == 1


def test_an_incomplete_qt_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("quakeview.desktop.why_no_window", lambda: None)
    monkeypatch.setitem(sys.modules, "quakeview.app.main", None)
    assert cli.main([]) == 1
    assert "quakeview doctor" in capsys.readouterr().err


def test_pick_writes_the_file_and_the_table(
    picker: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "picks.csv"
    options = ["--model", "fake", "--p-threshold", "0.2", "--s-threshold", "0.4", "--device", "cpu"]
    code = cli.main(
        ["pick", str(WAVEFORM), "-o", str(output), *options, "--start", "2008-01-01", "--end", "2008-01-02"]
    )
    assert code == 0
    assert read_picks(output) == [PICK]
    captured = capsys.readouterr()
    assert captured.out == output.read_text()
    assert "CH.EMPTY..HH: HHE is missing." in captured.err
    assert picker["arguments"][1:] == ("fake", 0.2, 0.4, "cpu")
    assert picker["arguments"][0].channels == (ChannelId("BW", "BGLD", "", "EHE"),)
    assert picker["options"]["start"] == UTCDateTime(2008, 1, 1)
    assert picker["options"]["end"] == UTCDateTime(2008, 1, 2)


def test_what_comes_to_light_while_picking_is_said_once(
    picker: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picker["results"] = [
        StationResult(Instrument.of(HHZ), (PICK,), None, remarks=("HHN is constant: the channel is dead.",)),
        StationResult(
            Instrument("CH", "EMPTY", "", "HH"), (), "HHE is missing. No probability.", remarks=("HHE is missing.",)
        ),
    ]
    (tmp_path / "notes.txt").write_text("not a waveform")

    def decode(archive: Archive) -> None:
        archive._report([FileProblem(tmp_path / "b", "b is damaged."), FileProblem(tmp_path / "b", "b is damaged.")])

    picker["meanwhile"] = decode
    assert cli.main(["pick", str(WAVEFORM), str(tmp_path), "--model", "fake"]) == 0
    said = capsys.readouterr().err
    assert "CH.DAVOX..HH: HHN is constant: the channel is dead." in said
    assert "CH.EMPTY..HH: HHE is missing. No probability." in said
    for sentence in ("notes.txt", "b is damaged.", "HHE is missing."):
        assert said.count(sentence) == 1, sentence


def test_with_a_file_the_table_does_not_fill_the_terminal(
    picker: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    output = tmp_path / "picks.csv"
    assert cli.main(["pick", str(WAVEFORM), "--model", "fake", "-o", str(output)]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"1 pick of 2 stations is in {output}." in captured.err


def test_only_pickers_are_offered(capsys: pytest.CaptureFixture[str]) -> None:
    for name, words in (("WaveCastNet-Hayward", "not for picking"), ("nothing", "There is no model 'nothing'")):
        assert cli.main(["pick", str(WAVEFORM), "--model", name]) == 1
        said = capsys.readouterr().err
        assert words in said
        assert "choose one of SeisMoLLM-S, or" in said


def test_without_a_name_the_first_picker_is_used(picker: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    cards = [ModelCard(task, "", task, Path(task), "", {}, "", 1, "") for task in ("polarity", "picking")]
    monkeypatch.setattr("quakeview.registry.available_models", lambda: cards)
    assert cli.main(["pick", str(WAVEFORM)]) == 0
    assert picker["arguments"][1] == "picking"


def test_without_any_picker_there_is_a_sentence(
    picker: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("quakeview.registry.available_models", list)
    assert cli.main(["pick", str(WAVEFORM)]) == 1
    assert "No model for picking" in capsys.readouterr().err


def test_finding_nothing_is_no_error(
    picker: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picker["results"] = RESULTS[1:]
    assert cli.main(["pick", str(WAVEFORM), "--model", "fake", "-o", str(tmp_path / "none.xml")]) == 0
    assert read_picks(tmp_path / "none.xml") == []
    assert "No picks." in capsys.readouterr().err


def test_one_bad_file_does_not_stop_the_rest(
    picker: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("not a waveform")
    assert cli.main(["pick", str(tmp_path), str(tmp_path / "gone"), str(WAVEFORM), "--model", "fake"]) == 0
    captured = capsys.readouterr()
    assert "notes.txt" in captured.err
    assert "gone" in captured.err
    assert "DAVOX" in captured.out


def test_nothing_to_pick_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["pick", str(tmp_path)]) == 1
    assert capsys.readouterr().err.endswith(
        "quakeview: There are no waveforms to pick: none of the files could be read.\n"
    )


@pytest.mark.parametrize("name", ["picks.txt", "no folder/picks.csv", "."])
def test_an_impossible_output_is_refused_before_the_work(
    name: str, picker: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["pick", str(WAVEFORM), "--model", "fake", "-o", f"{tmp_path}/{name}"]) == 1
    assert "arguments" not in picker
    assert capsys.readouterr().out == ""


def test_picks_reach_stdout_even_if_the_file_fails(
    picker: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def disk_full(*_: object) -> list[str]:
        raise QuakeViewError("The disk is full.")

    monkeypatch.setattr("quakeview.monitoring.pick_command.write_picks", disk_full)
    assert cli.main(["pick", str(WAVEFORM), "--model", "fake", "-o", str(tmp_path / "picks.csv")]) == 1
    captured = capsys.readouterr()
    assert "DAVOX" in captured.out
    assert captured.err.endswith("quakeview: The disk is full.\n")


def test_the_table_is_aligned_on_a_terminal(
    picker: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert cli.main(["pick", str(WAVEFORM), "--model", "fake"]) == 0
    header, line = capsys.readouterr().out.splitlines()
    assert line.split() == ["CH.DAVOX..HHZ", "P", "2024-01-01", "00:00:00.000", "0.90"]
    assert header.index("phase") == line.index(" P ") + 1


def test_a_manual_pick_has_no_probability() -> None:
    assert format_aligned([PICK.with_(probability=None)]).splitlines()[1].endswith("00:00:00.000")


FAKE = """
import os, signal, time
from obspy import UTCDateTime
from quakeview.monitoring import annotate
from quakeview.monitoring.picks import Pick
from quakeview.registry import ModelCard
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId, Instrument
from quakeview.waveforms.scanning import FileProblem
station = Instrument("CH", "DAVOX", "", "HH")
def result(number):
    picks = tuple(Pick(ChannelId("CH", "DAVOX", "", "HHZ"), "P", UTCDateTime(2024, 1, 1) + i) for i in range(number))
    return annotate.StationResult(station, picks, None)
"""


def test_an_interrupt_keeps_what_was_finished(tmp_path: Path) -> None:
    program = FAKE + (
        "def pick_archive(*_, progress, **__):\n"
        "    progress.publish(result(3))\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    progress.advance(1, 2)\n"
        "    raise AssertionError('not cancelled')\n"
        "annotate.pick_archive = pick_archive\n"
        "sys.exit(main(['pick', sys.argv[1], '--model', 'fake', '-o', sys.argv[2]]))"
    )
    result = run(program, WAVEFORM, tmp_path / "picks.csv")
    assert result.returncode == 130
    assert len(read_picks(tmp_path / "picks.csv")) == 3
    assert "Not all was picked: the picks of 1 finished station are in" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_error_keeps_what_was_finished(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def pick_archive(*_: Any, progress: Progress, **__: Any) -> None:
        progress.publish(RESULTS[0])
        raise QuakeViewError("The second station is impossible.")

    monkeypatch.setattr("quakeview.monitoring.annotate.pick_archive", pick_archive)
    assert cli.main(["pick", str(WAVEFORM), "--model", "fake", "-o", str(tmp_path / "picks.csv")]) == 1
    assert read_picks(tmp_path / "picks.csv") == [PICK]
    assert capsys.readouterr().err.endswith("quakeview: The second station is impossible.\n")


def test_a_second_interrupt_ends_at_once(tmp_path: Path) -> None:
    program = FAKE + (
        "def pick_archive(*_, progress, **__):\n"
        "    for _ in range(2): os.kill(os.getpid(), signal.SIGINT)\n"
        "    time.sleep(30)\n"
        "annotate.pick_archive = pick_archive\n"
        "sys.exit(main(['pick', sys.argv[1], '--model', 'fake']))"
    )
    result = run(program, WAVEFORM)
    assert result.returncode == 130
    assert "Traceback" not in result.stderr


def test_a_reader_that_goes_away_is_no_error_message() -> None:
    program = FAKE + (
        "annotate.pick_archive = lambda *_, progress, **__: progress.publish(result(10_000))\n"
        "sys.exit(main(['pick', sys.argv[1], '--model', 'fake']))"
    )
    command = [sys.executable, "-c", f"import sys; from quakeview.cli import main\n{program}", str(WAVEFORM)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()
    assert process.returncode == 128 + signal.SIGPIPE
    assert errors == b""


def write_model(folder: Path, **card: object) -> None:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"card": card}))
    (folder / "model.safetensors").touch()


def test_too_little_memory_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def too_large(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("quakeview.wavefield.scenarios.making.estimate_scenario", too_large)
    assert cli.main(["simulate", "--magnitude", "6", "-o", str(tmp_path / "a.h5")]) == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("quakeview: There is not enough memory")


def test_models_name_their_training_and_their_scores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = {"system": "SeisMoLLM", "task": "picking", "parameters": 1_234_567}
    scores = {"p_f1@0.1": 0.91234, "s_f1@0.1": 0.7}
    write_model(tmp_path / "small", name="Small", trained_on="synthetic records", scores=scores, **facts)
    write_model(tmp_path / "untold", name="Untold", **facts | {"task": "gap_filling"})
    (tmp_path / "broken").mkdir()
    monkeypatch.setattr("quakeview.registry.shipped_models_dir", lambda: tmp_path)
    monkeypatch.setattr("quakeview.registry.user_models_dir", lambda: tmp_path / "none")
    assert cli.main(["models"]) == 0
    captured = capsys.readouterr()
    small, untold = captured.out.split("Untold")
    scored = "P F1 ±0.1 s 0.91; S F1 ±0.1 s 0.70"
    for words in ("Small", "1,234,567", "synthetic records", scored, str(tmp_path / "small")):
        assert words in small
    assert "used:       yes" in small
    assert "used:       no: It can be trained and scored, but nothing uses models for gap filling yet." in untold
    assert "not stated" in untold
    assert "not scored" in untold
    assert captured.err.count("\n") == 1
    assert "broken" in captured.err


def test_what_cannot_be_calibrated_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_model(tmp_path / "m", name="Imported", system="WaveCastNet", task="frame_forecasting")
    assert cli.main(["models", "calibrate", str(tmp_path / "m"), str(tmp_path)]) == 1
    assert "Imported cannot be calibrated, it is a frame forecasting model" in capsys.readouterr().err


def test_no_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in ("shipped_models_dir", "user_models_dir"):
        monkeypatch.setattr(f"quakeview.registry.{folder}", lambda: tmp_path)
    assert cli.main(["models"]) == 0
    assert "No models" in capsys.readouterr().err


def test_train_hands_over_to_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[Any, ...]] = []
    engine = SimpleNamespace(main=lambda *run_file, **options: calls.append((*run_file, options)) or 1)
    monkeypatch.setitem(sys.modules, "quakeview.training.train_command", engine)
    assert cli.main(["train", "run.toml", "--resume", "--json"]) == 1
    assert calls == [(Path("run.toml"), {"resume": True, "json_lines": True, "queued": False})]


def test_the_sample_is_a_record_that_comes_with_obspy(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = []
    monkeypatch.setattr("quakeview.monitoring.pick_command.main", lambda request: requests.append(request) or 0)
    assert cli.main(["pick", "--sample"]) == 0
    assert requests[0].paths
    assert all(path.is_file() for path in requests[0].paths)
    with pytest.raises(SystemExit) as usage:
        cli.main(["pick", "--sample", "day.mseed"])
    assert usage.value.code == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to write to")
@pytest.mark.parametrize("command", [["models"], ["doctor"], ["--version"], ["pick", "--help"]])
def test_a_full_disk_behind_stdout_is_one_sentence(command: list[str]) -> None:
    program = "import sys; from quakeview.cli import main; sys.exit(main())"
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [sys.executable, "-c", program, *command], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert "Traceback" not in result.stderr
    assert "Exception ignored" not in result.stderr
    if command[0] in ("models", "doctor"):
        assert result.returncode == 1
        assert "could not be written (No space left on device)" in result.stderr


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["simulate", "--magnitude", "6", "-o", "missing/a.h5"], "There is no folder missing"),
        (["simulate", "--magnitude", "6", "-o", "file/a.h5"], "There is no folder file"),
        (["forecast", "a.h5", "-o", "missing/f.h5"], "There is no folder missing"),
        (["models", "combine", "file", "-o", "out", "--name", "X"], "file"),
        (["models", "import", "file"], "file"),
        (["train", "file"], "file"),
        (["train", "missing.toml"], "missing.toml"),
        (["pick", str(WAVEFORM), "-o", "missing/picks.csv"], "missing/picks.csv could not be written"),
        (["pick", str(WAVEFORM), "-o", "file/picks.csv"], "file/picks.csv could not be written"),
    ],
)
def test_a_wrong_place_is_one_sentence_at_once(
    command: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "file").write_text("mine")
    monkeypatch.chdir(tmp_path)
    assert cli.main(command) == 1
    sentence = capsys.readouterr().err.strip().splitlines()[-1]
    assert sentence.startswith("quakeview: ")
    assert words in sentence
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "mine"


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser and those of its sub-commands."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from parsers(inner)


@pytest.mark.parametrize("command", cli._COMMANDS)
def test_every_argument_is_explained(command: str) -> None:
    _, add_arguments, _ = cli._COMMANDS[command]
    parser = argparse.ArgumentParser(command)
    add_arguments(parser)
    actions = [action for each in parsers(parser) for action in each._actions]
    lists = argparse._SubParsersAction
    assert [action.dest for action in actions if not action.help and not isinstance(action, lists)] == []
