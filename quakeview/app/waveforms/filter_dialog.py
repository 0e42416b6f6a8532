"""Filters: the presets, and the dialog for any other."""

from PySide6.QtWidgets import QCheckBox, QFormLayout, QWidget

from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.app.widgets.numberbox import NumberBox, WholeNumberBox
from quakeview.waveforms.filters import Filter

PRESETS: tuple[tuple[float | None, float | None], ...] = (
    (None, None),
    (1.0, 10.0),
    (2.0, 15.0),
    (5.0, 20.0),
    (0.5, 5.0),
    (0.02, 0.1),
    (1.0, None),
    (None, 1.0),
)
"""Corner frequencies in Hz: none, local, local and near, very near, regional, surface waves, high-pass, low-pass."""


class FilterDialog(FormDialog):
    """Corner frequencies, order and phase of a band-pass, high-pass or low-pass filter."""

    def __init__(self, filter: Filter, parent: QWidget | None = None) -> None:
        super().__init__("Custom filter", 0, "error", parent)
        self._detrend = filter.detrend
        self.low = _corner(self.form, "&High-pass above", "Lower corner", filter.low)
        self.high = _corner(self.form, "&Low-pass below", "Upper corner", filter.high)
        self.corners = WholeNumberBox(minimum=1, maximum=10, value=filter.corners)
        self.corners.setAccessibleName("Corners")
        self.corners.setToolTip("Order of the Butterworth filter")
        self.form.addRow("&Corners", self.corners)
        self.zero_phase = QCheckBox("&Zero phase: peaks stay in place, but onsets may ring before they come")
        self.zero_phase.setChecked(filter.zero_phase)
        self.form.addRow("", self.zero_phase)
        self.add_buttons("&OK")
        for box in (self.low, self.high):
            box.valueChanged.connect(self._check)
        self._check()

    def filter(self) -> Filter:
        """The filter as it is set."""
        return Filter(
            self._detrend,
            self.low.value() or None,
            self.high.value() or None,
            self.corners.value(),
            self.zero_phase.isChecked(),
        )

    def _check(self) -> None:
        low, high = self.low.value(), self.high.value()
        wrong = bool(low and high and low >= high)
        self.said.setText("The lower corner must be below the upper one." if wrong else "")
        self.accept_button.setEnabled(not wrong)


def _corner(form: QFormLayout, label: str, name: str, value: float | None) -> NumberBox:
    box = NumberBox(minimum=0, maximum=10_000, decimals=3, singleStep=0.5, suffix=" Hz")
    box.setSpecialValueText("off")
    box.setAccessibleName(name)
    box.setValue(value or 0)
    form.addRow(label, box)
    return box
