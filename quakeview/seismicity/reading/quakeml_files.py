"""Earthquakes of QuakeML files, event by event, so that a file may be larger than memory."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from lxml import etree  # type: ignore[import-untyped]

from quakeview.jobs import Progress
from quakeview.seismicity.reading.numbers import parse_numbers
from quakeview.seismicity.reading.rows import Rows
from quakeview.seismicity.reading.tables import open_bytes
from quakeview.seismicity.reading.times import parse_times
from quakeview.texts import counted

_OFTEN = 500
"""Events between two reports of progress."""


@dataclass
class _Found:
    """Texts of the events that were read so far, and how many were odd."""

    columns: tuple[list[str], ...]
    odd: Counter[str]


def is_quakeml(head: str) -> bool:
    """Whether a file that begins so is QuakeML."""
    return head.lstrip().startswith("<") and ("quakeml" in head[:4000].lower())


def read_quakeml(path: Path, progress: Progress | None = None) -> tuple[Rows, list[str]]:
    """Read the preferred origin and magnitude of each event.

    Where an event prefers none, its first origin counts, and its first moment magnitude or else its first magnitude.

    Returns:
        The events, also of a file that is cut off, and sentences about what was left out.

    Raises:
        Cancelled: through ``progress``.
    """
    progress, size, notes = progress or Progress(), path.stat().st_size, list[str]()
    found = _Found(tuple([] for _ in range(8)), Counter())
    with open_bytes(path) as (content, raw):
        try:
            for number, event in enumerate(_events(content)):
                if number % _OFTEN == 0:
                    progress.advance(raw.tell(), size, path.name)
                _take(event, found)
        except (etree.XMLSyntaxError, EOFError, OSError) as error:
            read = counted(len(found.columns[0]), "event")
            notes.append(f"{path.name} is cut off or damaged after {read} ({error}); what comes later is left out.")
    rows, unreadable = _rows(found)
    if unreadable:
        notes.append(
            f"{path.name}: {counted(unreadable, 'event has', 'events have')} no time that can be read and "
            f"{'is' if unreadable == 1 else 'are'} left out."
        )
    return rows, [*notes, *_sentences(found.odd, path.name)]


def _events(content: object) -> Iterator[etree._Element]:
    """Each event as it is complete; it is forgotten when the next one is asked for."""
    options = {"huge_tree": True, "resolve_entities": False, "no_network": True, "remove_comments": True}
    for _, event in etree.iterparse(content, tag="{*}event", **options):
        yield event
        event.clear()
        while event.getprevious() is not None:
            del event.getparent()[0]


def _take(event: etree._Element, found: _Found) -> None:
    origins = [
        each for each in _named(event, "origin") if all(_value(each, key) for key in ("time", "latitude", "longitude"))
    ]
    magnitudes = [each for each in _named(event, "magnitude") if _value(each, "mag")]
    if not origins:
        found.odd["no origin"] += 1
        return
    if _text(event, "evaluationStatus") == "rejected":
        found.odd["rejected"] += 1
        return
    preferred_origin = _by_id(origins, _text(event, "preferredOriginID"))
    origin = origins[0] if preferred_origin is None else preferred_origin
    preferred = _by_id(magnitudes, _text(event, "preferredMagnitudeID"))
    if preferred is None and len(magnitudes) > 1:
        found.odd["several magnitudes"] += 1
    magnitude = preferred if preferred is not None else _first_moment_magnitude(magnitudes)
    if _text(origin, "evaluationStatus") == "rejected":
        found.odd["rejected"] += 1
        return
    values = (
        _value(origin, "time"),
        _value(origin, "latitude"),
        _value(origin, "longitude"),
        _value(origin, "depth"),
        "" if magnitude is None else _value(magnitude, "mag"),
        "" if magnitude is None else _text(magnitude, "type"),
        event.get("publicID", ""),
        _text(event, "type"),
    )
    for column, value in zip(found.columns, values, strict=True):
        column.append(value)


def _rows(found: _Found) -> tuple[Rows, int]:
    """The events whose time and place can be read, and how many cannot."""
    time, latitude, longitude, depth, magnitude, *words = (np.array(each, dtype=np.str_) for each in found.columns)
    kind, identifier, event_type = words
    rows = Rows.of(
        parse_times(time).time,
        *(parse_numbers(each) for each in (latitude, longitude, depth, magnitude)),
        magnitude_type=kind,
        identifier=identifier,
        event_type=event_type,
    )
    readable = np.isfinite(rows.time) & np.isfinite(rows.latitude) & np.isfinite(rows.longitude)
    return rows.where(readable), int(np.sum(~readable))


def _sentences(odd: Counter[str], name: str) -> Iterator[str]:
    if number := odd["no origin"]:
        what = counted(number, "event without a time or a place is", "events without a time or a place are")
        yield f"{name}: {what} left out."
    if number := odd["rejected"]:
        what = counted(
            number, "event was rejected by its agency and is", "events were rejected by their agency and are"
        )
        yield f"{name}: {what} left out."
    if number := odd["several magnitudes"]:
        what = counted(number, "event prefers none of its magnitudes", "events prefer none of their magnitudes")
        yield f"{name}: {what}; the first Mw is taken, or else the first of all."


def _named(parent: etree._Element, name: str) -> list[etree._Element]:
    return list(parent.iterchildren(f"{{*}}{name}"))


def _text(parent: etree._Element, name: str) -> str:
    return next(((child.text or "").strip() for child in parent.iterchildren(f"{{*}}{name}")), "")


def _value(parent: etree._Element, name: str) -> str:
    return next((_text(child, "value") for child in parent.iterchildren(f"{{*}}{name}")), "")


def _by_id(elements: Iterable[etree._Element], identity: str) -> etree._Element | None:
    return next((each for each in elements if identity and each.get("publicID") == identity), None)


def _first_moment_magnitude(magnitudes: list[etree._Element]) -> etree._Element | None:
    moment = (each for each in magnitudes if _text(each, "type").lower().startswith("mw"))
    return next(moment, magnitudes[0] if magnitudes else None)
