"""The row under the maps: to start, back, play, on, to end, loop; the scrubber; the time; the speed."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QWidget

from quakeview.app import theme
from quakeview.app.traceview.colors import faded
from quakeview.app.traceview.fonts import Fonts
from quakeview.app.wavefield.player import AS_FAST_AS_IT_CAN, SPEEDS, Player
from quakeview.app.wavefield.scales import number, round_ticks

TRACK, HANDLE = 6.0, 7.0
MARGIN = 10
PIXELS_PER_TICK = 70.0
PAGE_STEP = 10


class Scrubber(QSlider):
    """A slider over the frames with seconds below it. Left, Right, Page Up, Page Down, Home and End move it."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._times = np.zeros(0)
        self._written = 0
        self._window: tuple[float, float] | None = None
        self.setAccessibleName("Time of the wavefield")
        self.setPageStep(PAGE_STEP)
        self.setEnabled(False)
        self.setRange(0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_times(self, times: np.ndarray, written: int) -> None:
        """All frames' times, s, and how many of them there are so far."""
        self._times, self._written = times, written
        self.setEnabled(written > 0)
        self.setRange(0, max(written - 1, 0))
        self.update()

    def set_input_window(self, window: tuple[float, float] | None) -> None:
        """Shade from the first to the second of two times, s: what a forecast is made from."""
        self._window = window
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, round(HANDLE * 2 + QFontMetricsF(self._small()).height() + 10))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def x_of(self, time: float) -> float:
        """Pixel of a time."""
        if len(self._times) < 2:
            return MARGIN
        part = (time - self._times[0]) / (self._times[-1] - self._times[0])
        return MARGIN + part * (self.width() - 2 * MARGIN)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = HANDLE + 3
        self._paint_ticks(painter, middle, QColor(colors.muted), QColor(colors.border))
        bar = QRectF(MARGIN, middle - TRACK / 2, self.width() - 2 * MARGIN, TRACK)
        _fill(painter, bar, QColor(colors.hover))
        if len(self._times) < 2 or not self._written:
            return
        end = self.x_of(self._times[self._written - 1])
        if self._window is not None:
            first, last = (self.x_of(time) for time in self._window)
            painter.fillRect(QRectF(first, 0, last - first, 2 * middle), faded(QColor(colors.accent), 0.22))
        _fill(painter, QRectF(MARGIN, bar.top(), end - MARGIN, TRACK), faded(QColor(colors.muted), 0.3))
        at = self.x_of(self._times[min(self.value(), self._written - 1)])
        _fill(painter, QRectF(MARGIN, bar.top(), at - MARGIN, TRACK), QColor(colors.accent))
        painter.setPen(QPen(QColor(colors.text if self.hasFocus() else colors.base), 1.5))
        painter.setBrush(QColor(colors.accent))
        painter.drawEllipse(QPointF(at, middle), HANDLE, HANDLE)

    def _paint_ticks(self, painter: QPainter, middle: float, text: QColor, line: QColor) -> None:
        if len(self._times) < 2:
            return
        small = self._small()
        metrics = QFontMetricsF(small)
        painter.setFont(small)
        most = max(2, int(self.width() / PIXELS_PER_TICK))
        ticks = round_ticks(self._times[0], self._times[-1], most)
        for time in ticks:
            x, top = self.x_of(time), middle + HANDLE
            painter.setPen(QPen(line, 1))
            painter.drawLine(QPointF(x, top), QPointF(x, top + 3))
            label = number(time) + (" s" if time == ticks[-1] else "")
            left = max(x - metrics.horizontalAdvance(number(time)) / 2, 0)
            left = min(left, self.width() - metrics.horizontalAdvance(label))
            painter.setPen(text)
            painter.drawText(QPointF(left, top + 4 + metrics.ascent()), label)

    def _follow(self, event: QMouseEvent) -> None:
        if len(self._times) > 1:
            part = (event.position().x() - MARGIN) / max(self.width() - 2 * MARGIN, 1)
            self.setValue(round(part * (len(self._times) - 1)))

    def _small(self) -> QFont:
        return Fonts.of(self.font()).small


