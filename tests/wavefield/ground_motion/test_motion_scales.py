"""The colours of velocity, its peaks, their times and intensity."""

import numpy as np
import pytest

from quakeview.scales import Scale, property_scale
from quakeview.wavefield.ground_motion.intensity import colours as mmi_colours
from quakeview.wavefield.ground_motion.motion_scales import (
    diverging,
    mmi_scale,
    pgv_scale,
    speed_scale,
    time_scale,
    wave_limit,
)

RANDOM = np.random.default_rng(3)


@pytest.mark.parametrize(("dark", "page"), [(False, "#ffffff"), (True, "#14181d")])
def test_ground_at_rest_is_the_page(dark: bool, page: str) -> None:
    expected = [int(page[i : i + 2], 16) for i in (1, 3, 5)]
    for scale in (diverging(0.1), speed_scale(0.1)):
        rgb = scale.rgba(np.zeros(1), dark)[0, :3]
        assert np.abs(rgb.astype(int) - expected).max() <= 3


def test_intensities_have_the_colours_of_shakemap() -> None:
    intensities = np.linspace(1, 10, 40)
    ours = mmi_scale().rgba(intensities)[:, :3].astype(int)
    assert np.abs(ours - mmi_colours(intensities)).max() <= 5
    assert [text for _, text in mmi_scale().ticks(10)] == ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]
    assert [text for _, text in mmi_scale().ticks(6)] == ["I", "III", "V", "VII", "IX"]


def test_limits_are_round_in_screen_units() -> None:
    pgv = np.append(RANDOM.uniform(0, 0.1, 10_000), 3.0)
    limit = wave_limit(pgv)
    assert 100 * limit == pytest.approx(10)
    assert diverging(limit).ticks(5)[-1] == (pytest.approx(0.1), "10")


def test_pgv_is_logarithmic_over_at_most_two_decades() -> None:
    pgv = 10 ** RANDOM.uniform(-7, -1, 10_000)
    scale = pgv_scale(pgv)
    assert scale.high / scale.low == pytest.approx(100)
    assert scale.fraction(np.sqrt(scale.low * scale.high)) == pytest.approx(0.5, abs=1e-5)
    assert scale.rgba(np.array([0.0])).tolist() == [scale.colours()[0].tolist()]
    assert [text for _, text in scale.ticks(3)] == ["0.1", "1", "10"]
    assert scale.text(0.1234) == "12.3 cm/s"


def test_even_values_still_make_a_scale() -> None:
    for scale in (
        pgv_scale(np.full(9, 0.02)),
        pgv_scale(np.zeros(9)),
        time_scale(np.zeros(9)),
        property_scale("Vs", np.full(9, 2500.0), "km/s", 1e-3),
        property_scale("Vs", np.full(9, np.nan), "km/s", 1e-3),
        diverging(wave_limit(np.zeros(9))),
    ):
        assert scale.low < scale.high
        assert scale.ticks(4)
        assert scale.rgba(np.array([scale.low])).shape == (1, 4)


def test_times_never_arrived_are_left_out() -> None:
    scale: Scale = time_scale(np.array([3.0, np.nan, 47.0]))
    assert (scale.low, scale.high) == (0, 50)
    assert scale.text(np.nan) == "no data"
