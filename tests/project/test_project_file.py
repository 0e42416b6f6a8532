"""The project file: it survives whatever happens to the process, the disk and the place."""

import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import obspy
import pytest
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.monitoring.exchange import read_pick_file, write_picks
from quakeview.monitoring.picks import Pick, PickStatus, Polarity
from quakeview.project import (
    AddPicks,
    ChangePicks,
    ImportPicks,
    OpenElsewhere,
    PickBook,
    Project,
    RemovePicks,
    history,
    storage,
    unsaved_sessions,
)
from quakeview.waveforms.channels import ChannelId

TIME = UTCDateTime(2024, 1, 1)
HHZ = ChannelId("CH", "DAVOX", "", "HHZ")
EVENT = Path(obspy.__file__).parent / "io/quakeml/tests/data/quakeml_1.2_pick.xml"


def picks_at(*seconds: float) -> list[Pick]:
    return [Pick(HHZ, "P", TIME + second) for second in seconds]


PREAMBLE = (
    "import sys; from obspy import UTCDateTime; from quakeview.errors import QuakeViewError\n"
    "from quakeview.monitoring.picks import Pick; from quakeview.project import *\n"
    "from quakeview.waveforms.channels import ChannelId\n"
    "def pick(second): return Pick(ChannelId('CH', 'DAVOX', '', 'HHZ'), 'P', UTCDateTime(2024, 1, 1) + second)\n"
)


