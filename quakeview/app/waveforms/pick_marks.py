"""What the trace view is given, from picks and picker results."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakeview.app.traces import PickMark, PickStyle
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.project import PickBook
from quakeview.waveforms.channels import Instrument

_STYLES = {
    PickStatus.AUTOMATIC: PickStyle.AUTOMATIC,
    PickStatus.MANUAL: PickStyle.MANUAL,
    PickStatus.CONFIRMED: PickStyle.MANUAL,
    PickStatus.REJECTED: PickStyle.REJECTED,
}
_LONGEST_CURVE = 20_000_000
"""Samples; probability curves of longer records are not drawn."""


def mark_of(pick: Pick) -> PickMark:
    """How a pick is drawn."""
    lower, upper = pick.lower_uncertainty, pick.upper_uncertainty
    return PickMark(
        id=pick.resource_id,
        channel_id=pick.channel_id,
        phase=pick.phase,
        time=pick.time.ns / 1e9,
        style=_STYLES[pick.status],
        probability=pick.probability,
        uncertainty=None if lower is None and upper is None else (lower or 0.0, upper or 0.0),
        polarity=str(pick.polarity) if pick.polarity in ("up", "down") else "",
    )


class BookMarks:
    """The picks of a book as the trace view asks for them: marks are made of those in view alone."""

    def __init__(self, book: PickBook) -> None:
        self._book = book

    def get(self, pick_id: str) -> PickMark | None:
        pick = self._book.get(pick_id)
        return None if pick is None else mark_of(pick)

    def number_within(self, station: Instrument, first: float, last: float) -> int:
        return self._book.number_within(station, first, last)

    def within(self, station: Instrument, first: float, last: float) -> list[PickMark]:
        return [mark_of(pick) for pick in self._book.within(station, first, last)]

    def onsets(self, station: Instrument) -> Mapping[str, NDArray[np.float64]]:
        return self._book.onsets(station)


def joined_curves(curves: Sequence[Any]) -> tuple[float, float, NDArray[np.float16], NDArray[np.float16]] | None:
    """Start (s since 1970-01-01 UTC), rate (Hz), P and S of one station's stretches, 0 between them; None if none."""
    if not curves:
        return None
    start, rate = min(curve.start for curve in curves), curves[0].sampling_rate
    n = max(round((curve.start - start) * rate) + len(curve.p) for curve in curves)
    if n > _LONGEST_CURVE:
        return None
    p, s = np.zeros(n, np.float16), np.zeros(n, np.float16)
    for curve in curves:
        first = round((curve.start - start) * rate)
        p[first : first + len(curve.p)] = curve.p
        s[first : first + len(curve.s)] = curve.s
    return start.ns / 1e9, rate, p, s
