"""What models for one station, rules and a constant guess say of labelled records: raw material of a report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from quakeview.jobs import Progress
from quakeview.monitoring.picks import Polarity
from quakeview.registry import SINGLE_TASKS
from quakeview.single_station.estimates import Estimate, FirstMotion
from quakeview.single_station.inputs import RATE
from quakeview.single_station.networks import StationNetwork
from quakeview.training.datasets import RecordSet
from quakeview.training.layouts import Row
from quakeview.training.one_station_scores import Judged, error_of, judge
from quakeview.training.records import LabelledRecord
from quakeview.training.reports.held_out import HeldOut
from quakeview.training.reports.readings import source_of

RULES = {
    "magnitude": "amplitude (rule)",
    "distance": "S minus P (rule)",
    "back_azimuth": "P polarisation (rule)",
    "polarity": "first swing (rule)",
}
CONSTANT = "one value for all"
Said = Estimate | FirstMotion | None


@dataclass(frozen=True)
class Answered:
    """One quantity of one record with what everybody said of it.

    Attributes:
        task: one of ``registry.SINGLE_TASKS``.
        truth: in the unit of estimates; the sense of a first motion as 1 (up) or -1.
        said: by name; None where somebody has nothing to say.
        event, source, name: of the earthquake, where the data set has the record from, and of the record.
        magnitude, distance, s_minus_p, snr: distance in m, S minus P in s, dB; NaN if not known.
        row: of the metadata.
        waveform: reads the record.
    """

    task: str
    truth: float
    said: Mapping[str, Said]
    event: str
    source: str
    name: str
    magnitude: float
    distance: float
    s_minus_p: float
    snr: float
    row: Row = field(repr=False)
    waveform: Callable[[], LabelledRecord] = field(repr=False)

    def error(self, who: str) -> float:
        """Estimate minus truth, km for distances; of first motions 0 if right, 1 if wrong, 0.5 if undecided; or NaN."""
        said = self.said.get(who)
        return float("nan") if said is None else error_of(self.task, said, self.truth)

    def stated(self, who: str) -> float:
        """The stated uncertainty, km for distances; of first motions the probability; NaN if none is stated."""
        said = self.said.get(who)
        if isinstance(said, FirstMotion):
            return said.probability
        if said is None or said.uncertainty is None:
            return float("nan")
        return said.uncertainty / (1000 if self.task == "distance" else 1)


def ask_everybody(
    networks: Sequence[StationNetwork], held_out: HeldOut, progress: Progress = Progress()
) -> list[Answered]:
    """What networks and rules say of every record that has a P and any of the four quantities."""
    found: list[Answered] = []
    steps = len(held_out.folders) * len(networks)
    for number, folder in enumerate(held_out.folders):
        records = held_out.records(folder, RATE)
        asked = []
        for place, network in enumerate(networks):
            done = number * len(networks) + place
            asked.append(judge(records, network, progress.part(done, done + 1, steps)))
        names = [network.name for network in networks]
        found += [_answered(names, same, records) for same in zip(*asked, strict=True)]
    return found


def _answered(names: Sequence[str], judged: Sequence[Judged], records: RecordSet) -> Answered:
    """The same quantity of the same record as each network was asked for it."""
    first = judged[0]
    row = records.rows[first.index]
    said: dict[str, Said] = {name: each.network for name, each in zip(names, judged, strict=True)}
    return Answered(
        first.task,
        first.truth,
        said | {RULES[first.task]: first.rule},
        first.event,
        source_of(row),
        row.get("trace_name", ""),
        _or_nan(first.magnitude),
        _or_nan(first.distance),
        _or_nan(first.s_minus_p),
        first.snr,
        row,
        partial(records.__getitem__, first.index),
    )


def constant_guesses(learnt: HeldOut) -> dict[str, Estimate | FirstMotion]:
    """The median of each quantity over some records, and the more frequent first motion; {} without records.

    Back-azimuths have none: whatever is said of them, chance is off by 90° in the median.
    """
    values: dict[str, list[float]] = {task: [] for task in SINGLE_TASKS}
    for folder in learnt.folders:
        for entry in learnt.records(folder, RATE).entries:
            sense = {Polarity.UP: 1.0, Polarity.DOWN: -1.0}.get(entry.polarity) if entry.polarity else None
            known = {"magnitude": entry.magnitude, "distance": entry.epicentral_distance, "polarity": sense}
            for task, value in known.items():
                values[task] += [] if value is None else [value]
    guesses: dict[str, Estimate | FirstMotion] = {
        task: Estimate(float(np.median(values[task])), None, CONSTANT)
        for task in ("magnitude", "distance")
        if values[task]
    }
    if senses := values["polarity"]:
        share = float(np.mean(np.array(senses) > 0))
        commoner = Polarity.UP if share >= 0.5 else Polarity.DOWN
        guesses["polarity"] = FirstMotion(commoner, max(share, 1 - share), CONSTANT)
    return guesses


def errors(answers: Sequence[Answered], who: str) -> NDArray[np.float64]:
    """(n,), NaN where nothing was said."""
    return np.array([each.error(who) for each in answers])


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value
