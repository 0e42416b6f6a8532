"""``kill -9`` at random moments of editing, importing and closing: is anything lost, or in another session?

A user works at random in the real program; each session has data and picks of a station of its own. After each kill
every project file must hold exactly what its user had seen done, with or without what was under way; then the program
starts again and must show what was open.
"""

import random
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quakeview.project import Project
from tests.app.session_program import Program, record

KILLS, QUICK = 200, 10
_LONGEST = 4.0
"""Seconds of work before the kill, at most."""
_EXPORTED = "network,station,location,channel,phase,time"

Picks = frozenset[str]


@dataclass
class _Session:
    """What its user has seen done: the picks now, and before each edit since the program was started."""

    station: str
    path: Path
    picks: Picks = frozenset()
    before: list[Picks] = field(default_factory=list)


class Analyst:
    """Works at random and remembers what was confirmed; ``allowed`` is what each file may hold after a kill."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self.sessions: dict[Path, _Session] = {}
        self.current: _Session | None = None
        self.doing = "starting"
        self.perhaps: dict[Path, set[Picks | None]] = {}
        self.counts: dict[str, int] = {}
        self._serial = 0

    def work(self, program: Program) -> None:
        """Until the program dies (``EOFError``)."""
        while True:
            step = self.chance.choice(self._possible())
            self.doing = step.__name__.strip("_")
            step(program)
            self.counts[self.doing] = self.counts.get(self.doing, 0) + 1
            self.doing, self.perhaps = "waiting", {}

    def _possible(self) -> list[Callable[[Program], None]]:
        if self.current is None:
            return [self._begin]
        undo = [self._undo] * 2 if self.current.before else []  # steps of earlier starts are not ours to take back
        return [self._pick] * 6 + [self._import] * 2 + undo + [self._discard, self._save]

    def _begin(self, program: Program) -> None:
        self._serial += 1
        station = f"S{self._serial:04d}"
        shown = program.do("drop", record(self.folder, station, "2024-05-01"))
        path = Path(shown["path"])
        assert shown["picks"] == [], f"a new session begins with picks: {shown['picks']}"
        assert shown["stations"] == [station]
        assert path not in self.sessions, f"{path.name} was taken over"
        self.current = self.sessions[path] = _Session(station, path)

    def _pick(self, program: Program) -> None:
        self._serial += 1
        seconds = 1 + self._serial % 900 * 0.06
        self._edit(program, {f"{self.current.station} P {_time(seconds)}"}, "pick", seconds, "P")

    def _import(self, program: Program) -> None:
        self._serial += 1
        times = [_time(1 + self._serial % 900 * 0.06 + n * 0.001 + 0.01) for n in range(0, 30, 2)]
        path = self.folder / "import.csv"
        lines = [f"XX,{self.current.station},,HHZ,S,{when}" for when in times]
        path.write_text("\n".join([_EXPORTED, *lines]))
        self._edit(program, {f"{self.current.station} S {when}" for when in times}, "open", path)

    def _edit(self, program: Program, new: set[str], *command: Any) -> None:
        session = self.current
        after = session.picks | new
        self.perhaps = {session.path: {session.picks, after}}
        shown = program.do(*command)
        assert set(shown["picks"]) == after, f"{command}: {shown['picks']}"
        if after != session.picks:
            session.before.append(session.picks)
        session.picks = after

    def _undo(self, program: Program) -> None:
        session = self.current
        after = session.before[-1]
        self.perhaps = {session.path: {session.picks, after}}
        shown = program.do("trigger", "edit.undo")
        assert set(shown["picks"]) == after
        session.picks = after
        del session.before[-1:]

    def _discard(self, program: Program) -> None:
        session = self.current
        self.perhaps = {session.path: {session.picks, None} if _untitled(session) else {session.picks}}
        assert program.do("close", "Discard")["picks"] == []
        if _untitled(session):
            del self.sessions[session.path]
        self.current = None

    def _save(self, program: Program) -> None:
        session, path = self.current, self.folder / f"{self.current.station}.qvproj"
        before = self.sessions[path].picks if path in self.sessions else None
        self.perhaps = {session.path: {session.picks, None}, path: {session.picks, before, frozenset()}}
        if path == session.path:
            self.perhaps = {path: {session.picks}}
        program.do("save", path)
        del self.sessions[session.path]
        session.path = path
        self.sessions[path] = session

    def check(self) -> None:
        """Every file after a kill against what was confirmed; from then on what is in the files counts."""
        files = [*self.folder.rglob("*.qvproj")]
        for path in {*files, *self.sessions}:
            known = self.sessions.get(path)
            allowed = self.perhaps.get(path) or ({known.picks} if known else {frozenset(), None})
            found = _picks_in(path) if path.exists() else None
            assert found in allowed, f"{path.name}, killed while {self.doing}: {found}, not one of {allowed}"
        if self.doing == "save":
            found = {path: _picks_in(path) for path in self.perhaps if path.exists()}
            assert self.current.picks in found.values(), "a session that was being saved is in neither file"
            self.sessions |= {path: _Session(self.current.station, path) for path in found if path not in self.sessions}
        self.sessions = {path: session for path, session in self.sessions.items() if path.exists()}
        for path, session in self.sessions.items():
            session.picks = _picks_in(path)

    def come_back(self, program: Program) -> None:
        """What the started program shows is what was open, unless it was being opened, saved or closed."""
        shown, path = program.shown, Path(program.shown["path"])
        here = self.sessions.get(path)
        settled = self.doing not in ("begin", "save", "discard", "starting")
        assert not settled or self.current is None or here is self.current, f"{path.name} came back"
        if here is None:
            assert shown["picks"] == [], f"picks of nobody: {shown['picks']}"
            assert not settled or self.current is None
            station = shown["stations"][0] if shown["stations"] else ""
            if station:
                here = self.sessions[path] = _Session(station, path)
        else:
            assert set(shown["picks"]) == here.picks
            here.before = []
        self.current = here
        self.perhaps = {}


def run(quick: bool, kills: int | None = None, seed: int = 0) -> dict:
    """So many kills; raises ``AssertionError`` at the first pick that is lost or in the wrong session."""
    kills = kills or (QUICK if quick else KILLS)
    died: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as name:
        analyst = Analyst(Path(name), seed)
        for number in range(kills):
            with Program(analyst.folder) as program:
                analyst.come_back(program)
                killer = threading.Timer(analyst.chance.uniform(0.05, _LONGEST), program.process.kill)
                killer.start()
                try:
                    analyst.work(program)
                except EOFError:
                    died[analyst.doing] = died.get(analyst.doing, 0) + 1
                killer.join()
                program.kill()
            analyst.check()
            if not (number + 1) % 20:
                print(f"{number + 1} kills, {sum(analyst.counts.values())} steps confirmed", flush=True)
        with Program(analyst.folder) as program:
            analyst.come_back(program)
            program.quit()
    print("confirmed:", ", ".join(f"{count} {step}" for step, count in sorted(analyst.counts.items())))
    print("killed while:", ", ".join(f"{count} {step}" for step, count in sorted(died.items())))
    return {"kills": kills, "lost": 0, "misplaced": 0, "confirmed": analyst.counts, "killed_while": died}


def _time(seconds: float) -> str:
    from obspy import UTCDateTime

    return str(UTCDateTime("2024-05-01") + round(seconds, 3))


def _untitled(session: _Session) -> bool:
    return session.path.name.startswith("untitled-")


def _picks_in(path: Path) -> Picks:
    end = time.monotonic() + 5
    while True:
        try:
            with Project.open(path) as project:
                found = frozenset(f"{p.channel_id.station} {p.phase} {p.time}" for p in project.picks())
                if project.is_untitled and not found:
                    project.is_untitled = False  # to look at an empty one does not delete it
                return found
        except Exception:
            if time.monotonic() > end:
                raise
