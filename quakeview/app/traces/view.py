"""The trace view: three-component seismograms of many stations over a common UTC axis, with their picks."""

from PySide6.QtCore import QEvent, QLineF, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from quakeview.app.drawing.fonts import Fonts
from quakeview.app.drawing.shades import faded
from quakeview.app.drawing.time_axis import clock, utc
from quakeview.app.traces.marks import PickMark, PickStyle
from quakeview.app.traces.picks_layer import GRAB_PIXELS, PickFlag, describe, lone_flag, paint_flag, pick_pen
from quakeview.app.traces.selection import TimeSelection, paint_selection
from quakeview.app.traces.stationwidget import StationWidget
from quakeview.waveforms.channels import ChannelId, Instrument


class TraceView(StationWidget):
    """Shows what it is given and says what the user wants; it changes no pick by itself.

    Besides what ``TimeWidget`` does: the wheel scrolls the stations, a double-click picks the current phase, a flag is
    dragged to another time. Shift+drag selects a piece of one trace, Esc or Shift+click selects none. All other keys
    are those of actions, which call its methods, so that they can be chosen.
    """

    pickClicked = Signal(str)
    pickMoved = Signal(str, float)
    pickRequested = Signal(object, float, str)  # ChannelId, time, phase
    amplitudeMoved = Signal(object, float)  # ChannelId, time
    channelClicked = Signal(object)  # ChannelId
    cursorMoved = Signal(object, float, float)  # ChannelId or None, time, sample or NaN
    pointerInside = Signal(bool)
    selectionChanged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._phase = "P"
        self._selected: str | None = None
        self._hovered: str | None = None
        self._held: PickMark | None = None
        self._ghost: float | None = None
        self._selection: TimeSelection | None = None
        self._selected_from: tuple[ChannelId, float] | None = None
        self._mark: float | None = None
        self._mouse: QPointF | None = None
        self._cursor: float | None = None
        self._cursor_channel: ChannelId | None = None
        self.viewChanged.connect(self._describe)
        self.viewChanged.connect(self._follow_mouse)
        self.stationsScrolled.connect(self._follow_mouse)

    @property
    def phase(self) -> str:
        """What is picked if no phase is named."""
        return self._phase

    def set_phase(self, phase: str) -> None:
        """This phase is picked from now on if none is named."""
        self._phase = phase

    @property
    def selected_pick(self) -> str | None:
        """Id of the highlighted pick."""
        return self._selected

    def select_pick(self, pick_id: str | None) -> None:
        """Highlight a pick; None: no pick."""
        self._selected = pick_id
        self.update()

    def show_pick(self, pick_id: str) -> None:
        """Highlight a pick, bring it into view, keeping the zoom, and make its channel the current one."""
        mark = self.scene.picks.get(pick_id)
        if mark is None:
            return
        self.select_pick(pick_id)
        self.set_current_channel(mark.channel_id)
        self.show_time(mark.channel_id, mark.time)

    def show_time(self, channel_id: ChannelId, time: float) -> None:
        """Bring a time of a channel into view, keeping the zoom."""
        self.show_station(Instrument.of(channel_id))
        first, last = self.view
        time -= self.shift_of(channel_id)
        if not first + 0.1 * (last - first) <= time <= last - 0.1 * (last - first):
            self.set_view(time - 0.35 * (last - first), time + 0.65 * (last - first))

    @property
    def selection(self) -> TimeSelection | None:
        """The chosen piece of a trace that is still shown."""
        chosen = self._selection
        return chosen if chosen is not None and chosen.channel_id in self.scene.channel_ids() else None

    def set_selection(self, selection: TimeSelection | None) -> None:
        """Choose a piece of a trace; None: no piece."""
        if selection != self._selection:
            self._selection = selection
            self.update()
            self.selectionChanged.emit()

    @property
    def current_channel(self) -> ChannelId | None:
        """The channel last clicked or chosen by keys."""
        return self.scene.current

    def set_current_channel(self, channel_id: ChannelId | None) -> None:
        """Mark a channel as the current one and scroll to it."""
        is_new = channel_id != self.scene.current
        self.scene.current = channel_id
        if channel_id is not None:
            self.show_station(Instrument.of(channel_id))
        if is_new:
            self.refresh()

    @property
    def cursor_position(self) -> tuple[ChannelId | None, float]:
        """Channel and the time there under the mouse, or where the keys put them; else the middle of the view."""
        channel_id, time = self.cursor_on_axis
        return channel_id, time + self.shift_of(channel_id)

    @property
    def cursor_on_axis(self) -> tuple[ChannelId | None, float]:
        """As ``cursor_position``, with the time that the axis has there."""
        first, last = self.view
        inside = self._cursor is not None and first <= self._cursor <= last
        time = self._cursor if inside and self._cursor is not None else (first + last) / 2
        return self._cursor_channel or self.scene.current, time

    @property
    def mark(self) -> float | None:
        """A time of the axis that is marked by a line through all stations."""
        return self._mark

    def set_mark(self, time: float | None) -> None:
        """Mark a time of the axis; None: no time."""
        self._mark = time
        self.update()

    def pick_at_cursor(self, phase: str | None = None) -> bool:
        """Ask for a pick of ``phase`` (default: the current one) where the cursor is.

        A channel that has been scrolled away is brought back instead, and behind another page nothing is done: nothing
        is picked unseen. False is returned then.
        """
        channel_id, time = self.cursor_position
        if not self.isVisible():
            return False
        if self.component_of(channel_id) is None:
            self.set_current_channel(channel_id)
            return False
        self.pickRequested.emit(channel_id, time, phase or self._phase)
        return True

    def zoom_centre(self) -> float | None:
        inside = self._cursor is not None and self.view[0] <= self._cursor <= self.view[1]
        return self._cursor if inside else None

    def _describe(self, first: float, last: float) -> None:
        self.setAccessibleDescription(f"{utc(first):%Y-%m-%d %H:%M:%S} to {utc(last):%Y-%m-%d %H:%M:%S} UTC")

    def _set_cursor(self, time: float | None, channel_id: ChannelId | None) -> None:
        """``time`` is that of the axis."""
        self._cursor, self._cursor_channel = time, channel_id
        if time is not None:
            time += self.shift_of(channel_id)
            value = float("nan") if channel_id is None else self.scene.value(channel_id, time)
            self.cursorMoved.emit(channel_id, time, value)
        self.update()

    def show_cursor(self, time: float | None) -> None:
        """Put the cursor at a time of the axis, on the current trace, as another view says; None: nowhere."""
        self._cursor, self._cursor_channel = time, None
        self.update()

    def _follow_mouse(self) -> None:
        """Under a resting mouse the view has moved: so have time and channel."""
        if self._mouse is not None:
            row = self.component_at(self._mouse)
            self._set_cursor(self.time_at(self._mouse.x()), row.channel_id if row else None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        flag = self._flag_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and self._pressed is None:
            row = self.component_at(event.position())
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and row is not None:
                self._selected_from = row.channel_id, self._own_time(row.channel_id, event.position().x())
            else:
                self._held = flag.mark if flag is not None else self._amplitude_at(event.position())
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        if self._selected_from is not None and self._pressed is not None:
            self._drag_selection(self._selected_from, position.x())
            return
        if self._held is not None and self._pressed is not None:
            moved = position.x() - self._pressed.x()
            if self._ghost is not None or abs(moved) >= QApplication.startDragDistance():
                self.setCursor(Qt.CursorShape.SizeHorCursor)
                self._ghost = self._held.time + self.time_at(moved) - self.time_at(0)
                self._set_cursor(self._ghost - self.shift_of(self._held.channel_id), self._held.channel_id)
            return
        super().mouseMoveEvent(event)
        if self.plot_rect().contains(position):
            self._mouse = position
            self._follow_mouse()
            if self._pressed is None:
                self._hover(position)

    def _own_time(self, channel_id: ChannelId, x: float) -> float:
        """What time it was at a channel at a horizontal position, within the plot."""
        plot = self.plot_rect()
        return self.time_at(min(max(x, plot.left()), plot.right())) + self.shift_of(channel_id)

    def _drag_selection(self, start: tuple[ChannelId, float], x: float) -> None:
        channel_id, time = start
        far = abs(x - self.x_at(time - self.shift_of(channel_id))) >= QApplication.startDragDistance()
        self._selection = TimeSelection.between(channel_id, time, self._own_time(channel_id, x)) if far else None
        self.update()

    def _flag_of(self, pick_id: str | None) -> PickFlag | None:
        """Where the flag of a pick is, even if there was no room for it among the others."""
        mark = self.scene.picks.get(pick_id or "")
        if mark is None:
            return None
        return self.scene.picks.flag_of(mark.id) or lone_flag(mark, self.frame())

    def _flag_at(self, position: QPointF) -> PickFlag | None:
        selected = self._flag_of(self._selected)
        if selected is not None and selected.rect.contains(position):
            return selected
        return self.scene.picks.flag_at(position)

    def pick_at(self, position: QPointF) -> str | None:
        """The id of the pick at a position; None if there is none."""
        flag = self._flag_at(position)
        mark = flag.mark if flag else self.scene.picks.pick_at(position)
        return None if mark is None else mark.id

    def place_at(self, position: QPointF) -> tuple[ChannelId, float] | None:
        """The channel at a position, and the time that it was there; None beside the traces."""
        row = self.component_at(position)
        if row is None or not self.plot_rect().contains(position):
            return None
        return row.channel_id, self._own_time(row.channel_id, position.x())

    def _amplitude_at(self, position: QPointF) -> PickMark | None:
        """The amplitude reading whose line is under a position."""
        band = self.band_at(position)
        if band is None or not self.plot_rect().contains(position):
            return None
        near = [
            (abs(self.x_at(mark.time - self.shift_of(mark.channel_id)) - position.x()), number)
            for number, mark in enumerate(self.scene.theory.get(band.row.station, ()))
            if mark.style is PickStyle.AMPLITUDE
        ]
        closest = min(near, default=None)
        found = closest is not None and closest[0] <= GRAB_PIXELS
        return self.scene.theory[band.row.station][closest[1]] if closest is not None and found else None

    def _hover(self, position: QPointF) -> None:
        flag = self._flag_at(position)
        mark = flag.mark if flag else self.scene.picks.pick_at(position)
        self._hovered = mark.id if mark else None
        if flag or (mark is None and self._amplitude_at(position) is not None):
            self.setCursor(Qt.CursorShape.SizeHorCursor)
        elif mark:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        held, ghost = self._held, self._ghost
        if self._selected_from is not None and event.button() == Qt.MouseButton.LeftButton:
            start, self._selected_from = self._selected_from, None
            self._release()
            self._drag_selection(start, event.position().x())
            self.selectionChanged.emit()
        elif ghost is None or held is None:
            super().mouseReleaseEvent(event)
        else:
            self._release()
            if held.style is PickStyle.AMPLITUDE:
                self.amplitudeMoved.emit(held.channel_id, ghost)
            else:
                self.pickMoved.emit(held.id, ghost)
        self._held = self._ghost = None

    def _release(self) -> None:
        if self._selected_from is not None:
            self._selected_from = None
            self.set_selection(None)
        self._held = self._ghost = None
        super()._release()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.pointerInside.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointerInside.emit(False)
        self._hovered = self._mouse = None
        self._set_cursor(None, None)
        super().leaveEvent(event)

    def clicked(self, position: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier) -> None:
        flag = self._flag_at(position)
        mark = flag.mark if flag else self.scene.picks.pick_at(position)
        row = self.component_at(position)
        if row is not None:
            self.set_current_channel(row.channel_id)
            self.channelClicked.emit(row.channel_id)
        if mark is not None:
            self.select_pick(mark.id)
            self.pickClicked.emit(mark.id)
        super().clicked(position, button, modifiers)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.component_at(event.position())
        on_plot = self.plot_rect().contains(event.position())
        if event.button() == Qt.MouseButton.LeftButton and on_plot and row is not None:
            time = self.time_at(event.position().x()) + self.shift_of(row.channel_id)
            self.pickRequested.emit(row.channel_id, time, self._phase)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            event.ignore()
        elif self._selection is not None and self._pressed is None:
            self.set_selection(None)
        else:
            super().keyPressEvent(event)

    def step_trace(self, by: int) -> None:
        """Choose the trace below (``by`` = 1) or above (-1)."""
        ids = self.scene.channel_ids()
        if ids:
            known = self.scene.current in ids
            number = ids.index(self.scene.current) + by if known else 0  # type: ignore[arg-type]
            channel_id = ids[min(max(number, 0), len(ids) - 1)]
            self.set_current_channel(channel_id)
            self._mouse = None
            self._set_cursor(self.cursor_on_axis[1], channel_id)
            self.channelClicked.emit(channel_id)

    def page_stations(self, by: int) -> None:
        """Scroll by screens of stations, less one; negative: up."""
        self.scroll_stations(by * max(1, self.visible_stations - 1))

    def nudge_cursor(self, pixels: int) -> None:
        """Move the cursor to the right; negative: to the left."""
        channel_id, time = self.cursor_on_axis
        self._mouse = None
        self._set_cursor(time + self.time_at(pixels) - self.time_at(0), channel_id)

    def nudge_pick(self, pixels: int) -> None:
        """Ask for the selected pick to be moved to the right; negative: to the left."""
        mark = self.scene.picks.get(self._selected or "")
        if mark is not None:
            self.pickMoved.emit(mark.id, mark.time + self.time_at(pixels) - self.time_at(0))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos()), self)
            return True
        return super().event(event)

    def tip_at(self, position: QPoint) -> str:
        """What the tool tip says: the pick, or in the gutter the station."""
        if mark := self.scene.picks.pick_at(QPointF(position)):
            return describe(mark)
        band = self.band_at(QPointF(position))
        if band is None or position.x() >= self.plot_rect().left():
            return ""
        return "\n".join(filter(None, (band.row.label, band.row.subtitle)))

    def paint_overlay(self, painter: QPainter) -> None:
        plot = self.plot_rect()
        fonts = Fonts.of(self.font())
        painter.save()
        painter.setClipRect(plot)
        for pick_id in (self._hovered, self._selected):
            if flag := self._flag_of(pick_id):
                self._paint_raised(painter, flag, fonts, selected=pick_id == self._selected)
        if self._held is not None and self._ghost is not None:
            self._paint_ghost(painter, self._held, self._ghost)
        if (chosen := self.selection) is not None and (row := self.component_of(chosen.channel_id)) is not None:
            shift = self.shift_of(chosen.channel_id)
            ends = self.x_at(chosen.first - shift), self.x_at(chosen.last - shift)
            paint_selection(painter, QRectF(ends[0], row.rect.top(), ends[1] - ends[0], row.rect.height()), self.colors)
        self.paint_box(painter)
        painter.restore()
        if self._mark is not None and self.scene.rows:
            self._paint_time(painter, plot, self._mark, self.colors.accent)
        if self._cursor is not None and self.scene.rows:
            self._paint_time(painter, plot, self._cursor, faded(self.colors.muted, 0.8))
        if self.hasFocus() and self.scene.rows:
            painter.fillRect(QRectF(0, 0, 2, plot.height()), self.colors.accent)

    def _paint_raised(self, painter: QPainter, flag: PickFlag, fonts: Fonts, selected: bool) -> None:
        if selected:
            halo = QPen(faded(self.colors.phase(flag.mark.phase), 0.22), 9)
            halo.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(halo)
            painter.drawLine(flag.line)
        painter.setPen(pick_pen(flag.mark, self.colors, width=2))
        painter.drawLine(flag.line)
        paint_flag(painter, flag, self.colors, fonts, raised=selected)

    def _paint_ghost(self, painter: QPainter, mark: PickMark, time: float) -> None:
        row = self.component_of(mark.channel_id)
        band = None if row is None else self.band_at(row.rect.center())
        if band is not None:
            x = self.x_at(time - self.shift_of(mark.channel_id))
            painter.setPen(QPen(self.colors.phase(mark.phase), 2))
            painter.drawLine(QLineF(x, band.rect.top(), x, band.rect.bottom()))

    def _cursor_text(self, time: float) -> str:
        """UTC, or seconds after what the traces are aligned on."""
        if (alignment := self.scene.alignment) is not None:
            return f"{time - alignment.zero:+.2f} s".replace("-", "−")
        return clock(time, 2 if self.view[1] - self.view[0] < 600 else 0)

    def _paint_time(self, painter: QPainter, plot: QRectF, time: float, ink: QColor) -> None:
        x = round(self.x_at(time)) + 0.5
        if not plot.left() <= x <= plot.right():
            return
        painter.setPen(QPen(ink, 1))
        painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))
        painter.setFont(Fonts.of(self.font()).bold)
        metrics = QFontMetricsF(painter.font())
        text = self._cursor_text(time)
        width = metrics.horizontalAdvance(text) + 12
        left = min(max(x - width / 2, plot.left()), plot.right() - width)
        chip = QRectF(left, plot.bottom() + 3, width, metrics.height() + 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colors.text)
        painter.drawRoundedRect(chip, 3, 3)
        painter.setPen(self.colors.base)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
