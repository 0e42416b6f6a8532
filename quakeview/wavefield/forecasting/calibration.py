"""How far a forecaster was off on events that it did not learn from, and the bands that follow from it.

The members of an ensemble learnt much together, so that they differ less than they are wrong. A *band* is the standard
deviation of the members times a factor that made it hold a part ``level`` of the ground motion of validation events:
a factor for each lead time (time after the issue) and number of stations. It is no normal law, and says nothing beyond
its level. Made by ``quakeview models calibrate``, kept in ``config.json`` under ``calibration``.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class StationCalibration:
    """What was found with one number of stations; curves have a value for each lead time.

    Attributes:
        stations: drawn for each event; 0: the ground was known everywhere.
        acc, rfne: of everything after the input, mean of the forecasts; see ``scores``.
        lead_rfne: RFNE by lead time; 1 is what predicting no motion gets.
        band: factors on the standard deviation of the members.
        coverage: part of the ground motion that the band holds on an event that was left out of making it.
        ln_pgv, t_pgv: factors on the standard deviations of ln PGV and T_PGV, which make them hold 68 % of the nodes.
        ln_pgv_coverage, t_pgv_coverage: that they obtain on an event left out.
    """

    stations: int
    acc: float
    rfne: float
    lead_rfne: tuple[float, ...]
    band: tuple[float, ...]
    coverage: tuple[float, ...]
    ln_pgv: float
    ln_pgv_coverage: float
    t_pgv: float
    t_pgv_coverage: float


@dataclass(frozen=True)
class Calibration:
    """Of one ensemble.

    Attributes:
        level: part of the ground motion that a band holds.
        members: of the ensemble; another number of them has another spread.
        events: scenarios it rests on.
        inputs: when the inputs of the forecasts ended, s after the origin time.
        lead_ends: (n,) ends of the classes of lead time, s; the first begins at the issue.
        by_stations: one for each number of stations.
    """

    level: float
    members: int
    events: int
    inputs: tuple[float, ...]
    lead_ends: tuple[float, ...]
    by_stations: tuple[StationCalibration, ...]

    def at(self, stations: int | None) -> StationCalibration | None:
        """That with as many stations, or the next fewer; None: everywhere. None if there were never so few."""
        if stations is None:
            return next((each for each in self.by_stations if each.stations == 0), None)
        fewer = [each for each in self.by_stations if 0 < each.stations <= stations]
        return max(fewer, key=lambda each: each.stations, default=None)

    def classes(self, leads: ArrayLike) -> NDArray[np.intp]:
        """Number of the class of each lead time, s; ``len(lead_ends)`` for what is beyond."""
        return np.searchsorted(self.lead_ends, np.asarray(leads, float) + 1e-6, side="right")

    def factors(self, found: StationCalibration, leads: ArrayLike) -> Floats:
        """Of the band at lead times, s; NaN from ``skilful_lead`` on: a band around what is worse than no motion
        at all does not hold on another event."""
        factors = np.append(found.band, np.nan)[self.classes(leads)]
        return np.where(np.asarray(leads, float) < self.skilful_lead(found) - 1e-6, factors, np.nan)

    def skilful_lead(self, found: StationCalibration) -> float:
        """Lead time, s, from which on the forecasts were worse than predicting no motion (RFNE above
        1), or nothing is known."""
        good = [rfne <= 1 for rfne in found.lead_rfne]
        first_bad = good.index(False) if False in good else len(good)
        return self.lead_ends[first_bad - 1] if first_bad else 0.0

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it: what is not known is None."""
        found = [{name: _with_none(value) for name, value in asdict(each).items()} for each in self.by_stations]
        return asdict(self) | {"by_stations": found}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Calibration":
        """Raises KeyError, TypeError or ValueError for what is none."""
        found = tuple(
            StationCalibration(**{name: _with_nan(value) for name, value in each.items()})
            for each in values["by_stations"]
        )
        lead_ends = tuple(float(end) for end in values["lead_ends"])
        if any(len(curve) != len(lead_ends) for each in found for curve in (each.lead_rfne, each.band, each.coverage)):
            raise ValueError("curves of another length than lead_ends")
        inputs = tuple(float(until) for until in values["inputs"])
        return cls(**{**values, "inputs": inputs, "lead_ends": lead_ends, "by_stations": found})


def _with_none(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_with_none(each) for each in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _with_nan(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_with_nan(each) for each in value)
    return float("nan") if value is None else value
