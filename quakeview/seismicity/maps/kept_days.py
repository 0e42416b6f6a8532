"""The forecasts of many days, computed ahead in one pass over the catalogue and kept, so that they can be played."""

import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from quakeview.jobs import Progress
from quakeview.seismicity.catalogue import Catalogue, day_number
from quakeview.seismicity.forecasting import SeismicityForecaster
from quakeview.seismicity.maps.day_forecast import DayForecast, Provenance

Singles = NDArray[np.float32]

BYTES = 192 * 2**20
"""Of memory for the days."""


class KeptDays:
    """Forecasts of one forecaster from one catalogue; another forecaster or catalogue is another ``KeptDays``.

    Any thread may ask for a day; one at a time computes. Days far from the one asked for last are given up first.

    Attributes:
        long_term: (cells,) what the long-term rate brings in a window; None where it is not known.
    """

    def __init__(
        self,
        forecaster: SeismicityForecaster,
        catalogue: Catalogue,
        provenance: Provenance | None = None,
        long_term: NDArray[np.floating] | None = None,
        capacity: int = BYTES,
    ) -> None:
        """``capacity``: bytes that the days may take."""
        self.forecaster, self.catalogue = forecaster, catalogue
        self.provenance = provenance or Provenance.of(forecaster)
        self.long_term = None if long_term is None else np.asarray(long_term, np.float32)
        self.most = max(capacity // (4 * forecaster.grid.number), 1)
        """How many days are kept."""
        of_day = day_number(catalogue.time)
        self.first, self.last = (int(of_day[0]), int(of_day[-1])) if len(of_day) else (0, 0)
        self._kept: dict[int, Singles] = {}
        self._wanted = self.last
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def nbytes(self) -> int:
        """Memory that the days take."""
        with self._lock:
            return sum(values.nbytes for values in self._kept.values())

    def days(self) -> list[int]:
        """Return the days that are there, ascending."""
        with self._lock:
            return sorted(self._kept)

    def get(self, day: int) -> DayForecast | None:
        """Return the forecast at the end of a day if it is there, at once."""
        with self._lock:
            self._wanted = day
            expected = self._kept.get(day)
        if expected is None:
            return None
        made = self.forecaster
        return DayForecast(self.provenance, made.grid, made.magnitude, made.window, day, expected, self.long_term)

    def around(self, day: int) -> range:
        """Return the days that are worth computing for whoever looks at ``day``: as many as are kept, it among them."""
        first = min(max(min(day - self.most // 2, self.last - self.most + 1), self.first), day)
        last = max(min(first + self.most - 1, self.last), day)
        return range(max(first, last - self.most + 1), last + 1)

    def compute(
        self, days: range, progress: Progress = Progress(), came: Callable[[int], None] = lambda day: None
    ) -> None:
        """Compute the days that are missing, in one pass; ``came`` hears of each as soon as it is there.

        Raises:
            Cancelled: through ``progress``; the days that came before are kept.
        """
        with self._lock:
            missing = [day for day in days if day not in self._kept]
        made = self.forecaster.expected(self.catalogue, missing)
        for number, (day, expected) in enumerate(zip(missing, made, strict=True)):
            progress.advance(number, len(missing), "Forecasting")
            self._keep(day, expected.astype(np.float32))
            came(day)

    def series(self, weights: NDArray[np.floating]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return days that are there and the weighted sum over the cells on each, such as of the cells of a region.

        Args:
            weights: (cells,).
        """
        with self._lock:
            kept = sorted(self._kept.items())
        days = np.array([day for day, _ in kept], np.int64)
        return days, np.array([float(values @ weights) for _, values in kept])

    def _keep(self, day: int, expected: Singles) -> None:
        with self._lock:
            self._kept[day] = expected
            if len(self._kept) > self.most:
                del self._kept[max(self._kept, key=lambda kept: abs(kept - self._wanted))]
