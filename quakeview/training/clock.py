"""How long a run has trained."""

import time

SUSPENDED_AFTER = 60.0
"""Seconds between two looks at the clock, in which nothing was computed, that are a pause of the process or machine."""
_COMPUTED = 0.01
"""Share of processor time below which nothing was computed."""


class TrainingClock:
    """Counts the time of training: pauses, in which the process was stopped or the machine slept, do not count.

    Args:
        seconds: trained before, by a run that is continued.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        self._trained = seconds
        self._seen, self._computed = time.monotonic(), time.process_time()

    @property
    def seconds(self) -> float:
        """Trained so far; to be read at least once in every step."""
        now, computed = time.monotonic(), time.process_time()
        passed = now - self._seen
        if passed < SUSPENDED_AFTER or computed - self._computed > _COMPUTED * passed:
            self._trained += passed
        self._seen, self._computed = now, computed
        return self._trained
