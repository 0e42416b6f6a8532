"""The network for stations: what it sees, what it misses, and whether it is the published one."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from quakeview.errors import QuakeViewError
from quakeview.wavefield.networks.official import official_missing, official_start, our_weights
from quakeview.wavefield.networks.sparse import SparseConfig, SparseWaveCastNet
from tests.shared import SHARED, needs_shared

STATIONS = ((0, 3), (7, 15), (23, 0), (12, 8), (4, 4))
SMALL = SparseConfig((24, 16), channels=16, stations=STATIONS, missing=0.5)


@pytest.fixture
def network() -> SparseWaveCastNet:
    torch.manual_seed(3)
    return SparseWaveCastNet(SMALL).eval()


@pytest.fixture
def frames() -> Tensor:
    torch.manual_seed(4)
    return torch.randn(2, 3, 4, 24, 16)


def recipe(network: SparseWaveCastNet, recorded: np.lib.npyio.NpzFile) -> dict[str, Tensor]:
    """The recorded network's weights: they were drawn one after another from a seed, and their sums recorded."""
    ours = network.state_dict()
    generator = torch.Generator().manual_seed(int(recorded["weight_seed"]))
    weights = {}
    for name, total in zip(recorded["keys"].tolist(), recorded["checksums"], strict=True):
        shape = ours[next(iter(our_weights({f"encoder.{name}": torch.empty(0)})))].shape
        if name.endswith("num_batches_tracked"):
            weights[f"encoder.{name}"] = torch.tensor(0)
        elif name.endswith("running_var"):
            weights[f"encoder.{name}"] = 0.5 + torch.rand(shape, generator=generator)
        else:
            scale = 1 / math.sqrt(math.prod(shape[1:])) if len(shape) > 1 else 0.3
            drawn = scale * torch.randn(shape, generator=generator)
            weights[f"encoder.{name}"] = drawn + 1 if name.endswith("layer.1.weight") else drawn
        assert weights[f"encoder.{name}"].double().sum().item() == pytest.approx(total, abs=1e-4)
    return our_weights(weights)


@needs_shared
def test_the_embedding_agrees_with_the_published_one() -> None:
    with np.load(SHARED / "golden" / "sparse_encoder1d_recipe.npz") as recorded:
        stations = tuple(map(tuple, recorded["coords"].tolist()))
        config = SparseConfig((344, 224), stations=stations, missing=float(recorded["mask_ratio"]))
        network = SparseWaveCastNet(config).eval()
        missed = network.load_state_dict(recipe(network, recorded), strict=False).missing_keys
        assert not [name for name in missed if name.startswith("embedding")]
        frames = torch.zeros(1, 3, 1, 344, 224)
        rows, columns = torch.tensor(stations).T
        frames[..., rows, columns] = torch.from_numpy(recorded["sampled"])[:, :, None]
        missing = torch.from_numpy(recorded["mask_rand"]) < config.missing
        with torch.inference_mode():
            masked = network.without(frames, missing)[:, :, 0]
            spread = network.embedding.spreading[:3](masked[..., rows, columns])
            latent = network.embedding(masked)
        np.testing.assert_array_equal(masked[..., rows, columns], recorded["masked"])
        np.testing.assert_allclose(spread, recorded["fc1_out"], atol=1e-5, rtol=1e-5)
        np.testing.assert_allclose(latent, recorded["out"], atol=1e-5, rtol=1e-5)


def test_the_published_size_has_the_published_number_of_parameters() -> None:
    config = SparseConfig((344, 224), stations=tuple((n // 224, n % 224) for n in range(564)))
    assert sum(weight.numel() for weight in SparseWaveCastNet(config).parameters()) == 16_535_430


def test_it_sees_stations_only(network: SparseWaveCastNet, frames: Tensor) -> None:
    rows, columns = torch.tensor(STATIONS).T
    elsewhere = torch.zeros_like(frames)
    elsewhere[..., rows, columns] = frames[..., rows, columns]
    other = frames.clone()
    other[..., 7, 15] = 0
    with torch.inference_mode():
        assert torch.equal(network(frames, 3), network(elsewhere, 3))
        assert not torch.equal(network(frames, 3), network(other, 3))
        silent = torch.tensor([[False, True, False, False, False]] * 2)
        assert torch.equal(network(frames, 3, missing=silent), network(other, 3))


def test_stations_are_missing_at_random_while_training_only(network: SparseWaveCastNet, frames: Tensor) -> None:
    with torch.inference_mode():
        assert torch.equal(network(frames, 2), network(frames, 2))
        network.train()
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm1d | torch.nn.BatchNorm2d):
                module.eval()
        assert len({network(frames, 2).sum().item() for _ in range(8)}) > 1


def test_what_the_published_code_draws_comes_again_from_the_seed(network: SparseWaveCastNet) -> None:
    generator = torch.Generator().manual_seed(7)
    missing, start = official_missing(network, 2, generator), official_start(network, 2, generator)
    torch.manual_seed(7)
    assert torch.equal(missing, torch.rand(2, 5) < 0.5)
    assert torch.equal(start, torch.rand(2, 16, 3, 2))


@pytest.mark.parametrize("wrong", [{"stations": ()}, {"stations": ((24, 0),)}, {"reduction": 4}])
def test_impossible_configurations_are_refused(wrong: dict) -> None:
    with pytest.raises(QuakeViewError):
        SparseConfig(**({"frame": (24, 16), "stations": STATIONS} | wrong))
