"""What is cross-correlated: phase, window, lag and how well traces have to fit."""

from PySide6.QtWidgets import QComboBox, QWidget

from quakeview.analysis.correlation import Window
from quakeview.analysis.phase_correlation import LETTERS
from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.app.widgets.numberbox import NumberBox
from quakeview.errors import QuakeViewError

_LONGEST = 120.0
_COMPONENTS = {"P": "P on the vertical component", "S": "S on the transverse component"}


class CorrelationDialog(FormDialog):
    """The traces are correlated as they are shown: filtered, in the unit that was chosen."""

    def __init__(self, phase: str, window: Window, parent: QWidget | None = None) -> None:
        super().__init__("Align by cross-correlation", 380, "error", parent)
        self.phase = QComboBox()
        self.phase.addItems([_COMPONENTS[phase] for phase in LETTERS])
        self.phase.setCurrentIndex(list(LETTERS).index(phase))
        self.phase.setAccessibleName("Phase")
        self.form.addRow("&Phase", self.phase)
        self.before = self._seconds("&Before the pick", "Window before the pick", window.before)
        self.after = self._seconds("&After the pick", "Window after the pick", window.after)
        self.lag = self._seconds("&Maximum lag", "Maximum lag", window.max_lag)
        self.least = NumberBox(minimum=0, maximum=0.99, decimals=2, singleStep=0.05, value=window.least)
        self.least.setAccessibleName("Least coefficient")
        self.least.setToolTip("Traces that fit the stack of the others less are named, and not used")
        self.form.addRow("&Least coefficient", self.least)
        self.add_buttons("&Correlate")
        for box in (self.before, self.after, self.lag):
            box.valueChanged.connect(self._check)

    def _seconds(self, label: str, name: str, value: float) -> NumberBox:
        box = NumberBox(minimum=0, maximum=_LONGEST, decimals=2, singleStep=0.1, suffix=" s", value=value)
        box.setAccessibleName(name)
        self.form.addRow(label, box)
        return box

    def chosen(self) -> tuple[str, Window]:
        """Phase and window as they are set."""
        window = Window(self.before.value(), self.after.value(), self.lag.value(), self.least.value())
        return list(LETTERS)[self.phase.currentIndex()], window

    def _check(self) -> None:
        try:
            self.chosen()[1].check()
        except QuakeViewError as error:
            self.said.setText(str(error))
        else:
            self.said.setText("")
        self.accept_button.setEnabled(not self.said.text())
