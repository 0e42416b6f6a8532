"""Files are written whole or not at all."""

import os
import tempfile
from pathlib import Path

from quakeview.errors import QuakeViewError


def write_atomically(path: Path, data: bytes) -> None:
    """Write ``data`` beside ``path`` and rename it into place, so that ``path`` is never half-written.

    Raises:
        QuakeViewError: if the folder is missing, not writable or full; whatever was at ``path`` is intact.
    """
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_permissions(path))
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise QuakeViewError(f"{path} could not be written ({reason}); choose another place.") from error


def _permissions(path: Path) -> int:
    """Those of the file that is replaced, or those any new file gets (temporary files are private)."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        return 0o666 & ~umask
