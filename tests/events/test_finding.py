"""From picks with names of stations to earthquakes with latitudes, through everything that can be wrong with picks."""

import numpy as np
import pytest
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.events.event import Event
from quakeview.events.finding import find_events
from quakeview.events.locating import Locator, azimuthal_gap, sigma_of, usage
from quakeview.events.velocity_models import PUBLISHED, VelocityModel, suggested
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.stations.coordinates import Coordinates, epicentral_path
from quakeview.waveforms.channels import ChannelId

T0 = UTCDateTime("2024-03-01T12:00:00")
MODEL = PUBLISHED["Southern California"]
_RNG = np.random.default_rng(8)
STATIONS = {
    ("XX", f"S{number:02d}"): Coordinates(*(35.7 + _RNG.uniform(-0.4, 0.4), -117.5 + _RNG.uniform(-0.4, 0.4)), 800.0)
    for number in range(14)
}
LOCATOR = Locator(STATIONS, MODEL)
PLACE = (35.75, -117.42, 8_000.0)


def picks_of(
    place: tuple[float, float, float] = PLACE, after: float = 0.0, seed: int = 0, late: dict[str, float] | None = None
) -> list[Pick]:
    """P and S at all stations, with errors of .05 s; ``late`` seconds at a station."""
    rng = np.random.default_rng(seed)
    found = []
    for (network, station), where in STATIONS.items():
        away = np.array(epicentral_path(*place[:2], where).distance)
        for phase, channel in (("P", "HHZ"), ("S", "HHN")):
            travel = float(LOCATOR.times.first(phase, away, place[2], where.elevation))
            time = T0 + after + travel + rng.normal() * 0.05 + (late or {}).get(station, 0.0)
            found.append(Pick(ChannelId(network, station, "", channel), phase, time, PickStatus.AUTOMATIC))
    return found


def off(event: Event, place: tuple[float, float, float] = PLACE) -> float:
    """Metres between an epicentre and the true one."""
    return epicentral_path(*place[:2], Coordinates(event.origin.latitude, event.origin.longitude, 0)).distance


def test_an_earthquake_is_found_where_it_was_with_all_its_picks() -> None:
    picks = picks_of()
    found = find_events(picks, LOCATOR)
    (event,) = found.events
    assert off(event) < 500
    assert event.origin.depth == pytest.approx(PLACE[2], abs=2000)
    assert event.time - T0 == pytest.approx(0, abs=0.2)
    assert set(event.pick_ids) == {pick.resource_id for pick in picks}
    assert event.origin.velocity_model == "Southern California"
    assert event.origin.uncertainty is not None
    assert 0 < event.origin.uncertainty.ellipse[1] <= event.origin.uncertainty.ellipse[0] < 2000
    assert event.origin.rms is not None
    assert event.origin.rms < 0.15
    assert event.origin.gap is not None
    assert 20 < event.origin.gap < 180
    for arrival in event.origin.arrivals:
        pick = next(pick for pick in picks if pick.resource_id == arrival.pick_id)
        path = epicentral_path(event.origin.latitude, event.origin.longitude, STATIONS[pick.channel_id[:2]])
        assert (arrival.distance, arrival.azimuth) == pytest.approx((path.distance, path.azimuth))


def test_what_is_not_used_is_said() -> None:
    nowhere = Pick(ChannelId("XX", "LOST", "", "HHZ"), "P", T0 + 5)
    later = Pick(ChannelId("XX", "S01", "", "HHZ"), "PcP", T0 + 500)
    rejected = picks_of()[0].rejected()
    found = find_events([nowhere, later, rejected, *picks_of()[1:]], LOCATOR)
    assert len(found.events) == 1
    assert rejected.resource_id not in found.events[0].pick_ids
    assert any("XX.LOST has no coordinates" in sentence for sentence in found.left_out)
    assert any("PcP" in sentence for sentence in found.left_out)


@pytest.mark.parametrize(("number", "why"), [(0, "0 picks"), (3, "3 picks at 2 stations"), (5, "needs 6 picks")])
def test_why_there_is_no_earthquake_is_said_in_numbers(number: int, why: str) -> None:
    found = find_events(picks_of()[:number], LOCATOR)
    assert found.events == ()
    assert why in found.why_none


def test_picks_that_do_not_agree_are_no_earthquake() -> None:
    rng = np.random.default_rng(5)
    scattered = [pick.with_(time=T0 + float(rng.uniform(0, 300))) for pick in picks_of()]
    found = find_events(scattered, LOCATOR)
    assert found.events == ()
    assert "better than chance" in found.why_none


