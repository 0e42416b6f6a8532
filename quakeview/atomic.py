"""Files are written whole or not at all."""

import os
import uuid
from pathlib import Path

from quakeview.errors import QuakeViewError


def write_atomically(path: Path, data: bytes) -> None:
    """Write ``data`` beside ``path`` and rename it into place, so that ``path`` is never half-written.

    A link is followed; a file that is replaced keeps its permissions.

    Raises:
        QuakeViewError: if the folder is missing, not writable or full; whatever was at ``path`` is intact.
    """
    target = path.resolve()
    temporary = target.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o777)
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise QuakeViewError(f"{path} could not be written ({error.strerror}); choose another place.") from error
