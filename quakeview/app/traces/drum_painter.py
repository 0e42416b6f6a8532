"""Paints a day drum: rows of minutes, what was recorded, the marks of picks and events, and its labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from quakeview.analysis.helicorder import Drum, place_of, stretches_of
from quakeview.app.drawing.axes import Tick, paint_x_axis, paint_y_axis
from quakeview.app.drawing.fonts import Fonts
from quakeview.app.drawing.shades import Shades, faded
from quakeview.app.drawing.time_axis import utc
from quakeview.app.traces.marks import PickMark
from quakeview.app.traces.picks_layer import pick_pen
from quakeview.app.traces.raster import coverage
from quakeview.app.traces.scene import runs
from quakeview.app.traces.waves import tinted

_LABEL_LINES = 1.15
"""Lines of text between the labels of two rows."""
_LEAST_LETTERS = 11.0
"""Pixels between rows from which picks have their letter beside them."""
_PIXELS_PER_MINUTE_TICK = 46.0
_LONGEST_WINDOW = 6 * 3600.0
"""Seconds."""
_CUT_END = 2.0
"""Pixels at the ends of cut motion that have another colour."""
_DIAMOND = 5.0
"""Pixels from the middle of the mark of an event to its corners."""


@dataclass(frozen=True)
class DrumStyle:
    """How a drum is drawn.

    Attributes:
        gain: enlarges all motion; 1 fills half of a row with what is ordinary.
        clip: distance from the middle of a row at which motion is cut, in rows.
        alternating: whether rows take turns in three colours.
    """

    gain: float = 1.0
    clip: float = 2.0
    alternating: bool = True


@dataclass(frozen=True)
class DrumFrame:
    """Where a drum is painted, and how.

    Attributes:
        plot: of the rows.
        pixel_ratio: device pixels per unit of ``plot``.
        vector: draw lines instead of pixels, for SVG.
    """

    drum: Drum
    plot: QRectF
    colors: Shades
    fonts: Fonts
    style: DrumStyle
    pixel_ratio: float = 1.0
    vector: bool = False

    @property
    def rows(self) -> int:
        return len(self.drum.low)

    @property
    def spacing(self) -> float:
        """Pixels between two rows."""
        return self.plot.height() / self.rows

    def middle(self, row: int) -> float:
        """Of a row, pixels from the top."""
        return self.plot.top() + (row + 0.5) * self.spacing

    def point(self, time: float) -> QPointF | None:
        """Where a time is, in the middle of its row; None on another day."""
        place = place_of(time, self.drum.day, self.drum.minutes)
        if place is None:
            return None
        row, along = place
        return QPointF(self.plot.left() + along * self.plot.width(), self.middle(row))

    def time_at(self, position: QPointF) -> float | None:
        """The time at a place; None beside the rows."""
        if not self.plot.contains(position):
            return None
        row = min(int((position.y() - self.plot.top()) / self.spacing), self.rows - 1)
        along = (position.x() - self.plot.left()) / self.plot.width()
        return self.drum.day + (row + along) * self.drum.seconds

    @property
    def pixels_per_unit(self) -> float:
        """Of the samples."""
        scale = self.drum.full_scale
        return self.style.gain * self.spacing / 2 / scale if scale > 0 else 0.0


def paint_drum(painter: QPainter, frame: DrumFrame) -> None:
    """Rows, axis and labels, without the marks."""
    painter.fillRect(frame.plot, frame.colors.base)
    _paint_grid(painter, frame)
    painter.save()
    painter.setClipRect(frame.plot)
    (_paint_lines if frame.vector else _paint_pixels)(painter, frame)
    painter.restore()
    _paint_labels(painter, frame)


def paint_window(painter: QPainter, frame: DrumFrame, first: float, last: float) -> None:
    """The stretch of time that the traces show, if it is a small part of the day."""
    if last - first > _LONGEST_WINDOW:
        return
    for row, begin, end in stretches_of(first, last, frame.drum.day, frame.drum.minutes):
        left, width = frame.plot.left() + begin * frame.plot.width(), (end - begin) * frame.plot.width()
        area = QRectF(left, frame.middle(row) - frame.spacing / 2, max(width, 2.0), frame.spacing)
        painter.fillRect(area, faded(frame.colors.accent, 0.22))
        painter.fillRect(QRectF(area.left(), area.top(), 1.0, area.height()), frame.colors.accent)


def paint_marks(
    painter: QPainter, frame: DrumFrame, picks: Sequence[PickMark], events: Sequence[tuple[float, str]]
) -> None:
    """Picks as short lines, with their letter where there is room, and events as diamonds with their label."""
    painter.setFont(frame.fonts.flag)
    letters = frame.spacing >= _LEAST_LETTERS
    for mark in picks:
        if (point := frame.point(mark.time)) is not None:
            pen = pick_pen(mark, frame.colors)
            painter.setPen(pen)
            half = frame.spacing / 2
            painter.drawLine(QLineF(point.x(), point.y() - half, point.x(), point.y() + half))
            if letters:
                _write_beside(painter, frame, point, mark.phase[:1].upper(), pen.color())
    painter.setFont(frame.fonts.small)
    written: list[QRectF] = []
    for time, label in events:
        if (point := frame.point(time)) is not None:
            _paint_diamond(painter, frame, point)
            chip = _beside(painter, frame, point, label)
            if not any(chip.intersects(other) for other in written):
                written.append(chip)
                painter.fillRect(chip, faded(frame.colors.base, 0.8))
                painter.setPen(frame.colors.text)
                painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, label)


def _write_beside(painter: QPainter, frame: DrumFrame, point: QPointF, letter: str, color: QColor) -> None:
    """At the right of a pick, on the page."""
    metrics = QFontMetricsF(painter.font())
    chip = QRectF(point.x() + 2, point.y() - frame.spacing / 2, metrics.horizontalAdvance(letter) + 2, metrics.ascent())
    painter.fillRect(chip, faded(frame.colors.base, 0.8))
    painter.setPen(color)
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, letter)


def _paint_diamond(painter: QPainter, frame: DrumFrame, point: QPointF) -> None:
    corners = [point + QPointF(*corner) for corner in ((0, -_DIAMOND), (_DIAMOND, 0), (0, _DIAMOND), (-_DIAMOND, 0))]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(frame.colors.base, 1.0))
    painter.setBrush(frame.colors.star)
    painter.drawPolygon(QPolygonF(corners))
    painter.restore()


def _beside(painter: QPainter, frame: DrumFrame, point: QPointF, label: str) -> QRectF:
    """Room for a label at the right of a diamond, or at its left where the row ends."""
    metrics = QFontMetricsF(painter.font())
    width = metrics.horizontalAdvance(label) + 4
    left = point.x() + _DIAMOND + 2
    if left + width > frame.plot.right():
        left = point.x() - _DIAMOND - 2 - width
    return QRectF(left, point.y() - metrics.height() / 2, width, metrics.height())


# --- what was recorded ---------------------------------------------------------------------------------------------


def _inks(frame: DrumFrame) -> list[QColor]:
    """The colours of rows in turn."""
    colors = frame.colors
    return [colors.ink, colors.accent, colors.fault] if frame.style.alternating else [colors.ink]


def _cut(frame: DrumFrame, ratio: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Upper and lower edges of the rows about their middles, and where they are cut, device pixels downwards."""
    size, limit = frame.pixels_per_unit * ratio, frame.style.clip * frame.spacing * ratio
    return np.clip(-frame.drum.high * size, -limit, limit), np.clip(-frame.drum.low * size, -limit, limit), limit


