"""How many seconds of warning a sequence of forecasts would have given, and where it would have been wrong.

A place is alerted when the first forecast whose PGV there reaches the chosen intensity is issued; it needs the warning
until the horizontal velocity of the true ground reaches that intensity. Nothing is taken off for sending and receiving
an alert. Simulated waves end at a highest frequency f: intensities are lower bounds, and waves come about 0.7 / f s
later than they really would, by which real warnings would be shorter (``caveat``).

While a forecast still grows its later waves are missing: what is a miss so far can become a hit.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.simulation.region import Region
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.geography import City, Station
from quakeview.wavefield.header import Wavefield
from quakeview.wavefield.intensity import pgv_from_mmi
from quakeview.wavefield.measures import lower_bound

Map = NDArray[np.float32]

LEAST_MMI, MOST_MMI = 2.0, 10.0
"""Intensities that can be chosen: everywhere is at least I."""
_CHUNK = 32


class Outcome(StrEnum):
    """What an alert was worth.

    A hit came before the intensity was reached; late is an alert at that moment or after it, and every place that had
    reached the intensity when the first forecast was issued, alerted or not; a miss is no alert where there should have
    been one; a false alarm one where the intensity is never reached.
    """

    HIT = "hit"
    LATE = "late"
    MISS = "miss"
    FALSE_ALARM = "false alarm"
    CORRECT_SILENCE = "correct silence"


@dataclass(frozen=True)
class SiteWarning:
    """What a place was told, and when it was shaken.

    Attributes:
        x, y: local, m.
        alert_time: when the first forecast was issued that reached the intensity, s after the origin time; None if
            none did.
        exceedance_time: when the true ground first reached it, from the beginning of the scenario; None if never.
        warning: ``exceedance_time`` - ``alert_time``, s; zero or less if that was too late, None if one is missing.
        probability: that the intensity is reached after the last forecast was issued, as that forecast says.
    """

    name: str
    x: float
    y: float
    alert_time: float | None
    exceedance_time: float | None
    warning: float | None
    outcome: Outcome
    probability: float


@dataclass(frozen=True)
class WarningMap:
    """The same for every node, (nx, ny); times in s, NaN where there is none.

    Attributes:
        mmi: the intensity that was chosen.
        outcome: numbers in ``list(Outcome)``.
    """

    mmi: float
    truth: Wavefield = field(repr=False)
    alert_time: Map = field(repr=False)
    exceedance_time: Map = field(repr=False)
    outcome: NDArray[np.uint8] = field(repr=False)
    probability: Map = field(repr=False)

    @property
    def warning(self) -> Map:
        """From the alert to the exceedance, s; zero or less if the alert was too late."""
        return self.exceedance_time - self.alert_time

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many nodes have each outcome."""
        return {outcome: int((self.outcome == number).sum()) for number, outcome in enumerate(Outcome)}

    def at(self, sites: Sequence[City | Station]) -> list[SiteWarning]:
        """The values at the nodes nearest to places.

        Raises:
            QuakeViewError: for a place outside the region.
        """
        return [self._at(site) for site in sites]

    def _at(self, site: City | Station) -> SiteWarning:
        name = site.code if isinstance(site, Station) else site.name
        if not self.truth.region.contains(site.x, site.y):
            raise QuakeViewError(f"{name} is outside the region; leave it out.")
        node = self.truth.nearest(site.x, site.y)
        alert, exceedance, warning = (
            None if np.isnan(times[node]) else float(times[node])
            for times in (self.alert_time, self.exceedance_time, self.warning)
        )
        outcome = list(Outcome)[self.outcome[node]]
        return SiteWarning(name, site.x, site.y, alert, exceedance, warning, outcome, float(self.probability[node]))


def warning_map(
    truth: Wavefield, forecasts: Sequence[Forecast], mmi: float, progress: Progress = Progress()
) -> WarningMap:
    """Judge the forecasts of one event, in whatever order they are.

    Raises:
        QuakeViewError: if there is no forecast, one was made for other nodes, or the intensity cannot be reached
            everywhere or nowhere.
        Cancelled: through ``progress``.
    """
    if not forecasts:
        raise QuakeViewError("There is no forecast to judge; make one first.")
    sequence = sorted(forecasts, key=lambda forecast: forecast.issue_time)
    for forecast in sequence:
        if not (np.array_equal(forecast.x, truth.x) and np.array_equal(forecast.y, truth.y)):
            raise QuakeViewError(
                f"“{forecast.name}” was made for other nodes than {truth.name}; open its own scenario."
            )
    exceedance = exceedance_times(truth, mmi, progress)
    alert = alert_times(sequence, mmi)
    outcome = _outcomes(alert, exceedance, sequence[0].issue_time)
    probability = exceedance_probability(sequence[-1], mmi)
    return WarningMap(mmi, truth, alert, exceedance, outcome, probability)


