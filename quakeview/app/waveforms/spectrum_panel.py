"""Spectra of the components of a station with those of the noise before P, side by side with equal scales."""

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox

from quakeview.analysis.spectra import CLEAR, noise_models
from quakeview.analysis.station_spectra import BEFORE_ONSET, ComponentSpectra, SpectrumKind, StationSpectra
from quakeview.app.drawing import theme
from quakeview.app.drawing.plots import Curves, Entry, Plots, curve_pen
from quakeview.app.drawing.shades import faded
from quakeview.app.waveforms.analysis_panel import AnalysisPanel
from quakeview.stations.ground_motion import Quantity
from quakeview.texts import clock, duration

SIGNAL, NOISE, MODELS = "accent", "muted", "line"
DECADES = 6
"""Of amplitude below the largest one, at most; twice as many of power."""


class SpectrumPlots(Plots):
    """One plot for each component: both axes are logarithmic, that of power in dB."""

    def __init__(self, kind: SpectrumKind) -> None:
        super().__init__("Spectra")
        self._kind = kind
        self._shown: StationSpectra | None = None
        self._curves: list[Curves] = []
        self.restyled.connect(self._draw)

    def show_spectra(self, shown: StationSpectra) -> None:
        """Draw them."""
        self._shown = shown
        self._draw()

    def _draw(self) -> None:
        if self._shown is None:
            return
        self._make_plots(len(self._shown.components))
        for plot, curves, component in zip(self.plots, self._curves, self._shown.components, strict=False):
            home = self._home(component.unit)
            curves.begin()
            self._draw_component(curves, component, home)
            curves.end()
            self.set_axis_title(plot, "bottom", f"{component.name}: frequency (Hz)")
            self.write(plot, component.problem, theme.current().warning, (0.0, 1.0))
            self.set_axis_title(plot, "left", self._value_title(component, plot is self.plots[0]))
            if home is not None:
                plot.vb.set_home(*home)
        self.set_legend(self._legend())

    def _make_plots(self, number: int) -> None:
        """Those that are too many are hidden."""
        power = self._kind is SpectrumKind.POWER
        for column in range(len(self.plots), number):
            self._curves.append(Curves(self.add(0, column, "Frequency (Hz)", " ", log=True, log_y=not power)))
        for column, plot in enumerate(self.plots):
            plot.setVisible(column < number)

    def _value_title(self, component: ComponentSpectra, is_first: bool) -> str:
        """At the first plot, or at all where their units differ."""
        assert self._shown is not None
        several = len(self._shown.units) > 1
        if not component.unit or not (several or is_first):
            return " "
        if self._kind is SpectrumKind.POWER:
            return f"dB, {component.unit}" if several else "Power (dB)"
        return f"{component.unit}/Hz"

    def _home(self, unit: str) -> tuple[float, float, float, float] | None:
        """Of all plots of a unit, in the logarithm of what is so drawn."""
        assert self._shown is not None
        alike = [each for each in self._shown.components if each.unit == unit]
        drawn = [s for each in alike for s in (each.signal, each.noise) if s is not None]
        if not drawn:
            return None
        power = self._kind is SpectrumKind.POWER
        values = np.concatenate([self._shown.values(spectrum) for spectrum in drawn])
        values = values if power else np.log10(values[values > 0])
        highest, step = float(values.max()), 20.0 if power else 1.0
        lowest = max(float(values.min()), highest - DECADES * step)
        left, right = min(s.frequency[0] for s in drawn), max(s.frequency[-1] for s in drawn)
        return float(np.log10(left)), float(np.log10(right)), lowest - 0.2 * step, highest + 0.3 * step

    def _draw_component(
        self, curves: Curves, component: ComponentSpectra, home: tuple[float, float, float, float] | None
    ) -> None:
        assert self._shown is not None
        colors = theme.current()
        if component.clear is not None and home is not None:
            x, ones = np.log10(component.clear), np.ones(2)
            curves.band("clear", x, home[2] * ones, home[3] * ones, faded(QColor(colors.accent), 0.12))
        if self._has_models(component):
            frequency, low, high = noise_models()
            for name, level in (("low", low), ("high", high)):
                curves.line(name, frequency, level, curve_pen(getattr(colors, MODELS), 1.2, dotted=True))
        for name, spectrum, colour in (("noise", component.noise, NOISE), ("signal", component.signal, SIGNAL)):
            if spectrum is not None:
                values = self._shown.values(spectrum)
                curves.line(name, spectrum.frequency, values, curve_pen(getattr(colors, colour), 1.6))

    def _has_models(self, component: ComponentSpectra) -> bool:
        """Peterson's models are of the power of ground acceleration."""
        return self._kind is SpectrumKind.POWER and component.unit == Quantity.ACCELERATION.unit

    def _legend(self) -> list[Entry]:
        assert self._shown is not None
        colors, shown = theme.current(), self._shown
        signal = next((each.signal for each in shown.components if each.signal), None)
        noise = next((each.noise for each in shown.components if each.noise), None)
        references = " and ".join(f"1 ({unit})²/Hz" for unit in shown.units)
        entries = [Entry(f"dB relative to {references}")] if self._kind is SpectrumKind.POWER else []
        if signal is not None:
            length = duration(shown.last - shown.first)
            parts = f", {signal.windows} windows of {duration(signal.window_seconds)}" if signal.windows > 1 else ""
            entries.append(Entry(f"{length} of signal{parts}", getattr(colors, SIGNAL), "—"))
        if noise is not None and shown.onset is not None:
            before = f"{duration(noise.seconds)} of noise up to {BEFORE_ONSET:g} s before P at {clock(shown.onset, 1)}"
            entries.append(Entry(before, getattr(colors, NOISE), "—"))
        elif signal is not None:
            entries.append(Entry("no noise: no P pick" if shown.onset is None else "no noise: too little before P"))
        if any(each.clear for each in shown.components):
            entries.append(Entry(f"shaded: signal above {CLEAR:g} times the noise"))
        if any(map(self._has_models, shown.components)):
            entries.append(Entry("noise models of Peterson (1993)", getattr(colors, MODELS), "┅"))
        return [*entries, *([Entry(shown.note, colors.warning)] if shown.note else [])]


class SpectrumPanel(AnalysisPanel):
    """Spectra, and what is shown of them.

    Signals:
        kindChanged: amplitude or power.
    """

    kindChanged = Signal()

    def __init__(self) -> None:
        self.choice = QComboBox()
        self.choice.addItems(list(SpectrumKind))
        self.choice.setAccessibleName("What is shown of a spectrum")
        self.choice.setToolTip(
            "Amplitude: as the traces are shown, per Hz. Power: density in dB, of ground acceleration where the "
            "response is known"
        )
        self.plots = {kind: SpectrumPlots(kind) for kind in SpectrumKind}
        super().__init__("Spectrum", [*self.plots.values()], [self.choice])
        self.choice.currentIndexChanged.connect(lambda _: self.kindChanged.emit())

    @property
    def kind(self) -> SpectrumKind:
        """What is to be shown."""
        return SpectrumKind(self.choice.currentText())

    def show_spectra(self, shown: StationSpectra, subject: str) -> None:
        """Draw the spectra of a station; ``subject`` says of which one and when."""
        problems = [each.problem for each in shown.components]
        if all(problems):
            self.say(problems[0] if problems else "There is no component to look at.")
            return
        plots = self.plots[shown.kind]
        plots.show_spectra(shown)
        self.present(plots, subject, shown.csv)
