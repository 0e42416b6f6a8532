"""The charts of a report on models for one station."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from quakeview.colours import LIGHT, MARKS
from quakeview.training.reports.document import Chart
from quakeview.training.reports.station_answers import Answered, errors
from quakeview.training.reports.station_scores import QUALITIES, known_to

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BINS = 30
_FEWEST_IN_BIN = 5
_SHARES = np.linspace(0.05, 0.95, 19)
_WIDEST = {"magnitude": 2.0, "back_azimuth": 180.0}


def residual_histogram(answers: Sequence[Answered], names: Sequence[str]) -> Chart:
    """Estimate minus truth of everybody, beside estimates of the first against the truth."""
    task = answers[0].task
    quality = QUALITIES[task]

    def draw(figure: "Figure") -> None:
        left, right = figure.subplots(1, 2)
        found = {name: errors(known_to(answers, name), name) for name in names}
        widest = _WIDEST.get(task) or float(np.quantile(np.abs(np.concatenate(list(found.values()))), 0.95))
        edges = np.linspace(-widest, widest, _BINS + 1)
        for (name, off), colour in zip(found.items(), MARKS, strict=False):
            left.hist(np.clip(off, -widest, widest), edges, histtype="step", color=colour, label=name)
        left.axvline(0, color=LIGHT.muted, linewidth=0.8)
        left.legend(fontsize=7, frameon=False)
        _label(left, f"{quality.title} minus truth{_in_brackets(quality.unit)}", "records")
        _against_truth(right, answers, names[0])

    caption = f"{quality.title}: errors, those beyond the ends in the outermost bins; right what {names[0]} says."
    return Chart(caption, draw, 0.45)


def uncertainty_chart(answers: Sequence[Answered], names: Sequence[str]) -> Chart | None:
    """Part of the truths within multiples of the stated uncertainty, beside a normal distribution; None if none is."""
    stating = [name for name in names if any(not np.isnan(each.stated(name)) for each in answers)]
    if not stating:
        return None

    def draw(figure: "Figure") -> None:
        from scipy.special import ndtri

        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], color=LIGHT.muted, linewidth=0.8)
        for name, colour in zip(stating, MARKS, strict=False):
            known = [each for each in known_to(answers, name) if not np.isnan(each.stated(name))]
            ratios = np.array([abs(each.error(name)) / (each.stated(name) or 1.0) for each in known])
            held = [float((ratios <= ndtri((1 + share) / 2)).mean()) for share in _SHARES]
            axes.plot(_SHARES, held, "o-", color=colour, label=name, markersize=3, linewidth=1)
        axes.legend(fontsize=7, frameon=False)
        _label(axes, "part of the truths that the stated uncertainty claims", "part that is within it")

    title = QUALITIES[answers[0].task].title
    caption = f"{title}: how far the stated uncertainty holds; below the diagonal it is too small."
    return Chart(caption, draw, 0.5)


def reliability(answers: Sequence[Answered], names: Sequence[str]) -> Chart:
    """How many first motions of a probability are right."""

    def draw(figure: "Figure") -> None:
        axes = figure.subplots()
        axes.plot([0.5, 1], [0.5, 1], color=LIGHT.muted, linewidth=0.8)
        for name, colour in zip(names, MARKS, strict=False):
            known = known_to(answers, name)
            said = np.array([[each.stated(name), 1 - each.error(name)] for each in known]).reshape(-1, 2)
            place = np.minimum(((said[:, 0] - 0.5) * 10).astype(int), 4)
            bins = [said[place == number] for number in range(5)]
            points = np.array([each.mean(axis=0) for each in bins if len(each) >= _FEWEST_IN_BIN]).reshape(-1, 2)
            axes.plot(points[:, 0], points[:, 1], "o-", color=colour, label=name, markersize=4)
        axes.set(xlim=(0.48, 1.02), ylim=(0, 1.05))
        axes.legend(fontsize=7, frameon=False)
        _label(axes, "probability of the first motion", "right")

    caption = f"Part of the first motions that are right, by their probability; bins of {_FEWEST_IN_BIN} or more."
    return Chart(caption, draw, 0.5)


def _against_truth(axes: "Axes", answers: Sequence[Answered], name: str) -> None:
    """Estimates over truths; errors of back-azimuths over distance: a direction does not say how hard it is."""
    known = known_to(answers, name)
    task, quality = answers[0].task, QUALITIES[answers[0].task]
    if task == "back_azimuth":
        axes.plot([each.distance / 1000 for each in known], errors(known, name), ".", color=MARKS[0], markersize=4)
        axes.axhline(0, color=LIGHT.muted, linewidth=0.8)
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_formatter("")
        _label(axes, "distance (km)", "error (°)")
        return
    unit = 1000 if task == "distance" else 1
    truths = np.array([each.truth for each in known]) / unit
    axes.plot(truths, truths + errors(known, name), ".", color=MARKS[0], markersize=4)
    if len(truths):
        ends = [truths.min(), truths.max()]
        axes.plot(ends, ends, color=LIGHT.muted, linewidth=0.8)
    if task == "distance":
        axes.set(xscale="log", yscale="log")
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_formatter("")
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter("")
    _label(axes, f"true {quality.title.lower()}{_in_brackets(quality.unit)}", "estimate")


def _in_brackets(unit: str) -> str:
    return f" ({unit.strip()})" if unit else ""


def _label(axes: "Axes", x: str, y: str) -> None:
    axes.set_xlabel(x, fontsize=8)
    axes.set_ylabel(y, fontsize=8)
    axes.tick_params(labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)
