"""Completeness of catalogues of which it is known."""

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.seismicity.statistics.completeness import (
    b_stability,
    completeness,
    completeness_over_time,
    goodness_of_fit,
    incomplete_for,
    maximum_curvature,
)
from quakeview.seismicity.statistics.magnitudes import frequency_magnitude
from tests.seismicity.statistics.magnitudes import daily, gutenberg_richter, partly_seen


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("complete", [1.5, 3.0])
def test_completeness_is_found(complete: float, seed: int) -> None:
    found = completeness(daily(partly_seen(200_000, complete, seed)), 0.1)
    assert found.curvature == pytest.approx(complete, abs=0.21)
    assert found.stability == pytest.approx(complete, abs=0.21)
    assert found.fit == pytest.approx(complete, abs=0.31)
    assert (found.magnitude, found.method) == (found.stability, "stability of b")
    assert 0 <= found.scatter < 0.15


def test_a_catalogue_of_two_laws_has_no_stable_b() -> None:
    """b grows with magnitude throughout, as in a mixture that ends at a largest magnitude."""
    magnitudes = np.round(4 - np.sqrt(np.random.default_rng(0).random(20_000)) * 2, 1)
    counts = frequency_magnitude(magnitudes[magnitudes >= 2.0], 0.1)
    assert b_stability(counts) is None
    found = completeness(daily(magnitudes), 0.1)
    assert (found.magnitude, found.method) == (found.curvature, "maximum curvature")


def test_the_law_fits_what_follows_it() -> None:
    counts = frequency_magnitude(gutenberg_richter(20_000, 1.0, 2.0, 0.1, 0), 0.1)
    assert goodness_of_fit(counts) == (2.0, 95.0)
    assert maximum_curvature(counts) == 2.2


def test_a_change_of_completeness_is_seen_over_time() -> None:
    early, late = partly_seen(200_000, 3.0, 1), partly_seen(200_000, 2.0, 2)
    catalogue = daily(np.concatenate((early, late)))
    found = completeness_over_time(catalogue, 0.1)
    change = len(early) * 86400
    assert np.median(found.curvature[found.end < change]) == pytest.approx(3.0, abs=0.25)
    assert np.median(found.curvature[found.start > change]) == pytest.approx(2.0, abs=0.25)
    assert len(found.curvature) == len(found.stability) == len(found.scatter)


def test_small_earthquakes_are_missed_for_a_while_after_a_large_one() -> None:
    assert incomplete_for(7.5, 3.0) == pytest.approx(86400.0)
    assert incomplete_for(6.0, 3.0) == pytest.approx(86400.0 / 100)


def test_too_few_magnitudes_are_said() -> None:
    few = daily(np.full(20, 3.0))
    with pytest.raises(QuakeViewError, match="20 magnitudes; choose a larger region"):
        completeness(few, 0.1)
    with pytest.raises(QuakeViewError, match="too few for a completeness over time"):
        completeness_over_time(few, 0.1)
