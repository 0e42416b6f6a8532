"""Files of events, whatever program or agency wrote them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import obspy

from quakeview.events.event import Event
from quakeview.events.exchange import catalogue_table, hypodd, hypoinverse, nonlinloc, nordic
from quakeview.events.exchange.documents import format_quakeml
from quakeview.events.quakeml import from_obspy
from quakeview.monitoring.exchange import PickFile, read_bytes, read_document, read_pick_file
from quakeview.monitoring.picks import Pick
from quakeview.monitoring.quakeml import UNASSOCIATED_EVENT, merged_catalog, picks_of, serialise

_TABLES = (".csv", ".tsv")
_TOLD_IN_FULL = 10


@dataclass(frozen=True)
class EventFile(PickFile):
    """What a file of events held: a ``PickFile`` with the events that its picks belong to.

    Attributes:
        events: in the order of the file; may be empty. Their arrivals refer to ``picks``. An event without a time and
            a place is not among them, but is in ``document``.
    """

    events: tuple[Event, ...] = field(default=())


def read_event_file(path: Path | str) -> EventFile:
    """Events, picks and the rest of a file: QuakeML, SeisComP XML, NonLinLoc, HypoInverse, hypoDD, Nordic, tables of
    events or of picks, and whatever else ObsPy reads as a catalogue. The content decides, not the name.

    Raises:
        QuakeViewError: one sentence, with the line number where there is one.
    """
    path = Path(path)
    data = read_bytes(path)
    table = path.suffix.lower() in _TABLES
    if table and catalogue_table.is_table_of_events(data, path.name):
        return _of_list(path, *catalogue_table.parse_csv(data, path.name))
    if table or path.suffix.lower() == ".obs":
        file = read_pick_file(path)
        return EventFile(path, file.picks, file.document, file.notes)
    if hypoinverse.is_archive(data):
        events, picks, notes = hypoinverse.parse_archive(data, path.name)
        return _of_list(path, events, notes, picks)
    if hypodd.is_relocated(data):
        return _of_list(path, *hypodd.parse_relocated(data, path.name))
    return _of_catalogue(path, data)


def _of_catalogue(path: Path, data: bytes) -> EventFile:
    document = read_document(data, path.name)
    catalog, text = document.catalog, document.text
    if document.format in ("NLLOC_HYP", "NORDIC"):
        _correct(catalog, data, document.format)
        text = serialise(catalog)
    events, notes = _events_of(catalog, path.name)
    picks = tuple(picks_of(catalog))
    return EventFile(path, picks, text, [*document.notes, *_shortened(path.name, notes)], events)


def events_of(document: bytes) -> tuple[Event, ...]:
    """The events of a catalogue that was imported earlier (``EventFile.document``)."""
    return _events_of(merged_catalog([document]), "")[0]


def _events_of(catalog: obspy.Catalog, name: str) -> tuple[tuple[Event, ...], list[str]]:
    """The events, and sentences about what is wrong with some."""
    known = {pick.resource_id.id for event in catalog for pick in event.picks}
    events: list[Event] = []
    notes: list[str] = []
    for source in catalog:
        event, _, remarks = from_obspy(source, known)
        events += [event] if event else []
        if source.resource_id.id != UNASSOCIATED_EVENT:
            notes += [f"{name}: {remark}" for remark in remarks]
    return tuple(events), notes


def _correct(catalog: obspy.Catalog, data: bytes, kind: str) -> None:
    if kind == "NLLOC_HYP":
        nonlinloc.correct(catalog, data)
    else:
        nordic.correct(catalog)


def _of_list(path: Path, events: Sequence[Event], notes: Sequence[str], picks: Sequence[Pick] = ()) -> EventFile:
    """What a format without publicIDs held: an id that stands there twice is told apart.

    Events with picks become a document, since they refer to their picks by ids.
    """
    told = list(notes)
    seen: set[str] = set()
    apart: list[Event] = []
    for event in events:
        identity, number = event.resource_id, 2
        while event.resource_id in seen:
            event = event.with_(resource_id=f"{identity}-{number}")
            number += 1
        if event.resource_id != identity:
            own = identity.rpartition("/")[2]
            told.append(f"{path.name}: the id {own} is that of several events; a later one became {own}-{number - 1}.")
        seen.add(event.resource_id)
        apart.append(event)
    document = format_quakeml(apart, picks) if picks else None
    return EventFile(path, tuple(picks), document, _shortened(path.name, told), tuple(apart))


def _shortened(name: str, notes: Sequence[str]) -> list[str]:
    """The first of many sentences, and how many more there are."""
    more = len(notes) - _TOLD_IN_FULL
    return [*notes[:_TOLD_IN_FULL], *([f"{name}: {more} more of this kind."] if more > 0 else [])]
