"""What a forecaster is, how one is loaded from a model folder, and what every one of them refuses."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.registry import PUBLISHED_FORECASTING, read_card
from quakeview.simulation.region import Region
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.forecasting.observation import Observation
from quakeview.wavefield.forecasting.reference import Forecasting
from quakeview.wavefield.scenarios.header import Floats, Header, Wavefield

LONGEST = 600.0
"""s of a forecast; nothing that happens in a region lasts longer."""
LARGEST_VELOCITY = 20.0
"""m/s; no ground has moved so fast, what is larger is in other units."""


class Forecaster(Forecasting, Protocol):
    """Continues known frames on a grid of its own: what a model folder for forecasts holds.

    ``forecast`` publishes ``ForecastStarted``, then ``ForecastGrown`` whenever frames have come.
    """

    @property
    def region(self) -> Region: ...
    @property
    def x(self) -> Floats: ...
    @property
    def y(self) -> Floats: ...
    @property
    def frame_step(self) -> float:
        """Between frames, s."""
        ...

    @property
    def frequency(self) -> float:
        """Highest that it knows, Hz."""
        ...

    def on_its_grid(self, wavefield: Wavefield, progress: Progress = Progress()) -> Wavefield:
        """Return a wavefield as the networks know it; itself if it fits. Raises QuakeViewError if it cannot be."""
        ...

    def said_of_grid(self, header: Header) -> str:
        """Say what ``on_its_grid`` does to a wavefield, in a sentence; empty if nothing is to be said."""
        ...


@dataclass(frozen=True)
class ForecastStarted:
    """Published first; ``forecast`` grows from now on."""

    forecast: Forecast


@dataclass(frozen=True)
class ForecastGrown:
    """Published when frames have been added."""

    forecast: Forecast
    n_frames: int


def load_forecaster(folder: Path, device: str = "auto") -> Forecaster:
    """Load the forecaster of a model folder: an ensemble of ours, or a network of the published WaveCastNet code.

    Raises:
        QuakeViewError: if it is none, damaged, or lacks what is needed to use it.
    """
    if read_card(folder).task == PUBLISHED_FORECASTING:
        from quakeview.wavefield.forecasting.published import PublishedForecaster

        return PublishedForecaster.load(folder, device)
    from quakeview.wavefield.forecasting.ensemble import EnsembleForecaster

    return EnsembleForecaster.load(folder, device)


def frames_of(duration: float, frame_step: float) -> int:
    """Count the frames of a forecast of ``duration`` s.

    Raises:
        QuakeViewError: if it is shorter than a frame or longer than ``LONGEST``.
    """
    if not frame_step <= duration <= LONGEST:
        raise QuakeViewError(f"A forecast of {duration:g} s is not possible; choose up to {LONGEST:g} s.")
    return round(duration / frame_step)


def check_motion(observation: Observation) -> None:
    """Refuse what tells nothing of an earthquake.

    Raises:
        QuakeViewError: if nothing is known or has moved, for values that are no numbers or no velocities in m/s.
    """
    if not observation.known.any():
        raise QuakeViewError("Nothing is known of this earthquake: all stations are silent; choose others.")
    if not np.isfinite(observation.frames).all():
        raise QuakeViewError("The input holds values that are no numbers; leave out the stations or frames with them.")
    if not observation.frames.any():
        raise QuakeViewError("Nothing has moved yet where it is known; choose a longer input window.")
    if np.abs(observation.frames).max() > LARGEST_VELOCITY:
        raise QuakeViewError("The input moves faster than ground can; give velocities in m/s, not cm/s or counts.")
