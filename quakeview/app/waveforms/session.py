"""What is open in the Waveforms workspace: archive, records, picks, and the work on them. No widgets."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from quakeview.app.model_list import NO_MODEL, ModelList
from quakeview.app.preferences import Preferences
from quakeview.app.waveforms.opening import Opened, open_paths, reopen_paths
from quakeview.app.waveforms.ordering import Event, Order, by_distance, by_name
from quakeview.app.waveforms.reading import Records, read_records
from quakeview.app.work.running import JobRunner, RunningJob
from quakeview.jobs import Job, Progress
from quakeview.monitoring.exchange import PickFile
from quakeview.monitoring.picks import Pick
from quakeview.project import CompleteChannels, ImportPicks, PicksChanged, Project, ReplaceAutomaticPicks
from quakeview.project.book import PickBook
from quakeview.texts import counted
from quakeview.waveforms.archive import Archive, Segment
from quakeview.waveforms.channels import ChannelId, Station, arrange, component_of
from quakeview.waveforms.coordinates import Coordinates
from quakeview.waveforms.display import UNFILTERED
from quakeview.waveforms.filters import Filter

if TYPE_CHECKING:
    from quakeview.monitoring.annotate import StationResult

PickFunction = Callable[..., Any]
_TOUCHING = 10_000_000
"""Nanoseconds by which a pick may miss the first or last sample of its data: onsets between samples, rounded times."""
SAVE_AFTER = 400
"""Milliseconds of quiet after which the view state is written to the project."""


def pick_archive(*args: Any, **kwargs: Any) -> Any:
    """``quakeview.monitoring.annotate.pick_archive``, imported when it is called: it brings torch."""
    from quakeview.monitoring import annotate

    return annotate.pick_archive(*args, **kwargs)


class WaveformsSession(QObject):
    """Owns the archive and the project. Slow work runs as jobs; results come by signals on the GUI thread.

    Args:
        pick: called as ``quakeview.monitoring.annotate.pick_archive``.
    """

    stationsChanged = Signal()
    recordLoaded = Signal(object, object)  # ChannelId, Records
    recordFailed = Signal(object, str)  # ChannelId, sentence
    picksChanged = Signal(object)  # PicksChanged
    stationPicked = Signal(object)  # StationResult
    problemsFound = Signal(object, list)  # Station, sentences
    noticed = Signal(str, list)  # a sentence, further sentences
    opened = Signal(object)  # Opened
    projectChanged = Signal()
    removalEnded = Signal()  # of files or stations
    workChanged = Signal()

    def __init__(
        self,
        runner: JobRunner,
        preferences: Preferences,
        models: ModelList,
        project: Project,
        pick: PickFunction = pick_archive,
    ) -> None:
        super().__init__()
        self.preferences = preferences
        self.models = models
        self.archive = Archive()
        self.stations: dict[Station, dict[str, ChannelId]] = {}
        self.project = project
        self.book = PickBook()
        self.records: dict[ChannelId, Records] = {}
        self.results: dict[Station, StationResult] = {}
        self.problems: dict[Station, list[str]] = {}
        self.coordinates: dict[tuple[str, str], Coordinates] = {}
        self.units: dict[ChannelId, str] = {}
        self.earthquake: Event | None = None
        self.filter = UNFILTERED
        self.state: dict[str, Any] = {}
        self.removed: frozenset[Station] = frozenset()
        self.visible_channels: Callable[[], list[ChannelId]] = list
        self._runner = runner
        self._pick = pick
        self._segments: dict[ChannelId, tuple[Segment, ...]] = {}
        self._bounds: dict[ChannelId, tuple[list[int], list[int]]] = {}  # of the stretches with data, ns
        self._told: set[str] = set()
        self._opening: RunningJob | None = None
        self._reading: RunningJob | None = None
        self._picking: RunningJob | None = None
        self._pick_step: int | None = None
        self._save_timer = QTimer(self, singleShot=True, interval=SAVE_AFTER)
        self._save_timer.timeout.connect(self.save_state)
        self._unsubscribe: list[Callable[[], None]] = []
        self._watch_project()

    # --- files -------------------------------------------------------------------------------------------------

    @property
    def is_empty(self) -> bool:
        """Nothing is open and nothing was picked."""
        return not self.stations and not len(self.project) and not self.project.has_waveforms

    @property
    def is_opening(self) -> bool:
        return self._opening is not None and self._opening.active

    @property
    def is_picking(self) -> bool:
        return self._picking is not None and self._picking.active

    @property
    def why_no_picks(self) -> str:
        """What an empty table of picks says."""
        manual = "Put the cursor on an onset and press P or S to set one yourself."
        if self.is_picking:
            return "Picking…"
        if self.results:
            reasons = [result.reason for result in self.results.values() if result.reason]
            return f"The picker found nothing. {reasons[0]}" if reasons else "All picks were removed."
        if self.models.picker is None:
            return f"{NO_MODEL}\n{manual}"
        return f"No picks yet. Press A to find P and S at all stations.\n{manual}"

    def open(self, paths: Sequence[Path]) -> None:
        """Add waveforms, picks, catalogues and station metadata to what is open; ``opened`` follows."""
        name = f"Opening {paths[0].name}" if len(paths) == 1 else f"Opening {len(paths)} files"
        self._start_opening(name, partial(open_paths, self.archive, list(paths)), bring_back=True)

    def _start_opening(self, name: str, work: Callable[[Progress], Opened], bring_back: bool) -> None:
        job = self._runner.start(Job(name, work))
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
        self.coordinates |= opened.coordinates
        self.units |= opened.units
        known = self.state.setdefault("metadata", [])
        known += [str(path) for path in opened.metadata if str(path) not in known]
        for file in opened.picks:
            self._import(file)
        if opened.waveforms:
            self.project.apply(CompleteChannels(self.archive.channels))
        if opened.picks:
            self._find_event()
        if opened.waveforms or opened.metadata:
            self._stations_came()
        self._tell(opened.problems)
        self.opened.emit(opened)
        self.save_later()

    def _import(self, file: PickFile) -> None:
        before = len(self.project)
        step = self.project.apply(ImportPicks(file))
        self.project.apply(CompleteChannels(self.archive.channels), extends=step)
        new = len(self.project) - before
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
        self.stationsChanged.emit()
        self.load_records()
        if self._reading is not None:
            self._reading.finished.connect(self._check_stations)

    def _check_stations(self) -> None:
        stations = [station for station in self.stations if station not in self.problems]
        if not stations:
            return
        job = self._runner.start(Job("Checking the stations", partial(_describe_all, self.archive, stations)))
        archive = self.archive
        job.published.connect(lambda found: self._problems_found(*found) if archive is self.archive else None)

    def _problems_found(self, station: Station, sentences: list[str]) -> None:
        self.problems[station] = sentences
        self.problemsFound.emit(station, sentences)

    def _find_event(self) -> None:
        documents = self.project.documents()
        if documents:
            job = self._runner.start(Job("Reading the catalogue", lambda progress: event_of(documents[-1])))
            project = self.project
            job.finished.connect(lambda event: self._use_event(event) if project is self.project else None)

    def _use_event(self, event: Event | None) -> None:
        self.earthquake = event
        self.stationsChanged.emit()

    def restore(self) -> None:
        """Open again what the project says was open."""
        self.state = self.project.view_state
        if "filter" in self.state:
            self.filter = Filter(**self.state["filter"])
        self.removed = frozenset(Station(*codes) for codes in self.state.get("removed", ()))
        self._find_event()
        places, metadata = self.project.waveform_places(), [Path(path) for path in self.state.get("metadata", [])]
        if places or metadata:
            work = partial(reopen_paths, self.archive, places, metadata)
            self._start_opening(f"Opening {counted(len(places), 'file')}", work, bring_back=False)

    # --- taking out --------------------------------------------------------------------------------------------

    def remove_stations(self, stations: Collection[Station]) -> None:
        """Show them no more; picks on them stay in the project. Opening their files again brings them back."""
        if stations := [station for station in stations if station in self.stations]:
            self._set_removed(self.removed.union(stations))
            names = [".".join(code for code in station[:2] if code) for station in stations]
            self._went(names[0] if len(names) == 1 else counted(len(names), "station"), len(names))

    def bring_back(self) -> None:
        """Show all stations that had been removed."""
        self._set_removed(frozenset())
        self._stations_came()

    def _set_removed(self, stations: frozenset[Station]) -> None:
        self.removed = stations
        self.state["removed"] = sorted(stations)
        self.save_state()

    def remove_files(self, paths: Sequence[Path]) -> None:
        """Take files and folders out of the session; picks on them stay in the project."""
        self.project.remove_waveforms(paths)
        rest = [place.path for place in self.project.waveform_places()]
        archive, what = self.archive, paths[0].name if len(paths) == 1 else counted(len(paths), "file")
        job = self._runner.start(Job(f"Removing {what}", lambda _: archive.remove(paths, rest)))
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
        if Station.of(channel_id) not in self.stations:
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

    def load_records(self) -> None:
        """Read or filter what is not yet as it should be, the visible channels first; stops a run under way."""
        if self._reading is not None:
            self._reading.cancel()
        segments = {channel_id: self.archive.segments(channel_id) for channel_id in self.channels}
        current = {c: r for c, r in self.records.items() if self._segments.get(c) == segments.get(c)}
        wanted = [c for c in self.channels_in_order() if c not in current or not self._is_filtered(current[c])]
        self._segments = segments
        self.records = current
        if not wanted:
            return
        verb = "Filtering" if all(channel_id in current for channel_id in wanted) else "Reading"
        work = partial(read_records, self.archive, wanted, dict(current), self.filter)
        job = self._runner.start(Job(f"{verb} {counted(len(wanted), 'channel')}", work))
        job.published.connect(lambda found: self._record_came(job, *found))
        job.finished.connect(lambda _: self._tell(problem.sentence for problem in self.archive.problems))
        self._reading = job

    def _is_filtered(self, records: Records) -> bool:
        return records[0].filter == self.filter.fitted(records[0].sampling_rate)

    @property
    def channels(self) -> tuple[ChannelId, ...]:
        """Those of the stations that are shown."""
        return tuple(channel for channel in self.archive.channels if Station.of(channel) in self.stations)

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

    def _record_came(self, job: RunningJob, channel_id: ChannelId, found: Records | str) -> None:
        if job is not self._reading:
            return
        if isinstance(found, str):
            self.recordFailed.emit(channel_id, found)
        else:
            self.records[channel_id] = found
            self.recordLoaded.emit(channel_id, found)

    # --- picking -----------------------------------------------------------------------------------------------

    def pick(self, stations: Sequence[Station] | None = None) -> None:
        """Find P and S with the chosen model, at all stations or at these; ``stationPicked`` follows for each."""
        card = self.models.picker
        if card is None or self.is_picking:
            return
        chosen = list(self.stations) if stations is None else list(stations)
        options = self.preferences
        work = partial(
            self._run_picker,
            self.archive,
            card.name,
            options[options.P_THRESHOLD],
            options[options.S_THRESHOLD],
            options[options.DEVICE],
            chosen,
        )
        text = f"{len(chosen)} stations" if len(chosen) > 1 else ".".join(chosen[0][:2])
        job = self._runner.start(Job(f"Picking {text}", work))
        self._picking, self._pick_step = job, None
        archive = self.archive
        job.published.connect(lambda result: self._station_came(card.name, result) if archive is self.archive else None)
        job.finished.connect(lambda _: self._summarise(chosen) if archive is self.archive else None)
        job.ended.connect(self.workChanged)
        self.workChanged.emit()

    def _run_picker(
        self, archive: Archive, model: str, p: float, s: float, device: str, stations: list, progress: Progress
    ) -> Any:
        return self._pick(
            archive, model, p_threshold=p, s_threshold=s, device=device, stations=stations, progress=progress
        )

    def _station_came(self, model: str, result: "StationResult") -> None:
        self.results[result.station] = result
        edit = ReplaceAutomaticPicks(result.station, model, result.picks)
        step = self.project.apply(edit, extends=self._pick_step)
        if result.picks:
            self._pick_step = step
        self.stationPicked.emit(result)

    def _summarise(self, stations: Sequence[Station]) -> None:
        results = [self.results[station] for station in stations if station in self.results]
        silent = [result for result in results if not result.picks]
        if silent and len(silent) == len(results):
            self.noticed.emit(f"No picks were found. {silent[0].reason or ''}".strip(), [])

    # --- project -----------------------------------------------------------------------------------------------

    def order(self, by: str) -> Order:
        """The stations in the order of ``name`` or ``distance``."""
        stations = list(self.stations)
        if by == "distance":
            return by_distance(stations, self.book, self.coordinates, self.earthquake)
        return by_name(stations)

    def components(self, station: Station) -> tuple[tuple[str, ChannelId], ...]:
        """(letter, channel) of a station from top to bottom: Z N E, Z 1 2, Z R T."""
        found = self.stations.get(station, {})
        ordered = [channel for channel in arrange(found) if channel]
        rest = [channel for channel in found.values() if channel not in ordered]
        return tuple((component_of(channel.channel), channel) for channel in (*ordered, *rest))

    def use_project(self, project: Project, discard: bool = False) -> None:
        """Close what is open, or ``discard`` it if it has no name, and go on with another project, as it was left."""
        self.save_state()
        self._stop()
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self.project.discard() if discard else self.project.close()
        self.project = project
        self.archive, self.stations = Archive(), {}
        for kept in (
            self.records,
            self.results,
            self.problems,
            self.coordinates,
            self.units,
            self._segments,
            self._bounds,
            self._told,
        ):
            kept.clear()
        self.earthquake, self.filter, self.state, self.removed = None, UNFILTERED, {}, frozenset()
        self._watch_project()
        self.stationsChanged.emit()
        self.projectChanged.emit()
        self.picksChanged.emit(PicksChanged(frozenset(), frozenset(), frozenset()))

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
        for job in (self._opening, self._reading, self._picking):
            if job is not None and job.active:
                job.cancel()
        self._opening = self._reading = self._picking = None

    def _watch_project(self) -> None:
        self.book.reset(self.project.picks())
        self._unsubscribe = [
            self.project.subscribe(self._follow_edit),
            self.project.subscribe_problem(lambda sentence: self.noticed.emit(sentence, [])),
        ]

    def _follow_edit(self, changed: PicksChanged) -> None:
        self.book.change(changed.removed, self.project.find(changed.added | changed.changed))
        self.picksChanged.emit(changed)


def _describe_all(archive: Archive, stations: Sequence[Station], progress: Progress) -> None:
    """Publish (station, sentences about its data) for each station."""
    from quakeview.waveforms.assembly import describe_problems

    for done, station in enumerate(stations):
        progress.advance(done, len(stations), ".".join(station[:2]))
        progress.publish((station, describe_problems(archive, station)))


def event_of(document: bytes) -> Event | None:
    """The first event of a QuakeML document that has an origin."""
    import io

    import obspy

    for event in obspy.read_events(io.BytesIO(document)):
        origin = event.preferred_origin() or next(iter(event.origins), None)
        if origin is not None and origin.latitude is not None and origin.longitude is not None and origin.time:
            magnitude = event.preferred_magnitude() or next(iter(event.magnitudes), None)
            label = f"M {magnitude.mag:.1f}" if magnitude is not None and magnitude.mag is not None else "Origin"
            return Event(origin.time, origin.latitude, origin.longitude, label)
    return None
