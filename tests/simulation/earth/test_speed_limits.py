import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.simulation.earth.speed_limits import check_minimum_vs, limited_speeds


def limited(vp: float, vs: float, minimum: float) -> tuple[float, float]:
    new_vp, new_vs = limited_speeds(np.array([vp], np.float32), np.array([vs], np.float32), minimum)
    return round(float(new_vp[0]), 1), round(float(new_vs[0]), 1)


def test_what_is_within_the_limits_stays() -> None:
    assert limited(5000, 2800, 1000) == (5000, 2800)


def test_slow_s_waves_are_clamped_and_p_waves_follow() -> None:
    assert limited(1640, 400, 1000) == (1640, 1000)
    assert limited(1500, 80, 1200) == (1800, 1200)


def test_soft_ground_keeps_vp_over_vs_at_3() -> None:
    assert limited(1500, 80, 300) == (1500, 500)


def test_the_mantle_is_clipped_with_its_ratio() -> None:
    assert limited(7770, 4440, 1000) == (6800, round(4440 * 6800 / 7770, 1))


def test_an_impossible_minimum_is_refused() -> None:
    for minimum in (0, -5, 5000, np.nan):
        with pytest.raises(QuakeViewError, match="lowest S speed"):
            check_minimum_vs(minimum)
