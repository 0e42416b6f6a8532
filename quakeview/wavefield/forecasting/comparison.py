"""A forecast beside what happened, as one thing that can be played."""

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quakeview.wavefield.scenarios.header import Frames, Header, Wavefield

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.forecast import Forecast


class Comparison:
    """Both are on the same nodes and time axis; either may end first, and both may grow.

    Attributes:
        truth: what happened, everywhere or at stations.
        forecast: what was known, then what was expected.
    """

    def __init__(self, truth: Wavefield, forecast: "Forecast") -> None:
        self.truth, self.forecast = truth, forecast

    @property
    def header(self) -> Header:
        """That of the truth, as long as the longer of both."""
        longest = max(self.truth.planned_frames, self.forecast.planned_frames)
        return replace(self.truth.header, planned_frames=longest)

    @property
    def counts(self) -> tuple[int, int]:
        """How many frames there are of truth and forecast."""
        return self.truth.n_frames, self.forecast.n_frames

    @property
    def happening(self) -> bool:
        """Whether the truth is still to come."""
        return self.truth.growing

    @property
    def growing(self) -> bool:
        """Whether either is still to come."""
        return self.truth.growing or not self.forecast.complete

    @property
    def complete(self) -> bool:
        """Whether both have all their frames."""
        return self.truth.complete and self.forecast.complete

    @property
    def played_shape(self) -> tuple[int, ...]:
        """(2, 3, nx, ny), of a frame."""
        return 2, *self.truth.header.frame_shape

    @property
    def sites(self) -> NDArray[np.bool_] | None:
        """(nx, ny), where the truth was recorded; None: it is known everywhere."""
        return self.truth.known

    @cached_property
    def inputs(self) -> NDArray[np.bool_] | None:
        """(nx, ny), where the forecast knew the ground; None: everywhere."""
        seen = self.forecast.observation
        return None if seen.dense else np.asarray(seen.known.any(axis=-1))

    def frame(self, index: int) -> Frames:
        """(2, 3, nx, ny), m/s, of truth and forecast; NaN where nothing is known.

        Raises:
            IndexError: beyond the frames of both.
        """
        if not 0 <= index < max(self.counts):
            raise IndexError(f"frame {index} of {max(self.counts)}")
        pair = np.full((2, *self.truth.header.frame_shape), np.nan, np.float32)
        for part, wavefield in zip(pair, (self.truth, self.forecast), strict=True):
            if index < wavefield.n_frames:
                part[:] = wavefield.frame(index)
        if self.sites is not None:
            pair[0][:, ~self.sites] = np.nan
        if self.inputs is not None and index < self.forecast.issued:
            pair[1][:, ~self.inputs] = np.nan
        return pair
