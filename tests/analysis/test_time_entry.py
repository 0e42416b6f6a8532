"""Times as people type them."""

import pytest
from obspy import UTCDateTime

from quakeview.analysis.time_entry import parse_time
from quakeview.errors import QuakeViewError

NOW = UTCDateTime("2019-07-04T17:02:30.25")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-07-06T03:19:53.04", "2019-07-06T03:19:53.04"),
        ("2019-07-06 03:19Z", "2019-07-06T03:19"),
        ("2019-07-06", "2019-07-06"),
        (" 16:33 ", "2019-07-04T16:33"),
        ("16:33:20.5 UTC", "2019-07-04T16:33:20.5"),
        ("2020-366", "2020-12-31"),
        ("2019-187T03:19", "2019-07-06T03:19"),
        ("2019.187 03:19:53", "2019-07-06T03:19:53"),
        ("187", "2019-07-06"),
        ("187,03:19", "2019-07-06T03:19"),
        ("+30 s", "2019-07-04T17:03:00.25"),
        ("+30", "2019-07-04T17:03:00.25"),
        ("-2 min", "2019-07-04T17:00:30.25"),
        ("−1.5h", "2019-07-04T15:32:30.25"),
        ("+1 d", "2019-07-05T17:02:30.25"),
    ],
)
def test_whole_and_partial_and_relative_times_are_read(text, expected):
    assert parse_time(text, float(NOW)) == pytest.approx(float(UTCDateTime(expected)), abs=1e-6)


@pytest.mark.parametrize("text", ["", "noon", "25:00", "16:61", "2019-02-30", "2019-366", "000", "16", "+ s", "+5 m/s"])
def test_what_is_no_time_is_refused_with_examples(text):
    with pytest.raises(QuakeViewError, match=r"type it like 16:33"):
        parse_time(text, float(NOW))


def test_a_time_with_another_zone_is_refused_rather_than_misread():
    with pytest.raises(QuakeViewError):
        parse_time("2019-07-04T16:33+02:00", float(NOW))
