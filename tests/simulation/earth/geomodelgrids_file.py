"""A small GeoModelGrids file around the Hayward region: two blocks, a hill, a lake and a hole in the rock."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from quakeview.simulation.region import HAYWARD

Floats = NDArray[np.float64]
NO_DATA = -1e20
DEPTH = 40_000.0
REGION = replace(HAYWARD, name="Test", length=20_000.0, width=12_000.0, depth=DEPTH)
MARGIN = 4000.0
"""The model is this much larger than the region on every side; its y axis is against X, its x axis along Y."""


def vp(across: Floats, along: Floats, depth: Floats) -> Floats:
    """Of the axes of the model and the depth in which blocks are flat, all m; linear, so interpolation is exact."""
    return 2500 + 0.02 * across + 0.01 * along + 0.07 * depth


def elevation(across: Floats, along: Floats) -> Floats:
    return 200 + 0.01 * across - 0.005 * along


def write_model(
    path: Path,
    early: bool = False,
    names: tuple[str, ...] = ("density", "Vp", "Vs", "Qp", "Qs"),
    units: tuple[str, ...] = ("kg/m**3", "m/s", "m/s", "None", "None"),
    missing: Callable[[Floats, Floats, Floats], NDArray[np.bool_]] | None = None,
    water_depth: float = 0.0,
) -> Path:
    """Writes it.

    Args:
        early: with the attributes of the first versions of the format.
        missing: (across, along, depth) -> where there is no rock.
        water_depth: of the lake that covers the whole model, m.
    """
    extent_x, extent_y = REGION.width + 2 * MARGIN, REGION.length + 2 * MARGIN
    corner = REGION.to_geographic(REGION.length + MARGIN, -MARGIN)
    east, north = Transformer.from_crs("EPSG:4326", REGION.crs, always_xy=True).transform(*corner)
    with h5py.File(path, "w") as file:
        file.attrs.update(
            title="Test model",
            crs=REGION.crs,
            origin_x=east,
            origin_y=north,
            y_azimuth=REGION.x_azimuth + 180,
            dim_x=extent_x,
            dim_y=extent_y,
            dim_z=DEPTH,
            data_values=names,
            data_units=units,
            data_layout="vertex",
        )
        for name, spacing, step, top, bottom in (
            ("shallow", 1000.0, 500.0, 0.0, 5000.0),
            ("deep", 2000.0, 2500.0, 5000.0, DEPTH),
        ):
            axes = [np.arange(0, end + 1, each) for end, each in ((extent_x, spacing), (extent_y, spacing))]
            across, along, depth = np.meshgrid(*axes, np.arange(top, bottom + 1, step), indexing="ij")
            p_speed = vp(across, along, depth)
            of_name = {"Vp": p_speed, "Vs": p_speed / 1.8, "density": 2000 + 0.01 * depth}
            of_name |= {"Qs": np.full_like(depth, 150.0), "Qp": np.full_like(depth, 300.0)}
            values = np.stack([of_name[each] for each in names], axis=-1)
            if missing is not None:
                values[missing(across, along, depth)] = NO_DATA
            block = file.create_dataset(f"blocks/{name}", data=values.astype(np.float32))
            block.attrs["z_top"] = -top
            if early:
                block.attrs.update(resolution_horiz=spacing, resolution_vert=step)
            else:
                block.attrs.update(x_resolution=spacing, y_resolution=spacing, z_resolution=step)
        across, along = np.meshgrid(np.arange(0, extent_x + 1, 1000), np.arange(0, extent_y + 1, 1000), indexing="ij")
        surfaces = {"top_surface": 0.0} if early else {"top_surface": 0.0, "topography_bathymetry": water_depth}
        for name, below in surfaces.items():
            surface = file.create_dataset(f"surfaces/{name}", data=elevation(across, along)[..., None] - below)
            surface.attrs.update(
                {"resolution_horiz": 1000.0} if early else {"x_resolution": 1000.0, "y_resolution": 1000.0}
            )
    return path
