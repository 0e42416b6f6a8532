"""How far a forecaster is off on events it did not learn from: ``quakeview models calibrate``.

Every event is forecast from several inputs and numbers of stations. Errors are divided by the standard deviation of
the members there and then (``Forecast.least_spread``); the factor of a band is the quantile of these ratios over all
nodes, components and frames of a class of lead time, where anything moves or was said to. How well a band holds is
measured on each event in turn with the factor of the others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.wavefield.forecasting.calibration import Calibration, StationCalibration
from quakeview.wavefield.forecasting.forecast import LEAST_SPREAD
from quakeview.wavefield.forecasting.observation import observe
from quakeview.wavefield.forecasting.reference import read_events
from quakeview.wavefield.forecasting.scores import PGV_FLOOR, Sums
from quakeview.wavefield.forecasting.station_choice import drawn_stations
from quakeview.wavefield.ground_motion.measures import PeakMeasures
from quakeview.wavefield.scenarios.header import Frames, Wavefield
from quakeview.wavefield.scenarios.scenario import Scenario

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.ensemble import EnsembleForecaster
    from quakeview.wavefield.forecasting.forecast import Forecast
    from quakeview.wavefield.forecasting.model_files import ForecasterFacts

Floats = NDArray[np.float64]

LEVEL = 0.9
"""Part of the ground motion that a band holds."""
ONE_SIGMA = 0.6827
"""Of the nodes, that are within one standard deviation of ln PGV and T_PGV."""
STATIONS = (0, 564, 101)
"""Everywhere, and as many as in the WaveCastNet paper; the fewest the forecaster was trained with come to these."""
INPUTS = (2 / 3, 1, 4 / 3)
"""When they end after the origin time, in the length of what the forecaster reads."""
LEAD_STEP, LONGEST = 5.0, 100.0
"""s, of the classes of lead time."""
_EDGES = np.logspace(-3, 5, 801)
"""Of the classes of ratios: steps of 2.3 %."""


class Ratios:
    """How many ratios of error to standard deviation fell into each class, (classes of lead time, events)."""

    def __init__(self, leads: int, events: int) -> None:
        self.counts = np.zeros((leads, events, len(_EDGES) + 1), np.int64)

    def add(self, lead: int, event: int, error: Frames, spread: Frames) -> None:
        """Ratios of one class of lead time and one event."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = np.nan_to_num(np.abs(error) / spread, nan=0.0, posinf=np.inf)
        self.counts[lead, event] += np.bincount(np.searchsorted(_EDGES, ratios.ravel()), minlength=len(_EDGES) + 1)

    def factors(self, level: float, events: Sequence[int] | None = None) -> Floats:
        """(leads,) the ratio that a part ``level`` of those of some events does not exceed; NaN if there are none."""
        some = self.counts if events is None else self.counts[:, list(events)]
        below = np.cumsum(some.sum(axis=1), axis=-1)
        total = below[:, -1]
        reached = (below < level * total[:, None]).sum(axis=-1)
        return np.where(total > 0, np.append(_EDGES, np.inf)[np.minimum(reached, len(_EDGES))], np.nan)

    def coverage(self, level: float) -> Floats:
        """(leads,) part of the ratios of an event that the factor of the other events holds, mean of the events."""
        leads, events, _ = self.counts.shape
        below = np.cumsum(self.counts, axis=-1)
        held = np.full((leads, events), np.nan)
        for event in range(events):
            factors = self.factors(level, [other for other in range(events) if other != event])
            for lead in np.flatnonzero(np.isfinite(factors) & (below[:, event, -1] > 0)):
                within = below[lead, event, np.searchsorted(_EDGES, factors[lead])]
                held[lead, event] = within / below[lead, event, -1]
        there = np.isfinite(held)
        return np.where(
            there.any(axis=1), np.where(there, held, 0).sum(axis=1) / np.maximum(there.sum(axis=1), 1), np.nan
        )


@dataclass
class _Collected:
    """From all events with one number of stations."""

    band: Ratios
    ln_pgv: Ratios
    t_pgv: Ratios
    scores: list[tuple[float, float]]
    lead_rfne: list[Floats]


