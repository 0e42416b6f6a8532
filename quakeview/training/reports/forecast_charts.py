"""The charts of a report on forecasters."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from quakeview.colours import LIGHT, MARKS
from quakeview.geography import geography
from quakeview.training.reports.document import Chart
from quakeview.training.reports.forecast_outcomes import Maps, Outcomes
from quakeview.wavefield.forecasting.scores import PGV_FLOOR

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LN_RATIO = 1.0
"""Of PGV, at the ends of the scale of errors: a factor of 2.7."""
_CM = 100.0


def lead_curves(outcomes: Sequence[Outcomes], names: Sequence[str]) -> Chart:
    """ACC and RFNE against lead time, means over events; the paper's Fig. 7."""

    def draw(figure: "Figure") -> None:
        for axes, measure in zip(figure.subplots(1, 2), ("lead_acc", "lead_rfne"), strict=True):
            for name, colour in zip(names, MARKS, strict=False):
                leads, curve = _mean_curve([each for each in outcomes if each.row.forecaster == name], measure)
                axes.plot(leads, curve, color=colour, label=name, linewidth=1.2)
            _label(axes, "after the input (s)", {"lead_acc": "ACC", "lead_rfne": "RFNE"}[measure])
            if measure == "lead_rfne":
                axes.axhline(1, color=LIGHT.muted, linewidth=0.8)
                axes.set_ylim(0, 2)
        axes.legend(fontsize=7, frameon=False)

    words = str(outcomes[0].conditions)
    caption = (
        f"{words[0].upper()}{words[1:]}: scores of pieces of 2.5 s. An RFNE of 1 is what a forecast of no motion gets."
    )
    return Chart(caption, draw, 0.4)


def band_chart(outcomes: Sequence[Outcomes], name: str) -> Chart | None:
    """How much of the motion the band held against lead time, by conditions; None without a band."""
    banded = [each for each in outcomes if each.row.forecaster == name and np.isfinite(each.level)]
    if not banded:
        return None

    def draw(figure: "Figure") -> None:
        axes = figure.subplots()
        kinds = dict.fromkeys(each.conditions for each in banded)
        for conditions, colour in zip(kinds, MARKS, strict=False):
            leads, curve = _mean_curve([each for each in banded if each.conditions == conditions], "lead_in_band")
            axes.plot(leads, curve, color=colour, label=str(conditions), linewidth=1.2)
        axes.axhline(banded[0].level, color=LIGHT.muted, linewidth=0.8)
        axes.set_ylim(0, 1.02)
        axes.legend(fontsize=7, frameon=False)
        _label(axes, "after the input (s)", "part of the motion in the band")

    caption = f"{name}: the band holds if the curves are at {banded[0].level:.0%}. There is none where it has no skill."
    return Chart(caption, draw, 0.4)


def map_chart(worst: Sequence[Outcomes], peaks: bool) -> Chart:
    """Truth, forecast and error of events, PGV or a moment of the horizontal velocity, one event a row."""

    def draw(figure: "Figure") -> None:
        rows = figure.subplots(len(worst), 3, squeeze=False, sharex=True, sharey=True)
        for axes, each in zip(rows, worst, strict=True):
            assert each.maps is not None
            _draw_row(figure, axes, each.maps, peaks)
            axes[0].set_title(f"truth, {each.path.name}", fontsize=7)
        for axes in rows[-1]:
            axes.set_xlabel("X (km)", fontsize=7)

    what = (
        "PGV after the input, cm/s; error: ln(forecast / truth)"
        if peaks
        else "Horizontal velocity when the ground moves most after the input, cm/s; error: forecast minus truth"
    )
    return Chart(f"{what}. A star is the epicentre.", draw, 0.27 * len(worst) + 0.06)


def _draw_row(figure: "Figure", axes: Sequence["Axes"], maps: Maps, peaks: bool) -> None:
    truth, said, error = _pictures(maps, peaks)
    largest = float(max(np.nanmax(truth), np.nanmax(said))) or 1.0
    off = _LN_RATIO if peaks else float(np.nanmax(np.abs(error))) or 1.0
    when = "" if peaks else f", {maps.time:.1f} s"
    for place, picture, title in zip(axes, (truth, said, error), ("truth", "forecast" + when, "error"), strict=True):
        low, high, colours = (-off, off, "RdBu_r") if title == "error" else (0.0, largest, "viridis")
        image = place.imshow(picture.T, cmap=colours, vmin=low, vmax=high, origin="lower", extent=_extent(maps))
        bar = figure.colorbar(image, ax=place, shrink=0.8, pad=0.02)
        bar.ax.tick_params(labelsize=6)
        _add_geography(place, maps)
        place.set_title(title, fontsize=7)
        place.tick_params(labelsize=6)
    axes[0].set_ylabel("Y (km)", fontsize=7)


def _pictures(maps: Maps, peaks: bool) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    if peaks:
        floor = PGV_FLOOR * float(maps.true_pgv.max())
        ratio = np.log(np.maximum(maps.said_pgv, floor) / np.maximum(maps.true_pgv, floor))
        return _CM * maps.true_pgv, _CM * maps.said_pgv, ratio
    truth, said = (_CM * np.hypot(frame[0], frame[1]) for frame in (maps.truth, maps.forecast))
    return truth, said, said - truth


def _extent(maps: Maps) -> tuple[float, float, float, float]:
    x, y = maps.header.x / 1000, maps.header.y / 1000
    half_x, half_y = (x[1] - x[0]) / 2, (y[1] - y[0]) / 2
    return float(x[0] - half_x), float(x[-1] + half_x), float(y[0] - half_y), float(y[-1] + half_y)


def _add_geography(axes: "Axes", maps: Maps) -> None:
    for line in geography(maps.header.region).coastlines:
        axes.plot(*(line.T / 1000), color=LIGHT.muted, linewidth=0.4)
    if maps.header.hypocentre is not None:
        x, y = (value / 1000 for value in maps.header.hypocentre[:2])
        axes.plot(x, y, "*", color="white", markeredgecolor="black", markersize=6, markeredgewidth=0.6)
    first_x, last_x, first_y, last_y = _extent(maps)
    axes.set(xlim=(first_x, last_x), ylim=(first_y, last_y))


def _mean_curve(outcomes: Sequence[Outcomes], measure: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lead times, s, and the mean over events of a curve, as far as all of them go."""
    curves = [getattr(each, measure) for each in outcomes]
    if not curves:
        return np.zeros(0), np.zeros(0)
    n = min(map(len, curves))
    stacked = np.array([curve[:n] for curve in curves])
    known = np.isfinite(stacked)
    total = np.where(known, stacked, 0.0).sum(axis=0)
    number = known.sum(axis=0)
    return outcomes[0].lead_times[:n], np.divide(total, number, out=np.full(n, np.nan), where=number > 0)


def _label(axes: "Axes", x: str, y: str) -> None:
    axes.set_xlabel(x, fontsize=8)
    axes.set_ylabel(y, fontsize=8)
    axes.tick_params(labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)
