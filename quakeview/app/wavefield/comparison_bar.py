"""The row above the maps of a forecast: waves or a measure, which of them in small windows, and how far it is."""

from enum import StrEnum

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QToolButton, QWidget

from quakeview.app.elided import ElidedLabel
from quakeview.wavefield.forecasting.comparison import Comparison

NARROWEST_SAYING = 40


class Beside(StrEnum):
    """What is beside the forecast where there is no room for more."""

    TRUTH = "Truth"
    ERROR = "Error"
    SPREAD = "Std. dev."


class Saying(ElidedLabel):
    """As wide as its text where there is room."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__(name, NARROWEST_SAYING)
        self.setProperty("role", role)

    def sizeHint(self) -> QSize:
        return QLabel.sizeHint(self)

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST_SAYING, super().minimumSizeHint().height())


class ComparisonBar(QWidget):
    """Signals:
    measuresChosen: the measure, or else the waves.
    besideChosen: a ``Beside``.
    """

    measuresChosen = Signal(bool)
    besideChosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.waves, self.measure = _button("Waves"), _button("PGV")
        self.waves.setToolTip("Show the moving ground")
        self.beside = {each: _button(each) for each in Beside}
        for each, button in self.beside.items():
            button.setToolTip(f"Show the {each.lower()} beside the forecast")
        self.live = Saying("What happens now", "")
        self.stale = Saying("Settings of the forecast", "warning")
        self.status = Saying("How far the forecast is", "caption")
        self._views, self._besides = QButtonGroup(self), QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 12, 0)
        row.setSpacing(2)
        for button in (self.waves, self.measure):
            self._views.addButton(button)
            row.addWidget(button)
        row.addSpacing(10)
        for label in (self.live, self.stale, self.status):
            label.hide()
            row.addWidget(label)
            row.addSpacing(8)
        row.addStretch(1)
        for button in self.beside.values():
            self._besides.addButton(button)
            row.addWidget(button)
        self.waves.setChecked(True)
        self.beside[Beside.TRUTH].setChecked(True)
        self._views.buttonClicked.connect(lambda button: self.measuresChosen.emit(button is self.measure))
        self._besides.buttonClicked.connect(lambda button: self.besideChosen.emit(Beside(button.text())))

    def show_live(self, said: str) -> None:
        """What happens now, in words; empty if nothing is replayed as it happened."""
        self.live.setText(said)
        self.live.setVisible(bool(said))

    def show_stale(self, said: str) -> None:
        """That the forecast was made with other settings than are chosen; empty if it was not."""
        self.stale.setText(said)
        self.stale.setVisible(bool(said))

    def show_forecast(self, there: bool) -> None:
        """Whether there is a forecast to say something about."""
        for widget in (self.waves, self.measure, self.status):
            widget.setVisible(there)

    def show_choice(self, measure: str, measures: bool, beside: Beside, narrow: bool) -> None:
        """What is chosen; the choice of maps is there only where not all have room (``narrow``)."""
        self.measure.setText(measure)
        self.measure.setAccessibleName(measure)
        self.measure.setToolTip(f"Show {measure} of truth and forecast, its error and its standard deviation")
        (self.measure if measures else self.waves).setChecked(True)
        for each, button in self.beside.items():
            button.setVisible(narrow and (measures or each is not Beside.SPREAD))
            button.setChecked(each is beside)

    def show_reach(self, comparison: Comparison, measure: str) -> None:
        """From when to when the forecast is, and until when it is computed; and so the measure, if one is shown."""
        forecast = comparison.forecast
        end = forecast.start_time + forecast.planned_frames * forecast.frame_step
        said = f"{measure or 'Forecast'} from {forecast.issue_time:.1f} s to {end:.1f} s"
        if not forecast.complete:
            reached = forecast.start_time + forecast.n_frames * forecast.frame_step
            said += f", computed until {reached:.1f} s"
        self.status.setText(said)


def _button(name: str) -> QToolButton:
    button = QToolButton()
    button.setText(name)
    button.setAccessibleName(name)
    button.setCheckable(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
