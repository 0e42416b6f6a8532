"""The numbers of the piece of a trace that is selected, in the inspector."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from quakeview.app.traces import amplitude_text
from quakeview.app.widgets.sections import Section
from quakeview.app.widgets.tool_button import tool_button
from quakeview.stations.coordinates import COUNTS
from quakeview.texts import counted, duration

if TYPE_CHECKING:
    from quakeview.analysis.statistics import Statistics


class SelectionSection(Section):
    """Hidden while nothing is selected."""

    def __init__(self) -> None:
        super().__init__("Selection")
        self._rows: list[tuple[str, str]] = []
        self.copy_button = tool_button("content-copy", "Copy numbers", self.copy)
        self.layout_.addWidget(self.copy_button)
        self.hide()

    def show_statistics(self, found: "Statistics | None", subject: str = "") -> None:
        """Show the numbers of a selection; None: there is none."""
        self.setVisible(found is not None)
        self._rows = [] if found is None else _rows(found)
        if found is not None:
            self.set_role("value")
            self.big.setText(subject)
            self.copy_button.show()
        self.show_rows(self._rows)

    def say(self, sentence: str) -> None:
        """Say why there are no numbers."""
        self.show()
        self._rows = []
        self.set_role("caption")
        self.big.setText(sentence)
        self.copy_button.hide()
        self.show_rows([])

    def copy(self) -> None:
        """The numbers to the clipboard, as tab-separated text."""
        lines = [("Selection", self.big.text()), *((name, value) for name, value in self._rows if value)]
        QGuiApplication.clipboard().setText("".join(f"{name}\t{value}\n" for name, value in lines))


def _rows(found: "Statistics") -> list[tuple[str, str]]:
    return [
        ("Length", f"{duration(found.seconds)}, {counted(found.samples, 'sample')}"),
        ("Missing", counted(found.missing, "sample") if found.missing else ""),
        ("Minimum", _amplitude(found.minimum, found.unit)),
        ("Maximum", _amplitude(found.maximum, found.unit)),
        ("Peak to peak", _amplitude(found.peak_to_peak, found.unit)),
        ("Mean", _amplitude(found.mean, found.unit)),
        ("RMS", _amplitude(found.rms, found.unit)),
        ("Dominant", "" if found.dominant_frequency is None else f"{found.dominant_frequency:.3g} Hz"),
        ("SNR", "not known" if found.snr is None else f"{_digits(found.snr, 3)} to {duration(found.seconds)} before"),
    ]


def _amplitude(value: float, unit: str) -> str:
    """With its unit; counts as they are."""
    text = f"{_digits(value, 4)} counts" if unit == COUNTS else amplitude_text(value, unit)
    return text.replace("-", "−")


def _digits(value: float, number: int) -> str:
    """``2,140``: so many digits that mean something, and no power of ten in a large number."""
    return f"{float(f'{value:.{number}g}'):,.10g}"
