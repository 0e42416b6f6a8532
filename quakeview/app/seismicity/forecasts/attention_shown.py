"""Where the forecaster looked for the region and the day that are shown, computed in the background. No widgets."""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from quakeview.app.seismicity.forecasts.days_ahead import DaysAhead
from quakeview.app.work.background import Background
from quakeview.jobs import Progress
from quakeview.seismicity.maps.attention import attention_map
from quakeview.seismicity.maps.kept_days import KeptDays
from quakeview.seismicity.region import Region

_Asked = tuple[KeptDays, int, Region | None]


class AttentionShown(QObject):
    """Follows forecaster, day and region while it is ``wanted``.

    Attributes:
        values: (cells,) see ``attention_map``; None where there is none, or while it is computed.

    Signals:
        changed: they are others.
    """

    changed = Signal()

    def __init__(self, ahead: DaysAhead) -> None:
        super().__init__()
        self._ahead, self._wanted = ahead, False
        self._asked: _Asked | None = None
        self.values: NDArray[np.float64] | None = None
        self._looking = Background("Attention of the region")
        self._looking.ready.connect(self._take)
        self._looking.failed.connect(ahead.failed)
        for signal in (ahead.keptChanged, ahead.shownChanged, ahead.state.regionChanged):
            signal.connect(self._ask)

    @property
    def possible(self) -> bool:
        """Whether the forecaster has attention."""
        return hasattr(self._ahead.state.forecaster, "attention")

    def want(self, wanted: bool) -> None:
        """Compute it from now on, or no more."""
        self._wanted = wanted
        self._ask()

    def shut_down(self) -> None:
        """Compute nothing more."""
        self._looking.forget()

    def _ask(self) -> None:
        kept, choices = self._ahead.kept, self._ahead.state.choices
        asked = None if kept is None or not self._wanted else (kept, choices.day, choices.region)
        if asked == self._asked:
            return
        self._asked, self.values = asked, None
        self._looking.forget()
        if asked is not None:
            self._looking.ask(partial(_look, asked))

    def _take(self, found: tuple[_Asked, NDArray[np.float64] | None]) -> None:
        if found[0] == self._asked:
            self.values = found[1]
            self.changed.emit()


def _look(asked: _Asked, progress: Progress) -> tuple[_Asked, NDArray[np.float64] | None]:
    kept, day, region = asked
    return asked, attention_map(kept.forecaster, kept.catalogue, day, region)
