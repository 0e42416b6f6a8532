"""Land and water under the events, read in the background for the part of the Earth that is in view."""

from PySide6.QtCore import QObject, Signal

from quakeview.app.drawing.plane import Bounds
from quakeview.app.maps.overlays import NOTHING
from quakeview.app.work.background import Background
from quakeview.atlas.mercator import HIGHEST, Mercator
from quakeview.atlas.world import Box, world_geography
from quakeview.geography import Geography

AROUND = 0.6
"""How far beyond the view is read, as a part of it."""
DETAIL = 0.7
"""Pixels of the finest detail."""
COARSER = 2.5
"""By how much detail may be too coarse before it is read anew; it may be twice that too fine."""


class Ground(QObject):
    """The geography of a map.

    Signals:
        changed: there is more of it.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.geography: Geography = NOTHING
        self._read: tuple[Mercator, Bounds, float] | None = None
        self._asked: tuple[Mercator, Bounds, float] | None = None
        self._background = Background("Reading the map")
        self._background.ready.connect(self._take)

    def want(self, projection: Mercator, view: Bounds, pixel: float) -> None:
        """Have what a view needs whose pixels are so large, m of the map."""
        if not any(_suffices(have, projection, view, pixel) for have in (self._read, self._asked)):
            self._asked = asked = projection, _around(view), pixel
            self._background.ask(lambda progress: (asked, read_ground(*asked)))

    def forget(self) -> None:
        """Read no further."""
        self._background.forget()

    def wait(self) -> None:
        """Until what was asked for has been read; for tests."""
        self._background.wait()

    def _take(self, result: tuple[tuple[Mercator, Bounds, float], Geography]) -> None:
        self._read, self.geography = result
        self.changed.emit()


def read_ground(projection: Mercator, view: Bounds, pixel: float) -> Geography:
    """Of a part of the map, m, with pixels of a size, m."""
    x = [view.left, view.right]
    longitude, latitude = projection.to_geographic(x, [view.bottom, view.top])
    west, east = (max(projection.centre - 180, longitude[0]), min(projection.centre + 180, longitude[1]))
    box = Box(float(west), max(float(latitude[0]), -HIGHEST), float(east), min(float(latitude[1]), HIGHEST))
    return world_geography(projection, box, DETAIL * pixel / METRES_PER_DEGREE)


METRES_PER_DEGREE = 111_320.0
"""Of longitude, on the map everywhere."""


def _around(view: Bounds) -> Bounds:
    dx, dy = AROUND * view.width, AROUND * view.height
    return Bounds(view.left - dx, view.bottom - dy, view.right + dx, view.top + dy)


def _suffices(have: tuple[Mercator, Bounds, float] | None, projection: Mercator, view: Bounds, pixel: float) -> bool:
    if have is None or have[0] != projection:
        return False
    inside = have[1]
    contained = inside.contains(view.left, view.bottom) and inside.contains(view.right, view.top)
    return contained and have[2] / COARSER <= pixel <= have[2] * 2 * COARSER
