"""The row under the maps: to start, back, play, on, to end, loop; the scrubber; the time; the speed."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from quakeview.app.drawing import theme
from quakeview.app.wavefield.playback.player import AS_FAST_AS_IT_CAN, SPEEDS, Player
from quakeview.app.wavefield.playback.scrubber import Scrubber
from quakeview.wavefield.forecasting.forecast_making import INPUTS


class PlaybackBar(QWidget):
    """Steers a player and shows where it is, and from what the next forecast is made."""

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
        self.now = QPushButton("To now")
        self.now.setAccessibleName("Follow what happens now")
        self.now.setToolTip("Show the newest frame, and those that follow as they come")
        self.now.clicked.connect(player.follow)
        self.speed = QComboBox()
        self.speed.setAccessibleName("Speed of playback")
        self.speed.setToolTip("Speed: ×1 is real time")
        self.speed.addItems([_speed_text(speed) for speed in SPEEDS])
        self._resume = False
        self._lay_out()
        self.scrubber.windowChosen.connect(player.stage.choose_input)
        self.scrubber.valueChanged.connect(player.seek)
        self.scrubber.sliderPressed.connect(self._hold)
        self.scrubber.sliderReleased.connect(self._let_go)
        self.speed.activated.connect(lambda row: player.set_speed(SPEEDS[row]))
        player.frameChanged.connect(self._show_time)
        player.stateChanged.connect(self._show_state)
        player.grown.connect(self._show_state)
        stage = player.stage
        for changed in (stage.opened, stage.forecastChanged, stage.inputChosen, stage.workChanged):
            changed.connect(self._show_forecast)
        stage.frameCame.connect(self._show_reach)
        self._show_state()
        self._show_forecast()

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
        row.addWidget(self.now)
        row.addWidget(self.speed)

    def _hold(self) -> None:
        """While the handle is held the clock stands still."""
        self._resume = self.player.playing
        self.player.pause()

    def _let_go(self) -> None:
        if self._resume:
            self.player.play()

    def _show_forecast(self) -> None:
        """How far the forecast is, and when the input of the next one ends, which cannot be chosen in a replay."""
        stage, scrubber = self.player.stage, self.scrubber
        scrubber.set_window_choices(() if stage.live is not None else INPUTS)
        scrubber.set_forecast(stage.forecast)
        scrubber.set_input_end(stage.until)

    def _show_reach(self) -> None:
        if self.player.stage.forecast is not None:
            self.scrubber.set_forecast(self.player.stage.forecast)

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
        self.now.setVisible(player.happens and not player.following)
        self.speed.setEnabled(there and not (player.happens and player.following))
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
