"""The sheet of shortcuts."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from quakeview.app.keys.preset import Preset
from quakeview.app.keys.scheme import OURS, PRESETS
from quakeview.app.shell.actions import CATEGORIES, WIDGET_KEYS, ActionRegistry
from quakeview.app.texts import captioned

COLUMNS = (
    ("File", "Edit", "View", "Show As", "Align", "Help", "Guide"),
    ("Picks", "Other Phases", "Change Phase", "Weight", "Traces", "Trace view", "Tables"),
    ("Events", "Analysis", "Map of earthquakes", "Plots of one earthquake"),
    ("Wavefield", "Forecast", "Maps", "Models"),
)
"""Of the sheet of shortcuts, from left to right; what is not named here is at the end of the last."""
_Rows = list[tuple[str, str]]


class ShortcutSheet(QDialog):
    """Every key on one sheet."""

    def __init__(self, registry: ActionRegistry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        preset = PRESETS.get(registry.scheme.preset, PRESETS[OURS])
        self.setWindowTitle("Keyboard shortcuts" + (f" like {preset.name}" if preset.keys else ""))
        sheet = QWidget()
        columns = QHBoxLayout(sheet)
        columns.setSpacing(36)
        groups = _groups(registry, preset)
        others = [title for title in groups if not any(title in titles for titles in COLUMNS)]
        for titles in (*COLUMNS[:-1], (*COLUMNS[-1], *others)):
            column = QVBoxLayout()
            column.setSpacing(14)
            for title in titles:
                if groups[title]:
                    column.addLayout(self._group(title, groups[title]))
            column.addStretch()
            columns.addLayout(column)
        scroll = QScrollArea()
        scroll.setWidget(sheet)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addWidget(scroll)
        hint = sheet.sizeHint()
        self.resize(hint.width() + 60, hint.height() + 50)

    def _group(self, title: str, rows: _Rows) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(5)
        grid.addWidget(captioned(title, "heading"), 0, 0, 1, 2)
        for number, (keys, text) in enumerate(rows, start=1):
            left = captioned(keys, "caption")
            right = QLabel(text)
            right.setWordWrap(True)
            right.setMinimumWidth(190)
            grid.addWidget(left, number, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            grid.addWidget(right, number, 1)
        grid.setColumnStretch(1, 1)
        return grid


def _groups(registry: ActionRegistry, preset: Preset) -> dict[str, _Rows]:
    """Keys and what they do, by their title on the sheet."""
    groups = {category: _keys_of_category(registry, category) for category in CATEGORIES}
    groups |= {name: [(", ".join(keys), text) for keys, text in rows] for name, rows in WIDGET_KEYS.items()}
    absent = [(each.keys, f"There: {each.there}. {each.instead}") for each in preset.absent]
    return {**groups, f"Not as in {preset.name}": absent}


def _keys_of_category(registry: ActionRegistry, category: str) -> _Rows:
    form = QKeySequence.SequenceFormat.NativeText
    return [
        (", ".join(QKeySequence(key).toString(form) for key in keys), spec.text.rstrip("…"))
        for spec, _ in registry
        if spec.category == category and (keys := registry.keys[spec.id])
    ]
