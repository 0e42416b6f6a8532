"""Ground motion that nobody measured, to try a forecaster with: how long it takes, whether a copy of it is the same."""

import numpy as np

from quakeview.wavefield.forecasting.forecaster import Forecaster
from quakeview.wavefield.forecasting.observation import Observation
from quakeview.wavefield.scenarios.header import Header

INPUT = 15.6
"""s."""
_SPEED = 3000.0
"""m/s, of the ring that spreads."""
_VELOCITY = 0.05
"""m/s."""


def trial_observation(forecaster: Forecaster, seed: int = 0) -> Observation:
    """Make what a forecaster may have been told: a ring that spreads from a place drawn at random, seen everywhere."""
    rng = np.random.default_rng(seed)
    x, y, step = forecaster.x, forecaster.y, forecaster.frame_step
    n = round(INPUT / step)
    centre = rng.choice(x), rng.choice(y)
    distance = np.hypot(x[:, None] - centre[0], y[None, :] - centre[1])
    phase = 2 * np.pi * forecaster.frequency * (distance[..., None] / _SPEED - step * np.arange(1, n + 1))
    ring = np.cos(phase) * np.exp(-0.5 * (phase / np.pi) ** 2)
    frames = (_VELOCITY * rng.normal(size=(3, 1, 1, 1)) * ring).astype(np.float32)
    header = Header(
        name="Trial",
        region=forecaster.region,
        x=x,
        y=y,
        frame_step=step,
        planned_frames=n,
        frequency=forecaster.frequency,
        model_name="none",
        illustrative=True,
    )
    return Observation(header, n, frames, np.ones(frames.shape[1:], np.bool_))
