"""Checkpoints of the published code become model folders that forecast the same; anything else gets a sentence."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from quakeview import cli
from quakeview.errors import QuakeViewError
from quakeview.registry import read_card
from quakeview.wavefield.networks.importing import import_official
from quakeview.wavefield.networks.network_folder import load_network, load_normalisation, save_network
from quakeview.wavefield.networks.official_checkpoint import read_official
from quakeview.wavefield.networks.sparse import SparseConfig
from tests.shared import SHARED, needs_shared
from tests.wavefield.networks.published import golden, plain, pyramid, recurrent, swin

STATIONS = np.array([[0, 3], [7, 15], [23, 0], [12, 8]])


CHECKPOINTS: dict[str, tuple[Callable[[], dict[str, Tensor]], str, tuple[int, ...]]] = {
    "dense": (lambda: recurrent("convlem", doubling=True), "WaveCastNet", (1, 24, 16)),
    "sparse": (lambda: recurrent("convlem", doubling=True, stations=4), "SparseWaveCastNet", (1, 24, 16)),
    "ablation_lem": (lambda: recurrent("convlem", doubling=False, feedback=True), "WaveCastNet", (1, 12, 8)),
    "ablation_lstm": (lambda: recurrent("convlstm", doubling=False), "WaveCastNet", (1, 12, 8)),
    "ablation_gru": (lambda: recurrent("gru", doubling=False), "WaveCastNet", (1, 12, 8)),
    "swin": (swin, "VideoSwin", (3, 27, 18)),
    "time_s_plain": (plain, "TimeSformer", (3, 80, 56)),
    "time_s_pyramid": (pyramid, "PyramidTimeSformer", (3, 80, 56)),
}


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("quakeview.registry.user_models_dir", lambda: tmp_path / "models")
    return tmp_path / "models"


@pytest.fixture
def stations(tmp_path: Path) -> Path:
    np.save(tmp_path / "filtered_coord.npy", STATIONS)
    return tmp_path / "filtered_coord.npy"


def sentence(call: Callable, *args, **known) -> str:
    with pytest.raises(QuakeViewError) as error:
        call(*args, **known)
    text = str(error.value)
    assert "\n" not in text
    assert text.endswith(".")
    return text


@pytest.mark.parametrize("name", CHECKPOINTS)
def test_a_checkpoint_becomes_a_folder_that_forecasts_the_same(
    name: str, models: Path, stations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights, kind, (components, *frame) = CHECKPOINTS[name]
    path = tmp_path / f"best_{name}_.pt"
    torch.save({f"module.{name}": weight for name, weight in weights().items()}, path)
    assert cli.main(["models", "import", str(path), "--name", name, "--stations", str(stations)]) == 0
    folder = models / name
    assert capsys.readouterr().out == f"{folder}\n"
    network, again = read_official(path, [tuple(station) for station in STATIONS.tolist()]), load_network(folder)
    assert type(again).__name__ == kind
    assert again.config == network.config
    assert not again.training
    frames = torch.randn(1, components, 4, *frame)
    with torch.inference_mode():
        future = again(frames, 3)
        torch.testing.assert_close(future, network(frames, 3), atol=0, rtol=0)
    assert future.shape == (1, components, 3, *frame)
    card = read_card(folder)
    assert (card.name, card.system, card.task) == (name, "WaveCastNet", "frame_forecasting")
    assert card.parameters == sum(weight.numel() for weight in network.parameters())
    assert "imported from best_" in card.trained_on
    assert f"# {name}" in (folder / "README.md").read_text()


@needs_shared
@pytest.mark.parametrize(
    "name", ["wavecastnet_dense_c1k48", "wavecastnet_ablation_lem_c1k48", "wavecastnet_ablation_lstm_c1k48"]
)
def test_an_imported_network_forecasts_what_the_published_one_did(name: str, models: Path, tmp_path: Path) -> None:
    weights, tensors = golden(SHARED / "golden" / f"{name}.npz")
    torch.save(weights, tmp_path / f"{name}.pt")
    network = load_network(import_official(tmp_path / f"{name}.pt"))
    with torch.inference_mode():
        forecast = network(tensors["x"], int(tensors["future"]), tensors["decoder_init"])
    torch.testing.assert_close(forecast, tensors["out"], atol=1e-5, rtol=1e-5)


def test_what_the_weights_do_not_say_is_as_published(stations: Path, tmp_path: Path) -> None:
    torch.save(recurrent("convlem", doubling=True, stations=564), tmp_path / "sparse.pt")
    places = [(n // 16, n % 16) for n in range(564 // 2)] * 2
    config = read_official(tmp_path / "sparse.pt", [(row % 24, column) for row, column in places]).config
    assert isinstance(config, SparseConfig)
    assert config.missing == pytest.approx(0.8209219858156028)
    torch.save(swin(), tmp_path / "swin.pt")
    assert read_official(tmp_path / "swin.pt").config.window == (2, 3, 3)
    torch.save(pyramid(), tmp_path / "pyramid.pt")
    config = read_official(tmp_path / "pyramid.pt").config
    assert (config.frame, config.heads, config.frames, config.raster) == ((80, 56), (4, 12, 12, 4), 4, True)


def test_the_normalisation_is_that_of_the_pixels_the_network_sees(models: Path, tmp_path: Path) -> None:
    mean = np.random.default_rng(1).standard_normal((3, 344, 224)).astype(np.float32)
    np.save(tmp_path / "mean.npy", mean)
    np.save(tmp_path / "deviation.npy", 1 + mean**2)
    given = {"mean": tmp_path / "mean.npy", "deviation": tmp_path / "deviation.npy"}
    torch.save(plain(), tmp_path / "plain.pt")
    normalisation = load_normalisation(import_official(tmp_path / "plain.pt", **given))
    assert normalisation is not None
    torch.testing.assert_close(normalisation.mean.numpy(), mean[:, 10:330:4, ::4])
    torch.testing.assert_close(normalisation.deviation.numpy(), 1 + mean[:, 10:330:4, ::4] ** 2)
    assert load_normalisation(import_official(tmp_path / "plain.pt", name="without")) is None
    torch.save(recurrent("gru", doubling=False), tmp_path / "gru.pt")
    assert "12 x 8" in sentence(import_official, tmp_path / "gru.pt", **given)
    assert "both" in sentence(import_official, tmp_path / "plain.pt", name="c", mean=given["mean"])
    given["deviation"] = given["mean"]
    assert "not positive" in sentence(import_official, tmp_path / "plain.pt", name="c", **given)
    assert not (models / "c").exists()


class Intruder:
    def __reduce__(self):
        return print, ("this must not run",)


def test_files_that_are_no_checkpoint_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = recurrent("convlem", doubling=False, feedback=True)
    contents = {
        "other": ({"features.0.weight": torch.zeros(3)}, "no whole network"),
        "list": ([torch.zeros(3)], "no named weights"),
        "numbers": ({"epoch": 3}, "no named weights"),
        "code": ({"state_dict": Intruder()}, "program code"),
        "extra": (whole | {"encoder.Attention.weight": torch.zeros(3)}, "does not fit WaveCastNet"),
        "shape": (whole | {"conv1.weight": torch.zeros(3, 3)}, "does not fit WaveCastNet"),
        "flat": (whole | {"encoder_1_convlem.W_z1": torch.tensor(0.0)}, "no whole network"),
        "part": ({name: weight for name, weight in whole.items() if "conv1" not in name}, "no whole network"),
        "swin": (swin() | {"merge.norm.weight": torch.zeros(7)}, "no whole network"),
        "windows": (swin() | {"layers.0.blocks.0.attn.relative_position_index": torch.zeros(5, 5)}, "no whole network"),
    }
    for name, (content, told) in contents.items():
        torch.save(content, tmp_path / f"{name}.pt")
        assert told in sentence(read_official, tmp_path / f"{name}.pt"), name
    torch.save(whole, tmp_path / "whole.pt")
    (tmp_path / "half.pt").write_bytes((tmp_path / "whole.pt").read_bytes()[:5000])
    assert "damaged" in sentence(read_official, tmp_path / "half.pt")
    assert "check the name" in sentence(read_official, tmp_path / "nowhere.pt")
    assert "must not run" not in capsys.readouterr().out


def test_what_is_wrong_with_stations_and_names(models: Path, stations: Path, tmp_path: Path) -> None:
    path = tmp_path / "sparse.pt"
    torch.save(recurrent("convlem", doubling=True, stations=4), path)
    assert "for 4 stations, and the pixels of 0" in sentence(import_official, path)
    np.save(tmp_path / "three.npy", STATIONS[:3])
    np.save(tmp_path / "far.npy", STATIONS + 10)
    np.save(tmp_path / "real.npy", STATIONS / 2)
    (tmp_path / "text.npy").write_text("0 3\n")
    assert "of 3 were given" in sentence(import_official, path, stations=tmp_path / "three.npy")
    assert "24 x 16" in sentence(import_official, path, stations=tmp_path / "far.npy")
    assert "n x 2 whole numbers" in sentence(import_official, path, stations=tmp_path / "real.npy")
    assert "no NumPy array" in sentence(import_official, path, stations=tmp_path / "text.npy")
    assert not models.exists()
    import_official(path, stations=stations)
    assert "already" in sentence(import_official, path, stations=stations)


def test_broken_folders(models: Path, tmp_path: Path) -> None:
    torch.save(recurrent("gru", doubling=False), tmp_path / "gru.pt")
    folder = import_official(tmp_path / "gru.pt")
    config, weights = folder / "config.json", folder / "model.safetensors"
    described = json.loads(config.read_text())
    for wrong in ({"name": "LSTM"}, {"config": {"wings": 2}}, {"config": 3}):
        config.write_text(json.dumps(described | {"network": described["network"] | wrong}))
        assert "does not describe" in sentence(load_network, folder)
    config.write_text("{")
    assert "damaged" in sentence(load_network, folder)
    described["network"]["config"]["channels"] = 96
    config.write_text(json.dumps(described))
    assert "does not fit WaveCastNet" in sentence(load_network, folder)
    weights.write_bytes(b"not weights")
    assert "damaged" in sentence(load_network, folder)
    assert "not a model folder" in sentence(load_network, tmp_path)
    (tmp_path / "file").write_text("")
    network = read_official(tmp_path / "gru.pt")
    assert "could not be made" in sentence(save_network, tmp_path / "file" / "x", network, {"name": "x"})
