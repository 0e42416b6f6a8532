"""The Video Swin transformer against numbers of the published code's modules, and for films of any size."""

import pytest
import torch

from quakeview.errors import QuakeViewError
from quakeview.wavefield.networks.official import our_shapes, our_swin_weights
from quakeview.wavefield.networks.swin import VideoSwin, VideoSwinConfig
from tests.wavefield.networks.published import COMMITTED, golden

SMALL = VideoSwinConfig((27, 18), width=12, depths=(2, 2, 2, 2), heads=(2, 4, 4, 2), window=(2, 3, 3))


def test_a_forecast_agrees_with_the_published_network() -> None:
    weights, tensors = golden(COMMITTED / "forecaster_swin_c3k12.npz")
    network = VideoSwin(SMALL).eval()
    network.load_state_dict(our_shapes(our_swin_weights(weights), network.state_dict()))
    with torch.inference_mode():
        forecast = network(tensors["x"], 7)
    torch.testing.assert_close(forecast, tensors["out"], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(
    ("config", "parameters"),
    [
        (VideoSwinConfig((80, 56)), 13_656_171),
        (VideoSwinConfig((80, 56), patch=(4, 4, 4), width=192), 24_205_947),
    ],
)
def test_the_published_sizes_have_the_published_numbers_of_parameters(config: VideoSwinConfig, parameters: int) -> None:
    network = VideoSwin(config)
    assert sum(weight.numel() for weight in network.parameters()) == parameters


@pytest.mark.parametrize("size", [(60, 80, 56), (7, 86, 56), (2, 5, 3)])
def test_films_of_any_size_are_continued_whole(size: tuple[int, int, int]) -> None:
    torch.manual_seed(3)
    network = VideoSwin(SMALL).eval()
    frames = torch.randn(1, 3, *size)
    with torch.inference_mode():
        first, half = network(frames, size[0]), network(frames, size[0] // 2)
    assert first.shape == frames.shape
    assert first.isfinite().all()
    assert torch.equal(half, first[:, :, : size[0] // 2])


def test_branches_are_left_out_while_training_only() -> None:
    torch.manual_seed(3)
    network, frames = VideoSwin(SMALL), torch.randn(2, 3, 4, 27, 18)
    assert not torch.equal(network(frames, 4), network(frames, 4))
    network.eval()
    assert torch.equal(network(frames, 4), network(frames, 4))


def test_every_weight_that_is_applied_learns() -> None:
    network = VideoSwin(SMALL).eval()
    network(torch.randn(1, 3, 9, 27, 18), 9).square().mean().backward()
    idle = {name for name, weight in network.named_parameters() if weight.grad is None or not weight.grad.any()}
    assert idle == {"unused.weight", "unused.bias"}


def test_no_more_frames_than_it_reads() -> None:
    with pytest.raises(QuakeViewError, match="reads, 4"):
        VideoSwin(SMALL)(torch.zeros(1, 3, 4, 27, 18), 5)
