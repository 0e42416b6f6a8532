"""The table of picks."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont

from quakeview.app.drawing import theme
from quakeview.app.widgets.filtered_table import ChosenRows, FilteredTable
from quakeview.monitoring.pick_weights import UNCERTAINTIES, weight_class
from quakeview.monitoring.picks import Pick, PickStatus, Polarity
from quakeview.project.shelf import Place, place_of

COLUMNS = ("Channel", "Phase", "Time (UTC)", "Probability", "± (s)", "Weight", "Polarity", "Onset", "Status", "Model")
_ARROWS = {Polarity.UP: "▲ up", Polarity.DOWN: "▼ down", Polarity.UNDECIDABLE: "undecidable"}
_SHOWN = {
    "All": tuple(PickStatus),
    "To review": (PickStatus.AUTOMATIC,),
    "Reviewed": (PickStatus.MANUAL, PickStatus.CONFIRMED),
    "Rejected": (PickStatus.REJECTED,),
}


def uncertainty_text(pick: Pick) -> str:
    """``0.05``, or ``−0.02 +0.10`` if the two sides differ."""
    lower, upper = pick.lower_uncertainty, pick.upper_uncertainty
    if lower is None and upper is None:
        return ""
    if lower == upper:
        return f"{upper:.3g}"
    return " ".join(f"{sign}{value:.3g}" for sign, value in (("−", lower), ("+", upper)) if value is not None)


class PicksModel(ChosenRows):
    """Picks by time, unless a column says otherwise."""

    columns = COLUMNS
    ranked_by = "Time (UTC)"

    def __init__(self) -> None:
        super().__init__()
        self._statuses = _SHOWN["All"]
        self._has_data: Callable[[Pick], bool] = lambda _: False
        self._uncertainties: Sequence[float] = UNCERTAINTIES

    def show_only(self, name: str) -> None:
        """``All``, ``To review``, ``Reviewed`` or ``Rejected``."""
        self._statuses = _SHOWN[name]
        self.filter()

    def follow_data(self, has_data: Callable[[Pick], bool]) -> None:
        """Picks without data are pale, and say so. Call it again when the data have changed."""
        self._has_data = has_data
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(COLUMNS) - 1))

    def set_uncertainties(self, uncertainties: Sequence[float]) -> None:
        """Of the weight classes 0 to 3, s."""
        self._uncertainties = uncertainties
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(COLUMNS) - 1))

    def _weight(self, row: Pick) -> int | None:
        return weight_class(row, self._uncertainties)

    def rank(self, row: Pick) -> Place:
        return place_of(row)

    def condition(self) -> Callable[[Pick], bool] | None:
        statuses = self._statuses
        return None if statuses == _SHOWN["All"] else lambda pick: pick.status in statuses

    def search_texts(self, rows: Sequence[Pick]) -> list[str]:
        """As the cells say it, but all times are written at once."""
        moments = np.array([row.time.ns for row in rows], "datetime64[ns]")
        times = np.datetime_as_string(moments, unit="ms").tolist() if len(rows) else []
        names = {channel: str(channel) for channel in {row.channel_id for row in rows}}
        others = [column for column in COLUMNS[3:] if column != "Weight"]
        return [
            f"{names[row.channel_id]} {row.phase} {time.replace('T', ' ')} "
            f"{' '.join([_text(row, column) for column in others])}".lower()
            for row, time in zip(rows, times, strict=True)
        ]

    def text(self, row: Pick, column: str) -> str:
        if column == "Weight":
            return "" if (number := self._weight(row)) is None else str(number)
        text = _text(row, column)
        return f"{text}, no data" if column == "Status" and not self._has_data(row) else text

    def key(self, row: Pick) -> str:
        return row.resource_id

    def sort_value(self, row: Pick, column: str) -> Any:
        return self.sort_values([row], column)[0]

    def sort_values(self, rows: Sequence[Pick], column: str) -> list[Any]:
        match column:
            case "Channel":
                names = {channel: str(channel) for channel in {row.channel_id for row in rows}}
                return [names[row.channel_id] for row in rows]
            case "Phase":
                return [row.phase for row in rows]
            case "Probability":
                return [row.probability for row in rows]
            case "± (s)":
                return [row.upper_uncertainty for row in rows]
            case "Status":
                return [row.status for row in rows]
            case "Weight":
                return [self._weight(row) for row in rows]
            case "Model":
                return [row.model for row in rows]
        return [_text(row, column) for row in rows]

    def extra(self, row: Pick, column: str, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.ForegroundRole:
                return self._color(row, column)
            case Qt.ItemDataRole.FontRole if column == "Phase":
                bold = QFont()
                bold.setBold(True)
                return bold
            case Qt.ItemDataRole.ToolTipRole if not self._has_data(row):
                return f"No data of {row.channel_id} at this time are open; review passes over this pick."
        return None

    def _color(self, pick: Pick, column: str) -> QColor | None:
        colors = theme.current()
        if pick.status is PickStatus.REJECTED or not self._has_data(pick):
            return QColor(colors.disabled)
        return QColor(colors.phase(pick.phase)) if column == "Phase" else None


def _text(pick: Pick, column: str) -> str:
    match column:
        case "Channel":
            return str(pick.channel_id)
        case "Phase":
            return pick.phase
        case "Time (UTC)":
            return pick.time.strftime("%Y-%m-%d %H:%M:%S.") + f"{pick.time.microsecond // 1000:03d}"
        case "Probability":
            return "" if pick.probability is None else f"{pick.probability:.2f}"
        case "± (s)":
            return uncertainty_text(pick)
        case "Polarity":
            return _ARROWS.get(pick.polarity, "") if pick.polarity else ""
        case "Onset":
            return pick.onset or ""
        case "Status":
            return str(pick.status)
    return pick.model


class PicksPanel(FilteredTable):
    """The table of picks with its filters."""

    def __init__(self) -> None:
        self.model = PicksModel()
        super().__init__(self.model, "pick", "station, phase, model", _SHOWN)
        self.table.sortByColumn(COLUMNS.index("Time (UTC)"), Qt.SortOrder.AscendingOrder)
