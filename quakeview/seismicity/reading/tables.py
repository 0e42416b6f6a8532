"""Text files as tables: what separates their cells, whether the columns have names, and their rows in pieces."""

import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.seismicity.reading.columns import names_columns
from quakeview.seismicity.reading.layouts import layout_names
from quakeview.seismicity.reading.times import is_time

HEAD = 64 * 1024
"""Bytes from the beginning and the end of a file from which it is guessed what it is."""
PIECE = 50_000
"""Rows that are read at a time."""
_SEPARATORS = (";", "\t", "|", ",", "")
"""Nothing stands for blanks."""
_COMMENTS = ("#", "%")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")
_LOOKED_AT = 20
"""Rows in which a decimal comma is looked for."""
_SHORT = 3
"""A table of earthquakes has more columns."""


@dataclass(frozen=True)
class Table:
    """How a file is a table of text.

    Attributes:
        path: of the file.
        separator: between cells; empty if it is blanks.
        first_row: number of lines before the first row.
        names: of the columns; "column 1", "column 2" ... where they have none.
        layout: the known format that the names are taken from, such as "ZMAP"; empty if there is none.
        decimal_comma: whether 3,5 is a number.
        sample: rows from the beginning and the end.
    """

    path: Path
    separator: str
    first_row: int
    names: tuple[str, ...]
    layout: str
    decimal_comma: bool
    sample: list[list[str]]

    def cells(self, name: str) -> NDArray[np.str_]:
        """Return what the sample has in a column, (rows,)."""
        place = self.names.index(name)
        return np.array([row[place].strip() if place < len(row) else "" for row in self.sample], dtype=np.str_)

    def pieces(self) -> Iterator[tuple[list[list[str]], list[int], int]]:
        """Yield rows of cells, the number of the line of each, and the bytes that were read by then."""
        with open_text(self.path) as (text, raw):
            for _ in range(self.first_row):
                next(text, None)
            rows = self._rows(text)
            while piece := list(islice(rows, PIECE)):
                yield [cells for cells, _ in piece], [line for _, line in piece], raw.tell()

    def _rows(self, text: Iterable[str]) -> Iterator[tuple[list[str], int]]:
        lines = (line.replace("\0", "") for line in text)
        if not self.separator:
            numbered = enumerate(lines, start=self.first_row + 1)
            yield from ((line.split(), number) for number, line in numbered if not _is_passed_over(line))
            return
        reader, before = csv.reader(lines, delimiter=self.separator, skipinitialspace=True), 0
        for cells in reader:
            first, before = before + 1, reader.line_num
            if first < before and len(cells) != len(self.names):  # a quotation mark that is never closed
                yield from (([], self.first_row + line) for line in range(first, before + 1))
            elif any(map(str.strip, cells)) and not cells[0].startswith(_COMMENTS):
                yield cells, self.first_row + before


