"""What is open in the Waveforms workspace: archive, stations, project, and the work on them. No widgets."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from obspy import UTCDateTime
from PySide6.QtCore import QObject, QTimer, Signal

from quakeview.app.shell.preferences import Preferences
from quakeview.app.waveforms.loading import RecordLoader
from quakeview.app.waveforms.model_picking import Picking
from quakeview.app.waveforms.opening import Opened, open_paths, reopen_paths
from quakeview.app.waveforms.ordering import Earthquake, Order, by_distance, by_name
from quakeview.app.waveforms.pick_changes import PickChanges
from quakeview.app.waveforms.reading import Records, in_counts
from quakeview.app.waveforms.session_events import SessionEvents
from quakeview.app.widgets.model_list import ModelList
from quakeview.app.work.running import JobRunner, RunningJob
from quakeview.events.exchange.reading import EventFile
from quakeview.jobs import Job, Progress
from quakeview.monitoring.picks import Pick
from quakeview.project import CompleteChannels, ImportPicks, PickBook, Project
from quakeview.stations.book import StationBook
from quakeview.stations.coordinates import SYNTHETIC, Coordinates, EpicentralPath, epicentral_path
from quakeview.stations.ground_motion import Quantity
from quakeview.stations.inventories import StationFile
from quakeview.stations.motion import Motion, horizontals, rotatable
from quakeview.texts import counted
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId, Instrument, arrange, component_of
from quakeview.waveforms.display import UNFILTERED
from quakeview.waveforms.filters import Filter

_TOUCHING = 10_000_000
"""Nanoseconds by which a pick may miss the first or last sample of its data: onsets between samples, rounded times."""
_NAMED = 12
"""Stations that a sentence names before it counts the rest."""
SAVE_AFTER = 400
"""Milliseconds of quiet after which the view state is written to the project."""


class WaveformsSession(QObject):
    """Owns the archive and the picks. Slow work runs as jobs; results come by signals on the GUI thread."""

    stationsChanged = Signal()
    picksChanged = Signal(object)  # PicksChanged
    problemsFound = Signal(object, list)  # Station, sentences
    noticed = Signal(str, list)  # a sentence, further sentences
    confirmed = Signal(str, list)  # the same, of what is as it should be
    opened = Signal(object)  # Opened
    projectChanged = Signal()
    removalEnded = Signal()  # of files or stations
    workChanged = Signal()

    def __init__(self, runner: JobRunner, preferences: Preferences, models: ModelList, book: PickBook) -> None:
        super().__init__()
        self.models = models
        self.archive = Archive()
        self.stations: dict[Instrument, dict[str, ChannelId]] = {}
        self.book = book
        self.problems: dict[Instrument, list[str]] = {}
        self.metadata = StationBook()
        self.motion = Motion()
        self.rotated = False
        self.coordinates: dict[tuple[str, str], Coordinates] = {}
        self.filter = UNFILTERED
        self.state: dict[str, Any] = {}
        self.removed: frozenset[Instrument] = frozenset()
        self.visible_channels: Callable[[], list[ChannelId]] = list
        self.loader = RecordLoader(runner, self)
        self.loader.finished.connect(self._records_came)
        self.picking = Picking(runner, preferences, models, self)
        self.events = SessionEvents(self, runner, preferences, models)
        self.events.earthquakeChanged.connect(self._earthquake_changed)
        self.changes = PickChanges(lambda: self.picking.active or self.events.search.active, self)
        self.picking.noticed.connect(self.noticed)
        for changed in (self.picking.changed, self.events.search.changed):
            changed.connect(self.changes.tell)
            changed.connect(self.workChanged)
        self.changes.told.connect(self.picksChanged)
        self.runner = runner
        self._bounds: dict[ChannelId, tuple[list[int], list[int]]] = {}  # of the stretches with data, ns
        self._told: set[str] = set()
        self._forget_problem: Callable[[], None] = lambda: None
        self._opening: RunningJob | None = None
        self._save_timer = QTimer(self, singleShot=True, interval=SAVE_AFTER)
        self._save_timer.timeout.connect(self.save_state)
        self._follow_book()

    # --- files -------------------------------------------------------------------------------------------------

    @property
    def is_empty(self) -> bool:
        """Nothing is open and nothing was picked."""
        has_data = self.stations or len(self.book) or len(self.book.events)
        return not has_data and not self.project.has_waveforms

    @property
    def project(self) -> Project:
        """The file in which everything is kept."""
        return self.book.project

    @property
    def is_opening(self) -> bool:
        return self._opening is not None and self._opening.active

    def open(self, paths: Sequence[Path]) -> None:
        """Add waveforms, picks, catalogues and station metadata to what is open; ``opened`` follows."""
        name = f"Opening {paths[0].name}" if len(paths) == 1 else f"Opening {len(paths)} files"
        self._start_opening(name, partial(open_paths, self.archive, list(paths)), bring_back=True)

    def _start_opening(self, name: str, work: Callable[[Progress], Opened], bring_back: bool) -> None:
        job = self.runner.start(Job(name, work))
        self._opening = job
        archive = self.archive
        job.finished.connect(lambda opened: self._use(opened, bring_back) if archive is self.archive else None)
        job.cancelled.connect(lambda: self._use(Opened(), bring_back) if archive is self.archive else None)
        job.ended.connect(self.workChanged)
        self.workChanged.emit()

    def _use(self, opened: Opened, bring_back: bool) -> None:
        """``bring_back``: stations that had been removed, and are in these files, are there again."""
        if opened.moved:
            self.project.move_waveforms(opened.moved)
        self.project.add_waveforms(opened.waveforms)
        if bring_back and not self.removed.isdisjoint(opened.stations):
            self._set_removed(self.removed - opened.stations)
        self._learn(opened)
        for file in opened.picks:
            self._import(file)
        if opened.waveforms:
            self.book.apply(CompleteChannels(self.archive.channels))
        if opened.picks:
            self.state["catalogues_read"] = True
            self.events.earthquakeChanged.emit()
        if opened.waveforms or opened.metadata:
            self._stations_came()
        self._told.update(opened.explained)
        self._tell(opened.problems)
        if opened.metadata and bring_back:
            self._tell_stations(opened.metadata)
        self.opened.emit(opened)
        self.save_later()

    def _learn(self, opened: Opened) -> None:
        """Know the stations of these files; what headers of waveforms say counts least."""
        if not (opened.metadata or opened.headers):
            return
        headers = StationBook(tuple(opened.headers))
        self.metadata = headers.with_files(self.metadata.files).with_files(opened.metadata)
        known = self.state.setdefault("metadata", [])
        known += [str(file.path) for file in opened.metadata if str(file.path) not in known]

    def _tell_stations(self, files: Sequence[StationFile]) -> None:
        """Say what station metadata were read, what they contradict, and which stations still have no coordinates."""
        found = StationBook(tuple(files))
        name = files[0].path.name if len(files) == 1 else counted(len(files), "file")
        notes = [
            *found.notes,
            *(note for note in self.metadata.notes if note not in found.notes),
            *self.without_place(),
        ]
        (self.noticed if notes else self.confirmed).emit(f"{found.summary} came from {name}.", notes)

    def not_known(self, station: Instrument) -> list[str]:
        """A sentence if there are coordinates, but not of this station."""
        missing = bool(self.coordinates) and station[:2] not in self.coordinates
        return ["Its coordinates are not known."] if missing else []

    def path_to(self, station: Instrument) -> EpicentralPath | None:
        """The way to a station from the epicentre; None if one of them is not known."""
        place, event = self.coordinates.get(station[:2]), self.earthquake
        return epicentral_path(event.latitude, event.longitude, place) if event and place else None

    def response_kind(self, channel_id: ChannelId) -> str:
        """What the metadata know of a channel when its record begins: ``stages``, ``gain``, or nothing."""
        segments = self.archive.segments(channel_id)
        return self.metadata.response_kind(channel_id, segments[0].start) if segments else ""

    def without_place(self) -> list[str]:
        """A sentence that names the stations with data but without coordinates; empty if there are none."""
        names = list(dict.fromkeys(".".join(s[:2]) for s in self.stations if s[:2] not in self.coordinates))
        if not names:
            return []
        more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        return [
            f"{counted(len(names), 'station has', 'stations have')} no coordinates: {', '.join(names[:_NAMED])}{more}."
        ]

    def _import(self, file: EventFile) -> None:
        before = len(self.book)
        step = self.book.apply(ImportPicks(file, file.events))
        self.book.apply(CompleteChannels(self.archive.channels), extends=step)
        new = len(self.book) - before
        if old := len(file.picks) - new:
            were = "was" if old == 1 else "were"
            self.noticed.emit(f"{counted(new, 'pick')} came from {file.path.name}; {old:,} {were} already there.", [])

    def _tell(self, sentences: Iterable[str]) -> None:
        """Each sentence once per session."""
        if new := [sentence for sentence in dict.fromkeys(sentences) if sentence not in self._told]:
            self._told.update(new)
            self.noticed.emit(new[0], new[1:])

    def _stations_came(self) -> None:
        self._bounds.clear()
        found = self.archive.stations
        self.stations = {station: found[station] for station in found if station not in self.removed}
        self.coordinates = self.metadata.coordinates_at(self._first_time())
        self._show_motion(self.motion.quantity)
        self.stationsChanged.emit()
        self.load_records()

    def _first_time(self) -> UTCDateTime | None:
        """When the record of a channel begins: about then its station stood where it stood."""
        return next((self.archive.segments(channel)[0].start for channel in self.channels), None)

    def _records_came(self) -> None:
        """Nothing else is to be read: say what was wrong, and look at the data of stations that are new."""
        self._tell(problem.sentence for problem in self.archive.problems)
        self._tell(in_counts(self.records))
        stations = [station for station in self.stations if station not in self.problems]
        if not stations:
            return
        job = self.runner.start(Job("Checking the stations", partial(_describe_all, self.archive, stations)))
        archive = self.archive
        job.published.connect(lambda found: self._problems_found(*found) if archive is self.archive else None)

    def _problems_found(self, station: Instrument, sentences: list[str]) -> None:
        self.problems[station] = sentences
        self.problemsFound.emit(station, sentences)

    @property
    def earthquake(self) -> Earthquake | None:
        """The one by which distances are counted."""
        return self.events.earthquake

    def _earthquake_changed(self) -> None:
        """Distances are others, and so are the directions of R and T."""
        self._show_motion(self.motion.quantity)
        self.stationsChanged.emit()
        if self.rotated:
            self.load_records()

    def restore(self) -> None:
        """Open again what the project says was open."""
        self.state = self.project.view_state
        if "filter" in self.state:
            self.filter = Filter(**self.state["filter"])
        self.removed = frozenset(Instrument(*codes) for codes in self.state.get("removed", ()))
        self.rotated = self.state.get("rotated", False)
        self._show_motion(Quantity(self.state.get("quantity", Quantity.COUNTS)))
        self.events.read_catalogues()
        places, metadata = self.project.waveform_places(), [Path(path) for path in self.state.get("metadata", [])]
        if places or metadata:
            work = partial(reopen_paths, self.archive, places, metadata)
            self._start_opening(f"Opening {counted(len(places), 'file')}", work, bring_back=False)

    # --- taking out --------------------------------------------------------------------------------------------

    def remove_stations(self, stations: Collection[Instrument]) -> None:
        """Show them no more; picks on them stay in the project. Opening their files again brings them back."""
        if stations := [station for station in stations if station in self.stations]:
            self._set_removed(self.removed.union(stations))
            names = [".".join(code for code in station[:2] if code) for station in stations]
            self._went(names[0] if len(names) == 1 else counted(len(names), "station"), len(names))

    def bring_back(self) -> None:
        """Show all stations that had been removed."""
        self._set_removed(frozenset())
        self._stations_came()

    def _set_removed(self, stations: frozenset[Instrument]) -> None:
        self.removed = stations
        self.state["removed"] = sorted(stations)
        self.save_state()

    def remove_files(self, paths: Sequence[Path]) -> None:
        """Take files and folders out of the session; picks on them stay in the project."""
        self.project.remove_waveforms(paths)
        rest = [place.path for place in self.project.waveform_places()]
        archive, what = self.archive, paths[0].name if len(paths) == 1 else counted(len(paths), "file")
        job = self.runner.start(Job(f"Removing {what}", lambda _: archive.remove(paths, rest)))
        job.finished.connect(lambda _: self._went(what, len(paths)) if archive is self.archive else None)

    def _went(self, what: str, number: int) -> None:
        """Show what is left, and say what became of the picks."""
        self._stations_came()
        idle = sum(not self.has_data(pick) for pick in self.book)
        kept = f" Review passes over {counted(idle, 'pick')} without data; the table keeps all." if idle else ""
        self.noticed.emit(f"{what} {'was' if number == 1 else 'were'} removed from the session.{kept}", [])
        self.removalEnded.emit()

    def sampling_interval(self, channel_id: ChannelId) -> float:
        """Seconds, as the channel begins; 0 if it has no data."""
        return next((1 / segment.sampling_rate for segment in self.archive.segments(channel_id)), 0.0)

    def has_data(self, pick: Pick) -> bool:
        """Whether there are samples at the time of the pick, on its channel."""
        channel_id, time = pick.channel_id, pick.time.ns
        if Instrument.of(channel_id) not in self.stations:
            return False
        if channel_id not in self._bounds:
            coverage = self.archive.coverage(channel_id)
            self._bounds[channel_id] = [first.ns for first, _ in coverage], [last.ns for _, last in coverage]
        firsts, lasts = self._bounds[channel_id]
        place = bisect_right(firsts, time + _TOUCHING) - 1
        return place >= 0 and time <= lasts[place] + _TOUCHING

    # --- records -----------------------------------------------------------------------------------------------

    def set_filter(self, filter: Filter) -> None:
        """Show everything with another filter."""
        if filter != self.filter:
            self.filter = filter
            self.state["filter"] = asdict(filter)
            self.load_records()
            self.save_later()

    def set_quantity(self, quantity: Quantity) -> None:
        """Show everything as counts or as ground motion."""
        if quantity is not self.motion.quantity:
            self.state["quantity"] = quantity.value
            self._show_motion(quantity)
            self.load_records()
            self.save_later()

    def set_rotated(self, on: bool) -> None:
        """Show horizontal components as radial and transverse, where the back-azimuth is known."""
        if on != self.rotated:
            self.rotated = self.state["rotated"] = on
            self._show_motion(self.motion.quantity)
            self.stationsChanged.emit()
            self.load_records()
            self.save_later()

    @property
    def has_synthetics(self) -> bool:
        """Whether there are synthetic seismograms, which are velocity without any metadata."""
        return any(station.network == SYNTHETIC for station in self.stations)

    def _show_motion(self, quantity: Quantity) -> None:
        paths = {station: self.path_to(station) for station in self.stations} if self.rotated else {}
        angles = {station: path.back_azimuth for station, path in paths.items() if path is not None}
        self.motion = Motion(quantity, self.metadata, rotatable(angles, self.metadata, self.archive))

    @property
    def records(self) -> dict[ChannelId, Records]:
        """Of the channels, as far as they have been read."""
        return self.loader.records

    def load_records(self) -> None:
        """Read or filter what is not yet as it should be, the visible channels first."""
        self.loader.load(self.archive, self.channels_in_order(), self.filter, self.motion)

    @property
    def channels(self) -> tuple[ChannelId, ...]:
        """Those of the stations that are shown."""
        return tuple(channel for channel in self.archive.channels if Instrument.of(channel) in self.stations)

    def coverage(self) -> list[tuple[float, float]]:
        """Stretches in which a channel has data, seconds since 1970-01-01 UTC, by time."""
        spans = {
            (first.ns / 1e9, last.ns / 1e9)
            for channel_id in self.channels
            for first, last in self.archive.coverage(channel_id)
        }
        return sorted(spans)

    def channels_in_order(self) -> list[ChannelId]:
        """Every channel of the archive: visible ones, then verticals, then horizontals."""
        rows = [[channel for channel in arrange(found) if channel] for found in self.stations.values()]
        rest = [row[place] for place in range(3) for row in rows if len(row) > place]
        channels = self.channels
        visible = set(self.visible_channels()) & set(channels)
        return list(dict.fromkeys([*(channel for channel in rest if channel in visible), *rest, *channels]))

    # --- project -----------------------------------------------------------------------------------------------

    def order(self, by: str) -> Order:
        """The stations in the order of ``name`` or ``distance``."""
        stations = list(self.stations)
        if by == "distance":
            return by_distance(stations, self.book, self.coordinates, self.earthquake)
        return by_name(stations)

    def components(self, station: Instrument) -> tuple[tuple[str, ChannelId], ...]:
        """(letter, channel) of a station from top to bottom: Z N E, Z 1 2, Z R T."""
        found = self.stations.get(station, {})
        ordered = [channel for channel in arrange(found) if channel]
        rest = [channel for channel in found.values() if channel not in ordered]
        return tuple((component_of(channel.channel), channel) for channel in (*ordered, *rest))

    def letters(self, station: Instrument) -> tuple[tuple[str, ChannelId], ...]:
        """As ``components``, with the letters of what is shown: R and T of horizontal components that are rotated."""
        components = self.components(station)
        if station not in self.motion.back_azimuths:
            return components
        rotated = dict(zip(horizontals(self.stations[station]) or (), "RT", strict=False))
        return tuple((rotated.get(channel_id, letter), channel_id) for letter, channel_id in components)

    def shown_name(self, channel_id: ChannelId) -> str:
        """Its id, or what it is part of where it is rotated: ``CI.CCC..HH R``."""
        station = Instrument.of(channel_id)
        letter = next((letter for letter, channel in self.letters(station) if channel == channel_id), "")
        rotated = station in self.motion.back_azimuths and letter in ("R", "T")
        return f"{station} {letter}" if rotated else str(channel_id)

    def shown_as(self, station: Instrument) -> str:
        """What the traces of a station show and in which band, such as ``Velocity, 0.05–33 Hz``; empty of counts."""
        changes = (found[0].change for c in self.stations.get(station, {}).values() if (found := self.records.get(c)))
        return next((change.label for change in changes if change and change.label), "")

    def use_book(self, book: PickBook, discard: bool = False) -> None:
        """Close what is open, or ``discard`` it if it has no name, and go on with another project, as it was left."""
        self.save_state()
        self._stop()
        self.project.discard() if discard else self.project.close()
        self.book = book
        self.archive, self.stations, self.metadata, self.coordinates = Archive(), {}, StationBook(), {}
        for kept in (self.problems, self._bounds, self._told):
            kept.clear()
        self.filter, self.state, self.removed = UNFILTERED, {}, frozenset()
        self.motion, self.rotated = Motion(), False
        self._follow_book()
        self.stationsChanged.emit()
        self.projectChanged.emit()

    def save_later(self) -> None:
        """Write the view state soon."""
        self._save_timer.start()

    def save_state(self) -> None:
        """Write the view state now."""
        self._save_timer.stop()
        if self.state and self.state != self.project.view_state:
            self.project.view_state = self.state

    def close(self) -> None:
        """Stop the work and close the project; everything is saved already but the view state."""
        self.save_state()
        self._stop()
        self.blockSignals(True)
        self.project.close()

    def _stop(self) -> None:
        if self._opening is not None and self._opening.active:
            self._opening.cancel()
        self._opening = None
        self.loader.forget()
        self.picking.forget()
        self.events.search.forget()

    def _follow_book(self) -> None:
        self.changes.follow(self.book)
        self.events.follow(self.book)
        self._forget_problem()
        self._forget_problem = self.project.subscribe_problem(lambda sentence: self.noticed.emit(sentence, []))


def _describe_all(archive: Archive, stations: Sequence[Instrument], progress: Progress) -> None:
    """Publish (station, sentences about its data) for each station."""
    from quakeview.waveforms.assembly import describe_problems

    for done, station in enumerate(stations):
        progress.advance(done, len(stations), ".".join(station[:2]))
        progress.publish((station, describe_problems(archive, station)))
