"""A map as a picture: drawn on the screen, into files and into the frames of films by the same code."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from quakeview.app.drawing.axes import paint_plane_axes, paint_title
from quakeview.app.drawing.colourbar import paint_colour_bar
from quakeview.app.drawing.images import film_picture, values_image
from quakeview.app.drawing.picture import draw_picture
from quakeview.app.drawing.plane import GAP, Bounds, Decorations, PlaneFrame
from quakeview.app.drawing.shades import Shades, shades
from quakeview.app.maps.overlays import Overlays, paint_overlays, paint_scale_and_north
from quakeview.colours import DARK, LIGHT, Ground
from quakeview.scales import Scale

KILOMETRE = 1000.0
ANY_BOUNDS = Bounds(0.0, 0.0, 120_000.0, 80_000.0)
"""Of a map of which nothing is known yet."""
SMALLEST_WITH_AXES = 300.0
"""Width, pixels, below which a map gives the room of its axes to the plot; a larger map beside it has them."""
DOT_RADIUS = 4.0
NARROWEST_SUBTITLE = 44.0


@dataclass
class MapScene:
    """What a map shows. ``values`` (nx, ny) are those of equal cells that fill ``bounds``.

    Attributes:
        x_azimuth: of the x axis, degrees clockwise from north.
        x_titles, y_titles: of the axes, in km, shorter and shorter.
        sparse: values are known at single nodes, which are drawn as dots; NaN elsewhere.
        decorations: around the plot; None: as much as there is room for.
    """

    colors: Shades
    title: str = ""
    subtitle: str = ""
    bounds: Bounds = ANY_BOUNDS
    x_azimuth: float = 90.0
    x_titles: Sequence[str] = ("x (km)",)
    y_titles: Sequence[str] = ("y (km)",)
    scale: Scale | None = None
    values: NDArray[np.float32] | None = None
    overlays: Overlays = field(default_factory=Overlays)
    sparse: bool = False
    decorations: Decorations | None = None

    def with_values(self, values: NDArray[np.float32], subtitle: str = "") -> "MapScene":
        """The same map of other values, alone, for films: may be painted on another thread."""
        if self.sparse and self.values is not None:
            values = np.where(np.isfinite(self.values), values, np.nan)
        return replace(self, values=values, subtitle=subtitle, decorations=None)

    def image(self) -> QImage | None:
        """One pixel per node, the largest y at the top."""
        if self.values is None or self.scale is None or self.sparse:
            return None
        return values_image(self.values.T[::-1], self.scale, self.colors.is_dark)

    def fitted(self, size: QSizeF, view: Bounds, font: QFont) -> PlaneFrame:
        """Where the map lies in a picture of this size."""
        axes = size.width() >= SMALLEST_WITH_AXES
        around = self.decorations or Decorations(x_axis=axes, y_axis=axes)
        return PlaneFrame.fitted(QRectF(QPointF(0, 0), size), view, font, around)

    def paint_values(self, painter: QPainter, frame: PlaneFrame, image: QImage | None) -> None:
        """The values, smooth between the nodes, or as dots."""
        if image is not None:
            self._paint_image(painter, frame, image)
        elif self.sparse:
            self._paint_dots(painter, frame)

    def _paint_dots(self, painter: QPainter, frame: PlaneFrame) -> None:
        if self.values is None or self.scale is None:
            return
        where = np.argwhere(np.isfinite(self.values))
        colours = self.scale.rgba(self.values[tuple(where.T)], self.colors.is_dark)
        bounds, (nx, ny) = self.bounds, self.values.shape
        painter.save()
        painter.setClipRect(frame.plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.colors.muted, 1))
        for (i, j), colour in zip(where.tolist(), colours.tolist(), strict=True):
            painter.setBrush(QColor(*colour))
            x, y = bounds.left + (i + 0.5) / nx * bounds.width, bounds.bottom + (j + 0.5) / ny * bounds.height
            painter.drawEllipse(frame.at(x, y), DOT_RADIUS, DOT_RADIUS)
        painter.restore()

    def _paint_image(self, painter: QPainter, frame: PlaneFrame, image: QImage) -> None:
        bounds, plot, view = self.bounds, frame.plot, frame.view
        across, up = image.width() / bounds.width, image.height() / bounds.height
        left, top = (view.left - bounds.left) * across, (bounds.top - view.top) * up
        part = QRectF(left, top, view.width * across, view.height * up).toAlignedRect() & image.rect()
        sx, sy = plot.width() / (view.width * across), plot.height() / (view.height * up)
        target = QRectF(
            plot.left() + (part.left() - left) * sx,
            plot.top() + (part.top() - top) * sy,
            part.width() * sx,
            part.height() * sy,
        )
        painter.save()
        painter.setClipRect(plot)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, image if part == image.rect() else image.copy(part))
        painter.restore()

    def paint_decorations(self, painter: QPainter, frame: PlaneFrame) -> None:
        """Everything that does not change from frame to frame."""
        colors = self.colors
        paint_overlays(painter, frame, self.overlays, self._colors_over_values())
        paint_plane_axes(painter, frame, colors, self.x_titles, self.y_titles, KILOMETRE)
        if self.scale is not None and frame.decorations.bar:
            paint_colour_bar(painter, frame, self.scale, colors)
        right = frame.plot.right()
        if frame.decorations.north:
            right = paint_scale_and_north(painter, frame, self.x_azimuth, colors)
        paint_title(painter, frame, self.title, self.subtitle, right - 2 * GAP, colors, NARROWEST_SUBTITLE)

    def _colors_over_values(self) -> Shades:
        """Light lines on dark values, dark lines on bright ones, else those of the page."""
        blank = self.values is None or self.sparse or self.scale is None
        ground = Ground.PAGE if blank or self.scale is None else self.scale.palette.ground
        return {Ground.PAGE: self.colors, Ground.DARK: shades(DARK), Ground.BRIGHT: shades(LIGHT)}[ground]

    def paint(self, painter: QPainter, size: QSizeF, view: Bounds, font: QFont) -> None:
        """The whole picture on a page of its own colour."""
        frame = self.fitted(size, view, font)
        painter.fillRect(QRectF(QPointF(0, 0), size), self.colors.base)
        self.paint_values(painter, frame, self.image())
        self.paint_decorations(painter, frame)

    def pixels(self, size: QSize, view: Bounds, font: QFont) -> NDArray[np.uint8]:
        """(height, width, 3) RGB of the picture, for films."""
        return film_picture(size, lambda painter: self.paint(painter, QSizeF(size), view, font))

    def picture(self, suffix: str, size: QSize, view: Bounds, font: QFont) -> bytes:
        """The content of a PNG (two pixels per unit) or SVG (the waves as pixels, all else as lines and text).

        Raises:
            QuakeViewError: for another suffix.
        """
        title = self.title or "QuakeView map"
        return draw_picture(suffix, size, lambda painter: self.paint(painter, QSizeF(size), view, font), title)
