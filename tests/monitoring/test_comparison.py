"""Which picks of two models are of one onset, and how far apart they are."""

import pytest
from obspy import UTCDateTime

from quakeview.monitoring.comparison import Agreement, agreements, paired
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.waveforms.channels import ChannelId

START = UTCDateTime(2024, 5, 1)


def picks(model: str, *onsets: tuple[str, str, float]) -> list[Pick]:
    """Of (station, phase, seconds)."""
    return [
        Pick(ChannelId("XX", station, "", "HHZ"), phase, START + seconds, PickStatus.AUTOMATIC, 0.9, model=model)
        for station, phase, seconds in onsets
    ]


def test_the_nearest_picks_of_a_phase_at_a_station_are_of_one_onset() -> None:
    first = picks("A", ("ONE", "P", 10.0), ("ONE", "P", 12.0), ("ONE", "S", 15.0), ("TWO", "P", 10.0))
    second = picks("B", ("ONE", "P", 10.4), ("ONE", "P", 10.1), ("ONE", "S", 14.9), ("TWO", "S", 10.0))
    found = [
        (pair.station.station, pair.pick.phase, None if pair.difference is None else round(pair.difference, 6))
        for pair in paired(first, second)
    ]
    assert found == [
        ("ONE", "P", 0.1),
        ("TWO", "P", None),
        ("TWO", "S", None),
        ("ONE", "P", None),
        ("ONE", "P", None),
        ("ONE", "S", -0.1),
    ]


@pytest.mark.parametrize(("apart", "pairs"), [(0.49, 1), (-0.49, 1), (0.51, 2)])
def test_picks_that_are_far_apart_are_of_two_onsets(apart: float, pairs: int) -> None:
    assert len(paired(picks("A", ("ONE", "P", 10.0)), picks("B", ("ONE", "P", 10.0 + apart)))) == pairs


def test_agreement_is_counted_by_phase_with_median_and_spread() -> None:
    first = picks("A", *(("ONE", "P", 10.0 * number) for number in range(4)), ("ONE", "S", 5.0))
    late = (0.01, 0.02, 0.06)
    second = picks("B", *(("ONE", "P", 10.0 * number + by) for number, by in enumerate(late)), ("TWO", "P", 1.0))
    p, s = agreements(paired(first, second))
    assert (p.phase, p.both, p.only_first, p.only_second) == ("P", 3, 1, 1)
    assert p.median == pytest.approx(0.02)
    assert p.mad == pytest.approx(0.01)
    assert s == Agreement("S", 0, 1, 0, None, None)
    assert agreements([]) == []
