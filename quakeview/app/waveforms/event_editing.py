"""What a person does to events. What must be located is located on a worker thread; every edit is one undo step."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from obspy import UTCDateTime
from PySide6.QtCore import QObject, QTimer, Signal

from quakeview.app.work.running import JobRunner
from quakeview.events.event import NOISE, Event, EventStatus
from quakeview.events.locating import METHOD
from quakeview.events.revising import Revision, locates_otherwise
from quakeview.jobs import Job
from quakeview.monitoring.picks import Pick
from quakeview.project import FinalEventError, PickBook, PicksChanged, ReplaceEvents
from quakeview.texts import counted
from quakeview.waveforms.channels import ChannelId


class EventEditor(QObject):
    """Edits the book that ``book()`` returns; ids that are no longer there are ignored.

    Signals:
        came: the events as an edit left them, a list.
        relocated: an event before and after it was located again, and the undo step.
        noticed: why an event could not be located, and further sentences.

    Args:
        book: the picks and events.
        revision: returns what makes, on a worker thread, that which locates and sizes.
        reviewer: returns the name of the person at the screen.
    """

    came = Signal(list)
    relocated = Signal(object, object, int)
    noticed = Signal(str, list)

    def __init__(
        self,
        runner: JobRunner,
        book: Callable[[], PickBook],
        revision: Callable[[], Callable[[], Revision]],
        reviewer: Callable[[], str],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._runner, self._book, self._revision, self._reviewer = runner, book, revision, reviewer
        self._forget: Callable[[], None] = lambda: None

    # --- judging -----------------------------------------------------------------------------------------------

    def judge(self, ids: Iterable[str], status: EventStatus, kind: str | None = None) -> bool:
        """Agree or disagree with events, or say what ``kind`` they are; a new search does not bring them again.

        Returns:
            whether that could be done: what is final is only marked as reviewed.
        """
        events = self._book().events.find(ids)
        word = "an earthquake" if kind == "" else "noise" if kind == NOISE else kind or status
        text = f"Reject {_named(events)}" if status is EventStatus.REJECTED else f"Mark {_named(events)} as {word}"
        return self._apply((), [event.judged(status, kind) for event in events], text)

    def delete(self, ids: Iterable[str]) -> None:
        """Remove events; their picks stay."""
        if gone := self._book().events.find(ids):
            self._apply(gone, (), f"Remove {_named(gone)}")

    # --- locating ----------------------------------------------------------------------------------------------

    def relocate(self, ids: Iterable[str]) -> None:
        """Locate events again with their picks; a fixed depth stays."""
        self._work(lambda: self._each("Relocate {}", ids, _again))

    def set_depth(self, ids: Iterable[str], depth: float | None) -> None:
        """Locate events again with a fixed depth, m, or with a free one."""
        text = "Free the depth of {}" if depth is None else f"Fix the depth at {depth / 1000:g} km of {{}}"
        self._work(lambda: self._each(text, ids, lambda by, *each: _reviewed(by.at_depth(*each, depth))))

    def locate(self, pick_ids: Sequence[str]) -> None:
        """Make an event of picks; they leave those that they belonged to, which are located again."""

        def prepare() -> _Work:
            picks, bereft = self._picks(pick_ids), self._book().events.of_picks(pick_ids)
            left = [(event, self._picks(set(event.pick_ids).difference(pick_ids))) for event in bereft]
            return _Work(
                f"Locate an event with {counted(len(picks), 'pick')}",
                bereft,
                [*picks, *chain.from_iterable(rest for _, rest in left)],
                lambda by: [by.made(picks), *(_again(by, *each) for each in left if each[1])],
                [event for event, rest in left if not rest],
            )

        self._work(prepare)

    def merge(self, ids: Iterable[str]) -> None:
        """Make one event of several: the first, located and sized with the picks of all."""

        def prepare() -> _Work | None:
            events = self._book().events.find(ids)
            picks = self._picks(chain.from_iterable(event.pick_ids for event in events))
            text = f"Merge {counted(len(events), 'event')}"
            return _Work(text, events, picks, lambda by: [by.merged(events[0], picks)], events[1:]) if events else None

        self._work(prepare)

    def read_amplitude(self, event_id: str, channel: ChannelId, time: UTCDateTime) -> None:
        """Read the amplitude of an event on a channel at a time that a person chose, and size the event again."""
        text = f"Read the amplitude on {channel} of {{}}"
        self._work(
            lambda: self._each(
                text, [event_id], lambda by, event, _: _reviewed(by.with_amplitude(event, channel, time))
            )
        )

    def take_out(self, pick_ids: Iterable[str]) -> None:
        """Take picks out of their events, which are located again; the picks stay."""
        taken = set(pick_ids)

        def prepare() -> _Work | None:
            ids = [event.resource_id for event in self._book().events.of_picks(taken)]
            return self._each("Take picks out of {}", ids, _again, lambda own: own - taken)

        self._work(prepare)

    def put_in(self, event_id: str, pick_ids: Collection[str]) -> None:
        """Let picks belong to an event; those that they belonged to are located again as well."""

        def prepare() -> _Work | None:
            events = self._book().events
            target, picks = events.get(event_id), self._picks(pick_ids)
            if target is None or not picks:
                return None
            left = [
                (event, self._picks(set(event.pick_ids).difference(pick_ids)))
                for event in events.of_picks(pick_ids)
                if event.resource_id != event_id
            ]
            joined = self._picks({*target.pick_ids, *pick_ids})
            return _Work(
                f"{'Move' if left else 'Add'} {counted(len(picks), 'pick')} to {_named([target])}",
                [target, *(event for event, _ in left)],
                [*joined, *chain.from_iterable(rest for _, rest in left)],
                lambda by: [_again(by, target, joined), *(_again(by, *each) for each in left if each[1])],
                [event for event, rest in left if not rest],
            )

        self._work(prepare)

    def follow(self, book: PickBook) -> None:
        """Locate events of this book again, and of no other, when a person changes their picks."""
        self._forget()
        self._forget = book.subscribe(lambda changed: self._hear(book, changed))

    def _hear(self, book: PickBook, changed: PicksChanged) -> None:
        """Picks are told before events: what is gone is still of an event. What came back by undo is as it was."""
        before = {pick.resource_id: pick for pick in changed.were}
        moved = [pick.resource_id for pick in changed.came if locates_otherwise(before.get(pick.resource_id), pick)]
        ids = [*changed.gone, *moved]
        events = [event.resource_id for event in book.events.of_picks(ids) if is_ours(event)]
        read = [pick.resource_id for pick in changed.came if _has_polarity(pick, before.get(pick.resource_id))]
        others = [event.resource_id for event in book.events.of_picks(read) if is_ours(event)]
        fitted = [event_id for event_id in others if event_id not in events]
        step = book.newest_step
        if step is None:
            return
        for again, text, change in (
            (events, "Relocate {}", Revision.moved),
            (fitted, "Fit the mechanism of {}", Revision.solved),
        ):
            if again:  # as part of the undo step in which the picks were changed
                work = partial(self._each, text, again, change)
                QTimer.singleShot(0, self, partial(self._work, work, step))

    def _each(
        self,
        text: str,
        ids: Iterable[str],
        change: Callable[[Revision, Event, Sequence[Pick]], Event],
        choose: Callable[[set[str]], set[str]] = lambda own: own,
    ) -> "_Work | None":
        """A change of each of some events with its picks, or with those that ``choose`` makes of them."""
        events = self._book().events.find(ids)
        work = [(event, self._picks(choose(set(event.pick_ids)))) for event in events]
        picks = list(chain.from_iterable(own for _, own in work))
        name = text.format(_named(events))
        return _Work(name, events, picks, lambda by: [change(by, *each) for each in work]) if events else None

    def _work(self, prepare: Callable[[], "_Work | None"], extends: int | None = None) -> None:
        """Do it on a worker thread; if events or picks were changed meanwhile, prepare it anew."""
        book, make, work = self._book(), self._revision(), prepare()
        if work is None:
            return
        if final := [event for event in work.events if event.status is EventStatus.FINAL]:
            self.noticed.emit(str(FinalEventError(final[0])), [])
            return
        job = self._runner.start(Job(work.text, lambda _: work.make(make())), announced=False)

        def finish(came: list[Event]) -> None:
            if book is not self._book():
                return
            if work.is_stale(book):
                self._work(prepare, extends)
            else:
                self._apply(work.gone, came, work.text, extends)

        job.finished.connect(finish)
        job.failed.connect(lambda sentence, _: self.noticed.emit(sentence, []))

    def _apply(self, gone: Sequence[Event], came: Sequence[Event], text: str, extends: int | None = None) -> bool:
        """Whether it was done: nothing of what is final is changed."""
        book, came = self._book(), [self._signed(event) for event in came]
        before = {event.resource_id: event for event in book.events.find(event.resource_id for event in came)}
        try:
            step = book.apply(ReplaceEvents([event.resource_id for event in gone], came, text), extends=extends)
        except FinalEventError as error:
            self.noticed.emit(str(error), [])
            return False
        self.came.emit(list(came))
        for event in reversed(came):  # the first is the one that the edit is about, and the last word
            old = before.get(event.resource_id)
            if old is not None and old.origin != event.origin:
                self.relocated.emit(old, event, step)
        return True

    def _signed(self, event: Event) -> Event:
        """With the name of the person who changes it, if a person stands behind it."""
        if event.status is EventStatus.AUTOMATIC:
            return event
        return event.signed(self._reviewer(), UTCDateTime())

    def _picks(self, pick_ids: Iterable[str]) -> list[Pick]:
        return self._book().find(pick_ids)


@dataclass(frozen=True)
class _Work:
    """Something to be located: from which events and picks, as they are now, and what goes when it is done."""

    text: str
    events: Sequence[Event]
    picks: Sequence[Pick]
    make: Callable[[Revision], list[Event]]
    gone: Sequence[Event] = ()

    def is_stale(self, book: PickBook) -> bool:
        """Whether one of them is no longer what it was."""
        of_events = any(book.events.get(event.resource_id) != event for event in self.events)
        return of_events or any(book.get(pick.resource_id) != pick for pick in self.picks)


def _again(by: Revision, event: Event, picks: Sequence[Pick]) -> Event:
    """Located again by a person."""
    return _reviewed(by.moved(event, picks))


def _has_polarity(*picks: Pick | None) -> bool:
    return any(pick is not None and pick.polarity is not None for pick in picks)


def _reviewed(event: Event) -> Event:
    return event.with_(status=EventStatus.REVIEWED)


def is_ours(event: Event) -> bool:
    """Whether QuakeView located it: what an agency published does not move because a pick does."""
    return event.origin.method == METHOD


def _named(events: Sequence[Event]) -> str:
    if len(events) == 1:
        return f"the event of {events[0].time.strftime('%H:%M:%S')}"
    return counted(len(events), "event")
