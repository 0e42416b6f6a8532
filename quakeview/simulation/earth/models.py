"""The Earth models by name."""

from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.simulation.earth.bay_area import BayArea
from quakeview.simulation.earth.geomodelgrids import GeoModelGrid
from quakeview.simulation.earth.homogeneous import HomogeneousEarth
from quakeview.simulation.earth.layered import gil7, loh1
from quakeview.simulation.earth.material import EarthModel
from quakeview.simulation.region import HAYWARD, Region

MODEL_NAMES = ("bay-area", "gil7", "homogeneous", "loh1")


def earth_model(name_or_path: str | Path, region: Region = HAYWARD, minimum_vs: float = 1000.0) -> EarthModel:
    """A model of ``MODEL_NAMES``, or the one in a GeoModelGrids HDF5 file.

    Args:
        region: from which a file is seen; the built-in Bay Area is that of ``HAYWARD``.
        minimum_vs: S speed, m/s, below which "bay-area" and files are clamped; the slowest of the others is 1500 m/s.

    Raises:
        QuakeViewError: for a name that is none of these, the Bay Area elsewhere, or a file that cannot be used.
    """
    match name_or_path:
        case "bay-area" if (region.longitude, region.latitude) != (HAYWARD.longitude, HAYWARD.latitude):
            raise QuakeViewError(
                f"The built-in model of the Bay Area says nothing of {region.name}; choose another one."
            )
        case "bay-area":
            return BayArea(minimum_vs)
        case "gil7":
            return gil7()
        case "homogeneous":
            return HomogeneousEarth()
        case "loh1":
            return loh1()
    path = Path(name_or_path)
    if not path.is_file():
        raise QuakeViewError(
            f"There is no Earth model {name_or_path}; use {', '.join(MODEL_NAMES)}, or a GeoModelGrids .h5 file."
        )
    return GeoModelGrid(path, region, minimum_vs)
