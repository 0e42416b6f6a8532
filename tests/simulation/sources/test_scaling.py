import pytest

from quakeview.errors import QuakeViewError
from quakeview.simulation.sources.scaling import fault_dimensions, leonard_area, leonard_magnitude

TABLE_2 = [(1.8, 1.8, 4.50), (3.4, 3, 5.00), (8, 4, 5.50), (12.5, 8, 5.99), (26, 12, 6.48), (66, 15, 6.99)]


@pytest.mark.parametrize(("length", "width", "magnitude"), TABLE_2)
def test_sizes_of_the_papers_ruptures(length, width, magnitude):
    assert leonard_magnitude(length * width * 1e6) == pytest.approx(magnitude, abs=0.006)
    made = fault_dimensions(magnitude)
    assert made[0] == pytest.approx(length * 1e3, rel=0.025)
    assert made[1] == pytest.approx(width * 1e3, rel=0.005)


@pytest.mark.parametrize("magnitude", [4.0, 4.7, 5.3, 6.0, 6.7, 7.2, 7.5])
def test_area_is_leonards_and_no_rupture_is_higher_than_long(magnitude):
    length, width = fault_dimensions(magnitude)
    assert length * width == pytest.approx(leonard_area(magnitude))
    assert length >= width * (1 - 1e-9)


@pytest.mark.parametrize("magnitude", [2.0, 9.0, float("nan")])
def test_refuses_magnitudes_outside_the_relation(magnitude):
    with pytest.raises(QuakeViewError, match="choose one within"):
        fault_dimensions(magnitude)
