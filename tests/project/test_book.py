"""The picks in memory, beside a plain list of them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pytest
from obspy import UTCDateTime

from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.project import AddPicks, PickBook, Project, RemovePicks
from quakeview.project.edits import Difference, Picks
from quakeview.waveforms.channels import ChannelId, Instrument

CHANNELS = [ChannelId("XX", f"S{number}", "", f"BH{letter}") for number in range(3) for letter in "ZN"]


def random_picks(rng: np.random.Generator, count: int) -> list[Pick]:
    return [
        Pick(
            CHANNELS[rng.integers(len(CHANNELS))],
            "PS"[rng.integers(2)],
            UTCDateTime(ns=int(rng.integers(50)) * 10**9),
            list(PickStatus)[rng.integers(4)],
        )
        for _ in range(count)
    ]


@dataclass(frozen=True)
class Mixture:
    """Picks go, others come, and some are moved, all at once."""

    gone: Iterable[str]
    came: list[Pick]
    text: str = "Mix"

    def difference(self, picks: Picks) -> Difference:
        return Difference(picks.find([*self.gone, *(pick.resource_id for pick in self.came)]), self.came)


def check(book: PickBook, picks: dict[str, Pick]) -> None:
    """Everything the book says is what a look through all picks says."""
    by_time = sorted(picks.values(), key=lambda pick: (pick.time.ns, pick.resource_id))
    assert list(book) == by_time
    assert len(book) == len(picks)
    assert book.waiting == sum(pick.status is PickStatus.AUTOMATIC for pick in by_time)
    for station in (None, *map(Instrument.of, CHANNELS)):
        here = [pick for pick in by_time if station in (None, Instrument.of(pick.channel_id))]
        for family in "PS":
            expected = [
                float(pick.time) for pick in here if pick.phase == family and pick.status is not PickStatus.REJECTED
            ]
            assert list(book.onsets(station).get(family, ())) == expected
        if station is not None:
            within = [pick for pick in here if 10 <= float(pick.time) <= 30]
            assert book.within(station, 10, 30) == within
            assert book.number_within(station, 10, 30) == len(within)


@pytest.mark.parametrize("size", [3, 400], ids=["one by one", "many at once"])
def test_the_book_follows_edits_of_any_size(size):
    rng = np.random.default_rng(0)
    start = random_picks(rng, 600)
    book, picks = PickBook(Project()), {pick.resource_id: pick for pick in start}
    book.apply(AddPicks(start))
    check(book, picks)
    for _ in range(12):
        gone = set(rng.choice(list(picks), min(size, len(picks)), replace=False)) if picks else set()
        stay = [key for key in picks if key not in gone]
        moved = [
            picks[key].with_(time=UTCDateTime(ns=int(rng.integers(50)) * 10**9), status=PickStatus.MANUAL)
            for key in stay[:size]
        ]
        came = [*random_picks(rng, size), *moved]
        book.apply(Mixture(gone, came))
        picks = {key: picks[key] for key in stay} | {pick.resource_id: pick for pick in came}
        check(book, picks)
    check(PickBook(book.project), picks)


def test_ids_that_are_not_there_are_ignored():
    book = PickBook(Project())
    book.apply(RemovePicks(["nowhere"]))
    assert not len(book)
    assert not book.find(["nowhere"])
    assert book.get("nowhere") is None
    assert book.number_within(Instrument.of(CHANNELS[0]), 0, 1e9) == 0
