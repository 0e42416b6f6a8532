"""The analyst's loop around the traces: zoom to the pick, undo that goes there, and what each edit did to its event."""

from PySide6.QtWidgets import QWidget

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.traces import TraceView
from quakeview.app.waveforms.event_views import EventViews
from quakeview.app.waveforms.pick_zoom import PickZoom
from quakeview.app.waveforms.relocation_shown import RelocationShown
from quakeview.app.waveforms.reviewing import PickReview
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.waveforms.undo_redo import UndoRedo
from quakeview.app.widgets.toast import Toast


class ReviewLoop:
    """Made before whoever opens events on the traces, so that a zoom is left before an event is opened.

    Attributes:
        zoom: the zoom to the selected pick.
        relocation: what the last edit did to its event.
        toast: short sentences over the traces.
    """

    def __init__(
        self,
        session: WaveformsSession,
        view: TraceView,
        registry: ActionRegistry,
        picks: PickReview,
        events: EventViews,
        centre: QWidget,
    ) -> None:
        self.zoom = PickZoom(session, view, registry, picks, view)
        self.relocation = RelocationShown(session, events.map.shown, view)
        self._undo = UndoRedo(session, view, registry, picks, events.review, view)
        self.toast = Toast(centre)
        events.review.opened.connect(self.zoom.leave)
        for speaker in (self._undo, self.relocation, picks, events.review):
            speaker.said.connect(self.toast.say)
