"""The closed form against equations it was not computed from."""

import numpy as np
import pytest

from quakeview.simulation.sources.moment_sources import MomentSources
from quakeview.simulation.waves.analytic import constant_q_velocity, full_space_velocity, plane_wave_response

VP, VS, DENSITY = 6000.0, 3464.0, 2700.0
MU = DENSITY * VS**2
LAMBDA = DENSITY * VP**2 - 2 * MU
SIGMA = 0.36
MOMENT = np.array([0.5, -1.1, 0.3, 1.0, 0.6, -0.8]) * 1e18
"""Of no symmetry: every term of the solution counts."""


def gaussian(time: np.ndarray) -> np.ndarray:
    return np.exp(-0.5 * (time / SIGMA) ** 2) / (np.sqrt(2 * np.pi) * SIGMA)


def source(moment: np.ndarray = MOMENT, step: float = 0.02) -> MomentSources:
    time = np.arange(-2.5, 2.5, step)
    return MomentSources(np.zeros((1, 3)), moment[None], gaussian(time)[None], step, time[0])


def tensor(moment: np.ndarray) -> np.ndarray:
    xx, yy, zz, xy, xz, yz = moment
    return np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])


def point_force_velocity(offset: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Of a unit force in each direction that acts like ``gaussian`` in rate: Stokes (Aki & Richards 2002, eq. 4.23).

    Returns (3 components, 3 forces, nt); the near-field integral by quadrature.
    """
    r = np.linalg.norm(offset)
    direction = offset / r
    outer, identity = np.outer(direction, direction)[:, :, None], np.eye(3)[:, :, None]
    tau, width = np.linspace(r / VP, r / VS, 2001, retstep=True)
    weight = np.full(tau.size, width)
    weight[[0, -1]] /= 2
    near = gaussian(times[:, None] - tau) @ (tau * weight)
    return (
        (3 * outer - identity) * near / r**3
        + outer * gaussian(times - r / VP) / (VP**2 * r)
        - (outer - identity) * gaussian(times - r / VS) / (VS**2 * r)
    ) / (4 * np.pi * DENSITY)


@pytest.mark.parametrize("receiver", [(800.0, 500.0, -300.0), (9000.0, -7000.0, 4000.0)])
def test_couples_of_point_forces(receiver: tuple[float, float, float]) -> None:
    """A moment tensor is the derivative of Stokes's point force along the arm of each couple."""
    times = np.arange(0, 6, 0.05)
    expected = np.zeros((3, times.size))
    for axis in range(3):
        arm = 5.0 * np.eye(3)[axis]
        # The force moves by +arm, so the offset from it to the receiver changes by -arm.
        slope = (point_force_velocity(receiver - arm, times) - point_force_velocity(receiver + arm, times)) / 10
        expected += np.einsum("cft,f->ct", slope, tensor(MOMENT)[:, axis])
    found = full_space_velocity(source(), np.array([receiver]), times, VP, VS, DENSITY)[0]
    assert np.abs(found - expected).max() < 1e-4 * np.abs(expected).max()


def test_wave_equation() -> None:
    """ρ ∂²v/∂t² = (λ + μ) ∇(∇·v) + μ ∇²v a kilometre from the source, where every term is large."""
    h, dt = 60.0, 0.02
    centre = np.array([700.0, 500.0, 600.0])
    steps = np.arange(-2, 3)
    cube = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    times = np.arange(-1, 2, dt)
    field = full_space_velocity(source(), centre + h * cube, times, VP, VS, DENSITY).reshape(5, 5, 5, 3, -1)
    first = np.array([1, -8, 0, 8, -1]) / (12 * h)
    second = np.array([-1, 16, -30, 16, -1]) / (12 * h**2)
    at = np.array([0, 0, 1, 0, 0])
    hessian = np.empty((3, 3, 3, times.size))
    for i in range(3):
        for j in range(3):
            along = [at, at, at]
            along[i] = first
            along[j] = second if i == j else first
            hessian[i, j] = np.einsum("abcnt,a,b,c->nt", field, *along)
    divergence_slope = np.einsum("ijjt->it", hessian)
    laplacian = np.einsum("jjit->it", hessian)
    force = ((LAMBDA + MU) * divergence_slope + MU * laplacian)[:, 2:-2]
    v = field[2, 2, 2]
    acceleration = (-v[:, :-4] + 16 * v[:, 1:-3] - 30 * v[:, 2:-2] + 16 * v[:, 3:-1] - v[:, 4:]) / (12 * dt**2)
    residual = DENSITY * acceleration - force
    assert np.abs(residual).max() < 5e-3 * np.abs(DENSITY * acceleration).max()


def test_static_limit() -> None:
    """What remains is the derivative of Kelvin's solution (Love 1927, section 130)."""
    ratio = LAMBDA / (2 * (LAMBDA + MU))

    def kelvin(offset: np.ndarray) -> np.ndarray:
        r = np.linalg.norm(offset)
        return ((3 - 4 * ratio) * np.eye(3) + np.outer(offset, offset) / r**2) / (16 * np.pi * MU * (1 - ratio) * r)

    receiver = np.array([1500.0, -900.0, 1100.0])
    expected = np.zeros(3)
    for axis in range(3):
        arm = np.eye(3)[axis]
        expected += (kelvin(receiver - arm) - kelvin(receiver + arm)) / 2 @ tensor(MOMENT)[:, axis]
    times = np.arange(-3, 6, 0.02)
    displacement = full_space_velocity(source(), receiver[None], times, VP, VS, DENSITY)[0].sum(axis=1) * 0.02
    np.testing.assert_allclose(displacement, expected, atol=1e-5 * np.abs(expected).max())


def test_far_field() -> None:
    """Very far away P and S arrive alone, with the far-field amplitudes and directions."""
    distance = 4e6
    direction = np.array([2.0, 1.0, -2.0]) / 3
    traction = tensor(MOMENT) @ direction
    for velocity, pattern in (
        (VP, direction * (direction @ traction)),
        (VS, traction - direction * (direction @ traction)),
    ):
        delay = np.arange(-1.5, 1.5, 0.02)
        times = distance / velocity + delay
        found = full_space_velocity(source(step=0.1), distance * direction[None], times, VP, VS, DENSITY)[0]
        slope = -delay / SIGMA**2 * gaussian(delay)
        expected = pattern[:, None] * slope / (4 * np.pi * DENSITY * velocity**3 * distance)
        assert np.abs(found - expected).max() < 1e-2 * np.abs(expected).max()


def test_symmetry_of_a_vertical_strike_slip_fault() -> None:
    """Mxy alone: x and y can be exchanged, and the motion is odd in x and y and even in depth."""
    moment = np.array([0, 0, 0, 1e18, 0, 0])
    x, y, z = 1200.0, 700.0, 900.0
    receivers = np.array([[x, y, z], [y, x, z], [-x, y, z], [x, y, -z], [0, 0, z]])
    times = np.arange(-1, 3, 0.05)
    v = full_space_velocity(source(moment), receivers, times, VP, VS, DENSITY)
    tolerance = 1e-9 * np.abs(v).max()
    np.testing.assert_allclose(v[1], v[0][[1, 0, 2]], atol=tolerance)
    np.testing.assert_allclose(v[2], v[0] * [[1], [-1], [-1]], atol=tolerance)
    np.testing.assert_allclose(v[3], v[0] * [[1], [1], [-1]], atol=tolerance)
    np.testing.assert_allclose(v[4], 0, atol=tolerance)


def test_sources_add_up_with_their_delays() -> None:
    times = np.arange(0, 5, 0.05)
    receiver = np.array([[2000.0, 1500.0, 800.0]])
    one = source()
    later = np.roll(one.rates, 20, axis=1)
    both = MomentSources(
        np.array([[0, 0, 0], [300.0, -200.0, 100.0]]),
        np.array([MOMENT, 2 * MOMENT]),
        np.concatenate((one.rates, later)),
        one.step,
        one.start,
    )
    second = full_space_velocity(source(2 * MOMENT), receiver - both.positions[1], times - 0.4, VP, VS, DENSITY)
    expected = full_space_velocity(one, receiver, times, VP, VS, DENSITY) + second
    found = full_space_velocity(both, receiver, times, VP, VS, DENSITY)
    assert np.abs(found - expected).max() < 1e-6 * np.abs(expected).max()


def test_attenuation_of_a_plane_wave() -> None:
    frequency = np.array([0.2, 0.5, 1.0, 2.0])
    distance, velocity, q = 30_000.0, 3000.0, 50.0
    found = plane_wave_response(frequency, distance, velocity, q, 1.0)
    # t* is that of the phase velocity at each frequency: 1 + ln(f)/(πQ), a percent here.
    np.testing.assert_allclose(np.abs(found), np.exp(-np.pi * frequency * distance / (q * velocity)), rtol=0.02)
    phase_velocity = np.real(1 / np.real(1 / constant_q_velocity(frequency, velocity, q, 1.0)))
    expected = velocity * (1 + np.log(frequency) / (np.pi * q))
    np.testing.assert_allclose(phase_velocity, expected, rtol=1e-3)


def test_attenuation_of_the_far_field() -> None:
    """From 100 to 150 km the spectrum of S falls by the plane wave's factor and by the distance."""
    moment = np.array([0, 0, 0, 1e18, 0, 0])
    times = np.arange(0, 90, 0.1)
    receivers = np.array([[100_000.0, 0, 0], [150_000.0, 0, 0]])
    near, far = full_space_velocity(source(moment, 0.1), receivers, times, VP, VS, DENSITY, 200, 100, 0.5)[:, 1]
    frequency = np.fft.rfftfreq(times.size, 0.1)
    band = (frequency > 0.3) & (frequency < 1)
    ratio = (np.fft.rfft(far) / np.fft.rfft(near))[band] * 1.5
    expected = plane_wave_response(frequency[band], 50_000.0, VS, 100, 0.5)
    assert np.abs(ratio / expected - 1).max() < 0.05
