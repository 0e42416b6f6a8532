"""The curves of each view of a catalogue's statistics."""

from collections.abc import Callable

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.seismicity.statistics.aftershocks import omori
from quakeview.seismicity.statistics.b_values import NORMAL_95, b_over_time
from quakeview.seismicity.statistics.completeness import completeness_over_time
from quakeview.seismicity.statistics.curves import Axis, Curve, CurvePlot, Kind, View
from quakeview.seismicity.statistics.magnitudes import magnitude_text, reaching
from quakeview.seismicity.statistics.nearest_neighbour import proximities
from quakeview.seismicity.statistics.series import cumulative_number, inter_event_times
from quakeview.seismicity.statistics.summary import Summary
from quakeview.texts import counted, date

_BINS = 80
"""Of the histogram of nearest neighbours."""


def curve_plot(view: View, summary: Summary, mainshock: int | None = None) -> CurvePlot:
    """Compute what a view of the statistics of a catalogue consists of.

    Args:
        view: which.
        summary: of the catalogue.
        mainshock: number in ``summary.all`` of the earthquake whose aftershocks are looked at; None: of the largest.

    Raises:
        QuakeViewError: if there are too few earthquakes for it.
    """
    if view is View.AFTERSHOCKS:
        return _aftershocks(summary, mainshock)
    plots: dict[View, Callable[[Summary], CurvePlot]] = {
        View.FREQUENCY: _frequency,
        View.COMPLETENESS: _completeness,
        View.B_VALUE: _b_value,
        View.CUMULATIVE: _cumulative,
        View.INTER_EVENT: _inter_event,
        View.NEIGHBOURS: _neighbours,
    }
    return plots[view](summary)


def _frequency(summary: Summary) -> CurvePlot:
    counts, seen = summary.counts, summary.counts.number > 0
    curves = [
        Curve("of this magnitude", counts.magnitude[seen], counts.number[seen].astype(float), Kind.POINTS, -1),
        Curve("of this and more", counts.magnitude, counts.cumulative.astype(float), Kind.POINTS, 0),
    ]
    if summary.b is not None:
        magnitude = counts.magnitude[counts.magnitude >= summary.least - counts.step / 2]
        curves.append(Curve(f"b = {summary.b.b:.2f}", magnitude, summary.b.expected(magnitude), Kind.LINE, 1))
    return CurvePlot(
        *(View.FREQUENCY, "Magnitude", "Earthquakes", Axis.LINEAR, Axis.LOG, tuple(curves)),
        marks=((summary.least, f"from {magnitude_text(summary.least)}"),),
    )


def _completeness(summary: Summary) -> CurvePlot:
    found = summary.over_time or completeness_over_time(summary.catalogue, summary.rounding.step)
    middle = (found.start + found.end) / 2
    low, high = found.curvature - found.scatter, found.curvature + found.scatter
    return CurvePlot(
        *(View.COMPLETENESS, "Time (UTC)", "Complete from magnitude", Axis.TIME, Axis.LINEAR),
        (
            Curve("maximum curvature", middle, found.curvature, Kind.LINE, 0, low, high),
            Curve("stability of b", middle, found.stability, Kind.LINE, 1),
            Curve("used from", middle[[0, -1]], np.full(2, summary.least), Kind.DOTTED, -1),
        ),
        words=f"Of {counted(found.number, 'earthquake')} each, drawn at the middle of their time.",
    )


def _b_value(summary: Summary) -> CurvePlot:
    found = b_over_time(summary.catalogue, summary.least, summary.rounding.step)
    middle, width = (found.start + found.end) / 2, NORMAL_95 * found.uncertainty
    curves = [Curve("b", middle, found.b, Kind.LINE, 0, found.b - width, found.b + width)]
    if summary.b is not None:
        curves.append(Curve("of all", middle[[0, -1]], np.full(2, summary.b.b), Kind.DOTTED, -1))
    return CurvePlot(
        *(View.B_VALUE, "Time (UTC)", "b-value", Axis.TIME, Axis.LINEAR, tuple(curves)),
        words=f"Of {counted(found.number, 'earthquake')} of magnitude {magnitude_text(summary.least)} and more each, "
        "with 95 % intervals, drawn at the middle of their time.",
    )


