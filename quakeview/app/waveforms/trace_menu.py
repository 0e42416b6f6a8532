"""The context menu of the traces: it acts where one clicks."""

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtWidgets import QMenu

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.texts import literal
from quakeview.app.traces import TraceView
from quakeview.app.waveforms.pick_choices import PickChoices

_ON_A_PICK = (
    ("picks.confirm", "picks.reject", "picks.delete"),
    ("@Change Phase", "@Weight"),
    ("picks.up", "picks.down", "picks.no_polarity"),
    ("picks.impulsive", "picks.emergent", "picks.no_onset"),
    ("events.add_picks", "events.take_out"),
)
_ON_A_TRACE = (
    ("view.picker", "picks.station", "@Analysis"),
    ("view.hide_station", "file.remove_station"),
)
"""Groups of actions; a name after @ is a category as a submenu."""


class TraceMenu(QObject):
    """Shows what can be done with the pick, or with the place on a trace, that was clicked."""

    def __init__(self, view: TraceView, registry: ActionRegistry, choices: PickChoices) -> None:
        super().__init__(choices)
        self._registry, self._choices = registry, choices
        self.follow(view)

    def follow(self, view: TraceView) -> None:
        """Show the menu on this view too."""
        view.contextMenuRequested.connect(lambda place: self.menu(view, place).popup(place))

    def menu(self, view: TraceView, place: QPoint) -> QMenu:
        """The menu of a place on the screen; the pick or trace there has been chosen by the click already."""
        menu, position = QMenu(view), QPointF(view.mapFromGlobal(place))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if view.pick_at(position) is not None:
            self._add(menu, _ON_A_PICK)
            return menu
        self._add_picks(menu, view, position)
        self._add(menu, _ON_A_TRACE)
        return menu

    def _add_picks(self, menu: QMenu, view: TraceView, position: QPointF) -> None:
        """Pick each phase at the place that was clicked, wherever the pointer goes from there."""
        found = view.place_at(position)
        if found is None:
            return
        others = [phase for phase in self._choices.phases.values() if phase not in ("P", "S")]
        submenu = QMenu("Pick Another Phase Here", menu)
        for phase in ("P", "S", *others):
            target, text = (menu, f"Pick {phase} Here") if phase in ("P", "S") else (submenu, phase)
            target.addAction(literal(text), partial(view.pickRequested.emit, *found, phase))
        menu.addMenu(submenu)
        menu.addSeparator()

    def _add(self, menu: QMenu, groups: Iterable[tuple[str, ...]]) -> None:
        for number, group in enumerate(groups):
            if number:
                menu.addSeparator()
            for name in group:
                if name.startswith("@"):
                    submenu = menu.addMenu(name[1:])
                    submenu.addActions([action for spec, action in self._registry if spec.category == name[1:]])
                else:
                    menu.addAction(self._registry[name])
