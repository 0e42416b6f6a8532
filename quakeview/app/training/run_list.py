"""The list of runs: name, where it stands, score."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from quakeview.app.training.run_texts import score_text, status_text
from quakeview.training.runs.summary import RunSummary

_PATH = Qt.ItemDataRole.UserRole


class RunList(QListWidget):
    """Runs in the order in which they are given; the same one stays chosen while they change.

    Signals:
        chosen: another run is chosen.

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
        self.currentItemChanged.connect(lambda: self.chosen.emit())

    @property
    def chosen_path(self) -> Path | None:
        """The folder of the chosen run."""
        item = self.currentItem()
        return Path(item.data(_PATH)) if item is not None else None

    def show_runs(self, runs: Sequence[RunSummary]) -> None:
        """Show the runs as they are now."""
        paths = [run.path for run in runs]
        shown = [Path(self.item(row).data(_PATH)) for row in range(self.count())]
        wanted = self.wanted if self.wanted in paths else self.chosen_path
        if paths != shown:
            self.blockSignals(True)
            self.clear()
            for path in paths:
                item = QListWidgetItem()
                item.setData(_PATH, str(path))
                self.addItem(item)
            self.blockSignals(False)
        for row, run in enumerate(runs):
            text = "\n".join(filter(None, (run.name, status_text(run), score_text(run))))
            if self.item(row).text() != text:
                self.item(row).setText(text)
        if runs:
            self.setCurrentRow(paths.index(wanted) if wanted in paths else 0)
        if self.wanted in paths:
            self.wanted = None
