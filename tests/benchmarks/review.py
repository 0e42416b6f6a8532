"""An analyst reviews events in the real window, offscreen, by keyboard alone, with our keys and then with scolv's.

The first 50 events of Ridgecrest, located with the picks that come with the records; with ``--quick`` (or without that
folder) two events of a made network. The analyst zooms to the picks, rejects those far from where they should be, moves
every tenth, confirms the others, and marks each event as final. A key press lasts until everything has been painted;
beside it, how much of that the processor worked for the window: the rest is waiting for the disk and other programs.
"""

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from quakeview.app.keys.scheme import KeyScheme
from quakeview.app.main import build
from quakeview.events.event import Event, EventStatus
from quakeview.events.finding import find_events
from quakeview.events.locating import Locator, sigma_of
from quakeview.events.reviewing import arrival_of
from quakeview.monitoring.exchange import read_picks
from quakeview.monitoring.picks import UNKNOWN, Pick, PickStatus
from quakeview.project import AddPicks, CompleteChannels, ReplaceEvents
from tests.app.program import Program
from tests.app.review_network import picks_of_both, write_network
from tests.benchmarks.association import RIDGECREST

EVENTS = 50
FAR = 4.0
"""Standard deviations beyond which the analyst rejects a pick."""
EVERY = 10
"""One pick of so many is moved before it is confirmed."""
PRESETS = ("QuakeView", "scolv")
_LIMIT = 120.0


def run(quick: bool) -> dict:
    """Both sets of keys, each on half of the events."""
    real = RIDGECREST.is_dir() and not quick
    print("Ridgecrest" if real else "two events of a made network", f"with the keys of {' and '.join(PRESETS)}")
    with tempfile.TemporaryDirectory() as folder:
        controller = _opened(Path(folder), real)
        try:
            analyst = Analyst(controller)
            events = len(controller.session.book.events)
            for preset, number in zip(PRESETS, (events - events // 2, events // 2), strict=True):
                controller.registry.set_scheme(KeyScheme(preset))
                analyst.review(number)
            return analyst.figures()
        finally:
            controller.window.close()
            controller.window.deleteLater()
            QApplication.processEvents()


def _opened(folder: Path, real: bool) -> Program:
    """A window with records, picks and located events."""
    os.environ |= {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("STATE", "DATA", "CONFIG", "CACHE")}
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "config"))
    controller = Program(build(list))
    controller.preferences[controller.preferences.REVIEWER] = "Analyst"
    controller.window.resize(1500, 950)
    controller.window.show()
    picks = picks_of_both()
    files = [RIDGECREST / "mseed", RIDGECREST / "stations.csv"] if real else write_network(folder, picks)
    controller.start(files)
    session = controller.session
    _until(lambda: bool(session.archive.channels) and set(session.records) == set(session.archive.channels))
    if real:
        picks = [_with_component(pick) for pick in read_picks(RIDGECREST / "picks_phasenet.csv")]
    session.book.apply(AddPicks(picks))
    session.book.apply(CompleteChannels(session.archive.channels))
    _until(lambda: not controller.window.runner.active)
    found = find_events(list(session.book), Locator.at(session.coordinates)).events
    session.book.apply(ReplaceEvents((), found[:EVENTS], "Find events"))
    return controller


def _with_component(pick: Pick) -> Pick:
    """The file names instruments alone, ``HH``."""
    return pick.with_(channel_id=pick.channel_id._replace(channel=f"{pick.channel_id.channel}{UNKNOWN}"))


def _until(done: Callable[[], bool]) -> None:
    end = time.perf_counter() + _LIMIT
    while not done():
        if time.perf_counter() > end:
            raise TimeoutError("The window did not get there.")
        QApplication.processEvents()


