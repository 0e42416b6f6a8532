"""Declustering of catalogues whose clusters are known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.statistics.declustering import decluster
from quakeview.seismicity.statistics.epicentres import epicentres
from quakeview.seismicity.statistics.gardner_knopoff import window_distance, window_time
from quakeview.seismicity.statistics.methods import Method
from quakeview.seismicity.statistics.nearest_neighbour import DIMENSION, YEAR, proximities, two_gaussians
from quakeview.seismicity.statistics.proximity import LEAST_DISTANCE, LEAST_TIME


def with_clusters(seed: int = 0) -> tuple[Catalogue, NDArray[np.bool_]]:
    """Thirty mainshocks, each with 40 smaller aftershocks within days and kilometres, amid 1,200 lone earthquakes."""
    random = np.random.default_rng(seed)
    alone, mothers, each = 1200, 30, 40
    latitude, longitude = random.uniform(30, 45, alone + mothers), random.uniform(130, 145, alone + mothers)
    time = random.uniform(0, 7300 * DAY, alone + mothers)
    magnitude = np.concatenate((2.5 + random.exponential(0.3, alone), np.full(mothers, 5.5)))
    at = np.repeat(np.arange(alone, alone + mothers), each)
    times = np.concatenate((time, time[at] + DAY * random.uniform(0.01, 0.8, len(at)) ** 2))
    north = np.concatenate((latitude, latitude[at] + random.normal(0, 0.01, len(at))))
    east = np.concatenate((longitude, longitude[at] + random.normal(0, 0.01, len(at))))
    sizes = np.concatenate((magnitude, np.minimum(2.5 + random.exponential(0.4, len(at)), 5.0)))
    order = np.argsort(times, kind="stable")
    main = np.concatenate((np.ones(alone + mothers, bool), np.zeros(len(at), bool)))[order]
    return Catalogue.of(times, north, east, sizes), main


@pytest.mark.parametrize("method", list(Method))
def test_mainshocks_are_kept_and_aftershocks_are_not(method: Method) -> None:
    catalogue, main = with_clusters()
    found = decluster(catalogue, method, completeness=2.5)
    assert found.mainshocks[main].mean() > 0.93
    assert found.mainshocks[~main].mean() < 0.03
    large = catalogue.magnitude == 5.5
    assert found.mainshocks[large].all()
    assert np.isin(found.cluster[~main], np.flatnonzero(large)).mean() > 0.97
    assert found.clusters >= 30
    assert found.caution == ()


@pytest.mark.parametrize("method", list(Method))
def test_earthquakes_of_unknown_magnitude_stand_alone_and_change_nothing(method: Method) -> None:
    catalogue, _ = with_clusters()
    unknown = np.isnan(catalogue.magnitude)
    unknown[::50] = True
    magnitude = np.where(unknown, np.nan, catalogue.magnitude)
    some = Catalogue.of(catalogue.time, catalogue.latitude, catalogue.longitude, magnitude)
    found, without = decluster(some, method, 2.5), decluster(some.where(~unknown), method, 2.5)
    assert not found.mainshocks[unknown].any()
    assert (found.mainshocks[~unknown] == without.mainshocks).all()


@pytest.mark.parametrize("method", list(Method))
def test_a_catalogue_of_one_or_no_earthquake_is_its_own_mainshocks(method: Method) -> None:
    one = Catalogue.of([0.0], [36.0], [140.0], [5.0])
    assert decluster(one, method, 2.5).mainshocks.tolist() == [True]
    assert len(decluster(one.where(slice(0, 0)), method, 2.5).mainshocks) == 0


def test_windows_are_those_of_the_table() -> None:
    """Gardner and Knopoff (1974), table 1: 19.5 km and 6 days for 2.5, 40 km, 155 d for 5.0, 70 km, 915 d for 7.0."""
    magnitudes = np.array([2.5, 5.0, 7.0])
    assert window_distance(magnitudes) / 1e3 == pytest.approx([19.5, 40, 70], rel=0.02)
    assert window_time(magnitudes) / DAY == pytest.approx([6, 155, 915], rel=0.08)


def test_the_larger_earthquake_takes_those_before_it_too() -> None:
    catalogue = Catalogue.of(np.array([0.0, 1.0, 2.0, 500.0]) * DAY, [36.0] * 4, [140.0] * 4, [4.0, 6.0, 5.0, 4.0])
    assert decluster(catalogue, Method.GARDNER_KNOPOFF, 3.0).cluster.tolist() == [1, 1, 1, 1]
    late = Catalogue.of(np.array([0.0, 1.0, 2.0, 900.0]) * DAY, [36.0] * 4, [140.0] * 4, [4.0, 6.0, 5.0, 4.0])
    assert decluster(late, Method.GARDNER_KNOPOFF, 3.0).cluster.tolist() == [1, 1, 1, 3]


def test_reasenberg_links_a_chain_that_no_window_would() -> None:
    """Each is within reach (10 radii: 2.8 km for 3.5) of the one before, the last of none of the others."""
    latitude = 36.0 + np.array([0.0, 0.02, 0.04, 0.06, 0.2])
    chain = Catalogue.of(np.arange(5) * 0.5 * DAY, latitude, [140.0] * 5, [3.5, 3.5, 3.6, 3.5, 3.5])
    assert decluster(chain, Method.REASENBERG, 1.5).cluster.tolist() == [2, 2, 2, 2, 4]


def test_reasenberg_waits_longer_the_longer_a_cluster_lasts() -> None:
    """A day after the first earthquake at least; after nine days of aftershocks, up to ten days more."""
    days = [0.0, 1.5]
    apart = Catalogue.of(np.array(days) * DAY, [36.0] * 2, [140.0] * 2, [5.0, 3.0])
    assert decluster(apart, Method.REASENBERG, 2.5).clusters == 0
    going_on = Catalogue.of(np.array([0.0, 0.9, 3.0, 9.0]) * DAY, [36.0] * 4, [140.0] * 4, [5.0, 3.0, 3.0, 3.0])
    assert decluster(going_on, Method.REASENBERG, 2.5).cluster.tolist() == [0, 0, 0, 0]


def test_the_nearest_parent_is_that_of_all_pairs() -> None:
    catalogue, _ = with_clusters(3)
    found = proximities(catalogue)
    years, places = catalogue.time / YEAR, epicentres(catalogue) / 1e3
    for number in range(1, len(catalogue), 37):
        ago = np.maximum(years[number] - years[:number], LEAST_TIME)
        apart = np.maximum(np.linalg.norm(places[:number] - places[number], axis=1), LEAST_DISTANCE)
        pairs = ago * apart**DIMENSION * 10 ** -catalogue.magnitude[:number]
        assert found.parent[number] == pairs.argmin()
        assert found.proximity[number] == pytest.approx(np.log10(pairs.min()))
    assert found.parent[0] == -1
    assert np.isnan(found.proximity[0])


def test_two_hills_and_the_valley_between_are_found() -> None:
    random = np.random.default_rng(0)
    values = np.concatenate((random.normal(-6, 0.8, 3000), random.normal(-2, 0.5, 6000)))
    means, widths, parts = two_gaussians(values)
    assert means == pytest.approx([-6, -2], abs=0.1)
    assert widths == pytest.approx([0.8, 0.5], abs=0.1)
    assert parts == pytest.approx([1 / 3, 2 / 3], abs=0.02)


def test_without_clusters_the_threshold_is_not_trusted() -> None:
    random = np.random.default_rng(1)
    alone = Catalogue.of(
        random.uniform(0, 7300 * DAY, 3000),
        random.uniform(30, 45, 3000),
        random.uniform(130, 145, 3000),
        2 + random.exponential(0.4, 3000),
    )
    (sentence,) = decluster(alone, Method.NEAREST_NEIGHBOUR, 2.0).caution
    assert "do not fall into two groups" in sentence
