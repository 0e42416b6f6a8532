"""Paints the waveforms of a scene, their gaps, and what stands where there is no waveform."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPolygonF

from quakeview.app.drawing.shades import faded
from quakeview.app.traces.amplitude import Amplitude, Scaling, amplitude, shared
from quakeview.app.traces.frame import Frame
from quakeview.app.traces.layout import Band, ComponentRow
from quakeview.app.traces.raster import coverage
from quakeview.app.traces.scene import TraceScene, runs
from quakeview.waveforms.channels import ChannelId, Instrument
from quakeview.waveforms.columns import column_extremes, end_time, start_time

FILL = 0.52
SHORTEST_GAP = 3
FULL_COVERAGE = 255
_NOWHERE = np.empty((0, 2))

Extremes = tuple[np.ndarray, np.ndarray]


def paint_waves(painter: QPainter, scene: TraceScene, frame: Frame) -> None:
    """Draw all traces in view, and note their amplitudes in the scene."""
    width = round(frame.plot.width() * frame.pixel_ratio)
    ids = [row.channel_id for row in frame.rows()]
    extremes = {
        channel_id: column_extremes(scene.records[channel_id], *frame.of(Instrument.of(channel_id)).view, width)
        for channel_id in ids
        if channel_id in scene.records
    }
    scene.amplitudes = _amplitudes(scene, frame, extremes)
    if frame.vector:
        _paint_lines(painter, scene, frame, extremes)
    else:
        _paint_pixels(painter, scene, frame, extremes)
    for band in frame.bands:
        _paint_unsettled(painter, scene, frame, band)
    for row in frame.rows():
        if row.channel_id in scene.amplitudes:
            _paint_gaps(painter, scene, frame, row, np.isnan(extremes[row.channel_id][0]))
        else:
            _paint_status(painter, scene, frame, row)


def _amplitudes(scene: TraceScene, frame: Frame, extremes: dict[ChannelId, Extremes]) -> dict[ChannelId, Amplitude]:
    own = {channel_id: found for channel_id, columns in extremes.items() if (found := amplitude(*columns))}
    if scene.scaling == Scaling.TRACE:
        return own
    scaled = {}
    for group in [band.components for band in frame.bands] if scene.scaling == Scaling.STATION else [frame.rows()]:
        ids = [row.channel_id for row in group if row.channel_id in own]
        for unit in {scene.unit_of(channel_id) for channel_id in ids}:  # counts and m/s have no scale in common
            alike = [channel_id for channel_id in ids if scene.unit_of(channel_id) == unit]
            full_scale = shared([own[channel_id] for channel_id in alike])
            scaled.update({channel_id: replace(own[channel_id], full_scale=full_scale) for channel_id in alike})
    return scaled


def _paint_unsettled(painter: QPainter, scene: TraceScene, frame: Frame, band: Band) -> None:
    """Make what is not to be trusted paler."""
    own, page = frame.of(band.row.station), frame.colors.window if band.number % 2 else frame.colors.base
    for row in band.components:
        spans = scene.unsettled.get(row.channel_id, _NOWHERE)
        for first, last in spans[(spans[:, 1] > own.view[0]) & (spans[:, 0] < own.view[1])].tolist():
            left, right = own.x_at(first), own.x_at(last)
            veil = QRectF(left, row.rect.top(), right - left, row.rect.height()).intersected(frame.plot)
            painter.fillRect(veil, faded(page, 0.6))


def _edges(scene: TraceScene, row: ComponentRow, columns: Extremes, top: float, ratio: float) -> Extremes:
    """Upper and lower edge of the trace in each column, device pixels below ``top``."""
    scale = scene.amplitudes[row.channel_id]
    size = FILL * row.rect.height() * scene.gain / scale.full_scale if scale.full_scale > 0 else 0.0
    thickness = max(1.0, ratio)
    middle = round((row.rect.center().y() - top) * ratio - thickness / 2) + thickness / 2
    low, high = columns
    return middle - (high - scale.centre) * (size * ratio), middle - (low - scale.centre) * (size * ratio)


def _paint_pixels(painter: QPainter, scene: TraceScene, frame: Frame, extremes: dict[ChannelId, Extremes]) -> None:
    ratio = frame.pixel_ratio
    drawn = [(band, row) for band in frame.bands for row in band.components if row.channel_id in scene.amplitudes]
    if not drawn:
        return
    width, height = round(frame.plot.width() * ratio), round(frame.plot.height() * ratio)
    edges = [_edges(scene, row, extremes[row.channel_id], band.rect.top(), ratio) for band, row in drawn]
    rows = max(_device_rows(band, frame)[1] for band, _ in drawn)
    tops, bottoms = np.array([edge[0] for edge in edges]), np.array([edge[1] for edge in edges])
    sheets = coverage(tops, bottoms, rows, thickness=max(1.0, ratio))
    canvas = np.zeros((height, -(-width // 4) * 4), np.uint8)
    for number, (band, _) in enumerate(drawn):
        first, count = _device_rows(band, frame)
        target = canvas[first : first + count, :width]
        np.maximum(target, sheets[: len(target), number], out=target)
    painter.drawImage(frame.plot, tinted(canvas, width, frame.colors.ink))


def _device_rows(band: Band, frame: Frame) -> tuple[int, int]:
    """First device row of a band below the top of the plot, and how many it has."""
    first = round((band.rect.top() - frame.plot.top()) * frame.pixel_ratio)
    return first, round(band.rect.height() * frame.pixel_ratio)


def tinted(canvas: np.ndarray, width: int, color: QColor) -> QImage:
    """Coverage (rows, at least ``width`` columns) uint8 as an image of ``color``, transparent where nothing is."""
    image = QImage(canvas.data, width, canvas.shape[0], canvas.shape[1], QImage.Format.Format_Indexed8)
    image.setColorTable(_color_table(color.rgba()))
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


@lru_cache(maxsize=8)
def _color_table(rgba: int) -> list[int]:
    color = QColor.fromRgba(rgba)
    return [faded(color, color.alphaF() * share / FULL_COVERAGE).rgba() for share in range(FULL_COVERAGE + 1)]


def _paint_lines(painter: QPainter, scene: TraceScene, frame: Frame, extremes: dict[ChannelId, Extremes]) -> None:
    painter.setPen(QPen(frame.colors.ink, 0.8))
    for row in (row for row in frame.rows() if row.channel_id in scene.amplitudes):
        top, bottom = _edges(scene, row, extremes[row.channel_id], 0.0, 1.0)
        for begin, end in runs(np.isfinite(top)):
            y = np.column_stack((top[begin:end], bottom[begin:end])).ravel()
            x = frame.plot.left() + np.repeat(np.arange(begin, end) + 0.5, 2) / frame.pixel_ratio
            painter.drawPolyline(QPolygonF([QPointF(*point) for point in zip(x, y, strict=True)]))


def _paint_gaps(painter: QPainter, scene: TraceScene, frame: Frame, row: ComponentRow, empty: np.ndarray) -> None:
    """Hatch what is missing between the first and the last sample."""
    if not empty.any():
        return
    records, frame = scene.records[row.channel_id], frame.of(Instrument.of(row.channel_id))
    ends = (min(map(start_time, records)), max(map(end_time, records)))
    left, right = (int((frame.x_at(time) - frame.plot.left()) * frame.pixel_ratio) for time in ends)
    empty[: max(0, left + 1)] = False
    empty[max(0, right) :] = False
    hatch = QBrush(faded(frame.colors.muted, 0.35), Qt.BrushStyle.BDiagPattern)
    for begin, end in runs(empty):
        if end - begin >= SHORTEST_GAP:
            x, width = frame.plot.left() + begin / frame.pixel_ratio, (end - begin) / frame.pixel_ratio
            inset = 0.15 * row.rect.height()
            painter.fillRect(QRectF(x, row.rect.top() + inset, width, row.rect.height() - 2 * inset), hatch)


def _paint_status(painter: QPainter, scene: TraceScene, frame: Frame, row: ComponentRow) -> None:
    painter.setFont(frame.fonts.small)
    painter.setPen(frame.colors.muted)
    painter.drawText(row.rect.adjusted(12, 0, -12, 0), Qt.AlignmentFlag.AlignVCenter, scene.status(row.channel_id))
