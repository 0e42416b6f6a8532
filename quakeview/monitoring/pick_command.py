"""``quakeview pick``: from waveform files to a table of picks."""

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.monitoring.annotate import StationResult, findings, picks_of
from quakeview.monitoring.exchange import check_extension, write_picks
from quakeview.monitoring.pick_table import format_csv
from quakeview.monitoring.picks import Pick
from quakeview.progressbar import terminal_progress
from quakeview.registry import chosen_model
from quakeview.texts import aligned, counted
from quakeview.waveforms.archive import Archive

INTERRUPTED = 130


@dataclass(frozen=True)
class PickRequest:
    """What to pick and how; ``model`` None is the best model there is, ``start`` and ``end`` None the whole record."""

    paths: Sequence[Path]
    output: Path | None = None
    model: str | None = None
    p_threshold: float = 0.3
    s_threshold: float = 0.3
    device: str = "auto"
    start: UTCDateTime | None = None
    end: UTCDateTime | None = None


def main(request: PickRequest) -> int:
    """Pick, write the file, print the table; returns the exit code (0 also if nothing was found, 130 interrupted).

    The table on stdout is aligned for a terminal and CSV, as in files, for a pipe; on a terminal it is left out when it
    is in a file. What is odd in the files and stations, and why a station has no picks, goes to stderr, each once.
    Interrupted or stopped by an error, it keeps the finished stations.

    Raises:
        QuakeViewError: if no file can be read, the model cannot be used, or the output cannot be written.
    """
    if request.output is not None:
        _check_output(request.output)
    failure: Cancelled | QuakeViewError | None = None
    archive = Archive()
    said: set[str] = set()
    results: list[StationResult] = []
    with terminal_progress(results.append) as progress:
        try:
            said |= _open(request.paths, archive, progress)
            _pick(request, archive, progress)
        except (Cancelled, QuakeViewError) as error:
            failure = error
    if isinstance(failure, QuakeViewError) and not results:
        raise failure
    for sentence in findings(archive, results):
        if sentence not in said:
            _say(sentence)
    picks = picks_of(results)
    on_terminal = sys.stdout.isatty()
    written = False
    try:
        if request.output is not None:
            for loss in write_picks(picks, request.output):
                _say(loss)
            written = True
    finally:
        if not (written and on_terminal):
            table = format_aligned(picks) if on_terminal else format_csv(picks)
            sys.stdout.writelines(table.splitlines(keepends=True))
            sys.stdout.flush()
    if written and on_terminal:
        verb = "is" if len(picks) == 1 else "are"
        _say(f"{counted(len(picks), 'pick')} of {counted(len(results), 'station')} {verb} in {request.output}.")
    if failure is not None:
        place = f"in {request.output}" if request.output else "above"
        _say(f"Not all was picked: the picks of {counted(len(results), 'finished station')} are {place}.")
        if isinstance(failure, QuakeViewError):
            raise failure
        return INTERRUPTED
    if not picks:
        _say("No picks.")
    return 0


def format_aligned(picks: Iterable[Pick]) -> str:
    """Columns for reading: channel, phase, time (UTC), probability."""
    header = ("channel", "phase", "time (UTC)", "probability")
    rows = [
        header,
        *(
            (
                str(pick.channel_id),
                pick.phase,
                pick.time.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3],
                "" if pick.probability is None else f"{pick.probability:.2f}",
            )
            for pick in picks
        ),
    ]
    return aligned(rows)


def _open(paths: Sequence[Path], archive: Archive, progress: Progress) -> set[str]:
    """Index the files; the sentences that were said about them."""
    said = {problem.sentence: None for problem in archive.add(paths, progress)}
    for sentence in said:
        progress.log(sentence)
    if not archive.channels:
        raise QuakeViewError("There are no waveforms to pick: none of the files could be read.")
    return set(said)


def _pick(request: PickRequest, archive: Archive, progress: Progress) -> None:
    from quakeview.monitoring.annotate import pick_archive

    pick_archive(
        archive,
        request.model or chosen_model(None, "picking").name,
        request.p_threshold,
        request.s_threshold,
        request.device,
        start=request.start,
        end=request.end,
        keep_curves=False,
        progress=progress,
    )


def _check_output(path: Path) -> None:
    """Better before an hour of picking than after it."""
    check_extension(path)
    if not os.access(path.parent, os.W_OK) or path.is_dir():
        raise QuakeViewError(f"{path} could not be written; choose another place.")


def _say(text: str) -> None:
    print(text, file=sys.stderr)
