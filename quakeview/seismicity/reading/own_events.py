"""Events that were located here or read by other rooms, as a catalogue."""

from collections.abc import Sequence
from pathlib import Path

from quakeview.events.event import Event, EventStatus
from quakeview.events.exchange import read_event_file
from quakeview.jobs import Progress
from quakeview.project import EXTENSION, Project
from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.reading.rows import Rows
from quakeview.seismicity.reading.screening import screened
from quakeview.texts import counted


def catalogue_of_events(events: Sequence[Event], name: str = "The project") -> tuple[Catalogue, list[str]]:
    """Return the earthquakes among events of a project, and sentences about what was left out.

    Left out are events that were rejected, and what is no earthquake, such as blasts.
    """
    rows, notes = rows_of_events(events, name)
    rows, said = screened(rows, name)
    return rows.catalogue(), [*notes, *said]


def is_project(path: Path) -> bool:
    """Whether a file is a project."""
    return path.suffix.lower() == EXTENSION


def read_project(path: Path, progress: Progress | None = None) -> tuple[Rows, list[str]]:
    """Read the events of a project file.

    Raises:
        QuakeViewError: if it is no project, or open elsewhere.
    """
    (progress or Progress()).advance(0, 1, path.name)
    with Project.open(path) as project:
        events = project.events()
    return rows_of_events(events, path.name)


def read_events(path: Path, progress: Progress | None = None) -> tuple[Rows, list[str]]:
    """Read any other file of events: NonLinLoc, HypoInverse, Nordic, SeisComP XML, and what ObsPy reads.

    Raises:
        QuakeViewError: if it is none.
    """
    (progress or Progress()).advance(0, 1, path.name)
    file = read_event_file(path)
    rows, notes = rows_of_events(file.events, path.name)
    return rows, [*file.notes, *notes]


def rows_of_events(events: Sequence[Event], name: str) -> tuple[Rows, list[str]]:
    """The events that were not rejected."""
    kept = [event for event in events if event.status is not EventStatus.REJECTED]
    magnitudes = [event.magnitude for event in kept]
    rows = Rows.of(
        [float(event.origin.time.timestamp) for event in kept],
        [event.origin.latitude for event in kept],
        [event.origin.longitude for event in kept],
        [float("nan") if event.origin.depth is None else event.origin.depth for event in kept],
        [float("nan") if magnitude is None else magnitude.value for magnitude in magnitudes],
        magnitude_type=["" if magnitude is None else magnitude.kind for magnitude in magnitudes],
        identifier=[event.resource_id for event in kept],
        event_type=[event.kind for event in kept],
    )
    rejected = len(events) - len(kept)
    said = f"{name}: {counted(rejected, 'event was rejected and is', 'events were rejected and are')} left out."
    return rows, [said] if rejected else []
