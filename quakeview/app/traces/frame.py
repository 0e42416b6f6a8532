"""Where a scene is painted, and how."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF

from quakeview.app.drawing.fonts import Fonts
from quakeview.app.drawing.shades import Shades
from quakeview.app.traces.layout import Band, ComponentRow
from quakeview.app.traces.marks import Alignment
from quakeview.waveforms.channels import Instrument


@dataclass(frozen=True)
class Frame:
    """The parts of the widget, the time they show, and the pens they are drawn with.

    Attributes:
        gutter, plot, strip: of labels on the left, of the traces, of the time axis below.
        right: edge of the widget, beyond the plot.
        label_width: of the station names in the gutter.
        view: first and last time in the plot, seconds since 1970-01-01 UTC.
        pixel_ratio: device pixels per unit of these rectangles.
        vector: draw lines instead of pixels, for SVG.
        alignment: how stations are moved in time.
    """

    gutter: QRectF
    plot: QRectF
    strip: QRectF
    bands: tuple[Band, ...]
    view: tuple[float, float]
    colors: Shades
    fonts: Fonts
    label_width: float
    right: float
    pixel_ratio: float = 1.0
    vector: bool = False
    alignment: Alignment | None = None

    def of(self, station: Instrument) -> "Frame":
        """The same with the times at this station in view."""
        shift = 0.0 if self.alignment is None else self.alignment.shifts.get(station, 0.0)
        return replace(self, view=(self.view[0] + shift, self.view[1] + shift)) if shift else self

    @property
    def scale(self) -> float:
        """Pixels per second."""
        return self.plot.width() / (self.view[1] - self.view[0])

    def x_at(self, time: float) -> float:
        """Horizontal position of a time."""
        return self.plot.left() + (time - self.view[0]) * self.scale

    def rows(self) -> list[ComponentRow]:
        """Every trace on screen, from top to bottom."""
        return [row for band in self.bands for row in band.components]
