"""The slider over the frames: the seconds below it, above it what a forecast was made from and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QSlider, QToolTip

from quakeview.app.drawing import shades
from quakeview.app.drawing.axes import Tick, paint_x_axis
from quakeview.app.drawing.fonts import Fonts
from quakeview.app.drawing.shades import Shades, faded
from quakeview.scales import number, round_ticks

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.forecast import Forecast

TRACK, HANDLE = 6.0, 7.0
MARGIN = 10
LANE, GRIP = 11.0, 5.0
"""Pixels: height of the row of the forecast, half the width of the mark at the end of its input."""
PIXELS_PER_TICK = 70.0
PAGE_STEP = 10
WINDOW_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


@dataclass(frozen=True)
class Reach:
    """Of a forecast, s: when it was issued, until when it is computed, and until when it will be."""

    issued: float
    computed: float
    end: float


class Scrubber(QSlider):
    """Left, Right, Page Up, Page Down, Home and End move it; Shift with Left and Right the end of the input.

    Signals:
        windowChosen: another of the choices when the input may end, s; by dragging its end, or by keys.
    """

    windowChosen = Signal(float)

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._times = np.zeros(0)
        self._written = 0
        self._window: tuple[float, float] | None = None
        self._choices: tuple[float, ...] = ()
        self._reach: Reach | None = None
        self._drags_window = False
        self.setAccessibleName("Time of the wavefield")
        self.setPageStep(PAGE_STEP)
        self.setEnabled(False)
        self.setRange(0, 0)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def input_window(self) -> tuple[float, float] | None:
        """From when to when the input is, s."""
        return self._window

    @property
    def reach(self) -> Reach | None:
        return self._reach

    def set_times(self, times: np.ndarray, written: int) -> None:
        """All frames' times, s, and how many of them there are so far."""
        self._times, self._written = times, written
        self.setEnabled(written > 0)
        self.setRange(0, max(written - 1, 0))
        if self._reach is None and self._choices and len(times):
            self.set_input_window((float(times[0]), self._window[1] if self._window else self._choices[0]))
        self.update()

    def set_input_window(self, window: tuple[float, float] | None) -> None:
        """Mark from the first to the second of two times, s: what a forecast is made from."""
        self._window = window
        self._show_lane()

    def set_window_choices(self, choices: Sequence[float]) -> None:
        """When the input may end, s; empty: its end cannot be moved."""
        self._choices = tuple(choices)
        if self._reach is None and choices:
            self.set_input_end(self._window[1] if self._window is not None else choices[0])
        self._show_lane()

    def set_input_end(self, end: float) -> None:
        """Mark where the input ends that the next forecast is made from, s."""
        start = float(self._times[0]) if len(self._times) else 0.0
        self._window = (self._window[0] if self._window is not None else start, end)
        self._show_lane()

    def set_forecast(self, forecast: "Forecast | None") -> None:
        """Mark its input, how far it is computed and where it ends."""
        if forecast is None:
            self._reach = None
            self.set_window_choices(self._choices)
            return
        start, step = forecast.start_time, forecast.frame_step
        self._reach = Reach(
            forecast.issue_time, start + forecast.n_frames * step, start + forecast.planned_frames * step
        )
        if not self._drags_window:
            self._window = (start + max(forecast.observation.start, 0) * step, forecast.issue_time)
        self._show_lane()

    def step_window(self, count: int) -> None:
        """Let the input end ``count`` choices later."""
        if self._choices and self._window is not None:
            nearest = int(np.abs(np.array(self._choices) - self._window[1]).argmin())
            self._choose_window(min(max(nearest + count, 0), len(self._choices) - 1))

    def _choose_window(self, which: int) -> None:
        assert self._window is not None
        end = self._choices[which]
        if abs(end - self._window[1]) > 1e-6:
            self._window = (self._window[0], end)
            self._show_lane()
            self.windowChosen.emit(end)

    def _show_lane(self) -> None:
        said = "" if self._window is None else f"Input from {self._window[0]:.1f} s to {self._window[1]:.1f} s"
        self.setAccessibleDescription(said)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, round(self._middle + HANDLE + QFontMetricsF(self._small()).height() + 7))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def x_of(self, time: float) -> float:
        """Pixel of a time."""
        if len(self._times) < 2:
            return MARGIN
        part = (time - self._times[0]) / (self._times[-1] - self._times[0])
        return float(MARGIN + min(max(part, 0.0), 1.0) * (self.width() - 2 * MARGIN))

    def time_at(self, x: float) -> float:
        """Time of a pixel, s."""
        part = (x - MARGIN) / max(self.width() - 2 * MARGIN, 1)
        return float(self._times[0] + part * (self._times[-1] - self._times[0]))

    @property
    def _has_lane(self) -> bool:
        return self._window is not None or self._reach is not None

    @property
    def _middle(self) -> float:
        """Of the track."""
        return HANDLE + 3 + (LANE if self._has_lane else 0)

    def _on_grip(self, at: QPointF) -> bool:
        if self._window is None or not self._choices or len(self._times) < 2:
            return False
        return at.y() <= LANE + 2 and abs(at.x() - self.x_of(self._window[1])) <= 2 * GRIP

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._on_grip(event.position()):
            self._drags_window = True
        else:
            self.setSliderDown(True)
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drags_window:
            time = self.time_at(event.position().x())
            self._choose_window(int(np.abs(np.array(self._choices) - time).argmin()))
        elif self.isSliderDown():
            self._follow(event)
        elif self._on_grip(event.position()):
            self.setCursor(Qt.CursorShape.SizeHorCursor)
        else:
            self.unsetCursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drags_window = False
        self.setSliderDown(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and event.key() in WINDOW_KEYS:
            self.step_window(WINDOW_KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._tip(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def _tip(self, at: QPointF) -> str:
        """What the row of the forecast shows at a pixel."""
        if at.y() > LANE + 2 or self._window is None or len(self._times) < 2:
            return ""
        if self._on_grip(at) or self.time_at(at.x()) <= self._window[1] or self._reach is None:
            moves = ": drag the mark, or press Shift with ← or →, to end it at another time" if self._choices else ""
            return f"Input from {self._window[0]:.1f} s to {self._window[1]:.1f} s{moves}."
        reach = self._reach
        computed = "" if reach.computed >= reach.end - 1e-6 else f", computed until {reach.computed:.1f} s"
        return f"Forecast from {reach.issued:.1f} s to {reach.end:.1f} s{computed}."

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = shades.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self._middle
        self._paint_ticks(painter, middle, colors)
        bar = QRectF(MARGIN, middle - TRACK / 2, self.width() - 2 * MARGIN, TRACK)
        _fill(painter, bar, colors.hover)
        if len(self._times) < 2 or not self._written:
            return
        end = self.x_of(self._times[self._written - 1])
        _fill(painter, QRectF(MARGIN, bar.top(), end - MARGIN, TRACK), faded(colors.muted, 0.3))
        self._paint_lane(painter, colors)
        at = self.x_of(self._times[min(self.value(), self._written - 1)])
        _fill(painter, QRectF(MARGIN, bar.top(), at - MARGIN, TRACK), colors.accent)
        painter.setPen(QPen(colors.text if self.hasFocus() else colors.base, 1.5))
        painter.setBrush(colors.accent)
        painter.drawEllipse(QPointF(at, middle), HANDLE, HANDLE)

    def _paint_lane(self, painter: QPainter, colors: Shades) -> None:
        """Input and forecast as two bars, and the mark between them."""
        top, height = 3.0, LANE - 6.0
        if self._reach is not None:
            first, now, last = (self.x_of(time) for time in (self._reach.issued, self._reach.computed, self._reach.end))
            painter.fillRect(QRectF(first, top, now - first, height), colors.warning)
            painter.setPen(QPen(colors.warning, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(first, top + 0.5, last - first, height - 1))
        if self._window is None:
            return
        first, last = (self.x_of(time) for time in self._window)
        painter.fillRect(QRectF(first, top, last - first, height), colors.accent)
        painter.fillRect(QRectF(last - 0.75, 0, 1.5, self._middle + HANDLE), colors.text)
        if self._choices:
            painter.setPen(QPen(colors.base, 1))
            painter.setBrush(colors.text)
            painter.drawRoundedRect(QRectF(last - GRIP, 0.5, 2 * GRIP, LANE - 1), 2.5, 2.5)

    def _paint_ticks(self, painter: QPainter, middle: float, colors: Shades) -> None:
        if len(self._times) < 2:
            return
        times = round_ticks(self._times[0], self._times[-1], max(2, int(self.width() / PIXELS_PER_TICK)))
        labels = [number(time) + (" s" if time == times[-1] else "") for time in times]
        ticks = [Tick(self.x_of(time), label) for time, label in zip(times, labels, strict=True)]
        track = QRectF(0, 0, self.width(), middle + HANDLE)
        paint_x_axis(painter, track, ticks, self._small(), colors, overhang=0.0)

    def _follow(self, event: QMouseEvent) -> None:
        if len(self._times) > 1:
            part = (event.position().x() - MARGIN) / max(self.width() - 2 * MARGIN, 1)
            self.setValue(round(part * (len(self._times) - 1)))

    def _small(self) -> QFont:
        return Fonts.of(self.font()).small


def _fill(painter: QPainter, bar: QRectF, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(bar, TRACK / 2, TRACK / 2)
