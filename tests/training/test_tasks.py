"""Every task learns from tiny data through the command, and its model folder can be loaded."""

import io
import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from accelerate.state import AcceleratorState

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.monitoring.seismollm_folder import load_model
from quakeview.monitoring.stitching import Windowing
from quakeview.training.config import read_run
from quakeview.training.engine import train
from quakeview.training.picking import picking_losses, validate_picker
from quakeview.training.record_config import SourceConfig
from quakeview.training.runs.examples import Traces, read_examples
from quakeview.training.sources import open_records
from quakeview.training.tasks import make_task
from quakeview.training.train_command import main
from tests.training.run_files import write_run
from tests.training.waveform_files import P_SECONDS, S_SECONDS, write_seisbench


@pytest.fixture
def run_file(tmp_path: Path) -> Callable[..., Path]:
    AcceleratorState._reset_state(reset_partial_state=True)
    return partial(write_run, tmp_path)


@pytest.mark.parametrize(
    ("task", "score"),
    [("picking", "p_f1@0.1"), ("magnitude", "mae"), ("distance", "r2"), ("back_azimuth", "mae"), ("polarity", "f1")],
)
def test_every_task_trains_and_ships_a_model(run_file: Callable[..., Path], task: str, score: str) -> None:
    result = train(read_run(run_file(task=task)))
    assert result.step == 2
    assert score in result.scores
    assert math.isfinite(result.scores["score"])
    assert result.model_folder is not None
    network = load_model(result.model_folder)
    assert network.config.task == task
    assert network.config.window_samples == 1024
    card = json.loads((result.model_folder / "config.json").read_text())["card"]
    assert card["trained_on"] == "100 % seisbench (records, train)"
    assert 'name = "tiny"' in card["run"]
    shown = read_examples(result.folder / "examples" / "step-00000002.npz")
    if isinstance(shown, Traces):
        assert shown.data.shape == (4, 3, 3000)
        assert shown.labels[0].tolist() == [20 * 50, 26 * 50]
    else:
        assert shown.truth.shape == shown.said.shape == (1, 4)


def test_fine_tuning_starts_from_the_weights_of_a_model_folder(run_file: Callable[..., Path]) -> None:
    result = train(read_run(run_file()))
    path = run_file()
    table = path.read_text()
    start, end = table.index("[model]"), table.index("[[data.sources]]")
    path.write_text(table[:start] + '[model]\ninit = "run/model"\n' + table[end:])
    model = make_task(read_run(path)).build_model()
    shipped = load_model(result.model_folder)
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), shipped.parameters(), strict=True))
    path.write_text(path.read_text().replace('folder = "run"', 'folder = "tuned"'))
    tuned = train(read_run(path))
    card = json.loads((tuned.model_folder / "config.json").read_text())["card"]
    assert card["trained_on"] == "100 % seisbench (records, train); began with tiny (100 % seisbench (records, train))"
    path.write_text(path.read_text().replace("picking", "magnitude"))
    with pytest.raises(QuakeViewError, match="holds a picking model"):
        make_task(read_run(path))


def test_a_run_file_names_the_model_that_it_begins_with(run_file: Callable[..., Path]) -> None:
    """A name stands on every computer for the same model, a folder does not."""
    path = run_file()
    table = path.read_text()
    start, end = table.index("[model]"), table.index("[[data.sources]]")
    path.write_text(table[:start] + '[model]\ninit = "SeisMoLLM-S"\n' + table[end:])
    assert make_task(read_run(path)).build_model().config.window_samples == 4096
    path.write_text(path.read_text().replace("SeisMoLLM-S", "SeisMoLLM-Z"))
    with pytest.raises(QuakeViewError, match="no model 'SeisMoLLM-Z'"):
        make_task(read_run(path))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("n_layers = 1", "layers = 1", r"'layers' in \[model\] is unknown"),
        ("n_layers = 1", "n_layers = 1.5", "must be a whole number"),
        ("n_layers = 1", 'preset = "huge"', "must be 'small' or 'paper'"),
        ('"picking"', '"guessing"', "no task 'guessing'"),
        ("window_samples = 1024", "window_samples = 1024\ninit = 'x'", "takes its sizes from there"),
        ("window_samples = 1024", "pretrained = 'nowhere'", "nowhere holds no GPT-2"),
    ],
)
def test_wrong_models_are_sentences(run_file: Callable[..., Path], old: str, new: str, sentence: str) -> None:
    with pytest.raises(QuakeViewError, match=sentence):
        make_task(read_run(run_file(old=old, new=new))).build_model()


