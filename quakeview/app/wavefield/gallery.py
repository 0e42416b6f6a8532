"""The scenarios there are, with small maps of their peak ground velocity."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDesktopServices,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QShowEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QMenu,
    QMessageBox,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from quakeview.app.drawing import theme
from quakeview.app.drawing.images import values_image
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.texts import captioned
from quakeview.app.work.background import Background
from quakeview.colours import Colours
from quakeview.jobs import Progress
from quakeview.texts import counted, file_size

if TYPE_CHECKING:
    from quakeview.geography import Points
    from quakeview.wavefield.scenarios.library import ScenarioCard

THUMBNAIL = QSize(228, 152)
MARGIN = 10
_LONGEST_WAIT = 2.0
"""Seconds for a thumbnail under way, at the end of the window."""
_CARD_ROLE = Qt.ItemDataRole.UserRole
_EMPTY = (
    "There are no scenarios yet.\n\nPress New Scenario to simulate an earthquake and watch its waves, "
    "or drop a scenario file (.h5) on this window."
)
_READING = "Reading the scenarios…"
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Shown:
    """A scenario in the gallery: what is known of it, and its map."""

    card: "ScenarioCard"
    image: QImage
    shipped: bool = False


class Gallery(QWidget):
    """Arrows choose, Enter or a double-click opens, Delete deletes."""

    openRequested = Signal(object)  # Path
    deleteRequested = Signal(object)  # Path
    liveRequested = Signal()
    problemsFound = Signal(list)  # sentences

    def __init__(self, registry: ActionRegistry) -> None:
        super().__init__()
        self._is_new_on_screen = False
        self.model = QStandardItemModel(self)
        self.list = _CardList(self.model)
        self.list.activated.connect(lambda index: self.openRequested.emit(index.data(_CARD_ROLE).card.path))
        self.list.deleteRequested.connect(self._ask_to_delete)
        self.list.menuRequested.connect(self._show_menu)
        self.empty = captioned(_READING, "caption")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.running = QPushButton("Show the simulation under way")
        self.running.setProperty("role", "entry")
        self.running.clicked.connect(self.liveRequested)
        self.running.hide()
        self._reading = Background("Reading the scenarios")
        self._reading.ready.connect(self._show)
        self._reading.failed.connect(self._refuse)
        self._arrange(registry)

    def _arrange(self, registry: ActionRegistry) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(20, 14, 16, 10)
        bar.setSpacing(8)
        bar.addWidget(captioned("Scenarios", "heading"))
        bar.addWidget(self.running)
        bar.addStretch()
        for action_id in ("wavefield.folder", "file.open", "wavefield.new"):
            action = registry[action_id]
            button = QPushButton(action.text())
            button.setToolTip(action.toolTip())
            button.setDefault(action_id == "wavefield.new")
            button.clicked.connect(action.trigger)
            bar.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.empty, 1)
        self.list.hide()

    def refresh(self, recent: Sequence[Path]) -> None:
        """Read again what there is: the sample, the user's folder, and ``recent`` files."""
        self._reading.ask(partial(read_gallery, list(recent)))

    def stop(self) -> None:
        """Read no further."""
        self._reading.forget()
        self._reading.wait(_LONGEST_WAIT)

    def set_running(self, running: bool) -> None:
        """Offer to go back to the simulation under way."""
        self.running.setVisible(running)

    def showEvent(self, event: QShowEvent) -> None:
        self._is_new_on_screen = True
        super().showEvent(event)

    def _show(self, found: tuple[list[Shown], list[str]]) -> None:
        shown, problems = found
        chosen = self.list.currentIndex().row()
        self.model.clear()
        for each in shown:
            item = QStandardItem()
            item.setData(each, _CARD_ROLE)
            item.setData(", ".join([title(each), *captions(each)]), Qt.ItemDataRole.AccessibleTextRole)
            item.setToolTip(str(each.card.path))
            item.setEditable(False)
            self.model.appendRow(item)
        self.list.setVisible(bool(shown))
        self.empty.setVisible(not shown)
        self.empty.setText(_EMPTY)
        self.list.setCurrentIndex(self.model.index(min(max(chosen, 0), len(shown) - 1), 0))
        if shown and self._is_new_on_screen and self.isVisible():
            self._is_new_on_screen = False
            self.list.setFocus()
        if problems:
            self.problemsFound.emit(problems)

    def _refuse(self, sentence: str) -> None:
        self._show(([], [sentence]))

    def _show_menu(self, index: QModelIndex, event: QContextMenuEvent) -> None:
        shown: Shown = index.data(_CARD_ROLE)
        menu = QMenu(self)
        menu.addAction("Open", lambda: self.openRequested.emit(shown.card.path))
        menu.addAction("Show in Folder", lambda: show_in_folder(shown.card.path))
        delete = menu.addAction("Delete…", lambda: self._ask_to_delete(index))
        delete.setEnabled(not shown.shipped)
        menu.exec(event.globalPos())

    def _ask_to_delete(self, index: QModelIndex) -> None:
        shown: Shown = index.data(_CARD_ROLE)
        if shown.shipped:
            return
        answer = QMessageBox.question(self, "Delete scenario", f"Delete {shown.card.path}? This cannot be undone.")
        if answer == QMessageBox.StandardButton.Yes:
            self.deleteRequested.emit(shown.card.path)


