import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.simulation.earth.layered import gil7
from quakeview.simulation.region import HAYWARD
from quakeview.simulation.sources.moment_tensor import double_couple
from quakeview.simulation.sources.rupture import make_rupture
from quakeview.simulation.sources.scaling import seismic_moment
from quakeview.simulation.sources.srf import read_srf, write_srf
from tests.simulation.sources.crust import Crust

TWO_PLANES = """2.0
# two planes, each of two points along the strike
PLANE 2
-122.2 37.75 2 1 2.0 1.0
143.638 90 4 -0.5 0.5
-122.1 37.65 2 1 2.0 1.0
120 60 4 -999.9 -999.9
POINTS 2
-122.205 37.753 4.5 143.638 90 1e10 0.0 0.1 3e5 2.7
180 4.0 8 0.0 0 0.0 0
0 5 10 10
10 5
0 0
-122.195 37.747 4.5 143.638 90 1e10 0.4 0.1 3e5 2.7
180 4.0 3 3.0 3 0.0 0
0 40 0 0 30 0
POINTS 2
-122.105 37.653 4.4 120 60 1e10 0.8 0.05 3e5 2.7
90 0.0 0 0.0 0 0.0 0
-122.095 37.647 4.4 120 60 1e10 1.2 0.05 3e5 2.7
90 6.0 4 0.0 0 0.0 0
0 60 60 0
"""


@pytest.fixture
def read(tmp_path):
    def read(text, **options):
        path = tmp_path / "rupture.srf"
        path.write_text(text)
        return read_srf(path, **options)

    return read


@pytest.fixture(scope="module")
def rupture():
    return make_rupture(5.5, seed=2, model=Crust())


@pytest.fixture
def written(rupture, tmp_path):
    path = tmp_path / "m55.srf"
    write_srf(rupture, path)
    return path


def test_what_is_written_is_read(rupture, written):
    slip = read_srf(written)
    assert slip.moment == pytest.approx(rupture.moment, rel=1e-5)
    assert slip.magnitude == pytest.approx(5.5, abs=1e-5)
    np.testing.assert_allclose(slip.hypocentre, rupture.hypocentre, atol=0.1)
    np.testing.assert_allclose(slip.positions, rupture.positions, atol=0.1)
    (drawn,) = slip.ruptures
    slips = rupture.slip > 0
    for name, tolerance in (("slip", 1e-6), ("onset", 1e-5), ("rake", 1e-4), ("rise_time", 0.011)):
        np.testing.assert_allclose(getattr(drawn, name)[slips], getattr(rupture, name)[slips], atol=tolerance)
    np.testing.assert_allclose(drawn.rigidity, rupture.rigidity, rtol=1e-5)
    for name in ("x", "y", "strike", "dip", "top_depth", "length", "width"):
        assert getattr(drawn.plane, name) == pytest.approx(getattr(rupture.plane, name), abs=0.1)


def test_what_is_read_is_written_the_same(written, tmp_path):
    again = tmp_path / "again.srf"
    write_srf(read_srf(written), again)
    assert again.read_text() == written.read_text()


def test_radiates_like_the_rupture(rupture, written):
    direct, from_file = rupture.sources(), read_srf(written).sources()
    lead = round((direct.start - from_file.start) / direct.step)
    n = min(direct.rates.shape[1], from_file.rates.shape[1] - lead)
    expected = direct.moments.T @ direct.rates[:, :n]
    rate = from_file.moments.T @ from_file.rates[:, lead : lead + n]
    assert np.linalg.norm(rate - expected) < 0.01 * np.linalg.norm(expected)
    np.testing.assert_allclose(from_file.rates.sum(axis=1) * from_file.step, 1, atol=1e-9)


