"""What the header of a SAC file says that ObsPy's reader passes over."""

from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError

_BYTES = 632
_VERSION, _TYPE, _EVEN = 76, 85, 105
_LATEST = 20
_COORDINATES = [31, 32, 35, 36]
"""Latitude and longitude of the station and of the event."""
_STATION = [31, 32, 33]
"""Its latitude, longitude and elevation."""
_VERSIONS = (6, 7)
_UNDEFINED = -12345.0
_GLOBE = 360.0
_SPECTRA = (2, 3)
_XY = (4, 51)


def sac_source(path: Path, name: str) -> str | BytesIO:
    """What ObsPy's reader can be given: the file, or its bytes without coordinates that are on no globe, which would
    hold it for ever.

    Raises:
        QuakeViewError: if it is a spectrum, or unevenly sampled.
    """
    header = _header(path)
    if header is None:
        return str(path)
    order, words, numbers = header
    if words[_TYPE] in _SPECTRA:
        raise QuakeViewError(f"{name} is a spectrum in SAC format; QuakeView opens seismograms only.")
    if words[_EVEN] == 0 or words[_TYPE] in _XY:
        raise QuakeViewError(f"{name} is unevenly sampled; interpolate it to an even step (SAC's 'interpolate').")
    places = numbers[_COORDINATES]
    if ((places == _UNDEFINED) | (np.abs(places) <= _GLOBE)).all():
        return str(path)
    content = bytearray(path.read_bytes())
    undefined = np.array(_UNDEFINED, f"{order}f4").tobytes()
    for place in _COORDINATES:
        content[4 * place : 4 * place + 4] = undefined
    return BytesIO(content)


def place_of(path: Path) -> tuple[float, float, float] | None:
    """Latitude and longitude (degrees) and elevation (m) of the station of a SAC file; None if it does not say.

    An elevation that is not given is 0.
    """
    header = _header(path)
    if header is None or header[1][_VERSION] not in _VERSIONS:
        return None
    latitude, longitude, elevation = map(float, header[2][_STATION])
    if not (abs(latitude) <= 90 and abs(longitude) <= _GLOBE):
        return None
    given = elevation != _UNDEFINED and np.isfinite(elevation)
    return latitude, longitude - _GLOBE if longitude > _GLOBE / 2 else longitude, elevation if given else 0.0


def _header(path: Path) -> tuple[str, NDArray[np.int32], NDArray[np.float32]] | None:
    """Byte order, and the words of the header as whole and as real numbers; None if the file is too short."""
    with path.open("rb") as file:
        header = file.read(_BYTES)
    if len(header) < _BYTES:
        return None
    order = "<" if 1 <= np.frombuffer(header, "<i4")[_VERSION] <= _LATEST else ">"
    return order, np.frombuffer(header, f"{order}i4"), np.frombuffer(header, f"{order}f4")
