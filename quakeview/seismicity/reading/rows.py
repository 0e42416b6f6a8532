"""Earthquakes as a file gives them, before anything is left out."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.seismicity.catalogue import Catalogue

Floats = NDArray[np.float64]
Texts = NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class Rows:
    """Events of a file in its order, a column for each property.

    Attributes:
        time: (n,) origin times, seconds since 1970 UTC.
        latitude, longitude: (n,) degrees.
        depth: (n,) below sea level, m; NaN where it is unknown.
        magnitude: (n,); NaN where it is unknown.
        magnitude_type, identifier, event_type: (n,) as in the file; empty where it says nothing.
    """

    time: Floats
    latitude: Floats
    longitude: Floats
    depth: Floats
    magnitude: Floats
    magnitude_type: Texts
    identifier: Texts
    event_type: Texts

    @classmethod
    def of(
        cls,
        time: ArrayLike,
        latitude: ArrayLike,
        longitude: ArrayLike,
        depth: ArrayLike | None = None,
        magnitude: ArrayLike | None = None,
        **texts: Sequence[str] | Texts | None,
    ) -> "Rows":
        """Return the rows of columns; what is left out is unknown."""
        times = np.asarray(time, np.float64)

        def number(values: ArrayLike | None) -> Floats:
            return np.full(len(times), np.nan) if values is None else np.asarray(values, np.float64)

        def text(name: str) -> Texts:
            values = texts.get(name)
            return np.full(len(times), "") if values is None else np.asarray(values, dtype=np.str_)

        return cls(
            times,
            number(latitude),
            number(longitude),
            number(depth),
            number(magnitude),
            text("magnitude_type"),
            text("identifier"),
            text("event_type"),
        )

    @classmethod
    def joined(cls, parts: Sequence["Rows"]) -> "Rows":
        """Return the rows of several pieces, one after the other."""
        if not parts:
            return cls.of([], [], [])
        return cls(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(cls)))

    def __len__(self) -> int:
        return len(self.time)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64] | slice) -> "Rows":
        """Return the chosen rows."""
        return Rows(*(getattr(self, each.name)[chosen] for each in fields(self)))

    def catalogue(self) -> Catalogue:
        """Return the earthquakes in order of time."""
        return Catalogue.of(
            self.time,
            self.latitude,
            self.longitude,
            self.magnitude,
            self.depth,
            self.magnitude_type,  # type: ignore[arg-type]
            self.identifier,  # type: ignore[arg-type]
        )
