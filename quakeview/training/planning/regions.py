"""A forecaster for a region of one's own: from a fault and a velocity model to the files that make it.

``region.toml`` says where; ``library.toml``, ``validation.toml`` and ``test.toml`` are data sets of ``quakeview
simulate``; ``run.toml`` is a run of ``quakeview train``, which simulates what it lacks of the first two, trains an
ensemble and calibrates it. Test places are drawn on the fault and never those of the library.
"""

import itertools
import json
import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakeview.atomic import make_folder, write_atomically
from quakeview.errors import QuakeViewError
from quakeview.events.velocity_models import VelocityModel, suggested
from quakeview.simulation.regional_model import (
    FILE,
    KM,
    FaultTable,
    GridTable,
    LayerTable,
    RegionalModel,
    RegionFile,
    VelocityTable,
    check_box,
    plane_of,
    region_of,
    regional_model,
)
from quakeview.simulation.waves.estimate import Estimate
from quakeview.simulation.waves.plan import longest_step
from quakeview.texts import counted, duration, file_size
from quakeview.toml_files import read_toml
from quakeview.training.planning.plan import folder_name
from quakeview.wavefield.scenarios.datasets import basis, fault_places
from quakeview.wavefield.scenarios.header import SOURCE_DELAY
from quakeview.wavefield.scenarios.making import ScenarioRequest, estimate_scenario

Points = NDArray[np.float64]

SEEDS = {"validation": 101, "test": 202}
MARGIN = 12.0
"""km of the box around the fault, to each side and below."""
LEAST_DURATION = 15.0
"""s of an event, and twice the time that S waves take across the region."""
PLACE_AREA = 14.0
"""km² of the fault to a place of the library, as the shipped forecaster has."""
LARGEST = 6.7
"""The greatest magnitude of ruptures to learn from, if the fault is large enough."""
INPUT_FRAMES = (10, 30)
"""The fewest and the most frames that are read."""
STEP, EARLY_FRAMES, MOST_STEPS = 5, 10, 12


class Handle(Enum):
    """What of a region can be dragged on a map."""

    CENTRE = "box and fault"
    CORNER = "corner of the box"
    START = "start of the fault"
    END = "end of the fault"


@dataclass(frozen=True)
class RegionPlan:
    """A forecaster to be made.

    Attributes:
        region: where.
        places: of the library; each gets five events.
        validation, test: events, each at a place of its own.
        members: of the ensemble; two or more know how far they are off.
        minutes: of training, after the simulations.
    """

    region: RegionFile
    places: int = 36
    validation: int = 8
    test: int = 12
    members: int = 2
    minutes: float = 60.0

    def __post_init__(self) -> None:
        wrong = {
            "places": self.places < 3,
            "validation events": self.validation < 2,
            "test events": self.test < 1,
            "members": self.members < 1,
            "minutes": not self.minutes > 0,
        }
        for name, there in wrong.items():
            if there:
                raise QuakeViewError(f"There are too few {name} to make a forecaster; choose more.")

    @property
    def events(self) -> int:
        """All that are simulated."""
        return self.places * len(basis(0.0)) + self.validation + self.test


@dataclass(frozen=True)
class Limits:
    """What the grid of a region holds, and what its events cost on this machine.

    Attributes:
        nodes: along X, Y and down, with the absorbing sides.
        time_step: s.
        frames: of an event.
        event: seconds, memory and file of one event; the speed is measured by a short trial.
        closest: of the validation and test places to one of the library, m.
    """

    nodes: tuple[int, int, int]
    time_step: float
    frames: int
    event: Estimate
    closest: float


def example_region() -> RegionFile:
    """A region to begin with."""
    fault = FaultTable((129.14, 35.72), (129.20, 35.86), (3.0, 13.0), dip=75.0)
    return around_fault("My region", fault, suggested(35.8, 129.2))


def around_fault(name: str, fault: FaultTable, model: VelocityModel, grid: GridTable | None = None) -> RegionFile:
    """A region that has a fault in its middle, X along it, and layers of one of the 1-D velocity models.

    Args:
        grid: how finely; None is as finely as the shipped forecaster, and until the waves have left.

    Raises:
        QuakeViewError: for ends or depths that make no fault.
    """
    (longitude, latitude), box = fault.start, (100.0, 100.0, 100.0)
    begun = RegionFile(name, longitude, latitude, 0.0, *box, fault, velocity_table(model), grid or GridTable())
    fitted = fitted_to_fault(begun)
    if grid is not None:
        return fitted
    slowest = max(fitted.velocity_model.layers[0].vs, fitted.grid.minimum_vs)
    crossing = math.hypot(fitted.length, fitted.width) / slowest
    return replace(fitted, grid=replace(fitted.grid, duration=float(math.ceil(LEAST_DURATION + 2 * crossing))))


