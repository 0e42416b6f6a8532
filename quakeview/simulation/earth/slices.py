"""What a model of the Earth looks like at a place: a horizontal slice, a section through it and a profile."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from quakeview.jobs import Progress
from quakeview.simulation.earth.material import EarthModel, Material
from quakeview.simulation.earth.models import earth_model
from quakeview.simulation.earth.sampling import Slice, horizontal_slice, profile, vertical_section
from quakeview.simulation.region import Region

SPACING = 500.0
DEPTH_STEP = 100.0
ALONG, ACROSS = SECTIONS = ("Section along the fault", "Section across the fault")


@dataclass(frozen=True)
class Property:
    """A property of the ground: ``unit`` on screen; ``factor`` of them make one SI unit."""

    name: str
    title: str
    unit: str
    factor: float = 1.0

    @property
    def axis(self) -> str:
        return f"{self.title} ({self.unit})" if self.unit else self.title


PROPERTIES = (
    Property("vs", "Vs", "km/s", 1e-3),
    Property("vp", "Vp", "km/s", 1e-3),
    Property("density", "Density", "g/cm³", 1e-3),
    Property("qs", "Qs", ""),
    Property("qp", "Qp", ""),
)


@dataclass(frozen=True)
class SlicedPlace:
    """Which model is sliced, and where; ``point`` in m, ``minimum_vs`` in m/s."""

    model: str
    region: Region
    minimum_vs: float
    quantity: Property
    depth: float
    section: str
    point: tuple[float, float]


@dataclass(frozen=True)
class EarthSlices:
    """A horizontal slice, a section and a profile through one model."""

    place: SlicedPlace
    model: EarthModel
    slice: Slice
    section: Slice
    depths: NDArray[np.floating]
    profile: Material


@lru_cache(maxsize=2)
def _model(name: str, region: Region, minimum_vs: float) -> EarthModel:
    return earth_model(name, region, minimum_vs)


def slice_earth(place: SlicedPlace, progress: Progress = Progress()) -> EarthSlices:
    """Slice the model.

    Raises:
        QuakeViewError: for a file that cannot be used.
    """
    region, name = place.region, place.quantity.name
    model = _model(place.model, region, place.minimum_vs)
    progress.advance(0, 3)
    plan = horizontal_slice(model, region, place.depth, SPACING, name)
    progress.advance(1, 3)
    x, y = place.point
    ends = ((0.0, y), (region.length, y)) if place.section == ALONG else ((x, 0.0), (x, region.width))
    section = vertical_section(model, region, *ends, SPACING, name)
    progress.advance(2, 3)
    depths = np.arange(0.0, region.depth + DEPTH_STEP / 2, DEPTH_STEP)
    return EarthSlices(place, model, plan, section, depths, profile(model, x, y, depths))
