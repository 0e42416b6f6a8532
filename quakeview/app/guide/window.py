"""The window of the guide: its pages at the left, one of them at the right, and a field that searches them all."""

import re
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QColor, QFontMetricsF, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from quakeview.app.drawing import theme
from quakeview.app.drawing.theme import Theme
from quakeview.app.guide.page import GuidePage
from quakeview.app.shell.preferences import Preferences
from quakeview.paths import resources_dir
from quakeview.texts import counted

CONTENTS = "README.md"
"""Lists all pages, in their order."""
_SIZE = QSize(1100, 780)
_LIST_WIDTH = 230
_LINE = re.compile(r"^(?:## (?P<part>.+)|- \[(?P<title>[^]]+)\]\((?P<page>[^)]+\.md)\))$", re.MULTILINE)
"""Of the contents: the name of a part, or a page."""
_FILE = Qt.ItemDataRole.UserRole


def contents() -> list[tuple[str, Path | None]]:
    """The titles and files of all pages in their order, after the contents; a part has no file."""
    file = resources_dir() / "guide" / CONTENTS
    lines = _LINE.finditer(file.read_text(encoding="utf-8"))
    pages = [(line["part"], None) if line["part"] else (line["title"], file.with_name(line["page"])) for line in lines]
    return [("Contents", file), *pages]


class GuideWindow(QWidget):
    """Stays open beside the main window, and goes with it."""

    def __init__(self, look: Theme, preferences: Preferences, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("QuakeView guide")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._preferences = preferences
        self._texts: dict[str, str] = {}
        self.page = GuidePage()
        self.page.setAccessibleName("Page")
        self.page.shown.connect(self._shown)
        self.list = QListWidget()
        self.list.setAccessibleName("Pages")
        self.list.setSpacing(1)
        for title, file in contents():
            self._list(title, file)
        self.list.currentItemChanged.connect(self._chosen)
        self._build()
        look.changed.connect(self._follow_theme)
        self._follow_theme()
        if not self.restoreGeometry(preferences.layout("guide") or b""):
            self.resize(_SIZE)

    def _list(self, title: str, file: Path | None) -> None:
        item = QListWidgetItem(title, self.list)
        if file is None:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            font = item.font()
            font.setPointSizeF(0.9 * font.pointSizeF())
            item.setFont(font)
            item.setSizeHint(QSize(0, round(2.1 * QFontMetricsF(font).height())))
            item.setTextAlignment(Qt.AlignmentFlag.AlignBottom)
        else:
            item.setData(_FILE, str(file))
            self._texts[str(file)] = file.read_text(encoding="utf-8").lower()

    def _build(self) -> None:
        self.search = QLineEdit(placeholderText="Search all pages", clearButtonEnabled=True)
        self.search.setAccessibleName("Search")
        self.search.setMaximumWidth(_LIST_WIDTH + 70)
        self.search.textChanged.connect(self._search)
        self.found = QLabel()
        self.found.setProperty("role", "caption")
        self.back = self._button("Back", self.page.backward)
        self.forward = self._button("Forward", self.page.forward)
        self.page.backwardAvailable.connect(self.back.setEnabled)
        self.page.forwardAvailable.connect(self.forward.setEnabled)
        bar = QHBoxLayout()
        bar.setContentsMargins(10, 8, 12, 8)
        for widget in (self.back, self.forward):
            widget.setEnabled(False)
            bar.addWidget(widget)
        bar.addSpacing(8)
        bar.addWidget(self.search)
        bar.addWidget(self.found)
        bar.addStretch()
        split = QSplitter()
        split.addWidget(self.list)
        split.addWidget(self.page)
        split.setStretchFactor(1, 1)
        split.setSizes([_LIST_WIDTH, _SIZE.width() - _LIST_WIDTH])
        split.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(split, 1)
        for key, do in (
            ("Alt+Left", self.page.backward),
            ("Alt+Right", self.page.forward),
            ("Ctrl+F", self._begin_search),
            ("Esc", self.close),
        ):
            QShortcut(QKeySequence(key), self).activated.connect(do)
        self.search.returnPressed.connect(lambda: self.page.find_again(self.search.text()))
        before = QShortcut(QKeySequence("Shift+Return"), self.search, context=Qt.ShortcutContext.WidgetShortcut)
        before.activated.connect(lambda: self.page.find_again(self.search.text(), backward=True))

    def _button(self, name: str, do: object) -> QToolButton:
        button = QToolButton()
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.clicked.connect(do)
        return button

    def open(self, name: str) -> None:
        """Show the page of that file name, in front."""
        self.page.open(resources_dir() / "guide" / name)
        self.page.setFocus()
        self.show()
        self.raise_()
        self.activateWindow()

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(_FILE) != str(self.page.file):
            self.page.open(Path(item.data(_FILE)))

    def _shown(self, file: Path) -> None:
        """Choose the page in the list, whichever way it was come to."""
        self.page.mark(self.search.text())
        rows = [row for row in range(self.list.count()) if self.list.item(row).data(_FILE) == str(file)]
        self.list.setCurrentRow(rows[0] if rows else -1)  # a page outside the guide, such as the card of a model

    def _begin_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _search(self, text: str) -> None:
        """List the pages that have the text, and mark it on the one that is shown."""
        rows = [self.list.item(row) for row in range(self.list.count())]
        for item in rows:
            item.setHidden(bool(text) and text.lower() not in self._texts.get(item.data(_FILE) or "", ""))
        there = sum(not item.isHidden() for item in rows)
        self.page.mark(text)
        self.found.setText(counted(there, "page") if text else "")

    def _follow_theme(self) -> None:
        for row in range(self.list.count()):
            if (item := self.list.item(row)).flags() == Qt.ItemFlag.NoItemFlags:
                item.setForeground(QColor(theme.current().muted))
        self.back.setIcon(theme.icon("arrow-left"))
        self.forward.setIcon(theme.icon("arrow-right"))
        if self.page.source().isValid():
            self.page.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._preferences.save_layout("guide", self.saveGeometry())
        self.page.shut_down()
        super().closeEvent(event)
