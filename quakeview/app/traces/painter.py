"""Paints a scene: bands, waveforms, curves, picks, labels and axis. The cursor is painted by the view."""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from quakeview.app.drawing.fonts import Fonts
from quakeview.app.drawing.shades import faded
from quakeview.app.drawing.time_axis import paint_grid, paint_time_axis, utc
from quakeview.app.traces.amplitude import amplitude_text
from quakeview.app.traces.frame import Frame
from quakeview.app.traces.ghosts import paint_ghosts
from quakeview.app.traces.layout import Band, ComponentRow
from quakeview.app.traces.scene import TraceScene, runs
from quakeview.app.traces.theory import paint_theory
from quakeview.app.traces.waves import FILL, paint_waves

SMALLEST_TEXT_ROW = 13
CURVE_HEIGHT = 0.25
SMALLEST_PROBABILITY = 0.02
SUBTITLE_FROM_LINES = 2.2
LEFT_MARGIN = 10
RIGHT_MARGIN = 9
LETTER_GAP = 8


def paint_scene(painter: QPainter, scene: TraceScene, frame: Frame) -> None:
    """Paint everything that does not follow the mouse."""
    paint_traces(painter, scene, frame)
    paint_picks(painter, scene, frame)


def paint_picks(painter: QPainter, scene: TraceScene, frame: Frame) -> None:
    """What an edit changes, over the traces, and what must stay legible over it."""
    painter.save()
    painter.setClipRect(frame.plot)
    paint_theory(painter, scene, frame)
    paint_ghosts(painter, scene, frame)
    scene.picks.paint(painter, frame)
    painter.restore()
    _paint_scale_bar(painter, scene, frame)


def paint_traces(painter: QPainter, scene: TraceScene, frame: Frame) -> None:
    """Everything but the picks."""
    painter.setFont(frame.fonts.plain)
    painter.fillRect(frame.gutter.united(frame.plot).united(frame.strip), frame.colors.base)
    _paint_bands(painter, frame)
    painter.save()
    painter.setClipRect(frame.plot)
    zero = None if frame.alignment is None else frame.alignment.zero
    paint_grid(painter, frame.plot, frame.view, frame.colors, zero)
    _paint_events(painter, scene, frame)
    for band in frame.bands:
        _paint_curves(painter, scene, frame, band)
    paint_waves(painter, scene, frame)
    _paint_notes(painter, scene, frame)
    painter.restore()
    for band in frame.bands:
        _paint_labels(painter, frame, band)
        for row in band.components:
            if row.rect.height() >= SMALLEST_TEXT_ROW:
                _paint_component(painter, scene, frame, row)
    painter.setFont(frame.fonts.plain)
    paint_time_axis(painter, frame.strip, frame.view, frame.colors, zero)
    _paint_date(painter, frame)


def component_width(fonts: Fonts, units: Iterable[str]) -> float:
    """Room for the component letter and the peak, left of the plot."""
    texts = ("1.23M" if unit == "counts" else f"1.23 µ{unit}" for unit in units)
    letter = QFontMetricsF(fonts.bold).horizontalAdvance("W")
    widest = max(QFontMetricsF(fonts.small).horizontalAdvance(text) for text in texts)
    return letter + LETTER_GAP + widest + RIGHT_MARGIN


def _paint_bands(painter: QPainter, frame: Frame) -> None:
    for band in frame.bands:
        if band.number % 2:
            whole = QRectF(frame.gutter.left(), band.rect.top(), frame.right, band.rect.height())
            painter.fillRect(whole, frame.colors.window)


def _paint_events(painter: QPainter, scene: TraceScene, frame: Frame) -> None:
    for time, label in scene.events:
        painter.setPen(QPen(frame.colors.accent, 1))
        places = [(round(frame.of(band.row.station).x_at(time)) + 0.5, band.rect) for band in frame.bands]
        for x, rect in places:
            painter.drawLine(QLineF(x, rect.top(), x, rect.bottom()))
        if places and frame.plot.left() <= (x := places[0][0]) <= frame.plot.right():
            width = QFontMetricsF(painter.font()).horizontalAdvance(label) + 8
            chip = QRectF(x + 1, frame.plot.top() + 1, width, frame.fonts.line)
            painter.fillRect(chip, frame.colors.base)
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, label)


def _paint_curves(painter: QPainter, scene: TraceScene, frame: Frame, band: Band) -> None:
    """P and S probability at the foot of the band, 1 at a quarter of its height."""
    width, floor = round(frame.plot.width()), band.rect.bottom() - 1
    for curve, color in zip(scene.curves.get(band.row.station, ()), (frame.colors.p, frame.colors.s), strict=False):
        probability = curve.columns(*frame.of(band.row.station).view, width)
        for begin, end in runs(probability > SMALLEST_PROBABILITY):
            begin, end = max(begin - 1, 0), min(end + 1, width)
            x = frame.plot.left() + np.arange(begin, end) + 0.5
            y = floor - CURVE_HEIGHT * band.rect.height() * probability[begin:end]
            outline = [QPointF(*point) for point in zip(x, y, strict=True)]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(faded(color, 0.16))
            painter.drawPolygon(QPolygonF([*outline, QPointF(x[-1], floor), QPointF(x[0], floor)]))
            painter.setPen(QPen(faded(color, 0.65), 1))
            painter.drawPolyline(QPolygonF(outline))


