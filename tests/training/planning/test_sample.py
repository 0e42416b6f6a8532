from dataclasses import replace
from pathlib import Path

from quakeview.training.config import read_run
from quakeview.training.datasets import open_seisbench
from quakeview.training.planning.plan import TrainingPlan
from quakeview.training.planning.sample import sample_plan
from quakeview.training.samples import sample_records


def test_the_sample_can_be_trained_on_at_once(tmp_path: Path) -> None:
    plan = replace(sample_plan(), name="Mine")
    path = tmp_path / "run.toml"
    path.write_text(plan.run_toml(), "utf-8")
    assert TrainingPlan.from_run_toml(path).data == plan.data
    assert read_run(path).model == {"init": "SeisMoLLM-S"}


def test_its_settings_are_for_the_records_that_there_are() -> None:
    records = open_seisbench(sample_records(), 100.0)
    assert sample_plan().records == sum(row["split"] == "train" for row in records.rows)
    assert all(source.split != "test" for source in (*sample_plan().data.sources, sample_plan().data.validation))
