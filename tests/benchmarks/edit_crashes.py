"""A day of edits of picks and events, killed by ``kill -9`` at random moments: is every edit there that was shown?

A process does at random what an analyst does: adds, moves, confirms, rejects and deletes picks, locates, judges, merges
and removes events, with undo and redo. Before each edit it tells what the project will hold, and after it that the edit
is done; what a window shows follows then. After each kill the file must hold what was done last, or what was under way.
"""

import hashlib
import multiprocessing
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from obspy import UTCDateTime

from quakeview.events.event import Arrival, Event, EventStatus, Magnitude, Origin
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.project import (
    AddPicks,
    ChangePicks,
    Edit,
    FinalEventError,
    PickBook,
    Project,
    RemovePicks,
    ReplaceEvents,
)
from quakeview.waveforms.channels import ChannelId

KILLS, QUICK = 200, 20
SHORTEST, LONGEST = 0.05, 1.5
"""Seconds of work before a kill."""
_BEGIN = UTCDateTime("2019-07-04T17:00:00")
_MOST = 80
"""Picks beyond which old ones are deleted, so that looking at all of them stays quick."""


def run(quick: bool, seed: int = 0) -> dict:
    """So many kills; raises ``AssertionError`` at the first edit that is lost."""
    kills = QUICK if quick else KILLS
    chance, done, under_way = random.Random(seed), Counter[str](), 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "day.qvproj"
        allowed = {digest(PickBook(Project()))}
        for number in range(kills):
            allowed, shown, killed_in = _one_life(path, seed + number, chance.uniform(SHORTEST, LONGEST), allowed)
            done.update(shown)
            under_way += killed_in
            with Project(path) as project:
                found = digest(PickBook(project))
            assert found in allowed, f"kill {number + 1}: the file does not hold what was shown"
            allowed = {found}
    total = sum(done.values())
    print(f"{kills} kills, {under_way} of them during an edit; {total:,} edits were shown, none was lost:")
    print("  " + ", ".join(f"{count:,} {name}" for name, count in sorted(done.items())))
    return {"kills": kills, "during_an_edit": under_way, "edits_shown": total, "lost": 0, "edits": dict(done)}


def digest(book: PickBook) -> str:
    """Of all picks and events, every digit of them."""
    content = repr((sorted(map(repr, book)), sorted(map(repr, book.events))))
    return hashlib.sha256(content.encode()).hexdigest()


