"""What a format of a file cannot hold, in sentences."""

from collections.abc import Callable, Collection, Iterable, Sequence

from quakeview.events.event import Event, EventStatus
from quakeview.events.exchange.readings import is_nowhere
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.texts import counted

_Count = Callable[[Sequence[Event], Sequence[Pick]], int]


def _of_no_event(events: Sequence[Event], picks: Sequence[Pick]) -> int:
    used = {identity for event in events for identity in event.pick_ids}
    return sum(pick.resource_id not in used for pick in picks)


_COUNTS: dict[str, _Count] = {
    "origins": lambda events, picks: len(events),
    "picks": lambda events, picks: len(picks),
    "picks of no event": _of_no_event,
    "rejected picks": lambda events, picks: sum(pick.status is PickStatus.REJECTED for pick in picks),
    "picks without a station": lambda events, picks: sum(map(is_nowhere, picks)),
    "probabilities of picks": lambda events, picks: sum(pick.probability is not None for pick in picks),
    "uncertainties of picks": lambda events, picks: sum(pick.lower_uncertainty is not None for pick in picks),
    "polarities": lambda events, picks: sum(pick.polarity is not None for pick in picks),
    "magnitudes": lambda events, picks: sum(len(event.magnitudes) for event in events),
    "second magnitudes": lambda events, picks: sum(len(event.magnitudes[1:]) for event in events),
    "amplitudes": lambda events, picks: sum(len(event.amplitudes) for event in events),
    "errors of hypocentres": lambda events, picks: sum(event.origin.uncertainty is not None for event in events),
    "directions of errors": lambda events, picks: sum(event.origin.uncertainty is not None for event in events),
    "names of events": lambda events, picks: sum(bool(event.name) for event in events),
    "names of velocity models": lambda events, picks: sum(bool(event.origin.velocity_model) for event in events),
    "focal mechanisms": lambda events, picks: sum(event.mechanism is not None for event in events),
    "types of events": lambda events, picks: sum(not event.is_earthquake for event in events),
    "reviewers": lambda events, picks: sum(bool(event.reviewer) for event in events),
    "review statuses": lambda events, picks: sum(event.status is not EventStatus.AUTOMATIC for event in events),
}

FOR_NO_LOCATOR = ("picks of no event", "rejected picks", "picks without a station", "probabilities of picks")
"""What no file of a location program holds."""


def left_out(format_name: str, events: Sequence[Event], picks: Sequence[Pick], lacking: Collection[str]) -> list[str]:
    """A sentence for each kind of content that the format lacks and that is there.

    Args:
        lacking: keys of the kinds, such as ``"magnitudes"``.
    """
    numbers = {what: _COUNTS[what](events, picks) for what in lacking}
    return [
        f"{format_name} holds no {what}: {counted(number, 'was', 'were')} left out."
        for what, number in numbers.items()
        if number
    ]


def renamed(format_name: str, phases: Iterable[str]) -> list[str]:
    """A sentence if some phases that were written have more of a name than the letter that the format knows."""
    lost = [phase for phase in phases if phase not in ("P", "S")]
    names = ", ".join(sorted(set(lost)))
    return (
        [f"{names}: {counted(len(lost), 'pick was', 'picks were')} written as P and S in {format_name}."]
        if lost
        else []
    )


_UNKNOWN: dict[str, Callable[[Event], bool]] = {
    "depth": lambda event: event.origin.depth is None,
    "errors": lambda event: event.origin.uncertainty is None,
    "RMS": lambda event: event.origin.rms is None,
    "magnitude": lambda event: event.magnitude is None,
}


def written_as_zero(events: Sequence[Event], *quantities: str) -> list[str]:
    """A sentence for each quantity that some events lack and that the format must give as a number.

    Args:
        quantities: keys, such as ``"depth"``.
    """
    numbers = {what: sum(map(_UNKNOWN[what], events)) for what in quantities}
    return [
        f"{counted(number, 'event has', 'events have')} no {what}: 0 was written."
        for what, number in numbers.items()
        if number
    ]
