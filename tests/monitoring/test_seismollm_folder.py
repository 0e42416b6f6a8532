import json
import pickle

import pytest
import torch
from safetensors.torch import save_file

from quakeview.errors import QuakeViewError
from quakeview.monitoring.official import NAMES, read_official, rename
from quakeview.monitoring.seismollm import SeisMoLLM
from quakeview.monitoring.seismollm_folder import load_model, save_model
from quakeview.registry import read_card
from tests.monitoring.golden import official_names, tiny_config

CARD = {
    "name": "tiny",
    "trained_on": "noise",
    "scores": {"P F1 0.1 s": 0.91234},
    "command": "quakeview train run.toml",
    "run": '[model]\npreset = "small"',
    "minutes": 3,
}


@pytest.fixture
def network():
    torch.manual_seed(0)
    network = SeisMoLLM(tiny_config("picking", n_heads=4, head_channels=(8, 8, 8, 6), lora_rank=4)).eval()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return network


@pytest.fixture
def window():
    return torch.randn(1, 3, 512)


def official_file(network, path, wrap=lambda weights: weights):
    torch.save(wrap(official_names(network.state_dict())), path)
    return path


def sentence(call, *args, **known):
    with pytest.raises(QuakeViewError) as error:
        call(*args, **known)
    text = str(error.value)
    assert "\n" not in text
    assert text.endswith(".")
    return text


@pytest.mark.parametrize("task", ["picking", "distance"])
@pytest.mark.parametrize("merge", [True, False])
def test_model_folder_round_trip(task, merge, tmp_path):
    network = SeisMoLLM(tiny_config(task, head_channels=(8, 8, 8, 6), lora_rank=4)).eval()
    network = network.merged() if merge else network
    save_model(tmp_path / "deep" / "tiny", network, CARD)
    read = load_model(tmp_path / "deep" / "tiny")
    assert read.config == network.config
    assert not read.training
    x = torch.randn(1, 3, 1024)
    torch.testing.assert_close(read(x), network(x), atol=0, rtol=0)


def test_model_card(network, tmp_path):
    save_model(tmp_path, network, CARD)
    text = (tmp_path / "README.md").read_text()
    assert "Backbone: GPT-2 layout, no pre-training" in text
    assert f"Input: 3 components (Z, N, E) at {network.config.sampling_rate:g} Hz" in text
    card = read_card(tmp_path)
    assert (card.name, card.system, card.task) == ("tiny", "SeisMoLLM", "picking")
    assert card.parameters == sum(p.numel() for p in network.parameters())


def test_the_label_of_the_backbone_survives_saving(network, tmp_path):
    save_model(tmp_path / "a", network, CARD)
    path = tmp_path / "a" / "config.json"
    config = json.loads(path.read_text())
    config["network"]["backbone"] = "GPT-2, pre-trained weights from somewhere"
    path.write_text(json.dumps(config))
    assert load_model(tmp_path / "a").config.backbone == "GPT-2, pre-trained weights from somewhere"


@pytest.mark.parametrize(
    "wrap",
    [
        lambda weights: weights,
        lambda weights: {"model_dict": weights, "epoch": 3, "loss": 0.1},
        lambda weights: {"state_dict": {f"module.{name}": w for name, w in weights.items()}},
        lambda weights: {"model_dict": {f"module._orig_mod.{name}": w for name, w in weights.items()}},
        lambda weights: {f"_orig_mod.module.{name}": w for name, w in weights.items()},
        lambda weights: weights | {"llm_blocks.llm.base_model.model.h.0.attn.bias": torch.ones(1, 1, 8, 8)},
    ],
)
def test_wrapped_official_checkpoints(wrap, network, window, tmp_path):
    path = official_file(network, tmp_path / "best.pth", wrap)
    read = read_official(path, n_heads=4)
    assert read.config.lora_rank == 4
    assert read.config.head_channels == (8, 8, 8, 6)
    assert read.config.backbone == "GPT-2 layout, weights from the checkpoint best.pth"
    torch.testing.assert_close(read(window), network(window))


def test_official_checkpoint_without_adapters(network, window, tmp_path):
    path = official_file(network.merged(), tmp_path / "best.pth")
    read = read_official(path, n_heads=4)
    assert read.config.lora_rank == 0
    torch.testing.assert_close(read(window), network(window), atol=1e-5, rtol=1e-5)


def test_standard_head_width_needs_no_help(tmp_path):
    config = tiny_config("magnitude", conv_channels=(4, 6, 8, 16), n_heads=2, n_layers=1, lora_rank=0)
    path = official_file(SeisMoLLM(config), tmp_path / "SeisMoLLM_emg_diting.pth")
    read = load_model(path)
    assert (read.config.n_heads, read.config.task, read.config.pad_to_patch) == (2, "magnitude", False)


