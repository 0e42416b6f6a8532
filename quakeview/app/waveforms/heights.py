"""How many stations share the height of the trace view, as actions."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.traces import TraceView
from quakeview.texts import counted


class StationHeights(QObject):
    """Fewer, more, and as many stations as can be read well; ``changed`` says how many there are now."""

    changed = Signal(str)

    def __init__(self, view: TraceView, registry: ActionRegistry, has_data: Callable[[], bool | str]) -> None:
        super().__init__(view)
        self._view = view
        self._registry = registry
        self._has_data = has_data
        bind, change = registry.bind, self._change
        bind("view.fewer_stations", partial(change, view.taller), self._can_show_fewer)
        bind("view.more_stations", partial(change, view.flatter), self._can_show_more)
        bind("view.readable_stations", partial(change, partial(view.set_visible_stations, None)), self._can_go_back)

    def _change(self, change: Callable[[], None]) -> None:
        change()
        total = counted(len(self._view.scene.rows), "station")
        self.changed.emit(f"{self._view.visible_stations} of {total} in view")
        self._registry.refresh()

    def _can_show_fewer(self) -> bool | str:
        return self._has_data() if self._view.visible_stations > 1 else "One station is shown alone."

    def _can_show_more(self) -> bool | str:
        view = self._view
        if view.visible_stations < view.most_stations:
            return self._has_data()
        return "All stations are shown." if view.most_stations == len(view.scene.rows) else "There is room for no more."

    def _can_go_back(self) -> bool | str:
        return self._has_data() if self._view.has_own_height else "As many as can be read well are shown already."
