"""Models in GeoModelGrids HDF5 files, such as the USGS San Francisco Bay region 3-D seismic velocity model.

The format is described at https://geomodelgrids.readthedocs.io: blocks of vertices ``[x, y, z, value]`` whose spacing
grows with depth, under a ground surface that bends them. Waves are simulated under a flat surface, so here depth is
below the ground or sea bottom ("squashed" in that documentation).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import map_coordinates

from quakeview.errors import QuakeViewError
from quakeview.simulation.earth.material import LOWEST_OF_SOLIDS, Material
from quakeview.simulation.earth.rock_rules import qp_from_qs, qs_from_vs
from quakeview.simulation.earth.speed_limits import check_minimum_vs, limited_speeds
from quakeview.simulation.region import Region

if TYPE_CHECKING:
    import h5py

Doubles = NDArray[np.float64]
Singles = NDArray[np.float32]

NO_DATA = -1e20
SLOWEST = 100.0
"""m/s; P waves in the loosest ground are faster."""
GROUND = ("surfaces/topography_bathymetry", "surfaces/top_surface", "topography")
TOP = ("surfaces/top_surface", "topography")
"""Where the sea bottom and the top of the blocks are stored, best first; early files have ``topography`` only."""
COLUMNS_AT_ONCE = 100_000
"""Vertical columns of vertices read at a time, which bounds the memory."""
SPEEDS_AND_DENSITY = {"Vp": "m/s", "Vs": "m/s", "density": "kg/m**3"}


@dataclass(frozen=True)
class Block:
    """A part of the depth range on a regular grid of its own.

    Attributes:
        path: in the file.
        spacing: of the vertices along x, y and down, m.
        top: depth of the first vertices before the blocks are bent under the ground, m.
        shape: vertices along x, y and down.
    """

    path: str
    spacing: tuple[float, float, float]
    top: float
    shape: tuple[int, int, int]

    @property
    def bottom(self) -> float:
        return self.top + (self.shape[2] - 1) * self.spacing[2]


class GeoModelFile:
    """A file of values at points, opened anew for every query and read only around the points."""

    def __init__(self, path: Path) -> None:
        """Reads the description.

        Raises:
            QuakeViewError: if the file is not a model in this format, or is truncated.
        """
        self.path = path
        with _opened(path) as file:
            attributes = file.attrs
            if _text(attributes.get("data_layout", "vertex")) != "vertex":
                raise QuakeViewError(
                    f"{path.name} stores values of cells; only models with values at vertices are read."
                )
            self.title = _text(attributes.get("title", path.stem))
            self.crs = _text(attributes["crs"])
            self.origin = float(attributes["origin_x"]), float(attributes["origin_y"])
            self.y_azimuth = float(attributes["y_azimuth"])
            self.extent = tuple(float(attributes[f"dim_{axis}"]) for axis in "xyz")
            names, units = ([_text(each) for each in attributes[key]] for key in ("data_values", "data_units"))
            self.units = dict(zip(names, units, strict=True))
            blocks = [_block(f"blocks/{name}", dataset) for name, dataset in file["blocks"].items()]
        self.blocks = sorted(blocks, key=lambda block: block.top)

    def coordinates(self, longitude: ArrayLike, latitude: ArrayLike) -> tuple[Doubles, Doubles]:
        """x and y along the axes of the model, m, of geographic coordinates in degrees."""
        from pyproj import Transformer
        from pyproj.exceptions import ProjError

        try:
            projection = Transformer.from_crs("EPSG:4326", self.crs, always_xy=True)
        except (ProjError, UnicodeError) as error:
            raise QuakeViewError(f"The map projection of {self.path.name} is not known; it cannot be used.") from error
        east, north = projection.transform(longitude, latitude)
        east, north = np.asarray(east) - self.origin[0], np.asarray(north) - self.origin[1]
        azimuth = np.radians(self.y_azimuth)
        x = east * np.cos(azimuth) - north * np.sin(azimuth)
        y = east * np.sin(azimuth) + north * np.cos(azimuth)
        return x, y

    def values(
        self, names: Sequence[str], x: ArrayLike, y: ArrayLike, depth: ArrayLike, above: float = NO_DATA / 2
    ) -> Singles:
        """Values at points, by linear interpolation; where there is no rock, those of the nearest rock below.

        Args:
            names: of the values, as in ``units``.
            x, y: along the axes of the model, m.   depth: below the ground, m.   All broadcast; clamped to the model.
            above: a vertex with a value that is not larger is not rock.

        Returns:
            (len(names), ...).

        Raises:
            QuakeViewError: where there is no rock at any depth, or if the file is damaged.
        """
        columns = [list(self.units).index(name) for name in names]
        shape = np.broadcast_shapes(np.shape(x), np.shape(y), np.shape(depth))
        inside_x, inside_y = (
            np.clip(np.array(values, float, ndmin=1), 0, end) for values, end in zip((x, y), self.extent, strict=False)
        )
        with _opened(self.path) as file:
            depths = self._bent_depth(file, inside_x, inside_y, np.asarray(depth, float))
            model_x, model_y, bent = (each.ravel() for each in np.broadcast_arrays(inside_x, inside_y, depths))
            found = np.full((len(columns), bent.size), np.nan, np.float32)
            for block in self.blocks:
                last = block is self.blocks[-1]
                asked = np.isnan(found[0]) & (last | (bent < block.bottom))
                if asked.any():
                    below_top = np.clip(bent[asked], block.top, block.bottom) - block.top
                    vertices = np.stack([model_x[asked], model_y[asked], below_top]) / np.reshape(block.spacing, (3, 1))
                    found[:, asked] = _interpolate(file[block.path], columns, vertices, above, last)
        if np.isnan(found).any():
            raise QuakeViewError(f"{self.path.name} has no rock under a part of the region; use a larger model.")
        return found.reshape(len(columns), *shape)

    def _bent_depth(self, file: "h5py.File", x: Doubles, y: Doubles, depth: Doubles) -> Doubles:
        """Depth in the coordinate in which blocks are flat: 0 at their top, ``extent[2]`` at their bottom."""
        top, ground = (_surface(file, paths, x, y) for paths in (TOP, GROUND))
        bottom = self.extent[2]
        return np.clip(bottom * (top - ground + depth) / (top + bottom), 0, bottom)


class GeoModelGrid:
    """A velocity model in a GeoModelGrids file, seen from a region under a flat surface.

    Q follows from the S speed by the USGS rule where the file has none.
    """

    illustrative = False

    def __init__(self, path: Path, region: Region, minimum_vs: float = 1000.0) -> None:
        """Reads the description.

        Args:
            minimum_vs: S speeds below it, m/s, are raised to it.

        Raises:
            QuakeViewError: if the file cannot be used, or does not cover the region.
        """
        check_minimum_vs(minimum_vs)
        self.region, self.minimum_vs, self._file = region, minimum_vs, GeoModelFile(path)
        self.name = self._file.title
        self._names = {name.lower(): name for name in self._file.units}
        for name, unit in SPEEDS_AND_DENSITY.items():
            stored = self._names.get(name.lower())
            if stored is None or self._file.units[stored] != unit:
                raise QuakeViewError(f"{path.name} has no {name} in {unit}; choose a model with Vp, Vs and density.")
        corners = np.meshgrid((0, region.length), (0, region.width))
        for inside, extent in zip(self._model_coordinates(*corners), self._file.extent[:2], strict=True):
            if inside.min() < 0 or inside.max() > extent:
                raise QuakeViewError(f"{path.name} does not cover {region.name}; choose a model of that region.")

    def at(self, x: ArrayLike, y: ArrayLike, depth: ArrayLike) -> Material:
        """Properties at points given in metres (arrays that broadcast); points outside take the nearest inside.

        Raises:
            QuakeViewError: if the file is damaged, has no rock under a point, or speeds no solid has.
        """
        names = [self._names[name] for name in ("vp", "vs", "density", "qp", "qs") if name in self._names]
        extents = (self.region.length, self.region.width, self.region.depth)
        local_x, local_y, below = (
            np.clip(np.asarray(values, float), 0, extent) for values, extent in zip((x, y, depth), extents, strict=True)
        )
        vp, vs, density, *q = self._file.values(names, *self._model_coordinates(local_x, local_y), below, above=0)
        self._check(vp, vs)
        vp, vs = limited_speeds(vp, vs, self.minimum_vs)
        if len(q) < 2:
            qs = qs_from_vs(vs).astype(np.float32)
            q = [qp_from_qs(qs).astype(np.float32), qs]
        return Material(vp, vs, density, *q)

    def _check(self, vp: Singles, vs: Singles) -> None:
        """Before they are limited, which would hide it."""
        name = self._file.path.name
        if not (np.isfinite(vp) & np.isfinite(vs) & (vp > SLOWEST)).all():
            raise QuakeViewError(f"{name} has P speeds that no rock has; its values must be in m/s.")
        ratio = float((vp / vs).min())
        if ratio < LOWEST_OF_SOLIDS:
            raise QuakeViewError(
                f"{name} has Vp/Vs = {ratio:.2f}; no solid is below 1.15. Check the order of Vp and Vs."
            )

    def _model_coordinates(self, x: Doubles, y: Doubles) -> tuple[Doubles, Doubles]:
        return self._file.coordinates(*self.region.to_geographic(x, y))


@contextmanager
def _opened(path: Path) -> Iterator["h5py.File"]:
    import h5py

    try:
        with h5py.File(path) as file:
            yield file
    except OSError as error:
        raise QuakeViewError(f"{path.name} is truncated or not an HDF5 file; download it again.") from error
    except (LookupError, AttributeError, TypeError, ValueError, RuntimeError) as error:
        raise QuakeViewError(f"{path.name} is not a complete GeoModelGrids model; choose another file.") from error


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _block(path: str, dataset: "h5py.Dataset") -> Block:
    attributes = dataset.attrs
    x, y = _horizontal_spacing(attributes)
    vertical = "z_resolution" if "z_resolution" in attributes else "resolution_vert"
    spacing = x, y, float(attributes[vertical])
    if not min(spacing) > 0:
        raise ValueError(f"spacing {spacing}")
    n_x, n_y, n_z, _ = dataset.shape
    return Block(path, spacing, -float(attributes["z_top"]), (n_x, n_y, n_z))


def _horizontal_spacing(attributes: Mapping[str, Any]) -> tuple[float, float]:
    """Of vertices along x and y, m; early files have one for both."""
    if "x_resolution" in attributes:
        return float(attributes["x_resolution"]), float(attributes["y_resolution"])
    return (float(attributes["resolution_horiz"]),) * 2


def _surface(file: "h5py.File", paths: Sequence[str], x: Doubles, y: Doubles) -> Doubles:
    """Elevation of the first surface that the file has, m; 0 without one."""
    stored = next((path for path in paths if path in file), None)
    if stored is None:
        return np.zeros(np.broadcast_shapes(x.shape, y.shape))
    spacing = _horizontal_spacing(file[stored].attrs)
    vertices = np.stack([each / step for each, step in zip(np.broadcast_arrays(x, y), spacing, strict=True)])
    corner, end = _box(vertices, file[stored].shape)
    elevation = file[stored][corner[0] : end[0], corner[1] : end[1], 0].astype(float)
    offset = np.reshape(corner, (2,) + (1,) * (vertices.ndim - 1))
    return np.asarray(map_coordinates(elevation, vertices - offset, order=1, mode="nearest"))


def _interpolate(
    dataset: "h5py.Dataset", columns: Sequence[int], vertices: Doubles, above: float, last: bool
) -> Singles:
    """Values at fractional vertex numbers (3, n); NaN where there is no rock below, nor above in the last block."""
    corner, end = _box(vertices, dataset.shape)
    wider = int(end[1] - corner[1] > end[0] - corner[0])
    if (end[0] - corner[0]) * (end[1] - corner[1]) > COLUMNS_AT_ONCE:
        near = vertices[wider] < vertices[wider].mean()
        values = np.empty((len(columns), vertices.shape[1]), np.float32)
        for part in (near, ~near):
            values[:, part] = _interpolate(dataset, columns, vertices[:, part], above, last)
        return values
    read = dataset[corner[0] : end[0], corner[1] : end[1], corner[2] :, min(columns) : max(columns) + 1]
    blocks = np.moveaxis(read, -1, 0)[np.subtract(columns, min(columns))].astype(np.float32)
    filled = _filled(blocks, (blocks > above).all(axis=0), last)
    offsets = vertices - np.reshape(corner, (3, 1))
    return np.stack([map_coordinates(each, offsets, np.float32, order=1, mode="nearest") for each in filled])


def _box(vertices: Doubles, shape: Sequence[int]) -> tuple[list[int], list[int]]:
    """First vertices, and those after the last, of the cells around points along each axis."""
    axes = [(each.min(), each.max(), count) for each, count in zip(vertices, shape, strict=False)]
    corner = [min(int(low), count - 1) for low, _, count in axes]
    return corner, [min(int(high) + 2, count) for _, high, count in axes]


def _filled(values: Singles, rock: NDArray[np.bool_], last: bool) -> Singles:
    """Values (n, x, y, z) with those of the nearest rock below where there is none (in the last block, or above)."""
    if rock.all():
        return values
    count = rock.shape[-1]
    numbers = np.arange(count, dtype=np.int32)
    source = np.minimum.accumulate(np.where(rock, numbers, count)[..., ::-1], axis=-1)[..., ::-1]
    if last:
        lowest = np.maximum.accumulate(np.where(rock, numbers, -1), axis=-1)[..., -1:]
        source = np.where((source == count) & (lowest >= 0), lowest, source)
    filled = np.take_along_axis(values, np.minimum(source, count - 1)[None], axis=-1)
    return np.where(source < count, filled, np.float32(np.nan))