@pytest.mark.parametrize(
    ("task", "file", "told"),
    [
        ("distance", "SeisMoLLM_dis.pth", None),
        ("distance", "best.pth", "a magnitude or a distance network"),
        ("back_azimuth", "baz.pth", None),
        ("polarity", "emg.pth", "a polarity or a back_azimuth network"),
    ],
)
def test_tasks_whose_tensors_are_alike(task, file, told, tmp_path):
    path = official_file(SeisMoLLM(tiny_config(task)), tmp_path / file)
    if told:
        assert told in sentence(read_official, path, n_heads=4)
        assert read_official(path, task=task, n_heads=4).config.task == task
    else:
        assert read_official(path, n_heads=4).config.task == task


def test_names_go_both_ways(network):
    back = tuple((ours, theirs) for theirs, ours in NAMES)
    for name in network.state_dict():
        theirs = rename(name, back)
        assert theirs != name
        assert rename(theirs, NAMES) == name


class Intruder:
    def __reduce__(self):
        return print, ("this must not run",)


def test_files_that_are_no_checkpoint(network, tmp_path, capsys):
    whole = official_file(network, tmp_path / "whole.pth").read_bytes()
    contents = {
        "text.pth": b"hello, I am a text\n" * 30,
        "empty.pth": b"",
        "truncated.pth": whole[: len(whole) // 2],
        "code.pth": pickle.dumps({"weights": Intruder()}, protocol=2),
    }
    told = {}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        told[name] = sentence(load_model, tmp_path / name)
        assert name in told[name]
    torch.save({"state_dict": Intruder()}, tmp_path / "zip.pth")
    assert "program code" in sentence(load_model, tmp_path / "zip.pth")
    assert "not a PyTorch checkpoint" in told["text.pth"]
    assert "must not run" not in capsys.readouterr().out
    assert "There is no model" in sentence(load_model, tmp_path / "nowhere.pth")


def test_weights_of_something_else(network, tmp_path):
    weights = official_names(network.state_dict())
    told = {
        "other": {"features.0.weight": torch.zeros(3)},
        "list": [torch.zeros(3)],
        "numbers": {"epoch": 3},
        "embedder": {name: w for name, w in weights.items() if name.startswith("convs.")},
        "headless": {name: w for name, w in weights.items() if not name.startswith("out_head")},
        "shape": weights | {"out_head.out_conv.weight": torch.zeros(3, 6, 9)},
        "extra": weights | {"out_head.out_conv.scale": torch.zeros(1)},
    }
    for name, content in told.items():
        torch.save(content, tmp_path / f"{name}.pth")
        told[name] = sentence(read_official, tmp_path / f"{name}.pth", n_heads=4)
    assert "another network than SeisMoLLM or SeisT (it has 'features.0.weight')" in told["other"]
    assert "no named weights" in told["list"]
    assert "no named weights" in told["numbers"]
    assert "not a whole SeisMoLLM" in told["embedder"]
    assert "head is missing" in told["headless"]
    assert "does not fit" in told["shape"]
    assert "does not fit" in told["extra"]
    assert "give n_heads" in sentence(read_official, official_file(network, tmp_path / "dpk.pth"))


def test_broken_model_folders(network, tmp_path):
    assert "not a model folder" in sentence(load_model, tmp_path)
    save_model(tmp_path, network, CARD)
    weights, config = tmp_path / "model.safetensors", tmp_path / "config.json"
    whole = config.read_text()
    save_file({"features.0.weight": torch.zeros(3)}, weights)
    assert "does not fit SeisMoLLM" in sentence(load_model, tmp_path)
    weights.write_bytes(b"not weights")
    assert "damaged" in sentence(load_model, tmp_path)
    weights.unlink()
    assert "cannot be read" in sentence(load_model, tmp_path)
    for text in ("{", "[]"):
        config.write_text(text)
        assert "damaged" in sentence(load_model, tmp_path)
    for text in ("{}", '{"network": 3}', '{"network": {"kind": "time-patched"}}'):
        config.write_text(text)
        assert "does not describe a SeisMoLLM" in sentence(load_model, tmp_path)
    config.write_text(whole.replace('"n_layers"', '"n_wings"'))
    assert "no setting n_wings" in sentence(load_model, tmp_path)


def test_a_place_that_cannot_be_written(network, tmp_path):
    (tmp_path / "file").write_text("")
    assert "could not be made" in sentence(save_model, tmp_path / "file" / "model", network, CARD)
