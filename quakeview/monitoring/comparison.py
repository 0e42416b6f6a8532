"""Two models on the same record: which onsets both found, and how far apart their picks are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from quakeview.monitoring.onset_peaks import MIN_SEPARATION
from quakeview.monitoring.picks import Pick
from quakeview.waveforms.channels import Instrument

SAME_ONSET = MIN_SEPARATION / 2
"""Seconds within which two picks of a phase at a station are of one onset: no model picks it twice within a second."""


@dataclass(frozen=True)
class PickPair:
    """An onset that at least one of two models found.

    Attributes:
        first: the pick of the one model; None if it found nothing there.
        second: that of the other.
    """

    first: Pick | None
    second: Pick | None

    @property
    def pick(self) -> Pick:
        """That of the first model, or else of the second."""
        found = self.first or self.second
        assert found is not None
        return found

    @property
    def station(self) -> Instrument:
        """Where it was found."""
        return Instrument.of(self.pick.channel_id)

    @property
    def difference(self) -> float | None:
        """The second model's time minus the first's, s; None if one found nothing."""
        return None if self.first is None or self.second is None else self.second.time - self.first.time


@dataclass(frozen=True)
class Agreement:
    """How two models agree about a phase.

    Attributes:
        both, only_first, only_second: numbers of onsets.
        median: of the differences, second minus first, s; None if there is none.
        mad: median of their absolute deviations from that, s; None if there are fewer than two.
    """

    phase: str
    both: int
    only_first: int
    only_second: int
    median: float | None
    mad: float | None


def paired(first: Iterable[Pick], second: Iterable[Pick]) -> list[PickPair]:
    """Pair the picks of two models that are of one onset, the nearest first; in time order, those left alone too."""
    pairs: list[PickPair] = []
    ours, theirs = _by_onset_kind(first), _by_onset_kind(second)
    for kind in ours.keys() | theirs.keys():
        pairs += _paired_alike(ours[kind], theirs[kind])
    return sorted(pairs, key=lambda pair: (pair.pick.time, pair.station, pair.pick.phase))


def agreements(pairs: Sequence[PickPair]) -> list[Agreement]:
    """Return how the models agree, phase by phase."""
    return [_agreement(phase, pairs) for phase in sorted({pair.pick.phase for pair in pairs})]


def _by_onset_kind(picks: Iterable[Pick]) -> "defaultdict[tuple[Instrument, str], list[Pick]]":
    kinds: defaultdict[tuple[Instrument, str], list[Pick]] = defaultdict(list)
    for pick in picks:
        kinds[Instrument.of(pick.channel_id), pick.phase].append(pick)
    return kinds


def _paired_alike(first: Sequence[Pick], second: Sequence[Pick]) -> list[PickPair]:
    """Pair picks of one phase at one station."""
    near = sorted(
        (distance, i, j)
        for i, one in enumerate(first)
        for j, other in enumerate(second)
        if (distance := abs(other.time - one.time)) <= SAME_ONSET
    )
    of_first: dict[int, int] = {}
    for _, i, j in near:
        if i not in of_first and j not in of_first.values():
            of_first[i] = j
    pairs = [PickPair(one, second[of_first[i]] if i in of_first else None) for i, one in enumerate(first)]
    taken = set(of_first.values())
    return pairs + [PickPair(None, other) for j, other in enumerate(second) if j not in taken]


def _agreement(phase: str, pairs: Sequence[PickPair]) -> Agreement:
    of_phase = [pair for pair in pairs if pair.pick.phase == phase]
    differences = np.array([pair.difference for pair in of_phase if pair.difference is not None])
    median = float(np.median(differences)) if len(differences) else None
    mad = float(np.median(np.abs(differences - median))) if len(differences) > 1 else None
    alone = [pair for pair in of_phase if pair.difference is None]
    only_first = sum(pair.second is None for pair in alone)
    return Agreement(phase, len(differences), only_first, len(alone) - only_first, median, mad)
