"""A sentence above the work, that can be read and put away."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QToolButton, QVBoxLayout

from quakeview.app import theme


class Notice(QFrame):
    """Hidden until it has something to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self._sign = QLabel()
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setAccessibleName("Notice")
        self.more = QPushButton("Details")
        self.more.setCheckable(True)
        self.more.setAccessibleName("Details of the notice")
        self._close = QToolButton()
        self._close.setAccessibleName("Close the notice")
        self._close.clicked.connect(self.hide)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName("Details")
        self.text.setFixedHeight(96)
        self.more.toggled.connect(self.text.setVisible)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._sign)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.more)
        row.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.addLayout(row)
        layout.addWidget(self.text)
        self.hide()

    def say(self, sentence: str, more: Sequence[str] = ()) -> None:
        """Show ``sentence``; the rest is behind Details."""
        colors = theme.current()
        self._sign.setPixmap(theme.icon("alert-circle-outline", colors.warning).pixmap(20, 20))
        self._close.setIcon(theme.icon("close"))
        self.sentence.setText(sentence)
        self.more.setChecked(False)
        self.more.setText(f"{len(more)} more")
        self.more.setVisible(bool(more))
        self.text.setVisible(False)
        self.text.setPlainText("\n".join(more))
        self.show()
