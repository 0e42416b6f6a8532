"""The record section of the open event, in the place of the traces."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from quakeview.analysis.record_section import Section, SectionStyle, SectionTrace, record_section, section_table
from quakeview.analysis.shown_components import COMPONENTS
from quakeview.app.drawing import theme
from quakeview.app.drawing.picture import PICTURES, picture_of
from quakeview.app.texts import captioned
from quakeview.app.traces import TraceView
from quakeview.app.waveforms.analysis_actions import RECORD_SECTION
from quakeview.app.waveforms.centre import Centre
from quakeview.app.waveforms.event_traces import EventTraces, locator_of
from quakeview.app.waveforms.section_plot import SectionContent, SectionPick, SectionPlot
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.waveforms.shown_stations import shown_stations
from quakeview.app.widgets.numberbox import NumberBox
from quakeview.app.widgets.saving import save_as
from quakeview.app.widgets.tool_button import tool_button
from quakeview.app.work.background import Background
from quakeview.errors import QuakeViewError
from quakeview.events.event import Event
from quakeview.events.readings import readings_of
from quakeview.events.theoretical import Curves, arrival_curves
from quakeview.events.travel_times import FARTHEST
from quakeview.events.velocity_models import VelocityModel
from quakeview.jobs import Progress
from quakeview.monitoring.picks import PickStatus
from quakeview.stations.coordinates import COUNTS
from quakeview.texts import counted

_NO_EVENT = "Open an event to see its traces in the order of distance."
_GAIN_STEP = 1.25
_BEFORE, _AFTER = 0.5, 1.0
"""How much is read before and after the window that is shown at first, in lengths of it."""
_BEYOND = 1.05
_SETTLED = 80
"""Milliseconds after which the section follows what changed: records come in bursts."""


@dataclass(frozen=True, eq=False)
class _Found:
    section: Section
    curves: Curves | None
    problem: str


class RecordSectionPage(QWidget):
    """Controls above the plot, and below it what is left out of it.

    Signals:
        said: what is under the mouse, a sentence for the status bar.
        channelAsked: of a trace that was clicked.
    """

    said = Signal(str)
    channelAsked = Signal(object)

    def __init__(self, session: WaveformsSession, view: TraceView, centre: Centre, traces: EventTraces) -> None:
        super().__init__()
        self._session, self._view, self._centre, self._traces = session, view, centre, traces
        self._missing: list[str] = []
        self._window = (0.0, 1.0)
        self._found: _Found | None = None
        self._gain = 1.0
        self._reader = Background("Reading the record section")
        self._reader.ready.connect(self._take)
        self._reader.failed.connect(self._refuse)
        self._timer = QTimer(self, singleShot=True, interval=_SETTLED)
        self._timer.timeout.connect(self.read)
        self.plot = SectionPlot()
        self._make_controls()
        self._arrange()
        self._connect()

    # --- controls ------------------------------------------------------------------------------------------------

    def _make_controls(self) -> None:
        self.component = QComboBox()
        self.component.addItems(list(COMPONENTS))
        self.component.setAccessibleName("Component")
        self.velocity = NumberBox(minimum=0, maximum=20, decimals=1, singleStep=0.5, suffix=" km/s")
        self.velocity.setSpecialValueText("not reduced")
        self.velocity.setAccessibleName("Reduction velocity")
        self.velocity.setToolTip("Waves of this speed are upright: times are less the distance over it")
        self.true = QCheckBox("True amplitudes")
        self.true.setToolTip("One scale for all traces, which need the same unit, instead of each trace to its peak")
        self.power = NumberBox(minimum=0, maximum=3, decimals=1, singleStep=0.5, prefix="× distance^")
        self.power.setAccessibleName("Power of the distance with which true amplitudes are multiplied")
        self.power.setToolTip("1 takes off the geometrical spreading of body waves, 0.5 that of surface waves")
        self.picks, self.theory = QCheckBox("Picks"), QCheckBox("Theoretical")
        for box in (self.picks, self.theory):
            box.setChecked(True)
        self.caption, self.empty = captioned("", "caption"), captioned(_NO_EVENT, "caption")
        for label in (self.caption, self.empty):
            label.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.caption.setContentsMargins(12, 4, 12, 8)

    def _arrange(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(10, 6, 10, 6)
        tools.setSpacing(6)
        for widget in (self.component, self.velocity, self.true, self.power, self.picks, self.theory):
            tools.addWidget(widget)
        tools.addStretch(1)
        tools.addWidget(tool_button("arrow-expand-vertical", "Higher traces", lambda: self._enlarge(_GAIN_STEP)))
        tools.addWidget(tool_button("arrow-collapse-vertical", "Lower traces", lambda: self._enlarge(1 / _GAIN_STEP)))
        tools.addWidget(tool_button("table-arrow-down", "Save as CSV…", self._save_table))
        tools.addWidget(tool_button("image-outline", "Save picture…", self._save_picture))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.plot)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(tools)
        rows.addWidget(self.stack, 1)
        rows.addWidget(self.caption)

    def _connect(self) -> None:
        session = self._session
        self.component.currentIndexChanged.connect(self.read)
        for changed in (self.velocity.valueChanged, self.power.valueChanged, self.true.toggled):
            changed.connect(self._draw)
        for box in (self.picks, self.theory):
            box.toggled.connect(self._draw)
        self.plot.traceClicked.connect(self._go)
        self.plot.hovered.connect(self.said)
        for changed in (self._traces.changed, session.loader.loaded, session.stationsChanged, session.picksChanged):
            changed.connect(self.follow)

    # --- what is shown -------------------------------------------------------------------------------------------

    def follow(self) -> None:
        """Read the section again in a moment, if the page is in front."""
        if self._centre.page == RECORD_SECTION:
            self._timer.start()

    @property
    def section(self) -> Section | None:
        """What is drawn."""
        return None if self._found is None else self._found.section

    def read(self) -> None:
        """Read the section of the event that is open."""
        event = self._traces.opened
        if event is None or self._centre.page != RECORD_SECTION:
            self._reader.forget()
            self._refuse(_NO_EVENT)
            return
        make, self._missing = shown_stations(self._session, self._view)
        origin = event.time.ns / 1e9
        first, last = (time - origin for time in self._traces.window(event))
        self._window = first, last
        letter, span = self.component.currentText(), last - first
        locator = self._session.events.revision()
        coordinates = dict(self._session.coordinates)

        def read(progress: Progress) -> _Found:
            section = record_section(make(), letter, origin, first - _BEFORE * span, last + _AFTER * span, progress)
            try:
                curves = _curves(event, section, lambda: locator_of(event, coordinates, locator).model)
            except QuakeViewError as error:
                return _Found(section, None, str(error))
            return _Found(section, curves, "")

        self._reader.ask(read)

    def _take(self, found: _Found) -> None:
        event = self._traces.opened
        if event is None or found.section.origin != event.time.ns / 1e9:
            return
        self._found = found
        if not found.section.traces:
            self._refuse(
                " ".join(("No station has this component in the window of the event.", *found.section.left_out[:3]))
            )
            return
        self.stack.setCurrentWidget(self.plot)
        self._draw()

    def _refuse(self, sentence: str) -> None:
        self._found = None
        self.plot.show_content(None, self.plot.style_)
        self.empty.setText(sentence)
        self.caption.setText("")
        self.stack.setCurrentWidget(self.empty)

    def _draw(self) -> None:
        found, event = self._found, self._traces.opened
        if found is None or event is None:
            return
        one_unit = len(found.section.units) == 1
        self.true.setEnabled(one_unit)
        true = self.true.isChecked() and one_unit
        self.power.setVisible(true)
        style = SectionStyle(1000 * self.velocity.value(), not true, self.power.value() if true else 0.0, self._gain)
        self.plot.show_picks, self.plot.show_theory = self.picks.isChecked(), self.theory.isChecked()
        content = SectionContent(found.section, self._window, self._picks_of(event), found.curves)
        self.plot.show_content(content, style)
        self.caption.setText(self._described(found, one_unit))

    def _picks_of(self, event: Event) -> list[SectionPick]:
        book = {pick.resource_id: pick for pick in self._session.book.find(event.pick_ids)}
        return [
            SectionPick(
                reading.phase, reading.time, reading.distance, book[reading.pick_id].status is PickStatus.AUTOMATIC
            )
            for reading in readings_of(event, book, self._session.coordinates)
            if reading.distance is not None
        ]

    def _described(self, found: _Found, one_unit: bool) -> str:
        """What is drawn and what is not, in sentences."""
        section = found.section
        parts = [f"{counted(len(section.traces), 'trace')} of component {section.component}."]
        if found.curves is not None and self.theory.isChecked():
            parts.append(f"Dotted: first P and S of {found.curves.model}.")
        if section.traces[-1].distance > FARTHEST:
            parts.append(f"Theoretical arrivals are drawn to {FARTHEST / 1000:,.0f} km.")
        if found.problem:
            parts.append(found.problem)
        if not one_unit:
            parts.append("The traces have different units: each is drawn to its peak.")
        elif self.true.isChecked() and section.units == {COUNTS}:
            parts.append("Counts of instruments with different gains cannot be compared; show ground motion.")
        left = [*self._missing, *section.left_out]
        if left:
            parts.append(f"{counted(len(left), 'station is', 'stations are')} left out: {' '.join(left[:2])}")
            parts += ["…"] if len(left) > 2 else []
        self.caption.setToolTip("\n".join(left))
        return " ".join(parts)

    # --- what is done --------------------------------------------------------------------------------------------

    def _enlarge(self, factor: float) -> None:
        self._gain = min(max(self._gain * factor, 0.05), 100.0)
        self._draw()

    def _go(self, trace: SectionTrace) -> None:
        """Show the traces of a station, at the times of the event as they were."""
        self._centre.show_traces()
        self.channelAsked.emit(trace.channel_id)
        self._view.setFocus()

    def picture(self, suffix: str) -> bytes:
        """The section as the content of a ``.png`` or ``.svg``.

        Raises:
            QuakeViewError: if there is none, or for another suffix.
        """
        if self.section is None:
            raise QuakeViewError(f"There is no record section to save. {self.empty.text()}")
        return picture_of(suffix, [self.plot], theme.current().base)

    def _save_picture(self) -> None:
        save_as(self, "Save picture", "record section.png", PICTURES, self.picture)

    def table(self) -> bytes:
        """Distances, peaks and picks of the traces as CSV.

        Raises:
            QuakeViewError: if there is no section.
        """
        event = self._traces.opened
        if self.section is None or event is None:
            raise QuakeViewError(f"There is no record section to save. {self.empty.text()}")
        picks: dict[tuple[str, str], dict[str, float]] = {}
        book = {pick.resource_id: pick for pick in self._session.book.find(event.pick_ids)}
        for reading in readings_of(event, book, self._session.coordinates):
            picks.setdefault(reading.station, {}).setdefault(reading.phase, reading.time)
        return section_table(
            self.section, {trace.station: picks.get(trace.station[:2], {}) for trace in self.section.traces}
        )

    def _save_table(self) -> None:
        save_as(self, "Save record section", "record section.csv", "CSV (*.csv)", lambda _: self.table())

    def shut_down(self) -> None:
        """Let go of threads."""
        self._reader.forget()
        self.plot.forget()


def _curves(event: Event, section: Section, model: Callable[[], VelocityModel]) -> Curves | None:
    """Of the velocity model of the event, as far as there are traces.

    Raises:
        QuakeViewError: if the depth of the event or the velocity model is not known.
    """
    if not section.traces:
        return None
    if event.origin.depth is None:
        raise QuakeViewError("The depth of this event is not known: there are no theoretical arrivals.")
    return arrival_curves(model(), event.origin.depth, _BEYOND * section.traces[-1].distance)
