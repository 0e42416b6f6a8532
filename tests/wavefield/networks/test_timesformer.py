"""TimeSformers against numbers of the published code's modules, and for films of any size."""

from dataclasses import replace

import pytest
import torch

from quakeview.errors import QuakeViewError
from quakeview.wavefield.networks.official import TIMESFORMER, our_shapes, our_weights
from quakeview.wavefield.networks.timesformer import PYRAMID, PyramidTimeSformer, TimeSformer, TimeSformerConfig
from tests.wavefield.networks.published import COMMITTED, golden

PLAIN = TimeSformerConfig((24, 16), frames=6, width=16, depths=(3,), heads=(4,))
FOUR = TimeSformerConfig((40, 24), frames=4, width=12, depths=(2, 2, 2, 2), heads=(2, 4, 4, 2), bias=True, raster=True)
NETWORKS = {
    "forecaster_timesformer_plain_c3k16": (TimeSformer, PLAIN),
    "forecaster_timesformer_pyramid_c3k12": (PyramidTimeSformer, FOUR),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_forecast_agrees_with_the_published_network(name: str) -> None:
    weights, tensors = golden(COMMITTED / f"{name}.npz")
    kind, config = NETWORKS[name]
    network = kind(config).eval()
    network.load_state_dict(our_shapes(our_weights(weights, TIMESFORMER), network.state_dict()))
    with torch.inference_mode():
        forecast = network(tensors["x"], config.frames)
    torch.testing.assert_close(forecast, tensors["out"], atol=1e-5, rtol=1e-5)


def test_the_published_sizes_have_the_published_numbers_of_parameters() -> None:
    plain = TimeSformer(TimeSformerConfig((80, 56)))
    pyramid = PyramidTimeSformer(TimeSformerConfig((80, 56), **PYRAMID))
    assert sum(weight.numel() for weight in plain.parameters()) == 10_206_147
    assert sum(weight.numel() for weight in pyramid.parameters()) == 33_819_459


@pytest.mark.parametrize("kind", [TimeSformer, PyramidTimeSformer])
@pytest.mark.parametrize("size", [(60, 80, 56), (5, 86, 56), (2, 5, 3)])
def test_films_of_any_size_are_continued_whole(
    kind: type[TimeSformer | PyramidTimeSformer], size: tuple[int, int, int]
) -> None:
    torch.manual_seed(3)
    config = replace(PLAIN if kind is TimeSformer else FOUR, frame=size[1:], frames=30)
    network, frames = kind(config).eval(), torch.randn(2, 3, *size)
    with torch.inference_mode():
        future = network(frames, size[0])
    assert future.shape == frames.shape
    assert future.isfinite().all()


def test_the_corrected_pyramid_merges_squares() -> None:
    """A token of the coarse stage sees the four under it, so that far ones do not matter to it."""
    torch.manual_seed(3)
    tokens = torch.randn(1, 1, 4, 6, 12)
    changed = tokens.clone()
    changed[:, :, 2:, :2] += 1
    for raster in (False, True):
        merging = PyramidTimeSformer(replace(FOUR, raster=raster)).merging
        with torch.inference_mode():
            moved = (merging(changed) - merging(tokens)).abs().sum(-1).flatten() > 0
        assert (moved.nonzero().flatten().tolist() == [3]) is not raster


def test_at_first_a_frame_knows_only_itself() -> None:
    torch.manual_seed(3)
    network, frames = TimeSformer(PLAIN).eval(), torch.randn(1, 3, 6, 24, 16)
    other = frames.clone()
    other[:, :, 0] = 0
    with torch.inference_mode():
        change = (network(frames, 6) - network(other, 6)).abs().amax(dim=(0, 1, 3, 4))
    assert change[0] > 0
    assert not change[1:].any(), "what attention along time sees is not used before it has learnt"


def test_wrong_numbers_of_stages() -> None:
    with pytest.raises(QuakeViewError, match="four as a pyramid"):
        TimeSformerConfig((8, 8), depths=(2, 2), heads=(2, 2))
