"""A region of the user's own: its box, grid, layers of rock and fault, in one TOML file; ``RegionFile`` has its keys.

A data set of such a region names the file (``region = "region.toml"``), and keeps a copy beside its events.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.simulation.earth.layered import Layer, LayeredEarth
from quakeview.simulation.earth.rock_rules import density_from_vp, qp_from_qs, qs_from_vs
from quakeview.simulation.earth.speed_limits import check_minimum_vs, limited_speeds
from quakeview.simulation.region import Region
from quakeview.simulation.sources.fault import Fault
from quakeview.simulation.sources.fault_plane import FaultPlane
from quakeview.simulation.waves.grid import Grid
from quakeview.simulation.waves.plan import check_frame_step, check_resolution
from quakeview.simulation.waves.presets import Preset
from quakeview.toml_files import read_table, read_toml

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

FILE = "region.toml"
"""What the copy in a data set is called."""
KM = 1000.0
_DIGITS = 7
"""Of the corner in degrees, a centimetre: two computers shall agree on it."""
_POLAR = 80.0
"""Degrees of latitude, beyond which north changes too much across a region."""


@dataclass(frozen=True)
class GridTable:
    """How finely waves are simulated: the ``[grid]`` table.

    Attributes:
        spacing: of the nodes, km.
        frequency: highest, Hz.
        frame_step: between snapshots, s.
        duration: of an event after its origin time, s.
        minimum_vs: slower ground is made this fast, km/s.
    """

    spacing: float = 1.0
    frequency: float = 0.25
    frame_step: float = 0.52
    duration: float = 62.4
    minimum_vs: float = 1.5


@dataclass(frozen=True)
class FaultTable:
    """The plane on which the earthquakes are: the ``[fault]`` table.

    Attributes:
        start, end: of its upper edge, longitude and latitude, degrees; it dips to the right of the way from one to
            the other.
        depth: of its upper and its lower edge, km.
        dip: degrees; 90 is vertical.
        rake: of its earthquakes, degrees: 180 right-lateral, 0 left-lateral, 90 reverse, -90 normal.
        name: as it is shown; that of the region if left out.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    depth: tuple[float, float]
    dip: float = 90.0
    rake: float = 180.0
    name: str = ""


@dataclass(frozen=True)
class LayerTable:
    """A layer of rock; the last goes on downwards.

    Attributes:
        depth_km: of its top; the first begins at the surface.
        vp, vs: velocity of P and S waves, km/s.
    """

    depth_km: float
    vp: float
    vs: float


@dataclass(frozen=True)
class VelocityTable:
    """The layers: the ``[velocity_model]`` table. Density and Q follow from the velocities (``rock_rules``).

    Attributes:
        name: as it is shown.
        layers: from the top down.
    """

    name: str
    layers: list[LayerTable]


@dataclass(frozen=True)
class RegionFile:
    """A region as its file gives it.

    Attributes:
        name: as it is shown.
        longitude, latitude: of the centre, degrees.
        azimuth: of the X axis, degrees clockwise from north; best that of the fault.
        length, width, depth: along X, across and down, km.
        fault: where the earthquakes are.
        velocity_model: the layers.
        grid: how finely.
    """

    name: str
    longitude: float
    latitude: float
    azimuth: float
    length: float
    width: float
    depth: float
    fault: FaultTable
    velocity_model: VelocityTable
    grid: GridTable = field(default_factory=GridTable)


@dataclass(frozen=True)
class RegionalModel:
    """All that a simulation takes from a region.

    Attributes:
        earth: the layers, hardened as ``preset`` wants it.
        changes: what that changed, whole sentences.
    """

    region: Region
    preset: Preset
    earth: LayeredEarth
    fault: Fault
    changes: tuple[str, ...] = ()

    @property
    def grid(self) -> Grid:
        """The nodes on which waves are computed."""
        return Grid.covering(self.region, self.preset.spacing)

    @property
    def slowest(self) -> float:
        """The least S speed in the box, m/s."""
        depths = np.append(0.0, self.earth.interfaces[self.earth.interfaces < self.region.depth])
        return float(self.earth.at(0.0, 0.0, depths).vs.min())


