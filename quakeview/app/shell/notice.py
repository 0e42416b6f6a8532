"""Sentences above the work, one at a time: each can be read, gone back to and put away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QToolButton, QVBoxLayout

from quakeview.app.drawing import theme


@dataclass
class _Said:
    """A sentence, what is behind Details, and how often it was said."""

    sentence: str
    good: bool
    more: list[str] = field(default_factory=list)
    times: int = 1


class Notice(QFrame):
    """Hidden until it has something to say. The newest is shown first; closing it shows the one before."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self._said: list[_Said] = []
        self._shown = 0
        self._sign = QLabel()
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sentence.setAccessibleName("Notice")
        self.more = QPushButton("Details")
        self.more.setCheckable(True)
        self.more.setAccessibleName("Details of the notice")
        self.place = QLabel()
        self.place.setProperty("role", "caption")
        self.place.setAccessibleName("Which notice this is")
        self.older = self._button("Show the notice before", lambda: self._go(-1))
        self.newer = self._button("Show the next notice", lambda: self._go(1))
        self.close_button = self._button("Close this notice", self._close)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName("Details")
        self.text.setFixedHeight(96)
        self.more.toggled.connect(self.text.setVisible)
        self._arrange()
        self.hide()

    def _button(self, what: str, pressed: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(what)
        button.setToolTip(what)
        button.clicked.connect(lambda: pressed())
        return button

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self.sentence, 1)
        for widget in (self.more, self.older, self.place, self.newer, self.close_button):
            row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.addLayout(row)
        layout.addWidget(self.text)

    def say(self, sentence: str, more: Sequence[str] = ()) -> None:
        """Show what the person should know; the rest is behind Details."""
        self._add(sentence, more, good=False)

    def confirm(self, sentence: str, more: Sequence[str] = ()) -> None:
        """Show what was done as it was asked for."""
        self._add(sentence, more, good=True)

    def clear(self) -> None:
        """Put everything away."""
        self._said.clear()
        self._show()

    def _add(self, sentence: str, more: Sequence[str], good: bool) -> None:
        """What was said before is counted, and is the newest again."""
        said = next((each for each in self._said if (each.sentence, each.good) == (sentence, good)), None)
        if said is None:
            said = _Said(sentence, good)
        else:
            self._said.remove(said)
            said.times += 1
        said.more += [line for line in more if line not in said.more]
        self._said.append(said)
        self._shown = len(self._said) - 1
        self._show()

    def _go(self, steps: int) -> None:
        self._shown += steps
        self._show()

    def _close(self) -> None:
        del self._said[self._shown]
        self._shown = max(self._shown - 1, 0)
        self._show()

    def _show(self) -> None:
        self.setVisible(bool(self._said))
        if not self._said:
            return
        said, number = self._said[self._shown], len(self._said)
        self._colour()
        self.sentence.setText(said.sentence + (f" ({said.times} times)" if said.times > 1 else ""))
        self.more.setChecked(False)
        self.more.setText(f"{len(said.more)} more")
        self.more.setVisible(bool(said.more))
        self.text.setVisible(False)
        self.text.setPlainText("\n".join(said.more))
        self.place.setText(f"{self._shown + 1} of {number}")
        for widget in (self.older, self.place, self.newer):
            widget.setVisible(number > 1)
        self.older.setEnabled(self._shown > 0)
        self.newer.setEnabled(self._shown < number - 1)

    def _colour(self) -> None:
        colors, good = theme.current(), self._said[self._shown].good
        name, colour = ("check-circle-outline", colors.good) if good else ("alert-circle-outline", colors.warning)
        self._sign.setPixmap(theme.icon(name, colour).pixmap(20, 20))
        self._sign.setAccessibleName("Done" if good else "Note")
        for button, icon in (
            (self.older, "chevron-left"),
            (self.newer, "chevron-right"),
            (self.close_button, "close"),
        ):
            button.setIcon(theme.icon(icon))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._said:
            self._colour()
