"""As what the traces are shown: counts or ground motion, and rotated or not, as actions."""

from functools import partial

from PySide6.QtCore import QObject

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.stations.ground_motion import Quantity

SHOW_AS = tuple(f"view.{quantity.value}" for quantity in Quantity)
"""The actions that choose a quantity."""


class ShowAsControl(QObject):
    """Tells the session what to show, and the actions what is shown."""

    def __init__(self, session: WaveformsSession, registry: ActionRegistry, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._registry = registry
        for quantity in Quantity:
            registry.bind(f"view.{quantity.value}", partial(self._show, quantity), partial(self._can_show, quantity))
        registry.bind("view.rotate", self._rotate, self._can_rotate)
        self.follow()

    def follow(self) -> None:
        """Check the actions of what the session shows."""
        for quantity in Quantity:
            self._registry[f"view.{quantity.value}"].setChecked(quantity is self._session.motion.quantity)
        self._registry["view.rotate"].setChecked(self._session.rotated)

    def _show(self, quantity: Quantity, _: bool) -> None:
        self._session.set_quantity(quantity)
        self.follow()

    def _rotate(self, on: bool) -> None:
        self._session.set_rotated(on)

    def _can_show(self, quantity: Quantity) -> bool | str:
        session = self._session
        if not session.stations:
            return "Open a file first."
        if quantity is Quantity.COUNTS or session.metadata.files or session.has_synthetics:
            return True
        return "Open station metadata with responses first: StationXML, RESP, or a list with gains."

    def _can_rotate(self) -> bool | str:
        session = self._session
        if session.rotated or (session.stations and session.earthquake and session.coordinates):
            return True
        return "Open an event and the coordinates of the stations first."
