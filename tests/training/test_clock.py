"""The time of training goes on while something is computed, and stands still in a pause."""

import pytest

from quakeview.training import clock
from quakeview.training.clock import TrainingClock


class Times:
    def __init__(self) -> None:
        self.wall = self.processor = 0.0

    def monotonic(self) -> float:
        return self.wall

    def process_time(self) -> float:
        return self.processor

    def go(self, wall: float, processor: float) -> None:
        self.wall += wall
        self.processor += processor


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> Times:
    times = Times()
    monkeypatch.setattr(clock, "time", times)
    return times


def test_steps_and_long_validations_count_and_pauses_do_not(times: Times) -> None:
    trained = TrainingClock(100.0)
    times.go(2.0, 1.5)
    assert trained.seconds == 102.0
    times.go(600.0, 500.0)  # a validation
    assert trained.seconds == 702.0
    times.go(3600.0, 0.2)  # the process was stopped
    assert trained.seconds == 702.0
    times.go(5.0, 0.0)  # waiting for data
    assert trained.seconds == 707.0
