"""The helicorder: a day of the current channel in rows, in the place of the traces."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from quakeview.analysis.helicorder import DAY, ROW_MINUTES
from quakeview.app.drawing.picture import PICTURES
from quakeview.app.drawing.time_axis import utc
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.texts import captioned
from quakeview.app.traces import TraceView, amplitude_text
from quakeview.app.traces.helicorder_view import GAIN_STEP, HelicorderView
from quakeview.app.waveforms.analysis_actions import HELICORDER
from quakeview.app.waveforms.centre import Centre
from quakeview.app.waveforms.ordering import Earthquake
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.widgets.elided import ElidedLabel
from quakeview.app.widgets.saving import save_as
from quakeview.app.widgets.tool_button import tool_button
from quakeview.events.event import EventStatus
from quakeview.waveforms.channels import ChannelId, Instrument

_NARROWEST_TITLE, _NARROWEST_CHOICE = 120, 60
"""Pixels to which they give way in a small window."""
_CLIPS = {"Cut at half a row": 0.5, "Cut at one row": 1.0, "Cut at two rows": 2.0, "Cut at five rows": 5.0}


class HelicorderPage(QWidget):
    """Controls above the drum. What it shows, the trace view knows: channel, records, picks, events and the time.

    Signals:
        said: what is under the mouse, a sentence for the status bar.
    """

    said = Signal(str)

    def __init__(self, session: WaveformsSession, view: TraceView, registry: ActionRegistry, centre: Centre) -> None:
        super().__init__()
        self._session, self._view, self._centre = session, view, centre
        self.drum = HelicorderView()
        self.title = ElidedLabel("What the helicorder shows", _NARROWEST_TITLE)
        self.title.setProperty("role", "heading")
        self.scale = captioned("", "caption")
        self.minutes = _choice("Length of a row", [f"{minutes} min rows" for minutes in ROW_MINUTES])
        self.clip = _choice("Where motion is cut", list(_CLIPS))
        self.alternating = QCheckBox("Colours in turn")
        self.alternating.setToolTip("Rows take turns in three colours, so that strong motion can be told apart")
        self._arrange()
        centre.add(HELICORDER, self, lambda: bool(session.stations) or "Open a file first.")
        self._connect()
        self._follow_state()

    def _arrange(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(10, 6, 10, 6)
        tools.setSpacing(6)
        tools.addWidget(tool_button("chevron-left", "Day before (Page Up)", partial(self._step_day, -1)))
        tools.addWidget(tool_button("chevron-right", "Next day (Page Down)", partial(self._step_day, 1)))
        tools.addWidget(self.title, 1)
        for widget in (self.scale, self.minutes, self.clip, self.alternating):
            tools.addWidget(widget)
        higher, lower = (partial(self._enlarge, factor) for factor in (GAIN_STEP, 1 / GAIN_STEP))
        tools.addWidget(tool_button("arrow-expand-vertical", "Higher motion (Shift+Up)", higher))
        tools.addWidget(tool_button("arrow-collapse-vertical", "Lower motion (Shift+Down)", lower))
        tools.addWidget(tool_button("image-outline", "Save picture…", self._save_picture))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(tools)
        rows.addWidget(self.drum, 1)

    def _connect(self) -> None:
        session, view, drum = self._session, self._view, self.drum
        drum.timeClicked.connect(self._go)
        drum.dayWanted.connect(self._step_day)
        drum.gainWanted.connect(self._enlarge)
        drum.traceWanted.connect(view.step_trace)
        drum.hovered.connect(self._describe)
        drum.drawn.connect(self._say_scale)
        self.minutes.activated.connect(lambda place: self._choose(helicorder_minutes=ROW_MINUTES[place]))
        self.clip.textActivated.connect(lambda text: self._choose(helicorder_clip=_CLIPS[text]))
        self.alternating.clicked.connect(lambda on: self._choose(helicorder_colours=on))
        self._centre.changed.connect(self.follow)
        view.viewChanged.connect(self._follow_time)
        view.channelClicked.connect(self.follow)
        session.loader.loaded.connect(self._follow_record)
        session.loader.failed.connect(self._follow_record)
        session.picksChanged.connect(self._follow_marks)
        session.events.changed.connect(self._follow_marks)
        session.stationsChanged.connect(self.follow)
        session.projectChanged.connect(self._follow_state)

    # --- what is shown -------------------------------------------------------------------------------------------

    @property
    def channel(self) -> ChannelId | None:
        """The current one of the traces, or their first."""
        return self._view.current_channel or next(iter(self._view.scene.channel_ids()), None)

    def follow(self) -> None:
        """Show what the traces would show, if the page is in front."""
        if self._centre.page != HELICORDER:
            return
        self.drum.setFocus()
        self._follow_time(*self._view.view)
        self._show_record()
        self._follow_marks()

    def _follow_time(self, first: float, last: float) -> None:
        shift = self._view.shift_of(self.channel)
        self.drum.set_window(first + shift, last + shift)
        self._say_title()

    def _follow_record(self, channel_id: ChannelId) -> None:
        if channel_id == self.channel and self._centre.page == HELICORDER:
            self._show_record()

    def _show_record(self) -> None:
        channel, scene = self.channel, self._view.scene
        if channel is None:
            self.drum.set_records(())
        else:
            self.drum.set_records(scene.records.get(channel, ()), scene.status(channel))
        self._say_title()

    def _follow_marks(self) -> None:
        if self._centre.page == HELICORDER:
            channel, scene = self.channel, self._view.scene
            station = None if channel is None else Instrument.of(channel)
            kept = (event for event in self._session.book.events if event.status is not EventStatus.REJECTED)
            events = [(event.time.ns / 1e9, Earthquake.of(event).label) for event in kept]
            self.drum.set_marks(station, scene.picks.source, events)

    def _say_title(self) -> None:
        channel = self.channel
        if channel is None:
            self.title.setText("")
            return
        records = self._session.records.get(channel)
        filter_ = records[0].filter.label if records else ""
        parts = (self._session.shown_name(channel), f"{utc(self.drum.day):%Y-%m-%d}", filter_)
        self.title.setText("   ".join(part for part in parts if part))

    def _say_scale(self) -> None:
        drum, channel = self.drum.drum, self.channel
        if drum is None or channel is None or not drum.full_scale:
            self.scale.setText("")
            return
        unit = self._view.scene.unit_of(channel)
        half = amplitude_text(drum.full_scale / self.drum.style_.gain, unit)
        self.scale.setText(f"Half a row: {half}{' counts' if unit == 'counts' else ''}")

    def _describe(self, time: float) -> None:
        self.said.emit(f"{utc(time):%Y-%m-%d %H:%M:%S} UTC; click to see the traces there")

    # --- what is chosen ------------------------------------------------------------------------------------------

    def _choose(self, **changes: float | bool) -> None:
        self._session.state.update(changes)
        self._session.save_later()
        self._follow_state()

    def _follow_state(self) -> None:
        state = self._session.state
        minutes = state.get("helicorder_minutes", 15)
        clip, alternating = state.get("helicorder_clip", 2.0), state.get("helicorder_colours", True)
        self.minutes.setCurrentIndex(ROW_MINUTES.index(minutes))
        self.clip.setCurrentText(next(text for text, value in _CLIPS.items() if value == clip))
        self.alternating.setChecked(alternating)
        self.drum.set_minutes(minutes)
        self.drum.set_style(replace(self.drum.style_, clip=clip, alternating=alternating))
        self.follow()

    def _enlarge(self, factor: float) -> None:
        self.drum.set_style(replace(self.drum.style_, gain=self.drum.style_.gain * factor))
        self._say_scale()

    def _step_day(self, days: int) -> None:
        first, last = self._view.view
        self._view.set_view(first + days * DAY, last + days * DAY)

    def _go(self, time: float) -> None:
        """Show the traces at a time of the channel, as long a piece as before but no more than a row."""
        first, last = self._view.view
        half = min(last - first, 60.0 * self.drum.minutes) / 2
        time -= self._view.shift_of(self.channel)
        self._view.set_view(time - half, time + half)
        self._centre.show_traces()
        self._view.setFocus()

    def _save_picture(self) -> None:
        channel = self.channel
        name = f"{channel}_{utc(self.drum.day):%Y-%m-%d}.png" if channel else "helicorder.png"
        save_as(self, "Save picture", name, PICTURES, self.drum.picture)


def _choice(name: str, texts: list[str]) -> QComboBox:
    box = QComboBox()
    box.addItems(texts)
    box.setAccessibleName(name)
    box.setMinimumWidth(_NARROWEST_CHOICE)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return box
