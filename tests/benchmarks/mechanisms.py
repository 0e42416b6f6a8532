"""Synthetic truth: double couples in an Earth that is not quite the velocity model, located with errors, and their
first motions, some of them reversed. How far off is the mechanism, and how many true ones does its spread hold?

The peer is HASH's rule (Hardebeck & Shearer 2002) on the same rays: a mechanism is acceptable for which, with one of
the sets of rays, no more polarities are wrong than the fewest possible and a few. Stations are as in ``location``.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from obspy import UTCDateTime

from quakeview.events.double_couple import all_frames, frames, mean_frame, rotations
from quakeview.events.event import Arrival, Event, Origin, Uncertainty
from quakeview.events.first_motions import FirstMotions, Place, direction, first_motions
from quakeview.events.focal_mechanism import LEAST_POLARITIES, fit
from quakeview.events.locating import Locator
from quakeview.events.travel_times import TravelTimes, travel_times
from quakeview.events.velocity_models import VelocityModel
from quakeview.monitoring.picks import Pick, Polarity
from quakeview.stations.coordinates import Coordinates
from quakeview.waveforms.channels import ChannelId
from tests.benchmarks.location import MODEL, STATIONS, TIMES, ridgecrest

Floats = NDArray[np.float64]
AROUND = 20e3
"""Metres from the middle of the network within which the earthquakes are, and 3 to 14 km deep."""
EPICENTRE, DEPTH = 700.0, 1_500.0
"""Standard deviations of the locations, m."""
EARTHS = 8
"""Velocity models, each the published one with other speeds and other depths of its layers."""
NOISE = 0.05
"""Amplitude of P, as a part of the largest, that noise has where a polarity is read."""
OUTLIER = 45.0
"""Degrees from the mean mechanism beyond which HASH leaves acceptable ones out of the mean."""
TRIED = all_frames(10_000)


@dataclass(frozen=True)
class Earthquake:
    """The truth (3, 3), and what was read of it."""

    frame: Floats
    motions: FirstMotions


def run(quick: bool) -> dict[str, object]:
    few = ridgecrest() if STATIONS.is_file() else random_network(20)
    number = 60 if quick else 200
    rng = np.random.default_rng(0)
    earths = [travel_times(another_earth(rng)) for _ in range(EARTHS)]
    figures: dict[str, object] = {"events": number}
    for network, polarities in ((few, (LEAST_POLARITIES, 40)), (random_network(100), (41, 100))):
        stations = len(network.x)
        most = min(polarities[1], stations)
        print(f"{number} double couples below {stations} stations, {polarities[0]} to {most} with a first motion")
        print(f"{'degrees, medians':42} {'held':>6} {'spread':>7} {'off':>6} {'90 %':>6} {'none':>5} {'ms':>6}")
        for share in (0.0, 0.1, 0.2):
            rng = np.random.default_rng(1)
            truths = [earthquake(network, earths, rng, share, polarities) for _ in range(number)]
            name = f"{share:.0%} of polarities reversed"
            both = {"quakeview": ours(truths, name), "hash": peer(truths, f"{name}, HASH's rule")}
            figures[f"{stations} stations, {name}"] = both
    return figures


def random_network(stations: int) -> Locator:
    rng = np.random.default_rng(1)
    places = {
        ("XX", f"S{k:03d}"): Coordinates(*(35.7 + rng.uniform(-0.4, 0.4), -117.5 + rng.uniform(-0.5, 0.5), 800.0))
        for k in range(stations)
    }
    return Locator(places, MODEL)


def another_earth(rng: np.random.Generator) -> VelocityModel:
    """The published model with speeds off by 5 % and interfaces by 20 %."""
    vp = np.maximum.accumulate(MODEL.vp * rng.normal(1, 0.05, len(MODEL.vp)))
    tops = np.maximum.accumulate(MODEL.tops * rng.normal(1, 0.2, len(MODEL.tops)).clip(0.5, 1.5))
    return VelocityModel("another", "random", tops + np.arange(len(tops)), vp, vp / 1.73)


def earthquake(
    network: Locator, earths: Sequence[TravelTimes], rng: np.random.Generator, share: float, motions: tuple[int, int]
) -> Earthquake:
    """A random double couple with a number of first ``motions`` from ... to, a ``share`` of which is reversed."""
    frame = frames(rng.uniform(0, 360), np.degrees(np.arccos(rng.uniform(0, 1))), rng.uniform(-180, 180))
    place = np.array([*rng.uniform(-AROUND, AROUND, 2), rng.uniform(3e3, 14e3)])
    number = min(int(rng.integers(motions[0], motions[1] + 1)), len(network.places))
    at = [network.places[k] for k in rng.choice(len(network.places), number, replace=False)]
    up = polarities(network, earths[rng.integers(len(earths))], frame, place, at, rng) ^ (rng.random(number) < share)
    off = rng.normal(size=3) * (EPICENTRE, EPICENTRE, DEPTH)
    latitude, longitude = network.to_geographic(*(place + off)[:2])
    moment = UTCDateTime(2019, 7, 4)
    picks = [
        Pick(ChannelId(*place, "", "HHZ"), "P", moment + k, polarity=Polarity.UP if up[k] else Polarity.DOWN)
        for k, place in enumerate(at)
    ]
    origin = Origin(
        *(moment, latitude, longitude, abs(place[2] + off[2])),
        arrivals=tuple(Arrival(pick.resource_id, "P", None, None) for pick in picks),
        uncertainty=Uncertainty(0.1, EPICENTRE**2, EPICENTRE**2, DEPTH**2),
    )
    by_id = {pick.resource_id: pick for pick in picks}
    return Earthquake(frame, first_motions(Event(origin), by_id, network.coordinates, TIMES))


def polarities(
    network: Locator, earth: TravelTimes, frame: Floats, place: Floats, at: Sequence[Place], rng: np.random.Generator
) -> NDArray[np.bool_]:
    """(n,) whether P is seen to go up at stations, in the true Earth from the true place, with noise."""
    which = [network.index[station] for station in at]
    east, north = network.x[which] - place[0], network.y[which] - place[1]
    takeoff = earth.leaving("P", np.hypot(east, north), place[2], network.elevation[which])
    amplitude = amplitudes(frame, direction(takeoff, np.degrees(np.arctan2(east, north))))
    return amplitude + rng.normal(0, NOISE, len(at)) > 0


def amplitudes(frame: Floats, rays: Floats) -> Floats:
    """(..., n) of P along rays (n, 3), from -1 to 1, of double couples (..., 3, 3)."""
    t, p = (np.ascontiguousarray(frame[..., axis, :]) for axis in (0, 2))
    across = np.ascontiguousarray(rays.T)
    return np.square(t @ across) - np.square(p @ across)


def ours(truths: Sequence[Earthquake], name: str) -> dict[str, object]:
    """Errors of the preferred mechanisms, and how many true ones are within their spread."""
    begin = time.process_time()
    solutions = [fit(truth.motions) for truth in truths]
    milliseconds = 1e3 * (time.process_time() - begin) / len(truths)
    fitted = [(each.mechanism, truth.frame) for each, truth in zip(solutions, truths, strict=True) if each.mechanism]
    off = np.array([rotations(frames(one.strike, one.dip, one.rake), frame) for one, frame in fitted])
    spread = np.array([one.spread for one, _ in fitted])
    letters = np.array([one.quality for one, _ in fitted])
    figures = figures_of(name, off, spread, len(truths) - len(fitted), milliseconds)
    for letter in "ABCD":
        of_it = letters == letter
        held, median = float(np.mean(off[of_it] <= spread[of_it])), float(np.median(off[of_it]))
        figures[letter] = {"number": int(of_it.sum()), "off": median, "held": held}
        print(f"    {letter}: {of_it.sum():4d}, off by {median:.0f} degrees, {held:.0%} held")
    return figures


def peer(truths: Sequence[Earthquake], name: str) -> dict[str, object]:
    """HASH's acceptable mechanisms with a tenth of wrong polarities allowed; their mean, and the 68 % around it."""
    begin, off, spread = time.process_time(), [], []
    for truth in truths:
        up, number = truth.motions.up, len(truth.motions)
        more, most = max(2, round(0.1 * number / 2)), max(2, round(0.1 * number))
        acceptable = np.zeros(len(TRIED), dtype=bool)
        for rays in truth.motions.rays:
            wrong = ((amplitudes(TRIED, rays) > 0) != up).sum(-1)
            acceptable |= wrong <= max(int(wrong.min()) + more, most)
        frame = mean_frame(TRIED[acceptable])
        for _ in range(3):  # outliers do not count
            frame = mean_frame(TRIED[acceptable & (rotations(TRIED, frame) < OUTLIER)])
        off.append(rotations(frame, truth.frame))
        spread.append(np.quantile(rotations(TRIED[acceptable], frame), 0.68))
    milliseconds = 1e3 * (time.process_time() - begin) / len(truths)
    return figures_of(name, np.array(off), np.array(spread), 0, milliseconds)


def figures_of(name: str, off: Floats, spread: Floats, none: int, milliseconds: float) -> dict[str, object]:
    """Print a line of the table, and return what is in it."""
    figures: dict[str, object] = {
        "held": float(np.mean(off <= spread)),
        "spread": float(np.median(spread)),
        "off": float(np.median(off)),
        "off_90": float(np.quantile(off, 0.9)),
        "none": none,
        "ms_each": milliseconds,
    }
    print(
        f"{name:42} {np.mean(off <= spread):6.1%} {np.median(spread):7.1f} {np.median(off):6.1f} "
        f"{np.quantile(off, 0.9):6.1f} {none:5d} {milliseconds:6.0f}"
    )
    return figures
