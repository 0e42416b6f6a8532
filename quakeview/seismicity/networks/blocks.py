"""The blocks of HierarchicalQuake beyond a convolutional LSTM: attention between regions, gated fusion, memory.

Where the paper leaves a block open, the docstring says what is done here. All work on the last dimension, so that they
serve whole maps as well as single cells.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

HEADS = 2
"""Of attention between regions, in the paper."""
SHORTEST, LONGEST = 10, 20
"""Steps that adaptive memory takes, in the paper."""
CLOSED = -3.0
"""Where the gate of a fusion begins: hardly open, so that an untrained network says what it would without attention."""


class RegionalAttention(nn.Module):
    """Regions look at each other, with learned positions (the paper's regional attention, two heads).

    The paper does not say how positions enter; here each region has a learned vector that is added to its token. Nor
    does it print a normalisation or a feed-forward layer behind attention, and there is none.
    """

    def __init__(self, inputs: int, width: int, regions: int, heads: int = HEADS, token_dropout: float = 0.0) -> None:
        """Make the block.

        Args:
            inputs: channels of what is known of a region.
            width: channels of tokens inside and of the answer; a multiple of ``heads``.
            regions: how many there are.
            token_dropout: chance that nothing is known of a region, in training.
        """
        super().__init__()
        self.token_dropout = token_dropout
        self.embedding = nn.Linear(inputs, width)
        self.positions = nn.Parameter(0.02 * torch.randn(regions, width))
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)

    def forward(self, regions: Tensor) -> tuple[Tensor, Tensor]:
        """Let each region ask all.

        Args:
            regions: (batch, regions, inputs).

        Returns:
            What each region learns, (batch, regions, width), and how it is made up: weights (batch, regions asking,
            regions asked) that sum to 1 over those asked, the mean of the heads.
        """
        tokens = self.embedding(regions)
        tokens = tokens * functional.dropout(tokens.new_ones(*tokens.shape[:2], 1), self.token_dropout, self.training)
        tokens = tokens + self.positions
        learned, weights = self.attention(tokens, tokens, tokens)
        return learned, weights


class GatedFusion(nn.Module):
    """Add what the surroundings say to what a place knows, as far as a gate lets it: h + sigmoid(g) tanh(a).

    The paper gives no dimensions; here g is linear in both, one gate for each channel, and begins nearly closed.
    """

    def __init__(self, local: int, context: int) -> None:
        """Make the block.

        Args:
            local, context: channels of the two.
        """
        super().__init__()
        self.gate = nn.Linear(local + context, local)
        self.offer = nn.Linear(context, local)
        nn.init.constant_(self.gate.bias, CLOSED)

    def forward(self, local: Tensor, context: Tensor) -> Tensor:
        """(..., local) and (..., context) to (..., local)."""
        opened = torch.sigmoid(self.gate(torch.cat((local, context), dim=-1)))
        return local + opened * torch.tanh(self.offer(context))


class AdaptiveMemory(nn.Module):
    """Regions look back at what they were on their last days, the further the less sure the last forecast was.

    The paper names a buffer of 10 to 20 steps whose length follows the entropy of the forecasts, and no more. Here each
    region asks its own past (scaled dot product, with a learned weight for each age), and the answer is added to it.
    The number of days grows in proportion to the mean entropy of the cells, from ``SHORTEST`` at 0 to ``LONGEST`` at 1
    bit. The choice of the number has no gradient.
    """

    def __init__(self, width: int) -> None:
        """Make the block for regions of ``width`` channels."""
        super().__init__()
        self.question, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.ages = nn.Parameter(torch.zeros(LONGEST))

    def forward(self, regions: Tensor, past: Tensor) -> Tensor:
        """Add to each region what it remembers, (regions, width).

        Args:
            regions: (regions, width) today.
            past: (days, regions, width), the latest last, as many as ``steps`` says; may be none.
        """
        if not len(past):
            return regions
        likeness = torch.einsum("rw,drw->rd", self.question(regions), self.key(past)) / regions.shape[1] ** 0.5
        weights = (likeness + self.ages[-len(past) :]).softmax(dim=-1)
        return regions + torch.einsum("rd,drw->rw", weights, self.value(past))

    @staticmethod
    def steps(entropy: float) -> int:
        """How many days to look back, for the entropy of the last forecast, 0 to 1 bit."""
        return SHORTEST + round((LONGEST - SHORTEST) * min(max(entropy, 0.0), 1.0))


def entropy(probability: Tensor) -> Tensor:
    """Return the mean entropy of cells, bits, from their probabilities: between 0 and 1, ()."""
    chance = probability.clamp(1e-7, 1 - 1e-7)
    return -(chance * chance.log2() + (1 - chance) * (1 - chance).log2()).mean()
