"""Double couples: planes, axes and angles, beside ObsPy's."""

import numpy as np
import pytest
from obspy.imaging.beachball import aux_plane
from scipy.spatial.transform import Rotation

from quakeview.events.double_couple import all_frames, frames, mean_frame, planes, planes_of, principal_axes, rotations
from quakeview.events.event import FocalMechanism
from quakeview.simulation.sources.first_motions import first_motion, tensor_matrix
from quakeview.simulation.sources.moment_tensor import double_couple

_RNG = np.random.default_rng(4)
SOME = [(float(s), float(d), float(r)) for s, d, r in _RNG.uniform((0, 5, -175), (360, 85, 175), (20, 3))]


@pytest.mark.parametrize("angles", SOME)
def test_planes_come_back_from_the_axes_and_the_other_is_that_of_obspy(angles: tuple[float, float, float]) -> None:
    own, other = planes_of(frames(*angles))
    assert own == pytest.approx(angles)
    assert other == pytest.approx(aux_plane(*angles))
    assert planes(FocalMechanism(*angles)) == (pytest.approx(own), pytest.approx(other))


@pytest.mark.parametrize("angles", SOME)
def test_the_axes_are_those_of_the_moment_tensor(angles: tuple[float, float, float]) -> None:
    matrix = tensor_matrix(double_couple(*angles, 1.0, x_azimuth=0.0)) * np.outer((1, -1, 1), (1, -1, 1))
    motion = first_motion(matrix, frames(*angles))
    assert motion == pytest.approx([1, 0, -1], abs=1e-9)


def test_axes_of_a_strike_slip_fault_lie_at_45_degrees() -> None:
    axes = principal_axes(FocalMechanism(0, 90, 0))
    assert axes["B"][1] == pytest.approx(90)
    assert axes["T"][0] % 180 == pytest.approx(45)
    assert axes["P"][0] % 180 == pytest.approx(135)


def test_the_angle_between_two_is_that_of_the_smallest_rotation() -> None:
    frame = frames(30, 60, 80)
    for angle in (0.0, 3.0, 40.0):
        turned = frame @ Rotation.from_rotvec(np.radians(angle) * np.array([0.36, 0.48, 0.8])).as_matrix().T
        assert rotations(frame, turned) == pytest.approx(angle, abs=1e-5)
    assert rotations(frame, frame * [[-1], [-1], [1]]) == pytest.approx(0, abs=1e-5)
    one, other = (frames(*plane) for plane in planes_of(frame))
    assert rotations(one, other) == pytest.approx(0, abs=1e-5)


def test_the_double_couples_are_evenly_spread() -> None:
    every = all_frames(8000)
    assert len(every) == pytest.approx(8000, rel=0.01)
    assert np.linalg.det(every) == pytest.approx(1)
    nearest = [rotations(every, frames(*angles)).min() for angles in SOME]
    assert max(nearest) < 7
    within = [int((rotations(every, frames(*angles)) < 30).sum()) for angles in SOME]
    assert np.std(within) / np.mean(within) < 0.02


def test_the_mean_of_many_is_in_their_middle() -> None:
    frame, turns = frames(200, 40, -60), Rotation.from_rotvec(_RNG.normal(0, 0.1, (500, 3))).as_matrix()
    many = frame @ turns.transpose(0, 2, 1)
    assert rotations(mean_frame(many), frame) < 2
