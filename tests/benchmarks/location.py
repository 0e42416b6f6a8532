"""Synthetic truth: earthquakes in layers below real stations, located from P and S with normal errors and wrong ones.

The peers are SciPy's least squares, plain and with ``loss="cauchy"``, on the same picks. Stations are those of
Ridgecrest if the folder named by QUAKEVIEW_SHARED is there, else random ones.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from quakeview.events.locating import SIGMA, Locator
from quakeview.events.locator import Box, Hypocentre, Readings, Search, locate, variance
from quakeview.events.travel_times import travel_times
from quakeview.events.velocity_models import PUBLISHED
from quakeview.stations.book import read_stations
from quakeview.stations.coordinates import Coordinates
from tests.shared import SHARED

MODEL = PUBLISHED["Southern California"]
TIMES = travel_times(MODEL)
STATIONS = SHARED / "data" / "continuous" / "ridgecrest_20190704_1650_1810" / "stations.csv"
AROUND = 25e3
"""Metres from the middle of the network within which the earthquakes are, and 1 to 16 km deep."""
DEEPEST = 40e3
WRONG_BY = 10.0
"""Seconds that a wrong pick may be off."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Earthquake:
    """The truth, and what was read of it."""

    place: Floats
    readings: Readings


def run(quick: bool) -> dict[str, object]:
    network = ridgecrest() if STATIONS.is_file() else random_network()
    box = network.box
    number = 50 if quick else 500
    figures: dict[str, object] = {"events": number, "stations": len(network.x)}
    print(f"{number} earthquakes below {len(network.x)} stations, 6 to 14 of them with P and most with S")
    print(f"{'':34} {'68 %':>6} {'95 %':>6} {'epicentre, km':>14} {'90 %':>6} {'depth, km':>10} {'ms':>7}")
    for name, wrong in (("normal errors", 0.0), ("20 % wrong picks", 0.2)):
        rng = np.random.default_rng(0)
        truths = [earthquake(network, rng, wrong) for _ in range(number)]
        figures[name] = {
            "quakeview": ours(truths, box, name),
            "least squares": peer(truths, box, f"{name}, least squares", "linear"),
            "least squares, cauchy": peer(truths, box, f"{name}, least squares, Cauchy", "cauchy"),
        }
    figures["wrong_move_over_own"] = moved_by_wrong_picks(network, box, number)
    figures["relocation_ms"] = relocation(network, box)
    return figures


def ridgecrest() -> Locator:
    return Locator(read_stations([STATIONS]).coordinates, MODEL, deepest=DEEPEST)


def random_network() -> Locator:
    rng = np.random.default_rng(1)
    places = {
        ("XX", f"S{k:02d}"): Coordinates(*(35.7 + rng.uniform(-0.4, 0.4), -117.5 + rng.uniform(-0.5, 0.5), 800.0))
        for k in range(20)
    }
    return Locator(places, MODEL, deepest=DEEPEST)


def earthquake(network: Locator, rng: np.random.Generator, wrong: float, stations: int = 0) -> Earthquake:
    """One with P at 6 to 14 stations and S at 70 % of them; a share of the picks ``wrong`` by up to ``WRONG_BY``."""
    place = np.array([*rng.uniform(-AROUND, AROUND, 2), rng.uniform(1e3, 16e3)])
    at = rng.choice(len(network.x), stations or int(rng.integers(6, 15)), replace=False)
    has_s = rng.random(len(at)) < (1.0 if stations else 0.7)
    station = np.concatenate([at, at[has_s]])
    phases = ["P"] * len(at) + ["S"] * int(has_s.sum())
    sigma = np.array([SIGMA[phase] for phase in phases])
    x, y, elevation = network.x[station], network.y[station], network.elevation[station]
    readings = Readings(x, y, elevation, phases, np.zeros(len(phases)), sigma)
    travel = Search(readings, TIMES, network.box).travel(place[None])[0]
    seen = 10.0 + travel + rng.normal(size=len(travel)) * np.sqrt(variance(sigma, travel, len(travel)))
    is_wrong = rng.random(len(seen)) < wrong
    seen += np.where(is_wrong, rng.uniform(-WRONG_BY, WRONG_BY, len(seen)), 0)
    return Earthquake(place, Readings(x, y, elevation, phases, seen, sigma))


def ours(truths: list[Earthquake], box: Box, name: str) -> dict[str, float]:
    """Errors, and how many of the true epicentres the regions of the posterior hold."""
    begin = time.process_time()
    found = [locate(truth.readings, TIMES, box) for truth in truths]
    seconds = time.process_time() - begin
    holds = {
        share: float(np.mean([f.posterior.holds(share, *t.place) for f, t in zip(found, truths, strict=True)]))
        for share in (0.68, 0.95)
    }
    places = np.array([(each.x, each.y, each.depth) for each in found])
    return figures_of(name, truths, places, seconds, holds)


