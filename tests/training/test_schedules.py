"""Learning rates over the budget of a run."""

import pytest

from quakeview.training.config import TrainingConfig
from quakeview.training.schedules import learning_rate


def test_a_tenth_from_the_middle_of_the_budget_on() -> None:
    options = TrainingConfig(max_steps=100, learning_rate=3e-4, schedule="tenth", warmup_steps=0)
    rates = [learning_rate(options, step, step / 100) for step in (0, 49, 50, 99)]
    assert rates == pytest.approx([3e-4, 3e-4, 3e-5, 3e-5])
