"""Formats of tables without names of columns: ZMAP, hypoDD and the catalogues of CSEP."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

Row = Sequence[str]


class Layout(NamedTuple):
    """A known format: how many columns, what they are, and what its rows look like."""

    name: str
    widths: range
    columns: str
    fits: Callable[[Row], bool]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return -1e9


def _between(row: Row, limits: dict[int, tuple[float, float]]) -> bool:
    """Whether numbers are within limits; NaN, which stands for what is unknown, always is."""
    values = [(_number(row[place]), first, last) for place, (first, last) in limits.items()]
    return not any(value < first or value > last for value, first, last in values)


def _is_zmap(row: Row) -> bool:
    return _between(
        row,
        {0: (-180, 360), 1: (-90, 90), 2: (1000, 2200), 3: (1, 12), 4: (1, 31), 5: (-10, 11), 7: (0, 24), 8: (0, 60)},
    )


def _is_relocated(row: Row) -> bool:
    return _between(
        row, {1: (-90, 90), 2: (-180, 360), 10: (1000, 2200), 11: (1, 12), 12: (1, 31), 13: (0, 24), 14: (0, 60)}
    )


def _is_hypodd_event(row: Row) -> bool:
    packed = re.fullmatch(r"[12]\d{7}", row[0]) and re.fullmatch(r"\d{1,8}", row[1])
    return bool(packed) and _between(row, {2: (-90, 90), 3: (-180, 360)})


def _is_csep(row: Row) -> bool:
    return _between(row, {0: (-180, 360), 1: (-90, 90), 2: (-10, 11)}) and bool(re.match(r"\d{4}-\d\d-\d\d", row[3]))


_OFFSETS = "x y z error_x error_y error_z"
_LAYOUTS = (
    Layout("ZMAP", range(9, 14), "longitude latitude year month day magnitude depth hour minute second", _is_zmap),
    Layout(
        "hypoDD",
        range(17, 26),
        f"id latitude longitude depth {_OFFSETS} year month day hour minute second magnitude",
        _is_relocated,
    ),
    Layout("hypoDD", range(10, 12), "date hhmmsscc latitude longitude depth magnitude eh ev rms id", _is_hypodd_event),
    Layout("CSEP", range(5, 8), "longitude latitude magnitude time depth catalogue event_id", _is_csep),
)


def layout_names(sample: Sequence[Row], width: int) -> tuple[list[str], str]:
    """Return the names of the columns and the format, if most rows look like it; numbered columns otherwise."""
    for layout in _LAYOUTS:
        if width in layout.widths and sum(map(layout.fits, sample)) > 0.9 * len(sample):
            return _named(layout.columns.split(), width), layout.name
    return _named([], width), ""


def _named(names: Sequence[str], width: int) -> list[str]:
    return [*names[:width], *(f"column {number}" for number in range(len(names) + 1, width + 1))]
