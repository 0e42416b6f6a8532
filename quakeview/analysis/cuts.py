"""Pieces of records, as the views of a selection take them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.waveforms.columns import Sampled, start_time

EDGE = 1e-3
"""Share of a sample by which a time may miss the first or last one: a double holds seconds since 1970 to 2e-7."""


@dataclass(frozen=True, eq=False)
class Cut:
    """A piece of one channel.

    Attributes:
        name: of the channel.
        start: time of the first sample, seconds since 1970-01-01 UTC.
        sampling_rate: Hz.
        data: (n,) samples, NaN in gaps.
        unit: of the samples, such as ``counts`` or ``m/s``.
    """

    name: str
    start: float
    sampling_rate: float
    data: NDArray[np.floating]
    unit: str = "counts"

    @property
    def seconds(self) -> float:
        """How long it is, each sample counted as one sampling interval."""
        return len(self.data) / self.sampling_rate

    @property
    def times(self) -> NDArray[np.float64]:
        """(n,), of the samples, seconds after the first one."""
        return np.arange(len(self.data)) / self.sampling_rate

    def check(self) -> None:
        """Raises:
        QuakeViewError: if samples are missing in it, or all are the same.
        """
        if not np.isfinite(self.data).all():
            raise QuakeViewError(f"{self.name} has a gap in this window; choose one without a gap.")
        if not np.ptp(self.data) > 0:
            raise QuakeViewError(f"{self.name} is constant in this window: there is no motion to look at.")


def cut(records: Sequence[Sampled], first: float, last: float, name: str, unit: str = "counts") -> Cut:
    """Take the samples from ``first`` to ``last`` (seconds since 1970-01-01 UTC) out of the records of a channel.

    Of several records that reach into the window the one that covers most of it is taken. No sample is copied.

    Raises:
        QuakeViewError: if there is no sample in the window.
    """
    places = [_samples_within(record, first, last) for record in records]
    best = max(range(len(records)), key=lambda i: len(places[i]), default=None)
    if best is None or not places[best]:
        raise QuakeViewError(f"{name} has no data in this window.")
    record, place = records[best], places[best]
    start = start_time(record) + place.start / record.sampling_rate
    return Cut(name, start, record.sampling_rate, record.data[place.start : place.stop], unit)


def _samples_within(record: Sampled, first: float, last: float) -> range:
    """Numbers of the samples of a record from ``first`` to ``last``."""
    start, rate = start_time(record), record.sampling_rate
    begin = max(int(np.ceil((first - start) * rate - EDGE)), 0)
    return range(begin, min(int(np.floor((last - start) * rate + EDGE)) + 1, len(record.data)))
