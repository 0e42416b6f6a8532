"""The forecast on the map of the catalogue: cells in colours below the earthquakes, and what the colours mean."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen

from quakeview.app.drawing import shades
from quakeview.app.drawing.plane import GAP, Bounds, PlaneFrame
from quakeview.app.drawing.shades import Shades, faded
from quakeview.app.seismicity.catalogue_map import CatalogueMap
from quakeview.app.seismicity.forecasts.attention_shown import AttentionShown
from quakeview.app.seismicity.forecasts.days_ahead import DaysAhead
from quakeview.atlas.mercator import Mercator
from quakeview.scales import Scale
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.maps.attention import SCALE as ATTENTION
from quakeview.seismicity.maps.day_forecast import DayForecast, Quantity, scale_of
from quakeview.seismicity.maps.words import place_text
from quakeview.texts import counted

BEFORE = 30
"""Days until the forecast whose earthquakes are shown, faintly."""
_OPACITY, _FADES = 0.88, 0.12
"""Of the colours, and the part at the low end of the scale where they fade into the map."""
_COARSE = 8
"""Pixels between places of which the cell is computed; those between are interpolated."""
_BAR = 190.0, 9.0
_MARGIN = 8.0
_CAME, _PER_MAGNITUDE = 4.5, 2.5
"""Radius of an earthquake that came, pixels, of the least magnitude and for each larger one."""


class ForecastLayer(QObject):
    """Shows the day of ``ahead`` on a map.

    Attributes:
        quantity: what the colours tell, unless it ``shows_attention``.
    """

    def __init__(self, target: CatalogueMap, ahead: DaysAhead) -> None:
        super().__init__()
        self.map, self._ahead = target, ahead
        self.attention = AttentionShown(ahead)
        self.shows_attention = False
        self.attention.changed.connect(target.update)
        self.quantity = Quantity.PROBABILITY
        self._scale: Scale | None = None
        self._cells: tuple[tuple[Bounds, QRectF, CellGrid], NDArray[np.int64]] | None = None
        ahead.keptChanged.connect(self._forget)
        ahead.shownChanged.connect(self._take_day)

    @property
    def scale(self) -> Scale | None:
        """What the colours mean, on all days of the forecaster; None while no day is there."""
        shown = self._ahead.shown
        if self.shows_attention:
            return ATTENTION
        if self._scale is None and shown is not None:
            typical = shown.expected if shown.long_term is None else shown.long_term
            self._scale = scale_of(self.quantity, shown.grid, typical)
        return self._scale

    def show_quantity(self, quantity: Quantity) -> None:
        """Let the colours tell something else."""
        self.quantity, self.shows_attention = quantity, False
        self.attention.want(False)
        self._forget()
        self._take_day()

    def show_attention(self) -> None:
        """Let the colours tell where the forecaster looked for the region."""
        self.shows_attention = True
        self.attention.want(True)
        self._take_day()

    def text_at(self, position: QPointF) -> str:
        """Return what is forecast at a pixel of the map, in words; empty where nothing is."""
        shown, frame = self._ahead.shown, self.map.frame
        if shown is None or not frame.plot.contains(position):
            return ""
        longitude, latitude = self.map.shown.projection.to_geographic(*frame.position(position))
        x, y = shown.grid.project(latitude, longitude)
        return place_text(shown, float(x), float(y))

    def _forget(self) -> None:
        self._scale = self._cells = None

    def _take_day(self) -> None:
        """Cells below, and of the earthquakes those that came and, faintly, those of the days before."""
        shown, state = self._ahead.shown, self._ahead.state
        if state.forecaster is None:
            self.map.show_values(None)
            self.map.shown.limit(None)
            return
        self.map.show_values(self._paint, self._paint_over)
        if shown is not None:
            first, last = shown.day + 1 - BEFORE, shown.last + 1
            self.map.shown.limit((first, last), shown.magnitude, pale_until=shown.first)

    # --- painting ----------------------------------------------------------------------------------------------

    def _paint(self, painter: QPainter, frame: PlaneFrame) -> None:
        shown, scale = self._ahead.shown, self.scale
        if shown is None or scale is None:
            return
        values = self.attention.values if self.shows_attention else shown.values(self.quantity).ravel()
        if values is not None and len(values) == shown.grid.number:
            image = cells_image(values, scale, self._cells_of(frame, shown.grid), shades.current())
            painter.drawImage(frame.plot, image)

    def _cells_of(self, frame: PlaneFrame, grid: CellGrid) -> NDArray[np.int64]:
        """(height, width) number of the cell at each pixel of the plot; the number of cells where there is none."""
        key = frame.view, frame.plot, grid
        if self._cells is None or self._cells[0] != key:
            self._cells = key, cells_at(frame, grid, self.map.shown.projection)
        return self._cells[1]

    def _paint_over(self, painter: QPainter, frame: PlaneFrame) -> None:
        if (shown := self._ahead.shown) is not None:
            self._paint_came(painter, frame, shown)
        self._paint_legend(painter, frame)

    def _paint_came(self, painter: QPainter, frame: PlaneFrame, shown: DayForecast) -> None:
        """The earthquakes that were forecast, so that none is overlooked."""
        came, colors = shown.happened(self._ahead.state.catalogue), shades.current()
        x, y = self.map.shown.on_map(came.longitude, came.latitude)
        painter.save()
        painter.setClipRect(frame.plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, magnitude in zip(zip(x.tolist(), y.tolist(), strict=True), came.magnitude.tolist(), strict=True):
            radius = _CAME + _PER_MAGNITUDE * (magnitude - shown.magnitude)
            painter.setBrush(colors.p)
            painter.setPen(QPen(colors.base, 1.8))
            painter.drawEllipse(frame.at(*place), radius, radius)
        painter.restore()

    def _paint_legend(self, painter: QPainter, frame: PlaneFrame) -> None:
        """At the lower left: what the colours mean, when, and how many are expected and came."""
        shown, scale = self._ahead.shown, self.scale
        colors, font = shades.current(), frame.fonts.small
        metrics = QFontMetricsF(font)
        words = [self._ahead.making.sentence] if shown is None else legend_words(shown, self._came(shown))
        if shown is None or scale is None:
            words = ["The forecast is being computed…"]
        titled = [*words, *([] if scale is None else [_scale_title(scale)])]
        width = max(_BAR[0], *(metrics.horizontalAdvance(line) for line in titled)) + 2 * GAP
        bar_height = 0.0 if scale is None else _BAR[1] + metrics.height() + 2 * GAP + metrics.height()
        height = len(words) * metrics.height() + bar_height + 2 * GAP
        plot = frame.plot
        box = QRectF(plot.left() + _MARGIN, plot.bottom() - _MARGIN - height, min(width, plot.width() - 16), height)
        painter.save()
        painter.setClipRect(plot)
        painter.fillRect(box, faded(colors.base, 0.92))
        painter.setFont(font)
        y = box.top() + GAP + metrics.ascent()
        for number, line in enumerate(words):
            painter.setPen(colors.text if number == 0 else colors.muted)
            painter.drawText(QPointF(box.left() + GAP, y), line)
            y += metrics.height()
        if scale is not None:
            painter.setPen(colors.muted)
            painter.drawText(QPointF(box.left() + GAP, y + GAP), _scale_title(scale))
            _paint_ramp(painter, QRectF(box.left() + GAP, y + 2 * GAP, *_BAR), scale, colors, metrics)
        painter.restore()

    def _came(self, shown: DayForecast) -> int | None:
        """How many earthquakes came; None while that is not known."""
        kept = self._ahead.kept
        if kept is None or shown.last > kept.last:
            return None
        return len(shown.happened(self._ahead.state.catalogue))


def legend_words(shown: DayForecast, came: int | None) -> list[str]:
    """Return when, what is expected and what came, a line each."""
    lines = [f"{shown.when} UTC, M ≥ {shown.magnitude:g}", f"{shown.total:.2g} expected in all cells"]
    if came is not None:
        lines[1] += f", {counted(came, 'earthquake')} came"
    return lines


def _scale_title(scale: Scale) -> str:
    return f"{scale.name}, {scale.unit}" if scale.unit == "%" else scale.name


def _paint_ramp(painter: QPainter, bar: QRectF, scale: Scale, colors: Shades, metrics: QFontMetricsF) -> None:
    table = np.ascontiguousarray(scale.colours(colors.is_dark))
    painter.drawImage(bar, QImage(table.data, len(table), 1, QImage.Format.Format_RGBA8888))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colors.line, 1))
    painter.drawRect(bar.adjusted(-0.5, -0.5, 0.5, 0.5))
    painter.setPen(colors.muted)
    for value, label in scale.ticks(5):
        x = bar.left() + scale.fraction(value) * bar.width()
        half = metrics.horizontalAdvance(label) / 2
        left = min(max(x - half, bar.left()), bar.right() - 2 * half)
        painter.drawText(QPointF(left, bar.bottom() + 2 + metrics.ascent()), label)


def cells_at(frame: PlaneFrame, grid: CellGrid, projection: Mercator) -> NDArray[np.int64]:
    """Return the number of the cell at each pixel of a plot, (height, width); the number of cells where there is none.

    Positions are exact every few pixels and interpolated between, which is good to a part of a pixel.
    """
    height, width = max(round(frame.plot.height()), 1), max(round(frame.plot.width()), 1)
    view = frame.view
    columns = np.append(np.arange(0, width, _COARSE), width)
    rows = np.append(np.arange(0, height, _COARSE), height)
    x, y = np.meshgrid(view.left + view.width * columns / width, view.top - view.height * rows / height)
    longitude, latitude = projection.to_geographic(x, y)
    places = [each.reshape(x.shape) for each in grid.project(latitude.ravel(), longitude.ravel())]
    fine: list[NDArray[np.float64]] = []
    for each in places:
        along = np.array([np.interp(np.arange(width) + 0.5, columns, row) for row in each])
        fine.append(_between_rows(along, rows, height))
    column = np.floor((fine[0] - grid.west) / grid.size)
    row = np.floor((fine[1] - grid.south) / grid.size)
    inside = (column >= 0) & (column < grid.shape[0]) & (row >= 0) & (row < grid.shape[1])
    return np.where(inside, column * grid.shape[1] + row, grid.number).astype(np.int64)


def _between_rows(values: NDArray[np.float64], rows: NDArray[np.int64], height: int) -> NDArray[np.float64]:
    """(height, width) of values at ``rows``, linear between."""
    at = np.arange(height) + 0.5
    below = np.clip(np.searchsorted(rows, at, side="right") - 1, 0, len(rows) - 2)
    part = ((at - rows[below]) / (rows[below + 1] - rows[below]))[:, None]
    return np.asarray((1 - part) * values[below] + part * values[below + 1])


def cells_image(values: NDArray[np.float64], scale: Scale, cells: NDArray[np.int64], colors: Shades) -> QImage:
    """Return a picture, a pixel for each of ``cells``; small values fade into what is below them."""
    table = np.zeros((len(values) + 1, 4), np.uint8)
    table[:-1] = scale.rgba(values, colors.is_dark)
    fractions = np.append(np.nan_to_num(np.log10(np.maximum(values, scale.low) / scale.low)), 0.0)
    opacity = _OPACITY * np.clip(fractions / (_FADES * np.log10(scale.high / scale.low)), 0, 1)
    table[:, 3] = np.round(table[:, 3] * opacity)
    table[:, :3] = np.round(table[:, :3] * (table[:, 3:] / 255))
    pixels = table.view(np.uint32)[:, 0].take(cells)
    height, width = cells.shape
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888_Premultiplied)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
