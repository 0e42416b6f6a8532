"""SeisMoLLM: seismic monitoring by a pre-trained language model (Wang et al. 2025, doi:10.48550/arXiv.2502.19960)."""

from dataclasses import replace

from torch import Tensor, nn
from torch.nn import functional as F

from quakeview.errors import QuakeViewError
from quakeview.monitoring.backbone import Backbone, untrained_gpt2
from quakeview.monitoring.config import NO_PRETRAINING, SeisMoLLMConfig
from quakeview.monitoring.embedder import Embedder
from quakeview.monitoring.heads import BackAzimuthHead, DistanceHead, MagnitudeHead, PickingHead, PolarityHead

LATENT_STRIDE = 8
"""Samples in one latent sample."""

_POOLED_HEADS = {
    "polarity": PolarityHead,
    "magnitude": MagnitudeHead,
    "distance": DistanceHead,
    "back_azimuth": BackAzimuthHead,
}


class SeisMoLLM(nn.Module):
    """Convolutional embedder, GPT-2 blocks on latent patches, and the head of one task."""

    def __init__(self, config: SeisMoLLMConfig) -> None:
        super().__init__()
        self.config = replace(config, backbone=NO_PRETRAINING)
        features = config.conv_channels[-1]
        self.embedder = Embedder(config.conv_channels)
        self.backbone = Backbone(config, untrained_gpt2(config))
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
