"""Which picks of a station belong together: a P and its S."""

from collections.abc import Iterator, Sequence

from quakeview.monitoring.picks import Pick, PickStatus

LONGEST_S_MINUS_P = 120.0
"""Seconds after a P in which its S is looked for."""


def pairs(picks: Sequence[Pick]) -> Iterator[list[Pick]]:
    """Each P of a station, with the first S before the next P if there is one; rejected picks do not count."""
    ordered = sorted((pick for pick in picks if pick.status is not PickStatus.REJECTED), key=lambda pick: pick.time)
    firsts = [number for number, pick in enumerate(ordered) if pick.phase.startswith("P")]
    for number, stop in zip(firsts, [*firsts, len(ordered)][1:], strict=True):
        p = ordered[number]
        later = (pick for pick in ordered[number + 1 : stop] if pick.phase.startswith("S"))
        s = next((pick for pick in later if pick.time - p.time <= LONGEST_S_MINUS_P), None)
        yield [p, s] if s else [p]
