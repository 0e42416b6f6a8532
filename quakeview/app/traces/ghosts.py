"""Picks that models would make, and that are not in the project: with the model's name at the foot, dashed as automatic
picks are, and dash-dotted those of a second model.
"""

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from quakeview.app.drawing.shades import faded
from quakeview.app.traces.frame import Frame
from quakeview.app.traces.layout import Band
from quakeview.app.traces.marks import Ghost
from quakeview.app.traces.picks_layer import DASHES
from quakeview.app.traces.scene import TraceScene

DASH_DOT = [7.0, 2.5, 1.5, 2.5]
_WIDTH = 1.4
_WIDEST_NAME = 120.0
"""Pixels; longer names are cut."""
_LANES = 3
_FLAGS_FROM_LINES = 2.5
"""Lines of text that a band is high in which there is room for names."""
_PADDING = 4.0


def paint_ghosts(painter: QPainter, scene: TraceScene, frame: Frame) -> None:
    """Draw what the scene has, on every station on screen."""
    for band in frame.bands:
        _paint_band(painter, scene.ghosts.get(band.row.station, ()), frame.of(band.row.station), band)


def _paint_band(painter: QPainter, ghosts: Sequence[Ghost], frame: Frame, band: Band) -> None:
    seen = [ghost for ghost in ghosts if frame.view[0] <= ghost.mark.time <= frame.view[1]]
    for ghost in seen:
        painter.setPen(_pen(ghost, frame))
        x = round(frame.x_at(ghost.mark.time)) + 0.5
        painter.drawLine(QLineF(x, band.rect.top() + 1, x, band.rect.bottom() - 1))
    if band.rect.height() >= _FLAGS_FROM_LINES * frame.fonts.line:
        for rect, ghost in _places(seen, frame, band):
            _paint_flag(painter, rect, ghost, frame)


def _pen(ghost: Ghost, frame: Frame) -> QPen:
    pen = QPen(frame.colors.phase(ghost.mark.phase), _WIDTH)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern(DASH_DOT if ghost.second else DASHES[ghost.mark.style])
    return pen


def _text(ghost: Ghost, metrics: QFontMetricsF) -> str:
    return metrics.elidedText(f"{ghost.mark.phase} {ghost.model}", Qt.TextElideMode.ElideRight, _WIDEST_NAME)


def _places(ghosts: list[Ghost], frame: Frame, band: Band) -> list[tuple[QRectF, Ghost]]:
    """Flags at the foot of the band, one lane higher where they would overlap; without a lane, a flag is left out."""
    metrics = QFontMetricsF(frame.fonts.small)
    height = metrics.height() + 1
    lanes = max(1, min(_LANES, int(band.rect.height() / (2 * height))))
    ends = [float("-inf")] * lanes
    places = []
    for ghost in ghosts:
        width = metrics.horizontalAdvance(_text(ghost, metrics)) + 2 * _PADDING
        x = min(frame.x_at(ghost.mark.time), frame.plot.right() - width)
        lane = next((number for number, end in enumerate(ends) if end <= x), None)
        if lane is not None:
            ends[lane] = x + width + 1
            top = band.rect.bottom() - (lane + 1) * height - 1
            places.append((QRectF(x, top, width, height), ghost))
    return places


def _paint_flag(painter: QPainter, rect: QRectF, ghost: Ghost, frame: Frame) -> None:
    color = frame.colors.phase(ghost.mark.phase)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(faded(color, 0.6), 1))
    painter.setBrush(faded(frame.colors.base, 0.9))
    painter.drawRoundedRect(rect.adjusted(0.6, 0.6, -0.6, -0.6), 2.5, 2.5)
    painter.setFont(frame.fonts.small)
    painter.setPen(color)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, _text(ghost, QFontMetricsF(frame.fonts.small)))
    painter.restore()
