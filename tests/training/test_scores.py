"""Scores of picks and estimates."""

import numpy as np
import pytest

from quakeview.training.scores import circular_scores, class_scores, pick_scores, regression_scores, top_pick


def test_false_picks_and_misses_lower_f1_and_leave_the_residuals_alone() -> None:
    scores = pick_scores([10.0, 20.2, 30.0, None, 5.0], [10.1, 20.0, None, 40.0, 9.0])
    assert scores["picks"] == scores["labels"] == 4
    assert scores["precision@0.1"] == scores["recall@0.1"] == 0.25
    assert scores["f1@0.3"] == 0.5
    assert scores["residual_mean"] == pytest.approx(0.05)
    assert scores["residual_mae"] == pytest.approx(0.15)
    assert scores["outliers"] == pytest.approx(1 / 3)


def test_the_tolerance_is_included() -> None:
    assert pick_scores([1.1], [1.0])["f1@0.1"] == 1


def test_no_pick_at_all_scores_zero() -> None:
    scores = pick_scores([None, None], [1.0, 2.0])
    assert scores["f1@0.5"] == 0
    assert np.isnan(scores["residual_mean"])


def test_top_pick_is_between_samples_and_above_the_threshold() -> None:
    curve = np.exp(-0.5 * ((np.arange(100) - 40.3) / 5) ** 2)
    assert top_pick(curve) == pytest.approx(40.3, abs=0.02)
    assert top_pick(0.2 * curve) is None
    assert top_pick(np.linspace(0, 1, 50)) == 49


def test_regression_scores() -> None:
    scores = regression_scores(np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 3.0]))
    assert scores["mean"] == pytest.approx(1 / 3)
    assert scores["mae"] == pytest.approx(1 / 3)
    assert scores["r2"] == pytest.approx(0.5)


def test_angles_wrap() -> None:
    scores = circular_scores(np.array([359.0, 1.0, 90.0]), np.array([1.0, 359.0, 90.0]))
    assert scores["mae"] == pytest.approx(4 / 3)
    assert scores["mean"] == pytest.approx(0)
    assert scores["r2"] > 0.99


def test_macro_scores_weigh_classes_equally() -> None:
    scores = class_scores(np.array([0, 0, 0, 0]), np.array([0, 0, 0, 1]))
    assert scores["accuracy"] == 0.75
    assert scores["recall"] == 0.5
    assert scores["f1"] == pytest.approx((6 / 7) / 2)