def fitted_to_fault(region: RegionFile) -> RegionFile:
    """The region with its box turned along the fault, and with room around it.

    Raises:
        QuakeViewError: for ends, depths or a dip that make no plane.
    """
    (west, south), (east, north) = region.fault.start, region.fault.end
    centred = replace(
        region, longitude=round((west + east) / 2, 4), latitude=round((south + north) / 2, 4), azimuth=0.0
    )
    plane = plane_of(centred, region_of(centred))
    across = plane.width * math.cos(math.radians(plane.dip)) / KM
    return replace(
        centred,
        azimuth=round(plane.strike, 1),
        length=float(math.ceil(plane.length / KM + 2 * MARGIN)),
        width=float(math.ceil(2 * (across + MARGIN))),
        depth=float(math.ceil(region.fault.depth[1] + MARGIN / 2)),
    )


def outlines(file: RegionFile) -> tuple[Points, Points]:
    """(5, 2) each, longitude and latitude of the closed outlines of the box and of the fault plane seen from above.

    Raises:
        QuakeViewError: for a box or a fault that is none; one outside the other is shown.
    """
    check_box(file)
    region = region_of(file)
    length, width = region.length, region.width
    box = np.array([(0, 0), (length, 0), (length, width), (0, width), (0, 0)], float)
    corners = plane_of(file, region).corners[[0, 1, 2, 3, 0], :2]
    return np.column_stack(region.to_geographic(*box.T)), np.column_stack(region.to_geographic(*corners.T))


def moved(file: RegionFile, what: Handle, longitude: float, latitude: float) -> RegionFile:
    """The region after something was dragged to a place: an end of the fault, everything by the centre, or a corner of
    the box, which stays where its centre is."""
    longitude, latitude = round(longitude, 4), round(latitude, 4)
    fault = file.fault
    if what is Handle.START:
        return replace(file, fault=replace(fault, start=(longitude, latitude)))
    if what is Handle.END:
        return replace(file, fault=replace(fault, end=(longitude, latitude)))
    if what is Handle.CORNER:
        region = region_of(file)
        x, y = (float(value) / KM for value in region.to_local(longitude, latitude))
        length, width = (max(round(abs(2 * at - size)), 1) for at, size in ((x, file.length), (y, file.width)))
        return replace(file, length=float(length), width=float(width))
    east, north = longitude - file.longitude, latitude - file.latitude
    ends: dict[str, Any] = {
        name: (round(getattr(fault, name)[0] + east, 4), round(getattr(fault, name)[1] + north, 4))
        for name in ("start", "end")
    }
    return replace(file, longitude=longitude, latitude=latitude, fault=replace(fault, **ends))


def velocity_table(model: VelocityModel) -> VelocityTable:
    """The layers of a velocity model from the surface down, km and km/s."""
    first = max(int(np.searchsorted(model.tops, 0.0, side="right")) - 1, 0)
    tops = np.append(0.0, model.tops[first + 1 :]) / KM
    rows = np.stack((tops, model.vp[first:] / KM, model.vs[first:] / KM), axis=1).tolist()
    return VelocityTable(model.name, [LayerTable(*(round(value, 4) for value in row)) for row in rows])


def suggested_places(model: RegionalModel) -> int:
    """How many places the library of a fault needs."""
    area = model.fault.plane.length * model.fault.plane.width / KM**2
    return max(6, round(area / PLACE_AREA))


def limits(plan: RegionPlan, device: str = "cpu") -> Limits:
    """What the simulations hold and cost; measures the speed of this machine the first time, which takes seconds.

    Raises:
        QuakeViewError: for a region that cannot be simulated.
    """
    model = regional_model(plan.region)
    preset, grid = model.preset, model.grid
    depths = np.arange(grid.shape[0]) * grid.spacing
    step = longest_step(preset.spacing, float(model.earth.at(0.0, 0.0, depths).vp.max()))
    nz, ny, nx = grid.shape
    return Limits(
        nodes=(nx, ny, nz),
        time_step=preset.frame_step / math.ceil(preset.frame_step / step),
        frames=round(preset.duration / preset.frame_step),
        event=estimate_scenario(_impulse(model), device),
        closest=closest_places(plan, model),
    )


