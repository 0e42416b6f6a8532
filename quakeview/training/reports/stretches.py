"""Kinds of records by what is known of them: between which values, and from which source."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")

Quantity = tuple[str, str, Callable[[T], float], tuple[float, ...]]
"""Name, unit, value, and the edges between kinds."""


def between(
    records: Sequence[T], name: str, unit: str, value: Callable[[T], float], edges: Sequence[float]
) -> Iterator[tuple[str, list[T]]]:
    """Yield the name and the records of each kind that has any; a value of NaN is of no kind."""
    bounds = (float("-inf"), *edges, float("inf"))
    inner = [f"{low:g}–{high:g}{unit}" for low, high in pairwise(edges)]
    named = [f"below {edges[0]:g}{unit}", *inner, f"from {edges[-1]:g}{unit} on"]
    for words, (low, high) in zip(named, pairwise(bounds), strict=True):
        if chosen := [record for record in records if low <= value(record) < high]:
            yield f"{name} {words}", chosen


def by_source(records: Sequence[T], source: Callable[[T], str]) -> Iterator[tuple[str, list[T]]]:
    """Yield the name and the records of each source."""
    for each in sorted({source(record) for record in records}):
        yield f"source {each}", [record for record in records if source(record) == each]
