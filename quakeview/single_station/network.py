"""One network for magnitude, distance, back-azimuth and first motion: the trunk of a picker, and heads of its own.

Each answer comes with its uncertainty: magnitude and log distance as the median and scale of a Laplace distribution,
back-azimuth as the direction and concentration of a von Mises distribution, first motion as a probability.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.monitoring.seismollm import LATENT_STRIDE, SeisMoLLM
from quakeview.single_station.inputs import ONSET_BEFORE

BIN = 4 * LATENT_STRIDE
"""Samples at 50 Hz over which the envelope and the latent series are averaged."""
APPARENT_SPEED = 8.0
"""km of distance per second of S minus P: where the distance head starts from."""
TYPICAL_MAGNITUDE, TYPICAL_DISTANCE = 2.0, 1.5
"""Where the heads start from; the distance as log10 of km."""
_FLOOR = 1e-6
_WIDEST, _NARROWEST = 1.5, -5.0
"""Natural logarithm of the scales that the heads may give."""


class Answers(NamedTuple):
    """What the network says of B records.

    Attributes:
        magnitude: (B, 2) median, log of the Laplace scale.
        distance: (B, 2) median of log10 of the epicentral distance in km, log of the Laplace scale.
        back_azimuth: (B, 2) cosine and sine times the concentration.
        polarity: (B,) log-odds of a first motion upwards.
    """

    magnitude: Tensor
    distance: Tensor
    back_azimuth: Tensor
    polarity: Tensor


@dataclass(frozen=True)
class HeadSizes:
    """Channels of the heads: those on the trunk, and those on the onset."""

    record: int = 64
    onset: int = 48


class Characteriser(nn.Module):
    """The frozen trunk of a picker with four heads.

    Args:
        trunk: of which network; its head is not used.
        sizes: of the heads.
    """

    def __init__(self, trunk: SeisMoLLMConfig, sizes: HeadSizes = HeadSizes()) -> None:
        super().__init__()
        built = SeisMoLLM(replace(trunk, task="magnitude"))
        self.trunk_config, self.sizes = replace(trunk, backbone=built.config.backbone), sizes
        self.embedder, self.backbone = built.embedder, built.backbone
        features = trunk.conv_channels[-1]
        self.magnitude = RecordHead(features, sizes.record)
        self.distance = RecordHead(features, sizes.record)
        self.direction = DirectionHead(sizes.onset)
        self.polarity = PolarityHead(sizes.onset)
        self.embedder.requires_grad_(False)
        self.backbone.requires_grad_(False)

    def take_trunk(self, picker: SeisMoLLM) -> None:
        """Start from the weights of a picker."""
        self.embedder.load_state_dict(picker.embedder.state_dict())
        self.backbone.load_state_dict(picker.backbone.state_dict())

    def train(self, mode: bool = True) -> "Characteriser":
        """Switch the heads; the trunk stays in evaluation."""
        super().train(mode)
        self.embedder.eval()
        self.backbone.eval()
        return self

    def forward(self, waveforms: Tensor, onset: Tensor, s_minus_p: Tensor) -> Answers:
        """See ``inputs.Inputs`` for the arguments, each with a first axis B."""
        with torch.no_grad():
            latent = self.backbone(self.embedder(waveforms))
        with torch.autocast(waveforms.device.type, enabled=False):  # a few bits would not do for the answers
            return self._answers(latent.float(), waveforms, onset, s_minus_p)

    def _answers(self, latent: Tensor, waveforms: Tensor, onset: Tensor, s_minus_p: Tensor) -> Answers:
        series = torch.cat([F.avg_pool1d(latent, BIN // LATENT_STRIDE), log_envelopes(waveforms)], dim=1)
        known = (s_minus_p > 0).to(waveforms.dtype)
        log_sp = torch.log10(APPARENT_SPEED * s_minus_p.clamp(min=0.1)) - TYPICAL_DISTANCE
        timing = torch.stack([log_sp * known, known], dim=1)
        magnitude, distance = self.magnitude(series, timing), self.distance(series, timing)
        return Answers(
            _shifted(magnitude, TYPICAL_MAGNITUDE),
            _shifted(distance, TYPICAL_DISTANCE + log_sp * known),
            self.direction(onset),
            self.polarity(onset[:, 0]),
        )

    def settings(self) -> dict[str, Any]:
        """What builds it again, as plain values."""
        return {"task": "characterisation", "trunk": self.trunk_config.to_dict(), "heads": asdict(self.sizes)}


class RecordHead(nn.Module):
    """Series (B, C, T) of a record and its timing (B, 2) to two numbers."""

    def __init__(self, features: int, channels: int) -> None:
        super().__init__()
        sizes = ((features + 6, channels), (channels, channels), (channels, channels))
        self.norm = nn.BatchNorm1d(features + 6)
        self.convs = nn.ModuleList(nn.Conv1d(*size, kernel_size=5, stride=2, padding=2) for size in sizes)
        self.hidden = nn.Linear(2 * channels + 2, channels)
        self.output = nn.Linear(channels, 2)
        self.dropout = nn.Dropout(0.2)

    def forward(self, series: Tensor, timing: Tensor) -> Tensor:
        x = self.norm(series)
        for conv in self.convs:
            x = F.gelu(conv(x))
        pooled = torch.cat([x.mean(dim=-1), x.amax(dim=-1), timing], dim=1)
        output: Tensor = self.output(F.gelu(self.hidden(self.dropout(pooled))))
        return output


class DirectionHead(nn.Module):
    """Onset (B, 3, n) to (B, 2): cosine and sine of the back-azimuth times its concentration.

    The direction is a weighted sum of the horizontal motion; the weights come from the vertical and the size of the
    horizontal motion, which do not change when the seismometer is turned, so that the direction turns along (a
    learnt form of the estimate of Roberts, Christoffersson & Cassidy 1989). The opposite ground motion has the same
    direction.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.features = OnsetFeatures(4, channels)
        self.weights = nn.Conv1d(channels, 1, 1)
        self.concentration = nn.Linear(2 * channels + 1, 1)

    def forward(self, onset: Tensor) -> Tensor:
        vertical, horizontal = onset[:, 0], onset[:, 1:]
        size = horizontal.square().sum(dim=1).sqrt()
        both = [self.features(torch.stack([*_scaled(sign * vertical), *_scaled(size)], dim=1)) for sign in (1, -1)]
        weights = self.weights(both[0]) - self.weights(both[1])
        shown = horizontal / size.amax(dim=1).clamp(min=_FLOOR)[:, None, None]
        summed = -(weights * shown).sum(dim=-1)
        length = summed.square().sum(dim=1, keepdim=True).add(_FLOOR).sqrt()
        agreement = length / (weights.abs() * shown.square().sum(dim=1, keepdim=True).sqrt()).sum(dim=-1).add(_FLOOR)
        mean = (both[0] + both[1]) / 2
        invariants = torch.cat([mean.mean(dim=-1), mean.amax(dim=-1), agreement], dim=1)
        concentration: Tensor = F.softplus(self.concentration(invariants)) * summed / length
        return concentration


