"""What the metadata say of the channels of a station, and their responses over frequency."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from quakeview.analysis.station_response import (
    Epoch,
    ResponseCurve,
    contradictions_of,
    epochs_of,
    response_curve,
)
from quakeview.app.drawing import theme
from quakeview.app.drawing.plots import Curves, Entry, Plots, curve_pen
from quakeview.app.texts import captioned
from quakeview.app.waveforms.analysis_panel import AnalysisPanel
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.work.background import Background
from quakeview.scales import number
from quakeview.waveforms.channels import ChannelId, Instrument

_UNKNOWN = "The metadata that are open do not know this channel; open its StationXML, or download it."
_WIDTH_OF_FACTS = 300
_DECADES = 6.0
"""Of amplitude below the largest one, at most."""


class ResponsePlot(Plots):
    """Amplitude above phase; the corner frequencies are dashed."""

    def __init__(self) -> None:
        super().__init__("Response")
        self._amplitude = self.add(0, 0, "", "Amplitude", log=True)
        self._phase = self.add(1, 0, "Frequency (Hz)", "Phase (degrees)", log=True, log_y=False)
        self._phase.setXLink(self._amplitude)
        self._curves = Curves(self._amplitude), Curves(self._phase)
        self._shown: ResponseCurve | None = None
        self.restyled.connect(self._draw)

    def show_response(self, curve: ResponseCurve) -> None:
        """Draw it."""
        self._shown = curve
        self._draw()

    def _draw(self) -> None:
        if self._shown is None:
            return
        curve, colors = self._shown, theme.current()
        corners = [corner for corner in curve.corners if corner is not None]
        highest = float(curve.amplitude.max())
        lowest = max(float(curve.amplitude[curve.amplitude > 0].min()), highest / 10**_DECADES)
        spans = ((lowest / 1.5, highest * 2), (float(curve.phase.min()) - 15, float(curve.phase.max()) + 15))
        for curves, values, (low, high) in zip(self._curves, (curve.amplitude, curve.phase), spans, strict=True):
            curves.begin()
            curves.line("response", curve.frequency, values, curve_pen(colors.accent, 1.6))
            for corner in corners:
                pen = curve_pen(colors.muted, 1.2, dotted=True)
                curves.line(corner, np.full(2, corner), np.array([low, high]), pen)
            curves.end()
        left, right = np.log10(curve.frequency[[0, -1]])
        self._amplitude.vb.set_home(left, right, np.log10(spans[0][0]), np.log10(spans[0][1]))
        self._phase.vb.set_home(left, right, *spans[1])
        self.set_axis_title(self._amplitude, "left", f"Counts per {curve.motion}")
        words = ", ".join(f"{number(float(f'{corner:.3g}'))} Hz" for corner in corners)
        said = f"Corner at −3 dB: {words}" if words else "No corner at −3 dB in this range"
        self.set_legend([Entry(said), *([Entry(curve.note)] if curve.note else [])])


class ResponseDialog(QDialog):
    """One channel and epoch at a time; what is missing or contradicts is a sentence."""

    def __init__(self, session: WaveformsSession, station: Instrument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._book = session.metadata
        self._channels = [channel for _, channel in session.components(station)]
        segments = {channel: session.archive.segments(channel) for channel in self._channels}
        self._recorded = {channel: found[0] for channel, found in segments.items() if found}
        self._epochs: Sequence[Epoch] = ()
        self._worker = Background("Evaluating the response")
        self._worker.ready.connect(self._take)
        self._worker.failed.connect(self._refuse)
        self.setWindowTitle(f"Response and metadata of {'.'.join(station[:2])}")
        self.resize(920, 620)
        self.channel, self.epoch = QComboBox(), QComboBox()
        self.channel.addItems([str(channel) for channel in self._channels])
        self.channel.setAccessibleName("Channel")
        self.epoch.setAccessibleName("Epoch")
        self.facts, self.problem = captioned("", "value"), captioned("", "warning")
        for label in (self.facts, self.problem):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.plot = ResponsePlot()
        self.panel = AnalysisPanel("Response", [self.plot], [])
        self._arrange()
        self.channel.currentIndexChanged.connect(self._show_channel)
        self.epoch.currentIndexChanged.connect(self._show_epoch)
        self.finished.connect(lambda _: self._worker.forget())
        self._show_channel()

    def _arrange(self) -> None:
        choices = QHBoxLayout()
        choices.addWidget(self.channel)
        choices.addWidget(self.epoch, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 14, 16, 12)
        rows.setSpacing(8)
        rows.addLayout(choices)
        rows.addWidget(self.problem)
        beside = QHBoxLayout()
        beside.setSpacing(12)
        self.facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.facts.setFixedWidth(_WIDTH_OF_FACTS)
        beside.addWidget(self.facts)
        beside.addWidget(self.panel, 1)
        rows.addLayout(beside, 1)

    @property
    def chosen(self) -> ChannelId:
        """The channel that is shown."""
        return self._channels[self.channel.currentIndex()]

    def _show_channel(self) -> None:
        """Its epochs; the one of the record first."""
        channel = self.chosen
        self._epochs = epochs_of(self._book, channel)
        self.epoch.blockSignals(True)
        self.epoch.clear()
        self.epoch.addItems([epoch.span for epoch in self._epochs])
        self.epoch.setVisible(bool(self._epochs))
        starts = [epoch.when for epoch in self._epochs]
        begin = self._recorded[channel].start if channel in self._recorded else None
        before = [place for place, start in enumerate(starts) if begin is None or start is None or start <= begin]
        self.epoch.setCurrentIndex(before[-1] if before else 0)
        self.epoch.blockSignals(False)
        self._show_epoch()

    def _show_epoch(self) -> None:
        channel, recorded = self.chosen, self._recorded.get(self.chosen)
        epoch = self._epochs[self.epoch.currentIndex()] if self._epochs else None
        self.facts.setText(_written(epoch) if epoch is not None else "")
        self.facts.setVisible(epoch is not None)
        problems = contradictions_of(self._book, channel)
        when = epoch.when if epoch is not None and epoch.when is not None else recorded and recorded.start
        if when is None or recorded is None:
            self._say(problems)
            self._refuse(_UNKNOWN)
            return
        if epoch is not None and self._covers_record(epoch):
            when = recorded.start
            problems.append(epoch.contradiction(recorded.sampling_rate))
        self._say(problems)
        book, rate = self._book, recorded.sampling_rate
        self.panel.wait()
        self._worker.ask(lambda _: (channel, when, response_curve(book, channel, when, rate)))
        self._asked = channel, when

    def _say(self, problems: list[str]) -> None:
        """What contradicts, above everything else."""
        said = "\n".join(problem for problem in problems if problem)
        self.problem.setText(said)
        self.problem.setVisible(bool(said))

    def _covers_record(self, epoch: Epoch) -> bool:
        """Whether it is the epoch in which the record begins: two may begin together."""
        place, recorded = list(self._epochs).index(epoch), self._recorded[self.chosen].start
        following = self._epochs[place + 1].when if place + 1 < len(self._epochs) else None
        begun = epoch.when is None or epoch.when <= recorded
        return begun and (following is None or recorded < following)

    def _take(self, found: tuple[ChannelId, object, ResponseCurve]) -> None:
        channel, when, curve = found
        if (channel, when) == self._asked:
            self.plot.show_response(curve)
            self.panel.present(self.plot, f"{channel}: counts per {curve.motion} of ground motion", curve.table)

    def _refuse(self, sentence: str) -> None:
        self.panel.say(_UNKNOWN if not self._epochs and not self._book.files else sentence)


def _written(epoch: Epoch) -> str:
    """All that is known of an epoch, in lines."""
    sensor = epoch.sensor or "not said"
    return "\n".join([f"Sensor: {sensor}", *epoch.facts, "", *epoch.stages])