def _paint_pixels(painter: QPainter, frame: DrumFrame) -> None:
    """Each row on a sheet of its own, those of one colour on one canvas; ends of cut motion have another colour."""
    ratio, (rows, columns) = frame.pixel_ratio, frame.drum.low.shape
    top, bottom, limit = _cut(frame, ratio)
    height, reach = round(frame.plot.height() * ratio), int(np.ceil(limit)) + 2
    middles = (np.arange(rows) + 0.5) * frame.spacing * ratio
    firsts = np.floor(middles).astype(int) - reach
    local = (middles - firsts)[:, None]
    sheets = coverage(top + local, bottom + local, 2 * reach, max(1.0, ratio))
    inks = _inks(frame)
    canvases = np.zeros((len(inks) + 1, height, -(-columns // 4) * 4), np.uint8)
    cut = frame.drum.clipped(limit / (frame.pixels_per_unit * ratio)) if frame.pixels_per_unit > 0 else None
    for row in range(rows):
        inside = slice(max(firsts[row], 0), min(firsts[row] + 2 * reach, height))
        sheet = sheets[inside.start - firsts[row] : inside.stop - firsts[row], row]
        _add(canvases[row % len(inks), inside, :columns], sheet)
        if cut is not None and cut[row].any():
            ends = np.abs(np.arange(inside.start, inside.stop) - middles[row]) > limit - _CUT_END * ratio
            _add(canvases[-1, inside, :columns], sheet * (ends[:, None] & cut[row]))
    for canvas, ink in zip(canvases, [*inks, frame.colors.error], strict=True):
        painter.drawImage(frame.plot, tinted(canvas, columns, ink))


def _add(canvas: np.ndarray, sheet: np.ndarray) -> None:
    np.maximum(canvas, sheet, out=canvas)


def _paint_lines(painter: QPainter, frame: DrumFrame) -> None:
    top, bottom, limit = _cut(frame, 1.0)
    x = frame.plot.left() + (np.arange(top.shape[1]) + 0.5) * frame.plot.width() / top.shape[1]
    inks = _inks(frame)
    for row in range(frame.rows):
        upper, lower, middle = top[row], bottom[row], frame.middle(row)
        _paint_row(painter, x, middle + upper, middle + lower, np.isfinite(upper), inks[row % len(inks)])
        for side, sign in ((upper, -1), (lower, 1)):
            end = np.full(len(side), middle + sign * limit)
            _paint_row(painter, x, end - sign * _CUT_END, end, sign * side >= limit, frame.colors.error)


def _paint_row(
    painter: QPainter, x: np.ndarray, upper: np.ndarray, lower: np.ndarray, drawn: np.ndarray, ink: QColor
) -> None:
    painter.setPen(QPen(ink, 0.6))
    for begin, end in runs(drawn):
        y = np.column_stack((upper[begin:end], lower[begin:end])).ravel()
        points = zip(np.repeat(x[begin:end], 2).tolist(), y.tolist(), strict=True)
        painter.drawPolyline(QPolygonF([QPointF(*point) for point in points]))


# --- around it -----------------------------------------------------------------------------------------------------


def _minute_step(frame: DrumFrame) -> int:
    """Minutes between two ticks."""
    most = max(2.0, frame.plot.width() / _PIXELS_PER_MINUTE_TICK)
    return next(step for step in (1, 2, 5, 10, 15, 30, 60) if frame.drum.minutes / step <= most)


def _paint_grid(painter: QPainter, frame: DrumFrame) -> None:
    plot, minutes = frame.plot, frame.drum.minutes
    painter.setPen(frame.colors.grid)
    for minute in range(0, minutes + 1, _minute_step(frame)):
        x = round(plot.left() + minute / minutes * plot.width()) + 0.5
        painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))
    painter.setPen(frame.colors.border)
    painter.drawRect(plot.adjusted(-0.5, -0.5, 0.5, 0.5))


def _paint_labels(painter: QPainter, frame: DrumFrame) -> None:
    """When rows begin at the left, minutes after that below, the date in the corner."""
    plot, drum, font, colors = frame.plot, frame.drum, frame.fonts.small, frame.colors
    line = QFontMetricsF(font).height()
    every = next(
        number
        for number in (1, 2, 4, 6, 12, 24, 48, frame.rows)
        if number * frame.spacing >= _LABEL_LINES * line or number >= frame.rows
    )
    begins = {row: f"{utc(drum.day + row * drum.seconds):%H:%M}" for row in range(0, frame.rows, every)}
    ticks = [Tick(frame.middle(row), label, strong=label.endswith(":00")) for row, label in begins.items()]
    paint_y_axis(painter, plot, ticks, font, colors)
    minutes = range(0, drum.minutes + 1, _minute_step(frame))
    ticks = [Tick(plot.left() + minute / drum.minutes * plot.width(), str(minute)) for minute in minutes]
    paint_x_axis(painter, plot, ticks, font, colors, 8.0)
    painter.setPen(colors.muted)
    below = QRectF(plot.left(), plot.bottom() + line + 4, plot.width(), line)
    said = f"Minutes after the time at the left, {utc(drum.day):%Y-%m-%d} UTC"
    painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, said)
