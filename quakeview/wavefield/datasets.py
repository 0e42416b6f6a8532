"""Training sets: many point sources over a plane, as a description in TOML says. ::

    preset = "tiny"              # tiny, standard or fine
    events = 960                 # how many, one at each place
    output = "hayward"           # a folder, from here
    model = "bay-area"           # or gil7, loh1, homogeneous, or a GeoModelGrids file
    source = "impulse"           # or "point": with the usual duration of the magnitude
    magnitude = 4.5              # or [4.0, 5.0]: drawn between them
    mechanism = "single"         # or "drawn": strike, dip and rake of every event drawn evenly over the sphere
    strike = 143.638             # of a single mechanism, degrees; these are the Hayward fault's
    dip = 90.0
    rake = 180.0
    duration = 100.0             # s after the origin time
    attenuation = true
    seed = 0
    workers = 0                  # events at a time; 0: one for every four cores, 16 on a CUDA card
    validation = 0.1             # part of the places
    test = 0.1

    [plane]                      # vertical; km; this is the one of the WaveCastNet paper
    x = [20.0, 80.0]
    y = 38.0
    depth = [2.0, 15.0]

Everything but ``events`` and ``output`` may be left out; the values above are what is then taken (the duration of the
preset, magnitude 4.5). The places are rows of constant depth from edge to edge of the plane, as nearly square as their
number allows. Impulses are what ``superposition`` builds finite faults from.

The folder gets a scenario for every event, ``metadata.csv`` (event, file, split, X, Y, depth in m, magnitude, strike,
dip, rake) and a copy of the description. Events are split by place: the plane is cut along X into twenty strips, and
all events of a strip train, validate or test. An event that was interrupted is made again, finished ones are not.
"""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.simulation.region import HAYWARD
from quakeview.wavefield.making import ScenarioRequest

Floats = NDArray[np.float64]

STRIPS = 20
MOST_EVENTS = 1_000_000
_KINDS: dict[str, tuple[str, tuple[type, ...]]] = {
    **dict.fromkeys(("events", "seed", "workers"), ("a whole number", (int,))),
    **dict.fromkeys(("strike", "dip", "rake", "duration", "validation", "test"), ("a number", (int, float))),
    **dict.fromkeys(("output", "preset", "model", "source", "mechanism"), ("a text", (str,))),
    "attenuation": ("true or false", (bool,)),
}
"""How each value is called, and its types in TOML."""


@dataclass(frozen=True)
class Plane:
    """Where the sources are; km, as in the file."""

    x: tuple[float, float] = (20.0, 80.0)
    y: float = 38.0
    depth: tuple[float, float] = (2.0, 15.0)


@dataclass(frozen=True)
class Dataset:
    """A description; see the head of this module. ``text`` is the file's."""

    events: int
    output: Path
    text: str
    preset: str = "tiny"
    model: str = "bay-area"
    source: str = "impulse"
    magnitude: tuple[float, float] = (4.5, 4.5)
    mechanism: str = "single"
    strike: float = HAYWARD.x_azimuth
    dip: float = 90.0
    rake: float = 180.0
    duration: float | None = None
    attenuation: bool = True
    seed: int = 0
    workers: int = 0
    validation: float = 0.1
    test: float = 0.1
    plane: Plane = Plane()


