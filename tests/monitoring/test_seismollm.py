from dataclasses import replace

import pytest
import torch
from torch.nn import functional as F

from quakeview.errors import QuakeViewError
from quakeview.monitoring.backbone import gpt2_blocks, untrained_gpt2
from quakeview.monitoring.embedder import Branch, pad_same
from quakeview.monitoring.heads import PickingHead, convolve
from quakeview.monitoring.network_config import BLOCKS, NO_PRETRAINING, TASKS, SeisMoLLMConfig
from quakeview.monitoring.official import TASK_NAMES, read_official
from quakeview.monitoring.seismollm import SeisMoLLM
from tests.monitoring.golden import COMMITTED, official_names, read_golden, tiny_config
from tests.shared import SHARED, needs_shared

OUTPUTS = {"picking": (2, 3, 1300), "polarity": (2, 2), "magnitude": (2, 1), "distance": (2, 1), "back_azimuth": (2, 2)}


def small_tiny(task: str = "picking", **changes) -> SeisMoLLMConfig:
    settings = {"pad_to_patch": True, "lora_rank": 0, "dropout": 0.0, "head_channels": (8, 8, 8, 6)}
    return tiny_config(task, **(settings | changes))


def assert_golden(path, tmp_path, short, length):
    weights, tensors = read_golden(path)
    torch.save(weights, tmp_path / f"{short}.pth")
    network = read_official(tmp_path / f"{short}.pth", n_heads=4)
    assert network.config.task == TASK_NAMES[short]
    with torch.inference_mode():
        embedded = network.embedder(tensors["x"])
        language = network.backbone(embedded)
        torch.testing.assert_close(embedded, tensors["embed"], atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(language, tensors["llm"], atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(network(tensors["x"]), tensors["out"], atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(network.merged()(tensors["x"]), tensors["out"], atol=1e-5, rtol=1e-5)
    assert tensors["x"].shape[-1] == length


@pytest.mark.parametrize("length", [1024, 1000])
@pytest.mark.parametrize("short", ["pmp", "emg", "baz", "dis"])
def test_published_output(short, length, tmp_path):
    assert_golden(COMMITTED / f"seismollm_{short}_tiny_L{length}.npz", tmp_path, short, length)


@needs_shared
@pytest.mark.parametrize("length", [1024, 1000])
def test_published_picks(length, tmp_path):
    assert_golden(SHARED / "golden" / f"seismollm_dpk_tiny_L{length}.npz", tmp_path, "dpk", length)


@pytest.mark.parametrize(
    ("task", "parameters", "trainable", "tensors"),
    [
        ("picking", 23_743_863, 2_489_463, 230),
        ("polarity", 23_496_614, None, 206),
        ("back_azimuth", 23_496_614, None, 206),
        ("magnitude", 23_496_517, None, 206),
        ("distance", 23_496_517, None, 206),
    ],
)
def test_published_sizes(task, parameters, trainable, tensors):
    network = SeisMoLLM(SeisMoLLMConfig.paper(task))
    assert sum(p.numel() for p in network.parameters()) == parameters
    assert len(network.state_dict()) == tensors
    assert sum(p.numel() for p in network.embedder.parameters()) == 559_908
    assert sum(p.numel() for p in network.backbone.parameters()) == 22_641_408
    if trainable:
        assert sum(p.numel() for p in network.parameters() if p.requires_grad) == trainable


def test_adapters_are_on_every_linear_layer_and_their_biases_are_frozen():
    network = SeisMoLLM(tiny_config("picking"))
    names = official_names(network.state_dict())
    layer = "llm_blocks.llm.base_model.model.h.1.mlp.c_proj"
    assert names[f"{layer}.lora_A.default.weight"].shape == (16, 128)
    assert names[f"{layer}.base_layer.weight"].shape == (128, 32)
    frozen = {n.split(".")[-2] for n, p in network.backbone.named_parameters() if not p.requires_grad}
    assert frozen == {"base_layer", "wte"}


def test_merged_adapters_give_the_same_output():
    network = SeisMoLLM(small_tiny(lora_rank=4)).eval()
    for name, parameter in network.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.3)
    x = torch.randn(2, 3, 1024)
    merged = network.merged()
    assert merged.config.lora_rank == 0
    assert not any("lora" in name for name in merged.state_dict())
    before = network(x)
    torch.testing.assert_close(merged(x), before, atol=1e-5, rtol=1e-5)
    for name, parameter in network.named_parameters():
        if "lora_B" in name:
            torch.nn.init.zeros_(parameter)
    assert not torch.allclose(network(x), before, atol=1e-4)


@pytest.mark.parametrize("task", TASKS)
def test_every_head_answers_for_a_window_that_is_no_multiple_of_a_token(task):
    torch.manual_seed(0)
    network = SeisMoLLM(small_tiny(task)).eval()
    output = network(torch.randn(2, 3, 1300))
    assert output.shape == OUTPUTS[task]
    if task == "polarity":
        torch.testing.assert_close(output.sum(dim=1), torch.ones(2))


def test_padding_keeps_the_tail_that_the_published_code_drops():
    torch.manual_seed(0)
    padded = SeisMoLLM(small_tiny()).eval()
    dropping = SeisMoLLM(replace(padded.config, pad_to_patch=False)).eval()
    dropping.load_state_dict(padded.state_dict())
    x = torch.randn(1, 3, 1000)
    whole = F.pad(x, (0, 24))
    torch.testing.assert_close(padded(x), dropping(whole)[..., :1000])
    latent = dropping.embedder(x)
    changed = latent.clone()
    changed[..., 120:] += 1
    torch.testing.assert_close(dropping.backbone(changed), dropping.backbone(latent))
    torch.testing.assert_close(dropping(whole), padded(whole))


@pytest.mark.parametrize("causal", [True, False])
def test_the_future_counts_only_if_the_backbone_is_not_causal(causal):
    torch.manual_seed(0)
    network = SeisMoLLM(small_tiny(causal=causal)).eval()
    latent = torch.randn(1, 4, 128)
    future = latent.clone()
    future[..., 64:] = torch.randn(1, 4, 64)
    before, after = network.backbone(latent)[..., :64], network.backbone(future)[..., :64]
    assert torch.allclose(before, after, atol=1e-6) == causal


def test_tokens_go_channel_by_channel():
    network = SeisMoLLM(small_tiny())
    network.backbone.gpt2 = Recorder()
    latent = torch.arange(4 * 16.0).reshape(1, 4, 16)
    torch.testing.assert_close(network.backbone(latent), latent)
    tokens = network.backbone.gpt2.tokens
    torch.testing.assert_close(tokens[0, 1, :10], torch.tensor([8, 9, 10, 11, 12, 13, 14, 15, 24, 25.0]))


class Recorder(torch.nn.Module):
    def forward(self, inputs_embeds, **_):
        self.tokens = self.last_hidden_state = inputs_embeds
        return self


def test_the_whole_backbone_learns_without_adapters():
    network = SeisMoLLM(small_tiny())
    network(torch.randn(2, 3, 512)).sum().backward()
    still = [n for n, p in network.named_parameters() if p.numel() and (p.grad is None or not p.grad.any())]
    assert still == []


def test_two_networks_of_one_process_are_independent_and_repeatable():
    torch.manual_seed(3)
    first = SeisMoLLM(SeisMoLLMConfig.small())
    torch.manual_seed(3)
    second = SeisMoLLM(SeisMoLLMConfig.small())
    x = torch.randn(1, 3, 4096)
    assert first.config == second.config
    torch.testing.assert_close(first.eval()(x), second.eval()(x), atol=0, rtol=0)


def test_windows_of_impossible_length():
    with pytest.raises(QuakeViewError, match=r"takes windows of 64 to 4096 samples, not 4160"):
        SeisMoLLM(small_tiny())(torch.zeros(1, 3, 4100))
    with pytest.raises(QuakeViewError, match=r"magnitude network takes windows of 640"):
        SeisMoLLM(small_tiny("magnitude"))(torch.zeros(1, 3, 500))
    SeisMoLLM(small_tiny("magnitude")).eval()(torch.zeros(1, 3, 640))


def test_folded_projection_is_projection_then_convolution():
    torch.manual_seed(0)
    branch = Branch(3, 5, kernel_size=16, stride=2).eval()
    x = torch.randn(2, 3, 101)
    padded = pad_same(branch.in_proj(x), 16, 2)
    expected = F.gelu(branch.norm(branch.conv(padded)))
    assert expected.shape[-1] == 51
    torch.testing.assert_close(branch(x), expected, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("taps", [1, 6, 8, 9, 16])
def test_convolution_in_pieces(taps):
    torch.manual_seed(0)
    conv = torch.nn.Conv1d(4, 3, taps)
    x = torch.randn(2, 4, 50)
    torch.testing.assert_close(convolve(x, conv), conv(x), atol=1e-6, rtol=1e-5)


def test_picking_head_lengthens_geometrically():
    assert PickingHead(4, (8, 8, 8, 6)).stage_lengths(125, 1000) == [209, 353, 594, 1000]
    assert PickingHead(96, (8, 8, 8, 6)).stage_lengths(1024, 8192) == [1721, 2895, 4870, 8192]


def test_small_picker_is_small():
    config = SeisMoLLMConfig.small("picking")
    assert (config.causal, config.lora_rank, config.window_samples, config.sampling_rate) == (False, 0, 4096, 50)
    assert sum(p.numel() for p in SeisMoLLM(config).parameters()) < 3_000_000


def test_config_round_trip_and_its_sentences():
    config = SeisMoLLMConfig.small("distance")
    assert SeisMoLLMConfig.from_dict(config.to_dict()) == config
    with pytest.raises(QuakeViewError, match="no setting wings"):
        SeisMoLLMConfig.from_dict({"wings": 2})
    with pytest.raises(QuakeViewError, match="no task 'dancing'"):
        SeisMoLLMConfig(task="dancing")
    with pytest.raises(QuakeViewError, match="attention heads"):
        SeisMoLLMConfig(n_heads=7)
    with pytest.raises(QuakeViewError, match="wrong kind"):
        SeisMoLLMConfig.from_dict({"n_heads": "many"})


@pytest.fixture
def gpt2_folder(tmp_path):
    torch.manual_seed(1)
    untrained_gpt2(tiny_config("picking", n_layers=4, n_positions=128)).save_pretrained(tmp_path / "gpt2")
    return tmp_path / "gpt2"


def test_pretrained_blocks_come_from_a_folder(gpt2_folder):
    config = small_tiny(n_layers=2, n_positions=64)
    network = SeisMoLLM(config, backbone_source=gpt2_folder)
    assert network.config.backbone == f"GPT-2, pre-trained weights from {gpt2_folder}"
    torch.manual_seed(1)
    saved = untrained_gpt2(tiny_config("picking", n_layers=4, n_positions=128))
    blocks = network.backbone.gpt2
    assert len(blocks.h) == 2
    torch.testing.assert_close(blocks.h[1].mlp.c_fc.weight, saved.h[1].mlp.c_fc.weight)
    torch.testing.assert_close(blocks.wpe.weight, saved.wpe.weight[:64])
    adapted = SeisMoLLM(replace(config, lora_rank=4), backbone_source=gpt2_folder)
    weight = adapted.backbone.gpt2.base_model.model.h[1].mlp.c_fc.base_layer.weight
    torch.testing.assert_close(weight, saved.h[1].mlp.c_fc.weight)


def test_no_pretraining_is_said(gpt2_folder):
    claimed = replace(small_tiny(), backbone="GPT-2, pre-trained weights from a friend")
    assert SeisMoLLM(claimed).config.backbone == NO_PRETRAINING
    with pytest.raises(QuakeViewError, match=r"has 4 layers 32 wide .* needs 2, 64"):
        gpt2_blocks(replace(small_tiny(), conv_channels=(4, 6, 8, 8)), gpt2_folder)


def test_folders_without_gpt2(gpt2_folder, tmp_path):
    with pytest.raises(QuakeViewError, match="holds no GPT-2"):
        gpt2_blocks(small_tiny(), tmp_path / "nothing")
    settings = gpt2_folder / "config.json"
    settings.write_text(settings.read_text().replace('"gpt2"', '"bert"'))
    with pytest.raises(QuakeViewError, match="holds no GPT-2"):
        gpt2_blocks(small_tiny(), gpt2_folder)


def test_cache_without_gpt2_means_no_pretraining_and_the_hub_is_only_asked_by_name(monkeypatch):
    asked = []

    def nothing(source, local_files_only):
        asked.append(local_files_only)
        raise OSError("not here")

    monkeypatch.setattr("quakeview.monitoring.backbone._load_gpt2", nothing)
    _, origin = gpt2_blocks(small_tiny(), "cache")
    assert (origin, asked) == (NO_PRETRAINING, [True])
    with pytest.raises(QuakeViewError, match="could not be downloaded"):
        gpt2_blocks(small_tiny(), "hub")
    assert asked == [True, True, False]


@pytest.mark.parametrize("blocks", ["attention", "none"])
@pytest.mark.parametrize("causal", [True, False])
def test_ablations_take_the_place_of_the_blocks(blocks, causal):
    config = small_tiny(blocks=blocks, causal=causal)
    network = SeisMoLLM(config).eval()
    assert network.config.backbone == BLOCKS[blocks]
    assert network.merged().config == network.config
    assert SeisMoLLMConfig.from_dict(config.to_dict()) == config
    tokens = torch.randn(1, config.conv_channels[-1], 5 * config.patch_size)
    changed = tokens.clone()
    changed[..., -1] += 1
    before, after = (network.backbone(each)[..., : config.patch_size] for each in (tokens, changed))
    sees_the_future = not torch.allclose(before, after)
    assert sees_the_future == (blocks == "attention" and not causal)
    with pytest.raises(QuakeViewError, match="Only GPT-2 has pre-trained weights"):
        SeisMoLLM(config, backbone_source="cache")
    with pytest.raises(QuakeViewError, match="no blocks 'rnn'"):
        small_tiny(blocks="rnn")