def test_the_blocks_of_a_network_begin_with_those_of_gpt2(run_file: Callable[..., Path], tmp_path: Path) -> None:
    from transformers import GPT2Config, GPT2Model

    gpt2 = GPT2Model(GPT2Config(n_embd=32, n_layer=2, n_head=2, n_positions=64))
    gpt2.save_pretrained(tmp_path / "gpt2")
    path = run_file(old="window_samples = 1024", new="window_samples = 1024\npretrained = 'gpt2'\nlora_rank = 2")
    model = make_task(read_run(path)).build_model()
    weights = [
        value for name, value in model.named_parameters() if "c_fc" in name and name.endswith("base_layer.weight")
    ]
    assert torch.equal(weights[0], gpt2.h[0].mlp.c_fc.weight)
    assert "pre-trained weights from" in model.config.backbone


def test_a_fresh_picker_knows_that_onsets_are_rare(run_file: Callable[..., Path]) -> None:
    model = make_task(read_run(run_file())).build_model().eval()
    assert model(torch.randn(1, 3, 1024))[:, 1:].mean().item() == pytest.approx(0.01, abs=0.01)


def test_the_picking_loss_is_the_papers_and_heeds_the_mask() -> None:
    probabilities, targets = torch.rand(2, 3, 50), torch.rand(2, 2, 50)
    everywhere = torch.ones(2, 2, 50, dtype=torch.bool)
    p, s = picking_losses(probabilities, targets, everywhere)
    weighted = torch.nn.functional.binary_cross_entropy(
        probabilities, torch.cat([targets[:, :1], targets], dim=1), torch.tensor([0.0, 1, 1])[:, None]
    )
    assert ((p + s) / 3).item() == pytest.approx(weighted.item(), rel=1e-5)
    nearby = everywhere.clone()
    nearby[:, :, 25:] = False
    probabilities[:, :, 25:] = 0.999
    cut, _ = picking_losses(probabilities, targets, nearby)
    kept, _ = picking_losses(probabilities[..., :25], targets[..., :25], nearby[..., :25])
    assert cut.item() == pytest.approx(kept.item())


class Oracle:
    """Finds the P on the vertical and the S on the north of the test records."""

    sampling_rate, window_samples, batch_size = 50.0, 1024, 4
    windowing = Windowing()

    def probabilities(self, windows: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        found = np.zeros((len(windows), 2, self.window_samples), np.float32)
        for window, curves in zip(windows, found, strict=True):
            for curve, component, share in zip(curves, window[:2], (0.25, 0.5), strict=True):
                loud = np.abs(component) > share * np.abs(component).max()
                if np.abs(component).max() > 4:
                    curve[max(int(loud.argmax()) - 1, 0)] = 0.9
        return found


def test_whole_records_are_validated_through_overlapping_windows(tmp_path: Path) -> None:
    records = open_records(SourceConfig("seisbench", write_seisbench(tmp_path), only="clean"), 50.0)
    scores = validate_picker(Oracle(), records, Progress())
    assert scores["s_labels"] == len(records) == 9
    assert scores["s_recall@0.3"] == 1
    assert scores["score"] > 0.5
    assert S_SECONDS - P_SECONDS == 6


def test_the_command_writes_json_lines_and_stops_on_request(run_file: Callable[..., Path]) -> None:
    path = run_file(steps=100_000)
    call = f"raise SystemExit(main(Path({str(path)!r}), False, True))"
    code = f"from pathlib import Path; from quakeview.training.train_command import main; {call}"
    command = [sys.executable, "-c", code]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    lines = []
    for text in process.stdout:
        lines.append(json.loads(text))
        if lines[-1]["event"] == "validation":
            process.stdin.write("stop\n")
            process.stdin.flush()
            break
    lines += [json.loads(text) for text in process.stdout]
    assert process.wait(timeout=60) == 0
    assert lines[-1]["event"] == "finished"
    assert lines[-1]["reason"] == "stopped"
    assert Path(lines[-1]["model_folder"]).is_dir()


def test_the_command_says_what_is_wrong_and_exits_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    assert main(tmp_path / "none.toml", json_lines=True) == 1
    assert json.loads(capsys.readouterr().out)["event"] == "error"
    with pytest.raises(QuakeViewError, match="cannot be read"):
        main(tmp_path / "none.toml")
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == handlers
