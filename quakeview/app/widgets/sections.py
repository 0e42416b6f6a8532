"""What inspectors are made of: headings with rows of name and value, one below another."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from quakeview.app.texts import captioned, clear


class Section(QWidget):
    """A heading and rows of name and value."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._values: dict[str, QLabel] = {}
        self.layout_ = QVBoxLayout(self)
        self.layout_.setContentsMargins(14, 12, 14, 12)
        self.layout_.setSpacing(7)
        self.layout_.addWidget(captioned(title, "heading"))
        self.big = captioned("", "value")
        self.big.setWordWrap(True)
        self.layout_.addWidget(self.big)
        self.layout_.addLayout(self._grid)

    def set_role(self, role: str) -> None:
        """How the first line looks: ``value`` or ``caption``."""
        if self.big.property("role") == role:
            return
        self.big.setProperty("role", role)
        self.big.style().unpolish(self.big)
        self.big.style().polish(self.big)

    def show_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Replace the rows; those with an empty value are left out. Rows with the same names change in place."""
        filled = [(name, value) for name, value in rows if value]
        if [name for name, _ in filled] == list(self._values):
            for name, value in filled:
                self._values[name].setText(value)
            return
        clear(self._grid)
        self._values = {}
        for number, (name, value) in enumerate(filled):
            label = captioned(value, "")
            label.setWordWrap(True)
            label.setMinimumWidth(1)  # or a long text would ask for more width than there is
            label.setAccessibleName(name)
            self._grid.addWidget(captioned(name, "caption"), number, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(label, number, 1, Qt.AlignmentFlag.AlignTop)
            self._values[name] = label
        self.layout_.invalidate()  # or the height stays that of the rows before, and long texts are cut
        self.updateGeometry()

    def value(self, name: str) -> str:
        """What is shown beside ``name``; empty if nothing is."""
        return self._values[name].text() if name in self._values else ""


class Sections(QScrollArea):
    """Sections with rules between them, as wide as the inspector and scrolled if they are higher."""

    def __init__(self, sections: Sequence[Section]) -> None:
        super().__init__()
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for section in sections:
            layout.addWidget(section)
            rule = QFrame()
            rule.setProperty("role", "rule")
            rule.setFixedHeight(1)
            layout.addWidget(rule)
        layout.addStretch()
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(220)
        self.setAccessibleName("Inspector")
