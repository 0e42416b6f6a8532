"""Targets and the places where the loss counts."""

from pathlib import Path

import numpy as np
import pytest

from quakeview.training.labels import loss_mask, phase_targets
from quakeview.training.records import Arrival

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "labels_official.npz")


@pytest.mark.parametrize("rate", [50, 100])
def test_official_labels_are_those_of_the_published_code(rate: int) -> None:
    targets = phase_targets([Arrival("P", 300), Arrival("S", 520)], 1000, rate, shape="official")
    np.testing.assert_allclose(targets[0], GOLDEN[f"ppk_{rate}"], atol=1e-6)
    np.testing.assert_allclose(targets[1], GOLDEN[f"spk_{rate}"], atol=1e-6)


def test_our_bell_is_centred_between_samples() -> None:
    p = phase_targets([Arrival("P", 100.5)], 300, 50.0, sigma=0.2)[0]
    assert p[100] == pytest.approx(p[101])
    assert p[110] == pytest.approx(np.exp(-0.5 * (9.5 / 10) ** 2))
    assert p[130] > 0
    assert phase_targets([Arrival("S", 298.0)], 300, 50.0)[1].argmax() == 298


def test_two_bells_overlap_without_exceeding_one() -> None:
    p = phase_targets([Arrival("P", 100), Arrival("P", 104)], 300, 50.0)[0]
    assert p.max() == 1
    assert p[102] < 1


def test_incomplete_records_count_near_their_picks_only() -> None:
    mask = loss_mask([Arrival("P", 200)], [], False, 500, 50.0, trust=2.0)
    assert np.flatnonzero(mask[0])[[0, -1]].tolist() == [100, 300]
    assert np.flatnonzero(mask[1])[[0, -1]].tolist() == [175, 225]


def test_doubtful_onsets_do_not_count() -> None:
    mask = loss_mask([], [Arrival("S", 10)], True, 500, 50.0)
    assert mask[0].all()
    assert not mask[1, :86].any()
    assert mask[1, 86:].all()
