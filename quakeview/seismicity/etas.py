"""The epidemic-type aftershock sequence: every earthquake has aftershocks, which have aftershocks (Ogata 1998).

The rate of earthquakes at a time and place is a background, which does not change, and what each earlier earthquake
adds: A 10^(alpha (m - m0)) aftershocks in all, spread in time by Omori and Utsu's law (p - 1) / c (1 + t / c)^-p and in
space by (q - 1) / (pi D) (1 + r² / D)^-q with D = d² 10^(gamma (m - m0)).
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.aftershock_maps import add_aftershocks
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.forecasting import Parts
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.power_laws import exponentials
from quakeview.seismicity.windows import Window

Floats = NDArray[np.float64]

_LONGEST = 1e5
"""Days over which Omori's law is followed."""


@dataclass(frozen=True)
class Triggering:
    """How earthquakes bring about others.

    Attributes:
        reference: the magnitude m0.
        productivity: A, aftershocks of the first generation of an earthquake of magnitude m0.
        alpha: of the magnitude, to the base of ten.
        c: days.
        p: more than 1.
        d: m.
        gamma: of the magnitude, to the base of ten.
        q: more than 1.
    """

    reference: float
    productivity: float
    alpha: float
    c: float
    p: float
    d: float
    gamma: float
    q: float

    def aftershocks(self, magnitudes: Floats) -> Floats:
        """Return how many aftershocks of the first generation earthquakes have in the mean."""
        return np.asarray(self.productivity * 10 ** (self.alpha * (magnitudes - self.reference)))

    def scales(self, magnitudes: Floats) -> Floats:
        """Return the square root of D, m."""
        return np.asarray(self.d * 10 ** (self.gamma / 2 * (magnitudes - self.reference)))

    def until(self, days: Floats) -> Floats:
        """Return the part of the aftershocks that has come after so many days; none before 0."""
        return 1 - (1 + np.maximum(days, 0) / self.c) ** (1 - self.p)


@dataclass(frozen=True)
class EtasForecast:
    """The forecast of an ETAS model: its background, and the first generation of aftershocks.

    What aftershocks of earthquakes within the window add, and what is amiss with the fit, is in two factors, which
    made the days of training likeliest.

    Attributes:
        triggering: how earthquakes bring about others.
        background: (cells,) earthquakes a day.
        factors: of the background and of the aftershocks.
        covariance: (8, 8) of the parameters as fitted, see ``etas_families.Families.information``; None if not fitted.
    """

    name: str
    grid: CellGrid
    magnitude: float
    window: Window
    triggering: Triggering
    background: Floats
    factors: tuple[float, float] = (1.0, 1.0)
    trained_days: tuple[int, int] | None = None
    covariance: Floats | None = None

    def expected(self, catalogue: Catalogue, days: Sequence[int]) -> Iterator[Floats]:
        """Yield what is expected after each of the days, from the earthquakes until its end."""
        of_background, of_aftershocks = self.factors
        constant = of_background * self.background * self.window.length
        for triggered in self.aftershocks(catalogue, days):
            yield constant + of_aftershocks * triggered

    def aftershocks(self, catalogue: Catalogue, days: Sequence[int]) -> Iterator[Floats]:
        """Yield (cells,) aftershocks of the first generation in the window after each of the days."""
        law, history = self.triggering, catalogue.above(self.triggering.reference)
        rates, weights = exponentials(law.p, _LONGEST / law.c)
        rates = rates / law.c
        in_window = weights * (law.p - 1) / (law.c * rates)
        in_window *= np.exp(-rates * (self.window.first - 1)) - np.exp(-rates * (self.window.last - 1))
        for state in self._states(history, days, rates):
            yield state @ in_window

    def _states(self, history: Catalogue, days: Sequence[int], rates: Floats) -> Iterator[Floats]:
        """Aftershocks in each cell that are still to come at the end of each day, by rate of decay: (cells, rates)."""
        law, state, before, known = self.triggering, np.zeros((self.grid.number, len(rates))), 0, 0
        time, numbers, scales = history.time / DAY, law.aftershocks(history.magnitude), law.scales(history.magnitude)
        x, y = self.grid.project(history.latitude, history.longitude)
        for end in (day + 1 for day in days):
            state *= np.exp(-rates * (end - before))
            new = slice(known, int(np.searchsorted(time, end)))
            to_come = numbers[new, None] * np.exp(-rates * (end - time[new, None]))
            add_aftershocks(state, self.grid, x[new], y[new], scales[new], law.q, to_come)
            before, known = end, new.stop
            yield state

    def parts(self) -> Parts:
        """Return what it is made of."""
        settings = {"triggering": asdict(self.triggering), "factors": list(self.factors)}
        arrays = {"background": self.background}
        return Parts.of(self, settings, arrays if self.covariance is None else arrays | {"covariance": self.covariance})

    @classmethod
    def of_parts(cls, parts: Parts) -> Self:
        """Return the forecast that is made of these parts."""
        of_background, of_aftershocks = map(float, parts.settings["factors"])
        return cls(
            **parts.common,
            triggering=Triggering(**parts.settings["triggering"]),
            background=parts.map("background"),
            factors=(of_background, of_aftershocks),
            covariance=parts.arrays.get("covariance"),
        )
