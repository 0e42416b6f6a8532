"""What a person does to events. What must be located is located on a worker thread; every edit is one undo step."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain

from obspy import UTCDateTime
from PySide6.QtCore import QObject, QTimer, Signal

from quakeview.app.waveforms.event_method import attenuation_law
from quakeview.app.work.running import JobRunner
from quakeview.events.amplitudes import Records, with_amplitude_at
from quakeview.events.event import Event, EventStatus
from quakeview.events.locating import METHOD, Locator
from quakeview.events.magnitudes import sized
from quakeview.jobs import Job
from quakeview.monitoring.picks import Pick
from quakeview.project import PickBook, PicksChanged, ReplaceEvents
from quakeview.stations.book import StationBook
from quakeview.texts import counted
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId

Locate = Callable[[Locator], Sequence[Event]]
Sources = tuple[Archive, StationBook, str]
"""What an amplitude is read from, and the magnitude scale as the preferences name it."""
Maker = Callable[[], Callable[[], Locator]]


class EventEditor(QObject):
    """Edits the book that ``book()`` returns; ids that are no longer there are ignored.

    Signals:
        came: the events as an edit left them, a list.
        noticed: why an event could not be located, and further sentences.

    Args:
        book: the picks and events.
        locator: returns what makes the locator on a worker thread.
    """

    came = Signal(list)
    noticed = Signal(str, list)

    def __init__(
        self,
        runner: JobRunner,
        book: Callable[[], PickBook],
        locator: Callable[[], Callable[[], Locator]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._runner, self._book, self._locator = runner, book, locator
        self._forget: Callable[[], None] = lambda: None

    # --- judging -----------------------------------------------------------------------------------------------

    def review(self, ids: Iterable[str]) -> None:
        """Agree with events; a new search leaves them alone."""
        self._judge(ids, EventStatus.REVIEWED, "Mark {} as reviewed")

    def reject(self, ids: Iterable[str]) -> None:
        """Disagree; they are kept, pale, so that a new search does not bring them back."""
        self._judge(ids, EventStatus.REJECTED, "Reject {}")

    def delete(self, ids: Iterable[str]) -> None:
        """Remove events; their picks stay."""
        if gone := self._book().events.find(ids):
            self._apply(gone, (), f"Remove {_named(gone)}")

    def _judge(self, ids: Iterable[str], status: EventStatus, text: str) -> None:
        if events := self._book().events.find(ids):
            self._apply((), [event.with_(status=status) for event in events], text.format(_named(events)))

    # --- locating ----------------------------------------------------------------------------------------------

    def relocate(self, ids: Iterable[str]) -> None:
        """Locate events again with their picks; a fixed depth stays."""
        events = self._book().events.find(ids)
        work = [(event, self._picks(event.pick_ids)) for event in events]
        self._locate(f"Relocate {_named(events)}", lambda locator: [_again(locator, *each) for each in work])

    def set_depth(self, ids: Iterable[str], depth: float | None) -> None:
        """Locate events again with a fixed depth, m, or with a free one."""
        events = self._book().events.find(ids)
        work = [(event, self._picks(event.pick_ids)) for event in events]
        text = "Free the depth of" if depth is None else f"Fix the depth at {depth / 1000:g} km of"
        self._locate(
            f"{text} {_named(events)}",
            lambda locator: [_reviewed(locator.with_(depth=depth).relocated(*each)) for each in work],
        )

    def locate(self, pick_ids: Sequence[str]) -> None:
        """Make an event of picks; they leave those that they belonged to, which are located again."""
        picks = self._picks(pick_ids)
        left = [event.without(set(pick_ids)) for event in self._book().events.of_picks(pick_ids)]
        work = [(event, self._picks(event.pick_ids)) for event in left if event.pick_ids]
        self._locate(
            f"Locate an event with {counted(len(picks), 'pick')}",
            lambda locator: [
                Event(locator.origin(picks), status=EventStatus.REVIEWED),
                *(_again(locator, *each) for each in work),
            ],
            [event for event in left if not event.pick_ids],
        )

    def merge(self, ids: Iterable[str]) -> None:
        """Make one event of several: the first, located with the picks of all."""
        events = self._book().events.find(ids)
        picks = self._picks(chain.from_iterable(event.pick_ids for event in events))
        self._locate(
            f"Merge {counted(len(events), 'event')}",
            lambda locator: [_again(locator, events[0], picks).with_(amplitudes=(), magnitudes=())],
            events[1:],
        )

    def read_amplitude(self, event_id: str, channel: ChannelId, time: UTCDateTime, sources: Sources) -> None:
        """Read the amplitude of an event on a channel at a time that a person chose, and size the event again."""
        if (event := self._book().events.get(event_id)) is not None:
            self._locate(
                f"Read the amplitude on {channel}", lambda locator: [_sized(sources, locator, event, channel, time)]
            )

    def take_out(self, pick_ids: Iterable[str]) -> None:
        """Take picks out of their events, which are located again; the picks stay."""
        taken = set(pick_ids)
        events = [event.without(taken) for event in self._book().events.of_picks(taken)]
        work = [(event, self._picks(event.pick_ids)) for event in events]
        self._locate(f"Take picks out of {_named(events)}", lambda locator: [_again(locator, *each) for each in work])

    def put_in(self, event_id: str, pick_ids: Iterable[str]) -> None:
        """Let picks belong to an event, which is located again."""
        if (event := self._book().events.get(event_id)) is not None:
            picks = self._picks({*event.pick_ids, *pick_ids})
            self._locate(f"Add picks to {_named([event])}", lambda locator: [_again(locator, event, picks)])

    def follow(self, book: PickBook) -> None:
        """Locate events of this book again, and of no other, when a person changes their picks."""
        self._forget()
        self._forget = book.subscribe(lambda changed: self._hear(book, changed))

    def _hear(self, book: PickBook, changed: PicksChanged) -> None:
        """Picks are told before events: what is gone is still of an event. What came back by undo is as it was."""
        ids = [*changed.gone, *(pick.resource_id for pick in changed.came)]
        events = [event.resource_id for event in book.events.of_picks(ids) if is_ours(event)]
        if events and book.newest_step is not None:
            QTimer.singleShot(0, partial(self._follow, book, events, book.newest_step))

    def _follow(self, book: PickBook, ids: Sequence[str], step: int) -> None:
        """As part of the undo step in which the picks were changed."""
        work = [(event, self._picks(event.pick_ids)) for event in book.events.find(ids)]
        text = f"Relocate {_named([event for event, _ in work])}"
        if work and book is self._book():
            self._locate(text, lambda locator: [_moved(locator, *each) for each in work], extends=step)

    def _locate(self, text: str, locate: Locate, gone: Sequence[Event] = (), extends: int | None = None) -> None:
        book, make = self._book(), self._locator()
        job = self._runner.start(Job(text, lambda _: list(locate(make()))), announced=False)
        job.finished.connect(lambda came: self._apply(gone, came, text, extends) if book is self._book() else None)
        job.failed.connect(lambda sentence, _: self.noticed.emit(sentence, []))

    def _apply(self, gone: Sequence[Event], came: Sequence[Event], text: str, extends: int | None = None) -> None:
        self._book().apply(ReplaceEvents([event.resource_id for event in gone], came, text), extends=extends)
        self.came.emit(list(came))

    def _picks(self, pick_ids: Iterable[str]) -> list[Pick]:
        return self._book().find(pick_ids)


def _sized(sources: Sources, locator: Locator, event: Event, channel: ChannelId, time: UTCDateTime) -> Event:
    """With an amplitude that a person read, and the magnitude that follows."""
    archive, stations, law = sources
    read = with_amplitude_at(Records(archive, stations, locator.times), event, channel, time)
    return _reviewed(sized(read, stations.coordinates_at(event.time), attenuation_law(law)))


def _again(locator: Locator, event: Event, picks: Sequence[Pick]) -> Event:
    """Located again by a person."""
    return _reviewed(_moved(locator, event, picks))


def _moved(locator: Locator, event: Event, picks: Sequence[Pick]) -> Event:
    """Located again; a depth that was fixed stays."""
    return locator.with_(depth=event.origin.depth if event.origin.depth_fixed else None).relocated(event, picks)


def _reviewed(event: Event) -> Event:
    return event.with_(status=EventStatus.REVIEWED)


def is_ours(event: Event) -> bool:
    """Whether QuakeView located it: what an agency published does not move because a pick does."""
    return event.origin.method == METHOD


def _named(events: Sequence[Event]) -> str:
    if len(events) == 1:
        return f"the event of {events[0].time.strftime('%H:%M:%S')}"
    return counted(len(events), "event")
