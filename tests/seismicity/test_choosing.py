"""Which forecasters can be used for a catalogue, and what they were worth."""

from pathlib import Path

import numpy as np
import pytest

from quakeview import cli
from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.choices import Choices, days_of
from quakeview.seismicity.choosing import Worth, fitting_of, held_out, magnitude_of_models, offers, reference, worth
from quakeview.seismicity.forecasting import SeismicityForecaster
from quakeview.seismicity.gain import DailyScore, gain, score
from quakeview.seismicity.learned.network import MLP
from quakeview.seismicity.model_folder import card_of, save
from quakeview.seismicity.reading.writing import write_catalogue
from quakeview.seismicity.references import ETAS, RECENT, SMOOTHED, UNIFORM, Fitting
from quakeview.seismicity.windows import PAPER
from tests.seismicity.catalogues import FIRST, clustered, scattered
from tests.seismicity.learned.test_forecaster import forecast as learned_forecast

DAYS = 700


def fitted(name: str, fitting: Fitting) -> SeismicityForecaster:
    return reference(name, Choices()).make(fitting)


def test_references_know_nothing_of_the_days_they_are_scored_on() -> None:
    catalogue = clustered(DAYS)
    first, last = held_out(catalogue)
    assert last == days_of(catalogue)[1]
    assert last - first == pytest.approx(0.3 * DAYS, abs=5)
    fitting = fitting_of(catalogue, Choices())
    changed = Catalogue.of(
        *(getattr(catalogue, name) for name in ("time", "latitude", "longitude")),
        np.where(catalogue.time >= first * 86400, catalogue.magnitude + 0.5, catalogue.magnitude),
    )
    assert fitting.last == first
    for name in (UNIFORM, SMOOTHED, RECENT):
        one = fitted(name, fitting)
        other = fitted(name, fitting_of(changed, Choices(), fitting.grid))
        assert one.trained_days == (fitting.first, fitting.last)
        assert np.array_equal(
            next(iter(one.expected(catalogue, [first - 5]))), next(iter(other.expected(changed, [first - 5])))
        )


def test_the_worth_of_forecasts() -> None:
    catalogue = clustered(DAYS)
    fitting = fitting_of(catalogue, Choices())
    forecasters = [fitted(name, fitting) for name in (UNIFORM, SMOOTHED, RECENT)]
    found = worth(forecasters, catalogue)
    first, last = held_out(catalogue)
    days = range(first - 1, last - 1)
    directly = gain(score(forecasters[2], catalogue, days), score(forecasters[1], catalogue, days))
    assert found.gain(RECENT, SMOOTHED) == directly
    assert directly.low > 0
    said = found.sentence(RECENT)
    assert f"{directly.value:+.2f} [{directly.low:.2f}, {directly.high:.2f}] nats per earthquake" in said
    assert "over smoothed seismicity (what came was" in said
    assert "times as likely" in said
    cumulative = found.cumulative(RECENT, SMOOTHED)
    assert cumulative is not None
    observed = found.scores[RECENT].observed.sum()
    assert cumulative[1][-1] / observed == pytest.approx(directly.value)
    assert found.gain(ETAS, SMOOTHED) is None
    assert "not scored yet" in found.sentence(ETAS)
    assert "what others are compared with" in found.sentence(SMOOTHED)


def test_scores_are_not_computed_twice() -> None:
    catalogue = clustered(DAYS)
    flat = fitted(UNIFORM, fitting_of(catalogue, Choices()))
    once = worth([flat], catalogue)
    assert worth([flat], catalogue, once).scores[UNIFORM] is once.scores[UNIFORM]
    stopped = Progress()
    stopped.cancel()
    with pytest.raises(Cancelled):
        worth([flat], catalogue, progress=stopped)


def test_what_saw_all_days_has_no_score() -> None:
    catalogue = clustered(DAYS)
    fitting = fitting_of(catalogue, Choices())
    all_days = type(fitting)(
        fitting.catalogue, fitting.grid, fitting.magnitude, fitting.first, days_of(catalogue)[1], fitting.window
    )
    found = worth([fitted(UNIFORM, all_days)], catalogue)
    assert not found.scores
    assert "cannot be scored on this catalogue" in found.sentence(UNIFORM)


