"""A training process keeps the state of its run: what it does, how it ended, why it failed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.training.runs.requests import Request, asked, obeyed
from quakeview.training.runs.run_state import RunState, Status, held, write_state

_ENDED = {
    "finished": "Its budget of steps or minutes is used up.",
    "early": "Its score did not get better any more.",
    "stopped": "It was stopped; what it had reached is kept.",
}
"""How a run ended, by the engine's word."""


class Record:
    """The state of a run as its process sees it."""

    def __init__(self, folder: Path, run_file: Path) -> None:
        self._folder = folder
        self._state = RunState(Status.QUEUED, run_file=str(run_file.resolve()))

    def says(self, status: Status, message: str = "") -> None:
        """Keep what the process does now.

        Raises:
            QuakeViewError: if it cannot be written.
        """
        self._state = replace(RunState(status, message), run_file=self._state.run_file)
        write_state(self._folder, self._state)

    def ends(self, reason: str) -> None:
        """Keep how it ended, by the word of ``engine.RunResult.reason``."""
        if reason == "stopped" and asked(self._folder) is Request.PAUSE:
            self.says(Status.PAUSED, "It was paused; resume it to go on.")
        else:
            self.says(Status.STOPPED if reason == "stopped" else Status.FINISHED, _ENDED[reason])


@contextmanager
def recorded(folder: Path, run_file: Path, progress: Progress) -> Iterator[Record]:
    """Hold a run folder while the block trains in it, obey what is asked there, and say of an error that it failed.

    Raises:
        QuakeViewError: if another process trains there, or the folder cannot be written.
    """
    with held(folder), obeyed(folder, progress):
        record = Record(folder, run_file)
        record.says(Status.QUEUED)
        try:
            yield record
        except Cancelled:
            record.ends("stopped")
        except BaseException as error:
            with suppress(QuakeViewError):  # a full disk: the error itself says so
                record.says(Status.FAILED, failure(error))
            raise


def failure(error: BaseException) -> str:
    """Why a run failed, in a sentence."""
    if isinstance(error, QuakeViewError):
        return str(error)
    if isinstance(error, MemoryError) or "out of memory" in str(error).lower():
        return "There is not enough memory; make batch_size in [training] smaller, and resume the run."
    if isinstance(error, OSError):
        what = f" ({error.strerror})" if error.strerror else ""
        return f"A file could not be read or written{what}; look at the disk, and resume the run."
    return f"It failed unexpectedly: {error or type(error).__name__}. The log says more."


def is_main_process() -> bool:
    """Whether this is the one of several processes of a run (``accelerate launch``) that writes its folder."""
    return os.environ.get("RANK", "0") == "0"
