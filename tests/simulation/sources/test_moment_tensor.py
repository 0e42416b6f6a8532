import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.simulation.region import HAYWARD
from quakeview.simulation.sources.moment_tensor import double_couple


def matrix(components):
    xx, yy, zz, xy, xz, yz = components
    return np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])


def normal_and_slip(strike, dip, rake):
    """In north, east, down (Aki & Richards 2002, eqs 4.83, 4.88)."""
    s, d, r = np.radians([strike, dip, rake])
    normal = np.array([-np.sin(d) * np.sin(s), np.sin(d) * np.cos(s), -np.cos(d)])
    slip = np.array(
        [
            np.cos(r) * np.cos(s) + np.cos(d) * np.sin(r) * np.sin(s),
            np.cos(r) * np.sin(s) - np.cos(d) * np.sin(r) * np.cos(s),
            -np.sin(r) * np.sin(d),
        ]
    )
    return normal, slip


@pytest.mark.parametrize("angles", [(0, 90, 180), (143.638, 90, 180), (30, 45, 90), (210, 25, -70), (320, 60, 12)])
@pytest.mark.parametrize("azimuth", [0.0, 90.0, HAYWARD.x_azimuth])
def test_is_the_slip_and_normal_dyad_in_the_axes_of_the_region(angles, azimuth):
    normal, slip = normal_and_slip(*angles)
    a = np.radians(azimuth)
    axes = np.array([[np.cos(a), np.sin(a), 0], [np.sin(a), -np.cos(a), 0], [0, 0, 1]])
    expected = axes @ (np.outer(normal, slip) + np.outer(slip, normal)) @ axes.T
    np.testing.assert_allclose(matrix(double_couple(*angles, 1.0, azimuth)), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("angles", "sentence"),
    [
        ((0, 91, 0), "dip of 91°"),
        ((0, -1, 0), "dip of -1°"),
        ((0, np.nan, 0), "dip of nan°"),
        ((np.nan, 90, 0), "not a number"),
        ((0, 90, np.inf), "not a number"),
    ],
)
def test_angles_that_cannot_be_are_explained(angles, sentence):
    with pytest.raises(QuakeViewError, match=sentence):
        double_couple(*angles, 1.0)


def test_slip_along_the_hayward_fault_is_right_lateral():
    # From the south-west the far side (greater Y) moves to the right, towards greater X: Mxy is positive.
    tensor = double_couple(HAYWARD.x_azimuth, 90, 180, 2.0)
    np.testing.assert_allclose(tensor, [0, 0, 0, 2.0, 0, 0], atol=1e-12)


def test_broadcasts_and_keeps_the_scalar_moment():
    moments = np.array([1.0, 2.0, 5.0])
    tensors = double_couple(10, 70, np.array([0, 90, 170]), moments)
    for tensor, moment in zip(tensors, moments, strict=True):
        np.testing.assert_allclose(np.linalg.eigvalsh(matrix(tensor)), [-moment, 0, moment], atol=1e-12)
