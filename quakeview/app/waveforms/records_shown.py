"""The records of a session in the trace view, in the overview and in the spectrogram, all at the same time."""

import numpy as np
from PySide6.QtCore import QObject, QTimer

from quakeview.app.traces import OverviewBar, StationRow, TraceView
from quakeview.app.waveforms.filtering import left_out
from quakeview.app.waveforms.framing import Stretch, first_view, shows_any
from quakeview.app.waveforms.ordering import Order
from quakeview.app.waveforms.reading import Records
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.waveforms.spectrogram_tab import SpectrogramTab
from quakeview.stations.coordinates import COUNTS, unit_of
from quakeview.waveforms.channels import ChannelId, Instrument

_SOON = 80
"""Milliseconds after which overview and spectrogram follow the pick that was selected."""


class RecordsShown(QObject):
    """Draws what the session has read, and keeps the three widgets at the same time and on the same channel."""

    def __init__(
        self, session: WaveformsSession, view: TraceView, overview: OverviewBar, spectrogram: SpectrogramTab
    ) -> None:
        super().__init__(view)
        self._session = session
        self._view = view
        self._overview = overview
        self._spectrogram = spectrogram
        self.hidden: frozenset[Instrument] = frozenset()
        self.vertical_only = False
        self._first_channel: ChannelId | None = None
        self._drawn: ChannelId | None = None  # in the overview and the spectrogram
        self._coverage: list[Stretch] = []
        self._letters: dict[ChannelId, str] = {}  # of the rows
        self._units: dict[ChannelId, str] = {}  # of records that were made ground motion
        self._saved_view: Stretch | None = None
        session.loader.loaded.connect(self._show_record)
        session.loader.failed.connect(view.set_problem)
        view.viewChanged.connect(self._follow_view)
        view.gutterChanged.connect(overview.set_gutter)
        panel = spectrogram.panel
        self._soon = QTimer(self, singleShot=True, interval=_SOON)
        self._soon.timeout.connect(self._show_current)
        view.gutterChanged.connect(panel.set_gutter)
        view.cursorMoved.connect(self._show_cursor)
        view.pointerInside.connect(lambda inside: None if inside else panel.set_cursor(None))
        overview.windowChanged.connect(self._show_times)
        panel.viewChanged.connect(self._show_times)
        panel.cursorMoved.connect(self._follow_cursor)
        session.picksChanged.connect(lambda *_: panel.update())

    def clear(self) -> None:
        """Show nothing of the session that was open."""
        self._first_channel = self._drawn = self._saved_view = None
        self._coverage = []
        self._letters, self._units = {}, {}
        self._view.clear_records()
        self._view.clear_curves()
        self._overview.clear()
        self._spectrogram.clear()

    def restore(self, view: Stretch | None) -> None:
        """Begin with this stretch of time, if there are data in it."""
        self._saved_view = view

    def show_stations(self, order: Order) -> None:
        """Show the stations of the session in this order, from top to bottom."""
        session = self._session
        self._forget_other_letters()
        rows = [
            StationRow(
                station=station,
                label=".".join(part for part in station[:2] if part) or "unnamed",
                subtitle=order.subtitles.get(station) or ".".join(part for part in station[2:] if part),
                channels=self._components(station),
            )
            for station in order.stations
            if station not in self.hidden
        ]
        self._show_units()
        self._view.set_stations(rows)
        self._first_channel = next(iter(self._view.scene.channel_ids()), None)
        self._show_span()
        if self._drawn is not None and self._drawn not in session.channels:
            self._forget_channel()

    def _components(self, station: Instrument) -> tuple[tuple[str, ChannelId], ...]:
        """The rows of a station; one without a vertical keeps all of them."""
        every = self._session.letters(station)
        vertical = tuple(row for row in every if row[0] == "Z") if self.vertical_only else ()
        return vertical or every

    def show_channel(self, channel_id: ChannelId) -> None:
        """Draw this channel in the overview and in the spectrogram."""
        if records := self._session.records.get(channel_id):
            self._drawn = channel_id
            self._overview.set_record(records, str(channel_id))
            self._show_spectrogram(channel_id, records)
            self._follow_view(*self._view.view)

    def follow_channel(self) -> None:
        """Draw the current channel soon: while picks are gone through by a held key, none of those in between."""
        self._soon.start()

    def _show_current(self) -> None:
        channel_id = self._view.current_channel
        if channel_id is not None and channel_id != self._drawn:
            self.show_channel(channel_id)

    def show_any_channel(self) -> None:
        """Draw the first channel, if the user has chosen none."""
        if self._view.current_channel is None and self._first_channel is not None:
            self.show_channel(self._first_channel)

    def show_notes(self) -> None:
        """Say on the traces where the filter could not be applied in full."""
        for channel_id in self._session.records:
            self._show_note(channel_id)

    def _forget_channel(self) -> None:
        self._drawn = None
        self._overview.set_record(None)
        self._spectrogram.clear()
        if self._first_channel is not None:
            self.show_channel(self._first_channel)

    def _forget_other_letters(self) -> None:
        """Draw no record any more beside the letter of another component."""
        letters = {c: letter for station in self._session.stations for letter, c in self._session.letters(station)}
        for channel_id, letter in letters.items():
            if self._letters.get(channel_id, letter) != letter:
                self._view.set_record(channel_id, None)
        self._letters = letters

    def _show_units(self) -> None:
        """The units of the records that are drawn."""
        known = self._session.metadata.units
        units = {channel_id: unit_of(channel_id, known) for channel_id in self._session.channels} | self._units
        self._view.set_units({channel_id: unit for channel_id, unit in units.items() if unit != COUNTS})

    def _show_span(self) -> None:
        """The times with data, and some of what came new among them."""
        coverage = self._session.coverage()
        if coverage == self._coverage:
            return
        if not coverage:
            self._coverage = []
            self._overview.clear()
            return
        new = [stretch for stretch in coverage if stretch not in set(self._coverage)] or coverage
        known = self._view.view if self._coverage else None
        first, last = coverage[0][0], max(end for _, end in coverage)
        self._coverage = coverage
        self._view.set_limits(first, last)
        self._spectrogram.panel.set_limits(first, last)
        self._overview.set_span(first, last)
        self._overview.set_coverage(coverage)
        wanted = self._saved_view or known
        self._saved_view = None
        self._view.set_view(*(wanted if wanted and shows_any(wanted, new) else first_view(new)))

    def _show_record(self, channel_id: ChannelId, records: Records) -> None:
        unit = records[0].change.unit if records[0].change else ""
        if unit != self._units.get(channel_id, ""):
            self._units = {c: u for c, u in {**self._units, channel_id: unit}.items() if u}
            self._show_units()
        self._view.set_record(channel_id, records)
        self._view.set_unsettled(channel_id, np.concatenate([record.unsettled for record in records]))
        self._show_note(channel_id)
        if channel_id == (self._view.current_channel or self._first_channel):
            self.show_channel(channel_id)

    def _show_note(self, channel_id: ChannelId) -> None:
        record = self._session.records[channel_id][0]
        notes = left_out(self._session.filter, record), record.change.note if record.change else ""
        self._view.set_note(channel_id, "; ".join(note for note in notes if note))

    def _show_spectrogram(self, channel_id: ChannelId, records: Records) -> None:
        session = self._session
        unit = self._view.scene.unit_of(channel_id)
        self._spectrogram.show_records(records, session.archive, session.shown_name(channel_id), unit)
        self._spectrogram.panel.set_picks(self._view.scene.picks.source, Instrument.of(channel_id))

    def _show_cursor(self, channel_id: ChannelId | None, time: float, _: float) -> None:
        """Mark the time under the mouse on the axis of the traces in the spectrogram too."""
        self._spectrogram.panel.set_cursor(time - self._view.shift_of(channel_id) + self._view.shift_of(self._drawn))

    def _follow_cursor(self, time: float | None) -> None:
        self._view.show_cursor(None if time is None else time - self._view.shift_of(self._drawn))

    def _follow_view(self, first: float, last: float) -> None:
        """Overview and spectrogram show one channel at its own times."""
        shift = self._view.shift_of(self._drawn)
        self._overview.set_window(first + shift, last + shift)
        self._spectrogram.panel.set_view(first + shift, last + shift)

    def _show_times(self, first: float, last: float) -> None:
        shift = self._view.shift_of(self._drawn)
        self._view.set_view(first - shift, last - shift)
