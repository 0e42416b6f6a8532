"""Tables that can be sorted, filtered, copied as TSV and saved as CSV."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QAction, QContextMenuEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFileDialog,
    QHeaderView,
    QMenu,
    QMessageBox,
    QTableView,
    QWidget,
)

from quakeview.atomic import write_atomically

SORT_ROLE = Qt.ItemDataRole.UserRole
KEY_ROLE = Qt.ItemDataRole.UserRole + 1
_WIDEST = 420
_MEASURED_ROWS = 40


Index = QModelIndex | QPersistentModelIndex


class RowsModel(QAbstractTableModel):
    """A list of things as rows. Subclasses say what a cell shows; ``extra`` may add tips, colours and fonts."""

    columns: Sequence[str] = ()

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Any] = []

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows instead."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def text(self, row: Any, column: str) -> str:
        """What the cell shows."""
        raise NotImplementedError

    def key(self, row: Any) -> Any:
        """What identifies the row."""
        raise NotImplementedError

    def sort_value(self, row: Any, column: str) -> Any:
        """What the column is sorted by."""
        return self.text(row, column)

    def extra(self, row: Any, column: str, role: int) -> Any:
        """Any other role: tool tip, colour, font."""
        return None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, column)
        if role == SORT_ROLE:
            return self.sort_value(row, column)
        if role == KEY_ROLE:
            return self.key(row)
        return self.extra(row, column, role)


class TextFilter(QSortFilterProxyModel):
    """Rows in which every word of the text is somewhere; sorts by ``SORT_ROLE``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self.setSortRole(SORT_ROLE)

    def set_text(self, text: str) -> None:
        self.beginFilterChange()
        self._words = text.lower().split()
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        if not self._words:
            return True
        model = self.sourceModel()
        cells = (model.index(row, column, parent).data() for column in range(model.columnCount(parent)))
        text = " ".join(str(cell) for cell in cells if cell is not None).lower()
        return all(word in text for word in self._words)

    def lessThan(self, left: Index, right: Index) -> bool:
        a, b = left.data(self.sortRole()), right.data(self.sortRole())
        if a is None or b is None:
            return a is None and b is not None
        return a < b


class Table(QTableView):
    """Whole rows are selected; columns are as wide as what they hold; Ctrl+C copies; the keys of rows are their ids."""

    def __init__(self, model: QAbstractItemModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.proxy = TextFilter(self)
        self.proxy.setSourceModel(model)
        self.setModel(self.proxy)
        self.setAccessibleName(name)
        self.menu_actions: Sequence[QAction] = ()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setResizeContentsPrecision(_MEASURED_ROWS)
        self._fit_rows()
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy)

    def fit_columns(self) -> None:
        """Make the columns as wide as what they hold."""
        self.resizeColumnsToContents()
        for column in range(self.model().columnCount() - 1):
            self.setColumnWidth(column, min(self.columnWidth(column) + 8, _WIDEST))

    def selected_keys(self) -> list[Any]:
        """``KEY_ROLE`` of the selected rows, from top to bottom."""
        rows = sorted(self.selectionModel().selectedRows(), key=QModelIndex.row)
        return [row.data(KEY_ROLE) for row in rows]

    def keys(self) -> list[Any]:
        """``KEY_ROLE`` of all rows shown, from top to bottom."""
        return [self.model().index(row, 0).data(KEY_ROLE) for row in range(self.model().rowCount())]

    def select_key(self, key: Any) -> bool:
        """Select the row with this key alone and scroll to it; False if it is not shown."""
        for row in range(self.model().rowCount()):
            index = self.model().index(row, 0)
            if index.data(KEY_ROLE) == key:
                self.setCurrentIndex(index)
                self.scrollTo(index)
                return True
        self.clearSelection()
        return False

    def text(self, delimiter: str, only_selected: bool) -> str:
        """The rows shown, or the selected ones, with a line of column names."""
        model = self.model()
        selected = sorted({index.row() for index in self.selectionModel().selectedRows()})
        rows = selected if only_selected and selected else range(model.rowCount())
        columns = range(model.columnCount())
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerow([model.headerData(column, Qt.Orientation.Horizontal) for column in columns])
        writer.writerows([[model.index(row, column).data() for column in columns] for row in rows])
        return out.getvalue()

    def copy(self) -> None:
        """The selected rows (all, if none is) to the clipboard, as tab-separated text."""
        QApplication.clipboard().setText(self.text("\t", only_selected=True))

    def save(self, path: Path) -> None:
        """All rows shown, as CSV. Raises ``OSError``."""
        write_atomically(path, self.text(",", only_selected=False).encode())

    def ask_where_to_save(self) -> None:
        """Let the user choose the CSV file."""
        path, _ = QFileDialog.getSaveFileName(self, "Save table", f"{self.accessibleName().lower()}.csv", "CSV (*.csv)")
        if not path:
            return
        try:
            self.save(Path(path).with_suffix(".csv"))
        except OSError as error:
            QMessageBox.warning(self, "Save table", f"{path} could not be written: {error.strerror}.")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addAction("Copy", self.copy)
        menu.addAction("Save as CSV…", self.ask_where_to_save)
        if self.menu_actions:
            menu.addSeparator()
            menu.addActions(list(self.menu_actions))
        menu.exec(event.globalPos())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_rows()
        super().changeEvent(event)

    def _fit_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 9)
