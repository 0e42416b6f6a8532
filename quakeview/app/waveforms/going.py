"""Going to a time that is typed."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from quakeview.analysis.time_entry import parse_time
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.traces import TraceView
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.widgets.passing_field import PassingField
from quakeview.errors import QuakeViewError
from quakeview.texts import clock, date

_WIDTH = 260
_TIP = "UTC: 2019-07-04T17:02, 16:33 of the same day, 2019-185 (day of the year), +30 s, −2 min, +1 h"


class GoToTime(QObject):
    """Moves the view to the time that is typed, and says where that is if nothing was recorded then.

    Signals:
        said: a sentence for the status bar.
    """

    said = Signal(str)

    def __init__(self, session: WaveformsSession, view: TraceView, registry: ActionRegistry, centre: QWidget) -> None:
        super().__init__(view)
        self._session, self._view = session, view
        self.field = PassingField(centre, "Go to time, UTC", "16:33, +30 s, 2019-185 17:02", _WIDTH)
        self.field.setToolTip(_TIP)
        self.field.returnPressed.connect(lambda: self.go(self.field.text()))
        registry.bind("view.go_to_time", self.field.begin, lambda: bool(session.stations) or "Open a file first.")

    def go(self, text: str) -> None:
        """Put the time that is written into the middle of the view, if it is within the records."""
        first, last = self._view.view
        try:
            time = parse_time(text, (first + last) / 2)
        except QuakeViewError as error:
            self.said.emit(str(error))
            return
        self.field.leave()
        coverage = self._session.coverage()
        begin, end = coverage[0][0], max(stretch[1] for stretch in coverage)
        if not begin <= time <= end:
            self.said.emit(
                f"{_written(time)} is outside of the records, which are from {_written(begin)} to {_written(end)}."
            )
            return
        half = (last - first) / 2
        self._view.set_view(time - half, time + half)
        inside = any(start <= time <= stop for start, stop in coverage)
        self.said.emit(f"{_written(time)}{'' if inside else ': nothing was recorded then'}")


def _written(time: float) -> str:
    return f"{date(time)} {clock(time, 2)} UTC"
