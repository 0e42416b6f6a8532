"""What the panels of a wavefield share: the stage, an empty state, what must be said about it, and a picture."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from quakeview.app.drawing import theme
from quakeview.app.drawing.picture import PICTURES, picture_of
from quakeview.app.texts import captioned
from quakeview.app.wavefield.stage import Stage
from quakeview.app.widgets.saving import save_as
from quakeview.app.widgets.tool_button import ToolButton, tool_button
from quakeview.app.work.background import Background
from quakeview.errors import QuakeViewError
from quakeview.wavefield.scenarios.header import Wavefield

NARROWEST_CHOICE = 96
"""Pixels of a combo box in a small window; its text is cut before a control is lost."""
WIDEST_CLAIM = 560
"""Pixels: a panel is cut in a narrower window rather than making that wider."""


def caveat(wavefield: Wavefield) -> str:
    """What must be known about the amplitudes."""
    if wavefield.frequency is None:
        known = "Up to which frequency waves were simulated is not known: PGV and MMI are lower bounds."
    else:
        known = f"Waves up to {wavefield.frequency:g} Hz: PGV and MMI are lower bounds."
    return f"{known} Illustrative Earth model." if wavefield.illustrative else known


def time_range(wavefield: Wavefield) -> tuple[float, float]:
    """From the first frame to the last one planned, s after the origin time."""
    return wavefield.start_time, wavefield.start_time + max(wavefield.planned_duration, wavefield.frame_step)


class Panel(QWidget):
    """A body, or a sentence in its place that says why there is none and what to do.

    Nothing is computed or drawn while nobody looks.
    """

    def __init__(self, stage: Stage, name: str, empty: str) -> None:
        super().__init__()
        self.stage = stage
        self._backgrounds: list[Background] = []
        self.setAccessibleName(name)
        self._nothing = empty
        self.empty = captioned(empty, "caption")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(24, 24, 24, 24)
        self.body = QWidget()
        self.rows = QVBoxLayout(self.body)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(0)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.body)
        self._restyle = QTimer(self, singleShot=True, interval=0)
        self._restyle.timeout.connect(self.restyle)

        stage.opened.connect(self._open)
        stage.replaced.connect(self._replace)
        stage.grown.connect(self._look)
        stage.forecastChanged.connect(self.show_forecast)
        stage.timeChanged.connect(self._follow_time)

    @property
    def wavefield(self) -> Wavefield | None:
        """What is open."""
        return self.stage.wavefield

    def forget(self) -> None:
        """Compute no further with what was open."""
        for background in self._backgrounds:
            background.forget()

    def _open(self) -> None:
        self.forget()
        self.show_wavefield()

    def _replace(self) -> None:
        self.forget()
        self._look()

    def _look(self) -> None:
        if self.isVisible():
            self.grow()

    def _follow_time(self) -> None:
        if self.isVisible():
            self.set_time(self.stage.time)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), WIDEST_CLAIM), hint.height())

    def background(self, name: str) -> Background:
        """For computations that stop mattering when another wavefield comes."""
        self._backgrounds.append(Background(name))
        return self._backgrounds[-1]

    def show_wavefield(self) -> None:
        """Draw what is open from the beginning, still without a forecast; it may be nothing."""
        raise NotImplementedError

    def show_forecast(self) -> None:
        """Another forecast is shown, or none."""

    def grow(self) -> None:
        """More frames have come, or the panel is seen again."""

    def showEvent(self, event: QShowEvent) -> None:
        """What was not worth computing while nobody looked."""
        super().showEvent(event)
        self.grow()
        self.set_time(self.stage.time)

    def set_time(self, time: float) -> None:
        """The time now on the maps, s after the origin time."""

    def restyle(self) -> None:
        """The colours of the theme have changed."""

    def picture_parts(self) -> Sequence[QWidget]:
        """The widgets that make the picture."""
        raise NotImplementedError

    def picture(self, suffix: str) -> bytes:
        """What is shown: the content of a ``.png`` or ``.svg``.

        Raises:
            QuakeViewError: nothing is shown, or for another suffix.
        """
        if self._stack.currentWidget() is self.empty:
            raise QuakeViewError(f"There is no picture to save. {self.empty.text()}")
        return picture_of(suffix, self.picture_parts(), theme.current().base)

    def ask_for_picture(self) -> None:
        """Let the user choose the file."""
        save_as(self, "Save picture", f"{self.accessibleName().lower()}.png", PICTURES, self.picture)

    def add_tools(self) -> QHBoxLayout:
        """Add a row for the controls of the panel."""
        tools = QHBoxLayout()
        tools.setContentsMargins(10, 6, 10, 6)
        tools.setSpacing(6)
        self.rows.addLayout(tools)
        return tools

    def picture_button(self) -> ToolButton:
        """Saves the picture."""
        return tool_button("image-outline", "Save picture…", self.ask_for_picture)

    def show_body(self) -> None:
        self._stack.setCurrentWidget(self.body)

    def show_empty(self, sentence: str = "") -> None:
        """Say ``sentence``, by default what the panel is for."""
        self.empty.setText(sentence or self._nothing)
        self._stack.setCurrentWidget(self.empty)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_restyle"):
            self._restyle.start()
