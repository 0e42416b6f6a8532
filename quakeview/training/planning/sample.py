"""The first run that anybody can make: the shipped picker learns the ways of the sample records."""

from pathlib import Path

from quakeview.training.planning.plan import TrainingPlan
from quakeview.training.record_config import DataConfig, SourceConfig
from quakeview.training.samples import sample_records

SHIPPED_PICKER = "SeisMoLLM-S"
_RECORDS = 212


def sample_plan() -> TrainingPlan:
    """Fine-tune the shipped picker on the sample records, with suggested settings; the name is still to be chosen."""
    return fine_tuning_plan("", sample_records(), _RECORDS)


def fine_tuning_plan(name: str, records: Path, number: int, model: str = SHIPPED_PICKER) -> TrainingPlan:
    """Fine-tune a picker on the ``train`` records of a data set in SeisBench layout; its ``dev`` ones choose the step.

    Args:
        number: of records to learn from.
    """
    own = SourceConfig("seisbench", records, split="train")
    data = DataConfig((own,), SourceConfig("seisbench", records, split="dev"))
    return TrainingPlan("picking", name, data, {"init": model}, records=number)
