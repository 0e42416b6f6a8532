"""When waves should come, and what time of an event is looked at."""

import numpy as np
import pytest
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.events.event import Arrival, Origin
from quakeview.events.theoretical import theoretical_arrivals, window_of
from quakeview.events.travel_times import travel_times
from quakeview.events.velocity_models import VelocityModel
from quakeview.monitoring.picks import Pick
from quakeview.stations.coordinates import Coordinates
from quakeview.waveforms.channels import ChannelId

TIME = UTCDateTime(2020, 1, 1)
VP, VS = 6000.0, 3500.0
HALF_SPACE = VelocityModel("half-space", "a test", np.array([0.0]), np.array([VP]), np.array([VS]))
PLACES = {
    ("XX", "NEAR"): Coordinates(0.0, 0.0, 0.0),
    ("XX", "HILL"): Coordinates(0.0, 0.0, 1200.0),
    ("XX", "FAR"): Coordinates(0.0, 0.5, 0.0),
    ("XX", "AWAY"): Coordinates(0.0, 40.0, 0.0),
}


def test_rays_of_a_half_space_are_straight_and_stations_beyond_the_model_have_none():
    origin = Origin(TIME, 0.0, 0.0, 9000.0)
    found = theoretical_arrivals(origin, PLACES, travel_times(HALF_SPACE))
    assert {place[1] for place, _ in found} == {"NEAR", "HILL", "FAR"}
    seconds = {(place[1], phase): time - TIME for (place, phase), time in found.items()}
    assert seconds["NEAR", "P"] == pytest.approx(9000 / VP, abs=0.01)
    assert seconds["NEAR", "S"] == pytest.approx(9000 / VS, abs=0.01)
    assert seconds["HILL", "P"] == pytest.approx(10_200 / VP, abs=0.01)
    assert seconds["FAR", "S"] == pytest.approx(np.hypot(55_660, 9000) / VS, abs=0.03)


def test_without_a_depth_nothing_is_computed():
    with pytest.raises(QuakeViewError, match="depth"):
        theoretical_arrivals(Origin(TIME, 0.0, 0.0, None), PLACES, travel_times(HALF_SPACE))


def picked(**seconds: float) -> dict[str, Pick]:
    return {
        name: Pick(ChannelId("XX", name, "", "HHZ"), name[0], TIME + later, resource_id=name)
        for name, later in seconds.items()
    }


def origin_of(picks: dict[str, Pick], weight: float = 1.0) -> Origin:
    arrivals = tuple(Arrival(name, pick.phase, None, None, 0.0, weight) for name, pick in picks.items())
    return Origin(TIME, 0.0, 0.0, 5000.0, arrivals=arrivals)


def test_the_window_holds_the_first_p_and_the_s_of_the_farthest_station_even_where_it_was_not_picked():
    picks = picked(P1=2.0, S1=3.5, P2=20.0)
    first, last = window_of(origin_of(picks), picks, ())
    assert TIME - 5 < first < TIME
    assert TIME + 35 < last < TIME + 60
    far = picked(P1=100.0, P2=120.0)
    assert TIME + 80 < window_of(origin_of(far), far, ())[0] < TIME + 98


def test_picks_that_do_not_count_widen_no_window():
    picks = picked(P1=2.0)
    stray = picked(P9=500.0)
    origin = origin_of(picks)
    origin = Origin(TIME, 0.0, 0.0, 5000.0, arrivals=origin.arrivals + origin_of(stray, weight=0.0).arrivals)
    assert window_of(origin, picks | stray, ()) == window_of(origin, picks, ())


def test_without_picks_the_stations_tell_how_long_to_look():
    first, last = window_of(Origin(TIME, 0.0, 0.0, None), {}, [30_000.0, 90_000.0])
    assert first < TIME
    assert TIME + 30 < last < TIME + 60
    assert window_of(Origin(TIME, 0.0, 0.0, None), {}, [])[1] > TIME + 30
