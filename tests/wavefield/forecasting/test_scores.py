"""Scores of forecasts whose errors are known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.wavefield.forecasting.forecast import Forecast, ForecastModel
from quakeview.wavefield.forecasting.observation import observe
from quakeview.wavefield.forecasting.scores import PGV_FLOOR, Scores, score
from quakeview.wavefield.scenarios.live import LiveWavefield
from tests.wavefield.fields import header
from tests.wavefield.forecasting.fakes import plain_calibration

Frames = NDArray[np.float32]
ISSUED, N = 10, 40
STEP = 0.5


NINE_OF_TEN = 1.645
"""Standard deviations of a normal law that hold so much."""


def truth_of(frames: Frames, start_time: float = 0.0) -> LiveWavefield:
    wavefield = LiveWavefield(header(*frames.shape[1:], start_time=start_time))
    for index in range(frames.shape[-1]):
        wavefield.append(index, frames[..., index])
    return wavefield


def forecast_of(truth: LiveWavefield, members: Frames, n: int = N - ISSUED) -> Forecast:
    """``members`` (members, 3, nx, ny, frames from the issue on)."""
    model = ForecastModel("Given", len(members), calibration=plain_calibration(len(members), NINE_OF_TEN))
    forecast = Forecast(observe(truth, ISSUED * STEP), n, model)
    forecast.append(members)
    return forecast


@pytest.fixture(scope="module")
def waves() -> Frames:
    """A pulse that passes each node at its own time, after the issue, with its own strength."""
    random = np.random.default_rng(2)
    centre, strength = random.uniform(16, 32, (12, 8)), random.uniform(0.2, 1, (12, 8))
    pulse = strength[..., None] * np.exp(-(((np.arange(N) - centre[..., None]) / 2) ** 2))
    return np.stack([pulse, 0.5 * pulse, -0.3 * pulse]).astype(np.float32)


@pytest.fixture(scope="module")
def truth(waves: Frames) -> LiveWavefield:
    return truth_of(waves)


def scores_of(truth: LiveWavefield, expected: Frames, scale: Frames | None = None) -> Scores:
    return score(truth, forecast_of(truth, expected[None, ..., ISSUED:]), scale)


def test_the_truth_is_right(truth: LiveWavefield, waves: Frames) -> None:
    scores = scores_of(truth, waves)
    assert scores.acc == pytest.approx(1, abs=1e-6)
    assert scores.rfne == pytest.approx(0, abs=1e-3)
    assert scores.pgv_error == pytest.approx(0, abs=0.1)
    assert scores.t_pgv_error == 0
    assert scores.nodes == 1
    assert (scores.start_time, scores.end_time) == (5.0, 19.5)
    assert scores.in_band is scores.spread_to_error is scores.normalised_acc is None


def test_half_of_the_truth_has_its_shape_and_half_its_size(truth: LiveWavefield, waves: Frames) -> None:
    scores = scores_of(truth, waves / 2)
    assert scores.acc == pytest.approx(1, abs=1e-6)
    assert scores.rfne == pytest.approx(0.5, abs=1e-3)
    assert scores.pgv_error == pytest.approx(50, abs=0.1)
    assert scores.pgv_bias == pytest.approx(np.log(0.5), abs=1e-3)
    assert scores.pgv_std == pytest.approx(0, abs=1e-3)
    assert scores.mmi_error == pytest.approx(3.16 * np.log10(2), abs=0.02)
    assert scores.spectrum_error == pytest.approx(0.5, abs=1e-3)


def test_the_opposite_is_worse_than_silence(truth: LiveWavefield, waves: Frames) -> None:
    opposite, silence = scores_of(truth, -waves), scores_of(truth, np.zeros_like(waves))
    assert (opposite.acc, opposite.rfne) == (pytest.approx(-1, abs=1e-6), pytest.approx(2, abs=1e-3))
    assert (silence.acc, silence.rfne) == (0, pytest.approx(1, abs=1e-6))
    assert silence.pgv_error == pytest.approx(100)
    assert silence.pgv_bias > np.log(PGV_FLOOR) - 1e-6


def test_acc_and_rfne_are_the_papers_over_all_nodes_and_frames_of_a_component(
    truth: LiveWavefield, waves: Frames
) -> None:
    noise = np.random.default_rng(4).normal(0, [[[[0.1]]], [[[0.2]]], [[[0.3]]]], waves.shape).astype(np.float32)
    scores = scores_of(truth, waves + noise)
    real, said = waves[..., ISSUED:].reshape(3, -1), (waves + noise)[..., ISSUED:].reshape(3, -1)
    acc = (real * said).sum(1) / np.sqrt((real**2).sum(1) * (said**2).sum(1))
    rfne = np.linalg.norm(said - real, axis=1) / np.linalg.norm(real, axis=1)
    np.testing.assert_allclose(scores.acc_components, acc, rtol=1e-3)
    np.testing.assert_allclose(scores.rfne_components, rfne, rtol=1e-3)
    assert scores.acc == pytest.approx(acc.mean(), rel=1e-3)


def test_normalisation_weighs_the_nodes_alike(truth: LiveWavefield, waves: Frames) -> None:
    wrong = waves.copy()
    quiet = waves[0].max(axis=-1) < 0.4
    wrong[:, quiet] = 0
    scores = scores_of(truth, wrong, waves.std(axis=-1))
    assert scores.normalised_rfne is not None
    assert scores.normalised_rfne == pytest.approx(np.sqrt(quiet.mean()), abs=0.03)
    assert scores.rfne < 0.7 * scores.normalised_rfne


def test_a_late_forecast_has_late_peaks(truth: LiveWavefield, waves: Frames) -> None:
    scores = scores_of(truth, np.roll(waves, 3, axis=-1))
    assert scores.t_pgv_error == pytest.approx(3 * STEP)
    assert scores.pgv_error == pytest.approx(0, abs=0.1)
    assert scores.spectrum_error < 0.1 < scores.rfne


def test_curves_against_lead_time_say_when_it_went_wrong(truth: LiveWavefield, waves: Frames) -> None:
    wrong = waves.copy()
    wrong[..., 25:] *= -1
    scores = scores_of(truth, wrong)
    np.testing.assert_allclose(scores.lead_times, [1.0, 3.5, 6.0, 8.5, 11.0, 13.5])
    np.testing.assert_allclose(scores.lead_acc, [1, 1, 1, -1, -1, -1], atol=1e-3)
    np.testing.assert_allclose(scores.lead_rfne, [0, 0, 0, 2, 2, 2], atol=1e-3)


def test_what_was_before_the_issue_and_nodes_that_hardly_move_do_not_count(waves: Frames) -> None:
    waves = waves.copy()
    waves[..., :ISSUED] += 7
    waves[:, 0, 0] *= PGV_FLOOR / 10
    truth = truth_of(waves)
    wrong = waves.copy()
    wrong[:, 0, 0] *= 100
    scores = scores_of(truth, wrong)
    assert scores.pgv_error == pytest.approx(0, abs=0.1)
    assert scores.pgv_std == pytest.approx(0, abs=1e-3)
    assert scores.nodes == pytest.approx(95 / 96)


def test_an_honest_ensemble_is_calibrated_and_a_bold_one_is_not(waves: Frames) -> None:
    random = np.random.default_rng(5)
    later = waves[..., ISSUED:]

    def drawn(count: int) -> Frames:
        return random.normal(0, 1, (count, *later.shape)).astype(np.float32)

    frames = np.zeros_like(waves)
    frames[..., ISSUED:] = drawn(1)[0]
    truth = truth_of(frames)
    members = drawn(20)
    honest = score(truth, forecast_of(truth, members))
    bold = score(truth, forecast_of(truth, members.mean(0) + 0.1 * (members - members.mean(0))))
    assert honest.in_band == pytest.approx(0.88, abs=0.03)
    assert honest.spread_to_error == pytest.approx(1, abs=0.05)
    assert bold.spread_to_error == pytest.approx(0.1, abs=0.01)
    assert bold.in_band is not None
    assert bold.in_band < 0.2


def test_a_forecast_that_grows_is_scored_as_far_as_it_has_come(truth: LiveWavefield, waves: Frames) -> None:
    forecast = forecast_of(truth, waves[None, ..., ISSUED:30])
    assert score(truth, forecast).end_time == pytest.approx(29 * STEP)
    short = truth_of(waves[..., :25])
    ended = score(short, forecast_of(short, waves[None, ..., ISSUED:]))
    assert ended.end_time == pytest.approx(24 * STEP)
    assert ended.pgv_error == pytest.approx(0, abs=0.1)


def test_what_cannot_be_compared_is_explained(truth: LiveWavefield, waves: Frames) -> None:
    forecast = forecast_of(truth, waves[None, ..., ISSUED:])
    with pytest.raises(QuakeViewError, match="different grids"):
        score(truth_of(waves[:, :6]), forecast)
    with pytest.raises(QuakeViewError, match="time axes"):
        score(truth_of(waves, start_time=1.0), forecast)
    with pytest.raises(QuakeViewError, match="no frame"):
        score(truth_of(waves[..., :ISSUED]), forecast)


def test_scoring_can_be_cancelled(truth: LiveWavefield, waves: Frames) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        score(truth, forecast_of(truth, waves[None, ..., ISSUED:]), progress=progress)
