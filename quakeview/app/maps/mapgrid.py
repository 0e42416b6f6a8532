"""Linked maps of one region side by side, with plots of one size, as large as there is room."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from quakeview.app.drawing import theme
from quakeview.app.drawing.plane import Bounds, Decorations, Margins
from quakeview.app.maps.mapview import MapView

SMALLEST_PLOT_WITH_AXES = 190.0
"""Width, pixels, below which the plots take the room of the axes."""
MOST_BETWEEN = 40.0
"""Pixels between maps beyond what they need."""


@dataclass(frozen=True)
class Arrangement:
    """``count`` maps in rows of ``columns``: axes at the left and at the bottom, the first with scale and north.

    ``one_bar``: only the last map of a row has a colour bar, which holds for the others too.
    """

    count: int
    columns: int
    axes: bool
    one_bar: bool

    @property
    def rows(self) -> int:
        return self.count // self.columns

    def decorations(self, index: int) -> Decorations:
        row, column = divmod(index, self.columns)
        return Decorations(
            x_axis=self.axes and row == self.rows - 1,
            y_axis=self.axes and column == 0,
            bar=not self.one_bar or column == self.columns - 1,
            north=index == 0,
        )

    def margins(self, font: QFont) -> tuple[list[float], list[float]]:
        """Of each column and each row, pixels that are not plot."""
        first_row = [Margins.of(font, self.decorations(column)) for column in range(self.columns)]
        first_column = [Margins.of(font, self.decorations(row * self.columns)) for row in range(self.rows)]
        return [each.left + each.right for each in first_row], [each.top + each.bottom for each in first_column]

    def plot_width(self, size: QSize, bounds: Bounds, font: QFont) -> float:
        """Pixels of every plot."""
        across, down = self.margins(font)
        width = (size.width() - sum(across)) / self.columns
        height = (size.height() - sum(down)) / self.rows
        return max(min(width, height * bounds.width / bounds.height), 0.0)

    def places(self, size: QSize, bounds: Bounds, font: QFont) -> list[QRect]:
        """Of the maps; close to one another in the middle where there is more room than they need."""
        across, down = self.margins(font)
        width = self.plot_width(size, bounds, font)
        lefts = _edges(size.width(), across, width)
        tops = _edges(size.height(), down, width * bounds.height / bounds.width)
        return [
            QRect(lefts[column], tops[row], lefts[column + 1] - lefts[column], tops[row + 1] - tops[row])
            for row in range(self.rows)
            for column in range(self.columns)
        ]


def _edges(length: int, margins: list[float], plot: float) -> list[int]:
    """Where panes begin and end that hold plots of one length and these margins."""
    share = min((length - sum(margins)) / len(margins), plot + MOST_BETWEEN)
    first = (length - sum(margins) - len(margins) * share) / 2
    return [round(first + sum(margins[:i]) + i * share) for i in range(len(margins) + 1)]


class MapGrid(QWidget):
    """Shows some of its maps at a time.

    Signals:
        resized: there is more or less room.
    """

    resized = Signal()

    def __init__(self, maps: Sequence[MapView]) -> None:
        super().__init__()
        self.shown: tuple[MapView, ...] = ()
        self._one_bar = False
        for view in maps:
            view.setParent(self)
            view.hide()
            maps[0].link(view)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_maps(self, maps: Sequence[MapView], one_bar: bool) -> None:
        """These and no others; ``one_bar``: they have the same colours."""
        hidden, self.shown, self._one_bar = self.shown, tuple(maps), one_bar
        self._place()
        for view in hidden:
            view.setVisible(view in self.shown)
        for view in self.shown:
            view.show()

    def plot_width(self, count: int) -> float:
        """Pixels of the plots if ``count`` maps were shown in the room there is."""
        return self._best(count).plot_width(self.size(), self._bounds, self.font())

    def sizeHint(self) -> QSize:
        return QSize(960, 320)

    def minimumSizeHint(self) -> QSize:
        smallest = self.shown[0].minimumSizeHint() if self.shown else QSize(180, 120)
        return QSize(2 * smallest.width(), smallest.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The page around the maps."""
        QPainter(self).fillRect(event.rect(), QColor(theme.current().base))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
        self.resized.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.FontChange):
            self._place()
        return super().event(event)

    def _place(self) -> None:
        if not self.shown:
            return
        best = self._best(len(self.shown))
        for index, place in enumerate(best.places(self.size(), self._bounds, self.font())):
            self.shown[index].set_decorations(best.decorations(index))
            self.shown[index].setGeometry(place)

    @property
    def _bounds(self) -> Bounds:
        return self.shown[0].scene.bounds

    def _best(self, count: int) -> Arrangement:
        """With axes, unless the plots need their room."""
        best = self._largest(count, axes=True)
        enough = best.plot_width(self.size(), self._bounds, self.font()) >= SMALLEST_PLOT_WITH_AXES
        return best if enough else self._largest(count, axes=False)

    def _largest(self, count: int, axes: bool) -> Arrangement:
        """With the largest plots; of equals the one with fewer rows."""
        all_of_them = [
            Arrangement(count, columns, axes, self._one_bar) for columns in range(count, 0, -1) if count % columns == 0
        ]
        return max(all_of_them, key=lambda each: each.plot_width(self.size(), self._bounds, self.font()))