def _one_life(path: Path, seed: int, seconds: float, before: set[str]) -> tuple[set[str], Counter[str], bool]:
    """What the file may hold after it, which edits were shown, and whether one was under way at the end."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    worker = multiprocessing.get_context("fork").Process(target=_work, args=(path, seed, theirs))
    worker.start()
    theirs.close()
    assert ours.recv() == ("open", ""), "the project did not open"
    time.sleep(seconds)
    os.kill(worker.pid or 0, signal.SIGKILL)
    worker.join()
    (settled,), pending, shown = before, "", Counter[str]()
    while True:
        try:
            what, text = ours.recv()
        except EOFError:
            break
        if what == "will":
            pending = text
        else:
            settled, pending = pending, ""
            shown[text] += 1
    ours.close()
    return {settled, *([pending] if pending else [])}, shown, bool(pending)


def _work(path: Path, seed: int, tell: Connection) -> None:
    """Until it is killed."""
    analyst = _Analyst(PickBook(Project(path)), seed)
    tell.send(("open", ""))
    while True:
        analyst.step(tell)


class _Analyst:
    """Does each edit twice: in memory, which tells what the file will hold, and then in the file."""

    def __init__(self, book: PickBook, seed: int) -> None:
        self.book, self.twin = book, PickBook(Project())
        self.chance = random.Random(seed)
        self.twin.apply(AddPicks(list(book)))
        self.twin.apply(ReplaceEvents((), list(book.events), "as it was"))
        self.steps, self.undone = 0, 0

    def step(self, tell: Connection) -> None:
        """One edit, or one step back or forth."""
        names = ("add", "add", "move", "confirm", "reject", "delete", "locate", "judge", "merge", "remove")
        name = self.chance.choice([*names, *["undo"] * bool(self.steps), *["redo"] * bool(self.undone)])
        if name in ("undo", "redo"):
            self.steps, self.undone = (
                (self.steps - 1, self.undone + 1) if name == "undo" else (self.steps + 1, self.undone - 1)
            )
            self._do(tell, name, lambda book: getattr(book, name)())
        elif (edit := getattr(self, f"_{name}")()) is not None and self._changes(edit):
            self.steps, self.undone = self.steps + 1, 0
            self._do(tell, name, lambda book: book.apply(edit))

    def _do(self, tell: Connection, name: str, edit: Callable[[PickBook], object]) -> None:
        edit(self.twin)
        tell.send(("will", digest(self.twin)))
        edit(self.book)
        tell.send(("done", name))

    def _changes(self, edit: Edit) -> bool:
        """Whether it is allowed and does anything: an edit that does nothing is no step."""
        try:
            return bool(edit.difference(self.twin))
        except FinalEventError:
            return False

    # --- edits, all with ids of their own so that both books get the same --------------------------------------

    def _any_pick(self) -> Pick | None:
        picks = list(self.twin)
        return self.chance.choice(picks) if picks else None

    def _any_events(self, number: int) -> list[Event]:
        events = list(self.twin.events)
        return self.chance.sample(events, number) if len(events) >= number else []

    def _add(self) -> Edit | None:
        if len(self.twin) >= _MOST:
            return RemovePicks([pick.resource_id for pick in list(self.twin)[: _MOST // 2]])
        channel = ChannelId("XX", f"S{self.chance.randrange(12):02d}", "", "HHZ")
        time = _BEGIN + round(self.chance.uniform(0, 86400), 3)
        return AddPicks((Pick(channel, self.chance.choice("PS"), time, PickStatus.AUTOMATIC, model="m"),))

    def _move(self) -> Edit | None:
        pick = self._any_pick()
        return None if pick is None else ChangePicks((pick.moved(pick.time + self.chance.uniform(-1, 1)),), "Move")

    def _confirm(self) -> Edit | None:
        pick = self._any_pick()
        return None if pick is None else ChangePicks((pick.confirmed(),), "Confirm")

    def _reject(self) -> Edit | None:
        pick = self._any_pick()
        return None if pick is None else ChangePicks((pick.rejected(),), "Reject")

    def _delete(self) -> Edit | None:
        pick = self._any_pick()
        return None if pick is None else RemovePicks((pick.resource_id,))

    def _locate(self) -> Edit | None:
        picks = list(self.twin)
        if len(picks) < 6 or len(self.twin.events) > 12:
            return None
        chosen = self.chance.sample(picks, 6)
        arrivals = tuple(Arrival(pick.resource_id, pick.phase, 1e4, 10.0, self.chance.gauss(0, 0.1)) for pick in chosen)
        place = 35.7 + self.chance.gauss(0, 0.1), -117.5 + self.chance.gauss(0, 0.1)
        origin = Origin(min(pick.time for pick in chosen) - 2, *place, 8000.0, arrivals=arrivals, rms=0.1)
        return ReplaceEvents((), (Event(origin, (Magnitude("ML", self.chance.gauss(2, 1)),)),), "Locate")

    def _judge(self) -> Edit | None:
        kind = self.chance.choice((None, None, "quarry blast", "explosion"))
        came = [
            event.judged(self.chance.choice(list(EventStatus)), kind).signed("Ana", _BEGIN)
            for event in self._any_events(1)
        ]
        return ReplaceEvents((), came, "Judge") if came else None

    def _merge(self) -> Edit | None:
        events = self._any_events(2)
        return ReplaceEvents([events[1].resource_id], [events[0].with_(name="both")], "Merge") if events else None

    def _remove(self) -> Edit | None:
        events = self._any_events(1)
        return ReplaceEvents([event.resource_id for event in events], (), "Remove") if events else None
