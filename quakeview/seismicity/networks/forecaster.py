"""Forecasts of HierarchicalQuake as printed, whose scores are made expected numbers by a calibration."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit

from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.forecasting import Parts
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.networks.calibration import MonotoneCalibration
from quakeview.seismicity.networks.daily_maps import DailyMaps
from quakeview.seismicity.networks.hierarchical import HierarchicalConfig, HierarchicalQuake, Said
from quakeview.seismicity.networks.regions import Regions
from quakeview.seismicity.windows import Window

Floats = NDArray[np.float64]

OBSERVED = 64
"""Days that a forecast is made from, at least, in the paper."""
_NETWORK = "network."
"""Before the names of its weights."""


@dataclass(frozen=True)
class PrintedForecast:
    """What the network says, as printed, and what that means.

    Its scores lie between .27 and .95, also where nothing ever happens: they are no probabilities. ``expected`` is what
    scores like these meant on the days of validation; tables of the paper compare the scores.

    Attributes:
        input_magnitude: earthquakes of at least this are seen.
        calibration: of logits.
        trained_days: [first, last) from which the network learnt, or which chose the best weights and the calibration.
    """

    name: str
    grid: CellGrid
    magnitude: float
    window: Window
    input_magnitude: float
    network: HierarchicalQuake
    calibration: MonotoneCalibration
    trained_days: tuple[int, int] | None

    @property
    def regions(self) -> Regions:
        """Between which there is attention; ``outlines`` says where they are."""
        return self.network.regions

    def expected(self, catalogue: Catalogue, days: Sequence[int]) -> Iterator[Floats]:
        """Yield what is expected after each of the days, from the earthquakes until its end."""
        for logits in self.logits(catalogue, days):
            yield self.calibration.expected(logits)

    def logits(self, catalogue: Catalogue, days: Sequence[int]) -> Iterator[Floats]:
        """Yield the network's scores after each of the days, (cells,); their logistic is what is printed."""
        for said in self._said(catalogue, days):
            yield said.logit.cpu().numpy().ravel().astype(np.float64)

    def printed(self, catalogue: Catalogue, days: Sequence[int]) -> Iterator[Floats]:
        """Yield what the paper calls the probability of an earthquake in each cell, (cells,), after each day."""
        for logits in self.logits(catalogue, days):
            yield expit(logits)

    def attention(self, catalogue: Catalogue, day: int) -> Floats | None:
        """Return how much each region looked at each other, (regions asking, regions asked), for one forecast.

        Rows sum to 1; None if the network has no attention.
        """
        weights = next(self._said(catalogue, [day])).attention
        return None if weights is None else weights.cpu().numpy().astype(np.float64)

    def _said(self, catalogue: Catalogue, days: Sequence[int]) -> Iterator[Said]:
        seen = catalogue.above(self.input_magnitude)
        return said_after(self.network, DailyMaps(seen, self.grid, self.magnitude, self.window), days)

    def parts(self) -> Parts:
        """Return what it is made of."""
        settings = {"input_magnitude": self.input_magnitude, "network": asdict(self.network.config)}
        weights = {f"{_NETWORK}{name}": value.cpu().numpy() for name, value in self.network.state_dict().items()}
        return Parts.of(self, settings, weights | asdict(self.calibration))

    @classmethod
    def of_parts(cls, parts: Parts) -> Self:
        """Return the forecast that is made of these parts.

        Raises:
            KeyError, TypeError, ValueError: if they do not fit.
        """
        described = dict(parts.settings["network"])
        columns, rows = map(int, described.pop("cells"))
        network = HierarchicalQuake(HierarchicalConfig((columns, rows), **described))
        if (columns, rows) != parts.grid.shape:
            raise ValueError("cells")
        weights = _weights(parts.arrays)
        try:
            network.load_state_dict(weights)
        except RuntimeError as error:
            raise ValueError(str(error)) from error
        edges, rates = (np.asarray(parts.arrays[name], np.float64) for name in ("edges", "rates"))
        if rates.shape != (len(edges) + 1,) or not (rates > 0).all():
            raise ValueError("rates")
        return cls(
            **parts.common,
            input_magnitude=float(parts.settings["input_magnitude"]),
            network=network.eval(),
            calibration=MonotoneCalibration(edges, rates),
        )


def said_after(network: HierarchicalQuake, maps: DailyMaps, days: Sequence[int]) -> Iterator[Said]:
    """Yield what the network says at the end of each of the days (ascending).

    The published code carries one state through all days, so that a forecast depends on where one began; the paper
    says 64 days, and not how. Here days are in blocks of ``OBSERVED``, and the state of each begins blank so many days
    before: a forecast is made from the last 64 days at least and 127 at most, and is the same whatever else is asked.
    """
    device = network.frequency.device
    for block, of_block in groupby(days, lambda day: day // OBSERVED):
        wanted = set(of_block)
        state = network.beginning()
        for day in range((block - 1) * OBSERVED + 1, max(wanted) + 1):
            with torch.inference_mode():
                said, state = network(torch.from_numpy(maps.magnitudes(day)).to(device), state)
            if day in wanted:
                yield said


def _weights(arrays: Any) -> dict[str, torch.Tensor]:
    return {
        name.removeprefix(_NETWORK): torch.from_numpy(np.array(array))
        for name, array in arrays.items()
        if name.startswith(_NETWORK)
    }
