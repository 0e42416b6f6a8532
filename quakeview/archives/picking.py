"""An archive is picked day by day and station by station, and goes on where it was stopped."""

import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock, Timeout
from obspy import UTCDateTime

from quakeview.archives.pick_files import (
    DayPicks,
    Outcome,
    Settings,
    day_file,
    read_outcomes,
    read_picks,
    write_picks,
)
from quakeview.archives.station_days import DAY_NS, StationDay, station_days
from quakeview.atomic import make_folder, remove_file
from quakeview.errors import QuakeViewError
from quakeview.jobs import Flag, Progress
from quakeview.model_folders import weights_digest
from quakeview.monitoring.annotate import annotate_station
from quakeview.monitoring.onset_peaks import Thresholds
from quakeview.monitoring.picker import Picker, find_picker, load_picker
from quakeview.texts import counted
from quakeview.waveforms.archive import Archive
from quakeview.workers.cluster import on_cluster
from quakeview.workers.processes import on_processes

_CACHE_BYTES = 160_000_000
"""Samples that a worker keeps: the files of a day of three components at 100 Hz, so that each is read once."""
_PARTS = "_parts"
"""Folder of stations whose day is not finished; programs that read the data set pass over names that begin so."""


@dataclass(frozen=True)
class PickingTask:
    """A day of a station, and what it is picked with."""

    station_day: StationDay
    settings: Settings
    device: str


@dataclass(frozen=True)
class Picked:
    """What became of the station-days of an archive.

    Attributes:
        before: how many were finished before.
        outcomes: of those that were picked now.
    """

    before: int
    outcomes: tuple[tuple[StationDay, Outcome], ...]

    @property
    def failures(self) -> tuple[tuple[StationDay, Outcome], ...]:
        """Those that could not be picked."""
        return tuple((each, outcome) for each, outcome in self.outcomes if outcome.failed)


def settings_of(
    model: str, p_threshold: float, s_threshold: float, start: UTCDateTime | None, end: UTCDateTime | None
) -> Settings:
    """Return what a model picks with; its weights are known by their checksum.

    Raises:
        QuakeViewError: if there is no such model.
    """
    card = find_picker(model)
    bounds = ("" if time is None or time.ns % DAY_NS == 0 else str(time) for time in (start, end))
    return Settings(card.name, weights_digest(card.folder), p_threshold, s_threshold, *bounds)