@dataclass(frozen=True)
class Event:
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
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except OSError as error:
        raise QuakeViewError(f"{path} could not be read ({error.strerror}); choose another file.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise QuakeViewError(f"{path} is not TOML: {error}.") from error
    try:
        return _checked(values, text, path)
    except (TypeError, ValueError) as error:
        raise QuakeViewError(f"{path} describes no data set ({error}); see 'quakeview simulate --help'.") from error


def positions(n: int, plane: Plane) -> Floats:
    """(n, 2), X and depth, km: rows from edge to edge, evenly filled, as nearly square as n allows."""
    length, height = plane.x[1] - plane.x[0], plane.depth[1] - plane.depth[0]
    rows = n
    if length:
        both = length + height  # (length / d + 1)(height / d + 1) = n for the density 1 / d
        density = (np.sqrt(both**2 + 4 * length * height * (n - 1)) - both) / (2 * length * height) if height else 0.0
        rows = min(round(height * density) + 1, n)
    counts = [len(row) for row in np.array_split(np.arange(n), rows)]
    depths = _spread(*plane.depth, rows)
    return np.array([(x, depth) for depth, count in zip(depths, counts, strict=True) for x in _spread(*plane.x, count)])


def planned_events(dataset: Dataset) -> list[Event]:
    """Every event, drawn from the seed alone."""
    plane = dataset.plane
    places = positions(dataset.events, plane)
    splits = _splits(dataset)
    events = []
    for number, (x, depth) in enumerate(places.tolist()):
        random = np.random.default_rng([dataset.seed, number])
        along = (x - plane.x[0]) / (plane.x[1] - plane.x[0]) if plane.x[1] > plane.x[0] else 0.0
        strike, dip, rake = dataset.strike, dataset.dip, dataset.rake
        if dataset.mechanism == "drawn":
            strike, rake = random.uniform(0, 360), random.uniform(-180, 180)
            dip = float(np.degrees(np.arccos(random.uniform(0, 1))))
        events.append(
            Event(
                number=number,
                file=f"event_{number:05d}.h5",
                split=splits[min(int(along * STRIPS), STRIPS - 1)],
                x=1000 * x,
                y=1000 * plane.y,
                depth=1000 * depth,
                magnitude=round(random.uniform(*dataset.magnitude), 2),
                strike=strike,
                dip=dip,
                rake=rake,
            )
        )
    return events


def request_of(dataset: Dataset, event: Event) -> ScenarioRequest:
    """What is simulated for one event."""
    return ScenarioRequest(
        magnitude=event.magnitude,
        hypocentre=(event.x, event.y, event.depth),
        preset=dataset.preset,
        source=dataset.source,
        strike=event.strike,
        dip=event.dip,
        rake=event.rake,
        model=dataset.model,
        attenuation=dataset.attenuation,
        duration=dataset.duration,
        name=f"{dataset.output.name} {event.number}",
    )


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


def _checked(values: dict[str, Any], text: str, path: Path) -> Dataset:
    if unknown := set(values) - {each.name for each in fields(Dataset)} | set(values) & {"text"}:
        raise ValueError(f"{sorted(unknown)[0]} is unknown")
    if missing := {"events", "output"} - set(values):
        raise ValueError(f"{sorted(missing)[0]} is missing")
    for name, value in values.items():
        if name in _KINDS and type(value) not in _KINDS[name][1]:
            raise ValueError(f"{name} must be {_KINDS[name][0]}")
    if "plane" in values:
        values["plane"] = _plane(values["plane"])
    if "magnitude" in values:
        values["magnitude"] = _range(values["magnitude"], "magnitude")
    dataset = Dataset(**values | {"output": path.parent / values["output"], "text": text})
    wrong = {
        f"events must be at least 1 and at most {MOST_EVENTS}": not 1 <= dataset.events <= MOST_EVENTS,
        "seed must not be negative": dataset.seed < 0,
        "mechanism must be single or drawn": dataset.mechanism not in ("single", "drawn"),
        "source must be impulse or point": dataset.source not in ("impulse", "point"),
        "workers must not be negative": dataset.workers < 0,
        "validation and test must leave something to train": not (
            dataset.validation >= 0 and dataset.test >= 0 and dataset.validation + dataset.test < 0.9
        ),
    }
    for problem, there in wrong.items():
        if there:
            raise ValueError(problem)
    return dataset


def _plane(value: Any) -> Plane:
    if type(value) is not dict:
        raise ValueError("plane must be a table")
    if unknown := set(value) - {each.name for each in fields(Plane)}:
        raise ValueError(f"{sorted(unknown)[0]} of the plane is unknown")
    ends = {name: _range(part, f"{name} of the plane") for name, part in value.items()}
    y, y_again = ends.pop("y", (Plane.y, Plane.y))
    if y != y_again:
        raise ValueError("y of the plane must be one number")
    return Plane(y=y, **ends)


def _range(value: Any, name: str) -> tuple[float, float]:
    ends = value if isinstance(value, list) else [value, value]
    if len(ends) != 2 or any(type(end) not in (int, float) for end in ends) or not ends[0] <= ends[1]:
        raise ValueError(f"{name} must be one number or [low, high]")
    return float(ends[0]), float(ends[1])
