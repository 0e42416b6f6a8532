"""First motions on the focal sphere, the double couple that they allow, and why there is none."""

import csv
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from obspy import UTCDateTime

from quakeview.events.attenuation_laws import DEFAULT, LAWS
from quakeview.events.double_couple import faulting, frames, rotations
from quakeview.events.event import FIRST_MOTIONS, Arrival, Event, FocalMechanism, Origin, Uncertainty
from quakeview.events.first_motions import FirstMotions, direction, first_motions, probability_wrong
from quakeview.events.focal_mechanism import LARGEST_SPREAD, fit, gaps, solve, with_mechanism
from quakeview.events.revising import Revision
from quakeview.events.travel_times import travel_times
from quakeview.events.velocity_models import PUBLISHED, VelocityModel
from quakeview.monitoring.picks import Pick, PickStatus, Polarity
from quakeview.simulation.records.layered_earth import LayeredCrust
from quakeview.stations.book import StationBook
from quakeview.stations.coordinates import Coordinates
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId
from tests.events.polarities import STRIKE_SLIP, with_polarities
from tests.events.test_finding import LOCATOR, PLACE, picks_of
from tests.shared import SHARED, needs_shared

PICKS = with_polarities(picks_of(), LOCATOR, PLACE)
EVENT = Event(LOCATOR.origin(PICKS))
BY_ID = {pick.resource_id: pick for pick in PICKS}


def solved(picks: Sequence[Pick] = PICKS, event: Event = EVENT):
    return solve(event, {pick.resource_id: pick for pick in picks}, LOCATOR.coordinates, LOCATOR.times)


def around(number: int, angles: tuple[float, float, float] = STRIKE_SLIP, error: float = 0.0) -> FirstMotions:
    """Rays in all directions, and what a double couple makes of them."""
    rng = np.random.default_rng(2)
    azimuth, takeoff = (
        np.linspace(0, 360, number, endpoint=False),
        np.degrees(np.arccos(rng.uniform(-0.9, 0.9, number))),
    )
    t, _, p = frames(*angles) @ direction(takeoff, azimuth).T
    names = tuple(f"p{k}" for k in range(number))
    rays = direction(takeoff + error * rng.normal(size=(10, number)), azimuth)
    wrong = np.full(number, 0.05)
    return FirstMotions(
        names, tuple(("XX", name) for name in names), np.abs(t) > np.abs(p), wrong, azimuth, takeoff, rays
    )


def clearest(motions: FirstMotions) -> list[int]:
    """Those farthest from the nodal planes first."""
    t, _, p = frames(*STRIKE_SLIP) @ direction(motions.takeoff, motions.azimuth).T
    return np.argsort(-np.abs(t**2 - p**2)).tolist()


def flipped(motions: FirstMotions, which: Sequence[int]) -> FirstMotions:
    up = motions.up.copy()
    up[list(which)] ^= True
    return replace(motions, up=up)


@pytest.mark.parametrize("name", ["Southern California", "Northern California (GIL7)"])
def test_rays_leave_as_those_of_the_layers(name: str) -> None:
    """Upwards if the direct ray comes first, downwards if a head wave does."""
    model = PUBLISHED[name]
    crust = LayeredCrust(np.append(np.diff(model.tops), np.inf), model.vp, model.vs, model.vp)
    times, rng = travel_times(model), np.random.default_rng(0)
    for distance, depth in zip(rng.uniform(0, 250e3, 60).round(-3), rng.uniform(1e3, 40e3, 60).round(-3), strict=True):
        rays = [ray for ray in crust.arrivals(distance, depth) if ray.wave == "P" and ray.kind in ("direct", "head")]
        exact = np.degrees(min(rays, key=lambda ray: ray.time).takeoff)
        if model.tops[1:].min() < depth and depth not in model.tops:
            assert times.leaving("P", np.array(distance), depth) == pytest.approx(exact, abs=0.01)


def test_a_ray_to_a_station_on_a_mountain_is_steeper() -> None:
    times = travel_times(VelocityModel("x", "x", np.array([0.0]), np.array([6000.0]), np.array([3500.0])))
    found = times.leaving("P", np.array([3e3, 0.0]), 2e3, np.array([1e3, 1e3]))
    assert found == pytest.approx([180 - 45, 180], abs=0.5)


def test_the_first_motions_are_those_of_the_used_p_picks() -> None:
    motions = first_motions(EVENT, BY_ID, LOCATOR.coordinates, LOCATOR.times)
    assert len(motions) == 14
    assert all(BY_ID[pick_id].phase == "P" for pick_id in motions.pick_ids)
    up = {BY_ID[pick_id].polarity is Polarity.UP for pick_id in np.array(motions.pick_ids)[motions.up]}
    assert up == {True}
    arrival = next(each for each in EVENT.origin.arrivals if each.pick_id == motions.pick_ids[3])
    assert motions.azimuth[3] == pytest.approx(arrival.azimuth, abs=1e-6)
    assert np.linalg.norm(motions.rays, axis=-1) == pytest.approx(1)


