"""Forecasters side by side on whole events, under the conditions in which a forecast would have to be made."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakeview.jobs import Progress
from quakeview.wavefield.forecasting.baselines import relation_errors, score_values
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.forecasting.observation import Observation, observe
from quakeview.wavefield.forecasting.reference import RELATION, Forecasting
from quakeview.wavefield.forecasting.scores import Scores, score
from quakeview.wavefield.forecasting.station_choice import drawn_stations
from quakeview.wavefield.scenarios.header import Frames, Wavefield
from quakeview.wavefield.scenarios.live import LiveWavefield
from quakeview.wavefield.scenarios.scenario import Scenario

_TITLES = {
    "events": "events",
    "acc": "ACC",
    "rfne": "RFNE",
    "normalised_acc": "ACC norm",
    "normalised_rfne": "RFNE norm",
    "pgv_error": "PGV %",
    "pgv_bias": "ln bias",
    "pgv_std": "ln std",
    "t_pgv_error": "T_PGV s",
    "mmi_error": "MMI",
    "spectrum_error": "spectra",
    "in_band": "in band",
    "spread_to_error": "sd/error",
    "seconds": "s",
}
"""Columns of the printed table."""


@dataclass(frozen=True)
class Conditions:
    """What is known when a forecast is made.

    Attributes:
        until: when the input ends, s on the clock of the record.
        stations: how many there are, drawn for each event; 0: the ground is known everywhere.
        onset: the record starts up to so many s before or after the origin time, drawn for each event. Nobody is told.
        snr: median PGV of the event over the root mean square of the noise at every node; None: no noise. The noise
            has the band of the waves.
        seed: of what is drawn.
    """

    until: float = 15.6
    stations: int = 0
    onset: float = 0.0
    snr: float | None = None
    seed: int = 0

    def __str__(self) -> str:
        words = [f"input to {self.until:.1f} s", f"{self.stations} stations" if self.stations else "dense"]
        if self.onset:
            words.append(f"onset unknown by ±{self.onset:g} s")
        if self.snr is not None:
            words.append(f"signal to noise {self.snr:g}")
        return ", ".join(words)


PAPER_CONDITIONS = (Conditions(), Conditions(stations=564), Conditions(stations=101, onset=4.0, snr=10.0))
"""Those of the paper's Table 1, everywhere and at its number of stations, and what reality has: as many as ShakeAlert,
noise, and nobody who says when the earthquake began."""
LONGER_INPUTS = tuple(Conditions(until=until) for until in (15.6, 20.8, 31.2))
"""As in the paper's Table 2, of ruptures that are still going on when the usual input ends."""


@dataclass(frozen=True)
class Row:
    """One forecast of one event; scores as in ``Scores``, NaN for what there is not.

    Attributes:
        delay: of the origin time on the clock of the record, s.
        seconds: the forecast took.
    """

    event: str
    magnitude: float
    forecaster: str
    until: float
    stations: int
    onset: float
    snr: float
    delay: float
    acc: float = np.nan
    rfne: float = np.nan
    normalised_acc: float = np.nan
    normalised_rfne: float = np.nan
    pgv_error: float = np.nan
    pgv_bias: float = np.nan
    pgv_std: float = np.nan
    t_pgv_error: float = np.nan
    mmi_error: float = np.nan
    spectrum_error: float = np.nan
    in_band: float = np.nan
    spread_to_error: float = np.nan
    seconds: float = np.nan


@dataclass(frozen=True)
class Judged:
    """One forecast of one event with its truth, which is open only until the next one is asked for.

    Attributes:
        path: of the scenario.
        conditions: what was known.
        forecast, scores: None of an attenuation relation, which has only peaks.
    """

    row: Row
    path: Path
    conditions: Conditions
    truth: Wavefield
    forecast: Forecast | None = None
    scores: Scores | None = None


def evaluate(
    forecasters: Sequence[Forecasting],
    events: Sequence[Path],
    conditions: Conditions | Sequence[Conditions] = Conditions(),
    duration: float = 100.0,
    scale: Frames | None = None,
    progress: Progress = Progress(),
) -> list[Row]:
    """Forecast every event under every condition, and score it; an attenuation relation stands beside.

    Args:
        forecasters: references and networks.
        events: scenario files.
        duration: of the forecasts, s.
        scale: for normalised scores, see ``scores.score``.

    Raises:
        QuakeViewError: for events that do not fit the forecasters, or are too short.
        Cancelled: through ``progress``.
    """
    conditions = [conditions] if isinstance(conditions, Conditions) else list(conditions)
    return [each.row for each in judged_forecasts(forecasters, events, conditions, duration, scale, progress)]


def judged_forecasts(
    forecasters: Sequence[Forecasting],
    events: Sequence[Path],
    conditions: Sequence[Conditions],
    duration: float = 100.0,
    scale: Frames | None = None,
    progress: Progress = Progress(),
) -> Iterator[Judged]:
    """Yield what ``evaluate`` scores, one forecast after the other, and raise what it raises."""
    for number, path in enumerate(events):
        with Scenario.open(path) as scenario:
            for case, each in enumerate(conditions):
                done = number * len(conditions) + case
                progress.advance(done, len(events) * len(conditions), f"Event {number + 1} of {len(events)}")
                yield from _judged(forecasters, scenario, each, number, duration, scale, progress.silent())
    progress.advance(1, 1)


