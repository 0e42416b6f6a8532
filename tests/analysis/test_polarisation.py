"""Particle motion: directions that are known come back, and what has none says so."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from quakeview.analysis.cuts import Cut
from quakeview.analysis.polarisation import particle_motion, polarisation
from quakeview.errors import QuakeViewError

RATE, START = 100.0, 1_577_836_800.0
NAMES = ("XX.AAA..HHZ", "XX.AAA..HHN", "XX.AAA..HHE")
UP, NORTH, EAST = (0.0, 0.0, 1.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)


def wavelet(n: int = 100) -> np.ndarray:
    time = np.arange(n) / RATE
    return np.sin(2 * np.pi * 4 * time) * np.exp(-4 * time)


def p_wave(back_azimuth: float, incidence: float, sign: float = 1.0, noise: float = 0.0) -> list[np.ndarray]:
    """Vertical, north and east of a P wave; ``sign`` of the first motion."""
    pulse, away = sign * wavelet(), np.radians(back_azimuth + 180)
    level = np.sin(np.radians(incidence))
    components = [np.cos(np.radians(incidence)) * pulse, level * np.cos(away) * pulse, level * np.sin(away) * pulse]
    random = np.random.default_rng(3)
    return [each + noise * random.standard_normal(len(each)) for each in components]


def cuts(components: list[np.ndarray], **changes) -> list[Cut]:
    return [Cut(name, START, RATE, data) for name, data in zip(NAMES, components, strict=True)]


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("back_azimuth", [20.0, 135.0, 260.0, 330.0])
def test_p_tells_where_it_came_from_whether_its_first_motion_is_up_or_down(back_azimuth: float, sign: float) -> None:
    found = polarisation(particle_motion(cuts(p_wave(back_azimuth, 40.0, sign, 0.01)), [UP, NORTH, EAST]))
    assert found.back_azimuth == pytest.approx(back_azimuth, abs=2.0)
    assert found.incidence == pytest.approx(40.0, abs=2.0)
    assert found.rectilinearity > 0.99
    assert found.doubt == ""


def test_the_measures_are_those_of_jurkevics_for_known_eigenvalues() -> None:
    rng = np.random.default_rng(5)
    white = rng.standard_normal((3, 200_000))
    z, n, e = np.sqrt([9.0, 4.0, 1.0])[:, None] * white
    found = polarisation(particle_motion(cuts([z, n, e]), [UP, NORTH, EAST]))
    assert found.rectilinearity == pytest.approx(1 - (4 + 1) / (2 * 9), abs=0.01)
    assert found.planarity == pytest.approx(1 - 2 * 1 / (9 + 4), abs=0.01)


def test_any_three_directions_give_the_same_motion() -> None:
    """A Galperin sensor, a vertical that is positive downwards, and horizontals 30 degrees off."""
    z, n, e = p_wave(70.0, 35.0)
    motion = np.array([n, e, z])
    sine, cosine = np.sqrt(2 / 3), np.sqrt(1 / 3)
    galperin = [(sine * np.cos(a), sine * np.sin(a), cosine) for a in np.radians([90, 210, 330])]
    turned = [(0.0, 0.0, -1.0), (np.cos(0.5), np.sin(0.5), 0.0), (-np.sin(0.5), np.cos(0.5), 0.0)]
    for axes in (galperin, turned):
        found = particle_motion(cuts(list(np.array(axes) @ motion)), axes)
        assert_allclose([found.north, found.east, found.up], motion, atol=1e-5)
        assert polarisation(found).back_azimuth == pytest.approx(70.0)
        assert_allclose(found.along(250.0), np.hypot(n, e) * np.sign(z), atol=1e-5)


def test_components_that_were_sampled_between_each_other_are_brought_together() -> None:
    z, n, e = p_wave(70.0, 35.0)
    time = np.arange(100) / RATE + 0.004
    later = Cut(NAMES[1], START + 0.004, RATE, np.interp(time, np.arange(100) / RATE, n))
    motion = particle_motion([Cut(NAMES[0], START, RATE, z), later, Cut(NAMES[2], START, RATE, e)], [UP, NORTH, EAST])
    assert motion.start == pytest.approx(START + 0.01)
    assert_allclose(motion.north, n[1:], atol=0.02)
    assert len(motion.up) == len(motion.times) == 99


def test_within_takes_the_samples_from_a_time_on() -> None:
    motion = particle_motion(cuts(p_wave(70.0, 35.0)), [UP, NORTH, EAST])
    part = motion.within(START + 0.5, START + 0.8)
    assert part.start == pytest.approx(START + 0.5)
    assert_allclose(part.up, motion.up[50:81])
    assert not len(motion.within(START + 20, START + 30).up)


@pytest.mark.parametrize(
    ("back_azimuth", "incidence", "noise", "words"),
    [(70, 1, 0.0, "vertical"), (70, 89, 0.0, "opposite"), (70, 40, 3.0, "along a line")],
)
def test_a_direction_that_would_be_a_guess_is_not_given(back_azimuth, incidence, noise, words) -> None:
    found = polarisation(particle_motion(cuts(p_wave(back_azimuth, incidence, noise=noise)), [UP, NORTH, EAST]))
    assert found.back_azimuth is None
    assert words in found.doubt


def test_what_cannot_be_analysed_is_a_sentence_that_names_the_channel() -> None:
    z, n, e = p_wave(70.0, 35.0)
    gap = n.copy()
    gap[40] = np.nan
    with pytest.raises(QuakeViewError, match="HHN has a gap"):
        particle_motion(cuts([z, gap, e]), [UP, NORTH, EAST])
    with pytest.raises(QuakeViewError, match="HHE is constant"):
        particle_motion(cuts([z, n, np.full(100, 7.0)]), [UP, NORTH, EAST])
    with pytest.raises(QuakeViewError, match="one plane"):
        particle_motion(cuts([z, n, e]), [UP, NORTH, NORTH])
    with pytest.raises(QuakeViewError, match="fewer than 8"):
        particle_motion(cuts([z[:5], n[:5], e[:5]]), [UP, NORTH, EAST])
    with pytest.raises(QuakeViewError, match="different sampling rates"):
        particle_motion([*cuts([z, n, e])[:2], Cut(NAMES[2], START, 50.0, e)], [UP, NORTH, EAST])
    with pytest.raises(QuakeViewError, match="HHZ is in counts"):
        particle_motion([*cuts([z, n, e])[:2], Cut(NAMES[2], START, RATE, e, "m/s")], [UP, NORTH, EAST])
