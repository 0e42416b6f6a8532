"""Models for other programs: the copy is run beside the original, and nothing is kept that says something else."""

import json
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
import torch

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.model_export import exporting
from quakeview.model_export.exporting import ARCHIVE, FOLDER, SEISBENCH, TORCHSCRIPT, export_model
from quakeview.model_export.preparation import Preparation
from quakeview.model_import import import_checkpoint
from quakeview.monitoring import seist_folder
from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.monitoring.preprocessing import high_pass, normalise, standardise
from quakeview.monitoring.seismollm import SeisMoLLM
from quakeview.monitoring.seismollm_folder import save_model
from quakeview.monitoring.seist import SeisT
from quakeview.registry import ModelCard, read_card
from quakeview.simulation.region import HAYWARD
from quakeview.single_station.folder import save_characteriser
from quakeview.single_station.network import Characteriser, HeadSizes
from quakeview.wavefield.forecasting.model_files import ForecasterFacts, save_forecaster
from quakeview.wavefield.networks.time_patched import TimePatchedConfig, TimePatchedWaveCastNet
from tests.wavefield.published_files import dense
from tests.wavefield.published_files import write_model as write_published

SIZES = {
    "conv_channels": (4, 4, 8, 8),
    "patch_size": 8,
    "n_layers": 1,
    "n_heads": 2,
    "n_positions": 32,
    "causal": False,
    "lora_rank": 0,
    "head_channels": (8, 8, 8, 6),
    "window_samples": 1024,
}


@pytest.fixture
def picker(tmp_path: Path) -> ModelCard:
    """A small network of random weights."""
    torch.manual_seed(0)
    card = {"name": "Small one", "trained_on": 'nothing: "random" weights', "scores": {}, "licence": "CC0"}
    save_model(tmp_path / "Small one", SeisMoLLM(SeisMoLLMConfig(**SIZES)), card)
    return read_card(tmp_path / "Small one")


def test_preparation_does_what_the_pickers_do() -> None:
    rng = np.random.default_rng(0)
    data = (500 * np.cumsum(rng.normal(size=(2, 3, 2000)), axis=-1) + 1e4).astype(np.float32)
    data[1, 2] = 0
    valid = np.broadcast_to(np.ptp(data, axis=-1, keepdims=True) > 0, data.shape)
    for prepare, mine in (
        (normalise, Preparation(lambda samples: high_pass(samples, 50.0), "record")),
        (standardise, Preparation(None, "component")),
    ):
        np.testing.assert_allclose(mine(torch.from_numpy(data)), prepare(data, valid, 50.0), atol=2e-4)


def test_torchscript_runs_without_quakeview(picker: ModelCard, tmp_path: Path) -> None:
    exported = export_model(picker, TORCHSCRIPT, tmp_path / "small")
    assert exported.path == tmp_path / "small.torchscript"
    assert 0 <= exported.difference < exporting.LARGEST_DIFFERENCE
    assert "was written; its answers and those of the original" in exported.sentence
    extra = {"config.json": ""}
    copy = torch.jit.load(exported.path, _extra_files=extra)
    facts = json.loads(extra["config.json"])
    assert (facts["sampling_rate"], facts["components"], facts["licence"]) == (50.0, "ZNE", "CC0")
    assert copy(torch.randn(5, 3, 1024)).shape == (5, 2, 1024)


def test_a_folder_and_an_archive_come_back_as_models(picker: ModelCard, tmp_path: Path, user_models: Path) -> None:
    folder = export_model(picker, FOLDER, tmp_path / "copy")
    assert folder.difference == 0
    assert "are identical" in folder.sentence
    archive = export_model(picker, ARCHIVE, tmp_path / "copy")
    assert "Small one/model.safetensors" in ZipFile(archive.path).namelist()
    for path, name in ((folder.path, "From folder"), (archive.path, "From archive")):
        assert read_card(import_checkpoint(path, name=name)).name == name
    (tmp_path / "letter.zip").write_text("no archive")
    with pytest.raises(QuakeViewError, match=r"letter\.zip is no archive"):
        import_checkpoint(tmp_path / "letter.zip")


@pytest.mark.parametrize("kind", [FOLDER, ARCHIVE, TORCHSCRIPT])
def test_a_copy_that_says_something_else_is_not_kept(
    kind: str, picker: ModelCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "LARGEST_DIFFERENCE", -1.0)
    before = set(tmp_path.iterdir())
    with pytest.raises(QuakeViewError, match=r"The copy differs from the original by .* so it was not written"):
        export_model(picker, kind, tmp_path / "copy")
    assert set(tmp_path.iterdir()) == before


