"""Events to files, by the file's suffix. Files are written whole or not at all."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError
from quakeview.events.event import Event
from quakeview.events.exchange import catalogue_table, hypodd, hypoinverse, nonlinloc, nordic
from quakeview.events.exchange.documents import format_quakeml
from quakeview.events.exchange.losses import left_out
from quakeview.monitoring.picks import Pick
from quakeview.stations.coordinates import Coordinates

_NOT_IN_A_TABLE = ("picks", "second magnitudes", "amplitudes", "directions of errors")
Stations = Mapping[tuple[str, str], Coordinates]
"""Coordinates by network and station."""


@dataclass(frozen=True)
class _Content:
    events: Sequence[Event]
    picks: Sequence[Pick]
    documents: Sequence[bytes]
    stations: Stations
    whole: bool


_Formatted = tuple[str | bytes, list[str]]


def _quakeml(content: _Content) -> _Formatted:
    text = format_quakeml(content.events, content.picks, content.documents, whole=content.whole)
    return text, []


def _table(content: _Content) -> _Formatted:
    losses = left_out("A table of events", content.events, content.picks, _NOT_IN_A_TABLE)
    return catalogue_table.format_csv(content.events), losses


@dataclass(frozen=True)
class Format:
    """A kind of file.

    Attributes:
        name: for people.
        text: makes the text of a file, and sentences about what it cannot hold.
    """

    name: str
    text: Callable[[_Content], _Formatted]


FORMATS: dict[str, Format] = {
    ".quakeml": Format("QuakeML, with everything", _quakeml),
    ".xml": Format("QuakeML, with everything", _quakeml),
    ".csv": Format("Table of events", _table),
    ".obs": Format(
        nonlinloc.OBSERVATIONS, lambda content: nonlinloc.format_observations(content.events, content.picks)
    ),
    ".hyp": Format(
        nonlinloc.HYPOCENTRES,
        lambda content: nonlinloc.format_hypocentres(content.events, content.picks, content.stations),
    ),
    ".phs": Format(hypoinverse.NAME, lambda content: hypoinverse.format_phases(content.events, content.picks)),
    ".pha": Format(hypodd.NAME, lambda content: hypodd.format_phases(content.events, content.picks)),
    ".nordic": Format("Nordic (SEISAN)", lambda content: nordic.format_nordic(content.events, content.picks)),
}
"""What can be written, by suffix."""


def write_events(
    events: Iterable[Event],
    picks: Iterable[Pick],
    path: Path | str,
    documents: Sequence[bytes] = (),
    stations: Stations | None = None,
    *,
    whole: bool = True,
) -> list[str]:
    """Write exactly these events and picks in the format of the suffix (``FORMATS``).

    Args:
        picks: those of the events, and for QuakeML those of no event too; ``picks_of`` finds those of some events.
        documents: for QuakeML, the catalogues that events and picks came from (``EventFile.document``), which keep what
            QuakeView has no word for.
        stations: for NonLinLoc's hypocentres, whose phases have the elevation of the station.
        whole: whether events of the documents that have no origin, and are no ``Event``, are written as well.

    Returns:
        sentences about what the format could not hold.

    Raises:
        QuakeViewError: for another suffix, or if the file cannot be written; an existing file is then intact.
    """
    path = Path(path)
    check_suffix(path)
    content = _Content(tuple(events), tuple(picks), documents, stations or {}, whole)
    text, losses = FORMATS[path.suffix.lower()].text(content)
    write_atomically(path, text if isinstance(text, bytes) else text.encode())
    return losses


def check_suffix(path: Path) -> None:
    """Raises ``QuakeViewError`` if events cannot be written under that name."""
    if path.suffix.lower() not in FORMATS:
        raise QuakeViewError(f"Events are written as {', '.join(FORMATS)}, not as {path.suffix or path.name!r}.")


def picks_of(events: Iterable[Event], picks: Iterable[Pick]) -> list[Pick]:
    """The picks that the events use."""
    used = {identity for event in events for identity in event.pick_ids}
    return [pick for pick in picks if pick.resource_id in used]


def suggested_name(events: Collection[Event], suffix: str) -> str:
    """``20190704T170255_M4.0.quakeml`` of one event, ``events_2019-07-04.quakeml`` of those of a day."""
    if len(events) == 1:
        (event,) = events
        size = f"_M{event.magnitude.value:.1f}" if event.magnitude else ""
        return f"{event.time.strftime('%Y%m%dT%H%M%S')}{size}{suffix}"
    days = sorted({event.time.strftime("%Y-%m-%d") for event in events})
    return "_".join(["events", *days[:1], *days[1:][-1:]]) + suffix
