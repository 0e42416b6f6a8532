"""Where to look first."""

import pytest

from quakeview.app.waveforms.framing import first_view, shows_any

DAY = 86400.0


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        ([(0, 60)], (0, 60)),
        ([(0, 60), (0, 50), (30, 90)], (0, 90)),
        ([(0, 60), (600, 660)], (0, 660)),  # still seen in one view
        ([(0, 60), (90 * DAY, 90 * DAY + 61)], (90 * DAY, 90 * DAY + 61)),
        ([(90 * DAY, 90 * DAY + 60), (0, 3600), (7200, 7300)], (0, 7300)),
        ([(-50 * 365 * DAY, -50 * 365 * DAY + 60), (0, DAY)], (0, DAY)),  # a clock that begins at 1970
        ([(5, 5)], (5, 5)),
        ([(5, 5), (9, 9)], (5, 5)),
    ],
)
def test_the_first_view_is_where_most_data_are(stretches, expected):
    assert first_view(stretches) == expected


def test_many_short_records_over_a_month_are_not_shown_as_nothing():
    stretches = [(n * 14 * 3600.0, n * 14 * 3600.0 + 60 + n) for n in range(50)]
    first, last = first_view(stretches)
    assert last - first < 20 * 200
    assert shows_any((first, last), stretches)


def test_a_view_between_the_data_shows_nothing():
    assert not shows_any((10, 20), [(0, 9), (21, 30)])
    assert shows_any((10, 20), [(0, 10)])
