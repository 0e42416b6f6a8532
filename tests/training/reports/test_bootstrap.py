"""Intervals come from whole events, and hold what they say."""

import numpy as np
import pytest

from quakeview.training.reports.bootstrap import EventBootstrap


def ratio(sums: np.ndarray) -> np.ndarray:
    return sums[..., 0] / sums[..., 1]


def test_an_interval_of_records_of_one_event_each_is_that_of_a_share() -> None:
    rng = np.random.default_rng(1)
    hits = rng.random(400) < 0.8
    found = EventBootstrap([f"{n}" for n in range(400)]).of(np.column_stack([hits, np.ones(400)]), ratio)
    half = 1.96 * np.sqrt(0.8 * 0.2 / 400)
    assert found.value == pytest.approx(hits.mean())
    assert found.high - found.low == pytest.approx(2 * half, rel=0.15)


def test_records_of_one_event_count_together() -> None:
    """Twenty events, each all right or all wrong: forty records of each say no more than one."""
    right = np.repeat(np.arange(20) % 2 == 0, 40)
    counts = np.column_stack([right, np.ones(800)])
    by_event = EventBootstrap([f"{n}" for n in np.repeat(np.arange(20), 40)]).of(counts, ratio)
    by_record = EventBootstrap([f"{n}" for n in range(800)]).of(counts, ratio)
    assert by_event.high - by_event.low > 4 * (by_record.high - by_record.low)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    held = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        truth_of_event = rng.beta(6, 2, 60)
        hits = rng.binomial(5, truth_of_event)
        found = EventBootstrap([f"{n}" for n in range(60)]).of(np.column_stack([hits, np.full(60, 5)]), ratio)
        held += found.low <= 0.75 <= found.high
    assert 0.90 <= held / 200 <= 0.985


def test_a_median_has_an_interval_and_leaves_out_what_is_not_known() -> None:
    values = np.concatenate([np.random.default_rng(0).normal(0.1, 1, 300), [np.nan] * 50])
    found = EventBootstrap([f"{n // 2}" for n in range(350)]).median(values)
    assert found.value == pytest.approx(np.nanmedian(values))
    assert found.low < 0.1 < found.high


def test_few_events_have_no_interval() -> None:
    found = EventBootstrap(["a", "a", "b"]).of(np.ones((3, 2)), ratio)
    assert found.value == 1
    assert not found.has_interval
    assert np.isnan(EventBootstrap(["a"]).median(np.array([np.nan])).value)
