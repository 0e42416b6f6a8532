"""Every run file that the wizard can make is read, and its task is made from it on small data."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.monitoring.seismollm import SeisMoLLM
from quakeview.monitoring.seismollm_folder import save_model
from quakeview.seismicity.catalogue import date_of
from quakeview.training.config import read_run
from quakeview.training.forecaster_config import DataConfig as ForecasterData
from quakeview.training.forecaster_config import PoolConfig, WindowConfig
from quakeview.training.planning.goals import GOALS, Goal
from quakeview.training.planning.model_choice import Way, choice_of, ways
from quakeview.training.planning.plan import TrainingPlan
from quakeview.training.record_config import DataConfig, SourceConfig
from quakeview.training.seismicity.config import DataConfig as CatalogueConfig
from quakeview.training.tasks import make_task
from tests.single_station.test_network import TINY
from tests.training.seismicity.catalogue_runs import TEST, TRAIN, VALIDATION, sequences, write_catalogue
from tests.training.test_forecasting import PLACES, write_set
from tests.training.waveform_files import write_seisbench

NETWORK = {"conv_channels": [4, 4, 4, 4], "head_channels": [4, 4, 4, 4], "n_heads": 2, "n_positions": 64}
"""In place of the sizes that a choice has: nothing of it is trained here."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plans")
    write_seisbench(folder / "records")
    write_set(folder / "library", "train", PLACES)
    write_set(folder / "validation", "validation", PLACES[1:2])
    save_model(folder / "picker", SeisMoLLM(TINY), {"name": "picker"})
    write_catalogue(folder / "catalogue.csv", sequences())
    return folder


def data_for(goal: Goal, folder: Path) -> Any:
    if goal.is_seismicity:
        dates = (date_of(day) for day in (TRAIN, VALIDATION, TEST))
        return CatalogueConfig(folder / "catalogue.csv", 4.5, *dates)
    if goal.is_wavefield:
        windows = WindowConfig(input_frames=20, steps=4, dense=1.0 if goal.id == "wavefield" else 0.5)
        pool = PoolConfig(folder / "pool.npy", points=6, ruptures=0)
        return ForecasterData(folder / "library", folder / "validation", pool, windows)
    own = SourceConfig("seisbench", folder / "records", split="train")
    return DataConfig((own,), replace(own, split="dev"), fraction=0.5)


@pytest.mark.parametrize(
    ("goal", "way"),
    [(goal, way) for goal in GOALS for way in ways(goal) if way is not Way.GPT2],
    ids=lambda value: getattr(value, "id", value),
)
def test_the_task_of_every_plan_is_made(folder: Path, tmp_path: Path, goal: Goal, way: Way) -> None:
    if way is Way.TUNE:
        start = folder / goal.id
        if goal.is_wavefield:
            start.mkdir()
            (start / "config.json").write_text('{"network": {"channels": 8, "cell": "ConvGRU", "step": 5}}')
        elif not goal.trunk:
            save_model(start, SeisMoLLM(SeisMoLLMConfig(goal.task, **_sizes())), {"name": goal.id})
        table: dict[str, Any] = {"init": str(start)}
    elif way is Way.TRUNK:
        table = {"trunk": str(folder / "picker")}
    else:
        chosen = replace(choice_of(goal, {}), way=way)
        table = chosen.table(goal) | (NETWORK if goal.is_of_records else {})
    path = tmp_path / "run.toml"
    path.write_text(TrainingPlan(goal.id, "Mine", data_for(goal, folder), table).run_toml(), "utf-8")
    run = read_run(path)
    assert run.task == goal.task
    assert make_task(run).selecting in ("score", "skill", "gain")


def _sizes() -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in NETWORK.items()} | {
        "n_layers": 1,
        "lora_rank": 0,
        "window_samples": 1024,
    }
