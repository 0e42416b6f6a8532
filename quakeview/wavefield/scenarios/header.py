"""What is known about a scenario beside its wavefield."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.simulation.region import Region

if TYPE_CHECKING:
    from quakeview.simulation.sources.rupture import Rupture

Floats = NDArray[np.float64]

SOURCE_DELAY = 0.7
"""Of the low-pass of the simulated sources, in periods of the highest frequency: ``MomentSources.band_limited``."""
Frames = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Header:
    """Where, when, what and how.

    Attributes:
        x, y: (nx,) and (ny,), of the nodes, m.
        frame_step: s between frames.
        planned_frames: how many there will be when the simulation is done.
        start_time: of the first frame, s after the origin time.
        hypocentre: X, Y and depth, m; None if it is not known.
        magnitude: None if it is not known.
        source: ``kind`` ("point", "rupture", "impulse" or "unknown") and what is known of ``strike``, ``dip``, ``rake``
            (degrees), ``moment`` (N·m) and ``seed``. An impulse releases its moment at once, but for the band limit.
        rupture: the finite fault, if there is one.
        illustrative: True if the Earth model's geometry is invented.
        frequency: highest simulated, Hz; peaks are lower bounds of the real ones, and the source's low-pass delays them
            (``source_delay``; see ``schema``).
        minimum_vs: slower ground was made this fast, m/s; None if it is not known.
        attenuation: whether waves lose energy to Q; None if it is not known.
        recorded: True for what instruments recorded; nothing of it was simulated.
    """

    name: str
    region: Region
    x: Floats = field(repr=False)
    y: Floats = field(repr=False)
    frame_step: float
    planned_frames: int
    frequency: float
    model_name: str
    illustrative: bool
    start_time: float = 0.0
    magnitude: float | None = None
    hypocentre: tuple[float, float, float] | None = None
    source: dict[str, Any] = field(default_factory=lambda: {"kind": "unknown"})
    rupture: "Rupture | None" = field(default=None, repr=False)
    minimum_vs: float | None = None
    attenuation: bool | None = None
    recorded: bool = False

    @property
    def frame_shape(self) -> tuple[int, int, int]:
        """(3, nx, ny)."""
        return 3, len(self.x), len(self.y)

    @property
    def planned_duration(self) -> float:
        """From the first frame to the last, s."""
        return (self.planned_frames - 1) * self.frame_step

    @property
    def source_delay(self) -> float:
        """By how much the low-pass of the source delays waves, s."""
        return SOURCE_DELAY / self.frequency

    @property
    def planned_times(self) -> Floats:
        """(planned_frames,) of all frames, also of those to come, s after the origin time."""
        return self.start_time + self.frame_step * np.arange(self.planned_frames, dtype=np.float64)


class Wavefield(ABC):
    """A scenario that can be read: a file (``Scenario``) or one that is still being simulated (``LiveWavefield``).

    nt is ``n_frames``, the number of frames there are so far; every time axis is that long. What ``Header`` knows can
    be asked here too.
    """

    header: Header

    @property
    @abstractmethod
    def n_frames(self) -> int:
        """How many frames there are so far."""

    @property
    def counts(self) -> tuple[int, ...]:
        """The same for ``Playable``: what happens is all there is to play."""
        return (self.n_frames,)

    @property
    def growing(self) -> bool:
        """Whether frames are still to come; of a file that was broken off none are."""
        return False

    @property
    def happening(self) -> bool:
        """Whether the waves themselves are still to come."""
        return self.growing

    @property
    def played_shape(self) -> tuple[int, ...]:
        """(3, nx, ny), of a frame."""
        return self.header.frame_shape

    @property
    def known(self) -> NDArray[np.bool_] | None:
        """(nx, ny), where stations stand that recorded it; None: it is known everywhere."""
        return None

    @property
    @abstractmethod
    def peak(self) -> float:
        """Largest amount of any component so far, m/s."""

    @property
    @abstractmethod
    def pgv(self) -> Frames:
        """Peak ground velocity so far (nx, ny), m/s: max of sqrt(vx² + vy²) (equation 1 of the WaveCastNet paper)."""

    @property
    @abstractmethod
    def t_pgv(self) -> Frames:
        """When the peak came (nx, ny), s after the origin time (equation 2); NaN where nothing has moved.

        The delay of the source's low-pass is part of it.
        """

    @abstractmethod
    def frame(self, index: int) -> Frames:
        """Velocity (3, nx, ny) along X, Y and up, m/s. Raises IndexError beyond the frames there are."""

    @abstractmethod
    def frames(self, start: int, stop: int) -> Frames:
        """Velocity (3, nx, ny, n), m/s, of the frames there are from ``start`` up to, not including, ``stop``."""

    @abstractmethod
    def traces(self, ix: ArrayLike, iy: ArrayLike) -> Frames:
        """Velocity (n, 3, nt), m/s, at n nodes given by their numbers along X and Y."""

    def trace(self, x: float, y: float) -> Frames:
        """Velocity (3, nt), m/s, at the node nearest to a point in metres."""
        ix, iy = self.nearest(x, y)
        return self.traces([ix], [iy])[0]

    def nearest(self, x: float, y: float) -> tuple[int, int]:
        """Numbers along X and Y of the node nearest to a point in metres."""
        return int(np.abs(self.x - x).argmin()), int(np.abs(self.y - y).argmin())

    @property
    def times(self) -> Floats:
        """(nt,) s after the origin time."""
        return self.start_time + self.frame_step * np.arange(self.n_frames, dtype=np.float64)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """(3, nx, ny, nt)."""
        return (*self.header.frame_shape, self.n_frames)

    @property
    def complete(self) -> bool:
        """Whether all frames that were to be simulated are there."""
        return self.n_frames >= self.header.planned_frames

    @property
    def planned_frames(self) -> int:
        return self.header.planned_frames

    @property
    def planned_duration(self) -> float:
        return self.header.planned_duration

    @property
    def name(self) -> str:
        return self.header.name

    @property
    def region(self) -> Region:
        return self.header.region

    @property
    def x(self) -> Floats:
        return self.header.x

    @property
    def y(self) -> Floats:
        return self.header.y

    @property
    def frame_step(self) -> float:
        return self.header.frame_step

    @property
    def start_time(self) -> float:
        return self.header.start_time

    @property
    def magnitude(self) -> float | None:
        return self.header.magnitude

    @property
    def hypocentre(self) -> tuple[float, float, float] | None:
        return self.header.hypocentre

    @property
    def source(self) -> dict[str, Any]:
        return self.header.source

    @property
    def rupture(self) -> "Rupture | None":
        return self.header.rupture

    @property
    def model_name(self) -> str:
        return self.header.model_name

    @property
    def illustrative(self) -> bool:
        return self.header.illustrative

    @property
    def frequency(self) -> float:
        return self.header.frequency

    @property
    def minimum_vs(self) -> float | None:
        return self.header.minimum_vs

    @property
    def attenuation(self) -> bool | None:
        return self.header.attenuation

    @property
    def recorded(self) -> bool:
        return self.header.recorded
