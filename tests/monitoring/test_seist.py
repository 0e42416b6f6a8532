"""SeisT: the published network under our names, and as a picker of a model folder."""

from pathlib import Path

import numpy as np
import pytest
import torch
from obspy import read
from torch import Tensor, nn

from quakeview.errors import QuakeViewError
from quakeview.model_import import import_checkpoint
from quakeview.monitoring.annotate import annotate_station
from quakeview.monitoring.official import rename
from quakeview.monitoring.picker import load_picker
from quakeview.monitoring.preprocessing import standardise
from quakeview.monitoring.seist import SIZES, SeisT
from quakeview.monitoring.seist_folder import NAMES, read_official
from quakeview.registry import available_models, read_card
from quakeview.waveforms.archive import Archive
from tests.monitoring.golden import read_golden
from tests.shared import SHARED, needs_shared

PUBLISHED_PARAMETERS = {"S": 125_717, "M": 380_805, "L": 662_173}
GOLDEN = SHARED / "golden" / "seist_s_dpk_real.npz"


def published_names(network: nn.Module) -> dict[str, Tensor]:
    """The tensors of a network under the names of the published code."""
    pairs = tuple((ours, theirs) for theirs, ours in NAMES)
    return {rename(name, pairs) or name: tensor for name, tensor in network.state_dict().items()}


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """Random weights in a file as the published code writes it."""
    torch.manual_seed(0)
    path = tmp_path / "seist_s_dpk_random.pth"
    torch.save({"epoch": 3, "model_dict": published_names(SeisT("S"))}, path)
    return path


@pytest.mark.parametrize("size", SIZES)
def test_sizes_are_the_published_ones(size: str) -> None:
    assert sum(parameter.numel() for parameter in SeisT(size).parameters()) == PUBLISHED_PARAMETERS[size]
    with torch.inference_mode():
        assert SeisT(size).eval()(torch.zeros(1, 3, 1024)).shape == (1, 3, 1024)


@needs_shared
def test_the_published_network_is_reproduced(tmp_path: Path) -> None:
    weights, tensors = read_golden(GOLDEN)
    torch.save(weights, tmp_path / "published.pth")
    network, size = read_official(tmp_path / "published.pth")
    with torch.inference_mode():
        output = network(tensors["x"])
    assert size == "S"
    torch.testing.assert_close(output, tensors["out"], rtol=0, atol=1e-5)


@needs_shared
@pytest.mark.parametrize("sampling_rate", [50.0, 100.0])
def test_the_published_network_picks_the_example(tmp_path: Path, user_models: Path, sampling_rate: float) -> None:
    """ObsPy's own example: P at 4.70 s, S at 5.7 s after the trace begins (measured with the published code)."""
    weights, _ = read_golden(GOLDEN)
    torch.save(weights, tmp_path / "seist_s_dpk_diting.pth")
    card = read_card(import_checkpoint(tmp_path / "seist_s_dpk_diting.pth", sampling_rate=sampling_rate))
    read().write(str(tmp_path / "example.mseed"), "MSEED")
    archive = Archive()
    archive.add([tmp_path / "example.mseed"])
    station = next(iter(archive.stations))
    picker = load_picker(card, "cpu")
    assert (picker.sampling_rate, picker.window_samples) == (sampling_rate, 8192)
    begin = archive.segments(archive.stations[station]["Z"])[0].start
    picks = {pick.phase: pick.time - begin for pick in annotate_station(picker, archive, station).picks}
    assert picks == pytest.approx({"P": 4.70, "S": 5.70}, abs=0.1)


def test_a_checkpoint_becomes_a_picker_that_can_be_chosen(checkpoint: Path, user_models: Path) -> None:
    folder = import_checkpoint(checkpoint, name="random SeisT of a test")
    card = next(card for card in available_models() if card.folder == folder)
    assert (card.system, card.task, card.parameters) == ("SeisT", "picking", PUBLISHED_PARAMETERS["S"])
    assert not card.unusable
    assert "seist_s_dpk_random.pth" in card.trained_on
    picker = load_picker(card, "cpu")
    windows = np.random.default_rng(0).normal(size=(3, 3, 8192)).astype(np.float32)
    with torch.inference_mode():
        expected = read_official(checkpoint)[0](torch.from_numpy(windows))[:, 1:].numpy()
    np.testing.assert_allclose(picker.probabilities(windows), expected, atol=1e-5)


def test_what_cannot_be_imported_is_told_in_a_sentence(checkpoint: Path, tmp_path: Path, user_models: Path) -> None:
    weights = published_names(SeisT("S"))
    torch.save(weights | {"out_head.lin.weight": torch.zeros(1, 64)}, tmp_path / "seist_s_emg.pth")
    with pytest.raises(QuakeViewError, match="is SeisT for another task; import one for picking"):
        import_checkpoint(tmp_path / "seist_s_emg.pth")
    torch.save({name: weight for name, weight in weights.items() if "encoder" not in name}, tmp_path / "half.pth")
    with pytest.raises(QuakeViewError, match="not a whole SeisT"):
        import_checkpoint(tmp_path / "half.pth")
    torch.save(weights | {"stem.0.norm.weight": torch.zeros(17)}, tmp_path / "odd.pth")
    with pytest.raises(QuakeViewError, match="does not fit SeisT"):
        import_checkpoint(tmp_path / "odd.pth")
    with pytest.raises(QuakeViewError, match="50 or 100 Hz, not 20 Hz"):
        import_checkpoint(checkpoint, sampling_rate=20)


def test_each_component_is_divided_by_its_own_deviation() -> None:
    data = np.random.default_rng(1).normal(7, [[1], [10], [0]], size=(3, 4000)).astype(np.float32)
    valid = np.ones(data.shape, bool)
    valid[:, 3000:] = False
    result = standardise(data, valid)
    np.testing.assert_allclose(result.std(axis=1), [1, 1, 0], rtol=1e-5, atol=1e-6)
    assert not result[:, 3000:].any()
