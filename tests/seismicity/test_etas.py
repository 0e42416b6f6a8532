"""ETAS: its forecast against the formulas, and its fit."""

from dataclasses import replace

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.seismicity.aftershock_maps import add_aftershocks, reach
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.etas import EtasForecast, Triggering
from quakeview.seismicity.etas_fitting import calibrated, fit_etas
from quakeview.seismicity.etas_simulation import simulate, simulated_numbers
from quakeview.seismicity.etas_uncertainty import intervals, parameters
from quakeview.seismicity.gain import gain, score
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.references import Fitting, smoothed_seismicity
from quakeview.seismicity.region import Region
from quakeview.seismicity.windows import Window
from tests.seismicity.catalogues import FIRST, box, clustered

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
    far = (squares.min(axis=1) > 75e3**2) & (squares < reach(LAW.q) ** 2 * scale).all(axis=1)
    assert far.sum() > 50
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
    within = intervals(found)
    inside = {name for name, true in parameters(made).items() if within[name][0] < true < within[name][1]}
    assert len(inside) >= len(within) - 1, set(within) - inside
    assert within["background"][1] / within["background"][0] < 1.5
    assert within["alpha"][1] - within["alpha"][0] < 0.4
    assert within["d"][1] / within["d"][0] < 3
    test = range(FIRST + 2500, FIRST + 2990)
    over_map = gain(score(found, catalogue, test), score(smoothed_seismicity(fitting), catalogue, test))
    assert over_map.low > 0.2
    assert abs(gain(score(found, catalogue, test), score(made, catalogue, test)).value) < 0.2


def test_a_law_without_an_effect_of_magnitude_is_found() -> None:
    """In which large earthquakes have no more aftershocks than small ones: alpha is zero."""
    fitted = fit_etas(Fitting(clustered(400, seed=1), box(50e3), 4.5, FIRST + 20, FIRST + 400))
    assert fitted.triggering.alpha < 0.05
    assert fitted.triggering.productivity > 0.1


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


def test_numbers_to_come_scatter_around_the_calibrated_forecast_and_more_than_by_poisson() -> None:
    grid, day = box(), FIRST + 20
    model = EtasForecast("made", grid, 4.5, Window(1, 11), LAW, np.full(grid.number, 2e-3), factors=(1.2, 1.5))
    catalogue = Catalogue.of([(day + 0.9) * DAY, (day + 5) * DAY], [37.0, 37.0], [140.0, 140.0], [7.0, 8.5])
    numbers = simulated_numbers(model, catalogue, day, Region.box(35, 138, 39, 142).contains, 4.5, runs=4000)
    expected = next(iter(model.expected(catalogue, [day]))).sum()
    assert numbers.mean() == pytest.approx(expected, rel=0.1)
    assert numbers.var() > 1.5 * numbers.mean()
    larger = simulated_numbers(model, catalogue, day, Region.box(35, 138, 39, 142).contains, 5.5, runs=4000)
    assert larger.mean() == pytest.approx(numbers.mean() / 10, rel=0.25)
    north = simulated_numbers(model, catalogue, day, Region.box(37, 138, 39, 142).contains, 4.5, runs=4000)
    assert 0.3 < north.mean() / numbers.mean() < 0.7
    assert len(numbers) == 4000


def test_ranges_of_simulated_numbers_hold_what_comes() -> None:
    grid, window, everywhere = box(), Window(1, 11), Region.box(30, 130, 45, 150)
    model = EtasForecast("made", grid, 4.5, window, LAW, np.full(grid.number, 1e-3))
    catalogue = simulate(model, FIRST, FIRST + 1100, seed=5)
    inside = catalogue.where(grid.cells(catalogue) >= 0)
    days = range(FIRST + 100, FIRST + 1080, 20)
    held = 0
    for day in days:
        numbers = simulated_numbers(model, catalogue, day, everywhere.contains, 4.5, runs=400, seed=day)
        low, high = np.quantile(numbers, (0.025, 0.975))
        held += low <= len(inside.between((day + 1) * DAY, (day + 11) * DAY)) <= high
    assert held >= 0.87 * len(days)


