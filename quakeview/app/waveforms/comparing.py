"""Two models compared on the stations and the time that the traces show; nothing enters the project by itself."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from obspy import UTCDateTime
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTabWidget

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.shell.preferences import Preferences
from quakeview.app.traces import Ghost, TraceView
from quakeview.app.waveforms import model_picking
from quakeview.app.waveforms.comparison_panel import LEGEND, ComparisonDialog, ComparisonPanel, described
from quakeview.app.waveforms.pick_marks import mark_of
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.widgets.model_list import NO_MODEL
from quakeview.app.work.running import JobRunner, RunningJob
from quakeview.jobs import Job, Progress
from quakeview.monitoring.comparison import PickPair, agreements, paired
from quakeview.monitoring.picks import Pick
from quakeview.project import AddPicks
from quakeview.texts import counted
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import Instrument

COMPARE = "picks.compare"
_SAME_PICK = 0.001
"""Seconds: a pick that a model made twice is the same to this."""


@dataclass(frozen=True)
class _Compared:
    """What is compared: names of the models, stations, and what their record was like."""

    names: tuple[str, str]
    stations: tuple[Instrument, ...]
    record: tuple[Any, ...]


class ModelComparison(QObject):
    """Asks for a second model, lets both pick what is shown, and shows their picks side by side.

    Signals:
        said: a sentence for the status bar.
    """

    said = Signal(str)

    def __init__(
        self,
        session: WaveformsSession,
        view: TraceView,
        registry: ActionRegistry,
        preferences: Preferences,
        runner: JobRunner,
        tabs: QTabWidget,
    ) -> None:
        super().__init__(view)
        self._session, self._view, self._preferences, self._runner = session, view, preferences, runner
        self._action, self._tabs = registry[COMPARE], tabs
        self._compared: _Compared | None = None
        self._pairs: list[PickPair] = []
        self._job: RunningJob | None = None
        self.panel = ComparisonPanel(self._in_project)
        self.panel.setParent(tabs)
        self.panel.hide()
        self.panel.chosen.connect(self._go_to)
        self.panel.takeOver.connect(self.take_over)
        self.panel.ended.connect(self.end)
        registry.bind(COMPARE, lambda on: self._ask() if on else self.end(), self._can_compare)
        session.picksChanged.connect(lambda _: self._show_ghosts())
        session.stationsChanged.connect(self._check)
        session.projectChanged.connect(self.end)
        session.models.changed.connect(self._check)
        for widget in (view, self.panel.table):
            widget.installEventFilter(self)

    @property
    def active(self) -> bool:
        """Whether two models are compared, or are about to be."""
        return self._compared is not None

    def start(self, second: Any) -> None:
        """Let the chosen model and a second one, by its card, pick what the traces show."""
        self.end()
        models, options, view = self._session.models, self._preferences, self._view
        if models.picker is None:
            return
        stations = tuple(band.row.station for band in view.bands)
        if not stations:
            self.said.emit("No station is shown; press Shift+H to show those that are hidden.")
            return
        names = (str(models.picker.name), str(second.name))
        self._compared = _Compared(names, stations, self._record_of(stations))
        shifts = [view.scene.shift(station) for station in stations]
        first, last = view.view[0] + min(shifts), view.view[1] + max(shifts)
        work = partial(
            _pick_twice,
            self._session.archive,
            names,
            p_threshold=options[options.P_THRESHOLD],
            s_threshold=options[options.S_THRESHOLD],
            device=options[options.DEVICE],
            stations=list(stations),
            start=UTCDateTime(first),
            end=UTCDateTime(last),
        )
        job = self._job = self._runner.start(Job(f"Comparing {names[0]} with {names[1]}", work))
        job.finished.connect(lambda found: self._show(found) if job is self._job else None)
        job.failed.connect(lambda sentence, _: self._fail(sentence) if job is self._job else None)
        job.cancelled.connect(lambda: self.end() if job is self._job else None)
        self._action.setChecked(True)
        self.said.emit(f"Comparing {names[0]} with {names[1]}…")

    def end(self) -> None:
        """Show the traces as they were; what is still being picked is not wanted."""
        if self._job is not None and self._job.active:
            self._job.cancel()
        was_active, self._compared, self._job, self._pairs = self.active, None, None, []
        self._action.setChecked(False)
        if was_active:
            self._view.set_ghosts({})
            self._tabs.removeTab(self._tabs.indexOf(self.panel))

    def take_over(self, pairs: Sequence[PickPair]) -> None:
        """Add the second model's picks of these onsets as automatic picks, in one undo step."""
        picks = [pair.second for pair in pairs if pair.second is not None and not self._in_project(pair.second)]
        if picks:
            self._session.book.apply(AddPicks(picks))
            self.said.emit(f"{counted(len(picks), 'pick was', 'picks were')} taken over.")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc ends the comparison, unless it is wanted to end a selection."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            is_escape = event.key() == Qt.Key.Key_Escape
            if is_escape and self.active and self._view.selection is None:
                self.end()
                return True
        return super().eventFilter(watched, event)

    def _can_compare(self) -> bool | str:
        models = self._session.models
        if models.picker is None:
            return NO_MODEL
        if len(models.pickers) < 2:
            return "There is only one picker; add another in the Models workspace."
        return bool(self._session.stations) or "Open a file first."

    def _ask(self) -> None:
        first = self._session.models.picker
        others = [card for card in self._session.models.pickers if card is not first]
        self._action.setChecked(False)
        if first is None or not others:
            return
        begin, end = self._view.view
        what = f"{counted(len(self._view.bands), 'station')}, {end - begin:,.0f} s: what the traces show"
        dialog = ComparisonDialog(first, others, what, self._view.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self.start)
        dialog.open()

    def _show(self, found: tuple[list[Any], list[Any]]) -> None:
        """Show what the models found, if it is still of what is open."""
        if self._compared is None or not self._is_same_record():
            self.end()
            return
        first, second = ([pick for result in results for pick in result.picks] for results in found)
        self._pairs = paired(first, second)
        names = self._compared.names
        self.panel.show_pairs(names, self._pairs, described(names, agreements(self._pairs)))
        self.said.emit(f"{names[0]} and {names[1]} are compared; Esc ends it. {LEGEND}")
        self._tabs.addTab(self.panel, "Comparison")
        self._tabs.setCurrentWidget(self.panel)
        self._show_ghosts()

    def _fail(self, sentence: str) -> None:
        self.end()
        self._session.noticed.emit(sentence, [])

    def _show_ghosts(self) -> None:
        """Show the picks of both models that are not in the project."""
        if not self._pairs:
            return
        ghosts: defaultdict[Instrument, list[Ghost]] = defaultdict(list)
        for pair in self._pairs:
            for pick in (pair.first, pair.second):
                if pick is not None and not self._in_project(pick):
                    ghosts[pair.station].append(Ghost(mark_of(pick), pick.model or "", second=pick is pair.second))
        ordered = {
            station: tuple(sorted(found, key=lambda ghost: ghost.mark.time)) for station, found in ghosts.items()
        }
        self._view.set_ghosts(ordered)
        self.panel.refresh()

    def _in_project(self, pick: Pick) -> bool:
        """Whether the project has this pick of this model."""
        time = pick.time.ns / 1e9
        near = self._session.book.within(Instrument.of(pick.channel_id), time - _SAME_PICK, time + _SAME_PICK)
        wanted = (pick.phase, pick.model, pick.channel_id)
        return any((other.phase, other.model, other.channel_id) == wanted for other in near)

    def _go_to(self, pair: PickPair) -> None:
        """Bring an onset into view, keeping the zoom."""
        self._view.set_current_channel(pair.pick.channel_id)
        first, last = self._view.view
        time = pair.pick.time.ns / 1e9 - self._view.scene.shift(pair.station)
        if not first + 0.1 * (last - first) <= time <= last - 0.1 * (last - first):
            half = (last - first) / 2
            self._view.set_view(time - half, time + half)

    def _check(self) -> None:
        """End it if the record or the models are others now."""
        if self._compared is not None:
            models = self._session.models
            names = [card.name for card in models.pickers]
            same_models = models.picker is not None and models.picker.name == self._compared.names[0]
            if not (same_models and self._compared.names[1] in names and self._is_same_record()):
                self.end()

    def _is_same_record(self) -> bool:
        return self._compared is not None and self._record_of(self._compared.stations) == self._compared.record

    def _record_of(self, stations: Sequence[Instrument]) -> tuple[Any, ...]:
        """What distinguishes the record of these stations from another one."""
        archive, known = self._session.archive, self._session.stations
        channels = [channel for station in stations for channel in known.get(station, {}).values()]
        return (id(archive), *((channel, tuple(archive.coverage(channel))) for channel in channels))


def _pick_twice(
    archive: Archive, names: tuple[str, str], progress: Progress, **how: Any
) -> tuple[list[Any], list[Any]]:
    """Return the results of both models, station by station."""
    first, second = (
        model_picking.pick_archive(
            archive,
            name,
            keep_curves=False,
            progress=progress.part(number, number + 1, 2, f"Picking with {name}"),
            **how,
        )
        for number, name in enumerate(names)
    )
    return first, second