def _paint_notes(painter: QPainter, scene: TraceScene, frame: Frame) -> None:
    """In the lower left corner of the last trace that each note is true of."""
    metrics = QFontMetricsF(frame.fonts.small)
    painter.setFont(frame.fonts.small)
    painter.setPen(frame.colors.muted)
    for band in frame.bands:
        lost = "" if frame.alignment is None or band.row.station in frame.alignment.shifts else frame.alignment.missing
        notes = {row.channel_id: scene.notes.get(row.channel_id, "") for row in band.components}
        for note, row in {notes[row.channel_id] or lost: row for row in band.components}.items():
            if note:
                size = QSizeF(metrics.horizontalAdvance(note) + 8, min(metrics.height(), row.rect.height()))
                chip = QRectF(QPointF(frame.plot.left() + 4, row.rect.bottom() - size.height()), size)
                painter.fillRect(chip, faded(frame.colors.base, 0.85))
                painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, note)


def _paint_labels(painter: QPainter, frame: Frame, band: Band) -> None:
    line, colors = frame.fonts.line, frame.colors
    left = frame.gutter.left() + LEFT_MARGIN
    width = frame.label_width
    subtitle = band.row.subtitle if band.rect.height() > SUBTITLE_FROM_LINES * line else ""
    top = band.rect.center().y() - line * (1 if subtitle else 0.5)
    for text, font, color in (
        (band.row.label, frame.fonts.bold, colors.text),
        (subtitle, frame.fonts.small, colors.muted),
    ):
        painter.setFont(font)
        painter.setPen(color)
        elided = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRectF(left, top, width + 2, line), Qt.AlignmentFlag.AlignVCenter, elided)
        top += line


def _paint_component(painter: QPainter, scene: TraceScene, frame: Frame, row: ComponentRow) -> None:
    colors, fonts = frame.colors, frame.fonts
    left = frame.gutter.left() + LEFT_MARGIN + frame.label_width + LETTER_GAP
    area = QRectF(left, row.rect.top(), frame.gutter.right() - RIGHT_MARGIN - left, row.rect.height())
    current = row.channel_id == scene.current
    painter.setFont(fonts.bold if current else fonts.plain)
    painter.setPen(colors.accent if current else colors.text)
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, row.letter)
    if current:
        mark = row.rect.adjusted(0, 2, 0, -2)
        painter.fillRect(QRectF(frame.gutter.right() - 3, mark.top(), 3, mark.height()), colors.accent)
    if scale := scene.amplitudes.get(row.channel_id):
        painter.setFont(fonts.small)
        painter.setPen(colors.muted)
        text = amplitude_text(scale.peak, scene.unit_of(row.channel_id))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)


def _paint_scale_bar(painter: QPainter, scene: TraceScene, frame: Frame) -> None:
    """At the right edge of the current trace, or of the first one: a bar as high as its peak in view, with its unit."""
    legible = (row for row in frame.rows() if row.rect.height() >= SMALLEST_TEXT_ROW)
    rows = [row for row in legible if row.channel_id in scene.amplitudes]
    row = next((row for row in rows if row.channel_id == scene.current), rows[0] if rows else None)
    if row is None or (scale := scene.amplitudes[row.channel_id]).full_scale <= 0:
        return
    length = FILL * row.rect.height() * scene.gain / scale.full_scale * scale.peak
    painter.setFont(frame.fonts.small)
    text, metrics = peak_text(scale.peak, scene.unit_of(row.channel_id)), QFontMetricsF(frame.fonts.small)
    x, middle = frame.plot.right() - 8.5, row.rect.center().y()
    top = max(middle - length, row.rect.top())
    width = metrics.horizontalAdvance(text) + 6
    chip = QRectF(x - width - 4, top, width, metrics.height())
    painter.fillRect(chip, faded(frame.colors.base, 0.85))
    painter.setPen(QPen(frame.colors.text, 1))
    painter.drawLine(QLineF(x - 3, middle, x + 3, middle))
    if top > row.rect.top():
        painter.drawLine(QLineF(x - 3, top, x + 3, top))
    painter.drawLine(QLineF(x, top, x, middle))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)


def peak_text(value: float, unit: str) -> str:
    """``12 400 counts``, ``5.3 µm/s``."""
    if unit != "counts" or value < 1:
        return amplitude_text(value, unit) if unit != "counts" else f"{value:.3g} counts"
    return f"{float(f'{value:.3g}'):,.0f} counts".replace(",", "\u2009")


def _paint_date(painter: QPainter, frame: Frame) -> None:
    corner = QRectF(frame.gutter.left() + LEFT_MARGIN, frame.strip.top() + 6, frame.gutter.width(), frame.fonts.line)
    painter.setPen(frame.colors.text)
    painter.drawText(
        corner,
        Qt.AlignmentFlag.AlignVCenter,
        frame.alignment.label if frame.alignment else f"{utc(frame.view[0]):%Y-%m-%d} UTC",
    )
    painter.setPen(frame.colors.border)
    painter.drawLine(QLineF(frame.plot.left(), frame.plot.top(), frame.plot.left(), frame.plot.bottom()))
