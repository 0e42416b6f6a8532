from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF

from quakeview.app.drawing.time_axis import STEPS, clock, tick_label, ticks

NOON = datetime(2019, 7, 4, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("span", [0.02, 0.5, 3, 22, 70, 400, 3600, 20_000, 86_400, 6e5, 6e6, 3e8, 1.5e9])
def test_labels_never_overlap_and_there_are_some(qapp, span):
    metrics = QFontMetricsF(qapp.font())
    for width in (400, 1200):
        major, minor = ticks(NOON, NOON + span, width / metrics.horizontalAdvance("0"))
        scale = width / span
        ends = [(tick.time * scale, metrics.horizontalAdvance(tick.label)) for tick in major]
        gaps = [b[0] - a[0] - (a[1] + b[1]) / 2 for a, b in pairwise(ends)]
        assert all(gap > 4 for gap in gaps)
        assert len(major) >= 1 or width == 400
        assert len(minor) > len(major)


def test_ticks_are_multiples_of_a_sensible_step():
    major, _ = ticks(NOON + 1.3, NOON + 23.3, 140)
    step = major[1].time - major[0].time
    assert any(np.isclose(step, sensible) for sensible in STEPS)
    assert all(np.isclose(tick.time / step, round(tick.time / step)) for tick in major)
    assert major[0].label == "12:00:02"


def test_ticks_stay_where_they_are_while_panning():
    before = {tick.time for tick in ticks(NOON, NOON + 60, 110)[0]}
    after = {tick.time for tick in ticks(NOON + 7.7, NOON + 67.7, 110)[0]}
    assert len(before & after) >= len(before) - 2


def test_decades_have_ticks_at_the_beginning_of_years():
    major, minor = ticks(NOON - 9e8, NOON, 100)
    assert [tick.label for tick in major[:2]] == ["1992", "1994"]
    assert all(datetime.fromtimestamp(tick.time, UTC).timetuple().tm_yday == 1 for tick in major)
    assert len(minor) == 29


def test_midnight_is_labelled_with_the_date():
    midnight = datetime(2019, 7, 5, tzinfo=UTC).timestamp()
    assert tick_label(midnight, 3600).label == "2019-07-05"
    assert tick_label(midnight, 3600).midnight
    assert tick_label(midnight + 7200, 3600).label == "02:00"
    assert tick_label(midnight + 61, 1).label == "00:01:01"
    assert tick_label(midnight + 61.25, 0.05).label == "00:01:01.25"


def test_clock_rounds_instead_of_cutting():
    assert clock(NOON + 0.999_999, 2) == "12:00:01.00"
    assert clock(NOON + 0.43, 2) == "12:00:00.43"
    assert clock(NOON + 59.6, 0) == "12:01:00"
