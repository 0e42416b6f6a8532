"""Small wavefields for tests."""

import numpy as np
from numpy.typing import NDArray

from quakeview.simulation.region import HAYWARD
from quakeview.wavefield.scenarios.header import Header


def header(nx: int = 12, ny: int = 8, frames: int = 40, **known: object) -> Header:
    facts: dict[str, object] = {
        "name": "M 6.0 Hayward",
        "region": HAYWARD,
        "x": 500.0 + 1000.0 * np.arange(nx),
        "y": 500.0 + 1000.0 * np.arange(ny),
        "frame_step": 0.5,
        "planned_frames": frames,
        "frequency": 0.15,
        "model_name": "Bay Area (illustrative)",
        "illustrative": True,
        "magnitude": 6.0,
        "hypocentre": (40_000.0, 38_000.0, 8_000.0),
        "source": {"kind": "point", "strike": 143.638, "dip": 90.0, "rake": 180.0, "seed": 3},
        "minimum_vs": 1000.0,
        "attenuation": True,
    }
    return Header(**{**facts, **known})  # type: ignore[arg-type]


def velocity(nx: int = 12, ny: int = 8, frames: int = 40, peak: float = 0.3) -> NDArray[np.float32]:
    """(3, nx, ny, nt): noise that grows through ten orders of magnitude to about ``peak`` and fades again."""
    envelope = 10.0 ** (-10 * np.abs(np.linspace(-1, 0.4, frames)))
    noise = np.random.default_rng(1).uniform(-1, 1, (3, nx, ny, frames))
    return (peak * noise * envelope).astype(np.float32)
