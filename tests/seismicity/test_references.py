"""Reference forecasts: smoothing, recent rates, what they are worth."""

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.decaying import RecentRates
from quakeview.seismicity.forecasting import probability
from quakeview.seismicity.gain import gain, score
from quakeview.seismicity.power_laws import exponentials
from quakeview.seismicity.references import Fitting, recent_rates, smoothed_recent, smoothed_seismicity, uniform
from quakeview.seismicity.smoothing import gaussian_shares, smoothed
from quakeview.seismicity.windows import Window
from tests.seismicity.catalogues import FIRST, box, clustered, scattered

DAYS = 400
TRAINED = FIRST + 300


@pytest.mark.parametrize("exponent", [1.07, 1.5, 2.5])
def test_exponentials_are_a_power_law(exponent: float) -> None:
    rates, weights = exponentials(exponent, 1e5)
    z = np.concatenate(([0], np.logspace(-3, 5, 40)))
    assert np.allclose(weights @ np.exp(-rates[:, None] * z), (1 + z) ** -exponent, rtol=3e-3)


def test_an_earthquake_is_spread_whole() -> None:
    grid = box()
    x, y, width = np.array([1e3]), np.array([-7e3]), np.array([20e3])
    assert next(gaussian_shares(grid, x, y, width)).sum() == pytest.approx(1, abs=1e-3)
    shares = smoothed(grid, x, y, np.array([5e3]))
    assert 0.9 < shares.sum() < 1
    east, north = grid.centres
    far = np.hypot(east - x, north - y) > 100e3
    density = 0.5 / np.pi / 5e3**2 * (1 + ((east - x) ** 2 + (north - y) ** 2) / 5e3**2) ** -1.5
    assert np.allclose(shares[far], density[far] * grid.area, rtol=0.05)


def test_recent_rates_are_sums_over_the_past() -> None:
    grid, catalogue = box(), scattered(200, 30)
    rates = RecentRates(grid, (30e3,), (4.0,))
    days = [FIRST - 2, FIRST + 10, FIRST + 12, FIRST + 40]
    states = [state[0, 0].copy() for state in rates.at_ends(catalogue, days)]
    x, y = grid.project(catalogue.latitude, catalogue.longitude)
    shares = np.concatenate(list(gaussian_shares(grid, x, y, np.full(len(x), 30e3)))).reshape(len(x), -1)
    for day, state in zip(days, states, strict=True):
        age = day + 1 - catalogue.time / DAY
        assert np.allclose(state, np.where(age > 0, np.exp(-age / 4) / 4, 0) @ shares)


@pytest.mark.parametrize("window", [Window(), Window(2, 5)], ids=str)
def test_each_reference_beats_the_simpler_one(window: Window) -> None:
    catalogue, grid = clustered(DAYS), box()
    fitting = Fitting(catalogue, grid, 4.5, FIRST + 10, TRAINED, window)
    days = range(TRAINED, FIRST + DAYS - window.last)
    flat, mapped, recent = (
        score(make(fitting), catalogue, days) for make in (uniform, smoothed_seismicity, smoothed_recent)
    )
    assert gain(recent, mapped, block=10).low > 0.3
    assert gain(recent, flat, block=10).low > 0.3
    assert gain(flat, flat).value == 0
    assert recent.expected.sum() == pytest.approx(recent.observed.sum(), rel=0.5)


def test_nothing_later_is_used() -> None:
    catalogue, grid = clustered(DAYS), box()
    fitting = Fitting(catalogue, grid, 4.5, FIRST, TRAINED)
    only_past = catalogue.between(-np.inf, TRAINED * DAY)
    late = Catalogue.of([(TRAINED + 5) * DAY], [36.0], [140.0], [8.0])
    with_late = Catalogue.of(*(np.concatenate((getattr(only_past, name), getattr(late, name))) for name in _COLUMNS))
    for make in (uniform, smoothed_seismicity, smoothed_recent):
        of_all = list(make(fitting).expected(catalogue, [TRAINED - 1, TRAINED + 3]))
        other = make(Fitting(only_past, grid, 4.5, FIRST, TRAINED))
        assert np.array_equal(of_all[0], next(iter(other.expected(with_late, [TRAINED - 1]))))


def test_too_few_earthquakes_are_a_sentence() -> None:
    with pytest.raises(QuakeViewError, match=r"from 10 earthquakes .* at least 50"):
        uniform(Fitting(scattered(10, 30), box(), 4.5, FIRST, FIRST + 30))


def test_probability_is_that_of_poisson() -> None:
    assert probability(np.array([0.0, 1e-9, 1.0])) == pytest.approx([0, 1e-9, 1 - np.exp(-1)])


_COLUMNS = ("time", "latitude", "longitude", "magnitude")


@pytest.mark.parametrize(("size", "width"), [(100e3, 15e3), (25e3, 15e3), (10e3, 6e3)])
def test_recent_earthquakes_are_spread_less_in_small_cells(size: float, width: float) -> None:
    assert recent_rates(box(size)).widths == (width,)