def calibrate(
    forecaster: "EnsembleForecaster",
    events: Sequence[Path],
    stations: Sequence[int] | None = None,
    inputs: Sequence[float] | None = None,
    progress: Progress = Progress(),
) -> Calibration:
    """Compare forecasts of scenarios with what came.

    Args:
        events: scenario files, which the forecaster did not learn from; two or more.
        stations: numbers of them, 0 for everywhere; None: ``STATIONS`` and the fewest of the forecaster.
        inputs: when they end, s after the origin time; None: around as long as the forecaster reads (``INPUTS``).

    Raises:
        QuakeViewError: for too few events, one member, or events that do not fit the forecaster.
        Cancelled: through ``progress``.
    """
    members = forecaster.model.members
    if len(events) < 2:
        raise QuakeViewError("A calibration is judged on events that it was not made of; give two or more.")
    if members < 2:
        raise QuakeViewError(f"{forecaster.model.name} has one member, whose spread says nothing; combine several.")
    inputs = usual_inputs(forecaster.facts) if inputs is None else inputs
    if stations is None:
        fewest = forecaster.facts.fewest_stations
        stations = (*STATIONS, *([fewest] if fewest else []))
    lead_ends = LEAD_STEP * np.arange(1, round(LONGEST / LEAD_STEP) + 1, dtype=np.float64)
    collected = {count: _empty(len(lead_ends), len(events)) for count in sorted(set(stations))}
    for number, path in enumerate(events):
        with Scenario.open(path) as scenario:
            truth = forecaster.on_its_grid(scenario, progress)
            for done, (count, until) in enumerate(_cases(collected, inputs)):
                total = len(events) * len(collected) * len(inputs)
                progress.advance(number * total / len(events) + done, total, f"Event {number + 1} of {len(events)}")
                where = drawn_stations(truth.header, count, seed=number) if count else ()
                left = truth.start_time + truth.n_frames * truth.frame_step - until
                forecast = forecaster.forecast(observe(truth, until, stations=where), min(left, LONGEST))
                _compare(collected[count], number, truth, forecast, lead_ends)
    progress.advance(1, 1, "Calibrated")
    found = tuple(_found(count, each) for count, each in collected.items())
    ends = tuple(float(end) for end in lead_ends)
    return Calibration(LEVEL, members, len(events), tuple(float(until) for until in inputs), ends, found)


def usual_inputs(facts: "ForecasterFacts") -> list[float]:
    """Whole frames around the length of what is read, s, none shorter than those it was trained with."""
    ends = (round(part * facts.input_frames) * facts.frame_step for part in INPUTS)
    return sorted({max(round(end, 3), facts.earliest_input or 0.0) for end in ends})


def validation_events(folders: Sequence[Path]) -> list[Path]:
    """The scenario files for validation of data sets.

    Raises:
        QuakeViewError: for a folder that is none, or has no such events.
    """
    found: list[Path] = []
    for folder in folders:
        events = [folder / event.file for event in read_events(folder) if event.split == "validation"]
        if not events:
            raise QuakeViewError(
                f"{folder} has no events for validation; a model is calibrated with events that it did not learn from."
            )
        found += events
    return found


def table(calibration: Calibration) -> str:
    """What a calibration found, in columns for reading."""
    from quakeview.wavefield.forecasting.known_events import aligned

    percent = f"{100 * calibration.level:.0f} %"
    rows = [["stations", "lead time (s)", "RFNE", f"{percent} band (factor)", "held of an event left out"]]
    for each in calibration.by_stations:
        where = str(each.stations) if each.stations else "everywhere"
        start = 0.0
        for end, *values in zip(calibration.lead_ends, each.lead_rfne, each.band, each.coverage, strict=True):
            rfne, factor, held = (value if np.isfinite(value) else None for value in values)
            cells = ["" if value is None else f"{value:.{n}f}" for value, n in ((rfne, 2), (factor, 1))]
            rows.append([where, f"{start:g}-{end:g}", *cells, "" if held is None else f"{100 * held:.0f} %"])
            start = end
    peaks = [["stations", "ACC", "RFNE", "ln PGV (factor)", "held", "T_PGV (factor)", "held", "skill ends (s)"]]
    for each in calibration.by_stations:
        pgv = f"{each.ln_pgv:.1f}", f"{100 * each.ln_pgv_coverage:.0f} %"
        times = f"{each.t_pgv:.1f}", f"{100 * each.t_pgv_coverage:.0f} %", f"{calibration.skilful_lead(each):g}"
        peaks.append([str(each.stations or "everywhere"), f"{each.acc:.2f}", f"{each.rfne:.2f}", *pgv, *times])
    return f"{aligned(rows)}\n\n{aligned(peaks)}"


