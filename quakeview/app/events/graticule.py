"""Where the round degrees are along the axes of a map."""

import math
from collections.abc import Callable

import numpy as np
from PySide6.QtGui import QFontMetricsF

from quakeview.app.drawing.axes import Tick
from quakeview.app.drawing.plane import PlaneFrame
from quakeview.atlas.mercator import Mercator
from quakeview.scales import round_ticks
from quakeview.texts import latitude_text, longitude_text

BETWEEN_LONGITUDES, BETWEEN_LATITUDES = 1.35, 3.2
"""Least distance of ticks: in widths and in heights of a label."""
WIDEST_LONGITUDE = "188.88° W"


def longitude_ticks(frame: PlaneFrame, projection: Mercator) -> list[Tick]:
    """Along the lower edge."""
    view, metrics = frame.view, QFontMetricsF(frame.fonts.small)
    degrees, _ = projection.to_geographic([view.left, view.right], np.full(2, view.centre[1]))
    most = frame.plot.width() / (BETWEEN_LONGITUDES * metrics.horizontalAdvance(WIDEST_LONGITUDE))
    values = round_ticks(float(degrees[0]), float(degrees[1]), max(2, int(most)))
    x, _ = projection.to_map(values, np.zeros(len(values)))
    return _ticks(values, [frame.at(each, view.bottom).x() for each in x.tolist()], longitude_text)


def latitude_ticks(frame: PlaneFrame, projection: Mercator) -> list[Tick]:
    """Along the left edge."""
    view, metrics = frame.view, QFontMetricsF(frame.fonts.small)
    _, degrees = projection.to_geographic(np.full(2, view.centre[0]), [view.bottom, view.top])
    most = frame.plot.height() / (BETWEEN_LATITUDES * metrics.height())
    values = round_ticks(float(degrees[0]), float(degrees[1]), max(2, int(most)))
    _, y = projection.to_map(np.zeros(len(values)), values)
    return _ticks(values, [frame.at(view.left, each).y() for each in y.tolist()], latitude_text)


def _ticks(values: list[float], pixels: list[float], text: Callable[[float, int], str]) -> list[Tick]:
    step = min(np.diff(values), default=1.0)
    digits = max(0, math.ceil(-math.log10(step) - 1e-6))
    return [Tick(round(at) + 0.5, text(value, digits)) for value, at in zip(values, pixels, strict=True)]
