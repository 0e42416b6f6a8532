"""Regions of confidence of hypocentres: ellipses and ellipsoids of files, and the covariances that they come from."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 68.0
"""Per cent, of the regions that QuakeView writes, and of those of files that do not say."""


class Ellipsoid(NamedTuple):
    """A confidence ellipsoid as QuakeML describes it: semi-axes in metres, angles in degrees.

    The axes X (major), Y (minor) and Z (intermediate) lie along north, east and down, and are turned by the
    ``rotation`` about X, then tilted so that X plunges by ``plunge``, then turned about the vertical by ``azimuth``.
    """

    major: float
    minor: float
    intermediate: float
    plunge: float
    azimuth: float
    rotation: float


def chi_square(confidence: float, dimensions: int) -> float:
    """The squared radius, in standard deviations, that holds ``confidence`` per cent of a normal distribution."""
    from scipy.special import chdtri

    return float(chdtri(dimensions, 1 - confidence / 100))


def ellipsoid_of(covariance: NDArray[np.float64], confidence: float = CONFIDENCE) -> Ellipsoid:
    """Of the (3, 3) covariance of east, north and depth, m²."""
    north_east_down = covariance[np.ix_([1, 0, 2], [1, 0, 2])]
    values, vectors = np.linalg.eigh(north_east_down)
    minor, intermediate, major = np.sqrt(np.maximum(values, 0) * chi_square(confidence, 3)).tolist()
    axis = vectors[:, 2] * (1 if vectors[2, 2] >= 0 else -1)
    plunge, azimuth = np.arcsin(min(axis[2], 1.0)), np.arctan2(axis[1], axis[0])
    tilted = _turned(float(plunge), float(azimuth), 0.0)
    rotation = np.arctan2(vectors[:, 0] @ tilted[:, 2], vectors[:, 0] @ tilted[:, 1])
    plunge, azimuth, rotation = np.degrees([plunge, azimuth, rotation])
    return Ellipsoid(major, minor, intermediate, float(plunge), float(azimuth % 360), float(rotation % 180))


def covariance_of_ellipsoid(ellipsoid: Ellipsoid, confidence: float = CONFIDENCE) -> NDArray[np.float64]:
    """(3, 3) of east, north and depth, m²."""
    axes = _turned(*np.radians([ellipsoid.plunge, ellipsoid.azimuth, ellipsoid.rotation]).tolist())
    lengths = np.array([ellipsoid.major, ellipsoid.minor, ellipsoid.intermediate])
    north_east_down = axes @ np.diag(lengths**2 / chi_square(confidence, 3)) @ axes.T
    return _without_noise(north_east_down[np.ix_([1, 0, 2], [1, 0, 2])])


def covariance_of_ellipse(
    major: float, minor: float, azimuth: float, confidence: float = CONFIDENCE
) -> NDArray[np.float64]:
    """(2, 2) of east and north, m²; semi-axes in m, azimuth of the major one in degrees."""
    angle = np.radians(azimuth)
    axes = np.array([[np.sin(angle), np.cos(angle)], [np.cos(angle), -np.sin(angle)]])
    return _without_noise(axes @ np.diag([major**2, minor**2]) @ axes.T / chi_square(confidence, 2))


def _without_noise(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rounded to nine digits of the largest value, so that what was written reads back the same."""
    largest = float(np.abs(covariance).max())
    return np.round(covariance, 8 - math.floor(math.log10(largest))) if largest > 0 else covariance


def _turned(plunge: float, azimuth: float, rotation: float) -> NDArray[np.float64]:
    """The axes X, Y and Z as columns of north, east and down; angles in radians."""
    cosine, sine = np.cos([plunge, azimuth, rotation]), np.sin([plunge, azimuth, rotation])
    tilt = np.array([[cosine[0], 0, -sine[0]], [0, 1, 0], [sine[0], 0, cosine[0]]])
    turn = np.array([[cosine[1], -sine[1], 0], [sine[1], cosine[1], 0], [0, 0, 1]])
    roll = np.array([[1, 0, 0], [0, cosine[2], -sine[2]], [0, sine[2], cosine[2]]])
    return turn @ tilt @ roll
