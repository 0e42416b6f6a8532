"""The table of stations: what each has, what is wrong with it, and why it got no pick."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from quakeview.app.drawing import theme
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.widgets.tables import RowsModel, Table
from quakeview.project import PickBook
from quakeview.texts import counted
from quakeview.waveforms.channels import Instrument

COLUMNS = ("Station", "Components", "Rate (Hz)", "P", "S", "Picking", "Data")


@dataclass(frozen=True)
class StationInfo:
    """One row.

    Attributes:
        components: letters, for example ``ZNE``.
        rates: Hz, of all channels.
        picked: what the picker said: picks, or the reason why there is none; empty before it ran.
        problems: sentences about the data; None while they are being looked for.
    """

    station: Instrument
    components: str
    rates: tuple[float, ...]
    p_picks: int
    s_picks: int
    picked: str
    problems: tuple[str, ...] | None


class StationsModel(RowsModel):
    """Rows of ``StationInfo``."""

    columns = COLUMNS

    def text(self, row: StationInfo, column: str) -> str:
        return _text(row, column)

    def key(self, row: StationInfo) -> Instrument:
        return row.station

    def sort_value(self, row: StationInfo, column: str) -> Any:
        numbers = {"P": row.p_picks, "S": row.s_picks, "Rate (Hz)": max(row.rates, default=0.0)}
        return numbers.get(column, _text(row, column))

    def extra(self, row: StationInfo, column: str, role: int) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole and column in ("Picking", "Data"):
            return row.picked if column == "Picking" else "\n".join(row.problems or ())
        if role == Qt.ItemDataRole.ForegroundRole and column == "Data" and row.problems:
            return QColor(theme.current().warning)
        return None


def station_rows(session: WaveformsSession) -> list[StationInfo]:
    """One row per station of the session."""
    rows = []
    for station, channels in session.stations.items():
        onsets = session.book.onsets(station)
        result = session.picking.results.get(station)
        problems = session.problems.get(station)
        segments = (segment for channel in channels.values() for segment in session.archive.segments(channel))
        rows.append(
            StationInfo(
                station,
                "".join(letter or "?" for letter, _ in session.components(station)),
                tuple(sorted({segment.sampling_rate for segment in segments})),
                len(onsets.get("P", ())),
                len(onsets.get("S", ())),
                "" if result is None else result.reason or f"{counted(len(result.picks), 'pick')} found",
                None if problems is None else tuple(problems),
            )
        )
    return rows


def _text(info: StationInfo, column: str) -> str:
    match column:
        case "Station":
            return ".".join(info.station[:3] if info.station.location else info.station[:2]) + f" {info.station.band}"
        case "Components":
            return info.components
        case "Rate (Hz)":
            return ", ".join(f"{rate:g}" for rate in info.rates)
        case "P":
            return str(info.p_picks or "")
        case "S":
            return str(info.s_picks or "")
        case "Picking":
            return info.picked
    if info.problems is None:
        return "checking…"
    return " ".join(info.problems) or "complete"


class StationsPanel(QWidget):
    """``chosen`` is emitted when the user selects a station."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.model = StationsModel()
        self.table = Table(self.model, "Stations")
        self.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self._quiet = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        self.table.selectionModel().selectionChanged.connect(self._tell)

    def show_rows(self, rows: Sequence[StationInfo]) -> None:
        """Show these rows; the selection stays."""
        self._quiet = True
        with self.table.keeping_selection():
            self.model.set_rows(rows)
        self.table.fit_columns()
        self._quiet = False

    def count_picks(self, book: PickBook) -> None:
        """Follow an edit of picks."""
        changed = []
        for row in self.model.rows:
            onsets = book.onsets(row.station)
            counts = len(onsets.get("P", ())), len(onsets.get("S", ()))
            if counts != (row.p_picks, row.s_picks):
                changed.append(replace(row, p_picks=counts[0], s_picks=counts[1]))
        self._quiet = True
        with self.table.keeping_selection():
            self.model.change((), changed)
        self._quiet = False

    def select(self, station: Instrument) -> None:
        """Follow the trace view."""
        self._quiet = True
        self.table.select_key(station)
        self._quiet = False

    def _tell(self) -> None:
        keys = self.table.selected_keys()
        if keys and not self._quiet:
            self.chosen.emit(keys[0])
