"""How right a forecast was, beside simple baselines that were given the same input.

The baselines are those of ``reference``. Two of them need training events on the grid of the forecast: the data set
that a model's ``scenarios/library.toml`` describes, if it was made on this machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.paths import shipped_models_dir, user_models_dir
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.forecasting.reference import (
    RELATION,
    Forecasting,
    Library,
    NearestEvent,
    Persistence,
    RidgeCombination,
    attenuation_pgv,
    read_events,
)
from quakeview.wavefield.forecasting.scores import Scores, peak_errors, score
from quakeview.wavefield.forecasting.stations import StationWavefield, station_scores
from quakeview.wavefield.ground_motion.attenuation_relation import RELATIONS
from quakeview.wavefield.ground_motion.measures import PeakMeasures
from quakeview.wavefield.scenarios.datasets import read_description
from quakeview.wavefield.scenarios.header import Header, Wavefield
from quakeview.wavefield.scenarios.scenario import Scenario

FORECAST, PERSISTENCE, NEAREST, RIDGE = "Forecast", "Persistence", "Nearest event", "Ridge"
_TIPS = {
    PERSISTENCE: "The ground goes on moving as in the last frame that was known.",
    NEAREST: "The training event that matches the input best, as much of it and as late as fits.",
    RIDGE: "The sum of all training events that matches the input best. In the same Earth, without noise, it can be "
    "almost exact.",
    RELATION: f"Median PGV of {RELATIONS[RELATION][1]} with the true magnitude and place, which no forecast knows; it "
    "has all frequencies. Compared where the peak comes after the input.",
}


@dataclass(frozen=True)
class ScoreColumn:
    """The scores of a forecast or of one baseline: a column of the table of scores.

    Attributes:
        name: ``FORECAST``, or the name of the baseline.
        tip: says in words how it was made.
        values: by the names of ``Scores``, or of the medians over stations; what does not apply is missing.
        lead_times, lead_acc, lead_rfne: (n,) against s after the issue; empty where there is no such curve.
    """

    name: str
    tip: str
    values: dict[str, float]
    lead_times: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    lead_acc: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    lead_rfne: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))


def score_column(
    name: str,
    truth: Wavefield,
    forecast: Forecast,
    library: Library | None = None,
    progress: Progress = Progress(),
) -> ScoreColumn:
    """Score a forecast, or the baseline of this name made from what the forecast knew, at every node of a scenario or
    at the stations of a record.

    Args:
        name: ``FORECAST``, ``PERSISTENCE``, ``NEAREST``, ``RIDGE`` or ``RELATION``.
        library: the training events that ``NEAREST`` and ``RIDGE`` need.

    Raises:
        QuakeViewError: if truth and forecast do not fit together, nothing of what was forecast is known, or the
            relation lacks magnitude, place or a scenario to be compared with.
        Cancelled: through ``progress``.
    """
    if name == RELATION:
        return _relation_column(truth, forecast)
    if name == FORECAST:
        return _scored(name, f"{forecast.model.name}: the mean of {forecast.model.members}", truth, forecast, progress)
    duration = (forecast.n_frames - forecast.issued) * forecast.frame_step
    made = _baseline(name, library).forecast(forecast.observation, duration, progress=progress)
    return _scored(name, _TIPS[name], truth, made, progress)


def baseline_names(header: Header, library: Library | None) -> list[str]:
    """The baselines that a scenario can be compared with: with a library those made of its events, with magnitude and
    place of the source the relation."""
    with_events = [NEAREST, RIDGE] if library is not None and fits(library, header) else []
    with_source = [RELATION] if header.magnitude is not None and header.hypocentre is not None else []
    return [PERSISTENCE, *with_events, *with_source]


def relation_errors(truth: Wavefield, issued: int) -> Iterator[dict[str, Any]]:
    """Yield the errors of the relation's PGV as it is, and given the mean of ln PGV that it should have had: its shape.

    They are taken at the nodes whose peak comes after frame ``issued``: a relation knows only the peak of all times.

    Raises:
        QuakeViewError: if magnitude or place of the source is not known.
    """
    real, said = (PeakMeasures(*truth.header.frame_shape[1:]) for _ in range(2))
    later = truth.t_pgv >= truth.start_time + (issued - 0.5) * truth.frame_step
    real.pgv = np.where(later, truth.pgv, np.float32(0))
    said.pgv = attenuation_pgv(truth.header).astype(np.float32)
    for _ in range(2):
        errors = peak_errors(real, said)
        yield {name: value for name, value in errors.items() if name != "nodes"}
        said.pgv = said.pgv * np.float32(np.exp(-errors["pgv_bias"]))


def score_values(scores: Scores) -> dict[str, float]:
    """Name every single number of the scores, those of components as ``acc_x``; what there is not is missing."""
    names = [each.name for each in fields(scores)] + ["acc", "rfne", "normalised_acc", "normalised_rfne"]
    values = {name: getattr(scores, name) for name in [*names, "spectrum_error"]}
    for name in ("acc", "rfne"):
        values |= dict(zip((f"{name}_x", f"{name}_y", f"{name}_z"), values[f"{name}_components"], strict=True))
    return {name: float(value) for name, value in values.items() if np.ndim(value) == 0 and value is not None}


def training_events(header: Header, progress: Progress = Progress()) -> Library:
    """Read those that fit ``header``; that takes long.

    Raises:
        QuakeViewError: if there are none, with the command that makes them, or they are damaged.
        Cancelled: through ``progress``.
    """
    return Library.open(training_folder(header), progress)


def fits(library: Library, header: Header) -> bool:
    """Whether the events are on the grid of ``header``, with waves up to its frequency; others say nothing about it."""
    return _alike(library.header, header)


def training_folder(header: Header) -> Path:
    """Find the folder of training events that fit ``header``.

    Raises:
        QuakeViewError: if there are none, with the command that makes them.
    """
    descriptions = [
        path
        for models in (shipped_models_dir(), user_models_dir())
        for path in sorted(models.glob("*/scenarios/library.toml"))
    ]
    for path in descriptions:
        folder = read_description(path).output
        if (folder / "metadata.csv").is_file():
            with Scenario.open(folder / read_events(folder)[0].file) as first:
                if _alike(first.header, header):
                    return folder
    how = f"quakeview simulate {_from_here(descriptions[0]) if descriptions else 'library.toml'}"
    raise QuakeViewError(
        f"There are no training events on this grid with waves up to {header.frequency:g} Hz; to make some: {how}"
    )


def _from_here(path: Path) -> Path:
    """Name a file as a command that is typed here would."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _baseline(name: str, library: Library | None) -> Forecasting:
    if name == PERSISTENCE:
        return Persistence()
    assert library is not None
    return NearestEvent(library) if name == NEAREST else RidgeCombination(library)