def test_what_does_not_count_is_no_first_motion() -> None:
    p = [pick for pick in PICKS if pick.phase == "P"]
    changed = {
        p[0].resource_id: p[0].with_(status=PickStatus.REJECTED),
        p[1].resource_id: p[1].with_(polarity=Polarity.UNDECIDABLE),
        p[2].resource_id: p[2].with_(polarity=None),
    }
    arrivals = tuple(
        replace(each, weight=0.0) if each.pick_id == p[3].resource_id else each for each in EVENT.origin.arrivals
    )
    event = EVENT.with_(origin=replace(EVENT.origin, arrivals=arrivals))
    second = p[4].with_(resource_id="later", time=p[4].time + 1, polarity=Polarity.UP)
    motions = first_motions(event, BY_ID | changed | {"later": second}, LOCATOR.coordinates, LOCATOR.times)
    assert len(motions) == 10
    assert "later" not in motions.pick_ids


def test_a_polarity_is_doubted_by_who_read_it_and_on_what() -> None:
    by_hand = Pick(ChannelId("XX", "A", "", "HHZ"), "P", EVENT.time, polarity=Polarity.UP)
    by_model = by_hand.with_(status=PickStatus.AUTOMATIC, probability=0.9)
    doubts = [
        probability_wrong(by_hand.with_(onset="impulsive")),
        probability_wrong(by_hand),
        probability_wrong(by_hand.with_(onset="emergent")),
        probability_wrong(by_model),
        probability_wrong(by_model.with_(probability=0.3)),
        probability_wrong(by_hand, 0.0),
    ]
    assert doubts == sorted(doubts)
    assert doubts[1] == 0.05
    assert doubts[-1] == 0.5
    assert probability_wrong(by_model.with_(onset="questionable")) == 0.5


@pytest.mark.parametrize("angles", [STRIKE_SLIP, (30.0, 45.0, 90.0), (200.0, 60.0, -80.0)])
def test_the_double_couple_is_found(angles: tuple[float, float, float]) -> None:
    solution = fit(around(60, angles))
    found = solution.mechanism
    assert rotations(frames(found.strike, found.dip, found.rake), frames(*angles)) < 10
    assert found.quality == "A"
    assert found.spread < 15
    assert found.misfit < 0.05
    assert found.polarities == 60
    assert solution.disagrees.sum() <= 3
    assert solution.acceptable.shape[1:] == (3, 3)


def test_those_that_disagree_are_named_and_widen_the_spread() -> None:
    motions = around(60, error=5.0)
    wrong = [clearest(motions)[number] for number in (0, 4, 8)]
    right, spoilt = fit(motions), fit(flipped(motions, wrong))
    assert set(wrong) <= set(np.flatnonzero(spoilt.disagrees).tolist())
    assert 0 < spoilt.mechanism.misfit < 0.15
    assert spoilt.mechanism.spread >= right.mechanism.spread
    assert rotations(*(frames(m.strike, m.dip, m.rake) for m in (right.mechanism, spoilt.mechanism))) < 15


def test_doubtful_polarities_count_less() -> None:
    motions = flipped(around(40), [0, 1, 2])
    doubted = replace(motions, wrong=np.where(np.arange(40) < 3, 0.5, 0.05))
    assert fit(doubted).mechanism.misfit == 0.0
    assert fit(motions).mechanism.misfit > 0.0


def test_the_uncertainty_of_the_depth_widens_the_spread() -> None:
    known = EVENT.origin.uncertainty
    uncertain = Uncertainty(known.time, known.east, known.north, 8e3**2)
    wide = solved(event=EVENT.with_(origin=replace(EVENT.origin, uncertainty=uncertain)))
    narrow = solved()
    assert np.std(wide.motions.rays, axis=0).sum() > 1.2 * np.std(narrow.motions.rays, axis=0).sum()
    assert wide.mechanism is None or wide.mechanism.spread > narrow.mechanism.spread


def test_the_same_polarities_give_the_same_mechanism() -> None:
    assert solved().mechanism == solved().mechanism
    found = solved().mechanism
    assert rotations(frames(found.strike, found.dip, found.rake), frames(*STRIKE_SLIP)) < 40
    assert (found.method, found.author) == (FIRST_MOTIONS, "QuakeView")


def test_gaps_are_of_rays_turned_to_the_lower_hemisphere() -> None:
    motions = around(4)
    turned = replace(motions, azimuth=np.array([0.0, 90.0, 0.0, 90.0]), takeoff=np.array([60.0, 60.0, 120.0, 120.0]))
    assert gaps(turned) == (90.0, 60.0)


