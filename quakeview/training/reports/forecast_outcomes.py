"""What of the forecasts of whole events a report keeps: scores, curves, alerts, and maps of the first forecaster."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.jobs import Progress
from quakeview.training.reports.bootstrap import Estimate, EventBootstrap
from quakeview.training.reports.ratios import mean, ratio
from quakeview.wavefield.forecasting.evaluation import Conditions, Judged, Row, judged_forecasts
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.forecasting.reference import Forecasting
from quakeview.wavefield.forecasting.warning import Outcome, warning_map
from quakeview.wavefield.scenarios.header import Frames, Header, Wavefield

Floats = NDArray[np.float64]
INTENSITIES = (4.0, 5.0)
"""MMI, for which alerts are counted."""


@dataclass(frozen=True)
class Maps:
    """Truth and forecast of one event.

    Attributes:
        header: of the truth.
        time: of the frames, s on the clock of the record: after the input, when the ground moves most.
        truth, forecast: (3, nx, ny) m/s then.
        true_pgv, said_pgv: (nx, ny) m/s, after the input.
    """

    header: Header = field(repr=False)
    time: float
    truth: Frames = field(repr=False)
    forecast: Frames = field(repr=False)
    true_pgv: NDArray[np.float32] = field(repr=False)
    said_pgv: NDArray[np.float32] = field(repr=False)


@dataclass(frozen=True)
class Outcomes:
    """Of one forecast.

    Attributes:
        conditions: what was known.
        path: of the scenario.
        lead_times, lead_acc, lead_rfne, lead_in_band: (n,) see ``scores.Scores``; empty of an attenuation relation.
        level: of the band that ``lead_in_band`` is about; NaN without a band.
        alerts: nodes with each outcome, by intensity.
        maps: of the forecaster that the report is about, with everything known; else None.
    """

    row: Row
    conditions: Conditions
    path: Path
    lead_times: Floats = field(repr=False)
    lead_acc: Floats = field(repr=False)
    lead_rfne: Floats = field(repr=False)
    lead_in_band: Floats = field(repr=False)
    level: float
    alerts: dict[float, dict[Outcome, int]] = field(repr=False)
    maps: Maps | None = field(repr=False)


def forecast_outcomes(
    forecasters: Sequence[Forecasting],
    events: Sequence[Path],
    conditions: Sequence[Conditions],
    scale: Frames | None,
    progress: Progress = Progress(),
) -> list[Outcomes]:
    """Forecast every event under every condition, and keep what a report needs.

    Args:
        forecasters: the one that the report is about first.
        scale: for normalised scores, see ``scores.score``.

    Raises:
        QuakeViewError: for events that do not fit the forecasters, or are too short.
        Cancelled: through ``progress``.
    """
    first = forecasters[0].model.name
    judged = judged_forecasts(forecasters, events, conditions, scale=scale, progress=progress)
    return [_kept(each, drawn=each.row.forecaster == first and each.conditions == conditions[0]) for each in judged]


def mean_of(outcomes: Iterable[Outcomes], name: str) -> Estimate:
    """The mean of a score of ``Row`` over events, with the interval from drawing events anew."""
    return mean_over([(each.path, getattr(each.row, name)) for each in outcomes])


def mean_over(values: Iterable[tuple[Path, float]]) -> Estimate:
    """The same of values of events; those that are not known are left out."""
    known = [(str(path), value) for path, value in values if np.isfinite(value)]
    if not known:
        return Estimate(float("nan"))
    counts = np.array([[value, 1.0] for _, value in known])
    return EventBootstrap([event for event, _ in known]).of(counts, mean)


def alert_rates(outcomes: Sequence[Outcomes], intensity: float) -> dict[str, Estimate]:
    """What part of the places was alerted in time, too late or not at all, and what part of the alerts was false.

    Of places where a warning was possible and enough stations reported.
    """
    parts = (Outcome.HIT, Outcome.LATE, Outcome.MISS, Outcome.FALSE_ALARM)
    with_alerts = [each for each in outcomes if each.alerts]
    counts = np.array([[each.alerts[intensity][part] for part in parts] for each in with_alerts], float).reshape(-1, 4)
    bootstrap = EventBootstrap([str(each.path) for each in with_alerts])

    def part_of(number: int, whole: Sequence[int]) -> Estimate:
        return bootstrap.of(counts, lambda sums: ratio(sums[..., number], sums[..., list(whole)].sum(axis=-1)))

    return {
        "in time": part_of(0, (0, 1, 2)),
        "late": part_of(1, (0, 1, 2)),
        "missed": part_of(2, (0, 1, 2)),
        "false": part_of(3, (0, 3)),
    }


def _kept(judged: Judged, drawn: bool) -> Outcomes:
    row, path, conditions = judged.row, judged.path, judged.conditions
    forecast, scores = judged.forecast, judged.scores
    if forecast is None or scores is None:
        nothing = np.zeros(0)
        return Outcomes(row, conditions, path, nothing, nothing, nothing, nothing, float("nan"), {}, None)
    calibration = forecast.model.calibration
    return Outcomes(
        row,
        conditions,
        path,
        scores.lead_times,
        scores.lead_acc,
        scores.lead_rfne,
        scores.lead_in_band,
        float("nan") if calibration is None or scores.in_band is None else calibration.level,
        {mmi: warning_map(judged.truth, [forecast], mmi).counts for mmi in INTENSITIES},
        _maps(judged.truth, forecast) if drawn else None,
    )


def _maps(truth: Wavefield, forecast: Forecast) -> Maps:
    stop = min(truth.n_frames, forecast.n_frames)
    later = truth.frames(forecast.issued, stop)
    index = forecast.issued + int(np.argmax(np.square(later).sum(axis=(0, 1, 2))))
    time = truth.start_time + index * truth.frame_step
    frames = truth.frame(index).copy(), forecast.frame(index).copy()
    return Maps(truth.header, time, *frames, np.hypot(later[0], later[1]).max(axis=-1), forecast.pgv.copy())
