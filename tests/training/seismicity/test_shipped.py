"""The models for Japan that are shipped, on earthquakes that never happened."""

import numpy as np
import pytest

from quakeview.paths import shipped_models_dir
from quakeview.seismicity.catalogue import DAY, Catalogue, day_of
from quakeview.seismicity.learned.forecaster import LearnedForecast
from quakeview.seismicity.model_folder import load_forecaster

DAY_AFTER = day_of("2024-01-01")


@pytest.mark.parametrize(
    ("name", "window"), [("HierarchicalQuake-Japan", (1, 2)), ("HierarchicalQuake-Japan-10-20", (10, 20))]
)
def test_more_is_expected_after_a_large_earthquake_and_where_it_was(name: str, window: tuple[int, int]) -> None:
    model = load_forecaster(shipped_models_dir() / name)
    assert isinstance(model, LearnedForecast)
    assert (model.window.first, model.window.last, model.magnitude) == (*window, 4.5)
    large = Catalogue.of([(DAY_AFTER + 0.5) * DAY], [38.0], [142.5], [7.5])
    quiet, after = (next(iter(model.expected(each, [DAY_AFTER]))).copy() for each in (large.above(9.0), large))
    there = model.grid.cells(large)[0]
    assert np.isfinite(after).all()
    assert (after > 0).all()
    assert after[there] == after.max() > 20 * quiet[there]
    assert after.sum() > 1.5 * quiet.sum()
