"""A run file is read whole, and refused in one sentence."""

from pathlib import Path

import pytest

from quakeview.errors import QuakeViewError
from quakeview.toml_files import read_table
from quakeview.training.config import read_run
from quakeview.training.record_config import DataConfig

RUN = """
name = "picker"
task = "picking"
folder = "run"
seed = 3
[training]
max_minutes = 80
learning_rate = 2e-3
[model]
preset = "small"
[data]
sigma = 0.1
[[data.sources]]
kind = "synthetic"
weight = 2
[[data.sources]]
kind = "seisbench"
path = "records"
split = "train"
[data.validation]
kind = "seisbench"
path = "records"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "run.toml"
    path.write_text(text)
    return path


def test_a_run_file_becomes_dataclasses(tmp_path: Path) -> None:
    run = read_run(written(tmp_path, RUN))
    assert run.folder == tmp_path / "run"
    assert run.training.max_minutes == 80.0
    assert run.text == RUN
    data = read_table(DataConfig, run.data, "[data]", run.base)
    assert [source.weight for source in data.sources] == [2.0, 1.0]
    assert data.sources[1].path == tmp_path / "records"
    assert data.windows.noise_only == 0.2


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("seed = 3", "sede = 3", r"'sede' in run.toml is unknown; did you mean 'seed'\?"),
        ("seed = 3", "seed = 'three'", "'seed' in run.toml must be a whole number"),
        ("seed = 3", "text = 'x'", "'text' in run.toml is unknown"),
        ('name = "picker"', "", "'name' in run.toml is missing"),
        (
            "max_minutes = 80",
            "max_minute = 80",
            r"'max_minute' in \[training\] of run.toml is unknown; did you mean 'max_minutes'",
        ),
        ("max_minutes = 80", "", "Give the run a budget"),
        ("max_minutes = 80", "max_minutes = -1", "greater than zero"),
        ("max_minutes = 80", "max_steps = true", "must be a whole number"),
        ("max_minutes = 80", "max_steps = 5\nschedule = 'linear'", "must be one of 'cosine'"),
        ("seed = 3", "seed = ", "not valid TOML"),
    ],
)
def test_a_wrong_run_file_is_a_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(QuakeViewError, match=sentence):
        read_run(written(tmp_path, RUN.replace(old, new)))


def test_a_missing_run_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match="cannot be read"):
        read_run(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('kind = "synthetic"', 'kind = "magic"', "'kind' in .* must be one of"),
        ("weight = 2", "weight = '2'", "'weight' in .* must be a number"),
        ("sigma = 0.1", "sigma = [1]", "'sigma' in .* must be a number"),
    ],
)
def test_a_wrong_data_table_is_a_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    run = read_run(written(tmp_path, RUN.replace(old, new)))
    with pytest.raises(QuakeViewError, match=sentence):
        read_table(DataConfig, run.data, "[data]", run.base)
