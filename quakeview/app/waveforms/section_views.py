"""The views of a day and of an event as a whole: helicorder, record section, correlation, and going to a time."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.traces import TraceView
from quakeview.app.waveforms.aligning import TraceAlignment
from quakeview.app.waveforms.analysis_actions import HELICORDER, RECORD_SECTION
from quakeview.app.waveforms.centre import Centre
from quakeview.app.waveforms.correlating import Correlating
from quakeview.app.waveforms.event_traces import EventTraces
from quakeview.app.waveforms.going import GoToTime
from quakeview.app.waveforms.helicorder_page import HelicorderPage
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.waveforms.channels import Instrument

if TYPE_CHECKING:
    from quakeview.app.waveforms.record_section_page import RecordSectionPage


class SectionViews(QObject):
    """Makes them and keeps them.

    Signals:
        said: a sentence for the status bar.
        channelAsked: a channel to show among the traces.
    """

    said = Signal(str)
    channelAsked = Signal(object)

    def __init__(
        self,
        session: WaveformsSession,
        view: TraceView,
        registry: ActionRegistry,
        centre: Centre,
        traces: EventTraces,
        alignment: TraceAlignment,
        tabs: QTabWidget,
    ) -> None:
        super().__init__(view)
        self._session, self._view, self._centre, self._traces = session, view, centre, traces
        self.helicorder = HelicorderPage(session, view, registry, centre)
        self.go_to_time = GoToTime(session, view, registry, centre)
        self.correlating = Correlating(session, view, registry, tabs, traces, alignment)
        for part in (self.helicorder, self.go_to_time):
            part.said.connect(self.said)
        self._place_of_section = QWidget()
        centre.add(RECORD_SECTION, self._place_of_section, lambda: traces.opened is not None or "Open an event first.")
        centre.changed.connect(self._make_section)
        registry.bind("view.response", self.show_response, lambda: bool(session.stations) or "Open a file first.")

    @cached_property
    def record_section(self) -> "RecordSectionPage":
        """The page, made when it is first wanted: plots take a moment."""
        from quakeview.app.waveforms.record_section_page import RecordSectionPage

        page = RecordSectionPage(self._session, self._view, self._centre, self._traces)
        page.said.connect(self.said)
        page.channelAsked.connect(self.channelAsked)
        layout = QVBoxLayout(self._place_of_section)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page)
        return page

    def _make_section(self) -> None:
        if self._centre.page == RECORD_SECTION:
            self.record_section.read()

    def picture(self, suffix: str) -> bytes | None:
        """The page in front as the content of a ``.png`` or ``.svg``; None if it is none of these.

        Raises:
            QuakeViewError: if there is nothing on it, or for another suffix.
        """
        if self._centre.page == HELICORDER:
            return self.helicorder.drum.picture(suffix)
        return self.record_section.picture(suffix) if self._centre.page == RECORD_SECTION else None

    def show_response(self) -> None:
        """Show what the metadata say of the selected station."""
        from quakeview.app.waveforms.response_dialog import ResponseDialog

        channel = self.helicorder.channel
        if channel is not None:
            dialog = ResponseDialog(self._session, Instrument.of(channel), self._view.window())
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def shut_down(self) -> None:
        """Let go of threads."""
        self.helicorder.drum.forget()
        self.correlating.shut_down()
        if "record_section" in vars(self):
            self.record_section.shut_down()
