"""Rules and network for one station on labelled records: errors beside each other, intervals by event, calibration."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.events.velocity_models import suggested
from quakeview.jobs import Progress
from quakeview.model_folders import write_section
from quakeview.monitoring.picks import Polarity
from quakeview.monitoring.uncertainty import ONE_SIGMA
from quakeview.registry import SINGLE_TASKS, ModelCard
from quakeview.single_station import rules
from quakeview.single_station.calibration import SECTION, Calibration
from quakeview.single_station.estimates import NETWORK, RULE, Estimate, FirstMotion
from quakeview.single_station.inputs import BEFORE_P, LENGTH, P_SAMPLE, RATE, noise_level, onset_band
from quakeview.single_station.networks import StationNetwork, load_station_network
from quakeview.texts import counted
from quakeview.training.augmentations import Window
from quakeview.training.datasets import RecordSet, open_seisbench
from quakeview.training.layouts import Row
from quakeview.training.records import LabelledRecord
from quakeview.training.scores import wrapped
from quakeview.training.sources import cut_at_p

Floats = NDArray[np.float64]
TITLE = "One station: errors, and where the rule is the default"
PICK_ERROR = 0.15
"""Seconds, one standard deviation of S minus P of analysts."""
SLOPES = np.geomspace(0.2, 3.0, 57)
BOOTSTRAPS = 1000
LEAST = 8
"""Records with a value below which nothing is measured."""
UNITS = {"magnitude": "", "distance": " km", "back_azimuth": "°", "polarity": ""}


@dataclass(frozen=True)
class Judged:
    """A labelled record and what was said of it.

    Attributes:
        truth: in the unit of estimates; the sense of a first motion as 1 (up) or -1.
        distance: epicentral, metres; None if it is not known.
        snr: of the P on its best component, dB.
        source: where the record comes from, as its metadata say.
        magnitude, s_minus_p: of the labels, S minus P in s; None if not known.
        index: of the record in its set.
    """

    task: str
    truth: float
    rule: Estimate | FirstMotion | None
    network: Estimate | FirstMotion | None
    event: str
    distance: float | None
    snr: float
    source: str = ""
    magnitude: float | None = None
    s_minus_p: float | None = None
    index: int = 0

    def error(self, source: str) -> float | None:
        """Estimate minus truth, km for distances; for first motions 0 if right, 1 if wrong, and 0.5 if undecided."""
        said = self.rule if source == RULE else self.network
        return None if said is None else error_of(self.task, said, self.truth)

    def stated(self, source: str) -> float | None:
        """The stated uncertainty, km for distances; of first motions the probability."""
        said = self.rule if source == RULE else self.network
        if isinstance(said, FirstMotion):
            return said.probability
        unit = 1000 if self.task == "distance" else 1
        return None if said is None or said.uncertainty is None else said.uncertainty / unit


def error_of(task: str, said: Estimate | FirstMotion, truth: float) -> float:
    """See ``Judged.error``."""
    if isinstance(said, FirstMotion):
        if said.polarity is Polarity.UNDECIDABLE:
            return 0.5
        return float((said.polarity is Polarity.UP) != (truth > 0))
    off = said.value - truth
    if task == "back_azimuth":
        return float(wrapped(np.array(off)))
    return off / 1000 if task == "distance" else off


def judge(records: RecordSet, network: StationNetwork | None, progress: Progress = Progress()) -> list[Judged]:
    """Ask rules and network about every labelled record at ``RATE``; the picks are those of the labels.

    No set of records says the response of its instruments, so that magnitudes have no rule here.
    """
    found: list[Judged] = []
    for number, row in enumerate(records.rows):
        progress.advance(number, len(records), "asking rules and network")
        if records.entries[number].first("P") is not None:
            found += _judged(records[number], row, network, number)
    return found


def _judged(record: LabelledRecord, row: Row, network: StationNetwork | None, index: int) -> Iterable[Judged]:
    window = cut_at_p(record, LENGTH, BEFORE_P)
    s = next((pick.sample for pick in window.picks if pick.phase == "S"), None)
    s_minus_p = None if s is None or s <= P_SAMPLE else (s - P_SAMPLE) / RATE
    said = network.values(window.data, window.valid, s_minus_p) if network else {}
    for task, truth in _truths(record, window).items():
        rule = _rule(task, window, s_minus_p, row)
        yield Judged(
            task,
            truth,
            rule,
            said.get(task),
            record.event_id,
            record.epicentral_distance,
            _snr_db(window),
            row.get("source_repo", ""),
            record.magnitude,
            s_minus_p,
            index,
        )


def _truths(record: LabelledRecord, window: Window) -> dict[str, float]:
    """What is known, and can be asked of this record."""
    alive = window.valid[:, P_SAMPLE]
    sense = {Polarity.UP: 1.0, Polarity.DOWN: -1.0}.get(record.polarity) if record.polarity and alive[0] else None
    known = {
        "magnitude": record.magnitude,
        "distance": record.epicentral_distance,
        "back_azimuth": record.back_azimuth if alive.all() else None,
        "polarity": sense,
    }
    return {task: value for task, value in known.items() if value is not None}


def _rule(task: str, window: Window, s_minus_p: float | None, row: Row) -> Estimate | FirstMotion | None:
    try:
        if task == "distance" and s_minus_p is not None:
            latitude, longitude = (float(row.get(f"station_{name}_deg") or 0) for name in ("latitude", "longitude"))
            return rules.distance_from_s_minus_p(s_minus_p, suggested(latitude, longitude), PICK_ERROR)
        if task == "back_azimuth":
            return rules.back_azimuth_of_p(window.data, P_SAMPLE)
        if task == "polarity":
            return rules.first_motion_of(window.data[0], P_SAMPLE)
    except QuakeViewError:
        return None
    return None


def _snr_db(window: Window) -> float:
    """Peak of the second after the P over the noise before it, 1-20 Hz."""
    heard = onset_band(window.data)
    noise = noise_level(heard[:, : P_SAMPLE - 20])
    peak = float(np.abs(heard[:, P_SAMPLE : P_SAMPLE + round(RATE)]).max())
    return 20 * float(np.log10(peak / noise)) if noise and peak else 0.0


# -- figures


def headline(task: str) -> tuple[str, Callable[[Floats], float]]:
    """The figure by which a task is judged: its name, and how it follows from the errors."""
    if task == "back_azimuth":
        return "median error", lambda errors: float(np.median(np.abs(errors)))
    if task == "polarity":
        return "accuracy", lambda errors: 1 - float(np.mean(errors))
    return "mean error", lambda errors: float(np.mean(np.abs(errors)))


def is_better(task: str, one: float, other: float) -> bool:
    """Whether a figure is better than another."""
    return one > other if task == "polarity" else one < other


def of_both(judged: Iterable[Judged], task: str) -> list[Judged]:
    """The records of a task of which rule and network both say something."""
    return [each for each in judged if each.task == task and each.rule is not None and each.network is not None]


def interval(
    errors: Floats, events: Sequence[str], figure: Callable[[Floats], float], seed: int = 0
) -> tuple[float, float]:
    """95 % of a figure, by drawing events with replacement."""
    rng, groups = (
        np.random.default_rng(seed),
        [np.flatnonzero(np.array(events) == name) for name in dict.fromkeys(events)],
    )
    drawn = [
        figure(errors[np.concatenate([groups[i] for i in rng.integers(len(groups), size=len(groups))])])
        for _ in range(BOOTSTRAPS)
    ]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return float(low), float(high)


def coverage(judged: Iterable[Judged], source: str) -> float:
    """Share of the records whose truth is within the stated 68 %; NaN without any."""
    inside = [
        abs(error) <= stated
        for each in judged
        if (error := each.error(source)) is not None and (stated := each.stated(source)) is not None
    ]
    return float(np.mean(inside)) if inside else float("nan")


# -- calibration


def calibrate_station(
    card: ModelCard,
    datasets: Sequence[Path],
    split: str = "dev",
    check: str | None = None,
    progress: Progress = Progress(),
) -> list[str]:
    """Measure a network for one station on a split, choose rule or network for each task there, and write both into the
    model's ``config.json`` and card.

    Args:
        check: another split, on which errors and coverage are reported. It decides nothing.

    Raises:
        QuakeViewError: if the data cannot be read, the split is too small, or it is the test split.
    """
    if split == "test":
        raise QuakeViewError("What is measured on the test split cannot be tested on it: use --split dev --check test.")
    network = load_station_network(card)
    network.calibration = Calibration()
    measured = measure(judge_split(datasets, split, network, progress))
    network.calibration = measured
    judged = judge_split(datasets, split, network, progress)
    sentences = [f"Measured on the {split} split:", *describe(judged, measured)]
    scores = {}
    if check is not None:
        held_out = judge_split(datasets, check, network, progress)
        told = describe(held_out, measured)
        scores = dict(zip([task for task in SINGLE_TASKS if _known(held_out, task)], told, strict=True))
        sentences += [f"On the {check} split, which decided nothing:", *told]
    section: dict[str, Any] = Calibration(measured.network, measured.default, measured.polarity_slope, scores).table(
        card.folder
    )
    write_section(card.folder, SECTION, section, TITLE, "\n".join(f"- {each}" for each in sentences))
    return sentences


def judge_split(
    datasets: Sequence[Path], split: str, network: StationNetwork | None, progress: Progress = Progress()
) -> list[Judged]:
    """All records of a split of data sets in SeisBench layout.

    Raises:
        QuakeViewError: if there are none, or the data cannot be read.
    """
    opened = [open_seisbench(dataset, RATE) for dataset in datasets]
    chosen = [records.select(lambda row, _: row.get("split") == split) for records in opened]
    if not any(len(records) for records in chosen):
        raise QuakeViewError(f"The data have no split {split!r}; their metadata need a column 'split' that names it.")
    return [each for records in chosen for each in judge(records, network, progress)]


def measure(judged: Sequence[Judged]) -> Calibration:
    """Factors of the network's uncertainties, the slope of its first motions, and which of the two is the default.

    Raises:
        QuakeViewError: if a task has too few records.
    """
    factors, default = {}, {}
    for task in SINGLE_TASKS:
        known = [each for each in judged if each.task == task and each.network is not None]
        if len(known) < LEAST:
            raise QuakeViewError(f"The split has {counted(len(known), 'record')} with {task}; it needs {LEAST}.")
        if task != "polarity":
            ratios = [abs(each.error(NETWORK) or 0.0) / (each.stated(NETWORK) or 1.0) for each in known]
            factors[task] = round(float(np.quantile(ratios, ONE_SIGMA)), 3)
        default[task] = NETWORK if _network_is_better(of_both(judged, task), task) else RULE
    return Calibration(factors, default, _slope([each for each in judged if each.task == "polarity"]))


def _network_is_better(both: Sequence[Judged], task: str) -> bool:
    """On the records of which both say something; where there are none, the network is all there is.

    Distances by their relative error, so that the farthest earthquakes do not decide for all.
    """
    if not both:
        return True
    figure = headline(task)[1]
    size = np.array([each.distance or 1.0 for each in both]) / 1000 if task == "distance" else np.ones(len(both))
    network, rule = (figure(errors_of(both, source) / size) for source in (NETWORK, RULE))
    return is_better(task, network, rule)


def errors_of(judged: Iterable[Judged], source: str) -> Floats:
    """(n,), of the records of which the source says something."""
    return np.array([error for each in judged if (error := each.error(source)) is not None])


def _slope(judged: Sequence[Judged]) -> float:
    """The factor of the log-odds that makes the right answers most likely."""
    known = [each for each in judged if each.network is not None]
    probability = np.clip([each.stated(NETWORK) or 0.5 for each in known], 0.5, 1 - 1e-6)
    odds = np.log(probability / (1 - probability)) * np.where(errors_of(known, NETWORK) > 0, -1, 1)
    losses = np.log1p(np.exp(-SLOPES[:, None] * odds)).mean(axis=1)
    return round(float(SLOPES[np.argmin(losses)]), 3)


def describe(judged: Sequence[Judged], calibration: Calibration) -> list[str]:
    """A sentence on each task: network, rule, records, and which is the default."""
    return [_described(_known(judged, task), task, calibration) for task in SINGLE_TASKS if _known(judged, task)]


def _known(judged: Iterable[Judged], task: str) -> list[Judged]:
    return [each for each in judged if each.task == task]


def _described(known: Sequence[Judged], task: str, calibration: Calibration) -> str:
    """Of the records of which both say something, if there are any."""
    name, figure = headline(task)
    same = of_both(known, task) or known
    sources = [source for source in (NETWORK, RULE) if len(errors_of(same, source))]
    told = ", ".join(f"{source} {figure(errors_of(same, source)):.2g}{UNITS[task]}" for source in sources)
    held = " and ".join(f"{coverage(known, source):.0%}" for source in sources)
    within = "" if task == "polarity" else f"; {held} of the truths lie within the stated 68 %"
    records = f"{counted(len(same), 'record')}, {counted(len({each.event for each in same}), 'earthquake')}"
    title = "First motion" if task == "polarity" else task.replace("_", "-").capitalize()
    return f"{title}, {name}: {told} ({records}){within}. Default: {calibration.default_of(task)}."
