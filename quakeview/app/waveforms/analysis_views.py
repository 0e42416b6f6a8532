"""The views of a piece of record: particle motion, spectrum, and the numbers of what is selected."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from obspy import UTCDateTime
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.traces import TraceView
from quakeview.app.waveforms.inspector import Inspector
from quakeview.app.waveforms.loading import is_filtered
from quakeview.app.waveforms.reading import Records
from quakeview.app.waveforms.reviewing import PickReview
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.work.background import Background
from quakeview.errors import QuakeViewError
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.stations.coordinates import unit_of
from quakeview.texts import clock, date, duration
from quakeview.waveforms.channels import ChannelId, Instrument
from quakeview.waveforms.display import UNFILTERED

if TYPE_CHECKING:
    from quakeview.analysis.components import Component
    from quakeview.analysis.station_motion import MotionWindow, StationMotion
    from quakeview.analysis.station_spectra import StationSpectra
    from quakeview.app.waveforms.analysis_panel import AnalysisPanel
    from quakeview.app.waveforms.motion_panel import MotionPanel
    from quakeview.app.waveforms.spectrum_panel import SpectrumPanel

SETTLE_MS = 30
NOTHING = "Click a trace, or select a piece of one with Shift and drag."
LOADING = "The record is still being read."


@dataclass(frozen=True)
class Piece:
    """What is looked at: a stretch of a channel at its own time, seconds since 1970-01-01 UTC."""

    channel_id: ChannelId
    first: float
    last: float
    selected: bool

    @property
    def station(self) -> Instrument:
        """Whose channel it is."""
        return Instrument.of(self.channel_id)


class AnalysisViews(QObject):
    """Asks for what the open views show, in the background, whenever the piece of record or its samples are others.

    The piece is the selection on the traces, else what is visible of the current channel.
    """

    def __init__(
        self,
        session: WaveformsSession,
        view: TraceView,
        review: PickReview,
        inspector: Inspector,
        tabs: QTabWidget,
        spectrogram: QWidget,
        registry: ActionRegistry,
    ) -> None:
        super().__init__(view)
        self._session, self._view, self._review, self._inspector = session, view, review, inspector
        self._tabs = tabs
        self._motion_tab, self._spectrum_tab = QWidget(), QWidget()
        tabs.insertTab(tabs.indexOf(spectrogram) + 1, self._motion_tab, "Particle Motion")
        tabs.insertTab(tabs.indexOf(spectrogram) + 2, self._spectrum_tab, "Spectrum")
        self._motion_place = self._motion_tab
        self._motion_panel: MotionPanel | None = None
        self._spectrum_panel: SpectrumPanel | None = None
        self._motion = _background("Particle motion", self._take_motion, lambda text: self.motion.say(text))
        self._spectra = _background("The spectrum", self._take_spectra, lambda text: self.spectrum.say(text))
        numbers = inspector.selection
        self._numbers = _background("The statistics", lambda found: numbers.show_statistics(*found), numbers.say)
        self._timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._timer.timeout.connect(self.follow)
        for changed in (
            *(view.selectionChanged, view.viewChanged, view.channelClicked, review.changed, tabs.currentChanged),
            *(session.picksChanged, session.stationsChanged, session.loader.loaded, session.projectChanged),
            *(session.events.earthquakeChanged, session.loader.finished),
        ):
            changed.connect(lambda *_: self._timer.start())
        for action_id, tab in (("view.particle_motion", self._motion_tab), ("view.spectrum", self._spectrum_tab)):
            registry.bind(action_id, partial(tabs.setCurrentWidget, tab), self._has_data)

    def _has_data(self) -> bool | str:
        return bool(self._session.stations) or "Open a file first."

    @property
    def motion(self) -> "MotionPanel":
        """Made when it is first wanted: plots take a moment."""
        if self._motion_panel is None:
            from quakeview.app.waveforms.motion_panel import MotionPanel

            self._motion_panel = MotionPanel()
            self._motion_panel.secondsChanged.connect(self._timer.start)
            _fill(self._motion_place, self._motion_panel)
        return self._motion_panel

    def put_motion(self, place: QWidget | None) -> None:
        """Show the particle motion in this place, and among the tables again if there is none."""
        self._motion_place = place or self._motion_tab
        if place is not None or self._motion_panel is not None:
            _fill(self._motion_place, self.motion)
        self._timer.start()

    @property
    def spectrum(self) -> "SpectrumPanel":
        """Made when it is first wanted."""
        if self._spectrum_panel is None:
            from quakeview.app.waveforms.spectrum_panel import SpectrumPanel

            self._spectrum_panel = SpectrumPanel()
            self._spectrum_panel.kindChanged.connect(self._timer.start)
            _fill(self._spectrum_tab, self._spectrum_panel)
        return self._spectrum_panel

    @property
    def piece(self) -> Piece | None:
        """What is looked at; None while no trace is shown."""
        if (chosen := self._view.selection) is not None:
            return Piece(chosen.channel_id, chosen.first, chosen.last, True)
        channel_id = self._view.current_channel or next(iter(self._view.scene.channel_ids()), None)
        if channel_id is None:
            return None
        shift = self._view.shift_of(channel_id)
        first, last = self._view.view
        return Piece(channel_id, first + shift, last + shift, False)

    def follow(self) -> None:
        """Ask anew for whatever is in front."""
        self.forget()
        piece, shown = self.piece, self._tabs.currentWidget()
        self._ask_numbers(piece)
        if self._shows_motion:
            self._ask(self.motion, self._ask_motion, piece)
        if shown is self._spectrum_tab:
            self._ask(self.spectrum, self._ask_spectra, piece)

    @property
    def _shows_motion(self) -> bool:
        place = self._motion_place
        return self._tabs.currentWidget() is place if place is self._motion_tab else place.isVisible()

    def forget(self) -> None:
        """Whatever is under way is no longer wanted."""
        for worker in (self._motion, self._spectra, self._numbers):
            worker.forget()

    # --- asking --------------------------------------------------------------------------------------------------

    def _ask(self, panel: "AnalysisPanel", ask: Callable[[Piece], None], piece: Piece | None) -> None:
        """Or say why not."""
        if piece is None:
            panel.say(NOTHING)
        else:
            panel.wait()
            try:
                ask(piece)
            except QuakeViewError as error:
                panel.say(str(error))

    def _components(self, station: Instrument) -> "list[Component]":
        """Of a station, as the traces show them.

        Raises:
            QuakeViewError: while they are being read.
        """
        from quakeview.analysis.components import Component

        session, letters = self._session, self._session.letters(station)
        found = [(letter, channel_id, session.records.get(channel_id, ())) for letter, channel_id in letters]
        problems = self._view.scene.problems
        if not all(
            is_filtered(records, session.filter) for _, channel_id, records in found if channel_id not in problems
        ):
            raise QuakeViewError(LOADING)
        return [
            Component(
                name=session.shown_name(channel_id),
                channel_id=channel_id,
                records=records,
                unit=self._unit(channel_id, records),
                quantity=session.motion.quantity,
                problem="" if records else problems.get(channel_id, ""),
                rotated=letter in ("R", "T") and station in session.motion.back_azimuths,
            )
            for letter, channel_id, records in found
        ]

    def _unit(self, channel_id: ChannelId, records: Records) -> str:
        """Of the samples of these records."""
        change = records[0].change if records else None
        return change.unit if change and change.unit else unit_of(channel_id, self._session.metadata.units)

    def _ask_motion(self, piece: Piece) -> None:
        from quakeview.analysis.components import component_axes
        from quakeview.analysis.station_motion import station_motion

        session = self._session
        station, window = self._motion_window(piece)
        rotated = session.motion.back_azimuths.get(station)
        axes = component_axes(session.stations[station], session.metadata, UTCDateTime(window.shown[0]), rotated)
        path = session.path_to(station)
        components, theoretical = self._components(station), path.back_azimuth if path else None
        subject = f"{station} · {_when(*window.shown)} · {_filters(components)}"
        self._motion.ask(lambda _: (station_motion(components, axes, window, theoretical), subject))

    def _motion_window(self, piece: Piece) -> "tuple[Instrument, MotionWindow]":
        """The selection; else what is after the one selected pick; else what is visible."""
        from quakeview.analysis.station_motion import MotionWindow

        pick = None if piece.selected else self._selected_pick()
        if pick is not None:
            onset = pick.time.ns / 1e9
            return Instrument.of(pick.channel_id), MotionWindow.after(onset, pick.phase, self.motion.seconds.value())
        every = self._session.book.within(piece.station, piece.first, piece.last)
        inside = [each for each in every if each.status is not PickStatus.REJECTED]
        onset, phase = (inside[0].time.ns / 1e9, inside[0].phase) if piece.selected and inside else (None, "")
        return piece.station, MotionWindow.of(piece.first, piece.last, onset, phase)

    def _selected_pick(self) -> Pick | None:
        """If there is one alone, at a station with data."""
        picks = self._session.book.find(self._review.ids)
        known = len(picks) == 1 and Instrument.of(picks[0].channel_id) in self._session.stations
        return picks[0] if known else None

    def _ask_spectra(self, piece: Piece) -> None:
        from quakeview.analysis.station_spectra import noise_onset, station_spectra

        session, window, kind = self._session, (piece.first, piece.last), self.spectrum.kind
        onset = noise_onset(session.book.onsets(piece.station).get("P", np.empty(0)), *window)
        asked = self._components(piece.station), session.archive, session.metadata, window, onset, kind
        subject = f"{piece.station} · {_when(*window)} · not filtered"
        self._spectra.ask(lambda _: (station_spectra(*asked), subject))

    def _ask_numbers(self, piece: Piece | None) -> None:
        """Of a selection alone."""
        if piece is None or not piece.selected or piece.channel_id not in self._session.records:
            self._inspector.selection.show_statistics(None)
            return
        from quakeview.analysis.statistics import selection_statistics

        channel_id, records = piece.channel_id, self._session.records[piece.channel_id]
        name, unit = self._session.shown_name(channel_id), self._unit(channel_id, records)
        offset = records[0].offset if records[0].filter == UNFILTERED else 0.0
        subject = f"{name}, {records[0].filter.name}"
        self._numbers.ask(
            lambda _: (selection_statistics(records, piece.first, piece.last, name, unit, offset), subject)
        )

    # --- answers -------------------------------------------------------------------------------------------------

    def _take_motion(self, found: "tuple[StationMotion, str]") -> None:
        self.motion.show_motion(*found)

    def _take_spectra(self, found: "tuple[StationSpectra, str]") -> None:
        self.spectrum.show_spectra(*found)


def _background(name: str, take: Callable[..., None], say: Callable[[str], None]) -> Background:
    worker = Background(name)
    worker.ready.connect(take)
    worker.failed.connect(say)
    return worker


def _filters(components: "list[Component]") -> str:
    """What the records that are shown were filtered with."""
    return " and ".join(dict.fromkeys(each.records[0].filter.name for each in components if each.records))


def _fill(tab: QWidget, panel: QWidget) -> None:
    layout = tab.layout() or QVBoxLayout(tab)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(panel)


def _when(first: float, last: float) -> str:
    """``2019-07-04 17:03:00.43 UTC, 1.25 s``."""
    seconds = last - first
    return f"{date(first)} {clock(first)} UTC, {f'{seconds:.3g} s' if seconds < 60 else duration(seconds)}"
