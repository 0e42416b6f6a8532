"""What QuakeView writes into an ObsPy event.

What is new gets ids that follow from its content, so that the same event is always written the same.
"""

import math
import re
import uuid
from collections.abc import Collection, Iterable, Mapping
from urllib.parse import quote_plus

import obspy.core.event as quakeml

from quakeview.events.double_couple import planes
from quakeview.events.event import (
    FIRST_MOTIONS,
    NOISE,
    Amplitude,
    Arrival,
    Event,
    EventStatus,
    FocalMechanism,
    Magnitude,
    Origin,
    Uncertainty,
)
from quakeview.events.quakeml.ellipsoids import CONFIDENCE, ellipsoid_of
from quakeview.events.quakeml.reading import (
    METHODS,
    METRES_PER_DEGREE,
    MODELS,
    NAMES,
    REVIEW,
    amplitudes_of,
    described_mechanism,
    from_obspy,
    magnitude_of,
    preferred_origin,
    review_of,
    short_name,
    times,
)
from quakeview.monitoring.picks import Pick
from quakeview.monitoring.quakeml import pick_to_quakeml, quiet


def to_obspy(event: Event, picks: Iterable[Pick] = ()) -> quakeml.Event:
    """The event with these picks as a new ObsPy event."""
    with quiet():
        target = quakeml.Event(resource_id=_id(event.resource_id), picks=[pick_to_quakeml(pick) for pick in picks])
        update(target, event)
    return target


def update(target: quakeml.Event, event: Event, known: Collection[str] = ()) -> None:
    """Bring an ObsPy event up to date, which has all its picks already; what did not change is not touched.

    Args:
        known: publicIDs of picks in other events, to which arrivals may refer too.
    """
    before, _, _ = from_obspy(target, known)
    with quiet():
        if before is None or before.origin != event.origin:
            _put_origin(target, event)
        if before is None or before.amplitudes != event.amplitudes:
            _put_amplitudes(target, event)
        if before is None or before.magnitudes != event.magnitudes:
            _put_magnitudes(target, event)
        if event.mechanism != (None if before is None else before.mechanism):
            _put_mechanism(target, event)
        if before is not None and before.status is not event.status:
            _set_status(preferred_origin(target), event.status)
        if event.kind != ("" if before is None else before.kind):
            target.event_type, target.event_type_certainty = event.kind or None, None
        if target.event_type == NOISE and event.status is not EventStatus.REJECTED:
            target.event_type = None
        if before is None or (before.reviewer, before.reviewed_at) != (event.reviewer, event.reviewed_at):
            _set_review(target, event)
        if event.name != ("" if before is None else before.name):
            _set_name(target, event.name)


def _put_origin(target: quakeml.Event, event: Event) -> None:
    """Add the origin beside those that are there, and prefer it."""
    origin = event.origin
    identity = _id_of_new(event, "origin", origin)
    stations = {
        pick.resource_id.id: (pick.waveform_id.network_code, pick.waveform_id.station_code)
        for pick in target.picks
        if pick.waveform_id is not None
    }
    new = quakeml.Origin(
        resource_id=_id(identity),
        time=origin.time,
        latitude=origin.latitude,
        longitude=origin.longitude,
        depth=origin.depth,
        depth_type=None if origin.depth is None else "operator assigned" if origin.depth_fixed else "from location",
        method_id=_named(METHODS, origin.method),
        earth_model_id=_named(MODELS, origin.velocity_model),
        creation_info=_creation(origin.author),
        quality=_quality(origin, stations),
        arrivals=[
            _new_arrival(f"{identity}/arrival/{number}", arrival) for number, arrival in enumerate(origin.arrivals)
        ],
    )
    if origin.uncertainty is not None:
        set_uncertainty(new, origin.uncertainty, origin.depth_fixed)
    _set_status(new, event.status)
    target.origins = [*(other for other in target.origins if other.resource_id.id != identity), new]
    target.preferred_origin_id = _id(identity)


def _quality(origin: Origin, stations: Mapping[str, tuple[str, str]]) -> quakeml.OriginQuality:
    return quakeml.OriginQuality(
        standard_error=origin.rms,
        azimuthal_gap=origin.gap,
        used_phase_count=len(origin.used),
        associated_phase_count=len(origin.arrivals),
        used_station_count=len({stations[each.pick_id] for each in origin.used if each.pick_id in stations}),
        minimum_distance=times(origin.nearest, 1 / METRES_PER_DEGREE),
    )


def _new_arrival(identity: str, arrival: Arrival) -> quakeml.Arrival:
    return quakeml.Arrival(
        resource_id=_id(identity),
        pick_id=_id(arrival.pick_id),
        phase=arrival.phase,
        distance=times(arrival.distance, 1 / METRES_PER_DEGREE),
        azimuth=arrival.azimuth,
        time_residual=arrival.residual,
        time_weight=arrival.weight,
    )


