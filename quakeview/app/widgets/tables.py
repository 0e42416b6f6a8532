"""Tables that can be sorted, filtered, copied as TSV and saved as CSV."""

import csv
import io
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

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

from quakeview.app.widgets.saving import save_as

_WIDEST = 420
_MEASURED_ROWS = 40
_FEW = 200
"""Rows up to which each is moved by itself; more are sorted in together, and the view begins anew."""

Index = QModelIndex | QPersistentModelIndex


class RowsModel(QAbstractTableModel):
    """A list of things as rows, sorted and filtered; ``change`` moves only what an edit touches.

    Subclasses say what a cell shows; ``extra`` may add tips, colours and fonts. 10^5 rows are shown and sorted at
    once: what a row is compared by, and the text that the filter looks at, are computed when they are needed.
    """

    columns: Sequence[str] = ()
    ranked_by: str | None = None
    """The column by which rows are in the order of their ranks; None if there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[Any, Any] = {}  # by key
        self._numbers: dict[Any, int] = {}  # in the order in which they were given, by key
        self._texts: dict[Any, str] = {}  # what the filter looks at, by key, as far as it has been needed
        self._ranked: list[Any] = []
        self._sorted: list[Any] = []
        self._written: list[str] | None = None  # the texts of ``_sorted``, once the filter has looked at all of them
        self._shown: list[Any] = []
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

    def sort_values(self, rows: Sequence[Any], column: str) -> list[Any]:
        """``sort_value`` of many rows."""
        return [self.sort_value(row, column) for row in rows]

    def rank(self, row: Any) -> Any:
        """The place of a row where no column decides: as it was given. No two rows have the same."""
        return self._numbers[self.key(row)]

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
        """All rows, also those that the filter hides, in the order of their ranks."""
        return list(self._ranked)

    @property
    def total(self) -> int:
        """How many rows there are, also those that the filter hides."""
        return len(self._ranked)

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows instead; they are in the order of their ranks."""
        self.beginResetModel()
        self._rows, self._numbers, self._texts, self._given = {}, {}, {}, 0
        self._know(rows)
        self._ranked = list(rows)
        self._arrange()
        self.endResetModel()

    def change(self, gone: Iterable[Any], came: Sequence[Any]) -> None:
        """Take away the rows with the keys ``gone``; take up new rows, and new versions of those that are there."""
        gone = [key for key in gone if key in self._rows]
        if len(gone) + len(came) > _FEW:
            self._change_many(gone, came)
            return
        for key in gone:
            self._remove(key)
        for row in came:
            if self.key(row) in self._rows:
                self._replace(row)
            else:
                self._know([row])
                self._insert(row)

    def _change_many(self, gone: Iterable[Any], came: Sequence[Any]) -> None:
        self.beginResetModel()
        left = {*gone, *map(self.key, came)}
        self._ranked = [row for row in self._ranked if self.key(row) not in left]
        for key in gone:
            self._forget(key)
        self._know(came)
        self._ranked = sorted([*self._ranked, *came], key=self.rank)
        self._arrange()
        self.endResetModel()

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
        name = self.columns[column] if 0 <= column < len(self.columns) else None
        self._column = None if name == self.ranked_by else name
        self._backwards = order == Qt.SortOrder.DescendingOrder
        self._arrange()
        rows, nowhere = self.rows_of(keys), QModelIndex()
        found = [nowhere if row is None else self.index(row, i.column()) for row, i in zip(rows, held, strict=True)]
        self.changePersistentIndexList(held, found)
        self.layoutChanged.emit()

    def row_of(self, key: Any) -> int | None:
        """Where the row with this key is on the screen; None if it is not."""
        if key not in self._rows:
            return None
        row = self._rows[key]
        number = self._number_in(self._shown, row)
        found = number < len(self._shown) and self._shown[number] is row
        return self._mirrored(number) if found else None

    def rows_of(self, keys: Sequence[Any]) -> list[int | None]:
        """``row_of`` each key."""
        if len(keys) <= _FEW:
            return [self.row_of(key) for key in keys]
        numbers = {self.key(row): self._mirrored(number) for number, row in enumerate(self._shown)}
        return [numbers.get(key) for key in keys]

    def row_at(self, number: int) -> Any:
        """The row that is on the screen in this place."""
        return self._shown[self._mirrored(number)]

    def key_at(self, number: int) -> Any:
        """Its key."""
        return self.key(self.row_at(number))

    def next_row(self, start: int, wanted: Callable[[Any], bool], by: int = 1) -> int | None:
        """The first row on the screen from ``start`` on (``by`` = -1: back), round and round, that is wanted."""
        rows = self._shown[::-1] if self._backwards else self._shown
        count, end = len(rows), start + by * len(rows)
        return next((n % count for n in range(start, end, by) if wanted(rows[n % count])), None)

    def _mirrored(self, number: int) -> int:
        """From the ascending order to that on the screen, and back."""
        return len(self._shown) - 1 - number if self._backwards else number

    def _sort_key(self, row: Any) -> tuple[Any, ...]:
        """What a row is compared by before its rank: nothing, if no column decides or it has no value there."""
        if self._column is None:
            return ()
        value = self.sort_value(row, self._column)
        return () if value is None or value != value else (value,)

    def _place(self, row: Any) -> tuple[Any, Any]:
        return self._sort_key(row), self.rank(row)

    def _number_in(self, rows: list[Any], row: Any) -> int:
        """Where a row is, or should be, in a sorted list."""
        return bisect_left(rows, self._place(row), key=self._place)

    def _number_by_rank(self, row: Any) -> int:
        return bisect_left(self._ranked, self.rank(row), key=self.rank)

    def _know(self, rows: Iterable[Any]) -> None:
        known = {self.key(row): row for row in rows}
        for key in known.keys() & self._texts.keys():
            del self._texts[key]
        new = [key for key in known if key not in self._numbers]
        self._numbers.update(zip(new, range(self._given, self._given + len(new)), strict=True))
        self._given += len(new)
        self._rows.update(known)

    def _forget(self, key: Any) -> None:
        del self._rows[key], self._numbers[key]
        self._texts.pop(key, None)

    def _arrange(self) -> None:
        if self._column is None:
            self._sorted = list(self._ranked)
        else:
            values = self.sort_values(self._ranked, self._column)
            given = [number for number, value in enumerate(values) if value is not None and value == value]
            without = sorted({*range(len(values))}.difference(given)) if len(given) < len(values) else []
            self._sorted = [self._ranked[number] for number in (*without, *sorted(given, key=values.__getitem__))]
        self._written = None
        self._choose_shown()

    def _choose_shown(self) -> None:
        rows, condition = list(self._sorted), self.condition()
        if self._words:
            if self._written is None:
                self._written = self._texts_of(rows)
            numbers, texts = list(range(len(rows))), self._written
            for word in self._words:
                numbers = [number for number in numbers if word in texts[number]]
            rows = [rows[number] for number in numbers]
        self._shown = rows if condition is None else [row for row in rows if condition(row)]

    def _passes(self, row: Any) -> bool:
        """Whether the filter lets a row through."""
        condition = self.condition()
        if condition is not None and not condition(row):
            return False
        return not self._words or all(word in text for text in self._texts_of([row]) for word in self._words)

    def _texts_of(self, rows: Sequence[Any]) -> list[str]:
        keys = [self.key(row) for row in rows]
        if new := [row for row, key in zip(rows, keys, strict=True) if key not in self._texts]:
            self.take_texts(new, self.search_texts(new))
        return [self._texts[key] for key in keys]

    def unwritten(self) -> list[Any]:
        """Rows of which nobody has needed the text that the filter looks at."""
        return [row for key, row in self._rows.items() if key not in self._texts]

    def take_texts(self, rows: Sequence[Any], texts: Sequence[str]) -> None:
        """Remember the ``search_texts`` of those rows that are still as they were."""
        for row, text in zip(rows, texts, strict=True):
            key = self.key(row)
            if self._rows.get(key) is row:
                self._texts[key] = text

    # --- one row -----------------------------------------------------------------------------------------------

    def _remove(self, key: Any) -> None:
        number, row = self.row_of(key), self._rows[key]
        if number is not None:
            self._hide(number)
        self._take_out(row)
        self._forget(key)

    def _insert(self, row: Any) -> None:
        self._put_in(row)
        if self._passes(row):
            self._show(row)

    def _replace(self, row: Any) -> None:
        """A new version of a row: where it was, or moved; or no longer, or only now, among what is shown."""
        before, old = self.row_of(self.key(row)), self._rows[self.key(row)]
        self._take_out(old)
        self._know([row])
        self._put_in(row)
        if not self._passes(row):
            if before is not None:
                self._hide(before)
        elif before is None:
            self._show(row)
        else:
            self._move(before, row)

    def _take_out(self, row: Any) -> None:
        del self._ranked[self._number_by_rank(row)]
        number = self._number_in(self._sorted, row)
        del self._sorted[number]
        if self._written is not None:
            del self._written[number]

    def _put_in(self, row: Any) -> None:
        self._ranked.insert(self._number_by_rank(row), row)
        number = self._number_in(self._sorted, row)
        self._sorted.insert(number, row)
        if self._written is not None:
            self._written.insert(number, *self._texts_of([row]))

    def _show(self, row: Any) -> None:
        number = self._number_in(self._shown, row)
        seen = len(self._shown) - number if self._backwards else number
        self.beginInsertRows(QModelIndex(), seen, seen)
        self._shown.insert(number, row)
        self.endInsertRows()

    def _hide(self, number: int) -> None:
        self.beginRemoveRows(QModelIndex(), number, number)
        del self._shown[self._mirrored(number)]
        self.endRemoveRows()

    def _move(self, before: int, row: Any) -> None:
        """Put the new version of a row, whose old one is on the screen in the place ``before``, where it belongs."""
        begin, end = self._mirrored(before), self._number_in(self._shown, row)
        end -= end > begin
        after, parent = self._mirrored(end), QModelIndex()
        if after != before:
            self.beginMoveRows(parent, before, before, parent, after + (after > before))
        del self._shown[begin]
        self._shown.insert(end, row)
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
        return [self.rows.key_at(row) for row in self._selected_rows()]

    def _selected_rows(self) -> list[int]:
        """Numbers of the selected rows, ascending: whole rows are selected."""
        selection = self.selectionModel().selection()
        stretches = [selection.at(number) for number in range(selection.count())]
        return sorted({row for stretch in stretches for row in range(stretch.top(), stretch.bottom() + 1)})

    def select_key(self, key: Any) -> bool:
        """Select the row with this key alone and scroll to it; False if it is not shown."""
        self.select_keys([key])
        return self.rows.row_of(key) is not None

    def select_keys(self, keys: Sequence[Any]) -> None:
        """Select the rows with these keys, as far as they are shown, and scroll to the first."""
        rows = sorted(row for row in self.rows.rows_of(keys) if row is not None)
        self._select_rows(rows)
        if rows:
            self.scrollTo(self.model().index(rows[0], 0))

    def _select_rows(self, rows: Sequence[int]) -> None:
        """These and no others; the first is the current one."""
        selection = QItemSelection()
        for first, last in _stretches(rows):
            selection.select(self.model().index(first, 0), self.model().index(last, 0))
        how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().select(selection, how)
        if rows:
            current = self.model().index(rows[0], 0)
            self.selectionModel().setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)

    @contextmanager
    def keeping_selection(self) -> Iterator[None]:
        """Whatever happens to the rows inside, those selected before, and no others, are selected after."""
        keys, scroll = self.selected_keys(), self.verticalScrollBar().value()
        yield
        rows = sorted(row for row in self.rows.rows_of(keys) if row is not None)
        if rows != self._selected_rows():
            self._select_rows(rows)
            self.verticalScrollBar().setValue(scroll)

    def text(self, delimiter: str, only_selected: bool) -> str:
        """The rows shown, or the selected ones, with a line of column names."""
        model = self.model()
        selected = self._selected_rows()
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
