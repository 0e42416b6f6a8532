"""HierarchicalQuake as printed."""

from typing import Any

import pytest
import torch

from quakeview.errors import QuakeViewError
from quakeview.seismicity.networks.hierarchical import HierarchicalConfig, HierarchicalQuake

BASELINE = {"attention": False, "gate": False, "memory": False}
VARIANTS = [BASELINE, {"gate": False, "memory": False}, {"memory": False}, {}]
NAMES = ["baseline", "attention", "gate", "memory"]


@pytest.mark.parametrize("blocks", VARIANTS, ids=NAMES)
@pytest.mark.parametrize("cells", [(8, 8), (19, 10), (3, 5)], ids=str)
def test_a_day_gives_a_map_and_reaches_every_weight(blocks: dict[str, bool], cells: tuple[int, int]) -> None:
    torch.manual_seed(0)
    network = HierarchicalQuake(HierarchicalConfig(cells, **blocks))
    state, logits = network.beginning(2), []
    for _ in range(3):
        maps = 4 * torch.rand(2, *cells)
        forecast, state = network(maps, state)
        logits.append(forecast.logit)
        assert forecast.logit.shape == (2, *cells)
        if network.attention is None:
            assert forecast.attention is None
        else:
            assert forecast.attention.shape == (2, network.regions.number, network.regions.number)
    (torch.stack(logits) * torch.rand(3, 2, *cells)).sum().backward()
    unreached = [name for name, weight in network.named_parameters() if weight.grad is None]
    assert unreached == []
    if network.regions.number > 1:
        assert [name for name, weight in network.named_parameters() if not weight.grad.any()] == []


def test_the_last_row_and_column_matter() -> None:
    torch.manual_seed(0)
    network = HierarchicalQuake(HierarchicalConfig((9, 17))).eval()
    maps = torch.zeros(1, 9, 17)
    maps[0, 3, 3] = 5
    other = maps.clone()
    other[0, 8, 16] = 5
    first, second = (network(each, network.beginning())[0] for each in (maps, other))
    assert not torch.equal(first.logit[0, 7:, 15:], second.logit[0, 7:, 15:])
    assert not torch.equal(first.attention, second.attention)


def test_what_was_days_ago_matters_until_the_state_is_blank() -> None:
    torch.manual_seed(0)
    network = HierarchicalQuake(HierarchicalConfig((16, 16))).eval()
    quiet, loud = torch.zeros(1, 16, 16), torch.zeros(1, 16, 16)
    loud[0, 4, 4] = 6
    answers = []
    for first in (quiet, loud):
        _, state = network(first, network.beginning())
        answers.append(network(quiet, state)[0].logit)
    assert not torch.equal(*answers)


def test_logits_are_bounded_as_printed() -> None:
    """No cell's "probability" is below .27, however quiet it is."""
    torch.manual_seed(0)
    network = HierarchicalQuake(HierarchicalConfig((16, 16))).eval()
    network.frequency.fill_(0.25)
    logit = network(5 * torch.rand(1, 16, 16), network.beginning())[0].logit
    assert logit.min() >= -0.5
    assert logit.max() <= 1.5


def test_maps_of_a_batch_do_not_touch() -> None:
    torch.manual_seed(0)
    network = HierarchicalQuake(HierarchicalConfig((16, 16))).eval()
    maps = 5 * torch.rand(2, 16, 16)
    both = network(maps, network.beginning(2))[0].logit
    alone = network(maps[1:], network.beginning())[0].logit
    assert torch.allclose(both[1:], alone, atol=1e-5)


def test_memory_keeps_twenty_days() -> None:
    network = HierarchicalQuake(HierarchicalConfig((8, 8), embedding=2, hidden=4)).eval()
    state = network.beginning()
    for day in range(23):
        _, state = network(torch.rand(1, 8, 8), state)
        assert state.past.shape[1] == min(day + 1, 20)


@pytest.mark.parametrize("wrong", [{"attention": False}, {"hidden": 15}], ids=str)
def test_blocks_that_do_not_fit_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(QuakeViewError, match="attention"):
        HierarchicalConfig((8, 8), **wrong)