def peer(truths: list[Earthquake], box: Box, name: str, loss: str) -> dict[str, float]:
    """SciPy's least squares of weighted residuals, from below the station where P came first."""
    begin = time.process_time()
    places = np.array([by_least_squares(truth.readings, box, loss) for truth in truths])
    return figures_of(name, truths, places, time.process_time() - begin, {})


def by_least_squares(readings: Readings, box: Box, loss: str) -> Floats:
    search = Search(readings, TIMES, box)
    first = int(np.argmin(readings.time))
    start = np.array([readings.x[first] / 1e3, readings.y[first] / 1e3, 8.0, readings.time[first] - 2])
    low, high = (np.append(edge / 1e3, limit) for edge, limit in ((box.low, -np.inf), (box.high, np.inf)))

    def residuals(unknowns: Floats) -> Floats:
        travel = search.travel(1e3 * unknowns[None, :3])[0]
        return (readings.time - unknowns[3] - travel) / np.sqrt(variance(readings.sigma, travel, len(travel)))

    return 1e3 * least_squares(residuals, np.clip(start, low, high), bounds=(low, high), loss=loss).x[:3]


def figures_of(
    name: str, truths: list[Earthquake], places: Floats, seconds: float, holds: dict[float, float]
) -> dict[str, float]:
    """Print a line of the table, and return what is in it."""
    off = places - np.array([truth.place for truth in truths])
    epicentre = np.hypot(off[:, 0], off[:, 1]) / 1e3
    figures = {
        "epicentre_median_km": float(np.median(epicentre)),
        "epicentre_90_km": float(np.quantile(epicentre, 0.9)),
        "depth_median_km": float(np.median(np.abs(off[:, 2]))) / 1e3,
        "ms_each": 1e3 * seconds / len(truths),
        **{f"held_{share:.0%}": value for share, value in holds.items()},
    }
    held = " ".join(f"{value:6.1%}" for value in holds.values()) or " " * 13
    print(
        f"{name:34} {held} {figures['epicentre_median_km']:14.2f} {figures['epicentre_90_km']:6.2f} "
        f"{figures['depth_median_km']:10.2f} {figures['ms_each']:7.1f}"
    )
    return figures


def moved_by_wrong_picks(network: Locator, box: Box, number: int) -> float:
    """How far 20 % wrong picks move the location of the same earthquake, over its standard error; the median."""
    rng = np.random.default_rng(2)
    ratios = []
    for _ in range(number // 5):
        truth = earthquake(network, rng, 0.0)
        seen = truth.readings
        is_wrong = rng.random(len(seen.time)) < 0.2
        spoilt = seen.time + np.where(is_wrong, rng.uniform(-WRONG_BY, WRONG_BY, len(seen.time)), 0)
        right = locate(seen, TIMES, box)
        moved = locate(Readings(seen.x, seen.y, seen.elevation, seen.phase, spoilt, seen.sigma), TIMES, box)
        ratios.append(np.hypot(moved.x - right.x, moved.y - right.y) / standard_error(right))
    ratio = float(np.median(ratios))
    print(f"20 % wrong picks move an epicentre by {ratio:.2f} of its standard error in the median")
    return ratio


def standard_error(found: Hypocentre) -> float:
    """Of the epicentre along the longer axis, m."""
    return float(np.sqrt(np.linalg.eigvalsh(found.covariance[:2, :2]).max()))


def relocation(network: Locator, box: Box) -> dict[str, float]:
    """Milliseconds of the clock and of a processor to locate again with 40 picks; the median of each."""
    truth = earthquake(network, np.random.default_rng(3), 0.0, stations=20)
    figures = {
        name: timed(lambda: locate(truth.readings, TIMES, box), clock)
        for name, clock in (("clock", time.perf_counter), ("processor", time.process_time))
    }
    print(
        f"locating again with {len(truth.readings.time)} picks: {figures['clock']:.0f} ms of the clock, "
        f"{figures['processor']:.0f} ms of a processor (target 100 ms)"
    )
    return figures


def timed(work: Callable[[], object], clock: Callable[[], float], rounds: int = 15) -> float:
    """Milliseconds, the median."""
    seconds = []
    for _ in range(rounds):
        begin = clock()
        work()
        seconds.append(clock() - begin)
    return 1e3 * float(np.median(seconds))