class _CardList(QListView):
    """Cards in rows that follow the width."""

    deleteRequested = Signal(object)
    menuRequested = Signal(object, object)

    def __init__(self, model: QStandardItemModel) -> None:
        super().__init__()
        self.setAccessibleName("Scenarios")
        self.setModel(model)
        self.setItemDelegate(_CardDelegate(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSpacing(6)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewportMargins(12, 0, 8, 8)
        self.setMouseTracking(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if index.isValid() and event.key() == Qt.Key.Key_Delete:
            self.deleteRequested.emit(index)
        elif index.isValid() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit(index)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            self.menuRequested.emit(index, event)


class _CardDelegate(QStyledItemDelegate):
    """Paints a card: map, name, two lines of facts."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = QFontMetricsF(option.font).height()
        return QSize(THUMBNAIL.width() + 2 * MARGIN, round(THUMBNAIL.height() + 3 * line + 3 * MARGIN + 6))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shown: Shown = index.data(_CARD_ROLE)
        colors = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, colors)
        place = QRectF(QPointF(option.rect.topLeft()) + QPointF(MARGIN, MARGIN), THUMBNAIL.toSizeF())
        _paint_rounded(painter, place, shown.image, QColor(colors.hover))
        if not shown.card.complete:
            _paint_badge(painter, place, "incomplete", option.font, colors)
        self._paint_words(painter, option, place, shown, colors)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, colors: Colours[str]) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        ground = colors.selection if selected else colors.hover if hovered else colors.raised
        painter.setBrush(QColor(ground))
        painter.setPen(QPen(QColor(colors.accent if focused else colors.border), 1))
        painter.drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def _paint_words(
        self, painter: QPainter, option: QStyleOptionViewItem, place: QRectF, shown: Shown, colors: Colours[str]
    ) -> None:
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        line = QFontMetricsF(option.font).height()
        top = place.bottom() + MARGIN
        lines = [(bold, colors.text, title(shown)), *((option.font, colors.muted, text) for text in captions(shown))]
        for number, (font, colour, text) in enumerate(lines):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            elided = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(QPointF(place.left(), top + number * (line + 2) + QFontMetricsF(font).ascent()), elided)


def title(shown: Shown) -> str:
    """What a scenario is called."""
    return shown.card.name or shown.card.path.stem


def captions(shown: Shown) -> tuple[str, str]:
    """Two lines of facts."""
    card = shown.card
    magnitude = f"M {card.magnitude:.1f}" if card.magnitude is not None else "magnitude unknown"
    depth = f"{card.hypocentre[2] / 1000:.0f} km deep" if card.hypocentre is not None else ""
    first = [magnitude, depth, f"≤ {card.frequency:g} Hz" if card.frequency is not None else ""]
    made = "comes with QuakeView" if shown.shipped else f"{datetime.fromtimestamp(card.made):%Y-%m-%d}"
    second = [counted(card.n_frames, "frame") if not shown.shipped else "", made, file_size(card.size)]
    return " · ".join(filter(None, first)), " · ".join(filter(None, second))


def read_gallery(recent: Sequence[Path], progress: Progress) -> tuple[list[Shown], list[str]]:
    """(scenarios, problems as sentences): the sample, the user's folder from the newest on, then recent files."""
    from quakeview.wavefield.scenarios.library import list_scenarios, read_card, scenarios_dir
    from quakeview.wavefield.scenarios.samples import sample_scenario

    cards, problems = list_scenarios(scenarios_dir())
    cards = sorted(cards, key=lambda card: card.made, reverse=True)
    sample = sample_scenario()
    known = {card.path.resolve() for card in cards} | {sample.resolve()}
    others = [path for path in recent if path.resolve() not in known and path.exists()]
    cards += [card for path in others if (card := read_card(path)) is not None]
    shipped = read_card(sample) if sample.exists() else None
    shown = [Shown(shipped, thumbnail(sample), shipped=True)] if shipped is not None else []
    for number, card in enumerate(cards):
        progress.advance(number, len(cards))
        shown.append(Shown(card, thumbnail(card.path)))
    return shown, problems


def thumbnail(path: Path) -> QImage:
    """PGV with the shorelines over it; empty if it cannot be read."""
    from quakeview.errors import QuakeViewError
    from quakeview.wavefield.ground_motion.motion_scales import pgv_scale
    from quakeview.wavefield.scenarios.scenario import Scenario

    try:
        with Scenario.open(path) as scenario:
            pgv, header = scenario.pgv, scenario.header
    except QuakeViewError:
        return QImage()
    image = values_image(pgv.T[::-1], pgv_scale(pgv)).scaled(
        THUMBNAIL * 2, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    x0, y0 = float(header.x[0]), float(header.y[0])
    across, up = float(header.x[-1]) - x0, float(header.y[-1]) - y0
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(255, 255, 255, 170), 2))
    for coast in _coastlines():
        points = [
            QPointF((x - x0) / across * image.width(), (1 - (y - y0) / up) * image.height()) for x, y in coast.tolist()
        ]
        painter.drawPolyline(QPolygonF(points))
    painter.end()
    return image


def _coastlines() -> "Sequence[Points]":
    from quakeview.geography import geography

    return geography().coastlines


def show_in_folder(path: Path) -> None:
    """Open the folder of a file in the file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def _paint_rounded(painter: QPainter, place: QRectF, image: QImage, ground: QColor) -> None:
    shape = QPainterPath()
    shape.addRoundedRect(place, 5, 5)
    painter.save()
    painter.setClipPath(shape)
    painter.fillRect(place, ground)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, image)
    painter.restore()


def _paint_badge(painter: QPainter, place: QRectF, text: str, font: QFont, colors: Colours[str]) -> None:
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(text) + 14, metrics.height() + 4
    badge = QRectF(place.right() - width - 6, place.top() + 6, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.raised))
    painter.drawRoundedRect(badge, height / 2, height / 2)
    painter.setPen(QColor(colors.warning))
    painter.setFont(font)
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