class PlaybackBar(QWidget):
    """Steers a player and shows where it is."""

    def __init__(self, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.player = player
        self.to_start = _button("To the start", lambda: player.seek(0))
        self.back = _button("One frame back", lambda: player.step(-1))
        self.play = _button("Play", player.toggle)
        self.on = _button("One frame on", lambda: player.step(1))
        self.to_end = _button("To the end", lambda: player.seek(player.n_frames - 1))
        self.loop = _button("Play again and again", lambda: player.set_loop(self.loop.isChecked()))
        self.loop.setCheckable(True)
        self.scrubber = Scrubber()
        self.time = QLabel()
        self.time.setAccessibleName("Time after the origin time")
        self.time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.speed = QComboBox()
        self.speed.setAccessibleName("Speed of playback")
        self.speed.setToolTip("Speed: ×1 is real time")
        self.speed.addItems([_speed_text(speed) for speed in SPEEDS])
        self._resume = False
        self._lay_out()
        self.scrubber.valueChanged.connect(player.seek)
        self.scrubber.sliderPressed.connect(self._hold)
        self.scrubber.sliderReleased.connect(self._let_go)
        self.speed.activated.connect(lambda row: player.set_speed(SPEEDS[row]))
        player.frameChanged.connect(self._show_time)
        player.stateChanged.connect(self._show_state)
        player.grown.connect(self._show_state)
        self._show_state()

    def set_input_window(self, window: tuple[float, float] | None) -> None:
        """Shade from the first to the second of two times, s, on the scrubber."""
        self.scrubber.set_input_window(window)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._show_state()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(2)
        for button in (self.to_start, self.back, self.play, self.on, self.to_end, self.loop):
            row.addWidget(button)
        row.addSpacing(6)
        row.addWidget(self.scrubber, 1)
        row.addSpacing(6)
        row.addWidget(self.time)
        row.addSpacing(10)
        row.addWidget(self.speed)

    def _hold(self) -> None:
        """While the handle is held the clock stands still."""
        self._resume = self.player.playing
        self.player.pause()

    def _let_go(self) -> None:
        if self._resume:
            self.player.play()

    def _show_time(self) -> None:
        """Where the player is."""
        with QSignalBlocker(self.scrubber):
            self.scrubber.setValue(self.player.index)
        self.time.setText(f"t = {self.player.time:.1f} s".replace("-", "−") if self.player.n_frames else "")

    def _show_state(self) -> None:
        """What the player does and can do."""
        player = self.player
        there = player.n_frames > 0
        for button, name in (
            (self.to_start, "skip-previous"),
            (self.back, "step-backward"),
            (self.play, "pause" if player.playing else "play"),
            (self.on, "step-forward"),
            (self.to_end, "skip-next"),
            (self.loop, "repeat"),
        ):
            button.setIcon(theme.icon(name))
            button.setEnabled(there)
        self.play.setAccessibleName("Pause" if player.playing else "Play")
        self.play.setToolTip(self.play.accessibleName())
        self.loop.setChecked(player.loop)
        self.speed.setEnabled(there)
        self.speed.setCurrentIndex(SPEEDS.index(player.speed))
        self.time.setMinimumWidth(self.time.fontMetrics().horizontalAdvance("t = 000.0 s"))
        with QSignalBlocker(self.scrubber):
            self.scrubber.set_times(player.times, player.n_frames)
        self._show_time()


def _button(name: str, pressed: Callable[[], object]) -> QToolButton:
    button = QToolButton()
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setIconSize(QSize(20, 20))
    button.clicked.connect(pressed)
    return button


def _speed_text(speed: float) -> str:
    return "Every frame" if speed == AS_FAST_AS_IT_CAN else f"× {speed:g}"


def _fill(painter: QPainter, bar: QRectF, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(bar, TRACK / 2, TRACK / 2)
