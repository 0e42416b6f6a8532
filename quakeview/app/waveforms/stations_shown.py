"""Which stations and components the traces show, and the field in which a station is looked for by name."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QCompleter

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.traces import StationRow, TraceView
from quakeview.app.waveforms.records_shown import RecordsShown
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.widgets.passing_field import PassingField
from quakeview.texts import counted
from quakeview.waveforms.channels import Instrument

_WIDTH = 220


class StationSearch(PassingField):
    """Over the traces; offers the names that hold what is typed.

    Signals:
        found: the station of the row that was asked for.
        failed: a sentence.
    """

    found = Signal(object)
    failed = Signal(str)

    def __init__(self, view: TraceView) -> None:
        super().__init__(view, "Find a station", "Find a station", _WIDTH)
        self._view = view
        self.returnPressed.connect(self._go)

    def begin(self) -> None:
        """Let the user type."""
        completer = QCompleter([row.label for row in self._view.scene.rows], self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        self.clear()
        super().begin()

    def _go(self) -> None:
        wanted = self.text().strip().upper()
        rows = [row for row in self._view.scene.rows if wanted in row.label.upper()]
        if rows and wanted:
            best = min(rows, key=lambda row: (wanted not in (row.label.upper(), row.station.station), row.label))
            self.found.emit(best.station)
        elif wanted:
            self.failed.emit(f"No station that is shown has {self.text().strip()} in its name.")
        self.leave()


class StationsShown(QObject):
    """Verticals alone, stations out of the way for a while, and a station by its name.

    Signals:
        asked: for a station that was looked for.
        said: a sentence for the status bar.
    """

    asked = Signal(object)
    said = Signal(str)

    def __init__(
        self, session: WaveformsSession, view: TraceView, registry: ActionRegistry, records: RecordsShown
    ) -> None:
        super().__init__(view)
        self._session = session
        self._view = view
        self._records = records
        self._vertical = registry["view.vertical_only"]
        self.search = StationSearch(view)
        self.search.found.connect(self.asked)
        self.search.failed.connect(self.said)

        def has_data() -> bool | str:
            return bool(session.stations) or "Open a file first."

        registry.bind("view.vertical_only", self._set_vertical, has_data)
        registry.bind("view.hide_station", self._hide, lambda: self._at_hand() is not None or "Click a trace first.")
        registry.bind("view.show_stations", self._show_all, lambda: bool(records.hidden) or "No station is hidden.")
        registry.bind("view.find_station", self.search.begin, has_data)
        session.projectChanged.connect(self.restore)

    def restore(self) -> None:
        """Follow the view state; no station is hidden at first."""
        self._records.hidden = frozenset()
        self._records.vertical_only = self._session.state.get("vertical_only", False)
        self._vertical.setChecked(self._records.vertical_only)

    def _set_vertical(self, on: bool) -> None:
        self._records.vertical_only = self._session.state["vertical_only"] = on
        self._session.save_later()
        self._session.stationsChanged.emit()

    def _at_hand(self) -> StationRow | None:
        """The row of the current channel, unless it is the only one."""
        channel, rows = self._view.current_channel, self._view.scene.rows
        found = (row for row in rows if channel is not None and row.station == Instrument.of(channel))
        return next(found, None) if len(rows) > 1 else None

    def _hide(self) -> None:
        row = self._at_hand()
        if row is not None:
            rows = self._view.scene.rows
            following = rows[min(rows.index(row) + 1, len(rows) - 1)]
            self._records.hidden |= {row.station}
            self._session.stationsChanged.emit()
            if following is not row:
                self.asked.emit(following.station)
            hidden = len(self._records.hidden)
            self.said.emit(f"{counted(hidden, 'station is', 'stations are')} hidden.")

    def _show_all(self) -> None:
        self._records.hidden = frozenset()
        self._session.stationsChanged.emit()
        self.said.emit("All stations are shown.")
