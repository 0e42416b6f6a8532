"""DMX files whose structures lead nowhere, which would hold ObsPy's reader for ever."""

from pathlib import Path

import numpy as np
from obspy.io.dmx.core import descript_trace_dtypes, structtag_dtypes, types

from quakeview.errors import QuakeViewError

_TRACE = 7


def check_dmx(path: Path, name: str) -> None:
    """Does every structure lead forward, as ObsPy's reader follows them?

    Raises:
        QuakeViewError: if one does not.
    """
    content, position = path.read_bytes(), 0
    while position + structtag_dtypes.itemsize <= len(content):
        tag = np.frombuffer(content, structtag_dtypes, 1, position)[0]
        position += structtag_dtypes.itemsize
        if tag["id_struct"] != _TRACE:
            length = int(tag["len_struct"]) + int(tag["len_data"])
        elif position + descript_trace_dtypes.itemsize > len(content):
            return
        else:
            about = np.frombuffer(content, descript_trace_dtypes, 1, position)[0]
            kind = types.get(about["datatype"].decode("latin-1"), np.uint8)
            length = descript_trace_dtypes.itemsize + int(about["length"]) * np.dtype(kind).itemsize
        if length < 0:
            raise QuakeViewError(f"{name} is damaged: a structure in it has a negative length.")
        position += length
