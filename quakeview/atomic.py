"""Files are written whole or not at all."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from quakeview.errors import QuakeViewError


def write_atomically(path: Path, data: bytes) -> None:
    """Write ``data`` so that ``path`` is never half-written.

    Raises:
        QuakeViewError: if the folder is missing, not writable or full; whatever was at ``path`` is intact.
    """
    with written_whole(path) as part, part.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A hidden path beside ``path`` to write to: renamed to ``path`` when the block ends well, else removed.

    A link is followed; a file that is replaced keeps its permissions.

    Raises:
        QuakeViewError: for every ``OSError`` of the block; whatever was at ``path`` is intact.
    """
    target = Path(os.path.realpath(path))
    part = hidden_beside(target)
    try:
        yield part
        if target.exists():
            part.chmod(target.stat().st_mode & 0o777)
        part.replace(target)
    except OSError as error:
        raise QuakeViewError(
            f"{path} could not be written ({error.strerror or error}); choose another place."
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def put_new(part: Path, path: Path) -> None:
    """Give the file ``part`` the name ``path``, which nobody may have taken meanwhile.

    Raises:
        FileExistsError: if there is a file of that name.
        OSError: if it cannot be named so.
    """
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError as error:  # a file system without hard links
        if path.exists():
            raise FileExistsError(f"{path} exists") from error
        part.rename(path)
    else:
        part.unlink()


def check_new(path: Path) -> None:
    """Check, before hours of work, that an HDF5 file can be written under this name.

    Raises:
        QuakeViewError: if something has that name already, or there is no such folder.
    """
    if path.is_dir():
        raise QuakeViewError(f"{path} is a folder; add the name of an .h5 file in it.")
    if path.exists():
        raise QuakeViewError(f"{path} exists already; choose another name, or delete it first.")
    if not path.parent.is_dir():
        raise QuakeViewError(f"There is no folder {path.parent}; make it first.")


def hidden_beside(path: Path) -> Path:
    """The path of a new hidden file in the same folder, with the same suffix."""
    return path.with_name(f".{uuid.uuid4().hex}{path.suffix}")


def make_folder(folder: Path) -> Path:
    """Make ``folder``, and those above it, if they are not there.

    Raises:
        QuakeViewError: if it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise QuakeViewError(
            f"The folder {folder} could not be made ({error.strerror or error}); choose another place."
        ) from error
    return folder


def remove_file(path: Path) -> None:
    """Delete a file; one that is gone already is no problem.

    Raises:
        QuakeViewError: if it cannot be deleted.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise QuakeViewError(
            f"{path} could not be deleted ({error.strerror or error}); you may not write there."
        ) from error