@contextmanager
def open_bytes(path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Open a file, packed with gzip or not; also the file itself, to see how far one is."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        yield cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if packed else raw, raw


@contextmanager
def open_text(path: Path) -> Iterator[tuple[TextIOWrapper, IO[bytes]]]:
    """Open a file of text in UTF-8 or UTF-16, packed or not; also the file itself, to see how far one is."""
    with open_bytes(path) as (content, raw):
        begin = content.read(2)
        content.seek(0)
        encoding = "utf-16" if begin in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        yield TextIOWrapper(content, encoding, errors="replace", newline=""), raw


def read_head(path: Path) -> str:
    """Return the beginning of a file as text.

    Raises:
        QuakeViewError: if it is empty, or no text.
    """
    try:
        with open_text(path) as (text, _):
            head = text.read(HEAD)
    except (OSError, EOFError) as error:
        raise QuakeViewError(f"{path.name} could not be read ({error}).") from error
    if not head.strip():
        raise QuakeViewError(f"{path.name} is empty.")
    if head.count("\0") > 8 or head.count("\ufffd") > len(head) / 10:
        raise QuakeViewError(f"{path.name} is no text, and no catalogue that can be read.")
    return head


def open_table(path: Path) -> Table:
    """Find out how a file is a table.

    Raises:
        QuakeViewError: if it is none.
    """
    head = read_head(path)
    lines = head.splitlines(keepends=True)
    if len(head) == HEAD and len(lines) > 1:
        lines.pop()
    separator, width = _separator(lines, path.name)
    first_row = _first_row(lines, separator, width)
    if first_row is None:
        raise QuakeViewError(f"{path.name} has no line with a time and a place.")
    header = _header(lines[:first_row], separator, width)
    sample = [
        _cells(line, separator) for line in [*lines[first_row:], *_tail(path, len(head))] if not _is_passed_over(line)
    ]
    names, layout = header, ""
    if not names:
        names, layout = layout_names([row for row in sample if len(row) >= width], width)
    decimal_comma = separator not in (",", "") and any(
        re.fullmatch(r"[+-]?\d+,\d+", cell) for row in sample[:_LOOKED_AT] for cell in row
    )
    return Table(path, separator, first_row, tuple(names), layout, decimal_comma, sample)


def _tail(path: Path, head: int) -> list[str]:
    """Whole lines at the end of a file that is longer than its head; none of a packed one."""
    size = path.stat().st_size
    if size <= 2 * head or head < HEAD:
        return []
    with path.open("rb") as file:
        if file.read(2) in (b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff"):
            return []
        file.seek(size - HEAD)
        return file.read().decode("utf-8", "replace").splitlines(keepends=True)[1:-1]


def _cells(line: str, separator: str) -> list[str]:
    if not separator:
        return line.split()
    return next(csv.reader([line.replace("\0", "")], delimiter=separator, skipinitialspace=True), [])


def _is_passed_over(line: str) -> bool:
    return not line.strip() or line.startswith(_COMMENTS)


def _separator(lines: Sequence[str], name: str) -> tuple[str, int]:
    """What separates the cells of most lines, and how many there are."""
    rows = [line for line in lines if not _is_passed_over(line)]
    best = "", 0, 0.0
    for separator in _SEPARATORS:
        counts = Counter(len(_cells(line, separator)) for line in rows)
        if not counts:
            continue
        width, number = max(counts.items(), key=lambda item: (item[1] * (item[0] >= _SHORT), item[0]))
        share = number / len(rows)
        if width >= _SHORT and share > best[2] + 0.1:
            best = separator, width, share
    if not best[1]:
        raise QuakeViewError(
            f"{name} is no catalogue that can be read; a table has a line for each earthquake, with its time, latitude "
            "and longitude."
        )
    return best[0], best[1]


def _first_row(lines: Sequence[str], separator: str, width: int) -> int | None:
    """Number of the line after the one that names columns, or else of the first with numbers."""
    for number, line in enumerate(lines):
        if _is_header(_name_cells(line, separator)):
            return number + 1
    rows = (number for number, line in enumerate(lines) if not _is_passed_over(line))
    return next((number for number in rows if _is_row(_cells(lines[number], separator), width)), None)


def _is_header(cells: Sequence[str]) -> bool:
    return names_columns(cells) and not any(map(_is_number, cells))


def _is_row(cells: Sequence[str], width: int) -> bool:
    return len(cells) >= min(width, _SHORT) and sum(map(_is_number, cells)) >= 2


def _is_number(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell.strip())) or is_time(cell)


def _name_cells(line: str, separator: str) -> list[str]:
    """The cells of a line that may name columns, and may be marked as a comment."""
    return [cell.strip() for cell in _cells(line.lstrip("#% "), separator)]


def _header(before: Sequence[str], separator: str, width: int) -> list[str]:
    """The names of the columns, from the last line before the rows that has as many; none if there is none."""
    for line in reversed(before):
        cells = _name_cells(line, separator)
        fits = abs(len(cells) - width) <= 1 and len(cells) >= _SHORT and not any(map(_is_number, cells))
        if fits or _is_header(cells):
            return _unique([*cells, *[""] * (width - len(cells))])
    return []


def _unique(names: Sequence[str]) -> list[str]:
    """Names of columns, each once: a name that comes again gets a number, and none is empty."""
    found: list[str] = []
    for number, name in enumerate(names, start=1):
        own = name or f"column {number}"
        found.append(f"{own} ({number})" if own in found else own)
    return found
