"""What is said of whole catalogues, made and real."""

from pathlib import Path

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.reading import read_catalogue
from quakeview.seismicity.sample import FIRST, LAST, LEAST, sample_catalogue, sample_model
from quakeview.seismicity.statistics.b_values import b_value
from quakeview.seismicity.statistics.completeness import completeness
from quakeview.seismicity.statistics.methods import Method
from quakeview.seismicity.statistics.summary import Summary, summarise
from tests.seismicity.statistics.magnitudes import daily, gutenberg_richter, partly_seen

CATALOGUES = Path("../shared/data/catalogs")
real = pytest.mark.skipif(not CATALOGUES.exists(), reason="needs the real catalogues")


def said(summary: Summary, words: str) -> bool:
    return any(words in sentence for sentence in summary.cautions)


def test_a_good_catalogue_is_summarised_without_a_warning() -> None:
    random = np.random.default_rng(0)
    magnitudes = np.minimum(partly_seen(100_000, 2.0, 0), 4.8)
    number = len(magnitudes)
    catalogue = Catalogue.of(
        random.uniform(0, 7300, number) * DAY,
        random.uniform(30, 45, number),
        random.uniform(130, 145, number),
        magnitudes,
    )
    summary = summarise(catalogue)
    assert summary.cautions == ()
    rows = dict(summary.rows)
    assert rows["Earthquakes"] == f"{number:,}"
    assert rows["Rounded to"] == "0.1"
    assert rows["Used from magnitude"] in ("1.9", "2.0", "2.1")
    assert summary.b is not None
    assert summary.b.b == pytest.approx(1.0, abs=0.05)
    assert "Mainshocks, by Gardner and Knopoff" in rows


def test_use_from_below_completeness_is_said() -> None:
    catalogue = daily(partly_seen(50_000, 3.0, 0))
    assert said(
        summarise(catalogue, least=2.0), "from magnitude 2.0 on are used, but the catalogue is complete only from"
    )
    assert not said(summarise(catalogue, least=3.2), "complete only from")


def test_too_few_earthquakes_for_a_b_value_are_said() -> None:
    summary = summarise(daily(gutenberg_richter(200, 1.0, 2.0, 0.1, 0)), least=4.0)
    assert summary.b is None
    assert said(summary, "There are too few earthquakes of magnitude 4.0 and more")
    assert dict(summary.rows)["b-value"] == "too few earthquakes"
    with pytest.raises(QuakeViewError, match="magnitudes; choose a larger region or more years"):
        summarise(daily(gutenberg_richter(20, 1.0, 2.0, 0.1, 0)))


def test_a_catalogue_of_one_magnitude_and_day_is_summarised() -> None:
    same = np.full(100, 3.0)
    summary = summarise(Catalogue.of(np.zeros(100), same, same, same))
    assert summary.b is None
    assert said(summary, "or all are of one")


def test_use_below_completeness_does_not_look_thinned() -> None:
    """Small earthquakes that were never seen are no missing aftershocks."""
    magnitudes = partly_seen(20_000, 4.0, 0, b=1.2)
    random = np.random.default_rng(0)
    number = len(magnitudes)
    catalogue = Catalogue.of(
        random.uniform(0, 7300, number) * DAY,
        random.uniform(30, 45, number),
        random.uniform(130, 145, number),
        magnitudes,
    )
    assert not said(summarise(catalogue, least=2.5), "thinned or declustered")


def test_a_catalogue_that_was_cut_says_so() -> None:
    assert said(
        summarise(daily(gutenberg_richter(5000, 1.0, 5.0, 0.1, 0))), "begins with its most frequent magnitude, 5.0"
    )


def test_unknown_magnitudes_and_unusual_b_values_are_said() -> None:
    magnitudes = gutenberg_richter(5000, 0.4, 2.0, 0.1, 0)
    magnitudes[:3] = np.nan
    summary = summarise(daily(magnitudes))
    assert said(summary, "3 earthquakes have no magnitude and are not counted")
    assert said(summary, "is unusual (0.6 to 1.6 are usual)")


