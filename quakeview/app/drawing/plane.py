"""Where a plane lies on the screen: the plot, the room around it, and the way from its units to pixels and back."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF, QTransform

from quakeview.app.drawing.fonts import Fonts

TICK = 4.0
GAP = 5.0
BAR_GAP, BAR_WIDTH = 10.0, 9.0
WIDEST_TICK = "−0.005"
WIDEST_COORDINATE = "120"
SMALLEST_PLOT = 20.0


@dataclass(frozen=True)
class Bounds:
    """A rectangle of the plane, in its units."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def contains(self, x: float, y: float) -> bool:
        """Whether a point is inside or on the edge."""
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def zoomed(self, factor: float, x: float, y: float) -> "Bounds":
        """Smaller by ``factor``; the point (x, y) keeps its place."""
        return Bounds(
            x + (self.left - x) / factor,
            y + (self.bottom - y) / factor,
            x + (self.right - x) / factor,
            y + (self.top - y) / factor,
        )

    def moved(self, dx: float, dy: float) -> "Bounds":
        return Bounds(self.left + dx, self.bottom + dy, self.right + dx, self.top + dy)

    def within(self, outer: "Bounds") -> "Bounds":
        """Moved into ``outer``; ``outer`` itself where it does not fit."""
        if self.width >= outer.width or self.height >= outer.height:
            return outer
        dx = max(outer.left - self.left, 0) + min(outer.right - self.right, 0)
        dy = max(outer.bottom - self.bottom, 0) + min(outer.top - self.top, 0)
        return self.moved(dx, dy)


@dataclass(frozen=True)
class Decorations:
    """What of them a plane has around its plot; maps in a row share theirs."""

    x_axis: bool = True
    y_axis: bool = True
    bar: bool = True
    north: bool = True


@dataclass(frozen=True)
class Margins:
    """Room around the plot, pixels. The same for every plane in the same font, so that equal panes hold equal plots."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, font: QFont, decorations: Decorations = Decorations()) -> "Margins":
        small = QFontMetricsF(Fonts.of(font).small)
        line = small.height()
        bar = BAR_GAP + BAR_WIDTH + GAP + small.horizontalAdvance(WIDEST_TICK)
        beside = line + 3 * GAP + small.horizontalAdvance(WIDEST_COORDINATE) + TICK
        return cls(
            left=beside if decorations.y_axis else 2 * GAP,
            top=QFontMetricsF(Fonts.of(font).bold).height() + 2 * GAP,
            right=bar + 2 if decorations.bar else 2 * GAP,
            bottom=TICK + 2 + 2 * line + GAP if decorations.x_axis else 2 * GAP,
        )


@dataclass(frozen=True)
class PlaneFrame:
    """One picture of a plane.

    Attributes:
        plot: in pixels.
        view: the part of the plane that it shows.
        downward: whether y grows downwards on screen.
    """

    plot: QRectF
    view: Bounds
    fonts: Fonts
    decorations: Decorations = Decorations()
    downward: bool = False

    @classmethod
    def fitted(
        cls,
        area: QRectF,
        view: Bounds,
        font: QFont,
        decorations: Decorations = Decorations(),
        downward: bool = False,
        stretched: bool = False,
    ) -> "PlaneFrame":
        """The largest plot with the proportions of ``view`` that leaves room for the margins, in the middle of it.

        ``stretched``: it fills the room, and lengths differ in the two directions.
        """
        margins = Margins.of(font, decorations)
        width = max(area.width() - margins.left - margins.right, SMALLEST_PLOT)
        height = max(area.height() - margins.top - margins.bottom, SMALLEST_PLOT)
        scale = min(width / view.width, height / view.height)
        drawn = QSizeF(width, height) if stretched else QSizeF(round(view.width * scale), round(view.height * scale))
        left = area.left() + margins.left + (width - drawn.width()) / 2
        top = area.top() + margins.top + (height - drawn.height()) / 2
        plot = QRectF(QPointF(round(left), round(top)), drawn)
        return cls(plot, view, Fonts.of(font), decorations, downward)

    @property
    def transform(self) -> QTransform:
        """From the units of the plane to pixels."""
        plot, view = self.plot, self.view
        sx, sy = plot.width() / view.width, plot.height() / view.height
        if self.downward:
            return QTransform(sx, 0, 0, sy, plot.left() - sx * view.left, plot.top() - sy * view.bottom)
        return QTransform(sx, 0, 0, -sy, plot.left() - sx * view.left, plot.top() + sy * view.top)

    @property
    def pixels_per_unit(self) -> float:
        """Along x."""
        return self.plot.width() / self.view.width

    def at(self, x: float, y: float) -> QPointF:
        """The pixel of a point."""
        return self.transform.map(QPointF(x, y))

    def position(self, point: QPointF) -> tuple[float, float]:
        """The point of a pixel."""
        place = self.transform.inverted()[0].map(point)
        return place.x(), place.y()
