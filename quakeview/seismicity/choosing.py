"""Which forecasters can be used for a catalogue, why others cannot, and what they were worth on days they never saw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import exp, isnan
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.model_folders import read_config
from quakeview.registry import SEISMICITY, available_models
from quakeview.seismicity.blocks import Estimate
from quakeview.seismicity.catalogue import Catalogue, date_of, day_of
from quakeview.seismicity.catalogue_arguments import BELOW_TARGET, BURN_IN
from quakeview.seismicity.choices import Choices, days_of
from quakeview.seismicity.forecasting import SeismicityForecaster
from quakeview.seismicity.gain import DailyScore, gain, score
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.learned.forecaster import LearnedForecast
from quakeview.seismicity.reference_names import REFERENCES, fit_reference
from quakeview.seismicity.references import ETAS, RECENT, SMOOTHED, UNIFORM, Fitting
from quakeview.seismicity.windows import Window
from quakeview.texts import counted

Floats = NDArray[np.float64]

MOST_SCORED, PART_SCORED = 1000, 0.3
"""Days at the end of a catalogue that nothing is fitted to: so many, but no more than this part of it."""
_FEWEST_DAYS, _FEWEST = 30, 10
"""Days and earthquakes from which on a forecast is scored."""
_MISSING = 0.2
"""Magnitudes that a catalogue may lack above the least of which a learned forecast is told."""
HISTORY = 1000
"""Days of the past that a learned forecast has to be told of: the longest of its decays."""
_COVERED = 0.5
"""Part of a model's cells that a catalogue covers which it was made for."""
_NEAR = 0.3
"""Magnitudes between a choice and what a model forecasts that it is changed by when a catalogue is opened."""
_INSIDE = 0.9
"""Part of a catalogue's large earthquakes that lies in the cells of a model that can be used for it."""


@dataclass(frozen=True)
class Offer:
    """A forecaster that can be used for a catalogue, or cannot.

    Attributes:
        name: as in tables.
        about: what it is, in words, with the days that it was fitted on if it is a model.
        reason: why it cannot be used, a sentence; empty if it can.
        folder: of the model; None for a reference, which is fitted to the catalogue itself.
        magnitude, window: what it forecasts.
        covered: part of its cells that lie within the extent of the catalogue; in the others it knows of no earthquake.
    """

    name: str
    about: str
    magnitude: float
    window: Window
    reason: str = ""
    folder: Path | None = None
    covered: float = 1.0

    @property
    def is_made_for_it(self) -> bool:
        """Whether it is a model that can be used, for the region of the catalogue and not for a much larger one."""
        return self.folder is not None and not self.reason and self.covered >= _COVERED

    def make(self, fitting: Fitting, progress: Progress = Progress()) -> SeismicityForecaster:
        """Read the model, or fit the reference.

        Raises:
            QuakeViewError: if the model is damaged, or there is too little to fit to.
            Cancelled: through ``progress``.
        """
        if self.folder is not None:
            from quakeview.seismicity.model_folder import load_forecaster

            return load_forecaster(self.folder)
        return fit_reference(_SHORT[self.name], fitting, progress)


_SHORT = dict(zip((UNIFORM, SMOOTHED, RECENT, ETAS), REFERENCES, strict=True))
"""Names of the reference forecasts on the command line, by those in tables."""
_ABOUT = {
    UNIFORM: "the same everywhere and every day",
    SMOOTHED: "earthquakes come where they came",
    RECENT: "where they came, and where they came lately",
    ETAS: "every earthquake has aftershocks, which have aftershocks",
}


def reference(name: str, choices: Choices) -> Offer:
    """Return the reference forecast of a name, one of those in tables."""
    return Offer(name, _ABOUT[name], choices.magnitude, choices.window)


def held_out(catalogue: Catalogue) -> tuple[int, int]:
    """Return the days [first, last) at the end of a catalogue that no reference is fitted to."""
    first, last = days_of(catalogue)
    return last - min(MOST_SCORED, int(PART_SCORED * (last - first))), last


