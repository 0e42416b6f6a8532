"""How many seconds of warning a sequence of forecasts would have given, and where it would have been wrong.

A place is alerted by the first forecast of a fixed sequence (``ALERT_INPUTS``) whose PGV there reaches the chosen
intensity, or does so with a probability that is asked for. The alert comes later than the input ends, by what data need
to arrive and a forecast to be computed (``Delays``). A place needs it until the horizontal velocity of the true
ground reaches the intensity. A forecast from too few stations alerts nobody: where none had enough, that is the
outcome, and no silence is called correct.

The waves end at a highest frequency f: intensities are lower bounds, and waves come about 0.7 / f s later than without
that limit, by which real warnings would be shorter (``caveat``).

While a forecast still grows its later waves are missing: what is a miss so far can become a hit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.geography import City, Station
from quakeview.jobs import Progress
from quakeview.simulation.region import Region
from quakeview.wavefield.forecasting.delays import USUAL_DELAYS, Delays
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.forecasting.support import Support
from quakeview.wavefield.ground_motion.intensity import pgv_from_mmi
from quakeview.wavefield.ground_motion.measures import lower_bound
from quakeview.wavefield.scenarios.header import Wavefield

Map = NDArray[np.float32]

LEAST_MMI, MOST_MMI = 2.0, 10.0
"""Intensities that can be chosen: everywhere is at least I."""
ALERT_INPUTS = tuple(round(7.8 + 2.6 * number, 1) for number in range(10))
"""When the inputs of the forecasts end that alerts rest on, s after the origin time: 15.6 s, the usual one, is the
fourth. Always all of them, so that an alert does not depend on what else somebody has looked at."""
_CHUNK = 32
_SAME = 0.6
"""s; inputs end at frames, so that two are the same if they differ by less."""


class Outcome(StrEnum):
    """What an alert was worth.

    A hit came before the intensity was reached; late is an alert at that moment or after it, and every place that had
    reached the intensity when the first alert could have come, alerted or not; a miss is no alert where there should
    have been one; a false alarm one where the intensity is never reached. Where no forecast had enough stations nothing
    was said at all.
    """

    HIT = "hit"
    LATE = "late"
    MISS = "miss"
    FALSE_ALARM = "false alarm"
    CORRECT_SILENCE = "correct silence"
    NOT_ENOUGH = "not enough stations"


@dataclass(frozen=True)
class SiteWarning:
    """What a place was told, and when it was shaken.

    Attributes:
        x, y: local, m.
        alert_time: when the alert came, with its delays, s after the origin time; None if none did.
        exceedance_time: when the true ground first reached it, from the beginning of the scenario; None if never.
        warning: ``exceedance_time`` - ``alert_time``, s; zero or less if that was too late, None if one is missing.
        probability: the largest that a forecast of the sequence gave the intensity; None if none can say so.
    """

    name: str
    x: float
    y: float
    alert_time: float | None
    exceedance_time: float | None
    warning: float | None
    outcome: Outcome
    probability: float | None


@dataclass(frozen=True)
class WarningMap:
    """The same for every node, (nx, ny); times in s, NaN where there is none.

    Attributes:
        mmi: the intensity that was chosen.
        outcome: numbers in ``list(Outcome)``.
        delays: that the alerts have.
        asked: the probability that an alert needs; None: the expected PGV decides.
        missing: inputs of ``ALERT_INPUTS`` of which there is no forecast: with them there may be other alerts.
    """

    mmi: float
    truth: Wavefield = field(repr=False)
    alert_time: Map = field(repr=False)
    exceedance_time: Map = field(repr=False)
    outcome: NDArray[np.uint8] = field(repr=False)
    probability: Map = field(repr=False)
    delays: Delays = USUAL_DELAYS
    asked: float | None = None
    missing: tuple[float, ...] = ()

    @property
    def said(self) -> str:
        """What alerts rest on, in a sentence."""
        rule = (
            "" if self.asked is None else f", where the intensity has a probability of {100 * self.asked:g} % or more"
        )
        return f"{self.delays}{rule}."

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
        alert, exceedance, warning, probability = (
            None if np.isnan(values[node]) else float(values[node])
            for values in (self.alert_time, self.exceedance_time, self.warning, self.probability)
        )
        outcome = list(Outcome)[self.outcome[node]]
        return SiteWarning(name, site.x, site.y, alert, exceedance, warning, outcome, probability)


class Saying(Protocol):
    """What alerts need of a forecast; a ``Forecast`` has it, and so has what ``kept`` keeps of one."""

    @property
    def name(self) -> str: ...
    @property
    def x(self) -> NDArray[np.float64]: ...
    @property
    def y(self) -> NDArray[np.float64]: ...
    @property
    def issue_time(self) -> float: ...
    @property
    def pgv(self) -> Map: ...
    @property
    def ln_pgv_std(self) -> Map: ...
    @property
    def support(self) -> Support: ...


@dataclass(frozen=True)
class Said:
    """Maps of a forecast without its frames; see ``Saying``."""

    name: str
    x: NDArray[np.float64] = field(repr=False)
    y: NDArray[np.float64] = field(repr=False)
    issue_time: float
    pgv: Map = field(repr=False)
    ln_pgv_std: Map = field(repr=False)
    support: Support


def kept(forecast: Forecast) -> Said:
    """What of a forecast alerts need: a hundredth of its memory."""
    maps = forecast.pgv, forecast.ln_pgv_std
    return Said(forecast.name, forecast.x, forecast.y, forecast.issue_time, *maps, forecast.support)


def missing_inputs(forecasts: Sequence[Saying], end: float) -> tuple[float, ...]:
    """Those of ``ALERT_INPUTS`` up to ``end``, s, of which there is no forecast."""
    made = [forecast.issue_time for forecast in forecasts]
    return tuple(
        until for until in ALERT_INPUTS if until < end + _SAME and not any(abs(until - it) < _SAME for it in made)
    )


def warning_map(
    truth: Wavefield,
    forecasts: Sequence[Saying],
    mmi: float,
    progress: Progress = Progress(),
    probability: float | None = None,
    delays: Delays = USUAL_DELAYS,
) -> WarningMap:
    """Judge the forecasts of one event, in whatever order they are.

    Args:
        probability: that an alert needs; None: an alert is given where the expected PGV reaches the intensity.

    Raises:
        QuakeViewError: if there is no forecast, one was made for other nodes, the intensity cannot be reached
            everywhere or nowhere, or a probability is asked for that no forecast can give.
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
    alert = alert_times(sequence, mmi, probability) + np.float32(delays.total)
    enough = np.logical_or.reduce([forecast.support.enough for forecast in sequence])
    outcome = _outcomes(alert, exceedance, sequence[0].issue_time + delays.total, enough)
    end = truth.start_time + truth.n_frames * truth.frame_step
    return WarningMap(
        mmi,
        truth,
        alert,
        exceedance,
        outcome,
        np.fmax.reduce([exceedance_probability(forecast, mmi) for forecast in sequence]),
        delays,
        probability,
        missing_inputs(sequence, end),
    )


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


