"""Events one-to-one with ObsPy's."""

import io
import math
from dataclasses import replace
from pathlib import Path

import obspy
import obspy.core.event as quakeml
import pytest
from obspy import UTCDateTime
from obspy.imaging.beachball import aux_plane
from obspy.io.quakeml.core import _validate

from quakeview.events.event import NOISE, EventStatus, FocalMechanism, Magnitude
from quakeview.events.quakeml import from_obspy, to_obspy, update
from quakeview.monitoring.quakeml import serialise
from tests.events.earthquakes import earthquake


def through_a_file(source: quakeml.Event) -> quakeml.Event:
    return obspy.read_events(io.BytesIO(serialise(obspy.Catalog([source]))))[0]


def test_everything_of_an_event_comes_back_from_quakeml() -> None:
    event, picks = earthquake()
    back, picks_back, notes = from_obspy(through_a_file(to_obspy(event, picks)))
    assert back == event
    assert picks_back == picks
    assert notes == []


def test_other_programs_read_what_is_written() -> None:
    event, picks = earthquake()
    origin = through_a_file(to_obspy(event, picks)).preferred_origin()
    assert origin.longitude_errors.uncertainty == pytest.approx(
        300 / 111_195 / math.cos(math.radians(35.714193)), rel=1e-4
    )
    assert origin.latitude_errors.uncertainty == pytest.approx(400 / 111_195, rel=1e-4)
    assert (origin.time_errors.uncertainty, origin.depth_errors.uncertainty) == (0.05, 800)
    assert origin.origin_uncertainty.max_horizontal_uncertainty == pytest.approx(event.origin.uncertainty.ellipse[0])
    assert origin.origin_uncertainty.confidence_level == 68
    assert origin.quality.used_station_count == 3
    assert origin.quality.used_phase_count == 6
    assert origin.quality.standard_error == 0.08
    assert origin.quality.minimum_distance == pytest.approx(12 / 111.195, rel=1e-4)
    assert (origin.evaluation_mode, origin.evaluation_status) == ("manual", "reviewed")
    assert origin.depth_type == "from location"
    assert origin.method_id.id == "smi:local/method/QuakeView+grid+search"


def test_a_local_magnitude_names_what_it_was_made_of() -> None:
    written = through_a_file(to_obspy(*earthquake()))
    (station,) = written.station_magnitudes
    assert (station.mag, station.station_magnitude_type) == (3.1, "ML")
    (part,) = written.preferred_magnitude().station_magnitude_contributions
    assert part.station_magnitude_id == station.resource_id
    assert part.residual == pytest.approx(3.1 - 3.14)
    amplitude = next(each for each in written.amplitudes if each.resource_id == station.amplitude_id)
    assert (amplitude.type, amplitude.unit, amplitude.generic_amplitude) == ("AML", "m", 1.2e-6)


def test_a_fixed_depth_has_no_error() -> None:
    event, picks = earthquake()
    fixed = replace(
        event.origin,
        depth_fixed=True,
        uncertainty=replace(event.origin.uncertainty, depth=0.0, east_depth=0.0, north_depth=0.0),
    )
    written = through_a_file(to_obspy(event.with_(origin=fixed), picks))
    assert written.origins[0].depth_type == "operator assigned"
    assert written.origins[0].depth_errors.uncertainty is None
    assert from_obspy(written)[0].origin == fixed


def test_an_event_that_did_not_change_is_not_touched() -> None:
    target = through_a_file(to_obspy(*earthquake()))
    before = serialise(obspy.Catalog([target]))
    update(target, from_obspy(target)[0])
    assert serialise(obspy.Catalog([target])).splitlines()[3:] == before.splitlines()[3:]


def test_a_new_origin_stands_beside_the_old_one() -> None:
    event, picks = earthquake()
    target = through_a_file(to_obspy(event, picks))
    moved = replace(event.origin, latitude=35.8)
    update(target, event.with_(origin=moved))
    assert [origin.latitude for origin in target.origins] == [35.714193, 35.8]
    assert from_obspy(through_a_file(target))[0].origin == moved


