"""The dialog that asks which column of a table is what, and shows at once what comes of it."""

from functools import partial

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QComboBox, QTableWidget, QTableWidgetItem, QWidget

from quakeview.app.drawing import theme
from quakeview.app.texts import captioned
from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.app.widgets.numberbox import NumberBox
from quakeview.seismicity.reading import ColumnMap, Trial, try_columns
from quakeview.seismicity.reading.columns import ROLES
from quakeview.seismicity.reading.tables import Table

_ROWS = 10
_ROOM = 8
"""Pixels that a choice is higher than a row."""
_NOTHING = "not used"
_NARROWEST = 120
_WIDEST = 240


class ColumnDialog(FormDialog):
    """Rows of the table, above each column what it is, and how the first earthquake is read with that.

    Attributes:
        columns: the choice so far; ``accepted`` says that it is to be used.
        trial: what comes of it.
    """

    trial: Trial

    def __init__(self, table: Table, columns: ColumnMap, parent: QWidget | None = None) -> None:
        super().__init__(f"Columns of {table.path.name}", 720, "caption", parent)
        self.columns, self._table = columns, table
        self.view = QTableWidget(1 + min(len(table.sample), _ROWS), len(table.names))
        self.roles = [QComboBox() for _ in table.names]
        self.zone = NumberBox(minimum=-14.0, maximum=14.0, decimals=2, singleStep=0.5, suffix=" h")
        self.day_first = QCheckBox("The day is before the month: 4/7/2019 is in July")
        self._fill()
        intro = captioned("Say above each column what it is. Times that name their zone themselves keep it.", "caption")
        intro.setWordWrap(True)
        self.rows.insertWidget(0, intro)
        self.rows.insertWidget(1, self.view, 1)
        self.form.addRow("Other times are ahead of &UTC by", self.zone)
        self.form.addRow("", self.day_first)
        self.add_buttons("&Read")
        self._try()

    def _fill(self) -> None:
        view = self.view
        view.setAccessibleName("First rows of the table")
        view.setHorizontalHeaderLabels(list(self._table.names))
        view.setVerticalHeaderLabels(["is", *(str(number) for number in range(1, view.rowCount()))])
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        view.setMinimumHeight(260)
        for place, (name, box) in enumerate(zip(self._table.names, self.roles, strict=True)):
            box.addItem(_NOTHING, None)
            for role, words in ROLES.items():
                box.addItem(words, role)
            box.setAccessibleName(f"What {name} is")
            box.activated.connect(partial(self._choose, place))
            view.setCellWidget(0, place, box)
            for number, row in enumerate(self._table.sample[:_ROWS], start=1):
                view.setItem(number, place, QTableWidgetItem(row[place].strip() if place < len(row) else ""))
        view.resizeColumnsToContents()
        view.setRowHeight(0, view.rowHeight(0) + _ROOM)
        for place in range(view.columnCount()):
            view.setColumnWidth(place, min(max(view.columnWidth(place), _NARROWEST), _WIDEST))
        self.zone.setValue(self.columns.zone)
        self.zone.setAccessibleName("Hours ahead of UTC")
        self.zone.setToolTip("Such as 9 for Japan; only for times that do not name their zone themselves")
        self.zone.valueChanged.connect(self._take_settings)
        self.day_first.setChecked(self.columns.day_first)
        self.day_first.toggled.connect(self._take_settings)

    def _choose(self, place: int, _: int) -> None:
        self.columns = self.columns.with_role(self._table.names[place], self.roles[place].currentData())
        self._try()

    def _take_settings(self) -> None:
        self.columns = ColumnMap(self.columns.columns, self.zone.value(), self.day_first.isChecked())
        self._try()

    def _try(self) -> None:
        """Show what comes of the choice."""
        self.trial = try_columns(self._table, self.columns)
        for name, box in zip(self._table.names, self.roles, strict=True):
            with QSignalBlocker(box):
                box.setCurrentIndex(max(box.findData(self.columns.role_of(name)), 0))
            box.setToolTip(self.trial.problems.get(name, ""))
        self._mark()
        problems = [f"{name}: {said}" for name, said in self.trial.problems.items()]
        first = [f"The first earthquake is then {self.trial.first}."] if self.trial.first else [self.trial.lacking]
        self.said.setText("\n".join([*first, *problems]))
        self.accept_button.setEnabled(not self.trial.lacking)

    def _mark(self) -> None:
        """Show cells of columns that are used as text, of others muted, and of those with problems as errors."""
        palette = theme.current()
        for place, name in enumerate(self._table.names):
            used = self.columns.role_of(name) is not None
            colour = palette.error if name in self.trial.problems else palette.text if used else palette.muted
            for number in range(1, self.view.rowCount()):
                if (item := self.view.item(number, place)) is not None:
                    item.setForeground(QBrush(QColor(colour)))
