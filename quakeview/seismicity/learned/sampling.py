"""Cells and days to learn from: all with earthquakes, and some without that stand for the rest.

Poisson's likelihood needs the sum of what is expected over all cells of all days. It is estimated from cells that are
drawn more often where more is expected, each weighted by how rarely it is drawn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.jobs import Progress
from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.forecasting import SeismicityForecaster
from quakeview.seismicity.learned.features import Floats, RateFeatures, Singles, logarithms
from quakeview.seismicity.networks.regions import Regions
from quakeview.seismicity.windows import daily_counts

UNIFORM, EXPECTED, RECENT = 0.25, 0.35, 0.4
"""Parts of the cells that are drawn anywhere, where the reference expects earthquakes, and where some were recently:
a network that is not asked there would expect there whatever it likes."""
_LEAST = 1e-12
"""Expected number below which nothing is told apart."""


@dataclass(frozen=True, eq=False)
class SampledDays:
    """Samples of days one after another, and what regions were like.

    Attributes:
        days: (days,) last known days.
        starts: (days + 1,) first sample of each day, and their number.
        cell: (samples,).
        rates: (samples, features) logarithms.
        reference: (samples,) expected number of earthquakes.
        number: (samples,) of earthquakes that came; each cell with some is there once.
        weight: (samples,) how many cells a sample stands for; 0 for those that are there for their earthquakes.
        regions: (days, regions, features of a region) logarithms.
    """

    days: NDArray[np.int64]
    starts: NDArray[np.int64]
    cell: NDArray[np.int64]
    rates: Singles
    reference: Singles
    number: Singles
    weight: Singles
    regions: Singles

    @property
    def earthquakes(self) -> float:
        """How many came on all days."""
        return float(self.number.sum())


def sample(
    features: RateFeatures,
    reference: SeismicityForecaster,
    catalogue: Catalogue,
    days: Sequence[int],
    cells: int,
    seed: int,
    progress: Progress = Progress(),
) -> SampledDays:
    """Sample days (consecutive), so many cells of each beside those with earthquakes; by day and seed alone.

    Raises:
        Cancelled: through ``progress``.
    """
    window = reference.window
    targets = catalogue.above(reference.magnitude)
    counts = daily_counts(targets, reference.grid, days[0] + window.first, days[-1] + window.last)
    parts: list[tuple[NDArray[np.int64], Singles, Singles, Singles, Singles]] = []
    of_regions = np.empty((len(days), features.regions.number, len(features.regional)), np.float32)
    states = zip(features.rates_at_ends(catalogue, days), reference.expected(catalogue, days), strict=True)
    for number, (rates, expected) in enumerate(states):
        progress.advance(number, len(days), "Collecting what came before each day")
        happened = counts[number : number + window.length].sum(axis=0)
        there = np.flatnonzero(happened)
        chances = _chances(expected, rates[:, features.recent].sum(axis=1))
        drawn, weights = _draw(chances, cells, np.random.default_rng([seed, days[number]]))
        cell = np.concatenate((there, drawn))
        parts.append(
            (
                cell,
                logarithms(rates[cell]),
                np.maximum(expected[cell], _LEAST).astype(np.float32),
                np.concatenate((happened[there], np.zeros(cells))).astype(np.float32),
                np.concatenate((np.zeros(len(there)), weights)).astype(np.float32),
            )
        )
        of_regions[number] = features.of_regions(rates)
    starts = np.cumsum([0, *(len(part[0]) for part in parts)])
    cell, known, wanted, came, stands_for = (np.concatenate(column) for column in zip(*parts, strict=True))
    return SampledDays(np.asarray(days, np.int64), starts, cell, known, wanted, came, stands_for, of_regions)


def _chances(expected: Floats, recent: Singles) -> Floats:
    """Of each cell to be drawn, (cells,)."""
    chances = UNIFORM / len(expected) + EXPECTED * expected / expected.sum()
    if recent.any():
        chances += RECENT * recent / recent.sum(dtype=np.float64)
    return np.asarray(chances / chances.sum())


def _draw(chances: Floats, cells: int, random: np.random.Generator) -> tuple[NDArray[np.int64], Singles]:
    """Cells, and how many of the grid each stands for."""
    edges = np.cumsum(chances)
    drawn = np.searchsorted(edges, random.random(cells) * edges[-1], side="right").clip(max=len(chances) - 1)
    return drawn, (1 / (cells * chances[drawn])).astype(np.float32)


def batch_of(sampled: SampledDays, regions: Regions, chosen: NDArray[np.int64]) -> dict[str, NDArray[np.generic]]:
    """Return the samples of chosen days, (chosen, most samples, ...), those of other days filled with weights of 0."""
    first, lengths = sampled.starts[chosen], np.diff(sampled.starts)[chosen]
    place = np.arange(lengths.max())
    there = place < lengths[:, None]
    index = first[:, None] + np.where(there, place, 0)
    return {
        "rates": sampled.rates[index],
        "reference": sampled.reference[index],
        "number": sampled.number[index] * there,
        "weight": sampled.weight[index] * there,
        "region": regions.of_cells[sampled.cell[index]],
        "regions": sampled.regions[chosen],
    }


def parts_of(days: int, together: int) -> Iterator[NDArray[np.int64]]:
    """Yield the numbers of days, some at a time."""
    for first in range(0, days, together):
        yield np.arange(first, min(first + together, days))
