"""A plan becomes a run file, comes back from it, and the engine understands it."""

from dataclasses import replace
from pathlib import Path

import pytest

from quakeview.errors import QuakeViewError
from quakeview.training import forecaster_config, record_config
from quakeview.training.config import read_run
from quakeview.training.planning.goals import GOALS, goal_named, suggested_settings
from quakeview.training.planning.plan import Data, TrainingPlan, folder_name
from quakeview.training.record_config import SourceConfig
from quakeview.training.seismicity import config as seismicity_config


def plan_for(goal: str, folder: Path) -> TrainingPlan:
    """A plan whose data are at ``folder``."""
    data: Data
    if goal_named(goal).is_seismicity:
        dates = "1991-01-01", "2014-01-01", "2017-04-06"
        data = seismicity_config.DataConfig(folder / "japan.csv", 4.5, *dates, input_magnitude=4.0, window=(10, 20))
    elif goal_named(goal).is_wavefield:
        windows = forecaster_config.WindowConfig(dense=1.0 if goal == "wavefield" else 0.4)
        pool = forecaster_config.PoolConfig(folder / "pool.npy", points=3)
        data = forecaster_config.DataConfig(folder / "library", folder / "validation", pool, windows)
    else:
        sources = (
            SourceConfig("seisbench", folder / "records", split="train", weight=0.7),
            SourceConfig("seisbench", folder / "more", split="train", only="clean", folds=3, even="event"),
        )
        data = record_config.DataConfig(sources, SourceConfig("seisbench", folder / "records", split="dev"))
    return TrainingPlan(goal, 'My "region" é', data, {"init": str(folder)}, seed=3)


@pytest.mark.parametrize("goal", [goal.id for goal in GOALS])
def test_a_plan_comes_back_from_its_run_file(tmp_path: Path, goal: str) -> None:
    plan = plan_for(goal, tmp_path)
    path = tmp_path / "run.toml"
    path.write_text(plan.run_toml(), "utf-8")
    assert read_run(path).folder == (tmp_path / folder_name(plan.name)).resolve()
    back = TrainingPlan.from_run_toml(path)
    assert back == replace(plan, settings=plan.training)
    assert back.run_toml() == plan.run_toml()


def test_an_unknown_key_is_told_with_where_it_may_come_from(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text(plan_for("picking", tmp_path).run_toml().replace("[training]", "[training]\nmagic = 1"))
    with pytest.raises(QuakeViewError, match=r"'magic' in \[training\] .*newer QuakeView"):
        TrainingPlan.from_run_toml(path)
    path.write_text(plan_for("picking", tmp_path).run_toml().replace('"picking"', '"guessing"'))
    with pytest.raises(QuakeViewError, match="no goal with the task 'guessing'"):
        TrainingPlan.from_run_toml(path)


def test_another_goal_keeps_the_data_that_it_can_learn_from(tmp_path: Path) -> None:
    plan = replace(plan_for("picking", tmp_path), records=900)
    polarity = plan.with_goal("polarity")
    assert (polarity.data, polarity.records, polarity.model) == (plan.data, 900, {})
    noise = replace(plan.data, sources=(SourceConfig("noise", tmp_path),))  # type: ignore[type-var]
    assert replace(plan, data=noise).with_goal("polarity").data is None
    assert plan.with_goal("wavefield").data is None
    assert plan.with_goal("seismicity").data is None
    dense = plan_for("stations", tmp_path).with_goal("wavefield").data
    assert isinstance(dense, forecaster_config.DataConfig)
    assert dense.windows.dense == 1


def test_a_plan_without_data_or_name_says_so(tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match="no data"):
        TrainingPlan(name="Mine").run_toml()
    with pytest.raises(QuakeViewError, match="no name"):
        replace(plan_for("picking", tmp_path), name=" ").run_toml()


def test_more_records_are_learnt_from_in_more_steps() -> None:
    picking = goal_named("picking")
    few = suggested_settings(picking, True, 200).max_steps
    assert few is not None
    assert few <= 150  # two thirds of a second each on one core: under five minutes with the validations
    assert few < suggested_settings(picking, True, 5000).max_steps  # type: ignore[operator]
    assert suggested_settings(picking, True).learning_rate < suggested_settings(picking, False).learning_rate


@pytest.mark.parametrize(
    ("name", "folder"), [("Picker of Gräfenberg", "Picker-of-Gräfenberg"), ("a/b: c", "a-b-c"), ("..", "run")]
)
def test_a_name_becomes_that_of_a_folder(name: str, folder: str) -> None:
    assert folder_name(name) == folder
