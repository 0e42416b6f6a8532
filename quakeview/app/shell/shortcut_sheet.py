"""The sheet of shortcuts."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from quakeview.app.keys.preset import Preset
from quakeview.app.keys.scheme import OURS, PRESETS
from quakeview.app.shell.actions import CATEGORIES, WIDGET_KEYS, ActionRegistry
from quakeview.app.texts import captioned

ORDER = (
    *("File", "Edit", "View", "Panels", "Show As", "Align", "Help"),
    *("Picks", "Other Phases", "Change Phase", "Weight", "Traces", "Trace view", "Tables", "Helicorder"),
    *("Events", "Analysis", "Map of earthquakes", "Plots of one earthquake"),
    *("Wavefield", "Forecast", "Maps", "Models", "Guide"),
)
"""Of the groups on the sheet; those that are not named here are at the end."""
_COLUMNS = 4
_LONG = 36
"""Letters in a line."""
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
        for titles in _columns(groups):
            column = QVBoxLayout()
            column.setSpacing(14)
            for title in titles:
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
    """Keys and what they do, by their title on the sheet, in its order."""
    groups = {category: _keys_of_category(registry, category) for category in CATEGORIES}
    groups |= {name: [(", ".join(keys), text) for keys, text in rows] for name, rows in WIDGET_KEYS.items()}
    absent = [(each.keys, f"There: {each.there}. {each.instead}") for each in preset.absent]
    groups[f"Not as in {preset.name}"] = absent
    titles = sorted(groups, key=lambda title: ORDER.index(title) if title in ORDER else len(ORDER))
    return {title: groups[title] for title in titles if groups[title]}


def _columns(groups: Mapping[str, _Rows]) -> list[list[str]]:
    """The titles in columns, which are as low as they can be."""
    heights = {title: 2 + sum(1 + len(text) // _LONG for _, text in rows) for title, rows in groups.items()}
    limit = max(heights.values())
    while len(columns := _stacked(heights, limit)) > _COLUMNS:
        limit += 1
    return columns


def _stacked(heights: Mapping[str, int], limit: int) -> list[list[str]]:
    """The titles below each other, in a new column wherever they would be higher than the limit."""
    columns: list[list[str]] = [[]]
    above = 0
    for title, height in heights.items():
        if above + height > limit:
            columns.append([])
            above = 0
        columns[-1].append(title)
        above += height
    return columns


def _keys_of_category(registry: ActionRegistry, category: str) -> _Rows:
    form = QKeySequence.SequenceFormat.NativeText
    return [
        (", ".join(QKeySequence(key).toString(form) for key in keys), spec.text.rstrip("…"))
        for spec, _ in registry
        if spec.category == category and (keys := registry.keys[spec.id])
    ]
