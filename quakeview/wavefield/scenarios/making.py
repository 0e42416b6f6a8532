"""From a few words about an earthquake to a scenario file."""

import math
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.simulation.earth.layered import LayeredEarth
from quakeview.simulation.earth.material import EarthModel
from quakeview.simulation.earth.models import earth_model
from quakeview.simulation.region import HAYWARD, Region
from quakeview.simulation.sources.fault import Fault
from quakeview.simulation.sources.hayward_fault import HAYWARD_FAULT
from quakeview.simulation.sources.moment_sources import MomentSources, check_inside
from quakeview.simulation.sources.moment_tensor import double_couple
from quakeview.simulation.sources.point import point_source
from quakeview.simulation.sources.rupture import Rupture, make_rupture
from quakeview.simulation.sources.scaling import seismic_moment
from quakeview.simulation.sources.slip_model import SlipModel
from quakeview.simulation.sources.srf import read_srf
from quakeview.simulation.waves.estimate import Estimate, estimate
from quakeview.simulation.waves.grid import Grid
from quakeview.simulation.waves.plan import Plan, longest_step, plan_simulation
from quakeview.simulation.waves.presets import PRESETS, Preset
from quakeview.simulation.waves.solver import simulate, simulate_many
from quakeview.wavefield.scenarios.header import Frames, Header
from quakeview.wavefield.scenarios.scenario import ScenarioWriter

POINT_MAGNITUDES = (0.0, 7.0)
IMPULSE_STEP = 0.01
"""s in which an impulse releases its moment."""
LONGEST = 3600.0
"""s; by then all waves have left the region many times over."""
_COARSE = 2000.0
"""m between points at which a model is asked for its fastest rock."""


@dataclass(frozen=True)
class ScenarioRequest:
    """An earthquake to simulate.

    Attributes:
        magnitude: of a rupture or a point; an SRF file has its own.
        hypocentre: X, Y and depth, m; None draws that of a rupture.
        preset: how finely; a name of ``PRESETS``, or what such a name stands for.
        source: "rupture" of the fault; "point", with the usual duration of its magnitude; "impulse", a point that
            releases its moment at once.
        srf: a rupture in a file takes the place of all that.
        seed: of a rupture.
        strike, dip, rake: of a point or an impulse, degrees; None is that of the fault.
        model: a name of ``MODEL_NAMES``, a GeoModelGrids file, or the layers of a region of one's own.
        attenuation: whether waves lose energy to Q.
        duration: s after the origin time; None is that of the preset.
        name: as it is shown; None describes the source.
        fault: in the axes of the region.
    """

    magnitude: float = 6.0
    hypocentre: tuple[float, float, float] | None = None
    preset: str | Preset = "tiny"
    source: str = "rupture"
    srf: Path | None = None
    seed: int = 0
    strike: float | None = None
    dip: float | None = None
    rake: float | None = None
    model: str | LayeredEarth = "bay-area"
    attenuation: bool = True
    duration: float | None = None
    region: Region = HAYWARD
    name: str | None = None
    fault: Fault = HAYWARD_FAULT


@dataclass(frozen=True)
class ScenarioStarted:
    """Published first: what a ``LiveWavefield`` needs."""

    header: Header


@dataclass(frozen=True)
class FrameReady:
    """Published for every frame: velocity (3, nx, ny), m/s, at ``time`` s after the origin time."""

    index: int
    time: float
    frame: Frames = field(repr=False)


@dataclass(frozen=True)
class Source:
    """The earthquake of a request.

    Attributes:
        sources: not band-limited.
        rupture: None for points, and for SRF files that are not one plane.
        facts: for ``Header.source``.
    """

    sources: MomentSources
    magnitude: float
    hypocentre: tuple[float, float, float]
    facts: dict[str, Any]
    name: str
    rupture: Rupture | None = None


def make_scenario(request: ScenarioRequest, path: Path, device: str = "auto", progress: Progress = Progress()) -> Path:
    """Simulate, and write the file frame by frame. Publishes ``ScenarioStarted``, then ``FrameReady`` for each frame.

    Cancelled or stopped by an error it leaves the frames that were finished as an incomplete scenario, or no file.

    Raises:
        QuakeViewError: for what cannot be simulated or written.
        Cancelled: through ``progress``.
    """
    plan, (sources,), (header,) = _planned([request], progress)
    with ScenarioWriter(path, header) as writer:
        progress.publish(ScenarioStarted(header))

        def keep(index: int, frame: Frames) -> None:
            if index < header.planned_frames:
                writer.write(index, frame)
                progress.publish(FrameReady(index, header.start_time + index * header.frame_step, frame))

        simulate(plan, sources, keep, device, progress)
    return path


