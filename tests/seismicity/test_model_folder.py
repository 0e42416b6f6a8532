"""Forecasters of seismicity in model folders."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.model_export.exporting import export_model
from quakeview.model_folders import WEIGHTS
from quakeview.model_speed import measure_speed
from quakeview.registry import SEISMICITY, available_models, choose_model, chosen_model, read_card
from quakeview.seismicity.etas import EtasForecast, Triggering
from quakeview.seismicity.forecasting import SeismicityForecaster
from quakeview.seismicity.model_folder import card_of, load_forecaster, save
from quakeview.seismicity.references import Fitting, smoothed_recent, smoothed_seismicity, uniform
from quakeview.seismicity.trial import trial_catalogue
from quakeview.seismicity.windows import Window
from tests.seismicity.catalogues import FIRST, box, clustered

LAW = Triggering(reference=4.5, productivity=0.2, alpha=0.7, c=0.02, p=1.15, d=4e3, gamma=0.6, q=1.7)


def fitting() -> Fitting:
    return Fitting(clustered(400), box(50e3), 4.5, FIRST + 10, FIRST + 300, Window(2, 5))


def etas(of: Fitting) -> EtasForecast:
    background = np.random.default_rng(0).random(of.grid.number)
    return EtasForecast(**of.common, name="ETAS", triggering=LAW, background=background, factors=(1.1, 0.9))


@pytest.mark.parametrize("make", [uniform, smoothed_seismicity, smoothed_recent, etas])
def test_a_kept_forecaster_says_the_same(make: Callable[[Fitting], SeismicityForecaster], tmp_path: Path) -> None:
    of = fitting()
    made = make(of)
    save(made, tmp_path, card_of(of, "Mine", "a test"))
    read = load_forecaster(tmp_path)
    assert (read.grid, read.magnitude, read.window) == (of.grid, 4.5, Window(2, 5))
    assert read.trained_days == (FIRST + 10, FIRST + 300)
    assert read.name == "Mine"
    catalogue, day = trial_catalogue(made)
    for ours, theirs in zip(made.expected(catalogue, [day]), read.expected(catalogue, [day]), strict=True):
        assert np.array_equal(ours, theirs)


def test_it_is_among_the_models(tmp_path: Path, user_models: Path) -> None:
    of = fitting()
    save(
        uniform(of),
        user_models / "Mine",
        card_of(of, "Mine", "a test", {"gain": {"value": 0.1, "low": 0.0, "high": 0.2}}),
    )
    card = next(card for card in available_models() if card.name == "Mine")
    assert (card.name, card.system, card.unusable) == ("Mine", "Reference forecast", "")
    assert card.trained_on.endswith("of magnitude 4.5 and more, 1997-05-29 to 1998-03-14, of a test")
    assert card.scored == "gain 0.10 [0.00, 0.20]"
    choose_model(card)
    assert chosen_model(None, SEISMICITY).name == "Mine"
    assert measure_speed(card).lines()[0].startswith("a forecast after 2,000 earthquakes: ")
    exported = export_model(card, "folder", tmp_path / "copy")
    assert exported.difference == 0
    assert read_card(exported.path).name == "Mine"


def test_what_cannot_be_kept_or_read_is_a_sentence(tmp_path: Path) -> None:
    of = fitting()

    class Unknown:
        name, grid, magnitude, window, trained_days = "mine", of.grid, 4.5, of.window, None

        def expected(self, *_: object) -> None: ...

    with pytest.raises(QuakeViewError, match="such as mine cannot be kept"):
        save(Unknown(), tmp_path, {"name": "x"})  # type: ignore[arg-type]
    save(replace(etas(of), background=np.full(3, 1.0)), tmp_path, card_of(of, "Mine", "a test"))
    with pytest.raises(QuakeViewError, match="do not fit"):
        load_forecaster(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    config["forecaster"]["kind"] = "crystal ball"
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(QuakeViewError, match="does not describe a forecaster of seismicity"):
        load_forecaster(tmp_path)
    save(etas(of), tmp_path, card_of(of, "Mine", "a test"))
    (tmp_path / WEIGHTS).write_bytes(b"nothing")
    with pytest.raises(QuakeViewError, match="damaged"):
        load_forecaster(tmp_path)
