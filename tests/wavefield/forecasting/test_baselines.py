"""A forecast beside the simple baselines that were given the same input."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.wavefield.forecasting import baselines
from quakeview.wavefield.forecasting.baselines import (
    FORECAST,
    NEAREST,
    PERSISTENCE,
    RIDGE,
    baseline_names,
    fits,
    score_column,
    training_events,
)
from quakeview.wavefield.forecasting.reference import RELATION, Library
from quakeview.wavefield.forecasting.scores import score
from quakeview.wavefield.scenarios.live import LiveWavefield
from quakeview.wavefield.scenarios.scenario import Scenario
from tests.wavefield.forecasting.fakes import fake_forecast
from tests.wavefield.forecasting.test_reference import INPUT, events, write_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("events"), events())


@pytest.fixture(scope="module")
def truth(folder: Path) -> Scenario:
    return Scenario.open(folder / "event_0.h5")


def test_a_column_has_the_scores_of_the_forecast(truth: Scenario) -> None:
    forecast = fake_forecast(truth, INPUT, noise=0.3)
    column, scores = score_column(FORECAST, truth, forecast), score(truth, forecast)
    assert (column.values["acc"], column.values["rfne"]) == (scores.acc, scores.rfne)
    assert column.values["rfne_z"] == scores.rfne_components[2]
    assert "normalised_acc" not in column.values
    np.testing.assert_array_equal(column.lead_acc, scores.lead_acc)


def test_baselines_know_what_the_forecast_knew(truth: Scenario, folder: Path) -> None:
    forecast, library = fake_forecast(truth, INPUT, noise=0.3), Library.open(folder)
    rfne = {name: score_column(name, truth, forecast, library).values["rfne"] for name in (PERSISTENCE, NEAREST, RIDGE)}
    assert rfne[RIDGE] < 0.05 < 0.5 < rfne[PERSISTENCE]
    relation = score_column(RELATION, truth, forecast).values
    assert relation["pgv_error"] > 0
    assert "acc" not in relation


def test_a_relation_needs_a_magnitude(truth: Scenario) -> None:
    nameless = LiveWavefield(replace(truth.header, magnitude=None))
    for index in range(truth.n_frames):
        nameless.append(index, truth.frame(index))
    with pytest.raises(QuakeViewError, match="needs magnitude"):
        score_column(RELATION, nameless, fake_forecast(nameless, INPUT))
    assert baseline_names(nameless.header, None) == [PERSISTENCE]


def test_training_events_are_found_if_they_are_on_the_same_grid(
    truth: Scenario, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("shipped_models_dir", "user_models_dir"):
        monkeypatch.setattr(baselines, name, lambda: tmp_path)
    with pytest.raises(QuakeViewError, match="no training events on this grid"):
        training_events(truth.header)
    (tmp_path / "Model" / "scenarios").mkdir(parents=True)
    (tmp_path / "Model" / "scenarios" / "library.toml").touch()
    monkeypatch.setattr(baselines, "read_description", lambda path: SimpleNamespace(output=folder))
    library = training_events(truth.header)
    assert len(library.events) == len(events())
    assert baseline_names(truth.header, library) == [PERSISTENCE, NEAREST, RIDGE, RELATION]
    other = replace(truth.header, x=truth.x + 500.0)
    assert not fits(library, other)
    assert baseline_names(other, library) == [PERSISTENCE, RELATION]
