"""What the trace view is given, from picks and picker results."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from quakeview.app.traceview import PickMark, PickStyle
from quakeview.monitoring.picks import Pick, PickStatus

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


def marks_of(picks: Iterable[Pick]) -> list[PickMark]:
    """How picks are drawn."""
    return [mark_of(pick) for pick in picks]


def joined_curves(curves: Sequence) -> tuple[float, float, NDArray[np.float16], NDArray[np.float16]] | None:
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
