"""What an analyst is told: the order of picks, how much of a record to see, how late a pick is, what an edit did."""

from dataclasses import replace

import pytest

from quakeview.events.event import Arrival
from quakeview.events.reviewing import arrival_of, in_review_order, near_in_time, onset_window, residual_text
from quakeview.events.revising import locates_otherwise
from quakeview.events.shift import Shift
from quakeview.monitoring.picks import Polarity
from tests.events.earthquakes import earthquake


def test_picks_are_reviewed_from_the_nearest_station_to_the_farthest_and_by_time_there() -> None:
    event, picks = earthquake()
    stranger = picks[0].with_(resource_id="other", channel_id=picks[0].channel_id._replace(station="AAA"))
    order = in_review_order(event, [stranger, *picks[::-1]])
    assert [f"{pick.channel_id.station} {pick.phase}" for pick in order[:-1]] == [
        "CCC P", "CCC S", "TOW2 P", "TOW2 S", "WRC2 P", "WRC2 S",
    ]  # fmt: skip
    assert order[-1] == stranger


def test_an_onset_is_seen_in_a_window_that_grows_with_s_minus_p() -> None:
    event, picks = earthquake()
    near, far = onset_window(event, picks[0]), onset_window(event, picks[4])
    assert near == pytest.approx((0.5, 1.0))  # never less
    assert far == pytest.approx((1.06, 2.13), abs=0.01)
    assert onset_window(None, picks[0]) == (1.0, 2.0)


def test_how_late_a_pick_is_is_said_in_words() -> None:
    pick = earthquake()[1][0]
    assert residual_text(pick, Arrival(pick.resource_id, "P", 1e4, 0.0, 0.1)) == "0.10 s late, 2.5 standard deviations"
    early = Arrival(pick.resource_id, "P", 1e4, 0.0, -0.02, 0.0)
    assert residual_text(pick, early) == "0.02 s early, 0.5 standard deviations; not used"
    assert residual_text(pick, Arrival(pick.resource_id, "P", 1e4, 0.0)) == "not known"


def test_events_near_in_time_are_offered_nearest_first_and_none_of_later() -> None:
    events = [earthquake(number)[0] for number in (1, 2, 3)]
    assert near_in_time(events, events[1].time + 30, 9) == [events[1]]
    assert near_in_time(events, events[1].time + 3590, 9) == [events[1]]
    assert near_in_time(events, events[1].time - 3, 9) == [events[1], events[0]]
    assert near_in_time(events, events[1].time - 3, 1) == [events[1]]


def test_what_an_edit_did_is_said_in_words() -> None:
    old, _ = earthquake()
    origin = replace(old.origin, latitude=35.714193 + 0.005, longitude=-117.496118 + 0.006, depth=9410.0, rms=0.14)
    new = old.with_(origin=origin, magnitudes=(replace(old.magnitudes[0], value=3.04),))
    assert Shift.between(old, new).text == "moved 0.8 km NE, 1.2 km deeper, RMS 0.08 → 0.14 s, ML 3.1 → 3.0"
    still = old.with_(origin=replace(old.origin, rms=None, depth=None), magnitudes=())
    assert Shift.between(old, still).text == "did not move"


def test_an_event_stays_where_it_is_when_a_pick_is_confirmed_or_its_first_motion_read() -> None:
    event, picks = earthquake()
    pick = picks[0]
    assert not locates_otherwise(pick, pick.confirmed())
    assert not locates_otherwise(pick, pick.with_(polarity=Polarity.DOWN))
    assert locates_otherwise(pick, pick.moved(pick.time + 0.1))
    assert locates_otherwise(pick, pick.rejected())
    assert locates_otherwise(pick, pick.with_(upper_uncertainty=0.2))
    assert locates_otherwise(None, pick)
    assert arrival_of(event, pick) == event.origin.arrivals[0]