def test_several_planes_two_directions_of_slip_and_rates_over_lines(read):
    slip = read(TWO_PLANES)
    rigidity = 2700 * 3000**2
    assert slip.moment == pytest.approx(rigidity * 1e6 * (0.04 + 0.05 + 0.06))
    np.testing.assert_allclose(slip.positions[:, 2], [4500, 4500, 4400, 4400])
    np.testing.assert_allclose(
        slip.positions[:, :2],
        np.stack(HAYWARD.to_local([-122.205, -122.195, -122.105, -122.095], [37.753, 37.747, 37.653, 37.647])).T,
    )
    np.testing.assert_allclose(slip.rates[0][0], [0, 0.05, 0.1, 0.1, 0.1, 0.05, 0, 0])
    np.testing.assert_allclose(slip.rates[1][1], [0, 0.3, 0])
    first, second = slip.ruptures
    np.testing.assert_allclose(first.slip, [[0.04, 0.05]])
    assert first.rake[0, 1] == pytest.approx(180 + np.degrees(np.arctan2(3, 4)))
    assert second.plane.dip == 60
    np.testing.assert_allclose(second.onset, [[0.8, 1.2]])
    x, y = HAYWARD.to_local(-122.2, 37.75)
    np.testing.assert_allclose(slip.hypocentre, [x - 500, y, 4500], atol=0.1)

    sources = slip.sources(0.05)
    assert len(sources.positions) == 4  # the third point does not slip, the second slips in two directions
    np.testing.assert_allclose(sources.rates.sum(axis=1) * 0.05, 1)
    time = sources.start + 0.05 * np.arange(sources.rates.shape[1])
    np.testing.assert_allclose(sources.rates @ time * 0.05, [0.3, 0.5, 0.5, 1.275], atol=1e-6)
    angles = np.array([(143.638, 90, 180), (143.638, 90, 180), (143.638, 90, 270), (120, 60, 90)]).T
    expected = double_couple(*angles, rigidity * 1e6 * np.array([0.04, 0.04, 0.03, 0.06]))
    np.testing.assert_allclose(sources.moments, expected, atol=1e-6 * np.abs(expected).max())


def test_round_trip_of_several_planes(read, tmp_path):
    slip = read(TWO_PLANES)
    write_srf(slip, tmp_path / "again.srf")
    again = read_srf(tmp_path / "again.srf")
    assert [segment.shape for segment in again.segments] == [(1, 2), (1, 2)]
    np.testing.assert_allclose(again.slip, slip.slip)
    np.testing.assert_allclose(again.positions, slip.positions, atol=0.1)
    for point, expected in zip(again.rates, slip.rates, strict=True):
        np.testing.assert_allclose(point[0], expected[0])
        np.testing.assert_allclose(point[1], expected[1])


def test_version_1_and_unknown_material_take_it_from_the_model(read):
    version_1 = TWO_PLANES.replace("2.0\n", "1.0\n", 1).replace(" 3e5 2.7", "")
    unknown = TWO_PLANES.replace("3e5 2.7", "-1 -1")
    ground = gil7().at(0, 0, 4.5e3)
    for text in (version_1, unknown):
        slip = read(text)
        np.testing.assert_allclose(slip.rigidity[:2], float(ground.density) * float(ground.vs) ** 2)


