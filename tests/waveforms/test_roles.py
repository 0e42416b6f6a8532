"""Which channel plays which role, sample by sample."""

import numpy as np
import pytest
from numpy.typing import NDArray

from quakeview.waveforms.channels import ChannelId, component_of, measures_pressure
from quakeview.waveforms.roles import Roles


def roles_of(*codes: str) -> Roles:
    return Roles.of({component_of(code): ChannelId("XX", "STA", "", code) for code in codes})


def played(roles: Roles, alive: dict[str, list[int]], sensor: int = 0, bridged: int = 1) -> list[list[str]]:
    """The codes of the three rows, sample by sample; ``alive`` of the channels that are not always there."""
    n = max(len(row) for row in alive.values())
    here = np.array([alive.get(channel.channel, [1] * n) for channel in roles.channels], bool)
    sources: NDArray[np.int8] = roles.sources(here, bridged, sensor)
    return [[roles.channels[k].channel if k >= 0 else "-" for k in row] for row in sources]


def test_horizontals_that_are_renamed_follow_each_other() -> None:
    roles = roles_of("HHZ", "HHN", "HHE", "HH1", "HH2")
    alive = {"HHN": [1, 1, 0, 0], "HHE": [1, 1, 0, 0], "HH1": [0, 0, 1, 1], "HH2": [0, 0, 1, 1]}
    assert played(roles, alive) == [["HHZ"] * 4, ["HHN", "HHN", "HH1", "HH1"], ["HHE", "HHE", "HH2", "HH2"]]
    assert played(roles, alive, sensor=1) == [["-"] * 4] * 3


def test_a_short_gap_does_not_end_a_turn() -> None:
    roles = roles_of("HHZ", "HHN", "HHE", "HH1", "HH2")
    gap = {"HHN": [1, 0, 1, 0, 0, 0], "HHE": [1, 0, 1, 0, 0, 0]}
    assert played(roles, gap)[1] == ["HHN", "-", "HHN", "HH1", "HH1", "HH1"]


def test_a_second_sensor_is_what_records_beside_the_first() -> None:
    roles = roles_of("HHZ", "HHN", "HHE", "HH3", "HH1", "HH2")
    assert played(roles, {"HHZ": [1, 1]}) == [["HHZ"] * 2, ["HHN"] * 2, ["HHE"] * 2]
    assert played(roles, {"HHZ": [1, 1]}, sensor=1) == [["HH3"] * 2, ["HH1"] * 2, ["HH2"] * 2]


def test_a_second_pair_shares_the_only_vertical() -> None:
    roles = roles_of("HHZ", "HHN", "HHE", "HH1", "HH2")
    assert played(roles, {"HHZ": [1, 1]}, sensor=1) == [["HHZ"] * 2, ["HH1"] * 2, ["HH2"] * 2]


def test_rotated_components_stand_in_and_are_no_sensor_of_their_own() -> None:
    roles = roles_of("HHZ", "HHN", "HHE", "HHR", "HHT")
    alive = {"HHN": [1, 1, 0, 0], "HHE": [1, 1, 0, 0]}
    assert played(roles, alive)[1:] == [["HHN", "HHN", "HHR", "HHR"], ["HHE", "HHE", "HHT", "HHT"]]
    assert played(roles, alive, sensor=1) == [["-"] * 4] * 3


def test_pressure_takes_no_part_beside_ground_motion_and_has_no_horizontals() -> None:
    assert roles_of("BHZ", "BHH").channels == (ChannelId("XX", "STA", "", "BHZ"),)
    pressure = roles_of("BDH", "BDO")
    assert (len(pressure.verticals), pressure.pairs, pressure.rotated) == (2, (), None)


@pytest.mark.parametrize("code", ["BDH", "HDF", "BDO", "EDH", "LDI", "HYD", "BHH"])
def test_pressure_codes(code: str) -> None:
    assert measures_pressure(code)


@pytest.mark.parametrize("code", ["HHZ", "UD1", "UD", "HH1", "Z", "", "EHE", "BHN"])
def test_codes_of_ground_motion(code: str) -> None:
    assert not measures_pressure(code)