def test_why_there_is_none() -> None:
    assert "has 7 first motions" in fit(around(7)).why_none
    assert "has no first motion of P" in solved([pick.with_(polarity=None) for pick in PICKS]).why_none
    every = around(20)
    assert "All 20 first motions are up" in fit(replace(every, up=np.ones(20, bool))).why_none
    assert "All 20 first motions are down" in fit(replace(every, up=np.zeros(20, bool))).why_none
    one_side = replace(every, azimuth=np.linspace(0, 90, 20), takeoff=np.full(20, 60.0))
    assert "none in 270° of azimuth" in fit(one_side).why_none
    nowhere = solved(event=EVENT.with_(origin=replace(EVENT.origin, depth=None)))
    assert "depth of this event is not known" in nowhere.why_none
    assert nowhere.mechanism is None


def test_contradictory_polarities_say_so() -> None:
    rng = np.random.default_rng(5)
    solution = fit(replace(around(9), up=np.arange(9) % 2 == 0, wrong=np.full(9, 0.4)))
    assert solution.mechanism is None
    assert f"more than {LARGEST_SPREAD:.0f}°" in solution.why_none
    bad = fit(replace(around(60), up=rng.random(60) < 0.5))
    assert bad.mechanism is None or bad.mechanism.quality == "D"


def test_a_wide_gap_is_quality_d() -> None:
    motions = around(60)
    kept = np.flatnonzero(gaps_free(motions))
    part = FirstMotions(
        tuple(motions.pick_ids[k] for k in kept),
        tuple(motions.stations[k] for k in kept),
        *(values[kept] for values in (motions.up, motions.wrong, motions.azimuth, motions.takeoff)),
        motions.rays[:, kept],
    )
    gap, _ = gaps(part)
    assert 90 < gap < 180
    assert fit(part).mechanism.quality == "D"


def gaps_free(motions: FirstMotions) -> np.ndarray:
    """Rays that leave, turned downwards, to azimuths up to 240 degrees."""
    return np.where(motions.takeoff > 90, motions.azimuth + 180, motions.azimuth) % 360 < 240


def test_a_published_mechanism_stays_and_a_fitted_one_follows_the_polarities() -> None:
    published = EVENT.with_(mechanism=FocalMechanism(1.0, 2.0, 3.0, author="SED"))
    assert with_mechanism(published, BY_ID, LOCATOR.coordinates, LOCATOR.times) == published
    fitted = with_mechanism(EVENT, BY_ID, LOCATOR.coordinates, LOCATOR.times)
    assert fitted.mechanism == solved().mechanism
    none = with_mechanism(fitted, {}, LOCATOR.coordinates, LOCATOR.times)
    assert none.mechanism is None


def test_what_is_located_anew_has_the_mechanism_of_its_picks() -> None:
    by = Revision(LOCATOR, Archive(), StationBook(), LAWS[DEFAULT])
    made = by.made(PICKS)
    assert made.mechanism == solved(event=made).mechanism
    few = [pick.with_(polarity=None) if pick.channel_id.station < "S08" else pick for pick in PICKS]
    assert by.moved(made, few).mechanism is None
    fixed = by.at_depth(made, PICKS, 12e3)
    assert fixed.mechanism == solved(event=fixed).mechanism
    assert fixed.mechanism != made.mechanism


@needs_shared
def test_an_aftershock_of_kumamoto_is_strike_slip_as_its_fault() -> None:
    """Polarities of the JMA; the Futagawa and Hinagu faults strike north-east and slip to the right."""
    table = SHARED / "data" / "real_picks" / "metadata.csv"
    with table.open() as lines:
        rows = [row for row in csv.DictReader(lines) if row["source_id"] == "J2016041507465204"]
    places, picks, first = {}, {}, rows[0]
    for row in (row for row in rows if row["trace_p_polarity"]):
        place = (row["station_network_code"], row["station_code"])
        places[place] = Coordinates(float(row["station_latitude_deg"]), float(row["station_longitude_deg"]), 0.0)
        polarity = Polarity.UP if row["trace_p_polarity"] == "U" else Polarity.DOWN
        pick = Pick(ChannelId(*place, "", "HHZ"), "P", UTCDateTime(row["trace_start_time"]), polarity=polarity)
        picks[pick.resource_id] = pick
    where = (float(first[f"source_{name}"]) for name in ("latitude_deg", "longitude_deg"))
    arrivals = tuple(Arrival(pick_id, "P", None, None) for pick_id in picks)
    origin = Origin(
        UTCDateTime(first["source_origin_time"]), *where, 1e3 * float(first["source_depth_km"]), arrivals=arrivals
    )
    solution = solve(Event(origin), picks, places, travel_times(PUBLISHED["iasp91"]))
    assert solution.mechanism.polarities == 29
    assert faulting(solution.mechanism) == "strike-slip"
    fault = FocalMechanism(35.0, 80.0, 180.0)
    assert rotations(*(frames(m.strike, m.dip, m.rake) for m in (solution.mechanism, fault))) < 30
    assert solution.disagrees.sum() <= 2
