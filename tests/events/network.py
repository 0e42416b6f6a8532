"""A network of stations, and picks of earthquakes that it recorded without error of the velocity model."""

import numpy as np

from quakeview.events.locator import Box, Readings, variance
from quakeview.events.travel_times import travel_times
from quakeview.events.velocity_models import PUBLISHED, Floats

TIMES = travel_times(PUBLISHED["Southern California"])
_RNG = np.random.default_rng(3)
X, Y, ELEVATION = _RNG.uniform(-45e3, 45e3, 16), _RNG.uniform(-45e3, 45e3, 16), _RNG.uniform(0, 1500, 16)
BOX = Box(np.array([-80e3, -80e3, 0.0]), np.array([80e3, 80e3, 40e3]))


def recorded(source: tuple[float, float, float], origin: float, rng: np.random.Generator, wrong: float) -> Readings:
    """P and S at some stations with normal errors; a part of them ``wrong`` by seconds."""
    station = np.repeat(np.sort(rng.choice(len(X), rng.integers(7, 14), replace=False)), 2)
    phase = ["P", "S"] * (len(station) // 2)
    sigma = np.where(np.array(phase) == "P", 0.1, 0.15)
    distance = np.hypot(X[station] - source[0], Y[station] - source[1])
    travel: Floats = np.array(
        [
            TIMES.first(name, np.array(away), source[2], height)
            for name, away, height in zip(phase, distance, ELEVATION[station], strict=True)
        ]
    )
    time = origin + travel + rng.normal(size=len(travel)) * np.sqrt(variance(sigma, travel, len(travel)))
    is_wrong = rng.random(len(time)) < wrong
    time[is_wrong] += rng.uniform(2, 10, is_wrong.sum())
    return Readings(X[station], Y[station], ELEVATION[station], phase, time, sigma)
