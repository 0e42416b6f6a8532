"""Which picks the traces show: all, those of events, those of a model that was sure enough. Nothing is deleted."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QMenu, QSlider, QToolButton, QWidget, QWidgetAction

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.traces import TraceView
from quakeview.app.waveforms.event_traces import EventTraces
from quakeview.app.waveforms.pick_marks import BookMarks, PickRules
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.widgets.tool_button import ToolButton
from quakeview.texts import counted

_STEPS = 100


class PicksButton(ToolButton):
    """Opens what is chosen of the picks, and says how many are hidden.

    Signals:
        thresholdChanged: probability from which automatic picks are shown.
    """

    thresholdChanged = Signal(float)

    def __init__(self, registry: ActionRegistry) -> None:
        super().__init__("filter-variant", "Picks that are shown")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._field, self._slider = QDoubleSpinBox(), QSlider(Qt.Orientation.Horizontal)
        self._field.setRange(0, 1)
        self._field.setSingleStep(0.05)
        self._field.setAccessibleName("Least probability of automatic picks")
        self._slider.setRange(0, _STEPS)
        self._slider.setMinimumWidth(120)
        self._slider.setAccessibleName("Least probability of automatic picks, slider")
        self._slider.valueChanged.connect(lambda step: self._field.setValue(step / _STEPS))
        self._field.valueChanged.connect(self._follow_field)
        menu = QMenu(self)
        menu.addActions([registry["view.only_events"], registry["view.theory"]])
        menu.addSeparator()
        row = QWidget()
        layout = QHBoxLayout(row)
        for widget in (QLabel("Probability at least"), self._slider, self._field):
            layout.addWidget(widget)
        action = QWidgetAction(menu)
        action.setDefaultWidget(row)
        menu.addAction(action)
        self.setMenu(menu)
        self.say_hidden(0)

    def set_threshold(self, value: float) -> None:
        """Show a threshold."""
        self._field.setValue(value)

    def edit_threshold(self) -> None:
        """Open the menu with the keyboard in the field."""
        self._field.setFocus()
        self._field.selectAll()
        self.showMenu()

    def say_hidden(self, number: int) -> None:
        """How many picks are not shown."""
        self.setText(f"{number:,} hidden" if number else "")
        hidden = f"{counted(number, 'pick is', 'picks are')} hidden" if number else "All picks are shown"
        self.setToolTip(f"{hidden} on the traces; none is deleted")

    def _follow_field(self, value: float) -> None:
        self._slider.setValue(round(value * _STEPS))
        self.thresholdChanged.emit(value)


class PicksShown(QObject):
    """Gives the trace view the picks of the book that are to be seen.

    Signals:
        said: how many are hidden, a sentence.
    """

    said = Signal(str)

    def __init__(
        self,
        session: WaveformsSession,
        view: TraceView,
        registry: ActionRegistry,
        button: PicksButton,
        traces: EventTraces,
    ) -> None:
        super().__init__(view)
        self._session = session
        self._view = view
        self._button = button
        self._traces = traces
        self._only = registry["view.only_events"]
        self.marks = BookMarks(session.book)

        def has_picks() -> bool | str:
            return len(session.book) > 0 or "There are no picks yet."

        registry.bind("view.only_events", lambda on: self._change(only_events=on), has_picks)
        registry.bind("view.threshold", button.edit_threshold, has_picks)
        button.thresholdChanged.connect(lambda value: self._change(threshold=value))
        traces.changed.connect(self._use)
        session.picksChanged.connect(self._say)

    def start(self) -> None:
        """Show the picks of the project of the session, as its view state says."""
        self.marks = BookMarks(self._session.book)
        self._view.set_pick_source(self.marks)
        self.restore()

    def restore(self) -> None:
        """Follow the view state."""
        state = self._session.state
        self._only.setChecked(state.get("only_events", False))
        self._button.blockSignals(True)
        self._button.set_threshold(state.get("threshold", 0.0))
        self._button.blockSignals(False)
        self._use()

    def _change(self, **changes: float | bool) -> None:
        if any(self._session.state.get(name, 0) != value for name, value in changes.items()):
            self._session.state.update(changes)
            self._session.save_later()
            self._use()
            hidden = self.marks.hidden
            self.said.emit(f"{counted(hidden, 'pick is', 'picks are')} hidden." if hidden else "All picks are shown.")

    def _use(self) -> None:
        state = self._session.state
        self.marks.use(
            PickRules(self._traces.opened, state.get("only_events", False), state.get("threshold", 0.0)),
        )
        self._view.refresh_picks()
        self._say()

    def _say(self) -> None:
        self._button.say_hidden(self.marks.hidden)
