"""The day drum: one channel, a day at a time, in rows of a few minutes, as a helicorder writes it on its drum."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quakeview.waveforms.columns import DrawnRecord, column_extremes

DAY = 86_400.0
ROW_MINUTES = (5, 10, 15, 30, 60)
"""How long a row can be; all divide a day."""
_ORDINARY_SHARE = 0.5
"""Of the room of a row that is filled by its ordinary motion: half, so that what is unusual stands out."""


@dataclass(frozen=True, eq=False)
class Drum:
    """A day of a channel in rows.

    Attributes:
        day: its midnight, seconds since 1970-01-01 UTC.
        minutes: length of a row.
        low, high: (rows, columns) float32, extremes in each column about the middle of its row; NaN where there are
            no samples.
    """

    day: float
    minutes: int
    low: NDArray[np.float32]
    high: NDArray[np.float32]

    @property
    def seconds(self) -> float:
        """Length of a row."""
        return 60.0 * self.minutes

    @cached_property
    def ordinary(self) -> float:
        """The largest motion of the median column: that of a quiet moment, unless the day was never quiet."""
        excursions = np.fmax(self.high, -self.low)
        finite = excursions[np.isfinite(excursions)]
        return float(np.median(finite)) if finite.size else 0.0

    @property
    def full_scale(self) -> float:
        """What reaches from the middle of a row to its edge, in the unit of the samples; 0 if nothing moves."""
        return self.ordinary / _ORDINARY_SHARE

    @cached_property
    def has_data(self) -> bool:
        """Whether anything was recorded on this day."""
        return bool(np.isfinite(self.low).any())

    def clipped(self, limit: float) -> NDArray[np.bool_]:
        """(rows, columns): where the motion is larger than ``limit``."""
        return np.fmax(self.high, -self.low) > limit


def day_drum(records: Sequence[DrawnRecord], time: float, minutes: int, columns: int) -> Drum:
    """Arrange the day that holds a time in rows.

    Each row is drawn about its own median, so that an offset and the drift of a day take no room. What was not recorded
    stays empty.

    Args:
        records: of one channel, as they are drawn: filtered, and ground motion if that is shown.
        time: seconds since 1970-01-01 UTC.
        minutes: length of a row, one of ``ROW_MINUTES``.
        columns: of a row, pixels.
    """
    day, rows = midnight(time), rows_of(minutes)
    low, high = (side.reshape(rows, columns) for side in column_extremes(records, day, day + DAY, rows * columns))
    for lower, higher in zip(low, high, strict=True):
        known = np.isfinite(lower)
        if known.any():
            middle = np.median((lower[known] + higher[known]) / 2)
            lower -= middle
            higher -= middle
    return Drum(day, minutes, low, high)


def midnight(time: float) -> float:
    """Of the day of a time, both in seconds since 1970-01-01 UTC."""
    return float(np.floor(time / DAY) * DAY)


def rows_of(minutes: int) -> int:
    """Rows of a day."""
    return round(DAY / (60 * minutes))


def place_of(time: float, day: float, minutes: int) -> tuple[int, float] | None:
    """Row, and how far along it (0 to 1), of a time on the drum of a day; None on another day."""
    row, along = divmod((time - day) / (60.0 * minutes), 1.0)
    return (int(row), along) if 0 <= row < rows_of(minutes) else None


def stretches_of(first: float, last: float, day: float, minutes: int) -> list[tuple[int, float, float]]:
    """Row, begin and end along it (0 to 1) of the parts of a stretch of time on the drum of a day."""
    length, rows = 60.0 * minutes, rows_of(minutes)
    begin, end = (min(max((time - day) / length, 0.0), rows) for time in (first, last))
    return [
        (row, max(begin - row, 0.0), min(end - row, 1.0))
        for row in range(int(begin), min(int(np.ceil(end)), rows))
        if begin < end
    ]