class PolarityHead(nn.Module):
    """Onset of the vertical (B, n) to log-odds (B,) of a first motion upwards; the opposite motion has the opposite."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.features = OnsetFeatures(2, channels)
        self.output = nn.Linear(2 * channels, 1)

    def forward(self, vertical: Tensor) -> Tensor:
        up, down = (self._score(sign * vertical) for sign in (1, -1))
        return up - down

    def _score(self, vertical: Tensor) -> Tensor:
        x = self.features(torch.stack(_scaled(vertical), dim=1))
        output: Tensor = self.output(torch.cat([x.mean(dim=-1), x.amax(dim=-1)], dim=1))[:, 0]
        return output


class OnsetFeatures(nn.Module):
    """(B, k, n) to (B, C, n), each sample with its surroundings and where it is from the P."""

    def __init__(self, inputs: int, channels: int) -> None:
        super().__init__()
        sizes = ((inputs + 1, channels, 7, 1), (channels, channels, 7, 2), (channels, channels, 7, 4))
        self.convs = nn.ModuleList(
            nn.Conv1d(i, o, k, padding=k // 2 * dilation, dilation=dilation) for i, o, k, dilation in sizes
        )

    def forward(self, x: Tensor) -> Tensor:
        place = (torch.arange(x.shape[-1], dtype=x.dtype, device=x.device) - ONSET_BEFORE) / ONSET_BEFORE
        x = torch.cat([x, place.expand(x.shape[0], 1, -1)], dim=1)
        for conv in self.convs:
            x = F.gelu(conv(x))
        return x


def log_envelopes(waveforms: Tensor) -> Tensor:
    """(B, 3, L) to (B, 6, L / 32): log10 power of the record and of its derivative, bin by bin.

    How far the earthquake stands above the noise, how long it lasts and how high its frequencies are say how large it
    is when the gain of the instrument is not known.
    """
    derivative = F.pad(waveforms[..., 1:] - waveforms[..., :-1], (1, 0))
    power = F.avg_pool1d(torch.cat([waveforms, derivative], dim=1).square(), BIN)
    return torch.log10(power + _FLOOR)


def _scaled(x: Tensor) -> tuple[Tensor, Tensor]:
    """(B, n) in units of the noise, large values compressed; and in units of its own maximum."""
    return torch.asinh(x), x / x.abs().amax(dim=-1, keepdim=True).clamp(min=_FLOOR)


def _shifted(answer: Tensor, start: Tensor | float) -> Tensor:
    """(B, 2) with ``start`` (B,) added to the median, and the scale bounded."""
    return torch.stack([answer[:, 0] + start, answer[:, 1].clamp(_NARROWEST, _WIDEST)], dim=1)
