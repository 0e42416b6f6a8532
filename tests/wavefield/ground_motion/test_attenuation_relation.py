"""Attenuation relations: distances by geometry, medians by the published equations, sentences out of range."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from quakeview.errors import QuakeViewError
from quakeview.simulation.region import HAYWARD
from quakeview.simulation.sources.fault_plane import FaultPlane
from quakeview.wavefield.ground_motion.attenuation_relation import (
    RELATIONS,
    Distances,
    distances_beside,
    gmpe_pgv,
    mechanism,
    plane_distances,
)

PLANE = FaultPlane(20e3, 38e3, HAYWARD.x_azimuth, dip=90.0, top_depth=3e3, length=30e3, width=12e3)


def test_distances_to_a_vertical_plane_along_x() -> None:
    x, y = np.array([[35e3, 35e3], [10e3, 60e3]]), np.array([[38e3, 48e3], [38e3, 28e3]])
    distances = plane_distances(PLANE, x, y)
    np.testing.assert_allclose(distances.joyner_boore, [[0, 10e3], [10e3, np.hypot(10e3, 10e3)]], atol=1e-6)
    np.testing.assert_allclose(distances.rupture, np.hypot(distances.joyner_boore, 3e3))
    np.testing.assert_allclose(distances.strike_normal, [[0, -10e3], [0, 10e3]], atol=1e-6)


@pytest.mark.parametrize(("strike", "dip"), [(143.638, 60.0), (20.0, 35.0), (250.0, 90.0)])
def test_rupture_distance_is_the_least_to_any_point_of_the_plane(strike: float, dip: float) -> None:
    plane = replace(PLANE, x=50e3, y=40e3, strike=strike, dip=dip)
    for x, y in np.random.default_rng(5).uniform(0, 90e3, (8, 2)):
        site, bounds = np.array([x, y, 0]), [(0, plane.length), (0, plane.width)]
        least = minimize(lambda p, site=site: np.sum((plane.at(*p) - site) ** 2) / 1e6, [15e3, 6e3], bounds=bounds)
        flat = minimize(lambda p, site=site: np.sum((plane.at(*p) - site)[:2] ** 2) / 1e6, [15e3, 6e3], bounds=bounds)
        distances = plane_distances(plane, x, y)
        assert distances.rupture == pytest.approx(1e3 * np.sqrt(least.fun), rel=1e-3, abs=20)
        assert distances.joyner_boore == pytest.approx(1e3 * np.sqrt(flat.fun), rel=1e-3, abs=20)


def test_a_point_source_is_a_plane_without_extent() -> None:
    point = replace(PLANE, x=40e3, y=38e3, top_depth=8e3, length=0, width=0)
    distances = plane_distances(point, 43e3, 42e3)
    assert distances.joyner_boore == pytest.approx(5e3)
    assert distances.rupture == pytest.approx(np.hypot(5e3, 8e3))


@pytest.mark.parametrize("dip", [40.0, 90.0])
def test_distances_beside_the_plane(dip: float) -> None:
    plane = replace(PLANE, strike=200.0, dip=dip)
    distances = distances_beside(plane, [0.0, 5e3, 50e3])
    np.testing.assert_allclose(distances.joyner_boore, [0, 5e3, 50e3], atol=1e-6)
    np.testing.assert_allclose(distances.strike_normal, [0, -5e3, -50e3], atol=1e-6)
    assert distances.rupture[2] == pytest.approx(np.hypot(50e3, 3e3))


def test_bssa14_agrees_with_its_equations() -> None:
    """Boore et al. (2014), equations 2 to 4 and 17, coefficients of PGV, strike slip, Vs30 = 760 m/s."""
    magnitude, distance = 6.0, np.array([5.0, 20.0, 80.0])
    e1, e4, e5, m_h = 5.078, 1.073, -0.1536, 6.2
    c1, c2, c3, h = -1.243, 0.1489, -0.00344, 5.3
    radius = np.hypot(distance, h)
    source = e1 + e4 * (magnitude - m_h) + e5 * (magnitude - m_h) ** 2
    path = (c1 + c2 * (magnitude - 4.5)) * np.log(radius) + c3 * (radius - 1)
    median, sigma = gmpe_pgv("BSSA14", magnitude, PLANE, distances_beside(PLANE, 1e3 * distance))
    np.testing.assert_allclose(100 * median, np.exp(source + path), rtol=1e-3)
    np.testing.assert_allclose(sigma[:2], np.hypot(0.552, 0.346), rtol=1e-3)


@pytest.mark.parametrize("relation", RELATIONS)
def test_medians_fall_with_distance_and_rise_with_magnitude(relation: str) -> None:
    distances = distances_beside(PLANE, np.geomspace(2e3, 120e3, 10))
    smaller, sigma = gmpe_pgv(relation, 5.0, PLANE, distances)
    larger, _ = gmpe_pgv(relation, 7.0, PLANE, distances)
    assert np.all(np.diff(smaller) < 0)
    assert np.all(larger > 3 * smaller)
    assert np.all((sigma > 0.5) & (sigma < 0.9))
    assert 0.1 < larger[0] < 1.5


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_point_source_has_a_curve_too(relation: str) -> None:
    point = replace(PLANE, top_depth=9e3, length=0, width=0)
    median, _ = gmpe_pgv(relation, 4.5, point, distances_beside(point, [0.0, 10e3, 60e3]), rake=90.0)
    assert np.all(np.diff(median) < 0)


def test_relations_agree_within_a_factor_of_two() -> None:
    distances = distances_beside(PLANE, [20e3])
    medians = [gmpe_pgv(relation, 6.5, PLANE, distances)[0].item() for relation in RELATIONS]
    assert max(medians) < 2 * min(medians)


def test_the_shape_of_the_map_is_kept() -> None:
    flat = np.full((2, 3), 10e3)
    median, sigma = gmpe_pgv("CY14", 6.0, PLANE, Distances(flat, flat, flat))
    assert median.shape == sigma.shape == (2, 3)


@pytest.mark.parametrize(
    ("rake", "expected"), [(180, "SS"), (-170, "SS"), (0, "SS"), (90, "RS"), (-90, "NS"), (270, "NS"), (330, "SS")]
)
def test_mechanism(rake: float, expected: str) -> None:
    assert mechanism(rake) == expected


@pytest.mark.parametrize(
    ("relation", "magnitude", "distance", "v_s30", "sentence"),
    [
        ("XYZ", 6.0, 10e3, 760.0, "choose BSSA14, CB14"),
        ("BSSA14", 2.0, 10e3, 760.0, "magnitudes from 3 to 8.5, not for 2"),
        ("ASK14", 6.0, 10e3, 1500.0, "Vs30 in m/s from 180 to 1000"),
        ("CB14", 6.0, 400e3, 760.0, "distances in km from 0 to 300"),
    ],
)
def test_out_of_range(relation: str, magnitude: float, distance: float, v_s30: float, sentence: str) -> None:
    with pytest.raises(QuakeViewError, match=sentence):
        gmpe_pgv(relation, magnitude, PLANE, distances_beside(PLANE, [distance]), v_s30=v_s30)
