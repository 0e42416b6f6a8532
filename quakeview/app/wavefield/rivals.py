"""How right a forecast was, beside what else could have been said from the same input. No widgets.

The rivals are those of ``forecasting.reference``. Two of them need training events on the grid of the forecast: the
data set that a model's ``scenarios/library.toml`` describes, if it was made on this machine.
"""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.paths import shipped_models_dir, user_models_dir
from quakeview.wavefield.attenuation_relation import RELATIONS
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.forecasting.scores import Scores, peak_errors, score
from quakeview.wavefield.forecasting.stations import StationWavefield, station_scores
from quakeview.wavefield.header import Header, Wavefield
from quakeview.wavefield.measures import PeakMeasures

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.reference import Forecasting, Library

FORECAST, PERSISTENCE, NEAREST, RIDGE, RELATION = "Forecast", "Persistence", "Nearest event", "Ridge", "BSSA14"
_TIPS = {
    PERSISTENCE: "The ground goes on moving as in the last frame that was known.",
    NEAREST: "The training event that matches the input best, as much of it and as late as fits.",
    RIDGE: "The sum of all training events that matches the input best. In the same Earth, without noise, it can be "
    "almost exact.",
    RELATION: f"Median PGV of {RELATIONS[RELATION][1]} with the true magnitude and place, which no forecast knows; it "
    "has all frequencies. Compared where the peak comes after the input.",
}


@dataclass(frozen=True)
class Judged:
    """Who said something, and how right it was.

    Attributes:
        tip: in words, how it was made.
        values: by the names of ``score_table.MEASURES``; what does not apply is missing.
        lead_times, lead_acc, lead_rfne: (n,) against s after the issue; empty where there is no such curve.
    """

    name: str
    tip: str
    values: dict[str, float]
    lead_times: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    lead_acc: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    lead_rfne: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))


def judge(name: str, truth: Wavefield, forecast: Forecast, progress: Progress = Progress()) -> Judged:
    """Against a scenario at every node, or against records where there are stations.

    Raises:
        QuakeViewError: if they do not fit together, or nothing of what was forecast is known.
        Cancelled: through ``progress``.
    """
    tip = _TIPS.get(name, f"{forecast.model.name}: the mean of {forecast.model.members}")
    if isinstance(truth, StationWavefield):
        return Judged(name, tip, _at_stations(truth, forecast))
    if truth.known is not None:
        raise QuakeViewError("Records are judged when the replay as it happened has ended.")
    scores = score(truth, forecast, progress=progress)
    return Judged(name, tip, _values(scores), scores.lead_times, scores.lead_acc, scores.lead_rfne)


def persistence(truth: Wavefield, forecast: Forecast, progress: Progress = Progress()) -> Judged:
    """Of what the forecast knew. Raises as ``judge``."""
    from quakeview.wavefield.forecasting.reference import Persistence

    return _rival(Persistence(), PERSISTENCE, truth, forecast, progress)


def attenuation(truth: Wavefield, forecast: Forecast, progress: Progress = Progress()) -> Judged:
    """PGV of a relation that is told the magnitude, where the peak comes after the issue.

    Raises:
        QuakeViewError: for records of stations, and if magnitude or place is not known.
    """
    from quakeview.wavefield.forecasting.reference import attenuation_pgv

    if truth.known is not None:
        raise QuakeViewError("An attenuation relation is compared with scenarios only.")
    real, said = (PeakMeasures(*truth.header.frame_shape[1:]) for _ in range(2))
    real.pgv = np.where(truth.t_pgv >= forecast.issue_time - truth.frame_step / 2, truth.pgv, np.float32(0))
    said.pgv = attenuation_pgv(truth.header).astype(np.float32)
    progress.advance(1, 1)
    errors = {name: value for name, value in peak_errors(real, said).items() if name not in ("nodes", "t_pgv_error")}
    return Judged(RELATION, _TIPS[RELATION], errors)


def nearest(library: "Library", truth: Wavefield, forecast: Forecast, progress: Progress = Progress()) -> Judged:
    """Of what the forecast knew. Raises as ``judge``."""
    from quakeview.wavefield.forecasting.reference import NearestEvent

    return _rival(NearestEvent(library), NEAREST, truth, forecast, progress)


def ridge(library: "Library", truth: Wavefield, forecast: Forecast, progress: Progress = Progress()) -> Judged:
    """Of what the forecast knew. Raises as ``judge``."""
    from quakeview.wavefield.forecasting.reference import RidgeCombination

    return _rival(RidgeCombination(library), RIDGE, truth, forecast, progress)


def training_events(header: Header, progress: Progress = Progress()) -> "Library":
    """Those that fit ``header``; reading them takes long.

    Raises:
        QuakeViewError: if there are none, with the command that makes them, or they are damaged.
        Cancelled: through ``progress``.
    """
    from quakeview.wavefield.forecasting.reference import Library

    return Library.open(training_folder(header), progress)


def fits(library: "Library", header: Header) -> bool:
    """Whether the events are on the grid of ``header``, with waves up to its frequency: others would be no rivals."""
    return _alike(library.header, header)


def training_folder(header: Header) -> Path:
    """Of training events that fit ``header``.

    Raises:
        QuakeViewError: if there are none, with the command that makes them.
    """
    from quakeview.wavefield.datasets import read_description
    from quakeview.wavefield.forecasting.reference import read_events
    from quakeview.wavefield.scenario import Scenario

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
    how = f"quakeview simulate {descriptions[0]}" if descriptions else "quakeview simulate library.toml"
    raise QuakeViewError(
        f"There are no training events on this grid with waves up to {header.frequency:g} Hz; to make some: {how}"
    )


def _rival(who: "Forecasting", name: str, truth: Wavefield, forecast: Forecast, progress: Progress) -> Judged:
    duration = (forecast.n_frames - forecast.issued) * forecast.frame_step
    return judge(name, truth, who.forecast(forecast.observation, duration, progress=progress), progress)


def _alike(one: Header, other: Header) -> bool:
    same_grid = one.frame_shape == other.frame_shape and np.allclose(one.x, other.x) and np.allclose(one.y, other.y)
    return same_grid and np.allclose((one.frame_step, one.frequency), (other.frame_step, other.frequency))


def _values(scores: Scores) -> dict[str, float]:
    names = [each.name for each in fields(scores)] + ["acc", "rfne", "normalised_acc", "normalised_rfne"]
    values = {name: getattr(scores, name) for name in [*names, "spectrum_error"]}
    for name in ("acc", "rfne"):
        values |= dict(zip((f"{name}_x", f"{name}_y", f"{name}_z"), values[f"{name}_components"], strict=True))
    return {name: float(value) for name, value in values.items() if np.ndim(value) == 0 and value is not None}


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
