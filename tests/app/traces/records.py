"""Records and mouse gestures for the tests of the trace view."""

from dataclasses import dataclass

import numpy as np
import obspy
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from quakeview.app.traces import StationRow, TraceView
from quakeview.waveforms.channels import ChannelId, Instrument
from quakeview.waveforms.pyramid import MinMaxPyramid

START = 1_577_836_800.0  # 2020-01-01


@dataclass
class PlainRecord:
    start: float
    sampling_rate: float
    data: np.ndarray
    pyramid: MinMaxPyramid

    def value(self, index: int) -> float:
        return float(self.data[index])


def record(data: np.ndarray, start: float = START, sampling_rate: float = 100.0) -> PlainRecord:
    samples = np.asarray(data, np.float32)
    return PlainRecord(start, sampling_rate, samples, MinMaxPyramid(samples))


def channel(station: str = "AAA", letter: str = "Z") -> ChannelId:
    return ChannelId("XX", station, "", f"HH{letter}")


def row(station: str, letters: str = "ZNE") -> StationRow:
    ids = tuple((letter, channel(station, letter)) for letter in letters)
    return StationRow(Instrument.of(ids[0][1]), f"XX.{station}", "12 km", ids)


def sample_view(qtbot, n_stations: int = 3) -> TraceView:
    """ObsPy's own record of RJOB, shown as several stations, 30 s long."""
    view = TraceView()
    qtbot.addWidget(view)
    view.resize(900, 600)
    stream = obspy.read().sort(["channel"], reverse=True)
    names = [f"ST{number:02d}" for number in range(n_stations)]
    view.set_stations([row(name) for name in names])
    for name in names:
        for trace in stream:
            view.set_record(channel(name, trace.stats.channel[-1]), record(trace.data))
    view.set_limits(START, START + 30)
    view.show_all()
    view.show()
    qtbot.waitExposed(view)
    view.grab()
    return view


def wheel(widget: QWidget, position: QPointF, steps: float, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    event = QWheelEvent(
        position,
        widget.mapToGlobal(position),
        QPoint(),
        QPoint(0, round(120 * steps)),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def drag(
    qtbot,
    widget: QWidget,
    begin: QPoint,
    end: QPoint,
    button=Qt.MouseButton.LeftButton,
    modifiers=Qt.KeyboardModifier.NoModifier,
) -> None:
    qtbot.mouseMove(widget, begin)
    qtbot.mousePress(widget, button, modifiers, begin)
    for step in range(1, 6):
        qtbot.mouseMove(widget, begin + (end - begin) * (step / 5))
    qtbot.mouseRelease(widget, button, modifiers, end)
