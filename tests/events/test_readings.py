"""What plots of one event are made of."""

from dataclasses import replace

import numpy as np
import pytest

from quakeview.events.readings import first_arrivals, pairs, readings_of
from quakeview.events.time_field import outliers, time_field
from tests.app.events.making import ARRIVALS, EVENTS, PICKS, STATIONS, made_event


def test_readings_are_arrivals_with_their_station_and_travel_time() -> None:
    readings = readings_of(EVENTS[0], PICKS, STATIONS)
    assert [reading.pick_id for reading in readings] == ["p1", "p2", "p3", "s1"]
    assert readings[0].station == ("CI", "TOW2")
    assert readings[0].time == pytest.approx(4.5)
    assert [reading.used for reading in readings] == [True, True, False, True]
    assert readings_of(EVENTS[0], {}, STATIONS) == []


def test_a_distance_that_a_file_did_not_give_follows_from_coordinates() -> None:
    event = made_event("x", arrivals=(replace(ARRIVALS[0], distance=None, azimuth=None),))
    (reading,) = readings_of(event, PICKS, STATIONS)
    assert reading.distance == pytest.approx(26_000, rel=0.05)
    assert reading.azimuth == pytest.approx(295, abs=3)
    (unknown,) = readings_of(event, PICKS, {})
    assert unknown.distance is None


def test_pairs_and_first_arrivals() -> None:
    readings = readings_of(EVENTS[0], PICKS, STATIONS)
    assert [(p.pick_id, s.pick_id) for p, s in pairs(readings)] == [("p1", "s1")]
    assert [reading.pick_id for reading in first_arrivals(readings, "P")] == ["p1", "p2", "p3"]
    later = replace(readings[0], pick_id="p9", phase="Pg", time=9.0)
    assert [reading.pick_id for reading in first_arrivals([*readings, later], "P")] == ["p1", "p2", "p3"]


def network() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A wave from (20, 30) km at 6 km/s over 40 stations."""
    random = np.random.default_rng(5)
    x, y = random.uniform(0, 100e3, (2, 40))
    time = np.hypot(x - 20e3, y - 30e3) / 6e3 + 0.05 * random.standard_normal(40)
    return x, y, time


def test_the_field_interpolates_between_stations_and_not_beyond() -> None:
    x, y, time = network()
    field = time_field(x, y, time)
    assert field is not None
    assert field.time.shape == (len(field.x), len(field.y))
    truth = np.hypot(field.x[:, None] - 20e3, field.y[None, :] - 30e3) / 6e3
    known = np.isfinite(field.time)
    assert 0.5 < known.mean() < 1.0
    assert np.median(np.abs(field.time - truth)[known]) < 0.3
    assert time_field(x[:2], y[:2], time[:2]) is None
    assert time_field(np.arange(4.0), np.arange(4.0), np.arange(4.0)) is None


@pytest.mark.parametrize("wrong", [0, 7, 23])
def test_a_late_station_stands_out_and_its_neighbours_do_not(wrong: int) -> None:
    x, y, time = network()
    distance = np.hypot(x - 20e3, y - 30e3)
    assert not outliers(distance, time).any()
    time[wrong] += 3.0
    assert np.flatnonzero(outliers(distance, time)).tolist() == [wrong]


def test_few_stations_tell_no_outlier() -> None:
    assert not outliers(np.arange(5.0), np.array([0.0, 1.0, 99.0, 3.0, 4.0])).any()
