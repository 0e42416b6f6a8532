"""What is wrong with a data set, each thing as one sentence that counts and names the records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.texts import counted
from quakeview.training.planning.record_table import RecordTable
from quakeview.training.same_earthquake import same_earthquakes

NAMED = 3
"""Records that a sentence names."""
PLAUSIBLE_RATES = 5.0, 2000.0
"""Hz."""
FASTEST_P, SLOWEST_P = 10_500.0, 2_000.0
"""m/s from the hypocentre, of waves up to some hundred km."""
TIMING = 3.0
"""Seconds by which origin times and distances may be off before a record's times are called wrong."""
P_LESS_S = 8_000.0
"""m of distance for a second between P and S, in crustal rock."""
FEW_MAGNITUDES = 0.5
"""Share of records with a magnitude below which the data set says little of it."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        what: with the number of records, as ``counted`` gives it.
        records: names.
        advice: what it means, or what to do.
    """

    what: str
    records: Sequence[str] = ()
    advice: str = ""

    @property
    def sentence(self) -> str:
        """The whole: what, the first names, and what to do."""
        named = ", ".join(self.records[:NAMED])
        more = len(self.records) - NAMED
        named += f" and {more:,} more" if more > 0 else ""
        return self.what + (f" ({named})" if named else "") + (f"; {self.advice}" if self.advice else "") + "."


def table_problems(table: RecordTable) -> Iterator[Problem]:
    """Say what the metadata alone show to be wrong."""
    yield from _label_problems(table)
    yield from _time_problems(table)
    yield from _doubles(table)
    yield from _split_problems(table)
    yield from _value_problems(table)


def named_problem(
    table: RecordTable, where: NDArray[np.bool_], singular: str, plural: str, advice: str
) -> Iterator[Problem]:
    """The problem of the records ``where`` it is true, (n,); nothing if there are none."""
    if where.any():
        found = [table.names[int(index)] for index in np.flatnonzero(where)]
        yield Problem(counted(len(found), singular, plural), found, advice)


def _label_problems(table: RecordTable) -> Iterator[Problem]:
    p, s, length = table["p"], table["s"], table["samples"] / table["sampling_rate"]
    labelled = np.isfinite(p) | np.isfinite(s)
    if not labelled.any():
        yield Problem("No record has a label of P or S", advice="a picker has nothing to learn from it")
    else:
        yield from named_problem(
            table,
            ~labelled & ~table.noise,
            "record has no P and no S",
            "records have no P and no S",
            "they are left out",
        )
    outside = (p >= length) | (s >= length)
    yield from named_problem(
        table,
        outside,
        "record has a label outside the trace",
        "records have a label outside the trace",
        "correct the sample or the sampling rate in the metadata",
    )
    yield from named_problem(
        table,
        s <= p,
        "record has an S that is not after its P",
        "records have an S that is not after their P",
        "correct the labels, or both phases are learnt wrongly",
    )


def _time_problems(table: RecordTable) -> Iterator[Problem]:
    rate = table["sampling_rate"]
    yield from named_problem(
        table,
        (rate < PLAUSIBLE_RATES[0]) | (rate > PLAUSIBLE_RATES[1]),
        "record has a sampling rate that no seismograph has",
        "records have a sampling rate that no seismograph has",
        f"{PLAUSIBLE_RATES[0]:g} to {PLAUSIBLE_RATES[1]:g} Hz are expected; correct it in the metadata",
    )
    depth = np.nan_to_num(table["depth"])
    path = np.hypot(table["distance"], depth)
    travel = table["start"] + table["p"] - table["origin_time"]
    too_early = travel < path / FASTEST_P - TIMING
    too_late = travel > path / SLOWEST_P + 2 * TIMING
    yield from named_problem(
        table,
        too_early | too_late,
        "record has a P at a time that its distance does not allow",
        "records have a P at a time that their distance does not allow",
        "the sampling rate, start time, origin or distance is wrong",
    )
    between = P_LESS_S * table.s_minus_p
    reach = np.hypot(table["distance"], np.where(np.isfinite(table["depth"]), table["depth"], 10_000.0))
    unlike = (between < 0.5 * reach - TIMING * P_LESS_S) | (between > 2 * reach + TIMING * P_LESS_S)
    yield from named_problem(
        table,
        unlike & ~(too_early | too_late),
        "record has a time from P to S that does not fit its distance",
        "records have a time from P to S that does not fit their distance",
        "the sampling rate, a label or the distance is wrong",
    )


