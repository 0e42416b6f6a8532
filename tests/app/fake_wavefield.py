"""A wavefield by formula: a wavelet that leaves the hypocentre at one speed and fades with distance."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakeview.simulation.region import HAYWARD
from quakeview.wavefield.scenarios.header import Header
from quakeview.wavefield.scenarios.live import LiveWavefield

SPEED = 3000.0
WIDTH = 2.5
NEAR_AMPLITUDE = 0.3

HEADER = Header(
    name="M6.0 Hayward",
    region=HAYWARD,
    x=np.arange(1000.0, HAYWARD.length, 2000.0),
    y=np.arange(1000.0, HAYWARD.width, 2000.0),
    frame_step=0.52,
    planned_frames=112,
    frequency=0.15,
    model_name="Bay Area (illustrative)",
    illustrative=True,
    magnitude=6.0,
    hypocentre=(45_000.0, 38_000.0, 8_000.0),
    source={"kind": "point", "strike": 143.638, "dip": 90.0, "rake": 180.0, "moment": 1.26e18},
)


def expanding_wave(n_frames: int = 112, **changes: Any) -> LiveWavefield:
    """The first frames, on a coarse grid; ``changes`` to the header."""
    wavefield = LiveWavefield(replace(HEADER, **changes))
    append_frames(wavefield, n_frames)
    return wavefield


def append_frames(wavefield: LiveWavefield, count: int) -> None:
    """The next frames."""
    for index in range(wavefield.n_frames, wavefield.n_frames + count):
        time = wavefield.frame_step * index
        wavefield.append(index, velocity(wavefield, wavefield.x[:, None], wavefield.y, time))


def velocity(wavefield: LiveWavefield, x: Any, y: Any, time: Any) -> NDArray[np.float32]:
    """(3, ...) at points (m) and times (s) that broadcast, m/s."""
    x0, y0, depth = wavefield.hypocentre or (60_000.0, 40_000.0, 8_000.0)
    dx, dy = np.asarray(x - x0), np.asarray(y - y0)
    distance = np.sqrt(dx**2 + dy**2 + depth**2)
    phase = (time - distance / SPEED - 2 * WIDTH) / WIDTH
    wavelet = NEAR_AMPLITUDE * depth / distance * np.exp(-(phase**2)) * np.cos(2.2 * phase)
    azimuth = np.arctan2(dy, dx)
    parts = (np.sin(2 * azimuth), np.cos(2 * azimuth), 0.4 + 0 * azimuth)
    return np.stack([part * wavelet for part in parts]).astype(np.float32)
