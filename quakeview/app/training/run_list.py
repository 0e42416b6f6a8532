"""The list of runs: name, where it stands, score."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem

from quakeview.app.drawing import theme
from quakeview.app.training.status_icons import status_icon
from quakeview.training.runs.summary import RunSummary
from quakeview.training.runs.words import score_text, status_text

_PATH = Qt.ItemDataRole.UserRole


class RunList(QListWidget):
    """Runs in the order in which they are given; the same one stays chosen while they change.

    Signals:
        chosen: another run is chosen, or others beside it.

    Attributes:
        wanted: the folder of a run to choose as soon as it is in the list.
    """

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.wanted: Path | None = None
        self.setAccessibleName("Training runs")
        self.setMinimumWidth(220)
        self.setWordWrap(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.itemSelectionChanged.connect(self.chosen)

    @property
    def chosen_paths(self) -> list[Path]:
        """The folders of the chosen runs, the one that was chosen last first."""
        current = self.currentItem()
        items = [item for item in (self.item(row) for row in range(self.count())) if item.isSelected()]
        return [Path(item.data(_PATH)) for item in sorted(items, key=lambda item: item is not current)]

    def show_runs(self, runs: Sequence[RunSummary]) -> None:
        """Show the runs as they are now."""
        paths = [run.path for run in runs]
        if paths != [Path(self.item(row).data(_PATH)) for row in range(self.count())] or self.wanted in paths:
            self._rebuild(paths)
        for row, run in enumerate(runs):
            text = "\n".join(filter(None, (run.name, status_text(run), score_text(run))))
            if self.item(row).text() != text:
                self.item(row).setText(text)
                name, colour = status_icon(run)
                self.item(row).setIcon(theme.icon(name, getattr(theme.current(), colour)))

    def changeEvent(self, event: QEvent) -> None:
        """Icons in the colours of another theme are drawn with the next text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for row in range(self.count()):
                self.item(row).setText("")

    def _rebuild(self, paths: Sequence[Path]) -> None:
        """Make the rows anew; what was chosen is chosen again, unless another run is wanted."""
        wanted = [path for path in paths if path == self.wanted]
        chosen = wanted or [path for path in self.chosen_paths if path in paths]
        self.blockSignals(True)
        self.clear()
        for path in paths:
            item = QListWidgetItem()
            item.setData(_PATH, str(path))
            self.addItem(item)
        for number, path in enumerate(chosen or paths[:1]):
            row = paths.index(path)
            flag = QItemSelectionModel.SelectionFlag
            self.setCurrentRow(row, flag.ClearAndSelect if number == 0 else flag.Select)
        if chosen:
            self.setCurrentRow(paths.index(chosen[0]), QItemSelectionModel.SelectionFlag.Current)
        self.blockSignals(False)
        self.wanted = None if wanted else self.wanted
