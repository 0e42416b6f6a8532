"""Peaks of a forecast beside those of the truth."""

import numpy as np
import pytest

from quakeview.wavefield.forecasting.comparison import Comparison
from quakeview.wavefield.forecasting.peaks import PeakPairs, TruePeaks, attenuation_beside
from quakeview.wavefield.ground_motion.measures import Quantity
from tests.app.fake_wavefield import append_frames, expanding_wave
from tests.wavefield.forecasting.fakes import fake_forecast


def test_peaks_are_those_of_the_frames_from_the_issue_on() -> None:
    truth = expanding_wave()
    peaks = TruePeaks(Comparison(truth, fake_forecast(truth, noise=0.0)))
    compared = peaks.compare(Quantity.PGV)
    assert compared is not None
    later = truth.frames(peaks.comparison.forecast.issued, truth.n_frames)
    np.testing.assert_allclose(compared.truth, np.hypot(later[0], later[1]).max(axis=-1), rtol=1e-6)
    assert np.nanmax(np.abs(compared.error)) < 0.01
    time = peaks.compare(Quantity.T_PGV)
    assert time is not None
    assert np.nanmin(time.truth) >= peaks.comparison.forecast.issue_time - 1e-6


def test_peaks_grow_with_the_truth() -> None:
    whole, truth = expanding_wave(), expanding_wave(20)
    peaks = TruePeaks(Comparison(truth, fake_forecast(whole)))
    assert peaks.compare(Quantity.PGV) is None
    append_frames(truth, 40)
    early = peaks.compare(Quantity.PGV)
    append_frames(truth, 40)
    late = peaks.compare(Quantity.PGV)
    assert early is not None
    assert late is not None
    assert (late.truth >= early.truth).all()
    assert (late.truth > early.truth).any()


def test_a_forecast_lies_beside_the_relation() -> None:
    truth = expanding_wave()
    shown = attenuation_beside(TruePeaks(Comparison(truth, fake_forecast(truth, 15.6))), "BSSA14")
    assert shown.since == "from 15.6 s on"
    assert shown.forecast is not None
    assert shown.later is not None
    assert shown.forecast.shape == shown.later.shape == shown.pgv.shape
    assert (shown.later <= 1.01 * shown.pgv).all()


def test_errors_are_grouped_by_true_intensity() -> None:
    truth = np.repeat([0.001, 0.1], 10)
    pairs = PeakPairs("", truth, truth * np.repeat([1.1, 0.8], 10))
    groups = dict(pairs.by_intensity())
    assert [errors[1] for errors in groups.values()] == pytest.approx([10.0, -20.0])
    assert min(groups) < 3 < 5 < max(groups)
