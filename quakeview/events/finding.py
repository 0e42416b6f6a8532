"""From picks to earthquakes: associate them, locate, learn the terms of the stations, locate again."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from obspy import UTCDateTime

from quakeview.events.association import Associated, Picks, Rules, associate
from quakeview.events.event import Event
from quakeview.events.locating import BELONGS, Locator, Place, family, sigma_of, timed_as
from quakeview.events.locator import Hypocentre
from quakeview.jobs import Progress
from quakeview.monitoring.picks import Pick
from quakeview.texts import counted

LEARNED_FROM = 20
"""Earthquakes from which on the terms of the stations are learned, and residuals of a station and phase that a term
needs."""
_ROUNDS = 2
_ODD_FROM = 8
"""Earthquakes, and picks of a station, from which on it is odd if none of these fits one of those."""


@dataclass(frozen=True)
class Found:
    """What a search has found.

    Attributes:
        events: by origin time, located and without magnitude.
        terms: of stations and phases, s, learned from these events.
        left_out: a sentence for each reason why picks were not used.
        why_none: why there is no earthquake; empty if there is one.
    """

    events: tuple[Event, ...]
    terms: dict[tuple[Place, str], float] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    why_none: str = ""


def find_events(
    picks: Sequence[Pick], locator: Locator, rules: Rules | None = None, progress: Progress | None = None
) -> Found:
    """Find the earthquakes that picks speak for.

    Args:
        picks: in any order; rejected ones, those of phases without travel times, and those at stations without
            coordinates are not used.
        locator: with the velocity model and the stations. The depth must not be fixed.
        rules: what makes an earthquake.

    Raises:
        QuakeViewError: if no station has coordinates, or the network is too large for flat layers.
    """
    rules, progress = rules or Rules(), progress or Progress()
    used = sorted(locator.usable(picks), key=lambda pick: (pick.time.ns, pick.resource_id))
    left_out = _left_out(picks, locator)
    if not used:
        return Found((), left_out=left_out, why_none=_why_none(picks, used, rules))
    reference = used[0].time
    groups = associate(
        _arrays(used, locator, reference),
        locator.times,
        locator.box,
        rules,
        progress.part(0, 0.6, message="Associating"),
    )
    located = _located(groups, used, locator, reference, progress.part(0.6, 0.7, message="Locating"))
    for number in range(_ROUNDS if len(groups) >= LEARNED_FROM else 0):
        locator = locator.with_(terms=_learned(located, used, groups, locator))
        part = progress.part(0.7 + 0.15 * number, 0.85 + 0.15 * number, message="Locating with station terms")
        located = _located(groups, used, locator, reference, part)
    events = [
        Event(locator.described(found, [used[pick] for pick in group.picks], reference))
        for found, group in zip(located, groups, strict=True)
    ]
    why_none = "" if events else _why_none(picks, used, rules)
    return Found(tuple(events), dict(locator.terms), left_out + _odd_stations(events, used), why_none)


def _arrays(picks: Sequence[Pick], locator: Locator, reference: UTCDateTime) -> Picks:
    return Picks(
        np.array([locator.index[pick.channel_id[:2]] for pick in picks], dtype=np.intp),
        np.array([timed_as(pick.phase) for pick in picks]),
        np.array([pick.time - reference for pick in picks]),
        np.array([sigma_of(pick) for pick in picks]),
        locator.x,
        locator.y,
        locator.elevation,
    )


def _located(
    groups: Sequence[Associated], picks: Sequence[Pick], locator: Locator, reference: UTCDateTime, progress: Progress
) -> list[Hypocentre]:
    found = []
    for number, group in enumerate(groups):
        progress.advance(number, len(groups))
        found.append(locator.hypocentre([picks[pick] for pick in group.picks], reference))
    return found


def _learned(
    located: Sequence[Hypocentre], picks: Sequence[Pick], groups: Sequence[Associated], locator: Locator
) -> dict[tuple[Place, str], float]:
    """The terms of the locator plus the median residual of each station and phase."""
    residuals: defaultdict[tuple[Place, str], list[float]] = defaultdict(list)
    for found, group in zip(located, groups, strict=True):
        for pick, residual, belonging in zip(group.picks, found.residuals, found.belonging, strict=True):
            if belonging > BELONGS:
                residuals[picks[pick].channel_id[:2], family(picks[pick].phase)].append(float(residual))
    medians = {key: float(np.median(values)) for key, values in residuals.items() if len(values) >= LEARNED_FROM}
    return {key: locator.terms.get(key, 0.0) + median for key, median in medians.items()}


def _left_out(picks: Sequence[Pick], locator: Locator) -> tuple[str, ...]:
    """Why some picks were not used."""
    nowhere = sorted({".".join(pick.channel_id[:2]) for pick in picks if pick.channel_id[:2] not in locator.index})
    sentences = []
    if nowhere:
        have, names = "has" if len(nowhere) == 1 else "have", ", ".join(nowhere[:5])
        more = f" and {counted(len(nowhere) - 5, 'other')}" if len(nowhere) > 5 else ""
        sentences.append(f"{names}{more} {have} no coordinates, so picks there locate nothing; open a station list.")
    return (*sentences, *locator.without_times(picks))


def _odd_stations(events: Sequence[Event], used: Sequence[Pick]) -> tuple[str, ...]:
    """Stations with picks none of which fits one of many earthquakes."""
    if len(events) < _ODD_FROM:
        return ()
    of_events = {pick_id for event in events for pick_id in event.pick_ids}
    picks = Counter(pick.channel_id[:2] for pick in used)
    fit = {pick.channel_id[:2] for pick in used if pick.resource_id in of_events}
    return tuple(
        f"None of {counted(number, 'pick')} at {'.'.join(place)} fits an earthquake; is its clock right, and its place?"
        for place, number in sorted(picks.items())
        if place not in fit and number >= _ODD_FROM
    )


def _why_none(picks: Sequence[Pick], used: Sequence[Pick], rules: Rules) -> str:
    """In numbers."""
    stations = len({pick.channel_id[:2] for pick in used})
    has = f"{counted(len(used), 'pick')} at {counted(stations, 'station')} could be used"
    if len(used) < len(picks):
        has += f" of {len(picks):,}"
    if len(used) < rules.picks or stations < rules.stations:
        needed = f"{counted(rules.picks, 'pick')} at {counted(rules.stations, 'station')}"
        return f"No earthquake: {has}, and one needs {needed}."
    return (
        f"No earthquake: {has}, and no {rules.picks} of them at {counted(rules.stations, 'station')} agree on a place "
        "and a time better than chance would."
    )
