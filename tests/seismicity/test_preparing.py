"""A forecaster made ready together with what it is compared with."""

from pathlib import Path
from typing import Any

import pytest

from quakeview.jobs import Progress
from quakeview.seismicity import preparing
from quakeview.seismicity.choices import Choices
from quakeview.seismicity.choosing import fitting_of, offers, reference
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.learned.network import MLP
from quakeview.seismicity.model_folder import card_of, save
from quakeview.seismicity.preparing import Prepared, first_choice, prepare
from quakeview.seismicity.references import ETAS, RECENT, SMOOTHED
from tests.seismicity.catalogues import clustered
from tests.seismicity.learned.test_forecaster import REFERENCE
from tests.seismicity.learned.test_forecaster import forecast as learned_forecast

CHOICES = Choices()


class Published(Progress):
    def __init__(self) -> None:
        super().__init__()
        self.all: list[Prepared] = []

    def on_publish(self, partial: Any) -> None:
        self.all.append(partial)


def test_a_forecast_comes_before_its_score_and_before_etas() -> None:
    catalogue, progress = clustered(700), Published()
    ready = prepare(reference(RECENT, CHOICES), catalogue, CHOICES, progress=progress)
    assert [list(each.forecasters) for each in progress.all] == [
        [RECENT],
        [RECENT, SMOOTHED],
        [RECENT, SMOOTHED],
        [RECENT, SMOOTHED, ETAS],
        [RECENT, SMOOTHED, ETAS],
    ]
    assert progress.all[1].worth is None
    assert progress.all[2].worth is not None
    assert ready.worth is not None
    assert set(ready.worth.scores) == {RECENT, SMOOTHED, ETAS}
    assert ready.long_term is ready.forecasters[SMOOTHED]
    assert "over ETAS" in ready.worth.sentence(RECENT)
    again = Published()
    assert prepare(reference(RECENT, CHOICES), catalogue, CHOICES, ready, again).forecasters == ready.forecasters
    assert [list(each.forecasters) for each in again.all] == [[RECENT, SMOOTHED, ETAS]] * 2


def test_etas_waits_to_be_asked_for_where_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "AFFORDABLE", 10)
    catalogue = clustered(700)
    ready = prepare(reference(RECENT, CHOICES), catalogue, CHOICES)
    assert list(ready.forecasters) == [RECENT, SMOOTHED]
    chosen = first_choice(offers(catalogue, CHOICES), catalogue, CHOICES)
    assert chosen is not None
    assert chosen.name == RECENT


def test_a_model_is_compared_on_its_own_cells(user_models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "AFFORDABLE", 10)
    catalogue = clustered(700)
    wide = CellGrid.around([34.8, 39.2], [137.8, 142.2], 50e3)
    fitting = fitting_of(catalogue, CHOICES, wide)
    save(reference(RECENT, CHOICES).make(fitting), user_models / "Wide", card_of(fitting, "Wide", "a test"))
    found = offers(catalogue, CHOICES)
    chosen = first_choice([each for each in found if each.name in ("Wide", RECENT)], catalogue, CHOICES)
    assert chosen is not None
    assert chosen.name == "Wide"
    before = prepare(reference(SMOOTHED, CHOICES), catalogue, CHOICES)
    ready = prepare(chosen, catalogue, CHOICES, before)
    assert ready.grid == wide
    assert [each.grid for each in ready.forecasters.values()] == [wide, wide]


def test_a_learned_forecast_is_compared_with_the_one_it_begins_with(
    user_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "AFFORDABLE", 10)
    catalogue = clustered(700)
    save(learned_forecast(MLP), user_models / "mine", {"name": "mine", "task": "seismicity", "system": "S"})
    offer = next(each for each in offers(catalogue, CHOICES) if each.name == "mine")
    ready = prepare(offer, catalogue, CHOICES)
    assert set(ready.forecasters) == {"mine", RECENT, SMOOTHED}
    inside = ready.forecasters[RECENT]
    assert inside.trained_days == REFERENCE.trained_days
    assert ready.worth is not None
    assert ready.worth.gain("mine", RECENT) is not None
    asked_for = prepare(reference(RECENT, CHOICES), catalogue, CHOICES, ready).forecasters[RECENT]
    assert asked_for.trained_days != inside.trained_days  # fitted to this catalogue


def test_there_may_be_nothing_to_begin_with() -> None:
    catalogue = clustered(700)
    choices = Choices(magnitude=9.0)
    assert first_choice(offers(catalogue, choices), catalogue, choices) is None
