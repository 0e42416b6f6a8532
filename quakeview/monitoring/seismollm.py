"""SeisMoLLM: seismic monitoring by a pre-trained language model (Wang et al. 2025, doi:10.48550/arXiv.2502.19960)."""

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Self

from torch import Tensor, nn
from torch.nn import functional as F

from quakeview.errors import QuakeViewError
from quakeview.monitoring.backbone import Backbone, make_blocks
from quakeview.monitoring.embedder import Embedder
from quakeview.monitoring.heads import BackAzimuthHead, DistanceHead, MagnitudeHead, PickingHead, PolarityHead
from quakeview.monitoring.network_config import SeisMoLLMConfig

LATENT_STRIDE = 8
"""Samples in one latent sample."""

_POOLED_HEADS = {
    "polarity": PolarityHead,
    "magnitude": MagnitudeHead,
    "distance": DistanceHead,
    "back_azimuth": BackAzimuthHead,
}


class SeisMoLLM(nn.Module):
    """Convolutional embedder, GPT-2 blocks on latent patches, and the head of one task.

    Args:
        config: sizes and task.
        backbone_source: where pre-trained GPT-2 weights are, see ``backbone.gpt2_blocks``. Whether they were found is
            said by ``self.config.backbone``.
    """

    def __init__(self, config: SeisMoLLMConfig, backbone_source: str | Path | None = None) -> None:
        super().__init__()
        blocks, origin = make_blocks(config, backbone_source)
        self.config = replace(config, backbone=origin)
        features = config.conv_channels[-1]
        self.embedder = Embedder(config.conv_channels)
        self.backbone = Backbone(config, blocks)
        self.head: nn.Module
        if config.task == "picking":
            self.head = PickingHead(features, config.head_channels)
        else:
            self.head = _POOLED_HEADS[config.task](features)

    def forward(self, x: Tensor) -> Tensor:
        """What the window holds.

        Args:
            x: (B, 3, L) float32, components Z, N, E at ``config.sampling_rate``, normalised (see ``preprocessing``).

        Returns:
            picking: (B, 3, L) probabilities of noise, P, S; polarity: (B, 2) probabilities of up, down;
            magnitude: (B, 1); distance: (B, 1) km; back_azimuth: (B, 2) cosine, sine.

        Raises:
            QuakeViewError: if the window is longer than the positions the network knows, or too short for its head.
        """
        length = x.shape[-1]
        if self.config.pad_to_patch:
            x = F.pad(x, (0, -length % self.samples_per_token))
        self._check_length(x.shape[-1])
        x = self.head(self.backbone(self.embedder(x)), x.shape[-1])
        return x[..., :length] if self.config.task == "picking" else x

    def merged(self) -> Self:
        """The same network with the adapters added into the weights they adapt: same output, less work."""
        if self.config.lora_rank == 0 or self.config.blocks != "gpt2":
            return self
        network = deepcopy(self)
        network.backbone.gpt2 = network.backbone.gpt2.merge_and_unload()
        network.config = replace(self.config, lora_rank=0)
        return network.requires_grad_(True)

    @property
    def samples_per_token(self) -> int:
        return LATENT_STRIDE * self.config.patch_size

    def _check_length(self, length: int) -> None:
        longest = self.config.n_positions * self.samples_per_token
        shortest = self.samples_per_token if self.config.task == "picking" else 10 * self.samples_per_token
        if not shortest <= length <= longest:
            raise QuakeViewError(
                f"This {self.config.task} network takes windows of {shortest} to {longest} samples, not {length}."
            )
