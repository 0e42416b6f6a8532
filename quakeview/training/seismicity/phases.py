"""The days that the paper's network is trained with, step by step: all, ten parts, all again."""

from dataclasses import dataclass

import numpy as np

PARTS, PART = 10, 50
"""How many parts there are in the second phase, and days in each."""


@dataclass(frozen=True)
class Stretch:
    """Days of one step, in a row.

    Attributes:
        first, last: [first, last), numbers since 1 January 1970.
        anew: whether the state begins blank.
    """

    first: int
    last: int
    anew: bool


@dataclass(frozen=True)
class Phases:
    """What each step sees. In the first and third phase the state goes on from step to step.

    The published code updates after each day of a part with gradients that go back to its beginning, through weights
    that were changed since, which PyTorch no longer allows; here there is one update for each part.

    Attributes:
        days: last known days, in a row.
        together: days to a step in the full phases.
        three: whether there are three phases, or the first alone, over and over.
        seed: of the parts.
    """

    days: range
    together: int
    three: bool
    seed: int

    @property
    def full(self) -> int:
        """Steps through all days."""
        return -(-len(self.days) // self.together)

    @property
    def steps(self) -> int:
        """Of all phases."""
        return 2 * self.full + PARTS if self.three else self.full

    def stretch(self, step: int) -> Stretch:
        """Return what a step sees; after the last phase it begins again."""
        step %= self.steps
        if self.three and self.full <= step < self.full + PARTS:
            part = min(PART, len(self.days))
            first = self.days[0] + int(np.random.default_rng([self.seed, step]).integers(len(self.days) - part + 1))
            return Stretch(first, first + part, anew=True)
        place = step if step < self.full else step - self.full - PARTS
        first = self.days[0] + place * self.together
        return Stretch(first, min(first + self.together, self.days[-1] + 1), anew=place == 0)
