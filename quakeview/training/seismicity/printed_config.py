"""The ``[model]`` table of HierarchicalQuake as printed, as a typed dataclass. Light: a form shows it."""

from dataclasses import dataclass
from typing import Literal

from quakeview.errors import QuakeViewError

PAPER = "paper"
"""The form that is named so in a run file."""


@dataclass(frozen=True)
class PrintedConfig:
    """The ``[model]`` table of the form ``paper``: raw daily maps into a convolutional LSTM, block by block.

    Attributes:
        form: ``paper``.
        attention: whether regions look at each other; without it the network is the paper's baseline.
        gate: whether what they learn passes a gate, or is just added.
        memory: whether regions look back at their last 10 to 20 days.
        phases: three trains with all days, then with ten parts of 50 days, then with all days again; one with all days,
            as often as the budget allows. ``batch_size`` in ``[training]`` is the number of days between updates, and
            the farthest that gradients go back in time, except that parts are whole.
        embedding, hidden: channels of the embedded map and of the LSTM; the second a multiple of two.
        region: cells along a side of a region.
        class_weight: how often a cell with an earthquake counts; the paper's is why its "probabilities" are none.
    """

    form: Literal["paper"] = "paper"
    attention: bool = True
    gate: bool = True
    memory: bool = True
    phases: Literal[1, 3] = 3
    embedding: int = 16
    hidden: int = 32
    region: int = 8
    class_weight: float = 10_000.0

    def __post_init__(self) -> None:
        if min(self.embedding, self.hidden, self.region, self.class_weight) <= 0:
            raise QuakeViewError(
                "embedding, hidden, region and class_weight in [model] must be greater than zero; correct the run file."
            )
