"""What station metadata say that cannot all be true, or cannot be used: a sentence each, with the station's name."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from math import prod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from obspy import Inventory
    from obspy.core.inventory import Channel, Response, Station

FAR = 1000.0
"""Metres by which what several sources say of one place may differ: rounded degrees, a borehole beside the hut."""
NO_COORDINATES = "stands at latitude 0 and longitude 0, which means that nobody knows; it has no coordinates."
"""What is said of a station without a place. RESP files never have one."""
_MOVED = 100.0
_ALIKE = 0.05
"""Share by which the gains of the stages may differ from the sensitivity: they are said at other frequencies."""


def contradictions(inventory: "Inventory") -> Iterator[str]:
    """Sentences on epochs, places, stages and sensitivities that contradict each other, station by station."""
    for name, epochs in stations_by_name(inventory).items():
        yield from _of_places(name, epochs)
        channels: defaultdict[str, list[Channel]] = defaultdict(list)
        for channel in (channel for station in epochs for channel in station):
            channels[f"{channel.location_code}.{channel.code}".lstrip(".")].append(channel)
        yield from _of_epochs(name, channels)
        yield from _of_responses(name, [channel for found in channels.values() for channel in found])


def stations_by_name(inventory: "Inventory") -> dict[str, list["Station"]]:
    """The epochs of each station, by ``NET.STA``."""
    found: defaultdict[str, list[Station]] = defaultdict(list)
    for network in inventory:
        for station in network:
            found[f"{network.code}.{station.code}"].append(station)
    return dict(found)


def use_empty_locations(inventory: "Inventory") -> Iterator[str]:
    """Make the location code ``--``, which is how programs print an empty one, empty as it is in records."""
    for name, epochs in stations_by_name(inventory).items():
        dashed = [channel for station in epochs for channel in station if channel.location_code.strip() == "--"]
        for channel in dashed:
            channel.location_code = ""
        if dashed:
            yield f"{name} has the location code '--', which is read as an empty one."


def has_place(place: "Station | Channel") -> bool:
    """Whether it says where it is: 0, 0 is what programs write that do not know."""
    return not (float(place.latitude) == 0 == float(place.longitude))


def distance(one: Any, other: Any) -> float:
    """Metres between two things with latitude and longitude."""
    from obspy.geodetics import gps2dist_azimuth

    if (one.latitude, one.longitude) == (other.latitude, other.longitude):
        return 0.0
    metres: float = gps2dist_azimuth(one.latitude, one.longitude, other.latitude, other.longitude)[0]
    return metres


def overlap(one: "Station | Channel", other: "Station | Channel") -> bool:
    """Whether there is a time at which both epochs hold."""
    return all(
        first.start_date is None or second.end_date is None or first.start_date < second.end_date
        for first, second in ((one, other), (other, one))
    )


def _of_places(name: str, epochs: Sequence["Station"]) -> Iterator[str]:
    placed = [station for station in epochs if has_place(station)]
    if len(placed) < len(epochs):
        yield f"{name} {NO_COORDINATES}"
    for one, other in combinations(placed, 2):
        if overlap(one, other) and (apart := distance(one, other)) > _MOVED:
            yield f"{name} stands in two places at once, {apart / 1000:.3g} km apart; the later epoch is used."
            break
    for station in placed:
        away = {channel.code for channel in station if has_place(channel) and distance(station, channel) > FAR}
        if away:
            yield f"{name} has channels more than 1 km from the station itself: {', '.join(sorted(away))}."


def _of_epochs(name: str, channels: dict[str, list["Channel"]]) -> Iterator[str]:
    open_twice, overlapping = [], []
    for code, epochs in channels.items():
        if sum(epoch.end_date is None for epoch in epochs) > 1:
            open_twice.append(code)
        elif any(overlap(one, other) for one, other in combinations(epochs, 2)):
            overlapping.append(code)
    if open_twice:
        yield f"{name} has several epochs without an end of {', '.join(open_twice)}; the latest is used."
    if overlapping:
        yield f"{name} has overlapping epochs of {', '.join(overlapping)}; the later is used."


def _of_responses(name: str, channels: Iterable["Channel"]) -> Iterator[str]:
    bare, contradicted = [], []
    for channel in channels:
        response = channel.response
        if response is None or response.instrument_sensitivity is None or not response.instrument_sensitivity.value:
            continue
        if not response.response_stages:
            bare.append(channel.code)
        elif _contradicts_itself(response):
            contradicted.append(channel.code)
    if bare:
        yield (
            f"{name} has a sensitivity but no response stages for {', '.join(sorted(set(bare)))}; "
            "it is taken to hold at all frequencies."
        )
    if contradicted:
        yield (
            f"{name} has response stages that contradict the sensitivity of {', '.join(sorted(set(contradicted)))}; "
            "the stages are used."
        )


def _contradicts_itself(response: "Response") -> bool:
    """Compare the product of the gains, and only where it is off the stages at the frequency of the sensitivity."""
    sensitivity = response.instrument_sensitivity
    gains = [stage.stage_gain for stage in response.response_stages if stage.stage_gain]
    if abs(prod(gains) / sensitivity.value - 1) < _ALIKE or not sensitivity.frequency:
        return False
    try:
        found = response.get_evalresp_response_for_frequencies(
            [sensitivity.frequency], output="DEF", hide_sensitivity_mismatch_warning=True
        )
    except Exception:  # whatever evalresp stumbles over: then the response cannot be used, and its use says so
        return False
    return bool(abs(abs(found[0]) / abs(sensitivity.value) - 1) > _ALIKE)
