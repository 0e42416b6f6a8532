"""What is open in the Waveforms workspace: archive, records, picks, and the work on them. No widgets."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from quakeview.app.model_list import ModelList
from quakeview.app.preferences import Preferences
from quakeview.app.running import JobRunner, RunningJob
from quakeview.app.waveforms.opening import Opened, open_paths
from quakeview.app.waveforms.ordering import Event, Order, by_distance, by_name
from quakeview.app.waveforms.reading import Records, read_records
from quakeview.jobs import Job, Progress
from quakeview.project import CompleteChannels, ImportPicks, PicksChanged, Project, ReplaceAutomaticPicks
from quakeview.project.book import PickBook
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId, Station, arrange, component_of
from quakeview.waveforms.coordinates import Coordinates
from quakeview.waveforms.display import UNFILTERED
from quakeview.waveforms.filters import Filter

if TYPE_CHECKING:
    from quakeview.monitoring.annotate import StationResult

PickFunction = Callable[..., Any]
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
        self.earthquake: Event | None = None
        self.filter = UNFILTERED
        self.state: dict[str, Any] = {}
        self.visible_channels: Callable[[], list[ChannelId]] = list
        self._runner = runner
        self._pick = pick
        self._segments: dict[ChannelId, int] = {}
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
        return not self.stations and not len(self.project) and not self.project.waveforms

    @property
    def is_opening(self) -> bool:
        return self._opening is not None and self._opening.active

    @property
    def is_picking(self) -> bool:
        return self._picking is not None and self._picking.active

    def open(self, paths: Sequence[Path]) -> None:
        """Add waveforms, picks, catalogues and station metadata to what is open; ``opened`` follows."""
        name = f"Opening {paths[0].name}" if len(paths) == 1 else f"Opening {len(paths)} files"
        job = self._runner.start(Job(name, partial(open_paths, self.archive, list(paths))))
        self._opening = job
        archive = self.archive
        job.finished.connect(lambda opened: self._use(opened) if archive is self.archive else None)
        job.cancelled.connect(lambda: self._use(Opened()) if archive is self.archive else None)
        job.ended.connect(self.workChanged)
        self.workChanged.emit()

    def _use(self, opened: Opened) -> None:
        self.project.add_waveforms(opened.waveforms)
        self.coordinates |= opened.coordinates
        known = self.state.setdefault("metadata", [])
        known += [str(path) for path in opened.metadata if str(path) not in known]
        for file in opened.picks:
            step = self.project.apply(ImportPicks(file))
            self.project.apply(CompleteChannels(self.archive.channels), extends=step)
        if opened.waveforms:
            self.project.apply(CompleteChannels(self.archive.channels))
        if opened.picks:
            self._find_event()
        if opened.waveforms or opened.metadata:
            self._stations_came()
        self._tell(opened.problems)
        self.opened.emit(opened)
        self.save_later()

    def _tell(self, sentences: Iterable[str]) -> None:
        """Each sentence once per session."""
        if new := [sentence for sentence in dict.fromkeys(sentences) if sentence not in self._told]:
            self._told.update(new)
            self.noticed.emit(new[0], new[1:])

    def _stations_came(self) -> None:
        self.stations = self.archive.stations
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
            job.finished.connect(self._use_event)

    def _use_event(self, event: Event | None) -> None:
        self.earthquake = event
        self.stationsChanged.emit()

    def restore(self) -> None:
        """Open again what the project says was open."""
        self.state = self.project.view_state
        if "filter" in self.state:
            self.filter = Filter(**self.state["filter"])
        self._find_event()
        metadata = [Path(path) for path in self.state.get("metadata", [])]
        paths = [*self.project.waveforms, *metadata]
        missing = [path for path in paths if not path.exists()]
        if missing:
            names = [f"{path} is no longer there; its picks are kept." for path in missing]
            self.noticed.emit(names[0], names[1:])
        if paths := [path for path in paths if path.exists()]:
            self.open(paths)

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
        counts = {channel_id: len(self.archive.segments(channel_id)) for channel_id in self.archive.channels}
        current = {c: r for c, r in self.records.items() if self._segments.get(c) == counts.get(c)}
        wanted = [c for c in self.channels_in_order() if c not in current or current[c][0].filter != self.filter]
        self._segments = counts
        self.records = current
        if not wanted:
            return
        verb = "Filtering" if all(channel_id in current for channel_id in wanted) else "Reading"
        work = partial(read_records, self.archive, wanted, dict(current), self.filter)
        job = self._runner.start(Job(f"{verb} {len(wanted)} channels", work))
        job.published.connect(lambda found: self._record_came(job, *found))
        job.finished.connect(lambda _: self._tell(problem.sentence for problem in self.archive.problems))
        self._reading = job

    def channels_in_order(self) -> list[ChannelId]:
        """Every channel of the archive: visible ones, then verticals, then horizontals."""
        rows = [[channel for channel in arrange(found) if channel] for found in self.stations.values()]
        rest = [row[place] for place in range(3) for row in rows if len(row) > place]
        channels = self.archive.channels
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

    def use_project(self, project: Project) -> None:
        """Close what is open and go on with another project, as it was left."""
        self.save_state()
        self._stop()
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self.project.close()
        self.project = project
        self.archive, self.stations = Archive(), {}
        for kept in (self.records, self.results, self.problems, self.coordinates, self._segments, self._told):
            kept.clear()
        self.earthquake, self.filter, self.state = None, UNFILTERED, {}
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
