import numpy as np
import pytest

from quakeview.simulation.region import HAYWARD
from quakeview.simulation.sources.first_motions import first_motion, lower_hemisphere, projected, tensor_matrix
from quakeview.simulation.sources.moment_tensor import double_couple

AZIMUTH = HAYWARD.x_azimuth


def test_right_lateral_slip_along_x_pulls_east_and_pushes_north():
    """On the Hayward fault T is east-west and P north-south; first motions change sign across the fault."""
    matrix = tensor_matrix(double_couple(AZIMUTH, 90.0, 180.0, 1.0, AZIMUTH))
    _, axes = np.linalg.eigh(matrix)
    east, north = projected(axes[:, 2], AZIMUTH)
    assert abs(east) == pytest.approx(np.cos(np.radians(AZIMUTH - 135)), abs=1e-6)
    assert abs(north) < 0.2
    motion = first_motion(matrix, lower_hemisphere([0.7, 0.0, -0.7, 0.0], [0.0, 0.7, 0.0, -0.7], AZIMUTH))
    assert (np.sign(motion) == [1, -1, 1, -1]).all()


def test_a_reverse_fault_is_dark_in_the_middle():
    matrix = tensor_matrix(double_couple(30.0, 45.0, 90.0, 1.0, 0.0))
    assert first_motion(matrix, lower_hemisphere(0.0, 0.0, 0.0)) == pytest.approx(1.0)
    assert np.isnan(lower_hemisphere(0.8, 0.8, 0.0)).all()
