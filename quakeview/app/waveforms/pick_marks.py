"""What the trace view is given, from picks and picker results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakeview.app.traces import PickMark, PickStyle, Residual
from quakeview.events.event import Event
from quakeview.events.event_scales import residual_scale
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.project import PickBook
from quakeview.project.shelf import Shelf
from quakeview.waveforms.channels import Instrument

_STYLES = {
    PickStatus.AUTOMATIC: PickStyle.AUTOMATIC,
    PickStatus.MANUAL: PickStyle.MANUAL,
    PickStatus.CONFIRMED: PickStyle.MANUAL,
    PickStatus.REJECTED: PickStyle.REJECTED,
}
_LONGEST_CURVE = 20_000_000
"""Samples; probability curves of longer records are not drawn."""


@dataclass(frozen=True)
class PickRules:
    """Which picks are shown, and which stand out.

    Attributes:
        opened: the event whose residuals are shown; picks that are not of it are pale.
        only_events: hide picks that are of no event.
        threshold: probability below which automatic picks are hidden.
    """

    opened: Event | None = None
    only_events: bool = False
    threshold: float = 0.0

    @property
    def hide_some(self) -> bool:
        """Whether there may be picks that are not shown."""
        return self.only_events or self.threshold > 0

    def show(self, pick: Pick, of_event: bool) -> bool:
        """Whether a pick is shown."""
        unsure = pick.status is PickStatus.AUTOMATIC and (pick.probability or 1.0) < self.threshold
        return not unsure and (of_event or not self.only_events)


def mark_of(pick: Pick, residual: Residual | None = None, pale: bool = False) -> PickMark:
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
        onset=pick.onset or "",
        used=pick.used,
        residual=residual,
        pale=pale,
    )


class BookMarks:
    """The picks of a book as the trace view asks for them: marks are made of those in view alone."""

    def __init__(self, book: PickBook) -> None:
        self._book = book
        self._rules = PickRules()
        self._residuals: dict[str, Residual | None] = {}  # of all arrivals of the event that is open
        self._shelves: dict[Instrument, Shelf] = {}  # of the picks that are shown, while some are not
        self._hidden: int | None = None
        book.subscribe(self._forget)
        book.events.subscribe(self._forget)

    def use(self, rules: PickRules) -> None:
        """Show picks by other rules."""
        self._rules = rules
        arrivals = () if rules.opened is None else rules.opened.origin.arrivals
        known = {arrival.pick_id: arrival.residual for arrival in arrivals if arrival.residual is not None}
        scale = residual_scale([*known.values()]) if known else None
        self._residuals = {
            arrival.pick_id: Residual(known[arrival.pick_id], scale) if scale and arrival.pick_id in known else None
            for arrival in arrivals
        }
        self._forget()

    @property
    def hidden(self) -> int:
        """How many picks of the book are not shown."""
        if self._hidden is None:
            self._hidden = sum(not self._shows(pick) for pick in self._book) if self._rules.hide_some else 0
        return self._hidden

    def get(self, pick_id: str) -> PickMark | None:
        pick = self._book.get(pick_id)
        return None if pick is None else self._mark(pick)

    def number_within(self, station: Instrument, first: float, last: float) -> int:
        if not self._rules.hide_some:
            return self._book.number_within(station, first, last)
        found = self._shelf(station).between(round(first * 1e9), round(last * 1e9))
        return found.stop - found.start

    def within(self, station: Instrument, first: float, last: float) -> list[PickMark]:
        if not self._rules.hide_some:
            return [self._mark(pick) for pick in self._book.within(station, first, last)]
        shelf = self._shelf(station)
        keys = [key for _, key in shelf.order[shelf.between(round(first * 1e9), round(last * 1e9))]]
        return [self._mark(pick) for pick in self._book.find(keys)]

    def onsets(self, station: Instrument) -> Mapping[str, NDArray[np.float64]]:
        return self._shelf(station).onsets if self._rules.hide_some else self._book.onsets(station)

    def _shows(self, pick: Pick) -> bool:
        return self._rules.show(pick, self._book.events.of_pick(pick.resource_id) is not None)

    def _mark(self, pick: Pick) -> PickMark:
        pale = self._rules.opened is not None and pick.resource_id not in self._residuals
        return mark_of(pick, self._residuals.get(pick.resource_id), pale)

    def _shelf(self, station: Instrument) -> Shelf:
        if station not in self._shelves:
            self._shelves[station] = Shelf()
            self._shelves[station].change((), [pick for pick in self._book.picks(station=station) if self._shows(pick)])
        return self._shelves[station]

    def _forget(self, _: object = None) -> None:
        self._shelves.clear()
        self._hidden = None


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
