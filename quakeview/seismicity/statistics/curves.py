"""What plots of a catalogue's statistics consist of: curves with their axes, to be drawn or written as a table."""

import csv
import io
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from quakeview.texts import clock, date

Floats = NDArray[np.float64]


class View(StrEnum):
    """What is plotted."""

    FREQUENCY = "Frequency of magnitudes"
    COMPLETENESS = "Completeness over time"
    B_VALUE = "b-value over time"
    CUMULATIVE = "Cumulative number"
    INTER_EVENT = "Times between earthquakes"
    NEIGHBOURS = "Nearest neighbours"
    AFTERSHOCKS = "Aftershocks"


class Axis(StrEnum):
    """How values lie along an axis."""

    LINEAR = "linear"
    LOG = "log"
    TIME = "time"


class Kind(StrEnum):
    """How a curve is drawn."""

    LINE = "line"
    DOTTED = "dotted line"
    POINTS = "points"
    STEPS = "steps"


@dataclass(frozen=True, eq=False)
class Curve:
    """Values of one kind.

    Attributes:
        name: as in the legend.
        x, y: (n,); of ``STEPS`` x are the (n + 1,) edges. Times are seconds since 1970 UTC.
        colour: number of its colour; -1 for what stands back.
        low, high: (n,) where ``y`` probably is; None if that is not known.
    """

    name: str
    x: Floats
    y: Floats
    kind: Kind = Kind.LINE
    colour: int = 0
    low: Floats | None = None
    high: Floats | None = None


@dataclass(frozen=True, eq=False)
class CurvePlot:
    """A plot.

    Attributes:
        x_title, y_title: of the axes, with units.
        curves: in the order in which they are drawn.
        marks: places on the x axis, and what is there.
        words: about it, in a sentence.
    """

    view: View
    x_title: str
    y_title: str
    x_axis: Axis
    y_axis: Axis
    curves: tuple[Curve, ...]
    marks: tuple[tuple[float, str], ...] = ()
    words: str = ""

    def csv(self) -> str:
        """Return a table with a line for each value, and the names of the axes above."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["curve", self.x_title, self.y_title, "low", "high"])
        for curve in self.curves:
            places = curve.x[:-1] if curve.kind is Kind.STEPS else curve.x
            low, high = (["" for _ in curve.y] if each is None else each.tolist() for each in (curve.low, curve.high))
            for x, y, least, most in zip(places.tolist(), curve.y.tolist(), low, high, strict=True):
                where = f"{date(x)}T{clock(x)}Z" if self.x_axis is Axis.TIME else x
                writer.writerow([curve.name, where, y, least, most])
        return text.getvalue()
