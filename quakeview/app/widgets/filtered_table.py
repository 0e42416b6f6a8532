"""A table with what goes around it: a filter, a choice of rows, how many there are, copying and saving."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from quakeview.app.texts import captioned
from quakeview.app.widgets.tables import RowsModel, Table
from quakeview.app.work.background import Background
from quakeview.texts import counted

_WRITTEN_AHEAD = 200
"""Rows from which on the texts for the filter are written in the background: the first word is not to wait for them."""


class ChosenRows(RowsModel):
    """Rows of which the user shows all or some by a choice of names."""

    def show_only(self, name: str) -> None:
        """Show what one entry of the choice means."""
        raise NotImplementedError


class FilteredTable(QWidget):
    """Shows a model; says why it is empty.

    Signals:
        selected: keys of the rows that the user chose.
        opened: the key of the row that was double-clicked, or on which Enter was pressed.
    """

    selected = Signal(list)
    opened = Signal(str)

    def __init__(self, model: ChosenRows, thing: str, filter_by: str, choice: Iterable[str]) -> None:
        """``thing``: what a row is, such as ``pick``; ``filter_by``: what one may look for."""
        super().__init__()
        self.rows, self._thing = model, thing
        self.table = Table(model, f"{thing}s".capitalize())
        self.search = QLineEdit(placeholderText=f"Filter: {filter_by}…", clearButtonEnabled=True)
        self.search.setAccessibleName(f"Filter the {thing}s")
        self.search.setFixedWidth(260)
        self.search.setAcceptDrops(False)
        self.search.textChanged.connect(self._filter)
        self.status = QComboBox()
        self.status.setAccessibleName(f"Which {thing}s")
        self.status.addItems(list(choice))
        self.status.currentTextChanged.connect(self._show_only)
        self.count = captioned("", "caption")
        self.empty = captioned("", "caption")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self._why_empty = ""
        self._quiet = False
        self._writer = Background(f"texts of {thing}s")
        self._writer.ready.connect(lambda found: model.take_texts(*found))
        self._arrange()
        self.table.selectionModel().selectionChanged.connect(self._tell)
        self.table.activated.connect(lambda index: self.opened.emit(model.key_at(index.row())))
        self.refresh_count()

    def _arrange(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 6, 8, 6)
        bar.addWidget(self.search)
        bar.addWidget(self.status)
        bar.addStretch()
        bar.addWidget(self.count)
        which = f"the selected {self._thing}s (all, if none is selected)"
        for text, tip, action in (
            ("Copy", f"Copy {which} as tab-separated text", self.table.copy),
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

    def show_rows(self, rows: Iterable[Any]) -> None:
        """Show these rows instead."""
        with self._in_silence():
            self.rows.set_rows(list(rows))
        self.table.fit_columns()
        self._write_ahead()

    def change_rows(self, gone: Iterable[str], came: Sequence[Any]) -> None:
        """Follow an edit; the selection stays on the same rows."""
        before = self.rows.rowCount()
        with self._in_silence():
            self.rows.change(gone, came)
        if self.rows.rowCount() - before > 1 or not before:
            self.table.fit_columns()
            self._write_ahead()
        elif came:
            self.table.fit_row(self.rows.key(came[0]))

    def _write_ahead(self) -> None:
        rows = self.rows.unwritten()
        if len(rows) > _WRITTEN_AHEAD:
            self._writer.ask(lambda _: (rows, self.rows.search_texts(rows)))

    def show_all(self) -> None:
        """Take the filters off: they were chosen for other rows."""
        self.search.clear()
        self.status.setCurrentIndex(0)

    def explain(self, why_empty: str) -> None:
        """What to say when there is no row at all."""
        self._why_empty = why_empty
        self.refresh_count()

    def select(self, keys: Sequence[str]) -> None:
        """Follow another view: select the rows with these keys that are shown, and no others."""
        self._quiet = True
        self.table.select_keys(keys)
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
            self.rows.set_filter(text)

    def _show_only(self, name: str) -> None:
        with self._in_silence():
            self.rows.show_only(name)

    def refresh_count(self) -> None:
        """Say how many there are and how many are shown, or why there is none."""
        shown, total = self.rows.rowCount(), self.rows.total
        every = counted(total, self._thing)
        self.count.setText(every if shown == total else f"{shown:,} of {every}")
        self.table.setVisible(shown > 0)
        self.empty.setVisible(shown == 0)
        self.empty.setText(f"No {self._thing} fits the filter." if total else self._why_empty)

    def _tell(self) -> None:
        if not self._quiet:
            self.selected.emit(self.table.selected_keys())
