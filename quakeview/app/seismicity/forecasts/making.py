"""Which forecaster is used for the catalogue that is shown: offered, fitted, scored in the background. No widgets."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from quakeview.app.seismicity.state import SeismicityState
from quakeview.app.work.background import Background
from quakeview.app.work.running import JobRunner, RunningJob
from quakeview.jobs import Job, Progress
from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.choices import Choices
from quakeview.seismicity.choosing import Offer, Worth, magnitude_of_models, offers
from quakeview.seismicity.maps.day_forecast import Provenance
from quakeview.seismicity.preparing import Prepared, first_choice, prepare

_KEPT = 6
"""Forecasters made ready that are kept, each with what it was compared with."""


class ForecastMaking(QObject):
    """Offers forecasters for a catalogue and what is to be forecast, and makes one ready: ``state.forecaster``.

    Attributes:
        offers: all there are, with why some cannot be used.
        chosen: name of the one that is used or being made; empty for none.
        problem: why there is no forecast, a sentence; empty if there is, or will be.

    Signals:
        changed: any of these, or what is known of the worth of forecasts.
    """

    changed = Signal()

    def __init__(self, state: SeismicityState, runner: JobRunner) -> None:
        super().__init__()
        self.state = state
        self.offers: list[Offer] = []
        self.chosen = self.problem = ""
        self._runner = runner
        self._ready: dict[tuple[object, ...], Prepared] = {}
        self._shown = Prepared()
        self._said: tuple[Worth, str, str] | None = None
        self._opens = False
        """Whether the catalogue was just opened, so that a model for it may say what is forecast."""
        self._job: RunningJob | None = None
        self._offering = Background("Looking for forecasters")
        self._offering.ready.connect(self._take_offers)
        self._offering.failed.connect(self._fail)
        state.catalogueChanged.connect(self._open)
        state.settingChanged.connect(self._begin)

    @property
    def prepared(self) -> Prepared:
        """The forecaster that is shown, and those that it is compared with."""
        return self._shown

    @property
    def worth(self) -> Worth | None:
        """What they were worth; None while nothing is scored."""
        return self._shown.worth

    @property
    def busy(self) -> bool:
        """Whether a forecaster is being made or scored."""
        return self._offering.busy or (self._job is not None and self._job.active)

    @property
    def provenance(self) -> Provenance | None:
        """Of the forecaster that is shown, with what it is worth."""
        forecaster = self.state.forecaster
        return None if forecaster is None else Provenance.of(forecaster, self.sentence)

    @property
    def sentence(self) -> str:
        """What the forecasts that are shown have been worth, or why there are none."""
        if self.problem:
            return self.problem
        if self.state.forecaster is None:
            return "Forecasters are being fitted…" if self.busy else ""
        name, worth = self.state.forecaster.name, self.worth
        if worth is None or name not in {*worth.scores, *worth.unscored}:
            return f"Forecasts of {name} are {'being scored…' if self.busy else 'not scored yet.'}"
        if self._said is None or self._said[0] is not worth or self._said[1] != name:
            self._said = worth, name, worth.sentence(name)
        return self._said[2]

    def choose(self, name: str) -> None:
        """Use another forecaster; it is fitted, or read, if it is not there yet."""
        offer = next((offer for offer in self.offers if offer.name == name), None)
        if offer is None or offer.reason:
            return
        self._stop()
        self.chosen, self.problem = name, ""
        catalogue, choices = self.state.catalogue, self.state.choices
        known = self._ready.get(self._key(name)) or self._shown
        work = partial(_prepare, offer, catalogue, choices, known)
        job = self._job = self._runner.start(Job(f"Forecasts of {name}", work))
        job.published.connect(partial(self._take, job))
        job.finished.connect(partial(self._take, job))
        job.failed.connect(lambda sentence, _: self._fail(sentence) if job is self._job else None)
        job.ended.connect(self.changed)
        self.changed.emit()

    def shut_down(self) -> None:
        """Make nothing more."""
        self._offering.forget()
        self._stop()

    def _open(self) -> None:
        self._opens = True
        self._begin()

    def _begin(self) -> None:
        """Another catalogue, or something else is to be forecast: nothing that was made holds any more."""
        self._stop()
        self._offering.forget()
        self.offers, self.chosen, self.problem, self._shown = [], "", "", Prepared()
        self.state.use(None)
        if self.state.current is not None:
            self._offering.ask(partial(_offer, self.state.catalogue, self.state.choices))
        self.changed.emit()

    def _take_offers(self, found: tuple[list[Offer], Offer | None, float | None]) -> None:
        self.offers, first, magnitude = found
        opens, self._opens = self._opens, False
        if opens and magnitude is not None and magnitude != self.state.choices.magnitude:
            self.state.choose(magnitude=magnitude)  # which begins anew
            return
        if first is not None:
            self.choose(first.name)
            return
        reasons = [offer.reason for offer in self.offers if offer.folder is None]
        self._fail(reasons[0] if reasons else "There is no forecaster for this catalogue.")

    def _take(self, job: RunningJob, ready: Prepared) -> None:
        """What is ready so far, unless another was chosen meanwhile."""
        if job is not self._job:
            return
        self._shown = self._ready[self._key(self.chosen)] = ready
        while len(self._ready) > _KEPT:
            del self._ready[next(iter(self._ready))]
        self.state.use(ready.forecasters[self.chosen])
        self.changed.emit()

    def _fail(self, sentence: str) -> None:
        self.problem = sentence
        self.changed.emit()

    def _stop(self) -> None:
        if self._job is not None:
            job, self._job = self._job, None
            job.cancel()

    def _key(self, name: str) -> tuple[object, ...]:
        choices = self.state.choices
        return self.state.current, choices.magnitude, choices.cell_size, choices.window, choices.area, name


def _offer(
    catalogue: Catalogue, choices: Choices, progress: Progress
) -> tuple[list[Offer], Offer | None, float | None]:
    """All there are, the one to begin with, and the magnitude that a model for the catalogue forecasts."""
    found = offers(catalogue, choices)
    return found, first_choice(found, catalogue, choices), magnitude_of_models(catalogue, choices)


def _prepare(offer: Offer, catalogue: Catalogue, choices: Choices, known: Prepared, progress: Progress) -> Prepared:
    return prepare(offer, catalogue, choices, known, progress)
