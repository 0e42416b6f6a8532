"""Picks and the channels they belong to."""

import pytest
from obspy import UTCDateTime

from quakeview.monitoring.picks import UNKNOWN, Pick, PickStatus, resolve_channel, unjudged
from quakeview.waveforms.channels import ChannelId

TIME = UTCDateTime(2024, 1, 1)
HHZ = ChannelId("CH", "DAVOX", "", "HHZ")
TWINS = [
    HHZ,
    HHZ._replace(network="XX"),
    HHZ._replace(location="00"),
    HHZ._replace(channel="HNZ"),
]


def test_every_pick_has_an_identity_of_its_own() -> None:
    first, second = Pick(HHZ, "P", TIME), Pick(HHZ, "P", TIME)
    assert first.resource_id != second.resource_id
    assert first.with_(phase="Pn").resource_id == first.resource_id


@pytest.mark.parametrize("status", [PickStatus.AUTOMATIC, PickStatus.CONFIRMED, PickStatus.REJECTED])
def test_a_moved_pick_is_a_persons_and_leaves_behind_what_the_model_said(status: PickStatus) -> None:
    pick = Pick(HHZ, "P", TIME, status, 0.9, lower_uncertainty=0.06, upper_uncertainty=0.06, model="picker")
    moved = pick.moved(TIME + 0.2)
    assert moved == Pick(HHZ, "P", TIME + 0.2, PickStatus.MANUAL, resource_id=pick.resource_id)


def test_a_moved_manual_pick_keeps_the_uncertainty_that_its_reader_gave() -> None:
    pick = Pick(HHZ, "P", TIME, lower_uncertainty=0.1, upper_uncertainty=0.2, model="Erika Mustermann")
    assert pick.moved(TIME + 0.2) == pick.with_(time=TIME + 0.2)


def test_confirming_what_a_person_made_leaves_it_manual() -> None:
    automatic = Pick(HHZ, "P", TIME, PickStatus.AUTOMATIC, 0.9)
    manual = Pick(HHZ, "P", TIME)
    assert automatic.confirmed().status is PickStatus.CONFIRMED
    assert automatic.rejected().confirmed().status is PickStatus.CONFIRMED
    assert manual.rejected().confirmed().status is PickStatus.MANUAL


@pytest.mark.parametrize("channel_id", TWINS)
def test_a_complete_channel_resolves_to_itself_alone(channel_id: ChannelId) -> None:
    assert resolve_channel(channel_id, TWINS) == channel_id
    assert resolve_channel(channel_id, [twin for twin in TWINS if twin != channel_id]) is None


def test_an_incomplete_channel_resolves_only_if_one_channel_agrees() -> None:
    without_location = HHZ._replace(location=UNKNOWN)
    assert resolve_channel(without_location, [HHZ, HHZ._replace(network="XX")]) == HHZ
    assert resolve_channel(without_location, TWINS) is None
    assert resolve_channel(without_location, []) is None


def test_a_new_pick_beside_one_that_was_judged_is_not_new() -> None:
    known = Pick(ChannelId("XX", "A", "", "HHZ"), "P", UTCDateTime(100)).rejected()
    same = Pick(ChannelId("XX", "A", "", "HHN"), "P", UTCDateTime(100.9))
    others = [
        Pick(ChannelId("XX", "A", "", "HHZ"), "S", UTCDateTime(100)),
        Pick(ChannelId("XX", "A", "", "HHZ"), "P", UTCDateTime(101.1)),
        Pick(ChannelId("XX", "B", "", "HHZ"), "P", UTCDateTime(100)),
    ]
    assert unjudged([same, *others], [known]) == others


def test_a_model_does_not_bring_back_as_p_what_a_person_called_pg() -> None:
    named = Pick(ChannelId("XX", "A", "", "HHZ"), "Pg", UTCDateTime(0))
    model = Pick(ChannelId("XX", "A", "", "HHZ"), "P", UTCDateTime(0.3), PickStatus.AUTOMATIC)
    assert unjudged([model], [named]) == []
    assert unjudged([model], [named.with_(phase="PmP")]) == [model]
