"""Rupture fronts lie where the onset is."""

import numpy as np

from quakeview.simulation.sources.fronts import rupture_fronts
from quakeview.simulation.sources.rupture import make_rupture


def test_the_front_lies_where_the_onset_is() -> None:
    rupture = make_rupture(6.0, seed=2)
    n_dip, n_strike = rupture.onset.shape
    lines = rupture_fronts(rupture, [1.5])
    assert lines
    for line in lines:
        column = np.clip(line[:, 0] / rupture.plane.length * n_strike, 0, n_strike - 1).astype(int)
        row = np.clip(line[:, 1] / rupture.plane.width * n_dip, 0, n_dip - 1).astype(int)
        assert np.abs(rupture.onset[row, column] - 1.5).max() < 0.6


def test_later_fronts_are_farther_from_the_hypocentre() -> None:
    rupture = make_rupture(6.0, seed=2)
    start = rupture.plane.project(rupture.hypocentre)
    reach = []
    for time in (0.5, 1.0, 1.5):
        points = np.concatenate(rupture_fronts(rupture, [time])) - start
        reach.append(np.median(np.hypot(*points.T)))
    assert reach == sorted(reach)