def test_stations_that_are_always_late_are_learned_and_a_wrong_clock_is_told() -> None:
    rng = np.random.default_rng(6)
    late = {"S03": 0.5, "S07": 8.0}
    places = [(35.7 + rng.uniform(-0.1, 0.1), -117.5 + rng.uniform(-0.1, 0.1), 8e3) for _ in range(25)]
    picks = [
        pick for number, place in enumerate(places) for pick in picks_of(place, 90.0 * number, seed=number, late=late)
    ]
    found = find_events(picks, LOCATOR)
    assert len(found.events) == 25
    terms = [found.terms[("XX", "S03"), phase] - found.terms[("XX", "S05"), phase] for phase in "PS"]
    assert terms == pytest.approx([0.5, 0.5], abs=0.15)
    assert found.left_out == ("None of 50 picks at XX.S07 fits an earthquake; is its clock right, and its place?",)
    assert np.median([off(event, place) for event, place in zip(found.events, places, strict=True)]) < 500


def test_two_earthquakes_in_one_window_are_two() -> None:
    other = (35.55, -117.7, 6e3)
    found = find_events([*picks_of(), *picks_of(other, 3.0, seed=1)], LOCATOR)
    assert [round(event.time - T0) for event in found.events] == [0, 3]
    assert off(found.events[0]) < 1000
    assert off(found.events[1], other) < 1000


def test_an_event_is_located_again_after_a_pick_moved_and_with_a_fixed_depth() -> None:
    picks = picks_of()
    event = Event(LOCATOR.origin(picks))
    moved = [picks[0].moved(picks[0].time + 2.0), *picks[1:]]
    again = LOCATOR.relocated(event, moved)
    assert again.resource_id == event.resource_id
    outlier = next(arrival for arrival in again.origin.arrivals if arrival.pick_id == picks[0].resource_id)
    assert outlier.weight < 0.05
    assert outlier.residual == pytest.approx(2.0, abs=0.3)
    fixed = LOCATOR.with_(depth=5e3).relocated(event, picks)
    assert (fixed.origin.depth, fixed.origin.depth_fixed) == (5e3, True)


def test_picks_of_one_station_locate_nothing() -> None:
    lone = [pick for pick in picks_of() if pick.channel_id.station == "S01"]
    with pytest.raises(QuakeViewError, match="4 picks of P or S"):
        LOCATOR.origin(lone)
    with pytest.raises(QuakeViewError, match="one station"):
        LOCATOR.origin([*lone, *(pick.with_(time=pick.time + 1, resource_id=f"{pick.resource_id}b") for pick in lone)])


def test_stations_in_a_line_leave_two_places_and_the_uncertainty_says_so() -> None:
    line = {("LN", f"L{n}"): Coordinates(35.7, -118.0 + 0.1 * n, 0.0) for n in range(8)}
    locator = Locator(line, MODEL)
    picks = [
        Pick(ChannelId(*place, "", "HHZ"), phase, T0 + float(locator.times.first(phase, np.array(away), 8e3)))
        for place, where in line.items()
        for away in [epicentral_path(35.85, -117.6, where).distance]
        for phase in "PS"
    ]
    origin = locator.origin(picks)
    assert origin.uncertainty is not None
    assert origin.uncertainty.ellipse[0] > 15_000
    assert origin.gap is not None
    assert origin.gap > 179


def test_without_coordinates_the_sentence_says_what_to_open() -> None:
    with pytest.raises(QuakeViewError, match="station list or StationXML"):
        Locator.at({})


def test_the_model_for_a_place_is_suggested() -> None:
    assert Locator.at(STATIONS).model.name == "Southern California"
    assert suggested(36.5, 127.5).name == "Korea"
    assert suggested(-43.0, 170.0).name == "iasp91"


def test_a_network_across_the_date_line_is_one_network() -> None:
    coordinates = {("NZ", name): Coordinates(-37.0 + k / 3, longitude, 0.0) for k, (name, longitude) in enumerate(
        [("A", 179.6), ("B", -179.7), ("C", 179.9)])}  # fmt: skip
    locator = Locator(coordinates, MODEL)
    assert np.ptp(locator.x) < 100e3
    x, y = locator.to_local(-36.8, -179.9)
    assert locator.to_geographic(x, y) == pytest.approx((-36.8, -179.9))


def test_the_gap_is_the_largest_angle_between_neighbours() -> None:
    assert azimuthal_gap([10, 100, 350]) == pytest.approx(250)
    assert azimuthal_gap([45]) == pytest.approx(360)
    assert azimuthal_gap([]) is None