def test_points_without_planes(read):
    head, *blocks = TWO_PLANES.split("POINTS 2\n")
    slip = read(head.split("#")[0] + "POINTS 4\n" + "".join(blocks))
    assert slip.segments == ()
    assert slip.ruptures == ()
    np.testing.assert_allclose(slip.hypocentre, slip.positions[0])


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("2.0\n", "3.1\n", "begins with '3.1'"),
        ("2.0\n#", "PLANES\n#", "begins with 'PLANES'"),
        ("0 60 60 0\n", "0 60\n", "cut short"),
        ("0 60 60 0\n", "", "cut short"),
        ("90 6.0 4 0.0 0 0.0 0\n0 60 60 0\n", "90 6.0\n", "cut short"),
        ("0 60 60 0\n", "0 60 60 0\n17 18\n", "goes on after its last point"),
        ("0 60 60 0\n", "0 60 60 0\n<html>\n", "text among its numbers"),
        ("0 60 60 0\n", "0 60 nan 0\n", "not finite"),
        ("180 4.0 8", "180 4.0 -8", "negative number of samples"),
        ("2 1 2.0 1.0\n143", "3 1 2.0 1.0\n143", "has 4 points but planes of 5"),
        ("PLANE 2", "PLANE 3", "it is damaged"),
        ("3e5 2.7", "3000 2.7", "must be in cm/s"),
        ("3e5 2.7", "3e5 2700", "must be in g/cm³"),
        ("1e10", "1e6", "must be in cm²"),
        ("1e10", "1", "must be in cm²"),
        ("37.753 4.5", "37.753 4500", "not in km"),
        ("-122.205 37.753", "560000 4180000", "must be in degrees"),
        ("-122.205 37.753", "-118.2 34.1", "outside San Francisco Bay"),
        ("37.753 4.5", "37.753 -0.5", "outside San Francisco Bay"),
        ("0 40 0 0 30 0", "0 4000 0 0 3000 0", "slip rates add up"),
        ("0.0 0\n0 60 60 0", "3.0 1\n0 60 60 0 30", "the fault opens"),
        ("0 60 60 0", "0 0 0 0", "has no slip rate"),
        ("1e10 0.0 0.1", "1e10 -1.0 0.1", "before time 0"),
        ("1e10 0.0 0.1", "1e10 0.0 0", "above zero"),
        ("1e10 0.4 0.1", "1e10 40000 0.1", "times must be in s"),
        ("1e10 0.4 0.1", "1e10 0.4 100000", "times must be in s"),
        ("120 60 1e10 0.8", "120 160 1e10 0.8", "dips must be within 0-90"),
        ("2 1 2.0 1.0\n143", "-2 -1 2.0 1.0\n143", "whole numbers of points"),
        ("2 1 2.0 1.0\n143", "2 1 0.0 1.0\n143", "length and a width"),
    ],
)
def test_refuses_with_a_sentence(read, old, new, sentence):
    assert old in TWO_PLANES
    with pytest.raises(QuakeViewError, match=sentence):
        read(TWO_PLANES.replace(old, new))


def test_refuses_slip_in_metres(rupture, written):
    text = written.read_text()
    head, *points = text.split("POINTS")
    values = points[0].split()
    count, at = int(values[0]), 1
    for _ in range(count):
        samples = int(values[at + 12])
        values[at + 11] = str(float(values[at + 11]) / 100)
        for i in range(at + 17, at + 17 + samples):
            values[i] = str(float(values[i]) / 100)
        at += 17 + samples
    written.write_text(f"{head}POINTS {' '.join(values)}\n")
    with pytest.raises(QuakeViewError, match="slip must be in cm"):
        read_srf(written)


@pytest.mark.parametrize("part", [0.0, 0.003, 0.2, 0.7, 0.999])
def test_refuses_a_file_cut_short_anywhere(written, part):
    data = written.read_bytes()
    written.write_bytes(data[: int(part * len(data))].rsplit(b" ", 1)[0])
    with pytest.raises(QuakeViewError, match=r"cut short|nothing|damaged"):
        read_srf(written)


def test_refuses_what_is_not_text(tmp_path):
    path = tmp_path / "picture.srf"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    with pytest.raises(QuakeViewError, match="not a text file"):
        read_srf(path)
    with pytest.raises(QuakeViewError, match="could not be read"):
        read_srf(tmp_path / "missing.srf")


def test_a_single_point_may_have_any_area(read):
    slip = read("2.0\nPOINTS 1\n-122.2 37.75 8 143.638 90 1e6 0 0.1 3e5 2.7\n180 1000 3 0 0 0 0\n0 10000 0\n")
    assert slip.moment == pytest.approx(2700 * 3000**2 * 100 * 10)
    assert slip.moment < seismic_moment(6.0)
