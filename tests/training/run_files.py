"""Run files of networks so small that a step takes milliseconds."""

from pathlib import Path

from tests.training.waveform_files import write_seisbench

RUN = """
name = "tiny"
task = "{task}"
folder = "run"
[training]
max_steps = {steps}
batch_size = 4
validate_every = 2
log_every = 1
workers = 0
device = "cpu"
[model]
conv_channels = [4, 4, 4, 4]
head_channels = [4, 4, 4, 4]
n_layers = 1
n_heads = 2
n_positions = 32
window_samples = 1024
[[data.sources]]
kind = "seisbench"
path = "records"
split = "train"
[data.validation]
kind = "seisbench"
path = "records"
split = "dev"
"""
ENDLESS = 1_000_000
"""Steps of a run that somebody has to end."""


def write_run(folder: Path, steps: int = 2, task: str = "picking", old: str = "", new: str = "") -> Path:
    """A run file, and beside it the records it learns from."""
    if not (folder / "records").exists():
        write_seisbench(folder / "records")
    path = folder / "run.toml"
    text = RUN.format(task=task, steps=steps)
    path.write_text(text.replace(old, new) if old else text)
    return path
