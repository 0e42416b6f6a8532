"""Traces aligned on the origin, P or S of the opened event."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.traces import Alignment, TraceView
from quakeview.app.waveforms.event_traces import EventTraces
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.events.locating import family
from quakeview.events.theoretical import Place

_BEFORE = 0.2
"""Share of the view before the time that the traces are aligned on."""


@dataclass(frozen=True)
class _On:
    """What traces can be aligned on: a phase, from picks or only from theory, or what was correlated."""

    name: str
    phase: str = ""
    picks: bool = True
    correlated: bool = False


CORRELATION = "correlation"
_CHOICES = {
    "origin": _On("origin"),
    "p": _On("P", "P"),
    "s": _On("S", "S"),
    "theory_p": _On("theoretical P", "P", picks=False),
    CORRELATION: _On("correlated time", correlated=True),
}
ALIGN = ("view.align_none", *(f"view.align_{key}" for key in _CHOICES))
"""The actions that choose one."""


class TraceAlignment(QObject):
    """Moves each station of the view in time so that the chosen moment is at one place."""

    def __init__(
        self, session: WaveformsSession, view: TraceView, registry: ActionRegistry, traces: EventTraces
    ) -> None:
        super().__init__(view)
        self._session = session
        self._view = view
        self._registry = registry
        self._traces = traces
        self._correlated: Mapping[Place, float] = {}
        for key in ("none", *(key for key in _CHOICES if key != CORRELATION)):
            registry.bind(f"view.align_{key}", partial(self._choose, key), self._can_align)
        for changed in (traces.changed, traces.arrived, session.picksChanged, session.stationsChanged):
            changed.connect(self.follow)
        self.follow()

    @property
    def _chosen(self) -> str:
        chosen = str(self._session.state.get("align", "none"))
        return "none" if chosen == CORRELATION and not self._correlated else chosen

    def _can_align(self) -> bool | str:
        return self._traces.opened is not None or "Open an event first."

    def _choose(self, key: str, _: bool) -> None:
        self._session.state["align"] = key
        self._session.save_later()
        self.follow()
        if (alignment := self._view.scene.alignment) is not None:
            span = self._view.view[1] - self._view.view[0]
            self._view.set_view(alignment.zero - _BEFORE * span, alignment.zero + (1 - _BEFORE) * span)

    def use_correlated(self, times: Mapping[Place, float]) -> None:
        """Align on times of the stations, seconds since 1970, that were correlated; without any, on nothing."""
        self._correlated = times
        if times:
            self._choose(CORRELATION, True)
        else:
            self.follow()

    def follow(self) -> None:
        """Align the traces on what is chosen, as it is now."""
        for key in ("none", *_CHOICES):
            self._registry[f"view.align_{key}"].setChecked(key == self._chosen)
        self._view.set_alignment(self._alignment())

    def _alignment(self) -> Alignment | None:
        event, on = self._traces.opened, _CHOICES.get(self._chosen)
        if event is None or on is None:
            return None
        label, stations = f"s after {on.name}", self._session.stations
        if not on.phase and not on.correlated:
            return Alignment(event.time.ns / 1e9, label, dict.fromkeys(stations, 0.0))
        times = self._correlated if on.correlated else self._times(on)
        known = {station: times[station[:2]] for station in stations if station[:2] in times}
        first = min(known.values(), default=event.time.ns / 1e9)
        shifts = {station: time - first for station, time in known.items()}
        return Alignment(first, label, shifts, f"not aligned: no {on.name}")

    def _times(self, on: _On) -> Mapping[Place, float]:
        """Of a phase at the stations, seconds since 1970: as picked for the event, else as computed."""
        times = {place: time.ns / 1e9 for (place, phase), time in self._traces.theory.items() if phase == on.phase}
        if not on.picks or self._traces.opened is None:
            return times
        book = self._session.book
        picked: dict[Place, float] = {}
        for arrival in self._traces.opened.origin.used:
            pick = book.get(arrival.pick_id)
            if pick is not None and family(arrival.phase) == on.phase:
                place, seconds = pick.channel_id[:2], pick.time.ns / 1e9
                picked[place] = min(seconds, picked.get(place, seconds))
        return times | picked