def run(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Another process with a project of its own."""
    command = [sys.executable, "-c", PREAMBLE + program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alps.qvproj"


@pytest.fixture
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where untitled projects are, for other processes as well."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "quakeview"


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that other users may look into, as pytest's are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_everything_is_there_after_reopening(path: Path, tmp_path: Path) -> None:
    values = (PickStatus.CONFIRMED, 0.87, 0.05, 0.1, Polarity.DOWN, "emergent", "SeisMoLLM-S", "é\n'\"", "x:1", False)
    full = Pick(HHZ, "Pn", TIME, *values)
    with Project(path) as project:
        PickBook(project).apply(AddPicks([full]))
        PickBook(project).apply(ImportPicks(read_pick_file(EVENT)))
        PickBook(project).apply(AddPicks(picks_at(9)))
        project.undo()
        project.add_waveforms([tmp_path / "a.mseed", tmp_path / "b.mseed", tmp_path / "a.mseed"])
        project.view_state = {"filter": [1.0, 10.0], "start": str(TIME)}
    with Project(path) as project:
        assert PickBook(project).get("x:1") == full
        assert len(project) == 3
        assert len(project.catalog()) == 1
        assert (project.undo_text, project.redo_text) == ("Import quakeml_1.2_pick.xml", "Add P on CH.DAVOX..HHZ")
        assert project.waveforms == (tmp_path / "a.mseed", tmp_path / "b.mseed")
        assert project.view_state == {"filter": [1.0, 10.0], "start": str(TIME)}
        project.remove_waveforms([tmp_path / "a.mseed"])
        assert project.waveforms == (tmp_path / "b.mseed",)


def test_an_imported_catalogue_leaves_as_it_came_with_the_edits(path: Path, tmp_path: Path) -> None:
    with Project(path) as project:
        PickBook(project).apply(ImportPicks(read_pick_file(EVENT)))
        PickBook(project).apply(ChangePicks([project.picks()[0].moved(TIME)]))
    with Project(path) as project:
        write_picks(project.picks(), tmp_path / "out.xml", project.documents())
    expected = obspy.read_events(EVENT)
    expected[0].picks[0].time = TIME
    assert obspy.read_events(tmp_path / "out.xml") == expected


@pytest.mark.parametrize("acknowledged", [1, 7, 40])
def test_kill_nine_loses_no_finished_edit(acknowledged: int, path: Path) -> None:
    """The process dies by SIGKILL wherever it happens to be after it reported some edits as done."""
    program = (
        "import itertools\n"
        "project = Project(sys.argv[1])\n"
        "for second in itertools.count():\n"
        "    PickBook(project).apply(AddPicks([pick(second)])); print(second, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", PREAMBLE + program, path], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for _ in range(acknowledged):
            process.stdout.readline()
        process.kill()
        done = acknowledged + len(process.stdout.readlines())
    assert process.returncode == -signal.SIGKILL
    with Project(path) as project:
        assert project.problem is None
        assert done <= len(project) <= done + 1
        assert len(project.history()) == len(project)


def test_kill_nine_inside_an_edit_leaves_the_state_before_it(path: Path) -> None:
    program = (
        "import os, signal; from quakeview.project import history\n"
        "project = Project(sys.argv[1])\n"
        "PickBook(project).apply(AddPicks([pick(1)])); PickBook(project).apply(AddPicks([pick(2)])); project.undo()\n"
        "history._forget_oldest = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "PickBook(project).apply(AddPicks([pick(second) for second in range(3, 5000)]))\n"
    )
    assert run(program, path).returncode == -signal.SIGKILL
    with Project(path) as project:
        assert [pick.time - TIME for pick in project.picks()] == [1]
        assert project.redo()
        assert [pick.time - TIME for pick in project.picks()] == [1, 2]


def test_two_windows_cannot_edit_one_project(path: Path) -> None:
    with Project(path) as project:
        PickBook(project).apply(AddPicks(picks_at(1)))
        for attempt in ("Project(sys.argv[1])", "Project().save_as(sys.argv[1])"):
            program = f"try: {attempt}\nexcept QuakeViewError as error: print(error)\n"
            assert "open in another QuakeView window" in run(program, path).stdout
        with pytest.raises(QuakeViewError, match="another QuakeView window"):
            Project(path)
        PickBook(project).apply(AddPicks(picks_at(2)))
    with Project(path) as project:
        assert len(project) == 2


def test_reading_the_file_does_not_open_it_for_others(path: Path) -> None:
    """Closing any handle on a file drops the POSIX locks of the process; opening a folder of data reads all files."""
    with Project(path) as project:
        PickBook(project).apply(AddPicks(picks_at(1)))
        for file in path.parent.iterdir():
            file.read_bytes()
        program = "try: Project(sys.argv[1])\nexcept QuakeViewError as error: print(error)\n"
        assert "open in another QuakeView window" in run(program, path).stdout
    assert {file.name for file in path.parent.iterdir()} == {path.name, f".{path.name}.lock"}


@pytest.mark.parametrize(
    "content", [b"hello", b"network,station\n" * 1000, b"SQLite format 3\x00" + b"\x01" * 5000, bytes(4096)]
)
def test_what_is_not_a_project_gets_a_sentence_and_stays_as_it_is(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    for attempt in (Project, Project().save_as):
        with pytest.raises(QuakeViewError, match="is not a QuakeView project"):
            attempt(path)
        assert path.read_bytes() == content


def test_another_programs_database(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE stations (name TEXT)")
    database.close()
    with pytest.raises(QuakeViewError, match="is not a QuakeView project"):
        Project(path)


def test_a_newer_project_is_left_alone(path: Path) -> None:
    Project(path).close()
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version = {storage.SCHEMA_VERSION + 1}")
    database.close()
    with pytest.raises(QuakeViewError, match="newer QuakeView"):
        Project(path)


def test_missing_files_and_folders(path: Path) -> None:
    with pytest.raises(QuakeViewError, match="does not exist"):
        Project.open(path)
    assert not path.exists()
    with pytest.raises(QuakeViewError, match="could not be created"):
        Project(path.parent / "no folder" / path.name)
    with pytest.raises(QuakeViewError, match="could not be read"):
        Project(path.parent)


def test_a_full_disk_keeps_the_edits_in_memory_until_they_are_saved_elsewhere(path: Path, tmp_path: Path) -> None:
    """The size limit of the process stands for the full disk; lifting it for the other disk."""
    program = (
        "import resource\n"
        "project = Project(sys.argv[1]); heard = []\n"
        "project.subscribe_problem(heard.append)\n"
        "PickBook(project).apply(AddPicks([pick(0)]))\n"
        "limit = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limit[1]))\n"
        "PickBook(project).apply(AddPicks([pick(second) for second in range(1, 5001)]))\n"
        "PickBook(project).apply(AddPicks([pick(6000)]))\n"
        "assert heard == [project.problem], heard\n"
        "print(project.problem); print(len(project))\n"
        "try: project.save_as(sys.argv[2])\n"
        "except QuakeViewError as error: print(error)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, limit)\n"
        "project.save_as(sys.argv[2]); project.undo()\n"
        "assert project.problem is None\n"
    )
    other = tmp_path / "other.qvproj"
    result = run(program, path, other)
    problem, count, refusal = result.stdout.splitlines()
    assert "kept in memory only, save the project elsewhere" in problem
    assert count == "5002"
    assert "could not be written" in refusal
    with Project(path) as project:
        assert len(project) == 1
    with Project(other) as project:
        assert len(project) == 5001
        assert project.redo_text == "Add P on CH.DAVOX..HHZ"


def test_a_read_only_project_opens_and_keeps_edits_in_memory(public_folder: Path) -> None:
    path = public_folder / "alps.qvproj"
    with Project(path) as project:
        PickBook(project).apply(AddPicks(picks_at(1, 2)))
    path.chmod(0o444)
    public_folder.chmod(0o555)
    program = (
        "import os\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "project = Project(sys.argv[1])\n"
        "print(project.problem); PickBook(project).apply(AddPicks([pick(3)])); print(len(project))\n"
        "try: project.save_as(sys.argv[1] + '.copy')\n"
        "except QuakeViewError as error: print(error)\n"
    )
    result = run(program, path)
    public_folder.chmod(0o755)
    assert result.stderr == ""
    problem, count, refusal = result.stdout.splitlines()
    assert "cannot be written" in problem
    assert count == "3"
    assert "could not be" in refusal
    with Project(path) as project:
        assert len(project) == 2


def test_save_as_goes_on_in_the_new_file(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.qvproj"
    with Project(other) as old:
        PickBook(old).apply(AddPicks(picks_at(7, 8, 9)))
    with Project(path) as project:
        PickBook(project).apply(AddPicks(picks_at(1)))
        project.save_as(other)
        assert project.path == other
        PickBook(project).apply(AddPicks(picks_at(2)))
        project.undo()
    with Project(path) as first, Project(other) as second:
        assert (len(first), len(second)) == (1, 1)
        assert second.redo_text == "Add P on CH.DAVOX..HHZ"


def test_saving_over_a_project_that_crashed_ignores_its_log(path: Path, tmp_path: Path) -> None:
    """The dead process left a write-ahead log beside its file, which must not be taken for the new project's."""
    other = tmp_path / "other.qvproj"
    program = "import os\np = Project(sys.argv[1])\nPickBook(p).apply(AddPicks([pick(1)]))\nos._exit(0)"
    run(program, other)
    assert other.with_name("other.qvproj-wal").exists()
    with Project() as project:
        PickBook(project).apply(AddPicks(picks_at(5)))
        project.save_as(other)
    with Project(other) as project:
        assert [pick.time for pick in project.picks()] == [TIME + 5]


def test_waveforms_are_found_when_they_moved_with_the_project(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    (before / "data").mkdir(parents=True)
    (before / "data" / "a.mseed").touch()
    with Project() as project:
        project.add_waveforms([before / "data" / "a.mseed", tmp_path / "gone.mseed"])
        project.save_as(before / "alps.qvproj")
    before.rename(after)
    with Project(after / "alps.qvproj") as project:
        assert next(place.path for place in project.waveform_places()) == before / "data" / "a.mseed"
        assert project.waveforms == (after / "data" / "a.mseed", tmp_path / "gone.mseed")
        project.move_waveforms({before / "data" / "a.mseed": after / "data" / "a.mseed"})
        assert [place.path for place in project.waveform_places()] == list(project.waveforms)


def test_an_untitled_project_is_new_and_empty_and_the_others_stay(state_dir: Path, path: Path) -> None:
    """Whatever is in an untitled file, open or not, belongs to its own session."""
    first = Project.untitled()
    PickBook(first).apply(AddPicks(picks_at(1)))
    with Project.untitled() as second:
        assert (second.title, len(second)) == ("Untitled 2", 0)
        first.close()
        PickBook(second).apply(AddPicks(picks_at(2)))
    with Project.untitled() as third:
        assert (third.title, len(third)) == ("Untitled 3", 0)
    with Project.open(first.path) as again:
        assert (again.title, [pick.time for pick in again.picks()]) == ("Untitled 1", [TIME + 1])
        assert again.is_untitled
        again.save_as(path)
        assert (again.title, again.is_untitled) == ("alps", False)
    assert not first.path.exists()
    with Project(path) as saved:
        assert len(saved) == 1


def test_an_untitled_project_leaves_no_file_if_nothing_was_put_into_it(state_dir: Path) -> None:
    project = Project.untitled()
    assert project.is_blank
    project.close()
    assert not project.path.exists()
    with Project.untitled() as kept:
        PickBook(kept).apply(AddPicks(picks_at(1)))
        kept.undo()
        assert not kept.is_blank
    assert kept.path.exists()


def test_what_a_dead_process_left_beside_its_project_does_not_come_into_a_new_one(state_dir: Path) -> None:
    run("import os\np = Project.untitled()\nPickBook(p).apply(AddPicks([pick(1)]))\nos._exit(0)")
    (state_dir / "untitled-1.qvproj").unlink()
    assert (state_dir / "untitled-1.qvproj-wal").stat().st_size > 0
    with Project.untitled() as project:
        assert project.title == "Untitled 1"
        assert len(project) == 0


def test_unsaved_sessions_are_those_that_hold_something_and_are_not_open(state_dir: Path) -> None:
    """A crash leaves one with picks, one with a file and an empty one; a fourth is open."""
    program = (
        "import os\n"
        "a, b, c = (Project.untitled() for _ in range(3))\n"
        "PickBook(a).apply(AddPicks([pick(1), pick(2)])); a.add_waveforms(['/data/day.mseed'])\n"
        "b.add_waveforms(['/data/other.mseed'])\n"
        "os._exit(0)"
    )
    run(program)
    with Project.untitled() as mine:
        PickBook(mine).apply(AddPicks(picks_at(1)))
        found = sorted(unsaved_sessions(), key=lambda session: session.title)
    assert [(session.title, session.picks, session.waveforms) for session in found] == [
        ("Untitled 1", 2, ("day.mseed",)),
        ("Untitled 2", 0, ("other.mseed",)),
    ]
    assert sorted(file.name for file in state_dir.glob("*.qvproj")) == [f"untitled-{n}.qvproj" for n in (1, 2, 4)]


def test_an_unsaved_list_of_files_is_forgotten_after_a_month_but_picks_never(state_dir: Path) -> None:
    with Project.untitled() as picked, Project.untitled() as watched:
        PickBook(picked).apply(AddPicks(picks_at(1)))
        watched.add_waveforms(["/data/day.mseed"])
    later = datetime.now() + timedelta(days=31)
    assert [session.title for session in unsaved_sessions(later)] == ["Untitled 1"]
    assert [file.name for file in state_dir.glob("*.qvproj")] == ["untitled-1.qvproj"]


def test_a_discarded_untitled_project_does_not_come_back_but_a_named_one_does(state_dir: Path, path: Path) -> None:
    untitled, named = Project.untitled(), Project(path)
    for project in (untitled, named):
        PickBook(project).apply(AddPicks(picks_at(1)))
        project.discard()
    assert not untitled.path.exists()
    assert not unsaved_sessions()
    with Project(path) as again:
        assert len(again) == 1


_OPENER = """
import os, random, time
chance = random.Random(int(sys.argv[3]))
end = time.monotonic() + 1.5
while time.monotonic() < end:
    try:
        project = Project(sys.argv[1])
    except QuakeViewError:
        continue
    holder = os.open(sys.argv[2], os.O_CREAT | os.O_EXCL)
    PickBook(project).apply(AddPicks([pick(1)]))
    count = len(project)
    time.sleep(chance.uniform(0, 0.002))
    assert len(project) == count
    os.close(holder); os.unlink(sys.argv[2])
    project.discard() if chance.random() < 0.5 else project.close()
"""


def test_several_openers_never_hold_one_project_at_a_time(state_dir: Path, path: Path) -> None:
    """They open, write, close and discard it as fast as they can; a mark beside it says who has it."""
    untitled = state_dir / "untitled-1.qvproj"
    state_dir.mkdir()
    command = [sys.executable, "-c", PREAMBLE + _OPENER, untitled, path.with_name("held")]
    openers = [subprocess.Popen([*command, str(n)], stderr=subprocess.PIPE, text=True) for n in range(3)]
    assert [opener.communicate()[1] for opener in openers] == ["", "", ""]


def test_a_project_is_deleted_while_nobody_else_can_open_it(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, remove, tried = Project.untitled(), storage.remove_file, []

    def watched(path: Path) -> None:
        with pytest.raises(OpenElsewhere):
            storage.open_file(path)
        tried.append(path)
        remove(path)

    monkeypatch.setattr(storage, "remove_file", watched)
    project.discard()
    assert tried == [project.path]
    assert not project.path.exists()


def test_the_lock_of_a_project_is_one_file_for_ever(path: Path) -> None:
    """Were it deleted when the project is closed, one process could lock the old file and another the new one."""
    locks = set()
    for _ in range(3):
        with Project(path):
            locks.add(path.with_name(f".{path.name}.lock").stat().st_ino)
        path.with_name("something else").touch()  # takes the place of a file that was deleted
    assert len(locks) == 1
    assert path.with_name(f".{path.name}.lock").exists()


def test_a_project_under_two_names_is_locked_once(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.qvproj"
    with Project(path):
        link.symlink_to(path)
        with pytest.raises(QuakeViewError, match="another QuakeView window"):
            Project(link)


def test_an_untitled_project_steps_over_a_broken_one(state_dir: Path) -> None:
    state_dir.mkdir()
    (state_dir / "untitled-1.qvproj").write_text("broken")
    with Project.untitled() as project:
        assert project.path == state_dir / "untitled-2.qvproj"


def test_an_untitled_project_without_any_place_says_so(state_dir: Path) -> None:
    state_dir.touch()
    with Project.untitled() as project:
        assert project.problem is not None
        assert project.problem.startswith(str(state_dir))
        PickBook(project).apply(AddPicks(picks_at(1)))
        assert len(project) == 1


def test_the_oldest_steps_are_forgotten_but_not_their_picks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MAX_STEPS", 3)
    monkeypatch.setattr(history, "MAX_PICKS", 100)
    with Project() as project:
        PickBook(project).apply(ImportPicks(read_pick_file(EVENT)))
        for second in range(5):
            PickBook(project).apply(AddPicks(picks_at(second)))
        assert len(project.history()) == 3
        assert len(project) == 7
        assert len(project.documents()) == 1
        PickBook(project).apply(AddPicks(picks_at(*range(200))))
        assert len(project.history()) == 1
        while project.undo():
            pass
        assert len(project) == 7
        assert len(project.documents()) == 1


def test_a_hundred_thousand_picks() -> None:
    stations = [HHZ._replace(station=f"S{number:03d}") for number in range(100)]
    picks = [Pick(stations[i % 100], "PS"[i % 2], TIME + i, PickStatus.AUTOMATIC, 0.5) for i in range(100_000)]
    with Project() as project:
        book = PickBook(project)
        book.apply(AddPicks(picks))
        assert len(project) == len(book) == 100_000
        assert len(book.picks(channels=[stations[3]], start=TIME + 5000, end=TIME + 6000)) == 10
        book.apply(RemovePicks([pick.resource_id for pick in picks[:50_000]]))
        assert len(project) == len(book) == 50_000
        book.undo()
        assert project.picks() == list(book) == picks
