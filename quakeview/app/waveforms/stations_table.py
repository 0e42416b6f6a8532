"""The table of stations: what each has, what is wrong with it, and why it got no pick."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from quakeview.app import theme
from quakeview.app.tables import KEY_ROLE, SORT_ROLE, Table
from quakeview.waveforms.channels import Station

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

    station: Station
    components: str
    rates: tuple[float, ...]
    p_picks: int
    s_picks: int
    picked: str
    problems: tuple[str, ...] | None


class StationsModel(QAbstractTableModel):
    """Rows of ``StationInfo``."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[StationInfo] = []

    def set_rows(self, rows: Sequence[StationInfo]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        info, column = self.rows[index.row()], COLUMNS[index.column()]
        if role == KEY_ROLE:
            return info.station
        if role == SORT_ROLE:
            return {"P": info.p_picks, "S": info.s_picks, "Rate (Hz)": max(info.rates, default=0.0)}.get(
                column, _text(info, column)
            )
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(info, column)
        if role == Qt.ItemDataRole.ToolTipRole and column in ("Picking", "Data"):
            return info.picked if column == "Picking" else "\n".join(info.problems or ())
        if role == Qt.ItemDataRole.ForegroundRole and column == "Data" and info.problems:
            return QColor(theme.current().warning)
        return None


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
        keys = self.table.selected_keys()
        self._quiet = True
        self.model.set_rows(rows)
        self.table.fit_columns()
        for key in keys[:1]:
            self.table.select_key(key)
        self._quiet = False

    def select(self, station: Station) -> None:
        """Follow the trace view."""
        self._quiet = True
        self.table.select_key(station)
        self._quiet = False

    def _tell(self) -> None:
        keys = self.table.selected_keys()
        if keys and not self._quiet:
            self.chosen.emit(keys[0])
