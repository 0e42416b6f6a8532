"""Which column of a table of earthquakes is what, said by a person and tried at once."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.app.widgets.numberbox import NumberBox
from quakeview.seismicity.reading import ColumnMap, try_columns
from quakeview.seismicity.reading.columns import ROLES
from quakeview.seismicity.reading.tables import Table

_NOTHING = "not needed"
_EXAMPLES, _SIZE = 3, (720, 520)
_COLUMN, _FIRST, _IS, _SAID = range(4)


class ColumnsDialog(FormDialog):
    """A row for each column of the file: its name, its first values, and what it is.

    Signals:
        chosen: the ``ColumnMap``.
    """

    chosen = Signal(object)

    def __init__(self, table: Table, columns: ColumnMap, parent: QWidget | None) -> None:
        super().__init__(f"Columns of {table.path.name}", _SIZE[0], "caption", parent)
        self._table = table
        self.columns = columns
        self.resize(*_SIZE)
        self.rows_of_columns = QTableWidget(len(table.names), 4)
        self.roles = [self._role_box(number) for number in range(len(table.names))]
        self._fill()
        self.zone = NumberBox(minimum=-14.0, maximum=14.0, decimals=2, singleStep=1.0, prefix="UTC ", suffix=" h")
        self.zone.setAccessibleName("Time zone")
        self.zone.setToolTip("Hours ahead of UTC of times that do not say so themselves; 9 in Japan")
        self.day_first = QCheckBox("4/7/2019 is the 4th of July")
        self.rows.insertWidget(0, self.rows_of_columns, 1)
        self.form.addRow("&Time zone", self.zone)
        self.form.addRow("", self.day_first)
        self.add_buttons("Read the Catalogue")
        self.zone.setValue(columns.zone)
        self.day_first.setChecked(columns.day_first)
        self.zone.valueChanged.connect(lambda _: self._try())
        self.day_first.toggled.connect(lambda _: self._try())
        self._try()

    def _role_box(self, number: int) -> QComboBox:
        name = self._table.names[number]
        box = QComboBox()
        box.addItem(_NOTHING, None)
        for role, words in ROLES.items():
            box.addItem(words, role)
        box.setAccessibleName(f"What {name} is")
        box.activated.connect(lambda _: self._choose(name, box.currentData()))
        return box

    def _fill(self) -> None:
        view = self.rows_of_columns
        view.setHorizontalHeaderLabels(["Column", "First values", "Is", ""])
        view.setAccessibleName("Columns of the file")
        view.verticalHeader().hide()
        view.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        view.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        view.setTabKeyNavigation(False)
        view.setShowGrid(False)
        for number, name in enumerate(self._table.names):
            values = [row[number].strip() for row in self._table.sample[:_EXAMPLES] if number < len(row)]
            for place, text in ((_COLUMN, name), (_FIRST, "   ".join(values))):
                view.setItem(number, place, QTableWidgetItem(text))
            view.setCellWidget(number, _IS, self.roles[number])
        view.verticalHeader().setDefaultSectionSize(self.roles[0].sizeHint().height() + 6 if self.roles else 30)
        for place, width in ((_COLUMN, 130), (_FIRST, 230), (_IS, 150)):
            view.setColumnWidth(place, width)
        view.horizontalHeader().setSectionResizeMode(_SAID, QHeaderView.ResizeMode.Stretch)

    def _choose(self, name: str, role: str | None) -> None:
        self.columns = self.columns.with_role(name, role)
        self._try()

    def _try(self) -> None:
        """Say what comes of it: the first earthquake, or what is wrong."""
        self.columns = ColumnMap(self.columns.columns, self.zone.value(), self.day_first.isChecked())
        tried = try_columns(self._table, self.columns)
        for number, (name, box) in enumerate(zip(self._table.names, self.roles, strict=True)):
            box.setCurrentIndex(box.findData(self.columns.role_of(name)))
            said = QTableWidgetItem(tried.problems.get(name, ""))
            said.setToolTip(said.text())
            self.rows_of_columns.setItem(number, _SAID, said)
        self.said.setText(tried.lacking or f"The first earthquake: {tried.first}.")
        self.accept_button.setEnabled(not tried.lacking)

    def accept(self) -> None:
        self.chosen.emit(self.columns)
        super().accept()