def alert_times(sequence: Sequence[Saying], mmi: float, probability: float | None = None) -> Map:
    """Issue time of the first forecast of a sequence that calls for an alert (nx, ny), s; NaN if none does.

    Args:
        probability: that the intensity must have; None: PGV must reach it.

    Raises:
        QuakeViewError: for a probability that is none, or that no forecast can give.
    """
    threshold = _threshold(mmi)
    alert = np.full((len(sequence[0].x), len(sequence[0].y)), np.nan, np.float32)
    if probability is not None and not 0 < probability < 1:
        raise QuakeViewError(f"The probability of an alert is between 0 and 1, not {probability:g}; choose another.")
    can_say = False
    for forecast in reversed(sequence):
        if probability is None:
            calls = (forecast.pgv >= threshold) & forecast.support.enough
        else:
            chance = exceedance_probability(forecast, mmi)
            can_say |= bool(np.isfinite(chance).any())
            calls = chance >= probability
        alert[calls] = forecast.issue_time
    enough_somewhere = any(forecast.support.enough.any() for forecast in sequence)
    if probability is not None and enough_somewhere and not can_say:
        raise QuakeViewError(
            "These forecasts have no calibrated probabilities, so that no alert can ask for one; use all members, or "
            "calibrate the model ('quakeview models calibrate')."
        )
    return alert


def exceedance_probability(forecast: Saying, mmi: float) -> Map:
    """Probability (nx, ny) that an intensity is reached from the issue on: ln PGV is normal, with the members' mean and
    the calibrated standard deviation. NaN where there is none: with one member, without a calibration, and where there
    are not enough stations.
    """
    from scipy.special import ndtr

    excess = np.log(np.maximum(forecast.pgv, 1e-12)) - np.log(_threshold(mmi))
    deviation = forecast.ln_pgv_std
    with np.errstate(divide="ignore", invalid="ignore"):
        probability = np.where(deviation > 0, ndtr(excess / deviation), np.where(excess >= 0, 1.0, 0.0))
    return np.where(np.isfinite(deviation), probability, np.nan).astype(np.float32)


def caveat(wavefield: Wavefield) -> str:
    """What must stand beside warning times of a wavefield."""
    frequency, later = wavefield.frequency, f"{wavefield.header.source_delay:.1f} s"
    if wavefield.recorded:
        return f"{lower_bound(frequency)}, and by that low-pass waves come about {later} later than they did"
    return f"{lower_bound(frequency)}, and real waves would come about {later} earlier"


def place_cells(region: Region, x: float, y: float) -> list[str]:
    """x_km, y_km, lon, lat as they are written in tables."""
    longitude, latitude = region.to_geographic(x, y)
    return [f"{x / 1000:.3f}", f"{y / 1000:.3f}", f"{float(longitude):.5f}", f"{float(latitude):.5f}"]


def warning_cells(row: SiteWarning) -> list[str]:
    """alert_time_s, exceedance_time_s, warning_s, outcome, probability as they are written in tables."""
    times = ("" if time is None else f"{time:.2f}" for time in (row.alert_time, row.exceedance_time, row.warning))
    return [*times, row.outcome, "" if row.probability is None else f"{row.probability:.3f}"]


def _threshold(mmi: float) -> float:
    if not LEAST_MMI <= mmi <= MOST_MMI:
        raise QuakeViewError(f"There are no alerts for an intensity of {mmi:g}; choose one from {LEAST_MMI:g} to 10.")
    return float(pgv_from_mmi(mmi))


def _outcomes(alert: Map, exceedance: Map, first_alert: float, enough: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """(nx, ny) numbers in ``list(Outcome)``."""
    alerted, shaken = ~np.isnan(alert), ~np.isnan(exceedance)
    early = alerted & shaken & (alert < exceedance)
    too_soon = shaken & (exceedance <= first_alert)
    conditions = [~enough, early, too_soon | (alerted & shaken), shaken, alerted]
    outcomes = (Outcome.NOT_ENOUGH, Outcome.HIT, Outcome.LATE, Outcome.MISS, Outcome.FALSE_ALARM)
    order = [list(Outcome).index(outcome) for outcome in outcomes]
    return np.select(conditions, order, list(Outcome).index(Outcome.CORRECT_SILENCE)).astype(np.uint8)
