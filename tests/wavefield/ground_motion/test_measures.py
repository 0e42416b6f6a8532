"""Measures on wavefields whose answer is known."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.wavefield.ground_motion import measures
from quakeview.wavefield.ground_motion.measures import (
    PeakMeasures,
    fourier_amplitude,
    lower_bound,
    resolved_periods,
    response_spectrum,
    significant_duration,
)


class Frames:
    """A wavefield in memory that notes how much of it was asked for at once."""

    def __init__(self, samples: NDArray[np.float64], step: float) -> None:
        self.samples = samples.astype(np.float32)
        self.times = step * np.arange(samples.shape[-1])
        self.largest_piece = 0

    @property
    def n_frames(self) -> int:
        return self.samples.shape[-1]

    def frames(self, start: int, stop: int) -> NDArray[np.float32]:
        self.largest_piece = max(self.largest_piece, stop - start)
        return self.samples[..., start:stop]


@pytest.fixture
def noise() -> Frames:
    return Frames(np.random.default_rng(3).normal(size=(3, 4, 5, 100)), 0.5)


@pytest.fixture
def in_pieces_of_7(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "_CHUNK_BYTES", 7 * 3 * 4 * 5 * 4)


def peaks_of(wavefield: Frames) -> PeakMeasures:
    peaks = PeakMeasures(*wavefield.samples.shape[1:3])
    for time, frame in zip(wavefield.times, np.moveaxis(wavefield.samples, -1, 0), strict=True):
        peaks.update(float(time), frame)
    return peaks


def test_peaks_are_of_the_horizontal_velocity(noise: Frames) -> None:
    peaks = peaks_of(noise)
    speed = np.sqrt(noise.samples[0] ** 2 + noise.samples[1] ** 2)
    np.testing.assert_allclose(peaks.pgv, speed.max(axis=-1), rtol=1e-6)
    np.testing.assert_array_equal(peaks.t_pgv, 0.5 * speed.argmax(axis=-1))


def test_where_nothing_moves_there_is_no_time_of_the_peak() -> None:
    samples = np.zeros((3, 2, 1, 6))
    samples[2] = 1.0
    samples[1, 1, 0, 3:5] = -2.0
    peaks = peaks_of(Frames(samples, 0.26))
    assert peaks.pgv.ravel().tolist() == [0, 2]
    np.testing.assert_allclose(peaks.t_pgv.ravel(), [np.nan, 0.78])


def test_duration_of_a_stretch_of_even_power(in_pieces_of_7: None) -> None:
    """Power 1 from t1 to t2: 90 % of the integral lies in 0.9 (t2 - t1)."""
    samples = np.zeros((3, 4, 5, 100))
    samples[0, :, :, 20:81] = 0.6
    samples[1, :, :, 20:81] = -0.8
    samples[2, :, :, 90:] = 5.0
    samples[:, 2, 3] = 0
    duration = significant_duration(Frames(samples, 0.5))
    assert np.isnan(duration[2, 3])
    assert duration[0, 0] == pytest.approx(0.9 * 0.5 * 61, rel=0.005)


def test_duration_in_pieces_is_the_same_as_at_once(
    noise: Frames, monkeypatch: pytest.MonkeyPatch, in_pieces_of_7: None
) -> None:
    in_pieces = significant_duration(noise)
    assert noise.largest_piece == 7
    monkeypatch.undo()
    np.testing.assert_allclose(in_pieces, significant_duration(noise), rtol=1e-6)
    assert noise.largest_piece == 100


def test_duration_of_a_gaussian_pulse() -> None:
    """exp(-t² / 2 s²) squared is a normal density of deviation s / sqrt(2); 5 to 95 % are 2 x 1.6449 of it."""
    step, sigma = 0.26, 3.0
    times = step * np.arange(400)
    pulse = np.exp(-((times - 50) ** 2) / (2 * sigma**2))
    duration = significant_duration(Frames(np.broadcast_to(pulse, (3, 1, 1, 400)), step))
    assert duration[0, 0] == pytest.approx(2 * 1.6449 * sigma / np.sqrt(2), abs=0.1 * step)


def test_measures_can_be_cancelled_and_need_a_frame(noise: Frames) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        significant_duration(noise, progress=progress)
    with pytest.raises(QuakeViewError, match="no frame"):
        significant_duration(Frames(np.zeros((3, 2, 2, 0)), 0.5))


def test_fourier_amplitude_of_a_gaussian() -> None:
    """The transform of exp(-t² / 2 s²) is s sqrt(2 π) exp(-2 π² f² s²)."""
    step, sigma = 0.1, 1.2
    times = step * np.arange(400)
    frequencies, amplitude = fourier_amplitude(np.exp(-((times - 20) ** 2) / (2 * sigma**2)), step)
    exact = sigma * np.sqrt(2 * np.pi) * np.exp(-2 * (np.pi * frequencies * sigma) ** 2)
    np.testing.assert_allclose(amplitude, exact, atol=1e-6 * exact[0])
    assert frequencies[-1] == 5.0


def test_response_spectrum_against_integration_of_the_oscillator() -> None:
    """Ground velocity: a pulse sampled at 8 points per period of its highest frequency, like a stored scenario."""
    step, sigma, damping, frequency = 0.5, 1.6, 0.05, 0.25
    periods = np.array([4.0, 7.0, 15.0])
    times = step * np.arange(240)

    def velocity(t: NDArray[np.float64]) -> NDArray[np.float64]:
        return 0.1 * (t - 20) * np.exp(-((t - 20) ** 2) / (2 * sigma**2))

    def acceleration(t: float) -> float:
        return 0.1 * (1 - ((t - 20) / sigma) ** 2) * np.exp(-((t - 20) ** 2) / (2 * sigma**2))

    expected = []
    for omega in 2 * np.pi / periods:
        moving = solve_ivp(
            lambda t, state, omega=omega: (
                state[1],
                -acceleration(t) - 2 * damping * omega * state[1] - omega**2 * state[0],
            ),
            (0, times[-1]),
            (0.0, 0.0),
            max_step=0.05,
            rtol=1e-8,
            atol=1e-10,
        )
        expected.append(omega * np.abs(moving.y[0]).max())

    both = np.stack([velocity(times), -2 * velocity(times)])
    response = response_spectrum(both, step, periods, frequency, damping)
    assert response.shape == (2, 3)
    np.testing.assert_allclose(response[0], expected, rtol=0.01)
    np.testing.assert_allclose(response[1], 2 * response[0])


def test_only_periods_that_the_simulation_resolves() -> None:
    periods = resolved_periods(0.15, 116.0)
    assert (periods[0], periods[-1]) == (pytest.approx(1 / 0.15), pytest.approx(23.2))
    response_spectrum(np.zeros(100), 0.52, periods, 0.15)
    with pytest.raises(QuakeViewError, match=r"6\.7 s and more"):
        response_spectrum(np.zeros(100), 0.52, [1.0, 10.0], 0.15)
    with pytest.raises(QuakeViewError, match="simulate longer"):
        resolved_periods(0.15, 20.0)


def test_what_stands_beside_a_map() -> None:
    assert lower_bound(0.15) == "only waves up to 0.15 Hz: PGV and MMI are lower bounds"
    assert lower_bound(None).endswith("lower bounds")
