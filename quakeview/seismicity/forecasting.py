"""What forecasts seismicity: the protocol, and probabilities from expected numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.windows import Window

Floats = NDArray[np.float64]


class SeismicityForecaster(Protocol):
    """Whoever says how many earthquakes are to be expected where.

    Attributes:
        name: as in tables.
        grid: the cells.
        magnitude: earthquakes of at least this are meant.
        window: days after the last known one.
        trained_days: [first, last) that it was fitted to, as numbers since 1 January 1970; None if to none. What it
            says of these days is no forecast.
    """

    @property
    def name(self) -> str: ...
    @property
    def grid(self) -> CellGrid: ...
    @property
    def magnitude(self) -> float: ...
    @property
    def window(self) -> Window: ...
    @property
    def trained_days(self) -> tuple[int, int] | None: ...

    def expected(self, catalogue: Catalogue, days: Sequence[int]) -> Iterator[Floats]:
        """Yield the expected number of earthquakes in each cell, (cells,), in the window after each of the days.

        Args:
            catalogue: nothing after the end of a day is used for its forecast.
            days: the last known days, UTC, ascending, as numbers since 1 January 1970.
        """


@dataclass(frozen=True)
class Parts:
    """What a forecaster is kept as, and made of again.

    Attributes:
        name, grid, magnitude, window, trained_days: of the forecaster.
        settings: further numbers and words, as JSON can hold them.
        arrays: whatever is large, by name.
    """

    name: str
    grid: CellGrid
    magnitude: float
    window: Window
    trained_days: tuple[int, int] | None
    settings: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]

    @classmethod
    def of(
        cls, forecaster: SeismicityForecaster, settings: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]
    ) -> Self:
        """Return the parts of a forecaster, with what its kind alone has."""
        return cls(**_common(forecaster), settings=settings, arrays=arrays)

    @property
    def common(self) -> dict[str, Any]:
        """What forecasters of all kinds have, as their classes call it."""
        return _common(self)

    def map(self, name: str) -> Floats:
        """Return an array with a number for each cell, (cells,).

        Raises:
            KeyError: if there is none.
            ValueError: if it has another shape, or numbers that are no rates.
        """
        rates = np.asarray(self.arrays[name], np.float64)
        if rates.shape != (self.grid.number,) or not (np.isfinite(rates) & (rates >= 0)).all():
            raise ValueError(name)
        return rates


class KeptForecaster(SeismicityForecaster, Protocol):
    """A forecaster that can be kept in a model folder."""

    def parts(self) -> Parts:
        """Return what it is made of."""

    @classmethod
    def of_parts(cls, parts: Parts) -> Self:
        """Return the forecaster that is made of these parts.

        Raises:
            KeyError, TypeError, ValueError: if something is missing or wrong.
        """


def _common(having: Any) -> dict[str, Any]:
    return {name: getattr(having, name) for name in ("name", "grid", "magnitude", "window", "trained_days")}


def probability(expected: Floats) -> Floats:
    """Return the probability of at least one earthquake where so many are expected, by Poisson's law."""
    chance: Floats = -np.expm1(-expected)
    return chance
