"""The day drum: rows, gaps, scale, and where a time is on it."""

import numpy as np
import pytest
from obspy import UTCDateTime

from quakeview.analysis.helicorder import DAY, ROW_MINUTES, day_drum, midnight, place_of, rows_of, stretches_of
from tests.app.traces.records import PlainRecord, record

MIDNIGHT = float(UTCDateTime("2019-07-04"))
RATE = 10.0


def day_of(noise: float = 1.0, offset: float = 0.0) -> np.ndarray:
    return (offset + noise * np.random.default_rng(3).standard_normal(round(DAY * RATE))).astype(np.float32)


def made(data: np.ndarray, start: float = MIDNIGHT) -> PlainRecord:
    return record(data, start, RATE)


@pytest.mark.parametrize("minutes", ROW_MINUTES)
def test_a_day_has_whole_rows_and_every_moment_is_in_its_row_and_column(minutes):
    data = day_of(0.01)
    moment = 60 * 917 + 13.0
    data[round(moment * RATE)] = 50.0
    drum = day_drum([made(data)], MIDNIGHT + 5000, minutes, 600)
    assert drum.low.shape == (rows_of(minutes), 600)
    assert rows_of(minutes) * minutes * 60 == DAY
    row, along = place_of(MIDNIGHT + moment, drum.day, minutes)
    peak = np.unravel_index(np.nanargmax(drum.high), drum.high.shape)
    assert peak[0] == row
    assert abs(peak[1] - along * 600) <= 1.5


def test_gaps_and_what_was_not_recorded_yet_stay_empty():
    data = day_of()[: round(10 * 3600 * RATE)]
    data[round(3600 * RATE) : round(5400 * RATE)] = np.nan
    drum = day_drum([made(data, MIDNIGHT + 7200)], MIDNIGHT + 1, 60, 240)
    known = np.isfinite(drum.low)
    assert not known[:2].any()
    assert known[2].all()
    assert not known[3, 1:119].any()
    assert known[3, 121:].all()
    assert known[4:12].all()
    assert not known[12:].any()
    assert drum.has_data


def test_a_day_without_records_says_so_and_has_no_scale():
    drum = day_drum([made(day_of())], MIDNIGHT + 3 * DAY + 5, 15, 100)
    assert drum.day == MIDNIGHT + 3 * DAY
    assert not drum.has_data
    assert drum.full_scale == 0.0


def test_a_strong_earthquake_does_not_hide_the_noise_and_an_offset_takes_no_room():
    data = day_of(noise=2.0, offset=5000.0)
    shaken = slice(round(3600 * RATE), round(3660 * RATE))
    data[shaken] += 1e6 * np.sin(np.arange(shaken.stop - shaken.start))
    drum = day_drum([made(data)], MIDNIGHT, 15, 400)
    assert 4 < drum.full_scale < 20
    clipped = drum.clipped(2 * drum.full_scale)
    assert set(np.flatnonzero(clipped.any(axis=1))) == {4}


def test_a_dead_channel_is_a_line():
    drum = day_drum([made(np.full(round(DAY * RATE), 7.0, np.float32))], MIDNIGHT, 30, 100)
    assert drum.full_scale == 0.0
    assert (drum.low == 0).all()
    assert drum.has_data


def test_times_have_a_place_on_the_drum_of_their_day_alone():
    assert midnight(MIDNIGHT + 86_399.9) == MIDNIGHT
    assert place_of(MIDNIGHT, MIDNIGHT, 15) == (0, 0.0)
    assert place_of(MIDNIGHT + DAY - 450, MIDNIGHT, 15) == (95, 0.5)
    assert place_of(MIDNIGHT + DAY, MIDNIGHT, 15) is None
    assert place_of(MIDNIGHT - 0.1, MIDNIGHT, 15) is None


def test_a_stretch_goes_over_the_ends_of_rows_and_is_cut_at_midnight():
    assert stretches_of(MIDNIGHT + 1800, MIDNIGHT + 9000, MIDNIGHT, 60) == [(0, 0.5, 1.0), (1, 0.0, 1.0), (2, 0.0, 0.5)]
    assert stretches_of(MIDNIGHT - 100, MIDNIGHT + 900, MIDNIGHT, 60) == [(0, 0.0, 0.25)]
    assert stretches_of(MIDNIGHT + DAY - 900, MIDNIGHT + DAY + 10, MIDNIGHT, 60) == [(23, 0.75, 1.0)]
    assert stretches_of(MIDNIGHT + DAY, MIDNIGHT + DAY + 10, MIDNIGHT, 60) == []
