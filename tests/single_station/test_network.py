"""What the network must do whatever its weights are."""

from pathlib import Path

import numpy as np
import pytest
import torch

from quakeview.errors import QuakeViewError
from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.monitoring.seismollm import SeisMoLLM
from quakeview.monitoring.seismollm_folder import save_model
from quakeview.registry import ModelCard, read_card
from quakeview.single_station.folder import load_characteriser, save_characteriser
from quakeview.single_station.inputs import LENGTH, network_inputs
from quakeview.single_station.network import Characteriser, HeadSizes
from quakeview.single_station.networks import load_station_network
from tests.single_station.test_rules import wave

TINY = SeisMoLLMConfig(
    conv_channels=(4, 4, 4, 4), patch_size=8, n_layers=1, n_heads=2, n_positions=128, causal=False, lora_rank=0,
    dropout=0.0, window_samples=4096,
)  # fmt: skip


@pytest.fixture
def network() -> Characteriser:
    torch.manual_seed(0)
    return Characteriser(TINY, HeadSizes(8, 8)).eval()


def answers(network: Characteriser, data: np.ndarray, s_minus_p: float | None = 4.0):
    arrays = network_inputs(data, np.ones(data.shape, bool), s_minus_p).arrays()
    with torch.inference_mode():
        return network(*(torch.as_tensor(array)[None] for array in arrays.values()))


def turned(data: np.ndarray, angle: float) -> np.ndarray:
    """A seismometer's record of ground motion that comes from ``angle`` degrees farther east."""
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    up, north, east = data
    return np.stack([up, c * north - s * east, s * north + c * east])


def test_a_direction_turns_with_the_ground_motion(network: Characteriser) -> None:
    data = wave(75.0, noise=0.05)
    before, after = (answers(network, each).back_azimuth[0].numpy() for each in (data, turned(data, 50.0)))
    angle = np.degrees(np.arctan2(after[1], after[0]) - np.arctan2(before[1], before[0])) % 360
    assert angle == pytest.approx(50.0, abs=0.1)
    assert np.linalg.norm(after) == pytest.approx(np.linalg.norm(before), rel=1e-3)


def test_opposite_motion_has_the_opposite_polarity_and_the_same_direction(network: Characteriser) -> None:
    data = wave(75.0, noise=0.05)
    before, after = answers(network, data), answers(network, -data)
    assert after.polarity.item() == pytest.approx(-before.polarity.item(), rel=1e-3, abs=1e-5)
    np.testing.assert_allclose(after.back_azimuth, before.back_azimuth, rtol=1e-3, atol=1e-5)


def test_the_gain_of_the_instrument_changes_nothing(network: Characteriser) -> None:
    data = wave(75.0, noise=0.05)
    for before, after in zip(answers(network, data), answers(network, 1e6 * data), strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-3, atol=1e-4)


def test_a_distance_starts_from_s_minus_p(network: Characteriser) -> None:
    data = wave(75.0)
    near, far = (answers(network, data, seconds).distance[0, 0].item() for seconds in (2.0, 20.0))
    assert 0.5 < far - near < 1.5


def test_a_dead_record_gives_finite_answers(network: Characteriser) -> None:
    dead = np.zeros((3, LENGTH))
    said = answers(network, dead, None)
    assert all(torch.isfinite(each).all() for each in said)
    assert not network_inputs(dead, np.zeros(dead.shape, bool), None).onset.any()


def test_the_trunk_is_that_of_the_picker_and_does_not_learn(network: Characteriser) -> None:
    picker = SeisMoLLM(TINY)
    network.take_trunk(picker)
    network.train()
    said = network(
        *(
            torch.as_tensor(a)[None]
            for a in network_inputs(wave(0.0), np.ones((3, LENGTH), bool), 3.0).arrays().values()
        )
    )
    sum(each.sum() for each in said).backward()
    assert all(parameter.grad is None for parameter in network.embedder.parameters())
    assert any(parameter.grad is not None for parameter in network.polarity.parameters())
    for mine, theirs in zip(network.embedder.parameters(), picker.embedder.parameters(), strict=True):
        assert torch.equal(mine, theirs)


def test_a_network_comes_back_from_its_folder(network: Characteriser, tmp_path: Path) -> None:
    save_characteriser(tmp_path / "model", network, {"name": "tiny"})
    again = load_characteriser(tmp_path / "model")
    for one, other in zip(answers(network, wave(75.0)), answers(again, wave(75.0)), strict=True):
        torch.testing.assert_close(one, other)
    card = read_card(tmp_path / "model")
    assert card.task == "characterisation"
    assert not card.unusable


def test_a_picker_is_not_taken_for_a_network_for_one_station(tmp_path: Path) -> None:
    save_model(tmp_path / "picker", SeisMoLLM(TINY), {"name": "a picker"})
    with pytest.raises(QuakeViewError, match="a picker is a picking model"):
        load_station_network(read_card(tmp_path / "picker"))


def station_values(card: ModelCard):
    data = wave(75.0)
    return load_station_network(card).values(data, np.ones(data.shape, bool), 4.0)


def test_our_network_says_all_four_with_uncertainties(network: Characteriser, tmp_path: Path) -> None:
    save_characteriser(tmp_path / "model", network, {"name": "tiny"})
    said = station_values(read_card(tmp_path / "model"))
    assert set(said) == {"magnitude", "distance", "back_azimuth", "polarity"}
    assert said["distance"].uncertainty > 0
    assert 0 < said["back_azimuth"].uncertainty < 180
    assert 0.5 <= said["polarity"].probability <= 1


@pytest.mark.parametrize("task", ["magnitude", "distance", "back_azimuth", "polarity"])
def test_a_network_of_one_task_says_that_alone(task: str, tmp_path: Path) -> None:
    config = SeisMoLLMConfig.from_dict(TINY.to_dict() | {"task": task})
    save_model(tmp_path / "one", SeisMoLLM(config), {"name": "one"})
    said = station_values(read_card(tmp_path / "one"))
    assert set(said) == {task}
    if task != "polarity":
        assert said[task].uncertainty is None  # nobody measured it
