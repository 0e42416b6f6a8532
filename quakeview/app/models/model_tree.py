"""The models by task: a tree on the left of the workspace."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from quakeview.app.drawing import theme
from quakeview.app.widgets.model_list import summary
from quakeview.registry import ModelCard, ModelProblem

_GROUPS = {
    "picking": "Pick P and S",
    "characterisation": "Answer for one station",
    "magnitude": "Answer for one station",
    "distance": "Answer for one station",
    "back_azimuth": "Answer for one station",
    "polarity": "Answer for one station",
    "forecasting": "Forecast wavefields",
    "frame_forecasting": "Forecast wavefields",
    "seismicity": "Forecast seismicity",
}
_OTHERS, _BROKEN = "Other tasks", "Cannot be read"


class ModelTree(QTreeWidget):
    """Models under what they do; those that are used where none is named have a tick.

    Attributes:
        wanted: the folder of a model that is to be chosen as soon as it is there.

    Signals:
        chosen: the ``ModelCard`` or ``ModelProblem`` that is current; None if none is.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.wanted: Path | None = None
        self.setAccessibleName("Models")
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(12)
        self.setUniformRowHeights(True)
        self.setMinimumWidth(200)
        self.currentItemChanged.connect(lambda *_: self.chosen.emit(self.current))

    @property
    def current(self) -> ModelCard | ModelProblem | None:
        """What is chosen."""
        item = self.currentItem()
        return None if item is None else item.data(0, Qt.ItemDataRole.UserRole)

    def show_models(self, cards: list[ModelCard], problems: list[ModelProblem]) -> None:
        """Show the models as they are now; the one that was chosen stays so while it is there."""
        before = _folder_of(self.current)
        with QSignalBlocker(self):
            self.clear()
            groups: dict[str, QTreeWidgetItem] = {}
            entries: list[Any] = [*sorted(cards, key=_order), *problems]
            for each in entries:
                self._add(self._group(groups, _group_of(each)), each)
            self.expandAll()
            self._select(before)
        self.chosen.emit(self.current)

    def _select(self, before: Path | None) -> None:
        """Choose the model that is wanted, else the one before, else the first."""
        items = {_folder_of(item.data(0, Qt.ItemDataRole.UserRole)): item for item in self._items()}
        if self.wanted in items:
            before, self.wanted = self.wanted, None
        found = items.get(before) or next(iter(items.values()), None)
        if found is not None:
            self.setCurrentItem(found)

    def _items(self) -> list[QTreeWidgetItem]:
        groups = [item for row in range(self.topLevelItemCount()) if (item := self.topLevelItem(row)) is not None]
        rows = [(group, row) for group in groups for row in range(group.childCount())]
        return [item for group, row in rows if (item := group.child(row)) is not None]

    def _group(self, groups: dict[str, QTreeWidgetItem], name: str) -> QTreeWidgetItem:
        if name not in groups:
            item = groups[name] = QTreeWidgetItem(self, [name])
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = item.font(0)
            font.setBold(True)
            item.setFont(0, font)
        return groups[name]

    def _add(self, group: QTreeWidgetItem, each: ModelCard | ModelProblem) -> None:
        card = each if isinstance(each, ModelCard) else None
        item = QTreeWidgetItem(group, [card.name if card else each.folder.name])
        item.setData(0, Qt.ItemDataRole.UserRole, each)
        item.setToolTip(0, each.sentence if isinstance(each, ModelProblem) else each.unusable or summary(each))
        item.setIcon(0, _icon_of(each))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            for item in self._items():
                item.setIcon(0, _icon_of(item.data(0, Qt.ItemDataRole.UserRole)))
        super().changeEvent(event)


def _icon_of(each: ModelCard | ModelProblem) -> QIcon:
    """A tick if it is used where no model is named, a sign if it cannot be used, else nothing as wide."""
    colors = theme.current()
    if isinstance(each, ModelProblem) or each.unusable:
        return theme.icon("alert-circle-outline", colors.warning)
    return theme.icon("check", colors.good if each.chosen else "transparent")


def _group_of(each: ModelCard | ModelProblem) -> str:
    return _GROUPS.get(each.task, _OTHERS) if isinstance(each, ModelCard) else _BROKEN


def _order(card: ModelCard) -> int:
    """Groups in the order of ``_GROUPS``, models in that of the registry."""
    names = [*_GROUPS, card.task]
    return names.index(card.task)


def _folder_of(each: ModelCard | ModelProblem | None) -> Path | None:
    return None if each is None else each.folder
