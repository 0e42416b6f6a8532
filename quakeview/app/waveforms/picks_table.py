"""The table of picks."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from quakeview.app.drawing import theme
from quakeview.app.texts import captioned
from quakeview.app.widgets.tables import RowsModel, Table
from quakeview.app.work.background import Background
from quakeview.monitoring.picks import Pick, PickStatus, Polarity
from quakeview.project import PicksChanged
from quakeview.project.shelf import Place, place_of
from quakeview.texts import counted

COLUMNS = ("Channel", "Phase", "Time (UTC)", "Probability", "± (s)", "Polarity", "Status", "Model")
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


class PicksModel(RowsModel):
    """Picks by time, unless a column says otherwise."""

    columns = COLUMNS
    ranked_by = "Time (UTC)"

    def __init__(self) -> None:
        super().__init__()
        self._statuses = _SHOWN["All"]
        self._has_data: Callable[[Pick], bool] = lambda _: False

    def show_statuses(self, name: str) -> None:
        """``All``, ``To review``, ``Reviewed`` or ``Rejected``."""
        self._statuses = _SHOWN[name]
        self.filter()

    def follow_data(self, has_data: Callable[[Pick], bool]) -> None:
        """Picks without data are pale, and say so. Call it again when the data have changed."""
        self._has_data = has_data
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(COLUMNS) - 1))

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
        others = COLUMNS[3:]
        return [
            f"{names[row.channel_id]} {row.phase} {time.replace('T', ' ')} "
            f"{' '.join([_text(row, column) for column in others])}".lower()
            for row, time in zip(rows, times, strict=True)
        ]

    def text(self, row: Pick, column: str) -> str:
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
        case "Status":
            return str(pick.status)
    return pick.model


_WRITTEN_AHEAD = 200
"""Rows from which on the texts for the filter are written in the background: the first word is not to wait for them."""


class PicksPanel(QWidget):
    """The table with its filters. ``selected`` is emitted when the user chooses rows."""

    selected = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.model = PicksModel()
        self.table = Table(self.model, "Picks")
        self.table.sortByColumn(COLUMNS.index("Time (UTC)"), Qt.SortOrder.AscendingOrder)
        self.search = QLineEdit(placeholderText="Filter: station, phase, model…", clearButtonEnabled=True)
        self.search.setAccessibleName("Filter the picks")
        self.search.setFixedWidth(260)
        self.search.setAcceptDrops(False)
        self.search.textChanged.connect(self._filter)
        self.status = QComboBox()
        self.status.setAccessibleName("Which picks")
        self.status.addItems(list(_SHOWN))
        self.status.currentTextChanged.connect(self._show_statuses)
        self.count = captioned("", "caption")
        self.empty = captioned("", "caption")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self._why_empty = ""
        self._quiet = False
        self._writer = Background("texts of picks")
        self._writer.ready.connect(lambda found: self.model.take_texts(*found))
        self._arrange()
        self.table.selectionModel().selectionChanged.connect(self._tell)
        self.refresh_count()

    def _arrange(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 6, 8, 6)
        bar.addWidget(self.search)
        bar.addWidget(self.status)
        bar.addStretch()
        bar.addWidget(self.count)
        for text, tip, action in (
            ("Copy", "Copy the selected picks (all, if none is selected) as tab-separated text", self.table.copy),
            ("Save CSV…", "Save this table", self.table.ask_where_to_save),
        ):
            button = QPushButton(text, flat=True)
            button.setToolTip(tip)
            button.clicked.connect(action)
            bar.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self.table)
        layout.addWidget(self.empty, 1)

    def show_picks(self, picks: Iterable[Pick]) -> None:
        """Show these picks instead."""
        with self._in_silence():
            self.model.set_rows(list(picks))
        self.table.fit_columns()
        self._write_ahead()

    def change(self, changed: PicksChanged) -> None:
        """Follow an edit; the selection stays on the same picks."""
        before = self.model.rowCount()
        with self._in_silence():
            self.model.change(changed.gone, changed.came)
        if self.model.rowCount() - before > 1 or not before:
            self.table.fit_columns()
            self._write_ahead()
        elif changed.came:
            self.table.fit_row(changed.came[0].resource_id)

    def _write_ahead(self) -> None:
        rows = self.model.unwritten()
        if len(rows) > _WRITTEN_AHEAD:
            self._writer.ask(lambda _: (rows, self.model.search_texts(rows)))

    def show_all(self) -> None:
        """Take the filters off: they were chosen for other picks."""
        self.search.clear()
        self.status.setCurrentIndex(0)

    def explain(self, why_empty: str) -> None:
        """What to say when there is no pick at all."""
        self._why_empty = why_empty
        self.refresh_count()

    def select(self, resource_id: str | None) -> None:
        """Follow the trace view."""
        self._quiet = True
        if resource_id is None:
            self.table.clearSelection()
        else:
            self.table.select_key(resource_id)
        self._quiet = False

    @contextmanager
    def _in_silence(self) -> Iterator[None]:
        """For changes of the rows: the selection stays, and nobody is told."""
        self._quiet = True
        with self.table.keeping_selection():
            yield
        self._quiet = False
        self.refresh_count()

    def _filter(self, text: str) -> None:
        with self._in_silence():
            self.model.set_filter(text)

    def _show_statuses(self, name: str) -> None:
        with self._in_silence():
            self.model.show_statuses(name)

    def refresh_count(self) -> None:
        shown, total = self.model.rowCount(), self.model.total
        self.count.setText(counted(total, "pick") if shown == total else f"{shown:,} of {counted(total, 'pick')}")
        self.table.setVisible(shown > 0)
        self.empty.setVisible(shown == 0)
        self.empty.setText("No pick fits the filter." if total else self._why_empty)

    def _tell(self) -> None:
        if not self._quiet:
            self.selected.emit(self.table.selected_keys())