def test_a_judgement_changes_the_status_alone() -> None:
    event, picks = earthquake()
    target = through_a_file(to_obspy(event, picks))
    update(target, event.with_(status=EventStatus.REJECTED))
    assert [origin.evaluation_status for origin in target.origins] == ["rejected"]
    assert from_obspy(target)[0].status is EventStatus.REJECTED


def test_magnitudes_and_amplitudes_come_and_go() -> None:
    event, picks = earthquake()
    target = through_a_file(to_obspy(event, picks))
    kept = target.magnitudes[1].resource_id
    new = event.with_(magnitudes=(Magnitude("Mw", 3.3), Magnitude("ML", 3.0)), amplitudes=event.amplitudes[1:], name="")
    update(target, new)
    assert target.station_magnitudes == []
    assert target.preferred_magnitude_id == kept
    assert from_obspy(through_a_file(target))[0] == new


def test_a_mechanism_is_written_with_both_planes() -> None:
    (written,) = through_a_file(to_obspy(*earthquake())).focal_mechanisms
    second = written.nodal_planes.nodal_plane_2
    assert (second.strike, second.dip, second.rake) == pytest.approx(aux_plane(321.5, 82.25, -178.0), abs=1e-6)
    assert (written.station_polarity_count, written.misfit, written.azimuthal_gap) == (24, 0.08, 48.5)


def test_of_mechanisms_the_fitted_one_goes_and_a_published_one_stays() -> None:
    event, picks = earthquake()
    published = FocalMechanism(10.0, 80.0, -5.0, method="smi:ch.ethz/focmec", author="SED")
    target = through_a_file(to_obspy(event.with_(mechanism=published), picks))
    update(target, event)
    assert [each.creation_info.author for each in target.focal_mechanisms] == ["SED", "QuakeView"]
    assert from_obspy(through_a_file(target))[0].mechanism == event.mechanism
    update(target, event.with_(mechanism=published))
    assert from_obspy(through_a_file(target))[0].mechanism == published
    assert len(target.focal_mechanisms) == 1
    fitted = through_a_file(to_obspy(event, picks))
    update(fitted, event.with_(mechanism=None))
    assert from_obspy(through_a_file(fitted))[0].mechanism is None


def test_a_mechanism_without_a_whole_plane_is_none() -> None:
    target = to_obspy(*earthquake())
    (written,) = target.focal_mechanisms
    written.nodal_planes.nodal_plane_1.rake = None
    assert from_obspy(target)[0].mechanism.rake == written.nodal_planes.nodal_plane_2.rake
    written.nodal_planes.nodal_plane_2.dip = 97.0
    assert from_obspy(target)[0].mechanism is None
    written.nodal_planes = None
    assert from_obspy(target)[0].mechanism is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"time": None}, "no origin with a time and a place"),
        ({"latitude": 95.0}, "no origin with a time and a place"),
        ({"latitude": None}, "no origin with a time and a place"),
    ],
)
def test_an_event_without_a_time_and_a_place_is_told_and_its_picks_are_read(change: dict, sentence: str) -> None:
    target = to_obspy(*earthquake())
    target.origins[0].update(change)
    event, picks, notes = from_obspy(target)
    assert event is None
    assert len(picks) == 6
    assert sentence in notes[-1]
    assert "6 picks were read" in notes[-1]


def test_what_points_to_nothing_is_told() -> None:
    target = to_obspy(*earthquake())
    del target.picks[2:]
    target.preferred_magnitude_id = quakeml.ResourceIdentifier("smi:local/elsewhere")
    event, _, notes = from_obspy(target)
    assert event is not None
    assert len(event.origin.arrivals) == 2
    assert any("4 arrivals refer to a pick" in note for note in notes)
    assert any("prefers the magnitude smi:local/elsewhere" in note for note in notes)
    assert (
        len(from_obspy(target, {f"smi:local/pick/1-{station}-P" for station in ("TOW2", "WRC2")})[0].origin.arrivals)
        == 4
    )


def test_an_impossible_depth_is_not_known() -> None:
    target = to_obspy(*earthquake())
    target.origins[0].depth = 8210e3
    event, _, notes = from_obspy(target)
    assert event is not None
    assert event.origin.depth is None
    assert "8210 km is impossible" in notes[0]


