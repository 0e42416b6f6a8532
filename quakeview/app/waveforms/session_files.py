"""The dialog that takes files and stations out of a session."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from quakeview.app.drawing import theme
from quakeview.app.texts import captioned
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.texts import counted


class SessionFilesDialog(QDialog):
    """Lists what was opened; what is selected can be removed, and removed stations brought back."""

    def __init__(self, session: WaveformsSession, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Files of this session")
        self.resize(640, 360)
        self._session = session
        self.list = QListWidget()
        self.list.setAccessibleName("Files of this session")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAlternatingRowColors(True)
        self.remove = QPushButton("Remove")
        self.remove.setToolTip("Take the selected files out of the session; nothing is deleted")
        self.stations = captioned("", "caption")
        self.bring_back = QPushButton("Bring Back")
        self.bring_back.setAutoDefault(False)
        self.bring_back.setToolTip("Show the stations again that were removed from the session")
        self._arrange()
        self.list.itemSelectionChanged.connect(self._refresh_buttons)
        self.remove.clicked.connect(self._remove)
        self.bring_back.clicked.connect(session.bring_back)
        session.stationsChanged.connect(self._fill)
        self._fill()

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        hint = captioned("Removing a file deletes nothing: its picks stay in the session, without data.", "caption")
        layout.addWidget(hint)
        layout.addWidget(self.list, 1)
        below = QHBoxLayout()
        below.addWidget(self.stations, 1)
        below.addWidget(self.bring_back)
        layout.addLayout(below)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.remove, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    def paths(self) -> list[Path]:
        """The files and folders that are selected."""
        return [Path(item.text()) for item in self.list.selectedItems()]

    def _fill(self) -> None:
        self.list.clear()
        for place in self._session.project.waveform_places():
            item = QListWidgetItem(theme.icon("file-outline"), str(place.path))
            item.setToolTip(str(place.path))
            self.list.addItem(item)
        removed = self._session.removed
        names = ", ".join(".".join(code for code in station[:2] if code) for station in sorted(removed)[:4])
        more = f" and {len(removed) - 4} more" if len(removed) > 4 else ""
        self.stations.setText(f"{counted(len(removed), 'station')} removed: {names}{more}" if removed else "")
        self.bring_back.setVisible(bool(removed))
        self._refresh_buttons()

    def _refresh_buttons(self) -> None:
        self.remove.setEnabled(bool(self.list.selectedItems()))

    def _remove(self) -> None:
        self._session.remove_files(self.paths())
