"""What is asked before two models are compared, and the table of what they found."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from quakeview.app.texts import captioned
from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.app.widgets.model_list import summary
from quakeview.app.widgets.tables import RowsModel, Table
from quakeview.monitoring.comparison import Agreement, PickPair
from quakeview.monitoring.picks import Pick

COLUMNS = (
    "Station",
    "Phase",
    "Time (UTC)",
    "Found by",
    "Difference (s)",
    "Probability",
    "Other probability",
    "In project",
)

LEGEND = "With a name at the foot: picks that are not in the project, dash-dotted those of the second model."


class ComparisonDialog(FormDialog):
    """Which model is compared with the chosen one.

    Signals:
        chosen: its card.
    """

    chosen = Signal(object)

    def __init__(self, first: Any, others: Sequence[Any], what: str, parent: QWidget | None) -> None:
        """``what``: the stations and the time that are picked, in words."""
        super().__init__("Compare models", 560, "caption", parent)
        self._others = list(others)
        self.second = QComboBox()
        self.second.setAccessibleName("Compare with")
        self.second.addItems([card.name for card in others])
        self.form.addRow("Model", QLabel(first.name))
        self.form.addRow("Compare &with", self.second)
        self.form.addRow("Picked is", QLabel(what))
        self.second.currentIndexChanged.connect(self._describe)
        self.add_buttons("&Compare")
        self._describe()

    def accept(self) -> None:
        self.chosen.emit(self._others[self.second.currentIndex()])
        super().accept()

    def _describe(self) -> None:
        self.said.setText(f"{summary(self._others[self.second.currentIndex()])}. Nothing enters the project by itself.")


class PairsModel(RowsModel):
    """Rows are ``PickPair``; of two models, whose names the table shows."""

    columns = COLUMNS

    def __init__(self, in_project: Callable[[Pick], bool]) -> None:
        super().__init__()
        self.names = ("", "")
        self._in_project = in_project

    def text(self, row: PickPair, column: str) -> str:
        match column:
            case "Station":
                return str(row.station)
            case "Phase":
                return row.pick.phase
            case "Time (UTC)":
                return row.pick.time.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
            case "Found by":
                return "both" if row.difference is not None else f"only {self.names[row.first is None]}"
            case "Difference (s)":
                return "" if row.difference is None else signed(row.difference)
            case "In project":
                return "yes" if row.second is not None and self._in_project(row.second) else ""
        return _probability(row.first if column == "Probability" else row.second)

    def key(self, row: PickPair) -> str:
        return row.pick.resource_id

    def sort_value(self, row: PickPair, column: str) -> Any:
        match column:
            case "Time (UTC)":
                return row.pick.time.ns
            case "Difference (s)":
                return row.difference
        return self.text(row, column)

    def follow_project(self) -> None:
        """Say anew which picks are in the project."""
        if rows := self.rowCount():
            column = COLUMNS.index("In project")
            self.dataChanged.emit(self.index(0, column), self.index(rows - 1, column))

    def extra(self, row: PickPair, column: str, role: int) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole and column.lower().endswith("probability"):
            return self.names[column != "Probability"]
        return None


class ComparisonPanel(QWidget):
    """Counts and differences above the table of onsets.

    Signals:
        chosen: the ``PickPair`` that was clicked.
        takeOver: the pairs that are selected.
        ended: the comparison is no longer wanted.
    """

    chosen = Signal(object)
    takeOver = Signal(list)
    ended = Signal()

    def __init__(self, in_project: Callable[[Pick], bool]) -> None:
        super().__init__()
        self._in_project = in_project
        self.model = PairsModel(in_project)
        self.table = Table(self.model, "Comparison")
        self.said = captioned("", "caption")
        self.said.setWordWrap(True)
        self.said.setToolTip(LEGEND)
        self.take_over = QPushButton("Take Over")
        self.take_over.setToolTip("Add the other model's picks of the selected rows as automatic picks")
        self.take_over.clicked.connect(lambda: self.takeOver.emit(self.selected))
        end = QPushButton("End Comparison")
        end.setToolTip("Show the traces without the other model's picks (Esc)")
        end.clicked.connect(self.ended)
        save = QPushButton("Save CSV…", flat=True)
        save.clicked.connect(self.table.ask_where_to_save)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 6, 8, 6)
        bar.addWidget(self.said, 1)
        for button in (save, self.take_over, end):
            bar.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self.table, 1)
        self.table.selectionModel().selectionChanged.connect(self._follow_selection)
        self.refresh()

    @property
    def selected(self) -> list[PickPair]:
        """The pairs of the selected rows."""
        keys = set(self.table.selected_keys())
        return [pair for pair in self.model.rows if self.model.key(pair) in keys]

    def show_pairs(self, names: tuple[str, str], pairs: Sequence[PickPair], said: str) -> None:
        """Show what two models found, and a text about it."""
        self.model.names = names
        self.model.set_rows(pairs)
        self.table.fit_columns()
        self.said.setText(said)
        self.refresh()

    def refresh(self) -> None:
        """Follow what is in the project."""
        self.model.follow_project()
        self.take_over.setEnabled(any(pair.second and not self._in_project(pair.second) for pair in self.selected))

    def _follow_selection(self) -> None:
        self.refresh()
        pairs = self.selected
        if len(pairs) == 1:
            self.chosen.emit(pairs[0])


def described(names: tuple[str, str], found: Sequence[Agreement]) -> str:
    """Say how two models agree."""
    if not found:
        return f"Neither {names[0]} nor {names[1]} found an onset here."
    return "\n".join(_line(names, phase) for phase in found)


def _line(names: tuple[str, str], found: Agreement) -> str:
    text = f"{found.phase}: {found.both} by both, {found.only_first} only by {names[0]}, "
    text += f"{found.only_second} only by {names[1]}"
    if found.median is not None:
        spread = "" if found.mad is None else f", median deviation {found.mad:.3f} s"
        text += f"; the second minus the first: median {signed(found.median)} s{spread}"
    return text


def signed(seconds: float) -> str:
    """Return ``+0.020``."""
    return f"{seconds:+.3f}".replace("-", "−")


def _probability(pick: Pick | None) -> str:
    return "" if pick is None or pick.probability is None else f"{pick.probability:.2f}"
