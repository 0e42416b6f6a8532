"""Warning times as they are listed: a line for each city and site, a map, and the whole in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.geography import City, Station
from quakeview.jobs import Progress
from quakeview.texts import counted
from quakeview.wavefield.forecasting.delays import USUAL_DELAYS, Delays
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.forecasting.peaks import TruePeaks
from quakeview.wavefield.forecasting.sites import OWN_RANK
from quakeview.wavefield.forecasting.warning import (
    ALERT_INPUTS,
    Outcome,
    WarningMap,
    exceedance_probability,
    warning_map,
)
from quakeview.wavefield.ground_motion.intensity import mmi_from_pgv
from quakeview.wavefield.ground_motion.measures import Quantity

NOTHING_SAID = np.float32(-1e9)
"""Stands for seconds where there are not enough stations."""
LEVELS = (2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0)
"""Intensities to be warned of. Simulated waves are lower bounds, so that low ones matter."""
ENOUGH = 0.1
"""Of the map; the highest intensity that so much of it exceeds is chosen at first."""


@dataclass(frozen=True)
class SiteRow:
    """A site, its warning, and what the forecast that is shown says there; None where it is not known.

    Attributes:
        rank: 1 for the largest cities.
        outcome: one of ``Outcome``, or what is expected where the truth is not known.
        alert, exceedance: s after the origin time; without a truth the latter is that of the forecast.
        warning: from the one to the other, s.
        pgv, true_pgv: m/s.
        ln_pgv_std: calibrated.
        probability: of exceedance, 0 to 1.
    """

    name: str
    rank: int
    outcome: str
    alert: float | None
    exceedance: float | None
    warning: float | None
    pgv: float | None
    ln_pgv_std: float | None
    probability: float | None
    true_pgv: float | None


@dataclass(frozen=True)
class Warnings:
    """The warnings of one event for one intensity, as a map and for each place.

    Attributes:
        seconds: of warning (nx, ny). At or below 0 the shaking came first, -inf is a place that was never alerted,
            +inf one that was alerted for nothing, NaN one where both were quiet, ``NOTHING_SAID`` one without enough
            stations.
        judged: whether it is known everywhere what happened, until the end.
        said: how alerts come about, in a sentence.
        so_far: on how many inputs they rest, in a sentence; empty if on all.
        missing: inputs that alerts rest on too and that are not forecast from yet, s.
        problem: why nothing can be said anywhere, in a sentence; empty if it can.
    """

    mmi: float
    seconds: NDArray[np.float32]
    rows: list[SiteRow]
    judged: bool
    said: str
    so_far: str
    missing: tuple[float, ...]
    problem: str


def usual_level(pgv: NDArray[np.floating]) -> float:
    """Find the highest of ``LEVELS`` that a good part of a map of PGV (m/s) exceeds; the lowest if none is."""
    mmi = mmi_from_pgv(pgv)
    return max((level for level in LEVELS if np.mean(mmi >= level) >= ENOUGH), default=LEVELS[0])


def warnings_of(
    peaks: TruePeaks,
    forecasts: Sequence[Forecast],
    mmi: float | None,
    places: Sequence[City | Station],
    progress: Progress = Progress(),
    probability: float | None = None,
    delays: Delays = USUAL_DELAYS,
) -> Warnings:
    """Judge the alerts of the sequence ``forecasts``, and list what the forecast of ``peaks`` expects.

    Where it is not known what happened, or nothing has happened yet, warnings last until the forecast exceeds the
    intensity.

    Args:
        peaks: of the forecast that is shown and of the truth, which is known everywhere or at stations.
        mmi: None for the usual one.
        probability, delays: of alerts; see ``warning_map``.

    Raises:
        QuakeViewError: if truth and forecasts do not belong together.
        Cancelled: through ``progress``.
    """
    truth, shown = peaks.comparison.truth, peaks.comparison.forecast
    level = usual_level(truth.pgv) if mmi is None else mmi
    expected = warning_map(shown, forecasts, level, progress, probability, delays)
    judged = warning_map(truth, forecasts, level, progress, probability, delays)
    compared = peaks.compare(Quantity.PGV, progress)
    known = np.zeros(expected.warning.shape, np.bool_) if compared is None else np.isfinite(compared.truth)
    if not truth.complete:
        known &= np.isfinite(judged.exceedance_time)
    maps = shown.pgv, shown.ln_pgv_std, exceedance_probability(shown, level)
    rows = []
    for place in places:
        node = shown.nearest(place.x, place.y)
        (at,) = (judged if known[node] else expected).at([place])
        outcome = str(at.outcome)
        if not known[node] and at.outcome is not Outcome.NOT_ENOUGH:
            outcome = "expected" if at.alert_time is not None else "not expected"
        rank = place.population_rank if isinstance(place, City) else OWN_RANK
        enough = bool(shown.support.enough[node])
        pgv, ln_pgv_std, chance = (
            float(values[node]) if enough and np.isfinite(values[node]) else None for values in maps
        )
        true = float(compared.truth[node]) if compared is not None and known[node] else None
        times = at.alert_time, at.exceedance_time, at.warning
        rows.append(SiteRow(at.name, rank, outcome, *times, pgv, ln_pgv_std, chance, true))
    seconds = np.where(known, _warning_seconds(judged), _expected_seconds(expected))
    missing = judged.missing
    made = len(ALERT_INPUTS) - len(missing)
    so_far = f"So far alerts rest on {made} of {len(ALERT_INPUTS)} inputs." if missing else ""
    return Warnings(level, seconds, rows, bool(known.all()), judged.said, so_far, missing, shown.support.reason)


def _warning_seconds(judged: WarningMap) -> NDArray[np.float32]:
    """Put time and outcome into one number for each node (nx, ny), s: see ``Warnings``."""
    outcomes = list(Outcome)
    seconds = np.where(np.isnan(judged.warning), 0, judged.warning).astype(np.float32)
    for outcome, value in (
        (Outcome.MISS, -np.inf),
        (Outcome.FALSE_ALARM, np.inf),
        (Outcome.CORRECT_SILENCE, np.nan),
        (Outcome.NOT_ENOUGH, NOTHING_SAID),
    ):
        seconds[judged.outcome == outcomes.index(outcome)] = value
    return seconds


def _expected_seconds(expected: WarningMap) -> NDArray[np.float32]:
    """Do the same where it is not known what happened: until the forecast itself exceeds the intensity."""
    not_enough = expected.outcome == list(Outcome).index(Outcome.NOT_ENOUGH)
    return np.where(not_enough, NOTHING_SAID, expected.warning)


def headline(rows: Sequence[SiteRow], level: str) -> str:
    """Say in one sentence what came at the largest city where anything came; ``level`` is the intensity, ``MMI V``."""
    if not rows:
        return ""
    by_size = sorted(rows, key=lambda row: row.rank)
    said = next((row for row in by_size if row.alert is not None or row.exceedance is not None), by_size[0])
    return f"{said.name}: {_sentence(said, level)}"


def _sentence(row: SiteRow, level: str) -> str:
    match row.outcome:
        case Outcome.HIT:
            return f"{row.warning:.0f} s before {level}"
        case Outcome.LATE if row.warning is not None:
            return f"{level} came {-row.warning:.0f} s before the alert"
        case Outcome.LATE:
            return f"{level} came before the first forecast"
        case Outcome.MISS:
            return f"{level} came without an alert"
        case Outcome.FALSE_ALARM:
            return f"alert {row.alert:.1f} s after the origin time, but {level} did not come"
        case Outcome.CORRECT_SILENCE:
            return f"below {level}, as forecast"
        case Outcome.NOT_ENOUGH:
            return f"not enough stations to say whether {level} comes"
    if row.warning is not None:
        return f"{level} is expected {row.warning:.0f} s after the alert"
    return f"{level} is {'expected' if row.alert is not None else 'not expected'}"


def counts(rows: Sequence[SiteRow]) -> str:
    """Count: ``17 sites:  4 hits  ·  2 late  ·  1 missed  ·  0 false alarms``, of those where the truth is known."""
    number = Counter(row.outcome for row in rows)
    silent = number[Outcome.NOT_ENOUGH]
    not_enough = [f"{silent} without enough stations"] if silent else []
    judged = sum(number[outcome] for outcome in Outcome) - silent
    if not judged:
        said = f"{counted(number['expected'], 'site')} of {len(rows)} alerted; what happened is not known."
        return "  ·  ".join([said, *not_enough])
    parts = [
        counted(number[Outcome.HIT], "hit"),
        f"{number[Outcome.LATE]} late",
        f"{number[Outcome.MISS]} missed",
        counted(number[Outcome.FALSE_ALARM], "false alarm"),
        *not_enough,
    ]
    return f"{counted(judged, 'site')}:  {'  ·  '.join(parts)}"