def read_regional_model(path: Path) -> RegionalModel:
    """Read a region's file.

    Raises:
        QuakeViewError: for a file that is missing, no TOML, or says what cannot be simulated.
    """
    return regional_model(read_region_file(path))


def read_region_file(path: Path) -> RegionFile:
    """Read what a file says, whether it can be simulated or not.

    Raises:
        QuakeViewError: for a file that is missing, no TOML, or has keys or values of another kind.
    """
    return read_table(RegionFile, read_toml(path)[0], path.name, path.resolve().parent)


def regional_model(file: RegionFile) -> RegionalModel:
    """Make of a description what is simulated.

    Raises:
        QuakeViewError: for a box, a grid, layers or a fault that cannot be.
    """
    check_box(file)
    region = region_of(file)
    preset = _preset(file.grid)
    layers, changes = _layers(file, preset.minimum_vs)
    earth = LayeredEarth(layers, f"{file.velocity_model.name} (layers)")
    made = RegionalModel(region, preset, earth, fault_of(file, region), tuple(changes))
    check_resolution(preset.spacing, made.slowest, preset.frequency)
    check_frame_step(preset.frame_step, preset.frequency)
    made.grid  # noqa: B018 - refuses a spacing that is too coarse for the box
    return made


def check_box(file: RegionFile) -> None:
    """Refuse a box without a name, size or place.

    Raises:
        QuakeViewError: for the first thing that is wrong.
    """
    wrong = {
        "needs a name": not file.name.strip(),
        f"must be centred between {-_POLAR:g}° and {_POLAR:g}° of latitude": not abs(file.latitude) <= _POLAR,
        "must be centred between -180° and 180° of longitude": not abs(file.longitude) <= 180,
        "needs an azimuth within 0-360°": not 0 <= file.azimuth <= 360,
        "needs a length, a width and a depth above 0 and up to 1,000 km": not all(
            0 < size <= 1000 for size in (file.length, file.width, file.depth)
        ),
    }
    for problem, there in wrong.items():
        if there:
            raise QuakeViewError(f"The region {problem}; correct it.")


def region_of(file: RegionFile) -> Region:
    """The box in the transverse Mercator projection of its centre."""
    crs = f"+proj=tmerc +lat_0={file.latitude:.6f} +lon_0={file.longitude:.6f} +k=1 +datum=WGS84 +units=m"
    extents = (KM * file.length, KM * file.width, KM * file.depth)
    about_centre = Region(file.name, file.longitude, file.latitude, file.azimuth, *extents, crs)
    longitude, latitude = about_centre.to_geographic(-extents[0] / 2, -extents[1] / 2)
    corner = round(float(longitude), _DIGITS), round(float(latitude), _DIGITS)
    return Region(file.name, *corner, file.azimuth, *extents, crs)


def fault_of(file: RegionFile, region: Region) -> Fault:
    """The fault in the axes of the region.

    Raises:
        QuakeViewError: for ends, depths or a dip that make no plane, or one that leaves the region.
    """
    plane = plane_of(file, region)
    corners = plane.corners
    name = fault_name(file)
    if not (region.contains(corners[:, 0], corners[:, 1]).all() and (corners[:, 2] <= region.depth).all()):
        raise QuakeViewError(
            f"The {name} leaves the box of {file.name}, at its surface or at depth; move or shorten the fault, or "
            "enlarge the box."
        )
    return Fault(name, plane, file.fault.rake)


def fault_name(file: RegionFile) -> str:
    """What the fault is called."""
    return file.fault.name or f"{file.name} fault"