def _cumulative(summary: Summary) -> CurvePlot:
    complete = reaching(summary.catalogue.magnitude, summary.least, summary.rounding.step)
    large, main = summary.catalogue.where(complete), summary.catalogue.where(complete & summary.mainshocks)
    return CurvePlot(
        *(View.CUMULATIVE, "Time (UTC)", "Earthquakes", Axis.TIME, Axis.LINEAR),
        (
            Curve("all", *cumulative_number(large), Kind.LINE, 0),
            Curve("mainshocks", *cumulative_number(main), Kind.LINE, 1),
        ),
        words=f"Of magnitude {magnitude_text(summary.least)} and more; mainshocks by {summary.declustering.method}.",
    )


def _inter_event(summary: Summary) -> CurvePlot:
    complete = reaching(summary.catalogue.magnitude, summary.least, summary.rounding.step)
    found = inter_event_times(summary.catalogue.where(complete))
    random = found.random
    seen = random > found.density.min() / 10
    return CurvePlot(
        *(View.INTER_EVENT, "Days from one earthquake to the next", "Density (1/day)", Axis.LOG, Axis.LOG),
        (
            Curve("as they were", found.days, found.density, Kind.POINTS, 0),
            Curve("if they knew nothing of each other", found.days[seen], random[seen], Kind.DOTTED, -1),
        ),
        words=f"Mean {found.mean:.3g} days; standard deviation over mean {found.variation:.2f}: 1 is random, more is "
        "clustered.",
    )


def _neighbours(summary: Summary) -> CurvePlot:
    catalogue = summary.all.where(np.isfinite(summary.all.magnitude))
    found = summary.declustering.proximities or proximities(catalogue, 1.0 if summary.b is None else summary.b.b)
    known = found.proximity[np.isfinite(found.proximity)]
    numbers, edges = np.histogram(known, _BINS)
    middle = (edges[1:] + edges[:-1]) / 2
    clustered, background = found.density(middle) * len(known) * (edges[1] - edges[0])
    return CurvePlot(
        *(View.NEIGHBOURS, "log10 of proximity (years, km)", "Earthquakes", Axis.LINEAR, Axis.LINEAR),
        (
            Curve("earthquakes", edges, numbers.astype(float), Kind.STEPS, -1),
            Curve("in clusters", middle, clustered, Kind.LINE, 1),
            Curve("background", middle, background, Kind.LINE, 0),
        ),
        marks=((found.threshold, f"threshold {found.threshold:.2f}".replace("-", "−")),),
        words="" if found.separated else "There are not two hills, so that the threshold says little.",
    )


def _aftershocks(summary: Summary, mainshock: int | None) -> CurvePlot:
    catalogue = summary.all
    number = int(np.nanargmax(catalogue.magnitude)) if mainshock is None else mainshock
    size = float(catalogue.magnitude[number])
    if not np.isfinite(size):
        raise QuakeViewError("The selected earthquake has no magnitude; select another one to see its aftershocks.")
    found = omori(catalogue, number, summary.least)
    days, rates = found.rates
    return CurvePlot(
        *(View.AFTERSHOCKS, "Days after the mainshock", "Aftershocks a day", Axis.LOG, Axis.LOG),
        (
            Curve("as they were", days, rates, Kind.POINTS, 0),
            Curve(f"p = {found.p:.2f}", days, found.law(days), Kind.LINE, 1),
        ),
        words=f"After magnitude {magnitude_text(size)} on {date(catalogue.time[number])}: "
        f"{counted(len(found.days), 'aftershock')} of {magnitude_text(found.magnitude)} and more; "
        f"p = {found.p:.2f} ± {found.p_uncertainty:.2f}, c = {found.c:.2g} days (Omori and Utsu).",
    )
