"""The Earth models by name."""

from quakeview.errors import QuakeViewError
from quakeview.simulation.earth.bay_area import BayArea
from quakeview.simulation.earth.homogeneous import HomogeneousEarth
from quakeview.simulation.earth.layered import gil7, loh1
from quakeview.simulation.earth.material import EarthModel
from quakeview.simulation.region import HAYWARD, Region

MODEL_NAMES = ("bay-area", "gil7", "homogeneous", "loh1")


def earth_model(name_or_path: str, region: Region = HAYWARD, minimum_vs: float = 1000.0) -> EarthModel:
    """A model of ``MODEL_NAMES``.

    Args:
        minimum_vs: S speed, m/s, below which "bay-area" is clamped; the others are faster than usual clamps.

    Raises:
        QuakeViewError: for a name that is none of these.
    """
    match name_or_path:
        case "bay-area":
            return BayArea(minimum_vs)
        case "gil7":
            return gil7()
        case "homogeneous":
            return HomogeneousEarth()
        case "loh1":
            return loh1()
    raise QuakeViewError(f"There is no Earth model {name_or_path}; use {', '.join(MODEL_NAMES)}.")
