"""Training sets: many sources over a plane, as a description in TOML says; ``Dataset`` has its keys.

Rows are of constant depth from edge to edge of the plane, as nearly square as the number of places allows. Impulses are
what ``superposition`` builds finite faults from.

Without ``region`` events are in the San Francisco Bay; with it, on the fault of a region of the user's own.

The folder gets a scenario for every event, ``metadata.csv`` (event, file, split, X, Y, depth in m, magnitude, strike,
dip, rake) and a copy of the description and of the region's. Events are split by place: the plane is cut along its
length into twenty strips, and all events of a strip train, validate or test; with ``test = 1.0`` a data set only tests.
An event that was interrupted is made again, finished ones are not.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.simulation.regional_model import RegionalModel, read_regional_model
from quakeview.simulation.sources.fault import Fault
from quakeview.simulation.sources.hayward_fault import HAYWARD_FAULT
from quakeview.toml_files import read_table, read_toml
from quakeview.wavefield.scenarios.making import ScenarioRequest

Floats = NDArray[np.float64]
Mechanism = tuple[float, float, float]
"""Strike, dip and rake, degrees."""

STRIPS = 20
MOST_EVENTS = 1_000_000


@dataclass(frozen=True)
class Plane:
    """Where the sources are: a vertical plane. The one of the WaveCastNet paper is taken if none is given.

    Attributes:
        x: its ends along the fault, km.
        y: where it stands across the fault, km.
        depth: its upper and lower edge, km.
    """

    x: tuple[float, float] = (20.0, 80.0)
    y: float = 38.0
    depth: tuple[float, float] = (2.0, 15.0)


@dataclass(frozen=True)
class Dataset:
    """A description of many events.

    Attributes:
        events: how many, one at each place.
        output: a folder, from that of the file.
        text: the description as it was read.
        region: the file of a region, which says the grid, the velocity model and the plane; the San Francisco Bay if
            left out.
        preset: how finely: ``tiny``, ``forecast``, ``standard`` or ``fine``.
        places: ``rows`` from edge to edge of the plane, or ``scattered``: drawn evenly over it.
        model: ``bay-area``, ``gil7``, ``loh1``, ``homogeneous``, or a GeoModelGrids file.
        source: ``impulse``, ``point`` (as long as its magnitude asks) or ``rupture`` of the fault.
        magnitude: one number; or two, and it is drawn between them; or three and more, each in turn.
        mechanism: ``single``; ``drawn``: strike, dip and rake of every event are drawn evenly over the sphere;
            ``basis``: five events at each place, of which every double couple is a sum.
        strike, dip, rake: of a single mechanism, degrees; left out, it is the fault's.
        duration: s after the origin time; that of the preset or the region if left out.
        attenuation: whether waves lose energy to Q.
        seed: of everything that is drawn.
        workers: events at a time; 0 is one for every four cores, 16 on a CUDA card.
        validation, test: part of the places; 0-1.
        plane: where the sources are.
    """

    events: int
    output: Path
    text: str
    region: Path | None = None
    preset: str = "tiny"
    places: Literal["rows", "scattered"] = "rows"
    model: str = "bay-area"
    source: Literal["impulse", "point", "rupture"] = "impulse"
    magnitude: tuple[float, ...] = (4.5, 4.5)
    mechanism: Literal["single", "drawn", "basis"] = "single"
    strike: float | None = None
    dip: float | None = None
    rake: float | None = None
    duration: float | None = None
    attenuation: bool = True
    seed: int = 0
    workers: int = 0
    validation: float = 0.1
    test: float = 0.1
    plane: Plane = Plane()

    @cached_property
    def regional(self) -> RegionalModel | None:
        """The region of the user's own.

        Raises:
            QuakeViewError: if its file cannot be used.
        """
        return None if self.region is None else read_regional_model(self.region)

    @property
    def fault(self) -> Fault:
        return HAYWARD_FAULT if self.regional is None else self.regional.fault


@dataclass(frozen=True)
class DatasetEvent:
    """One line of ``metadata.csv``. Positions in m."""

    number: int
    file: str
    split: str
    x: float
    y: float
    depth: float
    magnitude: float
    strike: float
    dip: float
    rake: float


def read_description(path: Path) -> Dataset:
    """A data set's description.

    Raises:
        QuakeViewError: for a file that is missing, no TOML, or says what cannot be.
    """
    values, text = read_toml(path)
    if "text" in values:
        raise QuakeViewError(f"'text' in {path.name} is unknown; remove it.")
    if "region" in values and (twice := [key for key in ("preset", "model", "plane") if key in values]):
        raise QuakeViewError(f"{path.name} has a region, which says its {twice[0]} too; remove {twice[0]!r}.")
    if "magnitude" in values:
        values["magnitude"] = _both_ends(values["magnitude"])
    if isinstance(plane := values.get("plane"), dict):
        values["plane"] = {name: part if name == "y" else _both_ends(part) for name, part in plane.items()}
    dataset = read_table(Dataset, values | {"text": text}, path.name, path.resolve().parent)
    if problem := _problem(dataset):
        raise QuakeViewError(f"{path.name} describes no data set: {problem}; correct it.")
    return dataset


def rows(n: int, plane: Plane) -> Floats:
    """(n, 2), X and depth, km: rows from edge to edge, evenly filled, as nearly square as n allows."""
    length, height = plane.x[1] - plane.x[0], plane.depth[1] - plane.depth[0]
    count = n
    if length:
        both = length + height  # (length / d + 1)(height / d + 1) = n for the density 1 / d
        density = (np.sqrt(both**2 + 4 * length * height * (n - 1)) - both) / (2 * length * height) if height else 0.0
        count = min(round(height * density) + 1, n)
    lengths = [len(row) for row in np.array_split(np.arange(n), count)]
    depths = _spread(*plane.depth, count)
    return np.array([(x, depth) for depth, many in zip(depths, lengths, strict=True) for x in _spread(*plane.x, many)])


def basis(strike: float) -> list[Mechanism]:
    """Strike, dip and rake of five double couples: what a plane of this strike can do, in the order Mxy, Mxx - Myy,
    Myz, Mxz, Mzz - Myy with X along the strike. Every double couple is a sum of them."""
    return [
        (strike, 90.0, 180.0),
        ((strike + 45) % 360, 90.0, 180.0),
        (strike, 90.0, 90.0),
        ((strike + 90) % 360, 90.0, 90.0),
        (strike, 45.0, 90.0),
    ]


def planned_events(dataset: Dataset) -> list[DatasetEvent]:
    """Every event, drawn from the seed alone."""
    splits = _splits(dataset)
    events: list[DatasetEvent] = []
    for place, (along, x, y, depth) in enumerate(_places(dataset)):
        random = np.random.default_rng([dataset.seed, place])
        mechanisms = _mechanisms(dataset, random)
        magnitude = _magnitude(dataset.magnitude, place, random)
        for strike, dip, rake in mechanisms:
            number = len(events)
            events.append(
                DatasetEvent(
                    number=number,
                    file=f"event_{number:05d}.h5",
                    split=splits[min(int(along * STRIPS), STRIPS - 1)],
                    x=x,
                    y=y,
                    depth=depth,
                    magnitude=magnitude,
                    strike=strike,
                    dip=dip,
                    rake=rake,
                )
            )
    return events


def request_of(dataset: Dataset, event: DatasetEvent) -> ScenarioRequest:
    """What is simulated for one event. Ruptures find their own mechanism."""
    request = ScenarioRequest(
        magnitude=event.magnitude,
        hypocentre=(event.x, event.y, event.depth),
        preset=dataset.preset,
        source=dataset.source,
        seed=dataset.seed + event.number,
        model=dataset.model,
        attenuation=dataset.attenuation,
        duration=dataset.duration,
        name=f"{dataset.output.name} {event.number}",
    )
    if own := dataset.regional:
        request = replace(request, preset=own.preset, model=own.earth, region=own.region, fault=own.fault)
    if dataset.source == "rupture":
        return request
    return replace(request, strike=event.strike, dip=event.dip, rake=event.rake)


def fault_places(fault: Fault, kind: str, n: int, seed: int) -> tuple[Floats, Floats]:
    """(n,) how far along a fault, 0-1, and (n, 3) X, Y and depth, m, of ``rows`` or ``scattered`` places on it."""
    length, width = fault.plane.length / 1000, fault.plane.width / 1000
    points = _points(Plane((0.0, length), 0.0, (0.0, width)), kind, n, seed)
    return points[:, 0] / length, np.round(fault.plane.at(1000 * points[:, 0], 1000 * points[:, 1]), 1)


def _places(dataset: Dataset) -> list[tuple[float, float, float, float]]:
    """How far along the plane, 0-1, and X, Y and depth, m."""
    n = dataset.events // (len(basis(0.0)) if dataset.mechanism == "basis" else 1)
    if dataset.regional is not None:
        along, positions = fault_places(dataset.regional.fault, dataset.places, n, dataset.seed)
        return [(part, *position) for part, position in zip(along.tolist(), positions.tolist(), strict=True)]
    (start, end), y = dataset.plane.x, 1000 * dataset.plane.y
    points = _points(dataset.plane, dataset.places, n, dataset.seed).tolist()
    return [((x - start) / (end - start) if end > start else 0.0, 1000 * x, y, 1000 * depth) for x, depth in points]


def _points(plane: Plane, kind: str, n: int, seed: int) -> Floats:
    """(n, 2), along the plane and down, km."""
    if kind == "rows":
        return rows(n, plane)
    low, high = zip(plane.x, plane.depth, strict=True)
    return np.random.default_rng(seed).uniform(low, high, (n, 2))


def _mechanisms(dataset: Dataset, random: np.random.Generator) -> list[Mechanism]:
    """Of the events at one place."""
    fault = dataset.fault
    given = (dataset.strike, dataset.dip, dataset.rake)
    of_fault = (fault.plane.strike, fault.plane.dip, fault.rake)
    strike, dip, rake = (own if own is not None else other for own, other in zip(given, of_fault, strict=True))
    if dataset.mechanism == "basis":
        return basis(strike)
    if dataset.mechanism == "single":
        return [(strike, dip, rake)]
    strike, rake = random.uniform(0, 360), random.uniform(-180, 180)
    return [(strike, float(np.degrees(np.arccos(random.uniform(0, 1)))), rake)]


def _magnitude(given: tuple[float, ...], place: int, random: np.random.Generator) -> float:
    return round(random.uniform(*given), 2) if len(given) == 2 else given[place % len(given)]


def _spread(low: float, high: float, n: int) -> Floats:
    return np.linspace(low, high, n) if n > 1 else np.array([(low + high) / 2])


def _splits(dataset: Dataset) -> list[str]:
    """What the events of each strip are for; strips are drawn, so that those of a kind are spread over the plane."""
    validation, test = (max(1, round(part * STRIPS)) if part else 0 for part in (dataset.validation, dataset.test))
    order = np.random.default_rng(dataset.seed).permutation(STRIPS)
    splits = ["train"] * STRIPS
    for strip in order[:test]:
        splits[strip] = "test"
    for strip in order[test : test + validation]:
        splits[strip] = "validation"
    return splits


def _both_ends(value: Any) -> Any:
    """Return one number as a range; anything else as it is."""
    return [value, value] if type(value) in (int, float) else value


def _problem(dataset: Dataset) -> str:
    """Say what cannot be; nothing if all can."""
    ranges = {
        "magnitude": dataset.magnitude,
        "x of the plane": dataset.plane.x,
        "depth of the plane": dataset.plane.depth,
    }
    wrong = {
        f"events must be at least 1 and at most {MOST_EVENTS}": not 1 <= dataset.events <= MOST_EVENTS,
        "seed must not be negative": dataset.seed < 0,
        "events of a basis must be a multiple of 5": dataset.mechanism == "basis" and dataset.events % 5 != 0,
        f"ruptures follow the {dataset.fault.name} and take no mechanism": dataset.source == "rupture"
        and dataset.mechanism != "single",
        "workers must not be negative": dataset.workers < 0,
        "validation and test must be parts of 1": not (
            dataset.validation >= 0 and dataset.test >= 0 and dataset.validation + dataset.test <= 1
        ),
        **{
            f"{name} must be one number or [low, high]": len(ends) < 2 or (len(ends) == 2 and not ends[0] <= ends[1])
            for name, ends in ranges.items()
        },
    }
    return next((problem for problem, there in wrong.items() if there), "")
