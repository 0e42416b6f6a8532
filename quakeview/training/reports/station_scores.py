"""How right models for one station are: the figures of SeisMoLLM's tables, and those of this report, with intervals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.monitoring.picks import Polarity
from quakeview.single_station.estimates import FirstMotion
from quakeview.training.reports.bootstrap import Estimate, EventBootstrap
from quakeview.training.reports.ratios import mean, ratio
from quakeview.training.reports.station_answers import Answered, errors
from quakeview.training.reports.stretches import Quantity, between, by_source
from quakeview.training.scores import class_scores, wrapped

FEWEST = 8
"""Records of a kind below which it is not scored."""


@dataclass(frozen=True)
class Quality:
    """What a quantity is called, and by what it is judged.

    Attributes:
        unit: of errors, with a space before it if it has one.
        score: what the headline is called.
        decimals: of errors.
        higher_is_better: of the score.
    """

    title: str
    unit: str
    score: str
    decimals: int
    higher_is_better: bool = False


QUALITIES = {
    "magnitude": Quality("Magnitude", "", "mean absolute error", 2),
    "distance": Quality("Distance", " km", "mean absolute error", 1),
    "back_azimuth": Quality("Back-azimuth", "°", "median absolute error", 0),
    "polarity": Quality("First motion", "", "accuracy", 2, higher_is_better=True),
}


def known_to(answers: Sequence[Answered], who: str) -> list[Answered]:
    """Those of which somebody said something."""
    return [each for each in answers if not np.isnan(each.error(who))]


def score(answers: Sequence[Answered], who: str) -> Estimate:
    """The score of a quantity over all records of which somebody said something; see ``QUALITIES``."""
    answers = known_to(answers, who)
    if not answers:
        return Estimate(float("nan"))
    bootstrap = EventBootstrap([each.event for each in answers])
    off = np.abs(errors(answers, who))
    if answers[0].task == "back_azimuth":
        return bootstrap.median(off)
    return bootstrap.of(_with_ones(1 - off if answers[0].task == "polarity" else off), mean)


def difference(answers: Sequence[Answered], one: str, other: str) -> tuple[Estimate, int]:
    """By how much the mean absolute error of one is above that of another, on records of which both say something.

    Of first motions the difference of accuracies. Returns how many records those are, too.
    """
    both = [each for each in known_to(answers, one) if not np.isnan(each.error(other))]
    if not both:
        return Estimate(float("nan")), 0
    apart = np.abs(errors(both, one)) - np.abs(errors(both, other))
    bootstrap = EventBootstrap([each.event for each in both])
    return bootstrap.of(_with_ones(-apart if both[0].task == "polarity" else apart), mean), len(both)


def coverage(answers: Sequence[Answered], who: str) -> Estimate:
    """Part of the truths that are within the stated 68 %."""
    stated = [each for each in known_to(answers, who) if not np.isnan(each.stated(who))]
    if not stated:
        return Estimate(float("nan"))
    inside = np.array([abs(each.error(who)) <= each.stated(who) for each in stated], dtype=float)
    return EventBootstrap([each.event for each in stated]).of(_with_ones(inside), mean)


def moments(answers: Sequence[Answered], who: str) -> dict[str, float]:
    """Mean, standard deviation and mean absolute error, and R² as the paper has it; back-azimuths wrapped."""
    known = known_to(answers, who)
    off = errors(known, who)
    if not len(off):
        return dict.fromkeys(("mean", "deviation", "mean absolute", "r2"), float("nan"))
    unit = 1000 if known[0].task == "distance" else 1
    truths = np.array([each.truth for each in known]) / unit
    spread = wrapped(truths - _circular_mean(truths)) if known[0].task == "back_azimuth" else truths - truths.mean()
    return {
        "mean": float(off.mean()),
        "deviation": float(off.std()),
        "mean absolute": float(np.abs(off).mean()),
        "r2": 1 - float(ratio(np.square(off).sum(), np.square(spread).sum())),
    }


def senses(answers: Sequence[Answered], who: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First motions as said and as labelled (n,): 0 up, 1 down, 2 undecided; of those that somebody said."""
    order = (Polarity.UP, Polarity.DOWN, Polarity.UNDECIDABLE)
    known = [(each.said[who], each.truth) for each in known_to(answers, who)]
    said = [order.index(motion.polarity) for motion, _ in known if isinstance(motion, FirstMotion)]
    return np.array(said, dtype=np.int64), np.array([int(truth < 0) for _, truth in known], dtype=np.int64)


def macro(answers: Sequence[Answered], who: str) -> dict[str, float]:
    """Precision, recall and F1 averaged over up and down, and the accuracy, as the paper has them."""
    said, true = senses(answers, who)
    names = ("precision", "recall", "f1", "accuracy")
    return class_scores(said, true) if len(said) else dict.fromkeys(names, float("nan"))


def kinds_of_answers(answers: Sequence[Answered]) -> Iterator[tuple[str, list[Answered]]]:
    """Yield the name and the records of each kind: by magnitude, distance, S−P, signal to noise and source."""
    quantities: list[Quantity[Answered]] = [
        ("magnitude", "", lambda each: each.magnitude, (2, 3, 4)),
        ("distance", " km", lambda each: each.distance / 1000, (30, 100, 300)),
        ("S−P", " s", lambda each: each.s_minus_p, (3, 6, 12)),
        ("signal to noise", " dB", lambda each: each.snr, (20, 35)),
    ]
    for quantity in quantities:
        yield from between(answers, *quantity)
    yield from by_source(answers, lambda each: each.source)


def _circular_mean(degrees: NDArray[np.float64]) -> float:
    return float(np.degrees(np.angle(np.exp(1j * np.radians(degrees)).mean())))


def _with_ones(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([values, np.ones(len(values))])
