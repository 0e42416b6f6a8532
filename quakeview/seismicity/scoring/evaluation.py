"""Models and reference forecasts on the same held-out days of a catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.seismicity.catalogue import date_of
from quakeview.seismicity.catalogue_arguments import Setting
from quakeview.seismicity.forecasting import SeismicityForecaster
from quakeview.seismicity.reference_names import fit_reference
from quakeview.seismicity.references import Fitting
from quakeview.seismicity.scoring.magnitudes import MagnitudeTest, magnitude_test
from quakeview.seismicity.scoring.outcomes import held_out
from quakeview.seismicity.scoring.scores import ForecastScores, score_together
from quakeview.texts import counted

MEASURE = "smoothed"
"""The reference that Molchan's alarms are measured by."""


@dataclass(frozen=True)
class Evaluation:
    """Scores on the held-out days.

    Attributes:
        catalogue: its name.
        models: scores of models, in the order they were named.
        references: of reference forecasts, from the one that knows least.
        measure: name of the forecast that Molchan's alarms are measured by.
        fitted: first and last day that the references were fitted to.
        tested: first and last day that was forecast.
        magnitudes: the M test of Gutenberg and Richter's law, which all of them share; None with too few earthquakes.
        seen: sentences on models that learnt from days that they are scored on.
    """

    catalogue: str
    models: list[ForecastScores]
    references: list[ForecastScores]
    measure: str
    fitted: tuple[int, int]
    tested: tuple[int, int]
    magnitudes: MagnitudeTest | None
    seen: list[str]

    @property
    def all(self) -> list[ForecastScores]:
        """References, then models."""
        return [*self.references, *self.models]


def evaluate(
    setting: Setting,
    models: Sequence[SeismicityForecaster],
    references: Sequence[str],
    number: int,
    fit_until: int | None = None,
    progress: Progress = Progress(),
) -> Evaluation:
    """Fit the references to the days before the last ones, and score all forecasts on these.

    Args:
        setting: the catalogue; cells, magnitude and window are those of the first model, if there is one.
        references: their names.
        number: of days that are held out.
        fit_until: first day that the references are not fitted to; None: the first day that is held out.

    Raises:
        QuakeViewError: if there is nothing to score, or nothing to fit to or score on.
        Cancelled: through ``progress``.
    """
    if not models and not references:
        raise QuakeViewError("There is nothing to score; name models or references.")
    first, last = setting.days
    alike = models[0] if models else None
    grid, magnitude = (alike.grid, alike.magnitude) if alike else (setting.grid, setting.magnitude)
    window = alike.window if alike else setting.window
    days = held_out(last, number, window, first)
    until = last - number if fit_until is None else min(fit_until, last - number)
    begin = setting.fitting(until).first
    fitting = Fitting(setting.catalogue, grid, magnitude, begin, until, window)
    fitted = [
        fit_reference(name, fitting, progress.part(place, place + 1, len(references) + 1))
        for place, name in enumerate(references)
    ]
    measure = references.index(MEASURE) if MEASURE in references else 0
    forecasters = [*fitted, *models]
    scores = score_together(forecasters, setting.catalogue, days, measure, progress.part(0.5, 1.0))
    return Evaluation(
        setting.name,
        scores[len(fitted) :],
        scores[: len(fitted)],
        forecasters[measure].name,
        (begin, until - 1),
        (last - number, last - 1),
        _magnitudes(fitting, scores[0]),
        [sentence for model in models if (sentence := seen_days(model, last - number, last))],
    )


def _magnitudes(fitting: Fitting, scores: ForecastScores) -> MagnitudeTest | None:
    try:
        return magnitude_test(fitting.targets, scores.outcomes)
    except QuakeViewError:  # too few earthquakes for a b-value
        return None


def seen_days(model: SeismicityForecaster, first: int, last: int) -> str:
    """Say how many of the days [first, last) a model has learnt from, in a sentence; empty if none."""
    if model.trained_days is None:
        return f"{model.name} does not state which days it learnt from: this may be no test of it."
    common = min(last, model.trained_days[1]) - max(first, model.trained_days[0])
    if common <= 0:
        return ""
    return (
        f"{model.name} learnt from {counted(common, 'day')} that it is scored on here (its days of training are "
        f"{date_of(model.trained_days[0])} to {date_of(model.trained_days[1] - 1)}): this is no test of it."
    )
