"""The catalogue that QuakeView comes with."""

import numpy as np

from quakeview.seismicity.catalogue import DAY
from quakeview.seismicity.reading import read_catalogue
from quakeview.seismicity.sample import FIRST, LAST, LEAST, sample_catalogue, sample_model, simulated_earthquakes


def test_the_sample_is_what_its_model_draws_and_says_that_it_is_simulated() -> None:
    head = sample_catalogue().read_text("utf-8").splitlines()[0]
    assert "SIMULATED" in head
    assert "none of them real" in head
    read = read_catalogue([sample_catalogue()]).catalogue
    drawn = simulated_earthquakes()
    assert len(read) == len(drawn) > 2000
    assert np.abs(read.time - drawn.time).max() < 1e-3
    assert np.abs(read.latitude - drawn.latitude).max() < 1e-4
    assert np.abs(read.longitude - drawn.longitude).max() < 1e-4
    assert np.allclose(read.magnitude, drawn.magnitude)


def test_the_sample_is_complete_and_inside_its_box() -> None:
    drawn, grid = simulated_earthquakes(), sample_model().grid
    assert drawn.magnitude.min() >= LEAST - 1e-9
    assert (grid.cells(drawn) >= 0).all()
    assert drawn.time[0] >= FIRST * DAY
    assert drawn.time[-1] < LAST * DAY