def fitting_of(catalogue: Catalogue, choices: Choices, grid: CellGrid | None = None) -> Fitting:
    """Return what references are fitted to: the days before those that are held out.

    Args:
        grid: the cells of a model that they are compared with; None: those of the choices.

    Raises:
        QuakeViewError: if there is no earthquake that is large enough, or there would be too many cells.
    """
    large = catalogue.above(choices.magnitude)
    if not len(large):
        raise QuakeViewError(
            f"There is no earthquake of magnitude {choices.magnitude:g} or more; choose a lower magnitude to forecast."
        )
    known = catalogue.above(choices.magnitude - BELOW_TARGET)
    first, last = days_of(known)[0], held_out(known)[0]
    begin = min(first + BURN_IN, (first + last) // 2)
    return Fitting(known, grid or choices.grid(catalogue), choices.magnitude, begin, last, choices.window)


def offers(catalogue: Catalogue, choices: Choices) -> list[Offer]:
    """Return the forecasters there are: models first, then references from the one that knows most."""
    try:
        reason = _too_little(fitting_of(catalogue, choices))
    except QuakeViewError as error:
        reason = str(error)
    references = [replace(reference(name, choices), reason=reason) for name in (ETAS, RECENT, SMOOTHED, UNIFORM)]
    return [*_models(catalogue, choices), *references]


def magnitude_of_models(catalogue: Catalogue, choices: Choices) -> float | None:
    """Return the magnitude, near that of the choices, from which on a model for this catalogue forecasts; None if none.

    Where the choice is as good as another one, such as what completeness suggests, a model that was trained and scored
    is worth more than a tenth of magnitude.
    """
    near = {
        offer.magnitude for offer in _models(catalogue, choices) if abs(offer.magnitude - choices.magnitude) <= _NEAR
    }
    fit = [
        magnitude
        for magnitude in sorted(near, key=lambda each: abs(each - choices.magnitude))
        if any(offer.is_made_for_it for offer in _models(catalogue, choices.with_(magnitude=magnitude)))
    ]
    return fit[0] if fit else None


def _too_little(fitting: Fitting) -> str:
    """Why nothing can be fitted; empty if it can."""
    try:
        _ = fitting.targets
    except QuakeViewError as error:
        return str(error)
    return ""


def _models(catalogue: Catalogue, choices: Choices) -> list[Offer]:
    found = []
    for card in available_models():
        if not card.is_for(SEISMICITY):
            continue
        try:
            section = read_config(card.folder)["forecaster"]
            window = Window(*map(int, section["window"]))
            magnitude, grid = float(section["magnitude"]), _grid(section["grid"])
            days = section.get("trained_days")
            fitted = "" if days is None else f", fitted on {days[0]} to {date_of(day_of(days[1]) - 1)}"
        except (QuakeViewError, KeyError, TypeError, ValueError):
            reason = "Its folder is damaged; get the model again."
            found.append(Offer(card.name, card.system, choices.magnitude, choices.window, reason, card.folder))
            continue
        reason = card.unusable or _other_choice(choices, magnitude, window)
        reason = reason or why_unfit(catalogue, grid, magnitude, section.get("input_magnitude"))
        covered = _covered(catalogue, grid)
        about = card.system + fitted + ("" if covered >= _COVERED else f"; {covered:.0%} of its cells are covered here")
        found.append(Offer(card.name, about, magnitude, window, reason, card.folder, covered))
    return found


def _covered(catalogue: Catalogue, grid: CellGrid) -> float:
    """The part of the cells that lies within the extent of the catalogue."""
    x, y = grid.project(catalogue.latitude, catalogue.longitude)
    lows, lengths = (grid.west, grid.south), tuple(grid.size * count for count in grid.shape)
    parts = [
        np.ptp(np.clip(places, low, low + length)) / length
        for places, low, length in zip((x, y), lows, lengths, strict=True)
    ]
    return float(np.prod(parts))


def _grid(values: Mapping[str, Any]) -> CellGrid:
    return CellGrid(**{**values, "shape": tuple(map(int, values["shape"]))})


def _other_choice(choices: Choices, magnitude: float, window: Window) -> str:
    """Why a model does not forecast what was chosen; empty if it does."""
    if abs(magnitude - choices.magnitude) > 1e-6:
        return f"It forecasts magnitude {magnitude:g} and more; choose that magnitude to use it."
    if window != choices.window:
        return f"It forecasts the {window}; choose these days to use it."
    return ""


def why_unfit(catalogue: Catalogue, grid: CellGrid, magnitude: float, least: float | None) -> str:
    """Return why a model's forecasts from a catalogue would mean nothing, a sentence; empty if they do mean something.

    Args:
        least: the magnitude from which on the model is told of earthquakes; None if it does not depend on that.
    """
    large = catalogue.above(magnitude)
    inside = float((grid.cells(large) >= 0).mean()) if len(large) else 0.0
    if inside < _INSIDE:
        return (
            f"It was made for another region: {inside:.0%} of the large earthquakes of this catalogue lie in its cells."
        )
    return _untold(catalogue, least)


def check_fits(model: SeismicityForecaster, catalogue: Catalogue) -> None:
    """Check that a model's forecasts from a catalogue mean something.

    Raises:
        QuakeViewError: if they do not, with the reason.
    """
    least = model.features.input_magnitude if isinstance(model, LearnedForecast) else None
    if why := why_unfit(catalogue, model.grid, model.magnitude, least):
        raise QuakeViewError(f"{model.name} cannot forecast from this catalogue. {why}")


def _untold(catalogue: Catalogue, least: float | None) -> str:
    """Why a learned forecast would be told too little of the past, ``least`` the magnitude from which on it is told.

    Returns:
        a sentence; empty if there is enough.
    """
    if least is None:
        return ""
    smallest, days = float(np.nanmin(catalogue.magnitude)), np.subtract(*days_of(catalogue)[::-1])
    if smallest > least + _MISSING:
        return f"It is told of earthquakes from magnitude {least:g} on, and this catalogue begins with {smallest:g}."
    if days < HISTORY:
        return f"It has to be told of {HISTORY:,} days of earthquakes, and this catalogue has {days:,}."
    return ""


@dataclass(frozen=True)
class Worth:
    """What forecasts were worth on days that they were not fitted to.

    Attributes:
        scores: day by day, by name of the forecaster.
        first, last: the days [first, last) of which the forecasts were made.
        unscored: why a forecaster has no score, in a sentence, by its name.
        magnitude: earthquakes of at least this were forecast.
    """

    magnitude: float
    first: int = 0
    last: int = 0
    scores: Mapping[str, DailyScore] = field(default_factory=dict)
    unscored: Mapping[str, str] = field(default_factory=dict)

    def gain(self, name: str, reference: str) -> Estimate | None:
        """Return the information gain of a forecaster over another, on the days that both were scored on."""
        pair = self._pair(name, reference)
        return None if pair is None else gain(*pair)

    def cumulative(self, name: str, reference: str) -> tuple[NDArray[np.int64], Floats] | None:
        """Return days and the gain that has come together until each, nats."""
        pair = self._pair(name, reference)
        if pair is None:
            return None
        return pair[0].days, np.cumsum(pair[0].log_likelihood - pair[1].log_likelihood)

    def sentence(self, name: str) -> str:
        """Return what forecasts like these have been worth, whatever it is."""
        if name not in self.scores:
            return self.unscored.get(name, f"Forecasts of {name} are not scored yet.")
        own = self.scores[name]
        number = counted(int(own.observed.sum()), f"earthquake of magnitude {self.magnitude:g} and more came",
                         f"earthquakes of magnitude {self.magnitude:g} and more came")  # fmt: skip
        days = f"{counted(len(own.days), 'day')} to {date_of(int(own.days[-1]))}, on which nothing was fitted"
        compared = [
            _gain_text(value, other)
            for other in (SMOOTHED, ETAS)
            if other != name and (value := self.gain(name, other)) is not None
        ]
        if not compared:
            return f"{name.capitalize()} is what others are compared with; on the {days}, {number}."
        return f"Forecasts of {name} gained {' and '.join(compared)}, on the {days}; {number}."

    def gain_text(self, name: str, reference: str) -> str:
        """Return the gain with its interval, ``+0.46 [0.27, 0.68]``; a dash where there is none."""
        value = None if name == reference else self.gain(name, reference)
        return "–" if value is None else _figures(value)

    def _pair(self, name: str, reference: str) -> tuple[DailyScore, DailyScore] | None:
        if name not in self.scores or reference not in self.scores:
            return None
        one, other = self.scores[name], self.scores[reference]
        first = max(int(one.days[0]), int(other.days[0]))
        return _from(one, first), _from(other, first)


def _gain_text(value: Estimate, other: str) -> str:
    """``+0.46 [0.27, 0.68] nats per earthquake over ETAS (what came was 1.6 times as likely)``."""
    if isnan(value.low):
        meaning = "how sure that is cannot be told from so few days"
    elif value.low <= 0 <= value.high:
        meaning = "no difference that these days can tell"
    else:
        meaning = f"what came was {exp(value.value):.2g} times as likely"
    return f"{_figures(value)} nats per earthquake over {other} ({meaning})"


def _figures(value: Estimate) -> str:
    interval = "" if isnan(value.low) else f" [{value.low:.2f}, {value.high:.2f}]"
    return f"{value.value:+.2f}{interval}".replace("-", "−")


def worth(
    forecasters: Sequence[SeismicityForecaster],
    catalogue: Catalogue,
    known: Worth | None = None,
    progress: Progress = Progress(),
) -> Worth:
    """Score forecasters, which have the same cells, on the days that are held out and that they were not fitted to.

    Args:
        known: scores of the same days that need not be computed again.

    Raises:
        Cancelled: through ``progress``.
    """
    start, end = held_out(catalogue)
    before = known if known is not None and (known.first, known.last) == (start, end) else None
    scores, unscored = (dict(before.scores), dict(before.unscored)) if before is not None else ({}, {})
    for number, forecaster in enumerate(forecasters):
        progress.advance(number, len(forecasters), f"Scoring {forecaster.name}")
        if forecaster.name in scores:
            continue
        window = forecaster.window
        seen = start if forecaster.trained_days is None else max(start, forecaster.trained_days[1])
        days = range(seen - window.first, end - window.last + 1)
        found = score(forecaster, catalogue, days) if len(days) >= _FEWEST_DAYS else None
        if found is None or found.observed.sum() < _FEWEST:
            unscored[forecaster.name] = (
                f"Forecasts of {forecaster.name} cannot be scored on this catalogue: after the days it was fitted on "
                f"come fewer than {_FEWEST_DAYS} days, or fewer than {_FEWEST} earthquakes that are large enough."
            )
        else:
            scores[forecaster.name] = found
    return Worth(forecasters[0].magnitude, start, end, scores, unscored)


def _from(scored: DailyScore, day: int) -> DailyScore:
    """The score from a day on."""
    kept = scored.days >= day
    return DailyScore(
        scored.name, scored.days[kept], scored.log_likelihood[kept], scored.expected[kept], scored.observed[kept]
    )
