"""The forecast of the day that is shown, and of the days around it, computed before they are asked for. No widgets."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal

from quakeview.app.seismicity.forecasts.making import ForecastMaking
from quakeview.app.work.background import Background
from quakeview.jobs import Progress
from quakeview.seismicity.choosing import MOST_SCORED
from quakeview.seismicity.maps.day_forecast import DayForecast
from quakeview.seismicity.maps.kept_days import KeptDays

_SOON = 20
"""Days: one that comes so soon is waited for, for a later one the computation begins anew."""


class DaysAhead(QObject):
    """Follows the forecaster and the day of the state.

    Attributes:
        kept: the days of the forecaster that is shown; None without one.

    Signals:
        keptChanged: of another forecaster, or none.
        shownChanged: the forecast that is shown is another one, or came.
        grown: further days are there.
        failed: days could not be computed; a sentence.
    """

    keptChanged = Signal()
    shownChanged = Signal()
    grown = Signal()
    failed = Signal(str)
    _came = Signal(object, int)

    def __init__(self, making: ForecastMaking) -> None:
        super().__init__()
        self.making, self.state = making, making.state
        self.kept: KeptDays | None = None
        self._coming = range(0)
        self._computing = Background("Forecasting")
        self._computing.ready.connect(lambda _: self.grown.emit())
        self._computing.failed.connect(self.failed)
        self._came.connect(self._receive, Qt.ConnectionType.QueuedConnection)
        self.state.catalogueChanged.connect(self._take_forecaster)
        self.state.forecasterChanged.connect(self._take_forecaster)
        self.state.dayChanged.connect(self._take_day)
        making.changed.connect(self._take_worth)

    @property
    def shown(self) -> DayForecast | None:
        """The forecast of the day that is shown; None while it is not there."""
        return None if self.kept is None else self.kept.get(self.state.choices.day)

    @property
    def days(self) -> range:
        """The days that can be gone through."""
        if self.kept is None:
            return range(0)
        around = self.kept.around(self.kept.last)
        day = self.state.choices.day
        return around if day in around else self.kept.around(day)

    def shut_down(self) -> None:
        """Compute nothing more."""
        self._computing.forget()

    def _take_forecaster(self) -> None:
        self._computing.forget()
        forecaster = self.state.forecaster
        self._coming = range(0)
        if forecaster is None:
            self.kept = None
        else:
            self.kept = KeptDays(forecaster, self.state.catalogue, self.making.provenance, self._long_term())
        self.keptChanged.emit()
        self._take_day()

    def _take_worth(self) -> None:
        """Scores and the long-term rate may come after the forecaster."""
        if self.kept is None or self.making.provenance is None:
            return
        changed = self.kept.provenance != self.making.provenance
        self.kept.provenance = self.making.provenance
        if self.kept.long_term is None and (rates := self._long_term()) is not None:
            self.kept.long_term, changed = rates.astype(np.float32), True
            self.keptChanged.emit()
        if changed:
            self.shownChanged.emit()

    def _long_term(self) -> NDArray[np.float64] | None:
        smoothed = self.making.prepared.long_term
        return None if smoothed is None else smoothed.rates * smoothed.window.length

    def _take_day(self) -> None:
        day = self.state.choices.day
        if self.kept is not None and self.kept.get(day) is None and day not in self._coming:
            self._computing.forget()
            self._coming = range(day, day + _SOON)
            self._computing.ask(partial(_compute, self.kept, day, self.days, self._came.emit))
        self.shownChanged.emit()

    def _receive(self, kept: KeptDays, day: int) -> None:
        if kept is not self.kept:
            return
        self._coming = range(day, day + _SOON)
        if day == self.state.choices.day:
            self.shownChanged.emit()


def _compute(
    kept: KeptDays, day: int, around: range, came: Callable[[KeptDays, int], None], progress: Progress
) -> None:
    """The day itself first, since it is waited for, then those after it, those that are scored, and all before them."""
    scored = max(around.start, min(day, kept.last - MOST_SCORED))
    for days in (range(day, day + 1), range(day + 1, around.stop), range(scored, day), range(around.start, scored)):
        kept.compute(days, progress, lambda each: came(kept, each))
