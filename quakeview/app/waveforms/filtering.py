"""Which filter is on: presets, custom, detrend and the switch, as actions."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.shell.preferences import Preferences
from quakeview.app.waveforms.filter_dialog import PRESETS, FilterDialog
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.waveforms.toolbar import FilterMenu
from quakeview.waveforms.display import DisplayRecord
from quakeview.waveforms.filters import Filter

_FIRST = (1.0, 10.0)
"""Hz: what the switch turns on when no filter was chosen before."""


class FilterControl(QObject):
    """Tells the session which filter to use; remembers the last one for the next session.

    Signals:
        used: another filter is on; the records follow.
    """

    used = Signal()

    def __init__(
        self,
        session: WaveformsSession,
        registry: ActionRegistry,
        preferences: Preferences,
        menu: FilterMenu,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._registry = registry
        self._preferences = preferences
        self._menu = menu
        self._window = parent
        self.filter = Filter()
        menu.chosen.connect(self.choose)

    def start(self) -> None:
        """Use the filter of the last session."""
        options = self._preferences
        corners = [float(text) if text else None for text in options[options.FILTER].split("-")]
        low, high = corners if len(corners) == 2 else (None, None)
        self.restore(Filter(options[options.DETREND], low, high, zero_phase=options[options.ZERO_PHASE]))

    def restore(self, filter: Filter) -> None:
        """Use the filter of a project."""
        self._registry["view.filter"].setChecked(has_corners(filter))
        self.use(filter, remember=False)

    def use(self, filter: Filter, remember: bool = True) -> None:
        """Show everything with ``filter``, or without its corners if the switch is off."""
        self.filter = filter
        on = self._registry["view.filter"].isChecked()
        self._session.set_filter(filter if on else Filter(detrend=filter.detrend))
        self.used.emit()
        self._menu.show_filter(filter)
        self._registry["view.detrend"].setChecked(filter.detrend)
        self._registry["view.zero_phase"].setChecked(filter.zero_phase)
        if remember:
            options = self._preferences
            options[options.DETREND] = filter.detrend
            options[options.ZERO_PHASE] = filter.zero_phase
            options[options.FILTER] = f"{filter.low or ''}-{filter.high or ''}" if has_corners(filter) else ""

    def choose(self, low: float | None, high: float | None) -> None:
        """Use a preset, Hz; two times None is no filter."""
        self._registry["view.filter"].setChecked(low is not None or high is not None)
        self.use(Filter(self.filter.detrend, low, high, zero_phase=self.filter.zero_phase))

    def step(self, by: int) -> None:
        """Use the next preset (``by`` = 1) or the one before (-1), round and round; no filter is one of them."""
        on = self._registry["view.filter"].isChecked()
        now = (self.filter.low, self.filter.high) if on else PRESETS[0]
        place = PRESETS.index(now) if now in PRESETS else 0
        self.choose(*PRESETS[(place + by) % len(PRESETS)])

    def switch(self, on: bool) -> None:
        """Off and on again."""
        if on and not has_corners(self.filter):
            self.choose(*_FIRST)
        else:
            self.use(self.filter, remember=False)

    def set_detrend(self, on: bool) -> None:
        """With or without the straight line of each stretch."""
        self.use(replace(self.filter, detrend=on))

    def set_zero_phase(self, on: bool) -> None:
        """Forwards and backwards, or causal."""
        self.use(replace(self.filter, zero_phase=on))

    def ask(self) -> None:
        """Let the user choose the corners."""
        dialog = FilterDialog(self.filter, self._window)
        dialog.accepted.connect(lambda: self._use_custom(dialog.filter()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _use_custom(self, filter: Filter) -> None:
        self._registry["view.filter"].setChecked(has_corners(filter))
        self.use(filter)


def left_out(wanted: Filter, record: DisplayRecord) -> str:
    """What is different about a record whose rate is too low for the filter that is on; empty if it has all of it."""
    if record.filter == wanted or record.filter != wanted.fitted(record.sampling_rate):
        return ""
    there = f"{record.filter.label} only" if has_corners(record.filter) else "not filtered"
    return f"{there} (rate {record.sampling_rate:g} Hz)"


def has_corners(filter: Filter) -> bool:
    """Whether it does more than detrend."""
    return filter.low is not None or filter.high is not None
