"""A trial of some seconds says what a run will cost, in a process of its own that can be cancelled."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.monitoring.seismollm import SeisMoLLM
from quakeview.monitoring.seismollm_folder import save_model
from quakeview.training.config import TrainingConfig, read_run
from quakeview.training.planning.estimate import Estimate, estimate, from_trial
from quakeview.training.planning.plan import TrainingPlan
from quakeview.training.planning.trial import try_run
from quakeview.training.record_config import DataConfig, SourceConfig
from tests.training.waveform_files import write_seisbench

FIGURES = {
    "seconds_per_step": 0.5,
    "data_wait": 0.05,
    "seconds_to_begin": 4.0,
    "seconds_per_validation": 10.0,
    "memory": 800_000_000,
    "checkpoint": 30_000_000,
    "model": 10_000_000,
}
TINY = {"conv_channels": [4, 4, 4, 4], "head_channels": [4, 4, 4, 4], "n_layers": 1, "n_heads": 2, "n_positions": 32}
SIZES = {key: tuple(value) if isinstance(value, list) else value for key, value in TINY.items()} | {
    "window_samples": 1024,
    "lora_rank": 0,
}


def planned(folder: Path, **settings: object) -> TrainingPlan:
    data = DataConfig(
        (SourceConfig("seisbench", folder, split="train"),), SourceConfig("seisbench", folder, split="dev")
    )
    training = TrainingConfig(**{"max_minutes": 10.0, "validate_every": 100, "batch_size": 4, "workers": 0} | settings)  # type: ignore[arg-type]
    return TrainingPlan("picking", "Tiny", data, {**TINY, "window_samples": 1024}, training)


def test_the_cost_of_a_run_follows_from_steps_and_validations(tmp_path: Path) -> None:
    found = from_trial(FIGURES, replace(planned(tmp_path), records=500), free=10**9)
    assert found.steps == 1000  # a step and its part of a validation take 0.6 s
    assert found.validations == 11
    assert found.seconds == pytest.approx(4 + 1000 * 0.5 + 11 * 10)
    assert found.disk == 70_000_000
    assert found.examples_per_record == 8
    assert found.cautions() == []
    by_steps = from_trial(FIGURES, planned(tmp_path, max_steps=50), free=10**9)
    assert by_steps.steps == 50
    assert ("Time", "39 s, 50 steps of 0.5 s") in by_steps.rows()


@pytest.mark.parametrize(
    ("figures", "settings", "free", "sentence"),
    [
        ({}, {"max_steps": 50}, 10**9, "50 steps only"),
        ({}, {"validate_every": 5000}, 10**9, "scored only once"),
        ({}, {}, 10**6, "disk has too little room"),
        ({"data_wait": 0.4}, {}, 10**9, "waits for data 40 % of the time"),
    ],
)
def test_what_may_be_wrong_is_said(
    tmp_path: Path, figures: dict[str, float], settings: dict[str, int], free: int, sentence: str
) -> None:
    found = from_trial(FIGURES | figures, planned(tmp_path, **settings), free)
    assert any(sentence in caution for caution in found.cautions())


def test_a_trial_beside_another_run_says_so(tmp_path: Path) -> None:
    found = replace(from_trial(FIGURES, planned(tmp_path), 10**9), beside_another=True)
    assert found.cautions() == ["Another run is training on this computer; alone, this one takes less time."]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_seisbench(tmp_path_factory.mktemp("trial") / "records")


def test_a_trial_measures_and_keeps_nothing(records: Path, tmp_path: Path) -> None:
    plan = replace(planned(records), name="", records=8)
    found = estimate(plan, tmp_path / "runs", seconds=3)
    assert isinstance(found, Estimate)
    assert found.steps > 0
    assert found.memory > 100_000_000
    assert 0 < found.disk < 100_000_000
    assert found.data == sum(path.stat().st_size for path in records.iterdir())
    assert not list(tmp_path.iterdir())


def test_however_short_a_trial_is_it_makes_a_step(records: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    save_model(folder, SeisMoLLM(SeisMoLLMConfig("picking", **SIZES)), {"name": "Tiny"})
    found = try_run(read_run(_written(replace(planned(records), model={"init": str(folder)}), tmp_path)), seconds=0.2)
    assert found.steps >= 1
    assert found.seconds_per_validation > 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda plan, records: replace(plan, data=replace(plan.data, fraction=0.1)), ""),
        (lambda plan, records: _with_split(plan, "nowhere"), "No labelled record of .* is left"),
        (lambda plan, records: _moved(plan, records), "cannot be read; check the path"),
    ],
)
def test_what_is_wrong_with_the_data_is_said_by_the_trial(
    records: Path, tmp_path: Path, change: Callable[[TrainingPlan, Path], TrainingPlan], sentence: str
) -> None:
    plan = change(planned(records), records)
    if not sentence:
        assert estimate(plan, tmp_path, seconds=1).steps > 0
        return
    with pytest.raises(QuakeViewError, match=sentence):
        estimate(plan, tmp_path, seconds=1)


def test_a_trial_is_cancelled_at_once(records: Path, tmp_path: Path) -> None:
    progress = Progress()
    threading.Timer(0.5, progress.cancel).start()
    with pytest.raises(Cancelled):
        estimate(planned(records), tmp_path, seconds=600, progress=progress)


def _written(plan: TrainingPlan, folder: Path) -> Path:
    path = folder / "run.toml"
    path.write_text(plan.run_toml(), "utf-8")
    return path


def _with_split(plan: TrainingPlan, split: str) -> TrainingPlan:
    assert isinstance(plan.data, DataConfig)
    [source] = plan.data.sources
    return replace(plan, data=replace(plan.data, sources=(replace(source, split=split),)))


def _moved(plan: TrainingPlan, records: Path) -> TrainingPlan:
    assert isinstance(plan.data, DataConfig)
    return replace(plan, data=replace(plan.data, validation=replace(plan.data.validation, path=records / "gone")))
