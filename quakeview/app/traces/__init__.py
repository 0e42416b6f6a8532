"""The trace view and its companions: overview bar and spectrogram panel. They know neither projects nor archives."""

from quakeview.app.traces.amplitude import Scaling, amplitude_text
from quakeview.app.traces.marks import Alignment, Ghost, PickMark, PickStyle, Residual, StationRow
from quakeview.app.traces.overview import OverviewBar
from quakeview.app.traces.selection import TimeSelection
from quakeview.app.traces.spectrogram_panel import SpectrogramPanel
from quakeview.app.traces.view import TraceView

__all__ = [
    "Alignment",
    "Ghost",
    "OverviewBar",
    "PickMark",
    "PickStyle",
    "Residual",
    "Scaling",
    "SpectrogramPanel",
    "StationRow",
    "TimeSelection",
    "TraceView",
    "amplitude_text",
]
