"""Aligning traces by cross-correlation: asks, correlates in the background, shows the result, and moves the picks."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QTabWidget, QToolButton, QVBoxLayout, QWidget

from quakeview.analysis.correlation import Window
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.traces import TraceView
from quakeview.app.waveforms.aligning import TraceAlignment
from quakeview.app.waveforms.event_traces import EventTraces
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.waveforms.shown_stations import shown_stations
from quakeview.app.work.background import Background
from quakeview.events.locating import family
from quakeview.events.theoretical import Place
from quakeview.monitoring.picks import Pick
from quakeview.project import ChangePicks, FinalEventError
from quakeview.texts import counted

if TYPE_CHECKING:
    from quakeview.analysis.phase_correlation import PhaseCorrelation
    from quakeview.app.waveforms.analysis_panel import AnalysisPanel
    from quakeview.app.waveforms.correlation_plot import CorrelationPlot
    from quakeview.jobs import Progress

_FAR = 1_000_000.0
"""Epicentral distance, m, beyond which waves are so long that the window is ten times as long."""
_NO_RESULT = "Align the traces by cross-correlation first."


class Correlating(QObject):
    """Keeps the last result as long as its event and the times of its picks stay what they were."""

    def __init__(
        self,
        session: WaveformsSession,
        view: TraceView,
        registry: ActionRegistry,
        tabs: QTabWidget,
        traces: EventTraces,
        alignment: TraceAlignment,
    ) -> None:
        super().__init__(view)
        self._session, self._view, self._registry, self._tabs = session, view, registry, tabs
        self._traces, self._alignment = traces, alignment
        self.found: PhaseCorrelation | None = None
        self._picks: dict[Place, Pick] = {}
        self._event_id = ""
        self._phase = "P"
        self._window: Window | None = None  # that was chosen last
        self._tab = QWidget()
        self._worker = Background("Correlating the traces")
        self._worker.ready.connect(self._take)
        self._worker.failed.connect(self._refuse)
        registry.bind("view.align_correlation", lambda _: self.ask(), self._can_correlate)
        registry.bind("picks.move_correlated", self.move_picks, lambda: bool(self.movable()) or _NO_RESULT)
        traces.changed.connect(self._follow_event)

    @cached_property
    def panel(self) -> "AnalysisPanel":
        """Made when it is first wanted: plots take a moment."""
        from quakeview.app.waveforms.analysis_panel import AnalysisPanel

        move = QToolButton()
        move.setDefaultAction(self._registry["picks.move_correlated"])
        move.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        panel = AnalysisPanel("Correlation", [self.plot], [move])
        layout = QVBoxLayout(self._tab)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(panel)
        self._tabs.addTab(self._tab, "Correlation")
        return panel

    @cached_property
    def plot(self) -> "CorrelationPlot":
        """Aligned traces and stacks."""
        from quakeview.app.waveforms.correlation_plot import CorrelationPlot

        return CorrelationPlot()

    # --- correlating ---------------------------------------------------------------------------------------------

    def _can_correlate(self) -> bool | str:
        return self._traces.opened is not None or "Open an event first."

    def _follow_event(self) -> None:
        """Forget the result when another event is open, or none."""
        opened = self._traces.opened
        if self._event_id and (opened is None or opened.resource_id != self._event_id):
            self._worker.forget()
            self._event_id, self.found = "", None
            self._alignment.use_correlated({})
            self.panel.say(_NO_RESULT)
            self._registry.refresh()

    def picks_of(self, phase: str) -> dict[Place, Pick]:
        """The first pick of a phase of the open event at each station."""
        event, found = self._traces.opened, dict[Place, Pick]()
        for arrival in event.origin.used if event is not None else ():
            pick = self._session.book.get(arrival.pick_id)
            if pick is not None and family(arrival.phase) == phase:
                place = pick.channel_id[:2]
                if place not in found or pick.time < found[place].time:
                    found[place] = pick
        return found

    def _default(self) -> Window:
        """A window for the distance of the nearest station."""
        event = self._traces.opened
        far = event is not None and (event.origin.nearest or 0.0) > _FAR
        return Window(5.0, 20.0, 3.0) if far else Window()

    def ask(self) -> None:
        """Let the user choose what is correlated."""
        from quakeview.app.waveforms.correlation_dialog import CorrelationDialog

        self._alignment.follow()  # the check mark is of what is shown
        dialog = CorrelationDialog(self._phase, self._window or self._default(), self._view.window())
        dialog.accepted.connect(lambda: self.correlate(*dialog.chosen()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def correlate(self, phase: str, window: Window) -> None:
        """Correlate the traces around the picks of a phase of the open event, as they are shown."""
        from quakeview.analysis.phase_correlation import correlate_phase

        event = self._traces.opened
        if event is None:
            return
        self._phase, self._window, self._event_id = phase, window, event.resource_id
        picks = self.picks_of(phase)
        times = {place: pick.time.ns / 1e9 for place, pick in picks.items()}
        make, _ = shown_stations(self._session, self._view)
        self.panel.say("Correlating…")
        self._tabs.setCurrentWidget(self._tab)

        def work(progress: "Progress") -> "tuple[str, dict[Place, Pick], PhaseCorrelation]":
            return event.resource_id, picks, correlate_phase(make(), times, phase, window, progress)

        self._worker.ask(work)

    def _take(self, result: "tuple[str, dict[Place, Pick], PhaseCorrelation]") -> None:
        event_id, picks, found = result
        opened = self._traces.opened
        if opened is None or opened.resource_id != event_id:
            return
        self.found, self._picks = found, picks
        self.plot.show_correlation(found)
        left = f" {counted(len(found.left_out), 'station is', 'stations are')} left out." if found.left_out else ""
        self.panel.present(self.plot, found.summary + left, found.table)
        self.panel.subject.setToolTip("\n".join((found.summary, *found.left_out)))
        self._alignment.use_correlated(found.times)
        self._registry.refresh()

    def _refuse(self, sentence: str) -> None:
        self.found = None
        self.panel.say(sentence)
        self._alignment.use_correlated({})
        self._registry.refresh()

    # --- moving --------------------------------------------------------------------------------------------------

    def movable(self) -> list[tuple[Pick, float]]:
        """The picks of the traces that fit, as they were when they were correlated, and by how much they move, s."""
        if self.found is None:
            return []
        moves = []
        for place, trace in self.found.stations.items():
            then, now = self._picks[place], self._session.book.get(self._picks[place].resource_id)
            if trace.counts and now is not None and now.time == then.time:
                moves.append((now, trace.shift))
        return moves

    def move_picks(self) -> None:
        """Move those as one step, and name the others."""
        moves, found = self.movable(), self.found
        if not moves or found is None:
            return
        moved = tuple(pick.moved(pick.time + shift) for pick, shift in moves)
        count = counted(len(moved), "pick")
        try:
            self._session.book.apply(ChangePicks(moved, f"Move {count} to correlated times"))
        except FinalEventError as error:
            self._session.noticed.emit(str(error), [])
            return
        self._session.confirmed.emit(f"{count} moved to the correlated times. {found.summary}", [])
        self._registry.refresh()

    def shut_down(self) -> None:
        """Let go of threads."""
        self._worker.forget()
