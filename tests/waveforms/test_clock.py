import numpy as np
import pytest

from quakeview.waveforms.clock import NANOSECONDS, sample_time, stretches

PER_RECORD = 412


def times(counts: np.ndarray, seconds_of_sample: object) -> np.ndarray:
    """Start times (ns) of records whose first samples have these numbers, to the 0.1 ms of MiniSEED."""
    return np.rint(seconds_of_sample(counts) * 10_000).astype(np.int64) * 100_000  # type: ignore[operator]


def worst(starts: np.ndarray, npts: np.ndarray, rate: float) -> tuple[float, int]:
    """The largest error of any record's time, in samples, and the number of stretches."""
    counts = np.append(0, np.cumsum(npts))
    error, found = 0.0, 0
    for first, last, start, own in stretches(starts, npts, np.full(len(starts), rate)):
        given = np.array([sample_time(start, own, int(n - counts[first])) for n in counts[first:last]])
        error, found = max(error, float(np.abs(given - starts[first:last]).max()) * rate / NANOSECONDS), found + 1
    return error, found


def test_the_nominal_rate_stands_while_it_explains_the_times() -> None:
    counts = np.arange(500) * PER_RECORD
    (only,) = stretches(times(counts, lambda n: n / 100.0), np.full(500, PER_RECORD), np.full(500, 100.0))
    assert only == (0, 500, 0, 100.0)


@pytest.mark.parametrize("true_rate", [99.99, 100.0122, 100.0004, 99.5])
def test_a_clock_that_drifts_evenly_has_one_rate(true_rate: float) -> None:
    counts = np.arange(2000) * PER_RECORD
    found = list(stretches(times(counts, lambda n: n / true_rate), np.full(2000, PER_RECORD), np.full(2000, 100.0)))
    if true_rate == 99.5:  # two samples lost in each record: these are gaps
        assert len(found) == 2000
    else:
        (only,) = found
        assert only.rate == pytest.approx(true_rate, rel=1e-7)


@pytest.mark.parametrize("seed", range(4))
def test_no_time_is_more_than_half_a_sample_off(seed: int) -> None:
    """Clocks that wander, jump by fractions of a sample and jitter."""
    rng = np.random.default_rng(seed)
    n = 3000
    counts = np.arange(n) * PER_RECORD
    wander = np.cumsum(rng.normal(0, 1e-5, n)).cumsum() / 100 * 0.02
    jitter = rng.uniform(-0.0015, 0.0015, n)
    jumps = np.cumsum(np.where(rng.random(n) < 0.003, rng.uniform(-0.003, 0.003, n), 0))
    starts = times(counts, lambda c: c / 100.0 + wander + jitter + jumps)
    error, found = worst(starts, np.full(n, PER_RECORD), 100.0)
    assert error <= 0.51
    assert found < n / 4


def test_a_gap_begins_a_new_stretch() -> None:
    starts = np.array([0, 4_120_000_000, 12_240_000_000])
    found = list(stretches(starts, np.full(3, PER_RECORD), np.full(3, 100.0)))
    assert [(each.first, each.last) for each in found] == [(0, 2), (2, 3)]


def test_rates_that_differ_in_the_sixth_digit_are_one() -> None:
    starts = np.arange(100) * 4_120_000_000
    rates = np.where(np.arange(100) % 2, 100.0001, 99.9999)
    (only,) = stretches(starts, np.full(100, PER_RECORD), rates)
    assert only.rate == pytest.approx(100.0, abs=2e-4)