def _scored(name: str, tip: str, truth: Wavefield, forecast: Forecast, progress: Progress) -> ScoreColumn:
    if isinstance(truth, StationWavefield):
        return ScoreColumn(name, tip, _at_stations(truth, forecast))
    if truth.known is not None:
        raise QuakeViewError("Records are scored when the replay has ended.")
    scores = score(truth, forecast, progress=progress)
    return ScoreColumn(name, tip, score_values(scores), scores.lead_times, scores.lead_acc, scores.lead_rfne)


def _relation_column(truth: Wavefield, forecast: Forecast) -> ScoreColumn:
    if truth.known is not None:
        raise QuakeViewError("An attenuation relation is compared with scenarios only.")
    return ScoreColumn(RELATION, _TIPS[RELATION], next(relation_errors(truth, forecast.issued)))


def _alike(one: Header, other: Header) -> bool:
    same_grid = one.frame_shape == other.frame_shape and np.allclose(one.x, other.x) and np.allclose(one.y, other.y)
    return same_grid and np.allclose((one.frame_step, one.frequency), (other.frame_step, other.frequency))


def _at_stations(truth: StationWavefield, forecast: Forecast) -> dict[str, float]:
    """Medians over the stations that recorded something later."""
    scores = station_scores(truth.records, forecast)
    ratios = np.array([each.forecast_pgv / each.recorded_pgv for each in scores if each.recorded_pgv > 0])
    values = {
        "stations": float(len(scores)),
        "correlation": float(np.median([each.correlation for each in scores])),
        "variance_reduction": float(np.nanmedian([each.variance_reduction for each in scores])),
    }
    if ratios.size:
        logs = np.log(np.maximum(ratios, 1e-6))
        values |= {
            "pgv_error": float(100 * np.median(np.abs(ratios - 1))),
            "pgv_bias": float(logs.mean()),
            "pgv_std": float(logs.std()),
        }
    return values
