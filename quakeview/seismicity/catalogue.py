"""Earthquakes of a catalogue, in order of time."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.errors import QuakeViewError

Floats = NDArray[np.float64]

DAY = 86400.0
"""s."""


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Earthquakes in order of time, a column for each property.

    Attributes:
        time: (n,) origin times, seconds since 1970 UTC, ascending.
        latitude, longitude: (n,) degrees.
        depth: (n,) below sea level, m; NaN where it is unknown.
        magnitude: (n,); NaN where it is unknown.
        magnitude_type: (n,) as in the source, such as "Mw"; empty where it is unknown.
        identifier: (n,) in the source; empty where it has none.
    """

    time: Floats
    latitude: Floats
    longitude: Floats
    depth: Floats
    magnitude: Floats
    magnitude_type: NDArray[np.str_]
    identifier: NDArray[np.str_]

    @classmethod
    def of(
        cls,
        time: ArrayLike,
        latitude: ArrayLike,
        longitude: ArrayLike,
        magnitude: ArrayLike,
        depth: ArrayLike | None = None,
        magnitude_type: Sequence[str] | None = None,
        identifier: Sequence[str] | None = None,
    ) -> "Catalogue":
        """Return the catalogue of columns in any order of time; what is left out is unknown."""
        times = np.asarray(time, dtype=np.float64)
        order = np.argsort(times, kind="stable")
        unknown, empty = np.full(len(times), np.nan), np.full(len(times), "")
        return cls(
            times[order],
            np.asarray(latitude, np.float64)[order],
            np.asarray(longitude, np.float64)[order],
            (unknown if depth is None else np.asarray(depth, np.float64))[order],
            np.asarray(magnitude, np.float64)[order],
            (empty if magnitude_type is None else np.asarray(magnitude_type, dtype=str))[order],
            (empty if identifier is None else np.asarray(identifier, dtype=str))[order],
        )

    def __len__(self) -> int:
        return len(self.time)

    def where(self, chosen: NDArray[Any] | slice) -> "Catalogue":
        """Return the chosen earthquakes; ``chosen`` is a mask, ascending numbers, or a slice."""
        return Catalogue(*(getattr(self, column.name)[chosen] for column in fields(self)))

    def between(self, start: float, end: float) -> "Catalogue":
        """Return those with ``start`` <= origin time < ``end``, seconds since 1970 UTC."""
        first, last = np.searchsorted(self.time, (start, end))
        return self.where(slice(first, last))

    def above(self, magnitude: float) -> "Catalogue":
        """Return those of at least a magnitude; of unknown magnitude there are none among them."""
        return self.where(self.magnitude >= magnitude - 1e-9)


def day_number(time: ArrayLike) -> NDArray[np.int64]:
    """Return the number of the UTC day of times (seconds since 1970 UTC); day 0 is 1 January 1970."""
    return np.floor(np.asarray(time, np.float64) / DAY).astype(np.int64)


def date_of(day: int) -> str:
    """Return a day, a number since 1 January 1970, as ``YYYY-MM-DD``."""
    return str(np.datetime64(int(day), "D"))


def day_of(date: str) -> int:
    """Return the number of a day given as ``YYYY-MM-DD``.

    Raises:
        QuakeViewError: if it is no date.
    """
    try:
        return int(np.datetime64(date, "D").astype(np.int64))
    except ValueError as error:
        raise QuakeViewError(f"{date!r} is no date; give it as year-month-day, such as 2011-03-11.") from error
