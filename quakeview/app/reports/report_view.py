"""A report in the window: its tables and charts, and worst records that open with a click."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from quakeview.app.widgets.saving import ask_for_path
from quakeview.colours import LIGHT
from quakeview.training.reports.evaluation import PICKS, RECORD

_KINDS = "Web page (*.html);;PDF (*.pdf)"


class ReportView(QDialog):
    """Shows a report that was written, and saves it elsewhere.

    Signals:
        openRequested: the files of a worst record, or a scenario.
        saveRequested: where the report is to be written.
    """

    openRequested = Signal(list)
    saveRequested = Signal(object)

    def __init__(self, title: str, page: Path, text: str, parent: QWidget | None = None) -> None:
        """``page`` is the report as a file, ``text`` the same as HTML that Qt can show."""
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1040, 760)
        self._page = page
        self.text = QTextBrowser()
        self.text.setAccessibleName("Report")
        self.text.setOpenLinks(False)
        self.text.document().setDocumentMargin(24)
        self.text.setStyleSheet(f"QTextBrowser {{ background: {LIGHT.base}; color: {LIGHT.ink}; }}")  # as if printed
        self.text.setHtml(text)
        self.text.anchorClicked.connect(self._open)
        self.browse = self._button("Open in Browser", self._open_in_browser)
        self.save = self._button("Save As…", self._ask_where)
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 10, 12, 10)
        bar.addStretch()
        for button in (self.browse, self.save):
            bar.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.text, 1)
        layout.addLayout(bar)

    def _button(self, text: str, do: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, autoDefault=False)
        button.clicked.connect(do)
        return button

    def _open(self, address: QUrl) -> None:
        """Addresses are folders of records beside the report, or scenarios anywhere on this machine."""
        where = QUrl.fromLocalFile(str(self._page)).resolved(address).toLocalFile()
        path = Path(where)
        self.openRequested.emit([path / RECORD, path / PICKS] if where.endswith("/") else [path])

    def _open_in_browser(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._page)))

    def _ask_where(self) -> None:
        if path := ask_for_path(self, "Save report", f"{self.windowTitle()}.html", _KINDS):
            self.saveRequested.emit(path)
