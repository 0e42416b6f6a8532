import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.simulation.region import HAYWARD
from quakeview.simulation.sources.moment_sources import check_inside
from quakeview.simulation.sources.rupture import make_rupture
from quakeview.simulation.sources.scaling import seismic_moment
from tests.simulation.sources.crust import Crust


def rupture(magnitude=6.0, **options):
    return make_rupture(magnitude, model=Crust(), **options)


@pytest.mark.parametrize("magnitude", [4.5, 5.0, 6.0, 7.0])
def test_moment_is_that_of_the_magnitude_and_is_all_released(magnitude):
    made = rupture(magnitude)
    moment = seismic_moment(magnitude)
    assert made.moment == pytest.approx(moment)
    sources = made.sources()
    np.testing.assert_allclose(sources.rates.sum(axis=1) * sources.step, 1, atol=1e-9)
    assert np.linalg.eigvalsh(_matrices(sources.moments))[:, 2].sum() == pytest.approx(moment)
    # The rake varies around right-lateral slip, so nearly all of the moment is Mxy.
    assert 0.9 * moment < sources.moments[:, 3].sum() <= moment


@pytest.mark.parametrize("magnitude", [4.5, 5.5, 6.5, 7.0])
@pytest.mark.parametrize("seed", range(5))
def test_lies_on_the_hayward_fault_within_the_region(magnitude, seed):
    made = rupture(magnitude, seed=seed)
    x, y, depth = made.positions.T
    assert x.min() >= 17e3
    assert x.max() <= 83e3
    np.testing.assert_allclose(y, 38e3)
    assert depth.min() >= (0 if magnitude > 6.6 else 2e3)
    assert depth.max() <= 15.6e3
    check_inside(made, HAYWARD)
    along, down = made.plane.project(made.hypocentre)
    assert 0.1 <= along / made.plane.length <= 0.9
    assert 0.33 <= down / made.plane.width <= 0.9


def test_same_seed_same_rupture_and_another_seed_another():
    first, same, other = rupture(seed=4), rupture(seed=4), rupture(seed=5)
    for name in ("slip", "rise_time", "onset", "rake", "rigidity", "hypocentre"):
        np.testing.assert_array_equal(getattr(first, name), getattr(same, name))
    assert np.abs(first.slip - other.slip).max() > 0.1


@pytest.mark.parametrize("hypocentre", [(40e3, 38e3, 8e3), (18e3, 38.5e3, 2.1e3), (82.9e3, 38e3, 14.9e3)])
def test_starts_at_the_hypocentre_chosen(hypocentre):
    made = rupture(hypocentre=hypocentre)
    np.testing.assert_allclose(made.hypocentre, (hypocentre[0], 38e3, hypocentre[2]))
    distance = np.linalg.norm(made.positions - made.hypocentre, axis=1)
    assert made.onset.min() == 0
    assert made.onset.ravel()[distance.argmin()] < 0.3
    assert distance[made.onset.argmin()] < 1.5e3


def test_front_is_slower_than_shear_waves_and_reaches_everything():
    made = rupture(7.0, hypocentre=(20e3, 38e3, 10e3))
    distance = np.linalg.norm(made.positions - made.hypocentre, axis=1).reshape(made.slip.shape)
    far = distance > 20e3
    assert (made.onset >= 0).all()
    speed = distance[far] / made.onset[far]
    assert speed.min() > 1500
    assert speed.max() < 1.02 * 3500


def test_slip_is_patchy_and_fades_at_the_ends():
    made = rupture(6.5)
    assert (made.slip >= 0).all()
    assert 0.5 < made.slip.std() / made.slip.mean() < 1.3
    edge = np.concatenate((made.slip[:, 0], made.slip[:, -1], made.slip[-1], made.slip[0]))
    assert edge.mean() < 0.1 * made.slip.mean()


def test_cells_that_slip_much_slip_long_and_early():
    rise, early = [], []
    for seed in range(8):
        made = rupture(6.5, hypocentre=(50e3, 38e3, 9e3), seed=seed)
        depth = made.positions[:, 2].reshape(made.slip.shape)
        middle = (depth > 8e3) & (depth < 13e3)
        rise.append(np.corrcoef(made.slip[middle], made.rise_time[middle])[0, 1])
        uniform = np.linalg.norm(made.positions - made.hypocentre, axis=1).reshape(made.slip.shape)[middle]
        late = made.onset[middle] - np.polyval(np.polyfit(uniform, made.onset[middle], 2), uniform)
        early.append(np.corrcoef(made.slip[middle], late)[0, 1])
    assert np.mean(rise) > 0.4
    assert np.mean(early) < -0.2


def test_rise_times_lengthen_near_the_surface():
    made = rupture(7.0)
    depth = made.positions[:, 2].reshape(made.slip.shape)
    assert made.rise_time.mean() == pytest.approx(1.6e-9 * (seismic_moment(7.0) * 1e7) ** (1 / 3))
    assert made.rise_time[depth < 5e3].mean() > 1.5 * made.rise_time[(depth > 8e3) & (depth < 15e3)].mean()


def test_cells_without_slip_are_no_sources():
    made = rupture(6.0)
    assert (made.slip == 0).any()
    assert len(made.sources().positions) == (made.slip > 0).sum()
    assert made.sources().end >= made.duration


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"hypocentre": (10e3, 38e3, 8e3)}, "not on the Hayward fault"),
        ({"hypocentre": (40e3, 50e3, 8e3)}, "not on the Hayward fault"),
        ({"hypocentre": (40e3, 38e3, 1e3)}, "choose a depth within 2.0-15.0 km"),
        ({"hypocentre": (40e3, 38e3, float("nan"))}, "choose a point of it"),
        ({"magnitude": 7.4}, "choose a magnitude up to 7.0"),
        ({"subfault": 5e3}, "choose less than"),
        ({"seed": -1}, "choose 0 or more"),
    ],
)
def test_refuses_what_cannot_be(options, sentence):
    with pytest.raises(QuakeViewError, match=sentence):
        rupture(**options)


def _matrices(moments):
    return moments[:, [0, 3, 4, 3, 1, 5, 4, 5, 2]].reshape(-1, 3, 3)
