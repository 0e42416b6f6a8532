"""Progress of a command on the terminal."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

from quakeview.jobs import Progress

_ROUNDING = 1e-9
"""What the sum of the bar's steps may be off."""


class TerminalProgress(Progress):
    """A bar on stderr (none if stderr is a file or a pipe), with the lines of the log above it.

    ``on_publish`` gets the partial results.
    """

    def __init__(self, on_publish: Callable[[Any], None] | None = None) -> None:
        super().__init__()
        self._on_publish = on_publish
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
        if fraction < self._bar.n - _ROUNDING:
            self._bar.reset(total=1.0)
        self._bar.update(fraction - self._bar.n)

    def on_publish(self, partial: Any) -> None:
        if self._on_publish is not None:
            self._on_publish(partial)

    def on_log(self, text: str) -> None:
        tqdm.write(text, file=sys.stderr)

    def close(self) -> None:
        self._bar.close()


@contextmanager
def terminal_progress(on_publish: Callable[[Any], None] | None = None) -> Iterator[TerminalProgress]:
    """Show a bar; Ctrl-C asks the work to stop at its next step, and a second Ctrl-C ends the process at once."""
    progress = TerminalProgress(on_publish)

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
