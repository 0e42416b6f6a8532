"""DMX files whose structures lead nowhere, which would hold ObsPy's reader for ever."""

from pathlib import Path

import numpy as np

from quakeview.errors import QuakeViewError

_TAG = np.dtype([("sync", "S1"), ("machine", "S1"), ("kind", np.int16), ("length", np.int32), ("data", np.int32)])


def check_dmx(path: Path, name: str) -> None:
    """Does every structure lead forward?

    Raises:
        QuakeViewError: if one does not.
    """
    content, position = path.read_bytes(), 0
    while position + _TAG.itemsize <= len(content):
        tag = np.frombuffer(content, _TAG, 1, position)[0]
        length, data = int(tag["length"]), int(tag["data"])
        if length < 0 or data < 0:
            raise QuakeViewError(f"{name} is damaged: a structure in it has a negative length.")
        position += _TAG.itemsize + length + data
