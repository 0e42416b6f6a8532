import numpy as np

from quakeview.monitoring.onset_peaks import find_onsets


def bump(centre, height=0.9, n=1000, width=5.0):
    return height * np.exp(-0.5 * ((np.arange(n) - centre) / width) ** 2)


def test_position_is_found_between_samples():
    (onset,) = find_onsets(bump(400.3), 0.3, 50.0)
    assert abs(onset.sample - 400.3) < 0.02
    assert abs(onset.probability - 0.9) < 0.01


def test_threshold_and_separation():
    curve = bump(100, 0.8) + bump(130, 0.5) + bump(400, 0.29) + bump(700, 0.6)
    assert [round(onset.sample) for onset in find_onsets(curve, 0.3, 50.0)] == [100, 700]
    assert [round(onset.sample) for onset in find_onsets(curve, 0.2, 10.0)] == [100, 130, 400, 700]


def test_an_onset_at_the_very_edge_counts():
    assert [round(onset.sample) for onset in find_onsets(bump(0), 0.3, 50.0)] == [0]


def test_nothing_in_a_flat_or_short_curve():
    assert find_onsets(np.zeros(500), 0.3, 50.0) == []
    assert find_onsets(np.zeros(1), 0.3, 50.0) == []
