"""What a model is to be evaluated on, and beside which others."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from quakeview.app.widgets.file_field import FileField
from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.registry import FORECASTING, PICKING, ModelCard
from quakeview.training.reports.evaluating import Request, rivals_of
from quakeview.training.reports.evaluation import ALL, DEV, TEST

_NOTE = (
    "Rules that need no training always stand beside the model. Choose data that it never saw: of a data set that is "
    "divided by earthquake, the part “test”."
)
_LIST_HEIGHT = 84


class EvaluateDialog(FormDialog):
    """Folders of data, the part of them, rivals, and what only some kinds of models need.

    Signals:
        asked: a ``Request``.
    """

    asked = Signal(object)

    def __init__(
        self,
        card: ModelCard,
        models: Sequence[ModelCard],
        datasets: Sequence[Path] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(f"Evaluate {card.name}", 620, "caption", parent)
        self._card = card
        self._rivals = rivals_of(card, models)
        self.data = QListWidget()
        self.data.setAccessibleName("Data")
        self.split = QComboBox(editable=True)
        self.split.setAccessibleName("Part of the data")
        self.split.addItems([TEST, DEV, ALL])
        self.rivals = QListWidget()
        self.rivals.setAccessibleName("Beside it")
        self.quiet = FileField("Records without earthquakes", "All files (*)")
        self.library = FileField("Training events", "Data sets of scenarios (metadata.csv)")
        self.said.setText(_NOTE)
        self._arrange()
        for folder in datasets:
            self.add_data(folder)
        self._check()

    def _arrange(self) -> None:
        forecasts, picks = self._card.is_for(FORECASTING), self._card.is_for(PICKING)
        kind = "Folders of scenarios" if forecasts else "Data sets of labelled records (SeisBench layout)"
        self.data.setToolTip(kind)
        self.form.addRow("&Data", self._data_row())
        self.form.addRow("&Part", self.split)
        for rival in self._rivals:
            item = QListWidgetItem(rival.name, self.rivals)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Unchecked)
        self.rivals.setFixedHeight(_LIST_HEIGHT)
        self.form.addRow("&Beside it", self.rivals if self._rivals else QLabel("There is no other model of its kind."))
        if picks:
            self.quiet.line.setPlaceholderText("Continuous, to count false picks on; may be left out")
            self.form.addRow("&Quiet records", self.quiet)
        if forecasts:
            self.library.line.setPlaceholderText("For nearest event and ridge; may be left out")
            self.form.addRow("&Training events", self.library)
        self.add_buttons("&Evaluate")

    def _data_row(self) -> QWidget:
        self.data.setFixedHeight(_LIST_HEIGHT)
        self.add_button = QPushButton("Add Folder…", autoDefault=False)
        self.add_button.clicked.connect(self._ask_for_folder)
        self.remove_button = QPushButton("Remove", autoDefault=False)
        self.remove_button.clicked.connect(self._remove)
        self.data.itemSelectionChanged.connect(self._check)
        buttons = QVBoxLayout()
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch()
        whole = QWidget()
        whole.setFocusProxy(self.add_button)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.data, 1)
        row.addLayout(buttons)
        return whole

    def add_data(self, folder: Path) -> None:
        """Add a folder; one that is there already is not added again."""
        if folder not in self._folders():
            item = QListWidgetItem(f"{folder.name}  ({folder.parent})", self.data)
            item.setData(Qt.ItemDataRole.UserRole, str(folder))
            item.setToolTip(str(folder))
        self._check()

    def accept(self) -> None:
        chosen = [
            rival
            for number, rival in enumerate(self._rivals)
            if self.rivals.item(number).checkState() is Qt.CheckState.Checked
        ]
        library = self.library.path
        if library is not None and library.name == "metadata.csv":
            library = library.parent
        split = self.split.currentText().strip()
        self.asked.emit(Request([self._card, *chosen], self._folders(), split, self.quiet.path, library))
        super().accept()

    def _folders(self) -> list[Path]:
        return [Path(self.data.item(row).data(Qt.ItemDataRole.UserRole)) for row in range(self.data.count())]

    def _ask_for_folder(self) -> None:
        start = str(self._folders()[-1].parent) if self.data.count() else ""
        if name := QFileDialog.getExistingDirectory(self, "Folder of the data", start):
            self.add_data(Path(name))

    def _remove(self) -> None:
        for item in self.data.selectedItems():
            self.data.takeItem(self.data.row(item))
        self._check()

    def _check(self) -> None:
        """Without data there is nothing to evaluate."""
        self.remove_button.setEnabled(bool(self.data.selectedItems()))
        self.accept_button.setEnabled(self.data.count() > 0)
