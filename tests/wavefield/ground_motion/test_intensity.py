"""Intensity from PGV: the published values, and ShakeMap's legend."""

import numpy as np
import pytest

from quakeview.wavefield.ground_motion.intensity import COLOURS, colours, mmi_from_pgv, pgv_from_mmi, roman, shaking


@pytest.mark.parametrize(
    ("pgv_cm_s", "mmi"),
    # the legend of a ShakeMap scaled by Worden et al. (2012): the PGV at which each intensity is drawn
    [(0.02, 1.0), (1.4, 4.0), (4.7, 5.0), (9.6, 6.0), (20.0, 7.0), (41.0, 8.0), (86.0, 9.0), (178.0, 10.0)],
)
def test_mmi_agrees_with_the_legend_of_shakemap(pgv_cm_s: float, mmi: float) -> None:
    assert mmi_from_pgv(pgv_cm_s / 100) == pytest.approx(mmi, abs=0.06)


def test_mmi_grows_with_pgv_and_stays_between_1_and_10() -> None:
    mmi = mmi_from_pgv(np.geomspace(1e-6, 10, 2000))
    assert np.all(np.diff(mmi) >= 0)
    assert np.diff(mmi).max() < 0.04
    assert (mmi[0], mmi[-1]) == (1, 10)


def test_ground_at_rest_is_not_felt_and_the_unknown_stays_unknown() -> None:
    at_rest, unknown = mmi_from_pgv([0.0, np.nan])
    assert at_rest == 1
    assert np.isnan(unknown)


def test_the_least_velocity_of_an_intensity() -> None:
    mmi = np.concatenate([np.linspace(1.1, 9.9, 500), [1.995, 2.0, 4.56, 4.562]])
    pgv = pgv_from_mmi(mmi)
    assert (mmi_from_pgv(pgv * (1 + 1e-9)) >= mmi - 1e-9).all()
    assert (mmi_from_pgv(pgv * (1 - 1e-6)) < mmi).all()
    assert pgv_from_mmi(7.0) == pytest.approx(0.01 * 10 ** ((7.0 - 2.89) / 3.16))


def test_colours_pass_through_those_of_shakemap() -> None:
    assert np.array_equal(colours(np.arange(1, 11)), COLOURS)
    assert colours(6).tolist() == [255, 255, 0]
    assert colours(6.5).tolist() == [255, 228, 0]
    assert colours(np.ones((3, 4))).shape == (3, 4, 3)


@pytest.mark.parametrize(
    ("mmi", "numeral", "words"),
    [
        (1.0, "I", "Not felt"),
        (3.4, "III", "Weak"),
        (4.5, "V", "Moderate"),
        (6.49, "VI", "Strong"),
        (10, "X", "Extreme"),
    ],
)
def test_numerals_and_words(mmi: float, numeral: str, words: str) -> None:
    assert (roman(mmi), shaking(mmi)) == (numeral, words)
