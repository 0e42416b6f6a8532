"""WaveCastNet's networks against vectors of the published code, and for frames it cannot take."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from quakeview.errors import QuakeViewError
from quakeview.wavefield.networks.cells import ConvGRUCell, ConvLEMCell, ConvLSTMCell
from quakeview.wavefield.networks.official import our_weights
from quakeview.wavefield.networks.wavecastnet import WaveCastNet, WaveCastNetConfig
from tests.shared import SHARED, needs_shared

COMMITTED = Path(__file__).resolve().parents[1] / "golden"
SIZE = (7, 6)

CELLS = {
    "cell_convlem_reset_dt1.0": ConvLEMCell(4, 8, SIZE),
    "cell_convlem_reset_dt0.5": ConvLEMCell(4, 8, SIZE, dt=0.5),
    "cell_convlem_noreset_dt1.0": ConvLEMCell(4, 8, SIZE, reset=False),
    "cell_convlem_noreset_dt0.5": ConvLEMCell(4, 8, SIZE, reset=False, dt=0.5),
    "cell_convlstm": ConvLSTMCell(4, 8, SIZE),
    "cell_convgru": ConvGRUCell(4, 8, SIZE),
}
FORECASTERS = {
    "wavecastnet_dense_c1k48": WaveCastNetConfig((24, 16), components=1, channels=48),
    "wavecastnet_ablation_lem_c1k48": WaveCastNetConfig((12, 8), 1, 48, reduction=4, feedback=True),
    "wavecastnet_ablation_lstm_c1k48": WaveCastNetConfig((12, 8), 1, 48, reduction=4, cell="ConvLSTM"),
}


def golden(path: Path) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Weights under the published names, and inputs and outputs."""
    with np.load(path) as file:
        tensors = {name: torch.from_numpy(np.array(file[name])) for name in file.files}
    weights = {name.removeprefix("sd/"): value for name, value in tensors.items() if name.startswith("sd/")}
    return weights, {name: value for name, value in tensors.items() if not name.startswith("sd/")}


@pytest.mark.parametrize("name", CELLS)
def test_one_step_agrees_with_the_published_cell(name: str) -> None:
    weights, tensors = golden(COMMITTED / f"{name}.npz")
    cell: nn.Module = CELLS[name]
    cell.load_state_dict(our_weights(weights))
    state = tuple(tensors[image] for image in ("h", "c") if image in tensors)
    with torch.inference_mode():
        stepped = cell(tensors["x"], state)
    assert len(stepped) == len(state) == cell.images
    for image, value in zip(("h_out", "c_out"), stepped, strict=False):
        torch.testing.assert_close(value, tensors[image], atol=1e-5, rtol=1e-5)


@needs_shared
@pytest.mark.parametrize("name", FORECASTERS)
def test_a_forecast_agrees_with_the_published_network(name: str) -> None:
    weights, tensors = golden(SHARED / "golden" / f"{name}.npz")
    network = WaveCastNet(FORECASTERS[name]).eval()
    network.load_state_dict(our_weights(weights))
    with torch.inference_mode():
        forecast = network(tensors["x"], int(tensors["future"]), tensors["decoder_init"])
        again = network(tensors["x"], int(tensors["future"]))
    torch.testing.assert_close(forecast, tensors["out"], atol=1e-5, rtol=1e-5)
    assert not torch.equal(again, forecast), "zeros start the decoder unless something else is given"


@pytest.mark.parametrize(
    ("config", "parameters"),
    [
        (WaveCastNetConfig((344, 224)), 10_093_242),
        (WaveCastNetConfig((84, 56), reduction=4, feedback=True), 8_318_982),
        (WaveCastNetConfig((84, 56), reduction=4), 8_148_990),
        (WaveCastNetConfig((84, 56), reduction=4, cell="ConvLSTM"), 6_652_542),
        (WaveCastNetConfig((84, 56), reduction=4, cell="ConvGRU"), 4_991_358),
    ],
)
def test_the_published_sizes_have_the_published_numbers_of_parameters(
    config: WaveCastNetConfig, parameters: int
) -> None:
    with torch.device("meta"):
        assert sum(weight.numel() for weight in WaveCastNet(config).parameters()) == parameters


@pytest.mark.parametrize(("frame", "reduction"), [((86, 56), 4), ((43, 29), 8), ((120, 80), 8)])
def test_frames_of_any_size_come_back_whole_and_the_same_every_time(frame: tuple[int, int], reduction: int) -> None:
    torch.manual_seed(3)
    network = WaveCastNet(WaveCastNetConfig(frame, channels=16, reduction=reduction)).eval()
    frames = torch.randn(2, 3, 4, *frame)
    with torch.inference_mode():
        first, second = network(frames, 3), network(frames, 3)
    assert first.shape == (2, 3, 3, *frame)
    assert torch.equal(first, second)


@pytest.mark.parametrize("wrong", [{"reduction": 5}, {"cell": "ConvRNN"}])
def test_impossible_configurations_are_refused(wrong: dict) -> None:
    with pytest.raises(QuakeViewError):
        WaveCastNetConfig((8, 8), **wrong)
