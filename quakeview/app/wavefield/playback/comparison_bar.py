"""The row above the maps of a forecast: waves or a measure, which of them in small windows, and how far it is."""

from enum import StrEnum

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QToolButton, QWidget

from quakeview.app.wavefield.stage import Stage
from quakeview.app.wavefield.status import staleness, status
from quakeview.app.widgets.elided import ElidedLabel

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
    """Says what is shown of a forecast; hidden where there is nothing to say.

    Signals:
        besideChosen: a ``Beside``.
    """

    besideChosen = Signal(object)

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
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
        self._views.buttonClicked.connect(lambda button: stage.show_measure(button is self.measure))
        self._besides.buttonClicked.connect(lambda button: self.besideChosen.emit(Beside(button.text())))
        for changed in (stage.opened, stage.replaced, stage.forecastsChanged, stage.frameCame, stage.looksChanged):
            changed.connect(self._say)
        for changed in (stage.workChanged, stage.inputChosen, stage.settingsChanged):
            changed.connect(self._say)
        self._say()

    def _say(self) -> None:
        """What happens now; whether the forecast was made as is chosen; from when to when it is, and how far."""
        comparison, live = self.stage.comparison, self.stage.live is not None
        for label, said in (
            (self.live, status(self.stage) if live else ""),
            (self.stale, staleness(self.stage)),
            (self.status, self._reach()),
        ):
            label.setText(said)
            label.setVisible(bool(said))
        for button in (self.waves, self.measure):
            button.setVisible(comparison is not None)
        self.setVisible(comparison is not None or live)

    def _reach(self) -> str:
        """From when to when the forecast is, or the measure of it, and until when it is computed."""
        forecast = self.stage.forecast
        if forecast is None:
            return ""
        end = forecast.start_time + forecast.planned_frames * forecast.frame_step
        what = self.stage.measure.name if self.stage.measured else "Forecast"
        said = f"{what} from {forecast.issue_time:.1f} s to {end:.1f} s"
        if not forecast.complete:
            reached = forecast.start_time + forecast.n_frames * forecast.frame_step
            said += f", computed until {reached:.1f} s"
        return said

    def show_choice(self, beside: Beside, narrow: bool) -> None:
        """What is chosen; the choice of maps is there only where not all have room (``narrow``)."""
        measure, measures = self.stage.measure.name, self.stage.measured
        self.measure.setText(measure)
        self.measure.setAccessibleName(measure)
        self.measure.setToolTip(f"Show {measure} of truth and forecast, its error and its standard deviation")
        (self.measure if measures else self.waves).setChecked(True)
        for each, button in self.beside.items():
            button.setVisible(narrow and (measures or each is not Beside.SPREAD))
            button.setChecked(each is beside)


def _button(name: str) -> QToolButton:
    button = QToolButton()
    button.setText(name)
    button.setAccessibleName(name)
    button.setCheckable(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