def _doubles(table: RecordTable) -> Iterator[Problem]:
    names = np.array(table.names)
    _, inverse, count = np.unique(names, return_inverse=True, return_counts=True)
    yield from named_problem(
        table,
        (count[inverse] > 1) & (names != ""),
        "record has a name that another has too",
        "records have a name that another has too",
        "only one of the waveforms is read",
    )
    yield from named_problem(
        table,
        same_records(table),
        "record is in the data twice: the same station and P",
        "records are in the data twice: the same station and P",
        "it counts double, and must be in one part only",
    )
    pairs = same_earthquakes(table.of_events("origin_time"), table.of_events("latitude"), table.of_events("longitude"))
    if len(pairs):
        doubled = [table.events[int(index)] for index in np.unique(pairs[:, 1])]
        yield Problem(
            counted(len(doubled), "earthquake has two names", "earthquakes have two names"),
            doubled,
            "those with the same origin are kept in one part",
        )


def same_records(table: RecordTable) -> NDArray[np.bool_]:
    """Which records, (n,), have the station and the time of the P, to a tenth of a second, of one before them."""
    time = table["start"] + table["p"]
    known = np.flatnonzero(np.isfinite(time))
    keys = np.stack([table.station[known], np.round(10 * time[known]).astype(np.int64)], axis=1)
    found = np.ones(len(table), bool)
    found[known[np.unique(keys, axis=0, return_index=True)[1]]] = False
    found[~np.isfinite(time)] = False
    return found


def _split_problems(table: RecordTable) -> Iterator[Problem]:
    if not table.has_splits:
        yield from named_problem(
            table,
            (table.split == "") & bool((table.split != "").any()),
            "record is in no part of the data set's own split",
            "records are in no part of the data set's own split",
            "divide the data anew",
        )
        return
    absent = [part for part in ("train", "dev", "test") if not (table.split == part).any()]
    if absent:
        yield Problem(f"The data set's own split has nothing in {' and '.join(absent)}", advice="divide the data anew")


def _value_problems(table: RecordTable) -> Iterator[Problem]:
    earthquakes = ~table.noise
    total = int(earthquakes.sum())
    with_magnitude = int(np.isfinite(table["magnitude"]).sum())
    if total and with_magnitude < FEW_MAGNITUDES * total:
        said = counted(total - with_magnitude, "record has no magnitude", "records have no magnitude")
        yield Problem(f"{said} (of {total:,})", advice="they teach nothing about it")
    motions = np.unique(table["polarity"][np.isfinite(table["polarity"])])
    if len(motions) == 1:
        only = "up" if motions[0] else "down"
        yield Problem(f"All first motions are {only}", advice="a network cannot learn to tell them apart from this")


NEEDS = {
    "picking": ("P or S", ("p", "s")),
    "polarity": ("a first motion", ("polarity",)),
    "magnitude": ("a magnitude", ("magnitude",)),
    "distance": ("a distance", ("distance",)),
    "back_azimuth": ("a back-azimuth", ("back_azimuth",)),
    "characterisation": (
        "a magnitude, distance, back-azimuth or first motion",
        ("magnitude", "distance", "back_azimuth", "polarity"),
    ),
}
"""What a record must have for each task, in words, and which columns say so: one of them suffices."""


def lacks(tables: Sequence[RecordTable], task: str) -> str:
    """Why nothing can be learnt for a task from these data, in a sentence; "" if something can."""
    words, columns = NEEDS[task]
    if not any(np.isfinite(table[column]).any() for table in tables for column in columns):
        return f"No record has {words}; choose other data, or another goal."
    motions = np.concatenate([table["polarity"] for table in tables])
    if task == "polarity" and len(np.unique(motions[np.isfinite(motions)])) < 2:
        return "All first motions are the same; a network learns nothing from one class. Add data with both."
    return ""
