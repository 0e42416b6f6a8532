"""The paper's ablation table, with honest columns beside its own."""

from pathlib import Path

import pytest

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.paths import shipped_models_dir
from quakeview.registry import SEISMICITY
from quakeview.seismicity.catalogue import date_of
from quakeview.seismicity.gain import gain, score
from quakeview.seismicity.model_folder import load_forecaster
from quakeview.seismicity.reading import read_catalogue
from quakeview.toml_files import read_table
from quakeview.training.config import RunConfig
from quakeview.training.engine import train
from quakeview.training.seismicity.ablation import AUC, BRIER, GAIN, PRECISION, TOTAL, measured_days
from quakeview.training.seismicity.data import REFERENCE
from quakeview.training.seismicity.printed import PrintedTask
from quakeview.training.seismicity.printed_config import PAPER, PrintedConfig
from quakeview.training.variant_scores import estimates, measure
from quakeview.training.variants import is_list, planned_runs, read_list
from quakeview.training.variants_command import train_list
from tests.seismicity.catalogues import FIRST, clustered
from tests.training.seismicity.test_printed import DAYS, TEST, run_of

LIST = """
folder = "ablations"
[base]
task = "seismicity"
[base.training]
max_steps = 3
batch_size = 60
workers = 0
validate_every = 3
log_every = 1
device = "cpu"
[base.model]
form = "paper"
embedding = 2
hidden = 4
[base.data]
catalogue = "catalogue.csv"
magnitude = 4.5
train_from = "{train}"
validation_from = "{validation}"
test_from = "{test}"
region = [35.0, 138.0, 39.0, 142.0]
cell_size = 100e3
[[test]]
catalogue = "catalogue.csv"
first = "{test}"
last = "{last}"
[[variants]]
name = "baseline"
model = {{ attention = false, gate = false, memory = false, phases = 1 }}
[[variants]]
name = "all blocks"
"""
LAST = FIRST + DAYS - 1


def held_out(first: int = TEST) -> list[dict[str, str]]:
    return [{"catalogue": "catalogue.csv", "first": date_of(first), "last": date_of(LAST)}]


@pytest.fixture
def trained(tmp_path: Path) -> tuple[PrintedTask, RunConfig, Path]:
    config = run_of(tmp_path, clustered(DAYS), steps=3)
    result = train(config)
    assert result.model_folder is not None
    return PrintedTask(config), config, result.model_folder


def test_its_columns_are_those_of_the_forecasts(trained: tuple[PrintedTask, RunConfig, Path]) -> None:
    task, config, model = trained
    measured = measure(task, config, model, held_out(), Progress())
    found = estimates([measured])
    assert list(found) == [AUC, PRECISION, TOTAL, BRIER, GAIN]
    forecaster = load_forecaster(model)
    reference = load_forecaster(config.folder.parent / REFERENCE)
    catalogue, days = read_catalogue([task.options.catalogue]).catalogue, range(TEST - 1, LAST)
    ours, theirs = (score(each, catalogue, days) for each in (forecaster, reference))
    assert found[GAIN].value == pytest.approx(gain(ours, theirs).value)
    assert 0.2 < found[AUC].value < 0.95
    assert not found[AUC].has_interval
    assert found[TOTAL].value > 10  # what is printed as probabilities
    assert found[BRIER].value > 0.05


def test_days_that_were_learnt_from_are_refused(trained: tuple[PrintedTask, RunConfig, Path]) -> None:
    task, config, model = trained
    for wrong, why in (
        (held_out(TEST - 1), f"must begin on {date_of(TEST)} or later"),
        ([], "one stretch of days"),
    ):
        with pytest.raises(QuakeViewError, match=why):
            measured_days(task, config, model, wrong, Progress())


def test_a_list_of_blocks_is_a_table(tmp_path: Path) -> None:
    run_of(tmp_path, clustered(DAYS))
    path = tmp_path / "list.toml"
    dates = {"train": date_of(FIRST + 10), "validation": date_of(FIRST + 250), "test": date_of(TEST)}
    path.write_text(LIST.format(**dates, last=date_of(LAST)), "utf-8")
    assert is_list(path)
    table = train_list(path, Progress())
    lines = table.splitlines()
    assert lines[0] == f"| Variant | {AUC} | {PRECISION} | {TOTAL} | {BRIER} | {GAIN} |"
    assert [line.split(" | ")[0] for line in lines[2:4]] == ["| baseline", "| all blocks"]
    assert "Left out" not in table
    assert (tmp_path / "ablations" / REFERENCE).is_dir()  # fitted once for all variants


@pytest.mark.parametrize("paper_size", [False, True])
def test_the_shipped_list_names_the_blocks_of_the_paper(paper_size: bool) -> None:
    path = shipped_models_dir() / "HierarchicalQuake-Japan" / "ablations.toml"
    runs = list(planned_runs(read_list(path), path.parent, paper_size))
    assert {run.config.task for run in runs} == {SEISMICITY}
    assert {run.config.model["form"] for run in runs} == {PAPER}
    blocks = [read_table(PrintedConfig, run.config.model, "model", path.parent) for run in runs]
    said = [(each.attention, each.gate, each.memory, each.phases == 3) for each in blocks]
    assert said[:5] == [tuple(number > block for block in range(4)) for number in range(5)]
