"""One key shows the selected pick large, in time and amplitude; the same key shows what was there before."""

from PySide6.QtCore import QObject

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.traces import TraceView
from quakeview.app.traces.stationwidget import Framing
from quakeview.app.waveforms.reviewing import PickReview
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.events.event import Event
from quakeview.events.reviewing import onset_window
from quakeview.monitoring.picks import Pick
from quakeview.waveforms.channels import Instrument


class PickZoom(QObject):
    """While it is on, whichever pick is selected is shown large, its station alone."""

    def __init__(
        self, session: WaveformsSession, view: TraceView, registry: ActionRegistry, picks: PickReview, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._view, self._picks = session, view, picks
        self._before: Framing | None = None
        self._large = ""  # id of the pick that is shown large
        self._action = registry["view.zoom_pick"]
        registry.bind("view.zoom_pick", self._switch, self._can_zoom)
        picks.changed.connect(self._follow)
        session.projectChanged.connect(self._start)

    def use(self, view: TraceView) -> None:
        """Zoom on this view from now on: a page has taken the place of the traces, or they are shown again."""
        if view is not self._view:
            self._step_back()
            self._view = view
            self._follow()

    def leave(self, event: Event | None) -> None:
        """Show what was there before, for an event that is to be opened, or has been closed if there is none."""
        self._step_back()
        if event is None:
            self._action.setChecked(False)

    def _start(self) -> None:
        """Another project is open: its stations are shown as many at once as before the zoom."""
        self.leave(None)

    def _switch(self, on: bool) -> None:
        if on:
            self._follow()
        else:
            self._step_back()

    def _follow(self) -> None:
        """A pick that is only edited stays where it is on the screen."""
        pick = self._pick
        if self._action.isChecked() and pick is not None and pick.resource_id != self._large:
            self._before = self._before or self._view.framing
            self._large = pick.resource_id
            self._show(pick)

    def _show(self, pick: Pick) -> None:
        before, after = onset_window(self._session.events.open, pick)
        moment = pick.time.ns / 1e9 - self._view.shift_of(pick.channel_id)
        self._view.set_visible_stations(1)
        self._view.show_station(Instrument.of(pick.channel_id))
        self._view.set_view(moment - before, moment + after)
        self._view.fit_gain(pick.channel_id, moment - before, moment + after / 4)

    def _step_back(self) -> None:
        before, self._before, self._large = self._before, None, ""
        if before is not None:
            self._view.set_framing(before)

    @property
    def _pick(self) -> Pick | None:
        """The one that is selected, if its data are open."""
        ids = self._picks.ids
        pick = self._session.book.get(ids[0]) if len(ids) == 1 else None
        return pick if pick is not None and self._session.has_data(pick) else None

    def _can_zoom(self) -> bool | str:
        return self._action.isChecked() or self._pick is not None or "Select a pick first."
