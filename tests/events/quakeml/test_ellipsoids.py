"""Ellipsoids of files and the covariances they stand for."""

import numpy as np
import pytest

from quakeview.events.quakeml.ellipsoids import (
    Ellipsoid,
    chi_square,
    covariance_of_ellipse,
    covariance_of_ellipsoid,
    ellipsoid_of,
)


@pytest.mark.parametrize("seed", range(20))
def test_a_covariance_comes_back_from_its_ellipsoid(seed: int) -> None:
    root = np.random.default_rng(seed).normal(size=(3, 3)) * 1e3
    covariance = root @ root.T
    back = covariance_of_ellipsoid(ellipsoid_of(covariance))
    np.testing.assert_allclose(back, covariance, rtol=1e-6, atol=1e-8 * covariance.max())


def test_the_axes_are_those_of_quakeml() -> None:
    """The USGS gives this one for an earthquake whose depth is known to 1 km and whose place to 12 km: with a rotation
    of 87 degrees the minor axis is upright."""
    covariance = covariance_of_ellipsoid(Ellipsoid(12174, 223, 11268, 6, 184, 87), confidence=90)
    sigma = np.sqrt(np.diag(covariance) * chi_square(90, 3))
    assert sigma[2] < 2000 < 11000 < sigma[0] < sigma[1]


def test_regions_hold_what_they_say() -> None:
    draws = np.random.default_rng(0).normal(size=(200_000, 3))
    for dimensions in (1, 2, 3):
        inside = (draws[:, :dimensions] ** 2).sum(axis=1) < chi_square(68, dimensions)
        assert inside.mean() == pytest.approx(0.68, abs=0.005)


def test_an_ellipse_points_to_its_azimuth() -> None:
    covariance = covariance_of_ellipse(3e3, 1e3, 30.0)
    along = np.array([np.sin(np.radians(30)), np.cos(np.radians(30))])
    assert along @ covariance @ along == pytest.approx(3e3**2 / chi_square(68, 2))