def closest_places(plan: RegionPlan, model: RegionalModel) -> float:
    """The least distance between a place to validate or test and one of the library, m."""
    _, library = fault_places(model.fault, "rows", plan.places, 0)
    others = [
        fault_places(model.fault, "scattered", count, SEEDS[split])[1]
        for split, count in (("validation", plan.validation), ("test", plan.test))
    ]
    return float(np.linalg.norm(np.concatenate(others)[:, None] - library, axis=-1).min())


def in_words(plan: RegionPlan, found: Limits) -> list[str]:
    """The limits in sentences."""
    grid, event = plan.region.grid, found.event
    nodes = " x ".join(str(count) for count in found.nodes)
    pool = earthquakes(plan)
    return [
        wave_words(plan.region, regional_model(plan.region)),
        f"{nodes} nodes with the absorbing sides, time steps of {found.time_step:.3f} s, "
        f"{counted(found.frames, 'frame')} of {grid.frame_step:g} s an event.",
        f"An event takes about {duration(event.seconds)} on this machine, {file_size(event.memory)} of memory and "
        f"{file_size(event.file_size)} on disk; all {counted(plan.events, 'event')} take "
        f"{duration(plan.events * event.seconds)} and {file_size(plan.events * event.file_size)}.",
        f"{counted(sum(pool), 'earthquake')} to learn from are put together of them, {plan.minutes:g} minutes of "
        "training follow.",
        f"The places to validate and test are at least {found.closest / KM:.1f} km from those of the library.",
    ]


def input_frames(model: RegionalModel) -> int:
    """How much a forecaster reads: until S waves have left the fault and crossed a quarter of the region.

    In a small region there is nothing left to forecast after the 15.6 s of the shipped one.
    """
    plane, preset = model.fault.plane, model.preset
    way = plane.at(0.0, plane.width / 2)[2] + max(model.region.length, model.region.width) / 4
    seconds = SOURCE_DELAY / preset.frequency + float(way) / model.slowest
    fewest, most = INPUT_FRAMES
    return min(max(STEP * round(seconds / preset.frame_step / STEP), fewest), most)


def wave_words(region: RegionFile, model: RegionalModel) -> str:
    """How well the grid holds the shortest waves, in a sentence."""
    grid, shortest = region.grid, model.slowest / region.grid.frequency / KM
    return (
        f"The shortest S wave at {grid.frequency:g} Hz is {shortest:.1f} km long: "
        f"{shortest / grid.spacing:.1f} nodes of {grid.spacing:g} km."
    )


def last_waves(model: RegionalModel) -> float:
    """When S waves have crossed the region, s after the origin time: what is taught after that is still ground."""
    crossing = math.hypot(model.region.length, model.region.width) / model.slowest
    return SOURCE_DELAY / model.preset.frequency + crossing


def earthquakes(plan: RegionPlan) -> tuple[int, int]:
    """Point sources and ruptures to learn from, as many to a place as the shipped forecaster has."""
    return 8 * plan.places, 4 * plan.places


def files(plan: RegionPlan, region: str = FILE) -> dict[str, str]:
    """The text of each file by its name; ``region`` is that of the region's.

    Raises:
        QuakeViewError: for a region that cannot be simulated.
    """
    model = regional_model(plan.region)
    return {
        region: region_toml(plan.region),
        "library.toml": _dataset(
            plan,
            region,
            "What the forecaster learns from: five impulses at each place.",
            "library",
            ['mechanism = "basis"', f"events = {plan.places * len(basis(0.0))}", "validation = 0.0", "test = 0.0"],
        ),
        "validation.toml": _held_out(
            plan, region, "validation", plan.validation, "What selects the weights and calibrates."
        ),
        "test.toml": _held_out(plan, region, "test", plan.test, "Held out: what the forecaster is scored on."),
        "run.toml": _run(plan, model),
    }


def free_folder(base: Path, name: str) -> Path:
    """A folder for a region of this name that is not there yet."""
    wanted = base / folder_name(name)
    numbers = (base / f"{wanted.name}-{number}" for number in itertools.count(2))
    return wanted if not wanted.exists() else next(each for each in numbers if not each.exists())


def write_files(plan: RegionPlan, region: Path) -> list[Path]:
    """Write all files of a plan beside the region's file, which is made if need be, and return their paths.

    Raises:
        QuakeViewError: if one is there already with another text, or cannot be written.
    """
    made = {region.parent / name: text for name, text in files(plan, region.name).items()}
    for path, text in made.items():
        if path.exists() and read_toml(path)[0] != tomllib.loads(text):
            raise QuakeViewError(f"{path} is there already and says something else; choose another folder.")
    make_folder(region.parent)
    for path, text in made.items():
        if not path.exists():
            write_atomically(path, text.encode())
    return list(made)


