"""Picks on the bands of their stations: lines, flags, uncertainty, and which one is under the mouse.

Nothing exists for a pick that is not in view: 10^5 picks cost as much as fit on the screen.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from quakeview.app.drawing.fonts import Fonts
from quakeview.app.drawing.shades import Shades, faded
from quakeview.app.drawing.time_axis import clock, utc
from quakeview.app.traces.frame import Frame
from quakeview.app.traces.layout import LANE_FROM_BAND
from quakeview.app.traces.marks import PickMark, PickSource, PickStyle, Residual
from quakeview.waveforms.channels import Instrument

DASHES: dict[PickStyle, list[float]] = {
    PickStyle.AUTOMATIC: [5, 3],
    PickStyle.THEORETICAL: [1, 3],
    PickStyle.AMPLITUDE: [1, 3],
}
REJECTED_OPACITY = 0.45
PALE_OPACITY = 0.35
NARROW_RESIDUAL = 5
CROWDED_PIXELS = 10
FLAG_PADDING = 4
FLAG_LANES = 3
GRAB_PIXELS = 4
NARROWEST_TINT = 3
POLARITY_SIGN = {"up": "▲", "down": "▼"}


class MarkList:
    """Picks that stay as they are."""

    def __init__(self, marks: Iterable[PickMark] = ()) -> None:
        self._by_id = {mark.id: mark for mark in marks}
        self._stations: defaultdict[Instrument, list[PickMark]] = defaultdict(list)
        for mark in sorted(self._by_id.values(), key=_time):
            self._stations[Instrument.of(mark.channel_id)].append(mark)

    def get(self, pick_id: str) -> PickMark | None:
        return self._by_id.get(pick_id)

    def within(self, station: Instrument, first: float, last: float) -> Sequence[PickMark]:
        marks = self._stations.get(station, [])
        return marks[bisect_left(marks, first, key=_time) : bisect_right(marks, last, key=_time)]

    def number_within(self, station: Instrument, first: float, last: float) -> int:
        return len(self.within(station, first, last))

    def onsets(self, station: Instrument) -> Mapping[str, np.ndarray]:
        marks = [mark for mark in self._stations.get(station, []) if mark.style != PickStyle.REJECTED]
        families = {mark.phase[:1].upper() for mark in marks}
        return {name: np.array([mark.time for mark in marks if mark.phase[:1].upper() == name]) for name in families}


@dataclass(frozen=True)
class PickFlag:
    """A flag on screen, and the line it belongs to."""

    mark: PickMark
    rect: QRectF
    line: QLineF
    residual_width: float = 0.0  # of the part of ``rect`` at its right in which the residual is


class PicksLayer:
    """Draws picks on station bands and finds them again by position."""

    def __init__(self) -> None:
        self.source: PickSource = MarkList()
        self._flags: list[PickFlag] = []
        self._lines: list[tuple[QLineF, PickMark]] = []

    def get(self, pick_id: str) -> PickMark | None:
        """The pick with this id."""
        return self.source.get(pick_id)

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Draw the picks of every station on screen."""
        self._flags, self._lines = [], []
        for band in frame.bands:
            self._paint_band(painter, band.row.station, band.rect, frame.of(band.row.station))

    def _paint_band(self, painter: QPainter, station: Instrument, band: QRectF, frame: Frame) -> None:
        view = frame.view[0] - 2 * CROWDED_PIXELS / frame.scale, frame.view[1]
        if self.source.number_within(station, *view) * CROWDED_PIXELS > band.width():
            _paint_crowd(painter, self.source.onsets(station), band, frame)
            return
        lines = [(_line(mark, band, frame), mark) for mark in self.source.within(station, *view)]
        for line, mark in lines:
            paint_uncertainty(painter, mark, line, band, frame)
        for line, mark in lines:
            if line.x1() >= band.left():
                painter.setPen(pick_pen(mark, frame.colors))
                painter.drawLine(line)
        flags = place_flags(lines, frame.fonts.flag, band)
        for flag in flags:
            paint_flag(painter, flag, frame.colors, frame.fonts)
        self._lines += lines
        self._flags += flags

    def flag_at(self, position: QPointF) -> PickFlag | None:
        """The flag under ``position``; the one painted last wins."""
        return next((flag for flag in reversed(self._flags) if flag.rect.contains(position)), None)

    def pick_at(self, position: QPointF) -> PickMark | None:
        """The pick whose flag is under ``position``, or whose line is nearest within a few pixels."""
        if flag := self.flag_at(position):
            return flag.mark
        near = [
            (abs(line.x1() - position.x()), number)
            for number, (line, _) in enumerate(self._lines)
            if abs(line.x1() - position.x()) <= GRAB_PIXELS and line.y1() <= position.y() <= line.y2()
        ]
        return self._lines[min(near)[1]][1] if near else None

    def flag_of(self, pick_id: str) -> PickFlag | None:
        """Where the flag of a pick was painted; None if it is not on screen."""
        return next((flag for flag in self._flags if flag.mark.id == pick_id), None)