def set_uncertainty(target: quakeml.Origin, known: Uncertainty, depth_fixed: bool) -> None:
    """Standard deviations, the 68 % ellipse of the epicentre and, of a free depth, the 68 % ellipsoid."""
    north = math.sqrt(max(known.north, 0)) / METRES_PER_DEGREE
    east = math.sqrt(max(known.east, 0)) / METRES_PER_DEGREE / max(math.cos(math.radians(target.latitude)), 1e-6)
    target.time_errors = quakeml.QuantityError(uncertainty=known.time)
    target.latitude_errors = quakeml.QuantityError(uncertainty=north)
    target.longitude_errors = quakeml.QuantityError(uncertainty=east)
    major, minor, azimuth = known.ellipse
    region = quakeml.OriginUncertainty(
        max_horizontal_uncertainty=major,
        min_horizontal_uncertainty=minor,
        azimuth_max_horizontal_uncertainty=azimuth,
        confidence_level=CONFIDENCE,
        preferred_description="uncertainty ellipse",
    )
    if not depth_fixed:
        target.depth_errors = quakeml.QuantityError(uncertainty=known.depth_error)
        solid = ellipsoid_of(known.covariance)
        region.preferred_description = "confidence ellipsoid"
        region.confidence_ellipsoid = quakeml.ConfidenceEllipsoid(
            semi_major_axis_length=solid.major,
            semi_minor_axis_length=solid.minor,
            semi_intermediate_axis_length=solid.intermediate,
            major_axis_plunge=solid.plunge,
            major_axis_azimuth=solid.azimuth,
            major_axis_rotation=solid.rotation,
        )
    target.origin_uncertainty = region


def _put_amplitudes(target: quakeml.Event, event: Event) -> None:
    """Take Wood-Anderson amplitudes that are no longer there away, with their station magnitudes, and add new ones."""
    present = list(amplitudes_of(target))
    gone = {source.resource_id.id for source, amplitude in present if amplitude not in event.amplitudes}
    kept = [amplitude for _, amplitude in present]
    magnitudes = {
        each.resource_id.id for each in target.station_magnitudes if each.amplitude_id and each.amplitude_id.id in gone
    }
    target.amplitudes = [each for each in target.amplitudes if each.resource_id.id not in gone]
    target.station_magnitudes = [each for each in target.station_magnitudes if each.resource_id.id not in magnitudes]
    for magnitude in target.magnitudes:
        magnitude.station_magnitude_contributions = [
            each
            for each in magnitude.station_magnitude_contributions
            if each.station_magnitude_id is None or each.station_magnitude_id.id not in magnitudes
        ]
    for amplitude in event.amplitudes:
        if amplitude not in kept:
            _add_amplitude(target, event, amplitude)


def _add_amplitude(target: quakeml.Event, event: Event, amplitude: Amplitude) -> None:
    identity = _id_of_new(event, "amplitude", amplitude)
    network, station, location, channel = amplitude.channel_id
    place = quakeml.WaveformStreamID(network, station, location, channel)
    target.amplitudes.append(
        quakeml.Amplitude(
            resource_id=_id(identity),
            type="AML",
            unit="m",
            generic_amplitude=amplitude.value,
            period=amplitude.period,
            time_window=quakeml.TimeWindow(0.0, 0.0, amplitude.time),
            waveform_id=place,
            magnitude_hint="ML",
            evaluation_mode="manual" if amplitude.manual else "automatic",
            comments=[quakeml.Comment(text=amplitude.comment, force_resource_id=False)] if amplitude.comment else [],
        )
    )
    if amplitude.magnitude is not None:
        target.station_magnitudes.append(
            quakeml.StationMagnitude(
                resource_id=_id(f"{identity}/magnitude"),
                origin_id=target.preferred_origin_id or target.origins[0].resource_id,
                amplitude_id=_id(identity),
                mag=amplitude.magnitude,
                station_magnitude_type="ML",
                waveform_id=place,
            )
        )


def _put_magnitudes(target: quakeml.Event, event: Event) -> None:
    """Keep those that are still there, add new ones, and prefer the first."""
    present: dict[Magnitude, quakeml.Magnitude] = {}
    for source in target.magnitudes:
        if source.mag is not None:
            present.setdefault(magnitude_of(source), source)
    target.magnitudes = [
        *(present.get(magnitude) or _new_magnitude(target, event, magnitude) for magnitude in event.magnitudes),
        *(source for source in target.magnitudes if source.mag is None),
    ]
    target.preferred_magnitude_id = target.magnitudes[0].resource_id if event.magnitudes else None


