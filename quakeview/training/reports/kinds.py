"""Kinds of records, by which a report says where a picker is weak."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from quakeview.training.reports.readings import ReadRecord

_Quantity = tuple[str, str, Callable[[ReadRecord], float], tuple[float, ...]]
"""Name, unit, value, and the edges between kinds."""


def kinds_of_records(records: Sequence[ReadRecord], phase: str) -> Iterator[tuple[str, list[ReadRecord]]]:
    """Yield the name and the records of each kind that has any.

    By S−P, distance, magnitude, signal to noise of the phase, sampling rate and source.
    """
    quantities: list[_Quantity] = [
        ("S−P", " s", lambda record: record.s_minus_p, (3, 6, 12)),
        ("distance", " km", lambda record: record.distance / 1000, (50, 150, 300)),
        ("magnitude", "", lambda record: record.magnitude, (2, 3, 4)),
        ("signal to noise", " dB", lambda record: record.phases[phase].snr, (6, 12, 20)),
        ("recorded at", " Hz", lambda record: record.sampling_rate, (50, 100, 200)),
    ]
    for quantity in quantities:
        yield from _between(records, *quantity)
    for source in sorted({record.source for record in records}):
        yield f"source {source}", [record for record in records if record.source == source]


def _between(
    records: Sequence[ReadRecord],
    name: str,
    unit: str,
    value: Callable[[ReadRecord], float],
    edges: Sequence[float],
) -> Iterator[tuple[str, list[ReadRecord]]]:
    bounds = (float("-inf"), *edges, float("inf"))
    between = [f"{low:g}–{high:g}{unit}" for low, high in pairwise(edges)]
    named = [f"below {edges[0]:g}{unit}", *between, f"from {edges[-1]:g}{unit} on"]
    for words, (low, high) in zip(named, pairwise(bounds), strict=True):
        if chosen := [record for record in records if low <= value(record) < high]:
            yield f"{name} {words}", chosen
