"""``quakeview runs``: training runs from the command line, in this terminal or another."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.texts import aligned
from quakeview.training.runs import starting
from quakeview.training.runs.comparing import SCORE, compared
from quakeview.training.runs.known import find_run, remember
from quakeview.training.runs.run_folder import RunFolder
from quakeview.training.runs.summary import AllRuns, RunSummary, summarise
from quakeview.training.runs.waiting import move, waiting
from quakeview.training.runs.words import facts_text, score_text, status_text

_SIMPLE: dict[str, tuple[str, Callable[[RunFolder], object]]] = {
    "stop": (
        "end a run after the step at hand, what it reached is kept; or let it wait no longer",
        starting.stop,
    ),
    "pause": ("the same, of a run that is to go on later", starting.pause),
    "resume": ("begin a run, or let it go on from its last checkpoint, in the background", starting.resume),
    "next": ("let a run that waits train before the others", lambda run: move(run.path, 0)),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.epilog = "A run is named by its name or its folder; 'quakeview runs ACTION --help' explains each."
    parser.set_defaults(do=_list, json=False)
    actions = parser.add_subparsers(metavar="ACTION", title="instead of listing them")
    listed = actions.add_parser("list", help="list all runs")
    listed.add_argument("--json", action="store_true", help="as one JSON line for each run")
    listed.set_defaults(do=_list)
    started = actions.add_parser("start", help="start run files in the background, one after the other")
    started.add_argument("files", nargs="+", type=Path, metavar="run.toml", help="what to train")
    started.set_defaults(do=_start)
    added = actions.add_parser("add", help="list runs in other places too")
    added.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="a run folder")
    added.set_defaults(do=_add)
    shown = actions.add_parser("show", help="say how a run is doing; of several, side by side, what differs")
    shown.add_argument("names", nargs="+", metavar="RUN", help="its name or folder")
    shown.set_defaults(do=_show)
    for name, (summary, _) in _SIMPLE.items():
        simple = actions.add_parser(name, help=summary)
        simple.add_argument("names", nargs="+", metavar="RUN", help="its name or folder")
        simple.set_defaults(do=_do_simply, action=name)
    cloned = actions.add_parser("clone", help="make a new run with the same settings; 'resume' begins it")
    cloned.add_argument("of", metavar="RUN", help="its name or folder")
    cloned.add_argument("name", metavar="NAME", help="of the new run")
    cloned.set_defaults(do=_clone)
    used = actions.add_parser("use", help="add the model of a run to your models, and use it for its task")
    used.add_argument("of", metavar="RUN", help="its name or folder")
    used.set_defaults(do=_use)
    deleted = actions.add_parser("delete", help="delete what a run wrote, its model too")
    deleted.add_argument("names", nargs="+", metavar="RUN", help="its name or folder")
    deleted.add_argument("--yes", action="store_true", help="do not ask")
    deleted.set_defaults(do=_delete)


def main(options: argparse.Namespace) -> int:
    """Do what was asked for.

    Raises:
        QuakeViewError: if there is no such run, or it cannot be done.
    """
    options.do(options)
    return 0


def _list(options: argparse.Namespace) -> None:
    runs = AllRuns().look()
    if options.json:
        for run in runs:
            print(json.dumps(asdict(run), default=str))
    elif runs:
        rows = [(run.name, status_text(run), score_text(run), str(run.path)) for run in runs]
        print(aligned([("run", "state", "best", "folder"), *rows]), end="")
    else:
        print("There are no runs yet; 'quakeview runs start run.toml' begins one.", file=sys.stderr)


def _start(options: argparse.Namespace) -> None:
    for path in options.files:
        _say(starting.start(path))


def _add(options: argparse.Namespace) -> None:
    for folder in options.folders:
        remember(RunFolder(folder))
        _say(RunFolder(folder))


def _show(options: argparse.Namespace) -> None:
    runs = [find_run(name) for name in options.names]
    for run in runs:
        summary = _summary(run)
        print(f"{run.name}: {status_text(summary)}")
        print(facts_text(summary, run.disk_use()))
        for line in filter(None, (summary.message, *run.log_tail(5))):
            print(line)
        print()
    rows = compared(runs)
    if len(runs) == 1:
        rows = [row for row in rows if row.of == SCORE]
    if rows:
        heads = [("from", "name", *(run.name for run in runs))] if len(runs) > 1 else []
        print(aligned([*heads, *((row.of, row.name, *row.values) for row in rows)]), end="")


def _do_simply(options: argparse.Namespace) -> None:
    for name in options.names:
        run = find_run(name)
        _SIMPLE[options.action][1](run)
        _say(run)


def _clone(options: argparse.Namespace) -> None:
    print(starting.clone(find_run(options.of), options.name).run_file)


def _use(options: argparse.Namespace) -> None:
    from quakeview.progressbar import terminal_progress
    from quakeview.training.runs.using import use_model

    with terminal_progress() as progress:
        used = use_model(find_run(options.of), progress)
    if used.problem:
        print(used.problem, file=sys.stderr)
    print(used.card.name)


def _delete(options: argparse.Namespace) -> None:
    runs = [find_run(name) for name in options.names]
    for run in runs:
        if not options.yes and not _agreed(run):
            raise QuakeViewError(f"{run.name} is kept.")
        starting.delete(run)


def _agreed(run: RunFolder) -> bool:
    print(f"Delete what {run.name} wrote to {run.path}, its model too? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _say(run: RunFolder) -> None:
    print(f"{run.name}: {status_text(_summary(run))}")


def _summary(run: RunFolder) -> RunSummary:
    return summarise(run, waiting())
