"""Charts of the report on forecasts of seismicity."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from quakeview.seismicity.scoring.gains import cumulative_gain
from quakeview.seismicity.scoring.scores import ForecastScores

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_gain(figure: "Figure", forecasts: Sequence[ForecastScores], reference: ForecastScores) -> None:
    """Draw the cumulative gain over a reference, one of the forecasts, by date; colours are as in the other charts."""
    axes = figure.subplots()
    for number, each in enumerate(forecasts):
        dates = (each.outcomes.days + each.outcomes.window.first).astype("datetime64[D]")
        axes.plot(dates, cumulative_gain(each, reference), color=f"C{number}", label=each.name, linewidth=1.2)
    axes.set_xlabel("day that is forecast (UTC)")
    axes.set_ylabel(f"nats over {reference.name}")
    axes.legend(frameon=False)


def draw_reliability(figure: "Figure", forecasts: Sequence[ForecastScores]) -> None:
    """Draw observed frequencies by probability, with their intervals."""
    axes = figure.subplots()
    drawn = []
    for number, each in enumerate(forecasts):
        classes = [one for one in each.reliability.classes() if one.frequency.value > 0]
        if not classes:
            continue
        said = np.array([one.probability for one in classes])
        found, low, high = np.array([one.frequency for one in classes]).T
        errors = np.nan_to_num(np.maximum([found - low, high - found], 0))
        axes.errorbar(said, found, errors, fmt="o-", color=f"C{number}", markersize=3, linewidth=1, label=each.name)
        drawn += [*said, *found]
    if not drawn:
        axes.text(0.5, 0.5, "No class of probability had an earthquake.", ha="center", transform=axes.transAxes)
        return
    ends = [min(drawn) / 2, min(2 * max(drawn), 1)]
    axes.plot(ends, ends, color="0.6", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.xaxis.set_major_formatter(_percent)
    axes.yaxis.set_major_formatter(_percent)
    axes.set_xlabel("probability of a cell")
    axes.set_ylabel("part that had an earthquake")
    axes.legend(frameon=False)


def draw_molchan(figure: "Figure", forecasts: Sequence[ForecastScores]) -> None:
    """Draw Molchan's diagram with a logarithmic axis of alarms."""
    axes = figure.subplots()
    for each in forecasts:
        curve = each.ranks.molchan_curve()
        axes.plot(curve.alarm[1:], curve.missed[1:], label=each.name, linewidth=1.2)
    alarm = np.logspace(-5, 0)
    axes.plot(alarm, 1 - alarm, color="0.6", linewidth=0.8, linestyle="--")
    axes.set_xscale("log")
    axes.set_xlim(1e-5, 1)
    axes.xaxis.set_major_formatter(_percent)
    axes.yaxis.set_major_formatter(_percent)
    axes.set_xlabel("part of cells and days under alarm")
    axes.set_ylabel("part of the earthquakes missed")
    axes.legend(frameon=False)


def _percent(value: float, _: float) -> str:
    return f"{100 * value:g} %"
