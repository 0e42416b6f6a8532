"""A forecaster made ready for a catalogue together with the references that it is compared with, step by step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from quakeview.jobs import Progress
from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.catalogue_arguments import BELOW_TARGET
from quakeview.seismicity.choices import Choices
from quakeview.seismicity.choosing import Offer, Worth, fitting_of, reference, worth
from quakeview.seismicity.forecasting import SeismicityForecaster
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.learned.forecaster import LearnedForecast
from quakeview.seismicity.references import ETAS, RECENT, SMOOTHED, ConstantForecast

AFFORDABLE = 6000
"""Earthquakes up to which ETAS is fitted without being asked for; the time grows with their square."""


@dataclass(frozen=True)
class Prepared:
    """Forecasters with the same cells, and what they were worth.

    Attributes:
        forecasters: by name, in the order in which they were made.
        worth: of those that are scored; None before the first.
    """

    forecasters: Mapping[str, SeismicityForecaster] = field(default_factory=dict)
    worth: Worth | None = None

    @property
    def grid(self) -> CellGrid | None:
        """The cells; None while there is no forecaster."""
        return next((each.grid for each in self.forecasters.values()), None)

    @property
    def long_term(self) -> ConstantForecast | None:
        """Smoothed seismicity, whose rates are the long-term rates; None while it is not fitted."""
        found = self.forecasters.get(SMOOTHED)
        return found if isinstance(found, ConstantForecast) else None


def first_choice(found: Sequence[Offer], catalogue: Catalogue, choices: Choices) -> Offer | None:
    """Return the forecaster to begin with: a model that was made for this, else ETAS if that takes seconds.

    Args:
        found: all that there are; None is returned if none of them can be used.
    """
    usable = {offer.name: offer for offer in found if not offer.reason}
    models = [offer for offer in usable.values() if offer.is_made_for_it]
    if models:
        return models[0]
    return usable.get(ETAS if is_affordable(catalogue, choices) else RECENT)


def is_affordable(catalogue: Catalogue, choices: Choices) -> bool:
    """Return whether ETAS is fitted without being asked for."""
    return len(catalogue.above(choices.magnitude - BELOW_TARGET)) <= AFFORDABLE


def prepare(
    wanted: Offer,
    catalogue: Catalogue,
    choices: Choices,
    known: Prepared | None = None,
    progress: Progress = Progress(),
) -> Prepared:
    """Make a forecaster, then smoothed seismicity and ETAS with the same cells, and score all of them.

    A learned forecast brings the ETAS forecast that it begins with, and is compared with that. What is ready is
    published step by step, so that a forecast is seen before it is scored, and before ETAS is fitted.

    Args:
        known: made before with the same cells; nothing in it is made again.

    Raises:
        QuakeViewError: if the model is damaged, or there is too little to fit to.
        Cancelled: through ``progress``.
    """
    ready = known or Prepared()
    if any(wanted.name in _inside(each) for each in ready.forecasters.values()):
        ready = Prepared()  # a person who chooses ETAS means one of this catalogue
    fitting = fitting_of(catalogue, choices)
    steps = [wanted, reference(SMOOTHED, choices)]
    if is_affordable(catalogue, choices):
        steps.append(reference(ETAS, choices))
    for number, offer in enumerate(steps):
        part = progress.part(number, number + 0.7, len(steps))
        if offer.name not in ready.forecasters:
            made = offer.make(fitting, part)
            if number == 0:
                fitting = replace(fitting, grid=made.grid)
                ready = ready if ready.grid == made.grid else Prepared()
            ready = replace(ready, forecasters={**ready.forecasters, offer.name: made, **_inside(made)})
            progress.publish(ready)
        elif number == 0:
            fitting = replace(fitting, grid=ready.forecasters[offer.name].grid)
        if number:
            part = progress.part(number + 0.7, number + 1, len(steps))
            scored = worth(list(ready.forecasters.values()), fitting.catalogue, ready.worth, part)
            ready = replace(ready, worth=scored)
            progress.publish(ready)
    return ready


def _inside(forecaster: SeismicityForecaster) -> dict[str, SeismicityForecaster]:
    """What a learned forecast multiplies, by its name."""
    return {forecaster.reference.name: forecaster.reference} if isinstance(forecaster, LearnedForecast) else {}
