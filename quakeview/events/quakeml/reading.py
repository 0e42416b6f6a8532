"""What QuakeView takes from an ObsPy event."""

import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import unquote_plus

import obspy.core.event as quakeml
from obspy import UTCDateTime

from quakeview.events.event import (
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
from quakeview.events.quakeml.ellipsoids import (
    CONFIDENCE,
    Ellipsoid,
    chi_square,
    covariance_of_ellipse,
    covariance_of_ellipsoid,
)
from quakeview.monitoring.picks import Pick
from quakeview.monitoring.quakeml import pick_from_quakeml, picks_of_event
from quakeview.texts import counted
from quakeview.waveforms.channels import ChannelId

METRES_PER_DEGREE = math.radians(6_371_000)
"""Of a great circle on the sphere on which QuakeML's distances in degrees are measured."""
DEPTHS = (-10e3, 1000e3)
"""Metres; what is outside is no depth of an earthquake."""

METHODS, MODELS = "smi:local/method/", "smi:local/velocity-model/"
"""How the ids begin that QuakeView makes of names."""
NAMES = ("earthquake name", "region name", "Flinn-Engdahl region", "nearest cities", None)
"""Types of descriptions of an event; the first that there is counts as its name."""

_WOOD_ANDERSON = ("AML", "IAML")
REVIEW = "/review"
"""How the id of the comment ends that says who judged an event, and when."""
_REVIEWED = ("confirmed", "reviewed", "reported")
_MILLIMETRES = 3
_SPREAD = re.compile(r"68 % of what is probable is within ([0-9.]+) degrees of rotation")
_QUALITY = re.compile(r"quality ([A-D])\b")
_LARGEST_ERROR = 2e7
"""Metres, half-way round the Earth: what is larger is no error of a hypocentre."""
_AGREE = 0.1
"""Part by which two statements of a depth error may differ."""


def from_obspy(source: quakeml.Event, known: Collection[str] = ()) -> tuple[Event | None, list[Pick], list[str]]:
    """The event, its picks, and sentences about what is wrong with it.

    The event is None if it has no origin with a time and a place. Of several origins the preferred one counts, or else
    the first.

    Args:
        known: publicIDs of picks in other events, to which arrivals may refer too.
    """
    picks = [pick_from_quakeml(pick) for pick in picks_of_event(source)]
    notes = list(_complaints(source))
    origin = preferred_origin(source)
    if origin is None:
        what = "no origin with a time and a place that are possible" if source.origins else "no origin"
        rest = f"; its {counted(len(picks), 'pick was', 'picks were')} read" if picks else ""
        return None, picks, [*notes, f"Event {source.resource_id.id} has {what}{rest}."]
    arrivals, lost = _arrivals(origin, {pick.resource_id for pick in picks}, known)
    if lost:
        refer = counted(lost, "arrival refers", "arrivals refer")
        notes.append(f"Event {source.resource_id.id}: {refer} to a pick that the file does not hold.")
    event = Event(
        _origin(origin, arrivals),
        tuple(_magnitudes(source)),
        tuple(amplitude for _, amplitude in amplitudes_of(source)),
        _status(source, origin),
        _name(source),
        source.resource_id.id,
        mechanism_of(source),
        source.event_type or "",
        *_review(source),
    )
    return event, picks, notes


def preferred_origin(source: quakeml.Event) -> quakeml.Origin | None:
    """The preferred origin, or the first one, that has a time and a place."""
    usable = [origin for origin in source.origins if _is_usable(origin)]
    return _preferred(usable, source.preferred_origin_id)


def short_name(identity: Any) -> str:
    """What an id of a method or a velocity model says: the name that QuakeView wrote, or the id of another program."""
    text = identity.id if identity is not None else ""
    for prefix in (METHODS, MODELS):
        if text.startswith(prefix):
            return unquote_plus(text.removeprefix(prefix).replace("~", "%"))
    return text


def _preferred(items: Sequence[Any], identity: quakeml.ResourceIdentifier | None) -> Any:
    return by_id(items, identity) or (items[0] if items else None)


def by_id(items: Iterable[Any], identity: quakeml.ResourceIdentifier | None) -> Any:
    """ObsPy's own look-up may find an object of another catalogue."""
    return next((item for item in items if identity is not None and item.resource_id.id == identity.id), None)


def _is_usable(origin: quakeml.Origin) -> bool:
    place = (origin.latitude, origin.longitude)
    return (
        origin.time is not None
        and all(value is not None and math.isfinite(value) for value in place)
        and abs(origin.latitude) <= 90
        and abs(origin.longitude) <= 360
    )


def _complaints(source: quakeml.Event) -> Iterator[str]:
    called = f"Event {source.resource_id.id}"
    for what, items in (("origin", source.origins), ("magnitude", source.magnitudes)):
        wanted = getattr(source, f"preferred_{what}_id")
        if wanted is not None and items and by_id(items, wanted) is None:
            yield f"{called} prefers the {what} {wanted.id}, which the file does not hold; its first one was taken."
    for origin in source.origins:
        if not _is_usable(origin) and len(source.origins) > 1:
            yield f"{called}: an origin without a time and a place that are possible was not used."
        elif origin.depth is not None and not DEPTHS[0] <= origin.depth <= DEPTHS[1]:
            yield f"{called}: the depth of {origin.depth / 1e3:g} km is impossible and counts as not known."
    if lacking := sum(magnitude.mag is None for magnitude in source.magnitudes):
        yield f"{called}: {counted(lacking, 'magnitude has', 'magnitudes have')} no value."


def _arrivals(origin: quakeml.Origin, own: Collection[str], known: Collection[str]) -> tuple[tuple[Arrival, ...], int]:
    """Arrivals whose pick is in the event or elsewhere, and how many others there are."""
    found = [
        Arrival(
            arrival.pick_id.id,
            arrival.phase or "?",
            None if arrival.distance is None else round(arrival.distance * METRES_PER_DEGREE, _MILLIMETRES),
            arrival.azimuth,
            arrival.time_residual,
            1.0 if arrival.time_weight is None else min(max(arrival.time_weight, 0.0), 1.0),
        )
        for arrival in origin.arrivals
        if arrival.pick_id is not None and (arrival.pick_id.id in own or arrival.pick_id.id in known)
    ]
    return tuple(found), len(origin.arrivals) - len(found)


def _origin(source: quakeml.Origin, arrivals: tuple[Arrival, ...]) -> Origin:
    quality = source.quality or quakeml.OriginQuality()
    depth = source.depth
    fixed = source.depth_type == "operator assigned"
    return Origin(
        source.time,
        source.latitude,
        (source.longitude + 180) % 360 - 180 if abs(source.longitude) > 180 else source.longitude,
        depth if depth is not None and DEPTHS[0] <= depth <= DEPTHS[1] else None,
        fixed,
        arrivals,
        _uncertainty(source, fixed),
        quality.standard_error,
        quality.azimuthal_gap,
        short_name(source.method_id),
        short_name(source.earth_model_id),
        _author(source.creation_info),
    )


def _uncertainty(source: quakeml.Origin, depth_fixed: bool) -> Uncertainty | None:
    """Of the ellipsoid if the depth error agrees with it (programs differ in its angles); else of the epicentre and the
    depth, taken to be independent. None if either is not known."""
    time, depth = _sigma(source.time_errors), _sigma(source.depth_errors, _LARGEST_ERROR)
    whole = _ellipsoid_covariance(source.origin_uncertainty)
    if whole is not None and depth is not None and abs(math.sqrt(whole[2, 2]) - depth) <= _AGREE * depth:
        return Uncertainty.of(time, whole)
    epicentre = _epicentre_covariance(source)
    if epicentre is None or (depth is None and not depth_fixed):
        return None
    (east, east_north), (_, north) = epicentre
    return Uncertainty(time, east, north, (depth or 0.0) ** 2, east_north)


def _ellipsoid_covariance(region: quakeml.OriginUncertainty | None) -> Any:
    solid = None if region is None else region.confidence_ellipsoid
    if region is None or solid is None:
        return None
    names = ("semi_major_axis_length", "semi_minor_axis_length", "semi_intermediate_axis_length")
    angles = ("major_axis_plunge", "major_axis_azimuth", "major_axis_rotation")
    values = [value for name in (*names, *angles) if (value := solid.get(name)) is not None]
    if len(values) < len(Ellipsoid._fields) or max(values[:3]) > _LARGEST_ERROR:
        return None
    return covariance_of_ellipsoid(Ellipsoid(*values), region.confidence_level or CONFIDENCE)


def _epicentre_covariance(source: quakeml.Origin) -> list[list[float]] | None:
    """Of east and north, m²: of the ellipse, of the radius, or of the errors of latitude and longitude."""
    region = source.origin_uncertainty or quakeml.OriginUncertainty()
    level = region.confidence_level or CONFIDENCE
    minor, major, radius = (
        _non_negative(region.get(f"{name}horizontal_uncertainty"), _LARGEST_ERROR) for name in ("min_", "max_", "")
    )
    if minor is not None and major is not None and region.azimuth_max_horizontal_uncertainty is not None:
        return covariance_of_ellipse(major, minor, region.azimuth_max_horizontal_uncertainty, level).tolist()
    if radius is not None:
        variance = radius**2 / chi_square(level, 2)
        return [[variance, 0.0], [0.0, variance]]
    latitude, longitude = _sigma(source.latitude_errors, 90.0), _sigma(source.longitude_errors, 180.0)
    if latitude is None or longitude is None:
        return None
    east = longitude * METRES_PER_DEGREE * math.cos(math.radians(source.latitude))
    return [[east**2, 0.0], [0.0, (latitude * METRES_PER_DEGREE) ** 2]]


def _sigma(errors: quakeml.QuantityError | None, largest: float = math.inf) -> float | None:
    """One standard deviation, in the unit of the quantity."""
    value = None if errors is None else _non_negative(errors.uncertainty, largest)
    if errors is None or value is None:
        return None
    level = errors.confidence_level
    return value / math.sqrt(chi_square(level, 1)) if level and level < 100 and level != CONFIDENCE else value


def _magnitudes(source: quakeml.Event) -> Iterator[Magnitude]:
    """The preferred one first."""
    first = by_id(source.magnitudes, source.preferred_magnitude_id)
    ordered = sorted(source.magnitudes, key=lambda magnitude: magnitude is not first)
    return (magnitude_of(magnitude) for magnitude in ordered if magnitude.mag is not None)


def magnitude_of(source: quakeml.Magnitude) -> Magnitude:
    return Magnitude(
        source.magnitude_type or "M",
        source.mag,
        _non_negative(source.mag_errors.uncertainty if source.mag_errors else None),
        source.station_count,
        short_name(source.method_id),
        _author(source.creation_info),
    )


def amplitudes_of(source: quakeml.Event) -> Iterator[tuple[quakeml.Amplitude, Amplitude]]:
    """Those of a Wood-Anderson seismometer in metres, with the magnitudes of their stations."""
    onsets = {pick.resource_id.id: pick.time for pick in source.picks}
    magnitudes = {each.amplitude_id.id: each.mag for each in source.station_magnitudes if each.amplitude_id is not None}
    for amplitude in source.amplitudes:
        time = amplitude.time_window.reference if amplitude.time_window is not None else None
        if time is None and amplitude.pick_id is not None:
            time = onsets.get(amplitude.pick_id.id)
        value, place = amplitude.generic_amplitude, amplitude.waveform_id
        if amplitude.type not in _WOOD_ANDERSON or amplitude.unit != "m" or None in (value, place, time):
            continue
        codes = (place.network_code, place.station_code, place.location_code, place.channel_code)
        yield (
            amplitude,
            Amplitude(
                ChannelId(*(code or "" for code in codes)),
                time,
                value,
                amplitude.period,
                magnitudes.get(amplitude.resource_id.id),
                amplitude.evaluation_mode == "manual",
                (amplitude.comments[0].text or "") if amplitude.comments else "",
            ),
        )


def mechanism_of(source: quakeml.Event) -> FocalMechanism | None:
    """The preferred one that has a nodal plane, or else the first."""
    usable = [each for each in source.focal_mechanisms if nodal_plane(each) is not None]
    chosen = _preferred(usable, source.preferred_focal_mechanism_id)
    return None if chosen is None else described_mechanism(chosen)


def described_mechanism(chosen: quakeml.FocalMechanism) -> FocalMechanism | None:
    """None if it has no nodal plane."""
    plane = nodal_plane(chosen)
    if plane is None:
        return None
    said = " ".join(comment.text or "" for comment in chosen.comments)
    spread, quality = _SPREAD.search(said), _QUALITY.search(said)
    return FocalMechanism(
        plane.strike,
        plane.dip,
        plane.rake,
        float(spread[1]) if spread else None,
        chosen.station_polarity_count,
        chosen.misfit,
        chosen.station_distribution_ratio,
        chosen.azimuthal_gap,
        quality[1] if quality else "",
        short_name(chosen.method_id),
        _author(chosen.creation_info),
    )


def nodal_plane(source: quakeml.FocalMechanism) -> quakeml.NodalPlane | None:
    """The preferred one, or else the first, with all of its angles; a moment tensor has one if the file gives it."""
    planes = source.nodal_planes
    if planes is None:
        return None
    number = planes.preferred_plane or 1
    for plane in (planes.get(f"nodal_plane_{number}"), planes.nodal_plane_1, planes.nodal_plane_2):
        angles = () if plane is None else (plane.strike, plane.dip, plane.rake)
        if angles and all(value is not None and math.isfinite(value) for value in angles) and 0 <= plane.dip <= 90:
            return plane
    return None


def _status(source: quakeml.Event, origin: quakeml.Origin) -> EventStatus:
    if origin.evaluation_status == "rejected" or source.event_type == NOISE:
        return EventStatus.REJECTED
    if origin.evaluation_status == "final":
        return EventStatus.FINAL
    reviewed = origin.evaluation_mode == "manual" or origin.evaluation_status in _REVIEWED
    return EventStatus.REVIEWED if reviewed else EventStatus.AUTOMATIC


def _review(source: quakeml.Event) -> tuple[str, UTCDateTime | None]:
    """Who judged it with QuakeView, and when: other programs have no one place for that."""
    comment = review_of(source)
    info = None if comment is None else comment.creation_info
    return ("", None) if info is None else (info.author or "", info.creation_time)


def review_of(source: quakeml.Event) -> quakeml.Comment | None:
    """The comment that says who judged the event."""
    identity = source.resource_id.id + REVIEW
    return next((each for each in source.comments if each.resource_id and each.resource_id.id == identity), None)


def _name(source: quakeml.Event) -> str:
    texts = {description.type: description.text or "" for description in reversed(source.event_descriptions)}
    return next((texts[kind] for kind in NAMES if texts.get(kind)), "")


def _author(info: quakeml.CreationInfo | None) -> str:
    return "" if info is None else info.author or info.agency_id or ""


def times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _non_negative(value: float | None, largest: float = math.inf) -> float | None:
    return value if value is not None and math.isfinite(value) and 0 <= value <= largest else None
