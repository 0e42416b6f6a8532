"""The picker on networks that the tests make: random weights, so only shapes, devices and agreement are asked."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.monitoring.picker import load_picker
from quakeview.monitoring.seismollm import SeisMoLLM
from quakeview.monitoring.seismollm_folder import load_model, save_model
from quakeview.registry import read_card

CONFIG = SeisMoLLMConfig(
    conv_channels=(4, 6, 8, 8), n_layers=1, n_heads=2, n_positions=32, head_channels=(8, 8, 8, 4), window_samples=1024
)


@pytest.fixture
def card(tmp_path):
    torch.manual_seed(0)
    about = {"name": "tiny", "system": "SeisMoLLM", "task": "picking", "scores": {"p_residual_std": 0.06}}
    save_model(tmp_path, SeisMoLLM(CONFIG), about)
    return read_card(tmp_path)


def test_windows_side_by_side_give_what_the_network_gives(card):
    picker = load_picker(card, "cpu")
    windows = np.random.default_rng(0).normal(size=(7, 3, 1024)).astype(np.float32)
    with torch.inference_mode():
        expected = load_model(card.folder)(torch.from_numpy(windows))[:, 1:].numpy()
    np.testing.assert_allclose(picker.probabilities(windows), expected, atol=1e-5)
    assert (picker.sampling_rate, picker.window_samples) == (50.0, 1024)


def test_a_model_that_was_not_calibrated_gives_no_uncertainty(card):
    assert load_picker(card, "cpu").uncertainty("P", 0.9) is None


def test_out_of_memory_means_smaller_batches_and_the_user_is_told(card):
    class Log(Progress):
        lines = []  # noqa: RUF012

        def on_log(self, text):
            self.lines.append(text)

    picker = load_picker(card, "cpu", Log())
    forward = picker._forward

    def starved(windows):
        if len(windows) > 1:
            raise torch.OutOfMemoryError
        return forward(windows)

    picker._forward = starved
    windows = np.random.default_rng(1).normal(size=(8, 3, 1024)).astype(np.float32)
    np.testing.assert_allclose(
        picker.probabilities(windows), load_picker(card, "cpu").probabilities(windows), atol=1e-5
    )
    assert any("Out of memory" in line for line in Log.lines)
    assert picker.batch_size < 8


def test_models_that_cannot_pick_are_refused(card):
    with pytest.raises(QuakeViewError, match="tiny is a magnitude model; choose a picking model"):
        load_picker(replace(card, task="magnitude"))
    with pytest.raises(QuakeViewError, match=r"tiny: It has no S\."):
        load_picker(replace(card, unusable="It has no S."))


def test_a_device_that_is_not_there_is_refused(card):
    with pytest.raises(QuakeViewError, match="no device called 'abacus'"):
        load_picker(card, "abacus")
    if not torch.cuda.is_available():
        with pytest.raises(QuakeViewError, match="no usable cuda device"):
            load_picker(card, "cuda")