def test_where_an_earthquake_is_probable_is_around_where_it_was() -> None:
    longitude, latitude, depth, probability = LOCATOR.probable(picks_of())
    assert probability.sum() == pytest.approx(1)
    assert (probability @ latitude, probability @ longitude) == pytest.approx(PLACE[:2], abs=0.01)
    assert probability @ depth == pytest.approx(PLACE[2], abs=2000)


def regional(phase_of: dict[str, str]) -> tuple[Locator, list[Pick]]:
    """Picks without errors of P and S of an earthquake amid stations 160 to 230 km away, where Pg comes after Pn."""
    ring = np.radians(np.arange(0, 360, 45))
    stations = {
        ("XX", f"R{n}"): Coordinates(34.6 + (1.5 + 0.08 * n) * np.cos(a), -117.2 + (1.8 + 0.08 * n) * np.sin(a), 0.0)
        for n, a in enumerate(ring)
    }
    locator = Locator(stations, MODEL)
    picks = [
        Pick(
            ChannelId(*place, "", "HHZ"),
            phase_of[wave],
            T0 + float(locator.times.first(phase_of[wave], np.array(epicentral_path(34.6, -117.2, at).distance), 9e3)),
        )
        for place, at in stations.items()
        for wave in "PS"
    ]
    return locator, picks


@pytest.mark.parametrize("names", [{"P": "Pg", "S": "Sg"}, {"P": "Pn", "S": "Sg"}, {"P": "P", "S": "S"}])
def test_a_phase_is_located_as_what_it_is(names: dict[str, str]) -> None:
    locator, picks = regional(names)
    origin = locator.origin(picks)
    assert epicentral_path(34.6, -117.2, Coordinates(origin.latitude, origin.longitude, 0.0)).distance < 3e3
    assert max(abs(arrival.residual) for arrival in origin.arrivals) < 0.4
    assert all(arrival.weight > 0.5 for arrival in origin.arrivals)
    assert [arrival.phase for arrival in origin.arrivals if arrival.phase[0] == "P"] == [names["P"]] * 8


def test_a_late_pg_taken_for_the_first_p_does_not_fit() -> None:
    locator, picks = regional({"P": "Pg", "S": "Sg"})
    called_p = [pick.with_(phase=pick.phase[:1]) for pick in picks]
    right, wrong = locator.origin(picks), locator.origin(called_p)
    assert len([a for a in right.used if a.weight > 0.5]) == len(picks)
    assert (right.rms or 0.0) < 0.5 * (wrong.rms or 0.0)


def test_phases_by_their_names_are_associated() -> None:
    names = {"P": "Pg", "S": "Sg"}
    picks = [pick.with_(phase=names[pick.phase]) for pick in picks_of()]
    (event,) = find_events(picks, LOCATOR).events
    assert off(event) < 1500
    assert len(event.origin.used) == len(picks)


def test_pn_without_a_mantle_is_told_and_not_used() -> None:
    crust = VelocityModel("my crust", "x", MODEL.tops[:3], MODEL.vp[:3], MODEL.vs[:3])
    named = Pick(ChannelId("XX", "S01", "", "HHZ"), "Pn", T0 + 3)
    found = find_events([named, *picks_of()], Locator(STATIONS, crust))
    assert named.resource_id not in found.events[0].pick_ids
    assert any("Pn" in sentence and "my crust has no mantle" in sentence for sentence in found.left_out)


def test_what_a_pick_counts_as_is_said() -> None:
    crust = VelocityModel("my crust", "x", MODEL.tops[:3], MODEL.vp[:3], MODEL.vs[:3])
    named, *others = picks_of()
    named = named.with_(phase="Pn")
    origin = Locator(STATIONS, crust).origin([named, *others])
    arrival = next(each for each in origin.arrivals if each.pick_id == named.resource_id)
    assert usage(named, arrival) == "not used: the velocity model has no Pn"
    assert usage(named) == "Pn, first through the mantle"
    assert usage(named.with_(phase="Lg")) == "not used: Lg has no travel times here"
    assert sigma_of(named.with_(phase="Lg")) > 0


def test_a_pick_that_was_left_out_is_an_arrival_without_weight() -> None:
    out, *others = picks_of()
    origin = LOCATOR.origin([out.with_(used=False), *others])
    assert [a.pick_id for a in origin.arrivals if a.weight == 0] == [out.resource_id]
    assert usage(out.with_(used=False)) == "not used: left out by hand"
    assert (origin.latitude, origin.longitude) == pytest.approx(
        (LOCATOR.origin(others).latitude, LOCATOR.origin(others).longitude), abs=1e-6
    )
