"""Catalogues to files: CSV, QuakeML, ZMAP, and the CSV of CSEP."""

import csv
import uuid
from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from quakeview.atomic import written_whole
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.seismicity.catalogue import Catalogue

COLUMNS = ("time", "latitude", "longitude", "depth_km", "magnitude", "magnitude_type", "id")
"""Of our CSV; times are UTC."""
_CSEP = ("lon", "lat", "M", "time_string", "depth", "catalog_id", "event_id")
_PIECE = 20_000
_NAMESPACES = 'xmlns="http://quakeml.org/xmlns/bed/1.2" xmlns:q="http://quakeml.org/xmlns/quakeml/1.2"'


def write_catalogue(
    catalogue: Catalogue, path: str | PathLike[str], progress: Progress | None = None, form: str = ""
) -> None:
    """Write the earthquakes of a catalogue.

    Args:
        form: one of ``FORMS``; empty: the suffix decides.

    Raises:
        QuakeViewError: if the suffix is of no form, or the file cannot be written; what was there is intact then.
        Cancelled: through ``progress``; nothing is written then.
    """
    target, progress = Path(path), progress or Progress()
    write = _writer(target, form)
    with written_whole(target) as part, part.open("w", encoding="utf-8", newline="") as file:
        write(catalogue, file, progress)


def _writer(path: Path, form: str) -> Callable[[Catalogue, TextIO, Progress], None]:
    name = form or next((name for name, (suffixes, _) in FORMS.items() if path.suffix.lower() in suffixes), "")
    if name not in FORMS:
        known = ", ".join(suffix for suffixes, _ in FORMS.values() for suffix in suffixes)
        raise QuakeViewError(f"The name of a catalogue ends in one of {known}; {path.name} does not.")
    return FORMS[name][1]


def _pieces(catalogue: Catalogue, progress: Progress) -> Iterator[Catalogue]:
    for first in range(0, len(catalogue), _PIECE):
        progress.advance(first, len(catalogue), "writing")
        yield catalogue.where(slice(first, first + _PIECE))


def _times(catalogue: Catalogue) -> list[str]:
    """ISO 8601 with microseconds, without a zone."""
    moments = np.round(catalogue.time * 1e6).astype(np.int64).astype("datetime64[us]")
    return np.datetime_as_string(moments).tolist()


def _texts(values: np.ndarray, unknown: str = "", scale: float = 1.0) -> list[str]:
    """Twelve digits: km that were metres do not become 5.0200000000000005."""
    return [unknown if np.isnan(value) else f"{value / scale:.12g}" for value in values.tolist()]


def _write_csv(catalogue: Catalogue, file: TextIO, progress: Progress) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for piece in _pieces(catalogue, progress):
        columns = (
            [f"{time}Z" for time in _times(piece)],
            _texts(piece.latitude),
            _texts(piece.longitude),
            _texts(piece.depth, scale=1e3),
            _texts(piece.magnitude),
            piece.magnitude_type.tolist(),
            piece.identifier.tolist(),
        )
        writer.writerows(zip(*columns, strict=True))


def _write_csep(catalogue: Catalogue, file: TextIO, progress: Progress) -> None:
    """As pyCSEP reads it: depths in km, an unknown one is nan."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_CSEP)
    for piece in _pieces(catalogue, progress):
        columns = (
            _texts(piece.longitude),
            _texts(piece.latitude),
            _texts(piece.magnitude, "nan"),
            _times(piece),
            _texts(piece.depth, "nan", 1e3),
            [""] * len(piece),
            piece.identifier.tolist(),
        )
        writer.writerows(zip(*columns, strict=True))


def _write_zmap(catalogue: Catalogue, file: TextIO, progress: Progress) -> None:
    """Longitude, latitude, year with its fraction, month, day, magnitude, depth in km, hour, minute, second."""
    for piece in _pieces(catalogue, progress):
        moments = np.round(piece.time * 1e6).astype(np.int64).astype("datetime64[us]")
        years, months, days = (moments.astype(f"datetime64[{unit}]") for unit in "YMD")
        start, end = years.astype("datetime64[us]"), (years + 1).astype("datetime64[us]")
        number = years.astype(np.int64) + 1970 + (moments - start) / (end - start)
        clock = (moments - days).astype(np.int64)
        columns = (
            _texts(piece.longitude),
            _texts(piece.latitude),
            [f"{each:.12f}" for each in number.tolist()],
            (months.astype(np.int64) % 12 + 1).tolist(),
            ((days - months.astype("datetime64[D]")).astype(np.int64) + 1).tolist(),
            _texts(piece.magnitude, "NaN"),
            _texts(piece.depth, "NaN", 1e3),
            (clock // 3_600_000_000).tolist(),
            (clock // 60_000_000 % 60).tolist(),
            [f"{each:.6f}" for each in (clock % 60_000_000 / 1e6).tolist()],
        )
        file.writelines("\t".join(map(str, row)) + "\n" for row in zip(*columns, strict=True))


def _write_quakeml(catalogue: Catalogue, file: TextIO, progress: Progress) -> None:
    """Write an origin and a magnitude for each event; identifiers that QuakeML allows are kept."""
    file.write(f'<?xml version="1.0" encoding="utf-8"?>\n<q:quakeml {_NAMESPACES}>\n')
    file.write(f'<eventParameters publicID="smi:local/catalogue/{uuid.uuid4()}">\n')
    number = 0
    for piece in _pieces(catalogue, progress):
        columns = (
            _times(piece),
            _texts(piece.latitude),
            _texts(piece.longitude),
            _texts(piece.depth),
            _texts(piece.magnitude),
            piece.magnitude_type.tolist(),
            piece.identifier.tolist(),
        )
        for row in zip(*columns, strict=True):
            number += 1
            file.write(_event(number, *row))
    file.write("</eventParameters>\n</q:quakeml>\n")


def _event(number: int, time: str, north: str, east: str, depth: str, size: str, kind: str, identifier: str) -> str:
    whole = identifier.startswith(("smi:", "quakeml:"))
    name = identifier if whole else f"smi:local/event/{_in_an_id(identifier) or number}"
    origin, magnitude = f"{name}/origin", f"{name}/magnitude"
    kind_of = f"<type>{escape(kind)}</type>" if kind else ""
    return "".join(
        [
            f"<event publicID={quoteattr(name)}><type>earthquake</type>",
            f"<preferredOriginID>{escape(origin)}</preferredOriginID>",
            f"<preferredMagnitudeID>{escape(magnitude)}</preferredMagnitudeID>" if size else "",
            f"<origin publicID={quoteattr(origin)}><time><value>{time}Z</value></time>",
            f"<latitude><value>{north}</value></latitude><longitude><value>{east}</value></longitude>",
            f"<depth><value>{depth}</value></depth>" if depth else "",
            "</origin>",
            f"<magnitude publicID={quoteattr(magnitude)}><mag><value>{size}</value></mag>{kind_of}"
            f"<originID>{escape(origin)}</originID></magnitude>"
            if size
            else "",
            "</event>\n",
        ]
    )


def _in_an_id(text: str) -> str:
    """With the characters that QuakeML allows."""
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "_-.") else "_" for letter in text)


FORMS: dict[str, tuple[tuple[str, ...], Callable[[Catalogue, TextIO, Progress], None]]] = {
    "csv": ((".csv",), _write_csv),
    "quakeml": ((".xml", ".quakeml", ".qml"), _write_quakeml),
    "zmap": ((".zmap", ".dat"), _write_zmap),
    "csep": ((".csep",), _write_csep),
}
"""Suffixes and writer of each form."""
