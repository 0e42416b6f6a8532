"""Tables that can be sorted, filtered, copied as TSV and saved as CSV."""

import csv
import io
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QAction, QContextMenuEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QMenu,
    QTableView,
    QWidget,
)

from quakeview.app.saving import save_as

_WIDEST = 420
_MEASURED_ROWS = 40
_FEW = 200
"""Rows up to which each is moved by itself; more are sorted in together, and the view begins anew."""

Index = QModelIndex | QPersistentModelIndex


class Entry(NamedTuple):
    """A row where it is in order: entries are compared by ``value``, then by ``rank``, which no two share."""

    value: tuple[Any, ...]  # of the column they are sorted by; empty if there is none
    rank: Any
    row: Any
    text: str  # what the filter looks at


class RowsModel(QAbstractTableModel):
    """A list of things as rows, sorted and filtered; ``change`` moves only what an edit touches.

    Subclasses say what a cell shows; ``extra`` may add tips, colours and fonts.
    """

    columns: Sequence[str] = ()

    def __init__(self) -> None:
        super().__init__()
        self._entries: dict[Any, Entry] = {}  # by key
        self._sorted: list[Entry] = []
        self._shown: list[Entry] = []
        self._column: str | None = None
        self._backwards = False
        self._words: list[str] = []
        self._given = 0

    # --- what subclasses say -----------------------------------------------------------------------------------

    def text(self, row: Any, column: str) -> str:
        """What the cell shows."""
        raise NotImplementedError

    def key(self, row: Any) -> Any:
        """What identifies the row."""
        raise NotImplementedError

    def sort_value(self, row: Any, column: str) -> Any:
        """What the column is sorted by; None comes first."""
        return self.text(row, column)

    def rank(self, row: Any, number: int) -> Any:
        """The place of a row, the ``number``-th that was given, where no column decides. No two have the same."""
        return number

    def search_texts(self, rows: Sequence[Any]) -> list[str]:
        """What the filter looks at, in lower case."""
        return [" ".join(self.text(row, column) for column in self.columns).lower() for row in rows]

    def condition(self) -> Callable[[Any], bool] | None:
        """What a row must fulfil to be shown, besides the text of the filter; None: nothing."""
        return None

    def extra(self, row: Any, column: str, role: int) -> Any:
        """Any other role: tool tip, colour, font."""
        return None

    # --- the rows ----------------------------------------------------------------------------------------------

    @property
    def rows(self) -> list[Any]:
        """All rows, also those that the filter hides, in the order they were given."""
        return [entry.row for entry in sorted(self._sorted, key=attrgetter("rank"))]

    @property
    def total(self) -> int:
        """How many rows there are, also those that the filter hides."""
        return len(self._sorted)

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows instead."""
        self.beginResetModel()
        self._given, self._entries = 0, {}
        self._arrange(self._new_entries(rows))
        self.endResetModel()

    def change(self, gone: Iterable[Any], came: Sequence[Any]) -> None:
        """Take away the rows with the keys ``gone``; take up new rows, and new versions of those that are there."""
        gone = [key for key in gone if key in self._entries]
        if len(gone) + len(came) > _FEW:
            self.beginResetModel()
            ranks = {self._entries.pop(key).rank for key in {*gone, *map(self.key, came)} & self._entries.keys()}
            stay = [entry for entry in self._sorted if entry.rank not in ranks]
            self._arrange([*stay, *self._new_entries(came)])
            self.endResetModel()
            return
        for key in gone:
            self._remove(key)
        for row in came:
            if (old := self._entries.get(self.key(row))) is not None:
                self._replace(old, row)
            else:
                self._insert(self._new_entries([row])[0])

    def set_filter(self, text: str) -> None:
        """Show the rows in which every word of the text is somewhere."""
        self._words = text.lower().split()
        self.filter()

    def filter(self) -> None:
        """Look again which rows are shown: the text of the filter, or the condition, is another one."""
        self.beginResetModel()
        self._choose_shown()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; -1: as the rows were given."""
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        keys = [self.key_at(index.row()) for index in held]
        self._column = self.columns[column] if 0 <= column < len(self.columns) else None
        self._backwards = order == Qt.SortOrder.DescendingOrder
        self._arrange([Entry(self._sort_key(row), rank, row, text) for _, rank, row, text in self._sorted])
        rows = [self.row_of(key) for key in keys]
        nowhere = QModelIndex()
        found = [nowhere if row is None else self.index(row, i.column()) for row, i in zip(rows, held, strict=True)]
        self.changePersistentIndexList(held, found)
        self.layoutChanged.emit()

    def row_of(self, key: Any) -> int | None:
        """Where the row with this key is on the screen; None if it is not."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        number = bisect_left(self._shown, entry)
        found = number < len(self._shown) and self._shown[number] is entry
        return self._mirrored(number) if found else None

    def row_at(self, number: int) -> Any:
        """The row that is on the screen in this place."""
        return self._shown[self._mirrored(number)].row

    def key_at(self, number: int) -> Any:
        """Its key."""
        return self.key(self.row_at(number))

    def next_row(self, start: int, wanted: Callable[[Any], bool], by: int = 1) -> int | None:
        """The first row on the screen from ``start`` on (``by`` = -1: back), round and round, that is wanted."""
        entries = self._shown[::-1] if self._backwards else self._shown
        count, end = len(entries), start + by * len(entries)
        return next((n % count for n in range(start, end, by) if wanted(entries[n % count].row)), None)

    def _mirrored(self, number: int) -> int:
        """From the ascending order to that on the screen, and back."""
        return len(self._shown) - 1 - number if self._backwards else number

    def _sort_key(self, row: Any) -> tuple[Any, ...]:
        if self._column is None or self._column not in self.columns:
            return ()
        value = self.sort_value(row, self._column)
        return () if value is None or value != value else (value,)

    def _new_entries(self, rows: Sequence[Any]) -> list[Entry]:
        new = []
        for row, text in zip(rows, self.search_texts(rows), strict=True):
            new.append(Entry(self._sort_key(row), self.rank(row, self._given), row, text))
            self._entries[self.key(row)] = new[-1]
            self._given += 1
        return new

    def _arrange(self, entries: list[Entry]) -> None:
        entries.sort(key=attrgetter("rank"))
        entries.sort(key=attrgetter("value"))
        self._sorted = entries
        self._entries = {self.key(entry.row): entry for entry in entries}
        self._choose_shown()

    def _choose_shown(self) -> None:
        self._shown = self._passing(self._sorted)

    def _passing(self, entries: Sequence[Entry]) -> list[Entry]:
        """Those that the filter lets through."""
        for word in self._words:
            entries = [entry for entry in entries if word in entry.text]
        condition = self.condition()
        return list(entries) if condition is None else [entry for entry in entries if condition(entry.row)]

    # --- one row -----------------------------------------------------------------------------------------------

    def _remove(self, key: Any) -> None:
        number, entry = self.row_of(key), self._entries[key]
        del self._sorted[bisect_left(self._sorted, entry)]
        if number is None:
            del self._entries[key]
            return
        self.beginRemoveRows(QModelIndex(), number, number)
        del self._shown[self._mirrored(number)], self._entries[key]
        self.endRemoveRows()

    def _insert(self, entry: Entry) -> None:
        insort(self._sorted, entry)
        if self._passing([entry]):
            number = bisect_left(self._shown, entry)
            seen = len(self._shown) - number if self._backwards else number
            self.beginInsertRows(QModelIndex(), seen, seen)
            self._shown.insert(number, entry)
            self.endInsertRows()

    def _replace(self, old: Entry, row: Any) -> None:
        """A new version of a row: where it was, or moved; or no longer, or only now, among what is shown."""
        key, (text,) = self.key(row), self.search_texts([row])
        before = self.row_of(key)
        new = Entry(self._sort_key(row), self.rank(row, old.rank), row, text)
        if before is None or not self._passing([new]):
            self._remove(key)
            self._entries[key] = new
            self._insert(new)
            return
        del self._sorted[bisect_left(self._sorted, old)]
        insort(self._sorted, new)
        begin, end = self._mirrored(before), bisect_left(self._shown, new[:2])
        end -= end > begin
        after, parent = self._mirrored(end), QModelIndex()
        if after != before:
            self.beginMoveRows(parent, before, before, parent, after + (after > before))
        del self._shown[begin]
        self._shown.insert(end, new)
        self._entries[key] = new
        if after != before:
            self.endMoveRows()
        self.dataChanged.emit(self.index(after, 0), self.index(after, len(self.columns) - 1))

    # --- for Qt ------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.row_at(index.row()), self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, column)
        return self.extra(row, column, role)


class Table(QTableView):
    """Whole rows are selected; columns are as wide as what they hold; Ctrl+C copies; the keys of rows are their ids."""

    def __init__(self, model: RowsModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self.setModel(model)
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

    def fit_row(self, key: Any) -> None:
        """Widen the columns if a row needs it."""
        row = self.rows.row_of(key)
        if row is None:
            return
        for column in range(self.model().columnCount() - 1):
            needed = min(self.sizeHintForIndex(self.model().index(row, column)).width() + 8, _WIDEST)
            if needed > self.columnWidth(column):
                self.setColumnWidth(column, needed)

    def selected_keys(self) -> list[Any]:
        """Keys of the selected rows, from top to bottom."""
        return [self.rows.key_at(row) for row in sorted(index.row() for index in self.selectionModel().selectedRows())]

    def select_key(self, key: Any) -> bool:
        """Select the row with this key alone and scroll to it; False if it is not shown."""
        row = self.rows.row_of(key)
        if row is None:
            self.clearSelection()
            return False
        index = self.model().index(row, 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    @contextmanager
    def keeping_selection(self) -> Iterator[None]:
        """Whatever happens to the rows inside, those selected before, and no others, are selected after."""
        keys, scroll = self.selected_keys(), self.verticalScrollBar().value()
        yield
        rows = sorted(row for row in map(self.rows.row_of, keys) if row is not None)
        if rows == sorted(index.row() for index in self.selectionModel().selectedRows()):
            return
        selection = QItemSelection()
        for first, last in _stretches(rows):
            selection.select(self.model().index(first, 0), self.model().index(last, 0))
        how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().select(selection, how)
        if rows:
            current = self.model().index(rows[0], 0)
            self.selectionModel().setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.verticalScrollBar().setValue(scroll)

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

    def ask_where_to_save(self) -> None:
        """Let the user choose the CSV file for all rows shown."""
        rows = self.text(",", only_selected=False).encode()
        save_as(self, "Save table", f"{self.accessibleName().lower()}.csv", "CSV (*.csv)", lambda _: rows)

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


def _stretches(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each run of consecutive ``numbers``, which are sorted."""
    breaks = [n for n in range(1, len(numbers)) if numbers[n] != numbers[n - 1] + 1]
    edges = zip([0, *breaks], [*breaks, len(numbers)], strict=True)
    return [(numbers[begin], numbers[end - 1]) for begin, end in edges if begin < end]
