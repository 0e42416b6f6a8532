"""The sessions that nobody gave a name: they stay until they are saved or discarded."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.paths import user_state_dir
from quakeview.project.project_file import Project, is_untitled
from quakeview.project.storage import EXTENSION

FORGOTTEN_AFTER = timedelta(days=30)
"""Age beyond which an unsaved session without picks, a mere list of files, is deleted."""


@dataclass(frozen=True)
class UnsavedSession:
    """An untitled project that no window has open.

    Attributes:
        waveforms: names of its files and folders.
        changed: when it was last written, local time.
    """

    path: Path
    title: str
    picks: int
    waveforms: tuple[str, ...]
    changed: datetime


def unsaved_sessions(now: datetime | None = None) -> list[UnsavedSession]:
    """Those that hold something, the newest first. Empty ones, left by a crash, are deleted.

    This opens every untitled project for a moment, so it belongs on a worker thread.
    """
    oldest = (now or datetime.now()) - FORGOTTEN_AFTER
    found = []
    for path in _untitled_files():
        with suppress(QuakeViewError, OSError):  # open in a window, or no project
            changed = datetime.fromtimestamp(path.stat().st_mtime)
            with Project.open(path) as project:
                picks, waveforms = len(project), tuple(place.path.name for place in project.waveform_places())
                if project.problem is None and not picks and changed < oldest:
                    project.discard()
                elif not project.is_blank:
                    found.append(UnsavedSession(path, project.title, picks, waveforms, changed))
    return sorted(found, key=lambda session: session.changed, reverse=True)


def _untitled_files() -> Iterator[Path]:
    with suppress(OSError):
        yield from (path for path in sorted(user_state_dir().glob(f"*{EXTENSION}")) if is_untitled(path))
