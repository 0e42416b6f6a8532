"""For which places the stations of a forecast are enough.

A forecaster that has too few stations forecasts still ground, which reads like an all-clear. So what it says counts
only with as many stations as it was trained with, and at places as near to one as those that it was trained for.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quakeview.texts import counted
from quakeview.wavefield.forecasting.observation import Observation

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.forecast import ForecastModel

Map = NDArray[np.float64]
Bools = NDArray[np.bool_]

_FARTHER = 0.001
"""Part of the places that were farther from the nearest station in training."""


@dataclass(frozen=True)
class Support:
    """What the stations of an observation are enough for.

    Attributes:
        model: name of the forecaster.
        fewest: stations it was trained with; 0: it needs none; None: not known.
        stations: nodes with a station that still reports when the input ends; None: every node is known.
        reach: how far from the nearest of them a place may be, m.
        distance: (nx, ny) from the nearest of them, m.
    """

    model: str
    fewest: int | None
    stations: int | None
    reach: float
    distance: Map = field(repr=False)

    @classmethod
    def of(cls, observation: Observation, model: "ForecastModel") -> "Support":
        """That of a forecast."""
        reporting, header = observation.known[..., -1], observation.header
        fewest = model.fewest_stations
        if reporting.all():
            return cls(model.name, fewest, None, np.inf, np.zeros(reporting.shape))
        steps = [float(np.diff(axis).mean()) if len(axis) > 1 else 1.0 for axis in (header.x, header.y)]
        area = reporting.size * steps[0] * steps[1]
        reach = trained_reach(fewest, area) if fewest else np.inf
        return cls(model.name, fewest, int(reporting.sum()), reach, _distance(reporting, steps))

    @cached_property
    def enough(self) -> Bools:
        """(nx, ny), where the forecast may be believed."""
        near: Bools = self.distance <= self.reach
        return near & (not self.reason)

    @property
    def reason(self) -> str:
        """Why it may be believed nowhere, in a sentence; empty if it may somewhere."""
        if self.stations is None or self.fewest == 0:
            return ""
        reports = f"{counted(self.stations, 'station')} report{'s' if self.stations == 1 else ''}"
        if self.fewest is None:
            return f"{self.model} does not say how few stations it was trained with: {reports}, which may be too few."
        if self.stations < self.fewest:
            return f"Not enough stations: {reports}, and {self.model} was trained with {self.fewest} or more."
        return ""

    def why(self, ix: int, iy: int) -> str:
        """Why it may not be believed at a node, in a sentence; empty if it may."""
        if self.reason or self.enough[ix, iy]:
            return self.reason
        return (
            f"Not enough stations: the nearest that reports is {self.distance[ix, iy] / 1000:.0f} km away, and "
            f"{self.model} was trained for places up to {self.reach / 1000:.0f} km from one."
        )


def trained_reach(fewest: int, area: float) -> float:
    """Distance from the nearest of ``fewest`` stations that all but a thousandth of the places of an area (m²) keep, m,
    if the stations are drawn anywhere: exp(-density pi r²) = 0.001 (Clark and Evans, 1954)."""
    return float(np.sqrt(-np.log(_FARTHER) * area / (np.pi * fewest)))


def _distance(reporting: Bools, steps: list[float]) -> Map:
    from scipy.ndimage import distance_transform_edt

    if not reporting.any():
        return np.full(reporting.shape, np.inf)
    distance: Map = distance_transform_edt(~reporting, sampling=steps)
    return distance