def recorded(truth: Wavefield, delay: int) -> Wavefield:
    """The wavefield on the clock of a record in which the event begins ``delay`` frames after the first one, with still
    ground before; negative: the first frames are missing."""
    if delay == 0:
        return truth
    n = truth.n_frames + min(delay, 0)
    record = LiveWavefield(replace(truth.header, start_time=0.0, planned_frames=n))
    still = np.zeros(truth.header.frame_shape, np.float32)
    for index in range(n):
        record.append(index, truth.frame(index - delay) if index >= delay else still)
    return record


def noisy(observation: Observation, rms: float, random: np.random.Generator) -> Observation:
    """With Gaussian noise of ``rms`` m/s, up to the highest frequency of the waves, independent at every known node."""
    header = observation.header
    n = observation.n_frames
    spectrum = np.fft.rfft(random.standard_normal((*header.frame_shape, n)).astype(np.float32))
    spectrum[..., np.fft.rfftfreq(n, header.frame_step) > header.frequency] = 0
    noise: NDArray[np.float32] = np.fft.irfft(spectrum, n).astype(np.float32)
    noise *= rms / noise.std()
    return replace(observation, frames=observation.frames + noise * observation.known)


def means(rows: Iterable[Row], by: Sequence[str] = ("forecaster",)) -> list[dict[str, float | str]]:
    """Mean scores of the rows that agree in the fields ``by``, in the order in which they come; ``events`` counts."""
    groups: dict[tuple[float | str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(getattr(row, name) for name in by), []).append(row)
    numbers = [each.name for each in fields(Row) if each.name in _TITLES]
    return [
        dict(zip(by, key, strict=True))
        | {"events": float(len(group))}
        | {name: _mean([getattr(row, name) for row in group]) for name in numbers}
        for key, group in groups.items()
    ]


def table(rows: Iterable[Row], by: Sequence[str] = ("forecaster",)) -> str:
    """The means as text: a line of titles and a line for each group; columns without a number are left out."""
    lines = means(rows, by)
    columns = [name for name in _TITLES if any(not np.isnan(float(line[name])) for line in lines)]
    head = [*by, *(_TITLES[name] for name in columns)]
    cells = [
        [*(_word(line[name]) for name in by), *(_figure(name, float(line[name])) for name in columns)] for line in lines
    ]
    widths = [max(len(row[i]) for row in [head, *cells]) for i in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i < len(by) else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in [head, *cells]
    )


def _judged(
    forecasters: Sequence[Forecasting],
    scenario: Scenario,
    conditions: Conditions,
    number: int,
    duration: float,
    scale: Frames | None,
    progress: Progress,
) -> Iterator[Judged]:
    random = np.random.default_rng([conditions.seed, number])
    late = random.uniform(-conditions.onset, conditions.onset) if conditions.onset else 0.0
    truth = recorded(scenario, round(late / scenario.frame_step))
    stations = (
        drawn_stations(truth.header, conditions.stations, conditions.seed + number) if conditions.stations else ()
    )
    seen = observe(truth, conditions.until, stations=stations)
    if conditions.snr is not None:
        seen = noisy(seen, float(np.median(scenario.pgv)) / conditions.snr, random)
    row = Row(
        scenario.path.name,
        np.nan if scenario.magnitude is None else scenario.magnitude,
        "",
        conditions.until,
        conditions.stations,
        conditions.onset,
        np.nan if conditions.snr is None else conditions.snr,
        round(late / scenario.frame_step) * scenario.frame_step,
    )
    for forecaster in forecasters:
        begun = time.perf_counter()
        forecast = forecaster.forecast(seen, duration, progress=progress)
        took = time.perf_counter() - begun
        scores = score(truth, forecast, scale, progress)
        columns = {each.name for each in fields(Row)}
        values: dict[str, Any] = {name: value for name, value in score_values(scores).items() if name in columns}
        made = replace(row, forecaster=forecaster.model.name, seconds=took, **values)
        yield Judged(made, scenario.path, conditions, truth, forecast, scores)
    if scenario.magnitude is not None and scenario.hypocentre is not None:
        told, fitted = relation_errors(truth, seen.stop)
        yield Judged(replace(row, forecaster=f"{RELATION}, magnitude known", **told), scenario.path, conditions, truth)
        yield Judged(
            replace(row, forecaster=f"{RELATION}, also mean PGV known", **fitted), scenario.path, conditions, truth
        )


def _mean(values: Sequence[float]) -> float:
    there = [value for value in values if not np.isnan(value)]
    return float(np.mean(there)) if there else float("nan")


def _word(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _figure(name: str, value: float) -> str:
    if np.isnan(value):
        return ""
    decimals = {"events": 0, "pgv_error": 1, "t_pgv_error": 2, "seconds": 2}.get(name, 3)
    return f"{value:.{decimals}f}"
