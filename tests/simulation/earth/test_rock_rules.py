import numpy as np
import pytest

from quakeview.simulation.earth import rock_rules as rocks


def test_relations_between_properties() -> None:
    """By hand from the published polynomials."""
    assert rocks.vs_from_vp(5000) == pytest.approx(785.8 - 6172 + 19872.5 - 15475 + 4000)
    assert rocks.density_from_vp(5000) == pytest.approx(1740 * 5**0.25)
    assert rocks.qs_from_vs(1000) == pytest.approx(-16 + 104.13 - 25.225 + 8.2184)
    assert rocks.qs_from_vs(250) == 13
    assert rocks.qp_from_qs(71.0) == 142


@pytest.mark.parametrize(
    ("unit", "depth", "vp"),
    [
        (rocks.FRANCISCAN_BAY_BLOCK, [500, 2000, 8000], [3530, 4980, 5724]),
        (rocks.FRANCISCAN_BERKELEY, [500], [3470]),
        (rocks.SALINIAN_GRANITE, [0, 1000, 2000, 5000, 10_000], [1500, 4650, 5450, 5800, 6100]),
        (rocks.GREAT_VALLEY_SEQUENCE, [1000, 5000, 9000, 12_000], [3083.3, 4854.5, 5566, 5966.6]),
        (rocks.EAST_BAY_VALLEY_SEQUENCE, [1000, 5000, 8000], [3222.5, 4940, 5600]),
        (rocks.OLDER_CENOZOIC, [1000, 5000, 8000], [2840, 4940, 5600]),
        (rocks.SOUTH_BAY_TERTIARY, [500, 1750, 5000, 8000], [2400, 3297, 5057, 5951]),
        (rocks.WALNUT_CREEK_CENOZOIC, [500, 1750, 5000, 8000], [2400, 3297, 4940, 5600]),
        (rocks.LA_HONDA_TERTIARY, [1000, 4000], [2240 + 2620 - 744.32 + 70.7, 5347]),
        (rocks.LIVERMORE_QUATERNARY, [1000, 7000], [2240, 5540]),
        (rocks.MAFIC_CRUST, [5000, 15_000], [5900, 6180]),
        (rocks.MANTLE, [15_000, 30_000], [7770, 7780]),
    ],
)
def test_depth_laws(unit: rocks.RockUnit, depth: list[float], vp: list[float]) -> None:
    found_vp, found_vs = unit.speeds(depth)
    np.testing.assert_allclose(found_vp, vp, atol=0.5)
    if not unit.vs:
        np.testing.assert_allclose(found_vs, rocks.vs_from_vp(vp), atol=0.5)


def test_great_valley_sequence_has_its_own_s_speed_in_the_upper_5_km() -> None:
    _, vs = rocks.GREAT_VALLEY_SEQUENCE.speeds([500, 3000, 6000])
    np.testing.assert_allclose(vs, [1191.5, 2350.8, float(rocks.vs_from_vp(4600 + 0.18182 * 2400))])


def test_speeds_of_every_unit_have_no_gap_wider_than_the_survey_s_own() -> None:
    depth = np.arange(0, 30_000, 10.0)
    for name, unit in vars(rocks).items():
        if isinstance(unit, rocks.RockUnit):
            assert np.abs(np.diff(unit.speeds(depth)[0])).max() < 60, name