def _line(mark: PickMark, band: QRectF, frame: Frame) -> QLineF:
    x = round(frame.x_at(mark.time)) + 0.5
    return QLineF(x, band.top() + 1, x, band.bottom() - 1)


def mark_color(mark: PickMark, colors: Shades) -> QColor:
    """Colour of the phase, pale when the pick is rejected or beside the point."""
    if mark.style == PickStyle.AMPLITUDE:
        return colors.muted
    color = colors.phase(mark.phase)
    if mark.style == PickStyle.REJECTED:
        return faded(color, REJECTED_OPACITY)
    return faded(color, PALE_OPACITY) if mark.pale else color


def pick_pen(mark: PickMark, colors: Shades, width: float = 1.3) -> QPen:
    """Solid when a person made or confirmed it, dashed when automatic, dotted when theoretical."""
    pen = QPen(mark_color(mark, colors), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dashes := DASHES.get(mark.style):
        pen.setDashPattern(dashes)
    return pen


def paint_uncertainty(painter: QPainter, mark: PickMark, line: QLineF, band: QRectF, frame: Frame) -> None:
    """Tint the time the onset may lie in."""
    if mark.uncertainty is None or sum(mark.uncertainty) * frame.scale < NARROWEST_TINT:
        return
    before, after = (frame.scale * seconds for seconds in mark.uncertainty)
    span = QRectF(line.x1() - before, band.top() + 1, before + after, band.height() - 2)
    painter.fillRect(span.intersected(band), faded(frame.colors.phase(mark.phase), 0.13))


def _paint_crowd(painter: QPainter, onsets: Mapping[str, np.ndarray], band: QRectF, frame: Frame) -> None:
    """Too many for flags: one short tick per pixel and phase at the top of the band, S below P."""
    length = min(0.2 * band.height(), 9.0)
    for phase, times in sorted(onsets.items()):
        begin, end = np.searchsorted(times, frame.view)
        columns = np.unique(np.rint(frame.plot.left() + (times[begin:end] - frame.view[0]) * frame.scale))
        top = band.top() + 1 + (length if phase == "S" else 0)
        painter.setPen(QPen(frame.colors.phase(phase), 1))
        painter.drawLines([QLineF(x + 0.5, top, x + 0.5, top + length) for x in columns.tolist()])


def _time(mark: PickMark) -> float:
    return mark.time


def flag_text(mark: PickMark) -> str:
    """Phase, in brackets if it is left out of locations, and an arrow for the first motion."""
    return (mark.phase if mark.used else f"({mark.phase})") + POLARITY_SIGN.get(mark.polarity, "")


def residual_text(residual: Residual) -> str:
    """``+0.12 s``."""
    return f"{residual.seconds:+.2f} s".replace("-", "−")


def _residual_width(mark: PickMark, metrics: QFontMetricsF, room: float) -> float:
    """Pixels for the text if there is ``room``, else for the colour alone; none for a pick without residual."""
    if mark.residual is None:
        return 0.0
    wanted = metrics.horizontalAdvance(residual_text(mark.residual)) + 2 * FLAG_PADDING
    return wanted if wanted <= room else NARROW_RESIDUAL


def place_flags(lines: Iterable[tuple[QLineF, PickMark]], font: QFont, band: QRectF) -> list[PickFlag]:
    """Flags to the right of their lines, one lane lower where they would overlap.

    At the right edge, and in low bands, where they would hide the onset, they are on the left. A flag that
    finds no free lane is left out; its line stays.
    """
    metrics = QFontMetricsF(font)
    height = metrics.height() + 1
    lines = list(lines)
    followers = [*(line.x1() for line, _ in lines), band.right()][1:]
    lanes = max(1, min(FLAG_LANES, int(band.height() / (2 * height))))
    low = band.height() < LANE_FROM_BAND * height
    ends = [-np.inf] * lanes
    flags = []
    for (line, mark), follower in zip(lines, followers, strict=True):
        width = max(metrics.horizontalAdvance(flag_text(mark)) + 2 * FLAG_PADDING, height)
        residual = _residual_width(mark, metrics, follower - line.x1() - width)
        width += residual
        leftwards = low or line.x1() + width > band.right()
        x = line.x1() - width if leftwards else line.x1()
        lane = next((number for number, end in enumerate(ends) if end <= x), None)
        if lane is not None and x + width > band.left():
            ends[lane] = x + width + 1
            rect = QRectF(x - 0.5, band.top() + 1 + lane * height, width, height)
            flags.append(PickFlag(mark, rect, line, residual))
    return flags


def lone_flag(mark: PickMark, frame: Frame) -> PickFlag | None:
    """The flag of one pick as if there were no others; None if the pick is not on screen."""
    station = Instrument.of(mark.channel_id)
    band = next((band.rect for band in frame.bands if band.row.station == station), None)
    frame = frame.of(station)
    if band is None or not frame.view[0] <= mark.time <= frame.view[1]:
        return None
    return next(iter(place_flags([(_line(mark, band, frame), mark)], frame.fonts.flag, band)), None)


def paint_flag(painter: QPainter, flag: PickFlag, colors: Shades, fonts: Fonts, raised: bool = False) -> None:
    """Filled when a person stands behind the pick, outlined when automatic or theoretical, struck out when rejected."""
    mark, rect = flag.mark, flag.rect.adjusted(0.6, 0.6, -0.6, -0.6)
    color = mark_color(mark, colors)
    solid = mark.style == PickStyle.MANUAL
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if raised:
        painter.setPen(QPen(colors.base, 1.5))
        painter.setBrush(colors.text)
        painter.drawRoundedRect(rect.adjusted(-2.2, -1, 2.2, 2.2), 4, 4)
    painter.setPen(QPen(color, 1.2))
    painter.setBrush(color if solid else colors.base)
    painter.drawRoundedRect(rect, 2.5, 2.5)
    font = QFont(fonts.flag)
    font.setStrikeOut(mark.style == PickStyle.REJECTED)
    painter.setFont(font)
    painter.setPen(colors.base if solid else color)
    painter.drawText(rect.adjusted(0, 0, -flag.residual_width, 0), Qt.AlignmentFlag.AlignCenter, flag_text(mark))
    if mark.residual is not None:
        _paint_residual(painter, flag, mark.residual, colors)
    painter.restore()


def _paint_residual(painter: QPainter, flag: PickFlag, residual: Residual, colors: Shades) -> None:
    """At the right end of a flag: the colour, and the seconds where there is room."""
    area = flag.rect.adjusted(flag.rect.width() - flag.residual_width, 1.2, -1.2, -1.2)
    fill = QColor(*residual.scale.rgba(residual.seconds, colors.is_dark).tolist())
    painter.fillRect(area, fill)
    if flag.residual_width > NARROW_RESIDUAL:
        ink = (colors.text, colors.base)
        painter.setPen(max(ink, key=lambda color: abs(color.lightnessF() - fill.lightnessF())))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, residual_text(residual))


def describe(mark: PickMark) -> str:
    """All that is known of a pick, for the tool tip."""
    lines = [f"{mark.phase}  {utc(mark.time):%Y-%m-%d} {clock(mark.time, 3)} UTC", str(mark.channel_id)]
    status = mark.style.value
    if mark.probability is not None:
        status += f", probability {mark.probability:.2f}"
    lines.append(status)
    if mark.uncertainty is not None:
        before, after = mark.uncertainty
        lines.append(f"±{before:.3g} s" if before == after else f"−{before:.3g} s, +{after:.3g} s")
    if mark.residual is not None:
        lines.append(f"residual {residual_text(mark.residual)}")
    if mark.polarity:
        lines.append(f"first motion {mark.polarity}")
    if mark.onset:
        lines.append(f"{mark.onset} onset")
    if not mark.used:
        lines.append("left out of locations")
    return "\n".join(lines)
