"""The day drum of one channel on screen. A click says which time was meant."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from quakeview.analysis.helicorder import DAY, Drum, day_drum, midnight
from quakeview.app.drawing import shades
from quakeview.app.drawing.fonts import Fonts
from quakeview.app.drawing.layer import blank_layer
from quakeview.app.drawing.picture import PICTURE_RATIO, draw_picture
from quakeview.app.drawing.shades import Shades
from quakeview.app.drawing.time_axis import utc
from quakeview.app.traces.drum_painter import DrumFrame, DrumStyle, paint_drum, paint_marks, paint_window
from quakeview.app.traces.marks import PickSource
from quakeview.app.traces.picks_layer import MarkList
from quakeview.app.work.background import Background
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.waveforms.channels import Instrument
from quakeview.waveforms.columns import DrawnRecord

GAIN_STEP = 1.25
_GAINS = 0.05, 400.0
_TOP, _RIGHT = 10.0, 18.0


class HelicorderView(QWidget):
    """Shows the day of the time that it is given; the drum is arranged on a worker thread.

    Signals:
        timeClicked: seconds since 1970-01-01 UTC.
        dayWanted: so many days later.
        traceWanted: so many traces further down.
        gainWanted: motion so many times as large.
        hovered: the time under the mouse.
        drawn: another drum is on screen.
    """

    timeClicked = Signal(float)
    dayWanted = Signal(int)
    traceWanted = Signal(int)
    gainWanted = Signal(float)
    hovered = Signal(float)
    drawn = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.colors = shades.current()
        self.style_ = DrumStyle()
        self.minutes = 15
        self.drum: Drum | None = None
        self._records: Sequence[DrawnRecord] = ()
        self._asked: tuple[object, ...] = ()
        self._sentence = ""
        self._window = (0.0, 0.0)
        self._picks: PickSource = MarkList()
        self._station: Instrument | None = None
        self._events: Sequence[tuple[float, str]] = ()
        self._layer: QPixmap | None = None
        self._worker = Background("Arranging the helicorder")
        self._worker.ready.connect(self._take)
        self._worker.failed.connect(self._refuse)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Helicorder")
        self.setMinimumSize(320, 160)

    # --- what is shown -------------------------------------------------------------------------------------------

    def set_records(self, records: Sequence[DrawnRecord], sentence: str = "") -> None:
        """Show a channel as it is drawn; ``sentence`` says why there is nothing."""
        self._records, self._sentence = records, sentence
        self._ask()

    def set_window(self, first: float, last: float) -> None:
        """Show the day of the middle of what the traces show, and where that is on it."""
        self._window = first, last
        self.update()
        self._ask()

    def set_minutes(self, minutes: int) -> None:
        """Rows of another length."""
        self.minutes = minutes
        self._ask()

    def set_style(self, style: DrumStyle) -> None:
        """Draw the same otherwise."""
        self.style_ = replace(style, gain=min(max(style.gain, _GAINS[0]), _GAINS[1]))
        self.refresh()

    def set_marks(self, station: Instrument | None, picks: PickSource, events: Sequence[tuple[float, str]]) -> None:
        """Mark the picks of a station, and events by time and label."""
        self._station, self._picks, self._events = station, picks, events
        self.refresh()

    def set_colors(self, colors: Shades) -> None:
        """Paint in other colours."""
        self.colors = colors
        self.refresh()

    def refresh(self) -> None:
        """Paint anew."""
        self._layer = None
        self.update()

    @property
    def day(self) -> float:
        """Midnight of the day that is wanted, seconds since 1970-01-01 UTC."""
        return midnight(sum(self._window) / 2)

    def forget(self) -> None:
        """Compute no further; before the widget goes."""
        self._worker.forget()

    # --- arranging it --------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Arrange the drum again, if another one is wanted and somebody looks."""
        if not self.isVisible():
            return
        records, day, minutes = self._records, self.day, self.minutes
        columns = max(8, round(self.plot_rect().width() * self.devicePixelRatioF()))
        asked = (records, day, minutes, columns)
        if not records:
            self._asked = ()
            self._worker.forget()
            self._show(None)
        elif asked != self._asked:
            self._asked = asked

            def arrange(_: Progress) -> tuple[tuple[object, ...], Drum]:
                return asked, day_drum(records, day, minutes, columns)

            self._worker.ask(arrange)

    def _take(self, found: tuple[tuple[object, ...], Drum]) -> None:
        asked, drum = found
        if asked == self._asked:
            self._show(drum)

    def _refuse(self, sentence: str) -> None:
        self._sentence = sentence
        self._show(None)

    def _show(self, drum: Drum | None) -> None:
        is_new, self.drum = drum is not self.drum, drum
        self.refresh()
        if is_new:
            self.drawn.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refresh()
        self._ask()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self.refresh()
        super().changeEvent(event)

    # --- painting ------------------------------------------------------------------------------------------------

    def plot_rect(self) -> QRectF:
        """Where the rows are."""
        small = QFontMetricsF(Fonts.of(self.font()).small)
        left, below = small.horizontalAdvance("00:00") + 22, 2 * small.height() + 14
        width, height = self.width() - left - _RIGHT, self.height() - _TOP - below
        return QRectF(round(left), _TOP, max(round(width), 1), max(round(height), 1))

    def frame(self) -> DrumFrame | None:
        """What is painted where; None if there is no drum."""
        if self.drum is None:
            return None
        return DrumFrame(
            self.drum, self.plot_rect(), self.colors, Fonts.of(self.font()), self.style_, self.devicePixelRatioF()
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame = self.frame()
        if self._layer is None or self._layer.devicePixelRatio() != self.devicePixelRatioF():
            self._layer = blank_layer(self, self.colors.base)
            below = QPainter(self._layer)
            below.setFont(self.font())
            self._paint(below, frame)
            below.end()
        painter.drawPixmap(0, 0, self._layer)
        if frame is not None:
            paint_window(painter, frame, *self._window)
        if self.hasFocus():
            painter.fillRect(QRectF(0, 0, 2, self.height()), self.colors.accent)
        painter.end()

    def _paint(self, painter: QPainter, frame: DrumFrame | None) -> None:
        if frame is not None:
            paint_drum(painter, frame)
            day = frame.drum.day
            picks = [] if self._station is None else self._picks.within(self._station, day, day + DAY)
            paint_marks(painter, frame, picks, self._events)
        if said := self.sentence:
            painter.setPen(self.colors.muted)
            painter.drawText(self.plot_rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, said)

    @property
    def sentence(self) -> str:
        """Why there is nothing on the drum; empty if there is something."""
        if self.drum is None:
            return self._sentence or ("Arranging the day…" if self._records else "No seismograms are open.")
        if self.drum.has_data:
            return ""
        return f"Nothing was recorded on {utc(self.drum.day):%Y-%m-%d}; Page Up and Page Down show the days beside it."

    def picture(self, suffix: str) -> bytes:
        """The drum as the content of a ``.png`` or ``.svg``.

        Raises:
            QuakeViewError: if there is none, or for another suffix.
        """
        frame = self.frame()
        if frame is None:
            raise QuakeViewError(f"There is no helicorder to save. {self.sentence}")
        frame = replace(frame, pixel_ratio=PICTURE_RATIO, vector=suffix == ".svg")

        def paint(painter: QPainter) -> None:
            painter.fillRect(self.rect(), frame.colors.base)
            painter.setFont(self.font())
            self._paint(painter, frame)

        return draw_picture(suffix, self.size(), paint, "QuakeView helicorder")

    # --- keys and mouse -----------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Take the keys of days, traces and heights before the actions of the workspace do."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _meaning(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match _meaning(event):
            case "day", step:
                self.dayWanted.emit(step)
            case "trace", step:
                self.traceWanted.emit(step)
            case "gain", step:
                self.gainWanted.emit(GAIN_STEP**step)
            case _:
                super().keyPressEvent(event)

    def time_at(self, position: QPointF) -> float | None:
        """The time at a place; None beside the rows."""
        frame = self.frame()
        return None if frame is None else frame.time_at(position)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        time = self.time_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and time is not None:
            self.timeClicked.emit(time)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        time = self.time_at(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if time is None else Qt.CursorShape.PointingHandCursor)
        if time is not None:
            self.hovered.emit(time)


def _meaning(event: QKeyEvent) -> tuple[str, int] | None:
    """What a key does to a drum: another day, another trace, or other heights, by so many steps."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    shifted, plain = modifiers == Qt.KeyboardModifier.ShiftModifier, modifiers == Qt.KeyboardModifier.NoModifier
    match event.key():
        case Qt.Key.Key_Up if plain:
            return "trace", -1
        case Qt.Key.Key_Down if plain:
            return "trace", 1
        case Qt.Key.Key_PageUp:
            return "day", -1
        case Qt.Key.Key_PageDown:
            return "day", 1
        case Qt.Key.Key_Up if shifted:
            return "gain", 1
        case Qt.Key.Key_Down if shifted:
            return "gain", -1
    return None
