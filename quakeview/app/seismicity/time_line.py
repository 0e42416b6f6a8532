"""Magnitudes against time, with a brush that chooses days and a mark at the last known day."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen

from quakeview.app.drawing.axes import Tick, paint_y_axis
from quakeview.app.drawing.fonts import Fonts
from quakeview.app.drawing.plane import GAP, TICK, Bounds, Decorations, PlaneFrame
from quakeview.app.drawing.shades import faded
from quakeview.app.drawing.time_axis import paint_grid, paint_time_axis
from quakeview.app.events.event_plane import EventPlane
from quakeview.app.seismicity.catalogue_shown import CatalogueShown
from quakeview.scales import number, round_ticks
from quakeview.seismicity.catalogue import DAY
from quakeview.seismicity.choices import Days, days_of
from quakeview.texts import counted, date

WIDEST = "−0.5"
_GRIP = 5.0
"""Pixels from an edge of the brush within which the mouse moves that edge."""
_SHORTEST = 5 * DAY
"""Of a view, s."""
_MARGIN = 0.02
_MARK = 8
"""Pixels to each side of the mark at the last known day."""
_PIXELS_PER_TICK = 24.0


class TimeLine(EventPlane):
    """Wheel, + and - zoom, Left and Right move. Dragging chooses days, Escape and a double-click choose all of them
    again. A click on an earthquake selects it, a click on the axis makes that day the last known one, as Page Up and
    Page Down make the day before and the day after.
    """

    shown: CatalogueShown

    def __init__(self, shown: CatalogueShown) -> None:
        self.state = shown.state
        self._view: tuple[float, float] | None = None
        self._marked = self.state.choices.day
        self._brush: tuple[float, float] | None = None  # the edge that stays, and the one that is moved, s
        self._held: tuple[QPointF, Days] | None = None  # where the whole brush was taken hold of
        super().__init__(shown, "Time line")
        self.state.catalogueChanged.connect(self._go_home)
        self.state.dayChanged.connect(self._take_day)
        self.state.filterChanged.connect(self._take_selection)

    # --- the plane -----------------------------------------------------------------------------------------------

    @property
    def view(self) -> tuple[float, float]:
        """Times at the left and the right edge, s since 1970 UTC."""
        return self._view or self._everything

    @property
    def _everything(self) -> tuple[float, float]:
        catalogue = self.state.catalogue
        if not len(catalogue):
            return 0.0, DAY
        first, last = days_of(catalogue)
        margin = max(_MARGIN * (last - first), 1.0)
        return (first - margin) * DAY, (last + margin) * DAY

    @cached_property
    def _magnitudes(self) -> tuple[float, float]:
        known = self.state.catalogue.magnitude
        known = known[np.isfinite(known)]
        return (float(known.min()) - 0.2, float(known.max()) + 0.3) if known.size else (0.0, 1.0)

    def frame_in(self, size: QSizeF) -> PlaneFrame:
        fonts = Fonts.of(self.font())
        small = QFontMetricsF(fonts.small)
        left = round(small.horizontalAdvance(WIDEST) + small.height() + TICK + 4 * GAP)
        plot = QRectF(QPointF(0, 0), size).adjusted(left, 2 * GAP, -2 * GAP, -round(TICK + 2 + small.height() + GAP))
        plot = plot.united(QRectF(plot.topLeft(), QSizeF(20, 20)))
        (start, end), (low, high) = self.view, self._magnitudes
        return PlaneFrame(plot, Bounds(start, low, end, high), fonts, Decorations(bar=False))

    def positions(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return self.shown.columns.time, self.shown.columns.magnitude

    def pan(self, extent: Bounds, dx: float, dy: float) -> None:
        start, end = self.view
        self._show(start - dx / self.frame.pixels_per_unit, end - dx / self.frame.pixels_per_unit)

    def zoom_at(self, factor: float, x: float, y: float) -> None:
        start, end = self.view
        if (end - start) / factor >= _SHORTEST:
            self._show(x + (start - x) / factor, x + (end - x) / factor)

    def _show(self, start: float, end: float) -> None:
        """Not beyond the catalogue."""
        first, last = self._everything
        width = min(end - start, last - first)
        start = min(max(start, first), last - width)
        self._view = (start, start + width) if width < last - first else None
        self.redraw()

    def _take_day(self) -> None:
        """Paint anew where the mark was, and where it is: days may go by fast."""
        frame = self.frame
        for day in (self._marked, self.state.choices.day):
            x = round(frame.at((day + 1) * DAY, 0.0).x())
            self.update(x - _MARK, 0, 2 * _MARK, self.height())
        self._marked = self.state.choices.day
        self._describe()

    def _go_home(self) -> None:
        self._view = self._brush = self._held = None
        self.__dict__.pop("_magnitudes", None)
        self.redraw()

    # --- painting ------------------------------------------------------------------------------------------------

    def paint_under(self, painter: QPainter, frame: PlaneFrame) -> None:
        painter.setFont(frame.fonts.small)
        paint_grid(painter, frame.plot, self.view, self.colors)
        painter.setPen(QPen(faded(self.colors.line, 0.25), 1))
        painter.drawLines([QLineF(frame.plot.left(), y, frame.plot.right(), y) for y, _ in self._ticks(frame)])
        if (days := self._shown_days) is not None:
            left, right = (frame.at(day * DAY, 0.0).x() for day in days)
            brush = QRectF(left, frame.plot.top(), right - left, frame.plot.height()) & frame.plot
            painter.fillRect(brush, faded(self.colors.accent, 0.16))
            painter.setPen(QPen(self.colors.accent, 1))
            painter.drawLines([QLineF(x, brush.top(), x, brush.bottom()) for x in (brush.left(), brush.right())])

    def paint_over(self, painter: QPainter, frame: PlaneFrame) -> None:
        colors, plot = self.colors, frame.plot
        self._paint_day(painter, frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colors.line, 1))
        painter.drawRect(plot.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ticks = [Tick(y, label) for y, label in self._ticks(frame)]
        paint_y_axis(painter, plot, ticks, frame.fonts.small, colors)
        painter.setFont(frame.fonts.small)
        paint_time_axis(painter, QRectF(plot.left(), plot.bottom(), plot.width(), 20), self.view, colors)
        painter.save()
        painter.translate(GAP, plot.center().y())
        painter.rotate(-90)
        painter.setPen(colors.muted)
        beside = QRectF(-plot.height() / 2, 0, plot.height(), QFontMetricsF(frame.fonts.small).height())
        painter.drawText(beside, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, "Magnitude")
        painter.restore()

    def _paint_day(self, painter: QPainter, frame: PlaneFrame) -> None:
        """A line where what is known ends."""
        x = frame.at((self.state.choices.day + 1) * DAY, 0.0).x()
        if not len(self.state.catalogue) or not frame.plot.left() <= x <= frame.plot.right():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top, bottom = QPointF(x, frame.plot.top()), QPointF(x, frame.plot.bottom())
        for colour, width in ((self.colors.base, 3.5), (self.colors.warning, 1.5)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(top, bottom)
        painter.setBrush(self.colors.warning)
        painter.setPen(QPen(self.colors.base, 1))
        painter.drawPolygon([top + QPointF(-5, -6), top + QPointF(5, -6), top + QPointF(0, 3)])

    def _ticks(self, frame: PlaneFrame) -> list[tuple[float, str]]:
        """Pixels and labels of round magnitudes."""
        most = max(2, int(frame.plot.height() / _PIXELS_PER_TICK))
        values = round_ticks(frame.view.bottom, frame.view.top, most)
        return [(round(frame.at(frame.view.left, value).y()) + 0.5, number(value)) for value in values]

    # --- the brush -----------------------------------------------------------------------------------------------

    @property
    def _shown_days(self) -> Days | None:
        """What is being brushed, or was."""
        if self._brush is None:
            return self.state.choices.period
        first, last = sorted(self._brush)
        return int(first // DAY), max(int(-(-last // DAY)), int(first // DAY) + 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        frame, at = self.frame, event.position()
        along = frame.plot.left() <= at.x() <= frame.plot.right()
        if event.button() == Qt.MouseButton.LeftButton and along and at.y() > frame.plot.bottom():
            self.state.choose(day=int(frame.position(at)[0] // DAY))
        elif event.button() == Qt.MouseButton.LeftButton and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._pressed = at if frame.plot.contains(at) else None
            self._take_hold(frame, at)
        else:
            super().mousePressEvent(event)

    def _take_hold(self, frame: PlaneFrame, at: QPointF) -> None:
        """Of an edge of the brush, or of all of it, if there is one under the mouse."""
        if (period := self.state.choices.period) is None:
            return
        edges = [day * DAY for day in period]
        pixels = [frame.at(each, 0.0).x() for each in edges]
        for moved, stays in ((0, 1), (1, 0)):
            if abs(pixels[moved] - at.x()) <= _GRIP:
                self._brush = edges[stays], edges[moved]
                return
        if pixels[0] < at.x() < pixels[1]:
            self._held = at, period

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            super().mouseMoveEvent(event)
            return
        frame, at = self.frame, event.position()
        if self._held is not None:
            moved = round((at.x() - self._held[0].x()) / frame.pixels_per_unit / DAY)
            first, last = self._held[1]
            self.state.choose(period=(first + moved, last + moved))
        elif self._brush is not None or abs(at.x() - self._pressed.x()) > _GRIP:
            start = frame.position(self._pressed)[0] if self._brush is None else self._brush[0]
            self._brush = start, frame.position(at)[0]
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        days, brushed = self._shown_days, self._brush is not None
        moved = self._held is not None and (event.position() - self._held[0]).manhattanLength() > _GRIP
        self._brush = self._held = None
        if brushed:
            self._pressed = None
            self.state.choose(period=days)
        elif moved:
            self._pressed = None
        else:
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.state.choices.period is not None:
            self.state.choose(period=None)
        else:
            self._go_home()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        state = self.state
        match event.key():
            case Qt.Key.Key_PageUp:
                state.choose(day=state.choices.day - 1)
            case Qt.Key.Key_PageDown:
                state.choose(day=state.choices.day + 1)
            case Qt.Key.Key_Home:
                self._go_home()
            case Qt.Key.Key_Escape if state.choices.period is not None:
                state.choose(period=None)
            case _:
                super().keyPressEvent(event)

    # --- words ---------------------------------------------------------------------------------------------------

    def _describe(self) -> None:
        choices = self.state.choices
        words = [counted(len(self.shown.events), "earthquake"), f"known until {date(choices.day * DAY)}"]
        if choices.period is not None:
            words.append(f"chosen: {days_text(choices.period)}")
        self.setAccessibleDescription(", ".join(words))

    def sizeHint(self) -> QSize:
        return QSize(600, 150)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 90)


def days_text(days: Days) -> str:
    """``2011-03-11 to 2011-03-31`` of days [first, last)."""
    first, last = days
    return date(first * DAY) if last - first == 1 else f"{date(first * DAY)} to {date((last - 1) * DAY)}"
