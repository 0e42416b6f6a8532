"""What is forecast for a region, day by day, beside what then came; and how sure that is.

How sure: on the days before, of those that nothing was fitted to, the expected numbers of the region were right up to
a factor. What is known of that factor is Gamma distributed (the posterior of a Poisson rate under Jeffreys' prior),
with a variance that is larger by as much as the numbers of months scatter more than Poisson's law lets them, since
earthquakes come in sequences. For larger earthquakes how well b is known is added.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY, Catalogue, day_number
from quakeview.seismicity.maps.kept_days import KeptDays
from quakeview.seismicity.maps.words import number_text, probability_text, region_weights
from quakeview.seismicity.region import Region
from quakeview.seismicity.statistics.b_values import NORMAL_95, b_value
from quakeview.seismicity.statistics.magnitudes import rounding

Floats = NDArray[np.float64]

_BLOCK = 30
"""Days whose numbers are compared with Poisson's law."""
_LEVELS = 0.025, 0.975
_USUAL_SCATTER = 0.2
"""Of b from one region to another, where it is not known."""


@dataclass(frozen=True)
class RegionSeries:
    """Of one region, forecasts of many days.

    Attributes:
        magnitude: earthquakes of at least this are meant.
        first: (n,) first day that is forecast, ascending; each forecast is for ``length`` days.
        expected: (n,) earthquakes.
        came: (n,) earthquakes that came; NaN where that is not known yet.
        fitted_until: the first day that nothing was fitted to.
        lead: days from the last known one to the first that is forecast.
    """

    magnitude: float
    length: int
    first: NDArray[np.int64]
    expected: Floats
    came: Floats
    fitted_until: int
    lead: int = 1

    def forecast(
        self, day: int, magnitude: float, b_value: float, b_uncertainty: float = 0.0
    ) -> "RegionForecast | None":
        """Return the forecast whose first day is ``day`` for another magnitude; None if there is none.

        Args:
            magnitude: not below that of the series.
            b_value: of Gutenberg and Richter's law, by which larger earthquakes are rarer.
            b_uncertainty: its standard deviation.
        """
        found = np.flatnonzero(self.first == day)
        if not len(found):
            return None
        above = magnitude - self.magnitude
        expected = float(self.expected[found[0]]) * 10 ** (-b_value * above)
        interval = self._factor(day)
        if interval is None:
            return RegionForecast(magnitude, expected, None, None)
        low, high = map(float, expected * _wider(np.array(interval), NORMAL_95 * b_uncertainty * above * np.log(10)))
        return RegionForecast(magnitude, expected, low, high)

    def _factor(self, day: int) -> tuple[float, float] | None:
        """By what the expected numbers have to be multiplied, with 95 %, as far as what was known can tell when the
        forecast for a day was made; None if nothing was expected until then."""
        from scipy.stats import gamma

        known = day - self.lead + 1
        used = np.isfinite(self.came) & (self.first >= self.fitted_until) & (self.first + self.length <= known)
        used[used] = np.arange(np.count_nonzero(used)) % self.length == 0  # windows that do not overlap
        expected, came = self.expected[used], self.came[used]
        if not expected.sum() > 0:
            return None
        blocks = (self.first[used] - self.first[used][0]) // _BLOCK
        of_blocks, in_blocks = np.bincount(blocks, expected), np.bincount(blocks, came)
        scaled = of_blocks * max(came.sum(), 0.5) / expected.sum()
        scatter = np.mean((in_blocks - scaled) ** 2 / np.maximum(scaled, 1e-9)) if len(scaled) > 1 else 1.0
        excess = float(max(scatter, 1.0))
        low, high = gamma.ppf(_LEVELS, (came.sum() + 0.5) / excess, scale=excess / expected.sum())
        return float(low), float(high)


@dataclass(frozen=True)
class RegionForecast:
    """What is forecast for a region and some days.

    Attributes:
        magnitude: earthquakes of at least this are meant.
        expected: number of them.
        low, high: between which it is with 95 %; None where that is not known.
    """

    magnitude: float
    expected: float
    low: float | None
    high: float | None

    @property
    def probability(self) -> float:
        """Of at least one, by Poisson's law."""
        return float(-np.expm1(-self.expected))

    def __str__(self) -> str:
        """Return probability and number, with how sure they are."""
        said = f"{probability_text(self.probability)}, {number_text(self.expected)} expected"
        if self.low is None or self.high is None:
            return f"{said}; how sure that is cannot be told before forecasts of the scored days are there"
        low, high = (probability_text(float(-np.expm1(-each))).split(" (")[0] for each in (self.low, self.high))
        return f"{said}; between {low} and {high} as far as what came here on the scored days can tell (95 %)"


def _wider(interval: Floats, more: float) -> Floats:
    """A range of factors, with another uncertainty of which the logarithm is ``more``."""
    low, high = np.log(np.maximum(interval, 1e-12))
    return np.exp((low + high) / 2 + np.hypot((high - low) / 2, more) * np.array([-1, 1]))


def region_series(kept: KeptDays, region: Region | None) -> RegionSeries:
    """Return the forecasts of a region for all days that are there.

    Args:
        region: None: all cells.
    """
    forecaster, catalogue = kept.forecaster, kept.catalogue
    weights = np.ones(forecaster.grid.number) if region is None else region_weights(forecaster.grid, region)
    days, expected = kept.series(weights)
    large = catalogue.above(forecaster.magnitude)
    inside = forecaster.grid.cells(large) >= 0
    if region is not None:
        inside &= region.contains(large.latitude, large.longitude)
    times, window = day_number(large.where(inside).time), forecaster.window
    came = np.searchsorted(times, days + window.last) - np.searchsorted(times, days + window.first)
    known = days + window.last - 1 <= kept.last
    until = kept.first if forecaster.trained_days is None else forecaster.trained_days[1]
    return RegionSeries(
        forecaster.magnitude,
        window.length,
        days + window.first,
        expected,
        np.where(known, came, np.nan).astype(np.float64),
        until,
        window.first,
    )


class Rarity(NamedTuple):
    """By which b-value larger earthquakes are rarer, its standard deviation, and where it comes from, in words."""

    b: float
    uncertainty: float
    words: str


def rarity(catalogue: Catalogue, magnitude: float) -> Rarity:
    """Return how much rarer larger earthquakes are than those from a magnitude on."""
    try:
        found = b_value(catalogue.magnitude, magnitude, rounding(catalogue.magnitude).step)
    except QuakeViewError:
        return Rarity(
            1.0, _USUAL_SCATTER, f"b = 1 ± {_USUAL_SCATTER}, the usual value, since there are too few to tell"
        )
    return Rarity(
        found.b, found.uncertainty, f"b = {found.b:.2f} ± {found.uncertainty:.2f} of the catalogue until then"
    )


def rarity_before(kept: KeptDays, first: int) -> Rarity:
    """Return the rarity that was known when a forecast was made of which ``first`` is the first day."""
    known = kept.catalogue.between(-np.inf, (first - kept.forecaster.window.first + 1) * DAY)
    return rarity(known, kept.forecaster.magnitude)
