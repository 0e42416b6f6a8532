"""Weight classes as in HYPO71."""

import pytest
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.monitoring.pick_weights import parse_uncertainties, weight_class
from quakeview.monitoring.picks import Pick
from quakeview.waveforms.channels import ChannelId

PICK = Pick(ChannelId("XX", "A", "", "HHZ"), "P", UTCDateTime(0))


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [(0.02, 0.02, 0), (0.01, 0.03, 0), (0.021, 0.021, 1), (0.1, 0.1, 2), (None, 0.15, 3), (9.0, 9.0, 3)],
)
def test_the_class_is_the_first_that_is_not_better_than_the_pick(
    lower: float | None, upper: float, expected: int
) -> None:
    assert weight_class(PICK.with_(lower_uncertainty=lower, upper_uncertainty=upper)) == expected


def test_a_pick_left_out_is_of_class_4_and_one_without_uncertainty_of_none() -> None:
    assert weight_class(PICK.with_(used=False, lower_uncertainty=0.02)) == 4
    assert weight_class(PICK) is None
    assert weight_class(PICK.with_(upper_uncertainty=0.3), (0.1, 0.3, 0.5, 1.0)) == 1


@pytest.mark.parametrize("text", ["", "0.1", "0.1 0.2 0.3 x", "0.2 0.1 0.3 0.4", "0 0.1 0.2 0.3", "0.1 0.2 0.3 nan"])
def test_what_is_not_four_uncertainties_is_a_sentence(text: str) -> None:
    with pytest.raises(QuakeViewError, match="four uncertainties"):
        parse_uncertainties(text)


def test_four_uncertainties_are_read() -> None:
    assert parse_uncertainties(" 0.05 0.1  0.3 1") == (0.05, 0.1, 0.3, 1.0)
