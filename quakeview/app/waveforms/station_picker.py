"""The picking view: the components of one station large, its particle motion below, the other stations beside it."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QToolButton, QVBoxLayout, QWidget

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.texts import captioned
from quakeview.app.traces import Scaling, StationRow, TraceView
from quakeview.app.traces.picks_layer import PicksLayer
from quakeview.app.waveforms.centre import Centre
from quakeview.app.waveforms.event_traces import EventTraces
from quakeview.app.waveforms.reviewing import PickReview
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.waveforms.station_list import StationList, listed_stations
from quakeview.app.waveforms.trace_keys import TraceActions
from quakeview.waveforms.channels import ChannelId, Instrument

PICKER = "view.picker"
_GAIN_STEP = 1.25
_SETTLE = 40
"""Milliseconds after which what was drawn on the traces is drawn here too: changes come in bursts."""
_SPAN, _SHORTEST, _LONGEST = 20.0, 8.0, 120.0
"""Seconds in view where only one onset is known, and the least and the most."""
_LEAD, _AROUND = 0.3, 2.2
"""Share of the time in view before P; times S minus P that are in view."""


class StationTraces(TraceView):
    """One station; the wheel changes amplitudes, and Page Up and Down go to other stations.

    Signals:
        stationWanted: how many stations farther or nearer.
    """

    stationWanted = Signal(int)

    def wheel_steps(self, steps: float, time: float) -> None:
        self.set_gain(self.scene.gain * _GAIN_STEP**steps)

    def page_stations(self, pages: int) -> None:
        self.stationWanted.emit(pages)


class StationPicker(QWidget):
    """Shows the station of the current channel of the traces; records, picks, curves and theory are those of them.

    Signals:
        shown: whether the page is in the place of the traces now.

    Args:
        traces: does the actions on traces: on those of this page, while it is shown.
        motion: shows the particle motion in a place of this page, or where it was if that is None.
    """

    shown = Signal(bool)

    def __init__(
        self,
        session: WaveformsSession,
        main: TraceView,
        review: PickReview,
        events: EventTraces,
        traces: TraceActions,
        registry: ActionRegistry,
        centre: Centre,
        motion: Callable[[QWidget | None], None],
    ) -> None:
        super().__init__()
        self._session, self._main, self._events, self._traces = session, main, events, traces
        self._centre, self._motion = centre, motion
        self.view = StationTraces()
        self.view.set_scaling(Scaling.TRACE)
        self.list = StationList()
        self.title, self.subtitle = captioned("", "heading"), captioned("", "caption")
        self._shown: Instrument | None = None
        self._arrange(registry)
        self._timer = QTimer(self, singleShot=True, interval=_SETTLE)
        self._timer.timeout.connect(self._follow)
        review.follow(self.view)
        review.shown.connect(self._go_to)
        main.refreshed.connect(self._follow_later)
        for changed in (session.picksChanged, events.changed, session.stationsChanged):
            changed.connect(self._follow_later)
        self.view.channelClicked.connect(self._choose)
        self.view.cursorMoved.connect(main.cursorMoved)
        self.view.amplitudeMoved.connect(session.events.read_amplitude)
        self.view.stationWanted.connect(self._step)
        self.view.selectionChanged.connect(lambda: main.set_selection(self.view.selection))
        self.list.chosen.connect(self._go_to)
        centre.add(PICKER, self, lambda: bool(session.stations) or "Open a file first.")
        centre.changed.connect(self._take_over)

    def _arrange(self, registry: ActionRegistry) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(10, 6, 10, 6)
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.subtitle)
        head.addStretch(1)
        for action_id in ("view.rotate", PICKER):
            button = QToolButton()
            button.setDefaultAction(registry[action_id])
            button.setAccessibleName(registry[action_id].text())
            head.addWidget(button)
        self.motion_place = QWidget()
        self.motion_place.setAccessibleName("Particle motion of the station")
        self.motion_place.setMinimumSize(1, 1)  # it may be pulled shut
        station = QSplitter(Qt.Orientation.Vertical)
        station.addWidget(self.view)
        station.addWidget(self.motion_place)
        station.setSizes([640, 260])
        station.setCollapsible(0, False)
        both = QSplitter(Qt.Orientation.Horizontal)
        both.addWidget(self.list)
        both.addWidget(station)
        both.setStretchFactor(1, 1)
        both.setSizes([265, 900])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(both, 1)

    # --- which station -------------------------------------------------------------------------------------------

    @property
    def stations(self) -> list[Instrument]:
        """In the order of the traces."""
        return [row.station for row in self._main.scene.rows]

    @property
    def station(self) -> Instrument | None:
        """Of the current channel; the first one if there is none."""
        channel_id = self._main.current_channel
        return next(iter(self.stations), None) if channel_id is None else Instrument.of(channel_id)

    def _choose(self, channel_id: ChannelId) -> None:
        self._main.set_current_channel(channel_id)
        self._main.channelClicked.emit(channel_id)

    def _go_to(self, station: Instrument) -> None:
        """Show a station at the first of its components, or at the one that is current already."""
        current = self._main.current_channel
        components = self._session.components(station)
        if self._centre.page != PICKER or not components:
            return
        if current is None or Instrument.of(current) != station:
            self._choose(components[0][1])
        if station != self._shown:
            self._follow()

    def _step(self, by: int) -> None:
        stations, here = self.stations, self.station
        if here in stations:
            self._go_to(stations[min(max(stations.index(here) + by, 0), len(stations) - 1)])

    # --- what is shown -------------------------------------------------------------------------------------------

    def _take_over(self) -> None:
        """Keys and particle motion belong to the page while it is shown."""
        here = self._centre.page == PICKER
        self.shown.emit(here)
        self._traces.view = self.view if here else self._main
        self._motion(self.motion_place if here else None)
        if here:
            self._shown = None
            self._follow()
            self.view.setFocus()

    def _follow_later(self) -> None:
        if self._centre.page == PICKER:
            self._timer.start()

    def _follow(self) -> None:
        """Draw what the traces draw, for one station alone and at no other times than its own."""
        station, main = self.station, self._main.scene
        if station is None:
            self.view.set_stations([])
            self.title.setText("")
            self.subtitle.setText("")
            self.list.show_rows([], None)
            return
        name = ".".join(part for part in station[:2] if part)
        row = StationRow(station, "", "", self._session.letters(station))
        picks = PicksLayer()
        picks.source = main.picks.source
        self.view.scene = replace(
            main, rows=(), picks=picks, alignment=None, scaling=self.view.scene.scaling, gain=self.view.scene.gain
        )
        self.view.set_stations([row])
        self.title.setText(name)
        self.subtitle.setText(self._where(station))
        if station != self._shown:
            self._shown = station
            self._frame(station)
        rows = listed_stations(self._session, self.stations, self._events.opened, self.view.view)
        self.list.show_rows(rows, station)

    def _where(self, station: Instrument) -> str:
        """Distance and azimuth, and its place among the others."""
        path, stations = self._session.path_to(station), self.stations
        way = [f"{path.distance / 1000:.1f} km, {round(path.azimuth) % 360}°"] if path else []
        known = station in stations
        of = f"station {stations.index(station) + 1} of {len(stations)}" if known else "hidden on the traces"
        return "   ".join([*way, of])

    def _frame(self, station: Instrument) -> None:
        """From before P to after S, as long as it was at the station before."""
        if self._main.whole is not None:
            self.view.set_limits(*self._main.whole)
        p, s = (self._onset(station, phase) for phase in ("P", "S"))
        anchor = s if p is None else p
        if anchor is None:
            self.view.set_view(*self._main.view)
            return
        span = _SPAN if p is None or s is None else min(max(_AROUND * (s - p), _SHORTEST), _LONGEST)
        self.view.set_view(anchor - _LEAD * span, anchor + (1 - _LEAD) * span)
        self.view.set_gain(1.0)

    def _onset(self, station: Instrument, phase: str) -> float | None:
        """As picked for the open event, else as computed, else the first pick in view of the traces; s since 1970."""
        event = self._events.opened
        if event is not None:
            picks = self._session.book.find(arrival.pick_id for arrival in event.origin.used)
            times = [p.time.ns / 1e9 for p in picks if Instrument.of(p.channel_id) == station and p.phase[:1] == phase]
            computed = self._events.theory.get((station[:2], phase))
            return min(times) if times else None if computed is None else computed.ns / 1e9
        found = self._session.book.within(station, *self._main.view)
        return min((pick.time.ns / 1e9 for pick in found if pick.phase[:1] == phase), default=None)
