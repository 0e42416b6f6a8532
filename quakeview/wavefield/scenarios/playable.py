"""What can be played frame by frame: a scenario, a simulation under way, a forecast, or a forecast beside the truth."""

from typing import Protocol

from quakeview.wavefield.scenarios.header import Frames, Header


class Playable(Protocol):
    """Frames on one time axis, some of which may still be to come. Any thread may read them."""

    @property
    def header(self) -> Header:
        """Nodes and time axis; ``planned_frames`` counts the frames to come too."""

    @property
    def counts(self) -> tuple[int, ...]:
        """How many frames there are so far of each part; of what happens itself first."""

    @property
    def happening(self) -> bool:
        """Whether the waves themselves, not only a forecast of them, are still to come."""

    @property
    def growing(self) -> bool:
        """Whether any frames are still to come; of a file that was broken off none are."""

    @property
    def played_shape(self) -> tuple[int, ...]:
        """Shape of what ``frame`` returns."""

    def frame(self, index: int) -> Frames:
        """Velocity, m/s, along X, Y and up on the last three axes (3, nx, ny). Raises IndexError beyond ``counts``."""