def make_scenarios(
    requests: Sequence[ScenarioRequest], paths: Sequence[Path], device: str = "auto", progress: Progress = Progress()
) -> None:
    """``make_scenario`` for requests that differ in nothing but their source, together (see ``simulate_many``).

    Nothing is published.
    """
    plan, sources, headers = _planned(requests, progress)
    with ExitStack() as files:
        writers = [files.enter_context(ScenarioWriter(*each)) for each in zip(paths, headers, strict=True)]

        def keep(member: int, index: int, frame: Frames) -> None:
            if index < headers[member].planned_frames:
                writers[member].write(index, frame)

        simulate_many(plan, sources, keep, device, progress)


def estimate_scenario(request: ScenarioRequest, device: str = "cpu") -> Estimate:
    """What a request costs on this machine.

    Raises:
        QuakeViewError: for what can be seen to be impossible at once.
    """
    preset = preset_of(request)
    start = source_of(request).sources.band_limited(preset.frequency).start
    grid = Grid.covering(request.region, preset.spacing)
    step = longest_step(preset.spacing, _fastest(request.model, request.region, preset.minimum_vs))
    step = preset.frame_step / math.ceil(preset.frame_step / step)
    frames = _frames_after_origin(request, preset)
    n_steps = round((frames * preset.frame_step + max(-start, 0.0)) / step)
    return estimate(grid, n_steps, frames, request.attenuation, device)


def rupture_of(request: ScenarioRequest) -> Rupture | None:
    """The finite fault of a request, with rigidities of a layered Earth; None for points.

    Raises:
        QuakeViewError: for what does not fit the fault, or an SRF file that cannot be used.
    """
    return source_of(request).rupture


def preset_of(request: ScenarioRequest) -> Preset:
    """Look up how finely a request is simulated.

    Raises:
        QuakeViewError: for a name that is none.
    """
    if isinstance(request.preset, Preset):
        return request.preset
    if request.preset not in PRESETS:
        raise QuakeViewError(f"There is no preset {request.preset!r}; choose one of {', '.join(PRESETS)}.")
    return PRESETS[request.preset]


def earth_of(request: ScenarioRequest) -> EarthModel:
    """The ground of a request, as hard as its preset wants it.

    Raises:
        QuakeViewError: for a model that is none.
    """
    return _earth(request.model, request.region, preset_of(request).minimum_vs)


def source_of(request: ScenarioRequest, model: EarthModel | None = None) -> Source:
    """The earthquake; ``model`` gives rigidities and rupture speeds, None takes the layers of the request, or GIL7.

    Raises:
        QuakeViewError: for what is outside the region, does not fit the fault, or is missing.
    """
    if model is None and isinstance(request.model, LayeredEarth):
        model = request.model
    if request.srf is not None:
        slip = read_srf(request.srf, request.region, model)
        planes = slip.ruptures
        return _finite(slip, planes[0] if len(planes) == 1 else None, request.name or request.srf.stem, request.region)
    mechanism = (request.strike, request.dip, request.rake)
    if request.source == "rupture":
        if any(angle is not None for angle in mechanism):
            fault = request.fault.name
            raise QuakeViewError(f"A rupture follows the {fault}; give strike, dip and rake to a point source.")
        rupture = make_rupture(
            request.magnitude, request.hypocentre, request.seed, request.region, model, fault=request.fault
        )
        name = request.name or f"M {request.magnitude:.1f} {request.fault.name}"
        return _finite(rupture, rupture, name, request.region)
    return _point(request)


def _finite(slip: Rupture | SlipModel, rupture: Rupture | None, name: str, region: Region) -> Source:
    check_inside(slip, region)
    facts: dict[str, Any] = {"kind": "rupture", "moment": slip.moment}
    if rupture is not None:
        facts |= {"strike": rupture.plane.strike, "dip": rupture.plane.dip, "rake": float(rupture.rake.mean())}
        facts |= {} if rupture.seed is None else {"seed": rupture.seed}
    x, y, depth = (float(value) for value in slip.hypocentre)
    return Source(slip.sources(), slip.magnitude, (x, y, depth), facts, name, rupture)