def pick_into(
    folder: Path,
    wanted: Sequence[StationDay],
    settings: Settings,
    *,
    device: str = "auto",
    workers: int = 1,
    cluster: str | None = None,
    retry: bool = False,
    progress: Progress = Progress(),
) -> Picked:
    """Pick the station-days that are not picked yet, or whose data changed, into a folder of picks.

    Args:
        wanted: the station-days of the archive.
        workers: processes of this computer.
        cluster: address of a Dask scheduler whose workers pick instead.
        retry: try those again that failed.

    Raises:
        QuakeViewError: if the folder holds other picks or cannot be written, or the cluster is gone.
        Cancelled: through ``progress``; what is finished is kept, and the next call goes on from there.
    """
    with _alone_in(folder):
        return _pick_left(folder, wanted, settings, device, workers, cluster, retry, progress)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder, without what a process that was killed left half-written."""
    make_folder(folder)
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise QuakeViewError(f"Another QuakeView is picking into {folder}; wait, or choose another one.") from error
    except OSError as error:
        raise QuakeViewError(f"{folder} cannot be written ({error.strerror}); choose another folder.") from error
    try:
        for path in folder.rglob(".*.parquet"):
            remove_file(path)
        yield
    finally:
        lock.release()


def _pick_left(
    folder: Path,
    wanted: Sequence[StationDay],
    settings: Settings,
    device: str,
    workers: int,
    cluster: str | None,
    retry: bool,
    progress: Progress,
) -> Picked:
    finished = dict(_finished(folder, settings))
    left = [each for each in wanted if not _is_done(finished.get((each.day, str(each.station))), each, retry)]
    for day in sorted({each.day for each in wanted} - {each.day for each in left}):
        _finish_day(folder, day, settings)
    waiting = defaultdict[str, set[str]](set)
    for each in left:
        waiting[each.day].add(str(each.station))
    tasks = [PickingTask(each, settings, device) for each in left]
    outcomes = []
    for task, made in _worked(tasks, workers, cluster, progress):
        each = task.station_day
        station = str(each.station)
        part = _part_of(task, made)
        write_picks(_part_file(folder, each.day, station), part)
        outcomes.append((each, part.outcomes[station]))
        progress.publish(part)
        waiting[each.day].discard(station)
        if not waiting[each.day]:
            _finish_day(folder, each.day, settings)
    return Picked(len(wanted) - len(left), tuple(outcomes))


def pick_station_day(task: PickingTask, stop: Flag) -> DayPicks:
    """Pick a station on a day; runs in a process of its own or on a worker of a cluster.

    Raises:
        QuakeViewError: if its data cannot be read, or this computer has another model of that name.
    """
    each, settings = task.station_day, task.settings
    picker = _picker(settings.model, settings.checksum, task.device)
    archive = Archive(_CACHE_BYTES)
    archive.add(each.files)
    if each not in station_days(archive):
        raise QuakeViewError(
            "Its files are gone or changed since the archive was looked at; the same command sees them."
        )
    thresholds = Thresholds(settings.p_threshold, settings.s_threshold)
    start = max(each.start, UTCDateTime(settings.start)) if settings.start else each.start
    end = min(each.end, UTCDateTime(settings.end)) if settings.end else each.end
    result = annotate_station(
        picker, archive, each.station, thresholds, start=start, end=end, keep_curves=False, progress=Progress(stop)
    )
    picks = [pick for pick in result.picks if pick.time < end]
    said = [problem.sentence for problem in archive.problems]
    said += [result.reason] if result.reason and not picks else result.remarks
    outcome = Outcome(each.samples, len(picks), " ".join(dict.fromkeys(said)))
    return DayPicks(settings, {str(each.station): outcome}, picks)


@lru_cache(maxsize=1)
def _picker(model: str, checksum: str, device: str) -> Picker:
    card = find_picker(model)
    if weights_digest(card.folder) != checksum:
        raise QuakeViewError(f"{model} has other weights here; install the same model on every computer.")
    return load_picker(card, device)


def _worked(
    tasks: Sequence[PickingTask], workers: int, cluster: str | None, progress: Progress
) -> Iterator[tuple[PickingTask, DayPicks | QuakeViewError]]:
    if not tasks:
        return
    said = _speed(len(tasks))
    if cluster is not None:
        yield from on_cluster(pick_station_day, tasks, cluster, progress, said)
    else:
        yield from on_processes(pick_station_day, tasks, min(workers, len(tasks)), progress, said)


def _speed(number: int) -> Callable[[int], str]:
    begin = time.monotonic()

    def said(done: int) -> str:
        rate = done / max(time.monotonic() - begin, 1e-3) * 60
        return f"{done:,} of {counted(number, 'station-day')}" + (f", {rate:.1f} a minute" if done else "")

    return said


def _part_of(task: PickingTask, made: DayPicks | QuakeViewError) -> DayPicks:
    station = str(task.station_day.station)
    if isinstance(made, QuakeViewError):
        return DayPicks(task.settings, {station: Outcome(task.station_day.samples, failed=str(made))})
    return made


def _finished(folder: Path, settings: Settings) -> Iterator[tuple[tuple[str, str], Outcome]]:
    """Yield day and station, and how it fared, of all that a folder holds: days, then parts of days.

    Raises:
        QuakeViewError: if they are of other settings.
    """
    for path in (*sorted(folder.glob("day=*/picks.parquet")), *sorted((folder / _PARTS).glob("*/*.parquet"))):
        kept, outcomes = read_outcomes(path)
        if kept != settings:
            raise QuakeViewError(
                f"{folder} holds picks of {_described(kept)}, not of {_described(settings)}; go on with the same, or "
                "choose another folder."
            )
        day = path.parent.name.removeprefix("day=")
        yield from (((day, station), outcome) for station, outcome in outcomes.items())


def _described(settings: Settings) -> str:
    bounds = (f", {word} {time}" for word, time in (("from", settings.start), ("to", settings.end)) if time)
    how = f"weights {settings.checksum[:8]}, P from {settings.p_threshold:g}, S from {settings.s_threshold:g}"
    return f"{settings.model} ({how}{''.join(bounds)})"


def _is_done(outcome: Outcome | None, wanted: StationDay, retry: bool) -> bool:
    if outcome is None or outcome.samples != wanted.samples:
        return False
    return not (retry and outcome.failed)


def _part_file(folder: Path, day: str, station: str) -> Path:
    return folder / _PARTS / day / f"{quote(station, safe='')}.parquet"


def _finish_day(folder: Path, day: str, settings: Settings) -> None:
    """Join the parts of a day with what is there of it; a process that ends in between does no harm."""
    parts = [read_picks(path) for path in sorted((folder / _PARTS / day).glob("*.parquet"))]
    if not parts:
        return
    path = day_file(folder, day)
    before = read_picks(path) if path.exists() else DayPicks(settings)
    new = [station for part in parts for station in part.outcomes]
    write_picks(path, before.without(new).joined(parts))
    shutil.rmtree(folder / _PARTS / day, ignore_errors=True)