class Analyst:
    """Presses keys and nothing else; what is decided follows from the residuals that the window shows."""

    def __init__(self, controller: Program) -> None:
        self.controller, self.session = controller, controller.session
        self.review_of_picks = controller.workspace.review
        self.waits: list[tuple[float, float]] = []  # seconds of the clock, and of the processor
        self.relocations: list[float] = []
        self.pauses: list[float] = []
        self.keys_of_pick: list[int] = []
        self.keys_of_events = 0
        self._pressed = 0.0
        self.session.events.editor.came.connect(self._located)

    def review(self, number: int) -> None:
        """So many events of the table, the first that waits first."""
        waiting = [event for event in self.session.book.events if event.status is EventStatus.AUTOMATIC]
        self.controller.workspace.events.review.open(waiting[0].resource_id)
        for _ in range(number):
            self._review_event()

    def _review_event(self) -> None:
        event = self.session.events.open
        if not self.controller.registry["view.zoom_pick"].isChecked():
            self._press("view.zoom_pick")
        while (pick := self._selected()) is not None and pick.status is PickStatus.AUTOMATIC:
            self.keys_of_pick.append(self._decide(event, pick))
            self._settle()
        before = len(self.waits)
        self._press("events.final")
        self._settle()
        self.keys_of_events += len(self.waits) - before
        if self.session.book.events.get(event.resource_id).status is not EventStatus.FINAL:
            raise RuntimeError("The event was not marked as final.")

    def _decide(self, event: Event, pick: Pick) -> int:
        """How many keys that took."""
        before, now = len(self.waits), self.session.book.events.get(event.resource_id)
        arrival = arrival_of(now, pick)
        far = arrival is not None and abs(arrival.residual or 0.0) > FAR * sigma_of(pick)
        if len(self.keys_of_pick) % EVERY == EVERY - 1:
            for _ in range(3):
                self._press("traces.nudge_forward")
        self._press("picks.reject" if far else "picks.confirm")
        if self.session.book.get(pick.resource_id).status is PickStatus.AUTOMATIC:
            raise RuntimeError(f"Nothing was decided about {pick}.")
        return len(self.waits) - before

    def _selected(self) -> Pick | None:
        ids = self.review_of_picks.ids
        return self.session.book.get(ids[0]) if len(ids) == 1 else None

    def _press(self, action_id: str) -> None:
        """The first key of an action, until the window has painted what it did."""
        keys = self.controller.registry[action_id].shortcut()
        self._pressed = begin = time.perf_counter()
        worked = time.thread_time()
        QTest.keySequence(self.controller.workspace.view, keys)
        QApplication.processEvents()
        self.waits.append((time.perf_counter() - begin, time.thread_time() - worked))

    def _located(self, _: Sequence[Event]) -> None:
        self.relocations.append(time.perf_counter() - self._pressed)

    def _settle(self) -> None:
        """Until what was asked for in the background is there; how long that ever held the window up."""
        end = time.perf_counter() + 0.02
        while self.controller.window.runner.active or time.perf_counter() < end:
            begin = time.perf_counter()
            QApplication.processEvents()
            self.pauses.append(time.perf_counter() - begin)

    def figures(self) -> dict[str, float]:
        """Prints the table."""
        waits, worked = 1000 * np.array(self.waits).T
        located = 1000 * np.array(self.relocations)
        book, revision = self.session.book, self.session.events.revision()()
        largest = max(book.events, key=lambda event: len(event.pick_ids))
        begin = time.thread_time()
        revision.moved(largest, book.find(largest.pick_ids))
        alone = 1000 * (time.thread_time() - begin)
        figures = {
            "events": len([event for event in book.events if event.status is EventStatus.FINAL]),
            "decided_picks": len(self.keys_of_pick),
            "keys_per_pick_median": float(np.median(self.keys_of_pick)),
            "keys_per_pick_mean": (len(self.waits)) / len(self.keys_of_pick),
            "key_median_ms": float(np.median(waits)),
            "key_95_ms": float(np.percentile(waits, 95)),
            "key_longest_ms": float(waits.max()),
            "key_95_processor_ms": float(np.percentile(worked, 95)),
            "key_longest_processor_ms": float(worked.max()),
            "pause_longest_ms": 1000 * max(self.pauses, default=0.0),
            "relocated_median_ms": float(np.median(located)),
            "relocated_95_ms": float(np.percentile(located, 95)),
            "most_picks": len(largest.pick_ids),
            "relocation_of_most_picks_processor_ms": alone,
        }
        for name, value in figures.items():
            print(f"  {name.replace('_', ' '):40} {value:8.4g}")
        return {name: round(value, 2) for name, value in figures.items()}
