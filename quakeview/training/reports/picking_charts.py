"""The charts of a report on pickers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quakeview.colours import LIGHT, MARKS
from quakeview.training.labels import PHASES
from quakeview.training.reports.document import Chart
from quakeview.training.reports.ratios import precision, recall
from quakeview.training.reports.readings import THRESHOLD, ReadRecord
from quakeview.training.reports.thresholds import THRESHOLDS, TOLERANCE, Chosen, all_picks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDEST = 0.5
_FEWEST_IN_BIN = 10


def residual_histograms(records: Sequence[ReadRecord], readers: Sequence[str]) -> Chart:
    """Pick minus label of the nearest onset within half a second, for P and for S."""

    def draw(figure: "Figure") -> None:
        for axes, phase in zip(figure.subplots(1, 2, sharey=True), PHASES, strict=True):
            for reader, colour in zip(readers, MARKS, strict=False):
                found, _ = nearest(records, reader, phase, _WIDEST)
                axes.hist(found, np.arange(-0.5, 0.5001, 0.02), histtype="step", color=colour, label=reader)
            _label(axes, f"{phase} pick minus label (s)", "picks" if phase == "P" else "")
            axes.axvline(0, color=LIGHT.muted, linewidth=0.8)
        axes.legend(fontsize=7, frameon=False)

    return Chart("Picks minus labels within half a second.", draw, 0.45)


def threshold_curves(records: Sequence[ReadRecord], readers: Sequence[str], chosen: Chosen) -> Chart:
    """Precision against recall at all thresholds, of all picks of records whose onsets are all known."""
    complete = [record for record in records if record.complete]

    def draw(figure: "Figure") -> None:
        for axes, phase in zip(figure.subplots(1, 2, sharey=True), PHASES, strict=True):
            for reader, colour in zip(readers, MARKS, strict=False):
                points = [_recall_and_precision(complete, reader, phase, threshold) for threshold in THRESHOLDS]
                axes.plot(*np.transpose(points), ".-", color=colour, label=reader, linewidth=1, markersize=4)
                usual = _recall_and_precision(complete, reader, phase, THRESHOLD)
                axes.plot(*usual, "o", color=colour, fillstyle="none")
                if (best := chosen.get((reader, phase))) is not None:
                    at = _recall_and_precision(complete, reader, phase, best)
                    axes.plot(*at, "D", color=colour, markersize=6)
                    axes.annotate(f"{best:.2f}", at, (4, 4), textcoords="offset points", fontsize=7, color=colour)
            axes.set(xlim=(0, 1.02), ylim=(0, 1.02))
            _label(axes, f"{phase}: found of the labels", "right of the picks" if phase == "P" else "")
        axes.legend(fontsize=7, frameon=False)

    diamond = "; a diamond at the threshold that another split chose" if chosen else ""
    caption = (
        f"All picks, right within {TOLERANCE:g} s, at thresholds from 0.05 to 0.95; a ring at {THRESHOLD:g}{diamond}. "
        "Only records whose onsets are all known."
    )
    return Chart(caption, draw, 0.45)


def reliability(records: Sequence[ReadRecord], readers: Sequence[str]) -> Chart:
    """How many picks of a probability are right: on the diagonal if the probability means what it says."""
    complete = [record for record in records if record.complete]

    def draw(figure: "Figure") -> None:
        for axes, phase in zip(figure.subplots(1, 2, sharey=True), PHASES, strict=True):
            axes.plot([0, 1], [0, 1], color=LIGHT.muted, linewidth=0.8)
            for reader, colour in zip(readers, MARKS, strict=False):
                axes.plot(*_reliable(complete, reader, phase), "o-", color=colour, label=reader, markersize=4)
            _label(axes, f"probability of {phase}", "right" if phase == "P" else "")
        axes.legend(fontsize=7, frameon=False)

    caption = f"Share of picks within {TOLERANCE:g} s of a label, by their probability; bins of 10 picks or more."
    return Chart(caption, draw, 0.45)


def nearest(
    records: Sequence[ReadRecord], reader: str, phase: str, within: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Onset nearest to the label minus the label, s (n,), and its probability (n,), where there is one ``within`` s."""
    found = []
    for record in records:
        labelled = record.phases[phase]
        if labelled.label is not None:
            off = [(reading.seconds - labelled.label, reading.probability) for reading in labelled.readings[reader]]
            closest = min(off, key=lambda each: abs(each[0]), default=None)
            if closest is not None and abs(closest[0]) <= within:
                found.append(closest)
    both = np.array(found).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _recall_and_precision(
    records: Sequence[ReadRecord], reader: str, phase: str, threshold: float
) -> tuple[float, float]:
    """Of all onsets that reach the threshold; NaN without any."""
    sums = all_picks(records, reader, phase, threshold).sum(axis=0)
    return float(recall(sums)), float(precision(sums))


def _reliable(records: Sequence[ReadRecord], reader: str, phase: str) -> tuple[list[float], list[float]]:
    """Mean probability and share of right picks in tenths of the probability."""
    found = []
    for record in records:
        label = record.phases[phase].label
        for each in record.phases[phase].readings[reader]:
            found.append((each.probability, label is not None and abs(each.seconds - label) <= TOLERANCE))
    both = np.array(found, dtype=float).reshape(-1, 2)
    place = np.minimum((both[:, 0] * 10).astype(int), 9)
    bins = [both[place == number] for number in range(10)]
    full = [each.mean(axis=0) for each in bins if len(each) >= _FEWEST_IN_BIN]
    return [float(each[0]) for each in full], [float(each[1]) for each in full]


def _label(axes: "Axes", x: str, y: str) -> None:
    axes.set_xlabel(x, fontsize=8)
    axes.set_ylabel(y, fontsize=8)
    axes.tick_params(labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)
