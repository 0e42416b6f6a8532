"""Progress of a command on the terminal."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

from quakeview.jobs import Progress


class TerminalProgress(Progress):
    """A bar on stderr (none if stderr is a file or a pipe), lines of the log above it, partial results kept."""

    def __init__(self) -> None:
        super().__init__()
        self.published: list[Any] = []
        self._bar = tqdm(
            total=1.0,
            file=sys.stderr,
            disable=None,
            leave=False,
            bar_format="{desc} {percentage:3.0f}%|{bar}| {elapsed}<{remaining}",
        )

    def on_advance(self, done: float, total: float, message: str) -> None:
        self._bar.set_description_str(message, refresh=False)
        fraction = done / total if total else 1.0
        if fraction < self._bar.n:
            self._bar.reset(total=1.0)
        self._bar.update(fraction - self._bar.n)

    def on_publish(self, partial: Any) -> None:
        self.published.append(partial)

    def on_log(self, text: str) -> None:
        tqdm.write(text, file=sys.stderr)

    def close(self) -> None:
        self._bar.close()


@contextmanager
def terminal_progress() -> Iterator[TerminalProgress]:
    """Ctrl-C asks the work to stop at its next step; a second Ctrl-C ends the process at once."""
    progress = TerminalProgress()

    def interrupt(*_: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        progress.log("Stopping; press Ctrl-C again to quit at once.")
        progress.cancel()

    previous = signal.signal(signal.SIGINT, interrupt)
    try:
        yield progress
    finally:
        signal.signal(signal.SIGINT, previous)
        progress.close()
