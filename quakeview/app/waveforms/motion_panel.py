"""Particle motion: three hodograms with equal scales, and the direction that they tell."""

from itertools import pairwise

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath

from quakeview.analysis.station_motion import StationMotion
from quakeview.app.drawing import theme
from quakeview.app.drawing.plots import Curves, Entry, Plots, curve_pen
from quakeview.app.traces.amplitude import prefixed
from quakeview.app.waveforms.analysis_panel import AnalysisPanel
from quakeview.app.widgets.numberbox import NumberBox
from quakeview.colours import VIRIDIS
from quakeview.stations.coordinates import COUNTS

Floats = NDArray[np.float64]

SECTIONS, PATH_WIDTH = 24, 1.6
"""Colours along a path."""
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SWATCHES = 5
"""Of the colours in the legend."""
ROOM = 1.15
FIRST_WINDOW = 1.0
DIRECTION, THEORY = "accent", "muted"


class TimedPath(pg.GraphicsObject):
    """A path in the colours of time, painted in as many pieces."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[QPainterPath] = []
        self._bounds = QRectF()

    def set_points(self, x: Floats, y: Floats) -> None:
        """Go through these points (n,), in the coordinates of the plot."""
        self.prepareGeometryChange()
        edges = np.linspace(0, len(x) - 1, SECTIONS + 1).round().astype(int)
        pieces = (slice(begin, end + 1) for begin, end in pairwise(edges))
        self._pieces = [pg.arrayToQPath(x[piece], y[piece]) for piece in pieces]
        self._bounds = QRectF(QPointF(x.min(), y.min()), QPointF(x.max(), y.max()))
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, *_: object) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for piece, colour in zip(self._pieces, time_colours(SECTIONS), strict=True):
            painter.setPen(curve_pen(colour, PATH_WIDTH))
            painter.drawPath(piece)


class Hodograms(Plots):
    """East and north, the radial direction and up, north and up."""

    def __init__(self) -> None:
        super().__init__("Hodograms")
        self._shown: StationMotion | None = None
        self._curves: list[Curves] = []
        self._paths: list[TimedPath] = []
        for column in range(3):
            plot = self.add(0, column, " ", " ")
            plot.vb.setAspectLocked(True)
            plot.getAxis("bottom").setStyle(showValues=False)  # scales are equal
            self._curves.append(Curves(plot))
            self._paths.append(TimedPath())
            plot.addItem(self._paths[-1], ignoreBounds=True)
        self.restyled.connect(self._draw)

    def show_motion(self, shown: StationMotion) -> None:
        """Draw it."""
        self._shown = shown
        self._draw()

    def _draw(self) -> None:
        if self._shown is None:
            return
        motion, azimuth = self._shown.motion, self._shown.radial_azimuth
        sideways = "East" if azimuth is None else "Radial"
        along = {"North": motion.north, "East": motion.east, "Up": motion.up}
        if azimuth is not None:
            along["Radial"] = motion.along(azimuth)
        along = {name: values - np.median(values) for name, values in along.items()}
        largest = max(float(np.abs(values).max()) for values in along.values())
        scale, unit = _unit(largest, motion.unit)
        reach = ROOM * largest / scale
        for number, (x, y) in enumerate((("East", "North"), (sideways, "Up"), ("North", "Up"))):
            plot = self.plots[number]
            self._draw_path(number, along[x] / scale, along[y] / scale)
            self.set_axis_title(plot, "bottom", f"{x} ({unit})")
            self.set_axis_title(plot, "left", f"{y} ({unit})")
            plot.vb.home = QRectF(-reach, -reach, 2 * reach, 2 * reach)
            plot.vb.go_home()
        self._draw_directions(reach)
        for curves in self._curves:
            curves.end()
        self.set_legend(self._legend())

    def _draw_path(self, number: int, x: Floats, y: Floats) -> None:
        """With a dot at the onset."""
        assert self._shown is not None
        self._paths[number].set_points(x, y)
        curves = self._curves[number]
        curves.begin()
        window, motion = self._shown.window, self._shown.motion
        if window.onset is not None:
            at = min(max(round((window.onset - motion.start) * motion.sampling_rate), 0), len(x) - 1)
            pen = curve_pen(theme.current().phase(window.phase), 2.0)
            curves.line("onset", x[at : at + 1], y[at : at + 1], pen, dots=True)

    def _draw_directions(self, length: float) -> None:
        """From the middle of the map to where the wave came from."""
        assert self._shown is not None
        for name, degrees, colour in (
            ("theory", self._shown.theoretical, THEORY),
            ("measured", self._shown.polarisation.back_azimuth, DIRECTION),
        ):
            if degrees is not None:
                angle, ends = np.radians(degrees), np.array([0.0, length])
                pen = curve_pen(getattr(theme.current(), colour), 1.6, dotted=name == "theory")
                self._curves[0].line(name, ends * np.sin(angle), ends * np.cos(angle), pen)

    def _legend(self) -> list[Entry]:
        assert self._shown is not None
        shown, colors = self._shown, theme.current()
        window, found = shown.window, shown.polarisation
        begin, end = (time - (window.onset if window.onset is not None else window.shown[0]) for time in window.shown)
        after = f" s after {window.phase}" if window.onset is not None else " s"
        swatches = [Entry("", colour, "■") for colour in time_colours(SWATCHES)]
        entries = [Entry(_number(begin)), *swatches, Entry(f"{_number(end)}{after}")]
        if window.onset is not None:
            entries.append(Entry("onset", colors.phase(window.phase), "●"))
        if found.back_azimuth is not None:
            words = f"back-azimuth {found.back_azimuth:.0f}°{'' if window.phase else ' if this is P'}"
            entries.append(Entry(words, getattr(colors, DIRECTION), "—"))
        if shown.theoretical is not None:
            entries.append(Entry(f"{shown.theoretical:.0f}° of the event", getattr(colors, THEORY), "┅"))
        entries += [
            Entry(f"incidence {found.incidence:.0f}°"),
            Entry(f"rectilinearity {found.rectilinearity:.2f}"),
            Entry(f"planarity {found.planarity:.2f}"),
        ]
        return [*entries, *([Entry(found.doubt, colors.warning)] if found.doubt else [])]


class MotionPanel(AnalysisPanel):
    """The hodograms, and how long the window after a pick is.

    Signals:
        secondsChanged: how long it is.
    """

    secondsChanged = Signal()

    def __init__(self) -> None:
        self.seconds = NumberBox(minimum=0.05, maximum=30.0, value=FIRST_WINDOW, decimals=2, singleStep=0.25)
        self.seconds.setSuffix(" s after the pick")
        self.seconds.setAccessibleName("Window after the pick")
        self.seconds.setToolTip(
            "How much after the selected pick is measured; a selection on the traces is taken as it is"
        )
        self.seconds.setKeyboardTracking(False)
        self.plots = Hodograms()
        super().__init__("Particle motion", [self.plots], [self.seconds])
        self.seconds.valueChanged.connect(lambda _: self.secondsChanged.emit())

    def show_motion(self, shown: StationMotion, subject: str) -> None:
        """Draw the motion of a station; ``subject`` says of what, when and how filtered."""
        self.plots.show_motion(shown)
        self.present(self.plots, subject, shown.csv)


def time_colours(number: int) -> list[str]:
    """From the first to the last."""
    table = VIRIDIS.dark_table if theme.current().is_dark else VIRIDIS.light_table
    low, high = (60, 255) if theme.current().is_dark else (0, 225)
    return [QColor(*map(int, table[i][:3])).name() for i in np.linspace(low, high, number).astype(int)]


def _unit(reach: float, unit: str) -> tuple[float, str]:
    """What a unit of the axes is, and its name."""
    if unit == COUNTS:
        power = 3 * int(np.log10(max(reach, 1.0)) // 3)
        return 10.0**power, f"10{str(power).translate(_RAISED)} {unit}" if power else unit
    size, prefix = prefixed(reach)
    return reach / size, f"{prefix}{unit}"


def _number(seconds: float) -> str:
    return f"{seconds:.2f}".replace("-", "−")
