"""Events and picks written back into the catalogues that they came from, so that nothing else of those is lost."""

from collections.abc import Iterable, Mapping, Sequence

import obspy
import obspy.core.event as quakeml
from obspy import UTCDateTime

from quakeview import __version__
from quakeview.events.event import Event
from quakeview.events.quakeml import update
from quakeview.events.quakeml.reading import preferred_origin
from quakeview.monitoring.picks import Pick
from quakeview.monitoring.quakeml import (
    UNASSOCIATED_EVENT,
    merged_catalog,
    pick_to_quakeml,
    serialise,
    unassociated_event,
    update_picks,
)


def merged(
    events: Iterable[Event], picks: Iterable[Pick], documents: Sequence[bytes] = (), *, whole: bool = True
) -> obspy.Catalog:
    """Exactly these events and picks, in the catalogue of the documents.

    An event or pick of a document keeps everything that was not changed; a new origin stands beside the old ones. An
    event of a document that is not among ``events`` is left out, and its picks go where they belong now: to the event
    that uses them, or else to the one that holds the picks of no event.

    Args:
        whole: whether events of the documents without a usable origin, which are no ``Event``, are written as well.
    """
    wanted = {event.resource_id: event for event in events}
    remaining = {pick.resource_id: pick for pick in picks}
    home = {identity: event.resource_id for event in reversed(wanted.values()) for identity in event.pick_ids}
    catalog = merged_catalog(documents)
    if not documents:
        catalog.creation_info = quakeml.CreationInfo(
            author="QuakeView", version=__version__, creation_time=UTCDateTime()
        )
    templates = {pick.resource_id.id: pick for source in catalog for pick in source.picks}
    catalog.events = [
        source for source in catalog if source.resource_id.id in wanted or preferred_origin(source) is None
    ]
    for source in catalog:
        source.picks = [pick for pick in source.picks if _stays(pick, source, home)]
        update_picks(source, remaining)
    _place(catalog, wanted, remaining, home, templates)
    for source in catalog:
        if source.resource_id.id in wanted:
            update(source, wanted[source.resource_id.id], remaining.keys())
    catalog.events = [source for source in catalog if _is_written(source, wanted, whole)]
    return catalog


def format_quakeml(
    events: Iterable[Event], picks: Iterable[Pick], documents: Sequence[bytes] = (), *, whole: bool = True
) -> bytes:
    """Write ``merged`` as QuakeML 1.2."""
    return serialise(merged(events, picks, documents, whole=whole))


def _stays(pick: quakeml.Pick, source: quakeml.Event, home: Mapping[str, str]) -> bool:
    identity = pick.resource_id.id
    if home.get(identity, source.resource_id.id) == source.resource_id.id:
        return True
    return any(arrival.pick_id == pick.resource_id for origin in source.origins for arrival in origin.arrivals)


def _place(
    catalog: obspy.Catalog,
    wanted: Mapping[str, Event],
    picks: Mapping[str, Pick],
    home: Mapping[str, str],
    templates: Mapping[str, quakeml.Pick],
) -> None:
    """Add the events and the picks that are not in the catalogue."""
    targets = {source.resource_id.id: source for source in catalog}
    for identity in wanted:
        if identity not in targets:
            targets[identity] = quakeml.Event(resource_id=quakeml.ResourceIdentifier(identity))
            catalog.append(targets[identity])
    placed = {pick.resource_id.id for source in catalog for pick in source.picks}
    for identity, pick in picks.items():
        if identity not in placed:
            target = targets.get(home.get(identity, "")) or unassociated_event(catalog)
            target.picks.append(pick_to_quakeml(pick, templates.get(identity)))


def _is_written(source: quakeml.Event, wanted: Mapping[str, Event], whole: bool) -> bool:
    identity = source.resource_id.id
    return identity in wanted or bool(source.picks) or (whole and identity != UNASSOCIATED_EVENT)
