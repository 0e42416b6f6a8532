"""What the header of a SAC file says that ObsPy's reader passes over."""

from pathlib import Path

import numpy as np

from quakeview.errors import QuakeViewError

_BYTES = 632
_VERSION, _TYPE, _EVEN = 76, 85, 105
_SPECTRA = (2, 3)
_XY = (4, 51)


def check_sac(path: Path, name: str) -> None:
    """Is it a seismogram with samples at even times?

    Raises:
        QuakeViewError: if it is a spectrum, or unevenly sampled.
    """
    with path.open("rb") as file:
        header = file.read(_BYTES)
    if len(header) < _BYTES:
        return
    words = np.frombuffer(header, "<i4", _BYTES // 4)
    if not 1 <= words[_VERSION] <= 20:
        words = words.byteswap()
    if words[_TYPE] in _SPECTRA:
        raise QuakeViewError(f"{name} is a spectrum in SAC format; QuakeView opens seismograms only.")
    if words[_EVEN] == 0 or words[_TYPE] in _XY:
        raise QuakeViewError(f"{name} is unevenly sampled; interpolate it to an even step (SAC's 'interpolate').")