def _cases(collected: dict[int, _Collected], inputs: Sequence[float]) -> Iterator[tuple[int, float]]:
    return ((count, until) for count in collected for until in inputs)


def _empty(leads: int, events: int) -> _Collected:
    return _Collected(Ratios(leads, events), Ratios(1, events), Ratios(1, events), [], [])


def _compare(collected: _Collected, event: int, truth: Wavefield, forecast: "Forecast", lead_ends: Floats) -> None:
    floor = PGV_FLOOR * truth.peak
    stop = min(truth.n_frames, forecast.n_frames)
    leads = forecast.frame_step * np.arange(stop - forecast.issued)
    classes = np.searchsorted(lead_ends, leads + 1e-6, side="right")
    sums, true_peaks = Sums(leads.size), PeakMeasures(*truth.header.frame_shape[1:])
    for number, lead in enumerate(classes.tolist()):
        index = forecast.issued + number
        known, said = truth.frame(index), forecast.frame(index)
        sums.add(number, known[..., None], said[..., None])
        true_peaks.update(float(truth.times[index]), known)
        if lead < len(lead_ends):
            counted = np.maximum(np.abs(known), np.abs(said)) >= floor
            collected.band.add(lead, event, (said - known)[counted], forecast.least_spread(index)[counted])
    power, _, _, wrong = (np.bincount(classes, part.sum(axis=0), len(lead_ends) + 1)[:-1] for part in sums.parts)
    with np.errstate(divide="ignore", invalid="ignore"):
        collected.lead_rfne.append(np.where(power > 0, np.sqrt(wrong / power), np.nan))
    collected.scores.append((float(sums.acc.mean()), float(sums.rfne.mean())))
    _compare_peaks(collected, event, true_peaks, forecast)


def _compare_peaks(collected: _Collected, event: int, true: PeakMeasures, forecast: "Forecast") -> None:
    _, pgv, t_pgv = forecast.member_peaks()
    counted = true.pgv >= PGV_FLOOR * true.pgv.max()
    ln_said, ln_true = np.log(np.maximum(pgv, 1e-12)), np.log(np.maximum(true.pgv, 1e-12))
    pairs = (
        (collected.ln_pgv, ln_said, ln_true, LEAST_SPREAD),
        (collected.t_pgv, t_pgv, true.t_pgv, forecast.frame_step),
    )
    for ratios, said, known, least in pairs:
        error, spread = said.mean(axis=0) - known, np.hypot(said.std(axis=0, ddof=1), np.float32(least))
        ratios.add(0, event, error[counted], spread[counted])


def _found(stations: int, collected: _Collected) -> StationCalibration:
    acc, rfne = np.mean(collected.scores, axis=0)
    curves = np.array(collected.lead_rfne)
    there = np.isfinite(curves)
    lead_rfne = np.where(
        there.any(axis=0), np.where(there, curves, 0).sum(axis=0) / np.maximum(there.sum(axis=0), 1), np.nan
    )
    return StationCalibration(
        stations,
        acc=round(float(acc), 4),
        rfne=round(float(rfne), 4),
        lead_rfne=_rounded(lead_rfne),
        band=_rounded(collected.band.factors(LEVEL)),
        coverage=_rounded(collected.band.coverage(LEVEL)),
        ln_pgv=round(float(collected.ln_pgv.factors(ONE_SIGMA)[0]), 4),
        ln_pgv_coverage=round(float(collected.ln_pgv.coverage(ONE_SIGMA)[0]), 4),
        t_pgv=round(float(collected.t_pgv.factors(ONE_SIGMA)[0]), 4),
        t_pgv_coverage=round(float(collected.t_pgv.coverage(ONE_SIGMA)[0]), 4),
    )


def _rounded(values: Floats) -> tuple[float, ...]:
    return tuple(round(float(value), 4) for value in values)
