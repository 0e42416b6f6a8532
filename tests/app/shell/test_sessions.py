"""Sessions as stories: the program is started, used, left or killed, and started again."""

from pathlib import Path

import pytest

from tests.app.session_program import Program, record
from tests.benchmarks import crashes


@pytest.fixture
def data(tmp_path: Path) -> dict[str, Path]:
    """Records of three stations, months apart."""
    days = {"A": "2023-11-05T10:00:00", "B": "2024-03-01T12:00:00", "C": "2024-08-20T03:00:00"}
    return {name: record(tmp_path, name, day) for name, day in days.items()}


def stations_of(picks: list[str]) -> set[str]:
    return {pick.split()[0] for pick in picks}


def test_what_was_open_last_comes_back_and_what_was_discarded_never_does(tmp_path: Path, data: dict) -> None:
    with Program(tmp_path) as program:
        program.do("open", data["A"])
        program.do("pick", 10, "P")
        assert program.do("close", "Discard")["welcome"]
        program.do("drop", data["B"])
        program.do("pick", 20, "S")
        program.quit()
    with Program(tmp_path) as program:
        assert (program.shown["stations"], len(program.shown["picks"])) == (["B"], 1)
        assert not program.shown["welcome"]
        assert program.do("close", "Discard")["picks"] == []
        shown = program.do("open", data["C"])
        assert (shown["stations"], shown["picks"]) == (["C"], [])
        assert program.do("close")["picks"] == []
        assert not [name for name in program.shown["entries"] if name.startswith("Untitled")]
        program.quit()
    with Program(tmp_path) as program:
        assert program.shown["welcome"]
        assert program.shown["title"] == "QuakeView"


def test_files_on_the_command_line_begin_a_session_and_the_one_before_is_kept(tmp_path: Path, data: dict) -> None:
    with Program(tmp_path, data["A"]) as program:
        program.do("pick", 10, "P")
        first = program.shown["title"]
        program.quit()
    with Program(tmp_path, data["B"]) as program:
        assert (program.shown["stations"], program.shown["picks"]) == (["B"], [])
        assert program.shown["shows_data"]
        assert program.shown["seconds"] < 100
        program.do("pick", 10, "S")
        assert program.shown["title"] != first
        program.quit()
    with Program(tmp_path) as program:
        assert stations_of(program.shown["picks"]) == {"B"}
        program.do("close", "Discard")
        untitled = first.split(" — ")[0]
        shown = program.do("choose", untitled)
        assert (shown["stations"], shown["title"]) == (["A"], first)
        assert stations_of(shown["picks"]) == {"A"}


def test_dropping_on_the_welcome_page_begins_and_on_a_session_adds(tmp_path: Path, data: dict) -> None:
    with Program(tmp_path) as program:
        program.do("drop", data["A"])
        program.do("pick", 10, "P")
        program.do("close", "Cancel")
        shown = program.do("drop", data["B"])
        assert shown["stations"] == ["A", "B"]
        assert shown["shows_data"]
        assert shown["seconds"] < 100
        assert len(shown["picks"]) == 1
        program.do("trigger", "view.all")
        program.quit()
    with Program(tmp_path) as program:
        assert program.shown["stations"] == ["A", "B"]
        assert stations_of(program.shown["picks"]) == {"A"}


def test_a_saved_session_is_opened_again_and_closing_it_leaves_nothing_behind(tmp_path: Path, data: dict) -> None:
    path = tmp_path / "2024.08.qvproj"
    with Program(tmp_path) as program:
        program.do("open", data["C"])
        program.do("pick", 30, "P")
        program.do("search", "nothing like it")
        shown = program.do("save", str(path.with_suffix("")))
        assert shown["title"] == "2024.08 — QuakeView"
        program.do("pick", 31, "S")
        program.quit()
    with Program(tmp_path) as program:
        assert (program.shown["title"], len(program.shown["picks"])) == ("2024.08 — QuakeView", 2)
        program.do("search", "nothing like it")
        assert program.do("close")["filter"] == ""
        program.quit()
    with Program(tmp_path, path) as program:
        assert (program.shown["path"], len(program.shown["picks"])) == (str(path), 2)
        path.rename(tmp_path / "elsewhere.qvproj")
        program.quit()
    with Program(tmp_path) as program:
        assert "2024.08.qvproj does not exist" in program.shown["error"]
        assert program.shown["welcome"]


def test_files_and_stations_leave_a_session_and_their_picks_stay(tmp_path: Path, data: dict) -> None:
    with Program(tmp_path, data["A"], data["B"], data["C"]) as program:
        for station in "ABC":
            program.do("pick", 10, "P", station)
        assert program.do("remove_file", "A.mseed")["stations"] == ["B", "C"]
        assert "A.mseed was removed" in program.shown["notice"]
        assert program.do("remove_station", "B")["stations"] == ["C"]
        program.quit()
    with Program(tmp_path) as program:
        assert program.shown["stations"] == ["C"]
        assert stations_of(program.shown["picks"]) == {"A", "B", "C"}
        assert program.shown["shows_data"]
        reviewed = [program.do("trigger", "picks.next")["selected"] for _ in range(3)]
        assert reviewed == [["C"]] * 3
        assert program.do("trigger", "picks.previous")["selected"] == ["C"]
        assert program.do("open", data["B"])["stations"] == ["B", "C"]


def test_a_killed_program_loses_no_pick_and_mixes_no_sessions(tmp_path: Path, data: dict) -> None:
    with Program(tmp_path, data["A"]) as program:
        program.do("pick", 10, "P")
        program.do("pick", 10, "P")
        program.kill()
    with Program(tmp_path) as program:
        assert (program.shown["stations"], len(program.shown["picks"])) == (["A"], 1)
        program.kill()
    with Program(tmp_path, data["B"]) as program:
        program.do("pick", 20, "S")
        program.kill()
    with Program(tmp_path) as program:
        assert stations_of(program.shown["picks"]) == {"B"}
        program.do("close", "Discard")
        assert [name for name in program.shown["entries"] if name.startswith("Untitled")] == ["Untitled 1"]


def test_a_second_window_begins_with_the_welcome_page_and_leaves_the_first_alone(tmp_path: Path, data: dict) -> None:
    with Program(tmp_path, data["A"]) as first:
        first.do("pick", 10, "P")
        with Program(tmp_path) as second:
            assert second.shown["welcome"]
            assert second.shown["error"] == ""
            assert stations_of(second.do("open", data["B"])["picks"]) == set()
            second.do("pick", 10, "P")
            assert second.shown["path"] != first.shown["path"]
            second.quit()
        assert stations_of(first.do("pick", 20, "S")["picks"]) == {"A"}


def test_kills_at_random_moments_lose_nothing() -> None:
    """``python -m tests.benchmarks crashes`` does so 200 times."""
    assert crashes.run(quick=True, kills=4, seed=3)["lost"] == 0
