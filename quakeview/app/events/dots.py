"""Circles of thousands of events, painted at once."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.Qt import internals
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from quakeview.app.drawing.plane import PlaneFrame
from quakeview.app.drawing.shades import Shades, faded, shades
from quakeview.colours import DARK, LIGHT
from quakeview.scales import Scale

UNKNOWN_RADIUS, OF_ZERO, GROWTH = 2.5, 2.5, 1.32
"""Pixels of dots without and with magnitude 0, and by how much one unit of magnitude enlarges them."""
SMALLEST, LARGEST = 1.5, 18.0
FEW, CROWDING, LEAST_PART = 500, 0.2, 0.5
"""Among more events than these dots are smaller, by this power of their number, at most to half."""
LEVELS = 32
"""Different colours of a scale."""
NO_VALUE, HOLLOW = LEVELS, LEVELS + 1
"""Instead of a colour: grey, and the edge alone."""
RIM = 3.0
"""Pixels around a circle on the sheet."""
OPACITY, EDGE_OPACITY, FAINT = 0.85, 0.7, 0.25

HALVES = np.arange(int(2 * SMALLEST), int(2 * LARGEST) + 1)
"""All radii, half pixels."""


def radii(magnitudes: NDArray[np.float64], among: int) -> NDArray[np.float64]:
    """Pixels, to the next half one, of magnitudes (NaN is not known), smaller among many events."""
    crowd = min(max((FEW / max(among, 1)) ** CROWDING, LEAST_PART), 1.0)
    grown = np.where(np.isnan(magnitudes), UNKNOWN_RADIUS, OF_ZERO * GROWTH**magnitudes)
    return np.round(2 * np.clip(crowd * grown, SMALLEST, LARGEST)) / 2


def levels(values: NDArray[np.float64], scale: Scale, magnitudes: NDArray[np.float64]) -> NDArray[np.intp]:
    """Which of the colours dots have; those of unknown magnitude are hollow."""
    part = (np.clip(values, scale.low, scale.high) - scale.low) / (scale.high - scale.low)
    found = np.where(np.isnan(part), NO_VALUE, np.nan_to_num(part) * (LEVELS - 1e-6)).astype(np.intp)
    return np.where(np.isnan(magnitudes), HOLLOW, found)


@dataclass(frozen=True)
class Dots:
    """n circles in the units of a plane, painted in this order.

    Attributes:
        radius: pixels.
        level: of the colour.
        faint: whether it stands back.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    radius: NDArray[np.float64]
    level: NDArray[np.intp]
    faint: NDArray[np.bool_]

    def pixels(self, frame: PlaneFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where their centres are."""
        way = frame.transform
        return self.x * way.m11() + way.dx(), self.y * way.m22() + way.dy()

    def visible(self, frame: PlaneFrame) -> NDArray[np.intp]:
        """Those that reach into the plot."""
        (x, y), plot = self.pixels(frame), frame.plot.adjusted(-LARGEST, -LARGEST, LARGEST, LARGEST)
        return np.flatnonzero((x > plot.left()) & (x < plot.right()) & (y > plot.top()) & (y < plot.bottom()))

    def paint(self, painter: QPainter, frame: PlaneFrame, scale: Scale, colors: Shades) -> None:
        """As pictures of circles, fast."""
        ratio = painter.device().devicePixelRatioF()
        sheet, tops, sizes = sprites(scale, colors.is_dark, ratio)
        which = self.visible(frame)
        x, y = self.pixels(frame)
        row = np.round(2 * self.radius[which]).astype(np.intp) - HALVES[0]
        fragments = internals.PrimitiveArray(QPainter.PixmapFragment, 10)
        fragments.resize(len(which))
        columns = fragments.ndarray().T  # x, y, source, scales, rotation, opacity
        columns[0], columns[1] = x[which], y[which]
        columns[2], columns[3] = self.level[which] * sizes[row], tops[row]
        columns[4], columns[5] = sizes[row], sizes[row]
        columns[6:8], columns[8], columns[9] = 1 / ratio, 0.0, np.where(self.faint[which], FAINT, 1.0)
        painter.save()
        painter.setClipRect(frame.plot)
        getattr(painter, "drawPixmapFragments")(*fragments.drawargs(), sheet)  # noqa: B009 (its types are not known)
        painter.restore()

    def draw(self, painter: QPainter, frame: PlaneFrame, scale: Scale, colors: Shades) -> None:
        """One by one, as shapes, for pictures."""
        painter.save()
        painter.setClipRect(frame.plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fills, which = fill_colours(scale, colors.is_dark), self.visible(frame)
        columns = [column[which].tolist() for column in (*self.pixels(frame), self.radius, self.level, self.faint)]
        for x, y, radius, level, faint in zip(*columns, strict=True):
            painter.setOpacity(FAINT if faint else 1.0)
            paint_dot(painter, QPointF(x, y), radius, fills[level], colors)
        painter.restore()


def fill_colours(scale: Scale, dark: bool) -> list[QColor | None]:
    """Of all levels."""
    values = scale.low + (np.arange(LEVELS) + 0.5) / LEVELS * (scale.high - scale.low)
    unknown = shades(DARK if dark else LIGHT).muted
    return [*(faded(QColor(*rgba), OPACITY) for rgba in scale.rgba(values, dark).tolist()), faded(unknown, 0.5), None]


def paint_dot(painter: QPainter, at: QPointF, radius: float, fill: QColor | None, colors: Shades) -> None:
    """One event; without a colour it is hollow."""
    painter.setPen(QPen(faded(colors.text, EDGE_OPACITY), 1.0 if fill is None else 0.7))
    painter.setBrush(Qt.BrushStyle.NoBrush if fill is None else fill)
    painter.drawEllipse(at, radius, radius)


@lru_cache(maxsize=4)
def sprites(scale: Scale, dark: bool, ratio: float) -> tuple[QPixmap, NDArray[np.intp], NDArray[np.intp]]:
    """Every circle that there is, a row for each radius, and the top and the height of every row, pixels."""
    colors = shades(DARK if dark else LIGHT)
    sizes = np.ceil(ratio * (HALVES + 2 * RIM)).astype(np.intp)
    tops = np.cumsum(sizes) - sizes
    sheet = QPixmap((HOLLOW + 1) * int(sizes[-1]), int(sizes.sum()))
    sheet.fill(Qt.GlobalColor.transparent)
    painter = QPainter(sheet)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(ratio, ratio)
    for half, size, top in zip(HALVES.tolist(), sizes.tolist(), tops.tolist(), strict=True):
        for level, fill in enumerate(fill_colours(scale, dark)):
            centre = QPointF((level + 0.5) * size / ratio, (top + size / 2) / ratio)
            paint_dot(painter, centre, half / 2, fill, colors)
    painter.end()
    return sheet, tops, sizes
