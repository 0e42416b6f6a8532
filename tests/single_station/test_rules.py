"""The classical rules on motion whose truth is known."""

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.events.attenuation_laws import LAWS
from quakeview.events.travel_times import travel_times
from quakeview.events.velocity_models import PUBLISHED, P, S
from quakeview.monitoring.picks import Polarity
from quakeview.single_station import rules
from quakeview.single_station.inputs import LENGTH, P_SAMPLE, RATE

IASP91 = PUBLISHED["iasp91"]


def wave(back_azimuth: float, sign: float = 1.0, noise: float = 0.01, incidence: float = 40.0) -> np.ndarray:
    """(3, n): a P wave of 3 Hz that begins at the P, from a back-azimuth, with noise on all components."""
    rng = np.random.default_rng(0)
    t = (np.arange(LENGTH) - P_SAMPLE) / RATE
    pulse = sign * np.where(t >= 0, np.sin(2 * np.pi * 3 * t) * np.exp(-3 * np.maximum(t, 0)), 0.0)
    up, away = np.cos(np.radians(incidence)), np.sin(np.radians(incidence))
    north, east = -away * np.cos(np.radians(back_azimuth)), -away * np.sin(np.radians(back_azimuth))
    return np.outer([up, north, east], pulse) + noise * rng.standard_normal((3, LENGTH))


@pytest.mark.parametrize("depth", [2e3, 8e3, 14e3])
@pytest.mark.parametrize("distance", [20e3, 80e3, 300e3])
def test_s_minus_p_gives_the_distance_within_its_uncertainty(distance: float, depth: float) -> None:
    times = travel_times(IASP91)
    lag = float((times.first(S, np.array([distance]), depth) - times.first(P, np.array([distance]), depth))[0])
    found = rules.distance_from_s_minus_p(lag, IASP91, 0.1)
    assert abs(found.value - distance) <= found.uncertainty
    assert found.uncertainty < 0.5 * distance


def test_s_minus_p_says_more_the_better_the_picks_are() -> None:
    good, poor = (rules.distance_from_s_minus_p(5.0, IASP91, error).uncertainty for error in (0.05, 2.0))
    assert good < poor


@pytest.mark.parametrize("seconds", [0.0, -1.0, 500.0])
def test_an_impossible_s_minus_p_is_a_sentence(seconds: float) -> None:
    with pytest.raises(QuakeViewError):
        rules.distance_from_s_minus_p(seconds, IASP91, 0.1)


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("back_azimuth", [0.0, 75.0, 200.0, 350.0])
def test_p_waves_come_from_where_they_came_whatever_their_sense(back_azimuth: float, sign: float) -> None:
    found = rules.back_azimuth_of_p(wave(back_azimuth, sign), P_SAMPLE)
    assert abs((found.value - back_azimuth + 180) % 360 - 180) < 5
    assert found.uncertainty < 30


def test_a_direction_is_the_less_certain_the_more_noise_there_is() -> None:
    clear, noisy = (rules.back_azimuth_of_p(wave(75.0, noise=noise), P_SAMPLE).uncertainty for noise in (0.01, 0.2))
    assert clear < noisy


def test_noise_alone_has_no_direction_or_a_very_uncertain_one() -> None:
    noise = np.random.default_rng(3).standard_normal((3, LENGTH))
    try:
        assert rules.back_azimuth_of_p(noise, P_SAMPLE).uncertainty > 30
    except QuakeViewError as error:
        assert "direction" in str(error)  # noqa: PT017


@pytest.mark.parametrize(("sign", "polarity"), [(1.0, Polarity.UP), (-1.0, Polarity.DOWN)])
def test_the_first_swing_of_the_vertical_is_the_first_motion(sign: float, polarity: Polarity) -> None:
    found = rules.first_motion_of(wave(75.0, sign)[0], P_SAMPLE)
    assert found.polarity is polarity
    assert found.probability == rules.MOTION_RIGHT[1]


def test_a_first_motion_below_the_noise_is_undecidable() -> None:
    quiet = wave(75.0, noise=1.0)[0]
    quiet[P_SAMPLE - 10 :] *= 0.01
    assert rules.first_motion_of(quiet, P_SAMPLE).polarity is Polarity.UNDECIDABLE


def test_a_first_motion_without_a_record_before_it_is_a_sentence() -> None:
    late = wave(75.0)[0]
    late[: P_SAMPLE - 15] = 0.0
    with pytest.raises(QuakeViewError, match="too little record before the P"):
        rules.first_motion_of(late, P_SAMPLE)


def test_richters_earthquake_of_magnitude_3_has_a_millimetre_at_100_km() -> None:
    law = LAWS["Southern California (Hutton & Boore 1987)"]
    found = rules.magnitude_of_amplitude(1e-3 / law.magnification, np.sqrt(100e3**2 - rules.DEPTH**2), law)
    assert found.value == pytest.approx(3.0, abs=0.01)


def test_a_law_says_no_magnitude_where_it_does_not_hold() -> None:
    with pytest.raises(QuakeViewError, match="does not hold"):
        rules.magnitude_of_amplitude(1e-6, 900e3, LAWS["California (CISN)"])
