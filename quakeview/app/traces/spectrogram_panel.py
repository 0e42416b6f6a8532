"""The spectrogram of the selected trace, under the same time range as the trace view."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from quakeview.analysis.spectrograms import Spectrogram
from quakeview.app.drawing.axes import Tick, paint_y_axis
from quakeview.app.drawing.fonts import Fonts
from quakeview.app.drawing.images import ramp, values_image
from quakeview.app.drawing.time_axis import paint_time_axis, utc
from quakeview.app.traces.timewidget import TimeWidget
from quakeview.app.work.background import Background
from quakeview.colours import VIRIDIS
from quakeview.scales import Scale, number, round_ticks

Compute = Callable[[float, float, int], Spectrogram | None]

SETTLE_MS = 60
RIGHT_MARGIN = 12
DARKEST, BRIGHTEST = 5, 99.5
DYNAMIC_RANGE = 90
TOP_MARGIN = 6
FREQUENCY_SPACING = 2.2


class SpectrogramPanel(TimeWidget):
    """Power over time and frequency in dB, computed in a worker whenever the view has come to rest.

    Until the new picture is there the old one is shown where it belongs in time. The time range is
    navigated as in the trace view; the plain wheel zooms.
    """

    ready = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.placeholder = "Select a trace to see its spectrogram."
        self._compute: Compute | None = None
        self._title = ""
        self._gutter = 64.0
        self._image: QImage | None = None
        self._shown: Spectrogram | None = None
        self._scale = decibels(0.0, 1.0)
        self._message = ""
        self._worker = Background("The spectrogram")
        self._worker.ready.connect(self._show)
        self._worker.failed.connect(lambda sentence: self._show(None, sentence))
        self._timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._timer.timeout.connect(self._ask)
        self.viewChanged.connect(self._timer.start)
        self.setAccessibleName("Spectrogram")
        self.setToolTip("Power spectral density in dB relative to one squared unit of the trace per hertz")
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
        self._image = None
        self._message = problem or ("" if result else "no data in view")
        if result is not None:
            finite = result.power[np.isfinite(result.power)]
            low, high = np.percentile(finite, (DARKEST, BRIGHTEST))
            self._scale = decibels(float(max(low, high - DYNAMIC_RANGE)), float(max(high, low + 1)))
            self._image = values_image(result.power[::-1], self._scale)
        self.update()
        self.ready.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
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
            self._paint_frequencies(painter, plot, self._shown.highest)
            self._paint_color_bar(painter, plot)
        else:
            painter.setPen(self.colors.muted)
            painter.drawText(plot, Qt.AlignmentFlag.AlignCenter, self._message or self.placeholder)
        strip = QRectF(plot.left(), plot.bottom(), plot.width(), self.height() - plot.bottom())
        paint_time_axis(painter, strip, self.view, self.colors)
        painter.setPen(self.colors.text)
        corner = QRectF(10, strip.top() + 6, self._gutter - 18, QFontMetricsF(painter.font()).height())
        painter.drawText(corner, Qt.AlignmentFlag.AlignVCenter, f"{utc(self.view[0]):%Y-%m-%d} UTC")
        self.paint_box(painter)
        painter.end()

    def _paint_frequencies(self, painter: QPainter, plot: QRectF, highest: float) -> None:
        font = Fonts.of(self.font()).small
        most = max(2, int(plot.height() / (FREQUENCY_SPACING * QFontMetricsF(font).height())))
        frequencies = round_ticks(0.0, highest, most + 1)
        labels = [f"{number(frequency)}{' Hz' if frequency == frequencies[-1] else ''}" for frequency in frequencies]
        places = [plot.bottom() - frequency / highest * plot.height() for frequency in frequencies]
        paint_y_axis(painter, plot, [*map(Tick, places, labels)], font, self.colors, overhang=0.0)

    def _paint_color_bar(self, painter: QPainter, plot: QRectF) -> None:
        """In the gutter: the range of the colours in dB, and the name of the trace."""
        metrics = QFontMetricsF(painter.font())
        top = plot.top() + 1.6 * metrics.height()
        bar = QRectF(10, top, 8, max(1.0, plot.bottom() - top - 2))
        painter.drawImage(bar, ramp(self._scale))
        painter.setPen(self.colors.muted)
        width = self._gutter - 84
        for value, y in ((self._scale.low, bar.bottom() - metrics.height()), (self._scale.high, bar.top())):
            text = f"{value:.0f} dB"
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
