"""The middle of the workspace: the traces, or a page that takes their place."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from quakeview.app.shell.actions import ActionRegistry


class Centre(QStackedWidget):
    """Shows the traces, or the one page whose action is checked.

    Signals:
        changed: something else is shown.
    """

    changed = Signal()

    def __init__(self, traces: QWidget, registry: ActionRegistry) -> None:
        super().__init__()
        self._traces, self._registry = traces, registry
        self._pages: dict[str, QWidget] = {}
        self.addWidget(traces)

    @property
    def page(self) -> str:
        """The action whose page is shown; empty for the traces."""
        shown = self.currentWidget()
        return next((action_id for action_id, page in self._pages.items() if page is shown), "")

    def add(self, action_id: str, page: QWidget, enabled: Callable[[], bool | str]) -> None:
        """Let an action, which is checkable, show a page in the place of the traces, and the traces again.

        Args:
            enabled: as for ``ActionRegistry.bind``.
        """
        self._pages[action_id] = page
        page.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.addWidget(page)
        self._registry.bind(action_id, lambda on: self._show(page if on else self._traces), enabled)

    def show_page(self, action_id: str) -> None:
        """Show the page of an action."""
        self._show(self._pages[action_id])

    def show_traces(self) -> None:
        """Show the traces again."""
        self._show(self._traces)

    def _show(self, widget: QWidget) -> None:
        is_new = widget is not self.currentWidget()
        for page in (self._traces, *self._pages.values()):  # a page that is not seen asks for no room
            policy = QSizePolicy.Policy.Preferred if page is widget else QSizePolicy.Policy.Ignored
            page.setSizePolicy(policy, policy)
        self.setCurrentWidget(widget)
        for action_id, page in self._pages.items():
            self._registry[action_id].setChecked(page is widget)
        if is_new:
            self.changed.emit()