def test_too_few_earthquakes_are_why_nothing_can_be_fitted() -> None:
    found = [offer for offer in offers(scattered(30, 300), Choices()) if offer.folder is None]
    assert [offer.name for offer in found] == [ETAS, RECENT, SMOOTHED, UNIFORM]
    assert all("nothing to learn from" in offer.reason for offer in found)
    assert "choose a lower magnitude" in offers(scattered(30, 300), Choices(magnitude=9.5))[-1].reason


def test_models_are_offered_where_they_were_made_for(user_models: Path) -> None:
    catalogue = clustered(DAYS)
    fitting = fitting_of(catalogue, Choices())
    save(fitted(SMOOTHED, fitting), user_models / "Honshu", card_of(fitting, "Honshu", "a test"))
    model = next(offer for offer in offers(catalogue, Choices()) if offer.name == "Honshu")
    assert model.reason == ""
    assert model.is_made_for_it
    part = catalogue.where(catalogue.latitude < 36.0)  # a quarter of the cells
    small = next(offer for offer in offers(part, Choices()) if offer.name == "Honshu")
    assert not small.is_made_for_it
    assert f"{small.covered:.0%} of its cells are covered here" in small.about
    assert small.covered == pytest.approx(0.25, abs=0.12)
    assert "fitted on 1998" in model.about
    made = model.make(fitting)
    assert made.name == "Honshu"
    assert made.trained_days == (fitting.first, fitting.last)
    for choices, why in (
        (Choices(magnitude=5.0), "choose that magnitude"),
        (Choices(window=PAPER), "choose these days"),
    ):
        assert why in next(offer for offer in offers(catalogue, choices) if offer.name == "Honshu").reason
    assert magnitude_of_models(catalogue, Choices(magnitude=4.7)) == 4.5
    assert magnitude_of_models(part, Choices(magnitude=4.7)) is None
    assert magnitude_of_models(catalogue, Choices(magnitude=5.0)) is None
    far = Catalogue.of(catalogue.time, catalogue.latitude - 60, catalogue.longitude, catalogue.magnitude)
    assert (
        "made for another region: 0%"
        in next(offer for offer in offers(far, Choices()) if offer.name == "Honshu").reason
    )
    (user_models / "Honshu" / "model.safetensors").unlink()
    with pytest.raises(QuakeViewError, match="get the model again"):
        model.make(fitting)


@pytest.mark.parametrize(
    ("days", "least", "why"),
    [
        (1100, 4.5, ""),
        (1100, 5.0, "told of earthquakes from magnitude 4.5 on, and this catalogue begins with 5"),
        (700, 4.5, "told of 1,000 days of earthquakes, and this catalogue has 704."),
    ],
)
def test_a_learned_forecast_has_to_be_told_enough(
    user_models: Path, tmp_path: Path, days: int, least: float, why: str
) -> None:
    save(learned_forecast(MLP), user_models / "mine", {"name": "mine", "task": "seismicity", "system": "S"})
    found = offers(clustered(days).above(least), Choices())
    offer = next(each for each in found if each.name == "mine")
    assert why in offer.reason
    assert bool(why) == bool(offer.reason)
    write_catalogue(clustered(days).above(least), tmp_path / "known.csv")
    command = ["seismicity", "forecast", str(tmp_path / "known.csv"), "--model", "mine"]
    assert cli.main(command) == (1 if why else 0)


def test_etas_is_fitted_by_its_name() -> None:
    fitting = fitting_of(clustered(DAYS), Choices())
    assert fitted(ETAS, fitting).name == ETAS
    assert fitting.last > FIRST


def test_from_few_days_no_interval_is_told() -> None:
    days, came = np.arange(90), np.ones(90, np.int64)
    scores = {
        name: DailyScore(name, days, np.full(90, likelihood), np.ones(90), came)
        for name, likelihood in ((SMOOTHED, -2.0), (RECENT, -1.5))
    }
    few = Worth(4.5, 0, 90, scores)
    assert few.gain_text(RECENT, SMOOTHED) == "+0.50"
    assert "gained +0.50 nats per earthquake over smoothed seismicity (how sure that is cannot be told" in few.sentence(
        RECENT
    )
