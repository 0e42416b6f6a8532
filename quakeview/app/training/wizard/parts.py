"""The parts of divided data as they are drawn: on the map, and in time."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QColor

from quakeview.app.drawing import theme
from quakeview.app.drawing.plots import Curves, Entry, Plots
from quakeview.app.drawing.shades import faded
from quakeview.colours import Palette
from quakeview.scales import Scale
from quakeview.texts import date
from quakeview.training.planning.on_the_map import TimeLine
from quakeview.training.planning.splitting import Division
from quakeview.training.splits import PARTS

COLOURS = {"train": "#56B4E9", "dev": "#E69F00", "test": "#CC79A7"}
"""Okabe and Ito's sky blue, orange and purple."""
_FILLED = 0.85
_TICKS = 5

_STEPS = 16
"""Equal colours in a row, so that the bar has steps and says nothing of values between."""

PART_SCALE = Scale(
    "Part",
    0,
    len(PARTS) - 1,
    "",
    Palette(tuple(colour for colour in COLOURS.values() for _ in range(_STEPS))),
    names=PARTS,
)


def part_numbers(division: Division) -> dict[str, float]:
    """The place in ``PARTS`` of each earthquake that is in one, by its id on the map."""
    places = {part: float(number) for number, part in enumerate(PARTS)}
    return {str(index): places[part] for index, part in enumerate(division.part_of_event.tolist()) if part in places}


class TimeLinePlot(Plots):
    """How many earthquakes of each part there are in time, one part on top of another."""

    def __init__(self) -> None:
        super().__init__("Earthquakes of each part in time")
        self._plot = self.add(0, 0, "Time (UTC)", "Earthquakes")
        self._curves = Curves(self._plot)
        self._line: TimeLine | None = None
        self.restyled.connect(self._draw)

    def show_line(self, line: TimeLine) -> None:
        """Show this one."""
        self._line = line
        self._draw()

    def _draw(self) -> None:
        if self._line is None:
            return
        edges, counts = self._line.edges, self._line.counts
        x = np.repeat(edges, 2)[1:-1]
        below = np.zeros(len(x))
        self._curves.begin()
        for part in PARTS:
            above = below + np.repeat(counts[part], 2)
            self._curves.band(part, x, below, above, faded(QColor(COLOURS[part]), _FILLED))
            below = above
        self._curves.end()
        self._plot.getAxis("bottom").setTicks([_date_ticks(float(edges[0]), float(edges[-1]))])
        self._plot.vb.set_home(float(edges[0]), float(edges[-1]), 0, 1.1 * max(float(below.max()), 1.0))
        self._plot.vb.go_home()
        unknown = f"{self._line.unknown:,} without a time" if self._line.unknown else ""
        entries = [Entry(part, COLOURS[part], "■") for part in PARTS]
        self.set_legend([*entries, *([Entry(unknown, theme.current().muted)] if unknown else [])])


def _date_ticks(first: float, last: float) -> Sequence[tuple[float, str]]:
    times = np.linspace(first, last, _TICKS + 2)[1:-1]
    return [(float(time), date(float(time))) for time in times]
