"""The blocks of HierarchicalQuake."""

import numpy as np
import pytest
import torch

from quakeview.seismicity.networks.blocks import (
    LONGEST,
    SHORTEST,
    AdaptiveMemory,
    GatedFusion,
    RegionalAttention,
    entropy,
)
from quakeview.seismicity.networks.regions import Regions
from tests.seismicity.catalogues import box

SIZES = [(8, 8), (7, 3), (200, 250), (108, 109), (9, 16), (1, 1)]


@pytest.mark.parametrize("cells", SIZES, ids=str)
def test_each_cell_is_in_a_region(cells: tuple[int, int]) -> None:
    regions = Regions(cells)
    maps = torch.rand(2, 3, *cells, dtype=torch.float64)
    pooled = regions.pooled(maps)
    assert pooled.shape == (2, regions.number, 3)
    numbers = np.bincount(regions.of_cells, minlength=regions.number)
    assert numbers.sum() == maps[0, 0].numel()
    assert numbers.min() > 0
    sums = np.bincount(regions.of_cells, maps[1, 2].flatten().numpy())
    assert np.allclose(pooled[1, :, 2].numpy() * numbers, sums)
    spread = regions.spread(pooled)
    assert spread.shape == maps.shape
    assert torch.equal(spread.flatten(2), pooled.transpose(1, 2)[..., torch.from_numpy(regions.of_cells)])


def test_the_papers_grid_keeps_its_last_columns() -> None:
    assert Regions((200, 250)).shape == (25, 32)
    assert Regions((108, 109)).shape == (14, 14)


def test_outlines_hold_the_centres_of_their_cells() -> None:
    grid = box()
    regions = Regions(grid.shape)
    outlines = regions.outlines(grid)
    assert outlines.shape[0] == regions.number
    assert np.array_equal(outlines[:, 0], outlines[:, -1])
    x, y = grid.project(outlines[..., 0], outlines[..., 1])
    east, north = grid.centres
    of = regions.of_cells
    assert np.all((east > x.min(axis=1)[of]) & (east < x.max(axis=1)[of]))
    assert np.all((north > y.min(axis=1)[of]) & (north < y.max(axis=1)[of]))
    areas = np.ptp(x, axis=1) * np.ptp(y, axis=1)
    assert areas.sum() == pytest.approx(grid.number * grid.area)


def test_attention_weighs_all_regions_and_knows_where_they_are() -> None:
    torch.manual_seed(0)
    attention = RegionalAttention(inputs=8, width=16, regions=6)
    regions = torch.zeros(2, 6, 8)
    learned, weights = attention(regions)
    assert learned.shape == (2, 6, 16)
    assert weights.shape == (2, 6, 6)
    assert torch.allclose(weights.sum(dim=-1), torch.ones(2, 6))
    assert not torch.allclose(weights[0, 0], weights[0, 1])  # by their positions alone


def test_dropped_tokens_change_training_only() -> None:
    torch.manual_seed(0)
    attention = RegionalAttention(8, 16, 40, token_dropout=0.5)
    regions = torch.rand(1, 40, 8)
    assert not torch.equal(attention(regions)[0], attention(regions)[0])
    attention.eval()
    assert torch.equal(attention(regions)[0], attention(regions)[0])


def test_fusion_begins_nearly_closed() -> None:
    torch.manual_seed(0)
    fusion = GatedFusion(48, 32)
    local, context = torch.randn(5, 48), torch.randn(5, 32)
    fused = fusion(local, context)
    assert not torch.equal(fused, local)
    assert (fused - local).abs().max() < 0.2


@pytest.mark.parametrize(("bits", "steps"), [(0.0, SHORTEST), (0.5, 15), (1.0, LONGEST)])
def test_memory_is_longer_the_less_sure_the_forecast_was(bits: float, steps: int) -> None:
    assert AdaptiveMemory.steps(bits) == steps


def test_memory_weighs_each_day_that_it_is_given() -> None:
    torch.manual_seed(0)
    memory = AdaptiveMemory(4)
    today, past = torch.rand(3, 4), torch.rand(LONGEST, 3, 4)
    remembered = memory(today, past)
    assert remembered.shape == (3, 4)
    for day in range(LONGEST):
        other = past.clone()
        other[day] += 1
        assert not torch.equal(memory(today, other), remembered)


def test_a_first_day_has_no_memory() -> None:
    today = torch.rand(3, 4)
    assert torch.equal(AdaptiveMemory(4)(today, torch.zeros(0, 3, 4)), today)


def test_entropy_is_a_bit_where_nothing_is_known() -> None:
    assert entropy(torch.full((2, 2), 0.5)).item() == pytest.approx(1)
    assert entropy(torch.tensor([0.0, 1.0])).item() == pytest.approx(0, abs=1e-4)
