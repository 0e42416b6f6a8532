"""A widget with a UTC time axis that is panned and zoomed by mouse, wheel, touch pad and keys."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from quakeview.app.drawing import shades
from quakeview.app.drawing.shades import Shades, faded

SHORTEST_VIEW = 0.01
RESOLUTION = 1e-6
ZOOM_STEP = 1.25
KEY_ZOOM = 2.0
WHEEL_NOTCH = 120
PAN_STEP = 0.1
PAN_PAGE = 0.9
SMALLEST_BOX = 6


class TimeWidget(QWidget):
    """Holds the time range in view; subclasses say where the plot is (``plot_rect``) and paint it.

    Wheel: Ctrl zooms about the cursor, Shift (or a sideways wheel) pans, alone it calls ``wheel_steps``.
    Mouse: left or middle drag pans, right drag zooms to a box, right click asks for the context menu.
    Keys: Left, Right pan (Shift: by a screen), + and - zoom, Home and End go to the ends of the record.
    """

    viewChanged = Signal(float, float)  # seconds since 1970-01-01 UTC
    navigated = Signal()  # the user panned or zoomed by hand
    contextMenuRequested = Signal(QPoint)  # global position

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colors = shades.current()
        self._view = (0.0, 60.0)
        self._limits: tuple[float, float] | None = None
        self._pressed: QPointF | None = None
        self._dragged: Qt.MouseButton | None = None
        self._box: QRectF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def plot_rect(self) -> QRectF:
        """Where time runs from left to right, in widget coordinates."""
        return QRectF(self.rect())

    def set_colors(self, colors: Shades) -> None:
        """Paint in other colours."""
        self.colors = colors
        self.refresh()

    def refresh(self) -> None:
        """Paint anew whatever is cached."""
        self.update()

    @property
    def view(self) -> tuple[float, float]:
        """First and last time in view, seconds since 1970-01-01 UTC."""
        return self._view

    def set_limits(self, first: float, last: float) -> None:
        """The whole record: the view never leaves it altogether, Home and End go to its ends."""
        self._limits = (first, max(last, first + SHORTEST_VIEW))

    def show_all(self) -> None:
        """Show the whole record."""
        if self._limits is not None:
            self.set_view(*self._limits)

    def set_view(self, first: float, last: float) -> None:
        """Show the time range [first, last], seconds since 1970-01-01 UTC, kept within the limits.

        A change below the resolution of times is none, so that linked widgets do not chase each other.
        """
        view = self._allowed(first, last)
        if max(abs(view[0] - self._view[0]), abs(view[1] - self._view[1])) > RESOLUTION:
            self._view = view
            self.refresh()
            self.viewChanged.emit(*view)

    def _allowed(self, first: float, last: float) -> tuple[float, float]:
        span = max(last - first, SHORTEST_VIEW)
        if self._limits is None:
            return first, first + span
        begin, end = self._limits
        longest = 1.1 * max(end - begin, 1.0)
        if span > longest:
            first, span = (first + last - longest) / 2, longest
        slack = max(0.05 * span, span - 0.5 * (end - begin))
        return (start := min(max(first, begin - slack), end - span + slack)), start + span

    def time_at(self, x: float) -> float:
        """Time at a horizontal position of the widget."""
        plot = self.plot_rect()
        return self._view[0] + (x - plot.left()) / plot.width() * (self._view[1] - self._view[0])

    def x_at(self, time: float) -> float:
        """Horizontal position of a time."""
        plot = self.plot_rect()
        return plot.left() + (time - self._view[0]) / (self._view[1] - self._view[0]) * plot.width()

    def pan(self, fraction: float) -> None:
        """Move on by a fraction of the time in view; negative: back."""
        shift = fraction * (self._view[1] - self._view[0])
        self._navigate(self._view[0] + shift, self._view[1] + shift)

    def zoom(self, factor: float, about: float | None = None) -> None:
        """Show ``factor`` times less, keeping the time ``about`` (default: the middle) where it is."""
        first, last = self._view
        centre = (first + last) / 2 if about is None else about
        factor = min(factor, (last - first) / SHORTEST_VIEW)
        self._navigate(centre - (centre - first) / factor, centre + (last - centre) / factor)

    def zoom_at_cursor(self, factor: float) -> None:
        """Zoom about what keys zoom about."""
        self.zoom(factor, self.zoom_centre())

    def _navigate(self, first: float, last: float) -> None:
        self.set_view(first, last)
        self.navigated.emit()

    def wheel_steps(self, steps: float, time: float) -> None:
        """The plain wheel turned by ``steps`` notches, positive away from the user, over ``time``."""
        self.zoom(ZOOM_STEP**steps, time)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = QPointF(event.angleDelta()) / WHEEL_NOTCH
        sideways = delta.x() if abs(delta.x()) > abs(delta.y()) else 0.0
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(ZOOM_STEP ** (delta.y() or delta.x()), self.time_at(event.position().x()))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(-PAN_STEP * (delta.y() or delta.x()))
        elif sideways:
            pixels = event.pixelDelta().x()
            self.pan(-pixels / self.plot_rect().width() if pixels else -PAN_STEP * sideways)
        else:
            self.wheel_steps(delta.y(), self.time_at(event.position().x()))
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom(1 + event.value(), self.time_at(event.position().x()))
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = PAN_PAGE if shift else PAN_STEP
        match event.key():
            case Qt.Key.Key_Left:
                self.pan(-step)
            case Qt.Key.Key_Right:
                self.pan(step)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(KEY_ZOOM, self.zoom_centre())
            case Qt.Key.Key_Minus:
                self.zoom(1 / KEY_ZOOM, self.zoom_centre())
            case Qt.Key.Key_Home:
                self.go_to_end(last=False)
            case Qt.Key.Key_End:
                self.go_to_end(last=True)
            case Qt.Key.Key_Escape if self._pressed is not None:
                self._release()
            case _:
                event.ignore()

    def zoom_centre(self) -> float | None:
        """What keys zoom about; None for the middle of the view."""
        return None

    def go_to_end(self, last: bool) -> None:
        """Show the end of the record, or its start."""
        if self._limits is not None:
            span = self._view[1] - self._view[0]
            first = self._limits[1] - span if last else self._limits[0]
            self._navigate(first, first + span)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None and event.button() != Qt.MouseButton.NoButton:
            self._pressed = self._last = event.position()
            self._button = event.button()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        position = event.position()
        far = (position - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if self._dragged is None and far:
            self._dragged = self._button
        if self._dragged is None:
            return
        if self._dragged == Qt.MouseButton.RightButton:
            plot = self.plot_rect()
            self._box = QRectF(QPointF(self._pressed.x(), plot.top()), QPointF(position.x(), plot.bottom()))
            self._box = self._box.normalized().intersected(plot)
            self.update()
        else:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.pan((self._last.x() - position.x()) / self.plot_rect().width())
            self._last = position

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or event.button() != self._button:
            return
        box, dragged = self._box, self._dragged
        self._release()
        if dragged is None:
            self.clicked(event.position(), event.button(), event.modifiers())
        elif box is not None and box.width() >= SMALLEST_BOX:
            self._navigate(self.time_at(box.left()), self.time_at(box.right()))

    def clicked(self, position: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier) -> None:
        """A press and release without a drag in between."""
        if button == Qt.MouseButton.RightButton:
            self.contextMenuRequested.emit(self.mapToGlobal(position.toPoint()))

    def paint_box(self, painter: QPainter) -> None:
        """The box that is being dragged out."""
        if self._box is not None:
            painter.fillRect(self._box, faded(self.colors.accent, 0.15))
            painter.setPen(self.colors.accent)
            painter.drawRect(self._box)

    def _release(self) -> None:
        self._pressed = self._dragged = self._box = None
        self.unsetCursor()
        self.update()
