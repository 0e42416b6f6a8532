"""Pickers of SeisBench: with SeisBench, networks of random weights that the tests save; without it, the sentences."""

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from obspy import Stream, Trace, UTCDateTime, read

from quakeview import cli
from quakeview.errors import QuakeViewError
from quakeview.model_import import add_seisbench_picker
from quakeview.monitoring import seisbench_folder
from quakeview.monitoring.annotate import annotate_station, pick_archive
from quakeview.monitoring.picker import find_picker, load_picker
from quakeview.monitoring.seisbench_names import PICKERS
from quakeview.registry import available_models, read_card
from quakeview.waveforms.archive import Archive

ORIGIN = "nothing: random weights of a test"
needs_seisbench = pytest.mark.skipif(find_spec("seisbench") is None, reason="SeisBench is not installed")
without_seisbench = pytest.mark.skipif(find_spec("seisbench") is not None, reason="SeisBench is installed")


def saved(folder: Path, picker: str = "PhaseNet", **arguments: Any) -> Path:
    """A picker of random weights as SeisBench saves it."""
    models = pytest.importorskip("seisbench.models")
    torch.manual_seed(0)
    folder.mkdir(parents=True, exist_ok=True)
    model = getattr(models, picker)(**({"phases": "PSN"} if picker == "GPD" else {}), **arguments)
    model.save(folder / "random")
    return folder / "random.pt"


@pytest.fixture
def example(tmp_path: Path) -> Archive:
    """Two minutes of three components at 50 Hz."""
    rng = np.random.default_rng(0)
    header = {"network": "XX", "station": "ABC", "starttime": UTCDateTime(2024, 5, 1), "sampling_rate": 50.0}
    data = np.cumsum(rng.normal(size=(3, 6000)), axis=1).astype(np.float32)
    traces = [Trace(row, header | {"channel": f"HH{letter}"}) for row, letter in zip(data, "ZNE", strict=True)]
    Stream(traces).write(str(tmp_path / "example.mseed"), "MSEED")
    archive = Archive()
    archive.add([tmp_path / "example.mseed"])
    return archive


@needs_seisbench
@pytest.mark.parametrize("picker", PICKERS)
def test_every_picker_becomes_a_model_that_gives_probabilities(
    picker: str, tmp_path: Path, user_models: Path, example: Archive
) -> None:
    folder = add_seisbench_picker(saved(tmp_path / picker.lower(), picker), trained_on=ORIGIN)
    card = find_picker(f"{picker}/random")
    assert (card.folder, card.system, card.trained_on, card.unusable) == (folder, "SeisBench", ORIGIN, "")
    assert not card.scores
    assert {file.suffix for file in folder.iterdir()} == {".json", ".md", ".safetensors"}
    result = annotate_station(load_picker(card, "cpu"), example, next(iter(example.stations)))
    (curves,) = result.curves
    assert len(curves.p) == 120 * curves.sampling_rate - 1
    for curve in (curves.p, curves.s):
        assert np.isfinite(curve).all()
        assert 0 < curve.max() <= 1


@needs_seisbench
@pytest.mark.parametrize(
    ("picker", "arguments"),
    [
        ("PhaseNet", {}),
        ("PhaseNet", {"component_order": "ENZ", "phases": "PSN", "norm": "peak"}),
        ("PhaseNet", {"component_order": "Z12H", "in_channels": 4}),
        ("EQTransformer", {}),
        ("GPD", {}),
    ],
)
def test_probabilities_are_those_of_its_own_annotate(
    picker: str, arguments: dict[str, Any], tmp_path: Path, user_models: Path
) -> None:
    """In one window of the network, or, of points, in the middle of a record."""
    models = pytest.importorskip("seisbench.models")
    folder = add_seisbench_picker(saved(tmp_path / picker, picker, **arguments), trained_on=ORIGIN)
    loaded = load_picker(read_card(folder), "cpu")
    model = getattr(models, picker).load(tmp_path / picker / "random").eval()
    n = loaded.window_samples
    data = np.cumsum(np.random.default_rng(1).normal(size=(3, n)), axis=1).astype(np.float32)
    header = {"network": "XX", "station": "ABC", "starttime": UTCDateTime(0), "sampling_rate": loaded.sampling_rate}
    stream = Stream([Trace(row, header | {"channel": f"HH{letter}"}) for row, letter in zip(data, "ZNE", strict=True)])
    windows = loaded.windowing.prepare(data[None], np.ones((1, 3, n), bool), loaded.sampling_rate)
    ours = loaded.probabilities(windows)[0]
    annotated = model.annotate(stream)
    for phase, curve in zip("PS", ours, strict=True):
        (theirs,) = annotated.select(channel=f"*_{phase}")
        first = round(float(theirs.stats.starttime) * loaded.sampling_rate)
        step = round(loaded.sampling_rate / theirs.stats.sampling_rate)
        np.testing.assert_allclose(curve[first::step][: len(theirs)], theirs.data, atol=2e-5)
        assert np.isnan(curve[:first]).all()