def test_errors_of_other_confidence_become_standard_deviations() -> None:
    target = to_obspy(*earthquake())
    origin = target.origins[0]
    origin.origin_uncertainty = quakeml.OriginUncertainty(
        confidence_level=90,
        min_horizontal_uncertainty=1e3,
        max_horizontal_uncertainty=2e3,
        azimuth_max_horizontal_uncertainty=90,
    )
    origin.time_errors = quakeml.QuantityError(uncertainty=1.6449, confidence_level=90)
    known = from_obspy(target)[0].origin.uncertainty
    assert known.time == pytest.approx(1.0, abs=1e-3)
    assert known.east**0.5 == pytest.approx(2e3 / 4.6052**0.5, rel=1e-3)
    assert known.north**0.5 == pytest.approx(1e3 / 4.6052**0.5, rel=1e-3)


def test_an_ellipsoid_that_contradicts_the_depth_error_is_not_believed() -> None:
    target = to_obspy(*earthquake())
    target.origins[0].origin_uncertainty.confidence_ellipsoid.semi_major_axis_length *= 1e-3  # km, as some write
    known = from_obspy(target)[0].origin.uncertainty
    assert known.depth == 640e3
    assert (known.east_depth, known.north_depth) == (0, 0)
    assert known.east == pytest.approx(90e3)


def test_longitudes_beyond_the_date_line_are_those_before_it() -> None:
    target = to_obspy(*earthquake())
    target.origins[0].longitude = 190.0
    assert from_obspy(target)[0].origin.longitude == -170.0


def test_times_keep_their_microseconds() -> None:
    event, picks = earthquake()
    moved = event.with_(origin=replace(event.origin, time=UTCDateTime("2019-07-04T17:02:55.123457Z")))
    assert from_obspy(through_a_file(to_obspy(moved, picks)))[0].time == moved.time


@pytest.mark.parametrize("name", ["max_horizontal_uncertainty", "horizontal_uncertainty"])
def test_an_error_larger_than_the_earth_is_none(name: str) -> None:
    target = to_obspy(*earthquake())
    region = quakeml.OriginUncertainty(min_horizontal_uncertainty=1.0, azimuth_max_horizontal_uncertainty=0.0)
    region[name] = 1e308
    target.origins[0].origin_uncertainty = region
    target.origins[0].latitude_errors.uncertainty = 1e308
    assert from_obspy(target)[0].origin.uncertainty is None


def test_an_event_that_an_agency_rejected_can_be_taken_back() -> None:
    target = to_obspy(*earthquake())
    target.event_type = "not existing"
    rejected = from_obspy(target)[0]
    assert rejected.status is EventStatus.REJECTED
    update(target, rejected.with_(status=EventStatus.REVIEWED))
    assert from_obspy(target)[0].status is EventStatus.REVIEWED


def test_type_and_reviewer_of_a_final_event_come_back_and_are_where_others_look() -> None:
    event, picks = earthquake()
    blast = event.judged(EventStatus.FINAL, "quarry blast").signed("Eva Lund", event.time + 60)
    target = to_obspy(event, picks)
    update(target, blast)
    written = through_a_file(target)
    assert (written.event_type, written.preferred_origin().evaluation_status) == ("quarry blast", "final")
    (comment,) = written.comments
    assert (comment.text, comment.creation_info.author) == ("Final by Eva Lund", "Eva Lund")
    assert from_obspy(written)[0] == blast


def test_noise_is_rejected_and_exists_again_when_it_is_reviewed() -> None:
    event, picks = earthquake()
    target = to_obspy(event.judged(EventStatus.REJECTED, NOISE).signed("Ana", event.time), picks)
    assert target.event_type == "not existing"
    noise = from_obspy(target)[0]
    assert (noise.status, noise.is_earthquake) == (EventStatus.REJECTED, False)
    update(target, noise.judged(EventStatus.REVIEWED).signed("Eva", event.time))
    assert target.event_type is None


def test_quakeml_is_valid(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(serialise(obspy.Catalog([to_obspy(*earthquake())])))
    assert _validate(str(tmp_path / "a.xml"))