def site_warnings(
    truth: Wavefield,
    forecasts: Sequence[Forecast],
    mmi: float,
    sites: Sequence[City | Station],
    progress: Progress = Progress(),
) -> list[SiteWarning]:
    """Judge the forecasts of one event at the nodes nearest to places; see ``warning_map`` and ``WarningMap.at``."""
    return warning_map(truth, forecasts, mmi, progress).at(sites)


def exceedance_times(truth: Wavefield, mmi: float, progress: Progress = Progress()) -> Map:
    """When the horizontal velocity first reaches an intensity (nx, ny), s after the origin time; NaN if never.

    Raises:
        QuakeViewError: for an intensity below ``LEAST_MMI`` or above ``MOST_MMI``.
        Cancelled: through ``progress``.
    """
    threshold = _threshold(mmi)
    reached = np.full(truth.header.frame_shape[1:], np.nan, np.float32)
    n_frames = truth.n_frames
    for start in range(0, n_frames, _CHUNK):
        progress.advance(start, n_frames, "Exceedances")
        frames = truth.frames(start, min(start + _CHUNK, n_frames))
        exceeds = np.hypot(frames[0], frames[1]) >= threshold
        new = exceeds.any(axis=-1) & np.isnan(reached)
        reached[new] = truth.start_time + truth.frame_step * (start + exceeds.argmax(axis=-1)[new])
    progress.advance(n_frames, n_frames, "Exceedances")
    return reached


def alert_times(sequence: Sequence[Forecast], mmi: float) -> Map:
    """Issue time of the first forecast of a sequence whose PGV reaches an intensity (nx, ny), s; NaN if none does."""
    threshold = _threshold(mmi)
    alert = np.full(sequence[0].header.frame_shape[1:], np.nan, np.float32)
    for forecast in reversed(sequence):
        alert[forecast.pgv >= threshold] = forecast.issue_time
    return alert


def exceedance_probability(forecast: Forecast, mmi: float) -> Map:
    """Probability (nx, ny) that an intensity is reached from the issue on: ln PGV is normal, with the members' mean and
    standard deviation. With one member, or where all agree, it is 0 or 1.

    The spread of a few members is not all that can be wrong: see the reliability in the model card.
    """
    from scipy.special import ndtr

    excess = np.log(np.maximum(forecast.pgv, 1e-12)) - np.log(_threshold(mmi))
    with np.errstate(divide="ignore", invalid="ignore"):
        probability = ndtr(excess / forecast.ln_pgv_std)
    return np.where(np.isnan(probability), 1.0, probability).astype(np.float32)


def caveat(frequency: float) -> str:
    """What must stand beside warning times of waves up to ``frequency``, Hz."""
    return f"{lower_bound(frequency)}, and real waves would come about {0.7 / frequency:.1f} s earlier"


def write_warnings_csv(warnings: Sequence[SiteWarning], mmi: float, region: Region, path: Path) -> None:
    """Write a line for each place as CSV, or with tabs if the file is called .tsv. What is missing is left empty.

    Raises:
        QuakeViewError: if the file cannot be written.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t" if path.suffix.lower() == ".tsv" else ",", lineterminator="\n")
    head = ("alert_time_s", "exceedance_time_s", "warning_s", "outcome", "probability")
    writer.writerow(["name", "x_km", "y_km", "lon", "lat", "mmi", *head])
    for row in warnings:
        writer.writerow([row.name, *place_cells(region, row.x, row.y), f"{mmi:g}", *warning_cells(row)])
    write_atomically(path, text.getvalue().encode())


def place_cells(region: Region, x: float, y: float) -> list[str]:
    """x_km, y_km, lon, lat as they are written in tables."""
    longitude, latitude = region.to_geographic(x, y)
    return [f"{x / 1000:.3f}", f"{y / 1000:.3f}", f"{float(longitude):.5f}", f"{float(latitude):.5f}"]


def warning_cells(row: SiteWarning) -> list[str]:
    """alert_time_s, exceedance_time_s, warning_s, outcome, probability as they are written in tables."""
    times = ("" if time is None else f"{time:.2f}" for time in (row.alert_time, row.exceedance_time, row.warning))
    return [*times, row.outcome, f"{row.probability:.3f}"]


def _threshold(mmi: float) -> float:
    if not LEAST_MMI <= mmi <= MOST_MMI:
        raise QuakeViewError(f"There are no alerts for an intensity of {mmi:g}; choose one from {LEAST_MMI:g} to 10.")
    return float(pgv_from_mmi(mmi))


def _outcomes(alert: Map, exceedance: Map, first_issue: float) -> NDArray[np.uint8]:
    """(nx, ny) numbers in ``list(Outcome)``."""
    alerted, shaken = ~np.isnan(alert), ~np.isnan(exceedance)
    early = alerted & shaken & (alert < exceedance)
    too_soon = shaken & (exceedance <= first_issue)
    conditions = [early, too_soon | (alerted & shaken), shaken, alerted]
    order = [list(Outcome).index(outcome) for outcome in (Outcome.HIT, Outcome.LATE, Outcome.MISS, Outcome.FALSE_ALARM)]
    return np.select(conditions, order, list(Outcome).index(Outcome.CORRECT_SILENCE)).astype(np.uint8)
