"""``quakeview pick ARCHIVE -o FOLDER``: an archive of many stations and days, picked into a folder of Parquet files."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from obspy import UTCDateTime

from quakeview.archives.pick_files import DayPicks
from quakeview.archives.picking import Picked, pick_into, settings_of
from quakeview.archives.station_days import StationDay, station_days
from quakeview.devices import processor_cores
from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.progressbar import terminal_progress
from quakeview.registry import chosen_model
from quakeview.texts import counted
from quakeview.waveforms.archive import Archive

INTERRUPTED = 130
FAILED = 3
"""Exit code where station-days could not be picked."""


@dataclass(frozen=True)
class ArchiveRequest:
    """What to pick and how; ``model`` None is the best model there is, ``start`` and ``end`` None the whole archive."""

    paths: Sequence[Path]
    output: Path
    model: str | None = None
    p_threshold: float = 0.3
    s_threshold: float = 0.3
    device: str = "auto"
    start: UTCDateTime | None = None
    end: UTCDateTime | None = None
    workers: int | None = None
    cluster: str | None = None
    retry: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what only an archive needs."""
    parser.add_argument(
        "--workers",
        type=_count,
        metavar="N",
        help="of an archive: processes that pick side by side (default: all cores)",
    )
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help="of an archive: have the workers of this Dask scheduler pick it"
    )
    parser.add_argument("--retry", action="store_true", help="of an archive: try again what could not be picked")


def is_for_archive(output: Path | None) -> bool:
    """Is the output a folder? Files of picks have an extension."""
    return output is not None and (output.is_dir() or not output.suffix)


def main(request: ArchiveRequest) -> int:
    """Pick what is not picked yet; returns the exit code (3 if something could not be picked, 130 interrupted).

    Raises:
        QuakeViewError: if there are no waveforms, the model cannot be used, or the folder holds other picks.
    """
    parts: list[DayPicks] = []
    picked: Picked | None = None
    with terminal_progress(parts.append) as progress:
        try:
            wanted = _station_days(request, progress)
            picked = _pick(request, wanted, progress)
        except Cancelled:
            _say(f"Stopped: {counted(len(parts), 'station-day')} were finished now; the same command goes on.")
            return INTERRUPTED
    return _report(request.output, picked)


def _station_days(request: ArchiveRequest, progress: Progress) -> list[StationDay]:
    archive = Archive()
    for problem in archive.add(request.paths, progress):
        progress.log(problem.sentence)
    wanted = station_days(archive, request.start, request.end)
    if not wanted:
        when = " in the chosen time" if archive.channels else ""
        raise QuakeViewError(f"There are no waveforms to pick{when}.")
    return wanted


def _pick(request: ArchiveRequest, wanted: Sequence[StationDay], progress: Progress) -> Picked:
    model = request.model or chosen_model(None, "picking").name
    return pick_into(
        request.output,
        wanted,
        settings_of(model, request.p_threshold, request.s_threshold, request.start, request.end),
        device=request.device,
        workers=request.workers or processor_cores(),
        cluster=request.cluster,
        retry=request.retry,
        progress=progress,
    )


def _report(folder: Path, picked: Picked) -> int:
    for each, outcome in picked.outcomes:
        if outcome.failed or outcome.said:
            _say(f"{each.day} {each.station}: {outcome.failed or outcome.said}")
    number = sum(outcome.picks for _, outcome in picked.outcomes)
    done = len(picked.outcomes) - len(picked.failures)
    before = f"; {picked.before:,} were finished before" if picked.before else ""
    _say(f"{counted(number, 'pick')} of {counted(done, 'station-day')} are in {folder}{before}.")
    if picked.failures:
        _say(f"{counted(len(picked.failures), 'station-day')} could not be picked; --retry tries them again.")
    return FAILED if picked.failures else 0


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _say(text: str) -> None:
    print(text, file=sys.stderr)