@needs_seisbench
def test_a_filter_of_the_weights_is_applied(tmp_path: Path, user_models: Path) -> None:
    path = saved(tmp_path / "x", filter_args=["highpass"], filter_kwargs={"freq": 2.0})
    loaded = load_picker(read_card(add_seisbench_picker(path, picker="PhaseNet", trained_on=ORIGIN)), "cpu")
    time = np.arange(3001) / 100
    swell = np.broadcast_to(np.sin(2 * np.pi * 0.2 * time), (1, 3, 3001)).astype(np.float32)
    filtered = loaded.windowing.prepare(swell, np.ones(swell.shape, bool), 100.0)
    assert np.abs(filtered[..., 500:]).max() < 0.01
    odd = saved(tmp_path / "y", filter_args=["envelope"], filter_kwargs={})
    with pytest.raises(QuakeViewError, match="filtered in a way that is not done here"):
        add_seisbench_picker(odd, picker="PhaseNet", trained_on=ORIGIN, name="odd")


@needs_seisbench
def test_a_saved_picker_picks_on_the_command_line(
    tmp_path: Path, user_models: Path, example: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    path = saved(tmp_path / "phasenet")
    assert cli.main(["models", "add", str(path), "--trained-on", ORIGIN, "--name", "Random"]) == 0
    folder = Path(capsys.readouterr().out.strip())
    assert (folder.name, read_card(folder).name) == ("Random", "Random")
    arguments = ["pick", str(tmp_path / "example.mseed"), "--model", "Random", "--p-threshold", "0.01"]
    assert cli.main([*arguments, "--device", "cpu"]) == 0
    assert "XX,ABC" in capsys.readouterr().out


@needs_seisbench
def test_an_added_picker_is_found_by_either_name_and_not_downloaded_again(tmp_path: Path, user_models: Path) -> None:
    folder = add_seisbench_picker(saved(tmp_path / "phasenet"), trained_on=ORIGIN)
    for name in ("PhaseNet/random", "seisbench:PhaseNet/random", "seisbench:phasenet/random", folder):
        assert find_picker(name).folder == folder
    with pytest.raises(QuakeViewError, match="There is a model called PhaseNet-random already"):
        add_seisbench_picker(tmp_path / "phasenet", trained_on=ORIGIN)


@needs_seisbench
def test_a_download_is_kept_with_what_it_says_of_itself(
    tmp_path: Path, user_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SeisBench's cache stands in for the network."""
    seisbench = pytest.importorskip("seisbench")
    monkeypatch.setattr(seisbench, "cache_model_root", tmp_path / "cache")
    path = saved(tmp_path / "cache" / "phasenet")
    metadata = json.loads(path.with_suffix(".json").read_text())
    text = "Model trained on noise for 3 epochs.\nAuthor: nobody. Please cite no one."
    metadata |= {"docstring": text, "version": "2", "license": "CC-BY-4.0", "default_args": {"overlap": 1000}}
    (path.parent / "noise.json.v2").write_text(json.dumps(metadata))
    path.rename(path.parent / "noise.pt.v2")
    path.with_suffix(".json").unlink()
    monkeypatch.setattr("seisbench.models.PhaseNet.list_versions", classmethod(lambda *_, **__: ["2"]))
    card = find_picker("seisbench:PhaseNet/noise")
    assert (card.name, card.trained_on) == ("PhaseNet/noise", "noise for 3 epochs")
    config = json.loads((card.folder / "config.json").read_text())
    assert config["network"]["version"] == "2"
    assert config["card"]["licence"] == "CC-BY-4.0"
    assert "Author: nobody." in config["card"]["about"]
    assert len(config["checksum"]["sha256"]) == 64
    assert load_picker(card, "cpu").windowing.hop == 3001 - 1000
    monkeypatch.setattr(seisbench, "cache_model_root", tmp_path / "gone")
    assert find_picker("seisbench:PhaseNet/noise") == card


@needs_seisbench
def test_no_network_is_a_sentence_with_the_address(user_models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise ConnectionError("no route")

    monkeypatch.setattr(seisbench_folder, "fetch", refuse)
    with pytest.raises(QuakeViewError, match=r"https://.*/models/v3/phasenet cannot be reached: .* on another machine"):
        find_picker("seisbench:PhaseNet/stead")
    monkeypatch.setattr("seisbench.models.PhaseNet.list_pretrained", refuse)
    with pytest.raises(QuakeViewError, match="cannot be reached"):
        seisbench_folder.weights_of("PhaseNet")
    assert available_models() == [card for card in available_models() if card.system != "SeisBench"]


@needs_seisbench
def test_weights_that_there_are_not_are_a_sentence(user_models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seisbench.models.PhaseNet.list_versions", classmethod(lambda *_, **__: []))
    monkeypatch.setattr(seisbench_folder, "fetch", lambda *_: None)
    with pytest.raises(QuakeViewError, match="SeisBench has no weights 'moon' at https"):
        find_picker("seisbench:PhaseNet/moon")


@needs_seisbench
def test_what_cannot_be_added_is_told_in_a_sentence(tmp_path: Path, user_models: Path) -> None:
    path = saved(tmp_path / "x")
    for arguments, sentence in {
        (path, None, ORIGIN): "SeisBench has no picker 'x' that works here; choose one of PhaseNet",
        (path, "PhaseNet", ""): "does not say where the weights come from",
        (path, "EQTransformer", ORIGIN): r"random\.pt does not fit EQTransformer",
        (tmp_path / "none.pt", "PhaseNet", ORIGIN): "SeisBench saves a picker as NAME.pt and NAME.json",
        (tmp_path, "PhaseNet", ORIGIN): "has 0 files of weights",
    }.items():
        what, picker, trained_on = arguments
        with pytest.raises(QuakeViewError, match=sentence):
            add_seisbench_picker(what, picker=picker, trained_on=trained_on)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(QuakeViewError, match="not a PyTorch checkpoint, or it is damaged"):
        add_seisbench_picker(path, picker="PhaseNet", trained_on=ORIGIN)
    path.with_suffix(".json").write_text("{")
    with pytest.raises(QuakeViewError, match=r"random\.json cannot be read"):
        add_seisbench_picker(path, picker="PhaseNet", trained_on=ORIGIN)
    assert not user_models.exists()


@needs_seisbench
def test_weights_that_changed_since_are_not_used(tmp_path: Path, user_models: Path) -> None:
    folder = add_seisbench_picker(saved(tmp_path / "phasenet"), trained_on=ORIGIN)
    weights = bytearray((folder / "model.safetensors").read_bytes())
    weights[-5] ^= 1
    (folder / "model.safetensors").write_bytes(weights)
    with pytest.raises(QuakeViewError, match="is damaged; get the model again"):
        load_picker(read_card(folder), "cpu")


@needs_seisbench
def test_a_picker_without_p_and_s_is_refused(tmp_path: Path, user_models: Path) -> None:
    path = saved(tmp_path / "phasenet", phases=["N", "Pn", "Sn"])
    with pytest.raises(QuakeViewError, match="apart, not P and S"):
        add_seisbench_picker(path, trained_on=ORIGIN)


def test_a_name_says_picker_and_weights(user_models: Path) -> None:
    with pytest.raises(QuakeViewError, match="SeisBench has no picker 'CRED' that works here; choose one of PhaseNet"):
        find_picker("seisbench:CRED/original")
    with pytest.raises(QuakeViewError, match="does not say which weights; write for instance PhaseNet/stead"):
        find_picker("seisbench:PhaseNet")


@without_seisbench
def test_without_seisbench_the_sentence_has_the_command(
    tmp_path: Path, user_models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read().write(str(tmp_path / "example.mseed"), "MSEED")
    assert cli.main(["pick", str(tmp_path / "example.mseed"), "--model", "seisbench:PhaseNet/stead"]) == 1
    assert "SeisBench is not installed; install it with 'pip install seisbench'" in capsys.readouterr().err
    assert cli.main(["models", "add", "PhaseNet/stead"]) == 1
    assert "pip install seisbench" in capsys.readouterr().err


def test_a_folder_of_another_machine_needs_seisbench_too(user_models: Path, tmp_path: Path) -> None:
    from quakeview.model_folders import write_model

    card = {"name": "PhaseNet/far", "system": "SeisBench", "task": "picking", "parameters": 1}
    network = {"picker": "PhaseNet", "model_args": {}, "default_args": {}}
    write_model(user_models / "far", {"network": network, "card": card}, {"far": torch.zeros(1)})
    with pytest.raises(QuakeViewError, match="SeisBench is not installed" if not find_spec("seisbench") else "not fit"):
        load_picker(find_picker("PhaseNet/far"), "cpu")
    with pytest.raises(QuakeViewError, match="is of Oracle, which cannot pick here"):
        load_picker(replace(find_picker("PhaseNet/far"), system="Oracle"))


def test_a_model_of_another_task_cannot_pick(user_models: Path, example: Archive) -> None:
    with pytest.raises(QuakeViewError, match="is a forecasting model, not for picking; choose one of"):
        pick_archive(example, next(card.name for card in available_models() if card.forecasts))
