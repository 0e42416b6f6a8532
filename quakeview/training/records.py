"""A labelled three-component record, and the ways to divide records so that no event is on both sides."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from quakeview.monitoring.picks import Polarity

COMPONENTS = "ZNE"


class Arrival(NamedTuple):
    """A phase onset: ``P`` or ``S``, at a sample (not rounded) of the record."""

    phase: str
    sample: float


@dataclass(frozen=True, slots=True)
class LabelledRecord:
    """Seismograms of one instrument and what is known about them.

    Attributes:
        data: (3, n) float32, order Z, N, E; missing components are zeros.
        sampling_rate: Hz.
        picks: onsets to learn.
        doubtful: onsets too weak or too uncertain to learn; the loss leaves them out.
        magnitude, epicentral_distance (m), back_azimuth (degrees), polarity: None if not known.
        event_id, station_id: groups for splitting.
        complete: False if the record may hold onsets that nobody labelled.
        name: of the record and where it is from, to be named in a sentence.
    """

    data: NDArray[np.float32]
    sampling_rate: float
    picks: tuple[Arrival, ...] = ()
    doubtful: tuple[Arrival, ...] = ()
    magnitude: float | None = None
    epicentral_distance: float | None = None
    back_azimuth: float | None = None
    polarity: Polarity | None = None
    event_id: str = ""
    station_id: str = ""
    complete: bool = True
    name: str = ""

    def first(self, phase: str) -> float | None:
        """Sample of the first onset of a phase; None if there is none."""
        return min((pick.sample for pick in self.picks if pick.phase == phase), default=None)


def moved(arrivals: Sequence[Arrival], shift: float = 0.0, stretch: float = 1.0) -> tuple[Arrival, ...]:
    """The arrivals after the time axis was stretched, then shifted by ``shift`` samples."""
    return tuple(Arrival(a.phase, a.sample * stretch + shift) for a in arrivals)


def resampled(record: LabelledRecord, sampling_rate: float) -> LabelledRecord:
    """The record at another rate, through a zero-phase anti-aliasing filter; labels move along."""
    if record.sampling_rate == sampling_rate:
        return record
    ratio = Fraction(sampling_rate / record.sampling_rate).limit_denominator(1000)
    mean = record.data.mean(axis=1, keepdims=True)
    data = resample_poly(record.data - mean, ratio.numerator, ratio.denominator, axis=1).astype(np.float32)
    return replace(
        record,
        data=data,
        sampling_rate=sampling_rate,
        picks=moved(record.picks, stretch=float(ratio)),
        doubtful=moved(record.doubtful, stretch=float(ratio)),
    )


def split_by_group(groups: Sequence[str], fractions: dict[str, float]) -> list[str]:
    """A part (``train``, ``dev`` ...) for each record; records of one group always share it.

    The choice hangs on the group's name alone, so it stays when records are added.

    Args:
        groups: event (or station) of each record.
        fractions: share of each part, summing to 1.
    """
    parts, edges = list(fractions), np.cumsum(list(fractions.values()))
    return [parts[min(int(np.searchsorted(edges, uniform(group), side="right")), len(parts) - 1)] for group in groups]


def folds_by_group(groups: Sequence[str], n_folds: int) -> NDArray[np.int64]:
    """A fold 0..n-1 for each record, groups kept whole, folds of nearly equal size (largest group first)."""
    names, counts = np.unique(np.asarray(groups), return_counts=True)
    order = sorted(range(len(names)), key=lambda i: (-counts[i], uniform(str(names[i]))))
    size, fold_of = np.zeros(n_folds), {}
    for i in order:
        fold_of[str(names[i])] = int(np.argmin(size))
        size[fold_of[str(names[i])]] += counts[i]
    return np.array([fold_of[group] for group in groups], dtype=np.int64)


def drawn_groups(groups: Sequence[str], fraction: float, seed: int) -> NDArray[np.int64]:
    """The numbers of the records whose group is among a ``fraction`` of the groups, at least one, drawn by the seed.

    A smaller fraction draws from what a larger one of the same seed has drawn.
    """
    names = sorted(set(groups), key=lambda name: uniform(f"{seed} {name}"))
    drawn = set(names[: max(round(fraction * len(names)), 1)])
    return np.flatnonzero([group in drawn for group in groups])


def uniform(name: str) -> float:
    """A number in [0, 1) that depends on the name only."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) / 2**64
