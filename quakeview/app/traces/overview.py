"""The overview bar: the whole record in one strip, with the window that the trace view shows."""

from collections.abc import Sequence
from enum import Enum

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from quakeview.app.drawing import shades
from quakeview.app.drawing.fonts import Fonts
from quakeview.app.drawing.layer import blank_layer
from quakeview.app.drawing.shades import Shades, faded
from quakeview.app.drawing.time_axis import paint_grid, paint_time_axis, utc
from quakeview.app.traces.amplitude import amplitude
from quakeview.app.traces.raster import coverage
from quakeview.app.traces.waves import tinted
from quakeview.waveforms.columns import DrawnRecord, column_extremes

EDGE_PIXELS = 6
NARROWEST_WINDOW = 4
RIGHT_MARGIN = 12
DENSITY_BIN = 4
DENSITY_SHARE = 0.32
PAN_STEP = 0.1
ZOOM_STEP = 1.25
WHEEL_NOTCH = 120


class Grip(Enum):
    """What the mouse holds: an edge of the window, the window, or nothing of it."""

    LEFT = "left"
    RIGHT = "right"
    WHOLE = "whole"
    OUTSIDE = "outside"


class OverviewBar(QWidget):
    """Whole record, coverage and pick density; its window is dragged, resized at its edges, or moved by keys.

    A click outside the window centres it there. Left, Right move it, + and - resize it, Home and End go to the ends.
    """

    windowChanged = Signal(float, float)  # seconds since 1970-01-01 UTC

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colors = shades.current()
        self._span: tuple[float, float] | None = None
        self._window = (0.0, 1.0)
        self._records: tuple[DrawnRecord, ...] = ()
        self._title = ""
        self._coverage: Sequence[tuple[float, float]] = ()
        self._picks: dict[str, np.ndarray] = {}
        self._gutter = 0.0
        self._record_layer: QPixmap | None = None
        self._layer: QPixmap | None = None
        self._grip: Grip | None = None
        self._grabbed = (0.0, (0.0, 0.0))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Overview of the whole record")
        self.setMinimumHeight(self.sizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(600, round(QFontMetricsF(self.font()).height() * 4.4))

    def set_colors(self, colors: Shades) -> None:
        """Paint in other colours."""
        self.colors = colors
        self._refresh()

    def set_gutter(self, width: float) -> None:
        """Left margin, to line up with the trace view."""
        self._gutter = width
        self._refresh()

    def set_span(self, first: float, last: float) -> None:
        """The whole record, seconds since 1970-01-01 UTC."""
        self._span = (first, max(last, first + 1e-3))
        self._refresh()

    def clear(self) -> None:
        """Nothing is open."""
        self._span, self._records, self._coverage, self._picks, self._title = None, (), (), {}, ""
        self._refresh()

    def set_record(self, record: DrawnRecord | Sequence[DrawnRecord] | None, title: str = "") -> None:
        """The channel whose waveform is drawn (its records, if several), and its name; None: only the coverage."""
        self._records = () if record is None else tuple(record) if isinstance(record, Sequence) else (record,)
        self._title = title
        self._refresh()

    def set_coverage(self, spans: Sequence[tuple[float, float]]) -> None:
        """Where there are data of any station, as (first, last) times."""
        self._coverage = tuple(spans)
        self._refresh()

    def set_pick_times(self, p: np.ndarray, s: np.ndarray) -> None:
        """Sorted times of all P and S picks, for their density."""
        self._picks = {"P": p, "S": s}
        self._layer = None
        self.update()

    @property
    def window_range(self) -> tuple[float, float]:
        """First and last time of the window."""
        return self._window

    def set_window(self, first: float, last: float) -> None:
        """Put the window where the trace view is, without a signal."""
        self._window = (first, last)
        self.setAccessibleDescription(f"{utc(first):%Y-%m-%d %H:%M:%S} to {utc(last):%Y-%m-%d %H:%M:%S} UTC")
        self.update()

    def _move_window(self, first: float, last: float) -> None:
        self.set_window(first, last)
        self.windowChanged.emit(first, last)

    def plot_rect(self) -> QRectF:
        """The strip above the axis."""
        axis = QFontMetricsF(self._axis_font()).height() + 8
        width = max(1.0, self.width() - self._gutter - RIGHT_MARGIN)
        return QRectF(self._gutter, 4, width, max(1.0, self.height() - 4 - round(axis)))

    def _axis_font(self) -> QFont:
        return Fonts.of(self.font()).small

    def _x_at(self, time: float) -> float:
        first, last = self._span or (0.0, 1.0)
        plot = self.plot_rect()
        return plot.left() + (time - first) / (last - first) * plot.width()

    def _time_at(self, x: float) -> float:
        first, last = self._span or (0.0, 1.0)
        plot = self.plot_rect()
        return first + (x - plot.left()) / plot.width() * (last - first)

    def window_rect(self) -> QRectF:
        """The window on the strip, never narrower than can be grabbed."""
        plot = self.plot_rect()
        left = min(max(self._x_at(self._window[0]), plot.left()), plot.right() - NARROWEST_WINDOW)
        right = min(self._x_at(self._window[1]), plot.right())
        return QRectF(left, plot.top(), max(right - left, NARROWEST_WINDOW), plot.height())

    def grip_at(self, position: QPointF) -> Grip:
        """What a press at ``position`` would hold."""
        window = self.window_rect()
        if window.width() > 3 * EDGE_PIXELS or not window.left() <= position.x() <= window.right():
            if abs(position.x() - window.left()) <= EDGE_PIXELS:
                return Grip.LEFT
            if abs(position.x() - window.right()) <= EDGE_PIXELS:
                return Grip.RIGHT
        return Grip.WHOLE if window.left() <= position.x() <= window.right() else Grip.OUTSIDE

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._span is None:
            return
        self._grip = self.grip_at(event.position())
        if self._grip == Grip.OUTSIDE:
            half = (self._window[1] - self._window[0]) / 2
            centre = self._time_at(event.position().x())
            self._move_window(centre - half, centre + half)
            self._grip = Grip.WHOLE
        self._grabbed = (event.position().x(), self._window)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is None:
            self._show_cursor(self.grip_at(event.position()))
            return
        start_x, (first, last) = self._grabbed
        shift = self._time_at(event.position().x()) - self._time_at(start_x)
        shortest = self._time_at(NARROWEST_WINDOW) - self._time_at(0)
        if self._grip == Grip.LEFT:
            first = min(first + shift, last - shortest)
        elif self._grip == Grip.RIGHT:
            last = max(last + shift, first + shortest)
        else:
            first, last = first + shift, last + shift
        self._move_window(first, last)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None

    def _show_cursor(self, grip: Grip) -> None:
        edges = grip in (Grip.LEFT, Grip.RIGHT)
        shape = Qt.CursorShape.SizeHorCursor if edges else Qt.CursorShape.OpenHandCursor
        self.setCursor(Qt.CursorShape.PointingHandCursor if grip == Grip.OUTSIDE else shape)

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = (event.angleDelta().y() or event.angleDelta().x()) / WHEEL_NOTCH
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._resize_window(ZOOM_STEP**-steps)
        else:
            self._pan_window(-PAN_STEP * steps)

    def _pan_window(self, fraction: float) -> None:
        shift = fraction * (self._window[1] - self._window[0])
        self._move_window(self._window[0] + shift, self._window[1] + shift)

    def _resize_window(self, factor: float) -> None:
        centre = sum(self._window) / 2
        half = factor * (self._window[1] - self._window[0]) / 2
        self._move_window(centre - half, centre + half)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        first, last = self._span or self._window
        span = self._window[1] - self._window[0]
        match event.key():
            case Qt.Key.Key_Left:
                self._pan_window(-PAN_STEP)
            case Qt.Key.Key_Right:
                self._pan_window(PAN_STEP)
            case Qt.Key.Key_PageUp:
                self._pan_window(-1)
            case Qt.Key.Key_PageDown:
                self._pan_window(1)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._resize_window(1 / ZOOM_STEP)
            case Qt.Key.Key_Minus:
                self._resize_window(ZOOM_STEP)
            case Qt.Key.Key_Home:
                self._move_window(first, first + span)
            case Qt.Key.Key_End:
                self._move_window(last - span, last)
            case _:
                event.ignore()

    def _refresh(self) -> None:
        self._layer = self._record_layer = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._refresh()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._record_layer is None or self._record_layer.devicePixelRatio() != self.devicePixelRatioF():
            self._record_layer, self._layer = self._painted_record(), None
        if self._layer is None:
            self._layer = self._with_density(self._record_layer)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._layer)
        if self._span is not None:
            self._paint_window(painter)
        painter.end()

    def _with_density(self, record: QPixmap) -> QPixmap:
        layer = record.copy()
        if self._span is not None:
            painter = QPainter(layer)
            self._paint_density(painter, self.plot_rect(), self._span)
            painter.end()
        return layer

    def _painted_record(self) -> QPixmap:
        layer = blank_layer(self, self.colors.base)
        if self._span is not None:
            painter = QPainter(layer)
            painter.setFont(self._axis_font())
            plot = self.plot_rect()
            strip = QRectF(plot.left(), plot.bottom(), plot.width(), self.height() - plot.bottom())
            paint_grid(painter, plot, self._span, self.colors)
            self._paint_coverage(painter, plot)
            self._paint_record(painter, plot)
            paint_time_axis(painter, strip, self._span, self.colors)
            self._paint_corner(painter, plot, strip)
            painter.end()
        return layer

    def _paint_coverage(self, painter: QPainter, plot: QRectF) -> None:
        for first, last in self._coverage:
            left, right = self._x_at(first), self._x_at(last)
            painter.fillRect(QRectF(left, plot.bottom() - 3, max(1.0, right - left), 3), self.colors.border)

    def _paint_record(self, painter: QPainter, plot: QRectF) -> None:
        if not self._records or self._span is None:
            return
        ratio = self.devicePixelRatioF()
        width, height = round(plot.width() * ratio), round(plot.height() * ratio)
        low, high = column_extremes(self._records, *self._span, width)
        scale = amplitude(low, high)
        if scale is None:
            return
        size = 0.46 * height / scale.full_scale if scale.full_scale > 0 else 0.0
        top, bottom = height / 2 - (high - scale.centre) * size, height / 2 - (low - scale.centre) * size
        canvas = np.zeros((height, -(-width // 4) * 4), np.uint8)
        canvas[:, :width] = coverage(top[None], bottom[None], height, max(1.0, ratio))[:, 0]
        painter.drawImage(plot, tinted(canvas, width, faded(self.colors.ink, 0.8)))

    def _paint_density(self, painter: QPainter, plot: QRectF, span: tuple[float, float]) -> None:
        """P and S side by side in every bin of a few pixels, as high as the square root of their number."""
        n_bins = max(1, int(plot.width() / DENSITY_BIN))
        edges = np.linspace(*span, n_bins + 1)
        edges[-1] = np.nextafter(edges[-1], np.inf)
        counts = {phase: np.diff(np.searchsorted(times, edges)) for phase, times in self._picks.items()}
        highest = max((count.max() for count in counts.values()), default=0)
        width = plot.width() / n_bins
        painter.setPen(Qt.PenStyle.NoPen)
        for place, (phase, count) in enumerate(counts.items()):
            numbers = np.flatnonzero(count)
            heights = DENSITY_SHARE * plot.height() * np.sqrt(count[numbers] / max(highest, 1))
            lefts = plot.left() + numbers * width + place * width / 2
            bars = zip(lefts.tolist(), heights.tolist(), strict=True)
            painter.setBrush(self.colors.phase(phase))
            painter.drawRects([QRectF(left, plot.bottom() - height, width / 2, height) for left, height in bars])

    def _paint_corner(self, painter: QPainter, plot: QRectF, strip: QRectF) -> None:
        painter.setPen(self.colors.muted)
        width = self._gutter - 18
        metrics = QFontMetricsF(painter.font())
        title = metrics.elidedText(self._title, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRectF(10, plot.top(), width, plot.height()), Qt.AlignmentFlag.AlignVCenter, title)
        date = f"{utc(self._span[0]):%Y-%m-%d} UTC" if self._span else ""
        painter.drawText(QRectF(10, strip.top() + 6, width, metrics.height()), Qt.AlignmentFlag.AlignVCenter, date)

    def _paint_window(self, painter: QPainter) -> None:
        plot, window = self.plot_rect(), self.window_rect()
        shade = faded(self.colors.window, 0.72)
        painter.fillRect(QRectF(plot.topLeft(), window.bottomLeft()), shade)
        painter.fillRect(QRectF(window.topRight(), plot.bottomRight()), shade)
        painter.fillRect(window, faded(self.colors.accent, 0.10))
        painter.setPen(QPen(self.colors.accent, 2 if self.hasFocus() else 1))
        painter.drawRect(window)
        painter.setPen(QPen(self.colors.accent, 3))
        for x in (window.left(), window.right()):
            painter.drawLine(QLineF(x, plot.center().y() - 7, x, plot.center().y() + 7))
