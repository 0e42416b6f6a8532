"""HierarchicalQuake as printed."""

from typing import Any

import pytest
import torch

from quakeview.errors import QuakeViewError
from quakeview.seismicity.networks.hierarchical import Carried, HierarchicalConfig, HierarchicalQuake

BASELINE = {"attention": False, "gate": False, "memory": False}
VARIANTS = [BASELINE, {"gate": False, "memory": False}, {"memory": False}, {}]
NAMES = ["baseline", "attention", "gate", "memory"]


@pytest.fixture(autouse=True)
def _same_weights() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize("blocks", VARIANTS, ids=NAMES)
@pytest.mark.parametrize("cells", [(8, 8), (19, 10), (3, 5)], ids=str)
def test_a_day_gives_a_map_and_reaches_every_weight(blocks: dict[str, bool], cells: tuple[int, int]) -> None:
    network = HierarchicalQuake(HierarchicalConfig(cells, **blocks))
    state, logits, regions = network.beginning(), [], network.regions.number
    for _ in range(3):
        said, state = network(4 * torch.rand(cells), state)
        logits.append(said.logit)
        assert said.logit.shape == cells
        if network.attention is None:
            assert said.attention is None
        else:
            assert torch.allclose(said.attention.sum(dim=-1), torch.ones(regions))
    (torch.stack(logits) * torch.rand(3, *cells)).sum().backward()
    assert [name for name, weight in network.named_parameters() if weight.grad is None] == []
    if regions > 1:  # one region alone has nothing to weigh
        assert [name for name, weight in network.named_parameters() if not weight.grad.any()] == []


def test_the_last_row_and_column_matter() -> None:
    network = HierarchicalQuake(HierarchicalConfig((9, 17)))
    magnitudes = torch.zeros(9, 17)
    magnitudes[3, 3] = 5
    other = magnitudes.clone()
    other[8, 16] = 5
    first, second = (network(each, network.beginning())[0] for each in (magnitudes, other))
    assert not torch.equal(first.logit[7:, 15:], second.logit[7:, 15:])
    assert not torch.equal(first.attention, second.attention)


def test_days_ago_matter() -> None:
    network = HierarchicalQuake(HierarchicalConfig((16, 16)))
    quiet, loud = torch.zeros(16, 16), torch.zeros(16, 16)
    loud[4, 4] = 6
    answers = []
    for first in (quiet, loud):
        _, state = network(first, network.beginning())
        answers.append(network(quiet, state)[0].logit)
    assert not torch.equal(*answers)


def test_logits_are_bounded_as_printed() -> None:
    """No cell's "probability" is below .27, however quiet it is."""
    network = HierarchicalQuake(HierarchicalConfig((16, 16)))
    network.frequency.fill_(0.25)
    logit = network(5 * torch.rand(16, 16), network.beginning())[0].logit
    assert logit.min() >= -0.5
    assert logit.max() <= 1.5


def test_memory_looks_at_the_days_that_were() -> None:
    """Its length follows the entropy, and blanks before the first day are not looked at."""
    network = HierarchicalQuake(HierarchicalConfig((16, 16), embedding=2, hidden=4))
    state, magnitudes = network.beginning(), 5 * torch.rand(25, 16, 16)
    looked_at: list[int] = []
    network.memory.register_forward_hook(lambda module, inputs, output: looked_at.append(len(inputs[1])))
    for day in range(25):
        state = network(magnitudes[day], state._replace(entropy=torch.tensor(0.5)))[1]
    assert looked_at == [min(day, 15) for day in range(25)]
    assert state.past.shape == (20, network.regions.number, 4)


def test_a_carried_state_is_that_of_one_go() -> None:
    carried, days = Carried(HierarchicalQuake(HierarchicalConfig((9, 8)))), 5 * torch.rand(6, 9, 8)
    first, on = torch.tensor([True, False]), torch.zeros(4, dtype=torch.bool)
    together = carried(days, torch.cat((first, on)))
    assert torch.allclose(torch.cat((carried(days[:2], first), carried(days[2:], on))), together, atol=1e-6)
    anew = on.clone()
    anew[0] = True
    assert not torch.allclose(carried(days[2:], anew), together[2:])
    carried(days[:2], first)
    other = Carried(HierarchicalQuake(HierarchicalConfig((9, 8))))
    other.load_state_dict(carried.state_dict())
    assert torch.allclose(other(days[2:], on), together[2:], atol=1e-6)


def test_gradients_through_many_days_are_those_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days that are computed again for the gradient, to need less memory, change nothing."""
    carried, days = Carried(HierarchicalQuake(HierarchicalConfig((9, 8), embedding=2, hidden=4))), torch.rand(14, 9, 8)
    weights, gradients = torch.rand(14, 9, 8), []
    for kept in (10, 14):
        monkeypatch.setattr("quakeview.seismicity.networks.hierarchical._IN_MEMORY", kept)
        (carried(5 * days, torch.eye(14)[0] > 0) * weights).sum().backward()
        gradients.append([weight.grad for weight in carried.parameters()])
        carried.zero_grad()
    assert all(torch.allclose(ours, other, atol=1e-5) for ours, other in zip(*gradients, strict=True))


@pytest.mark.parametrize("wrong", [{"attention": False}, {"hidden": 15}], ids=str)
def test_blocks_that_do_not_fit_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(QuakeViewError, match="attention"):
        HierarchicalConfig((8, 8), **wrong)
