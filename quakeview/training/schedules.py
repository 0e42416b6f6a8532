"""Learning rate as a function of the step and of the spent fraction of the budget."""

import math

from quakeview.training.config import TrainingConfig


def learning_rate(config: TrainingConfig, step: int, spent: float) -> float:
    """The learning rate of a step.

    Args:
        step: counted from 0.
        spent: fraction of the budget (steps or minutes) that is used up, 0-1.
    """
    peak = config.learning_rate
    if config.schedule == "triangular":
        return triangular(peak / 2, peak, config.triangle_steps, step)
    warm_up = min(1.0, (step + 1) / max(config.warmup_steps, 1))
    if config.schedule == "constant":
        return peak * warm_up
    if config.schedule == "tenth":
        return peak * warm_up * (1.0 if spent < 0.5 else 0.1)
    fall = 0.5 * (1 + math.cos(math.pi * min(spent, 1.0)))
    return peak * warm_up * (config.final_fraction + (1 - config.final_fraction) * fall)


def triangular(low: float, high: float, half_cycle: int, step: int) -> float:
    """Cyclical learning rate, policy ``triangular`` (Smith 2017, WACV): up in ``half_cycle`` steps, down in as many."""
    position = step / half_cycle % 2
    return low + (high - low) * (1 - abs(1 - position))
