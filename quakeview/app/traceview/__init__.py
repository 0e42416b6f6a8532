"""The trace view and its companions: overview bar and spectrogram panel. They know neither projects nor archives."""

from quakeview.app.traceview.amplitude import Scaling
from quakeview.app.traceview.marks import PickMark, PickStyle, StationRow
from quakeview.app.traceview.overview import OverviewBar
from quakeview.app.traceview.spectrogram import Spectrogram, record_spectrogram
from quakeview.app.traceview.spectrogram_panel import SpectrogramPanel
from quakeview.app.traceview.view import TraceView

__all__ = [
    "OverviewBar",
    "PickMark",
    "PickStyle",
    "Scaling",
    "Spectrogram",
    "SpectrogramPanel",
    "StationRow",
    "TraceView",
    "record_spectrogram",
]
