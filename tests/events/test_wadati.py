"""The Wadati line: Vp/Vs and origin time, what errors mean, and that wrong picks have no pull."""

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.events.wadati import wadati_line


def arrivals(
    random: np.random.Generator, stations: int, ratio: float = 1.73, origin: float = 12.0, noise: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """P and S of an earthquake 5 to 25 s of P away."""
    travel = random.uniform(5.0, 25.0, stations)
    p, s = origin + travel, origin + ratio * travel
    return p + 0.3 * noise * random.standard_normal(stations), s + noise * random.standard_normal(stations)


def test_perfect_picks() -> None:
    p, s = arrivals(np.random.default_rng(1), 8)
    line = wadati_line(p, s)
    assert line.ratio == pytest.approx(1.73)
    assert line.origin == pytest.approx(12.0)
    assert line.used.all()
    np.testing.assert_allclose(line.difference(p), s - p)


def test_errors_hold_the_truth_as_often_as_they_say() -> None:
    random = np.random.default_rng(2)
    ratio, origin = [], []
    for _ in range(400):
        line = wadati_line(*arrivals(random, 15, noise=0.25))
        ratio.append((line.ratio - 1.73) / line.ratio_error)
        origin.append((line.origin - 12.0) / line.origin_error)
    for scaled in (ratio, origin):
        assert np.mean(np.abs(scaled) < 1.0) == pytest.approx(0.66, abs=0.1)
        assert np.mean(np.abs(scaled) < 2.0) > 0.88


@pytest.mark.parametrize("share", [0.2, 0.3])
def test_wrong_picks_have_no_pull_and_are_named(share: float) -> None:
    random = np.random.default_rng(3)
    for _ in range(30):
        p, s = arrivals(random, 20, noise=0.1)
        wrong = random.choice(20, round(share * 20), replace=False)
        s[wrong] += random.choice([-1, 1], len(wrong)) * random.uniform(1.5, 6.0, len(wrong))
        line = wadati_line(p, s)
        assert line.ratio == pytest.approx(1.73, abs=0.04)
        assert not line.used[wrong].any()
        assert line.used.sum() >= 20 - len(wrong) - 3


@pytest.mark.parametrize(
    ("p", "s", "words"),
    [
        ([1.0, 2.0], [2.0, 4.0], "3 stations or more, and there are 2"),
        ([5.0, 5.0, 5.0], [8.0, 8.1, 7.9], "farther stations"),
        ([5.0, 9.0, 14.0, 20.0], [9.0, 11.0, 15.0, 20.5], "no later at farther"),
    ],
)
def test_what_determines_no_line_is_said(p: list[float], s: list[float], words: str) -> None:
    with pytest.raises(QuakeViewError, match=words):
        wadati_line(p, s)
