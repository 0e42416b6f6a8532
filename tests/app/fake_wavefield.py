"""A wavefield by formula: a wavelet that leaves the hypocentre at one speed and fades with distance."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakeview.simulation.region import HAYWARD, Region

SPEED = 3000.0
WIDTH = 2.5
NEAR_AMPLITUDE = 0.3


@dataclass
class FakeWavefield:
    """What a scenario and a wavefield in simulation have in common, on a coarse grid."""

    n_frames: int = 112
    spacing: float = 2000.0
    frame_step: float = 0.52
    region: Region = HAYWARD
    frequency: float = 0.15
    illustrative: bool = True
    magnitude: float = 6.0
    hypocentre: tuple[float, float, float] = (45_000.0, 38_000.0, 8_000.0)
    rupture: Any = None
    name: str = "M6.0 Hayward"
    model_name: str = "Bay Area (illustrative)"
    source: dict = field(
        default_factory=lambda: {"kind": "point", "strike": 143.638, "dip": 90.0, "rake": 180.0, "moment": 1.1e18}
    )
    reads: int = 0

    def __post_init__(self) -> None:
        self.x = np.arange(self.spacing / 2, self.region.length, self.spacing)
        self.y = np.arange(self.spacing / 2, self.region.width, self.spacing)
        self.times = self.frame_step * np.arange(112)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        return 3, len(self.x), len(self.y), len(self.times)

    @property
    def complete(self) -> bool:
        return self.n_frames == len(self.times)

    def trace(self, x: float, y: float) -> NDArray[np.float32]:
        """(3, n_frames) at the nearest node."""
        self.reads += 1
        ix, iy = np.abs(self.x - x).argmin(), np.abs(self.y - y).argmin()
        return self._velocity(self.x[ix], self.y[iy], self.times[: self.n_frames])

    def traces(self, ix: NDArray, iy: NDArray) -> NDArray[np.float32]:
        """(n, 3, n_frames)."""
        return np.stack([self.trace(self.x[i], self.y[j]) for i, j in zip(ix, iy, strict=True)])

    def frames(self, start: int, stop: int) -> NDArray[np.float32]:
        """(3, nx, ny, stop - start)."""
        return self._velocity(self.x[:, None, None], self.y[:, None], self.times[start:stop])

    @property
    def pgv(self) -> NDArray[np.float32]:
        field_ = self.frames(0, self.n_frames)
        return np.hypot(field_[0], field_[1]).max(axis=-1)

    @property
    def t_pgv(self) -> NDArray[np.float32]:
        field_ = self.frames(0, self.n_frames)
        return self.times[np.hypot(field_[0], field_[1]).argmax(axis=-1)].astype(np.float32)

    def _velocity(self, x: Any, y: Any, times: NDArray) -> NDArray[np.float32]:
        dx, dy = np.asarray(x - self.hypocentre[0]), np.asarray(y - self.hypocentre[1])
        distance = np.sqrt(dx**2 + dy**2 + self.hypocentre[2] ** 2)
        phase = (times - distance / SPEED - 2 * WIDTH) / WIDTH
        wavelet = NEAR_AMPLITUDE * self.hypocentre[2] / distance * np.exp(-(phase**2)) * np.cos(2.2 * phase)
        azimuth = np.arctan2(dy, dx)
        parts = (np.sin(2 * azimuth), np.cos(2 * azimuth), 0.4 * np.ones_like(azimuth))
        return np.stack([part * wavelet for part in parts]).astype(np.float32)
