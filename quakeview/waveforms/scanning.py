"""Finding the files below the paths that the user opened."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISREG


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Why a file, or a part of it, is not open: one sentence for the user."""

    path: Path
    sentence: str


def find_files(paths: Iterable[Path]) -> Iterator[Path | FileProblem]:
    """Regular files, each once: those named, and those anywhere below the folders named, in order of their names.

    Hidden files inside folders are skipped, symbolic links followed (loops end where they began). What cannot be
    searched comes back as a problem.
    """
    visited: set[tuple[int, int]] = set()
    pending = list(paths)[::-1]
    named = set(pending)
    while pending:
        path = pending.pop()
        try:
            status = path.stat()
            if S_ISDIR(status.st_mode):
                if (status.st_dev, status.st_ino) not in visited:
                    visited.add((status.st_dev, status.st_ino))
                    names = sorted(entry.name for entry in os.scandir(path) if not entry.name.startswith("."))
                    pending.extend(path / name for name in reversed(names))
            elif S_ISREG(status.st_mode):
                yield path
            elif path in named:
                yield FileProblem(path, f"{path} is neither a file nor a folder.")
        except FileNotFoundError:
            yield FileProblem(path, f"There is no file or folder {path}.")
        except PermissionError:
            yield FileProblem(path, f"{path} cannot be opened: you have no permission to read it.")
        except OSError as error:
            yield FileProblem(path, f"{path} cannot be opened: {error.strerror}.")
