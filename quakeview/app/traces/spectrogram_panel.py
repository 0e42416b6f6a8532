"""The spectrogram of the selected trace, under the same time range as the trace view."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from quakeview.analysis.spectrograms import Spectrogram
from quakeview.app.drawing.axes import Tick, paint_y_axis
from quakeview.app.drawing.fonts import Fonts
from quakeview.app.drawing.images import ramp, values_image
from quakeview.app.drawing.shades import faded
from quakeview.app.drawing.time_axis import paint_time_axis, utc
from quakeview.app.traces.marks import PickSource
from quakeview.app.traces.picks_layer import pick_pen
from quakeview.app.traces.timewidget import TimeWidget
from quakeview.app.work.background import Background
from quakeview.colours import VIRIDIS
from quakeview.scales import Scale, log_ticks, number, round_ticks
from quakeview.waveforms.channels import Instrument

Compute = Callable[[float, float, int], Spectrogram | None]

SETTLE_MS = 60
RIGHT_MARGIN = 12
DARKEST, BRIGHTEST = 5, 99.5
DYNAMIC_RANGE = 90
ENOUGH = 300_000
"""Values from which percentiles are taken."""
TOP_MARGIN = 6
FREQUENCY_SPACING = 2.2
PIXELS_PER_PICK, CROWD_HEIGHT = 6, 8
"""Where there are more picks, they are short lines at the upper edge."""


@dataclass(frozen=True)
class Look:
    """How a spectrogram is drawn.

    Attributes:
        logarithmic: the frequency axis.
        relative: dB are relative to the largest power in view, not to one squared unit per hertz.
        decibels: from the darkest colour to the brightest, which is the largest power in view; None: between
            percentiles of what is in view.
    """

    logarithmic: bool = False
    relative: bool = False
    decibels: float | None = None

    def scale(self, power: NDArray[np.float32]) -> Scale:
        """The colours of ``power``, dB, some of which is finite."""
        if self.decibels is not None:
            high = float(np.nanmax(power))
            return decibels(high - self.decibels, high)
        some = power[:, :: max(power.size // ENOUGH, 1)]
        low, high = np.nanpercentile(some if np.isfinite(some).any() else power, (DARKEST, BRIGHTEST))
        return decibels(float(max(low, high - DYNAMIC_RANGE)), float(max(high, low + 1)))


class SpectrogramPanel(TimeWidget):
    """Power over time and frequency in dB, computed in a worker whenever the view has come to rest.

    Until the new picture is there the old one is shown where it belongs in time. The time range is
    navigated as in the trace view; the plain wheel zooms.

    Signals:
        ready: there is an answer.
        cursorMoved: the time under the mouse, seconds since 1970-01-01 UTC; None when it leaves.
    """

    ready = Signal()
    cursorMoved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.placeholder = "Select a trace to see its spectrogram."
        self._compute: Compute | None = None
        self._title = ""
        self._gutter = 64.0
        self._image: QImage | None = None
        self._shown: Spectrogram | None = None
        self.look = Look()
        self._scale = decibels(0.0, 1.0)
        self.caption = ""
        self._picks: tuple[PickSource, Instrument] | None = None
        self.marked: float | None = None
        self._message = ""
        self._worker = Background("The spectrogram")
        self._worker.ready.connect(self._show)
        self._worker.failed.connect(lambda sentence: self._show(None, sentence))
        self._timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._timer.timeout.connect(self._ask)
        self.viewChanged.connect(self._timer.start)
        self.setAccessibleName("Spectrogram")
        self.setMinimumHeight(110)

    def set_source(self, compute: Compute | None, title: str = "") -> None:
        """Show another trace.

        Args:
            compute: called on a worker thread as ``compute(first, last, n_columns)``, for example
                ``partial(record_spectrogram, record)``; None shows the placeholder.
            title: name of the channel.
        """
        self._compute, self._title = compute, title
        self._image = self._shown = None
        self._message = "computing…" if compute else ""
        self._worker.forget()
        self._timer.start()
        self.update()

    @property
    def shown(self) -> Spectrogram | None:
        """What is drawn; None if nothing is."""
        return self._shown

    def set_compute(self, compute: Compute) -> None:
        """Compute the same trace by other rules; until then what is there stays."""
        self._compute = compute
        self._worker.forget()
        self._timer.start()

    def set_look(self, look: Look) -> None:
        """Draw what is there in another way."""
        self.look = look
        self._draw_image()

    def set_picks(self, source: PickSource, station: Instrument) -> None:
        """Draw the picks of a station; they are asked for anew with each picture."""
        self._picks = source, station
        self.update()

    def set_caption(self, words: str) -> None:
        """Say in a corner of the picture how it was made."""
        self.caption = words
        self.update()

    def set_cursor(self, time: float | None) -> None:
        """Mark a time; None: no time."""
        if time != self.marked:
            self.marked = time
            self.update()

    def set_gutter(self, width: float) -> None:
        """Left margin, to line up with the trace view."""
        self._gutter = max(width, 64.0)
        self._timer.start()
        self.update()

    def plot_rect(self) -> QRectF:
        axis = QFontMetricsF(self.font()).height() + 10
        width = max(1.0, self.width() - self._gutter - RIGHT_MARGIN)
        return QRectF(self._gutter, TOP_MARGIN, width, max(1.0, self.height() - TOP_MARGIN - round(axis)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._timer.start()
        super().resizeEvent(event)

    def _ask(self) -> None:
        if self._compute is None or not self.isVisible():
            return
        compute, view, columns = self._compute, self.view, max(8, round(self.plot_rect().width()))
        self._worker.ask(lambda _: compute(*view, columns))

    def showEvent(self, event: QShowEvent) -> None:
        self._timer.start()
        super().showEvent(event)

    def _show(self, result: Spectrogram | None, problem: str = "") -> None:
        self._shown = result
        self._message = problem or ("" if result else "no data in view")
        self._draw_image()
        self.ready.emit()

    def _draw_image(self) -> None:
        self._image = None
        if (shown := self._shown) is not None:
            rows = shown.on_log_axis(2 * round(self.plot_rect().height())) if self.look.logarithmic else shown.power
            self._scale = self.look.scale(rows)
            self._image = values_image(rows[::-1], self._scale)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self.plot_rect().contains(event.position()):
            self.set_cursor(self.time_at(event.position().x()))
            self.cursorMoved.emit(self.marked)

    def leaveEvent(self, event: QEvent) -> None:
        self.set_cursor(None)
        self.cursorMoved.emit(None)
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint(painter)
        self._paint_cursor(painter)
        self.paint_box(painter)
        painter.end()

    def paint_picture(self, painter: QPainter, area: QRectF) -> None:
        """Paint what is shown into ``area``, without the cursor."""
        painter.save()
        painter.translate(area.topLeft())
        self._paint(painter)
        painter.restore()

    def _paint(self, painter: QPainter) -> None:
        painter.setFont(self.font())
        painter.fillRect(self.rect(), self.colors.base)
        plot = self.plot_rect()
        painter.fillRect(plot, self.colors.window)
        if self._image is not None and self._shown is not None:
            painter.save()
            painter.setClipRect(plot)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            left, right = self.x_at(self._shown.first), self.x_at(self._shown.last)
            painter.drawImage(QRectF(left, plot.top(), right - left, plot.height()), self._image)
            painter.restore()
            self._paint_picks(painter, plot)
            self._paint_caption(painter, plot)
            self._paint_frequencies(painter, plot, self._shown)
            self._paint_color_bar(painter, plot)
        else:
            painter.setPen(self.colors.muted)
            painter.drawText(plot, Qt.AlignmentFlag.AlignCenter, self._message or self.placeholder)
        strip = QRectF(plot.left(), plot.bottom(), plot.width(), self.height() - plot.bottom())
        paint_time_axis(painter, strip, self.view, self.colors)
        painter.setPen(self.colors.text)
        corner = QRectF(10, strip.top() + 6, self._gutter - 18, QFontMetricsF(painter.font()).height())
        painter.drawText(corner, Qt.AlignmentFlag.AlignVCenter, f"{utc(self.view[0]):%Y-%m-%d} UTC")

    def _paint_picks(self, painter: QPainter, plot: QRectF) -> None:
        if self._picks is None:
            return
        source, station = self._picks
        crowded = PIXELS_PER_PICK * source.number_within(station, *self.view) > plot.width()
        height = CROWD_HEIGHT if crowded else plot.height()
        if crowded:
            times = ((phase, time) for phase, onsets in source.onsets(station).items() for time in onsets)
            lines = [(QPen(self.colors.phase(phase), 1), time) for phase, time in times if self._is_in_view(time)]
        else:
            lines = [(pick_pen(mark, self.colors), mark.time) for mark in source.within(station, *self.view)]
        for pen, time in lines:
            x = round(self.x_at(time)) + 0.5
            line = QLineF(x, plot.top(), x, plot.top() + height)
            painter.setPen(QPen(faded(QColor("white"), 0.6), 4))
            painter.drawLine(line)
            painter.setPen(QPen(faded(pen.color(), 1.0), 2, pen.style()))
            painter.drawLine(line)

    def _paint_caption(self, painter: QPainter, plot: QRectF) -> None:
        painter.save()
        painter.setFont(Fonts.of(self.font()).small)
        metrics = QFontMetricsF(painter.font())
        words = metrics.elidedText(self.caption, Qt.TextElideMode.ElideRight, plot.width() - 24)
        size = metrics.horizontalAdvance(words) + 12, metrics.height() + 4
        place = QRectF(plot.right() - 6 - size[0], plot.top() + 6, *size)
        painter.fillRect(place, faded(self.colors.base, 0.8))
        painter.setPen(self.colors.text)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
        painter.restore()

    def _is_in_view(self, time: float) -> bool:
        return self.view[0] <= time <= self.view[1]

    def _paint_cursor(self, painter: QPainter) -> None:
        if self.marked is not None and self._is_in_view(self.marked):
            plot, x = self.plot_rect(), round(self.x_at(self.marked)) + 0.5
            painter.setPen(QPen(faded(QColor("white"), 0.9), 1))
            painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))

    def _paint_frequencies(self, painter: QPainter, plot: QRectF, shown: Spectrogram) -> None:
        font = Fonts.of(self.font()).small
        most = max(2, int(plot.height() / (FREQUENCY_SPACING * QFontMetricsF(font).height())))
        if self.look.logarithmic:
            frequencies = log_ticks(shown.lowest, shown.highest, most + 1)
            shares = [np.log(f / shown.lowest) / np.log(shown.highest / shown.lowest) for f in frequencies]
        else:
            frequencies = round_ticks(0.0, shown.highest, most + 1)
            shares = [frequency / shown.highest for frequency in frequencies]
        labels = [f"{number(frequency)}{' Hz' if frequency == frequencies[-1] else ''}" for frequency in frequencies]
        places = [plot.bottom() - float(share) * plot.height() for share in shares]
        paint_y_axis(painter, plot, [*map(Tick, places, labels)], font, self.colors, overhang=0.0)

    @property
    def _loudest(self) -> float:
        """The largest power in view, dB."""
        return 0.0 if self._shown is None else float(np.nanmax(self._shown.power))

    def _paint_color_bar(self, painter: QPainter, plot: QRectF) -> None:
        """In the gutter: the range of the colours in dB, and the name of the trace."""
        metrics = QFontMetricsF(painter.font())
        top = plot.top() + 1.6 * metrics.height()
        bar = QRectF(10, top, 8, max(1.0, plot.bottom() - top - 2))
        painter.drawImage(bar, ramp(self._scale))
        painter.setPen(self.colors.muted)
        width = self._gutter - 84
        for value, y in ((self._scale.low, bar.bottom() - metrics.height()), (self._scale.high, bar.top())):
            level = value - self._loudest if self.look.relative else value
            text = f"{level:.0f} dB".replace("-", "−")
            if metrics.horizontalAdvance(text) <= width:
                painter.drawText(QRectF(22, y, width, metrics.height()), Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(self.colors.text)
        title = metrics.elidedText(self._title, Qt.TextElideMode.ElideRight, self._gutter - 64)
        painter.drawText(
            QRectF(10, plot.top(), self._gutter - 60, metrics.height()), Qt.AlignmentFlag.AlignVCenter, title
        )


def decibels(low: float, high: float) -> Scale:
    """The colours of power from ``low`` to ``high``, dB."""
    return Scale("Power", low, high, "dB", VIRIDIS)
