"""Which picks are selected, and going through them: select, add, move, judge, next."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.traces import TraceView
from quakeview.app.waveforms.editing import PickEditor
from quakeview.app.waveforms.picks_table import PicksPanel
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.events.reviewing import in_review_order
from quakeview.monitoring.picks import Pick, PickStatus, Polarity
from quakeview.waveforms.channels import ChannelId, Instrument

_WAITING = PickStatus.AUTOMATIC


class PickReview(QObject):
    """Keeps trace views and table on the same picks, and does the actions on them.

    Signals:
        shown: the station of the one pick that was selected.
        changed: the selection is another one.
        ended: the open event has no further pick, or none before (-1), and how many of its picks wait.
        said: what one should know now, a sentence.

    Args:
        uncertainty: returns that of a pick that a person sets, s; None: it has none.
    """

    shown = Signal(object)
    changed = Signal()
    ended = Signal(int, int)
    said = Signal(str)

    def __init__(
        self,
        session: WaveformsSession,
        view: TraceView,
        panel: PicksPanel,
        uncertainty: Callable[[], float | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.ids: list[str] = []
        self.editor = PickEditor(lambda: session.book, uncertainty, lambda sentence: session.noticed.emit(sentence, []))
        self._session = session
        self._views: list[TraceView] = []
        self._panel = panel
        self.follow(view)
        panel.selected.connect(lambda ids: self.select(ids, from_table=True))

    def follow(self, view: TraceView) -> None:
        """Keep this view on the same picks too, and do what is asked there."""
        self._views.append(view)
        view.set_phase(self.phase)
        view.pickClicked.connect(lambda pick_id: self.select([pick_id]))
        view.pickMoved.connect(self._move)
        view.pickRequested.connect(self._add)

    @property
    def phase(self) -> str:
        """What Space and double-click pick."""
        return self._views[0].phase

    def set_phase(self, phase: str) -> None:
        """Space and double-click pick this phase from now on."""
        for view in self._views:
            view.set_phase(phase)

    def bind(self, registry: ActionRegistry) -> None:
        """Do the actions on picks."""
        bind, editor = registry.bind, self.editor
        bind("picks.next", lambda: self.step(1), self._has_picks)
        bind("picks.previous", lambda: self.step(-1), self._has_picks)
        bind("picks.next_station", lambda: self.step_station(1), self._has_open_event)
        bind("picks.previous_station", lambda: self.step_station(-1), self._has_open_event)
        bind("picks.confirm", lambda: self._judge(editor.confirm), self.has_selection)
        bind("picks.reject", lambda: self._judge(editor.reject), self.has_selection)
        bind("picks.delete", lambda: editor.delete(self.ids), self.has_selection)
        for action_id, polarity in (("up", Polarity.UP), ("down", Polarity.DOWN), ("no_polarity", None)):
            bind(f"picks.{action_id}", partial(self._set_polarity, polarity), self.has_selection)
        bind("traces.deselect", lambda: self.select([]), self.has_selection)

    def select(self, ids: Iterable[str], from_table: bool = False) -> None:
        """Select picks everywhere; a single one is brought into view."""
        self.ids = list(ids)
        if not from_table:
            self._panel.select(self.ids if len(self.ids) == 1 else [])
        if len(self.ids) == 1:
            pick = self._session.book.get(self.ids[0])
            if pick is not None and Instrument.of(pick.channel_id) in self._session.stations:
                for view in self._views:
                    view.show_pick(pick.resource_id)
                self.shown.emit(Instrument.of(pick.channel_id))
        self.refresh()

    def forget(self, gone: Iterable[str]) -> None:
        """Picks that are no longer there are no longer selected."""
        self.ids = [pick_id for pick_id in self.ids if pick_id not in gone]
        self.refresh()

    def refresh(self) -> None:
        """Show the selection as the picks are now."""
        for view in self._views:
            view.select_pick(self.ids[0] if len(self.ids) == 1 else None)
        self.changed.emit()

    def begin(self) -> None:
        """The first pick of the open event that waits, else the first."""
        order = self._of_open_event()
        first = next((pick for pick in order if pick.status is _WAITING), order[0] if order else None)
        if first is not None:
            self.select([first.resource_id])

    def step(self, by: int) -> None:
        """Select the next pick (``by`` = 1) or the one before (-1) that has data.

        Of the open event they go from the nearest station to the farthest; else through the table, round and round.
        """
        if self._session.events.open is not None:
            self._go_to(self._of_open_event(), by)
        else:
            self._step_in_table(by)

    def step_station(self, by: int) -> None:
        """Select the first pick that waits, else the first, at the next station of the open event by distance."""
        order = self._of_open_event()
        stations = list(dict.fromkeys(pick.channel_id[:2] for pick in order))
        here = self._place_in(order)
        number = by + (stations.index(order[here].channel_id[:2]) if here is not None else min(-by, 0))
        if not 0 <= number < len(stations):
            self.said.emit("That is the farthest station with a pick." if by > 0 else "That is the nearest station.")
            return
        there = [pick for pick in order if pick.channel_id[:2] == stations[number]]
        self.select([next((pick for pick in there if pick.status is _WAITING), there[0]).resource_id])

    def _of_open_event(self) -> list[Pick]:
        """In the order of the review, those with data."""
        event = self._session.events.open
        if event is None:
            return []
        picks = self._session.book.find(event.pick_ids)
        return in_review_order(event, filter(self._session.has_data, picks))

    def _place_in(self, order: Sequence[Pick]) -> int | None:
        """Of the selected pick."""
        return next((place for place, pick in enumerate(order) if pick.resource_id in self.ids[:1]), None)

    def _go_to(self, order: Sequence[Pick], by: int, wanted: Callable[[Pick], bool] = lambda pick: True) -> None:
        """The next pick of the open event that is wanted, or say that there is none."""
        here = self._place_in(order)
        rest = (
            (order if by > 0 else order[::-1]) if here is None else order[here + 1 :] if by > 0 else order[:here][::-1]
        )
        found = next(filter(wanted, rest), None)
        if found is not None:
            self.select([found.resource_id])
        else:
            self.ended.emit(by, sum(pick.status is _WAITING for pick in self._of_open_event()))

    def _step_in_table(self, by: int) -> None:
        model = self._panel.model
        here = model.row_of(self.ids[0]) if self.ids else None
        start = min(-by, 0) if here is None else here
        found = model.next_row(start + by, self._session.has_data, by)
        if found is not None:
            self.select([model.key_at(found)])
        elif model.rowCount():
            self._session.noticed.emit("None of the picks in the table has data in this session.", [])

    def _judge(self, judge: Callable[[Iterable[str]], None]) -> None:
        """Confirm or reject what is selected, then go to the next pick to review, else to the next."""
        order = self._of_open_event()
        if self._place_in(order) is not None:
            judge(self.ids)
            self._go_to(order, 1, lambda pick: pick.status is _WAITING)
            return
        following = self._following(set(self.ids))
        judge(self.ids)
        if following is not None:
            self.select([following])

    def _following(self, judged: set[str]) -> str | None:
        """The next pick of the table, with data, that no person has judged, else the next; none of ``judged``."""
        model, book = self._panel.model, self._session.book

        def other(pick: Pick) -> bool:
            return pick.resource_id not in judged and self._session.has_data(pick)

        rows = [row for row in map(model.row_of, judged) if row is not None]
        start = max(rows, default=-1) + 1
        found = None
        if book.waiting:
            found = model.next_row(start, lambda pick: pick.status is _WAITING and other(pick))
        if found is None:
            found = model.next_row(start, other)
        return None if found is None else model.key_at(found)

    def _add(self, channel_id: ChannelId, seconds: float, phase: str) -> None:
        within = self._session.sampling_interval(channel_id)
        self.select([self.editor.add(channel_id, seconds, phase, within).resource_id])

    def _move(self, pick_id: str, seconds: float) -> None:
        self.editor.move(pick_id, seconds)
        self.select([pick_id])

    def _set_polarity(self, polarity: Polarity | None) -> None:
        self.editor.set_polarity(self.ids, polarity)

    def _has_open_event(self) -> bool | str:
        return self._session.events.open is not None or "Open an event first."

    def _has_picks(self) -> bool | str:
        return bool(len(self._session.book)) or "There are no picks yet."

    def has_selection(self) -> bool | str:
        """Whether a pick is selected, or what to do."""
        return bool(self.ids) or "Select a pick first."
