"""Colours of events and residuals."""

import numpy as np
import pytest
from obspy import UTCDateTime

from quakeview.events.event_scales import (
    LEAST_RESIDUAL,
    ColourBy,
    depth_scale,
    event_scale,
    magnitude_scale,
    residual_scale,
    time_scale,
)


def test_depths_are_in_kilometres() -> None:
    scale = depth_scale([500.0, 12_000.0, np.nan])
    assert scale.text(12_000.0) == "12 km"
    assert scale.low <= 500.0
    assert scale.high >= 12_000.0
    shallow, deep = scale.colours()[[0, -1], :3].astype(int).sum(1)
    assert shallow > deep  # bright near the surface


@pytest.mark.parametrize(
    ("start", "seconds", "labels"),
    [
        ("2019-07-04T16:50:00", 4800.0, {"17:00", "17:30", "18:00"}),
        ("2019-07-04T00:00:00", 5 * 86_400.0, {"07-05", "07-07"}),
        ("1919-11-10T00:00:00", 100 * 365.25 * 86_400, {"1920", "2000"}),
    ],
)
def test_times_are_labelled_as_short_as_they_are_told_apart(start: str, seconds: float, labels: set[str]) -> None:
    first = UTCDateTime(start).timestamp
    scale = time_scale([first, first + seconds])
    ticks = scale.ticks(6)
    assert labels <= {label for _, label in ticks}
    assert len(ticks) <= 6
    assert all(scale.low <= time <= scale.high for time, _ in ticks)
    assert scale.text(first).startswith(start[:10])


def test_a_year_is_where_it_begins() -> None:
    scale = time_scale([UTCDateTime("1990-05-01").timestamp, UTCDateTime("2020-01-01").timestamp])
    assert (UTCDateTime("2000-01-01").timestamp, "2000") in scale.ticks(5)


def test_residuals_are_symmetric_and_small_ones_stay_pale() -> None:
    scale = residual_scale([-0.9, 0.1, np.nan])
    assert scale.low == -scale.high
    assert scale.high >= 0.9 - 1e-9
    assert residual_scale([0.01]).high == LEAST_RESIDUAL
    assert residual_scale([]).high >= LEAST_RESIDUAL


def test_one_scale_for_each_choice() -> None:
    depth, time, magnitude = np.array([1e3, 9e3]), np.array([0.0, 1e6]), np.array([1.0, np.nan])
    names = [event_scale(by, depth, time, magnitude).name for by in ColourBy]
    assert names == ["Depth", "Time", "Magnitude"]
    assert magnitude_scale([np.nan]).high > magnitude_scale([np.nan]).low
