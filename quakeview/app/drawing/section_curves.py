"""What record sections draw, of seismograms and of wavefields: traces as one curve, and curves of arrivals."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray

from quakeview.app.drawing import theme
from quakeview.app.drawing.plots import curve_pen

Floats = NDArray[np.floating]
_LETTER_AT = 0.88
"""How far along a curve of arrivals its letter is."""


def joined(times: Sequence[Floats], traces: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Several curves as one that is broken between them."""
    gap = np.array([np.nan])
    return (
        np.concatenate([part for each in times for part in (each, gap)] or [gap]),
        np.concatenate([part for each in traces for part in (each, gap)] or [gap]),
    )


def draw_traces(plot: pg.PlotItem, times: Sequence[Floats], traces: Sequence[Floats], pen: object) -> pg.PlotDataItem:
    """All traces as one item of the plot."""
    return plot.plot(*joined(times, traces), pen=pen, connect="finite", antialias=True)


def draw_arrivals(plot: pg.PlotItem, phase: str, times: Floats, distance: Floats) -> list[pg.GraphicsObject]:
    """When a phase arrives, dotted as theoretical arrivals are, with its letter."""
    colors = theme.current()
    pen = curve_pen(colors.phase(phase), 1.8, dotted=True)
    curve = plot.plot(times, distance, pen=pen, antialias=True)
    letter = pg.TextItem(phase, color=colors.on_accent, fill=colors.phase(phase), anchor=(0.5, 0.5))
    place = round(_LETTER_AT * (len(times) - 1))
    letter.setPos(float(times[place]), float(distance[place]))
    plot.addItem(letter, ignoreBounds=True)
    return [curve, letter]
