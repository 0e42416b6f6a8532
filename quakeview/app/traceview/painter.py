"""Paints a scene: bands, traces, gaps, curves, picks, labels and axis. The cursor is painted by the view."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from quakeview.app.traceview.amplitude import (
    Amplitude,
    Scaling,
    amplitude,
    amplitude_text,
    prefixed,
    round_below,
    shared,
)
from quakeview.app.traceview.axis import paint_grid, paint_time_axis, utc
from quakeview.app.traceview.colors import TraceColors, faded
from quakeview.app.traceview.layout import Band, ComponentRow
from quakeview.app.traceview.marks import end_time, start_time
from quakeview.app.traceview.raster import add_coverage, column_extremes
from quakeview.app.traceview.scene import TraceScene, runs
from quakeview.waveforms.channels import ChannelId

FILL = 0.47
SMALLEST_TEXT_ROW = 13
SHORTEST_GAP = 3
CURVE_HEIGHT = 0.25
FULL_COVERAGE = 255

Extremes = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Frame:
    """Where on the widget a scene is painted, and which time.

    Attributes:
        gutter, plot, strip: of labels on the left, of the traces, of the time axis below.
        pixel_ratio: device pixels per unit of these rectangles.
        vector: draw lines instead of pixels, for SVG.
    """

    gutter: QRectF
    plot: QRectF
    strip: QRectF
    bands: tuple[Band, ...]
    view: tuple[float, float]
    colors: TraceColors
    pixel_ratio: float = 1.0
    vector: bool = False

    def x_at(self, time: float) -> float:
        """Horizontal position of a time."""
        return self.plot.left() + (time - self.view[0]) / (self.view[1] - self.view[0]) * self.plot.width()


def small_font(base: QFont) -> QFont:
    """A little smaller than the text around."""
    font = QFont(base)
    font.setPointSizeF(max(6.5, base.pointSizeF() * 0.86))
    return font


def bold_font(base: QFont) -> QFont:
    """Heavier than the text around."""
    font = QFont(base)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def paint_scene(painter: QPainter, scene: TraceScene, frame: Frame) -> None:
    """Paint everything that does not follow the mouse."""
    painter.fillRect(frame.gutter.united(frame.plot).united(frame.strip), frame.colors.background)
    _paint_bands(painter, frame)
    painter.save()
    painter.setClipRect(frame.plot)
    paint_grid(painter, frame.plot, frame.view, frame.colors)
    _paint_events(painter, scene, frame)
    extremes = _extremes(scene, frame)
    scene.amplitudes = _amplitudes(scene, frame, extremes)
    for band in frame.bands:
        _paint_curves(painter, scene, frame, band)
    if frame.vector:
        _paint_lines(painter, scene, frame, extremes)
    else:
        _paint_pixels(painter, scene, frame, extremes)
    _paint_gaps(painter, scene, frame, extremes)
    scene.picks.clear_screen()
    for band in frame.bands:
        scene.picks.paint_band(painter, band.row.station, band.rect, frame.view, frame.colors)
    painter.restore()
    _paint_scale_bar(painter, scene, frame)
    for band in frame.bands:
        _paint_labels(painter, scene, frame, band)
    paint_time_axis(painter, frame.strip, frame.view, frame.colors)
    _paint_date(painter, frame)


def _paint_bands(painter: QPainter, frame: Frame) -> None:
    for band in frame.bands:
        if band.number % 2:
            whole = QRectF(frame.gutter.left(), band.rect.top(), frame.plot.right(), band.rect.height())
            painter.fillRect(whole, frame.colors.band)


def _extremes(scene: TraceScene, frame: Frame) -> dict[ChannelId, Extremes]:
    width = round(frame.plot.width() * frame.pixel_ratio)
    return {
        component.channel_id: column_extremes(record, *frame.view, width)
        for band in frame.bands
        for component in band.components
        if (record := scene.records.get(component.channel_id)) is not None
    }


def _amplitudes(scene: TraceScene, frame: Frame, extremes: dict[ChannelId, Extremes]) -> dict[ChannelId, Amplitude]:
    own = {channel_id: found for channel_id, columns in extremes.items() if (found := amplitude(*columns))}
    if scene.scaling == Scaling.TRACE:
        return own
    scaled = {}
    groups = [band.components for band in frame.bands]
    for group in groups if scene.scaling == Scaling.STATION else [sum(groups, ())]:
        ids = [row.channel_id for row in group if row.channel_id in own]
        full_scale = shared([own[channel_id] for channel_id in ids])
        scaled.update({channel_id: Amplitude(own[channel_id].centre, full_scale) for channel_id in ids})
    return scaled


def _vertical(columns: Extremes, scale: Amplitude, row: QRectF, top: float, gain: float, ratio: float) -> Extremes:
    """Top and bottom of each column in device pixels below ``top``."""
    size = FILL * row.height() * gain / scale.full_scale if scale.full_scale > 0 else 0.0
    middle = (row.center().y() - top) * ratio
    low, high = columns
    return middle - (high - scale.centre) * (size * ratio), middle - (low - scale.centre) * (size * ratio)


def _paint_pixels(painter: QPainter, scene: TraceScene, frame: Frame, extremes: dict[ChannelId, Extremes]) -> None:
    ratio = frame.pixel_ratio
    width, height = round(frame.plot.width() * ratio), round(frame.plot.height() * ratio)
    canvas = np.zeros((height, -(-width // 4) * 4), np.uint8)
    for band in frame.bands:
        first = round((band.rect.top() - frame.plot.top()) * ratio)
        area = canvas[first : first + round(band.rect.height() * ratio), :width]
        for row in band.components:
            if scale := scene.amplitudes.get(row.channel_id):
                edges = _vertical(extremes[row.channel_id], scale, row.rect, band.rect.top(), scene.gain, ratio)
                add_coverage(area, *edges, thickness=max(1.0, ratio))
    image = QImage(canvas.data, width, height, canvas.shape[1], QImage.Format.Format_Indexed8)
    image.setColorTable(coverage_colors(frame.colors.trace))
    painter.drawImage(frame.plot, image)


def coverage_colors(color: QColor) -> list[int]:
    """A colour table from transparent to ``color``."""
    return [faded(color, share / FULL_COVERAGE).rgba() for share in range(FULL_COVERAGE + 1)]


def _paint_lines(painter: QPainter, scene: TraceScene, frame: Frame, extremes: dict[ChannelId, Extremes]) -> None:
    painter.setPen(QPen(frame.colors.trace, 0.8))
    for row in [row for band in frame.bands for row in band.components if row.channel_id in scene.amplitudes]:
        scale = scene.amplitudes[row.channel_id]
        top, bottom = _vertical(extremes[row.channel_id], scale, row.rect, 0.0, scene.gain, 1.0)
        for begin, end in runs(np.isfinite(top)):
            points = np.column_stack((top[begin:end], bottom[begin:end])).ravel()
            x = frame.plot.left() + np.repeat(np.arange(begin, end) + 0.5, 2) / frame.pixel_ratio
            painter.drawPolyline(QPolygonF([QPointF(*point) for point in zip(x, points, strict=True)]))


def _paint_gaps(painter: QPainter, scene: TraceScene, frame: Frame, extremes: dict[ChannelId, Extremes]) -> None:
    hatch = QBrush(faded(frame.colors.muted, 0.35), Qt.BrushStyle.BDiagPattern)
    painter.setFont(small_font(painter.font()))
    for band in frame.bands:
        for row in band.components:
            if row.channel_id not in scene.amplitudes:
                painter.setPen(frame.colors.muted)
                painter.drawText(
                    row.rect.adjusted(12, 0, -12, 0), Qt.AlignmentFlag.AlignVCenter, scene.status(row.channel_id)
                )
                continue
            record = scene.records[row.channel_id]
            empty = np.isnan(extremes[row.channel_id][0])
            left = (frame.x_at(start_time(record)) - frame.plot.left()) * frame.pixel_ratio
            right = (frame.x_at(end_time(record)) - frame.plot.left()) * frame.pixel_ratio
            empty[: max(0, int(left) + 1)] = False
            empty[max(0, int(right)) :] = False
            for begin, end in runs(empty):
                if end - begin >= SHORTEST_GAP:
                    x, width = begin / frame.pixel_ratio, (end - begin) / frame.pixel_ratio
                    middle = row.rect.adjusted(0, 0.2 * row.rect.height(), 0, -0.2 * row.rect.height())
                    painter.fillRect(QRectF(frame.plot.left() + x, middle.top(), width, middle.height()), hatch)


def _paint_curves(painter: QPainter, scene: TraceScene, frame: Frame, band: Band) -> None:
    height = CURVE_HEIGHT * band.rect.height()
    width = round(frame.plot.width())
    for curve, color in zip(scene.curves.get(band.row.station, ()), (frame.colors.p, frame.colors.s), strict=False):
        probability = curve.columns(*frame.view, width)
        for begin, end in runs(probability > 0.5 / FULL_COVERAGE):
            begin, end = max(begin - 1, 0), min(end + 1, width)
            x = frame.plot.left() + np.arange(begin, end) + 0.5
            y = band.rect.bottom() - 1 - height * probability[begin:end]
            outline = [QPointF(*point) for point in zip(x, y, strict=True)]
            base = [QPointF(x[-1], band.rect.bottom() - 1), QPointF(x[0], band.rect.bottom() - 1)]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(faded(color, 0.16))
            painter.drawPolygon(QPolygonF(outline + base))
            painter.setPen(QPen(faded(color, 0.65), 1))
            painter.drawPolyline(QPolygonF(outline))


def _paint_events(painter: QPainter, scene: TraceScene, frame: Frame) -> None:
    for time, label in scene.events:
        if frame.view[0] <= time <= frame.view[1]:
            x = round(frame.x_at(time)) + 0.5
            painter.setPen(QPen(frame.colors.accent, 1))
            painter.drawLine(QLineF(x, frame.plot.top(), x, frame.plot.bottom()))
            painter.drawText(QPointF(x + 4, frame.plot.bottom() - 5), label)


def _paint_labels(painter: QPainter, scene: TraceScene, frame: Frame, band: Band) -> None:
    gutter, colors = frame.gutter, frame.colors
    metrics = QFontMetricsF(painter.font())
    left, width = gutter.left() + 10, gutter.width() - 10 - component_width(metrics)
    base = painter.font()
    subtitle = band.row.subtitle if band.rect.height() > 2.4 * metrics.height() else ""
    top = band.rect.center().y() - metrics.height() * (1 if subtitle else 0.5)
    painter.setFont(bold_font(base))
    painter.setPen(colors.text)
    text = QFontMetricsF(painter.font()).elidedText(band.row.label, Qt.TextElideMode.ElideRight, width)
    painter.drawText(QRectF(left, top, width, metrics.height()), Qt.AlignmentFlag.AlignVCenter, text)
    painter.setFont(small_font(base))
    painter.setPen(colors.muted)
    text = QFontMetricsF(painter.font()).elidedText(subtitle, Qt.TextElideMode.ElideRight, width)
    painter.drawText(QRectF(left, top + metrics.height(), width, metrics.height()), Qt.AlignmentFlag.AlignVCenter, text)
    for row in band.components:
        if row.rect.height() >= SMALLEST_TEXT_ROW:
            _paint_component(painter, scene, frame, row, base)
    painter.setFont(base)


def component_width(metrics: QFontMetricsF) -> float:
    """Room for the component letter and the full scale, left of the plot."""
    return metrics.horizontalAdvance("Z ±1.23 µm/s") + 10


def _paint_component(painter: QPainter, scene: TraceScene, frame: Frame, row: ComponentRow, base: QFont) -> None:
    colors, right = frame.colors, frame.gutter.right() - 8
    left = frame.gutter.right() - component_width(QFontMetricsF(base))
    area = QRectF(left, row.rect.top(), right - left, row.rect.height())
    current = row.channel_id == scene.current
    painter.setFont(bold_font(base) if current else base)
    painter.setPen(colors.accent if current else colors.text)
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, row.letter)
    if current:
        mark = row.rect.adjusted(0, 2, 0, -2)
        painter.fillRect(QRectF(frame.gutter.right() - 3, mark.top(), 3, mark.height()), colors.accent)
    if scale := scene.amplitudes.get(row.channel_id):
        painter.setFont(small_font(base))
        painter.setPen(colors.muted)
        text = "±" + amplitude_text(scale.full_scale / scene.gain, scene.unit)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)


def _paint_scale_bar(painter: QPainter, scene: TraceScene, frame: Frame) -> None:
    """At the right edge of the current trace, or of the first one: a bar of a round amplitude."""
    rows = [row for band in frame.bands for row in band.components if row.channel_id in scene.amplitudes]
    row = next((row for row in rows if row.channel_id == scene.current), rows[0] if rows else None)
    if row is None or (scale := scene.amplitudes[row.channel_id]).full_scale <= 0:
        return
    value = round_below(2 * scale.full_scale / scene.gain)
    length = FILL * row.rect.height() * scene.gain / scale.full_scale * value
    number, prefix = prefixed(value)
    text = f"{value:,.0f} counts".replace(",", " ") if scene.unit == "counts" and value >= 1 else ""
    text = text or f"{number:g} {prefix}{scene.unit}"
    base = painter.font()
    painter.setFont(small_font(base))
    metrics = QFontMetricsF(painter.font())
    x, middle = frame.plot.right() - 8.5, row.rect.center().y()
    width = metrics.horizontalAdvance(text) + 6
    chip = QRectF(x - width - 4, middle - metrics.height() / 2, width, metrics.height())
    painter.fillRect(chip, faded(frame.colors.background, 0.85))
    painter.setPen(QPen(frame.colors.text, 1))
    for y in (middle - length / 2, middle + length / 2):
        painter.drawLine(QLineF(x - 3, y, x + 3, y))
    painter.drawLine(QLineF(x, middle - length / 2, x, middle + length / 2))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
    painter.setFont(base)


def _paint_date(painter: QPainter, frame: Frame) -> None:
    corner = QRectF(frame.gutter.left() + 10, frame.strip.top() + 6, frame.gutter.width() - 18, 0)
    corner.setHeight(QFontMetricsF(painter.font()).height())
    painter.setPen(frame.colors.text)
    painter.drawText(corner, Qt.AlignmentFlag.AlignVCenter, f"{utc(frame.view[0]):%Y-%m-%d} UTC")
    painter.setPen(frame.colors.separator)
    painter.drawLine(QLineF(frame.plot.left(), frame.plot.top(), frame.plot.left(), frame.plot.bottom()))
