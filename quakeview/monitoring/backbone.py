"""SeisMoLLM's language-model backbone: latent patches through GPT-2 blocks (Wang et al. 2025, §III-C)."""

import torch
from torch import Tensor, nn
from transformers import GPT2Config, GPT2Model

from quakeview.monitoring.config import SeisMoLLMConfig

LINEAR_LAYERS = ["c_attn", "c_proj", "c_fc"]


class Backbone(nn.Module):
    """Latent series (B, C, T) to one of the same kind, (B, C, T') with T' the whole patches of T.

    A token is one patch of all channels, channel by channel: (B, C, n p) becomes (B, n, C p).
    """

    def __init__(self, config: SeisMoLLMConfig, gpt2: GPT2Model) -> None:
        super().__init__()
        self.patch_size = config.patch_size
        self.causal = config.causal
        self.gpt2 = _with_adapters(gpt2, config) if config.lora_rank else gpt2

    def forward(self, x: Tensor) -> Tensor:
        channels, n_tokens = x.shape[1], x.shape[2] // self.patch_size
        patches = x[..., : n_tokens * self.patch_size].unflatten(-1, (n_tokens, self.patch_size))
        tokens = patches.transpose(1, 2).flatten(2)
        # GPT-2 is causal unless a four-dimensional mask says, pair by pair, what is added to the attention scores.
        mask = None if self.causal else torch.zeros(1, 1, n_tokens, n_tokens, dtype=x.dtype, device=x.device)
        tokens = self.gpt2(inputs_embeds=tokens, attention_mask=mask, use_cache=False).last_hidden_state
        return tokens.unflatten(-1, (channels, self.patch_size)).transpose(1, 2).flatten(2)


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