def region_toml(file: RegionFile) -> str:
    """The text of a region's file."""
    grid, fault, model = file.grid, file.fault, file.velocity_model
    layers = [f"    {{ depth_km = {each.depth_km}, vp = {each.vp}, vs = {each.vs} }}," for each in model.layers]
    lines = [
        "# The region of a forecaster: box, grid, fault and layers of rock. Lengths in km, velocities in km/s.",
        f"name = {_quoted(file.name)}",
        *(f"{key} = {getattr(file, key)}" for key in ("longitude", "latitude", "azimuth", "length", "width", "depth")),
        "",
        "[grid]",
        *(f"{key} = {value}" for key, value in vars(grid).items()),
        "",
        "[fault]",
        *([f"name = {_quoted(fault.name)}"] if fault.name else []),
        *(f"{key} = {list(getattr(fault, key))}" for key in ("start", "end", "depth")),
        f"dip = {fault.dip}",
        f"rake = {fault.rake}",
        "",
        "[velocity_model]",
        f"name = {_quoted(model.name)}",
        "layers = [",
        *layers,
        "]",
        "",
    ]
    return "\n".join(lines)


def _impulse(model: RegionalModel) -> ScenarioRequest:
    """An event in the middle of the fault."""
    plane = model.fault.plane
    x, y, depth = plane.at(plane.length / 2, plane.width / 2).tolist()
    return ScenarioRequest(
        4.5, (x, y, depth), model.preset, "impulse", model=model.earth, region=model.region, fault=model.fault
    )


def _held_out(plan: RegionPlan, region: str, split: str, count: int, what: str) -> str:
    parts = {"validation": "validation = 1.0\ntest = 0.0", "test": "validation = 0.0\ntest = 1.0"}
    lines = ['mechanism = "drawn"', 'places = "scattered"', f"events = {count}", f"seed = {SEEDS[split]}", parts[split]]
    return _dataset(plan, region, what, split, lines)


def _dataset(plan: RegionPlan, region: str, what: str, output: str, lines: Sequence[str]) -> str:
    begin = [f"# {plan.region.name}. {what} quakeview simulate {output}.toml"]
    begin += [f"region = {_quoted(region)}", f'output = "{output}"']
    return "\n".join([*begin, 'source = "impulse"', *lines, ""])


def _run(plan: RegionPlan, model: RegionalModel) -> str:
    grid = model.grid
    inside_x, inside_y = grid.inside
    nodes = grid.x[inside_x].size * grid.y[inside_y].size
    frames = round(model.preset.duration / model.preset.frame_step)
    read = input_frames(model)
    wanted = math.ceil((last_waves(model) / model.preset.frame_step - read) / STEP)
    steps = min(MOST_STEPS, max(wanted, 2), (frames - read - EARLY_FRAMES) // STEP)
    if steps < 1:
        raise QuakeViewError(
            f"Events of {model.preset.duration:g} s are too short to forecast something after an input of "
            f"{read * model.preset.frame_step:.1f} s; choose a longer duration."
        )
    points, ruptures = earthquakes(plan)
    greatest = min(LARGEST, model.fault.largest_magnitude)
    return f"""\
# A forecaster for {plan.region.name}. quakeview train run.toml
# What is missing of library and validation is simulated first; at the end the ensemble is calibrated.
name = {_quoted("WaveCastNet-" + "-".join(plan.region.name.split()))}
task = "forecasting"
folder = "run"

[model]
cell = "ConvLSTM"
members = {plan.members}

[training]
max_minutes = {plan.minutes:g}
batch_size = {4 * plan.members}
learning_rate = 4e-3
warmup_steps = 50
final_fraction = 0.02
ema_decay = 0.99
validate_every = 200
log_every = 20
workers = 0

[data]
library = "library.toml"
validation = "validation.toml"
left_out = {0.25 if plan.members > 1 else 0.0}

[data.pool]
file = "pool.npy"
points = {points}
ruptures = {ruptures}
rupture_magnitudes = [{round(max(4.0, greatest - 1.5), 1)}, {round(greatest, 1)}]

[data.windows]
input_frames = {read}
steps = {steps}
early = 0.6
dense = 0.6
stations = [{max(4, nodes // 160)}, {max(8, nodes // 5)}]
"""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
