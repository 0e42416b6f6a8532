from itertools import islice

import pytest
import torch

from quakeview.errors import QuakeViewError
from quakeview.wavefield.networks.cells import ConvGRUCell, ConvLEMCell, ConvLSTMCell, begin_as_carrier
from quakeview.wavefield.networks.time_patched import PATCH, TimePatchedConfig, TimePatchedWaveCastNet

FRAME = (22, 15)


@pytest.fixture
def network() -> TimePatchedWaveCastNet:
    torch.manual_seed(0)
    return TimePatchedWaveCastNet(TimePatchedConfig(FRAME, channels=8)).eval()


def film(n: int = 10, batch: int = 1) -> torch.Tensor:
    return torch.randn(batch, 3, n, *FRAME, generator=torch.Generator().manual_seed(1))


def first(network: TimePatchedWaveCastNet, frames: torch.Tensor, known: torch.Tensor, steps: int = 3) -> torch.Tensor:
    with torch.no_grad():
        return torch.cat(list(islice(network.continuation(frames, known), steps)), dim=2)


@pytest.mark.parametrize("cell", ["ConvLEM", "ConvLSTM", "ConvGRU"])
def test_frames_of_any_size_are_continued_step_by_step(cell: str) -> None:
    network = TimePatchedWaveCastNet(TimePatchedConfig(FRAME, channels=8, cell=cell)).eval()
    said = first(network, film(), torch.ones(1, 10, *FRAME))
    assert said.shape == (1, 3, 15, *FRAME)
    assert torch.isfinite(said).all()


def test_an_unknown_cell_is_named() -> None:
    with pytest.raises(QuakeViewError, match="'LEM'"):
        TimePatchedConfig(FRAME, cell="LEM")


def test_a_forecast_is_as_loud_as_its_input(network: TimePatchedWaveCastNet) -> None:
    known = torch.ones(1, 10, *FRAME)
    torch.testing.assert_close(first(network, 1e-6 * film(), known), 1e-6 * first(network, film(), known))


def test_the_typical_velocity_of_a_node_scales_what_is_said_there(network: TimePatchedWaveCastNet) -> None:
    known, usual = torch.ones(1, 10, *FRAME), first(network, film(), torch.ones(1, 10, *FRAME))
    network.scale[:, 3, 4] = 7.0
    frames = film()
    frames[..., 3, 4] *= 7
    said = first(network, frames, known)
    torch.testing.assert_close(said[..., 3, 4], 7 * usual[..., 3, 4])
    torch.testing.assert_close(said[..., 5, 4], usual[..., 5, 4])


def test_what_is_not_known_does_not_matter(network: TimePatchedWaveCastNet) -> None:
    known = torch.zeros(1, 10, *FRAME)
    known[:, :, ::5, ::4] = 1
    other = torch.where(known[:, None] > 0, film(), torch.tensor(99.0))
    torch.testing.assert_close(first(network, film(), known), first(network, other, known))
    assert not torch.allclose(first(network, film(), known), first(network, film(), torch.ones_like(known)))


def test_still_ground_stays_still(network: TimePatchedWaveCastNet) -> None:
    assert first(network, 0 * film(), torch.ones(1, 10, *FRAME)).abs().max() < 1e-9


def test_each_film_of_a_batch_is_its_own(network: TimePatchedWaveCastNet) -> None:
    frames, known = film(batch=3), torch.ones(3, 10, *FRAME)
    known[1, :, 4:] = 0
    frames[2] *= 100
    both = first(network, frames, known)
    for k in range(3):
        alone = first(network, frames[k : k + 1], known[k : k + 1])
        assert (both[k : k + 1] - alone).norm() < 1e-3 * alone.norm()


def test_training_sees_the_step_read_last_and_those_after_it(network: TimePatchedWaveCastNet) -> None:
    known = torch.ones(1, 10, *FRAME)
    with torch.no_grad():
        images, loudness = network(film(), known, 2)
    assert len(images) == 3
    assert loudness.flatten().item() == pytest.approx(film().square().mean().sqrt().item())
    torch.testing.assert_close(torch.cat(images[1:], dim=2) * loudness, first(network, film(), known, 2))


def test_patterns_let_latent_images_begin_as_what_is_in_patches() -> None:
    torch.manual_seed(0)
    size = (24, 16)
    network = TimePatchedWaveCastNet(TimePatchedConfig(size, channels=15))
    pattern = torch.ones(PATCH, PATCH) / PATCH
    patterns = torch.stack([torch.einsum("c,xy->cxy", unit, pattern) for unit in torch.eye(15)])
    network.begin_with_patterns(patterns)
    flat = torch.randn(1, 15, 6, 4).repeat_interleave(PATCH, 2).repeat_interleave(PATCH, 3)
    with torch.no_grad():
        latent = network.embedding(torch.cat((flat, torch.ones_like(flat[:, :1])), dim=1))
        torch.testing.assert_close(network.reconstruction(latent), flat)


@pytest.mark.parametrize("kind", [ConvLEMCell, ConvLSTMCell, ConvGRUCell])
def test_an_untrained_cell_carries_what_it_is_told(kind: type) -> None:
    torch.manual_seed(0)
    cell = kind(8, 8, (6, 6))
    begin_as_carrier(cell)
    x = 0.1 * torch.randn(1, 8, 6, 6)
    state = (torch.zeros(1, 8, 6, 6),) * kind.images
    with torch.no_grad():
        for _ in range(3):
            state = cell(x, state)
    assert torch.corrcoef(torch.stack((x.flatten(), state[0].flatten())))[0, 1] > 0.8


def test_half_precision_convolutions_leave_the_states_whole(network: TimePatchedWaveCastNet) -> None:
    known = torch.ones(1, 10, *FRAME)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        images, _ = network(film(), known, 2)
    with torch.no_grad():
        whole, _ = network(film(), known, 2)
    assert (images[2].float() - whole[2]).norm() / whole[2].norm() < 0.05
