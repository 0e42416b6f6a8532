"""Events as rows of the project's database: id, time and a JSON text that reads back exactly."""

import json
from dataclasses import astuple
from typing import Any

from obspy import UTCDateTime

from quakeview.events.event import (
    Amplitude,
    Arrival,
    Event,
    EventStatus,
    FocalMechanism,
    Magnitude,
    Origin,
    Uncertainty,
)
from quakeview.waveforms.channels import ChannelId


def row_of(event: Event) -> tuple[str, int, str]:
    """Id, origin time in integer nanoseconds since 1970, and all of it as JSON; floats keep every digit."""
    origin = event.origin
    content = {
        "origin": [
            origin.time.ns,
            origin.latitude,
            origin.longitude,
            origin.depth,
            origin.depth_fixed,
            [astuple(arrival) for arrival in origin.arrivals],
            None if origin.uncertainty is None else astuple(origin.uncertainty),
            origin.rms,
            origin.gap,
            origin.method,
            origin.velocity_model,
            origin.author,
        ],
        "magnitudes": [astuple(magnitude) for magnitude in event.magnitudes],
        "amplitudes": [_amplitude_cells(amplitude) for amplitude in event.amplitudes],
        "status": event.status,
        "name": event.name,
        "mechanism": None if event.mechanism is None else astuple(event.mechanism),
        "kind": event.kind,
        "reviewer": event.reviewer,
        "reviewed_at": None if event.reviewed_at is None else event.reviewed_at.ns,
    }
    return event.resource_id, origin.time.ns, json.dumps(content, separators=(",", ":"))


def event_of(row: tuple[Any, ...]) -> Event:
    """The inverse of ``row_of``."""
    resource_id, _, text = row
    content = json.loads(text)
    reviewed_at = content["reviewed_at"]
    return Event(
        _origin(*content["origin"]),
        tuple(Magnitude(*cells) for cells in content["magnitudes"]),
        tuple(_amplitude(*cells) for cells in content["amplitudes"]),
        EventStatus(content["status"]),
        content["name"],
        resource_id,
        None if content["mechanism"] is None else FocalMechanism(*content["mechanism"]),
        content["kind"],
        content["reviewer"],
        None if reviewed_at is None else UTCDateTime(ns=reviewed_at),
    )


def _origin(time: int, latitude: float, longitude: float, depth: float | None, fixed: bool, *rest: Any) -> Origin:
    arrivals, uncertainty, *others = rest
    return Origin(
        UTCDateTime(ns=time),
        latitude,
        longitude,
        depth,
        fixed,
        tuple(Arrival(*cells) for cells in arrivals),
        None if uncertainty is None else Uncertainty(*uncertainty),
        *others,
    )


def _amplitude_cells(amplitude: Amplitude) -> list[Any]:
    channel, time, *rest = (getattr(amplitude, name) for name in Amplitude.__slots__)
    return [list(channel), time.ns, *rest]


def _amplitude(channel: list[str], time: int, *rest: Any) -> Amplitude:
    return Amplitude(ChannelId(*channel), UTCDateTime(ns=time), *rest)