def test_what_cannot_be_exported_is_a_sentence(picker: ModelCard, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(QuakeViewError, match="there exists already"):
        export_model(picker, FOLDER, tmp_path / "there")
    with pytest.raises(QuakeViewError, match="There is no format 'pickle'"):
        export_model(picker, "pickle", tmp_path / "copy")
    with pytest.raises(QuakeViewError, match="could not be written"):
        export_model(picker, TORCHSCRIPT, tmp_path / "nowhere" / "copy")
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        export_model(picker, FOLDER, tmp_path / "copy", progress)
    weights = picker.folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-40])
    with pytest.raises(QuakeViewError, match="damaged"):
        export_model(picker, TORCHSCRIPT, tmp_path / "copy")
    assert not list(tmp_path.glob("copy*"))


@pytest.mark.skipif(find_spec("seisbench") is not None, reason="SeisBench is installed")
def test_without_seisbench_the_sentence_has_the_command(picker: ModelCard, tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match="pip install seisbench"):
        export_model(picker, SEISBENCH, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.skipif(find_spec("seisbench") is None, reason="SeisBench is not installed")
def test_seisbench_loads_and_annotates_a_copy(
    picker: ModelCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from obspy import Stream, Trace

    exported = export_model(picker, SEISBENCH, tmp_path / "copy")
    monkeypatch.syspath_prepend(exported.path)
    model = import_module("small_one").Small_one.load(exported.path / "Small one")
    data = np.random.default_rng(0).normal(size=(3, 3000)).astype(np.float32)
    header = {"network": "XX", "station": "ABC", "sampling_rate": 50.0}
    stream = Stream([Trace(row, header | {"channel": f"HH{letter}"}) for row, letter in zip(data, "ZNE", strict=True)])
    annotated = model.annotate(stream)
    assert {trace.stats.channel for trace in annotated} == {"Small_one_P", "Small_one_S"}
    assert model.classify(stream).picks is not None
    del sys.modules["small_one"]


def seist(folder: Path) -> None:
    card = {"name": "SeisT", "trained_on": "nothing"}
    seist_folder.save_model(folder, SeisT("S"), "S", card, 50.0)


def distance(folder: Path) -> None:
    save_model(folder, SeisMoLLM(SeisMoLLMConfig(**SIZES | {"task": "distance"})), {"name": "D", "trained_on": "no"})


def station(folder: Path) -> None:
    trunk = SeisMoLLMConfig(**SIZES | {"window_samples": 4096, "n_positions": 64})
    save_characteriser(folder, Characteriser(trunk, HeadSizes(8, 8)), {"name": "Station", "trained_on": "nothing"})


def ensemble(folder: Path) -> None:
    nodes = 16, 12
    facts = ForecasterFacts(HAYWARD, (500.0, 500.0), 1000.0, nodes, 2.0, 0.25, 10, True)
    members = [TimePatchedWaveCastNet(TimePatchedConfig(nodes, channels=4)) for _ in range(2)]
    save_forecaster(folder, members, facts, {"name": "Ensemble", "trained_on": "nothing"})


def published(folder: Path) -> None:
    folder.parent.joinpath("published").mkdir()
    made = write_published(folder.parent / "published", dense(), "Published")
    made.rename(folder)


@pytest.mark.parametrize("make", [seist, distance, station, ensemble, published])
def test_every_kind_of_network_is_the_same_in_torchscript(make: Any, tmp_path: Path, user_models: Path) -> None:
    torch.manual_seed(1)
    make(tmp_path / "model")
    exported = export_model(read_card(tmp_path / "model"), TORCHSCRIPT, tmp_path / "copy")
    assert exported.path.is_file()
    assert exported.difference < 1e-4


def test_a_network_that_says_no_numbers_is_not_exported(picker: ModelCard, tmp_path: Path) -> None:
    network = SeisMoLLM(SeisMoLLMConfig(**SIZES))
    torch.nn.init.constant_(network.head.output.weight, torch.nan)
    save_model(picker.folder, network, {"name": "Small one", "trained_on": "nothing"})
    with pytest.raises(QuakeViewError, match="answers no numbers"):
        export_model(picker, TORCHSCRIPT, tmp_path / "copy")
    assert not list(tmp_path.glob("copy*"))