def test_simulations_know_nothing_later() -> None:
    grid, day, window = box(), FIRST + 20, Window(1, 4)
    model = EtasForecast("made", grid, 4.5, window, LAW, np.full(grid.number, 1e-3), factors=(1.2, 1.5))
    early, late = ([(day + 0.5) * DAY], [37.0], [140.0], [6.5]), ([(day + 1.0) * DAY], [37.5], [140.0], [8.5])
    both = Catalogue.of(*(a + b for a, b in zip(early, late, strict=True)))
    region = Region.box(35, 138, 39, 142)
    both_ways = [
        simulated_numbers(model, known, day, region.contains, 4.5, runs=50) for known in (Catalogue.of(*early), both)
    ]
    assert np.array_equal(*both_ways)


def test_a_fit_knows_nothing_later() -> None:
    grid = box(50e3)
    made = EtasForecast("made", grid, 4.5, Window(), LAW, np.full(grid.number, 0.3 / grid.number))
    catalogue = simulate(made, FIRST, FIRST + 700, seed=3)
    of_all, of_past = (
        fit_etas(Fitting(each, grid, 4.5, FIRST + 50, FIRST + 600))
        for each in (catalogue, catalogue.between(-np.inf, (FIRST + 600) * DAY))
    )
    assert of_all.triggering == of_past.triggering
    assert of_all.factors == of_past.factors
    assert np.array_equal(of_all.background, of_past.background)


def test_weights_are_fitted_for_each_horizon() -> None:
    grid = box(50e3)
    made = EtasForecast("made", grid, 4.5, Window(), LAW, np.full(grid.number, 0.3 / grid.number))
    fitting = Fitting(simulate(made, FIRST, FIRST + 900, seed=4), grid, 4.5, FIRST + 50, FIRST + 900)
    later = replace(fitting, window=Window(10, 20))
    next_day = calibrated(made, fitting)
    days_on = calibrated(made, later)
    assert days_on.window == Window(10, 20)
    assert days_on.factors[1] > 1.2 * next_day.factors[1]
    expected = sum(each.sum() for each in days_on.expected(fitting.catalogue, range(FIRST + 40, FIRST + 881)))
    counts = [len(fitting.targets.between((d + 10) * DAY, (d + 20) * DAY)) for d in range(FIRST + 40, FIRST + 881)]
    assert expected == pytest.approx(sum(counts), rel=0.02)


def test_intervals_are_of_logarithms_where_parameters_are_positive() -> None:
    covariance = np.diag(np.full(8, 0.01))
    model = EtasForecast("made", box(), 4.5, Window(), LAW, np.full(box().number, 1e-3), covariance=covariance)
    within = intervals(model)
    assert within["alpha"] == pytest.approx((0.7 - 0.196, 0.7 + 0.196), abs=1e-3)
    assert within["p"] == pytest.approx((1 + 0.15 * np.exp(-0.196), 1 + 0.15 * np.exp(0.196)), abs=1e-3)
    assert intervals(replace(model, covariance=None)) == {}


@pytest.mark.parametrize(("scale", "q"), [(1e3, 1.5), (4e3, 1.7), (60e3, 1.9)])
def test_aftershocks_are_integrated_over_cells(scale: float, q: float) -> None:
    grid, state = CellGrid(38.0, 140.0, -112.5e3, -112.5e3, 25e3, (9, 9)), np.zeros((81, 1))
    x, y = 9e3, -4e3
    add_aftershocks(state, grid, np.array([x]), np.array([y]), np.array([scale]), q, np.ones((1, 1)))
    parts = grid.size * ((np.arange(200) + 0.5) / 200 - 0.5)
    for cell in (40, 41, 49, 31, 60, 44):
        east, north = (centres[cell] for centres in grid.centres)
        squares = (east + parts[:, None] - x) ** 2 + (north + parts - y) ** 2
        exact = ((q - 1) / np.pi / scale**2 * (1 + squares / scale**2) ** -q).mean() * grid.area
        assert state[cell, 0] == pytest.approx(exact, rel=2e-3)


def test_a_fit_can_be_stopped() -> None:
    class Stopped(Progress):
        def on_advance(self, done: float, total: float, message: str) -> None:
            assert 0 <= done <= total
            self.cancel()

    with pytest.raises(Cancelled):
        fit_etas(Fitting(clustered(300), box(50e3), 4.5, FIRST + 10, FIRST + 250), Stopped())
