"""How far off picks are, by their probability."""

import json
from pathlib import Path

import numpy as np
import pytest

from quakeview.model_folders import weights_digest
from quakeview.monitoring.uncertainty import UncertaintyCurve, curve_table, read_calibration
from quakeview.paths import shipped_models_dir

CURVE = UncertaintyCurve((0.3, 0.9), (0.2, 0.05), 100)


def test_a_curve_is_linear_between_its_points_and_constant_beyond() -> None:
    assert [CURVE(probability) for probability in (0.1, 0.3, 0.6, 0.9, 1.0)] == [0.2, 0.2, 0.125, 0.05, 0.05]


def test_the_fit_finds_the_spread_and_outliers_do_not_move_it() -> None:
    random = np.random.default_rng(0)
    probabilities = random.uniform(0.3, 1.0, 4000)
    residuals = random.normal(0, 0.4 - 0.35 * probabilities)
    residuals[::50] = 0.9
    curve = UncertaintyCurve.fit(residuals, probabilities)
    assert curve is not None
    for probability in (0.4, 0.65, 0.9):
        assert curve(probability) == pytest.approx(0.4 - 0.35 * probability, rel=0.15)


def test_a_higher_probability_is_never_less_exact() -> None:
    random = np.random.default_rng(1)
    for seed in range(20):
        curve = UncertaintyCurve.fit(np.random.default_rng(seed).normal(size=70), random.uniform(0.1, 1, 70))
        assert curve is not None
        assert list(curve.seconds) == sorted(curve.seconds, reverse=True)
        assert list(curve.probability) == sorted(curve.probability)


def test_too_few_picks_make_no_curve() -> None:
    assert UncertaintyCurve.fit(np.zeros(15), np.linspace(0.3, 1, 15)) is None


def test_a_calibration_belongs_to_its_weights(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    section = {"weights": weights_digest(tmp_path), "P": curve_table(CURVE)}
    (tmp_path / "config.json").write_text(json.dumps({"calibration": section}))
    assert read_calibration(tmp_path) == {"P": CURVE}
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    assert read_calibration(tmp_path) == {}


@pytest.mark.parametrize("section", [None, {}, {"weights": "x"}, {"P": 3}, []])
def test_no_calibration_is_no_error(section: object, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"")
    (tmp_path / "config.json").write_text(json.dumps({"calibration": section}))
    assert read_calibration(tmp_path) == {}


def test_the_shipped_picker_is_calibrated_with_its_own_weights() -> None:
    curves = read_calibration(shipped_models_dir() / "SeisMoLLM-S")
    assert set(curves) == {"P", "S"}
    assert curves["P"](0.95) < curves["P"](0.4)
    assert curves["S"](0.95) < curves["S"](0.4)
