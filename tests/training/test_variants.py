"""Variants of one run are trained alike, scored alike, and not trained twice."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from accelerate.state import AcceleratorState

from quakeview.cli import main
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.toml_files import read_table
from quakeview.training import forecaster_config
from quakeview.training.config import read_run
from quakeview.training.networks import read_network
from quakeview.training.variants import planned_runs, read_list
from quakeview.training.variants_command import train_list
from tests.training.test_forecasting import PLACES, write_set
from tests.training.waveform_files import write_seisbench

MODELS = Path(__file__).parents[2] / "models"
LIST = """
folder = "runs"
[base]
task = "{task}"
[base.model]
conv_channels = [4, 4, 4, 4]
head_channels = [4, 4, 4, 4]
n_layers = 1
n_heads = 2
n_positions = 32
window_samples = 1024
[base.training]
max_steps = 1
batch_size = 2
workers = 0
device = "cpu"
[[base.data.sources]]
kind = "seisbench"
path = "records"
split = "train"
[base.data.validation]
kind = "seisbench"
path = "records"
split = "dev"
[paper.model]
n_layers = 3
[[test]]
kind = "seisbench"
path = "records"
split = "dev"
[[variants]]
name = "one layer"
[[variants]]
name = "no blocks"
model = {{ blocks = "none" }}
[[variants]]
name = "pre-trained"
model = {{ pretrained = "nowhere" }}
"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    AcceleratorState._reset_state(reset_partial_state=True)
    write_seisbench(tmp_path / "records", n_events=12)

    def write(task: str = "distance", old: str = "", new: str = "") -> Path:
        path = tmp_path / "list.toml"
        path.write_text(LIST.format(task=task).replace(old, new) if old else LIST.format(task=task))
        return path

    return write


def test_every_variant_has_a_row_or_a_reason_and_is_trained_once(written: Callable[..., Path]) -> None:
    path = written()
    text = train_list(path, Progress())
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert rows[0] == "| Variant | mean absolute error, km |"
    assert [row.split(" | ")[0] for row in rows[2:]] == ["| one layer", "| no blocks"]
    assert "Left out: pre-trained. " in text
    assert "holds no GPT-2" in text
    model = path.parent / "runs" / "no-blocks-0" / "model"
    assert json.loads((model / "config.json").read_text())["card"]["backbone"] == "none"
    assert read_run(path.parent / "runs" / "one-layer-0" / "run.toml").folder == path.parent / "runs" / "one-layer-0"
    before = (model / "config.json").stat().st_mtime_ns
    assert train_list(path, Progress()) == text
    assert (model / "config.json").stat().st_mtime_ns == before
    assert "holds a run with other settings" in train_list(
        written(old="batch_size = 2", new="batch_size = 3"), Progress()
    )


def test_a_trial_runs_every_variant_and_leaves_nothing(
    written: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = written("picking")
    assert main(["train", str(path), "--try"]) == 0
    said = capsys.readouterr().out
    assert "| Variant | P F1 at 0.3 s | S F1 at 0.3 s |" in said
    assert "| no blocks |" in said
    assert not (path.parent / "runs").exists()


def test_two_variants_of_one_name_are_a_sentence(written: Callable[..., Path]) -> None:
    with pytest.raises(QuakeViewError, match="have one name"):
        read_list(written(old='"one layer"', new='"no  blocks"'))


@pytest.mark.parametrize("paper_size", [False, True])
def test_the_ablations_of_the_paper_are_networks_that_can_be_built(paper_size: bool) -> None:
    path = MODELS / "SeisMoLLM-S" / "ablations.toml"
    runs = list(planned_runs(read_list(path), path.parent, paper_size))
    networks = {run.variant: read_network(run.config)[0] for run in runs}
    assert {network.n_layers for network in networks.values()} == {2, 3, 6, 12}
    assert {network.blocks for network in networks.values()} == {"gpt2", "attention", "none"}
    assert {run.config.data.get("fraction", 1.0) for run in runs} == {1.0, 0.1}
    assert {network.window_samples for network in networks.values()} == {8192 if paper_size else 2048}
    assert any(run.config.model.get("pretrained") == "cache" for run in runs)


def test_kinds_of_cells_are_scored_on_the_same_events(tmp_path: Path) -> None:
    AcceleratorState._reset_state(reset_partial_state=True)
    for split in ("train", "validation", "test"):
        write_set(tmp_path / split, split, PLACES[:1])
    shipped = (MODELS / "WaveCastNet-Hayward" / "runs" / "cells.toml").read_text()
    variants = shipped[shipped.index("[[variants]]") :]
    path = tmp_path / "cells.toml"
    path.write_text(f"""
folder = "runs"
[base]
task = "forecasting"
model = {{ channels = 8 }}
training = {{ max_steps = 1, batch_size = 2, workers = 0, device = "cpu" }}
[base.data]
library = "train"
validation = "validation"
pool = {{ file = "pool.npy", points = 6, ruptures = 0 }}
windows = {{ input_frames = 10, steps = 2, stations = [5, 20] }}
[[test]]
path = "test"
{variants}""")
    text = train_list(path, Progress(), trial=True)
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")]
    assert rows[0] == ["| Variant", "ACC", "RFNE |"]
    assert [row[0] for row in rows[2:]] == ["| ConvLEM", "| ConvLSTM", "| ConvGRU"]
    assert len({row[2] for row in rows[2:]}) == 3


def test_kinds_of_cells_differ_in_nothing_else() -> None:
    path = MODELS / "WaveCastNet-Hayward" / "runs" / "cells.toml"
    runs = list(planned_runs(read_list(path), path.parent))
    assert len(runs) == 9
    for run in runs:
        model = read_table(forecaster_config.ModelConfig, run.config.model, "[model]", run.config.base)
        data = read_table(forecaster_config.DataConfig, run.config.data, "[data]", run.config.base)
        assert model.cell == run.variant
        assert data.pool.file.is_absolute()
    assert len({repr((run.config.training, run.config.data)) for run in runs}) == 1
