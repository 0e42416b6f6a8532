"""Simulated PGV against distance, beside a relation."""

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.simulation.sources.rupture import make_rupture
from quakeview.wavefield.ground_motion.attenuation import attenuation, source_plane
from tests.app.fake_wavefield import expanding_wave


def test_distances_are_those_to_the_rupture() -> None:
    rupture = make_rupture(6.0, seed=1)
    wavefield = expanding_wave(rupture=rupture)
    assert source_plane(wavefield) == rupture.plane
    shown = attenuation(wavefield, "BSSA14")
    assert shown.distance.min() >= rupture.plane.top_depth
    assert shown.pgv.size == wavefield.pgv.size
    assert (np.diff(shown.median) < 0).all()
    assert 0.3 < shown.sigma.mean() < 1.0


def test_what_is_not_known_is_said() -> None:
    assert "does not say the magnitude" in attenuation(expanding_wave(magnitude=None), "BSSA14").problem
    with pytest.raises(QuakeViewError, match="where the source was"):
        attenuation(expanding_wave(hypocentre=None), "BSSA14")
