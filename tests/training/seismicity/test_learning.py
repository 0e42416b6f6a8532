import json
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import torch

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.forecasting import KeptForecaster
from quakeview.seismicity.gain import gain, score
from quakeview.seismicity.learned.forecaster import LearnedForecast
from quakeview.seismicity.model_folder import load_forecaster
from quakeview.training.config import read_run
from quakeview.training.engine import RunResult, train
from quakeview.training.seismicity.data import REFERENCE
from quakeview.training.seismicity.learning import SeismicityTask
from tests.training.seismicity.catalogue_runs import TEST, VALIDATION, before, sequences, write_run

CATALOGUE = sequences()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    folder = tmp_path_factory.mktemp("sequences")
    return train(read_run(write_run(folder, CATALOGUE, steps=150, form="gated", reference="smoothed seismicity")))


def forecast(result: RunResult) -> LearnedForecast:
    assert result.model_folder is not None
    made = load_forecaster(result.model_folder)
    assert isinstance(made, LearnedForecast)
    return made


def test_a_network_learns_what_the_reference_leaves_out(trained: RunResult) -> None:
    """Of what happened lately smoothed seismicity knows nothing; a network does, also on days it has never seen."""
    made = forecast(trained)
    assert trained.scores["gain"] > 0.3
    days = range(TEST - 1, TEST + 148)
    learned, reference = (score(each, CATALOGUE, days) for each in (made, made.reference))
    assert gain(learned, reference).low > 0.3


def test_the_samples_of_validation_say_what_all_cells_would(trained: RunResult) -> None:
    made = forecast(trained)
    days = range(VALIDATION - 1, TEST - 1)
    whole = gain(score(made, CATALOGUE, days), score(made.reference, CATALOGUE, days)).value
    assert trained.scores["gain"] == pytest.approx(whole, abs=0.03)


def test_the_days_of_the_test_change_nothing_that_training_makes(tmp_path: Path) -> None:
    """Neither that they have other earthquakes, nor that they have none: not a bit of the model, nor of its scores."""
    others = sequences(seed=5).between(TEST * DAY, np.inf)
    early = before(CATALOGUE, TEST)
    other = Catalogue.of(
        np.concatenate((early.time, others.time)),
        np.concatenate((early.latitude, others.latitude)),
        np.concatenate((early.longitude, others.longitude)),
        np.concatenate((early.magnitude, others.magnitude)),
    )
    results = [
        train(read_run(write_run(tmp_path / str(number), each)))
        for number, each in enumerate((CATALOGUE, other, early))
    ]
    weights = [(result.model_folder / "model.safetensors").read_bytes() for result in results if result.model_folder]
    assert len(weights) == 3
    assert weights[0] == weights[1] == weights[2]
    assert results[0].scores == results[1].scores == results[2].scores


def test_a_resumed_run_makes_the_same_model_and_fits_no_reference_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stop(Progress):
        def on_publish(self, partial: dict[str, object]) -> None:
            if partial["event"] == "train":
                self.cancel()

    whole = train(read_run(write_run(tmp_path / "whole", CATALOGUE)))
    run = read_run(write_run(tmp_path / "stopped", CATALOGUE))
    assert train(run, Stop()).reason == "stopped"
    monkeypatch.setattr("quakeview.training.seismicity.data.MAKERS", {})
    resumed = train(run, resume=True)
    one, other = (
        torch.from_numpy(np.concatenate([a.ravel() for a in forecast(each).parts().arrays.values()]))
        for each in (whole, resumed)
    )
    torch.testing.assert_close(one, other, rtol=0, atol=0)


def test_another_catalogue_in_the_same_folder_is_fitted_anew(tmp_path: Path) -> None:
    first = SeismicityTask(read_run(write_run(tmp_path, CATALOGUE)))
    second = SeismicityTask(read_run(write_run(tmp_path, sequences(seed=3))))
    assert (tmp_path / "run" / REFERENCE / "config.json").exists()
    one, other = (cast(KeptForecaster, task.reference).parts().arrays["weights"] for task in (first, second))
    assert not np.array_equal(one, other)


def test_before_the_first_step_a_network_says_what_its_reference_says(tmp_path: Path) -> None:
    task = SeismicityTask(read_run(write_run(tmp_path, CATALOGUE, form="gated")))
    with torch.inference_mode():
        scores = task.validate(task.build_model().eval(), torch.device("cpu"), Progress())
    assert scores["gain"] == 0
    assert scores["expected"] == scores["reference_expected"]


def test_the_card_says_where_the_catalogue_is_from_and_what_was_learnt(trained: RunResult) -> None:
    assert trained.model_folder is not None
    card = json.loads((trained.model_folder / "config.json").read_text())["card"]
    assert (card["system"], card["task"], card["members"]) == ("HierarchicalQuake", "seismicity", 2)
    assert "of magnitude 4.5 and more" in card["trained_on"]
    assert "catalogue.csv (drawn by a test)" in card["trained_on"]


def test_members_share_the_days_of_a_batch(tmp_path: Path) -> None:
    """Each member sees every day once before any of them again, in an order of its own."""
    task = SeismicityTask(read_run(write_run(tmp_path, CATALOGUE)))
    days = len(task.data.training_days)
    seen = [task.names(step, 64, 0, 1) for step in range(days // 32)]
    first, second = ([name for names in seen for name in names[member::2]] for member in (0, 1))
    assert len(set(first)) == len(first)
    assert first != second


def test_batches_must_be_for_all_members(tmp_path: Path) -> None:
    run = read_run(write_run(tmp_path, CATALOGUE))
    odd = replace(run, training=replace(run.training, batch_size=7))
    with pytest.raises(QuakeViewError, match="multiple of the 2 members"):
        SeismicityTask(odd)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"validation_from": "1997-07-20", "test_from": "1997-07-25"}, "farther apart"),
        ({"train_from": "last year"}, "no date"),
        ({"input_magnitude": 5.0}, "must not be above"),
        ({"magnitude": 8.9}, "nothing to learn"),
        ({"catalogue": "absent.csv"}, "absent.csv"),
    ],
)
def test_what_cannot_be_learnt_from_is_a_sentence(tmp_path: Path, changed: dict[str, object], said: str) -> None:
    run = read_run(write_run(tmp_path, CATALOGUE))
    with pytest.raises(QuakeViewError, match=said):
        SeismicityTask(replace(run, data={**run.data, **changed}))


def test_preparing_can_be_cancelled(tmp_path: Path) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        SeismicityTask(read_run(write_run(tmp_path, CATALOGUE)), progress)
