"""The forecast of one day on its map: expected numbers, probabilities, and times the long-term rate."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from quakeview.colours import FIRE
from quakeview.scales import Scale
from quakeview.seismicity.catalogue import DAY, Catalogue, date_of
from quakeview.seismicity.forecasting import SeismicityForecaster, probability
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.windows import Window

Floats = NDArray[np.float64]

NOT_SCORED = "not scored yet"
_DECADES = 5
"""From the palest colour to the strongest."""
_LARGEST_RATIO = 1000.0


class Quantity(StrEnum):
    """What the colours of a map tell."""

    EXPECTED = "expected number"
    PROBABILITY = "probability"
    RATIO = "times the long-term rate"


@dataclass(frozen=True)
class Provenance:
    """Where the numbers of a forecast come from; it goes wherever they go.

    Attributes:
        forecaster: its name, as in tables.
        fitted: the days it was fitted on, in words.
        worth: what such forecasts have been worth, a sentence or ``NOT_SCORED``.
    """

    forecaster: str
    fitted: str
    worth: str = NOT_SCORED

    @classmethod
    def of(cls, forecaster: SeismicityForecaster, worth: str = NOT_SCORED) -> "Provenance":
        """Return that of a forecaster, which knows what it was fitted on."""
        days = forecaster.trained_days
        fitted = "no days" if days is None else f"{date_of(days[0])} to {date_of(days[1] - 1)}"
        return cls(forecaster.name, fitted, worth)

    def __str__(self) -> str:
        return f"Made by {self.forecaster}, fitted on {self.fitted}; {self.worth}"


@dataclass(frozen=True, eq=False)
class DayForecast:
    """What was, or is, forecast at the end of a day.

    Attributes:
        provenance: who says so.
        grid: the cells.
        magnitude: earthquakes of at least this are meant.
        window: days after ``day`` that are meant.
        day: the last day that is known, UTC, as number since 1 January 1970.
        expected: (cells,) earthquakes in the window.
        long_term: (cells,) earthquakes that the long-term rate brings in as many days; None where it is not known.
    """

    provenance: Provenance
    grid: CellGrid
    magnitude: float
    window: Window
    day: int
    expected: NDArray[np.floating]
    long_term: NDArray[np.floating] | None = None

    @property
    def first(self) -> int:
        """The first day that is forecast, as number since 1 January 1970."""
        return self.day + self.window.first

    @property
    def last(self) -> int:
        """The last day that is forecast, itself included."""
        return self.day + self.window.last - 1

    @property
    def total(self) -> float:
        """Earthquakes that are expected in all cells."""
        return float(self.expected.sum())

    @property
    def when(self) -> str:
        """The days that are forecast, ``2019-12-31`` or ``2019-12-31 to 2020-01-09``."""
        first, last = date_of(self.first), date_of(self.last)
        return first if first == last else f"{first} to {last}"

    @property
    def what(self) -> str:
        """What is forecast: ``earthquakes of magnitude 4.5 and more``."""
        return f"earthquakes of magnitude {self.magnitude:g} and more"

    def values(self, quantity: Quantity) -> Floats:
        """Return a value for each cell, (nx, ny), the first index to the east; NaN where there is none."""
        match quantity:
            case Quantity.EXPECTED:
                values = np.asarray(self.expected, np.float64)
            case Quantity.PROBABILITY:
                values = probability(np.asarray(self.expected, np.float64))
            case Quantity.RATIO:
                values = self._ratio()
        return values.reshape(self.grid.shape)

    def happened(self, catalogue: Catalogue) -> Catalogue:
        """Return the earthquakes of the catalogue that were forecast: in the window, the cells, large enough."""
        found = catalogue.between(self.first * DAY, (self.last + 1) * DAY).above(self.magnitude)
        return found.where(self.grid.cells(found) >= 0)

    def _ratio(self) -> Floats:
        if self.long_term is None:
            return np.full(self.grid.number, np.nan)
        known = self.long_term > 0
        ratio = self.expected / np.where(known, self.long_term, 1.0)
        return np.where(known, ratio, np.nan)


def scale_of(quantity: Quantity, grid: CellGrid, typical: NDArray[np.floating]) -> Scale:
    """Return a logarithmic scale that fits all days of a forecast, so that the days can be compared.

    Args:
        typical: (cells,) expected numbers of a day when nothing unusual happens, such as the long-term rate.
    """
    if quantity is Quantity.RATIO:
        return Scale("Times the long-term rate", 1.0, _LARGEST_RATIO, "×", FIRE, logarithmic=True)
    known = typical[typical > 0]
    middle = float(np.median(known)) if known.size else 1e-6
    low = 10.0 ** np.floor(np.log10(middle))
    high = min(low * 10.0**_DECADES, 1.0)
    low = min(low, high / 1000)
    size = f"{grid.size / 1e3:g} km"
    if quantity is Quantity.PROBABILITY:
        name = f"Probability in a cell of {size}"
        return Scale(name, low, high, "%", FIRE, 100.0, logarithmic=True)
    return Scale(f"Expected earthquakes in a cell of {size}", low, high, "per cell", FIRE, logarithmic=True)


def forecast_of_day(
    forecaster: SeismicityForecaster, catalogue: Catalogue, day: int, provenance: Provenance | None = None
) -> DayForecast:
    """Make the forecast at the end of one day.

    Args:
        catalogue: nothing after the end of the day is used.
        day: the last known day, UTC, as number since 1 January 1970.
        provenance: None: not scored yet.
    """
    expected = next(iter(forecaster.expected(catalogue, [day]))).copy()
    said = provenance or Provenance.of(forecaster)
    return DayForecast(said, forecaster.grid, forecaster.magnitude, forecaster.window, day, expected)
