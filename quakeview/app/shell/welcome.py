"""What a window without files shows: open, try a sample, unsaved sessions and recent files."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from quakeview.app.drawing import theme
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.shell.recent import Recent
from quakeview.app.texts import captioned, clear
from quakeview.texts import counted
from quakeview.waveforms.sample_data import SAMPLES, Sample

_WIDTH, _GAP = 820, 40
_RECENT, _UNSAVED = 7, 3
"""How many entries there are at most on the right, and how many of them unsaved sessions."""
_TASKS = (
    (
        "wavefield.sample",
        "access-point",
        "Try: An earthquake on the Hayward fault",
        "Simulated in an illustrative Earth model",
    ),
    ("wavefield.new", "plus-circle-outline", "New scenario…", "Simulate an earthquake, watch and replay its waves"),
    (
        "seismicity.sample",
        "chart-bubble",
        "Try: Earthquakes of a simulated catalogue",
        "Map, table and time line; what is to be expected next",
    ),
    (
        "training.sample",
        "school-outline",
        "Try: Teach the picker a network",
        "Fine-tune it on sample records, in some minutes",
    ),
    ("training.new", "school-outline", "Train a model…", "Fine-tune a picker on records of yours, or of the sample"),
)


class Entry(QPushButton):
    """A line that can be chosen: an icon, a title and what it is."""

    def __init__(self, icon: str, title: str, text: str, tip: str = "") -> None:
        super().__init__()
        self.setProperty("role", "entry")
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setToolTip(tip)
        self._icon = icon
        self._sign = QLabel()
        self._sign.setFixedWidth(26)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(_Line(title))
        words.addWidget(_Line(text, "caption"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 7, 10, 7)
        layout.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        for label in (self._sign, *self.findChildren(QLabel)):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.refresh_icon()

    def sizeHint(self) -> QSize:
        """Of what is in it, in the fonts as they are now: a button by itself knows only its own text."""
        layout = self.layout()
        assert layout is not None
        return layout.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the room that is needed: the fonts inside are known only now."""
        super().showEvent(event)
        self.updateGeometry()

    def refresh_icon(self) -> None:
        self._sign.setPixmap(theme.icon(self._icon, theme.current().accent).pixmap(20, 20))


class _Line(QLabel):
    """One line of text, shortened in the middle if there is no room for it."""

    def __init__(self, text: str, role: str = "") -> None:
        super().__init__(text)
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._text = text

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setText(self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideMiddle, self.width()))


class Welcome(QWidget):
    """The first screen. Everything on it is reached by Tab and chosen by Space."""

    openRequested = Signal(list)

    def __init__(self, recent: Recent, registry: ActionRegistry) -> None:
        super().__init__()
        self._recent = recent
        self.entries: list[Entry] = []
        page = QWidget()
        page.setFixedWidth(_WIDTH)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(_GAP)
        inside = QVBoxLayout(page)
        inside.setSpacing(6)
        inside.setContentsMargins(0, 0, 0, 0)
        title = captioned("QuakeView", "title")
        title.setContentsMargins(10, 0, 0, 0)
        inside.addWidget(title)
        hint = captioned(
            "Drop files or folders anywhere on this window: MiniSEED, SAC, GSE2, SEG-Y, Seisan, an SDS archive,\n"
            "or anything else that ObsPy reads; scenarios (.h5) too.",
            "caption",
        )
        hint.setContentsMargins(10, 0, 0, 0)
        inside.addWidget(hint)
        inside.addSpacing(18)
        inside.addLayout(self._columns)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(page, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self._left = self._column("Start")
        right = self._column("Recent")
        self._unsaved, self._right = QVBoxLayout(), QVBoxLayout()
        for entries in (self._unsaved, self._right):
            entries.setSpacing(2)
            right.addLayout(entries)
        self._fill_left(registry)
        recent.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the recent files as they are now, in the colours as they are now."""
        clear(self._unsaved)
        clear(self._right)
        self.entries = [entry for entry in self.entries if entry.property("kept")]
        for entry in self.entries:
            entry.refresh_icon()
        unsaved, files = self._recent.unsaved[:_UNSAVED], self._recent.files
        for session in unsaved:
            entry = Entry("content-save-alert-outline", session.title, described(session), "Never saved under a name")
            self._add(self._unsaved, entry, [session.path], kept=False)
        for file in files[: _RECENT - len(unsaved)]:
            icon = "folder-outline" if file.folder else "file-outline"
            entry = Entry(icon, file.path.name, _shortened(file.path.parent), str(file.path))
            self._add(self._right, entry, [file.path], kept=False)
        if not unsaved and not files:
            empty = captioned("Files you open will be listed here.", "caption")
            empty.setContentsMargins(10, 8, 0, 0)
            self._right.addWidget(empty)

    def _column(self, title: str) -> QVBoxLayout:
        column, entries = QVBoxLayout(), QVBoxLayout()
        column.setSpacing(8)
        entries.setSpacing(2)
        heading = captioned(title, "heading")
        heading.setContentsMargins(10, 0, 0, 0)
        rule = QFrame()
        rule.setProperty("role", "rule")
        rule.setFixedHeight(1)
        column.addWidget(heading)
        column.addWidget(rule)
        column.addLayout(entries)
        column.addStretch()
        frame = QWidget()
        frame.setFixedWidth((_WIDTH - _GAP) // 2)
        column.setContentsMargins(0, 0, 0, 0)
        frame.setLayout(column)
        self._columns.addWidget(frame)
        return entries

    def _fill_left(self, registry: ActionRegistry) -> None:
        for action_id, icon, text in (
            ("file.open", "folder-open-outline", "Waveforms, picks, events, a project or a scenario"),
            ("file.open_folder", "folder-outline", "All waveform files in it; SDS archives too"),
        ):
            action = registry[action_id]
            entry = Entry(icon, action.text(), text, action.toolTip())
            entry.clicked.connect(action.trigger)
            self._add(self._left, entry, None, kept=True)
        for sample in SAMPLES:
            self._add_sample(sample)
        for action_id, icon, title, text in _TASKS:
            entry = Entry(icon, title, text, registry[action_id].toolTip())
            entry.clicked.connect(registry[action_id].trigger)
            self._add(self._left, entry, None, kept=True)

    def _add_sample(self, sample: Sample) -> None:
        entry = Entry("flask-outline", f"Try: {sample.title}", sample.text)
        entry.clicked.connect(lambda: self.openRequested.emit(sample.paths()))
        self._add(self._left, entry, None, kept=True)

    def _add(self, column: QVBoxLayout, entry: Entry, paths: list[Path] | None, kept: bool) -> None:
        entry.setProperty("kept", kept)
        if paths is not None:
            entry.clicked.connect(lambda: self.openRequested.emit(paths))
        column.addWidget(entry)
        self.entries.append(entry)


def described(session: Any) -> str:
    """What an unsaved session (``project.UnsavedSession``) holds, on one line."""
    parts = ["not saved"]
    if session.picks:
        parts.append(counted(session.picks, "pick"))
    if session.waveforms:
        others = len(session.waveforms) - 1
        parts.append(session.waveforms[0] + (f" and {others} more" if others else ""))
    return " · ".join(parts)


def _shortened(folder: Path) -> str:
    """With ``~`` for the home folder, and without its middle if it is long."""
    text = str(folder)
    home = str(Path.home())
    if text == home or text.startswith(home + "/"):
        text = "~" + text[len(home) :]
    return text if len(text) <= 44 else f"{text[:14]}…{text[-28:]}"
