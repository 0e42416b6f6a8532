"""Curves of a catalogue's statistics: what they hold and how they are written."""

import csv
import io

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.statistics.curve_plots import curve_plot
from quakeview.seismicity.statistics.curves import Axis, Kind, View
from quakeview.seismicity.statistics.methods import Method
from quakeview.seismicity.statistics.summary import Summary, summarise
from tests.seismicity.statistics.magnitudes import daily, gutenberg_richter
from tests.seismicity.statistics.test_aftershocks import sequence


@pytest.fixture(scope="module")
def summary() -> Summary:
    """Of 3,000 earthquakes anywhere and a mainshock of 7.0 with 500 aftershocks."""
    random, after = np.random.default_rng(0), sequence(500, 0.05, 1.2, 0)
    alone = gutenberg_richter(3000, 1.0, 4.0, 0.1, 1).clip(max=6.5)
    catalogue = Catalogue.of(
        np.concatenate((random.uniform(-2000, 3000, 3000) * DAY, after.time)),
        np.concatenate((random.uniform(20, 50, 3000), after.latitude)),
        np.concatenate((random.uniform(120, 160, 3000), after.longitude)),
        np.concatenate((alone, np.concatenate(([7.0], gutenberg_richter(501, 1.0, 4.0, 0.1, 2).clip(max=6.0))))),
    )
    return summarise(catalogue, least=4.0, method=Method.NEAREST_NEIGHBOUR)


@pytest.mark.parametrize("view", list(View))
def test_every_view_has_curves_that_can_be_drawn_and_written(view: View, summary: Summary) -> None:
    plot = curve_plot(view, summary)
    assert plot.view is view
    for curve in plot.curves:
        assert len(curve.x) == len(curve.y) + (curve.kind is Kind.STEPS)
        assert np.isfinite(curve.x).all()
        assert plot.y_axis is not Axis.LOG or (curve.y > 0).all()
    rows = list(csv.reader(io.StringIO(plot.csv())))
    assert rows[0] == ["curve", plot.x_title, plot.y_title, "low", "high"]
    assert len(rows) == 1 + sum(len(curve.y) for curve in plot.curves)


def test_the_law_goes_through_what_was_counted(summary: Summary) -> None:
    each, cumulative, law = curve_plot(View.FREQUENCY, summary).curves
    assert cumulative.y[0] == len(summary.catalogue)
    assert each.y.sum() == len(summary.catalogue)
    assert law.y[0] == pytest.approx((summary.catalogue.magnitude > 3.95).sum())


def test_mainshocks_are_fewer_than_all(summary: Summary) -> None:
    every, main = curve_plot(View.CUMULATIVE, summary).curves
    assert every.y[-1] == len(summary.catalogue)
    assert main.y[-1] == summary.mainshocks.sum() < 3100


def test_times_are_written_as_dates(summary: Summary) -> None:
    assert curve_plot(View.B_VALUE, summary).csv().splitlines()[1].startswith("b,196")


def test_neighbours_say_their_threshold(summary: Summary) -> None:
    plot = curve_plot(View.NEIGHBOURS, summary)
    assert summary.declustering.proximities is not None
    assert plot.marks[0][0] == summary.declustering.proximities.threshold
    histogram, *hills = plot.curves
    assert sum(hill.y.sum() for hill in hills) == pytest.approx(histogram.y.sum(), rel=0.05)


def test_aftershocks_are_of_the_largest_or_of_the_selected_one(summary: Summary) -> None:
    assert "After magnitude 7.0 on 1970-01-01" in curve_plot(View.AFTERSHOCKS, summary).words
    small = int(np.argmin(summary.all.magnitude))
    with pytest.raises(QuakeViewError, match="too few for the law of Omori"):
        curve_plot(View.AFTERSHOCKS, summary, small)


def test_an_earthquake_without_magnitude_has_no_aftershocks() -> None:
    magnitudes = gutenberg_richter(200, 1.0, 4.0, 0.1, 1)
    magnitudes[3] = np.nan
    with pytest.raises(QuakeViewError, match="has no magnitude; select another"):
        curve_plot(View.AFTERSHOCKS, summarise(daily(magnitudes)), 3)


def test_some_earthquakes_are_looked_at_and_clusters_are_of_all(summary: Summary) -> None:
    early = summary.all.time < 0
    part = summarise(summary.all, least=4.0, method=Method.NEAREST_NEIGHBOUR, chosen=early)
    assert len(part.catalogue) == early.sum()
    assert (part.declustering.mainshocks == summary.declustering.mainshocks).mean() > 0.99
    assert len(part.mainshocks) == early.sum()
