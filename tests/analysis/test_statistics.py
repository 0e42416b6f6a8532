"""Numbers of a selection."""

import numpy as np
import pytest

from quakeview.analysis.cuts import Cut
from quakeview.analysis.statistics import statistics
from quakeview.errors import QuakeViewError

RATE, START = 100.0, 1_577_836_800.0


def piece(data: np.ndarray) -> Cut:
    return Cut("XX.AAA..HHZ", START, RATE, data, "m/s")


def test_the_numbers_of_a_tone() -> None:
    time = np.arange(2000) / RATE
    data = 3 * np.sin(2 * np.pi * 5 * time) + 1
    found = statistics(piece(data), piece(data / 4), offset=100.0)
    assert found.seconds == 20.0
    assert (found.samples, found.missing) == (2000, 0)
    assert found.minimum == pytest.approx(98.0, abs=0.01)
    assert found.maximum == pytest.approx(104.0, abs=0.01)
    assert found.peak_to_peak == pytest.approx(6.0, abs=0.02)
    assert found.mean == pytest.approx(101.0)
    assert found.rms == pytest.approx(3 / np.sqrt(2))
    assert found.dominant_frequency == pytest.approx(5.0, rel=0.04)
    assert found.snr == pytest.approx(4.0)
    assert found.unit == "m/s"


def test_gaps_are_counted_and_left_out() -> None:
    data = np.random.default_rng(2).standard_normal(1000)
    data[300:400] = np.nan
    found = statistics(piece(data))
    assert (found.samples, found.missing) == (900, 100)
    assert np.isfinite([found.mean, found.rms, found.minimum]).all()
    assert found.snr is None


def test_what_cannot_be_compared_has_no_ratio_and_a_constant_no_frequency() -> None:
    data = np.random.default_rng(2).standard_normal(1000)
    assert statistics(piece(data), piece(data[:500])).snr is None
    assert statistics(piece(data), piece(np.zeros(1000))).snr is None
    assert statistics(piece(np.full(1000, 4.0))).dominant_frequency is None
    with pytest.raises(QuakeViewError, match="no data"):
        statistics(piece(np.full(10, np.nan)))