def _new_magnitude(target: quakeml.Event, event: Event, magnitude: Magnitude) -> quakeml.Magnitude:
    """A local magnitude names the station magnitudes that it was made of."""
    parts = [each for each in target.station_magnitudes if each.amplitude_id and each.station_magnitude_type == "ML"]
    return quakeml.Magnitude(
        resource_id=_id(_id_of_new(event, "magnitude", magnitude)),
        mag=magnitude.value,
        mag_errors=quakeml.QuantityError(uncertainty=magnitude.spread),
        magnitude_type=magnitude.kind,
        station_count=magnitude.stations,
        method_id=_named(METHODS, magnitude.method),
        creation_info=_creation(magnitude.author),
        origin_id=target.preferred_origin_id or target.origins[0].resource_id,
        station_magnitude_contributions=[
            quakeml.StationMagnitudeContribution(
                station_magnitude_id=each.resource_id, residual=each.mag - magnitude.value
            )
            for each in parts
            if magnitude.kind == "ML" and magnitude.stations
        ],
    )


def _put_mechanism(target: quakeml.Event, event: Event) -> None:
    """Prefer the one of the event; of those that QuakeView made no other stays: they are no longer right."""
    others = [each for each in target.focal_mechanisms if short_name(each.method_id) != FIRST_MOTIONS]
    target.focal_mechanisms, target.preferred_focal_mechanism_id = others, None
    if event.mechanism is not None:
        present = next((each for each in others if described_mechanism(each) == event.mechanism), None)
        if present is None:
            present = _new_mechanism(target, event, event.mechanism)
            target.focal_mechanisms.append(present)
        target.preferred_focal_mechanism_id = present.resource_id


def _new_mechanism(target: quakeml.Event, event: Event, mechanism: FocalMechanism) -> quakeml.FocalMechanism:
    """Both nodal planes (the axes need a moment in QuakeML), and in a comment what it has no word for."""
    plane, auxiliary = planes(mechanism)
    said = []
    if mechanism.quality:
        said.append(f"quality {mechanism.quality} (classes of HASH)")
    if mechanism.spread is not None:
        said.append(f"68 % of what is probable is within {mechanism.spread!r} degrees of rotation")
    return quakeml.FocalMechanism(
        resource_id=_id(_id_of_new(event, "mechanism", mechanism)),
        triggering_origin_id=target.preferred_origin_id or target.origins[0].resource_id,
        nodal_planes=quakeml.NodalPlanes(
            nodal_plane_1=quakeml.NodalPlane(*plane), nodal_plane_2=quakeml.NodalPlane(*auxiliary), preferred_plane=1
        ),
        azimuthal_gap=mechanism.gap,
        station_polarity_count=mechanism.polarities,
        misfit=mechanism.misfit,
        station_distribution_ratio=mechanism.distribution,
        method_id=_named(METHODS, mechanism.method),
        evaluation_mode="automatic" if event.status is EventStatus.AUTOMATIC else "manual",
        creation_info=_creation(mechanism.author),
        comments=[quakeml.Comment(text="; ".join(said), force_resource_id=False)] if said else [],
    )


def _set_status(origin: quakeml.Origin, status: EventStatus) -> None:
    """A rejected origin keeps its mode: a person rejects what a program or another person located."""
    if status is EventStatus.REJECTED:
        origin.evaluation_status = "rejected"
    else:
        origin.evaluation_mode = "automatic" if status is EventStatus.AUTOMATIC else "manual"
        origin.evaluation_status = None if status is EventStatus.AUTOMATIC else str(status)


def _set_review(target: quakeml.Event, event: Event) -> None:
    """Say in a comment who judged the event: the creation info of the event is of the one who made it."""
    known = review_of(target)
    target.comments = [each for each in target.comments if each is not known]
    if event.reviewer or event.reviewed_at is not None:
        target.comments.append(
            quakeml.Comment(
                resource_id=_id(event.resource_id + REVIEW),
                text=f"{event.status.capitalize()} by {event.reviewer or 'a person'}",
                creation_info=quakeml.CreationInfo(author=event.reviewer, creation_time=event.reviewed_at),
            )
        )


def _set_name(target: quakeml.Event, name: str) -> None:
    others = [each for each in target.event_descriptions if each.type not in NAMES[:1]]
    added = [quakeml.EventDescription(text=name, type=NAMES[0])] if name else []
    target.event_descriptions = [*added, *others]


def _creation(author: str) -> quakeml.CreationInfo | None:
    return quakeml.CreationInfo(author=author) if author else None


def _id(text: str) -> quakeml.ResourceIdentifier:
    return quakeml.ResourceIdentifier(text)


def _named(prefix: str, name: str) -> quakeml.ResourceIdentifier | None:
    """A name as a URI of the characters that QuakeML allows."""
    if not name or re.match(r"(smi|quakeml):", name):
        return _id(name) if name else None
    return _id(prefix + quote_plus(name).replace("~", "%7E").replace("%", "~"))


def _id_of_new(event: Event, kind: str, content: Origin | Magnitude | Amplitude | FocalMechanism) -> str:
    return f"{event.resource_id}/{kind}/{uuid.uuid5(uuid.NAMESPACE_URL, repr(content))}"
