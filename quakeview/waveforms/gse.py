"""GSE 1 and 2: the headers through ObsPy, the samples here, because a damaged file makes its C code end the program."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from obspy import Trace
from obspy.io.gse2 import libgse1, libgse2

from quakeview.errors import QuakeViewError
from quakeview.waveforms.recorded import Recorded

_ALPHABET = b"+-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_MODULO = 100_000_000
_COMPRESSED, _PLAIN = ("CM6", "CMP6"), ("INT", "INTV")
_HEADERS: dict[str, Callable[[BinaryIO], dict[str, Any]]] = {
    "GSE1": libgse1.read_header,
    "GSE2": libgse2.read_header,
}


def read_gse(path: Path, name: str, version: str, samples: bool) -> tuple[list[Recorded], list[str]]:
    """The traces of a file, and sentences on what is lost or doubtful.

    Args:
        name: of the file, for the sentences.
        version: ``GSE1`` or ``GSE2``.
        samples: decode them too.
    """
    found: list[Recorded] = []
    lost = doubtful = 0
    with path.open("rb") as file:
        while True:
            try:
                header = _HEADERS[version](file)
                data, right = _read_data(file, header, header[version.lower()]["datatype"]) if samples else (None, True)
            except EOFError:
                break
            except QuakeViewError:
                raise
            except (ValueError, KeyError, IndexError, TypeError, OverflowError):
                lost += 1
                continue
            doubtful += not right
            trace = Trace(header=header) if data is None else Trace(data, header)
            if trace.stats.npts > 0 and trace.stats.sampling_rate > 0:
                found.append(Recorded.of(trace, samples=samples))
    remarks = []
    if lost:
        remarks.append(f"{name} is damaged: {lost} of its traces cannot be read; the rest is open.")
    if doubtful:
        remarks.append(f"{name}: the checksum is wrong; check the samples before you use them.")
    return found, remarks


def _read_data(file: BinaryIO, header: dict[str, Any], kind: str) -> tuple[NDArray[np.int32], bool]:
    """The samples of a trace and whether the checksum is right.

    Raises:
        ValueError: if there are fewer than the header says.
    """
    if kind not in _COMPRESSED + _PLAIN:
        raise QuakeViewError(f"Samples coded as {kind} in GSE format cannot be read; convert them to CM6.")
    lines: list[bytes] = []
    inside = False
    checksum = None
    for line in iter(file.readline, b""):
        if line.startswith((b"CHK1 ", b"CHK2 ")):
            checksum = int(line.split()[1])
            break
        if inside:
            lines.append(line)
        inside |= line.startswith((b"DAT1", b"DAT2"))
    if kind in _COMPRESSED:
        data = decode_cm6(b"".join(lines))
    else:
        data = np.array(b" ".join(lines).split(), np.int64).astype(np.int32)
    if len(data) < header["npts"]:
        raise ValueError("too few samples")
    data = data[: header["npts"]]
    total = int(data.astype(np.int64).sum()) % _MODULO
    return data, checksum is None or abs(checksum) in (total, _MODULO - total)


def decode_cm6(text: bytes) -> NDArray[np.int32]:
    """Samples from six-bit characters that hold second differences (GSE2.0 manual, section CM6).

    The highest bit of a character says that the number goes on in the next, the second highest of the first one is the
    sign; what is left are the digits.
    """
    values = np.full(256, 255, np.uint8)
    values[list(_ALPHABET)] = np.arange(64)
    bits = values[np.frombuffer(text, np.uint8)]
    bits = bits[bits < 64].astype(np.int64)
    lasts = np.flatnonzero(bits < 32)
    if not len(lasts):
        return np.empty(0, np.int32)
    bits = bits[: lasts[-1] + 1]
    firsts = np.append(0, lasts[:-1] + 1)
    length = lasts - firsts + 1
    place = np.repeat(lasts, length) - np.arange(len(bits))
    digits = bits & 31
    digits[firsts] &= 15
    numbers = np.add.reduceat(digits << np.minimum(5 * place, 60), firsts)
    differences = np.where(bits[firsts] & 16, -numbers, numbers)
    return np.cumsum(np.cumsum(differences)).astype(np.int32)
