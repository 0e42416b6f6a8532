"""Pieces of records."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from quakeview.analysis.cuts import cut
from quakeview.errors import QuakeViewError

START = 1_577_836_800.0


@dataclass
class Record:
    start: float
    sampling_rate: float
    data: np.ndarray


RECORDS = Record(START, 100.0, np.arange(1000.0)), Record(START + 20, 100.0, np.arange(5000.0, 6000.0))


def test_a_cut_has_the_samples_of_the_window_and_their_time() -> None:
    found = cut(RECORDS, START + 1.0, START + 2.0, "HHZ", "m")
    assert_array_equal(found.data, np.arange(100.0, 201.0))
    assert (found.start, found.seconds, found.unit) == (START + 1.0, 1.01, "m")
    between = cut(RECORDS, START + 1.004, START + 1.996, "HHZ")
    assert_array_equal(between.data, np.arange(101.0, 200.0))


def test_of_two_records_the_one_with_more_of_the_window_is_taken() -> None:
    assert cut(RECORDS, START + 8, START + 25, "HHZ").start == START + 20
    assert cut(RECORDS, START + 1, START + 25, "HHZ").start == START + 1


def test_no_data_is_a_sentence() -> None:
    with pytest.raises(QuakeViewError, match="HHZ has no data in this window"):
        cut(RECORDS, START + 12, START + 15, "HHZ")
