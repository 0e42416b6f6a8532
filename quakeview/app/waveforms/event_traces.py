"""The event that is opened, on the traces: its time, its stations by distance, when its waves should come."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from obspy import UTCDateTime
from PySide6.QtCore import QObject, Signal

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.traces import PickMark, PickStyle, TraceView
from quakeview.app.waveforms.framing import Stretch
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.work.background import Background
from quakeview.events.event import Event
from quakeview.events.locating import Locator
from quakeview.events.revising import Revision
from quakeview.events.theoretical import Place, theoretical_arrivals, window_of
from quakeview.events.velocity_models import PUBLISHED
from quakeview.jobs import Progress
from quakeview.project.edits import EventsChanged
from quakeview.stations.coordinates import Coordinates
from quakeview.waveforms.channels import ChannelId, Instrument

Arrivals = Mapping[tuple[Place, str], UTCDateTime]
"""When waves should come, by station and phase."""


@dataclass(frozen=True)
class _Before:
    """What was shown before an event was opened."""

    by_name: bool
    view: Stretch


def locator_of(event: Event, coordinates: Mapping[Place, Coordinates], make: Callable[[], Revision]) -> Locator:
    """With the velocity model that an event names, if it is a published one; else with the chosen one."""
    locator, published = make().locator, PUBLISHED.get(event.origin.velocity_model)
    if published is not None and locator.model.name != published.name:
        return Locator.at(coordinates, published)
    return locator


class EventTraces(QObject):
    """Opens an event on the traces, follows it when it is changed, and puts back what was there before.

    Signals:
        changed: another event is open, or none, or some event was changed.
        arrived: the theoretical arrivals are others.

    Args:
        cursor: returns channel and time, seconds since 1970-01-01 UTC, under the cursor of the traces that are seen.
    """

    changed = Signal()
    arrived = Signal()

    def __init__(
        self,
        session: WaveformsSession,
        view: TraceView,
        registry: ActionRegistry,
        cursor: Callable[[], tuple[ChannelId | None, float]],
    ) -> None:
        super().__init__(view)
        self.opened: Event | None = None
        self.theory: Arrivals = {}
        self._session = session
        self._view = view
        self._registry = registry
        self._cursor = cursor
        view.amplitudeMoved.connect(session.events.read_amplitude)
        self._before: _Before | None = None
        self._coordinates: Mapping[Place, Coordinates] = session.coordinates
        self._worker = Background("Computing theoretical arrivals")
        self._worker.ready.connect(self._take_theory)
        self._worker.failed.connect(self._say_no_theory)
        self._action = registry["view.theory"]
        registry.bind("view.theory", self._show_theory, lambda: self.opened is not None or "Open an event first.")
        registry.bind(
            "events.amplitude", self._read_amplitude, lambda: self.opened is not None or "Open an event first."
        )
        session.stationsChanged.connect(self._follow_stations)
        session.projectChanged.connect(self.start)
        self._unsubscribe: Callable[[], None] = lambda: None
        self.start()

    def start(self) -> None:
        """Begin with the project of the session, in which no event is open yet."""
        self._unsubscribe()
        self._unsubscribe = self._session.book.events.subscribe(self._follow_events)
        self.opened = self._before = None
        self._action.setChecked(self._session.state.get("theory", True))
        self._take_theory({})
        self.changed.emit()

    def restore(self) -> None:
        """Open what the view state of the project says was open; the view and the order are restored elsewhere."""
        self._action.setChecked(self._session.state.get("theory", True))
        event = self._session.book.events.get(self._session.state.get("event", ""))
        if event is not None:
            self._use(event)

    def open(self, event: Event | None) -> None:
        """Show an event from before its first P to after its last S, or what was shown before there was one."""
        if event is None:
            self._close()
            return
        if self.opened is not None and self.opened.resource_id == event.resource_id:
            self._use(event)
            return
        if self._before is None:
            by_name = self._registry["view.sort_name"].isChecked()
            self._before = _Before(by_name, self._view.view)
        self._use(event)
        self._remember("event", event.resource_id)
        if not self._registry["view.sort_distance"].isChecked():
            self._registry["view.sort_distance"].trigger()
        self._view.set_view(*self.window(event))

    def _close(self) -> None:
        before, self._before, self.opened = self._before, None, None
        self._session.state.pop("event", None)
        self._session.save_later()
        self._worker.forget()
        self._take_theory({})
        self._session.events.show(None)
        if before is not None:
            if before.by_name:
                self._registry["view.sort_name"].trigger()
            self._view.set_view(*before.view)
        self.changed.emit()

    def _use(self, event: Event) -> None:
        self.opened = event
        self._session.events.show(event)
        self._compute()
        self.changed.emit()
        self._registry.refresh()

    def window(self, event: Event) -> Stretch:
        """From before the first P of an event to after its last S, seconds since 1970-01-01 UTC."""
        session = self._session
        paths = (session.path_to(station) for station in session.stations)
        picks = {pick.resource_id: pick for pick in session.book.find(event.pick_ids)}
        first, last = window_of(event.origin, picks, [path.distance for path in paths if path is not None])
        return first.ns / 1e9, last.ns / 1e9

    # --- following -----------------------------------------------------------------------------------------------

    def _follow_events(self, change: EventsChanged) -> None:
        before = self.opened
        now = None if before is None else self._session.book.events.get(before.resource_id)
        if before is not None and now is None:
            self._close()
        elif before is None or now is None or (now.origin, now.magnitudes) == (before.origin, before.magnitudes):
            self.opened = now
            self.changed.emit()
        else:
            self._use(now)

    def _follow_stations(self) -> None:
        if self._session.coordinates is not self._coordinates:
            self._coordinates = self._session.coordinates
            self._compute()

    # --- theoretical arrivals ------------------------------------------------------------------------------------

    def _compute(self) -> None:
        """In the background: a velocity model that is new takes half a second."""
        event, coordinates, make = self.opened, self._session.coordinates, self._session.events.revision()
        if event is None or not coordinates:
            self._take_theory({})
            return

        def work(_: Progress) -> Arrivals:
            locator = locator_of(event, coordinates, make)
            return theoretical_arrivals(event.origin, coordinates, locator.times)

        self._worker.ask(work)

    def _take_theory(self, theory: Arrivals) -> None:
        self.theory = theory
        self._draw_theory()
        self.arrived.emit()

    def _say_no_theory(self, sentence: str) -> None:
        self._take_theory({})
        self._session.noticed.emit(sentence, [])

    def _draw_theory(self) -> None:
        """And the amplitudes that were read, which can be dragged."""
        marks: defaultdict[Instrument, list[PickMark]] = defaultdict(list)
        times: defaultdict[Place, list[tuple[str, float]]] = defaultdict(list)
        if self._action.isChecked():
            for (place, phase), time in self.theory.items():
                times[place].append((phase, time.ns / 1e9))
        for station, channels in self._session.stations.items():
            first = next(iter(channels.values()))
            for phase, seconds in times[station[:2]]:
                marks[station].append(PickMark("", first, phase, seconds, PickStyle.THEORETICAL))
        for amplitude in self.opened.amplitudes if self.opened is not None else ():
            if amplitude.magnitude is not None:
                channel, seconds = amplitude.channel_id, amplitude.time.ns / 1e9
                marks[Instrument.of(channel)].append(PickMark("", channel, "A", seconds, PickStyle.AMPLITUDE))
        self._view.set_theory(marks)

    def _read_amplitude(self) -> None:
        channel, seconds = self._cursor()
        if channel is None:
            self._session.noticed.emit("Put the cursor on a trace to read an amplitude there.", [])
        else:
            self._session.events.read_amplitude(channel, seconds)

    def _show_theory(self, on: bool) -> None:
        self._remember("theory", on)
        self._draw_theory()

    def _remember(self, name: str, value: object) -> None:
        self._session.state[name] = value
        self._session.save_later()
