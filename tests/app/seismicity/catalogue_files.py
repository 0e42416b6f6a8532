"""A small catalogue as a file."""

from pathlib import Path

import numpy as np

from quakeview.seismicity.catalogue import DAY
from quakeview.texts import clock, date

FIRST_DAY = 12_000


def write_catalogue(path: Path, events: int = 400, seed: int = 3) -> Path:
    """Write earthquakes of 200 days around 36° N, 140° E, one of them large in the middle."""
    random = np.random.default_rng(seed)
    times = np.sort(FIRST_DAY * DAY + random.uniform(0, 200 * DAY, events))
    magnitudes = 3.0 + random.exponential(0.45, events)
    magnitudes[events // 2] = 6.9
    north, east = random.normal(36, 1, events), random.normal(140, 1, events)
    lines = ["time,latitude,longitude,depth_km,magnitude"]
    for time, latitude, longitude, depth, magnitude in zip(
        times.tolist(), north.tolist(), east.tolist(), random.uniform(0, 60, events), magnitudes, strict=True
    ):
        lines.append(f"{date(time)}T{clock(time)}Z,{latitude:.4f},{longitude:.4f},{depth:.1f},{magnitude:.2f}")
    path.write_text("\n".join(lines) + "\n")
    return path
