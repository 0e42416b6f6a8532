"""Goes through the days of a forecast, one after the other. No widgets."""

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from quakeview.app.seismicity.forecasts.days_ahead import DaysAhead

SPEEDS = (2, 5, 10, 30)
"""Days a second."""


class DayPlayer(QObject):
    """Shows a day after the other until the last; one that is not there yet is waited for.

    Signals:
        changed: it plays, or no more.
    """

    changed = Signal()

    def __init__(self, ahead: DaysAhead) -> None:
        super().__init__()
        self._ahead, self._state = ahead, ahead.state
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._go_on)
        self.set_speed(SPEEDS[2])
        self._state.catalogueChanged.connect(self.pause)

    @property
    def playing(self) -> bool:
        """Whether days go by."""
        return self._timer.isActive()

    @property
    def speed(self) -> int:
        """Days a second."""
        return self._speed

    def set_speed(self, speed: int) -> None:
        """So many days a second."""
        self._speed = speed
        self._timer.setInterval(round(1000 / speed))

    def toggle(self) -> None:
        """Play, from the first day if the last one is shown; or pause."""
        if self.playing:
            self.pause()
            return
        days = self._ahead.days
        if not days:
            return
        if self._state.choices.day >= days[-1]:
            self._state.choose(day=days[0])
        self._timer.start()
        self.changed.emit()

    def pause(self) -> None:
        """Stay on this day."""
        if self.playing:
            self._timer.stop()
            self.changed.emit()

    def step(self, count: int) -> None:
        """Pause, and show the day ``count`` later, as far as there are days."""
        self.pause()
        self._go(self._state.choices.day + count)

    def go_to_end(self, last: bool) -> None:
        """Pause, and show the last day or the first."""
        self.pause()
        if days := self._ahead.days:
            self._state.choose(day=days[-1] if last else days[0])

    def _go(self, day: int) -> None:
        days = self._ahead.days
        if days:
            self._state.choose(day=min(max(day, days[0]), days[-1]))

    def _go_on(self) -> None:
        days = self._ahead.days
        if not days or self._state.choices.day >= days[-1]:
            self.pause()
        elif self._ahead.shown is not None:
            self._state.choose(day=self._state.choices.day + 1)