def _point(request: ScenarioRequest) -> Source:
    low, high = POINT_MAGNITUDES
    if not low <= request.magnitude <= high:
        raise QuakeViewError(
            f"A point source of magnitude {request.magnitude:g} is not possible; choose {low:g}-{high:g}."
        )
    if request.hypocentre is None:
        raise QuakeViewError("A point source needs a hypocentre; give its X, Y and depth.")
    region, fault = request.region, request.fault
    moment = float(seismic_moment(request.magnitude))
    strike = fault.plane.strike if request.strike is None else request.strike
    dip = fault.plane.dip if request.dip is None else request.dip
    rake = fault.rake if request.rake is None else request.rake
    if request.source == "point":
        sources = point_source(request.hypocentre, strike, dip, rake, request.magnitude, region)
    elif request.source == "impulse":
        tensor = double_couple(strike, dip, rake, moment, region.x_azimuth)
        rate = np.array([[1 / IMPULSE_STEP]])
        sources = MomentSources(np.array([request.hypocentre], float), tensor[None], rate, IMPULSE_STEP)
        check_inside(sources, region)
    else:
        raise QuakeViewError(f"There is no source {request.source!r}; choose rupture, point or impulse.")
    facts = {"kind": request.source, "strike": strike, "dip": dip, "rake": rake, "moment": moment}
    name = request.name or f"M {request.magnitude:.1f} {request.source} source"
    return Source(sources, request.magnitude, request.hypocentre, facts, name)


def _frames_after_origin(request: ScenarioRequest, preset: Preset) -> int:
    duration = preset.duration if request.duration is None else request.duration
    if not preset.frame_step <= duration <= LONGEST:
        raise QuakeViewError(
            f"A duration of {duration:g} s is not possible; choose {preset.frame_step:g} to {LONGEST:g} s."
        )
    return round(duration / preset.frame_step)


def _planned(requests: Sequence[ScenarioRequest], progress: Progress) -> tuple[Plan, list[MomentSources], list[Header]]:
    """What runs in the medium that the requests share; the first frame is at the origin time."""
    progress.advance(0, 1, "Building the Earth model")
    shared = requests[0]
    preset = preset_of(shared)
    model = earth_of(shared)
    earthquakes = [source_of(request, model) for request in requests]
    sources = [each.sources.band_limited(preset.frequency) for each in earthquakes]
    frames = _frames_after_origin(shared, preset)
    plan = plan_simulation(
        model,
        Grid.covering(shared.region, preset.spacing),
        preset.frequency,
        (frames - 1) * preset.frame_step,
        preset.frame_step,
        shared.attenuation,
        start=min(0.0, *(each.start for each in sources)),
    )
    return plan, sources, [_header(shared, preset, model, plan.grid, frames, each) for each in earthquakes]


def _header(
    request: ScenarioRequest, preset: Preset, model: EarthModel, grid: Grid, frames: int, source: Source
) -> Header:
    inside_x, inside_y = grid.inside
    return Header(
        name=source.name,
        region=request.region,
        x=grid.x[inside_x],
        y=grid.y[inside_y],
        frame_step=preset.frame_step,
        planned_frames=frames,
        frequency=preset.frequency,
        model_name=model.name,
        illustrative=model.illustrative,
        magnitude=source.magnitude,
        hypocentre=source.hypocentre,
        source=source.facts,
        rupture=source.rupture,
        minimum_vs=preset.minimum_vs,
        attenuation=request.attenuation,
    )


@cache
def _fastest(model: str | LayeredEarth, region: Region, minimum_vs: float) -> float:
    """Largest P velocity at points across the region, m/s."""
    x, y, depth = (np.arange(0, extent, _COARSE) for extent in (region.length, region.width, region.depth))
    return float(_earth(model, region, minimum_vs).at(x, y[:, None], depth[:, None, None]).vp.max())


def _earth(model: str | LayeredEarth, region: Region, minimum_vs: float) -> EarthModel:
    """The model of a name or a file; layers are what they are."""
    return model if isinstance(model, LayeredEarth) else earth_model(model, region, minimum_vs)
