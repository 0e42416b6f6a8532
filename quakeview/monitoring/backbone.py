"""SeisMoLLM's language-model backbone: latent patches through GPT-2 blocks (Wang et al. 2025, §III-C)."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import GPT2Config, GPT2Model

from quakeview.errors import QuakeViewError
from quakeview.monitoring.network_config import BLOCKS, NO_PRETRAINING, SeisMoLLMConfig

HUB_NAME = "openai-community/gpt2"
LINEAR_LAYERS = ["c_attn", "c_proj", "c_fc"]


class Backbone(nn.Module):
    """Latent series (B, C, T) to one of the same kind, (B, C, T') with T' the whole patches of T.

    A token is one patch of all channels, channel by channel: (B, C, n p) becomes (B, n, C p).
    """

    def __init__(self, config: SeisMoLLMConfig, gpt2: nn.Module) -> None:
        super().__init__()
        self.patch_size = config.patch_size
        self.causal = config.causal
        adapted = config.lora_rank and isinstance(gpt2, GPT2Model)
        self.gpt2: Any = _with_adapters(gpt2, config) if adapted else gpt2

    def forward(self, x: Tensor) -> Tensor:
        channels, n_tokens = x.shape[1], x.shape[2] // self.patch_size
        patches = x[..., : n_tokens * self.patch_size].unflatten(-1, (n_tokens, self.patch_size))
        tokens = patches.transpose(1, 2).flatten(2)
        return self._mixed(tokens).unflatten(-1, (channels, self.patch_size)).transpose(1, 2).flatten(2)

    def _mixed(self, tokens: Tensor) -> Tensor:
        """(B, n, d) tokens that have seen each other."""
        if isinstance(self.gpt2, AttentionLayer | nn.Identity):
            return self.gpt2(tokens)
        n_tokens = tokens.shape[1]
        # GPT-2 is causal unless a four-dimensional mask says, pair by pair, what is added to the attention scores.
        mask = None if self.causal else torch.zeros(1, 1, n_tokens, n_tokens, dtype=tokens.dtype, device=tokens.device)
        return self.gpt2(inputs_embeds=tokens, attention_mask=mask, use_cache=False).last_hidden_state


class AttentionLayer(nn.Module):
    """One layer of attention in place of the blocks (the ablation "LLM2Attn" of Tan et al. 2024, NeurIPS).

    Tokens (B, n, d) attend to themselves and, if ``causal``, to the past only; what they read is added to them.
    """

    def __init__(self, config: SeisMoLLMConfig) -> None:
        super().__init__()
        self.causal = config.causal
        self.attention = nn.MultiheadAttention(config.d_model, config.n_heads, config.dropout, batch_first=True)
        self.norm = nn.LayerNorm(config.d_model)

    def forward(self, tokens: Tensor) -> Tensor:
        future = nn.Transformer.generate_square_subsequent_mask(tokens.shape[1], tokens.device, tokens.dtype)
        read, _ = self.attention(
            tokens, tokens, tokens, need_weights=False, attn_mask=future if self.causal else None, is_causal=self.causal
        )
        return self.norm(tokens + read)


def make_blocks(config: SeisMoLLMConfig, source: str | Path | None) -> tuple[nn.Module, str]:
    """What stands between embedder and head, and where its weights come from, in words.

    Args:
        source: of GPT-2's weights, see ``gpt2_blocks``.

    Raises:
        QuakeViewError: as ``gpt2_blocks``, or if pre-trained weights are asked for without GPT-2.
    """
    if config.blocks == "gpt2":
        return gpt2_blocks(config, source)
    if source is not None:
        raise QuakeViewError("Only GPT-2 has pre-trained weights; remove pretrained, or set blocks to 'gpt2'.")
    return (AttentionLayer(config) if config.blocks == "attention" else nn.Identity()), BLOCKS[config.blocks]


def gpt2_blocks(config: SeisMoLLMConfig, source: str | Path | None) -> tuple[GPT2Model, str]:
    """The first ``config.n_layers`` blocks of GPT-2, and where their weights come from, in words.

    Args:
        source: a folder that ``GPT2Model.save_pretrained`` wrote; ``"cache"``: GPT-2 small from the Hugging Face cache,
            without pre-training if it is not there; ``"hub"``: from the cache, else downloaded; None: no pre-training.

    Raises:
        QuakeViewError: if the folder or the hub gives no GPT-2, or one of other sizes.
    """
    if source is None:
        return untrained_gpt2(config), NO_PRETRAINING
    if source in ("cache", "hub"):
        where, pretrained = _from_hub(download=source == "hub")
    else:
        where, pretrained = str(source), _from_folder(Path(source))
    if pretrained is None:
        return untrained_gpt2(config), NO_PRETRAINING
    return _first_blocks(pretrained, config, where), f"GPT-2, pre-trained weights from {where}"


def untrained_gpt2(config: SeisMoLLMConfig) -> GPT2Model:
    """GPT-2 blocks with random weights and no vocabulary: the tokens are seismograms, not words."""
    return GPT2Model(
        GPT2Config(
            vocab_size=0,
            n_embd=config.d_model,
            n_layer=config.n_layers,
            n_head=config.n_heads,
            n_positions=config.n_positions,
            resid_pdrop=config.dropout,
            embd_pdrop=config.dropout,
            attn_pdrop=config.dropout,
            activation_function="gelu_pytorch_tanh",
            bos_token_id=None,
            eos_token_id=None,
            attn_implementation="sdpa",
        )
    )


def _with_adapters(gpt2: GPT2Model, config: SeisMoLLMConfig) -> nn.Module:
    """GPT-2 with low-rank adapters; trainable are these, the positions and the layer norms."""
    from peft import LoraConfig, get_peft_model

    adapted = get_peft_model(
        gpt2,
        LoraConfig(
            target_modules=LINEAR_LAYERS,
            r=config.lora_rank,
            lora_alpha=config.lora_alpha,
            lora_dropout=config.dropout,
            fan_in_fan_out=True,
        ),
    )
    for name, parameter in adapted.named_parameters():
        parameter.requires_grad = any(part in name for part in ("lora_", "wpe", "ln_"))
    return adapted


def _from_hub(download: bool) -> tuple[str, GPT2Model | None]:
    try:
        return "the Hugging Face cache", _load_gpt2(HUB_NAME, local_files_only=True)
    except OSError:
        if not download:
            return "", None
    try:
        return "the Hugging Face hub", _load_gpt2(HUB_NAME, local_files_only=False)
    except OSError as error:
        raise QuakeViewError(
            "GPT-2 could not be downloaded from the Hugging Face hub; check the connection, or name a folder with it."
        ) from error


def _from_folder(folder: Path) -> GPT2Model:
    try:
        return _load_gpt2(folder, local_files_only=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise QuakeViewError(
            f"{folder} holds no GPT-2 that can be read; name a folder with its config.json and model.safetensors."
        ) from error


def _load_gpt2(source: str | Path, local_files_only: bool) -> GPT2Model:
    """Raises OSError or ValueError if there is no GPT-2: transformers alone would fill what is missing with noise."""
    settings, _ = GPT2Config.get_config_dict(source, local_files_only=local_files_only)
    if settings.get("model_type") != "gpt2":
        raise ValueError(f"model type {settings.get('model_type')}")
    model, report = GPT2Model.from_pretrained(source, local_files_only=local_files_only, output_loading_info=True)
    if report["missing_keys"]:
        raise ValueError(f"weights are missing: {sorted(report['missing_keys'])[:3]}")
    return model


def _first_blocks(pretrained: GPT2Model, config: SeisMoLLMConfig, where: str) -> GPT2Model:
    offered = pretrained.config
    if (
        offered.n_embd != config.d_model
        or offered.n_head != config.n_heads
        or offered.n_layer < config.n_layers
        or offered.n_positions < config.n_positions
    ):
        raise QuakeViewError(
            f"The GPT-2 from {where} has {offered.n_layer} layers {offered.n_embd} wide with {offered.n_head} heads "
            f"and {offered.n_positions} positions; this SeisMoLLM needs {config.n_layers}, {config.d_model}, "
            f"{config.n_heads} and {config.n_positions}."
        )
    blocks = untrained_gpt2(config)
    blocks.wpe.weight.data.copy_(pretrained.wpe.weight.data[: config.n_positions])
    blocks.h.load_state_dict(pretrained.h[: config.n_layers].state_dict())
    blocks.ln_f.load_state_dict(pretrained.ln_f.state_dict())
    return blocks
