"""What there is already (waveforms, stations, picks, earthquakes), and the catalogue that is continued from there."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from obspy import Catalog

from quakeview.errors import QuakeViewError
from quakeview.events.cataloguing import Catalogue, Method, PickerChoice, is_sure, make_catalogue
from quakeview.events.event import Event, is_same
from quakeview.events.exchange import FORMATS, picks_of, read_event_file
from quakeview.events.exchange.documents import merged
from quakeview.jobs import Progress
from quakeview.monitoring.picks import Pick
from quakeview.stations.book import StationBook, read_stations
from quakeview.stations.headers import stations_in_headers
from quakeview.stations.inventories import holds_stations, read_station_file
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import Instrument

_EVENTS_OR_PICKS = (*FORMATS, ".tsv", ".qml", ".out", ".arc", ".sum", ".reloc", ".loc")
_STATIONS = (".stationxml", ".dataless", ".resp")


@dataclass(frozen=True)
class WholeCatalogue(Catalogue):
    """All earthquakes and all picks, those that were known too.

    Attributes:
        documents: the catalogues that known ones came from.
    """

    documents: tuple[bytes, ...] = ()

    @property
    def catalog(self) -> Catalog:
        """The events with their picks, as ObsPy has them; picks of no event are not in it."""
        return merged(self.events, picks_of(self.events, self.picks), self.documents, whole=False)


@dataclass(frozen=True)
class Known:
    """What a search for earthquakes starts from.

    Attributes:
        archive: the waveforms; may be empty if there are picks.
        stations: where they stand, and their responses.
        events: that were found before; they stay as they are.
        picks: of these events and of none.
        documents: the catalogues that both came from.
        notes: sentences about files that were left out or are odd.
    """

    archive: Archive = field(default_factory=Archive)
    stations: StationBook = field(default_factory=StationBook)
    events: tuple[Event, ...] = ()
    picks: tuple[Pick, ...] = ()
    documents: tuple[bytes, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def unpicked(self) -> list[Instrument]:
        """The instruments with waveforms at whose stations there are no picks."""
        picked = {pick.channel_id[:2] for pick in self.picks}
        return [instrument for instrument in self.archive.stations if instrument[:2] not in picked]


def read_known(paths: Iterable[Path], stations: Iterable[Path] = (), progress: Progress | None = None) -> Known:
    """Read files and folders of any kind: waveforms, station metadata, picks, catalogues.

    Args:
        paths: in folders are waveforms and station metadata; files of picks and events are named one by one.
        stations: files and folders of station metadata, believed before those among ``paths``.

    Raises:
        QuakeViewError: if there are neither waveforms nor picks, or a file of stations, picks or events is unreadable.
    """
    progress = progress or Progress()
    archive = Archive()
    kinds = {path: kind_of(path) for path in paths}
    events = [read_event_file(path) for path, kind in kinds.items() if kind == "events"]
    waveforms = [path for path, kind in kinds.items() if kind == "waveforms"]
    notes = [note for file in events for note in file.notes]
    found = [read_station_file(path) for path, kind in kinds.items() if kind == "stations"]
    for problem in archive.add(waveforms, progress) if waveforms else []:
        if problem.path.is_file() and holds_stations(problem.path):
            found.append(read_station_file(problem.path))
        else:
            notes.append(problem.sentence)
    picks = {pick.resource_id: pick for file in events for pick in file.picks}
    if not archive.channels and not picks:
        raise QuakeViewError(notes[0] if notes else "There are neither waveforms nor picks; name files of them.")
    book = StationBook().with_files([*stations_in_headers(archive.channels_by_file()), *found])
    given = read_stations(stations, progress)
    book = replace(book.with_files(given.files), left_out=given.left_out)
    return Known(
        archive,
        book,
        tuple({event.resource_id: event for file in events for event in file.events}.values()),
        tuple(picks.values()),
        tuple(file.document for file in events if file.document is not None),
        (*notes, *book.notes),
    )


def continued(
    known: Known,
    picker: PickerChoice | None,
    method: Method | None = None,
    progress: Progress | None = None,
    *,
    picked: Sequence[Pick] = (),
    without: Collection[Instrument] = (),
) -> WholeCatalogue:
    """Pick where there are no picks, and find and size the earthquakes that are not known. Each station is published.

    Args:
        picker: None: nothing is picked.
        picked: what the same picker found before at the instruments ``without``, which are not picked again.

    Raises:
        QuakeViewError: if the model cannot be used, or no station has coordinates.
        Cancelled: after ``progress.cancel()``; what was published stays valid.
    """
    instruments = [instrument for instrument in known.unpicked if instrument not in without]
    settled = {pick_id for event in known.events for pick_id in event.pick_ids}
    before = [*known.picks, *picked]
    found = make_catalogue(known.archive, known.stations, before, picker, instruments, method, settled, progress)
    new = [event for event in found.events if not any(is_same(event, other) for other in known.events)]
    of_events = {pick_id for event in found.events for pick_id in event.pick_ids}
    kept = [pick for pick in picked if pick.resource_id in of_events or is_sure(pick, picker)]
    return WholeCatalogue(
        events=tuple(sorted([*known.events, *new], key=lambda event: event.time.ns)),
        picks=tuple(sorted([*known.picks, *kept, *found.picks], key=lambda pick: (pick.time.ns, pick.channel_id))),
        left_out=found.left_out,
        why_none="" if known.events else found.why_none,
        learned=found.learned,
        documents=known.documents,
    )


def kind_of(path: Path) -> str:
    """By its beginning and its name: ``stations``, ``events`` (or picks), or ``waveforms``."""
    suffix = path.suffix.lower()
    if path.is_dir():
        return "waveforms"
    if suffix in _STATIONS or holds_stations(path):
        return "stations"
    return "events" if suffix in _EVENTS_OR_PICKS else "waveforms"