def test_years_of_worse_completeness_are_said() -> None:
    catalogue = daily(np.concatenate((partly_seen(40_000, 3.2, 1), partly_seen(400_000, 2.0, 2))))
    assert said(summarise(catalogue, least=2.1), "not complete from 2.1 all the time: by maximum curvature only from 3")


@pytest.mark.parametrize("kept", [1.0, 0.02])
def test_a_thinned_catalogue_is_told_by_its_missing_aftershocks(kept: float) -> None:
    """Ten mainshocks of 6.0 with the usual aftershocks, of which all or one in 50 is in the catalogue."""
    random, mothers, each = np.random.default_rng(1), 10, 63
    start, latitude = np.arange(mothers) * 1000.0, random.uniform(30, 45, mothers)
    times = np.concatenate((start, (start[:, None] + random.exponential(5.0, (mothers, each))).ravel(), [2e4]))
    north = np.concatenate((latitude, np.repeat(latitude, each), [50.0]))
    sizes = np.concatenate(
        (np.full(mothers, 6.0), gutenberg_richter(mothers * each, 1.2, 3.0, 0.1, 2).clip(max=5.5), [3.0])
    )
    stays = (random.random(len(times)) < kept) | (sizes == 6.0) | (np.arange(len(times)) >= len(times) - 1)
    alone = gutenberg_richter(3000, 1.2, 3.0, 0.1, 3).clip(max=5.5)
    catalogue = Catalogue.of(
        np.concatenate((times[stays], random.uniform(0, 2e4, 3000))) * DAY,
        np.concatenate((north[stays], random.uniform(-60, -10, 3000))),
        np.full(stays.sum() + 3000, 140.0),
        np.concatenate((sizes[stays], alone)),
    )
    assert said(summarise(catalogue, least=3.0), "looks thinned or declustered") == (kept < 1)


def test_the_sample_is_as_it_was_simulated() -> None:
    """Complete from 4.0 with b = 1, and so many background earthquakes as its model has."""
    model, catalogue = sample_model(), read_catalogue(sample_catalogue()).catalogue
    summary = summarise(catalogue, method=Method.NEAREST_NEIGHBOUR)
    assert summary.completeness.stability == LEAST
    assert summary.b is not None
    assert summary.b.interval[0] < 1.0 < summary.b.interval[1]
    assert summary.positive is not None
    assert summary.positive.interval[0] < 1.0 < summary.positive.interval[1]
    background = model.background.sum() * (LAST - FIRST)
    assert summary.mainshocks.sum() == pytest.approx(background, rel=0.25)


@real
def test_japan_is_complete_from_where_it_was_found_before() -> None:
    catalogue = read_catalogue(CATALOGUES / "japan_earthquakenpp.csv").catalogue
    summary = summarise(catalogue, method=Method.NEAREST_NEIGHBOUR)
    assert (summary.completeness.curvature, summary.completeness.stability) == (4.6, 4.5)
    assert (summary.least, summary.rounding.step) == (4.5, 0.1)
    assert said(summary, "magnitude 9.1 on 2011-03-11, those from 4.5 on are probably incomplete for 1 d 08 h")
    assert not said(summary, "thinned")
    train, test = (
        catalogue.between(_time(first), _time(last)) for first, last in (("1991", "2014"), ("2017-04-06", "2020"))
    )
    assert completeness(train, 0.1).stability == 5.2
    assert b_value(train.magnitude, 4.5, 0.1).b == pytest.approx(1.08, abs=0.005)
    assert b_value(test.magnitude, 4.5, 0.1).b == pytest.approx(1.43, abs=0.005)


@real
def test_the_thinned_catalogue_of_japan_is_told() -> None:
    summary = summarise(read_catalogue(CATALOGUES / "japan_jma_pycsep.csv").catalogue)
    assert (
        "looks thinned or declustered: its large earthquakes have 5 aftershocks where about 27,000"
        in summary.cautions[0]
    )
    assert said(summary, "A b-value of 0.41 is unusual")
    assert said(summary, "only from 3.3 between 1919-11-10 and")


def _time(day: str) -> float:
    return float(np.datetime64(day, "s").astype(int))
