"""ETAS: its forecast against the formulas, and its fit."""

from dataclasses import replace

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.etas import EtasForecast, Triggering
from quakeview.seismicity.etas_fitting import fit_etas
from quakeview.seismicity.etas_simulation import simulate
from quakeview.seismicity.gain import gain, score
from quakeview.seismicity.references import Fitting, smoothed_seismicity
from quakeview.seismicity.windows import Window
from tests.seismicity.catalogues import FIRST, box

LAW = Triggering(reference=4.5, productivity=0.2, alpha=0.7, c=0.02, p=1.15, d=4e3, gamma=0.6, q=1.7)


def test_aftershocks_follow_the_laws() -> None:
    grid, window = box(), Window(3, 8)
    forecast = EtasForecast("ETAS", grid, 4.5, window, LAW, np.zeros(grid.number))
    catalogue = Catalogue.of([(FIRST + 0.3) * DAY, (FIRST + 2.9) * DAY], [37.0, 36.5], [140.0, 139.0], [6.5, 5.0])
    day = FIRST + 4
    expected = next(iter(forecast.aftershocks(catalogue, [day])))
    age = day + 1 - catalogue.time / DAY
    in_window = LAW.until(age + window.last - 1) - LAW.until(age + window.first - 1)
    numbers = LAW.aftershocks(catalogue.magnitude) * in_window
    assert expected.sum() == pytest.approx(numbers.sum(), rel=0.1)  # less what falls outside the grid
    east, north = grid.centres
    x, y = grid.project(catalogue.latitude, catalogue.longitude)
    squares = (east[:, None] - x) ** 2 + (north[:, None] - y) ** 2
    scale = LAW.scales(catalogue.magnitude) ** 2
    density = (LAW.q - 1) / np.pi / scale * (1 + squares / scale) ** -LAW.q
    far = squares.min(axis=1) > 100e3**2
    assert np.allclose(expected[far], (density @ numbers)[far] * grid.area, rtol=0.06)


def test_nothing_is_expected_of_what_has_not_happened() -> None:
    grid = box()
    forecast = EtasForecast("ETAS", grid, 4.5, Window(), LAW, np.full(grid.number, 1e-3))
    later = Catalogue.of([(FIRST + 9) * DAY], [37.0], [140.0], [7.0])
    assert next(iter(forecast.expected(later, [FIRST + 8]))) == pytest.approx(1e-3)
    assert next(iter(forecast.expected(later, [FIRST + 9]))).max() > 0.05


def test_the_law_of_a_simulated_catalogue_is_found_again() -> None:
    grid, days = box(), 3000
    background = np.zeros(grid.number)
    background[::7] = 0.3 / len(background[::7])
    made = EtasForecast("made", grid, 4.5, Window(), LAW, background)
    catalogue = simulate(made, FIRST, FIRST + days, seed=3)
    fitting = Fitting(catalogue, grid, 4.5, FIRST + 200, FIRST + 2500)
    found = fit_etas(fitting)
    law = found.triggering
    assert found.background.sum() == pytest.approx(0.3, rel=0.25)
    assert (law.alpha, law.productivity) == pytest.approx((LAW.alpha, LAW.productivity), rel=0.5)
    assert (law.p, law.q) == pytest.approx((LAW.p, LAW.q), rel=0.4)
    assert np.log10(law.c / LAW.c) == pytest.approx(0, abs=0.4)
    assert np.log10(law.d / LAW.d) == pytest.approx(0, abs=0.2)
    test = range(FIRST + 2500, FIRST + 2990)
    over_map = gain(score(found, catalogue, test), score(smoothed_seismicity(fitting), catalogue, test))
    assert over_map.low > 0.2
    assert abs(gain(score(found, catalogue, test), score(made, catalogue, test)).value) < 0.2


def test_a_simulation_has_the_numbers_of_its_law() -> None:
    grid = box()
    quiet = EtasForecast("made", grid, 4.5, Window(), replace(LAW, productivity=1e-9), np.full(grid.number, 1e-3))
    catalogue = simulate(quiet, FIRST, FIRST + 5000)
    assert len(catalogue) == pytest.approx(5 * grid.number, rel=0.1)
    assert np.log10(np.e) / (catalogue.magnitude - 4.5).mean() == pytest.approx(1.0, rel=0.1)
    endless = replace(quiet, triggering=replace(LAW, productivity=2.0))
    with pytest.raises(QuakeViewError, match="more than one aftershock"):
        simulate(endless, FIRST, FIRST + 5000)


def test_more_time_and_larger_earthquakes_bring_more() -> None:
    assert LAW.until(np.array([-1.0, 0.0])).tolist() == [0, 0]
    assert LAW.until(np.array([1e9]))[0] == pytest.approx(1, abs=0.1)
    assert replace(LAW, alpha=1.0).aftershocks(np.array([5.5]))[0] == pytest.approx(2.0)