def plane_of(file: RegionFile, region: Region) -> FaultPlane:
    """The plane of the fault in the axes of the region, wherever it lies.

    Raises:
        QuakeViewError: for ends, depths or a dip that make no plane.
    """
    table, name = file.fault, fault_name(file)
    if not 5 <= table.dip <= 90:
        raise QuakeViewError(f"The {name} dips {table.dip:g}°; give a dip within 5-90°.")
    if not 0 <= table.depth[0] < table.depth[1]:
        raise QuakeViewError(
            f"The {name} reaches from {table.depth[0]:g} to {table.depth[1]:g} km; give the upper depth first, 0 or "
            "more."
        )
    x, y = region.to_local(*zip(table.start, table.end, strict=True))
    along, across = float(x[1] - x[0]), float(y[1] - y[0])
    length = float(np.hypot(along, across))
    if not (np.isfinite(length) and length >= KM):
        raise QuakeViewError(f"The {name} is shorter than 1 km; move one of its ends.")
    return FaultPlane(
        x=float(x[0]),
        y=float(y[0]),
        strike=float((file.azimuth - np.degrees(np.arctan2(across, along))) % 360),
        dip=table.dip,
        top_depth=KM * table.depth[0],
        length=length,
        width=KM * (table.depth[1] - table.depth[0]) / float(np.sin(np.radians(table.dip))),
        x_azimuth=file.azimuth,
    )


def _preset(grid: GridTable) -> Preset:
    values = (grid.spacing, grid.frequency, grid.frame_step, grid.duration)
    if not all(np.isfinite(value) and value > 0 for value in values):
        raise QuakeViewError("Spacing, frequency, frame step and duration of the grid must be greater than 0.")
    if grid.duration < 2 * grid.frame_step:
        raise QuakeViewError(f"A duration of {grid.duration:g} s is shorter than two frames; choose a longer one.")
    check_minimum_vs(KM * grid.minimum_vs)
    return Preset(KM * grid.spacing, grid.frequency, grid.frame_step, grid.duration, KM * grid.minimum_vs)


def _layers(file: RegionFile, minimum_vs: float) -> tuple[tuple[Layer, ...], list[str]]:
    """The layers with speeds that a grid can carry, and what that changed."""
    given = file.velocity_model.layers
    tops = KM * np.array([layer.depth_km for layer in given])
    if not len(tops) or not np.isfinite(tops).all() or (np.diff(tops) <= 0).any():
        raise QuakeViewError(
            f"The velocity model {file.velocity_model.name} needs layers whose tops go down, each below the one before."
        )
    speeds = KM * np.array([(layer.vp, layer.vs) for layer in given], np.float32).T
    if not (np.isfinite(speeds) & (speeds > 0)).all():
        raise QuakeViewError(f"The velocity model {file.velocity_model.name} has a velocity that is not above 0 km/s.")
    vp, vs = limited_speeds(speeds[0], speeds[1], minimum_vs)
    thickness = np.diff(np.append(np.append(0.0, tops[1:]), np.inf))
    density, qs = density_from_vp(vp), qs_from_vs(vs)
    columns = (thickness, vp, vs, density, qp_from_qs(qs), qs)
    layers = tuple(Layer(*(float(value) for value in row)) for row in zip(*columns, strict=True))
    return layers, _changes(tops, speeds, np.stack((vp, vs)), file.depth)


def _changes(tops: Doubles, given: Floats, made: Floats, deepest: float) -> list[str]:
    """Sentences about the layers in the box whose speeds had to be changed."""
    return [
        f"The layer at {top / KM:g} km is simulated with Vp {vp / KM:.2f} and Vs {vs / KM:.2f} km/s "
        f"(in the model {given_vp / KM:.2f} and {given_vs / KM:.2f})."
        for top, (given_vp, given_vs), (vp, vs) in zip(tops, given.T, made.T, strict=True)
        if top < KM * deepest and (abs(given_vp - vp) > 1 or abs(given_vs - vs) > 1)
    ]
